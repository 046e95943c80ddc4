//! Deliberately broken implementations, each of which the suite must catch: the measure of its strength.
//!
//! A mutant is the Rust implementation with one fault, of a kind that real implementations have had. It names the
//! requirements that it breaks; the suite is strong enough where every mutant fails a case that cites one of them.
//! A new mutant is one entry in the file of its subject.

mod data;
mod engine_events;
mod engine_gate;
mod engine_limiter;
mod engine_offers;
mod engine_options;
mod engine_pulls;
mod engine_reports;
mod engine_retry;
mod engine_start;
mod engine_stop;
mod engine_time;
mod engine_tools;
mod errors;
mod integers;
mod members;
mod names;
mod persistence_loading;
mod persistence_records;
mod persistence_reports;
mod persistence_saves;
mod persistence_tabs;
mod persistence_tools;
mod report;
mod revision_order;
mod revisions;
mod shapes;
mod tabs;
mod text;
mod tools;
mod topics;
mod values;

pub use report::{Catch, MutantReport, MutantResult, run};

use crate::{
    rust_adapter::serve_with,
    wire::{Answer, Request},
};
use std::io::{self, BufRead, Write};

/// One broken implementation.
#[derive(Clone, Copy)]
pub struct Mutant {
    /// Its name, in kebab case.
    pub name: &'static str,
    /// What it does wrong, a sentence without its subject.
    pub summary: &'static str,
    /// The requirements that it breaks.
    pub breaks: &'static [&'static str],
    /// What it says to a request.
    pub answer: fn(&Request) -> Answer,
}

/// Every mutant, by subject.
pub fn catalog() -> Vec<Mutant> {
    [
        revisions::MUTANTS,
        revision_order::MUTANTS,
        topics::MUTANTS,
        members::MUTANTS,
        values::MUTANTS,
        names::MUTANTS,
        text::MUTANTS,
        integers::MUTANTS,
        shapes::MUTANTS,
        tabs::MUTANTS,
        data::MUTANTS,
        errors::MUTANTS,
        engine_options::MUTANTS,
        engine_start::MUTANTS,
        engine_stop::MUTANTS,
        engine_events::MUTANTS,
        engine_limiter::MUTANTS,
        engine_pulls::MUTANTS,
        engine_gate::MUTANTS,
        engine_offers::MUTANTS,
        engine_retry::MUTANTS,
        engine_reports::MUTANTS,
        engine_time::MUTANTS,
        persistence_records::MUTANTS,
        persistence_loading::MUTANTS,
        persistence_saves::MUTANTS,
        persistence_reports::MUTANTS,
        persistence_tabs::MUTANTS,
    ]
    .concat()
}

/// The mutant of this name.
pub fn find(name: &str) -> Option<Mutant> {
    catalog().into_iter().find(|mutant| mutant.name == name)
}

/// Answers requests as a mutant would, one a line, until the input ends.
///
/// # Errors
///
/// Where there is no such mutant, and as [`crate::rust_adapter::serve`].
pub fn serve_mutant(name: &str, input: impl BufRead, output: impl Write) -> io::Result<()> {
    let mutant = find(name).ok_or_else(|| {
        let known: Vec<_> = catalog().iter().map(|mutant| mutant.name).collect();
        let message = format!("there is no mutant {name:?}; there are {}", known.join(", "));
        io::Error::new(io::ErrorKind::NotFound, message)
    })?;
    serve_with(mutant.answer, input, output)
}
