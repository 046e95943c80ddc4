package statesync

import "testing"

func TestRevisions(t *testing.T) {
	for text, next := range map[Revision]Revision{
		"0":                    "1",
		"9":                    "10",
		"9007199254740992":     "9007199254740993",
		"18446744073709551614": "18446744073709551615",
		"18446744073709551615": "18446744073709551615",
	} {
		if got, err := text.Next(); err != nil || got != next {
			t.Errorf("after %s: got %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "00", "+1", "-1", " 1", "1\n", "1.0", "1e3", "١", "18446744073709551616", "99999999999999999999"} {
		if _, err := Revision(text).Next(); codeOf(err) != "invalid-revision" || IsCanonicalRevision(text) {
			t.Errorf("%q: got %v", text, err)
		}
	}
	if IsCanonicalRevision(1.0) || !IsCanonicalRevision("1") {
		t.Error("a revision is a string")
	}
}

func TestOrderIsNumeric(t *testing.T) {
	order := []Revision{ZeroRevision, "2", "10", "9007199254740992", "9007199254740993", MaximumRevision}
	for i, left := range order {
		for j, right := range order {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got, err := CompareRevisions(left, right); err != nil || got != want {
				t.Errorf("%s and %s: got %d, %v", left, right, got, err)
			}
		}
	}
	if _, err := CompareRevisions("01", "1"); codeOf(err) != "invalid-revision /left" {
		t.Errorf("got %v", err)
	}
	if _, err := CompareRevisions("1", "01"); codeOf(err) != "invalid-revision /right" {
		t.Errorf("got %v", err)
	}
}

func TestBlankTopics(t *testing.T) {
	for text, blank := range map[string]bool{
		"": true, " ": true, "\t\n\v\f\r": true, "\ufeff": true, "\u3000\u2029": true,
		"\u0085": false, "\u200b": false, "\u180e": false, " a ": false,
	} {
		if IsBlankTopic(text) != blank {
			t.Errorf("%q", text)
		}
	}
}
