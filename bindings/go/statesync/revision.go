package statesync

import (
	"cmp"
	"math"
	"strconv"
)

// The first and the last revision.
const (
	ZeroRevision    Revision = "0"
	MaximumRevision Revision = "18446744073709551615"
)

// RevisionOf is the revision with this number.
func RevisionOf(number uint64) Revision {
	return Revision(strconv.FormatUint(number, 10))
}

// IsCanonicalRevision tells whether the value is the canonical text of a revision.
func IsCanonicalRevision(value any) bool {
	_, err := ParseRevision(value, "")
	return err == nil
}

// Number is the revision as a number. An error is a *ProtocolError: the text is no revision.
func (revision Revision) Number() (uint64, error) {
	return number(string(revision), "")
}

// Next is the revision after this one; the last is followed by itself.
func (revision Revision) Next() (Revision, error) {
	current, err := revision.Number()
	if err != nil {
		return "", err
	}
	if current == math.MaxUint64 {
		return MaximumRevision, nil
	}
	return RevisionOf(current + 1), nil
}

// CompareRevisions compares as numbers: -1 where left is the lower, 0 where they are equal, 1 where left is the higher.
// An error is a *ProtocolError with the pointer /left or /right.
func CompareRevisions(left, right Revision) (int, error) {
	first, err := number(string(left), "/left")
	if err != nil {
		return 0, err
	}
	second, err := number(string(right), "/right")
	if err != nil {
		return 0, err
	}
	return cmp.Compare(first, second), nil
}

func number(text, pointer string) (uint64, error) {
	if _, err := ParseRevision(text, pointer); err != nil {
		return 0, err
	}
	// The rule of a revision lets through nothing that 64 bits do not hold.
	return strconv.ParseUint(text, 10, 64)
}
