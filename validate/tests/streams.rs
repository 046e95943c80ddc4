//! NDJSON: lines, their numbers, their order, their length.

use serde_json::json;
use state_sync_validate::{
    LINE_TOO_LONG, LocatedFinding, StreamOptions, Summary, Validator, document, stream,
};
use std::{
    io::{self, Read},
    num::NonZeroUsize,
};

fn options(threads: usize) -> StreamOptions {
    StreamOptions { threads: NonZeroUsize::new(threads).unwrap(), ..StreamOptions::default() }
}

/// Line, column and code.
type Found = (u64, u64, &'static str);

/// The summary and the findings.
fn run(reader: impl Read + Send, options: StreamOptions) -> (Summary, Vec<Found>) {
    let validator = Validator::for_schema(&json!({"type": "object", "required": ["a"]})).unwrap();
    let mut found = Vec::new();
    let mut sink = |finding: LocatedFinding| {
        found.push((finding.location.line, finding.location.column, finding.finding.code));
        Ok(())
    };
    let summary = stream(reader, &validator, options, &mut sink).expect("a stream that can be read");
    (summary, found)
}

#[test]
fn lines_and_their_numbers() {
    let rows: [(&[u8], u64, &[Found]); 9] = [
        (b"", 0, &[]),
        (b"\n\n\r\n  \n", 0, &[]),
        (b"{\"a\":1}\n{\"a\":1}", 2, &[]),
        (b"{\"a\":1}\r\n{\"a\":1}\r\n", 2, &[]),
        (b"{\"a\":1}\n\n{}\n", 2, &[(3, 1, "missing-member")]),
        (b"5", 1, &[(1, 1, "wrong-type")]),
        (b"{\"a\":1}\n{\"a\":\n1}\n", 3, &[(2, 5, "invalid-json"), (3, 2, "invalid-json")]),
        (b"\xef\xbb\xbf{\"a\":1}\n{\"a\":1}\n", 2, &[(1, 1, "invalid-json")]),
        (b"{\"a\":1}\n{\"a\":\"\xff\"}\n  5\n", 3, &[(2, 7, "invalid-json"), (3, 3, "wrong-type")]),
    ];
    for (text, documents, findings) in rows {
        for threads in [1, 3] {
            let (summary, found) = run(text, options(threads));
            let shown = String::from_utf8_lossy(text);
            assert_eq!((summary.documents, found.as_slice()), (documents, findings), "{shown:?}");
        }
    }
}

/// Gives what it has in pieces of a few bytes.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = self.1 % 7 + 1;
        let count = self.1.min(self.0.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

#[test]
fn findings_come_in_the_order_of_the_lines() {
    let mut text = String::new();
    let mut expected = Vec::new();
    for line in 1..=30_000_u64 {
        if line % 7 == 0 {
            text.push_str("{}\n");
            expected.push((line, 1, "missing-member"));
        } else {
            text.push_str(&format!("{{\"a\":\"{}\"}}\n", "x".repeat((line % 90) as usize)));
        }
    }
    for threads in [1, 2, 5] {
        let (summary, found) = run(text.as_bytes(), options(threads));
        assert_eq!((summary.documents, summary.invalid), (30_000, expected.len() as u64));
        assert!(found == expected, "{threads} threads");
        let (_, found) = run(Trickle(&text.as_bytes()[..20_000], 0), options(threads));
        assert!(expected.starts_with(&found[..found.len() - 1]) && found.len() > 50, "{threads} threads");
    }
}

#[test]
fn long_lines_are_read_or_refused() {
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(3_000_000));
    let text = format!("{{}}\n{long}\n{{}}\n{long}");
    let (summary, found) = run(text.as_bytes(), options(2));
    assert_eq!((summary.documents, found), (4, vec![(1, 1, "missing-member"), (3, 1, "missing-member")]));

    for max_line in [10, 100_000, 2_999_999] {
        let options = StreamOptions { max_line, ..options(2) };
        let (summary, found) = run(text.as_bytes(), options);
        let expected = vec![
            (1, 1, "missing-member"),
            (2, 1, LINE_TOO_LONG),
            (3, 1, "missing-member"),
            (4, 1, LINE_TOO_LONG),
        ];
        assert_eq!((summary.documents, found), (4, expected), "{max_line}");
    }
}

#[test]
fn a_failing_reader_or_sink_ends_the_stream() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let validator = Validator::for_schema(&json!(false)).unwrap();
    for threads in [1, 4] {
        let start = &b"1\n2\n3\n"[..];
        let mut count = 0;
        let mut sink = |_: LocatedFinding| {
            count += 1;
            Ok(())
        };
        let error = stream(start.chain(Fails), &validator, options(threads), &mut sink).unwrap_err();
        assert_eq!((error.to_string().as_str(), count), ("the disk is gone", 3));

        let mut sink = |_: LocatedFinding| Err(io::Error::from(io::ErrorKind::BrokenPipe));
        let error = stream(
            io::repeat(b'\n').take(0).chain(&b"1\n"[..]).chain(Endless),
            &validator,
            options(threads),
            &mut sink,
        );
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}

struct Endless;

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        buffer.fill(b'1');
        buffer[buffer.len() - 1] = b'\n';
        Ok(buffer.len())
    }
}

#[test]
fn a_document_over_many_lines() {
    let validator =
        Validator::for_schema(&json!({"properties": {"a": {"type": "string"}}, "required": ["b"]})).unwrap();
    let mut found = Vec::new();
    let mut sink = |finding: LocatedFinding| {
        found.push((finding.location.line, finding.location.column, finding.finding.pointer));
        Ok(())
    };
    let text = "{\n  \"x\": 1,\n  \"a\":\n    5\n}\n";
    let summary = document(text.as_bytes(), &validator, &mut sink).unwrap();
    assert_eq!((summary.documents, summary.invalid, summary.findings), (1, 1, 2));
    found.sort();
    assert_eq!(found, [(1, 1, "/b".to_owned()), (4, 5, "/a".to_owned())]);
}
