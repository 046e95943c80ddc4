//! Which profiles the suite judges, and why it does not judge the others (`conformance/profiles.json`).

use serde::{Deserialize, Serialize};

/// One profile of the protocol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Its name, which is also the name of its folder of cases.
    pub name: String,
    /// Whether the suite has cases that judge it.
    pub judged: bool,
    /// Why it does not, where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Every profile, judged or not.
pub fn profiles() -> Vec<Profile> {
    #[derive(Deserialize)]
    struct File {
        profiles: Vec<Profile>,
    }
    let file: File =
        serde_json::from_str(include_str!("../profiles.json")).expect("profiles.json is a list of profiles");
    file.profiles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{requirements::Requirements, suite::Suite};
    use std::collections::BTreeSet;

    #[test]
    fn the_judged_profiles_are_the_folders_of_cases() {
        let judged: BTreeSet<_> =
            profiles().into_iter().filter(|profile| profile.judged).map(|profile| profile.name).collect();
        let suite = Suite::embedded(&Requirements::embedded()).unwrap();
        let folders: BTreeSet<_> = suite.cases.into_iter().map(|case| case.profile).collect();
        assert_eq!(judged, folders);
    }

    #[test]
    fn every_profile_of_the_prose_is_here_and_no_other() {
        let requirements = Requirements::embedded();
        let in_prose: BTreeSet<_> =
            requirements.iter().map(|requirement| requirement.profile.clone()).collect();
        let here: BTreeSet<_> = profiles().into_iter().map(|profile| profile.name).collect();
        assert!(
            requirements.is_empty() || in_prose == here,
            "the prose has {in_prose:?}, profiles.json {here:?}"
        );
    }

    #[test]
    fn a_profile_that_is_not_judged_says_why() {
        for profile in profiles() {
            assert_eq!(profile.judged, profile.reason.is_none(), "{}", profile.name);
        }
    }
}
