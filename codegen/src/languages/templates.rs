//! The template engine, set up once for each language.

use serde::Serialize;
use tera::{Context, Tera};

use crate::{Error, Result};

/// The templates of one language, compiled.
pub struct Templates {
    language: &'static str,
    engine: std::result::Result<Tera, String>,
}

impl Templates {
    /// Compiles `templates` (name and text). `register` adds the language's filters and functions first.
    pub fn new(
        language: &'static str,
        templates: &[(&'static str, &'static str)],
        register: fn(&mut Tera),
    ) -> Self {
        let mut engine = Tera::default();
        engine.autoescape_on(Vec::<&'static str>::new());
        register(&mut engine);
        let engine = match engine.add_raw_templates(templates.iter().copied()) {
            Ok(()) => Ok(engine),
            Err(error) => Err(error.to_string()),
        };
        Templates { language, engine }
    }

    /// Renders one template with the members of `context` as its variables.
    ///
    /// # Errors
    /// The template is at fault; a test renders every one.
    pub fn render(&self, template: &str, context: &impl Serialize) -> Result<String> {
        let fault = |reason: String| Error::Template { language: self.language.to_owned(), reason };
        let engine = self.engine.as_ref().map_err(|reason| fault(reason.clone()))?;
        let context = Context::from_serialize(context).map_err(|error| fault(error.to_string()))?;
        engine.render(template, &context).map_err(|error| fault(error.to_string()))
    }
}
