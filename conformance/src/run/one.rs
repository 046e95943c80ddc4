//! Judging one implementation.

use super::{Requested, RunOptions, milliseconds};
use crate::{
    built_in::{Prepared, prepare},
    case::{Case, Expectation},
    harness::{Conversation, Outcome, Program, converse},
    judge::Verdict,
    progress::Progress,
    result::{CaseResult, CaseStatus, Details, Expected, ImplementationResult, ProfileCounts, Status},
};
use std::{thread, time::Instant};

/// One implementation of a run.
pub(super) struct One<'a> {
    pub options: &'a RunOptions,
    pub name: &'a str,
    pub requested: &'a Requested,
    pub cases: &'a [&'a Case],
    pub shards: usize,
    pub progress: &'a dyn Progress,
}

impl One<'_> {
    pub fn judge(&self) -> ImplementationResult {
        let prepared = match self.requested {
            Requested::BuiltIn(name) => prepare(name, &self.options.surroundings, self.progress),
            Requested::Command(command) => {
                Program::of_command(command).map_or_else(Prepared::Broken, Prepared::Ready)
            }
        };
        let started = Instant::now();
        let (status, reason) = match prepared {
            Prepared::Ready(program) => match self.converse(&program) {
                Ok(conversation) => return self.result(conversation, milliseconds(started)),
                Err(problem) => (Status::Unusable, problem),
            },
            Prepared::Skipped(reason) => (Status::Skipped, reason),
            Prepared::Broken(reason) => (Status::Unusable, reason),
        };
        ImplementationResult {
            name: self.name.to_owned(),
            status,
            reason: Some(reason),
            hello: None,
            duration_ms: milliseconds(started),
            restarts: 0,
            incidents: Vec::new(),
            profiles: Vec::new(),
            cases: Vec::new(),
        }
    }

    /// Asks all cases, split over several programs where jobs are left for it.
    fn converse(&self, program: &Program) -> Result<Conversation, String> {
        self.progress.asking(self.name, self.cases.len());
        let size = self.cases.len().div_ceil(self.shards).max(1);
        let ask = |cases: &[&Case]| {
            let answered = |count| self.progress.answered(self.name, count);
            converse(&mut program.clone(), cases, &self.options.limits, &answered)
        };
        if size >= self.cases.len() {
            return ask(self.cases);
        }
        let ask = &ask;
        let parts: Vec<_> = thread::scope(|scope| {
            let started: Vec<_> =
                self.cases.chunks(size).map(|part| scope.spawn(move || ask(part))).collect();
            started.into_iter().map(|part| part.join().expect("asking does not panic")).collect()
        });
        let mut parts = parts.into_iter();
        let mut whole = parts.next().expect("a part")?;
        for part in parts {
            let part = part?;
            whole.outcomes.extend(part.outcomes);
            whole.incidents.extend(part.incidents);
            whole.restarts += part.restarts;
        }
        Ok(whole)
    }

    fn result(&self, conversation: Conversation, duration_ms: u64) -> ImplementationResult {
        let cases: Vec<_> = self
            .cases
            .iter()
            .zip(conversation.outcomes)
            .map(|(case, outcome)| self.case(case, outcome))
            .collect();
        let mut profiles: Vec<ProfileCounts> = Vec::new();
        for case in &cases {
            let known = profiles.iter().position(|counts| counts.profile == case.profile);
            let known = known.unwrap_or_else(|| {
                profiles.push(ProfileCounts { profile: case.profile.clone(), ..ProfileCounts::default() });
                profiles.len() - 1
            });
            let counts = &mut profiles[known];
            *match case.status {
                CaseStatus::Passed => &mut counts.passed,
                CaseStatus::Failed => &mut counts.failed,
                CaseStatus::ExpectedFailure => &mut counts.expected_failures,
                CaseStatus::NotImplemented => &mut counts.not_implemented,
            } += 1;
        }
        ImplementationResult {
            name: self.name.to_owned(),
            status: Status::Judged,
            reason: None,
            hello: Some(conversation.hello),
            duration_ms,
            restarts: conversation.restarts,
            incidents: conversation.incidents,
            profiles,
            cases,
        }
    }

    fn case(&self, case: &Case, outcome: Outcome) -> CaseResult {
        let result = |status, reason, details| CaseResult {
            id: case.id.clone(),
            profile: case.profile.clone(),
            status,
            reason,
            details,
        };
        let failure = match outcome.verdict {
            Verdict::Passed => return result(CaseStatus::Passed, None, None),
            Verdict::NotImplemented(reason) => return result(CaseStatus::NotImplemented, reason, None),
            Verdict::Failed(failure) => failure,
        };
        let foreseen = self.options.expected_failures.find(self.name, &case.id);
        let foreseen = foreseen.filter(|(_, entry)| entry.expect.is(failure.kind, outcome.answer.as_ref()));
        let status = if foreseen.is_some() { CaseStatus::ExpectedFailure } else { CaseStatus::Failed };
        let (option, value) = match self.requested {
            Requested::BuiltIn(name) => ("--impl", name),
            Requested::Command(command) => ("--cmd", command),
        };
        let details = Details {
            failure,
            requirements: case.requirements.clone(),
            op: case.op.clone(),
            input: case.request(0).input,
            expected: match &case.expect {
                Expectation::Error { code, pointer } => {
                    Expected::Error { code: code.clone(), pointer: pointer.clone() }
                }
                _ => Expected::Ok(case.expected_value().map(|value| value.into_owned()).unwrap_or_default()),
            },
            got: outcome.answer,
            stderr: outcome.stderr,
            rerun: shell_words::join(
                self.options.rerun.iter().map(String::as_str).chain([option, value, "--case", &case.id]),
            ),
        };
        result(status, foreseen.map(|(_, entry)| entry.reason.clone()), Some(details))
    }
}
