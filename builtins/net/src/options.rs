//! Socket options.

use crate::methods::{code, this};
use anode_runtime::event_loop::{Address, Errno};
use anode_runtime::{Args, JsResult, NativeRow, Scope, env};
use rustix::net::sockopt;
use std::net::SocketAddr;
use std::time::Duration;

pub(crate) const METHODS: &[NativeRow] = &[
    ("getTypeOfService", type_of_service),
    ("resetOnClose", reset_on_close),
    ("setBlocking", set_blocking),
    ("setKeepAlive", set_keep_alive),
    ("setNoDelay", set_no_delay),
    ("setTypeOfService", set_type_of_service),
];

/// Keep-alive probes are this far apart, in seconds, if nothing else is asked for. libuv docs: uv_tcp_keepalive.
const KEEP_ALIVE_INTERVAL: u64 = 1;
/// So many lost probes end a connection. libuv docs: uv_tcp_keepalive.
const KEEP_ALIVE_COUNT: u32 = 10;

fn set_no_delay<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let on = args.get(0).is_true();
    let result = handle.with_fd(sc, |fd| sockopt::set_tcp_nodelay(fd, on));
    Ok(sc.int(code(result)))
}

/// `setKeepAlive(on, delay, interval, count)`: times in seconds.
fn set_keep_alive<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let on = args.get(0).is_true();
    let delay = args.get(1).as_f64().unwrap_or(0.0).max(0.0) as u64;
    let interval = args.get(2).as_f64().unwrap_or(0.0).max(0.0) as u64;
    let count = args.get(3).as_u32().unwrap_or(0);
    let result = handle.with_fd(sc, |fd| {
        sockopt::set_socket_keepalive(fd, on)?;
        if !on {
            return Ok(());
        }
        if delay > 0 {
            sockopt::set_tcp_keepidle(fd, Duration::from_secs(delay))?;
        }
        let interval = if interval > 0 { interval } else { KEEP_ALIVE_INTERVAL };
        sockopt::set_tcp_keepintvl(fd, Duration::from_secs(interval))?;
        sockopt::set_tcp_keepcnt(fd, if count > 0 { count } else { KEEP_ALIVE_COUNT })
    });
    Ok(sc.int(code(result)))
}

/// `setTypeOfService(byte)`
fn set_type_of_service<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let byte = args.get(0).as_u32().unwrap_or(0) as u8;
    let six = matches!(handle.address(sc, false), Ok(Address::Inet(SocketAddr::V6(_))));
    let result = handle.with_fd(sc, |fd| {
        if six { sockopt::set_ipv6_tclass(fd, u32::from(byte)) } else { sockopt::set_ip_tos(fd, byte) }
    });
    Ok(sc.int(code(result)))
}

/// `getTypeOfService()`: the byte, or a negative errno.
fn type_of_service<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let six = matches!(handle.address(sc, false), Ok(Address::Inet(SocketAddr::V6(_))));
    let result = handle.with_fd(sc, |fd| {
        if six { sockopt::ipv6_tclass(fd).map(|class| class as i32) } else { sockopt::ip_tos(fd).map(i32::from) }
    });
    Ok(sc.int(result.unwrap_or_else(|errno| -errno.raw_os_error())))
}

/// `resetOnClose()`: closing sends RST instead of FIN. Node docs: socket.resetAndDestroy.
fn reset_on_close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let result = handle.with_fd(sc, |fd| sockopt::set_socket_linger(fd, Some(Duration::ZERO)));
    Ok(sc.int(code(result)))
}

/// `setBlocking(on)`
fn set_blocking<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let on = args.get(0).is_true();
    let result = match handle.key() {
        Some(key) => env(sc).events.borrow_mut().set_blocking(key, on),
        None => Err(Errno::BADF),
    };
    Ok(sc.int(code(result)))
}
