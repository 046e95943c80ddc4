//! What a value must satisfy: JSON Schema with references by type name and one spelling for each idea.

use serde::Serialize;
use serde_json::{Number, Value};

/// A JSON type, with integers apart: a number without a fraction, `1.0` included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Null.
    Null,
    /// True or false.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// A rule: every part that is present must hold. An empty rule accepts everything. As in JSON Schema, a part about one JSON
/// type (say `pattern`) says nothing about values of another.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Rule {
    /// Nothing is accepted (the schema `false`).
    pub never: bool,
    /// Null is accepted at once; the rest is for other values (`anyOf` of something and null).
    pub nullable: bool,
    /// The JSON types accepted; empty for all.
    pub kinds: Vec<Kind>,
    /// The type whose rule must hold as well.
    pub reference: Option<String>,
    /// A type parameter: any value, or what the parser given for it accepts.
    pub parameter: Option<String>,
    /// The error code for a breach of the rule where the JSON type is right.
    pub code: Option<String>,
    /// The values accepted (`enum`, `const`, `oneOf` of constants).
    pub constants: Option<Vec<Value>>,

    /// Numbers: at least.
    pub minimum: Option<Number>,
    /// Numbers: at most.
    pub maximum: Option<Number>,
    /// Numbers: more than.
    pub exclusive_minimum: Option<Number>,
    /// Numbers: less than.
    pub exclusive_maximum: Option<Number>,
    /// Numbers: a whole multiple of, in decimal arithmetic.
    pub multiple_of: Option<Number>,

    /// Strings: code points, at least.
    pub min_length: Option<u64>,
    /// Strings: code points, at most.
    pub max_length: Option<u64>,
    /// Strings: an ECMA-262 regular expression, flag `u`, that matches somewhere.
    pub pattern: Option<String>,

    /// Arrays: rules for the first items.
    pub prefix_items: Vec<Rule>,
    /// Arrays: the rule for the items after those.
    pub items: Option<Box<Rule>>,
    /// Arrays: items, at least.
    pub min_items: Option<u64>,
    /// Arrays: items, at most.
    pub max_items: Option<u64>,
    /// Arrays: no two items are equal.
    pub unique_items: bool,
    /// Arrays: some items satisfy this, at least one or `min_contains`.
    pub contains: Option<Box<Rule>>,
    /// Arrays: how many satisfy `contains`, at least.
    pub min_contains: Option<u64>,
    /// Arrays: how many satisfy `contains`, at most.
    pub max_contains: Option<u64>,

    /// Objects: the members that have a rule, by name.
    pub properties: Vec<Property>,
    /// Objects: every member that must be there, those without a rule included.
    pub required: Vec<String>,
    /// Objects: rules for members by a pattern of their name.
    pub pattern_properties: Vec<PatternRule>,
    /// Objects: the rule for members that neither of the above names.
    pub additional: Option<Box<Rule>>,
    /// Objects: the rule for every member's name.
    pub property_names: Option<Box<Rule>>,
    /// Objects: members, at least.
    pub min_properties: Option<u64>,
    /// Objects: members, at most.
    pub max_properties: Option<u64>,
    /// Objects: what must hold where a member is there.
    pub dependents: Vec<Requirement>,

    /// All of these hold.
    pub all_of: Vec<Rule>,
    /// At least one of these holds; empty for no such rule.
    pub any_of: Vec<Rule>,
    /// Exactly one of these holds; empty for no such rule.
    pub one_of: Vec<Rule>,
    /// The variants of a tagged union (instead of `one_of` or `any_of`).
    pub tagged: Option<Tagged>,
    /// This does not hold.
    pub not: Option<Box<Rule>>,
    /// Where this holds, `then_rule` must; otherwise `else_rule` must.
    pub if_rule: Option<Box<Rule>>,
    /// See `if_rule`.
    pub then_rule: Option<Box<Rule>>,
    /// See `if_rule`.
    pub else_rule: Option<Box<Rule>>,
}

/// A member's rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Property {
    /// The member's name.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// What its value must satisfy.
    pub rule: Rule,
}

/// A rule for members whose name matches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PatternRule {
    /// An ECMA-262 regular expression, flag `u`, that matches somewhere in the name.
    pub pattern: String,
    /// What the values must satisfy.
    pub rule: Rule,
}

/// What follows from the presence of a member.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Requirement {
    /// The member.
    pub name: String,
    /// The members that must be there too.
    pub required: Vec<String>,
    /// What the whole object must satisfy then.
    pub rule: Option<Rule>,
}

/// Objects told apart by a required member that holds a string constant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tagged {
    /// The member's name.
    pub tag: String,
    /// The rule for each constant.
    pub variants: Vec<TaggedRule>,
}

/// A variant's rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaggedRule {
    /// The constant.
    pub value: String,
    /// What the whole object must satisfy then.
    pub rule: Rule,
}

impl Rule {
    /// A rule that accepts everything.
    pub fn any() -> Rule {
        Rule::default()
    }

    /// Whether it accepts everything, whatever its annotations.
    pub fn is_any(&self) -> bool {
        *self
            == Rule {
                parameter: self.parameter.clone(),
                code: self.code.clone(),
                nullable: self.nullable,
                ..Rule::default()
            }
    }

    /// The rules that are about the same value as this one: the parts of compositions.
    pub fn in_place(&self) -> impl Iterator<Item = &Rule> {
        let tagged = self.tagged.iter().flat_map(|each| each.variants.iter().map(|variant| &variant.rule));
        self.all_of
            .iter()
            .chain(&self.any_of)
            .chain(&self.one_of)
            .chain(tagged)
            .chain(self.not.as_deref())
            .chain(self.if_rule.as_deref())
            .chain(self.then_rule.as_deref())
            .chain(self.else_rule.as_deref())
            .chain(self.dependents.iter().filter_map(|each| each.rule.as_ref()))
    }

    /// The rules that are about values inside the value.
    pub fn inside(&self) -> impl Iterator<Item = &Rule> {
        self.prefix_items
            .iter()
            .chain(self.items.as_deref())
            .chain(self.contains.as_deref())
            .chain(self.properties.iter().map(|each| &each.rule))
            .chain(self.pattern_properties.iter().map(|each| &each.rule))
            .chain(self.additional.as_deref())
            .chain(self.property_names.as_deref())
    }
}

impl Rule {
    /// Calls `visit` with every rule directly inside this one.
    pub(super) fn parts_mut(&mut self, visit: &mut dyn FnMut(&mut Rule)) {
        let lists = [&mut self.all_of, &mut self.any_of, &mut self.one_of, &mut self.prefix_items];
        lists.into_iter().flatten().for_each(&mut *visit);
        let single = [
            &mut self.not,
            &mut self.if_rule,
            &mut self.then_rule,
            &mut self.else_rule,
            &mut self.items,
            &mut self.contains,
            &mut self.additional,
            &mut self.property_names,
        ];
        single.into_iter().flatten().for_each(|each| visit(each));
        self.properties.iter_mut().for_each(|each| visit(&mut each.rule));
        self.pattern_properties.iter_mut().for_each(|each| visit(&mut each.rule));
        self.dependents.iter_mut().filter_map(|each| each.rule.as_mut()).for_each(&mut *visit);
        self.tagged.iter_mut().flat_map(|each| &mut each.variants).for_each(|each| visit(&mut each.rule));
    }
}
