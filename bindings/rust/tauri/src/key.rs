//! The name of a topic together with the type of its state.

use std::{fmt, marker::PhantomData};

use crate::setup::TopicSetup;

/// A topic and the type of its state, said once and used wherever the topic is meant.
///
/// ```
/// use tauri_plugin_state_sync::TopicKey;
///
/// const VOLUME: TopicKey<u8> = TopicKey::new("volume");
/// assert_eq!(VOLUME.name(), "volume");
/// ```
pub struct TopicKey<T> {
    name: &'static str,
    state: PhantomData<fn() -> T>,
}

impl<T> TopicKey<T> {
    /// The topic of this name. A blank one is refused when the plugin starts (`TOP-2`).
    pub const fn new(name: &'static str) -> Self {
        Self { name, state: PhantomData }
    }

    /// The name, as events and commands carry it.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Registers the topic with the state of a new user; what it becomes is said with [`TopicSetup`].
    pub const fn starting_with(self, initial: T) -> TopicSetup<T> {
        TopicSetup::new(self, initial)
    }
}

impl<T> Clone for TopicKey<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for TopicKey<T> {}

impl<T> fmt::Debug for TopicKey<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("TopicKey").field(&self.name).finish()
    }
}
