//! The conformance suite of the state-sync protocol: golden cases, and a runner that judges any implementation by
//! them, in whatever language, as a program that speaks the harness protocol (`conformance/connect.md`).
//!
//! [`run::run`] judges programs and gives a [`result::RunResult`], from which [`report`] renders everything else.
//! The parts can be used by themselves; this judges a function:
//!
//! ```
//! use state_sync_conformance::{
//!     judge::{Verdict, judge},
//!     requirements::Requirements,
//!     rust_adapter,
//!     suite::Suite,
//! };
//!
//! let suite = Suite::embedded(&Requirements::embedded())?;
//! for case in &suite.cases {
//!     let answer = rust_adapter::answer(&case.request(1));
//!     assert_eq!(judge(case, &answer), Verdict::Passed, "{}", case.id);
//! }
//! # Ok::<(), state_sync_conformance::suite::SuiteError>(())
//! ```

pub mod built_in;
pub mod case;
pub mod coverage;
pub mod expected_failures;
pub mod fuzz;
pub mod harness;
pub mod held_elsewhere;
pub mod judge;
pub mod mutants;
pub mod profiles;
pub mod progress;
pub mod report;
pub mod requirements;
pub mod result;
pub mod run;
pub mod rust_adapter;
pub mod script;
pub mod suite;
mod time;
pub mod trace;
pub mod wire;
