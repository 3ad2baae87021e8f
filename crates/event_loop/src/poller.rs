//! The kernel's side of the loop: one poll, and the batch of what was ready.

use std::io;
use std::time::Duration;

use mio::{Events, Poll, Registry, Token};

use crate::event::{Errno, Event};

/// Events taken from the kernel with one system call, as in libuv.
const BATCH_MAX: usize = 1024;

/// Token of the inbox's bell. Keys never reach the loop's own tokens: see `GENERATION_MAX`.
pub(crate) const BELL: Token = Token(usize::MAX);
/// Token of the signal pipe.
pub(crate) const SIGNALS: Token = Token(usize::MAX - 1);
/// Token of the file change queue.
pub(crate) const CHANGES: Token = Token(usize::MAX - 2);

/// One descriptor of a batch and what it is ready for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready {
    /// Put off to the end of its batch.
    pub(crate) deferred: bool,
    pub(crate) error: bool,
    pub(crate) hup: bool,
    pub(crate) read_closed: bool,
    pub(crate) readable: bool,
    pub(crate) token: Token,
    pub(crate) writable: bool,
}

pub(crate) struct Poller {
    batch: Vec<Ready>,
    cursor: usize,
    events: Events,
    fresh: bool,
    poll: Poll,
}

impl Poller {
    pub(crate) fn new() -> io::Result<Poller> {
        Ok(Poller {
            batch: Vec::new(),
            cursor: 0,
            events: Events::with_capacity(BATCH_MAX),
            fresh: true,
            poll: Poll::new()?,
        })
    }

    pub(crate) fn registry(&self) -> &Registry {
        self.poll.registry()
    }

    /// Waits for events, at most `timeout`, and makes them the batch; how many there were. Being
    /// interrupted by a signal counts as none.
    pub(crate) fn wait(&mut self, timeout: Option<Duration>) -> io::Result<usize> {
        self.batch.clear();
        self.cursor = 0;
        self.fresh = true;
        match self.poll.poll(&mut self.events, timeout) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(0),
            result => result?,
        }
        for event in &self.events {
            self.batch.push(Ready {
                deferred: false,
                error: event.is_error(),
                hup: event.is_read_closed() && event.is_write_closed(),
                read_closed: event.is_read_closed(),
                readable: event.is_readable(),
                token: event.token(),
                writable: event.is_writable(),
            });
        }
        Ok(self.batch.len())
    }

    /// Adds a descriptor that is known to be readable to the end of the batch.
    pub(crate) fn add_readable(&mut self, token: Token) {
        self.batch.push(Ready {
            deferred: false,
            error: false,
            hup: false,
            read_closed: false,
            readable: true,
            token,
            writable: false,
        });
    }

    /// The entry whose turn it is, and whether this is the first look at it.
    pub(crate) fn current(&mut self) -> Option<(Ready, bool)> {
        let entry = *self.batch.get(self.cursor)?;
        Some((entry, std::mem::take(&mut self.fresh)))
    }

    /// Puts an entry off to the end of the batch.
    pub(crate) fn defer(&mut self, ready: Ready) -> Option<Event> {
        self.batch.push(Ready { deferred: true, ..ready });
        None
    }

    /// Moves on to the next entry.
    pub(crate) fn advance(&mut self) {
        self.cursor += 1;
        self.fresh = true;
    }
}

/// The errno of an I/O error; `EIO` for one that did not come from the system.
pub(crate) fn errno(error: &io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}
