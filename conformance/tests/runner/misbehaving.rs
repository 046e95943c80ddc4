//! An implementation that is right except where it misbehaves: at the revision `107`, at the start or at the end,
//! in the way that its first argument names. The tests of the runner judge it.

use state_sync_conformance::{
    rust_adapter,
    wire::{Request, Response},
};
use std::{
    env,
    io::{self, BufRead, Write},
    process::{self, Command},
    thread,
    time::Duration,
};

const FOR_EVER: Duration = Duration::from_secs(3600);

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let way = arguments.next().unwrap_or_default();
    let mut out = io::stdout();
    match way.as_str() {
        "banner" => println!("Listening on standard input."),
        "dies-at-once" => {
            eprintln!("no licence found");
            process::exit(7);
        }
        "mute" => thread::sleep(FOR_EVER),
        "buffers" => {
            // The mistake of everybody's first adapter: the output stays in a buffer until the end.
            let all: Vec<_> = io::stdin().lock().lines().collect::<Result<_, _>>()?;
            for line in all {
                say(&mut out, &right(&serde_json::from_str(&line)?))?;
            }
        }
        _ => {}
    }
    for line in io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let at_the_place = request.input.get("value").is_some_and(|value| value == "107");
        if at_the_place || way == "always-exits" && request.op == "revision.parse" && !is_smoke_test(&request)
        {
            misbehave(&way, &request, &mut out, arguments.next())?;
        } else {
            say(&mut out, &right(&request))?;
        }
    }
    match way.as_str() {
        "late-word" => say(&mut out, b"Goodbye."),
        "bad-end" => process::exit(4),
        "no-end" => {
            thread::sleep(FOR_EVER);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn is_smoke_test(request: &Request) -> bool {
    request.input.get("value").is_some_and(|value| value == "1")
}

fn right(request: &Request) -> Vec<u8> {
    let response = Response { id: request.id, answer: rust_adapter::answer(request) };
    serde_json::to_vec(&response).expect("a response is JSON")
}

fn say(out: &mut impl Write, line: &[u8]) -> io::Result<()> {
    out.write_all(line)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn misbehave(way: &str, request: &Request, out: &mut io::Stdout, file: Option<String>) -> io::Result<()> {
    let id = request.id;
    match way {
        "exits" | "always-exits" => {
            eprintln!("cannot go on at {:?}", request.input);
            process::exit(3)
        }
        "aborts" => process::abort(),
        "overflows" => {
            // What a recursive parser does.
            println!("{}", depth(0));
            Ok(())
        }
        "hangs" => {
            thread::sleep(FOR_EVER);
            Ok(())
        }
        "hangs-with-child" => {
            let child = Command::new("sleep").arg("3600").spawn()?;
            std::fs::write(file.expect("the file for the id of the child"), child.id().to_string())?;
            thread::sleep(FOR_EVER);
            Ok(())
        }
        "debug-print" => {
            say(out, b"parsing 107")?;
            say(out, &right(request))
        }
        "not-utf8" => say(out, b"{\"id\":\"\xff\"}"),
        "half-a-line" => {
            out.write_all(b"{\"id\":")?;
            out.flush()?;
            process::exit(0)
        }
        "not-an-answer" => say(out, format!(r#"{{"id":{id},"error":"no"}}"#).as_bytes()),
        "wrong-id" => say(out, format!(r#"{{"id":{},"result":"ok","value":"107"}}"#, id + 1).as_bytes()),
        "answers-twice" => {
            say(out, &right(request))?;
            say(out, &right(request))
        }
        "giant-line" => {
            let chunk = vec![b'x'; 1 << 20];
            loop {
                out.write_all(&chunk)?;
            }
        }
        "floods" => loop {
            say(out, &right(request))?;
        },
        "closes-output" => {
            // The program lives on, but nobody hears it: what a closed pipe in a wrapper looks like.
            eprintln!("{}", "x".repeat(100_000));
            eprintln!("the last words");
            process::exit(0)
        }
        "wrong-value" => say(out, format!(r#"{{"id":{id},"result":"ok","value":"108"}}"#).as_bytes()),
        "refuses" => {
            let answer =
                r#""result":"error","code":"invalid-revision","pointer":"","message":"I do not like it.""#;
            say(out, format!(r#"{{"id":{id},{answer}}}"#).as_bytes())
        }
        "silent-refusal" => {
            let answer = r#""result":"error","code":"invalid-revision","pointer":"","message":"""#;
            say(out, format!(r#"{{"id":{id},{answer}}}"#).as_bytes())
        }
        "lacks-it" => {
            let answer = r#""result":"not-implemented","reason":"not yet""#;
            say(out, format!(r#"{{"id":{id},{answer}}}"#).as_bytes())
        }
        _ => say(out, &right(request)),
    }
}

#[allow(unconditional_recursion)]
fn depth(levels: usize) -> usize {
    // The array keeps the compiler from making a loop of it.
    let used = std::hint::black_box([levels; 64]);
    depth(levels + 1) + used[levels % 64]
}
