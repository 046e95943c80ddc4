//! Steps from older schema versions (`PRS-21`, `PRS-22`, `PRS-25`).

use crate::{Cause, PersistenceError, PersistenceErrorKind};
use serde_json::Value;
use state_sync::SafeInteger;
use std::{collections::BTreeMap, fmt, sync::Arc};

/// Makes data of one schema version data of the next one.
type Step = Arc<dyn Fn(Value) -> Result<Value, Cause> + Send + Sync>;

/// The steps from older schema versions, each to the version that follows it.
///
/// ```
/// use serde_json::json;
/// use state_sync_persistence::Migration;
///
/// let migration = Migration::builder()
///     .step(1_u32, |data| Ok(json!({ "theme": data })))
///     .step(2_u32, |mut data| {
///         data["language"] = json!("en");
///         Ok(data)
///     })
///     .build(3_u32)?;
/// let migrated = migration.run(json!("dark"), 1_u32, 3_u32)?;
/// assert_eq!(migrated, json!({ "theme": "dark", "language": "en" }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Migration {
    steps: BTreeMap<SafeInteger, Step>,
}

impl Migration {
    /// A builder without steps.
    pub fn builder() -> MigrationBuilder {
        MigrationBuilder(Self::default())
    }

    /// The schema versions from which there is a step.
    pub fn steps(&self) -> impl Iterator<Item = SafeInteger> {
        self.steps.keys().copied()
    }

    /// Leads data from one schema version to another, each step exactly once (`PRS-21`).
    ///
    /// # Errors
    ///
    /// `migration-failed` for the first step that is missing or fails.
    pub fn run(
        &self,
        data: Value,
        from: impl Into<SafeInteger>,
        to: impl Into<SafeInteger>,
    ) -> Result<Value, PersistenceError> {
        let (from, to) = (from.into().get(), to.into().get());
        let mut data = data;
        for version in from..to {
            let failed = |problem: &str| {
                let message = format!(
                    "the step from schema version {version} to {} {problem}",
                    version.saturating_add(1)
                );
                PersistenceError::new(PersistenceErrorKind::MigrationFailed, message)
            };
            let step = SafeInteger::new(version).ok().and_then(|version| self.steps.get(&version));
            let step = step.ok_or_else(|| {
                failed(&format!("is missing; the record has version {from}, this program reads {to}"))
            })?;
            data = step(data).map_err(|cause| failed(&format!("failed: {cause}")).caused_by(cause))?;
        }
        Ok(data)
    }
}

impl fmt::Debug for Migration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.steps.keys().map(|version| version.get())).finish()
    }
}

/// Collects the steps of a [`Migration`].
#[derive(Clone, Debug, Default)]
pub struct MigrationBuilder(Migration);

impl MigrationBuilder {
    /// Adds the step from a schema version to the next one, in place of an earlier one from there.
    #[must_use]
    pub fn step(
        mut self,
        from: impl Into<SafeInteger>,
        step: impl Fn(Value) -> Result<Value, Cause> + Send + Sync + 'static,
    ) -> Self {
        self.0.steps.insert(from.into(), Arc::new(step));
        self
    }

    /// The migration to `version`.
    ///
    /// # Errors
    ///
    /// [`MigrationGap`] where a step between the first one and `version` is missing, or one begins at `version` or
    /// later (`PRS-25`).
    pub fn build(self, version: impl Into<SafeInteger>) -> Result<Migration, MigrationGap> {
        let version = version.into().get();
        let from: Vec<_> = self.0.steps.keys().map(|from| from.get()).collect();
        let first = from.first().copied().unwrap_or(version);
        if let Some(at) = from.iter().copied().find(|from| *from >= version) {
            return Err(MigrationGap { at, missing: false });
        }
        let missing =
            from.iter().copied().chain([version]).zip(first..).find(|(found, wanted)| found != wanted);
        match missing {
            Some((_, at)) => Err(MigrationGap { at, missing: true }),
            None => Ok(self.0),
        }
    }

    /// The migration as it is, with its gaps: a record that would need a missing step is refused when it is loaded.
    pub fn build_unchecked(self) -> Migration {
        self.0
    }
}

/// A set of steps that does not lead to its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MigrationGap {
    /// The schema version of the step that is missing, or of the one that leads too far.
    pub at: u64,
    /// Whether the step is missing.
    pub missing: bool,
}

impl fmt::Display for MigrationGap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        if self.missing {
            write!(formatter, "there is no step from schema version {at}; add it, or remove those before it")
        } else {
            write!(formatter, "the step from schema version {at} leads past the version of the migration")
        }
    }
}

impl std::error::Error for MigrationGap {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn with(steps: &[u32]) -> MigrationBuilder {
        steps.iter().fold(Migration::builder(), |builder, from| {
            let from = *from;
            builder.step(from, move |data| Ok(json!([data, from])))
        })
    }

    #[test]
    fn a_set_with_a_gap_is_refused_when_it_is_built() {
        for (steps, version, expected) in [
            (&[][..], 1_u32, None),
            (&[1, 2], 3, None),
            (&[2], 3, None),
            (&[1, 3], 4, Some((2, true))),
            (&[1, 2], 4, Some((3, true))),
            (&[1, 2, 3], 3, Some((3, false))),
        ] {
            let gap = with(steps).build(version).err().map(|gap| (gap.at, gap.missing));
            assert_eq!(gap, expected, "{steps:?} to {version}");
        }
    }

    #[test]
    fn each_step_is_taken_once_and_in_order() {
        let migration = with(&[1, 2, 3]).build_unchecked();
        assert_eq!(migration.run(json!("x"), 2_u32, 4_u32).unwrap(), json!([["x", 2], 3]));
        assert_eq!(migration.run(json!("x"), 4_u32, 4_u32).unwrap(), json!("x"));
        let error = migration.run(json!("x"), 0_u32, 4_u32).unwrap_err();
        assert_eq!(error.kind(), PersistenceErrorKind::MigrationFailed);
        assert!(error.message().contains("from schema version 0 to 1 is missing"), "{error}");
    }
}
