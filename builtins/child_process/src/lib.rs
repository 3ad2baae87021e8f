//! Binding of `node:child_process`: starting children, in the background and synchronously.

#![forbid(unsafe_code)]

mod options;
mod process;
mod sync;

use anode_runtime::Builtin;

/// The Rust half of `node:child_process`.
pub static BUILTIN: Builtin = Builtin {
    name: "child_process",
    functions: &[
        ("close", process::close),
        ("create", process::create),
        ("hasRef", process::has_ref),
        ("kill", process::kill),
        ("ref", process::make_ref),
        ("spawn", process::spawn),
        ("spawnSync", sync::spawn_sync),
        ("unref", process::unref),
    ],
    init: None,
};
