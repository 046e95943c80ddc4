//! Changes of `properties` and `required`.

use std::collections::BTreeSet;

use super::changes::{Verdict, reason};
use super::explain::{COMPATIBLE, Explainer, Verdicts, worse};
use super::node::Node;
use crate::model::escape;

pub(super) fn explain<'a>(
    explainer: &mut Explainer<'a>,
    old: Node<'a>,
    new: Node<'a>,
    keyword: &str,
) -> Verdicts {
    if keyword == "properties" { properties(explainer, old, new) } else { required(explainer, old, new) }
}

fn properties<'a>(explainer: &mut Explainer<'a>, old: Node<'a>, new: Node<'a>) -> Verdicts {
    let names: BTreeSet<&str> = listed(old).chain(listed(new)).collect();
    names.into_iter().fold(COMPATIBLE, |worst, name| {
        let verdicts = match (old.member("properties", name), new.member("properties", name)) {
            (Some(from), Some(to)) => explainer.walk(from, to),
            (None, Some(to)) => added(explainer, old, new, name, to),
            (Some(from), None) => removed(explainer, old, new, name, from),
            (None, None) => COMPATIBLE,
        };
        worse(worst, verdicts)
    })
}

fn listed(node: Node<'_>) -> impl Iterator<Item = &str> {
    node.map("properties").map(|(name, _)| name)
}

fn requires(node: Node<'_>, name: &str) -> bool {
    node.names("required").any(|each| each == name)
}

fn added<'a>(
    explainer: &mut Explainer<'a>,
    old: Node<'a>,
    new: Node<'a>,
    name: &str,
    to: Node<'a>,
) -> Verdicts {
    let now_required = requires(new, name) && !requires(old, name);
    let (senders, receivers) = explainer.member_verdicts(old, new, name);
    let senders = if now_required { Verdict::Breaking } else { senders };
    let why = match (senders, receivers) {
        (Verdict::Breaking, receivers) if now_required => {
            let more = if receivers == Verdict::Breaking { " Old receivers do not accept it." } else { "" };
            format!("Old senders do not write it, and new receivers insist on it.{more}")
        }
        (Verdict::Compatible, Verdict::Compatible) => {
            "Nothing was said of this member before: old senders leave it out, and old receivers ignore it. Whoever wrote a member of this name on their own account is not covered.".to_owned()
        }
        (Verdict::Breaking, Verdict::Compatible) => {
            "The old schema let other values be sent under this name.".to_owned()
        }
        _ => reason(senders, receivers),
    };
    let what =
        format!("{} member `{name}` was added", if requires(new, name) { "required" } else { "optional" });
    explainer.emit_with((to, Some(to)), "", what, (senders, receivers), why)
}

fn removed<'a>(
    explainer: &mut Explainer<'a>,
    old: Node<'a>,
    new: Node<'a>,
    name: &str,
    from: Node<'a>,
) -> Verdicts {
    let was_required = requires(old, name) && !requires(new, name);
    let (senders, receivers) = explainer.member_verdicts(old, new, name);
    let receivers = if was_required { Verdict::Breaking } else { receivers };
    let why = match (senders, receivers) {
        (senders, Verdict::Breaking) if was_required => {
            let more = if senders == Verdict::Breaking { " New receivers do not accept it." } else { "" };
            format!("New senders do not write it, and old receivers insist on it.{more}")
        }
        (Verdict::Compatible, Verdict::Compatible) => {
            "It was optional: old receivers do without it, and new receivers ignore it. What it said is lost."
                .to_owned()
        }
        _ => reason(senders, receivers),
    };
    let what =
        format!("{} member `{name}` was removed", if requires(old, name) { "required" } else { "optional" });
    explainer.emit_with((from, None), "", what, (senders, receivers), why)
}

/// Names that became required or optional. A member that was added or removed at the same time has been told.
fn required<'a>(explainer: &mut Explainer<'a>, old: Node<'a>, new: Node<'a>) -> Verdicts {
    let names: BTreeSet<&str> = old.names("required").chain(new.names("required")).collect();
    names.into_iter().fold(COMPATIBLE, |worst, name| {
        let told = old.member("properties", name).is_some() != new.member("properties", name).is_some();
        let (before, after) = (requires(old, name), requires(new, name));
        if before == after || told {
            return worst;
        }
        let at = new.member("properties", name).unwrap_or(new);
        let verdicts = if after {
            let what = format!("member `{name}` became required");
            let why = "Old senders may leave it out.";
            explainer.emit_with(
                (old, Some(at)),
                "",
                what,
                (Verdict::Breaking, Verdict::Compatible),
                why.to_owned(),
            )
        } else {
            let what = format!("member `{name}` became optional");
            let why = "New senders may leave it out, and old receivers insist on it.";
            explainer.emit_with(
                (old, Some(at)),
                "",
                what,
                (Verdict::Compatible, Verdict::Breaking),
                why.to_owned(),
            )
        };
        worse(worst, verdicts)
    })
}

/// A branch's name: what its required constants say (`type = "clear"`), what it refers to, or its title.
pub(super) fn label(node: Node<'_>) -> Option<String> {
    if let Some(target) = node.get("$ref").and_then(serde_json::Value::as_str) {
        return Some(target.to_owned());
    }
    let constant =
        |(name, member): (&str, Node<'_>)| Some(format!("{} = {}", escape(name), member.get("const")?));
    let constants: Vec<String> = node.map("properties").filter_map(constant).collect();
    if !constants.is_empty() {
        return Some(constants.join(", "));
    }
    let own = ["const", "title", "type"].iter().find_map(|keyword| node.get(keyword));
    own.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}
