//! The result document: everything that a run has found, as data. All reports are rendered from it alone.

use crate::{harness::Hello, judge::Failure, requirements::Level, wire::Answer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The schema of the result document.
pub const RESULT_SCHEMA: &str = include_str!("../result.schema.json");

/// The version of the result document.
pub const VERSION: u32 = 1;

/// What a run has found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunResult {
    /// That of this document's form.
    pub version: u32,
    /// The version of the runner.
    pub runner: String,
    /// When the run began, in UTC (RFC 3339).
    pub started_at: String,
    /// How long it took.
    pub duration_ms: u64,
    /// What was asked for.
    pub selection: Selection,
    /// What it all comes to.
    pub conclusion: Conclusion,
    /// Each implementation that was asked for, in that order.
    pub implementations: Vec<ImplementationResult>,
    /// What is wrong with the file of expected failures.
    pub stale_expected_failures: Vec<String>,
    /// The texts of the requirements that failed cases cite.
    pub requirements: Vec<CitedRequirement>,
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// Only this profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Only cases that this glob matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Cases selected.
    pub cases: usize,
}

/// What a run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// Cases were run, and nothing was found.
    Passed,
    /// Something was found: a failed case, an incident, a stale expectation, or that no case was run at all.
    Findings,
    /// An implementation could not be judged.
    CouldNotRun,
}

impl Conclusion {
    /// The exit status of the command.
    pub const fn exit_status(self) -> u8 {
        match self {
            Conclusion::Passed => 0,
            Conclusion::Findings => 1,
            Conclusion::CouldNotRun => 2,
        }
    }
}

/// Whether an implementation was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It was.
    Judged,
    /// It cannot be tried here: its tools or sources are missing.
    Skipped,
    /// It could not be built or started, or does not speak the harness protocol.
    Unusable,
}

/// What was found about one implementation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImplementationResult {
    /// What reports call it: a built-in name, or the command.
    pub name: String,
    /// Whether it was judged.
    pub status: Status,
    /// Why it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it says that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hello: Option<Hello>,
    /// How long the cases took, the start of the program included.
    pub duration_ms: u64,
    /// How often it was started again.
    pub restarts: usize,
    /// What went wrong and belongs to no one case.
    pub incidents: Vec<String>,
    /// Sums by profile.
    pub profiles: Vec<ProfileCounts>,
    /// Every case.
    pub cases: Vec<CaseResult>,
}

/// How many cases of a profile came out how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileCounts {
    /// The profile.
    pub profile: String,
    /// As expected by the case.
    pub passed: usize,
    /// Otherwise, and not foreseen.
    pub failed: usize,
    /// Otherwise, as foreseen by the file of expected failures.
    pub expected_failures: usize,
    /// Not there.
    pub not_implemented: usize,
}

impl ProfileCounts {
    /// Cases that were run.
    pub fn run(&self) -> usize {
        self.passed + self.failed + self.expected_failures
    }
}

/// How a case came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseStatus {
    /// As the case expects.
    Passed,
    /// Otherwise.
    Failed,
    /// Otherwise, as foreseen.
    ExpectedFailure,
    /// The implementation says that it does not have it.
    NotImplemented,
}

/// One case of one implementation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    /// Its id.
    pub id: String,
    /// Its profile.
    pub profile: String,
    /// How it came out.
    pub status: CaseStatus,
    /// Why it is not implemented, or why its failure is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What a reader needs to understand a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
}

/// What a reader needs to understand a failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// What was wrong.
    pub failure: Failure,
    /// The requirements that the case cites.
    pub requirements: Vec<String>,
    /// The operation.
    pub op: String,
    /// Its input, as it went out.
    pub input: Map<String, Value>,
    /// What the case expects.
    pub expected: Expected,
    /// What came, where an answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub got: Option<Answer>,
    /// The last of standard error, where it tells something.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stderr: String,
    /// The command that runs this case alone.
    pub rerun: String,
}

/// What a case expects, with the value that `same` stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// This value.
    Ok(Value),
    /// This refusal.
    Error {
        /// Its code.
        code: String,
        /// Its place.
        pointer: String,
    },
}

/// A requirement that a failed case cites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CitedRequirement {
    /// Its id.
    pub id: String,
    /// How much it asks for.
    pub level: Level,
    /// What it says.
    pub text: String,
}

impl RunResult {
    /// Reads a result document.
    ///
    /// # Errors
    ///
    /// Where the text is none.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        crate::wire::parse_deep(text)
    }

    /// The requirement of this id, where a failed case cites it.
    pub fn requirement(&self, id: &str) -> Option<&CitedRequirement> {
        self.requirements.iter().find(|requirement| requirement.id == id)
    }

    /// All counts together.
    pub fn totals(&self) -> ProfileCounts {
        let mut totals = ProfileCounts::default();
        for counts in self.implementations.iter().flat_map(|implementation| &implementation.profiles) {
            totals.passed += counts.passed;
            totals.failed += counts.failed;
            totals.expected_failures += counts.expected_failures;
            totals.not_implemented += counts.not_implemented;
        }
        totals
    }
}

impl ImplementationResult {
    /// The cases that failed and were not foreseen.
    pub fn failures(&self) -> impl Iterator<Item = (&CaseResult, &Details)> {
        let failed = self.cases.iter().filter(|case| case.status == CaseStatus::Failed);
        failed.filter_map(|case| Some((case, case.details.as_ref()?)))
    }
}
