use super::*;

fn prose(text: &str) -> Vec<(String, String)> {
    vec![("text/02-revisions.md".to_owned(), text.to_owned())]
}

#[test]
fn requirements_are_paragraphs() {
    let text = "# Revisions\n\nSee REV-2.\n\n**REV-1** (MUST, core) A receiver MUST\naccept `0`, in\n1. UTF-8,\n2. text.\n\nNo more.\n\n\
                ```json Revision\n**REV-9** is fenced\n\"0\"\n```\n\n**REV-2** (SHOULD, engine) It SHOULD NOT wait.\n";
    let extracted = extract(&prose(text)).unwrap();
    let rows: Vec<_> = extracted
        .requirements
        .iter()
        .map(|r| (r.id.as_str(), r.level, r.profile.as_str(), r.chapter.as_str(), r.text.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            (
                "REV-1",
                Level::Must,
                "core",
                "02-revisions",
                "A receiver MUST accept `0`, in 1. UTF-8, 2. text."
            ),
            ("REV-2", Level::Should, "engine", "02-revisions", "It SHOULD NOT wait."),
        ]
    );
}

#[test]
fn files_are_read_in_the_order_of_their_names() {
    let files = [("b.md", "**REV-2** (MAY, core) It MAY."), ("a.md", "**REV-1** (MAY, core) It MAY.")];
    let files = files.map(|(file, text)| (file.to_owned(), text.to_owned()));
    let ids: Vec<_> = extract(&files).unwrap().requirements.into_iter().map(|r| r.id).collect();
    assert_eq!(ids, ["REV-1", "REV-2"]);
}

#[test]
fn the_written_form_goes_there_and_back() {
    let extracted = extract(&prose("**REV-1** (MUST, core) It MUST.")).unwrap();
    let written = serde_json::to_string(&extracted).unwrap();
    assert_eq!(
        written,
        r#"{"version":1,"requirements":[{"id":"REV-1","level":"MUST","profile":"core","chapter":"02-revisions","text":"It MUST."}]}"#
    );
    assert_eq!(serde_json::from_str::<Requirements>(&written).unwrap(), extracted);
}

#[test]
fn faults_are_told_with_their_line() {
    let good = "**REV-1** (MUST, core) It MUST.\n\n";
    for (rest, line, part) in [
        ("**REV-1** (MUST, core) It MUST.", 3, "REV-1 is given twice"),
        ("**REV-3** (MUST, core) It MUST.", 3, "where REV-2 is due"),
        ("**TOP-2** (MUST, core) It MUST.", 3, "where TOP-1 is due"),
        ("**REV-2** (SHALL, core) It MUST.", 3, "levels are MUST, SHOULD and MAY"),
        ("**REV-2** (must, core) It MUST.", 3, "has the level `must`"),
        ("**REV-2** (MUST, all) It MUST.", 3, "has the profile `all`"),
        ("**REV-2** (MUST) It MUST.", 3, "not followed by its level and profile"),
        ("**REV-2** It MUST.", 3, "not followed by its level and profile"),
        ("**REV-2**: It MUST.", 3, "not followed by its level and profile"),
        ("**REV-2** (MUST, core) It has to.", 3, "does not hold the word MUST"),
        ("**REV-2** (MUST, core) MUSTARD.", 3, "does not hold the word MUST"),
        ("**REV-2** (MUST, core) It MUST\nor MAY.", 3, "holds the word MAY"),
        ("**REV-2** (SHOULD, core) It MUST NOT.", 3, "holds the word MUST"),
        ("**Rev-2** (MUST, core) It MUST.", 3, "`Rev-2` is no id"),
        ("**REV-02** (MUST, core) It MUST.", 3, "`REV-02` is no id"),
        ("**REV-2 ** (MUST, core) It MUST.", 3, "`REV-2 ` is no id"),
        ("Text\n**REV-2** (MUST, core) It MUST.", 4, "begins inside of a paragraph"),
        ("Text\n\nas ENG-4 says", 5, "ENG-4 is named here"),
        ("| a | (REV-12) |", 3, "REV-12 is named here"),
    ] {
        let errors = extract(&prose(&format!("{good}{rest}\n"))).expect_err(rest);
        assert!(
            errors.iter().any(|error| error.line == line && error.message.contains(part)),
            "{rest}: {errors:?} has no line {line} with {part:?}"
        );
    }
}

#[test]
fn what_only_looks_like_an_id_is_left_alone() {
    for text in ["UTF-8, SHA-256, ECMA-262", "**Topic**: a name", "2026-11-21", "x-REV-7", "A-1", "**a-b** c"]
    {
        assert_eq!(extract(&prose(text)).map(|found| found.requirements), Ok(vec![]), "{text}");
    }
}

#[test]
fn examples_are_fenced_json() {
    let text = "```json Topic\n\"a\"\n```\n\n```text\nno\n```\n````json Topic invalid=blank-topic\n```\n````\n\
                ```json X invalid=wrong-type at=/a/b\n{\n}\n```\n";
    let rows: Vec<_> = examples(&prose(text))
        .unwrap()
        .into_iter()
        .map(|example| (example.type_name, example.text, example.expectation, example.line))
        .collect();
    let invalid =
        |code: &str, pointer: &str| Expectation::Invalid { code: code.into(), pointer: pointer.into() };
    assert_eq!(
        rows,
        [
            ("Topic".into(), "\"a\"".into(), Expectation::Valid, 1),
            ("Topic".into(), "```".into(), invalid("blank-topic", ""), 8),
            ("X".into(), "{\n}".into(), invalid("wrong-type", "/a/b"), 11),
        ]
    );
}

#[test]
fn faults_of_examples_are_told_with_their_line() {
    for (info, part) in [
        ("json", "names no message"),
        ("json invalid=wrong-type", "names no message"),
        ("json Topic at=/a", "needs `invalid=`"),
        ("json Topic invalid=", "`invalid=` is not understood"),
        ("json Topic invalid", "`invalid` is not understood"),
        ("json Topic invalid=a invalid=b", "`invalid=b` is not understood"),
        ("json Topic code=a", "`code=a` is not understood"),
    ] {
        let errors = examples(&prose(&format!("text\n\n```{info}\n1\n```\n"))).expect_err(info);
        assert_eq!(errors.len(), 1, "{info}: {errors:?}");
        assert!(errors[0].line == 3 && errors[0].message.contains(part), "{info}: {}", errors[0]);
    }
    let errors = examples(&prose("```json Topic\n1\n")).unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "text/02-revisions.md:1: this fence is never closed: a line of ``` ends a block"
    );
}
