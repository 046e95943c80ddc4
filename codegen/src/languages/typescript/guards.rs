//! Rules as straight-line code: one function a type, one more for each inline object or array.
//!
//! Three decisions make the code fast, and each is an invariant of what is written here:
//!
//! - An object is read only once its prototype is known to be the plain one. A member is read just before that: it
//!   tells the engine the object's shape, so that the look at the prototype costs nothing. Objects with another prototype
//!   are replaced by a copy of their own members, so nothing inherited ever counts. This is written out in every
//!   function, since an engine stops inlining a helper where a function has become large.
//! - A member is absent where it reads as `undefined`: JSON has no such value.
//! - A check is an expression of `&&` and `||` over the value's places; only loops need statements.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::literals::{access, is_inherited};
use crate::model::{Kind, Model, Rule, names};

mod conditions;
mod places;
mod questions;

pub(super) use questions::reads_members;

/// What the template of the guards needs.
#[derive(serde::Serialize, Default)]
pub(super) struct Checks {
    /// Functions, in order.
    pub functions: Vec<Function>,
    /// Constants: regular expressions and sets.
    pub constants: Vec<Constant>,
    /// The helpers called, sorted.
    pub helpers: Vec<&'static str>,
}

/// A function that checks one place.
#[derive(serde::Serialize, Default)]
pub(super) struct Function {
    pub name: String,
    /// The type that it is the guard of, where it is one.
    pub guarded: String,
    /// That type in a sentence.
    pub told: String,
    /// The statements.
    pub body: String,
}

/// A module constant.
#[derive(serde::Serialize)]
pub(super) struct Constant {
    pub name: String,
    pub text: String,
}

/// The checks of every type. The function of type `X` is `checkX`; that of a type of which no value is read deeper is the
/// guard `isX` itself, as long as it is exported.
pub(super) fn checks<'m>(model: &'m Model, direct: &'m HashSet<&'m str>) -> Checks {
    let mut writer = Writer {
        model,
        direct,
        result: Checks::default(),
        helpers: BTreeSet::new(),
        interned: HashMap::new(),
        taken: HashSet::new(),
    };
    for definition in &model.types {
        let name = writer.check_name(&definition.name);
        writer.function(&name, &definition.rule, object_type(&definition.rule));
    }
    writer.result.helpers = writer.helpers.into_iter().collect();
    writer.result
}

fn object_type(rule: &Rule) -> bool {
    rule.kinds == [Kind::Object] && !rule.nullable && rule.constants.is_none()
}

struct Writer<'m> {
    model: &'m Model,
    direct: &'m HashSet<&'m str>,
    result: Checks,
    helpers: BTreeSet<&'static str>,
    interned: HashMap<String, String>,
    taken: HashSet<String>,
}

impl Writer<'_> {
    fn check_name(&self, name: &str) -> String {
        format!("{}{name}", if self.direct.contains(name) { "is" } else { "check" })
    }

    /// Writes the function `name` for `rule`.
    fn function(&mut self, name: &str, rule: &Rule, object: bool) {
        let at = self.result.functions.len();
        // Its place is before the functions that it calls.
        self.result.functions.push(Function { name: name.to_owned(), ..Function::default() });
        let body = if object {
            let mut conditions =
                vec!["typeof v === \"object\"".to_owned(), "v !== null".to_owned(), self.plain(rule)];
            let statements = self.object_parts(name, rule, &mut conditions);
            let mut rest = Vec::new();
            self.compositions(name, rule, "v", &mut rest);
            conditions.extend(rest);
            assemble(conditions, &statements)
        } else {
            let condition = self.condition(name, rule, "v").unwrap_or_else(|| "true".to_owned());
            format!("  return {condition};\n")
        };
        self.result.functions[at].body = body;
    }

    /// A name for a function inside `owner`, unique.
    fn inner(&mut self, owner: &str, hint: &str) -> String {
        let hint = names::camel(hint).unwrap_or_else(|| "part".to_owned());
        let base = format!("{owner}${hint}");
        let mut name = base.clone();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{base}{count}");
        }
        name
    }

    fn helper(&mut self, name: &'static str) -> &'static str {
        self.helpers.insert(name);
        name
    }

    fn constant(&mut self, prefix: &str, text: String) -> String {
        if let Some(name) = self.interned.get(&text) {
            return name.clone();
        }
        let name = format!("{prefix}{}", self.result.constants.len());
        self.result.constants.push(Constant { name: name.clone(), text: text.clone() });
        self.interned.insert(text, name.clone());
        name
    }

    fn plain(&mut self, rule: &Rule) -> String {
        for helper in ["objectPrototype", "polluted", "prototypeOf", "unusual"] {
            self.helper(helper);
        }
        // The member that most likely comes first in the text is at one place in all shapes of the object.
        let listed = |name: &&String| rule.properties.iter().any(|each| each.required && each.name == **name);
        let tag = rule.tagged.as_ref().map(|each| &each.tag);
        let names = rule
            .required
            .iter()
            .filter(listed)
            .chain(tag)
            .chain(rule.properties.iter().map(|each| &each.name));
        let first = names.into_iter().find(|each| !is_inherited(each));
        let read = first.map(|each| format!("{}, ", access("v", each))).unwrap_or_default();
        format!("({read}prototypeOf(v) === objectPrototype && !polluted || (v = unusual(v)) !== undefined)")
    }

    fn read(&mut self, object: &str, name: &str) -> String {
        if is_inherited(name) {
            self.helper("own");
        }
        access(object, name)
    }
}

fn all(conditions: Vec<String>) -> String {
    let mut unique = Vec::with_capacity(conditions.len());
    for each in conditions {
        if !unique.contains(&each) {
            unique.push(each);
        }
    }
    unique.join(" && ")
}

fn any(mut conditions: Vec<String>) -> String {
    if conditions.len() == 1 {
        return conditions.remove(0);
    }
    format!("({})", conditions.join(" || "))
}

/// The body of a function: the conditions, then the loops.
fn assemble(conditions: Vec<String>, statements: &str) -> String {
    let condition = conditions.join(" &&\n    ");
    if statements.is_empty() {
        format!("  return (\n    {condition}\n  );\n")
    } else {
        format!("  if (!(\n    {condition}\n  )) return false;\n{statements}  return true;\n")
    }
}
