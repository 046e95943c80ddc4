//! Finds a member by its name: by a guess first, since objects of a kind mostly have one order of members.

use std::sync::atomic::{AtomicU16, Ordering::Relaxed};

/// More names than this are not kept in a table.
pub(crate) const MAX_NAMES: usize = 4096;

/// How often a table corrects its guesses. Bounded, so that objects without an order do not make the threads
/// write to shared memory for ever.
const LESSONS: u16 = 512;

/// "There is no such name."
const NONE: u16 = u16::MAX;

/// The names of an object's members.
#[derive(Debug)]
pub(crate) struct NameTable {
    names: Vec<Name>,
    /// Open addressing; a power of two in size and never full.
    slots: Vec<u16>,
    /// Which member is guessed to come first.
    first: AtomicU16,
    lessons: AtomicU16,
}

#[derive(Debug)]
struct Name {
    /// With its quotes, if it is written without escapes; else empty.
    quoted: Box<[u8]>,
    name: Box<[u8]>,
    /// Which member is guessed to come after this one.
    next: AtomicU16,
}

impl NameTable {
    /// Gives each name its index by its position.
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<Name> = names
            .enumerate()
            .map(|(index, name)| Name {
                quoted: quoted(name),
                name: name.as_bytes().into(),
                next: AtomicU16::new(index as u16 + 1),
            })
            .collect();
        assert!(names.len() <= MAX_NAMES);
        let mut slots = vec![NONE; (names.len() * 2 + 1).next_power_of_two()];
        for (index, name) in names.iter().enumerate() {
            let mut slot = hash(&name.name) & (slots.len() - 1);
            while slots[slot] != NONE {
                slot = (slot + 1) & (slots.len() - 1);
            }
            slots[slot] = index as u16;
        }
        Self { names, slots, first: AtomicU16::new(0), lessons: AtomicU16::new(0) }
    }

    /// The member that is guessed to follow `previous`, and its name in quotes.
    #[inline(always)]
    pub fn guess(&self, previous: Option<usize>) -> (usize, &[u8]) {
        let guess = usize::from(self.after(previous).load(Relaxed));
        match self.names.get(guess) {
            Some(name) => (guess, &name.quoted),
            None => (guess, &[]),
        }
    }

    /// The index of a name, and a lesson about what follows `previous`.
    pub fn find(&self, name: &[u8], previous: Option<usize>) -> Option<usize> {
        let mut slot = hash(name) & (self.slots.len() - 1);
        loop {
            let index = self.slots[slot];
            if index == NONE {
                return None;
            }
            if *self.names[usize::from(index)].name == *name {
                let lessons = self.lessons.load(Relaxed);
                if lessons < LESSONS {
                    self.lessons.store(lessons + 1, Relaxed);
                    self.after(previous).store(index, Relaxed);
                }
                return Some(usize::from(index));
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    #[inline(always)]
    fn after(&self, previous: Option<usize>) -> &AtomicU16 {
        match previous {
            Some(index) => &self.names[index].next,
            None => &self.first,
        }
    }
}

/// A name in quotes as a text would have it; empty where it cannot be written without escapes.
pub(crate) fn quoted(name: &str) -> Box<[u8]> {
    let plain = name.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
    if plain { format!("\"{name}\"").into_bytes().into() } else { Box::default() }
}

fn hash(name: &[u8]) -> usize {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let word = |bytes: &[u8]| {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_le_bytes(word)
    };
    let head = word(&name[..name.len().min(8)]);
    let tail = word(&name[name.len().saturating_sub(8)..]);
    let mixed = (head ^ tail.rotate_left(23) ^ (name.len() as u64) << 56).wrapping_mul(FACTOR);
    (mixed >> 40) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        let names: Vec<String> = (0..200).map(|number| format!("member{}", number * 7)).collect();
        let table = NameTable::new(names.iter().map(String::as_str));
        for (index, name) in names.iter().enumerate() {
            assert_eq!(table.find(name.as_bytes(), None), Some(index));
        }
        for other in ["", "member", "member1", "Member0", "member70000000000000000"] {
            assert_eq!(table.find(other.as_bytes(), None), None);
        }
        assert_eq!(NameTable::new([].into_iter()).find(b"x", None), None);
    }

    #[test]
    fn guesses_follow_the_order_that_was_seen() {
        let table = NameTable::new(["a", "b\"", "c"].into_iter());
        assert_eq!(table.guess(None), (0, &b"\"a\""[..]));
        assert_eq!(table.guess(Some(0)), (1, &b""[..]));
        table.find(b"c", Some(0));
        assert_eq!(table.guess(Some(0)), (2, &b"\"c\""[..]));
        assert_eq!(table.guess(Some(2)), (3, &b""[..]));
    }
}
