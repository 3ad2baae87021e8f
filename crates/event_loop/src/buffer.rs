//! Bytes going in and out: pooled read buffers and owned write buffers.
//!
//! A read lands in a 64 KiB buffer from a free list of the thread. A consumer that looks at the
//! bytes and drops the [`Chunk`] costs no allocation at all; one that keeps them takes a `Vec` of
//! just the right size with [`Chunk::into_vec`].

use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// Size of a read buffer, in bytes: what libuv suggests to its users for every read.
pub const READ_BUFFER_BYTES: usize = 64 * 1024;

/// Read buffers a thread keeps for later, 1 MiB in all.
const BUFFERS_KEPT: usize = 16;

/// A chunk at least this full gives its buffer away instead of copying out of it.
const GIVE_AWAY_BYTES: usize = READ_BUFFER_BYTES / 2;

thread_local! {
    static BUFFERS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer with [`READ_BUFFER_BYTES`] of room.
pub(crate) fn take_buffer() -> Vec<u8> {
    BUFFERS
        .try_with(|buffers| buffers.try_borrow_mut().ok().and_then(|mut buffers| buffers.pop()))
        .ok()
        .flatten()
        .unwrap_or_else(|| Vec::with_capacity(READ_BUFFER_BYTES))
}

/// Puts a buffer back; one of another size, or one too many, is freed.
pub(crate) fn give_buffer(mut buffer: Vec<u8>) {
    if buffer.capacity() != READ_BUFFER_BYTES {
        return;
    }
    buffer.clear();
    // A thread that ends has no list any more: then the buffer is simply freed.
    let _ = BUFFERS.try_with(|buffers| {
        if let Ok(mut buffers) = buffers.try_borrow_mut()
            && buffers.len() < BUFFERS_KEPT
        {
            buffers.push(buffer);
        }
    });
}

/// Bytes that were read. Dropping it returns its buffer to the thread's free list.
#[derive(Eq, PartialEq)]
pub struct Chunk(Vec<u8>);

impl Chunk {
    pub(crate) fn new(bytes: Vec<u8>) -> Chunk {
        Chunk(bytes)
    }

    /// The bytes in memory of their own, without slack worth mentioning.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<u8> {
        if self.0.capacity() != READ_BUFFER_BYTES {
            return std::mem::take(&mut self.0);
        }
        if self.0.len() >= GIVE_AWAY_BYTES {
            let mut bytes = std::mem::take(&mut self.0);
            bytes.shrink_to_fit();
            return bytes;
        }
        self.0.as_slice().to_vec()
    }
}

/// For what a consumer of a stream gets from elsewhere than its descriptor.
impl From<Vec<u8>> for Chunk {
    fn from(bytes: Vec<u8>) -> Chunk {
        Chunk(bytes)
    }
}

impl Deref for Chunk {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        give_buffer(std::mem::take(&mut self.0));
    }
}

impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chunk({} bytes)", self.0.len())
    }
}

/// Bytes to write, owned until they are written.
pub enum Bytes {
    /// Anything that stays put while it is kept: a pinned JavaScript buffer, say.
    Owner(Box<dyn AsRef<[u8]>>),
    /// Bytes shared with others.
    Shared(Arc<[u8]>),
    /// Bytes of the program text.
    Static(&'static [u8]),
    /// Plain bytes.
    Vec(Vec<u8>),
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Bytes::Owner(owner) => (**owner).as_ref(),
            Bytes::Shared(bytes) => bytes,
            Bytes::Static(bytes) => bytes,
            Bytes::Vec(bytes) => bytes,
        }
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({} bytes)", self.as_ref().len())
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes::Vec(bytes)
    }
}

impl From<&'static [u8]> for Bytes {
    fn from(bytes: &'static [u8]) -> Bytes {
        Bytes::Static(bytes)
    }
}

impl From<Arc<[u8]>> for Bytes {
    fn from(bytes: Arc<[u8]>) -> Bytes {
        Bytes::Shared(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_chunks_leave_their_buffer_behind_and_large_ones_take_it() {
        for (length, reused) in [(0, true), (10, true), (GIVE_AWAY_BYTES, false)] {
            BUFFERS.with_borrow_mut(Vec::clear);
            let mut buffer = take_buffer();
            buffer.resize(length, b'x');
            let bytes = Chunk::new(buffer).into_vec();
            assert_eq!(bytes, vec![b'x'; length]);
            assert_eq!(BUFFERS.with_borrow(Vec::len), usize::from(reused), "{length}");
        }
    }

    #[test]
    fn the_free_list_is_limited() {
        let chunks: Vec<Chunk> = (0..40).map(|_| Chunk::new(take_buffer())).collect();
        drop(chunks);
        assert_eq!(BUFFERS.with_borrow(Vec::len), BUFFERS_KEPT);
    }
}
