//! A run: choose the cases, make the implementations ready, ask them beside one another, and put together what
//! was found.

mod conclusion;
mod one;

use crate::{
    built_in::{BUILT_IN, Surroundings},
    case::Case,
    expected_failures::ExpectedFailures,
    harness::Limits,
    profiles::profiles,
    progress::Progress,
    requirements::Requirements,
    result::{CitedRequirement, Conclusion, RunResult, Selection, VERSION},
    suite::{Suite, SuiteError},
    time::utc,
};
use conclusion::{conclude, stale};
use globset::Glob;
use one::One;
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
