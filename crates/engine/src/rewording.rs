//! V8's wording of errors whose arguments the engine has in another form: quoted, or in another order. Where the format of the
//! message table suffices, see `messages`.
//!
//! The linker sends `js::ReportErrorNumberVA` to us (`--wrap`, see crates/anode/build.rs): the engine reports, and the message of
//! the error that it made is changed. `JS::ObjectOpResult::reportError` comes here too, as only it knows the object.

use crate::context;
use crate::error::Thrown;
use crate::frame_names;
use crate::object::Attributes;
use crate::scope::Scope;
use crate::words::{Subject, is_reworded, words};
use mozjs::jsapi as sm;
use std::cell::Cell;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

unsafe extern "C" {
    #[link_name = "__real__ZN2js19ReportErrorNumberVAEP9JSContextNS_9IsWarningEPFPK19JSErrorFormatStringPvjES6_jNS_18ErrorArgumentsTypeEP13__va_list_tag"]
    fn real_report(
        cx: *mut sm::JSContext,
        is_warning: u32,
        callback: *const c_void,
        user: *mut c_void,
        number: u32,
        arguments: u32,
        list: *mut c_void,
    ) -> bool;
}

/// `js::ReportErrorNumberVA(cx, isWarning, callback, userRef, errorNumber, argumentsType, ap)`
///
/// # Safety
/// Called by the engine with its own arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js19ReportErrorNumberVAEP9JSContextNS_9IsWarningEPFPK19JSErrorFormatStringPvjES6_jNS_18ErrorArgumentsTypeEP13__va_list_tag(
    cx: *mut sm::JSContext,
    is_warning: u32,
    callback: *const c_void,
    user: *mut c_void,
    number: u32,
    arguments: u32,
    list: *mut c_void,
) -> bool {
    // SAFETY: the engine's own function with its own arguments.
    let result = unsafe { real_report(cx, is_warning, callback, user, number, arguments, list) };
    // SAFETY: asks for this context's state.
    if is_reworded(number) && unsafe { sm::JS_IsExceptionPending(cx) } {
        // A panic must not unwind into the engine; its own wording stays then.
        // SAFETY: a live context on its thread; the scope ends with this call.
        let _done = catch_unwind(AssertUnwindSafe(|| unsafe {
            let mut scope = Scope::new(cx, context::data_of(cx));
            reword_pending(&mut scope, number);
        }));
    }
    result
}

thread_local! {
    /// The object and the property of the operation that is being reported; the slots belong to the engine's frame.
    static FAILED: Cell<Option<(sm::HandleObject, sm::HandleId)>> = const { Cell::new(None) };
}

unsafe extern "C" {
    #[link_name = "__real__ZN2JS14ObjectOpResult11reportErrorEP9JSContextNS_6HandleIP8JSObjectEENS3_INS_11PropertyKeyEEE"]
    fn real_operation_report(
        result: *mut c_void,
        cx: *mut sm::JSContext,
        object: sm::HandleObject,
        id: sm::HandleId,
    ) -> bool;
}

/// `JS::ObjectOpResult::reportError(cx, obj, id)`
///
/// # Safety
/// Called by the engine with its own arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2JS14ObjectOpResult11reportErrorEP9JSContextNS_6HandleIP8JSObjectEENS3_INS_11PropertyKeyEEE(
    result: *mut c_void,
    cx: *mut sm::JSContext,
    object: sm::HandleObject,
    id: sm::HandleId,
) -> bool {
    let outer = FAILED.replace(Some((object, id)));
    // SAFETY: the engine's own function with its own arguments.
    let reported = unsafe { real_operation_report(result, cx, object, id) };
    FAILED.set(outer);
    reported
}

fn subject(sc: &Scope<'_>) -> Option<Subject> {
    let (object, id) = FAILED.get()?;
    let cx = sc.cx();
    let mut extensible = true;
    // SAFETY: the engine's frame, which holds both, is below us. Arrays are asked natively; no code runs.
    unsafe {
        let (kind, text) = frame_names::description(cx, object.get());
        if text == "[object Array]" && !sm::JS_IsExtensible(cx, object, &mut extensible) {
            sm::JS_ClearPendingException(cx);
        }
        // js/Id.h: the low bit marks an index.
        let bits = id.get().asBits_;
        let index = (bits & 1 == 1).then_some((bits >> 1) as u32);
        Some(Subject { kind, text, index, extensible })
    }
}

fn reword_pending(sc: &mut Scope<'_>, number: u32) {
    let Some(error) = sc.catch(Thrown::pending()) else { return };
    let subject = subject(sc);
    let message = sc.get(error, "message").ok().and_then(|message| sc.as_string(message));
    if let Some(words) = message.and_then(|message| words(number, &message, subject.as_ref())) {
        let words = sc.string(&words);
        if sc.define(error, "message", words, Attributes::HIDDEN).is_err() {
            sc.clear_exception();
        }
    }
    let _thrown = sc.throw(error);
}
