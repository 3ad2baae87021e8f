//! The one list of builtins that have Rust. Those of JavaScript alone are found by the build.

use anode_runtime::Builtin;

/// All bindings.
pub static BUILTINS: &[&Builtin] = &[
    &anode_buffer::BUILTIN,
    &anode_child_process::BUILTIN,
    &anode_dgram::BUILTIN,
    &anode_crypto::BUILTIN,
    &anode_dns::BUILTIN,
    &anode_fs::BUILTIN,
    &anode_http::BUILTIN,
    &anode_http2::BUILTIN,
    &anode_inspector::BUILTIN,
    &anode_module::BUILTIN,
    &anode_napi::BUILTIN,
    &anode_net::BUILTIN,
    &anode_os::BUILTIN,
    &anode_perf_hooks::BUILTIN,
    &anode_process::BUILTIN,
    &anode_process::PERMISSION,
    &anode_process::SIGNALS,
    &anode_tls::BUILTIN,
    &anode_sqlite::BUILTIN,
    &anode_trace_events::BUILTIN,
    &anode_typescript::BUILTIN,
    &anode_url::BUILTIN,
    &anode_util::BUILTIN,
    &anode_v8::BUILTIN,
    &anode_vm::BUILTIN,
    &anode_wasi::BUILTIN,
    &anode_worker_threads::BUILTIN,
    &anode_zlib::BUILTIN,
    &crate::cli::BUILTIN,
];
