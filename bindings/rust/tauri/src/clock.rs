//! The wall clock, as records tell time (`PRS-68`).

use std::time::{SystemTime, UNIX_EPOCH};

use state_sync::SafeInteger;

/// Milliseconds since the Unix epoch; a clock before it says 0.
pub(crate) fn now() -> SafeInteger {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    SafeInteger::new(millis).unwrap_or(SafeInteger::MAX)
}
