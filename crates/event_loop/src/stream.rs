//! Streams of bytes: TCP and unix sockets, pipes, terminals.
//!
//! ```text
//!   stream_open ──► open ──connect──► connecting ──Connected──► open
//!   open: read_start ⇄ read_stop        Read(Data)... Read(Eof | Error) stops reading
//!         write: at once if nothing waits, else queued ──► Written
//!         shutdown: after the queue ──► Shutdown
//!   any ──close──► closing: Connected, Written, Shutdown with ECANCELED ──► Closed
//! ```
//!
//! The poller tells of a change only once, so a stream remembers whether it is `readable` and
//! `writable` until the kernel says otherwise: with `EAGAIN`, or on TCP and pipes with a read that
//! did not fill its buffer. That saves a system call per request: a server's turn is one poll, one
//! `read`, one `writev`. A stream that still has bytes after [`READS_MAX`] reads waits for the next
//! turn, which then does not sleep.

use std::cell::RefCell;
use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use mio::unix::SourceFd;
use mio::{Interest, Registry, Token};
use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::OFlags;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, Shutdown};

use crate::buffer::{Bytes, Chunk, READ_BUFFER_BYTES, give_buffer, take_buffer};
use crate::event::{Errno, Event, ReadResult, Request};
use crate::poller::{Ready, errno};
use crate::socket::Address;
use crate::table::Key;
use crate::write_queue::{FDS_MAX, WriteQueue, retry, send};
use crate::{Handle, Kind, Loop};

/// Reads of one stream per turn, as in libuv: 2 MiB, then the others have their turn.
const READS_MAX: u8 = 32;

/// Buffers one call takes. Linux: UIO_MAXIOV.
const IOV_MAX: usize = 1024;

/// What a stream's descriptor is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StreamKind {
    /// A pipe or FIFO.
    Fifo,
    /// A TCP socket.
    Tcp,
    /// A terminal, or another character device.
    Tty,
    /// A unix socket.
    Unix,
}

/// What came of a write.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WriteOutcome {
    /// All of it is written: so many bytes. No event follows.
    Done(usize),
    /// Some of it waits; [`Event::Written`] tells when it is through.
    Queued(Request),
}

/// What a stream remembers.
#[derive(Debug)]
pub(crate) struct Stream {
    /// Reads and writes may block: ask before each read, wait in each write.
    blocking: bool,
    connecting: Option<Request>,
    /// Gone once the handle closes.
    fd: Option<OwnedFd>,
    /// Descriptors may come with the bytes.
    ipc: bool,
    kind: StreamKind,
    /// Stands in the list of handles to look at again.
    listed: bool,
    queue: WriteQueue,
    /// The kernel said that the other side is done: read on until it shows.
    read_closed: bool,
    readable: bool,
    reading: bool,
    reads_left: u8,
    /// What the poller knows; `None` before the first interest.
    registered: Option<Interest>,
    /// `shutdown` was called.
    shut: bool,
    shutting: Option<Request>,
    writable: bool,
}

impl Stream {
    fn new(fd: OwnedFd, kind: StreamKind, blocking: bool) -> Stream {
        Stream {
            blocking,
            connecting: None,
            fd: Some(fd),
            ipc: false,
            kind,
            listed: false,
            queue: WriteQueue::default(),
            read_closed: false,
            readable: false,
            reading: false,
            reads_left: READS_MAX,
            registered: None,
            shut: false,
            shutting: None,
            writable: false,
        }
    }

    pub(crate) fn kind(&self) -> StreamKind {
        self.kind
    }

    pub(crate) fn fd(&self) -> Result<BorrowedFd<'_>, Errno> {
        self.fd.as_ref().map(AsFd::as_fd).ok_or(Errno::BADF)
    }

    /// Adds to what the poller watches for. It never watches for less: a change reported in vain
    /// costs less than the call.
    fn watch(&mut self, registry: &Registry, key: Key, wanted: Interest) -> Result<(), Errno> {
        let fd = self.fd.as_ref().ok_or(Errno::BADF)?.as_raw_fd();
        let token = Token(key.to_bits() as usize);
        let interest = self.registered.map_or(wanted, |known| known | wanted);
        match self.registered {
            None => registry.register(&mut SourceFd(&fd), token, interest),
            Some(known) if known == interest => Ok(()),
            Some(_) => registry.reregister(&mut SourceFd(&fd), token, interest),
        }
        .map_err(|error| errno(&error))?;
        self.registered = Some(interest);
        Ok(())
    }

    /// Reads once; `None` if there is nothing.
    fn read(&mut self) -> Option<ReadResult> {
        let fd = self.fd.as_ref()?.as_fd();
        if self.blocking && !is_readable(fd) {
            self.readable = false;
            return None;
        }
        let mut buffer = take_buffer();
        let mut fds = Vec::new();
        let result = if self.ipc {
            read_with_fds(fd, &mut buffer, &mut fds)
        } else {
            retry(|| rustix::io::read(fd, spare_capacity(&mut buffer)))
        };
        match result {
            Ok(0) => {
                give_buffer(buffer);
                self.readable = false;
                self.reading = false;
                Some(ReadResult::Eof)
            }
            Ok(count) => {
                // Bytes of two senders, or around descriptors, come in two reads on unix sockets, and
                // a terminal hands out one line: there a short read means nothing.
                let tells = matches!(self.kind, StreamKind::Tcp | StreamKind::Fifo);
                if tells && count < READ_BUFFER_BYTES && !self.read_closed {
                    self.readable = false;
                }
                Some(ReadResult::Data(Chunk::new(buffer), fds))
            }
            Err(Errno::AGAIN) => {
                give_buffer(buffer);
                self.readable = false;
                None
            }
            Err(error) => {
                give_buffer(buffer);
                self.readable = false;
                self.reading = false;
                Some(ReadResult::Error(error))
            }
        }
    }

    /// Writes what the descriptor takes now; bytes written, which is less than asked only after
    /// `EAGAIN`.
    fn write_now(&mut self, bufs: &[IoSlice<'_>], fds: &[BorrowedFd<'_>]) -> Result<usize, Errno> {
        let asked: usize = bufs.iter().map(|buf| buf.len()).sum();
        let mut written = 0;
        loop {
            let fd = self.fd()?;
            let rest;
            let now = if written == 0 {
                bufs
            } else {
                rest = remaining(bufs, written);
                &rest
            };
            let fds = if written == 0 { fds } else { &[] };
            match send(fd, &now[..now.len().min(IOV_MAX)], fds) {
                Ok(count) => {
                    written += count;
                    if written == asked {
                        return Ok(written);
                    }
                }
                Err(Errno::AGAIN) if self.blocking => wait_writable(fd)?,
                Err(Errno::AGAIN) => return Ok(written),
                // What was written is written: the next write will meet the error again.
                Err(_) if written > 0 => return Ok(written),
                Err(error) => return Err(error),
            }
        }
    }
}

/// What is left of `bufs` after `count` bytes.
fn remaining<'a>(bufs: &[IoSlice<'a>], mut count: usize) -> Vec<IoSlice<'a>> {
    let whole = bufs
        .iter()
        .take_while(|buf| match count.checked_sub(buf.len()) {
            Some(left) => {
                count = left;
                true
            }
            None => false,
        })
        .count();
    let mut rest = bufs[whole..].to_vec();
    IoSlice::advance_slices(&mut rest.as_mut_slice(), count);
    rest
}

fn is_readable(fd: BorrowedFd<'_>) -> bool {
    let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::IN)];
    retry(|| poll(&mut fds, Some(&rustix::time::Timespec { tv_sec: 0, tv_nsec: 0 }))).is_ok_and(|ready| ready > 0)
}

fn wait_writable(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::OUT)];
    retry(|| poll(&mut fds, None)).map(drop)
}

thread_local! {
    /// Where `recvmsg` reads to, which wants memory that is initialised: most messages are much smaller.
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Reads bytes and the descriptors that came with them, which will not survive an `exec`.
fn read_with_fds(fd: BorrowedFd<'_>, buffer: &mut Vec<u8>, fds: &mut Vec<OwnedFd>) -> Result<usize, Errno> {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.resize(READ_BUFFER_BYTES, 0);
        let count = receive_with_fds(fd, scratch, fds)?;
        buffer.extend_from_slice(&scratch[..count]);
        Ok(count)
    })
}

fn receive_with_fds(fd: BorrowedFd<'_>, buffer: &mut [u8], fds: &mut Vec<OwnedFd>) -> Result<usize, Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FDS_MAX))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let result = retry(|| {
        let mut slices = [std::io::IoSliceMut::new(buffer)];
        rustix::net::recvmsg(fd, &mut slices, &mut control, RecvFlags::CMSG_CLOEXEC)
    });
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(received) = message {
            fds.extend(received);
        }
    }
    result.map(|message| message.bytes)
}

fn set_nonblocking(fd: BorrowedFd<'_>, nonblocking: bool) -> Result<(), Errno> {
    let flags = rustix::fs::fcntl_getfl(fd)?;
    if flags.contains(OFlags::NONBLOCK) != nonblocking {
        rustix::fs::fcntl_setfl(fd, flags ^ OFlags::NONBLOCK)?;
    }
    Ok(())
}

impl Loop {
    /// Makes a stream of a descriptor and sets it non-blocking.
    ///
    /// # Errors
    /// What `fcntl` says.
    pub fn stream_open(&mut self, fd: OwnedFd, kind: StreamKind) -> Result<Key, Errno> {
        set_nonblocking(fd.as_fd(), true)?;
        Ok(self.stream_open_nonblocking(fd, kind))
    }

    /// Makes a stream of a descriptor that is non-blocking already, as those of [`Event::Accepted`]
    /// are, without a system call.
    pub fn stream_open_nonblocking(&mut self, fd: OwnedFd, kind: StreamKind) -> Key {
        self.insert(Kind::Stream(Box::new(Stream::new(fd, kind, false))))
    }

    /// Makes a stream of a descriptor shared with other processes (stdin, stdout, stderr) without
    /// changing its flags, which they would feel. Writes block, reads ask first.
    pub fn stream_open_blocking(&mut self, fd: OwnedFd, kind: StreamKind) -> Key {
        self.insert(Kind::Stream(Box::new(Stream::new(fd, kind, true))))
    }

    fn stream(&mut self, key: Key) -> Result<&mut Stream, Errno> {
        match self.handles.get_mut(key) {
            Some(Handle { kind: Kind::Stream(stream), closing: false, .. }) => Ok(stream),
            _ => Err(Errno::INVAL),
        }
    }

    fn stream_and_registry(&mut self, key: Key) -> Result<(&mut Stream, &Registry), Errno> {
        match self.handles.get_mut(key) {
            Some(Handle { kind: Kind::Stream(stream), closing: false, .. }) => Ok((stream, self.poller.registry())),
            _ => Err(Errno::INVAL),
        }
    }

    /// Connects a socket; [`Event::Connected`] follows. Writes wait until then.
    ///
    /// # Errors
    /// At once: `EINVAL` for a key that is no open stream, `EALREADY` while connecting, and what
    /// `connect` says, except that a refusal (and anything on a unix socket) comes as an event.
    pub fn connect(&mut self, key: Key, address: &Address) -> Result<Request, Errno> {
        let request = self.next_request();
        let (stream, registry) = self.stream_and_registry(key)?;
        if stream.connecting.is_some() {
            return Err(Errno::ALREADY);
        }
        let known = match address.connect(stream.fd()?) {
            Err(Errno::INPROGRESS | Errno::INTR) => None,
            Err(error) if error == Errno::CONNREFUSED || stream.kind == StreamKind::Unix => Some(Err(error)),
            Err(error) => return Err(error),
            Ok(()) => Some(Ok(())),
        };
        match known {
            Some(result) => self.pending.push_back(Event::Connected(key, request, result)),
            None => {
                stream.watch(registry, key, Interest::READABLE | Interest::WRITABLE)?;
                stream.connecting = Some(request);
            }
        }
        self.requests += 1;
        Ok(request)
    }

    /// Starts reading: [`Event::Read`] until `read_stop`, the end or an error. Again is fine.
    ///
    /// # Errors
    /// `EINVAL` for a key that is no open stream; what the poller says: `EPERM` for a file.
    pub fn read_start(&mut self, key: Key) -> Result<(), Errno> {
        let (stream, registry) = self.stream_and_registry(key)?;
        if stream.reading {
            return Ok(());
        }
        stream.watch(registry, key, Interest::READABLE)?;
        stream.reading = true;
        if stream.readable && !stream.listed {
            stream.listed = true;
            self.again.push(key);
        }
        self.set_active(key, true);
        Ok(())
    }

    /// Stops reading; bytes stay in the kernel.
    pub fn read_stop(&mut self, key: Key) {
        if let Ok(stream) = self.stream(key) {
            stream.reading = false;
            self.set_active(key, false);
        }
    }

    /// Writes what can be written at once, with one system call and without taking the bytes; how many
    /// bytes that were.
    ///
    /// # Errors
    /// `EAGAIN` if nothing can be written now or other writes wait; `EINVAL` for a key that is no
    /// open stream; what `writev` says.
    pub fn try_write(&mut self, key: Key, bufs: &[IoSlice<'_>]) -> Result<usize, Errno> {
        let stream = self.stream(key)?;
        if stream.connecting.is_some() || !stream.queue.is_empty() {
            return Err(Errno::AGAIN);
        }
        let asked = bufs.iter().any(|buf| !buf.is_empty());
        match stream.write_now(bufs, &[])? {
            0 if asked => Err(Errno::AGAIN),
            count => Ok(count),
        }
    }

    /// Writes buffers: at once if nothing waits before them, the rest when the descriptor takes it.
    ///
    /// # Errors
    /// As for [`Loop::try_write`], without `EAGAIN`; then nothing was queued.
    pub fn write(&mut self, key: Key, bufs: Vec<Bytes>) -> Result<WriteOutcome, Errno> {
        self.write_with_fds(key, bufs, Vec::new())
    }

    /// Writes buffers, and sends descriptors with their first byte. They are closed on this side when
    /// that is done.
    ///
    /// # Errors
    /// As for [`Loop::write`]; `EINVAL` also for descriptors without a byte or more than 253 of them.
    pub fn write_with_fds(&mut self, key: Key, bufs: Vec<Bytes>, mut fds: Vec<OwnedFd>) -> Result<WriteOutcome, Errno> {
        let request = self.next_request();
        let (stream, registry) = self.stream_and_registry(key)?;
        let length: usize = bufs.iter().map(|buf| buf.as_ref().len()).sum();
        if !fds.is_empty() && (length == 0 || fds.len() > FDS_MAX) {
            return Err(Errno::INVAL);
        }
        let mut written = 0;
        if stream.connecting.is_none() && stream.queue.is_empty() {
            if length == 0 {
                return Ok(WriteOutcome::Done(0));
            }
            let borrowed: Vec<BorrowedFd<'_>> = fds.iter().map(AsFd::as_fd).collect();
            written = match bufs.as_slice() {
                [buf] => stream.write_now(&[IoSlice::new(buf.as_ref())], &borrowed)?,
                _ => {
                    let slices: Vec<IoSlice<'_>> = bufs.iter().map(|buf| IoSlice::new(buf.as_ref())).collect();
                    stream.write_now(&slices, &borrowed)?
                }
            };
            if written == length {
                return Ok(WriteOutcome::Done(written));
            }
            if written > 0 {
                fds.clear();
            }
            stream.writable = false;
            stream.watch(registry, key, Interest::READABLE | Interest::WRITABLE)?;
        }
        stream.queue.push(request, bufs, fds, written);
        self.requests += 1;
        Ok(WriteOutcome::Queued(request))
    }

    /// Bytes that wait to be written.
    #[must_use]
    pub fn write_queue_bytes(&self, key: Key) -> usize {
        match self.handles.get(key) {
            Some(Handle { kind: Kind::Stream(stream), .. }) => stream.queue.bytes(),
            _ => 0,
        }
    }

    /// Tells the other side, after all that waits, that no more will be written;
    /// [`Event::Shutdown`] follows.
    ///
    /// # Errors
    /// `ENOTCONN` the second time; `EINVAL` for a key that is no open stream.
    pub fn shutdown(&mut self, key: Key) -> Result<Request, Errno> {
        let request = self.next_request();
        let stream = self.stream(key)?;
        if stream.shut {
            return Err(Errno::NOTCONN);
        }
        stream.shut = true;
        if stream.connecting.is_some() || !stream.queue.is_empty() {
            stream.shutting = Some(request);
        } else {
            let result = shut_down(stream.fd()?);
            self.pending.push_back(Event::Shutdown(key, request, result));
        }
        self.requests += 1;
        Ok(request)
    }

    /// Makes writes wait in the call (`true`) or in the queue, and sets the descriptor accordingly.
    ///
    /// # Errors
    /// `EINVAL` for a key that is no open stream; what `fcntl` says.
    pub fn set_blocking(&mut self, key: Key, blocking: bool) -> Result<(), Errno> {
        let stream = self.stream(key)?;
        set_nonblocking(stream.fd()?, !blocking)?;
        stream.blocking = blocking;
        Ok(())
    }

    /// Makes a unix socket receive descriptors with its bytes.
    ///
    /// # Errors
    /// `EINVAL` for a key that is no open stream of a unix socket.
    pub fn set_ipc(&mut self, key: Key, ipc: bool) -> Result<(), Errno> {
        let stream = self.stream(key)?;
        if stream.kind != StreamKind::Unix {
            return Err(Errno::INVAL);
        }
        stream.ipc = ipc;
        Ok(())
    }

    /// The number of the descriptor of a stream, listener or UDP socket, for diagnostics and options;
    /// `None` once it is closed.
    #[must_use]
    pub fn fileno(&self, key: Key) -> Option<RawFd> {
        self.borrow_fd(key).map(|fd| fd.as_raw_fd())
    }

    pub(crate) fn next_request(&mut self) -> Request {
        self.next_request += 1;
        Request(self.next_request)
    }

    pub(crate) fn close_stream(&mut self, key: Key) {
        let Ok((stream, registry)) = self.stream_and_registry(key) else { return };
        stream.reading = false;
        if let Some(fd) = stream.fd.take()
            && stream.registered.take().is_some()
        {
            // Others may hold the same open file, so closing alone would leave it in the poller.
            let _ = registry.deregister(&mut SourceFd(&fd.as_raw_fd()));
        }
    }

    /// Ends the requests of a closed stream.
    pub(crate) fn cancel_stream(&mut self, key: Key) {
        let Some(Handle { kind: Kind::Stream(stream), .. }) = self.handles.get_mut(key) else { return };
        if let Some(request) = stream.connecting.take() {
            self.out.push_back(Event::Connected(key, request, Err(Errno::CANCELED)));
        }
        while let Some(request) = stream.queue.pop() {
            self.out.push_back(Event::Written(key, request, Err(Errno::CANCELED)));
        }
        if let Some(request) = stream.shutting.take() {
            self.out.push_back(Event::Shutdown(key, request, Err(Errno::CANCELED)));
        }
    }

    /// A stream of the batch: notes what the poller said, then does one thing after the other.
    pub(crate) fn stream_ready(&mut self, key: Key, ready: Ready, fresh: bool) -> Option<Event> {
        let Ok(stream) = self.stream(key) else { return None };
        if fresh {
            let failed = ready.error || ready.hup;
            stream.listed = false;
            stream.read_closed |= ready.read_closed || failed;
            stream.readable |= ready.readable || ready.read_closed || failed;
            stream.writable |= ready.writable || failed;
            stream.reads_left = READS_MAX;
        }
        if stream.connecting.is_some() {
            return if stream.writable { self.finish_connect(key) } else { None };
        }
        if stream.reading && stream.readable {
            if stream.reads_left > 0 {
                stream.reads_left -= 1;
                if let Some(result) = stream.read() {
                    if !stream.reading {
                        self.set_active(key, false);
                    }
                    return Some(Event::Read(key, result));
                }
            } else if !stream.listed {
                stream.listed = true;
                self.again.push(key);
            }
        }
        self.flush(key);
        None
    }

    fn finish_connect(&mut self, key: Key) -> Option<Event> {
        let stream = self.stream(key).ok()?;
        let request = stream.connecting.take()?;
        let result = rustix::net::sockopt::socket_error(stream.fd().ok()?).and_then(|result| result);
        if result.is_err() {
            stream.writable = false;
            self.out.push_back(Event::Connected(key, request, result));
            self.cancel_stream(key);
            return None;
        }
        Some(Event::Connected(key, request, result))
    }

    /// Writes what waits, then shuts down if that was asked for.
    fn flush(&mut self, key: Key) {
        let Some(Handle { kind: Kind::Stream(stream), .. }) = self.handles.get_mut(key) else { return };
        let Stream { fd: Some(fd), queue, shutting, writable, .. } = &mut **stream else { return };
        while *writable && !queue.is_empty() {
            if let Some(request) = queue.pop_done() {
                self.out.push_back(Event::Written(key, request, Ok(())));
                continue;
            }
            match queue.write_some(fd.as_fd()) {
                Ok(()) => {}
                Err(Errno::AGAIN) => *writable = false,
                Err(error) => {
                    while let Some(request) = queue.pop() {
                        self.out.push_back(Event::Written(key, request, Err(error)));
                    }
                }
            }
        }
        if queue.is_empty()
            && let Some(request) = shutting.take()
        {
            self.out.push_back(Event::Shutdown(key, request, shut_down(fd.as_fd())));
        }
    }
}

fn shut_down(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    rustix::net::shutdown(fd, Shutdown::Write)
}
