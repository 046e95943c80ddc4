package statesync

// IsBlankTopic tells whether the text is empty or white space alone, by the set of ECMAScript. It is not that of
// unicode.IsSpace, which counts U+0085 and does not count U+FEFF.
func IsBlankTopic(text string) bool {
	_, err := ParseTopic(text, "")
	return err != nil
}
