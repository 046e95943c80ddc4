//! How far a run has come: a line for each implementation, on a terminal only.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use state_sync_conformance::progress::Progress;
use std::{collections::BTreeMap, sync::Mutex, time::Duration};

/// The lines. Where standard error is no terminal, nothing is drawn.
pub struct Bars {
    all: MultiProgress,
    by_name: Mutex<BTreeMap<String, ProgressBar>>,
}

impl Bars {
    /// No lines yet.
    pub fn new() -> Self {
        Self { all: MultiProgress::new(), by_name: Mutex::default() }
    }

    /// Takes the lines away.
    pub fn clear(&self) {
        // They are an ornament: what cannot be cleared stays.
        let _ = self.all.clear();
    }

    fn with(&self, name: &str, change: impl FnOnce(&ProgressBar)) {
        let Ok(mut bars) = self.by_name.lock() else { return };
        let bar = bars.entry(name.to_owned()).or_insert_with(|| {
            let bar = self.all.add(ProgressBar::new_spinner());
            bar.set_prefix(name.chars().take(30).collect::<String>());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        change(bar);
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

impl Progress for Bars {
    fn preparing(&self, implementation: &str, step: &str) {
        self.with(implementation, |bar| {
            bar.set_style(style("{spinner} {prefix}: {msg} ({elapsed})"));
            bar.set_message(step.to_owned());
        });
    }

    fn asking(&self, implementation: &str, cases: usize) {
        self.with(implementation, |bar| {
            bar.set_style(style("{spinner} {prefix}: {bar:30} {pos} of {len} cases"));
            bar.set_length(cases as u64);
            bar.set_position(0);
        });
    }

    fn answered(&self, implementation: &str, cases: usize) {
        self.with(implementation, |bar| bar.inc(cases as u64));
    }

    fn finished(&self, implementation: &str) {
        self.with(implementation, ProgressBar::finish_and_clear);
    }
}
