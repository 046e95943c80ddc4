//! Asking all cases, and finding out which of them did it when something goes wrong.
//!
//! Cases are pipelined: up to a window of them is on its way at once. So when a program crashes, hangs or prints
//! something else than the next answer, several cases may have done it: those that wait for an answer, and the one
//! before, whose answer may have had something behind it. These suspects are asked again one at a time, each
//! followed by a `hello` as a fence, and only the one that does it again is blamed. Where none does, the run keeps
//! the fault as an incident, which is a finding too: nothing that went wrong disappears.

use super::{
    Connection, Ending, Launcher, Received,
    answer::{read_answer, shown},
    greeting::{Hello, greet, hello_line, line, smoke_test},
};
use crate::{
    case::Case,
    judge::{Failure, FailureKind, Verdict, judge},
    wire::Answer,
};
use std::{collections::VecDeque, time::Duration};

/// How long and how often.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For one answer, and for the end after the last one.
    pub answer: Duration,
    /// For the first answer of a program, which includes its start.
    pub start: Duration,
    /// Cases on their way at once.
    pub window: usize,
    /// Restarts in a run.
    pub restarts: usize,
    /// Faulty cases one after the other.
    pub faults_in_a_row: usize,
    /// Cases that get no answer in time.
    pub hangs: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(10),
            start: Duration::from_secs(30),
            window: 64,
            restarts: 200,
            faults_in_a_row: 40,
            hangs: 6,
        }
    }
}

/// What came of one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What it is worth.
    pub verdict: Verdict,
    /// The answer, where there was one.
    pub answer: Option<Answer>,
    /// The last that the program wrote to standard error, where it failed without an answer.
    pub stderr: String,
}

/// What came of all cases.
#[derive(Debug)]
pub struct Conversation {
    /// What the implementation says that it is.
    pub hello: Hello,
    /// One outcome for each case, in their order.
    pub outcomes: Vec<Outcome>,
    /// What went wrong and could not be laid to one case.
    pub incidents: Vec<String>,
    /// How often the program was started again.
    pub restarts: usize,
}

/// Something else than the next answer; the connection is over.
struct Fault {
    failure: Failure,
    /// The request that an answer out of turn is about.
    about: Option<u64>,
    stderr: String,
}

const FIRST_ID: u64 = 10;

/// Asks an implementation all cases.
///
/// `progress` is called with the number of cases that have an outcome.
///
/// # Errors
///
/// Why the implementation could not be judged at all: it does not start, or fails the greeting or the smoke test.
pub fn converse(
    launcher: &mut dyn Launcher,
    cases: &[&Case],
    limits: &Limits,
    progress: &dyn Fn(usize),
) -> Result<Conversation, String> {
    let mut connection = launcher.launch()?;
    let greeted = greet(connection.as_mut(), limits.start)
        .and_then(|hello| smoke_test(connection.as_mut(), limits.answer).map(|()| hello));
    let hello = match greeted {
        Ok(hello) => hello,
        Err(problem) => return Err(with_ending(problem, &connection.end(Duration::from_millis(50)))),
    };
    let mut session = Session {
        launcher,
        limits,
        cases,
        progress,
        connection: Some(connection),
        outcomes: vec![None; cases.len()],
        incidents: Vec::new(),
        restarts: 0,
        faults_in_a_row: 0,
        hangs: 0,
        given_up: None,
        next_id: FIRST_ID,
    };
    let queue = session.leave_out_other_profiles(&hello);
    session.ask_all(queue);
    let reason = session.given_up.clone().unwrap_or_default();
    let not_asked = || Outcome {
        verdict: Verdict::Failed(Failure::new(FailureKind::NotAsked, format!("not asked: {reason}"))),
        answer: None,
        stderr: String::new(),
    };
    let outcomes = session.outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(not_asked)).collect();
    Ok(Conversation { hello, outcomes, incidents: session.incidents, restarts: session.restarts })
}

fn with_ending(problem: String, ending: &Ending) -> String {
    let stderr =
        if ending.stderr.is_empty() { String::new() } else { format!("\nstandard error: {}", ending.stderr) };
    format!("{problem} ({}){stderr}", ending.how)
}

struct Session<'a> {
    launcher: &'a mut dyn Launcher,
    limits: &'a Limits,
    cases: &'a [&'a Case],
    progress: &'a dyn Fn(usize),
    connection: Option<Box<dyn Connection>>,
    outcomes: Vec<Option<Outcome>>,
    incidents: Vec<String>,
    restarts: usize,
    faults_in_a_row: usize,
    hangs: usize,
    given_up: Option<String>,
    next_id: u64,
}

impl Session<'_> {
    /// Cases of a profile that the implementation does not claim are not asked; the others are returned.
    fn leave_out_other_profiles(&mut self, hello: &Hello) -> VecDeque<usize> {
        let mut queue = VecDeque::new();
        for (index, case) in self.cases.iter().enumerate() {
            if hello.profiles.contains(&case.profile) {
                queue.push_back(index);
            } else {
                let reason = format!("it does not claim the profile {}", case.profile);
                self.record(index, Verdict::NotImplemented(Some(reason)), None, String::new());
            }
        }
        queue
    }

    fn ask_all(&mut self, mut queue: VecDeque<usize>) {
        while !queue.is_empty() && self.given_up.is_none() {
            let (fault, suspects) = match self.pipeline(&mut queue) {
                Ok(_) if self.given_up.is_some() => break,
                Ok(last) => match self.finish() {
                    Ok(()) => return,
                    Err(fault) => (fault, Vec::from_iter(last)),
                },
                Err(found) => found,
            };
            self.find_culprit(&fault, suspects);
        }
        if let Some(mut connection) = self.connection.take() {
            connection.end(Duration::ZERO);
        }
        if let Some(reason) = &self.given_up {
            self.incidents.push(format!("the run was given up: {reason}"));
        }
    }

    /// Asks what is in the queue, and gives the last case that was answered. On a fault, what has been sent is gone
    /// from the queue and returned as suspects.
    fn pipeline(&mut self, queue: &mut VecDeque<usize>) -> Result<Option<usize>, (Fault, Vec<usize>)> {
        let mut sent: VecDeque<(u64, usize)> = VecDeque::new();
        let mut answered: Vec<(u64, usize)> = Vec::new();
        loop {
            while sent.len() < self.limits.window
                && let Some(index) = queue.front().copied()
            {
                let Some(id) = self.send(index) else { return Ok(None) };
                queue.pop_front();
                sent.push_back((id, index));
            }
            let Some(&(id, index)) = sent.front() else { return Ok(answered.last().map(|last| last.1)) };
            match self.next_answer(id, &self.cases[index].id) {
                Ok(answer) => {
                    sent.pop_front();
                    answered.push((id, index));
                    self.judge(index, answer);
                }
                Err(fault) => {
                    // The case before this one may have had more to say; one that is answered twice certainly had.
                    let twice = answered.iter().find(|(id, _)| fault.about == Some(*id));
                    let mut suspects = Vec::from_iter(twice.or(answered.last()).map(|suspect| suspect.1));
                    suspects.extend(sent.iter().map(|suspect| suspect.1));
                    return Err((fault, suspects));
                }
            }
        }
    }

    /// Asks the suspects one at a time.
    fn find_culprit(&mut self, fault: &Fault, suspects: Vec<usize>) {
        let mut found = false;
        let names: Vec<_> = suspects.iter().map(|index| self.cases[*index].id.as_str()).collect();
        for index in suspects {
            if self.given_up.is_some() {
                return;
            }
            match self.alone(index) {
                Some(Ok(answer)) => self.judge(index, answer),
                Some(Err(fault)) => {
                    found = true;
                    self.faults_in_a_row += 1;
                    self.hangs += usize::from(fault.failure.kind == FailureKind::Hang);
                    self.record(index, Verdict::Failed(fault.failure), None, fault.stderr);
                    self.consider_giving_up();
                }
                None => return,
            }
        }
        if !found {
            // Counted, so that a program that hangs now and then does not hold up the run for ever.
            self.hangs += usize::from(fault.failure.kind == FailureKind::Hang);
            let suspects = match names.as_slice() {
                [] => "no case was on its way".to_owned(),
                [name] => format!("the case {name} was the last, and did not do it again"),
                [first, .., last] => {
                    format!("none of the cases from {first} to {last} did it again when asked one at a time")
                }
            };
            let stderr = if fault.stderr.is_empty() {
                String::new()
            } else {
                format!("\nstandard error: {}", fault.stderr)
            };
            self.incidents
                .push(format!("{}: {}; {suspects}{stderr}", fault.failure.kind, fault.failure.message));
            self.consider_giving_up();
        }
    }

    /// Asks one case and then, as a fence, `hello`: all that comes before the answer to that is of this case.
    fn alone(&mut self, index: usize) -> Option<Result<Answer, Fault>> {
        let id = self.send(index)?;
        let answer = match self.next_answer(id, &self.cases[index].id) {
            Ok(answer) => answer,
            Err(fault) => return Some(Err(fault)),
        };
        let fence = self.take_id();
        if let Some(connection) = &mut self.connection {
            connection.send(hello_line(fence));
        }
        Some(match self.next_answer(fence, "hello") {
            Ok(_) => Ok(answer),
            Err(mut fault) => {
                fault.failure = match fault.failure.kind {
                    FailureKind::Crash => Failure::new(
                        FailureKind::Crash,
                        format!("after its answer, {}", fault.failure.message),
                    ),
                    FailureKind::Hang => {
                        let message = "it answered, and then no longer answered \"hello\"";
                        Failure::new(FailureKind::Hang, message)
                    }
                    _ => {
                        let message = format!("after its answer it printed more: {}", fault.failure.message);
                        Failure::new(FailureKind::ExtraOutput, message)
                    }
                };
                Err(fault)
            }
        })
    }

    /// Sends a case, starting the program where it does not run. None where it cannot be started again.
    fn send(&mut self, index: usize) -> Option<u64> {
        if self.connection.is_none() {
            self.restarts += 1;
            let limits = self.limits;
            let started = self.launcher.launch().and_then(|mut connection| {
                match greet(connection.as_mut(), limits.start) {
                    Ok(_) => Ok(connection),
                    Err(problem) => Err(with_ending(problem, &connection.end(Duration::ZERO))),
                }
            });
            match started {
                Ok(connection) => self.connection = Some(connection),
                Err(problem) => {
                    self.given_up = Some(format!("it could not be started again: {problem}"));
                    return None;
                }
            }
        }
        let id = self.take_id();
        let connection = self.connection.as_mut()?;
        connection.send(line(&self.cases[index].request(id)));
        Some(id)
    }

    fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Waits for the answer to a request. A fault ends the connection.
    fn next_answer(&mut self, id: u64, name: &str) -> Result<Answer, Fault> {
        let Some(connection) = &mut self.connection else {
            return Err(self.end_with(Failure::new(FailureKind::Crash, "it had ended"), None));
        };
        let within = self.limits.answer;
        match connection.receive(within) {
            Received::Line(line) => match read_answer(&line) {
                Ok(response) if response.id == id => Ok(response.answer),
                Ok(response) => {
                    let other = response.id;
                    let message = format!(
                        "it answered request {other} where the answer to request {id} ({name}) was due"
                    );
                    Err(self.end_with(Failure::new(FailureKind::OutOfTurn, message), Some(other)))
                }
                Err(failure) => Err(self.end_with(failure, None)),
            },
            Received::TooLong => {
                let message = format!("it printed a line of more than {} bytes", super::LONGEST_LINE);
                Err(self.end_with(Failure::new(FailureKind::TooLong, message), None))
            }
            Received::Ended(rest) => Err(self.end_with(Failure::new(FailureKind::Crash, ended(&rest)), None)),
            Received::Silence => {
                let message = format!("it did not answer within {within:?}");
                Err(self.end_with(Failure::new(FailureKind::Hang, message), None))
            }
        }
    }

    /// Ends the connection after a fault; a crash is told with the status of the program.
    fn end_with(&mut self, mut failure: Failure, about: Option<u64>) -> Fault {
        let mut stderr = String::new();
        if let Some(mut connection) = self.connection.take() {
            // A program that has closed its output may need a moment to be gone; any other is stopped at once.
            let crashed = failure.kind == FailureKind::Crash;
            let ending = connection.end(if crashed { Duration::from_secs(1) } else { Duration::ZERO });
            if crashed {
                failure.message = format!("{}: {}", failure.message, ending.how);
            }
            stderr = ending.stderr;
        }
        Fault { failure, about, stderr }
    }

    /// Ends the conversation as the protocol has it: the input ends, and so does the program, in silence.
    fn finish(&mut self) -> Result<(), Fault> {
        let Some(connection) = &mut self.connection else { return Ok(()) };
        connection.close_input();
        let mut silent = false;
        match connection.receive(self.limits.answer) {
            Received::Ended(rest) if rest.is_empty() => {}
            Received::Line(line) | Received::Ended(line) => {
                let message = format!("after its last answer it printed more: {}", shown(&line));
                return Err(self.end_with(Failure::new(FailureKind::ExtraOutput, message), None));
            }
            Received::TooLong => {
                let message = "after its last answer it printed a line without an end";
                return Err(self.end_with(Failure::new(FailureKind::ExtraOutput, message), None));
            }
            Received::Silence => silent = true,
        }
        if let Some(mut connection) = self.connection.take() {
            let ending = connection.end(if silent { Duration::ZERO } else { self.limits.answer });
            if !ending.clean {
                let problem = "at the end of its input a program should exit with status 0".to_owned();
                self.incidents.push(with_ending(problem, &ending));
            }
        }
        Ok(())
    }

    fn consider_giving_up(&mut self) {
        let limits = self.limits;
        let reason = if self.hangs >= limits.hangs {
            format!("{} cases got no answer in time", self.hangs)
        } else if self.faults_in_a_row >= limits.faults_in_a_row {
            format!("{} cases one after the other made it fail", self.faults_in_a_row)
        } else if self.restarts >= limits.restarts {
            format!("it had been started again {} times", self.restarts)
        } else {
            return;
        };
        self.given_up = Some(reason);
    }

    fn judge(&mut self, index: usize, answer: Answer) {
        self.faults_in_a_row = 0;
        self.record(index, judge(self.cases[index], &answer), Some(answer), String::new());
    }

    fn record(&mut self, index: usize, verdict: Verdict, answer: Option<Answer>, stderr: String) {
        if self.outcomes[index].is_none() {
            (self.progress)(1);
        }
        self.outcomes[index] = Some(Outcome { verdict, answer, stderr });
    }
}

fn ended(rest: &[u8]) -> String {
    if rest.is_empty() {
        "it ended without an answer".to_owned()
    } else {
        format!("it ended in the middle of a line, {}", shown(rest))
    }
}

#[cfg(test)]
mod tests;
