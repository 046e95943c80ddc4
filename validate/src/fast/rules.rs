//! The checks of scalars, gathered from the keywords of the subschemas that apply to them.

use super::{
    expand::Kind,
    pattern::Pattern,
    program::{AllowedStrings, Bound, EXACT, Limit, LimitValue, NumberRule, Rule, StringRule},
    source::Unsupported,
};
use serde_json::{Map, Value};

/// A subschema's keywords.
type Keywords<'a> = &'a Map<String, Value>;

/// The values that `const`, `enum` and the unions of constants leave; `None` where there is none of these.
pub(crate) fn allowed<'a>(
    schemas: &[Keywords<'a>],
    unions: Vec<Vec<&'a Value>>,
    kind: Kind,
) -> Result<Option<Vec<&'a Value>>, Unsupported> {
    let mut lists = unions;
    for schema in schemas {
        lists.extend(schema.get("const").map(|constant| vec![constant]));
        if let Some(values) = schema.get("enum") {
            lists.push(values.as_array().ok_or(Unsupported)?.iter().collect());
        }
    }
    for list in &mut lists {
        list.retain(|value| Kind::of(value) == kind);
    }
    // Numbers are equal in more ways than these lists compare them: 1 and 1.0.
    if kind == Kind::Number && lists.iter().flatten().any(|value| !value.is_i64()) {
        return Err(Unsupported);
    }
    let Some(mut left) = lists.pop() else { return Ok(None) };
    left.retain(|value| lists.iter().all(|list| list.contains(value)));
    Ok(Some(left))
}

pub(crate) fn null(allowed: Option<Vec<&Value>>) -> Rule<()> {
    match allowed {
        Some(values) if values.is_empty() => Rule::Never,
        _ => Rule::Any,
    }
}

pub(crate) fn boolean(allowed: Option<Vec<&Value>>) -> Rule<bool> {
    let Some(values) = allowed else { return Rule::Any };
    match (values.contains(&&Value::Bool(false)), values.contains(&&Value::Bool(true))) {
        (false, false) => Rule::Never,
        (true, true) => Rule::Any,
        (_, allowed) => Rule::Check(allowed),
    }
}

pub(crate) fn number(
    schemas: &[Keywords<'_>],
    allowed: Option<Vec<&Value>>,
) -> Result<Rule<NumberRule>, Unsupported> {
    let mut rule = NumberRule { allowed: allowed.map(integers).transpose()?, ..NumberRule::default() };
    for schema in schemas {
        if let Some(types) = schema.get("type") {
            let has = |name: &str| {
                types == name || types.as_array().is_some_and(|types| types.iter().any(|item| item == name))
            };
            rule.integer |= !has("number");
        }
        let bounds = [
            ("minimum", Bound::AtLeast),
            ("exclusiveMinimum", Bound::Above),
            ("maximum", Bound::AtMost),
            ("exclusiveMaximum", Bound::Below),
        ];
        for (keyword, bound) in bounds {
            if let Some(limit) = schema.get(keyword) {
                rule.limits.push(Limit { bound, value: limit_value(limit)? });
            }
        }
        if let Some(divisor) = schema.get("multipleOf") {
            let divisor = divisor.as_i64().filter(|divisor| (1..=EXACT).contains(divisor));
            rule.multiples.push(divisor.ok_or(Unsupported)?);
        }
    }
    let free = !rule.integer && rule.limits.is_empty() && rule.allowed.is_none() && rule.multiples.is_empty();
    Ok(if free { Rule::Any } else { Rule::Check(rule) })
}

fn integers(values: Vec<&Value>) -> Result<Vec<i64>, Unsupported> {
    values.into_iter().map(|value| value.as_i64().ok_or(Unsupported)).collect()
}

fn limit_value(limit: &Value) -> Result<LimitValue, Unsupported> {
    if let Some(integer) = limit.as_i64() {
        let exact = (-EXACT..=EXACT).contains(&integer);
        return if exact { Ok(LimitValue::Integer(integer)) } else { Err(Unsupported) };
    }
    match limit.as_f64() {
        Some(double) if limit.is_f64() => Ok(LimitValue::Double(double)),
        _ => Err(Unsupported),
    }
}

pub(crate) fn string(
    schemas: &[Keywords<'_>],
    allowed: Option<Vec<&Value>>,
) -> Result<Rule<StringRule>, Unsupported> {
    let mut rule = StringRule::default();
    let mut free = true;
    if let Some(values) = allowed {
        let strings = values.into_iter().filter_map(Value::as_str).map(str::to_owned);
        rule.allowed = Some(AllowedStrings::new(strings));
        free = false;
    }
    for schema in schemas {
        let (minimum, maximum) = sizes(schema, "minLength", "maxLength")?;
        rule.minimum = rule.minimum.max(minimum);
        rule.maximum = rule.maximum.min(maximum);
        if let Some(pattern) = schema.get("pattern") {
            let pattern = pattern.as_str().and_then(Pattern::new).ok_or(Unsupported)?;
            rule.patterns.push(pattern);
        }
    }
    free &= rule.minimum == 0 && rule.maximum == usize::MAX && rule.patterns.is_empty();
    Ok(if free { Rule::Any } else { Rule::Check(rule) })
}

/// Two keywords that bound a size from below and from above.
pub(crate) fn sizes(
    schema: Keywords<'_>,
    minimum: &str,
    maximum: &str,
) -> Result<(usize, usize), Unsupported> {
    let size = |keyword: &str, absent: usize| match schema.get(keyword) {
        None => Ok(absent),
        Some(size) => size.as_u64().and_then(|size| usize::try_from(size).ok()).ok_or(Unsupported),
    };
    Ok((size(minimum, 0)?, size(maximum, usize::MAX)?))
}
