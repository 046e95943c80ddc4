//! What can go wrong, as the closed set of kinds of `PRS-64`.

use std::{error::Error, fmt, sync::Arc};

/// Why the persistence layer or a backend failed (`PRS-64`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PersistenceErrorKind {
    /// The backend cannot be opened or used.
    Unavailable,
    /// An operation of the backend took too long.
    Timeout,
    /// The store is full.
    QuotaExceeded,
    /// The data is no JSON, or the platform cannot store it.
    NotSerializable,
    /// `compress` failed.
    Compression,
    /// The stored record does not decode or decompress.
    Unreadable,
    /// The stored record is of a newer schema version.
    NewerSchema,
    /// The hash is not that of the data.
    HashMismatch,
    /// A step of the migration is missing or failed.
    MigrationFailed,
    /// The validator refuses the stored data.
    InvalidData,
    /// A message of another tab is refused, or sending one failed.
    Channel,
}

impl PersistenceErrorKind {
    /// Every kind, in the order of the prose.
    pub const ALL: [PersistenceErrorKind; 11] = [
        PersistenceErrorKind::Unavailable,
        PersistenceErrorKind::Timeout,
        PersistenceErrorKind::QuotaExceeded,
        PersistenceErrorKind::NotSerializable,
        PersistenceErrorKind::Compression,
        PersistenceErrorKind::Unreadable,
        PersistenceErrorKind::NewerSchema,
        PersistenceErrorKind::HashMismatch,
        PersistenceErrorKind::MigrationFailed,
        PersistenceErrorKind::InvalidData,
        PersistenceErrorKind::Channel,
    ];

    /// The kind as reports write it; it never changes.
    pub const fn as_str(self) -> &'static str {
        match self {
            PersistenceErrorKind::Unavailable => "unavailable",
            PersistenceErrorKind::Timeout => "timeout",
            PersistenceErrorKind::QuotaExceeded => "quota-exceeded",
            PersistenceErrorKind::NotSerializable => "not-serializable",
            PersistenceErrorKind::Compression => "compression",
            PersistenceErrorKind::Unreadable => "unreadable",
            PersistenceErrorKind::NewerSchema => "newer-schema",
            PersistenceErrorKind::HashMismatch => "hash-mismatch",
            PersistenceErrorKind::MigrationFailed => "migration-failed",
            PersistenceErrorKind::InvalidData => "invalid-data",
            PersistenceErrorKind::Channel => "channel",
        }
    }
}

impl fmt::Display for PersistenceErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The error underneath, shared because a failure is reported and given to the callers that wait for it.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// A failure of the persistence layer: its kind, a sentence that says what was wrong, where, and what would help,
/// and the error underneath where there is one (`PRS-64`).
#[derive(Clone, Debug)]
pub struct PersistenceError {
    kind: PersistenceErrorKind,
    message: String,
    cause: Option<Cause>,
}

impl PersistenceError {
    /// An error of this kind; `message` is a sentence for people, without its full stop.
    pub fn new(kind: PersistenceErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cause: None }
    }

    /// The same error with the one that caused it.
    #[must_use]
    pub fn caused_by(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// The kind.
    pub fn kind(&self) -> PersistenceErrorKind {
        self.kind
    }

    /// The sentence, without the cause.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The error underneath; [`Error::source`] gives the same.
    pub fn cause(&self) -> Option<&Cause> {
        self.cause.as_ref()
    }
}

impl fmt::Display for PersistenceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.message, self.kind)
    }
}

impl Error for PersistenceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_kebab_case_and_different() {
        let mut names: Vec<_> = PersistenceErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PersistenceErrorKind::ALL.len());
    }

    #[test]
    fn the_cause_is_the_source() {
        let cause: Cause = Arc::new(std::io::Error::other("no space"));
        let error =
            PersistenceError::new(PersistenceErrorKind::QuotaExceeded, "the disk is full").caused_by(cause);
        assert_eq!(error.to_string(), "the disk is full (quota-exceeded)");
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("no space"));
    }
}
