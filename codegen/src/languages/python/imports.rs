//! What the module of definitions has to import.

use serde::Serialize;

use super::views::Module;

/// What the module has to import, so that nothing is imported in vain.
#[derive(Serialize, Default)]
pub(super) struct Imports {
    typing: Vec<&'static str>,
    errors: Vec<&'static str>,
    rules: Vec<&'static str>,
    text: Vec<&'static str>,
    dataclass: bool,
    field: bool,
}

/// Looks for what the expressions use.
pub(super) fn of(module: &Module) -> Imports {
    let mut code = String::new();
    for each in &module.classes {
        for field in &each.fields {
            code.push_str(&format!("{} {}\n", field.annotation, field.written));
        }
        code.push_str("Any\n");
    }
    for each in &module.builders {
        code.push_str(&format!("{}\n{}\n", each.arguments, each.expression.as_deref().unwrap_or_default()));
        code.push_str(&each.members.clone().unwrap_or_default().join("\n"));
        each.variants.iter().for_each(|variant| code.push_str(&variant.expression));
    }
    for each in module.newtypes.iter().chain(&module.aliases) {
        code.push_str(&format!("{}\n", each.value));
    }
    let generic = !module.parameters.is_empty();
    let mut typing = vec!["Any", "Callable", "Mapping"];
    typing.extend(
        ["Literal", "NewType", "Union"]
            .into_iter()
            .filter(|each| code.contains(&format!("{each}[")) || code.contains(&format!("{each}("))),
    );
    if generic {
        typing.extend(["Generic", "TypeVar"]);
    }
    typing.sort_unstable();
    let mut text = vec!["decode_text"];
    if module.protocol {
        text = vec!["read_text", "refuse_duplicates"];
    }
    if code.contains("json_of(") || module.classes.iter().any(|each| each.additional.is_some()) {
        text.insert(usize::from(!module.protocol), "json_of");
    }
    let mut rules = Vec::new();
    if generic {
        rules.push("any_payload");
    }
    if code.contains("is_integer(") {
        rules.push("is_integer");
    }
    Imports {
        typing,
        errors: ["child", "read_payload"]
            .into_iter()
            .filter(|each| code.contains(&format!("{each}(")))
            .collect(),
        rules,
        text,
        dataclass: !module.classes.is_empty(),
        field: module.classes.iter().any(|each| each.additional.is_some()),
    }
}
