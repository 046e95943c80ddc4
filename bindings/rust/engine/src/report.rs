//! Errors: what went wrong, and how it is reported (`ENG-71` to `ENG-73`).

use crate::{Advice, Port};
use state_sync::{DecodeError, Epoch, Revision, SafeInteger, SyncErrorContext};
use std::{error::Error, fmt, sync::Arc, time::Duration};

/// What a port or a callback says instead of its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// It failed, with an error of the application's and what that says about another attempt.
    Failed {
        /// The error.
        error: E,
        /// What it says about another attempt.
        advice: Advice,
    },
    /// Its answer does not decode (`ENG-51`).
    Undecodable(DecodeError),
    /// It panicked, with this message.
    Panicked(String),
}

impl<E> From<E> for Failure<E> {
    fn from(error: E) -> Self {
        Failure::Failed { error, advice: Advice::Policy }
    }
}

/// Everything that can go wrong with an engine; `E` is the application's own error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncError<E> {
    /// A port or a callback of the application failed with this.
    Application(E),
    /// A port or a callback of the application panicked, with this message.
    Panicked(String),
    /// A message does not decode (phase `protocol`).
    Undecodable(DecodeError),
    /// A port did not settle in time (`ENG-69`).
    TimedOut {
        /// The port.
        port: Port,
        /// The time that it had.
        after: Duration,
    },
    /// The engine was stopped (`ENG-21`, `ENG-25`).
    Stopped,
    /// The last attempt of a row gave a snapshot older than what the reader holds (`ENG-57`).
    Older {
        /// The revision that the reader holds.
        local: Revision,
        /// The epoch that the reader holds.
        epoch: Epoch,
        /// The revision of the snapshot.
        snapshot: Revision,
    },
    /// The last attempt of a row did not reach the promise (`ENG-57`).
    Behind {
        /// The revision that an event promised.
        promised: Revision,
        /// The revision that the source gives.
        snapshot: Revision,
    },
    /// The clock fails (`ENG-79`).
    Clock,
}

impl<E: fmt::Display> fmt::Display for SyncError<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SyncError::Application(error) => error.fmt(formatter),
            SyncError::Panicked(message) => write!(formatter, "panicked: {message}"),
            SyncError::Undecodable(error) => error.fmt(formatter),
            SyncError::TimedOut { port, after } => {
                write!(formatter, "{port} has not settled within {} ms", after.as_millis())
            }
            SyncError::Stopped => formatter.write_str("the engine is stopped; make a new one to start again"),
            SyncError::Older { local, epoch, snapshot } => write!(
                formatter,
                "the source gives revision {snapshot}, older than {local} of epoch {:?}, which is held; a source that has \
                 lost its history takes a new epoch (ENG-3)",
                epoch.as_str()
            ),
            SyncError::Behind { promised, snapshot } => write!(
                formatter,
                "revision {promised} was promised, {snapshot} is what the source gives; an event is sent only when its \
                 state can be pulled (ENG-6)"
            ),
            SyncError::Clock => formatter.write_str("the clock tells no time and sets no timers"),
        }
    }
}

impl<E: Error + 'static> Error for SyncError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            // `Display` is already that of the inner error, so its source is the next one.
            SyncError::Application(error) => error.source(),
            _ => None,
        }
    }
}

/// An error that several callers and a report have in common.
pub type SharedError<E> = Arc<SyncError<E>>;

/// What `onError` is told.
pub type Report<E> = SyncErrorContext<SharedError<E>>;

/// Adds to a report which attempt it was and what follows (`ENG-72`).
pub(crate) trait TellAttempt {
    fn tell_attempt(&mut self, number: u32, delay: Option<Duration>);
}

impl<E> TellAttempt for Report<E> {
    fn tell_attempt(&mut self, number: u32, delay: Option<Duration>) {
        self.attempt = Some(number.into());
        self.will_retry = Some(delay.is_some());
        self.next_delay_ms = delay.map(|delay| {
            let milliseconds = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
            SafeInteger::new(milliseconds).unwrap_or(SafeInteger::MAX)
        });
    }
}

/// Why an attempt failed, and what that says about another one.
pub(crate) struct Cause<E> {
    pub(crate) error: SyncError<E>,
    pub(crate) advice: Advice,
}

impl<E> Cause<E> {
    pub(crate) fn timed_out(port: Port, after: Duration) -> Self {
        SyncError::TimedOut { port, after }.into()
    }
}

impl<E> From<SyncError<E>> for Cause<E> {
    fn from(error: SyncError<E>) -> Self {
        Self { error, advice: Advice::Policy }
    }
}

impl<E> From<Failure<E>> for SyncError<E> {
    fn from(failure: Failure<E>) -> Self {
        Cause::from(failure).error
    }
}

impl<E> From<Failure<E>> for Cause<E> {
    fn from(failure: Failure<E>) -> Self {
        match failure {
            Failure::Failed { error, advice } => Self { error: SyncError::Application(error), advice },
            Failure::Undecodable(error) => SyncError::Undecodable(error).into(),
            Failure::Panicked(message) => SyncError::Panicked(message).into(),
        }
    }
}

/// A note for people, which is for the logger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The topic begins or ends with white space (`ENG-10`).
    TopicWithWhiteSpace,
    /// A callback that nobody waits for panicked (`ENG-74`).
    CallbackPanicked {
        /// Its name in the prose, such as `onError`.
        callback: &'static str,
        /// The message of the panic.
        message: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::TopicWithWhiteSpace => formatter.write_str(
                "the topic begins or ends with white space, which is part of it: an event without it is of another topic",
            ),
            Note::CallbackPanicked { callback, message } => {
                write!(formatter, "{callback} panicked, which changes nothing else: {message}")
            }
        }
    }
}
