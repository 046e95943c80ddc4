//! Broken topics.

use super::{
    Mutant,
    tools::{Kind, each_value, forgiving, reading, real, refusing, refusing_with, subject},
};
use crate::wire::{Answer, Request};
use serde_json::{Value, json};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "topic-trimmed",
        summary: "trims topics",
        breaks: &["TOP-3"],
        answer: |request| reading(request, Kind::Topic, |topic| topic.trim().to_owned()),
    },
    Mutant {
        name: "topic-lower-cased",
        summary: "folds topics to lower case",
        breaks: &["TOP-3"],
        answer: |request| reading(request, Kind::Topic, str::to_lowercase),
    },
    Mutant {
        name: "topic-composed",
        summary: "normalises topics to composed characters (NFC)",
        breaks: &["TOP-3"],
        answer: |request| reading(request, Kind::Topic, |topic| topic.replace("e\u{301}", "\u{e9}")),
    },
    Mutant {
        name: "topic-decomposed",
        summary: "normalises topics to decomposed characters (NFD)",
        breaks: &["TOP-3"],
        answer: |request| reading(request, Kind::Topic, |topic| topic.replace('\u{e9}', "e\u{301}")),
    },
    Mutant {
        name: "topic-spaces-collapsed",
        summary: "takes every kind of white space for a plain space",
        breaks: &["TOP-3"],
        answer: |request| {
            reading(request, Kind::Topic, |topic| topic.replace(|letter: char| letter.is_whitespace(), " "))
        },
    },
    Mutant {
        name: "topic-invisible-characters-dropped",
        summary: "drops zero-width characters from topics",
        breaks: &["TOP-3"],
        answer: |request| reading(request, Kind::Topic, |topic| topic.replace(['\u{200d}', '\u{fe0f}'], "")),
    },
    Mutant {
        name: "topic-ends-at-nul",
        summary: "ends topics at a NUL, as C strings do",
        breaks: &["TOP-3"],
        answer: |request| {
            reading(request, Kind::Topic, |topic| match topic.find('\0') {
                Some(end) if end > 0 => topic[..end].to_owned(),
                _ => topic.to_owned(),
            })
        },
    },
    Mutant {
        name: "topic-equal-without-case",
        summary: "compares topics without regard to case, and keeps them as they are otherwise",
        breaks: &["TOP-3"],
        answer: |request| comparing(request, |topic| topic.to_lowercase()),
    },
    Mutant {
        name: "topic-equal-after-trimming",
        summary: "compares trimmed topics, and keeps them as they are otherwise",
        breaks: &["TOP-3"],
        answer: |request| {
            comparing(request, |topic| {
                topic.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}').to_owned()
            })
        },
    },
    Mutant {
        name: "topic-equal-by-first-unit",
        summary: "compares the first UTF-16 unit of each character alone",
        breaks: &["TOP-3"],
        answer: |request| {
            comparing(request, |topic| {
                let units = topic.chars().map(|letter| letter.encode_utf16(&mut [0; 2])[0]);
                String::from_utf16_lossy(&units.collect::<Vec<_>>())
            })
        },
    },
    Mutant {
        name: "topic-white-space-by-unicode",
        summary: "takes Unicode's White_Space for blank, so U+0085 is and U+FEFF is not",
        breaks: &["TOP-1", "TOP-2"],
        answer: |request| {
            let blank = |topic: &str| topic.chars().all(char::is_whitespace);
            match refusing(request, Kind::Topic, "blank-topic", |value| !value.as_str().is_some_and(blank)) {
                Answer::Error { code, .. } if code == "blank-topic" => {
                    forgiving(request, "blank-topic", |root, pointer| {
                        root.pointer(pointer)?.as_str()?.contains('\u{feff}').then(|| json!("topic"))
                    })
                }
                answer => answer,
            }
        },
    },
    Mutant {
        name: "topic-next-line-blank",
        summary: "takes U+0085 for white space",
        breaks: &["TOP-1"],
        answer: |request| refusing_blank(request, "\u{85} "),
    },
    Mutant {
        name: "topic-zero-width-space-blank",
        summary: "takes U+200B for white space",
        breaks: &["TOP-1"],
        answer: |request| refusing_blank(request, "\u{200b}"),
    },
    Mutant {
        name: "topic-mongolian-vowel-separator-blank",
        summary: "takes U+180E for white space, as Unicode did before 6.3",
        breaks: &["TOP-1"],
        answer: |request| refusing_blank(request, "\u{180e}"),
    },
    Mutant {
        name: "topic-separators-blank",
        summary: "takes U+001C to U+001F for white space, as `str.strip` does in Python",
        breaks: &["TOP-1"],
        answer: |request| refusing_blank(request, "\u{1c}\u{1d}\u{1e}\u{1f}"),
    },
    Mutant {
        name: "topic-ascii-only",
        summary: "refuses topics outside of ASCII",
        breaks: &["TOP-1"],
        answer: |request| {
            refusing(request, Kind::Topic, "blank-topic", |value| value.as_str().is_some_and(str::is_ascii))
        },
    },
    Mutant {
        name: "topic-without-spaces",
        summary: "refuses topics that hold a space",
        breaks: &["TOP-1"],
        answer: |request| {
            refusing(request, Kind::Topic, "blank-topic", |value| {
                value.as_str().is_some_and(|topic| !topic.contains(' '))
            })
        },
    },
    Mutant {
        name: "topic-control-characters-blank",
        summary: "takes ASCII control characters for white space, as a comparison with the space does",
        breaks: &["TOP-1"],
        answer: |request| {
            refusing_where(request, |topic| topic.chars().all(|letter| letter <= ' ' || letter == '\u{7f}'))
        },
    },
    Mutant {
        name: "topic-of-one-letter-refused",
        summary: "refuses topics of one character",
        breaks: &["TOP-1"],
        answer: |request| refusing_where(request, |topic| topic.chars().count() == 1),
    },
    Mutant {
        name: "topic-longer-than-255-refused",
        summary: "refuses long topics",
        breaks: &["TOP-1"],
        answer: |request| refusing_where(request, |topic| topic.len() > 255),
    },
    Mutant {
        name: "topic-with-separators-refused",
        summary: "refuses characters that mean something to a broker",
        breaks: &["TOP-1"],
        answer: |request| refusing_where(request, |topic| topic.contains(['/', '.', '*'])),
    },
    Mutant {
        name: "topic-with-quotes-refused",
        summary: "refuses quotation marks and backslashes",
        breaks: &["TOP-1"],
        answer: |request| refusing_where(request, |topic| topic.contains(['"', '\\'])),
    },
    Mutant {
        name: "topic-reserved-words-refused",
        summary: "refuses names that mean something in JavaScript",
        breaks: &["TOP-1"],
        answer: |request| {
            refusing_where(request, |topic| ["null", "__proto__", "constructor"].contains(&topic))
        },
    },
    Mutant {
        name: "topic-upper-cased",
        summary: "folds topics to upper case",
        breaks: &["TOP-3"],
        answer: |request| reading(request, Kind::Topic, str::to_uppercase),
    },
    Mutant {
        name: "topic-equal-always",
        summary: "takes all topics for one",
        breaks: &["TOP-3"],
        answer: |request| comparing(request, |_| String::new()),
    },
    Mutant {
        name: "topic-equal-by-first-letter",
        summary: "compares the first letter alone",
        breaks: &["TOP-3"],
        answer: |request| comparing(request, |topic| topic.chars().take(1).collect()),
    },
    Mutant {
        name: "topic-equal-never",
        summary: "compares topics by identity, so that no two are equal",
        breaks: &["TOP-3"],
        answer: |request| match real(request) {
            Answer::Ok { .. } if request.op == "topic.equal" => Answer::Ok { value: json!(false) },
            answer => answer,
        },
    },
    Mutant {
        name: "topic-byte-order-mark-not-blank",
        summary: "does not take U+FEFF for white space",
        breaks: &["TOP-2"],
        answer: |request| accepting_blank(request, |topic| topic.contains('\u{feff}')),
    },
    Mutant {
        name: "topic-white-space-by-ascii",
        summary: "takes ASCII alone for white space",
        breaks: &["TOP-2"],
        answer: |request| accepting_blank(request, |topic| !topic.is_ascii()),
    },
    Mutant {
        name: "topic-line-terminators-not-blank",
        summary: "does not take line terminators for white space",
        breaks: &["TOP-2"],
        answer: |request| {
            accepting_blank(request, |topic| topic.contains(['\n', '\r', '\u{2028}', '\u{2029}']))
        },
    },
    Mutant {
        name: "topic-empty-alone-refused",
        summary: "refuses the empty string alone",
        breaks: &["TOP-2"],
        answer: |request| accepting_blank(request, |topic| !topic.is_empty()),
    },
    Mutant {
        name: "topic-empty-accepted",
        summary: "accepts the empty string",
        breaks: &["TOP-2"],
        answer: |request| accepting_blank(request, str::is_empty),
    },
    Mutant {
        name: "topic-number-accepted",
        summary: "takes a number for the topic that is its text",
        breaks: &["TOP-4", "MSG-6"],
        answer: |request| {
            forgiving(request, "wrong-type", |root, pointer| {
                let value = root.pointer(pointer)?;
                (is_topic_place(request, pointer) && value.is_number()).then(|| json!(value.to_string()))
            })
        },
    },
    Mutant {
        name: "topic-of-wrong-type-is-blank",
        summary: "refuses what is no string with blank-topic in place of wrong-type",
        breaks: &["TOP-4"],
        answer: |request| {
            refusing_with(request, |code, pointer, _| {
                if code == "wrong-type" && is_topic_place(request, pointer) {
                    *code = "blank-topic".to_owned();
                }
            })
        },
    },
];

fn refusing_where(request: &Request, refused: fn(&str) -> bool) -> Answer {
    refusing(request, Kind::Topic, "blank-topic", |value| !value.as_str().is_some_and(refused))
}

fn refusing_blank(request: &Request, more: &str) -> Answer {
    let blank = |topic: &str| topic.chars().all(|letter| more.contains(letter));
    refusing(request, Kind::Topic, "blank-topic", |value| !value.as_str().is_some_and(blank))
}

fn accepting_blank(request: &Request, accepted: fn(&str) -> bool) -> Answer {
    // Which topic it then is does not matter: the cases expect a refusal.
    forgiving(request, "blank-topic", |root, pointer| {
        accepted(root.pointer(pointer)?.as_str()?).then(|| json!("topic"))
    })
}

fn comparing(request: &Request, key: fn(&str) -> String) -> Answer {
    let answer = real(request);
    let side = |name: &str| request.input.get(name).and_then(Value::as_str).map(key);
    match answer {
        Answer::Ok { .. } if request.op == "topic.equal" => {
            Answer::Ok { value: json!(side("left") == side("right")) }
        }
        answer => answer,
    }
}

fn is_topic_place(request: &Request, pointer: &str) -> bool {
    let mut found = false;
    if let Some(mut subject) = subject(request) {
        each_value(request, &mut subject, Kind::Topic, &mut |_, place| found |= place == pointer);
    }
    found
}
