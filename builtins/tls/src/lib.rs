//! Binding of `node:tls`: the TLS engine (rustls) as objects, without I/O.
//!
//! `createContext` gives what a `SecureContext` holds, `createConnection` one connection: bytes in, bytes out. Over a handle of the kernel
//! it stands between that and its readers (filter.rs); other streams are JavaScript's.

#![forbid(unsafe_code)]

mod compression;
mod connection;
mod context;
mod filter;
mod groups;
mod keys;
mod provider;
mod tap;
mod tickets;

use anode_runtime::{Args, Builtin, JsResult, Local, Scope, Thrown};
use anode_tls_pure::{ciphers, pem};

/// The Rust half of `node:tls`.
pub static BUILTIN: Builtin = Builtin {
    name: "tls",
    functions: &[
        ("bundledRoots", context::bundled_roots),
        ("cipherNames", cipher_names),
        ("createConnection", connection::create),
        ("createContext", context::create),
        ("pemCertificates", pem_certificates),
        ("setDefaultStore", context::set_default_store),
    ],
    init: Some(init),
};

/// Adds the prototypes of contexts and connections.
fn init(sc: &mut Scope<'_>, target: Local<'_>) -> Result<(), Thrown> {
    let prototype = sc.object();
    sc.define_functions(prototype, context::METHODS)?;
    sc.set(target, "contextPrototype", prototype)?;
    let prototype = sc.object();
    sc.define_functions(prototype, connection::METHODS)?;
    sc.set(target, "connectionPrototype", prototype)
}

/// `cipherNames()`: the suites that connections can use, as OpenSSL names them.
fn cipher_names<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let provided = ciphers::TLS13.iter().chain(ciphers::TLS12).filter(|suite| ciphers::is_provided(suite.id));
    let names: Vec<_> = provided.map(|suite| sc.string(suite.name)).collect();
    Ok(sc.array(&names))
}

/// `pemCertificates(bytes)`: the certificates of a text as DER; `undefined` if one is malformed.
fn pem_certificates<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let text = sc.copy_bytes(args.get(0)).unwrap_or_default();
    let Ok(list) = pem::certificates(&text) else { return Ok(sc.undefined()) };
    let mut out = Vec::new();
    for der in list {
        out.push(sc.uint8_array(der)?);
    }
    Ok(sc.array(&out))
}
