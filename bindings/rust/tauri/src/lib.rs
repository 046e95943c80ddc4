#![doc = include_str!("../README.md")]

mod builder;
mod clock;
mod commands;
mod epoch;
mod error;
mod keeper;
mod key;
mod names;
mod owner;
mod problem;
mod records;
mod restore;
mod setup;
mod state_sync;

pub use crate::{
    builder::{Builder, DEFAULT_EVENT_NAME},
    error::{Error, SetupError},
    key::TopicKey,
    problem::Problem,
    restore::Restored,
    setup::{Registration, SavedTopicSetup, TopicSetup},
    state_sync::{StateSync, StateSyncExt, TopicState},
};
pub use ::state_sync::{Revision, SnapshotEnvelope};
pub use state_sync_persistence::{PersistenceError, PersistenceErrorKind};
