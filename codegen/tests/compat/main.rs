//! `compat` against a labelled corpus, against brute force, and against bad input.

mod bad_input;
mod brute_force;
mod corpus;
mod edits;
mod folders;
mod instances;
mod oracle;
mod random_schemas;
