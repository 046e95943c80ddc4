//! The verdicts on the labelled corpus.

use std::collections::HashSet;

use state_sync_codegen::compat::Verdict;

use crate::edits::{all, compare_schemas};

#[test]
fn no_breaking_edit_is_called_safe() {
    let edits = all();
    assert!(edits.len() >= 100, "the corpus has {} edits", edits.len());
    assert_eq!(
        edits.iter().map(|edit| &edit.name).collect::<HashSet<_>>().len(),
        edits.len(),
        "names are unique"
    );

    let mut faults = Vec::new();
    let (mut compatible, mut proved) = (0, 0);
    for edit in &edits {
        let found = compare_schemas(&edit.old, &edit.new);
        let mut missed = false;
        for (side, label, verdict) in
            [("senders", edit.senders, found.senders), ("receivers", edit.receivers, found.receivers)]
        {
            if label == Verdict::Breaking && verdict == Verdict::Compatible {
                faults.push(format!("{}: breaking for {side}, and called safe", edit.name));
            }
            if label == Verdict::Compatible {
                compatible += 1;
                proved += usize::from(verdict == Verdict::Compatible);
                missed |= verdict == Verdict::Breaking;
            }
        }
        if missed != edit.undecided {
            let fault =
                if missed { "compatible, and called breaking" } else { "listed as undecided, and decided" };
            faults.push(format!("{}: {fault}\n{:#?}", edit.name, found.changes));
        }
    }
    println!("{} edits; of {compatible} compatible directions {proved} were proved", edits.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_same_schema_has_no_changes() {
    for edit in all() {
        for schema in [&edit.old, &edit.new] {
            assert_eq!(compare_schemas(schema, schema).changes, [], "{}", edit.name);
        }
    }
}

#[test]
fn the_verdict_is_that_of_the_changes() {
    for edit in all() {
        let found = compare_schemas(&edit.old, &edit.new);
        assert_eq!(
            found.is_breaking(),
            found.changes.iter().any(|change| change.is_breaking()),
            "{}",
            edit.name
        );
        assert_eq!(
            found.is_breaking(),
            found.senders == Verdict::Breaking || found.receivers == Verdict::Breaking,
            "{}",
            edit.name
        );
        for change in &found.changes {
            assert!(!change.what.is_empty() && change.reason.ends_with('.'), "{}: {change:?}", edit.name);
        }
    }
}

#[test]
fn turning_an_edit_around_turns_the_verdicts_around() {
    for edit in all() {
        // Removing a definition that others may use is breaking for both, adding one for nobody.
        if edit.name.contains("public-definition-") {
            continue;
        }
        let (there, back) = (compare_schemas(&edit.old, &edit.new), compare_schemas(&edit.new, &edit.old));
        assert_eq!((there.senders, there.receivers), (back.receivers, back.senders), "{}", edit.name);
    }
}
