//! Scripts in virtual time (`conformance/scripts.md`), as far as the runner itself understands them: a case file may say
//! in one entry what happens again and again, and an implementation is asked about every single one.

use serde_json::{Map, Value, json};

/// Whether an operation plays a script.
pub fn is_script(op: &str) -> bool {
    op.ends_with(".run")
}

/// The input as it goes out: each entry of the timeline with `every` and `times` is written out, in the order of time.
/// Of one instant, entries keep the order of the file.
pub fn written_out(input: &Map<String, Value>) -> Map<String, Value> {
    let mut input = input.clone();
    if let Some(Value::Array(timeline)) = input.get_mut("timeline") {
        let mut entries: Vec<(u64, Value)> = timeline.iter().flat_map(occurrences).collect();
        // The sort is stable.
        entries.sort_by_key(|(at, _)| *at);
        *timeline = entries.into_iter().map(|(_, entry)| entry).collect();
    }
    input
}

fn occurrences(entry: &Value) -> Vec<(u64, Value)> {
    let number = |name: &str| entry.get(name).and_then(Value::as_u64);
    let at = number("at").unwrap_or(0);
    match (number("every"), number("times")) {
        (Some(every), Some(times)) => {
            let instants = (0..times).map(|count| at + every * count);
            instants.map(|at| (at, json!({"at": at, "do": entry["do"]}))).collect()
        }
        _ => vec![(at, entry.clone())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_again_is_written_out_in_the_order_of_time() {
        let Value::Object(input) = json!({"options": {}, "timeline": [
            {"at": 0, "do": "start"},
            {"at": 10, "every": 10, "times": 3, "do": "gap"},
            {"at": 20, "do": "stop"},
        ]}) else {
            panic!("an object")
        };
        let expected = json!([
            {"at": 0, "do": "start"},
            {"at": 10, "do": "gap"},
            {"at": 20, "do": "gap"},
            {"at": 20, "do": "stop"},
            {"at": 30, "do": "gap"},
        ]);
        assert_eq!(written_out(&input)["timeline"], expected);
        assert_eq!(written_out(&input)["options"], json!({}));
    }
}
