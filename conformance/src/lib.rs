//! The conformance suite of the state-sync protocol.

pub mod rust_adapter;
pub mod wire;
