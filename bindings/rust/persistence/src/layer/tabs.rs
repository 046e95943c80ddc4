//! The channel to the other tabs (`PRS-48` to `PRS-63`).

use super::{Layer, loading::Offered};
use crate::{Cause, Now, Origin, Output, PersistenceError, PersistenceErrorKind, Tabs, timers::Timer};
use serde_json::Value;
use state_sync::{CrossTabMessage, Epoch, SafeInteger, SnapshotEnvelope, Topic, json as state_sync_json};
use std::{sync::Arc, time::Duration};

/// An answer to `request-sync` is put off by less than this, so that chance decides who answers (`PRS-57`).
const LONGEST_DELAY_MS: f64 = 100.0;

impl Layer {
    /// The channel, as long as the layer takes part in it.
    fn tabs(&self) -> Option<&Tabs> {
        self.options.tabs.as_ref().filter(|_| !self.disposed)
    }

    pub(super) fn channel_opened(&mut self, now: Now) {
        if self.tabs().is_some_and(|tabs| tabs.receive_updates) {
            self.post(now, |source_id, topic, timestamp_ms| CrossTabMessage::RequestSync {
                source_id,
                topic,
                timestamp_ms,
            });
        }
    }

    pub(super) fn broadcast(&mut self, snapshot: SnapshotEnvelope<Value>, now: Now) {
        if self.tabs().is_some_and(|tabs| tabs.broadcast_saves) {
            self.post(now, |source_id, topic, timestamp_ms| CrossTabMessage::Snapshot {
                source_id,
                topic,
                timestamp_ms,
                snapshot,
            });
        }
    }

    pub(super) fn broadcast_clear(&mut self, now: Now) {
        self.post(now, |source_id, topic, timestamp_ms| CrossTabMessage::Clear {
            source_id,
            topic,
            timestamp_ms,
        });
    }

    fn post(
        &mut self,
        now: Now,
        message: impl FnOnce(String, Option<Topic>, Option<SafeInteger>) -> CrossTabMessage<Value>,
    ) {
        if let Some(tabs) = self.tabs() {
            let timestamp_ms = SafeInteger::new(now.wall_ms).ok();
            let message = message(tabs.source_id.clone(), self.options.topic.clone(), timestamp_ms);
            self.outputs.push(Output::Post(message));
        }
    }

    /// Takes what the channel has brought; nothing of it is trusted (`PRS-49`, `PRS-50`).
    pub(super) fn message(&mut self, message: &Value, now: Now) {
        let Some(tabs) = self.tabs().cloned() else { return };
        let message: CrossTabMessage<Value> = match state_sync_json::from_value(message) {
            Ok(message) => message,
            Err(error) => {
                let problem = format!("a message of another tab is no CrossTabMessage: {error}");
                return self.refuse(problem, Arc::new(error));
            }
        };
        let (source_id, topic) = sender(&message);
        if source_id == tabs.source_id || (topic.is_some() && topic != self.options.topic.as_ref()) {
            return;
        }
        match message {
            CrossTabMessage::Snapshot { snapshot, .. } if tabs.receive_updates => self.receive(snapshot),
            CrossTabMessage::Snapshot { .. } => {}
            CrossTabMessage::RequestSync { .. } if tabs.broadcast_saves => self.put_answer_off(now),
            CrossTabMessage::RequestSync { .. } => {}
            CrossTabMessage::Clear { .. } => self.cleared_by_other_tab(),
        }
    }

    fn refuse(&mut self, problem: String, cause: Cause) {
        self.report(PersistenceError::new(PersistenceErrorKind::Channel, problem).caused_by(cause));
    }

    fn receive(&mut self, snapshot: SnapshotEnvelope<Value>) {
        if let Some(validator) = &self.options.validator
            && let Err(cause) = validator(&snapshot.data)
        {
            let problem = format!("the validator refuses the data of another tab's message: {cause}");
            return self.refuse(problem, cause);
        }
        if let Some(heard) = &mut self.heard {
            heard.push((snapshot.epoch.clone().unwrap_or_default(), snapshot.revision));
        }
        self.offer(Offered { snapshot, origin: Origin::Message, migrated_from: None });
    }

    fn put_answer_off(&mut self, now: Now) {
        if self.shown.is_none() || self.heard.is_some() {
            return;
        }
        let chance = (self.random)().clamp(0.0, 1.0);
        let delay = Duration::from_millis((LONGEST_DELAY_MS * chance).floor() as u64);
        self.heard = Some(Vec::new());
        self.timers.set(Timer::Answer, now.time.saturating_add(delay));
    }

    pub(super) fn drop_answer(&mut self) {
        self.heard = None;
        self.timers.drop(Timer::Answer);
    }

    /// Answers with the latest snapshot, unless another tab has shown it to be known.
    pub(super) fn answer(&mut self, now: Now) {
        let (Some(heard), Some(shown)) = (self.heard.take(), self.shown.clone()) else { return };
        let is_known = heard.iter().any(|(epoch, revision)| {
            Epoch::same(Some(epoch), shown.epoch.as_ref()) && *revision >= shown.revision
        });
        if !is_known {
            self.broadcast(shown, now);
        }
    }
}

fn sender(message: &CrossTabMessage<Value>) -> (&str, Option<&Topic>) {
    match message {
        CrossTabMessage::Snapshot { source_id, topic, .. }
        | CrossTabMessage::RequestSync { source_id, topic, .. }
        | CrossTabMessage::Clear { source_id, topic, .. } => (source_id, topic.as_ref()),
    }
}
