//! Binding of `node:dgram`: handles of UDP sockets.
//!
//! Arguments were checked in JavaScript. Functions return 0 or a negative errno.
//! **Invariant:** an open handle keeps its JavaScript object alive; a closed one lets it go with its `Closed` event.

#![forbid(unsafe_code)]

mod options;

use anode_net::{address_object, parse_address};
use anode_runtime::event_loop::{Address, Bytes, Errno, Event, Key, WriteOutcome, fd};
use anode_runtime::permission::{self, ACCESS_DENIED};
use anode_runtime::{Args, Builtin, Handler, JsResult, Local, NativeRow, Root, Scope, Thrown, env};
use rustix::net::sockopt;
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd, OwnedFd};
use std::rc::Rc;

/// The Rust half of `node:dgram`.
pub static BUILTIN: Builtin = Builtin { name: "dgram", functions: &[("create", create)], init: Some(init) };

const METHODS: &[NativeRow] = &[
    ("bind", bind),
    ("closeHandle", close),
    ("connect", connect),
    ("disconnect", disconnect),
    ("fileno", fileno),
    ("getSendQueueCount", queue_count),
    ("getSendQueueSize", queue_size),
    ("getpeername", getpeername),
    ("getsockname", getsockname),
    ("hasRef", has_ref),
    ("open", open),
    ("recvStart", recv_start),
    ("recvStop", recv_stop),
    ("ref", make_ref),
    ("sendBytes", send),
    ("unref", unref),
];

fn init(sc: &mut Scope<'_>, target: Local<'_>) -> Result<(), Thrown> {
    let table = sc.object();
    sc.define_functions(table, METHODS)?;
    sc.define_functions(table, options::METHODS)?;
    sc.set(target, "methods", table)
}

/// The Rust data of a UDP handle.
pub(crate) struct Udp {
    closing: Cell<bool>,
    key: Cell<Option<Key>>,
    object: RefCell<Option<Root>>,
    onclose: Root,
    onmessage: Root,
    onsent: Root,
    refed: Cell<bool>,
    /// Whether the socket is of IPv6; what goes to an address of the other family is `EINVAL`, as in libuv.
    six: Cell<bool>,
}

impl Udp {
    fn key(&self) -> Result<Key, Errno> {
        self.key.get().filter(|_| !self.closing.get()).ok_or(Errno::BADF)
    }

    fn of_family(&self, address: SocketAddr) -> Result<SocketAddr, Errno> {
        if address.is_ipv6() == self.six.get() { Ok(address) } else { Err(Errno::INVAL) }
    }

    /// Runs `work` on the handle's descriptor.
    pub(crate) fn with_fd<T>(
        &self,
        sc: &Scope<'_>,
        work: impl FnOnce(BorrowedFd<'_>) -> Result<T, Errno>,
    ) -> Result<T, Errno> {
        let key = self.key()?;
        let events = env(sc).events.borrow();
        work(events.borrow_fd(key).ok_or(Errno::BADF)?)
    }

    fn attach(self: &Rc<Self>, sc: &Scope<'_>, object: Local<'_>, fd: OwnedFd) -> Result<(), Errno> {
        if self.closing.get() {
            return Err(Errno::BADF);
        }
        if self.key.get().is_some() {
            return Err(Errno::BUSY);
        }
        let local = rustix::net::getsockname(&fd)?;
        self.six.set(local.address_family() == rustix::net::AddressFamily::INET6);
        let env = env(sc);
        let key = env.events.borrow_mut().udp_open(fd)?;
        if !self.refed.get() {
            env.events.borrow_mut().set_ref(key, false);
        }
        env.set_handler(key, self.clone());
        self.key.set(Some(key));
        *self.object.borrow_mut() = Some(Root::new(sc, object));
        Ok(())
    }

    fn call<'s>(&self, sc: &mut Scope<'s>, function: &Root, args: &[Local<'s>]) -> Result<(), Thrown> {
        let Some(this) = self.object.borrow().as_ref().map(|root| root.get(sc)) else { return Ok(()) };
        let function = function.get(sc);
        sc.call(function, this, args).map(|_| ())
    }
}

impl Handler for Udp {
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        match event {
            Event::Datagram(_, Ok(datagram)) => {
                let from = datagram.from;
                let count = sc.int(datagram.data.len() as i32);
                let bytes = sc.array_buffer(datagram.data.into_vec())?;
                let rinfo = sc.object();
                address_object(sc, rinfo, &Address::Inet(from))?;
                self.call(sc, &self.onmessage, &[count, bytes, rinfo])
            }
            Event::Datagram(_, Err(errno)) => {
                let errno = sc.int(-errno.raw_os_error());
                self.call(sc, &self.onmessage, &[errno])
            }
            Event::Sent(_, _, result) => {
                let status = sc.int(result.as_ref().map_or_else(|errno| -errno.raw_os_error(), |_| 0));
                let sent = sc.number(result.unwrap_or(0) as f64);
                self.call(sc, &self.onsent, &[status, sent])
            }
            Event::Closed(_) => {
                let result = self.call(sc, &self.onclose, &[]);
                self.object.take();
                result
            }
            _ => Ok(()),
        }
    }
}

/// `create(prototype, onmessage, onsent, onclose)`: a handle without a socket.
fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = Udp {
        closing: Cell::new(false),
        key: Cell::new(None),
        object: RefCell::default(),
        onmessage: Root::new(sc, args.get(1)),
        onsent: Root::new(sc, args.get(2)),
        onclose: Root::new(sc, args.get(3)),
        refed: Cell::new(true),
        six: Cell::new(false),
    };
    sc.native_object(Some(args.get(0)), Rc::new(udp))
}

pub(crate) fn this<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> Result<Rc<Udp>, Thrown> {
    sc.need_native::<Udp>(args.this())
}

pub(crate) fn answer<'s>(sc: &mut Scope<'s>, result: Result<(), Errno>) -> JsResult<'s> {
    Ok(sc.int(result.map_or_else(|errno| -errno.raw_os_error(), |()| 0)))
}

fn address_of(sc: &mut Scope<'_>, ip: Local<'_>, port: Local<'_>) -> Result<Result<SocketAddr, Errno>, Thrown> {
    let text = sc.to_string(ip)?;
    let port = port.as_u32().and_then(|port| u16::try_from(port).ok()).unwrap_or(0);
    Ok(parse_address(&text, port).ok_or(Errno::INVAL))
}

/// Flags of `bind`. libuv docs: uv_udp_flags.
const FLAG_IPV6_ONLY: u32 = 1;
const FLAG_REUSE_ADDRESS: u32 = 4;
const FLAG_REUSE_PORT: u32 = 8;

/// `bind(ip, port, flags)`
fn bind<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    if permission::refuses_net(sc, b"")? {
        return Ok(sc.int(ACCESS_DENIED));
    }
    let address = address_of(sc, args.get(0), args.get(1))?;
    let flags = args.get(2).as_u32().unwrap_or(0);
    let result = address.and_then(|address| {
        let six = address.is_ipv6();
        let address = Address::Inet(address);
        let socket = address.datagram_socket()?;
        if flags & FLAG_REUSE_ADDRESS != 0 {
            sockopt::set_socket_reuseaddr(&socket, true)?;
        }
        if flags & FLAG_REUSE_PORT != 0 {
            sockopt::set_socket_reuseport(&socket, true)?;
        }
        if six && flags & FLAG_IPV6_ONLY != 0 {
            sockopt::set_ipv6_v6only(&socket, true)?;
        }
        address.bind(socket.as_fd())?;
        udp.attach(sc, args.this(), socket)
    });
    answer(sc, result)
}

/// `open(fd)`: takes over a socket that a script named by number.
fn open<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let number = args.get(0).as_i32().unwrap_or(-1);
    let result = fd::adopt(number).and_then(|socket| udp.attach(sc, args.this(), socket));
    answer(sc, result)
}

/// `connect(ip, port)`
fn connect<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    if permission::refuses_net(sc, b"")? {
        return Ok(sc.int(ACCESS_DENIED));
    }
    let address = address_of(sc, args.get(0), args.get(1))?;
    let result = address
        .and_then(|address| udp.of_family(address))
        .and_then(|address| udp.with_fd(sc, |fd| rustix::net::connect(fd, &address)));
    answer(sc, result)
}

/// `disconnect()`
fn disconnect<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let result = udp.with_fd(sc, |fd| rustix::net::connect_unspec(fd));
    answer(sc, result)
}

/// `sendBytes(bytes, ip, port)`: to the connected peer without an address. Bytes sent (plus one), 0 if queued, or a negative
/// errno.
fn send<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    if permission::refuses_net(sc, b"")? {
        return Ok(sc.int(ACCESS_DENIED));
    }
    let bytes = sc.copy_bytes(args.get(0)).unwrap_or_default();
    let to = if args.get(1).is_undefined() {
        Ok(None)
    } else {
        address_of(sc, args.get(1), args.get(2))?.and_then(|address| udp.of_family(address)).map(Some)
    };
    let result = to.and_then(|to| {
        let key = udp.key()?;
        env(sc).events.borrow_mut().send(key, vec![Bytes::Vec(bytes)], to)
    });
    let number = match result {
        Ok(WriteOutcome::Done(count)) => count as f64 + 1.0,
        Ok(WriteOutcome::Queued(_)) => 0.0,
        Err(errno) => f64::from(-errno.raw_os_error()),
    };
    Ok(sc.number(number))
}

fn recv_start<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let result = udp.key().and_then(|key| env(sc).events.borrow_mut().recv_start(key));
    answer(sc, result)
}

fn recv_stop<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let result = udp.key().map(|key| env(sc).events.borrow_mut().recv_stop(key));
    answer(sc, result)
}

/// `closeHandle()`: whether it was open; `onclose` follows.
fn close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    if udp.closing.replace(true) {
        return Ok(sc.boolean(false));
    }
    let key = match udp.key.get() {
        Some(key) => key,
        None => {
            // Never opened: a stopped timer stands in, so that the end comes in the same phase.
            let key = env(sc).events.borrow_mut().timer_open();
            env(sc).set_handler(key, udp.clone());
            *udp.object.borrow_mut() = Some(Root::new(sc, args.this()));
            key
        }
    };
    env(sc).events.borrow_mut().close(key);
    Ok(sc.boolean(true))
}

fn make_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    set_ref(sc, args, true)
}

fn unref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    set_ref(sc, args, false)
}

fn set_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>, refed: bool) -> JsResult<'s> {
    let udp = this(sc, args)?;
    udp.refed.set(refed);
    if let Some(key) = udp.key.get() {
        env(sc).events.borrow_mut().set_ref(key, refed);
    }
    Ok(sc.undefined())
}

fn has_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    Ok(sc.boolean(udp.refed.get() && !udp.closing.get()))
}

fn fileno<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    Ok(sc.int(udp.with_fd(sc, |fd| Ok(fd.as_raw_fd())).unwrap_or(-1)))
}

fn queue_size<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let (_, bytes) = udp.key().map_or((0, 0), |key| env(sc).events.borrow().send_queue(key));
    Ok(sc.number(bytes as f64))
}

fn queue_count<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let (count, _) = udp.key().map_or((0, 0), |key| env(sc).events.borrow().send_queue(key));
    Ok(sc.number(count as f64))
}

/// `getsockname(out)`
fn getsockname<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    name(sc, args, false)
}

/// `getpeername(out)`
fn getpeername<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    name(sc, args, true)
}

fn name<'s>(sc: &mut Scope<'s>, args: &Args<'s>, peer: bool) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let address = udp.with_fd(sc, |fd| {
        let any =
            if peer { rustix::net::getpeername(fd)?.ok_or(Errno::NOTCONN)? } else { rustix::net::getsockname(fd)? };
        Address::try_from(any)
    });
    match address {
        Ok(address) => {
            address_object(sc, args.get(0), &address)?;
            Ok(sc.int(0))
        }
        Err(errno) => Ok(sc.int(-errno.raw_os_error())),
    }
}
