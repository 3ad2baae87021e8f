//! Node-API: the C interface of native addons, versions 1 to 10. Node docs: "Node-API".
//!
//! The functions are exported from the binary under their C names (crates/anode/build.rs), where an addon's undefined symbols
//! find them. Each file serves a group of them; [`env`] says how a function begins and ends, [`types`] how safe code reads what C
//! passes. `napi_value` is the address of a slot that the engine traces (see `anode_engine::raw`), so values are exact roots and
//! nothing has to be scanned.
//!
//! **Invariants:** a panic never crosses into C; no JavaScript exception is pending in the engine while C runs; finalizers never
//! run inside a collection.

mod buffers;
mod env;
mod errors;
mod exports;
mod function;
mod lifecycle;
mod load;
mod objects;
mod promise;
mod reference;
mod symbols;
mod thread;
mod threadsafe;
mod types;
mod uv;
mod values;
mod work;

use anode_runtime::Builtin;

/// The Rust half of `process.dlopen`.
pub static BUILTIN: Builtin = Builtin {
    name: "napi",
    functions: &[
        ("dlopen", load::dlopen),
        ("externalAddress", reference::external_address),
        ("libcVersion", symbols::libc_version),
    ],
    init: Some(exports::init),
};
