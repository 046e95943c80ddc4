//! The state-sync engine: a state machine without I/O that keeps a reader's copy of one topic current.
