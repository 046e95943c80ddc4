//! The harness adapter of the Rust implementation: it connects the crate `state-sync` to the suite, and does
//! nothing that another language's adapter does not do.

mod answer;
pub(crate) mod engine;
mod engine_options;
mod engine_trace;
pub(crate) mod persistence;
mod persistence_options;
mod persistence_trace;
pub(crate) mod script;

pub use answer::answer;

use crate::wire::{Request, Response};
use std::io::{self, BufRead, Write};

/// Answers requests, one a line, until the input ends.
///
/// # Errors
///
/// Where the input or the output breaks, or a line is no request.
pub fn serve(input: impl BufRead, output: impl Write) -> io::Result<()> {
    serve_with(answer, input, output)
}

/// As [`serve`], with an implementation of the caller's.
///
/// # Errors
///
/// As [`serve`].
pub fn serve_with(
    mut answer: impl FnMut(&Request) -> crate::wire::Answer,
    input: impl BufRead,
    mut output: impl Write,
) -> io::Result<()> {
    for line in input.lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let response = Response { id: request.id, answer: answer(&request) };
        serde_json::to_writer(&mut output, &response)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_the_order_of_the_requests() {
        let requests = r#"{"id":1,"op":"hello","input":{"protocol":1}}
{"id":2,"op":"revision.next","input":{"value":"9"}}
{"id":3,"op":"revision.forget","input":{}}
"#;
        let mut output = Vec::new();
        serve(requests.as_bytes(), &mut output).unwrap();
        let lines: Vec<Response> = String::from_utf8(output)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.iter().map(|response| response.id).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(lines[1].answer, crate::wire::Answer::Ok { value: "10".into() });
        assert!(matches!(lines[2].answer, crate::wire::Answer::NotImplemented { .. }));
    }

    #[test]
    fn what_is_no_request_ends_the_conversation() {
        assert!(serve(b"hello\n".as_slice(), io::sink()).is_err());
    }
}
