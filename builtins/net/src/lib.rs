//! Binding of `node:net`: handles of streams (TCP, unix sockets, pipes, terminals) and of listeners.
//!
//! A handle is a JavaScript object with Rust data ([`StreamHandle`]) that owns one key of the event loop. Other builtins
//! (`child_process`, `tls`, `http`) use the same handles: they give them descriptors with [`StreamHandle::attach`] or take
//! over what is read with [`StreamHandle::set_consumer`]; `tls` stands before these as a [`Filter`].
//!
//! Arguments were checked in JavaScript. Functions return 0 or a negative errno where JavaScript decides what the error
//! looks like.
//!
//! **Invariant:** an open handle keeps its JavaScript object alive; a closed one lets it go with its `Closed` event.

#![forbid(unsafe_code)]

mod address;
mod handle;
mod methods;
mod options;
mod terminal;
mod write;

pub use address::{address_object, parse_address};
pub use handle::{Consumer, Filter, HandleClass, StreamHandle};
pub use write::{write_bytes, write_through};

use anode_runtime::event_loop::{Descriptor, StreamKind, fd};
use anode_runtime::{Args, Builtin, JsResult, Local, Scope, Thrown};
use handle::Dispatch;
use std::rc::Rc;

/// The Rust half of `node:net`.
pub static BUILTIN: Builtin = Builtin {
    name: "net",
    functions: &[
        ("create", create),
        ("factory", factory),
        ("fdKind", fd_kind),
        ("ipKind", ip_kind),
        ("parseIp", parse_ip),
    ],
    init: Some(init),
};

/// Adds `methods`: the functions that every handle's prototype gets.
fn init(sc: &mut Scope<'_>, target: Local<'_>) -> Result<(), Thrown> {
    let table = sc.object();
    sc.define_functions(table, methods::METHODS)?;
    sc.define_functions(table, write::METHODS)?;
    sc.define_functions(table, options::METHODS)?;
    sc.define_functions(table, terminal::METHODS)?;
    sc.set(target, "methods", table)
}

/// `factory(onread, onwritten, onshutdown, onconnect, onconnection, onclose)`: the functions that events call, with the
/// handle as `this`.
fn factory<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let dispatch = Rc::new(Dispatch::new(sc, args));
    sc.native_object(None, dispatch)
}

/// `create(factory, prototype, class)`: a closed handle; class 0 TCP, 1 pipe, 2 terminal.
fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let dispatch = sc.need_native::<Dispatch>(args.get(0))?;
    let class = match args.get(2).as_i32() {
        Some(0) => HandleClass::Tcp,
        Some(1) => HandleClass::Pipe,
        _ => HandleClass::Tty,
    };
    sc.native_object(Some(args.get(1)), Rc::new(StreamHandle::new(dispatch, class)))
}

/// `ipKind(text)`: 4, 6 or 0, as `net.isIP`.
fn ip_kind<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let text = sc.as_string(args.get(0)).unwrap_or_default();
    Ok(sc.int(address::ip_kind(&text)))
}

/// `parseIp(text)`: `[canonical text, Uint8Array of 4 or 16 bytes]`, or `undefined`.
fn parse_ip<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let text = sc.as_string(args.get(0)).unwrap_or_default();
    let Ok(ip) = text.parse::<std::net::IpAddr>() else { return Ok(sc.undefined()) };
    let canonical = sc.string(&ip.to_string());
    let bytes = match ip {
        std::net::IpAddr::V4(ip) => ip.octets().to_vec(),
        std::net::IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let bytes = sc.uint8_array(bytes)?;
    Ok(sc.array(&[canonical, bytes]))
}

/// `fdKind(fd)`: TTY, FILE, PIPE, TCP, UDP, UNKNOWN or INVALID. libuv docs: uv_guess_handle.
fn fd_kind<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let number = args.get(0).as_i32().unwrap_or(-1);
    let kind = match fd::with_fd(number, |fd| Descriptor::of(fd)) {
        Ok(Descriptor::File) => "FILE",
        Ok(Descriptor::Stream(StreamKind::Tcp)) => "TCP",
        Ok(Descriptor::Stream(StreamKind::Tty)) => "TTY",
        Ok(Descriptor::Stream(StreamKind::Fifo | StreamKind::Unix)) => "PIPE",
        Ok(Descriptor::Udp) => "UDP",
        Ok(Descriptor::Unknown) => "UNKNOWN",
        Err(_) => "INVALID",
    };
    Ok(sc.string(kind))
}
