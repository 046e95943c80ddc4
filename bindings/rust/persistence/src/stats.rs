//! The figures of the layer (`PRS-67`).

use std::time::Duration;

/// What the layer has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersistenceStats {
    /// Saves that succeeded.
    pub save_count: u64,
    /// Saves that failed.
    pub save_error_count: u64,
    /// The sum of `sizeBytes` of the saves that succeeded.
    pub total_bytes_saved: u64,
    /// When the last save succeeded, in milliseconds of the wall clock.
    pub last_save_at: Option<u64>,
    /// How long the last save that succeeded took, by the monotonic clock.
    pub last_save_duration: Option<Duration>,
    /// Pending saves that a later one has replaced.
    pub throttled_count: u64,
}
