//! Methods of handles: opening, binding, listening, connecting, reading, closing.

use crate::address::{address_object, parse_address};
use crate::handle::{HandleClass, StreamHandle};
use anode_runtime::event_loop::{Address, Descriptor, Errno, StreamKind, fd};
use anode_runtime::permission::{self, ACCESS_DENIED, Permission};
use anode_runtime::{Args, JsResult, NativeRow, Scope, env};
use rustix::net::sockopt;
use std::os::fd::{AsFd, IntoRawFd};
use std::rc::Rc;

pub(crate) const METHODS: &[NativeRow] = &[
    ("bind", bind),
    ("bindPath", bind_path),
    ("bytesRead", bytes_read),
    ("bytesWritten", bytes_written),
    ("chmod", chmod),
    ("closeHandle", close),
    ("connect", connect),
    ("connectPath", connect_path),
    ("fileno", fileno),
    ("getpeername", getpeername),
    ("getsockname", getsockname),
    ("hasRef", has_ref),
    ("listen", listen),
    ("open", open),
    ("readStart", read_start),
    ("readStop", read_stop),
    ("ref", make_ref),
    ("setIpc", set_ipc),
    ("takeFd", take_fd),
    ("unref", unref),
];

/// 0, or the negative errno.
pub(crate) fn code(result: Result<(), Errno>) -> i32 {
    result.map_or_else(|errno| -errno.raw_os_error(), |()| 0)
}

pub(crate) fn this<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> Result<Rc<StreamHandle>, anode_runtime::Thrown> {
    sc.need_native::<StreamHandle>(args.this())
}

/// `open(fd)`: takes a descriptor over that a script named by number.
fn open<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let number = args.get(0).as_i32().unwrap_or(-1);
    let result = open_number(sc, args, &handle, number);
    Ok(sc.int(code(result)))
}

fn open_number<'s>(sc: &mut Scope<'s>, args: &Args<'s>, handle: &Rc<StreamHandle>, number: i32) -> Result<(), Errno> {
    if handle.is_closing() {
        return Err(Errno::BADF);
    }
    if handle.class == HandleClass::Tty {
        let fd = fd::reopen_terminal(number)?;
        return handle
            .attach_with(sc, args.this(), |events| Ok(events.stream_open_nonblocking(fd, StreamKind::Tty)))
            .map(|_| ());
    }
    let kind = fd::with_fd(number, |fd| Descriptor::of(fd))?;
    let kind = match (handle.class, kind) {
        (HandleClass::Tcp, Descriptor::Stream(StreamKind::Tcp)) => StreamKind::Tcp,
        (HandleClass::Pipe, Descriptor::Stream(kind)) => kind,
        _ => return Err(Errno::INVAL),
    };
    // A socket without a peer is one to listen with, or to connect.
    let lonely =
        |fd: std::os::fd::BorrowedFd<'_>| Ok(matches!(rustix::net::getpeername(fd), Ok(None) | Err(Errno::NOTCONN)));
    if kind != StreamKind::Fifo && fd::with_fd(number, lonely) == Ok(true) {
        *handle.socket.borrow_mut() = Some(fd::adopt(number)?);
        return Ok(());
    }
    let owned = fd::adopt(number)?;
    // The standard streams are shared with other processes, which would feel a change of their flags.
    if number <= 2 && kind == StreamKind::Fifo {
        return handle.attach_with(sc, args.this(), |events| Ok(events.stream_open_blocking(owned, kind))).map(|_| ());
    }
    handle.attach(sc, args.this(), owned, kind).map(|_| ())
}

/// `IPV6_V6ONLY` and `SO_REUSEPORT` in the flags of `bind`. libuv docs: uv_tcp_bind.
const FLAG_IPV6_ONLY: u32 = 1;
const FLAG_REUSE_PORT: u32 = 2;

/// `bind(ip, port, flags)`
fn bind<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let text = sc.to_string(args.get(0))?;
    let port = args.get(1).as_u32().and_then(|port| u16::try_from(port).ok()).unwrap_or(0);
    let flags = args.get(2).as_u32().unwrap_or(0);
    permission::require(sc, Permission::Net, b"")?;
    let result = match parse_address(&text, port) {
        Some(address) => bind_inet(&handle, Address::Inet(address), flags),
        None => Err(Errno::INVAL),
    };
    Ok(sc.int(code(result)))
}

fn bind_inet(handle: &StreamHandle, address: Address, flags: u32) -> Result<(), Errno> {
    if handle.is_closing() {
        return Err(Errno::BADF);
    }
    if handle.socket.borrow().is_some() || handle.key().is_some() {
        return Err(Errno::INVAL);
    }
    let socket = address.stream_socket()?;
    sockopt::set_socket_reuseaddr(&socket, true)?;
    if flags & FLAG_REUSE_PORT != 0 {
        sockopt::set_socket_reuseport(&socket, true)?;
    }
    if matches!(address, Address::Inet(std::net::SocketAddr::V6(_))) {
        sockopt::set_ipv6_v6only(&socket, flags & FLAG_IPV6_ONLY != 0)?;
    }
    match address.bind(socket.as_fd()) {
        // libuv reports it from listen or connect.
        Err(Errno::ADDRINUSE) => handle.delayed.set(Some(Errno::ADDRINUSE)),
        result => result?,
    }
    *handle.socket.borrow_mut() = Some(socket);
    Ok(())
}

/// `bindPath(path)`: a leading zero byte means the abstract namespace.
fn bind_path<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let path = sc.to_utf8(args.get(0))?;
    permission::require(sc, Permission::Net, &path)?;
    let result = (|| {
        if handle.is_closing() {
            return Err(Errno::BADF);
        }
        let name = (path.first() != Some(&0)).then(|| path.clone());
        let address = Address::Unix(path);
        let socket = address.stream_socket()?;
        match address.bind(socket.as_fd()) {
            // As libuv: a path whose folder is missing is EACCES.
            Err(Errno::NOENT) => return Err(Errno::ACCESS),
            result => result?,
        }
        *handle.socket.borrow_mut() = Some(socket);
        *handle.path.borrow_mut() = name;
        Ok(())
    })();
    Ok(sc.int(code(result)))
}

/// `chmod(path, mode)`: permissions of a listening unix socket. Node docs: server.listen, `readableAll`, `writableAll`.
fn chmod<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = sc.to_string(args.get(0))?;
    permission::require(sc, Permission::Net, path.as_bytes())?;
    let wanted = rustix::fs::Mode::from_raw_mode(args.get(1).as_u32().unwrap_or(0));
    let result = rustix::fs::chmod(path.as_str(), wanted);
    Ok(sc.int(code(result)))
}

/// `listen(backlog)`
fn listen<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let backlog = args.get(0).as_i32().unwrap_or(511);
    permission::require(sc, Permission::Net, b"")?;
    let result = (|| {
        if let Some(errno) = handle.delayed.take() {
            return Err(errno);
        }
        let socket = handle.socket.take().ok_or(Errno::INVAL)?;
        rustix::net::listen(&socket, backlog)?;
        handle.attach_with(sc, args.this(), |events| events.listen_open(socket)).map(|_| ())
    })();
    Ok(sc.int(code(result)))
}

/// `connect(ip, port)`: `onconnect(status)` follows.
fn connect<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let text = sc.to_string(args.get(0))?;
    let port = args.get(1).as_u32().and_then(|port| u16::try_from(port).ok()).unwrap_or(0);
    if permission::refuses_net(sc, text.as_bytes())? {
        return Ok(sc.int(ACCESS_DENIED));
    }
    let result = match parse_address(&text, port) {
        Some(address) => start_connect(sc, args, &handle, &Address::Inet(address)),
        None => Err(Errno::INVAL),
    };
    Ok(sc.int(code(result)))
}

/// `connectPath(path)`
fn connect_path<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let path = sc.to_utf8(args.get(0))?;
    if permission::refuses_net(sc, &path)? {
        return Ok(sc.int(ACCESS_DENIED));
    }
    let result = start_connect(sc, args, &handle, &Address::Unix(path));
    Ok(sc.int(code(result)))
}

fn start_connect<'s>(
    sc: &mut Scope<'s>,
    args: &Args<'s>,
    handle: &Rc<StreamHandle>,
    address: &Address,
) -> Result<(), Errno> {
    if let Some(errno) = handle.delayed.take() {
        return Err(errno);
    }
    let key = match handle.key() {
        Some(key) => key,
        None => {
            let socket = match handle.socket.take() {
                Some(socket) => socket,
                None => address.stream_socket()?,
            };
            let kind = address.stream_kind();
            handle.attach_with(sc, args.this(), |events| Ok(events.stream_open_nonblocking(socket, kind)))?
        }
    };
    env(sc).events.borrow_mut().connect(key, address).map(|_| ())
}

fn read_start<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let result = match handle.key() {
        Some(key) => env(sc).events.borrow_mut().read_start(key),
        None => Err(Errno::BADF),
    };
    Ok(sc.int(code(result)))
}

fn read_stop<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    if let Some(key) = handle.key() {
        env(sc).events.borrow_mut().read_stop(key);
    }
    Ok(sc.int(0))
}

/// `closeHandle()`: whether it was open; `onclose` follows.
fn close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let closed = handle.close(sc, args.this());
    Ok(sc.boolean(closed))
}

fn make_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    this(sc, args)?.set_ref(sc, true);
    Ok(sc.undefined())
}

fn unref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    this(sc, args)?.set_ref(sc, false);
    Ok(sc.undefined())
}

fn has_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let refed = this(sc, args)?.has_ref();
    Ok(sc.boolean(refed))
}

fn fileno<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    use std::os::fd::AsRawFd as _;
    let handle = this(sc, args)?;
    let number = handle.with_fd(sc, |fd| Ok(fd.as_raw_fd())).unwrap_or(-1);
    Ok(sc.int(number))
}

fn bytes_read<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    Ok(sc.number(handle.bytes_read.get() as f64))
}

fn bytes_written<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    Ok(sc.number(handle.bytes_written.get() as f64))
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
    let handle = this(sc, args)?;
    match handle.address(sc, peer) {
        Ok(address) => {
            address_object(sc, args.get(0), &address)?;
            Ok(sc.int(0))
        }
        Err(errno) => Ok(sc.int(-errno.raw_os_error())),
    }
}

/// `setIpc(on)`: descriptors may come with the bytes.
fn set_ipc<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let on = args.get(0).is_true();
    let result = match handle.key() {
        Some(key) => env(sc).events.borrow_mut().set_ipc(key, on),
        None => Err(Errno::BADF),
    };
    Ok(sc.int(code(result)))
}

/// `takeFd()`: the oldest descriptor that came with the bytes, now the caller's to open or close; -1 if there is none.
fn take_fd<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let fd = handle.fds.borrow_mut().pop_front();
    Ok(sc.int(fd.map_or(-1, IntoRawFd::into_raw_fd)))
}
