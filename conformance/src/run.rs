//! A run: choose the cases, make the implementations ready, ask them beside one another, and put together what
//! was found.

use crate::{
    built_in::{BUILT_IN, Prepared, Surroundings, prepare},
    case::{Case, Expectation},
    expected_failures::ExpectedFailures,
    harness::{Conversation, Limits, Outcome, Program, converse},
    judge::Verdict,
    profiles::profiles,
    progress::Progress,
    requirements::Requirements,
    result::{
        CaseResult, CaseStatus, CitedRequirement, Conclusion, Details, Expected, ImplementationResult,
        ProfileCounts, RunResult, Selection, Status, VERSION,
    },
    suite::{Suite, SuiteError},
    time::utc,
};
use globset::Glob;
use std::{
    collections::BTreeSet,
    fmt,
    num::NonZeroUsize,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Instant, SystemTime},
};

/// An implementation to judge.
#[derive(Clone, Debug, PartialEq)]
pub enum Requested {
    /// One of this repository, by its name.
    BuiltIn(String),
    /// A command that speaks the harness protocol.
    Command(String),
}

/// What to run and how.
#[derive(Debug)]
pub struct RunOptions {
    /// Whom to judge; nobody means all that are built in.
    pub implementations: Vec<Requested>,
    /// Only this profile.
    pub profile: Option<String>,
    /// Only the cases that this glob matches.
    pub case: Option<String>,
    /// Programs at once. Without it, one for each processor, and one for each implementation at most.
    pub jobs: Option<NonZeroUsize>,
    /// How long and how often.
    pub limits: Limits,
    /// Failures that are known.
    pub expected_failures: ExpectedFailures,
    /// A folder of cases instead of the built-in ones.
    pub cases: Option<PathBuf>,
    /// Where the runner is.
    pub surroundings: Surroundings,
    /// The words of the command that runs one case again; the implementation and the case are added.
    pub rerun: Vec<String>,
}

/// Why nothing was run.
#[derive(Debug)]
pub enum RunError {
    /// The cases themselves are at fault.
    Suite(SuiteError),
    /// An option is.
    Option(String),
}

impl fmt::Display for RunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Suite(error) => error.fmt(formatter),
            RunError::Option(problem) => formatter.write_str(problem),
        }
    }
}

impl std::error::Error for RunError {}

/// The cases that a profile and a glob select.
///
/// # Errors
///
/// Where there is no such profile, or the glob is none.
pub fn select<'a>(
    suite: &'a Suite,
    profile: Option<&str>,
    glob: Option<&str>,
) -> Result<Vec<&'a Case>, RunError> {
    if let Some(name) = profile {
        let known: Vec<_> = profiles().into_iter().map(|profile| profile.name).collect();
        if !known.iter().any(|known| known == name) {
            let problem = format!("there is no profile {name:?}; there are {}", known.join(", "));
            return Err(RunError::Option(problem));
        }
    }
    let matcher = match glob {
        Some(glob) => {
            let problem = |error| RunError::Option(format!("--case: {error}"));
            Some(Glob::new(glob).map_err(problem)?.compile_matcher())
        }
        None => None,
    };
    let selected = suite.cases.iter().filter(|case| {
        profile.is_none_or(|profile| case.profile == profile)
            && matcher.as_ref().is_none_or(|matcher| matcher.is_match(&case.id))
    });
    Ok(selected.collect())
}

/// Judges implementations by the cases.
///
/// # Errors
///
/// Why nothing could be run; what goes wrong with one implementation is in the result.
pub fn run(options: &RunOptions, progress: &dyn Progress) -> Result<RunResult, RunError> {
    let (began, started) = (SystemTime::now(), Instant::now());
    let requirements = Requirements::embedded();
    let suite = match &options.cases {
        Some(folder) => Suite::from_folder(folder, &requirements),
        None => Suite::embedded(&requirements),
    }
    .map_err(RunError::Suite)?;
    let cases = select(&suite, options.profile.as_deref(), options.case.as_deref())?;
    let requested = requested(options)?;

    let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let jobs = options.jobs.map_or(processors, NonZeroUsize::get);
    // Only who asks for more jobs than there are implementations gets several programs of one.
    let shards = options.jobs.map_or(1, |jobs| (jobs.get() / requested.len()).max(1));
    let next = AtomicUsize::new(0);
    let results: Vec<_> = requested.iter().map(|_| Mutex::new(None)).collect();
    thread::scope(|scope| {
        for _ in 0..jobs.min(requested.len()) {
            scope.spawn(|| {
                while let Some((index, (name, requested))) =
                    requested.get(next.fetch_add(1, Ordering::Relaxed)).map(|entry| (entry.0, &entry.1))
                {
                    let one = One { options, name, requested, cases: &cases, shards, progress };
                    let result = one.judge();
                    progress.finished(name);
                    *results[index].lock().expect("no thread panics with it") = Some(result);
                }
            });
        }
    });
    let implementations: Vec<_> = results
        .into_iter()
        .filter_map(|result| result.into_inner().expect("no thread panics with it"))
        .collect();

    let stale_expected_failures = stale(&options.expected_failures, &suite, &implementations);
    let cited: BTreeSet<_> = implementations
        .iter()
        .flat_map(|implementation| &implementation.cases)
        .filter_map(|case| Some(&case.details.as_ref()?.requirements))
        .flatten()
        .collect();
    let mut result = RunResult {
        version: VERSION,
        runner: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: utc(began),
        duration_ms: milliseconds(started),
        selection: Selection {
            profile: options.profile.clone(),
            case: options.case.clone(),
            cases: cases.len(),
        },
        conclusion: Conclusion::Passed,
        requirements: requirements
            .iter()
            .filter(|requirement| cited.contains(&requirement.id))
            .map(|requirement| CitedRequirement {
                id: requirement.id.clone(),
                level: requirement.level,
                text: requirement.text.clone(),
            })
            .collect(),
        implementations,
        stale_expected_failures,
    };
    result.conclusion = conclude(&result);
    Ok(result)
}

/// Whom to judge: an index, and the name that reports use, which no other has.
type Named = (usize, (String, Requested));

fn requested(options: &RunOptions) -> Result<Vec<Named>, RunError> {
    let mut requested = options.implementations.clone();
    if requested.is_empty() {
        requested = BUILT_IN.iter().map(|name| Requested::BuiltIn((*name).to_owned())).collect();
    }
    let mut named: Vec<Named> = Vec::new();
    for (index, requested) in requested.into_iter().enumerate() {
        let name = match &requested {
            Requested::BuiltIn(name) if !BUILT_IN.contains(&name.as_str()) => {
                let problem = format!(
                    "--impl: no implementation is built in under the name {name:?}; there are {}",
                    BUILT_IN.join(", ")
                );
                return Err(RunError::Option(problem));
            }
            Requested::BuiltIn(name) | Requested::Command(name) => name.clone(),
        };
        let same = named.iter().filter(|(_, (_, other))| *other == requested).count();
        let name = if same == 0 { name } else { format!("{name} #{}", same + 1) };
        named.push((index, (name, requested)));
    }
    Ok(named)
}

fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// One implementation of a run.
struct One<'a> {
    options: &'a RunOptions,
    name: &'a str,
    requested: &'a Requested,
    cases: &'a [&'a Case],
    shards: usize,
    progress: &'a dyn Progress,
}

impl One<'_> {
    fn judge(&self) -> ImplementationResult {
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

/// What is wrong with the expected failures: one that passes, fails otherwise, or is about no case.
fn stale(
    expected: &ExpectedFailures,
    suite: &Suite,
    implementations: &[ImplementationResult],
) -> Vec<String> {
    let mut problems = Vec::new();
    for (place, entry) in expected.entries.iter().enumerate() {
        let of = entry.implementation.as_ref().map_or(String::new(), |name| format!(" of {name}"));
        let name = format!("expected failure {:?}{of}", entry.pattern);
        if !suite.cases.iter().any(|case| entry.matches(&case.id)) {
            problems.push(format!("{name}: no case matches it"));
        }
        for implementation in implementations {
            for case in &implementation.cases {
                if expected.find(&implementation.name, &case.id).is_none_or(|found| found.0 != place) {
                    continue;
                }
                let came_out = match (case.status, &case.details) {
                    (CaseStatus::ExpectedFailure, _) => continue,
                    (CaseStatus::Failed, Some(details)) => {
                        format!("fails otherwise: {}", details.failure.message)
                    }
                    (CaseStatus::NotImplemented, _) => "is not implemented".to_owned(),
                    _ => "passes".to_owned(),
                };
                let (case, implementation) = (&case.id, &implementation.name);
                problems.push(format!(
                    "{name}: expected {}, but {case} of {implementation} {came_out}",
                    entry.expect
                ));
            }
        }
    }
    problems
}

fn conclude(result: &RunResult) -> Conclusion {
    let any = |test: fn(&ImplementationResult) -> bool| result.implementations.iter().any(test);
    if any(|implementation| implementation.status == Status::Unusable) {
        return Conclusion::CouldNotRun;
    }
    let totals = result.totals();
    let found = totals.failed > 0
        || totals.run() == 0
        || any(|implementation| !implementation.incidents.is_empty())
        || !result.stale_expected_failures.is_empty();
    if found { Conclusion::Findings } else { Conclusion::Passed }
}
