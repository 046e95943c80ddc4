//! The few requirements of judged profiles that no case can hold, and the tests that hold them instead
//! (`conformance/held_elsewhere.json`).

use serde::{Deserialize, Serialize};

/// Requirements that one reason keeps from having a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldElsewhere {
    /// Their ids.
    pub requirements: Vec<String>,
    /// Why no case can hold them.
    pub reason: String,
    /// The files of the tests that do, from the root of the repository.
    pub tests: Vec<String>,
}

/// Every entry of the list.
pub fn held_elsewhere() -> Vec<HeldElsewhere> {
    #[derive(Deserialize)]
    struct File {
        entries: Vec<HeldElsewhere>,
    }
    let file: File = serde_json::from_str(include_str!("../held_elsewhere.json"))
        .expect("held_elsewhere.json is a list of requirements with reasons and tests");
    file.entries
}

/// Whether a test elsewhere holds a requirement.
pub fn is_held_elsewhere(requirement: &str) -> bool {
    held_elsewhere().iter().any(|entry| entry.requirements.iter().any(|id| id == requirement))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        profiles::profiles,
        requirements::{Level, Requirements},
    };
    use std::{fs, path::Path};

    #[test]
    fn the_tests_exist_and_name_what_they_hold() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the room has a root");
        for entry in held_elsewhere() {
            assert!(!entry.tests.is_empty() && !entry.reason.is_empty(), "{entry:?}");
            let texts: Vec<_> = entry
                .tests
                .iter()
                .map(|test| {
                    fs::read_to_string(root.join(test)).unwrap_or_else(|error| panic!("{test}: {error}"))
                })
                .collect();
            for id in &entry.requirements {
                // ENG-7 is not named by ENG-75.
                let names = |text: &String| {
                    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
                        .any(|word| word == id)
                };
                assert!(texts.iter().any(names), "none of {:?} names {id}", entry.tests);
            }
        }
    }

    #[test]
    fn the_list_is_short_and_about_musts_of_judged_profiles() {
        let requirements = Requirements::embedded();
        let judged: Vec<_> =
            profiles().into_iter().filter(|profile| profile.judged).map(|profile| profile.name).collect();
        let mut ids: Vec<String> =
            held_elsewhere().into_iter().flat_map(|entry| entry.requirements).collect();
        for id in &ids {
            let requirement = requirements.get(id).unwrap_or_else(|| panic!("no chapter has {id}"));
            assert!(
                requirement.level == Level::Must && judged.contains(&requirement.profile),
                "{requirement:?}"
            );
        }
        let all = requirements
            .iter()
            .filter(|requirement| requirement.level == Level::Must && judged.contains(&requirement.profile))
            .count();
        assert!(ids.len() * 8 <= all, "{} of {all}", ids.len());
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "none stands twice");
    }
}
