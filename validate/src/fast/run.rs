//! Runs a compiled schema over a text.

use super::{
    cursor::{Cursor, MAX_DEPTH, NumberToken, Step, Stop, StringToken},
    program::{
        ArrayRule, Bound, EXACT, Limit, LimitValue, Members, NodeId, NumberRule, ObjectRule, Program, Rule,
        StringRule, Tagged,
    },
    skip,
};

impl Program {
    /// Whether the text is JSON and valid, as far as one pass can tell; `false` says nothing.
    pub fn accepts(&self, text: &str) -> bool {
        let mut cursor = Cursor::new(text);
        self.node(self.root, &mut cursor, 0).and_then(|()| cursor.end()).is_ok()
    }

    /// Reads the value that comes next, `depth` levels inside others.
    fn node(&self, node: NodeId, cursor: &mut Cursor<'_>, depth: usize) -> Step {
        let node = &self.nodes[node];
        if node.any {
            return skip::value(cursor, depth);
        }
        match cursor.peek()? {
            b'"' => match &node.string {
                Rule::Any => cursor.string().map(drop),
                Rule::Check(rule) => check_string(rule, cursor.string()?),
                rule => self.rare(rule, cursor, depth, |rule, cursor| check_string(rule, cursor.string()?)),
            },
            b'{' => match &node.object {
                Rule::Check(ObjectRule::Members(members)) => self.members(members, cursor, depth + 1),
                Rule::Check(ObjectRule::Tagged(tagged)) => self.tagged(tagged, cursor, depth),
                rule => self.rare(rule, cursor, depth, |_, _| Err(Stop)),
            },
            b'[' => match &node.array {
                Rule::Check(rule) => self.array(rule, cursor, depth + 1),
                rule => self.rare(rule, cursor, depth, |_, _| Err(Stop)),
            },
            b'-' | b'0'..=b'9' => match &node.number {
                Rule::Any => cursor.number().map(drop),
                Rule::Check(rule) => check_number(rule, cursor.number()?),
                rule => self.rare(rule, cursor, depth, |rule, cursor| check_number(rule, cursor.number()?)),
            },
            byte @ (b't' | b'f') => {
                let value = byte == b't';
                let read = |cursor: &mut Cursor<'_>| cursor.word(if value { b"true" } else { b"false" });
                match &node.boolean {
                    Rule::Any => read(cursor),
                    rule => self.rare(rule, cursor, depth, |allowed, cursor| {
                        if *allowed == value { read(cursor) } else { Err(Stop) }
                    }),
                }
            }
            b'n' => match &node.null {
                Rule::Any => cursor.word(b"null"),
                rule => self.rare(rule, cursor, depth, |(), cursor| cursor.word(b"null")),
            },
            _ => Err(Stop),
        }
    }

    /// The rules that are not worth a place in the loop above.
    #[inline(never)]
    fn rare<'a, T>(
        &self,
        rule: &Rule<T>,
        cursor: &mut Cursor<'a>,
        depth: usize,
        check: impl Fn(&T, &mut Cursor<'a>) -> Step + Copy,
    ) -> Step {
        match rule {
            Rule::Never => Err(Stop),
            Rule::Any => skip::value(cursor, depth),
            Rule::Check(rule) => check(rule, cursor),
            Rule::Either(rules) => {
                let start = cursor.clone();
                for rule in rules {
                    *cursor = start.clone();
                    if self.rare(rule, cursor, depth, check).is_ok() {
                        return Ok(());
                    }
                }
                Err(Stop)
            }
            Rule::Ask(index) => {
                let start = cursor.position();
                skip::value(cursor, depth)?;
                let value = serde_json::from_slice(cursor.since(start)).map_err(|_| Stop)?;
                if self.asked[*index].is_valid(&value) { Ok(()) } else { Err(Stop) }
            }
        }
    }

    /// Reads an object; `depth` counts it.
    fn members(&self, rule: &Members, cursor: &mut Cursor<'_>, depth: usize) -> Step {
        open(cursor, depth)?;
        let (mut seen, mut count, mut previous) = (0_u128, 0_usize, None);
        let mut all_names = (rule.minimum > 1).then(Vec::new);
        if cursor.peek()? == b'}' {
            cursor.advance();
        } else {
            loop {
                if cursor.peek()? != b'"' {
                    return Err(Stop);
                }
                let start = cursor.position();
                let (guess, quoted) = rule.names.guess(previous);
                let index = if !quoted.is_empty() && cursor.take(quoted) {
                    Some(guess)
                } else {
                    let name = cursor.string()?;
                    match name.escaped {
                        false => rule.names.find(name.raw, previous),
                        true => rule.names.find(unescaped(name)?.as_bytes(), previous),
                    }
                };
                if let Some(names) = &mut all_names {
                    names.push(cursor.since(start));
                }
                cursor.expect(b':')?;
                match index {
                    Some(index) => {
                        let member = rule.members[index];
                        if rule.unique && seen & member.bit != 0 {
                            return Err(Stop);
                        }
                        seen |= member.bit;
                        previous = Some(index);
                        self.node(member.node, cursor, depth)?;
                    }
                    None => self.node(rule.additional, cursor, depth)?,
                }
                count += 1;
                match cursor.peek()? {
                    b',' => cursor.advance(),
                    b'}' => break cursor.advance(),
                    _ => return Err(Stop),
                }
            }
        }
        if let Some(mut names) = all_names {
            // A member given twice counts once. Names that are written in two ways need a closer look.
            if names.iter().any(|name| name.contains(&b'\\')) {
                return Err(Stop);
            }
            names.sort_unstable();
            names.dedup();
            count = names.len();
        }
        let complete = seen & rule.required == rule.required;
        if complete && (rule.minimum..=rule.maximum).contains(&count) { Ok(()) } else { Err(Stop) }
    }

    /// Finds out which kind of object comes next, and reads it as such.
    fn tagged(&self, rule: &Tagged, cursor: &mut Cursor<'_>, depth: usize) -> Step {
        let mut ahead = cursor.clone();
        open(&mut ahead, depth + 1)?;
        loop {
            if ahead.peek()? != b'"' {
                return Err(Stop);
            }
            let found = ahead.take(&rule.quoted);
            if !found {
                ahead.string()?;
            }
            ahead.expect(b':')?;
            if found {
                break;
            }
            skip::value(&mut ahead, depth + 1)?;
            ahead.expect(b',')?;
        }
        if ahead.peek()? != b'"' {
            return Err(Stop);
        }
        let tag = ahead.string()?;
        let kind = rule.kinds.iter().find(|(value, _)| !tag.escaped && **value == *tag.raw).ok_or(Stop)?;
        self.node(kind.1, cursor, depth)
    }

    /// Reads an array; `depth` counts it.
    fn array(&self, rule: &ArrayRule, cursor: &mut Cursor<'_>, depth: usize) -> Step {
        open(cursor, depth)?;
        let mut count = 0;
        if cursor.peek()? == b']' {
            cursor.advance();
        } else {
            loop {
                let node = rule.prefix.get(count).copied().unwrap_or(rule.rest);
                self.node(node, cursor, depth)?;
                count += 1;
                match cursor.peek()? {
                    b',' => cursor.advance(),
                    b']' => break cursor.advance(),
                    _ => return Err(Stop),
                }
            }
        }
        if (rule.minimum..=rule.maximum).contains(&count) { Ok(()) } else { Err(Stop) }
    }
}

/// Takes the bracket or brace that opens level `depth`.
#[inline]
fn open(cursor: &mut Cursor<'_>, depth: usize) -> Step {
    if depth > MAX_DEPTH {
        return Err(Stop);
    }
    cursor.advance();
    Ok(())
}

fn check_string(rule: &StringRule, token: StringToken<'_>) -> Step {
    if token.escaped {
        return check_string_value(rule, unescaped(token)?.as_bytes());
    }
    check_string_value(rule, token.raw)
}

#[inline]
fn check_string_value(rule: &StringRule, value: &[u8]) -> Step {
    if let Some(allowed) = &rule.allowed
        && !allowed.contains(value)
    {
        return Err(Stop);
    }
    // A code point has one to four bytes, so mostly the bytes tell enough.
    if value.len() > rule.maximum || value.len() / 4 < rule.minimum {
        let length = value.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        if !(rule.minimum..=rule.maximum).contains(&length) {
            return Err(Stop);
        }
    }
    if !rule.patterns.is_empty() {
        let value = std::str::from_utf8(value).map_err(|_| Stop)?;
        if !rule.patterns.iter().all(|pattern| pattern.matches(value)) {
            return Err(Stop);
        }
    }
    Ok(())
}

/// The value of a string that is written with escapes.
#[cold]
fn unescaped(token: StringToken<'_>) -> Step<String> {
    let quoted = [b"\"", token.raw, b"\""].concat();
    serde_json::from_slice(&quoted).map_err(|_| Stop)
}

#[inline]
fn check_number(rule: &NumberRule, token: NumberToken<'_>) -> Step {
    let Some(value) = token.integer else {
        return check_double(rule, token.raw);
    };
    let limits = rule.limits.iter().all(|limit| match limit.value {
        LimitValue::Integer(bound) => within(limit.bound, value, bound),
        LimitValue::Double(bound) => {
            (-EXACT..=EXACT).contains(&value) && within(limit.bound, value as f64, bound)
        }
    });
    let allowed = rule.allowed.as_ref().is_none_or(|allowed| allowed.contains(&value));
    let multiple = rule.multiples.iter().all(|divisor| value % divisor == 0);
    if limits && allowed && multiple { Ok(()) } else { Err(Stop) }
}

/// A number with a fraction, an exponent or many digits. Only what doubles settle without loss is settled.
#[inline(never)]
fn check_double(rule: &NumberRule, raw: &[u8]) -> Step {
    let written_as_double = raw == b"-0" || raw.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
    if !written_as_double || rule.allowed.is_some() || !rule.multiples.is_empty() {
        return Err(Stop);
    }
    let value: f64 = serde_json::from_slice(raw).map_err(|_| Stop)?;
    if rule.integer && (value.fract() != 0.0 || value.abs() >= EXACT as f64) {
        return Err(Stop);
    }
    let inside = |limit: &Limit| match limit.value {
        LimitValue::Integer(bound) => within(limit.bound, value, bound as f64),
        LimitValue::Double(bound) => within(limit.bound, value, bound),
    };
    if rule.limits.iter().all(inside) { Ok(()) } else { Err(Stop) }
}

#[inline(always)]
fn within<T: PartialOrd>(bound: Bound, value: T, limit: T) -> bool {
    match bound {
        Bound::AtLeast => value >= limit,
        Bound::Above => value > limit,
        Bound::AtMost => value <= limit,
        Bound::Below => value < limit,
    }
}
