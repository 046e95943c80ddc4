//! Engines that are made with the wrong options, or without looking at them.

use super::{
    Mutant,
    engine_tools::{FOREVER, made, rewritten},
};
use crate::{
    rust_adapter,
    wire::{Answer, Request},
};
use serde_json::{Map, Value, json};
use state_sync_engine::Attempts;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "engine-null-attempts-are-one",
        summary: "takes maxAttempts that are null for a number, so that nothing is repeated",
        breaks: &["ENG-8"],
        answer: |request| {
            rewritten(request, |input| {
                let attempts = option(input, "retry").and_then(|retry| retry.get_mut("maxAttempts"));
                if let Some(attempts) = attempts.filter(|attempts| attempts.is_null()) {
                    *attempts = json!(1);
                }
            })
        },
    },
    Mutant {
        name: "engine-null-time-out-is-none",
        summary: "takes a time-out that is null for none at all",
        breaks: &["ENG-8"],
        answer: |request| {
            rewritten(request, |input| {
                if let Some(time) = option(input, "getSnapshotTimeoutMs").filter(|time| time.is_null()) {
                    *time = json!(1e12);
                }
            })
        },
    },
    Mutant {
        name: "engine-null-is-false",
        summary: "takes leading and trailing that are null for false",
        breaks: &["ENG-8"],
        answer: |request| {
            rewritten(request, |input| {
                for name in ["leading", "trailing"] {
                    let flag = option(input, "throttling").and_then(|throttling| throttling.get_mut(name));
                    if let Some(flag) = flag.filter(|flag| flag.is_null()) {
                        *flag = json!(false);
                    }
                }
            })
        },
    },
    Mutant {
        name: "engine-options-not-checked",
        summary: "makes do with options that are outside of their ranges",
        breaks: &["ENG-9"],
        answer: |request| refused(request, |option| option != "initialSnapshot"),
    },
    Mutant {
        name: "engine-topic-not-checked",
        summary: "takes a blank topic",
        breaks: &["ENG-9"],
        answer: |request| refused(request, |option| option == "topic"),
    },
    Mutant {
        name: "engine-wait-not-compared",
        summary: "takes a maxWaitMs that is below the window or the pause",
        breaks: &["ENG-9"],
        answer: |request| refused(request, |option| option == "throttling.maxWaitMs"),
    },
    Mutant {
        name: "engine-topic-trimmed",
        summary: "takes white space off its topic, and then never matches",
        breaks: &["ENG-11"],
        answer: |request| {
            rewritten(request, |input| {
                if let Some(Value::String(topic)) = option(input, "topic") {
                    *topic = topic.trim().to_owned();
                }
            })
        },
    },
    Mutant {
        name: "engine-initial-snapshot-ignored",
        summary: "begins with nothing, whatever the application already shows",
        breaks: &["ENG-83"],
        answer: |request| made(request, |options| options.initial = None),
    },
    Mutant {
        name: "engine-initial-snapshot-not-checked",
        summary: "takes anything for the snapshot to begin with",
        breaks: &["ENG-83"],
        answer: |request| refused(request, |option| option == "initialSnapshot"),
    },
    Mutant {
        name: "engine-no-default-rate",
        summary: "pulls for every event by default, so that a slider makes 60 pulls a second",
        breaks: &["ENG-36"],
        answer: |request| {
            rewritten(request, |input| {
                if option(input, "throttling").is_none() {
                    input["options"]["throttling"] = json!({"throttleMs": 0});
                }
            })
        },
    },
    Mutant {
        name: "engine-without-time-outs",
        summary: "waits for ever for a port that never settles",
        breaks: &["ENG-69"],
        answer: |request| {
            made(request, |options| {
                options.subscribe_timeout = FOREVER;
                options.get_snapshot_timeout = FOREVER;
                options.apply_timeout = FOREVER;
            })
        },
    },
    Mutant {
        name: "engine-apply-without-time-out",
        summary: "waits for ever for an apply that never settles",
        breaks: &["ENG-69"],
        answer: |request| made(request, |options| options.apply_timeout = FOREVER),
    },
    Mutant {
        name: "engine-long-timers-cut",
        summary: "hands times to timers of 32 bits, which fire at once where they are too long",
        breaks: &["ENG-78"],
        answer: |request| {
            made(request, |options| {
                let longest = super::engine_tools::ms(i32::MAX as u64);
                for time in [
                    &mut options.get_snapshot_timeout,
                    &mut options.retry.initial_delay,
                    &mut options.throttling.throttle,
                    &mut options.throttling.debounce,
                ] {
                    if *time > longest {
                        *time = super::engine_tools::ms(1);
                    }
                }
            })
        },
    },
    Mutant {
        name: "engine-never-tries-again",
        summary: "leaves the state stale after one failure, until the next event",
        breaks: &["ENG-65", "ENG-19"],
        answer: |request| made(request, |options| options.retry.max_attempts = Attempts::AtMost(1)),
    },
    Mutant {
        name: "engine-validator-not-asked",
        summary: "never asks the application's validator",
        breaks: &["ENG-51", "ENG-59"],
        answer: |request| made(request, |options| options.validates = false),
    },
    Mutant {
        name: "engine-should-refresh-not-asked",
        summary: "never asks shouldRefresh",
        breaks: &["ENG-31"],
        answer: |request| made(request, |options| options.asks_should_refresh = false),
    },
];

fn option<'a>(input: &'a mut Map<String, Value>, name: &str) -> Option<&'a mut Value> {
    input.get_mut("options")?.get_mut(name)
}

/// The engine that is made without the option that it should refuse, where `ignores` says so.
fn refused(request: &Request, ignores: fn(&str) -> bool) -> Answer {
    let answer = rust_adapter::answer(request);
    let named = match &answer {
        Answer::Ok { value } => value.pointer("/0/refused").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    };
    let Some(named) = named.filter(|named| ignores(named)) else { return answer };
    let mut request = request.clone();
    if named == "topic" {
        request.input["options"]["topic"] = json!("topic");
    } else if let Some(Value::Object(options)) = request.input.get_mut("options") {
        options.remove(named.split('.').next().unwrap_or_default());
    }
    rust_adapter::answer(&request)
}
