//! What a layer is made with (`PRS-1`).

use crate::{Compressor, LoadOptions, Migration, Validator, record::RecordOptions};
use state_sync::{SafeInteger, Topic};
use state_sync_engine::{InvalidOption, Throttling};
use std::{sync::Arc, time::Duration};

/// What a persistence layer is made with.
#[derive(Clone)]
pub struct Options {
    /// The topic, written into messages to other tabs; messages of other topics are ignored.
    pub topic: Option<Topic>,
    /// How applied snapshots are turned into few saves; `trailing` is true, whatever is given.
    pub throttling: Throttling,
    /// The version of the payload's schema that this program writes and reads.
    pub schema_version: SafeInteger,
    /// How long the records that it writes may be used, in milliseconds.
    pub ttl_ms: Option<SafeInteger>,
    /// What makes records smaller.
    pub compressor: Option<Arc<dyn Compressor>>,
    /// Whether the records that it writes have a hash.
    pub hash: bool,
    /// How long `load` may take.
    pub load_timeout: Duration,
    /// How long `save` and `clear` may take.
    pub save_timeout: Duration,
    /// The channel to the other tabs, if there is one.
    pub tabs: Option<Tabs>,
    /// The steps from older schema versions.
    pub migration: Migration,
    /// The application's check of the payload.
    pub validator: Option<Validator>,
    /// Whether a hash is checked.
    pub verify_hash: bool,
    /// Whether records past their time are used.
    pub ignore_ttl: bool,
}

/// How a layer takes part in the channel to the other tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tabs {
    /// What this tab is called: made by chance with at least 64 bits when the tab starts (`PRS-48`).
    pub source_id: String,
    /// Whether snapshots of other tabs are used.
    pub receive_updates: bool,
    /// Whether snapshots are sent to other tabs.
    pub broadcast_saves: bool,
}

impl Tabs {
    /// A tab of this name that takes and gives.
    pub fn new(source_id: impl Into<String>) -> Self {
        Self { source_id: source_id.into(), receive_updates: true, broadcast_saves: true }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            topic: None,
            throttling: Throttling::default(),
            schema_version: SafeInteger::from(1_u32),
            ttl_ms: None,
            compressor: None,
            hash: false,
            load_timeout: Duration::from_secs(5),
            save_timeout: Duration::from_secs(10),
            tabs: None,
            migration: Migration::default(),
            validator: None,
            verify_hash: true,
            ignore_ttl: false,
        }
    }
}

impl Options {
    /// Whether the options are within their ranges.
    ///
    /// # Errors
    ///
    /// [`InvalidOption`] with the name of the first option that is not.
    pub fn check(&self) -> Result<(), InvalidOption> {
        self.limiter_options().check()?;
        for (name, timeout) in [("loadTimeoutMs", self.load_timeout), ("saveTimeoutMs", self.save_timeout)] {
            if timeout.is_zero() {
                return Err(InvalidOption::new(
                    name,
                    "a time-out of 0 would fail every call; give it some time",
                ));
            }
        }
        Ok(())
    }

    pub(crate) fn limiter_options(&self) -> Throttling {
        Throttling { trailing: true, ..self.throttling }
    }

    /// How records are made.
    pub fn record(&self) -> RecordOptions {
        RecordOptions {
            schema_version: self.schema_version,
            ttl_ms: self.ttl_ms,
            hash: self.hash,
            compressor: self.compressor.clone(),
        }
    }

    /// How records are read.
    pub fn load(&self) -> LoadOptions {
        LoadOptions {
            schema_version: self.schema_version,
            compressor: self.compressor.clone(),
            migration: self.migration.clone(),
            validator: self.validator.clone(),
            verify_hash: self.verify_hash,
            ignore_ttl: self.ignore_ttl,
        }
    }
}
