//! Validation against an application's own JSON Schema.

use crate::{Finding, SchemaError, explain::explain, fast::Program, schema_check};
use serde_json::Value;

/// A document has at most this many findings; what is wrong with every item of a long array is said often enough.
pub const MAX_FINDINGS: usize = 100;

/// A schema, twice: as a program for the common case and as the referee for every other.
#[derive(Debug)]
pub(crate) struct SchemaValidator {
    program: Option<Program>,
    referee: jsonschema::Validator,
}

impl SchemaValidator {
    pub fn new(schema: &Value) -> Result<Self, SchemaError> {
        let referee = schema_check::build(schema)?;
        Ok(Self { program: Program::new(schema), referee })
    }

    /// Takes the program away, to be put into a larger one.
    pub fn take_program(&mut self) -> Option<Program> {
        self.program.take()
    }

    pub fn validate(&self, text: &str) -> Result<(), Vec<Finding>> {
        if self.program.as_ref().is_some_and(|program| program.accepts(text)) {
            return Ok(());
        }
        let value: Value = state_sync::json::from_str(text).map_err(|error| vec![error.into()])?;
        self.validate_value(&value)
    }

    /// The referee's verdict.
    pub fn validate_value(&self, value: &Value) -> Result<(), Vec<Finding>> {
        // Errors cost a multiple of the verdict.
        if self.referee.is_valid(value) {
            return Ok(());
        }
        let mut findings = Vec::new();
        for error in self.referee.iter_errors(value) {
            explain(&error, value, &mut findings);
            if findings.len() >= MAX_FINDINGS {
                findings.truncate(MAX_FINDINGS);
                break;
            }
        }
        Err(findings)
    }
}
