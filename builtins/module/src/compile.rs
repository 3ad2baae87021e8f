//! Scripts and ES modules: what the loaders compile, link and run.

use anode_engine::ModuleStatus;
use anode_module_pure::lexer;
use anode_runtime::{Args, JsResult, Scope};

/// The wrapper's parameters. Node docs: "The module wrapper".
const WRAPPER: &[&str] = &["exports", "require", "module", "__filename", "__dirname"];

/// `compileFunctionForCJS(source, filename)`: the module function; `import()` in it asks for `filename`.
///
/// # Errors
/// SyntaxError.
pub(crate) fn compile_function_for_cjs<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let filename = sc.to_string(args.get(1))?;
    sc.compile_function(&source, &filename, "", WRAPPER, Some(args.get(1)))
}

/// `runScript(source, filename, hostDefined)`: runs a classic script, returns its completion value.
pub(crate) fn run_script<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let filename = sc.to_string(args.get(1))?;
    let script = sc.compile_script(&source, &filename, 1, false)?;
    sc.run_script(&script, Some(args.get(2)))
}

/// `parsesAsModule(source)`: whether the text is an ES module without syntax errors.
pub(crate) fn parses_as_module<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let host = sc.undefined();
    match sc.compile_module(&source, "", host) {
        Ok(_) => Ok(sc.boolean(true)),
        Err(thrown) => {
            // Only a termination has no exception to take.
            if sc.catch(thrown).is_none() {
                return Err(sc.terminated());
            }
            Ok(sc.boolean(false))
        }
    }
}

/// `compileModule(source, url, hostDefined, global?)`: a module record, in the realm of `global`.
///
/// # Errors
/// SyntaxError.
pub(crate) fn compile_module<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let url = sc.to_string(args.get(1))?;
    let (host, global) = (args.get(2), args.get(3));
    if global.is_nullish() {
        return sc.compile_module(&source, &url, host);
    }
    sc.in_realm(global, |sc| sc.compile_module(&source, &url, host))
}

/// `compileWasmSource(bytes, url)`: a module record whose source is a `WebAssembly.Module`.
///
/// # Errors
/// CompileError, LinkError.
pub(crate) fn compile_wasm_source<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let Some(mut bytes) = sc.copy_bytes(args.get(0)) else { return Err(sc.throw_type_error("bytes expected")) };
    let url = sc.to_string(args.get(1))?;
    sc.compile_wasm_source(&mut bytes, &url)
}

/// `moduleSource(record)`: the source of a record of `compileWasmSource`.
pub(crate) fn module_source<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.module_source(args.get(0))
}

/// `abstractModuleSource()`: the intrinsic constructor that `WebAssembly.Module` inherits from.
pub(crate) fn abstract_module_source<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    sc.abstract_module_source()
}

/// `moduleRequests(record)`: an array of `{ specifier, type, sourcePhase, unsupportedKey, line, column }`.
pub(crate) fn module_requests<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let requests = sc.module_requests(args.get(0))?;
    let mut items = Vec::with_capacity(requests.len());
    for request in requests {
        let item = sc.object();
        let specifier = sc.string(&request.specifier);
        sc.set(item, "specifier", specifier)?;
        let kind = sc.string(request.kind);
        sc.set(item, "type", kind)?;
        let source_phase = sc.boolean(request.source_phase);
        sc.set(item, "sourcePhase", source_phase)?;
        let key = match &request.unsupported_key {
            Some(key) => sc.string(key),
            None => sc.undefined(),
        };
        sc.set(item, "unsupportedKey", key)?;
        let line = sc.number(f64::from(request.line));
        sc.set(item, "line", line)?;
        let column = sc.number(f64::from(request.column));
        sc.set(item, "column", column)?;
        items.push(item);
    }
    Ok(sc.array(&items))
}

/// `moduleSetLinked(record, records)`
pub(crate) fn module_set_linked<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.module_set_linked(args.get(0), args.get(1))?;
    Ok(sc.undefined())
}

/// `moduleLink(record)`
pub(crate) fn module_link<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.module_link(args.get(0))?;
    Ok(sc.undefined())
}

/// `moduleEvaluate(record)`: a promise.
pub(crate) fn module_evaluate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.module_evaluate(args.get(0))
}

/// `moduleNamespace(record)`
pub(crate) fn module_namespace<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.module_namespace(args.get(0))
}

/// `moduleStatus(record)`: 'unlinked', 'linking', 'linked', 'evaluating', 'evaluating-async', 'evaluated' or 'errored'.
pub(crate) fn module_status<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let status = match sc.module_status(args.get(0))? {
        ModuleStatus::Unlinked => "unlinked",
        ModuleStatus::Linking => "linking",
        ModuleStatus::Linked => "linked",
        ModuleStatus::Evaluating => "evaluating",
        ModuleStatus::EvaluatingAsync => "evaluating-async",
        ModuleStatus::Evaluated => "evaluated",
        ModuleStatus::Errored => "errored",
    };
    Ok(sc.string(status))
}

/// `moduleError(record)`: what the evaluation threw.
pub(crate) fn module_error<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.module_error(args.get(0))
}

/// `moduleHasTopLevelAwait(record)`
pub(crate) fn module_has_top_level_await<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let has = sc.module_has_top_level_await(args.get(0))?;
    Ok(sc.boolean(has))
}

/// `setModuleHooks(importDynamically, initializeImportMeta)`
pub(crate) fn set_module_hooks<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.set_module_hooks(args.get(0), args.get(1));
    Ok(sc.undefined())
}

/// `promiseState(promise)`: `[state, result]`; 0 pending, 1 fulfilled, 2 rejected.
pub(crate) fn promise_state<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let Some((state, result)) = sc.promise_state(args.get(0)) else { return Ok(sc.undefined()) };
    let state = sc.int(i32::from(state));
    Ok(sc.array(&[state, result]))
}

/// `throwAgain(value)`: throws what a module's evaluation threw.
///
/// # Errors
/// Always.
pub(crate) fn throw_again<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    Err(sc.throw_again(args.get(0)))
}

/// `markPromiseHandled(promise)`: its rejection is looked after.
pub(crate) fn mark_promise_handled<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.mark_promise_handled(args.get(0))?;
    Ok(sc.undefined())
}

/// `lexExports(source)`: `[names, reexports]` of a CommonJS file.
pub(crate) fn lex_exports<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let found = lexer::exports(&source);
    let mut lists = Vec::with_capacity(2);
    for list in [found.names, found.reexports] {
        let mut items = Vec::with_capacity(list.len());
        for name in &list {
            items.push(sc.string(name));
        }
        lists.push(sc.array(&items));
    }
    Ok(sc.array(&lists))
}
