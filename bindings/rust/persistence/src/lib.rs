//! The state-sync persistence layer: records, saving, loading and tabs as a state machine.
