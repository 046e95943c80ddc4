//! The conformance suite of the state-sync protocol.

pub mod case;
pub mod harness;
pub mod judge;
pub mod mutants;
pub mod profiles;
pub mod requirements;
pub mod rust_adapter;
pub mod suite;
pub mod wire;
