//! What languages share about type parameters.

use std::collections::BTreeSet;

use crate::model::{Model, Shape, Type, TypeDef};

/// The member that a type parameter of `owner` is the type of, in `owner` or in a type that it passes the parameter on to:
/// what reads the parameter is named after it.
pub(super) fn member_of(model: &Model, owner: &TypeDef, parameter: &str) -> Option<String> {
    let mut seen = BTreeSet::from([owner.name.as_str()]);
    let mut open = vec![owner];
    while let Some(each) = open.pop() {
        if let Shape::Object { fields, .. } = &each.shape {
            let holder = fields.iter().find(|field| {
                let mut here = false;
                field
                    .r#type
                    .walk(&mut |part| here |= matches!(part, Type::Parameter { name } if name == parameter));
                here
            });
            if let Some(field) = holder {
                return Some(field.name.clone());
            }
        }
        each.shape.walk(&mut |part| {
            if let Type::Reference { name, arguments } = part
                && arguments.iter().any(|argument| argument == parameter)
                && let Some(target) = model.get(name)
                && seen.insert(&target.name)
            {
                open.push(target);
            }
        });
    }
    None
}
