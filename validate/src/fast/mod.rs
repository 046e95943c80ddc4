//! One pass over JSON text against a schema, without building values.
//!
//! The pass answers "valid" or nothing: whatever it refuses or cannot tell is read again by serde_json and
//! `jsonschema`, so that verdicts are always theirs. It may therefore be as simple as speed asks for, as long as
//! it never accepts what they refuse.

#[cfg(test)]
mod agreement;
mod compile;
pub(crate) mod cursor;
mod envelope;
mod expand;
#[cfg(test)]
mod generate;
mod names;
mod pattern;
mod program;
#[cfg(test)]
mod random;
mod rules;
mod run;
pub(crate) mod skip;
mod source;
mod unions;

pub(crate) use program::Program;
