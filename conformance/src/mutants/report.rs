//! Runs the suite against every mutant, and says how strong it is.

use super::{Mutant, catalog};
use crate::{
    case::Case,
    held_elsewhere::is_held_elsewhere,
    judge::{FailureKind, Verdict, judge},
    profiles::profiles,
    requirements::{Level, Requirements},
    rust_adapter,
    wire::{Answer, Request},
};
use serde::Serialize;
use std::{
    collections::BTreeSet,
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// How the suite did against the mutants.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MutantReport {
    /// Every mutant, in the order of the catalog.
    pub mutants: Vec<MutantResult>,
    /// The mutants that no case caught which cites a requirement that they break.
    pub survivors: Vec<&'static str>,
    /// The MUSTs of the judged profiles that no mutant breaks.
    pub requirements_without_mutant: Vec<String>,
    /// The requirements that mutants say they break and that no chapter has.
    pub unknown_requirements: Vec<&'static str>,
    /// The cases that the implementation without a fault fails; what they say of mutants is worth nothing.
    pub unsound_cases: Vec<String>,
    /// The cases that caught no mutant: none of the faults so far needs them.
    pub idle_cases: Vec<String>,
}

/// How the suite did against one mutant.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MutantResult {
    /// Its name.
    pub name: &'static str,
    /// What it does wrong.
    pub summary: &'static str,
    /// The requirements that it breaks.
    pub breaks: &'static [&'static str],
    /// The failed cases that cite one of those requirements.
    pub caught_by: Vec<Catch>,
    /// The other failed cases.
    pub also_failed: Vec<Catch>,
}

/// A case that a mutant fails.
#[derive(Clone, Debug, Serialize)]
pub struct Catch {
    /// The id of the case.
    pub case: String,
    /// In which way.
    pub kind: FailureKind,
}

impl MutantReport {
    /// Whether the suite is as strong as it must be: nothing survives, every MUST has a mutant, the lists are right.
    pub fn is_strong(&self) -> bool {
        self.survivors.is_empty()
            && self.requirements_without_mutant.is_empty()
            && self.unknown_requirements.is_empty()
            && self.unsound_cases.is_empty()
    }
}

/// Runs the cases against every mutant, in process.
pub fn run(cases: &[Case], requirements: &Requirements) -> MutantReport {
    let judged: BTreeSet<String> =
        profiles().into_iter().filter(|profile| profile.judged).map(|profile| profile.name).collect();
    let (sound, unsound): (Vec<Asked>, Vec<Asked>) = cases
        .iter()
        .filter(|case| judged.contains(&case.profile))
        .map(|case| Asked { case, request: case.request(1) })
        .partition(|asked| failure(asked, rust_adapter::answer).is_none());

    let mutants = results(&catalog(), &sound, requirements);
    let broken: BTreeSet<&str> = mutants.iter().flat_map(|mutant| mutant.breaks).copied().collect();
    let caught: BTreeSet<&str> = mutants
        .iter()
        .flat_map(|mutant| mutant.caught_by.iter().chain(&mutant.also_failed))
        .map(|catch| catch.case.as_str())
        .collect();
    MutantReport {
        survivors: mutants
            .iter()
            .filter(|mutant| mutant.caught_by.is_empty())
            .map(|mutant| mutant.name)
            .collect(),
        requirements_without_mutant: requirements
            .iter()
            .filter(|requirement| requirement.level == Level::Must && judged.contains(&requirement.profile))
            .filter(|requirement| !broken.contains(requirement.id.as_str()))
            .filter(|requirement| !is_held_elsewhere(&requirement.id))
            .map(|requirement| requirement.id.clone())
            .collect(),
        unknown_requirements: broken
            .iter()
            .filter(|id| !requirements.is_empty() && requirements.get(id).is_none())
            .copied()
            .collect(),
        unsound_cases: unsound.iter().map(|asked| asked.case.id.clone()).collect(),
        idle_cases: sound
            .iter()
            .map(|asked| &asked.case.id)
            .filter(|id| !caught.contains(id.as_str()))
            .cloned()
            .collect(),
        mutants,
    }
}

/// A case with what it asks.
struct Asked<'a> {
    case: &'a Case,
    request: Request,
}

/// Mutants know nothing of each other, so they are judged side by side, as many as there are processors.
fn results(mutants: &[Mutant], asked: &[Asked], requirements: &Requirements) -> Vec<MutantResult> {
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(mutants.len());
    let mut numbered: Vec<(usize, MutantResult)> = thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(mutant) = mutants.get(index) else { break done };
                done.push((index, result(mutant, asked, requirements)));
            }
        };
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running
            .into_iter()
            .flat_map(|worker| worker.join().expect("a mutant answers and does not panic"))
            .collect()
    });
    numbered.sort_by_key(|(index, _)| *index);
    numbered.into_iter().map(|(_, result)| result).collect()
}

fn result(mutant: &Mutant, asked: &[Asked], requirements: &Requirements) -> MutantResult {
    let (mut caught_by, mut also_failed) = (Vec::new(), Vec::new());
    // A fault of one profile does not show in the operations of another.
    let profiles: BTreeSet<_> = mutant
        .breaks
        .iter()
        .filter_map(|id| requirements.get(id))
        .map(|requirement| &requirement.profile)
        .collect();
    let concerned = |asked: &&Asked| profiles.is_empty() || profiles.contains(&asked.case.profile);
    for asked in asked.iter().filter(concerned) {
        if let Some(kind) = failure(asked, mutant.answer) {
            let cited =
                mutant.breaks.iter().any(|id| asked.case.requirements.iter().any(|cited| cited == id));
            let catches = if cited { &mut caught_by } else { &mut also_failed };
            catches.push(Catch { case: asked.case.id.clone(), kind });
        }
    }
    MutantResult { name: mutant.name, summary: mutant.summary, breaks: mutant.breaks, caught_by, also_failed }
}

fn failure(asked: &Asked, answer: fn(&Request) -> Answer) -> Option<FailureKind> {
    match judge(asked.case, &answer(&asked.request)) {
        Verdict::Failed(failure) => Some(failure.kind),
        Verdict::Passed | Verdict::NotImplemented(_) => None,
    }
}
