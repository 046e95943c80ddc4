//! The one validator for everything that can be validated against.

use crate::{
    Finding, SchemaError, protocol::TypeValidator, protocol::UnknownType, schema::SchemaValidator,
    topic::TopicValidator,
};
use serde_json::Value;

/// Validates documents. Built once, then used for any number of them, from any number of threads.
///
/// ```
/// use state_sync_validate::Validator;
///
/// let validator = Validator::for_type("SnapshotEnvelope")?;
/// assert!(validator.validate(br#"{"revision":"7","data":{"theme":"dark"}}"#).is_ok());
///
/// let findings = validator.validate(br#"{"revision":7,"data":null}"#).unwrap_err();
/// assert_eq!((findings[0].code, findings[0].pointer.as_str()), ("wrong-type", "/revision"));
/// # Ok::<(), state_sync_validate::UnknownType>(())
/// ```
#[derive(Debug)]
pub struct Validator(Kind);

#[derive(Debug)]
enum Kind {
    Type(TypeValidator),
    Schema(Box<SchemaValidator>),
    Topic(Box<TopicValidator>),
}

impl Validator {
    /// Validates against a type of the protocol; [`type_names`](crate::type_names) lists them.
    ///
    /// # Errors
    ///
    /// [`UnknownType`], which names the known ones.
    pub fn for_type(name: &str) -> Result<Self, UnknownType> {
        TypeValidator::new(name).map(|validator| Self(Kind::Type(validator)))
    }

    /// Validates against an application's JSON Schema (2020-12, or the dialect that it names).
    ///
    /// # Errors
    ///
    /// [`SchemaError`] for what is no schema, a reference that leads nowhere or in circles, a pattern that is no
    /// regular expression.
    pub fn for_schema(schema: &Value) -> Result<Self, SchemaError> {
        SchemaValidator::new(schema).map(|validator| Self(Kind::Schema(Box::new(validator))))
    }

    /// Validates the snapshots of a topic: a `SnapshotEnvelope` whose `data` obeys the schema.
    ///
    /// # Errors
    ///
    /// As [`Self::for_schema`].
    pub fn for_topic_schema(schema: &Value) -> Result<Self, SchemaError> {
        TopicValidator::new(schema).map(|validator| Self(Kind::Topic(Box::new(validator))))
    }

    /// Validates one JSON text.
    ///
    /// A valid text is read once and no values are built of it, except by the decoding into a type of the
    /// protocol. Only a text that is not valid is read again, to find out why.
    ///
    /// # Errors
    ///
    /// What is wrong with it: at least one finding, and at most [`MAX_FINDINGS`](crate::MAX_FINDINGS).
    pub fn validate(&self, text: &[u8]) -> Result<(), Vec<Finding>> {
        let Ok(utf8) = std::str::from_utf8(text) else {
            return Err(vec![text_fault(text)]);
        };
        let verdict = match &self.0 {
            Kind::Type(validator) => validator.validate(utf8),
            Kind::Schema(validator) => validator.validate(utf8),
            Kind::Topic(validator) => validator.validate(utf8),
        };
        verdict.map_err(
            |findings| if text.starts_with(BYTE_ORDER_MARK) { vec![text_fault(text)] } else { findings },
        )
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why the bytes are no JSON text, where that is not the grammar's fault.
#[cold]
fn text_fault(text: &[u8]) -> Finding {
    let (message, expected) = if text.starts_with(BYTE_ORDER_MARK) {
        ("found a byte order mark before the text", "JSON without one (RFC 8259, section 8.1)")
    } else {
        ("found bytes that are not UTF-8", "UTF-8 text (RFC 8259, section 8.1)")
    };
    Finding {
        code: "invalid-json",
        pointer: String::new(),
        message: message.to_owned(),
        expected: expected.to_owned(),
    }
}
