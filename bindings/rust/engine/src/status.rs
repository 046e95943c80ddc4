//! What an application can show of an engine (`ENG-84`).

use std::fmt;

/// How current the reader's copy is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// Not started, or starting has failed.
    #[default]
    Idle,
    /// Starting.
    Starting,
    /// Running, and the attempt that ended last has left nothing to wish for.
    Live,
    /// Running, and the attempt that ended last failed or left the reader behind.
    Stale,
    /// Stopped for good.
    Stopped,
}

impl Status {
    /// The name that is the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Idle => "idle",
            Status::Starting => "starting",
            Status::Live => "live",
            Status::Stale => "stale",
            Status::Stopped => "stopped",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
