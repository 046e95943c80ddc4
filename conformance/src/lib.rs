//! The conformance suite of the state-sync protocol.

pub mod built_in;
pub mod case;
pub mod coverage;
pub mod expected_failures;
pub mod fuzz;
pub mod harness;
pub mod judge;
pub mod mutants;
pub mod profiles;
pub mod progress;
pub mod report;
pub mod requirements;
pub mod result;
pub mod run;
pub mod rust_adapter;
pub mod suite;
mod time;
pub mod wire;
