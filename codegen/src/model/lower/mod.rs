//! From schema documents to the model.

mod collisions;
mod constants;
mod cycles;
mod graph;
mod reader;
mod rules;
mod shapes;

use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::{Model, Source, Topic, Type, TypeDef, document, keywords, names};
use crate::{Error, Result};
use reader::Reader;

/// How documents are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// See [`Model::null_is_absent`].
    pub null_is_absent: bool,
}

/// Lowers `sources` to one model, in a fixed order whatever theirs.
///
/// # Errors
/// The first fault of the first document, with its place: a keyword that is not supported, a reference that leads nowhere or in
/// a circle, two types that want one name.
pub fn lower(sources: &[Source], options: Options) -> Result<Model> {
    let mut documents = Vec::with_capacity(sources.len());
    for source in sources {
        documents.push(Lowering::new(source).run()?);
    }
    let mut model = Model { null_is_absent: options.null_is_absent, ..Model::default() };
    collisions::resolve(&mut documents)?;
    let mut types = BTreeMap::new();
    for document in documents {
        if let Some((topic, root)) = document.topic {
            let docs =
                document.types.iter().find(|each| each.name == root).and_then(|each| each.docs.clone());
            model.topics.push(Topic { name: topic, r#type: root, docs });
        }
        model.roots.extend(document.roots);
        types.extend(document.types.into_iter().map(|each| (each.name.clone(), each)));
    }
    model.types = types.into_values().collect();
    model.roots.sort();
    model.roots.dedup();
    model.topics.sort_by(|left, right| left.name.cmp(&right.name));
    graph::complete(&mut model.types);
    Ok(model)
}

/// What one document gave.
struct Document {
    source: String,
    types: Vec<TypeDef>,
    roots: Vec<String>,
    /// The topic and the name of its payload type.
    topic: Option<(String, String)>,
}

/// The work on one document.
struct Lowering<'a> {
    source: &'a Source,
    /// The places that have a type of their own, by JSON Pointer.
    named: HashMap<String, Place>,
    /// Which pointer has taken a name.
    taken: HashMap<String, String>,
    /// Places that are named and not yet lowered.
    queue: VecDeque<String>,
    /// Reference targets that are known to lead into no circle.
    acyclic: cycles::Known,
    /// The schemas whose keywords have been checked by name.
    checked: RefCell<HashSet<*const Map<String, Value>>>,
}

#[derive(Clone)]
struct Place {
    name: String,
    /// The place accepts other JSON types than objects too, and the type is that of its objects alone.
    objects_only: bool,
}

impl<'a> Lowering<'a> {
    fn new(source: &'a Source) -> Self {
        Lowering {
            source,
            named: HashMap::new(),
            taken: HashMap::new(),
            queue: VecDeque::new(),
            acyclic: cycles::Known::default(),
            checked: RefCell::default(),
        }
    }

    fn run(mut self) -> Result<Document> {
        let source = self.source;
        keywords::check_dialect(&source.name, &source.schema)?;
        let mut document =
            Document { source: source.name.clone(), types: Vec::new(), roots: Vec::new(), topic: None };
        match &source.topic {
            Some(topic) => {
                let root = self.name_root(topic)?;
                document.roots.push(root.clone());
                document.topic = Some((topic.clone(), root));
            }
            None => {
                self.reader("", &source.schema)?;
                let defs = source.schema.get("$defs").and_then(Value::as_object);
                for key in defs.into_iter().flat_map(|each| each.keys()) {
                    document.roots.push(self.name_target(&format!("/$defs/{}", document::escape(key)))?);
                }
            }
        }
        while let Some(pointer) = self.queue.pop_front() {
            document.types.push(self.define(&pointer)?);
        }
        Ok(document)
    }

    /// Names the root after its title or its topic, or, where it only refers to a place, after that place.
    fn name_root(&mut self, topic: &str) -> Result<String> {
        let schema = &self.source.schema;
        if let Some(object) = schema.as_object() {
            let reader = self.reader("", schema)?;
            if let Some(reference) = reader.as_ref().and_then(Reader::sole_reference) {
                let (target, _) = self.follow("", reference)?;
                if !target.is_empty() {
                    return self.name_target(&target);
                }
            }
            if let Some(title) =
                object.get("title").and_then(Value::as_str).filter(|each| names::is_type_name(each))
            {
                return self.assign("", title.to_owned());
            }
        }
        let name = names::pascal(topic).ok_or_else(|| {
            Error::schema(
                &self.source.name,
                "",
                format!("the topic `{topic}` has no letter or digit to name its type after; give the schema a `title`, such as \"Settings\""),
            )
        })?;
        self.assign("", name)
    }

    /// The name of the type at a place that a reference leads to.
    fn name_target(&mut self, pointer: &str) -> Result<String> {
        if let Some(place) = self.named.get(pointer) {
            return Ok(place.name.clone());
        }
        let steps: Vec<String> = document::steps(pointer).collect();
        let name = match steps.as_slice() {
            [group, key] if group == "$defs" || group == "definitions" => names::pascal(key),
            _ => {
                let told: Vec<&str> =
                    steps.iter().map(String::as_str).filter(|each| !STRUCTURE.contains(each)).collect();
                let root = self.named.get("").map(|each| each.name.clone()).unwrap_or_default();
                names::pascal(&told.join("-")).map(|each| root + &each)
            }
        };
        let name = name.ok_or_else(|| {
            Error::schema(
                &self.source.name,
                pointer,
                "there is no letter or digit to name the type after; rename it",
            )
        })?;
        self.assign(pointer, name)
    }

    /// Gives the place a type of its own and puts it on the queue.
    fn assign(&mut self, pointer: &str, name: String) -> Result<String> {
        self.take(pointer, &name)?;
        self.named.insert(pointer.to_owned(), Place { name: name.clone(), objects_only: false });
        self.queue.push_back(pointer.to_owned());
        Ok(name)
    }

    fn take(&mut self, pointer: &str, name: &str) -> Result<()> {
        match self.taken.get(name) {
            Some(other) if other != pointer => Err(Error::schema(
                &self.source.name,
                pointer,
                format!(
                    "the type here would be called `{name}`, as the one at `#{other}` is; rename one, or give it a `title` of its own"
                ),
            )),
            _ => {
                self.taken.insert(name.to_owned(), pointer.to_owned());
                Ok(())
            }
        }
    }

    /// Gives an inline schema a type of its own: named by its title, or after its owner and the place in it.
    fn hoist(
        &mut self,
        pointer: &str,
        schema: &Value,
        owner: &str,
        hint: &str,
        objects_only: bool,
    ) -> Result<Type> {
        if let Some(place) = self.named.get(pointer) {
            return Ok(Type::Reference { name: place.name.clone(), arguments: Vec::new() });
        }
        let title = schema.get("title").and_then(Value::as_str).filter(|each| names::is_type_name(each));
        let name = match title.filter(|each| !self.taken.contains_key(*each)) {
            Some(title) => title.to_owned(),
            None => format!("{owner}{}", names::pascal(hint).unwrap_or_else(|| "Member".to_owned())),
        };
        self.take(pointer, &name)?;
        self.named.insert(pointer.to_owned(), Place { name: name.clone(), objects_only });
        self.queue.push_back(pointer.to_owned());
        Ok(Type::Reference { name, arguments: Vec::new() })
    }

    fn define(&mut self, pointer: &str) -> Result<TypeDef> {
        let source = self.source;
        let schema = source.schema.pointer(pointer).unwrap_or(&Value::Null);
        let place = self.named.get(pointer).cloned();
        let Some(Place { name, objects_only }) = place else {
            return Err(Error::schema(
                &source.name,
                pointer,
                "the place has no name; this is a fault of the generator",
            ));
        };
        let reader = self.reader(pointer, schema)?;
        let shape = if objects_only {
            self.object(pointer, schema, &name)?
        } else {
            self.shape(pointer, schema, &name)?
        };
        let mut rule = self.rule_here(pointer, schema)?;
        if objects_only {
            rule.kinds = vec![super::Kind::Object];
        }
        Ok(TypeDef {
            docs: reader.as_ref().and_then(Reader::docs),
            deprecated: reader.as_ref().is_some_and(|each| each.flag("deprecated")),
            location: format!("{}#{pointer}", source.name),
            parameters: Vec::new(),
            name,
            shape,
            rule,
            recursive: false,
        })
    }

    /// The keywords of the schema at `pointer`, checked by name; none for `true` and `false`.
    fn reader<'p>(&self, pointer: &'p str, schema: &'a Value) -> Result<Option<Reader<'a, 'p>>> {
        match schema {
            Value::Bool(_) => Ok(None),
            Value::Object(keywords) => {
                // A place is read more than once, and its address is as good as its pointer.
                if self.checked.borrow_mut().insert(std::ptr::from_ref(keywords)) {
                    keywords::check(&self.source.name, pointer, keywords)?;
                }
                Ok(Some(Reader::new(&self.source.name, pointer, keywords)))
            }
            _ => Err(Error::schema(
                &self.source.name,
                pointer,
                "a schema is an object, `true` or `false`; this is something else",
            )),
        }
    }

    /// The place that a `$ref` leads to. The way from there is checked for circles.
    fn follow(&mut self, pointer: &str, reference: &str) -> Result<(String, &'a Value)> {
        let (target, schema) = self.source.resolve(pointer, reference)?;
        self.acyclic.check(self.source, &target)?;
        Ok((target, schema))
    }
}

/// Steps of a pointer that name no part of the state.
const STRUCTURE: &[&str] =
    &["properties", "items", "$defs", "definitions", "additionalProperties", "allOf", "anyOf", "oneOf"];
