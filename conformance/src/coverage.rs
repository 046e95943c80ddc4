//! Which requirements have cases, and which MUST has none.

use crate::{
    case::Case,
    held_elsewhere::{HeldElsewhere, held_elsewhere},
    profiles::{Profile, profiles},
    requirements::{Level, Requirements},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Requirements by cases.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// Every requirement of the judged profiles, in the order of the prose.
    pub requirements: Vec<Covered>,
    /// Those that are a MUST and have neither a case nor a test elsewhere.
    pub uncovered: Vec<String>,
    /// Those that no case can hold, and the tests that do.
    pub held_elsewhere: Vec<HeldElsewhere>,
    /// Those that are said to be held elsewhere and have a case, or are in no judged profile.
    pub held_twice: Vec<String>,
    /// Requirements that cases cite and no chapter has.
    pub unknown: Vec<Citation>,
    /// The profiles that are not judged, and why.
    pub not_judged: Vec<NotJudged>,
    /// How many cases there are.
    pub cases: usize,
}

/// A requirement with its cases.
#[derive(Debug, Serialize)]
pub struct Covered {
    /// Its id.
    pub id: String,
    /// How much it asks for.
    pub level: Level,
    /// Its profile.
    pub profile: String,
    /// The ids of its cases.
    pub cases: Vec<String>,
}

/// A case and a requirement that it cites.
#[derive(Debug, PartialEq, Serialize)]
pub struct Citation {
    /// The id of the case.
    pub case: String,
    /// The id of the requirement.
    pub requirement: String,
}

/// A profile without cases.
#[derive(Debug, Serialize)]
pub struct NotJudged {
    /// Its name.
    pub profile: String,
    /// Why it has none.
    pub reason: String,
    /// How many requirements wait for cases.
    pub requirements: usize,
}

impl Coverage {
    /// Whether something is to be mended.
    pub fn has_findings(&self) -> bool {
        !self.uncovered.is_empty() || !self.unknown.is_empty() || !self.held_twice.is_empty()
    }
}

/// Counts the cases of every requirement.
pub fn coverage(cases: &[Case], requirements: &Requirements) -> Coverage {
    let mut citing: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for case in cases {
        for id in &case.requirements {
            citing.entry(id).or_default().push(case.id.clone());
        }
    }
    let (judged, not_judged): (Vec<Profile>, Vec<Profile>) =
        profiles().into_iter().partition(|profile| profile.judged);
    let is_judged = |profile: &str| judged.iter().any(|judged| judged.name == profile);
    let covered: Vec<_> = requirements
        .iter()
        .filter(|requirement| is_judged(&requirement.profile))
        .map(|requirement| Covered {
            id: requirement.id.clone(),
            level: requirement.level,
            profile: requirement.profile.clone(),
            cases: citing.get(requirement.id.as_str()).cloned().unwrap_or_default(),
        })
        .collect();
    let elsewhere = held_elsewhere();
    let is_elsewhere =
        |id: &str| elsewhere.iter().any(|entry| entry.requirements.iter().any(|held| held == id));
    let needs_none = |id: &str| {
        !covered
            .iter()
            .any(|covered| covered.id == id && covered.level == Level::Must && covered.cases.is_empty())
    };
    let held_twice = elsewhere.iter().flat_map(|entry| &entry.requirements).filter(|id| needs_none(id));
    let unknown = citing.iter().filter(|(id, _)| requirements.get(id).is_none());
    Coverage {
        uncovered: covered
            .iter()
            .filter(|covered| covered.level == Level::Must && covered.cases.is_empty())
            .filter(|covered| !is_elsewhere(&covered.id))
            .map(|covered| covered.id.clone())
            .collect(),
        held_twice: held_twice.cloned().collect(),
        unknown: unknown
            .flat_map(|(id, cases)| {
                cases.iter().map(|case| Citation { case: case.clone(), requirement: (*id).to_owned() })
            })
            .collect(),
        not_judged: not_judged
            .into_iter()
            .map(|profile| NotJudged {
                requirements: requirements.iter().filter(|other| other.profile == profile.name).count(),
                reason: profile.reason.unwrap_or_default(),
                profile: profile.name,
            })
            .collect(),
        requirements: covered,
        held_elsewhere: elsewhere,
        cases: cases.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Suite;

    #[test]
    fn every_must_of_a_judged_profile_has_a_case() {
        let requirements = Requirements::embedded();
        let coverage = coverage(&Suite::embedded(&requirements).unwrap().cases, &requirements);
        assert_eq!(coverage.uncovered, Vec::<String>::new());
        assert_eq!(coverage.held_twice, Vec::<String>::new());
        assert!(requirements.is_empty() || coverage.unknown.is_empty(), "{:?}", coverage.unknown);
    }

    #[test]
    fn what_is_missing_is_found() {
        let requirement = |id: &str, level: &str, profile: &str| {
            format!(r#"{{"id":"{id}","level":"{level}","profile":"{profile}","chapter":"c","text":"t"}}"#)
        };
        let text = format!(
            r#"{{"version":1,"requirements":[{},{},{},{}]}}"#,
            requirement("REV-1", "MUST", "core"),
            requirement("REV-90", "MUST", "core"),
            requirement("REV-91", "SHOULD", "core"),
            requirement("TRA-1", "MUST", "transport"),
        );
        let requirements = Requirements::parse(&text).unwrap();
        let suite = Suite::embedded(&Requirements::default()).unwrap();
        let coverage = coverage(&suite.cases, &requirements);
        assert_eq!(coverage.uncovered, ["REV-90"], "a SHOULD, or a MUST that is not judged, may be without");
        assert!(coverage.unknown.iter().any(|citation| citation.requirement == "REV-2"));
        assert!(!coverage.requirements[0].cases.is_empty());
        let transport = coverage.not_judged.iter().find(|profile| profile.profile == "transport").unwrap();
        assert_eq!(transport.requirements, 1);
        assert!(
            coverage.held_twice.contains(&"ENG-1".to_owned()),
            "what no chapter has cannot be held elsewhere"
        );
    }
}
