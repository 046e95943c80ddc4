//! `state-sync compat OLD NEW`: compares two folders of JSON Schemas (2020-12), names each change, and says
//! whether it is breaking.
//!
//! # What "breaking" means
//!
//! A schema stands for the set of messages that a receiver built from it *accepts*, and for the set that a sender
//! built from it *writes*.
//!
//! - A change is **breaking for senders** if a sender built from OLD may write a message that a receiver built from
//!   NEW refuses: the schema has become narrower somewhere.
//! - A change is **breaking for receivers** if a receiver built from OLD may refuse a message that a sender built
//!   from NEW writes: the schema has become wider somewhere.
//!
//! So the side that is named is the one that still follows OLD and has to be upgraded. A change that is compatible
//! for both lets the two sides be upgraded in any order.
//!
//! # What a sender writes
//!
//! Every message that its schema accepts, but for one thing. Receivers ignore members that they do not know, so
//! a schema that lists the members of an object (`properties`) and says nothing of others accepts *any* value
//! under a name that it does not list. A sender does not write such a name if the other version lists it: **the
//! first version that lists a name takes it.** (Without this rule nothing could ever be added.) What follows:
//!
//! - A new optional member of such an object is compatible for both, though a sender that had always put
//!   something else under this name, on its own account, would now be refused. Versions should not reuse a name.
//! - Names that neither version lists may still be written by anybody. Closing an object (`additionalProperties:
//!   false`) is breaking for senders, and opening a closed one is breaking for receivers.
//! - The rule does not hold where a member was constrained before (`additionalProperties` of any value,
//!   `patternProperties`, `required`), nor for objects without `properties`: their names are free.
//!
//! # Soundness
//!
//! "Compatible" is a proof: the prover shows that one set lies within the other, by rules each of which is sound by
//! itself. Whatever it cannot decide counts as breaking: a pattern against another pattern, `format` against
//! another format, unknown keywords, annotations that are an agreement of their own (`x-…`, so `x-code`), a union
//! that would have to be cut in the middle of a branch. The list of changes explains the verdict, and is settled by
//! it: where a schema is proved compatible as a whole, so is each change in it; where it is not, at least one
//! change is breaking.
//!
//! `title`, `description`, `default`, `examples`, `$comment` and `deprecated` say nothing about which messages are
//! valid: a change in them is listed, and compatible.

mod branches;
mod changes;
mod check;
mod documents;
mod equal;
mod evaluate;
mod explain;
mod groups;
mod keywords;
mod load;
mod members;
mod node;
mod number;
mod prover;
mod sender;
mod sentences;
mod shape;
mod shape_of_keywords;
mod types;
mod uri;

use std::path::Path;
use std::thread;

use crate::error::{Error, Result};

pub use changes::{Change, Comparison, Verdict};

/// Proofs recurse to a fixed depth; this is more than enough for it in a debug build.
const STACK_BYTES: usize = 512 * 1024 * 1024;

/// Compares two folders: every `*.schema.json` in them and in their subfolders, matched by `$id`, or else by name.
/// Where both paths are files, they are compared whatever their names are.
///
/// # Errors
///
/// If a folder or file cannot be read, holds no schema, is not UTF-8 or not JSON, nests more than 127 levels deep,
/// holds a keyword with a value of the wrong kind, another dialect than 2020-12, or a `$ref` that leads nowhere or
/// in a circle. The error names the file and the place.
pub fn compare(old_path: &Path, new_path: &Path) -> Result<Comparison> {
    let run = || {
        let (old, new) = (load::load(old_path)?, load::load(new_path)?);
        let (old_schemas, new_schemas) = (check::check(&old)?, check::check(&new)?);
        let files = old_path.is_file() && new_path.is_file();
        Ok(documents::compare((&old, &old_schemas), (&new, &new_schemas), files))
    };
    thread::scope(|scope| {
        let started =
            thread::Builder::new().name("compat".to_owned()).stack_size(STACK_BYTES).spawn_scoped(scope, run);
        let failed = |reason: &str| Error::Unsupported(format!("the comparison could not be run: {reason}"));
        started
            .map_err(|error| failed(&error.to_string()))?
            .join()
            .unwrap_or_else(|_| Err(failed("it stopped in the middle, which is a fault of its own")))
    })
}
