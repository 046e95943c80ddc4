//! The module of the application's topics.

use serde::Serialize;

use super::super::HEADER;
use super::names;
use super::rules::string;
use super::types::Types;
use super::views::docs;

#[derive(Serialize)]
pub(super) struct Topics {
    header: &'static str,
    topics: Vec<TopicView>,
    classes: Vec<String>,
    functions: Vec<String>,
}

#[derive(Serialize)]
struct TopicView {
    constant: String,
    wire: String,
    class: String,
    /// What reads it from a value and its place.
    reader: String,
    docs: String,
}

/// A constant for each topic, none of them a name that the package has besides.
pub(super) fn constants(types: &Types<'_>) -> Vec<String> {
    const TAKEN: &[&str] = &["DECODERS", "ERROR_CODES", "MAXIMUM_DEPTH", "PAYLOADS"];
    let wire: Vec<&str> = types.model.topics.iter().map(|each| each.name.as_str()).collect();
    let mut constants = names::of_constants(&wire, TAKEN);
    for constant in &mut constants {
        // A type in capitals (`URL`) may have the name of a topic's constant.
        if types.names.values().any(|each| each.class == *constant) {
            constant.push_str("_TOPIC");
        }
    }
    constants
}

pub(super) fn view(types: &Types<'_>) -> Topics {
    let names = constants(types);
    let mut view = Topics { header: HEADER, topics: Vec::new(), classes: Vec::new(), functions: Vec::new() };
    for (topic, constant) in types.model.topics.iter().zip(names) {
        let class = types.class(&topic.r#type).to_owned();
        let function = types.names[&topic.r#type].function.clone();
        view.classes.push(class.clone());
        view.functions.push(format!("parse_{function}"));
        let docs = docs(topic.docs.as_deref(), false);
        // A generic payload takes what reads its parameters before its place.
        let generic = types.model.get(&topic.r#type).is_some_and(|each| !each.parameters.is_empty());
        let reader = match generic {
            true => format!("lambda value, pointer: parse_{function}(value, pointer=pointer)"),
            false => format!("parse_{function}"),
        };
        view.topics.push(TopicView { constant, wire: string(&topic.name), class, reader, docs });
    }
    view.classes.sort();
    view.classes.dedup();
    view.functions.sort();
    view.functions.dedup();
    view
}
