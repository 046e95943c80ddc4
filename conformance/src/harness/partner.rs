//! The program at the other end: started again after every fault, and asked one line at a time.

use super::{
    Connection, Ending, LONGEST_LINE, Launcher, Limits, Received,
    answer::{read_answer, shown},
    greeting::{Hello, greet, hello_line, line, smoke_test},
};
use crate::{
    case::Case,
    judge::{Failure, FailureKind},
    wire::Answer,
};
use std::time::Duration;

/// Something else than the next answer; the program has been stopped.
pub(super) struct Fault {
    pub failure: Failure,
    /// The request that an answer out of turn is about.
    pub about: Option<u64>,
    /// The last that the program wrote to standard error.
    pub stderr: String,
}

/// The program, running or not.
pub(super) struct Partner<'a> {
    launcher: &'a mut dyn Launcher,
    limits: &'a Limits,
    connection: Option<Box<dyn Connection>>,
    /// How often it was started again.
    pub restarts: usize,
    next_id: u64,
}

/// Those before it are for greetings.
const FIRST_ID: u64 = 10;
/// How long a program that has closed its output may need to be gone.
const LAST_STEPS: Duration = Duration::from_secs(1);

impl<'a> Partner<'a> {
    /// Starts the program for the first time, with the smoke test.
    pub fn meet(launcher: &'a mut dyn Launcher, limits: &'a Limits) -> Result<(Self, Hello), String> {
        let mut connection = launcher.launch()?;
        let greeted = greet(connection.as_mut(), limits.start)
            .and_then(|hello| smoke_test(connection.as_mut(), limits.answer).map(|()| hello));
        let hello = match greeted {
            Ok(hello) => hello,
            Err(problem) => return Err(with_ending(problem, &connection.end(Duration::from_millis(50)))),
        };
        let connection = Some(connection);
        Ok((Self { launcher, limits, connection, restarts: 0, next_id: FIRST_ID }, hello))
    }

    /// Sends a case, starting the program where it does not run, and gives the id of the request.
    ///
    /// The error says why it could not be started again.
    pub fn send(&mut self, case: &Case) -> Result<u64, String> {
        let id = self.take_id();
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => {
                self.restarts += 1;
                let mut connection = self.launcher.launch()?;
                if let Err(problem) = greet(connection.as_mut(), self.limits.start) {
                    return Err(with_ending(problem, &connection.end(Duration::ZERO)));
                }
                none.insert(connection)
            }
        };
        connection.send(line(&case.request(id)));
        Ok(id)
    }

    /// Sends a `hello`: what comes before its answer belongs to what was asked before.
    pub fn send_fence(&mut self) -> u64 {
        let id = self.take_id();
        if let Some(connection) = &mut self.connection {
            connection.send(hello_line(id));
        }
        id
    }

    fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Waits for the answer to a request. A fault ends the connection.
    pub fn answer(&mut self, id: u64, name: &str) -> Result<Answer, Fault> {
        let within = self.limits.answer;
        let received = self
            .connection
            .as_mut()
            .map_or(Received::Ended(Vec::new()), |connection| connection.receive(within));
        match received {
            Received::Line(line) => match read_answer(&line) {
                Ok(response) if response.id == id => Ok(response.answer),
                Ok(response) => {
                    let other = response.id;
                    let message = format!(
                        "it answered request {other} where the answer to request {id} ({name}) was due"
                    );
                    Err(self.fault(FailureKind::OutOfTurn, message, Some(other)))
                }
                Err(failure) => Err(self.fault(failure.kind, failure.message, None)),
            },
            Received::TooLong => {
                let message = format!("it printed a line of more than {LONGEST_LINE} bytes");
                Err(self.fault(FailureKind::TooLong, message, None))
            }
            Received::Ended(rest) if rest.is_empty() => {
                Err(self.fault(FailureKind::Crash, "it ended without an answer".to_owned(), None))
            }
            Received::Ended(rest) => {
                let message = format!("it ended in the middle of a line, {}", shown(&rest));
                Err(self.fault(FailureKind::Crash, message, None))
            }
            Received::Silence => {
                Err(self.fault(FailureKind::Hang, format!("it did not answer within {within:?}"), None))
            }
        }
    }

    /// Stops the program after a fault; a crash is told with the status of the program.
    fn fault(&mut self, kind: FailureKind, mut message: String, about: Option<u64>) -> Fault {
        let mut stderr = String::new();
        if let Some(mut connection) = self.connection.take() {
            let crashed = kind == FailureKind::Crash;
            let ending = connection.end(if crashed { LAST_STEPS } else { Duration::ZERO });
            if crashed {
                message = format!("{message}: {}", ending.how);
            }
            stderr = ending.stderr;
        }
        Fault { failure: Failure::new(kind, message), about, stderr }
    }

    /// Ends the conversation as the protocol has it: the input ends, and so does the program, in silence. An ending of
    /// another kind is returned as a sentence.
    pub fn finish(&mut self) -> Result<Option<String>, Fault> {
        let Some(connection) = &mut self.connection else { return Ok(None) };
        connection.close_input();
        let (grace, more) = match connection.receive(self.limits.answer) {
            Received::Ended(rest) if rest.is_empty() => (self.limits.answer, None),
            Received::Silence => (Duration::ZERO, None),
            Received::Line(line) | Received::Ended(line) => (Duration::ZERO, Some(shown(&line))),
            Received::TooLong => (Duration::ZERO, Some("a line without an end".to_owned())),
        };
        if let Some(more) = more {
            let message = format!("after its last answer it printed more: {more}");
            return Err(self.fault(FailureKind::ExtraOutput, message, None));
        }
        let ending = connection.end(grace);
        self.connection = None;
        let problem = "at the end of its input a program should exit with status 0";
        Ok((!ending.clean).then(|| with_ending(problem.to_owned(), &ending)))
    }

    /// Stops the program.
    pub fn stop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.end(Duration::ZERO);
        }
    }
}

fn with_ending(problem: String, ending: &Ending) -> String {
    format!("{problem} ({}){}", ending.how, last_words(&ending.stderr))
}

/// What a program wrote to standard error, as the end of a message.
pub(super) fn last_words(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!("\nstandard error: {stderr}") }
}
