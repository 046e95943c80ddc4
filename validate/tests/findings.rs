//! What is found: the code, the place and the sentence.

use serde_json::{Value, json};
use state_sync_validate::{Finding, Validator};

/// Code, pointer, and parts of the message and of what was expected.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str);

fn check(validator: &Validator, text: &str, rows: &[Row<'_>]) {
    let findings = validator.validate(text.as_bytes()).err().unwrap_or_default();
    let fits = |finding: &Finding, row: &Row<'_>| {
        finding.code == row.0
            && finding.pointer == row.1
            && finding.message.contains(row.2)
            && finding.expected.contains(row.3)
    };
    let all =
        findings.len() == rows.len() && findings.iter().zip(rows).all(|(finding, row)| fits(finding, row));
    assert!(all, "{text}\nfound {findings:#?}\nnot {rows:#?}");
}

fn check_schema(schema: Value, text: &str, rows: &[Row<'_>]) {
    check(&Validator::for_schema(&schema).expect("a schema"), text, rows);
}

#[test]
fn keywords() {
    let rows: [(Value, &str, Row<'_>); 22] = [
        (json!({"type": "integer"}), "\"x\"", ("wrong-type", "", "found the string \"x\"", "an integer")),
        (
            json!({"type": ["string", "null"]}),
            "5",
            ("wrong-type", "", "found the number 5", "null or a string"),
        ),
        (json!({"required": ["a/b"]}), "{}", ("missing-member", "/a~1b", "found nothing", "member \"a/b\"")),
        (json!({"items": {"type": "null"}}), "[null,1]", ("wrong-type", "/1", "found the number 1", "null")),
        (json!({"const": 5}), "6", ("invalid-data", "", "found the number 6", "5")),
        (json!({"enum": ["a", "b"]}), "\"c\"", ("invalid-data", "", "\"c\"", "one of \"a\" or \"b\"")),
        (json!({"minimum": 3}), "2", ("invalid-data", "", "the number 2", "at least 3")),
        (json!({"maximum": 3}), "4", ("invalid-data", "", "the number 4", "at most 3")),
        (json!({"exclusiveMinimum": 3}), "3", ("invalid-data", "", "the number 3", "above 3")),
        (json!({"multipleOf": 2}), "3", ("invalid-data", "", "the number 3", "multiple of 2")),
        (
            json!({"minLength": 2}),
            "\"é\"",
            ("invalid-data", "", "a string of 1 character", "at least 2 characters"),
        ),
        (json!({"maxLength": 1}), "\"éa\"", ("invalid-data", "", "of 2 characters", "at most 1 character")),
        (json!({"pattern": "^a$"}), "\"b\"", ("invalid-data", "", "\"b\"", "the pattern ^a$")),
        (json!({"minItems": 2}), "[1]", ("invalid-data", "", "an array of 1 item", "at least 2 items")),
        (json!({"maxItems": 0}), "[1]", ("invalid-data", "", "an array of 1 item", "at most 0 items")),
        (json!({"uniqueItems": true}), "[1,1]", ("invalid-data", "", "equal items", "differ")),
        (json!({"minProperties": 1}), "{}", ("invalid-data", "", "of 0 members", "at least 1 member")),
        (
            json!({"additionalProperties": false}),
            "{\"x~\":1}",
            ("invalid-data", "/x~0", "unknown member", "only"),
        ),
        (json!({"not": {"type": "null"}}), "null", ("invalid-data", "", "found null", "`not` refuses")),
        (json!({"contains": {"type": "null"}}), "[]", ("invalid-data", "", "without", "contains")),
        (json!(false), "1", ("invalid-data", "", "the number 1", "allows none")),
        (
            json!({"propertyNames": {"maxLength": 1}}),
            "{\"ab\":1}",
            ("invalid-data", "/ab", "the member name \"ab\"", "at most 1 character"),
        ),
    ];
    for (schema, text, row) in rows {
        check_schema(schema, text, &[row]);
    }
}

#[test]
fn of_a_union_the_branch_that_was_meant_is_explained() {
    let schema = json!({"properties": {"shape": {"oneOf": [
        {"type": "object", "required": ["kind", "radius"], "properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}}},
        {"type": "object", "required": ["kind", "side"], "properties": {"kind": {"const": "square"}, "side": {"type": "number"}}},
        {"type": "null"},
    ]}}});
    let rows: [(&str, Row<'_>); 4] = [
        (
            r#"{"shape":{"kind":"circle","radius":"1"}}"#,
            ("wrong-type", "/shape/radius", "the string \"1\"", "a number"),
        ),
        (r#"{"shape":{"kind":"square"}}"#, ("missing-member", "/shape/side", "nothing", "\"side\"")),
        (
            r#"{"shape":5}"#,
            ("invalid-data", "/shape", "which no alternative accepts", "one of the 3 alternatives"),
        ),
        (
            r#"{"shape":{}}"#,
            ("invalid-data", "/shape", "an object, which no alternative accepts", "3 alternatives"),
        ),
    ];
    for (text, row) in rows {
        check_schema(schema.clone(), text, &[row]);
    }
    let two =
        json!({"oneOf": [{"properties": {"t": {"const": "a"}}}, {"properties": {"t": {"const": "b"}}}]});
    check_schema(two, r#"{"t":"c"}"#, &[("invalid-data", "/t", "\"c\"", "one of \"a\" or \"b\"")]);
    let nullable = json!({"anyOf": [{"minimum": 3, "type": "integer"}, {"type": "null"}]});
    check_schema(nullable, "2", &[("invalid-data", "", "the number 2", "at least 3")]);
    check_schema(
        json!({"oneOf": [{"minimum": 1}, {"minimum": 2}]}),
        "5",
        &[("invalid-data", "", "several alternatives", "exactly one")],
    );
}

#[test]
fn texts_that_are_no_json() {
    let validator = Validator::for_schema(&json!(true)).unwrap();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let rows = [
        ("", ("invalid-json", "", "EOF", "I-JSON")),
        ("{\"a\":1,}", ("invalid-json", "", "trailing comma", "")),
        ("\u{feff}{}", ("invalid-json", "", "byte order mark", "without one")),
        ("\"\\ud800\"", ("invalid-json", "", "", "")),
        ("1e400", ("invalid-json", "", "out of range", "")),
        ("[1] 2", ("invalid-json", "", "trailing characters", "")),
        (deep.as_str(), ("too-deep", "", "", "127")),
    ];
    for (text, row) in rows {
        check(&validator, text, &[row]);
    }
    let findings = validator.validate(b"\"\xff\"").unwrap_err();
    assert_eq!(
        (findings[0].code, findings[0].message.as_str()),
        ("invalid-json", "found bytes that are not UTF-8")
    );
    let nested = format!("{}{}", "[".repeat(127), "]".repeat(127));
    check(&validator, &nested, &[]);
}

#[test]
fn protocol_types() {
    let rows: [(&str, &str, Row<'_>); 5] = [
        ("InvalidationEvent", "[\"t\",\"1\"]", ("wrong-type", "", "an array", "object")),
        (
            "InvalidationEvent",
            r#"{"topic":" ","revision":"1"}"#,
            ("blank-topic", "/topic", "\" \"", "a topic"),
        ),
        ("SnapshotEnvelope", r#"{"revision":"1"}"#, ("missing-member", "/data", "nothing", "\"data\"")),
        (
            "CrossTabMessage",
            r#"{"type":"x","sourceId":"a"}"#,
            ("unknown-value", "/type", "\"x\"", "snapshot"),
        ),
        ("Revision", "\"007\"", ("invalid-revision", "", "\"007\"", "a revision")),
    ];
    for (name, text, row) in rows {
        check(&Validator::for_type(name).expect("a type"), text, &[row]);
    }
    assert!(Validator::for_type("Snapshot").is_err());
}

#[test]
fn topics_are_an_envelope_and_its_data() {
    let schema = json!({"type": "object", "required": ["theme"], "properties": {"theme": {"enum": ["dark", "light"]}}});
    let validator = Validator::for_topic_schema(&schema).unwrap();
    let valid = [
        r#"{"revision":"1","data":{"theme":"dark"}}"#,
        r#"{"epoch":null,"data":{"theme":"dark","more":1},"revision":"1","more":[{}]}"#,
        r#"{"rev\u0069sion":"18446744073709551615","data":{"theme":"light"},"epoch":""}"#,
    ];
    for text in valid {
        check(&validator, text, &[]);
    }
    let rows: [(&str, Row<'_>); 9] = [
        (r#"{"revision":"1","data":{}}"#, ("missing-member", "/data/theme", "", "")),
        (
            r#"{"revision":"1","data":{"theme":"red"}}"#,
            ("invalid-data", "/data/theme", "\"red\"", "\"dark\""),
        ),
        (r#"{"revision":"1"}"#, ("missing-member", "/data", "", "")),
        (r#"{"revision":"01","data":{"theme":"dark"}}"#, ("invalid-revision", "/revision", "", "")),
        (r#"{"revision":1,"data":{"theme":"dark"}}"#, ("wrong-type", "/revision", "", "")),
        (r#"{"revision":"1","data":{"theme":"dark"},"epoch":5}"#, ("wrong-type", "/epoch", "", "")),
        (
            r#"{"revision":"1","data":{"theme":"dark"},"data":{"theme":"dark"}}"#,
            ("duplicate-member", "/data", "", ""),
        ),
        (
            r#"{"revision":"1","epoch":"a","epoch":"a","data":{"theme":"dark"}}"#,
            ("duplicate-member", "/epoch", "", ""),
        ),
        (r#"["1",{"theme":"dark"}]"#, ("wrong-type", "", "an array", "")),
    ];
    for (text, row) in rows {
        check(&validator, text, &[row]);
    }
}

#[test]
fn findings_are_bounded() {
    let validator = Validator::for_schema(&json!({"items": {"type": "string"}})).unwrap();
    let text = format!("[{}1]", "1,".repeat(1000));
    assert_eq!(validator.validate(text.as_bytes()).unwrap_err().len(), state_sync_validate::MAX_FINDINGS);
}

#[test]
fn validators_are_shared_by_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Validator::for_type("Topic").unwrap());
}
