//! Binding of `node:module`: resolution over the real disk, and the engine's functions for scripts and ES modules.
//!
//! Policy is JavaScript (`js/internal`): what is patched by packages, which loader takes a file, what a warning says. This
//! side answers single questions.

#![forbid(unsafe_code)]

mod cache;
mod compile;
mod resolve;

use anode_runtime::Builtin;

pub static BUILTIN: Builtin = Builtin {
    name: "module",
    functions: &[
        ("abstractModuleSource", compile::abstract_module_source),
        ("compileCached", cache::compile_cached),
        ("compileFunctionForCJS", compile::compile_function_for_cjs),
        ("compileModule", compile::compile_module),
        ("compileModuleCached", cache::compile_module_cached),
        ("compileWasmSource", compile::compile_wasm_source),
        ("configure", resolve::configure),
        ("encodeCompiled", cache::encode_compiled),
        ("finalize", resolve::finalize),
        ("find", resolve::find),
        ("findImport", resolve::find_import),
        ("findSelf", resolve::find_self),
        ("lexExports", compile::lex_exports),
        ("markPromiseHandled", compile::mark_promise_handled),
        ("moduleError", compile::module_error),
        ("moduleEvaluate", compile::module_evaluate),
        ("moduleHasTopLevelAwait", compile::module_has_top_level_await),
        ("moduleLink", compile::module_link),
        ("moduleNamespace", compile::module_namespace),
        ("moduleRequests", compile::module_requests),
        ("moduleSetLinked", compile::module_set_linked),
        ("moduleSource", compile::module_source),
        ("moduleStatus", compile::module_status),
        ("packageScope", resolve::package_scope),
        ("packageType", resolve::package_type),
        ("parsesAsModule", compile::parses_as_module),
        ("promiseState", compile::promise_state),
        ("readPackage", resolve::read_package),
        ("realPath", resolve::real_path),
        ("resolvePackage", resolve::resolve_package),
        ("runScript", compile::run_script),
        ("setModuleHooks", compile::set_module_hooks),
        ("setNoticeHandler", resolve::set_notice_handler),
        ("stat", resolve::stat),
        ("takeError", resolve::take_error),
        ("throwAgain", compile::throw_again),
    ],
    init: None,
};
