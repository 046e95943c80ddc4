//! Every command with every kind of bad input: a sentence that names the file and the place, the documented exit
//! status, no panic, and nothing written.

mod common;

use common::{contents, could_not_run, found, run};
use std::{fs, path::Path};
use tempfile::TempDir;

/// Nested arrays.
fn arrays(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}

/// Nested schemas: each is a member of the next one.
fn schemas(levels: usize) -> String {
    r#"{"properties":{"a":"#.repeat(levels) + "{}" + &"}}".repeat(levels)
}

/// What is wrong whatever is to be read.
fn broken() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("empty", Vec::new()),
        ("nul", vec![0; 10]),
        ("latin1", b"{\"title\":\n\"caf\xe9\"}".to_vec()),
        ("utf16", b"\xff\xfe{\0}\0".to_vec()),
        ("words", b"hello".to_vec()),
        ("truncated", br#"{"type":"object","properties":{"#.to_vec()),
        ("surrogate", br#"{"title":"\ud800"}"#.to_vec()),
        ("deep", arrays(10_000).into_bytes()),
        ("deeper", arrays(1_000_000).into_bytes()),
        ("deep-schema", schemas(10_000).into_bytes()),
    ]
}

const CONFIG: &str =
    "[generate]\ntypescript = \"out/ts\"\npython = \"out/py\"\ngo = \"out/go\"\nmarkdown = \"out/md\"\n";

/// A folder with all that is broken, a `good` schema, and for each file a configuration whose only topic has it as
/// its schema.
fn folder(files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).expect("a file");
    write("good", br#"{"type":"object","properties":{"theme":{"enum":["dark","light"]}}}"#);
    fs::create_dir(folder.path().join("folder")).expect("a folder");
    for (name, content) in files {
        write(name, content);
    }
    let names = files.iter().map(|(name, _)| *name).chain(["good", "absent", "folder", "good/below"]);
    for name in names {
        let config = format!("{CONFIG}[topics.settings]\nschema = \"{name}\"\n");
        write(&format!("{}.toml", name.replace('/', "-")), config.as_bytes());
    }
    folder
}

/// Paths with nothing readable at their end, for every command that takes a file. Permissions do not stop
/// everybody, so what cannot be read is a file of the kernel's.
const UNREADABLE: &[&str] = &[
    "absent",
    "folder",
    "good/below",
    #[cfg(target_os = "linux")]
    "/proc/self/mem",
];

#[test]
fn schemas_that_cannot_be_read() {
    let folder = folder(&broken());
    let path = folder.path();
    let before = contents(path);
    let unreadable = UNREADABLE.iter().filter(|name| !name.starts_with('/')).copied();
    for name in unreadable.chain(broken().iter().map(|(name, _)| *name)) {
        let config = format!("{}.toml", name.replace('/', "-"));
        for arguments in [
            &["generate", "--config", &config][..],
            &["generate", "--check", "--config", &config],
            &["generate", "--check", "--format", "json", "--config", &config],
            &["validate", "--topic", "settings", "--config", &config],
            &["validate", "--schema", name],
            &["validate", "--schema", name, "--format", "json"],
        ] {
            could_not_run(path, arguments, b"{}", &[name]);
        }
        // A folder is what `compat` may be given.
        let why = if name == "folder" { "no schema in this folder" } else { "" };
        could_not_run(path, &["compat", name, "good"], b"", &[name, why]);
        could_not_run(path, &["compat", "good", name, "--format", "json"], b"", &[name, why]);
    }
    assert!(before == contents(path), "something was written");
}

/// Schemas that are JSON: the place that each command names, or `None` where it does not mind.
#[test]
fn schemas_that_are_not_right() {
    type Row = (&'static str, &'static str, [Option<&'static str>; 3]);
    let same = |place| [Some(place); 3];
    let rows: &[Row] = &[
        ("array", "[1]", same("array")),
        ("number", "5", same("number")),
        ("type", r#"{"properties":{"a":{"type":"text"}}}"#, same("/properties/a/type")),
        ("self", r##"{"$ref":"#"}"##, same("self")),
        (
            "cycle",
            r##"{"properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}"##,
            same("/$defs/"),
        ),
        ("unknown", r##"{"properties":{"a":{"$ref":"#/$defs/b"}}}"##, same("/properties/a/$ref")),
        ("remote", r#"{"properties":{"a":{"$ref":"https://a.example/b"}}}"#, same("/properties/a/$ref")),
        ("file", r#"{"properties":{"a":{"$ref":"other.json"}}}"#, same("/properties/a/$ref")),
        (
            "pattern",
            r#"{"properties":{"a":{"type":"string","pattern":"(["}}}"#,
            [Some("/properties/a/pattern"), Some("/properties/a/pattern"), None],
        ),
        (
            "keyword",
            r#"{"properties":{"a":{"unevaluatedProperties":false}}}"#,
            [Some("/properties/a/unevaluatedProperties"), None, None],
        ),
        ("mark", "\u{feff}{}", [None; 3]),
    ];
    let files: Vec<_> = rows.iter().map(|(name, text, _)| (*name, text.as_bytes().to_vec())).collect();
    let folder = folder(&files);
    let path = folder.path();
    for (name, _, [generate, validate, compat]) in rows {
        let config = format!("{name}.toml");
        let before = contents(path);
        if let Some(place) = generate {
            could_not_run(path, &["generate", "--config", &config], b"", &[name, place]);
            could_not_run(path, &["generate", "--check", "--config", &config], b"", &[name, place]);
        }
        for arguments in
            [&["validate", "--schema", name][..], &["validate", "--topic", "settings", "--config", &config]]
        {
            match validate {
                Some(place) => could_not_run(path, arguments, b"1", &[name, place]),
                None => assert!(run(path, arguments, b"{}").status < 2, "{arguments:?}"),
            }
        }
        for arguments in [["compat", name, "good"], ["compat", "good", name]] {
            match compat {
                Some(place) => could_not_run(path, &arguments, b"", &[name, place]),
                None => assert!(run(path, &arguments, b"").status < 2, "{arguments:?}"),
            }
        }
        assert!(before == contents(path), "{name}: something was written");
    }
}

#[test]
fn configurations() {
    let mut files = broken();
    files.extend([
        ("cobol", format!("{CONFIG}cobol = \"x\"\n[topics.settings]\nschema = \"good\"\n").into_bytes()),
        ("unclosed", b"[generate]\n[topics".to_vec()),
        ("misspelt", b"[topics.settings]\nshema = \"good\"\n".to_vec()),
        ("blank", b"[topics.\" \"]\nschema = \"good\"\n".to_vec()),
        ("nothing", CONFIG.as_bytes().to_vec()),
        ("languages", b"[topics.settings]\nschema = \"good\"\n".to_vec()),
        ("twice", format!("{CONFIG}[topics.a]\nschema = \"good\"\n[topics.a]\n").into_bytes()),
    ]);
    let folder = folder(&files);
    let path = folder.path();
    let before = contents(path);
    let place = |name: &'static str| match name {
        "cobol" => "cobol:6: ",
        "unclosed" => "unclosed:2: ",
        "misspelt" => "misspelt:2: ",
        "blank" => "blank:1: ",
        "twice" => "twice:8: ",
        "latin1" => "latin1:2: ",
        name => name,
    };
    for name in files.iter().map(|(name, _)| *name).chain(UNREADABLE.iter().copied()) {
        for arguments in [
            &["generate", "--config", name][..],
            &["generate", "--check", "--config", name],
            &["validate", "--topic", "settings", "--config", name],
        ] {
            // Validation needs no language.
            if (name, arguments[0]) != ("languages", "validate") {
                could_not_run(path, arguments, b"", &[place(name)]);
            }
        }
    }
    assert!(before == contents(path), "something was written");
}

/// A document that is not JSON is a finding; one that cannot be read is none.
#[test]
fn documents() {
    let folder = folder(&broken());
    let path = folder.path();
    let deep = "127 nested levels";
    let rows: &[(&str, &str, &str)] = &[
        ("nul", ":1:1 ", "invalid-json"),
        ("latin1", ":2:5 ", "not UTF-8"),
        ("utf16", ":1:1 ", "not UTF-8"),
        ("words", ":1:1 ", "invalid-json"),
        ("truncated", ":1:31 ", "EOF while parsing"),
        ("surrogate", ":1:17 ", "invalid-json"),
        ("deep", ":1:128 ", deep),
        ("deeper", ":1:128 ", deep),
        ("deep-schema", ":1:", deep),
    ];
    for against in [
        &["--type", "SnapshotEnvelope"][..],
        &["--schema", "good"],
        &["--topic", "settings", "--config", "good.toml"],
    ] {
        for (name, place, told) in rows {
            let content = fs::read(path.join(name)).expect("a file");
            let in_file = format!("{name}{place}");
            let arguments = [&["validate"], against].concat();
            found(path, &[&arguments[..], &[name]].concat(), b"", &[&in_file, told]);
            found(path, &arguments, &content, &["<stdin>:", place, told]);
            // The same for each of several lines; a line of its own ends where the text breaks.
            let lines = [&content[..], b"\n{}\n"].concat();
            found(path, &[&arguments[..], &["--ndjson"]].concat(), &lines, &["<stdin>:1:"]);
            found(
                path,
                &[&arguments[..], &["--ndjson", "--format", "json"]].concat(),
                &lines,
                &["\"line\":1,"],
            );
        }
        let arguments = [&["validate"], against].concat();
        found(path, &arguments, b"", &["<stdin>:1:1 ", "EOF"]);
        for name in UNREADABLE {
            could_not_run(path, &[&arguments[..], &[name]].concat(), b"", &[name, "cannot read it"]);
            could_not_run(
                path,
                &[&arguments[..], &["--ndjson", name]].concat(),
                b"",
                &[name, "cannot read it"],
            );
        }
    }
    let both = run(path, &["validate", "--type", "Topic", "absent", "-"], b"\"t\"");
    assert_eq!((both.status, both.stdout.as_str()), (2, ""));
    assert!(
        both.stderr.contains("1 document in 1 file: all valid; 1 file could not be read"),
        "{}",
        both.stderr
    );
}

#[test]
fn a_line_of_a_hundred_megabytes() {
    let folder = folder(&[]);
    let path = folder.path();
    let mut line = vec![b'x'; 100_000_000];
    line[0] = b'"';
    let event = ["validate", "--type", "InvalidationEvent"];
    let long = &[&event[..], &["--ndjson"]].concat();
    found(path, long, &line, &["<stdin>:1:", "EOF while parsing a string"]);
    let limited = &[&long[..], &["--max-line", "1000000"]].concat();
    found(path, limited, &line, &["<stdin>:1:1 ", "a line of more than 1000000 bytes"]);
    fs::write(path.join("long"), &line).expect("a file");
    could_not_run(path, &["validate", "--schema", "long"], b"", &["long: "]);
    could_not_run(path, &["compat", "long", "good"], b"", &["long"]);
}

/// What is in the way of a file to be written stays as it is, and so does all else.
#[test]
fn outputs_that_cannot_be_written() {
    for (name, in_the_way, told) in [
        ("the folder is a file", "out/py", "out/py"),
        ("a part of its path is a file", "out", "out"),
        ("a file that is not ours", "out/ts/types.ts", "was not generated"),
        ("a folder", "out/ts/types.ts/a", "out/ts/types.ts"),
    ] {
        let folder = folder(&[]);
        let file = folder.path().join(in_the_way);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, "mine").expect("a file");
        let before = contents(folder.path());
        could_not_run(folder.path(), &["generate", "--config", "good.toml"], b"", &[told]);
        assert!(before == contents(folder.path()), "{name}: something was written");
    }
}

/// An earlier output is whole after a run that failed.
#[test]
fn what_was_generated_stays_whole() {
    let folder = folder(&[]);
    let path = folder.path();
    assert_eq!(run(path, &["generate", "--config", "good.toml"], b"").status, 0);
    let schema = path.join("good");
    for text in ["{\"type\":", "{\"$ref\":\"#/nowhere\"}", &schemas(10_000)] {
        fs::write(&schema, text).expect("a file");
        let before = contents(path);
        could_not_run(path, &["generate", "--config", "good.toml"], b"", &["good"]);
        assert!(before == contents(path), "{text}");
    }
}

/// The cases of a suite of one's own, the file of known failures, and reports that cannot be written.
#[test]
fn files_of_the_conformance_suite() {
    let mut files = broken();
    files.extend([
        ("shape", br#"{"description":"d","cases":[{"id":1}]}"#.to_vec()),
        ("array", b"[1]".to_vec()),
        ("group", br#"{"description":"d","cases":[]}"#.to_vec()),
    ]);
    let folder = folder(&files);
    let path = folder.path();
    for (name, content) in &files {
        let group = path.join(format!("suite-{name}/core/group"));
        fs::create_dir_all(&group).expect("a folder");
        fs::write(group.join("file.json"), content).expect("a file");
    }
    let before = contents(path);
    let suites = files.iter().map(|(name, _)| (format!("suite-{name}"), "/core/group/file.json"));
    let unreadable =
        ["absent", "good", "good/below"].map(|name| (name.to_owned(), ": cannot read the cases: "));
    for (suite, place) in suites.chain(unreadable) {
        let named = format!("error: {suite}{place}");
        for arguments in [
            &["run", "--impl", "rust"][..],
            &["list"],
            &["list", "--format", "json"],
            &["show", "revision/zero"],
            &["coverage"],
            &["mutants"],
        ] {
            let arguments = [&["conformance"], arguments, &["--cases", &suite]].concat();
            could_not_run_with_faults(path, &arguments, &named);
        }
    }
    let one = ["conformance", "run", "--impl", "rust", "--case", "revision/zero"];
    let known = |name| [&one[..], &["--expected-failures", name]].concat();
    for name in UNREADABLE {
        could_not_run(path, &known(name), b"", &[name, ": cannot read it: "]);
    }
    for (name, _) in files.iter().filter(|(name, _)| *name != "empty") {
        could_not_run(path, &known(name), b"", &[&format!("error: {name}:")]);
    }
    for (file, told) in [
        ("folder", "folder: the report could not be written: "),
        ("good/report", "good/report: the report could not be written: not a directory"),
        (".", ".: the report could not be written: is a directory"),
    ] {
        for form in ["html", "junit", "json", "badge"] {
            let outcome = run(path, &[&one[..], &["--report", &format!("{form}={file}")]].concat(), b"");
            assert_eq!(outcome.status, 2, "{form}={file}");
            // The outcome of the run is told all the same.
            assert!(outcome.stdout.contains("rust") && outcome.stderr.contains(told), "{}", outcome.stderr);
        }
    }
    assert!(before == contents(path), "something was written");
}

/// As [`could_not_run`]; a suite may have several faults, a line each.
fn could_not_run_with_faults(path: &Path, arguments: &[&str], named: &str) {
    let outcome = run(path, arguments, b"");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{arguments:?}: {}", outcome.stderr);
    assert!(
        outcome.stderr.starts_with(named) && outcome.stderr.len() < 1000,
        "{arguments:?}: {}",
        outcome.stderr
    );
}

/// A report may go to a device or a pipe, which must still be one afterwards.
#[test]
#[cfg(unix)]
fn reports_do_not_take_the_place_of_devices() {
    let folder = folder(&[]);
    let one = ["conformance", "run", "--impl", "rust", "--case", "revision/zero", "--report"];
    std::os::unix::fs::symlink("/dev/null", folder.path().join("null")).expect("a link");
    let outcome = run(folder.path(), &[&one[..], &["json=null"]].concat(), b"");
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let link = fs::symlink_metadata(folder.path().join("null")).expect("a link");
    assert!(link.file_type().is_symlink(), "the link was replaced");
}

/// Programs that are none, or none that can be talked to.
#[test]
fn programs() {
    let folder = folder(&[("words", b"hello".to_vec())]);
    let path = folder.path();
    for (program, told) in [
        ("", "the command is empty"),
        ("'", "missing closing quote"),
        ("./absent", "./absent could not be started"),
        ("./folder", "./folder could not be started"),
        ("./words", "./words could not be started"),
        ("true", "it ended without an answer"),
        ("cat", "no answer"),
        ("cat words", "it ended in the middle of a line"),
        ("echo hello", "the line is no JSON"),
    ] {
        let outcome = run(path, &["conformance", "run", "--cmd", program], b"");
        assert_eq!(outcome.status, 2, "{program}: {}", outcome.stdout);
        let lines = outcome.stdout.matches(told).count();
        assert!(lines >= 1 && outcome.stdout.contains("not judged"), "{program}: {}", outcome.stdout);
    }
    for (program, told) in [("", "empty"), ("./absent", "./absent could not be started"), ("'", "quote")] {
        let fuzz = ["conformance", "fuzz", "--cases", "10", "--against", "rust", "--with", program];
        could_not_run(path, &fuzz, b"", &[told]);
    }
}
