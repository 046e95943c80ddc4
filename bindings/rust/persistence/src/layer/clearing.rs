//! Clearing, by this tab and by another (`PRS-37` to `PRS-39`, `PRS-59`, `PRS-60`).

use super::{Layer, Store, next};
use crate::{
    CallerId, Now, Outcome, Output, PersistenceError, PersistenceEvent, record::Record, timers::Timer,
};
use std::sync::Arc;

impl Layer {
    pub(super) fn clear(&mut self, caller: CallerId, now: Now) {
        self.forget_snapshots();
        if let Store::Saving(saving) = &mut self.store {
            saving.overtaken = true;
        }
        self.clears.push(caller);
        self.advance(now);
    }

    /// What was applied before a clearing is neither saved (`PRS-38`) nor given to another tab (`PRS-58`) after it.
    fn forget_snapshots(&mut self) {
        self.drop_pending();
        self.drop_answer();
        self.shown = None;
    }

    pub(super) fn begin_clear(&mut self, own: bool, only: Option<Arc<Record>>, now: Now) {
        let number = next(&mut self.numbers.clear);
        self.store = Store::Clearing { number, own };
        self.timers.set(Timer::StoreTimeout, now.time.saturating_add(self.options.save_timeout));
        self.outputs.push(Output::Clear { number, only });
    }

    pub(super) fn cleared(&mut self, number: u64, outcome: Result<(), PersistenceError>, now: Now) {
        let own = match self.store {
            Store::Clearing { number: under_way, own } if under_way == number => own,
            _ => return,
        };
        self.store = Store::Idle;
        self.timers.drop(Timer::StoreTimeout);
        if let Err(error) = &outcome {
            self.report(error.clone());
        } else {
            if own {
                self.store_is_empty();
                self.broadcast_clear(now);
            }
            self.event(PersistenceEvent::Cleared);
        }
        if own {
            let outcome = outcome.map_or_else(Outcome::Failed, |()| Outcome::Done);
            for caller in std::mem::take(&mut self.clears) {
                self.outputs.push(Output::Settle { caller, outcome: outcome.clone() });
            }
        }
        self.advance(now);
    }

    /// Another tab has cleared the store. A save in flight may write after that, so it is made up for at its end.
    pub(super) fn cleared_by_other_tab(&mut self) {
        self.forget_snapshots();
        self.store_is_empty();
        match &mut self.store {
            Store::Saving(saving) => {
                if !std::mem::replace(&mut saving.then_clear, true) {
                    self.own_clear_first = !self.clears.is_empty();
                }
                saving.overtaken = true;
            }
            _ => self.event(PersistenceEvent::Cleared),
        }
    }

    fn store_is_empty(&mut self) {
        self.blocked = false;
        self.useless.set(None);
    }
}
