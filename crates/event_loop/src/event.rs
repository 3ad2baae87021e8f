//! What the loop hands out.

use std::any::Any;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;

pub use rustix::io::Errno;

use crate::buffer::Chunk;
use crate::table::Key;

/// One thing that happened. Every event but [`Event::Work`] belongs to a handle; see
/// [`Event::key`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A listener accepted a connection (non-blocking, close-on-exec), or could not. After `EMFILE`
    /// and its like the listener pauses for a moment and then tries again.
    Accepted(Key, Result<OwnedFd, Errno>),
    /// A check handle's turn.
    Check(Key),
    /// A child process ended. Its handle is no longer active.
    ChildExit(Key, ChildStatus),
    /// The last event of a handle: its key finds nothing any more.
    Closed(Key),
    /// A connection attempt ended.
    Connected(Key, Request, Result<(), Errno>),
    /// A datagram arrived, or receiving failed (it goes on).
    Datagram(Key, Result<Datagram, Errno>),
    /// An idle handle's turn.
    Idle(Key),
    /// A descriptor is ready; repeats every turn until it is no longer so.
    Io(Key, Readiness),
    /// What another thread posted to a waker.
    Message(Key, Box<dyn Any + Send>),
    /// A prepare handle's turn.
    Prepare(Key),
    /// A stream read something, ended or failed. After the latter two it reads no more.
    Read(Key, ReadResult),
    /// A queued datagram was sent, or not: bytes sent.
    Sent(Key, Request, Result<usize, Errno>),
    /// The writing side was shut down, after all that was queued before.
    Shutdown(Key, Request, Result<(), Errno>),
    /// A signal arrived; the number as in `signal(7)`.
    Signal(Key, i32),
    /// A timer is due.
    Timer(Key),
    /// Somebody called [`crate::Waker::wake`], once or more often.
    Wakeup(Key),
    /// A file changed.
    Watch(Key, WatchEvent),
    /// A job of the pool is done.
    Work(WorkId, WorkResult),
    /// A queued write is done.
    Written(Key, Request, Result<(), Errno>),
}

impl Event {
    /// The handle the event belongs to; `None` for a job of the pool.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        match self {
            Event::Accepted(key, _)
            | Event::Check(key)
            | Event::ChildExit(key, _)
            | Event::Closed(key)
            | Event::Connected(key, ..)
            | Event::Datagram(key, _)
            | Event::Idle(key)
            | Event::Io(key, _)
            | Event::Message(key, _)
            | Event::Prepare(key)
            | Event::Read(key, _)
            | Event::Sent(key, ..)
            | Event::Shutdown(key, ..)
            | Event::Signal(key, _)
            | Event::Timer(key)
            | Event::Wakeup(key)
            | Event::Watch(key, _)
            | Event::Written(key, ..) => Some(*key),
            Event::Work(..) => None,
        }
    }

    /// Whether the event ends a request, which kept the loop alive until now.
    pub(crate) fn ends_request(&self) -> bool {
        matches!(
            self,
            Event::Connected(..) | Event::Sent(..) | Event::Shutdown(..) | Event::Work(..) | Event::Written(..)
        )
    }
}

/// Names a request of a stream or socket (a write, a shutdown, a connect): unique within a loop.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Request(pub u64);

/// Names a job of the pool: unique within a loop.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct WorkId(pub u64);

/// What a job returned, or why it did not.
pub type WorkResult = Result<Box<dyn Any + Send>, WorkError>;

/// Why a job has no result.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum WorkError {
    /// It was cancelled before it began.
    Cancelled,
    /// No thread could be started for it.
    NoThread,
    /// It panicked, with this message.
    Panicked(String),
}

/// What a descriptor is ready for, or what one is interested in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Readiness {
    /// An error is pending (only reported, never asked for).
    pub error: bool,
    /// The other side hung up (only reported, never asked for).
    pub hup: bool,
    /// Reading will not block.
    pub readable: bool,
    /// Writing will not block.
    pub writable: bool,
}

/// What a stream read.
#[derive(Debug)]
pub enum ReadResult {
    /// Bytes, never none, and the descriptors that came with the first of them.
    Data(Chunk, Vec<OwnedFd>),
    /// The other side will send no more.
    Eof,
    /// Reading failed.
    Error(Errno),
}

/// One received datagram.
#[derive(Debug)]
pub struct Datagram {
    /// The payload, cut off at 64 KiB.
    pub data: Chunk,
    /// Who sent it.
    pub from: SocketAddr,
    /// Whether the datagram was longer than what we got.
    pub truncated: bool,
}

/// How a child process ended. One of the two is meaningful: a child killed by a signal has code 0.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ChildStatus {
    /// What it passed to `exit`, 0 to 255.
    pub code: i32,
    /// The signal that killed it, or 0.
    pub signal: i32,
}

/// One change of a watched file or folder. Node docs: fs.watch.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WatchEvent {
    /// Contents or attributes changed, rather than names.
    pub change: bool,
    /// Name of the entry within a watched folder, or the last part of the watched path.
    pub name: Vec<u8>,
    /// An entry appeared, went or got another name.
    pub rename: bool,
}

/// What keeps the loop alive. Node docs: process.getActiveResourcesInfo.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum HandleKind {
    /// A check handle.
    Check,
    /// A child process.
    Child,
    /// An idle handle.
    Idle,
    /// A polled descriptor.
    Io,
    /// A FIFO or pipe.
    Fifo,
    /// A listening TCP socket.
    Listener,
    /// A listening unix socket.
    ListenerUnix,
    /// A prepare handle.
    Prepare,
    /// A signal handle.
    Signal,
    /// A TCP socket.
    Tcp,
    /// A timer.
    Timer,
    /// A terminal, or another character device.
    Tty,
    /// A UDP socket.
    Udp,
    /// A unix socket.
    Unix,
    /// A waker.
    Waker,
    /// A file watcher.
    Watch,
    /// A job of the pool.
    Work,
}
