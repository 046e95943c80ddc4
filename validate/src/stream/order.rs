//! Hands out blocks and brings what comes of them back into order.

use super::{
    Sink, Summary,
    blocks::{Block, Blocks, lock},
    lines::Outcome,
};
use std::{
    collections::BTreeMap,
    io::{self, Read},
    sync::{Condvar, Mutex},
};

/// What the threads share besides the reader.
pub(super) struct Order<'a> {
    state: Mutex<State<'a>>,
    /// Told whenever a block has been passed on.
    progress: Condvar,
    /// How many blocks may wait for an earlier one; bounds the memory.
    patience: u64,
}

struct State<'a> {
    sink: &'a mut dyn Sink,
    /// The number that the next block gets.
    taken: u64,
    /// The number of the block whose turn it is.
    turn: u64,
    waiting: BTreeMap<u64, Outcome>,
    lines: u64,
    summary: Summary,
    /// The first failure of the sink or of a thread; after it nothing is read or passed on.
    failure: Option<io::Error>,
    /// The failure of the reader; after it nothing is read, while what was read before is still passed on.
    unread: Option<io::Error>,
}

impl<'a> Order<'a> {
    pub fn new(sink: &'a mut dyn Sink, threads: usize) -> Self {
        let state = State {
            sink,
            taken: 0,
            turn: 0,
            waiting: BTreeMap::new(),
            lines: 0,
            summary: Summary::default(),
            failure: None,
            unread: None,
        };
        Self { state: Mutex::new(state), progress: Condvar::new(), patience: 4 * threads as u64 }
    }

    /// The next block and its number; `None` when there is nothing left to do.
    pub fn take<R: Read>(&self, blocks: &Mutex<Blocks<R>>) -> Option<(u64, Block)> {
        // Numbers are given in the order of reading because the reader stays locked in between.
        let mut blocks = lock(blocks);
        {
            let state = lock(&self.state);
            if state.failure.is_some() || state.unread.is_some() {
                return None;
            }
        }
        match blocks.next() {
            Ok(None) => None,
            Ok(Some(block)) => {
                let mut state = lock(&self.state);
                state.taken += 1;
                Some((state.taken - 1, block))
            }
            Err(error) => {
                lock(&self.state).unread.get_or_insert(error);
                None
            }
        }
    }

    /// Takes the outcome of a block, and passes on what is now in order.
    pub fn put(&self, number: u64, outcome: Outcome) {
        let mut state = lock(&self.state);
        state.waiting.insert(number, outcome);
        state.pass_on();
        self.progress.notify_all();
        // The thread whose turn it is never waits here, so the others do not wait for ever.
        while state.failure.is_none() && number >= state.turn + self.patience {
            state = self.progress.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    /// While it lives, a panic of this thread ends the stream, instead of leaving the others waiting for its turn.
    pub fn watch(&self) -> impl Drop + '_ {
        Watch(self)
    }

    pub fn finish(self) -> io::Result<Summary> {
        let state = self.state.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        match state.failure.or(state.unread) {
            Some(error) => Err(error),
            None => Ok(state.summary),
        }
    }
}

struct Watch<'o, 'a>(&'o Order<'a>);

impl Drop for Watch<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            lock(&self.0.state).failure.get_or_insert_with(|| io::Error::other("a thread has panicked"));
            self.0.progress.notify_all();
        }
    }
}

impl State<'_> {
    fn pass_on(&mut self) {
        while let Some(outcome) = self.waiting.remove(&self.turn) {
            self.turn += 1;
            if self.failure.is_some() {
                continue;
            }
            self.summary.add(outcome.summary);
            let found = !outcome.findings.is_empty();
            let passed = outcome.findings.into_iter().try_for_each(|mut finding| {
                finding.location.line += self.lines;
                self.sink.finding(finding)
            });
            self.lines += outcome.lines;
            let paused = if found && passed.is_ok() { self.sink.pause() } else { Ok(()) };
            self.failure = passed.and(paused).err();
        }
    }
}
