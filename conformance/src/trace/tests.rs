//! Which traces are the same, and where those that are not part.

use super::*;
use serde_json::json;

/// A trace out of words: `10 get` is a call, `10 err:a` a report, `10 st:live` a status, `10 ok:start` settles,
/// `10 no:start` fails, `10 cut:get` cancels.
fn trace(text: &str) -> Vec<Value> {
    let entry = |word: &str| {
        let (at, word) = word.trim().split_once(' ').unwrap();
        let at: u64 = at.parse().unwrap();
        match word.split_once(':') {
            None => json!({"at": at, "call": word, "number": 1}),
            Some(("err", error)) => json!({"at": at, "call": "onError", "number": 1, "with": error}),
            Some(("st", status)) => json!({"at": at, "call": "status", "number": 1, "with": status}),
            Some(("ok", call)) => json!({"at": at, "settled": call, "number": 1, "resolve": null}),
            Some(("no", call)) => json!({"at": at, "settled": call, "number": 1, "reject": "gone"}),
            Some((_, call)) => json!({"at": at, "cancelled": call, "number": 1}),
        }
    };
    text.split(',').filter(|word| !word.trim().is_empty()).map(entry).collect()
}

#[test]
fn traces_part_where_an_application_could_tell() {
    for (expected, got, at) in [
        ("0 get, 10 apply, 20 ok:start", "0 get, 10 apply, 20 ok:start", None),
        ("0 get, 10 apply", "0 get, 11 apply", Some(10)),
        ("0 get, 10 apply", "0 get", Some(10)),
        ("0 get", "0 get, 10 apply", Some(10)),
        ("0 get, 0 apply", "0 apply, 0 get", Some(0)),
        ("0 err:a, 0 err:b", "0 err:b, 0 err:a", Some(0)),
        ("0 st:a, 0 st:b", "0 st:b, 0 st:a", Some(0)),
        // Lanes are free of each other, and so are cancellations.
        ("0 get, 0 err:a, 0 st:b", "0 st:b, 0 err:a, 0 get", None),
        ("0 cut:get, 0 err:a", "0 err:a, 0 cut:get", None),
        ("0 cut:get, 0 err:a", "0 err:a", Some(0)),
        // A call settles at its instant, not before what is told first, and otherwise when the language likes.
        ("0 ok:start, 0 get", "0 get, 0 ok:start", None),
        ("0 get, 0 ok:start", "0 ok:start, 0 get", None),
        ("0 err:a, 0 no:start", "0 no:start, 0 err:a", Some(0)),
        ("0 st:a, 0 ok:start", "0 ok:start, 0 st:a", Some(0)),
        ("0 ok:start, 0 err:a", "0 err:a, 0 ok:start", None),
        ("0 ok:start", "0 no:start", Some(0)),
        ("0 ok:start", "10 ok:start", Some(0)),
        // What stop does takes effect before it returns.
        ("0 unsubscribe, 0 ok:stop", "0 ok:stop, 0 unsubscribe", Some(0)),
        ("0 cut:get, 0 ok:stop", "0 ok:stop, 0 cut:get", Some(0)),
        // Time does not go back.
        ("0 get, 10 apply", "10 apply, 0 get", Some(0)),
    ] {
        let found = parting(&trace(expected), &trace(got));
        assert_eq!(found.map(|parting| parting.at), at, "{expected} / {got}");
    }
}

#[test]
fn the_parting_is_told_with_what_came_before() {
    let found =
        parting(&trace("0 a, 1 b, 2 c, 3 d, 4 ok:start"), &trace("0 a, 1 b, 2 c, 3 d, 4 no:start")).unwrap();
    assert_eq!(found.before, trace("1 b, 2 c, 3 d"));
    assert_eq!(found.expected, trace("4 ok:start").pop());
    assert_eq!(found.got, trace("4 no:start").pop());
    let more = parting(&trace("0 a, 9 z"), &trace("0 a, 5 b, 9 z")).unwrap();
    assert_eq!((more.expected, more.got, more.before), (None, trace("5 b").pop(), trace("0 a")));
    let early = parting(&trace("0 err:a, 0 no:start"), &trace("0 no:start, 0 err:a")).unwrap();
    assert!(early.too_early && early.sentence().contains("settled before"), "{early:?}");
}

#[test]
fn two_implementations_agree_whichever_settles_first() {
    let (left, right) = (trace("0 err:a, 0 no:start, 5 get"), trace("0 no:start, 0 err:a, 5 get"));
    assert!(same(&left, &right) && same(&right, &left));
    assert!(!same(&left, &trace("0 err:a, 0 no:start")));
}
