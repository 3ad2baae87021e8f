//! Polled descriptors: "tell me whether reading or writing would block".
//!
//! The poller is edge triggered: it reports a change once. Users of such a handle expect a level, that
//! is an event every turn for as long as the descriptor is ready. So after each event the handle is
//! registered anew before the next poll, which makes the kernel look again. That is one more
//! system call per event, which only these handles pay: streams keep track of readiness themselves.

use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

use mio::unix::SourceFd;
use mio::{Interest, Token};

use crate::event::{Errno, Event, Readiness};
use crate::poller::{Ready, errno};
use crate::table::Key;
use crate::{Handle, Kind, Loop};

/// What a polled descriptor remembers.
#[derive(Debug)]
pub(crate) struct Io {
    fd: RawFd,
    interest: Readiness,
    registered: bool,
}

/// The poller's word for an interest; `None` for none.
fn mio_interest(interest: Readiness) -> Option<Interest> {
    match (interest.readable, interest.writable) {
        (true, true) => Some(Interest::READABLE | Interest::WRITABLE),
        (true, false) => Some(Interest::READABLE),
        (false, true) => Some(Interest::WRITABLE),
        (false, false) => None,
    }
}

impl Loop {
    /// Polls a descriptor that somebody else owns, reads and writes, and must keep open until the
    /// handle is closed. Active while it is interested in something. libuv docs: uv_poll_t.
    ///
    /// # Errors
    /// `EPERM` for regular files and folders, which are always ready; `EEXIST` if the loop polls
    /// the descriptor already.
    pub fn register_fd(&mut self, fd: BorrowedFd<'_>, interest: Readiness) -> Result<Key, Errno> {
        let io = Io { fd: fd.as_raw_fd(), interest: Readiness::default(), registered: false };
        let key = self.insert(Kind::Io(io));
        if let Err(error) = self.set_interest(key, interest) {
            self.handles.remove(key);
            return Err(error);
        }
        Ok(key)
    }

    /// Changes what a polled descriptor is interested in; nothing stops it.
    ///
    /// # Errors
    /// `EINVAL` if the key is not an open handle of [`Loop::register_fd`]; what the poller says.
    pub fn set_interest(&mut self, key: Key, interest: Readiness) -> Result<(), Errno> {
        let Some(Handle { kind: Kind::Io(io), closing: false, .. }) = self.handles.get_mut(key) else {
            return Err(Errno::INVAL);
        };
        let registry = self.poller.registry();
        let mut source = SourceFd(&io.fd);
        let token = Token(key.to_bits() as usize);
        match (mio_interest(interest), io.registered) {
            (Some(wanted), false) => registry.register(&mut source, token, wanted),
            (Some(wanted), true) => registry.reregister(&mut source, token, wanted),
            (None, true) => registry.deregister(&mut source),
            (None, false) => Ok(()),
        }
        .map_err(|error| errno(&error))?;
        io.interest = interest;
        io.registered = mio_interest(interest).is_some();
        let active = io.registered;
        self.set_active(key, active);
        Ok(())
    }

    /// Stops polling and closes the handle (not the descriptor): [`Event::Closed`] follows.
    pub fn deregister(&mut self, key: Key) {
        if matches!(self.handles.get(key), Some(Handle { kind: Kind::Io(_), .. })) {
            self.close(key);
        }
    }

    pub(crate) fn close_io(&mut self, key: Key) {
        let Some(Handle { kind: Kind::Io(io), .. }) = self.handles.get_mut(key) else { return };
        if std::mem::take(&mut io.registered) {
            // A descriptor that was closed under us has left the poller by itself.
            let _ = self.poller.registry().deregister(&mut SourceFd(&io.fd));
        }
    }

    pub(crate) fn io_ready(&mut self, key: Key, ready: Ready) -> Option<Event> {
        let Some(Handle { kind: Kind::Io(io), .. }) = self.handles.get(key) else { return None };
        if !io.registered {
            return None;
        }
        let failed = ready.error || ready.hup;
        let readiness = Readiness {
            error: ready.error,
            hup: ready.hup,
            // Who waits for a descriptor that fails learns why by using it.
            readable: io.interest.readable && (ready.readable || failed),
            writable: io.interest.writable && (ready.writable || failed),
        };
        self.rearm.push(key);
        (readiness.readable || readiness.writable).then_some(Event::Io(key, readiness))
    }

    /// Makes the kernel look again at the descriptors that had an event in the last turn.
    pub(crate) fn rearm_io(&mut self) {
        while let Some(key) = self.rearm.pop() {
            let Some(Handle { kind: Kind::Io(io), closing: false, .. }) = self.handles.get(key) else {
                continue;
            };
            if let (true, Some(wanted)) = (io.registered, mio_interest(io.interest)) {
                let token = Token(key.to_bits() as usize);
                // Fails only for a descriptor closed under us, which cannot be ready again.
                let _ = self.poller.registry().reregister(&mut SourceFd(&io.fd), token, wanted);
            }
        }
    }
}
