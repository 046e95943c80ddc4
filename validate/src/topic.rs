//! Validation of a topic's snapshots: the envelope of the protocol around data of the application's schema.

use crate::{Finding, SchemaError, fast::Program, schema::SchemaValidator};
use serde_json::Value;
use state_sync::SnapshotEnvelope;

/// One program for envelope and data, and the two referees.
#[derive(Debug)]
pub(crate) struct TopicValidator {
    program: Option<Program>,
    payload: SchemaValidator,
}

impl TopicValidator {
    pub fn new(schema: &Value) -> Result<Self, SchemaError> {
        let mut payload = SchemaValidator::new(schema)?;
        let program = payload.take_program().map(Program::in_envelope);
        Ok(Self { program, payload })
    }

    pub fn validate(&self, text: &str) -> Result<(), Vec<Finding>> {
        if self.program.as_ref().is_some_and(|program| program.accepts(text)) {
            return Ok(());
        }
        let envelope: SnapshotEnvelope<Value> =
            state_sync::json::from_str(text).map_err(|error| vec![error.into()])?;
        self.payload
            .validate_value(&envelope.data)
            .map_err(|findings| findings.into_iter().map(|finding| finding.inside("data")).collect())
    }
}
