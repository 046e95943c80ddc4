//! Asking all cases, and finding out which of them did it when something goes wrong.
//!
//! Cases are pipelined: up to a window of them is on its way at once. So when a program crashes, hangs or prints
//! something else than the next answer, several cases may have done it: those that wait for an answer, and the one
//! before, whose answer may have had something behind it. These suspects are asked again one at a time, each
//! followed by a `hello` as a fence, and only the one that does it again is blamed. Where none does, the run keeps
//! the fault as an incident, which is a finding too: nothing that went wrong disappears.

use super::{
    Launcher,
    greeting::Hello,
    partner::{Fault, Partner, last_words},
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
    let (partner, hello) = Partner::meet(launcher, limits)?;
    let mut session = Session {
        partner,
        limits,
        cases,
        progress,
        outcomes: vec![None; cases.len()],
        incidents: Vec::new(),
        faults_in_a_row: 0,
        hangs: 0,
        given_up: None,
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
    Ok(Conversation { hello, outcomes, incidents: session.incidents, restarts: session.partner.restarts })
}

struct Session<'a> {
    partner: Partner<'a>,
    limits: &'a Limits,
    cases: &'a [&'a Case],
    progress: &'a dyn Fn(usize),
    outcomes: Vec<Option<Outcome>>,
    incidents: Vec<String>,
    faults_in_a_row: usize,
    hangs: usize,
    given_up: Option<String>,
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
                Ok(last) => match self.partner.finish() {
                    Ok(incident) => {
                        self.incidents.extend(incident);
                        return;
                    }
                    Err(fault) => (fault, Vec::from_iter(last)),
                },
                Err(found) => found,
            };
            self.find_culprit(&fault, suspects);
        }
        self.partner.stop();
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
            match self.partner.answer(id, &self.cases[index].id) {
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
            let Failure { kind, message } = &fault.failure;
            let last_words = last_words(&fault.stderr);
            self.incidents.push(format!("{kind}: {message}; {suspects}{last_words}"));
            self.consider_giving_up();
        }
    }

    /// Asks one case and then, as a fence, `hello`: all that comes before the answer to that is of this case.
    fn alone(&mut self, index: usize) -> Option<Result<Answer, Fault>> {
        let id = self.send(index)?;
        let answer = match self.partner.answer(id, &self.cases[index].id) {
            Ok(answer) => answer,
            Err(fault) => return Some(Err(fault)),
        };
        let fence = self.partner.send_fence();
        Some(match self.partner.answer(fence, "hello") {
            Ok(_) => Ok(answer),
            Err(fault) => Err(Fault { failure: after_the_answer(&fault.failure), ..fault }),
        })
    }

    /// Sends a case. None where the program cannot be started again.
    fn send(&mut self, index: usize) -> Option<u64> {
        match self.partner.send(self.cases[index]) {
            Ok(id) => Some(id),
            Err(problem) => {
                self.given_up = Some(format!("it could not be started again: {problem}"));
                None
            }
        }
    }

    fn consider_giving_up(&mut self) {
        let limits = self.limits;
        let reason = if self.hangs >= limits.hangs {
            format!("{} cases got no answer in time", self.hangs)
        } else if self.faults_in_a_row >= limits.faults_in_a_row {
            format!("{} cases one after the other made it fail", self.faults_in_a_row)
        } else if self.partner.restarts >= limits.restarts {
            format!("it had been started again {} times", self.partner.restarts)
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

/// A failure at the fence, told as one of the case before it.
fn after_the_answer(failure: &Failure) -> Failure {
    let message = &failure.message;
    match failure.kind {
        FailureKind::Crash => Failure::new(FailureKind::Crash, format!("after its answer, {message}")),
        FailureKind::Hang => {
            Failure::new(FailureKind::Hang, "it answered, and then no longer answered \"hello\"")
        }
        _ => Failure::new(FailureKind::ExtraOutput, format!("after its answer it printed more: {message}")),
    }
}

#[cfg(test)]
mod tests;
