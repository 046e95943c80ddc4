package harness

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/statesync/state-sync/bindings/go/statesync"
)

const casesFolder = "../../../../conformance/cases/core"

type caseFile struct {
	Cases []struct {
		ID     string `json:"id"`
		Op     string `json:"op"`
		Input  map[string]json.RawMessage
		Expect struct {
			OK    json.RawMessage `json:"ok"`
			Same  bool            `json:"same"`
			Error *struct {
				Code    string `json:"code"`
				Pointer string `json:"pointer"`
			} `json:"error"`
		} `json:"expect"`
	} `json:"cases"`
}

// TestCases runs the golden cases of the conformance suite in process.
func TestCases(t *testing.T) {
	if _, err := os.Stat(casesFolder); err != nil {
		t.Skipf("there are no cases: %v", err)
	}
	err := filepath.WalkDir(casesFolder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".json") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var file caseFile
		if err := json.Unmarshal(text, &file); err != nil {
			return err
		}
		for _, each := range file.Cases {
			t.Run(each.ID, func(t *testing.T) {
				checkCase(t, each.Op, each.Input, each.Expect.OK, each.Expect.Error != nil, func() (string, string) {
					return each.Expect.Error.Code, each.Expect.Error.Pointer
				})
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkCase(t *testing.T, op string, input map[string]json.RawMessage, ok json.RawMessage, refused bool, fault func() (string, string)) {
	same := input["value"]
	if text, given := input["text"]; given {
		var inner string
		unmarshal(t, text, &inner)
		same = json.RawMessage(inner)
	} else if op == "message.decode" {
		text, _ := json.Marshal(string(same))
		input["text"] = text
		delete(input, "value")
	}
	var request Request
	request.ID, request.Op = json.RawMessage("1"), op
	whole, _ := json.Marshal(input)
	unmarshal(t, whole, &request.Input)

	answer := Respond(request)
	if refused {
		code, pointer := fault()
		if answer.Result != "error" || string(answer.Refusal.Code) != code || answer.Refusal.Pointer != pointer {
			t.Fatalf("got %+v (%v), expected %s at %q", answer, answer.Refusal, code, pointer)
		}
		if len(answer.Refusal.Message()) < 20 {
			t.Fatalf("the message is no sentence: %q", answer.Refusal.Message())
		}
		return
	}
	if answer.Result != "ok" {
		t.Fatalf("got %+v (%v)", answer, answer.Refusal)
	}
	if ok == nil {
		ok = same
	}
	written, err := statesync.EncodeText(answer.Value)
	if err != nil {
		t.Fatal(err)
	}
	var got, expected any
	unmarshal(t, written, &got)
	unmarshal(t, ok, &expected)
	if !reflect.DeepEqual(got, expected) {
		t.Fatalf("got %s, expected %s", written, ok)
	}
}

func unmarshal(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
}
