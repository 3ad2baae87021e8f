//! Reporters of the engine that the linker sends to us (`--wrap`, see crates/anode/build.rs): V8's words for reading and
//! writing properties of `undefined` and `null`, which no format of the message table can give.
//!
//! Also the age of the process, which the engine finds out with a thread and two files in /proc at each start, for nothing
//! but the times that debuggers show.
//!
//! Other linkers, and binaries without the link arguments, keep the engine's own wording.

use crate::context;
use crate::error::Thrown;
#[cfg(all(target_os = "linux", not(test)))]
use crate::promise_hooks;
use crate::scope::Scope;
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::ffi::CString;
use std::ptr;

unsafe extern "C" {
    #[link_name = "_ZN9JSContext13currentScriptEPPhNS_15AllowCrossRealmE"]
    fn current_script(cx: *mut sm::JSContext, pc: *mut *mut u8, allow_cross_realm: bool) -> *mut sm::JSScript;
}

#[cfg(all(target_os = "linux", not(test)))]
unsafe extern "C" {
    #[link_name = "__real__ZN2JS15GetBuiltinClassEP9JSContextNS_6HandleIP8JSObjectEEPN2js7ESClassE"]
    fn real_builtin_class(cx: *mut sm::JSContext, object: sm::HandleObject, class: *mut sm::ESClass) -> bool;
    #[link_name = "__real__ZN2js40ReportIsNullOrUndefinedForPropertyAccessEP9JSContextN2JS6HandleINS2_5ValueEEEi"]
    fn real_report(cx: *mut sm::JSContext, value: sm::HandleValue, index: i32);
    #[link_name = "__real__ZN2js8DebugAPI20slowPathOnNewPromiseEP9JSContextN2JS6HandleIPNS_13PromiseObjectEEE"]
    fn real_on_new_promise(cx: *mut sm::JSContext, promise: sm::HandleObject) -> bool;
    #[link_name = "__real__ZN2js8DebugAPI24slowPathOnPromiseSettledEP9JSContextN2JS6HandleIPNS_13PromiseObjectEEE"]
    fn real_on_promise_settled(cx: *mut sm::JSContext, promise: sm::HandleObject);
    #[link_name = "__real__ZN2js18AsyncFunctionAwaitEP9JSContextN2JS6HandleIPNS_28AsyncFunctionGeneratorObjectEEENS3_INS2_5ValueEEE"]
    fn real_async_function_await(
        cx: *mut sm::JSContext,
        generator: sm::HandleObject,
        value: sm::HandleValue,
    ) -> *mut sm::JSObject;
    #[link_name = "__real__ZN2js27InternalAsyncGeneratorAwaitEP9JSContextN2JS6HandleIPNS_20AsyncGeneratorObjectEEENS3_INS2_5ValueEEENS_14PromiseHandlerES9_"]
    fn real_async_generator_await(
        cx: *mut sm::JSContext,
        generator: sm::HandleObject,
        value: sm::HandleValue,
        fulfilled: u32,
        rejected: u32,
    ) -> bool;
}

/// js/src/vm/Opcodes.h of this engine version: SetProp to StrictSetElem.
const SET_OPS: std::ops::RangeInclusive<u8> = 78..=81;
/// js/src/vm/BytecodeUtil.h: nothing on the stack tells where the value came from.
const IGNORE_STACK: i32 = 0;

/// Formats of the reports made here: one argument, which is the whole message.
struct Formats(sm::JSErrorFormatString);
// SAFETY: constant data.
unsafe impl Sync for Formats {}
static TYPE_ERROR: Formats = Formats(sm::JSErrorFormatString {
    name: c"ANODE_TYPE_ERROR".as_ptr(),
    format: c"{0}".as_ptr(),
    argCount: 1,
    exnType: sm::JSExnType::JSEXN_TYPEERR as i16,
});

unsafe extern "C" fn format_of(_user: *mut std::ffi::c_void, _number: u32) -> *const sm::JSErrorFormatString {
    &raw const TYPE_ERROR.0
}

fn report(cx: *mut sm::JSContext, message: &str) {
    let message = CString::new(message.replace('\0', "\\0")).unwrap_or_default();
    // SAFETY: the callback returns static data; the message is copied by the engine.
    unsafe { sm::JS_ReportErrorNumberUTF8(cx, Some(format_of), ptr::null_mut(), 1, message.as_ptr()) };
}

fn name_of(value: sm::HandleValue) -> &'static str {
    if value.get().is_null() { "null" } else { "undefined" }
}

/// The opcode that runs now, 0 if no script does.
fn current_op(cx: *mut sm::JSContext) -> u8 {
    let mut pc = ptr::null_mut();
    // SAFETY: asks the engine for the innermost frame; `pc` points into its bytecode, which cannot go away here.
    unsafe {
        let script = current_script(cx, &mut pc, false);
        if script.is_null() || pc.is_null() { 0 } else { *pc }
    }
}

/// `js::ReportIsNullOrUndefinedForPropertyAccess(cx, value, index, key)`
///
/// # Safety
/// Called by the engine with its own arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js40ReportIsNullOrUndefinedForPropertyAccessEP9JSContextN2JS6HandleINS2_5ValueEEEiNS3_INS2_11PropertyKeyEEE(
    cx: *mut sm::JSContext,
    value: sm::HandleValue,
    index: i32,
    key: sm::HandleId,
) {
    // SAFETY: a live context on its thread; the scope ends with this function.
    let mut scope = unsafe { Scope::new(cx, context::data_of(cx)) };
    let sc = &mut scope;
    let (key_value, out) = sc.out();
    // SAFETY: writes to a traced slot.
    if !unsafe { sm::JS_IdToValue(cx, key.get(), out) } {
        return;
    }
    let op = current_op(cx);
    let shown = if key_value.is_symbol() {
        let description = symbol_text(sc, key_value.raw());
        if description == "Symbol(Symbol.iterator)" {
            return rewrite(sc, value, index, |subject, _name| format!("{subject} is not iterable"));
        }
        description
    } else {
        match sc.to_string(key_value) {
            Ok(text) => text,
            Err(_) => return,
        }
    };
    let name = name_of(value);
    if SET_OPS.contains(&op) {
        report(cx, &format!("Cannot set properties of {name} (setting '{shown}')"));
    } else {
        report(cx, &format!("Cannot read properties of {name} (reading '{shown}')"));
    }
}

/// `js::ReportIsNullOrUndefinedForPropertyAccess(cx, value, index)`
///
/// # Safety
/// Called by the engine with its own arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js40ReportIsNullOrUndefinedForPropertyAccessEP9JSContextN2JS6HandleINS2_5ValueEEEi(
    cx: *mut sm::JSContext,
    value: sm::HandleValue,
    index: i32,
) {
    if index == IGNORE_STACK {
        return report(cx, "Cannot convert undefined or null to object");
    }
    // SAFETY: a live context on its thread; the scope ends with this function.
    let mut scope = unsafe { Scope::new(cx, context::data_of(cx)) };
    rewrite(&mut scope, value, index, |subject, name| format!("Cannot destructure '{subject}' as it is {name}."));
}

/// `mozilla::TimeStamp::ComputeProcessUptime()`, microseconds; 0 if it is not known, which makes the engine count from now.
#[unsafe(no_mangle)]
pub extern "C" fn __wrap__ZN7mozilla9TimeStamp20ComputeProcessUptimeEv() -> u64 {
    0
}

/// `js::DebugAPI::slowPathOnNewPromise(cx, promise)`
///
/// # Safety
/// Called by the engine with its own arguments.
#[cfg(all(target_os = "linux", not(test)))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js8DebugAPI20slowPathOnNewPromiseEP9JSContextN2JS6HandleIPNS_13PromiseObjectEEE(
    cx: *mut sm::JSContext,
    promise: sm::HandleObject,
) -> bool {
    // SAFETY: the engine's own arguments.
    unsafe {
        promise_hooks::created(cx, promise);
        real_on_new_promise(cx, promise)
    }
}

/// `js::DebugAPI::slowPathOnPromiseSettled(cx, promise)`
///
/// # Safety
/// Called by the engine with its own arguments.
#[cfg(all(target_os = "linux", not(test)))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js8DebugAPI24slowPathOnPromiseSettledEP9JSContextN2JS6HandleIPNS_13PromiseObjectEEE(
    cx: *mut sm::JSContext,
    promise: sm::HandleObject,
) {
    // SAFETY: the engine's own arguments.
    unsafe {
        promise_hooks::settled(cx, promise);
        real_on_promise_settled(cx, promise);
    }
}

/// `js::AsyncFunctionAwait(cx, generator, value)`
///
/// # Safety
/// Called by the engine with its own arguments.
#[cfg(all(target_os = "linux", not(test)))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js18AsyncFunctionAwaitEP9JSContextN2JS6HandleIPNS_28AsyncFunctionGeneratorObjectEEENS3_INS2_5ValueEEE(
    cx: *mut sm::JSContext,
    generator: sm::HandleObject,
    value: sm::HandleValue,
) -> *mut sm::JSObject {
    // SAFETY: the engine's own arguments; the promise is the caller's to root again.
    unsafe {
        if !promise_hooks::is_any_active() {
            return real_async_function_await(cx, generator, value);
        }
        mozjs::rooted!(in(cx) let mut promise = ptr::null_mut::<sm::JSObject>());
        let ok = promise_hooks::await_hooked(cx, generator, value, true, || {
            promise.set(real_async_function_await(cx, generator, value));
            !promise.get().is_null()
        });
        if ok { promise.get() } else { ptr::null_mut() }
    }
}

/// `js::InternalAsyncGeneratorAwait(cx, generator, value, onFulfilled, onRejected)`
///
/// # Safety
/// Called by the engine with its own arguments.
#[cfg(all(target_os = "linux", not(test)))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js27InternalAsyncGeneratorAwaitEP9JSContextN2JS6HandleIPNS_20AsyncGeneratorObjectEEENS3_INS2_5ValueEEENS_14PromiseHandlerES9_(
    cx: *mut sm::JSContext,
    generator: sm::HandleObject,
    value: sm::HandleValue,
    fulfilled: u32,
    rejected: u32,
) -> bool {
    // SAFETY: the engine's own arguments.
    unsafe {
        if !promise_hooks::is_any_active() {
            return real_async_generator_await(cx, generator, value, fulfilled, rejected);
        }
        promise_hooks::await_hooked(cx, generator, value, false, || {
            real_async_generator_await(cx, generator, value, fulfilled, rejected)
        })
    }
}

/// `JS::GetBuiltinClass(cx, object, class)`: see clone.rs for the second answer.
///
/// # Safety
/// Called by the engine with its own arguments.
#[cfg(all(target_os = "linux", not(test)))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2JS15GetBuiltinClassEP9JSContextNS_6HandleIP8JSObjectEEPN2js7ESClassE(
    cx: *mut sm::JSContext,
    object: sm::HandleObject,
    class: *mut sm::ESClass,
) -> bool {
    // SAFETY: the engine's own arguments.
    unsafe {
        if !real_builtin_class(cx, object, class) {
            return false;
        }
        if crate::clone::is_marked(cx, object, *class) {
            *class = sm::ESClass::Other;
        }
    }
    true
}

fn symbol_text(sc: &mut Scope<'_>, symbol: sm::Value) -> String {
    mozjs::rooted!(in(sc.cx()) let symbol = symbol.to_symbol());
    // SAFETY: a rooted symbol; its description is a string or null.
    let description = unsafe { sm::GetSymbolDescription(h!(symbol)) };
    // SAFETY: live or null.
    let text = match unsafe { description.as_ref() } {
        Some(string) => {
            let local = sc.local(jsval::StringValue(string));
            sc.as_string(local).unwrap_or_default()
        }
        None => String::new(),
    };
    format!("Symbol({text})")
}

/// Lets the engine report, and puts `words(subject, undefined | null)` in place of its message; the engine's message begins
/// with the source text of the value.
fn rewrite(sc: &mut Scope<'_>, value: sm::HandleValue, index: i32, words: impl FnOnce(&str, &str) -> String) {
    let name = name_of(value);
    // SAFETY: the engine's own function with the engine's own arguments.
    #[cfg(all(target_os = "linux", not(test)))]
    unsafe {
        real_report(sc.cx(), value, index)
    };
    #[cfg(not(all(target_os = "linux", not(test))))]
    {
        let _ = index;
    }
    let Some(error) = sc.catch(Thrown::pending()) else { return };
    let message = sc.get(error, "message").ok().and_then(|message| sc.as_string(message)).unwrap_or_default();
    let subject = message
        .strip_suffix(" is undefined")
        .or_else(|| message.strip_suffix(" is null"))
        .or_else(|| message.strip_suffix(" has no properties"))
        .unwrap_or(name)
        .to_owned();
    report(sc.cx(), &words(&subject, name));
}
