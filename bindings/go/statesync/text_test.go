package statesync

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func codeOf(err error) string {
	var refused *ProtocolError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return strings.TrimSpace(string(refused.Code) + " " + refused.Pointer)
	default:
		return err.Error()
	}
}

func TestDecodeTextReadsEveryForm(t *testing.T) {
	for text, expected := range map[string]any{
		`null`:                  nil,
		` true `:                true,
		`-0`:                    0.0,
		`1e3`:                   1000.0,
		`1.5E-1`:                0.15,
		`"a\u00e9\ud83d\ude00"`: "aé😀",
		`"\"\\\/\b\f\n\r\t"`:    "\"\\/\b\f\n\r\t",
		`[]`:                    []any{},
		`{"a":[1,{}],"a":2}`:    map[string]any{"a": 2.0},
		`{"__proto__":1}`:       map[string]any{"__proto__": 1.0},
		`1e-400`:                0.0,
	} {
		value, err := DecodeText([]byte(text))
		if err != nil || !reflect.DeepEqual(value, expected) {
			t.Errorf("%s: got %#v, %v", text, value, err)
		}
	}
}

func TestDecodeTextRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "nul", "NaN", "Infinity", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1 2", "[1,]", "[", "[1 2]", "{", `{"a"}`,
		`{"a":}`, `{"a":1,}`, `{a:1}`, `{"a" 1}`, `"`, `"\x"`, `"\u12"`, `"\u12G4"`, "\"\n\"", `"\ud800"`, `"\udc00"`, `"\ud800\n"`,
		`"\ud800\u0061"`, `"\ud800\ud800"`, "\"\xff\"", "\"\xed\xa0\x80\"", "1e400", "-1e400", "1" + strings.Repeat("0", 400),
		"\ufeff1", "'a'", "/**/1",
	} {
		if _, err := DecodeText([]byte(text)); codeOf(err) != "invalid-json" {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestDepthIsLimited(t *testing.T) {
	nested := func(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }
	objects := func(levels int) string { return strings.Repeat(`{"a":`, levels) + "1" + strings.Repeat("}", levels) }
	for _, row := range []struct {
		name, text, expected string
	}{
		{"127 arrays", nested(127), ""},
		{"128 arrays", nested(128), "too-deep"},
		{"127 objects", objects(127), ""},
		{"128 objects", objects(128), "too-deep"},
		{"10,000 arrays", nested(10_000), "too-deep"},
		{"1,000,000 arrays", nested(1_000_000), "too-deep"},
		{"1,000,000 without an end", strings.Repeat("[", 1_000_000), "too-deep"},
		{"side by side", "[" + strings.Repeat("[],", 1000) + "[]]", ""},
		{"in a string", `"` + strings.Repeat("[", 1000) + `"`, ""},
	} {
		if _, err := DecodeText([]byte(row.text)); codeOf(err) != row.expected {
			t.Errorf("%s: got %v", row.name, err)
		}
	}
}

func TestDuplicatesCountWhereTheProtocolDefinesThem(t *testing.T) {
	for text, expected := range map[string]string{
		`{"revision":"1","data":{"a":1,"a":2}}`:                     "",
		`{"revision":"1","data":1,"x":1,"x":2}`:                     "",
		`{"revision":"1","data":1,"data":1}`:                        "duplicate-member /data",
		`{"revision":"1","revision":5,"data":1}`:                    "duplicate-member /revision",
		`{"data":{"revision":"1","revision":"1"},"revision":"1"}`:   "",
		`{"revision":"1","data":[{"epoch":"a","epoch":"b"}]}`:       "",
		`{"revision":"1","data":[{"epoch":"a","epoch":"b"}],"x":[}`: "invalid-json",
	} {
		if _, err := DecodeSnapshotEnvelope([]byte(text), AnyPayload); codeOf(err) != expected {
			t.Errorf("%s: got %v", text, err)
		}
	}
	nested := `{"metadata":{"savedAt":1,"schemaVersion":1,"sizeBytes":1,"compressed":false},` +
		`"snapshot":{"revision":"1","data":1,"epoch":"a","epoch":"a"}}`
	if _, err := DecodePersistedSnapshot([]byte(nested), AnyPayload); codeOf(err) != "duplicate-member /snapshot/epoch" {
		t.Errorf("nested: got %v", err)
	}
	clear := `{"snapshot":{"epoch":"a","epoch":"b"},"sourceId":"a","type":"clear"}`
	if _, err := DecodeCrossTabMessage([]byte(clear), AnyPayload); err != nil {
		t.Errorf("member of another variant: got %v", err)
	}
}

// What encoding/json lets through by itself must not get through the types' own methods.
func TestUnmarshalIsAsStrict(t *testing.T) {
	for text, expected := range map[string]string{
		`{"topic":"a","revision":"1"}`:                  "",
		`{"Topic":"a","revision":"1"}`:                  "missing-member /topic",
		`{"topic":"a","topic":"b","revision":"1"}`:      "duplicate-member /topic",
		`{"topic":"\ud800","revision":"1"}`:             "invalid-json",
		`{"topic":"a","revision":1}`:                    "wrong-type /revision",
		`{"topic":" ","revision":"1"}`:                  "blank-topic /topic",
		`["a","1"]`:                                     "wrong-type",
		`null`:                                          "wrong-type",
		`{"topic":"a","revision":"1","epoch":null}`:     "",
		`{"topic":"a","revision":"1","timestampMs":-1}`: "out-of-range /timestampMs",
	} {
		var event InvalidationEvent
		if err := json.Unmarshal([]byte(text), &event); codeOf(err) != expected {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

type settings struct {
	Theme string `json:"theme"`
}

func TestPayloadsAreTyped(t *testing.T) {
	text := []byte(`{"revision":"7","data":{"theme":"dark"},"epoch":"e"}`)
	envelope, err := DecodeSnapshotEnvelope(text, JSONPayload[settings])
	if err != nil || envelope.Data.Theme != "dark" || *envelope.Epoch != "e" {
		t.Fatalf("got %+v, %v", envelope, err)
	}
	written, err := EncodeText(envelope)
	if err != nil || string(written) != `{"data":{"theme":"dark"},"epoch":"e","revision":"7"}` {
		t.Fatalf("got %s, %v", written, err)
	}
	_, err = DecodeSnapshotEnvelope([]byte(`{"revision":"7","data":{"theme":5}}`), JSONPayload[settings])
	if codeOf(err) != "invalid-data /data" {
		t.Fatalf("got %v", err)
	}
	var message CrossTabMessage[settings]
	message, err = DecodeCrossTabMessage([]byte(`{"snapshot":`+string(text)+`,"sourceId":"a","type":"snapshot"}`), JSONPayload[settings])
	if snapshot, ok := message.(CrossTabMessageSnapshot[settings]); err != nil || !ok || snapshot.Snapshot.Data.Theme != "dark" {
		t.Fatalf("got %#v, %v", message, err)
	}
}

type otherError struct{ pointer string }

func (err otherError) Error() string { return "refused" }

func (err otherError) Refusal() (code, pointer, problem, expected string) {
	return "wrong-type", err.pointer, "found null", "a string"
}

type otherSettings struct{}

func (*otherSettings) UnmarshalJSON([]byte) error { return otherError{"/theme"} }

// Each generated package has a ProtocolError of its own; who decodes sees that of this one.
func TestRefusalsOfOtherGeneratedPackagesAreOfThisOne(t *testing.T) {
	text := []byte(`{"revision":"7","data":{}}`)
	_, err := DecodeSnapshotEnvelope(text, func(_ any, pointer string) (int, error) {
		return 0, otherError{pointer + "/theme"}
	})
	if codeOf(err) != "wrong-type /data/theme" {
		t.Errorf("got %v", err)
	}
	if _, err := DecodeSnapshotEnvelope(text, JSONPayload[otherSettings]); codeOf(err) != "wrong-type /data/theme" {
		t.Errorf("got %v", err)
	}
	fault := errors.New("a fault of the program")
	_, err = DecodeSnapshotEnvelope(text, func(any, string) (int, error) { return 0, fault })
	if !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
}

func TestWritingLeavesAbsentMembersOutAndRefusesWhatNobodyReads(t *testing.T) {
	event := InvalidationEvent{Topic: "a<b", Revision: "7", SourceID: Pointer("")}
	written, err := EncodeText(event)
	if err != nil || string(written) != `{"revision":"7","sourceId":"","topic":"a<b"}` {
		t.Errorf("got %s, %v", written, err)
	}
	for _, event := range []InvalidationEvent{{Topic: "a"}, {Topic: "a", Revision: "07"}, {Revision: "7"}} {
		if written, err := EncodeText(event); err == nil {
			t.Errorf("%+v is written as %s", event, written)
		}
	}
}
