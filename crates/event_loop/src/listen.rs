//! Listeners: accepting connections.
//!
//! The poller tells of new connections once, so a listener accepts until there are none, at most
//! [`ACCEPTS_MAX`] per turn. When the process has no descriptor left it pauses for [`PAUSE_MS`]
//! instead of spinning: the connections wait in the kernel's backlog until others were closed.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use mio::unix::SourceFd;
use mio::{Interest, Token};
use rustix::net::{SocketFlags, accept_with};

use crate::event::{Errno, Event};
use crate::poller::{Ready, errno};
use crate::table::Key;
use crate::timer::Entry;
use crate::{Handle, Kind, Loop};

/// Connections a listener accepts per turn, so that a flood of new ones does not starve the old.
const ACCEPTS_MAX: u16 = 256;

/// How long a listener waits for descriptors to become free, in milliseconds.
const PAUSE_MS: u64 = 100;

/// What a listener remembers.
#[derive(Debug)]
pub(crate) struct Listener {
    accepts_left: u16,
    fd: Option<OwnedFd>,
    listed: bool,
    paused: bool,
    readable: bool,
}

impl Listener {
    pub(crate) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.fd.as_ref().map(AsFd::as_fd)
    }

    pub(crate) fn is_unix(&self) -> bool {
        let name = self.fd().and_then(|fd| rustix::net::getsockname(fd).ok());
        name.is_some_and(|name| name.address_family() == rustix::net::AddressFamily::UNIX)
    }
}

impl Loop {
    /// Accepts connections of a socket that listens already: [`Event::Accepted`] for each. The socket
    /// is set non-blocking.
    ///
    /// # Errors
    /// What `fcntl` and the poller say.
    pub fn listen_open(&mut self, fd: OwnedFd) -> Result<Key, Errno> {
        rustix::io::ioctl_fionbio(&fd, true)?;
        let raw = fd.as_raw_fd();
        let listener = Listener { accepts_left: 0, fd: Some(fd), listed: false, paused: false, readable: false };
        let key = self.insert(Kind::Listener(listener));
        let token = Token(key.to_bits() as usize);
        if let Err(error) = self.poller.registry().register(&mut SourceFd(&raw), token, Interest::READABLE) {
            self.handles.remove(key);
            return Err(errno(&error));
        }
        self.set_active(key, true);
        Ok(key)
    }

    pub(crate) fn close_listener(&mut self, key: Key) {
        self.timers.remove(key);
        let Some(Handle { kind: Kind::Listener(listener), .. }) = self.handles.get_mut(key) else { return };
        if let Some(fd) = listener.fd.take() {
            let _ = self.poller.registry().deregister(&mut SourceFd(&fd.as_raw_fd()));
        }
    }

    /// The pause is over: look for connections again.
    pub(crate) fn resume_listener(&mut self, key: Key) {
        let Some(Handle { kind: Kind::Listener(listener), closing: false, .. }) = self.handles.get_mut(key) else {
            return;
        };
        listener.paused = false;
        if !listener.listed {
            listener.listed = true;
            self.again.push(key);
        }
    }

    pub(crate) fn listener_ready(&mut self, key: Key, ready: Ready, fresh: bool) -> Option<Event> {
        let Some(Handle { kind: Kind::Listener(listener), closing: false, .. }) = self.handles.get_mut(key) else {
            return None;
        };
        if fresh {
            listener.accepts_left = ACCEPTS_MAX;
            listener.listed = false;
            listener.readable |= ready.readable || ready.error || ready.hup;
        }
        while listener.readable && !listener.paused {
            if listener.accepts_left == 0 {
                if !listener.listed {
                    listener.listed = true;
                    self.again.push(key);
                }
                return None;
            }
            listener.accepts_left -= 1;
            let fd = listener.fd.as_ref()?;
            match accept_with(fd, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK) {
                Ok(socket) => return Some(Event::Accepted(key, Ok(socket))),
                // It went away while it waited: accept(2) says to treat these like EAGAIN.
                Err(Errno::CONNABORTED | Errno::INTR | Errno::PROTO) => {}
                Err(Errno::AGAIN) => listener.readable = false,
                Err(error @ (Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM)) => {
                    listener.paused = true;
                    self.timer_starts += 1;
                    let due_ms = self.now_ms.saturating_add(PAUSE_MS);
                    self.timers.insert(Entry { due_ms, start: self.timer_starts, key });
                    return Some(Event::Accepted(key, Err(error)));
                }
                Err(error) => {
                    listener.readable = false;
                    return Some(Event::Accepted(key, Err(error)));
                }
            }
        }
        None
    }
}
