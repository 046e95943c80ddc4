//! What went wrong without a caller who could be told.

use std::{fmt, sync::Arc};

use state_sync_persistence::PersistenceError;

use crate::Restored;

/// Something that went wrong without a caller who could be told. The application goes on; [`fmt::Display`] has a
/// sentence for people.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Problem {
    /// A saved state could not be used as it is.
    NotRestored {
        /// The topic.
        topic: String,
        /// Why.
        cause: PersistenceError,
    },
    /// What the state of such a topic has become; comes after the last [`Problem::NotRestored`] of it.
    StartsWith {
        /// The topic.
        topic: String,
        /// What it starts with.
        restored: Restored,
    },
    /// The event of an update could not be emitted. The state has changed, and the windows learn of it with the next
    /// event.
    NotAnnounced {
        /// The topic.
        topic: String,
        /// What Tauri said.
        message: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::NotRestored { topic, cause } => {
                write!(formatter, "the saved state of the topic {topic:?} cannot be used: {cause}")
            }
            Problem::StartsWith { topic, restored } => {
                write!(formatter, "the topic {topic:?} starts with {restored}")
            }
            Problem::NotAnnounced { topic, message } => {
                write!(formatter, "a change of the topic {topic:?} could not be announced: {message}")
            }
        }
    }
}

/// Where problems go.
pub(crate) type Reporter = Arc<dyn Fn(&Problem) + Send + Sync>;

/// By default, problems go to the application's log, and to the standard error of one that has none: that a state
/// could not be restored must not pass in silence.
pub(crate) fn default_reporter() -> Reporter {
    Arc::new(|problem| match log::max_level() {
        log::LevelFilter::Off => eprintln!("state-sync: {problem}"),
        _ => log::warn!("{problem}"),
    })
}
