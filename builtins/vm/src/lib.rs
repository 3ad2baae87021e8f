//! Binding of `node:vm`: compiled scripts, and contexts as realms of their own.
//!
//! A script is compiled twice at most: for the main realm, and, when it is first run in a context, for a scope whose
//! innermost object is the context's sandbox, so that its `var`s and functions become properties of the sandbox.

#![forbid(unsafe_code)]

use anode_engine::Script;
use anode_runtime::sealed_code;
use anode_runtime::{Args, Builtin, JsResult, Local, Scope, Thrown};
use std::cell::OnceCell;
use std::rc::Rc;

/// The Rust half of `node:vm`.
pub static BUILTIN: Builtin = Builtin {
    name: "vm",
    functions: &[
        ("callLimited", call_limited),
        ("callOutside", call_outside),
        ("compile", compile),
        ("compileFunction", compile_function),
        ("compileModule", compile_module),
        ("createParser", create_parser),
        ("eagerEvaluator", eager_evaluator),
        ("encode", encode),
        ("createRealm", create_realm),
        ("isCacheOf", is_cache_of),
        ("restrictCodeGeneration", restrict_code_generation),
        ("run", run),
        ("runInContext", run_in_context),
        ("setGlobalThis", set_global_this),
    ],
    init: None,
};

struct CompiledScript {
    source: String,
    file: String,
    line: u32,
    column: u32,
    global: OnceCell<Script>,
    object: OnceCell<Script>,
}

/// `compile(source, file, line, column, cache?)`: a script object, or `[script, accepted]` if bytes of `encode` are given;
/// line 1-based, column 0-based.
///
/// # Errors
/// SyntaxError.
fn compile<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let script = CompiledScript {
        source: sc.to_string(args.get(0))?,
        file: sc.to_string(args.get(1))?,
        line: args.get(2).as_f64().unwrap_or(1.0).max(0.0) as u32,
        column: args.get(3).as_f64().unwrap_or(0.0).max(0.0) as u32,
        global: OnceCell::new(),
        object: OnceCell::new(),
    };
    let cache = sc.copy_bytes(args.get(4));
    let decoded = cache.as_deref().and_then(|bytes| decode(sc, bytes, &script.source, &script.file, script.line));
    let accepted = decoded.is_some();
    let compiled = match decoded {
        Some(decoded) => decoded,
        None => sc.compile_script_at(&script.source, &script.file, script.line, script.column)?,
    };
    // Fresh cell: this is its only setter.
    let _set = script.global.set(compiled);
    let object = sc.native_object(None, Rc::new(script))?;
    if cache.is_none() {
        return Ok(object);
    }
    let accepted = sc.boolean(accepted);
    Ok(sc.array(&[object, accepted]))
}

/// The script in bytes of [`encode`], if they are of this source and this build.
fn decode(sc: &mut Scope<'_>, bytes: &[u8], source: &str, file: &str, line: u32) -> Option<Script> {
    let code = sealed_code::open(bytes, sealed_code::hash(source.as_bytes())).ok()?;
    sc.decode_script_copied(code, file, line)
}

/// `isCacheOf(bytes, source)`: whether the bytes are of `encode` and of this source.
fn is_cache_of<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(1))?;
    let hash = sealed_code::hash(source.as_bytes());
    let matches = sc.copy_bytes(args.get(0)).is_some_and(|bytes| sealed_code::open(&bytes, hash).is_ok());
    Ok(sc.boolean(matches))
}

/// A module's script, kept for [`encode`].
struct CompiledModule {
    source_hash: u64,
    script: Script,
}

/// `compileModule(source, url, hostDefined, global?, cache?)`: `[record, script, accepted]`: a module record in the realm of
/// `global`, and what `encode` takes.
///
/// # Errors
/// SyntaxError.
fn compile_module<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let url = sc.to_string(args.get(1))?;
    let (host, global) = (args.get(2), args.get(3));
    let cache = sc.copy_bytes(args.get(4));
    let decoded = cache.as_deref().and_then(|bytes| decode(sc, bytes, &source, &url, 1));
    let accepted = decoded.is_some();
    let work = |sc: &mut Scope<'s>| {
        let script = match decoded {
            Some(decoded) => decoded,
            None => sc.compile_module_script(&source, &url)?,
        };
        let record = sc.instantiate_module(&script, host)?;
        Ok((record, script))
    };
    let (record, script) = if global.is_nullish() { work(sc)? } else { sc.in_realm(global, work)? };
    let script = CompiledModule { source_hash: sealed_code::hash(source.as_bytes()), script };
    let script = sc.native_object(None, Rc::new(script))?;
    let accepted = sc.boolean(accepted);
    Ok(sc.array(&[record, script, accepted]))
}

/// `encode(script)`: the bytecode of a script of `compile` or `compileModule`; `undefined` if the engine cannot encode it.
fn encode<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (source_hash, code) = if let Some(module) = sc.native_data::<CompiledModule>(args.get(0)) {
        (module.source_hash, sc.encode_script(&module.script))
    } else {
        let script = sc.need_native::<CompiledScript>(args.get(0))?;
        let Some(compiled) = script.global.get() else { return Err(sc.throw_type_error("Illegal invocation")) };
        (sealed_code::hash(script.source.as_bytes()), sc.encode_script(compiled))
    };
    match code {
        Some(code) => sc.uint8_array(sealed_code::seal(source_hash, &code)),
        None => Ok(sc.undefined()),
    }
}

/// Runs `work` as the options of vm.Script say: `timeout` in milliseconds, and whether SIGINT ends it.
fn with_limits<'s>(
    sc: &mut Scope<'s>,
    timeout: Local<'s>,
    sigint: Local<'s>,
    work: impl FnOnce(&mut Scope<'s>) -> JsResult<'s>,
) -> JsResult<'s> {
    if sigint.as_bool() != Some(true) {
        return with_timeout(sc, timeout, work);
    }
    let (result, fired) = sc.with_sigint(|sc| with_timeout(sc, timeout, work));
    match result {
        Err(thrown) if fired => match sc.catch(thrown) {
            // The script threw just before it would have been ended.
            Some(error) => Err(sc.throw(error)),
            None => Err(sc.throw_code(
                anode_engine::ErrorClass::Error,
                "ERR_SCRIPT_EXECUTION_INTERRUPTED",
                "Script execution was interrupted by `SIGINT`",
            )),
        },
        other => other,
    }
}

fn with_timeout<'s>(
    sc: &mut Scope<'s>,
    timeout: Local<'s>,
    work: impl FnOnce(&mut Scope<'s>) -> JsResult<'s>,
) -> JsResult<'s> {
    let Some(timeout_ms) = timeout.as_f64().filter(|ms| *ms > 0.0) else { return work(sc) };
    let (result, fired) = sc.with_timeout(timeout_ms as u64, work);
    if !fired {
        return result;
    }
    if let Err(thrown) = result
        && let Some(error) = sc.catch(thrown)
    {
        // The script threw just before it would have been ended.
        return Err(sc.throw(error));
    }
    // A module that was ended has a promise all the same.
    Err(sc.throw_code(
        anode_engine::ErrorClass::Error,
        "ERR_SCRIPT_EXECUTION_TIMEOUT",
        &format!("Script execution timed out after {timeout_ms}ms"),
    ))
}

/// `run(script, referrer, timeout, sigint)`: runs in the current realm.
fn run<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let script = sc.need_native::<CompiledScript>(args.get(0))?;
    let Some(compiled) = script.global.get() else { return Err(sc.throw_type_error("Illegal invocation")) };
    let referrer = args.get(1);
    with_limits(sc, args.get(2), args.get(3), |sc| sc.run_script(compiled, Some(referrer)))
}

/// `callLimited(fn, timeout, sigint)`: calls `fn` within the limits of `with_limits`.
fn call_limited<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let function = args.get(0);
    with_limits(sc, args.get(1), args.get(2), |sc| {
        let this = sc.undefined();
        sc.call(function, this, &[])
    })
}

/// `callOutside(source, file, ...values)`: calls the function that `source` is, in a compartment of its own that has `Debugger`.
fn call_outside<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let file = sc.to_string(args.get(1))?;
    let values: Vec<_> = (2..args.len()).map(|index| args.get(index)).collect();
    sc.call_outside(&source, &file, &values)
}

/// `eagerEvaluator()`: see the engine's `eager_evaluator`.
fn eager_evaluator<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    sc.eager_evaluator()
}

/// `createParser()`: the engine's parser, `parse(source, options)`.
fn create_parser<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    sc.create_parser()
}

/// `createRealm(ownJobs)`: a fresh global object, whose errors have stacks in V8's form; with a queue of its own for promise jobs
/// if that is true.
fn create_realm<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let global = sc.create_realm()?;
    if args.get(0).is_true() {
        sc.make_own_job_queue(global);
    }
    sc.in_realm(global, |sc| sc.extend_errors(global))?;
    Ok(global)
}

/// `setGlobalThis(global, object)`: what `this` and `globalThis` are in the realm.
fn set_global_this<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.set_global_this(args.get(0), args.get(1));
    Ok(sc.undefined())
}

/// `restrictCodeGeneration(global, strings, wasm)`: whether code may be made from strings and of WebAssembly; without `global`,
/// in the current realm.
fn restrict_code_generation<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let global = if args.get(0).is_nullish() { sc.global() } else { args.get(0) };
    sc.restrict_code_generation(global, args.get(1).is_true(), args.get(2).is_true());
    Ok(sc.undefined())
}

/// `runInContext(script, global, sandbox, referrer, timeout, sigint, this)`; without sandbox, right in the global object's realm.
fn run_in_context<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let script = sc.need_native::<CompiledScript>(args.get(0))?;
    let (global, sandbox, referrer, this) = (args.get(1), args.get(2), args.get(3), args.get(6));
    with_limits(sc, args.get(4), args.get(5), |sc| {
        sc.in_realm(global, |sc| {
            if sandbox.is_nullish() {
                let Some(compiled) = script.global.get() else { return Err(sc.throw_type_error("Illegal invocation")) };
                return sc.run_script(compiled, Some(referrer));
            }
            let compiled = for_object(sc, &script)?;
            sc.run_script_on(compiled, sandbox, this, referrer)
        })
    })
}

fn for_object<'c>(sc: &mut Scope<'_>, script: &'c CompiledScript) -> Result<&'c Script, Thrown> {
    if let Some(known) = script.object.get() {
        return Ok(known);
    }
    let compiled = sc.compile_script_for_object(&script.source, &script.file, script.line, script.column)?;
    Ok(script.object.get_or_init(|| compiled))
}

/// `compileFunction(source, file, line, column, parameters, global, objects, referrer, this)`: a function of that realm; `this`
/// belongs to the first of the objects.
fn compile_function<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let file = sc.to_string(args.get(1))?;
    let line = args.get(2).as_f64().unwrap_or(1.0).max(0.0) as u32;
    let column = args.get(3).as_f64().unwrap_or(0.0).max(0.0) as u32;
    let mut parameters = Vec::new();
    for item in sc.array_items(args.get(4))? {
        parameters.push(sc.to_string(item)?);
    }
    let objects = sc.array_items(args.get(6))?;
    let (global, referrer) = (args.get(5), args.get(7));
    if global.is_nullish() {
        return sc.compile_function_in(&source, &file, (line, column), &parameters, (&objects, None), referrer);
    }
    let this = Some(args.get(8)).filter(|this| this.is_object());
    sc.in_realm(global, |sc| {
        sc.compile_function_in(&source, &file, (line, column), &parameters, (&objects, this), referrer)
    })
}
