//! Binding of `node:dns`: names and addresses by the system's resolver, in the pool. What asks servers itself is JavaScript over
//! UDP and TCP handles.

#![forbid(unsafe_code)]

use anode_runtime::event_loop::resolve::{self, Family};
use anode_runtime::permission::{self, ACCESS_DENIED};
use anode_runtime::{Args, Builtin, JsResult, Local, Root, Scope, Thrown, env};

/// The Rust half of `node:dns`.
pub static BUILTIN: Builtin = Builtin {
    name: "dns",
    functions: &[("getaddrinfo", getaddrinfo), ("getnameinfo", getnameinfo), ("isRefused", is_refused)],
    init: Some(init),
};

/// Adds the flags of getaddrinfo(3).
fn init(sc: &mut Scope<'_>, target: Local<'_>) -> Result<(), Thrown> {
    for (name, flag) in [("ADDRCONFIG", resolve::ADDRCONFIG), ("ALL", resolve::ALL), ("V4MAPPED", resolve::V4MAPPED)] {
        let value = sc.int(flag);
        sc.set(target, name, value)?;
    }
    Ok(())
}

/// `getaddrinfo(host, family, hints, callback)`: `callback(errno, addresses)`, family 0, 4 or 6. Returns a negative number if it
/// was refused, and then does not call.
fn getaddrinfo<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let host = sc.to_utf8(args.get(0))?;
    let family = match args.get(1).as_i32() {
        Some(4) => Family::V4,
        Some(6) => Family::V6,
        _ => Family::Any,
    };
    let hints = args.get(2).as_i32().unwrap_or(0);
    if permission::refuses_net(sc, &host)? {
        return Ok(sc.int(ACCESS_DENIED));
    }
    let callback = Root::new(sc, args.get(3));
    env(sc).run_in_pool(
        move || resolve::addresses(&host, family, hints),
        move |sc, result| {
            let callback = callback.get(sc);
            let this = sc.undefined();
            match result {
                Ok(addresses) => {
                    let mut items = Vec::new();
                    for address in addresses {
                        items.push(sc.string(&address.to_string()));
                    }
                    let none = sc.int(0);
                    let list = sc.array(&items);
                    sc.call(callback, this, &[none, list])?;
                }
                Err(error) => {
                    let errno = sc.int(error.uv_errno());
                    sc.call(callback, this, &[errno])?;
                }
            }
            Ok(())
        },
    );
    Ok(sc.int(0))
}

/// `getnameinfo(ip, port, callback)`: `callback(errno, host, service)`; returns a negative errno for text that is no address.
fn getnameinfo<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    const EINVAL: i32 = -22;
    let text = sc.to_string(args.get(0))?;
    if permission::refuses_net(sc, text.as_bytes())? {
        return Ok(sc.int(ACCESS_DENIED));
    }
    let port = args.get(1).as_u32().and_then(|port| u16::try_from(port).ok()).unwrap_or(0);
    let Some(address) = anode_net::parse_address(&text, port) else { return Ok(sc.int(EINVAL)) };
    let callback = Root::new(sc, args.get(2));
    env(sc).run_in_pool(
        move || resolve::names(address),
        move |sc, result| {
            let callback = callback.get(sc);
            let this = sc.undefined();
            match result {
                Ok((host, service)) => {
                    let none = sc.int(0);
                    let host = sc.string(&host);
                    let service = sc.string(&service);
                    sc.call(callback, this, &[none, host, service])?;
                }
                Err(error) => {
                    let errno = sc.int(error.uv_errno());
                    sc.call(callback, this, &[errno])?;
                }
            }
            Ok(())
        },
    );
    Ok(sc.int(0))
}

/// `isRefused(name)`: whether the permission model keeps questions from the network, and tells who listens.
fn is_refused<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = sc.to_utf8(args.get(0))?;
    let refused = permission::refuses_net(sc, &name)?;
    Ok(sc.boolean(refused))
}
