//! Cuts a stream into blocks of whole lines.

use std::{
    io::{self, Read},
    sync::{Mutex, MutexGuard},
};

/// How much is read at once.
const BLOCK: usize = 256 * 1024;

/// Some whole lines; the last one of the stream may lack its end.
#[derive(Debug)]
pub(super) struct Block {
    buffer: Vec<u8>,
    length: usize,
    /// The block stands for one line that was longer than the limit; its bytes are gone.
    pub too_long: bool,
}

impl Block {
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[..self.length]
    }
}

/// The reader and what it has read too much of.
#[derive(Debug)]
pub(super) struct Blocks<R> {
    reader: R,
    /// The start of the next block's first line.
    carry: Vec<u8>,
    max_line: usize,
    ended: bool,
    /// Buffers to use again.
    spare: Vec<Vec<u8>>,
}

impl<R: Read> Blocks<R> {
    pub fn new(reader: R, max_line: usize) -> Self {
        Self { reader, carry: Vec::new(), max_line, ended: false, spare: Vec::new() }
    }

    /// The next block, as soon as there is a whole line; `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<Block>> {
        let mut buffer = self.spare.pop().unwrap_or_default();
        let mut length = self.carry.len();
        if buffer.len() < length {
            buffer.resize(length, 0);
        }
        buffer[..length].copy_from_slice(&self.carry);
        self.carry.clear();
        let mut searched = 0;
        loop {
            // After a line that was skipped, what was read too much of may hold whole lines.
            if let Some(newline) = memchr::memrchr(b'\n', &buffer[searched..length]) {
                let end = searched + newline + 1;
                self.carry.extend_from_slice(&buffer[end..length]);
                return Ok(Some(Block { buffer, length: end, too_long: false }));
            }
            searched = length;
            if length > self.max_line {
                self.skip_line(&mut buffer)?;
                return Ok(Some(Block { buffer: Vec::new(), length: 0, too_long: true }));
            }
            if buffer.len() - length < BLOCK / 4 {
                // A long line: doubling keeps the copying linear.
                buffer.resize((length * 2).max(BLOCK), 0);
            }
            length += self.read(&mut buffer[length..])?;
            if self.ended {
                return Ok((length > 0).then_some(Block { buffer, length, too_long: false }));
            }
        }
    }

    /// Takes the buffer of a block that is done with.
    pub fn recycle(&mut self, block: Block) {
        if block.buffer.len() <= 4 * BLOCK {
            self.spare.push(block.buffer);
        }
    }

    /// Reads on to the end of a line without keeping it.
    fn skip_line(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        loop {
            let count = self.read(buffer)?;
            if self.ended {
                return Ok(());
            }
            if let Some(newline) = memchr::memchr(b'\n', &buffer[..count]) {
                self.carry.extend_from_slice(&buffer[newline + 1..count]);
                return Ok(());
            }
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.reader.read(buffer) {
                Ok(count) => {
                    self.ended = count == 0;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Locks; a thread that has panicked ends the whole stream anyway.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
