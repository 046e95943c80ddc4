//! Changes of `allOf`, `anyOf` and `oneOf`: which branch became which.

use super::equal::equal;
use super::explain::{COMPATIBLE, Explainer, Verdicts, worse};
use super::members::label;
use super::node::Node;

pub(super) fn explain<'a>(
    explainer: &mut Explainer<'a>,
    old: Node<'a>,
    new: Node<'a>,
    keyword: &str,
) -> Verdicts {
    let before = old.list(keyword).unwrap_or_default();
    let after = new.list(keyword).unwrap_or_default();
    let partners = pair(&before, &after);

    let mut worst = COMPATIBLE;
    for (from, partner) in before.iter().zip(&partners) {
        if let Some(at) = partner {
            worst = worse(worst, explainer.walk(*from, after[*at]));
        }
    }
    let moved = partners.iter().flatten().collect::<Vec<_>>();
    if moved.windows(2).any(|two| two[0] > two[1]) {
        let what = format!("the branches of `{keyword}` are in another order");
        let why = "Their order says nothing.";
        explainer.emit_with((old, Some(new)), &format!("/{keyword}"), what, COMPATIBLE, why.to_owned());
    }
    let removed =
        before.iter().zip(&partners).filter(|(_, partner)| partner.is_none()).map(|(node, _)| (*node, None));
    let added = after.iter().enumerate().filter(|(at, _)| !partners.contains(&Some(*at)));
    let single: Vec<_> = removed.chain(added.map(|(_, node)| (*node, Some(*node)))).collect();
    for (node, place) in single {
        let verdicts = explainer.by_keyword(old, new, keyword);
        let name = label(node).map_or_else(String::new, |label| format!(" ({label})"));
        let verb = if place.is_some() { "added to" } else { "removed from" };
        worst = worse(
            worst,
            explainer.emit((node, place), "", format!("a branch{name} was {verb} `{keyword}`"), verdicts),
        );
    }
    worst
}

/// For each old branch its new one: the same, wherever it stands; else one of the same name; else, where as many
/// are left on both sides, the next in order.
fn pair(before: &[Node<'_>], after: &[Node<'_>]) -> Vec<Option<usize>> {
    let mut partners: Vec<Option<usize>> = vec![None; before.len()];
    let rules: [fn(Node<'_>, Node<'_>) -> bool; 2] =
        [|from, to| equal(from, to), |from, to| label(from).is_some_and(|name| label(to) == Some(name))];
    for rule in rules {
        for (at, from) in before.iter().enumerate() {
            if partners[at].is_none() {
                let free = |to: &usize| !partners.contains(&Some(*to)) && rule(*from, after[*to]);
                // The one in the same place first, so that equal branches stay where they are.
                partners[at] = Some(at)
                    .filter(|to| *to < after.len() && free(to))
                    .or_else(|| (0..after.len()).find(free));
            }
        }
    }
    let mut rest =
        (0..after.len()).filter(|to| !partners.contains(&Some(*to))).collect::<Vec<_>>().into_iter();
    let alone = partners.iter().filter(|partner| partner.is_none()).count();
    if rest.len() == alone {
        for partner in partners.iter_mut().filter(|partner| partner.is_none()) {
            *partner = rest.next();
        }
    }
    partners
}
