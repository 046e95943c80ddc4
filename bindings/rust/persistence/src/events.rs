//! What applications can listen to (`PRS-66`).

/// An event of the persistence layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PersistenceEvent {
    /// The backend is called with a save.
    SaveStart,
    /// A save has succeeded.
    SaveComplete,
    /// A save has failed.
    SaveError,
    /// A record has passed all steps of loading.
    LoadComplete,
    /// A record was past its time.
    Expired,
    /// A record was led here from an older schema version.
    Migrated,
    /// The store has been cleared, by this tab or by another.
    Cleared,
}

impl PersistenceEvent {
    /// The name that is the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            PersistenceEvent::SaveStart => "saveStart",
            PersistenceEvent::SaveComplete => "saveComplete",
            PersistenceEvent::SaveError => "saveError",
            PersistenceEvent::LoadComplete => "loadComplete",
            PersistenceEvent::Expired => "expired",
            PersistenceEvent::Migrated => "migrated",
            PersistenceEvent::Cleared => "cleared",
        }
    }
}
