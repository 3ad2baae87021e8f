//! What a handle is, and what its events do.
//!
//! ```text
//!   new ──attach(fd)──► stream ──close──► closing ──Closed──► gone
//!    └──bind──► bound socket ──listen──► listener ──close──► ...
//! ```

use anode_runtime::event_loop::{Address, Errno, Event, Key, ReadResult, StreamKind};
use anode_runtime::{Args, Handler, Local, Root, Scope, Thrown, env};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::rc::Rc;

/// libuv's number for the end of a stream.
pub(crate) const EOF: i32 = -4095;

/// The functions that events call, with the handle as `this`.
pub(crate) struct Dispatch {
    onread: Root,
    onwritten: Root,
    onshutdown: Root,
    onconnect: Root,
    onconnection: Root,
    onclose: Root,
}

impl Dispatch {
    pub(crate) fn new(sc: &mut Scope<'_>, args: &Args<'_>) -> Dispatch {
        let root = |index| Root::new(sc, args.get(index));
        Dispatch {
            onread: root(0),
            onwritten: root(1),
            onshutdown: root(2),
            onconnect: root(3),
            onconnection: root(4),
            onclose: root(5),
        }
    }
}

/// Which of Node's handle classes a handle stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum HandleClass {
    /// `TCP`.
    Tcp,
    /// `Pipe`: unix sockets and pipes.
    Pipe,
    /// `TTY`.
    Tty,
}

/// Takes over what a stream reads, in Rust.
pub trait Consumer {
    /// One read of the stream. An error is a pending JavaScript exception.
    fn on_read(&self, sc: &mut Scope<'_>, handle: &StreamHandle, result: ReadResult) -> Result<(), Thrown>;
}

/// Stands between a stream and whoever reads and writes it: TLS.
pub trait Filter {
    /// One read of the stream, as it came. An error is a pending JavaScript exception.
    fn on_read(&self, sc: &mut Scope<'_>, handle: &StreamHandle, result: ReadResult) -> Result<(), Thrown>;

    /// Writes for a consumer, as [`write_bytes`](crate::write_bytes) does without a filter.
    ///
    /// # Errors
    /// What writing to the stream says; `EPIPE` if the filter takes no more.
    fn write(&self, sc: &Scope<'_>, handle: &StreamHandle, bytes: &[u8]) -> Result<i32, Errno>;
}

/// A filter, and the object that consumers' functions get as `this`: the handle that JavaScript sees on top.
struct Filtered {
    filter: Rc<dyn Filter>,
    face: Root,
}

/// The Rust data of a handle object.
pub struct StreamHandle {
    pub(crate) bytes_read: Cell<u64>,
    pub(crate) bytes_written: Cell<u64>,
    pub(crate) class: HandleClass,
    closing: Cell<bool>,
    consumer: RefCell<Option<Rc<dyn Consumer>>>,
    dispatch: Rc<Dispatch>,
    filtered: RefCell<Option<Rc<Filtered>>>,
    /// Descriptors that came with the bytes and were not taken yet.
    pub(crate) fds: RefCell<VecDeque<OwnedFd>>,
    key: Cell<Option<Key>>,
    object: RefCell<Option<Root>>,
    refed: Cell<bool>,
    /// A socket that is bound, but neither connects nor listens yet.
    pub(crate) socket: RefCell<Option<OwnedFd>>,
    /// Where a unix socket was bound: the name goes with the handle, as in libuv.
    pub(crate) path: RefCell<Option<Vec<u8>>>,
    /// The error of a bind that shall be reported by `listen` or `connect`, as in libuv: `EADDRINUSE`.
    pub(crate) delayed: Cell<Option<Errno>>,
}

impl StreamHandle {
    pub(crate) fn new(dispatch: Rc<Dispatch>, class: HandleClass) -> StreamHandle {
        StreamHandle {
            bytes_read: Cell::new(0),
            bytes_written: Cell::new(0),
            class,
            closing: Cell::new(false),
            consumer: RefCell::default(),
            dispatch,
            filtered: RefCell::default(),
            fds: RefCell::default(),
            key: Cell::new(None),
            object: RefCell::default(),
            refed: Cell::new(true),
            socket: RefCell::default(),
            path: RefCell::default(),
            delayed: Cell::new(None),
        }
    }

    /// The handle's key in the event loop, once it has a descriptor and until it is closed.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        self.key.get().filter(|_| !self.closing.get())
    }

    /// Whether it was closed.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing.get()
    }

    /// Gives reads to Rust instead of `onread`, or back with `None`.
    pub fn set_consumer(&self, consumer: Option<Rc<dyn Consumer>>) {
        *self.consumer.borrow_mut() = consumer;
    }

    /// Who gets the reads, if that is Rust.
    #[must_use]
    pub fn consumer(&self) -> Option<Rc<dyn Consumer>> {
        self.consumer.borrow().clone()
    }

    /// Puts a filter before consumers, until the handle is closed; `face` is their functions' `this`.
    pub fn set_filter(&self, sc: &Scope<'_>, filter: Rc<dyn Filter>, face: Local<'_>) {
        *self.filtered.borrow_mut() = Some(Rc::new(Filtered { filter, face: Root::new(sc, face) }));
    }

    /// The filter, if there is one.
    #[must_use]
    pub fn filter(&self) -> Option<Rc<dyn Filter>> {
        self.filtered.borrow().as_ref().map(|filtered| filtered.filter.clone())
    }

    /// Makes a stream of `fd`, owned by this handle from now on. `object` is the handle's own object.
    ///
    /// # Errors
    /// `EBUSY` for a handle that has a descriptor, `EBADF` for a closed one, what `fcntl` says. `fd` is then closed.
    pub fn attach(
        self: &Rc<Self>,
        sc: &mut Scope<'_>,
        object: Local<'_>,
        fd: OwnedFd,
        kind: StreamKind,
    ) -> Result<Key, Errno> {
        self.attach_with(sc, object, |events| events.stream_open(fd, kind))
    }

    /// As [`StreamHandle::attach`], with a function that makes the loop's handle.
    pub(crate) fn attach_with(
        self: &Rc<Self>,
        sc: &mut Scope<'_>,
        object: Local<'_>,
        open: impl FnOnce(&mut anode_runtime::event_loop::Loop) -> Result<Key, Errno>,
    ) -> Result<Key, Errno> {
        if self.closing.get() {
            return Err(Errno::BADF);
        }
        if self.key.get().is_some() {
            return Err(Errno::BUSY);
        }
        let env = env(sc);
        let key = {
            let mut events = env.events.borrow_mut();
            let key = open(&mut events)?;
            if !self.refed.get() {
                events.set_ref(key, false);
            }
            key
        };
        env.set_handler(key, self.clone());
        self.key.set(Some(key));
        *self.object.borrow_mut() = Some(Root::new(sc, object));
        Ok(key)
    }

    /// The number of its descriptor.
    #[must_use]
    pub fn fileno(&self, sc: &Scope<'_>) -> Option<i32> {
        use std::os::fd::AsRawFd as _;
        self.with_fd(sc, |fd| Ok(fd.as_raw_fd())).ok()
    }

    pub(crate) fn set_ref(&self, sc: &Scope<'_>, refed: bool) {
        self.refed.set(refed);
        if let Some(key) = self.key.get() {
            env(sc).events.borrow_mut().set_ref(key, refed);
        }
    }

    pub(crate) fn has_ref(&self) -> bool {
        self.refed.get() && !self.closing.get()
    }

    /// Closes; `onclose` follows in the closing phase. False if it was closed already.
    pub(crate) fn close(self: &Rc<Self>, sc: &mut Scope<'_>, object: Local<'_>) -> bool {
        if self.closing.replace(true) {
            return false;
        }
        self.socket.take();
        if let Some(path) = self.path.take() {
            // Somebody else may have removed it; then there is nothing left to do.
            let _removed = rustix::fs::unlink(path.as_slice());
        }
        let key = match self.key.get() {
            Some(key) => key,
            None => {
                // Never opened: a stopped timer stands in, so that the end comes in the same phase.
                let key = env(sc).events.borrow_mut().timer_open();
                env(sc).set_handler(key, self.clone());
                self.key.set(Some(key));
                *self.object.borrow_mut() = Some(Root::new(sc, object));
                key
            }
        };
        env(sc).events.borrow_mut().close(key);
        true
    }

    /// Calls `function` with the handle's object as `this`; a handle that is gone calls nothing.
    ///
    /// # Errors
    /// What the function throws.
    pub fn call<'s>(&self, sc: &mut Scope<'s>, function: &Root, args: &[Local<'s>]) -> Result<(), Thrown> {
        let Some(this) = self.object.borrow().as_ref().map(|root| root.get(sc)) else { return Ok(()) };
        let function = function.get(sc);
        sc.call(function, this, args).map(|_| ())
    }

    fn status(result: Result<(), Errno>) -> i32 {
        result.map_or_else(|errno| -errno.raw_os_error(), |()| 0)
    }

    fn on_read(&self, sc: &mut Scope<'_>, result: ReadResult) -> Result<(), Thrown> {
        if let ReadResult::Data(chunk, _) = &result {
            self.bytes_read.set(self.bytes_read.get() + chunk.len() as u64);
        }
        if let Some(filter) = self.filter() {
            return filter.on_read(sc, self, result);
        }
        match self.consumer() {
            Some(consumer) => consumer.on_read(sc, self, result),
            None => self.deliver(sc, result),
        }
    }

    /// Calls a function of whoever reads, with the handle on top as `this`: the filter's, or this one.
    ///
    /// # Errors
    /// What the function throws.
    pub fn call_reader<'s>(&self, sc: &mut Scope<'s>, function: &Root, args: &[Local<'s>]) -> Result<(), Thrown> {
        let filtered = self.filtered.borrow().clone();
        let Some(filtered) = filtered else { return self.call(sc, function, args) };
        let (this, function) = (filtered.face.get(sc), function.get(sc));
        sc.call(function, this, args).map(|_| ())
    }

    /// Counts what was written past [`write_bytes`](crate::write_bytes).
    pub fn count_written(&self, bytes: usize) {
        self.bytes_written.set(self.bytes_written.get() + bytes as u64);
    }

    /// Gives what was read to `onread`: for consumers that leave some of it to JavaScript.
    ///
    /// # Errors
    /// What `onread` throws.
    pub fn deliver(&self, sc: &mut Scope<'_>, result: ReadResult) -> Result<(), Thrown> {
        let code = match result {
            ReadResult::Data(chunk, fds) => {
                self.fds.borrow_mut().extend(fds);
                let count = sc.int(chunk.len() as i32);
                let bytes = sc.array_buffer(chunk.into_vec())?;
                return self.call(sc, &self.dispatch.onread, &[count, bytes]);
            }
            ReadResult::Eof => EOF,
            ReadResult::Error(errno) => -errno.raw_os_error(),
        };
        let code = sc.int(code);
        self.call(sc, &self.dispatch.onread, &[code])
    }

    fn on_accepted(&self, sc: &mut Scope<'_>, result: Result<OwnedFd, Errno>) -> Result<(), Thrown> {
        let fd = match result {
            Ok(fd) => fd,
            Err(errno) => {
                let status = sc.int(-errno.raw_os_error());
                return self.call(sc, &self.dispatch.onconnection, &[status]);
            }
        };
        let Some(server) = self.object.borrow().as_ref().map(|root| root.get(sc)) else { return Ok(()) };
        let proto = sc.prototype(server)?;
        let client = Rc::new(StreamHandle::new(self.dispatch.clone(), self.class));
        let object = sc.native_object(Some(proto), client.clone())?;
        let kind = if self.class == HandleClass::Tcp { StreamKind::Tcp } else { StreamKind::Unix };
        // A fresh handle of a fresh descriptor: opening cannot fail.
        let opened = client.attach_with(sc, object, |events| Ok(events.stream_open_nonblocking(fd, kind)));
        let status = sc.int(Self::status(opened.map(|_| ())));
        self.call(sc, &self.dispatch.onconnection, &[status, object])
    }

    /// The address of this side, or of the other.
    pub(crate) fn address(&self, sc: &Scope<'_>, peer: bool) -> Result<Address, Errno> {
        let ask = |fd: std::os::fd::BorrowedFd<'_>| {
            if peer { rustix::net::getpeername(fd)?.ok_or(Errno::NOTCONN) } else { rustix::net::getsockname(fd) }
        };
        if let Some(fd) = self.socket.borrow().as_ref() {
            return Address::try_from(ask(std::os::fd::AsFd::as_fd(fd))?);
        }
        let key = self.key().ok_or(Errno::BADF)?;
        let events = env(sc).events.borrow();
        Address::try_from(ask(events.borrow_fd(key).ok_or(Errno::BADF)?)?)
    }

    /// Runs `work` on the handle's descriptor.
    pub(crate) fn with_fd<T>(
        &self,
        sc: &Scope<'_>,
        work: impl FnOnce(std::os::fd::BorrowedFd<'_>) -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        if let Some(fd) = self.socket.borrow().as_ref() {
            return work(std::os::fd::AsFd::as_fd(fd));
        }
        let key = self.key().ok_or(Errno::BADF)?;
        let events = env(sc).events.borrow();
        work(events.borrow_fd(key).ok_or(Errno::BADF)?)
    }
}

impl Handler for StreamHandle {
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        match event {
            Event::Read(_, result) => self.on_read(sc, result),
            Event::Written(_, _, result) => {
                let status = sc.int(Self::status(result));
                self.call(sc, &self.dispatch.onwritten, &[status])
            }
            Event::Accepted(_, result) => self.on_accepted(sc, result),
            Event::Connected(_, _, result) => {
                let status = sc.int(Self::status(result));
                self.call(sc, &self.dispatch.onconnect, &[status])
            }
            Event::Shutdown(_, _, result) => {
                let status = sc.int(Self::status(result));
                self.call(sc, &self.dispatch.onshutdown, &[status])
            }
            Event::Closed(_) => {
                let result = self.call(sc, &self.dispatch.onclose, &[]);
                self.object.take();
                self.consumer.take();
                self.filtered.take();
                self.fds.take();
                result
            }
            _ => Ok(()),
        }
    }
}
