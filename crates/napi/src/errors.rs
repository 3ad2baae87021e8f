//! Errors: making, throwing, catching; the ends of the process that an addon can ask for.

use crate::env::{self, call, call_js};
use crate::objects::c_name;
use crate::types::{EnvRef, List, Out, Status, Value};
use anode_engine::raw::{self, RawContext};
use anode_engine::{ErrorClass, JsResult, Local, Scope, Thrown};
use anode_runtime::turn;
use mozjs::jsapi as sm;
use std::ffi::c_char;

/// An error with a `code`, if given.
pub(crate) fn make<'s>(sc: &mut Scope<'s>, class: ErrorClass, code: Option<&str>, message: &str) -> JsResult<'s> {
    let error = sc.make_error(class, message)?;
    if let Some(code) = code {
        let code = sc.string(code);
        sc.set(error, "code", code)?;
    }
    Ok(error)
}

fn create(env: EnvRef, class: ErrorClass, code: Value, message: Value, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        let message = message.local()?;
        result.check()?;
        if !message.is_string() {
            return Err(Status::StringExpected);
        }
        let code = if code.is_null() { None } else { Some(code.local()?) };
        if code.is_some_and(|code| !code.is_string()) {
            return Err(Status::StringExpected);
        }
        let error = env.value(|sc| {
            let text = sc.to_string(message)?;
            let error = sc.make_error(class, &text)?;
            if let Some(code) = code {
                sc.set(error, "code", code)?;
            }
            Ok(error)
        })?;
        result.set(error)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_error(env: EnvRef, code: Value, message: Value, result: Out<'_, Value>) -> Status {
    create(env, ErrorClass::Error, code, message, result)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_type_error(
    env: EnvRef,
    code: Value,
    message: Value,
    result: Out<'_, Value>,
) -> Status {
    create(env, ErrorClass::TypeError, code, message, result)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_range_error(
    env: EnvRef,
    code: Value,
    message: Value,
    result: Out<'_, Value>,
) -> Status {
    create(env, ErrorClass::RangeError, code, message, result)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_create_syntax_error(
    env: EnvRef,
    code: Value,
    message: Value,
    result: Out<'_, Value>,
) -> Status {
    create(env, ErrorClass::SyntaxError, code, message, result)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_throw(env: EnvRef, error: Value) -> Status {
    call_js(env, |env| {
        let error = error.local()?;
        env.scope(|sc| {
            env.set_exception(sc, error);
            Ok(())
        })
    })
}

fn throw(env: EnvRef, class: ErrorClass, code: *const c_char, message: *const c_char) -> Status {
    call_js(env, |env| {
        let text = |text: *const c_char| -> Result<Option<String>, Status> {
            if text.is_null() { Ok(None) } else { Ok(Some(String::from_utf8_lossy(c_name(text)?).into_owned())) }
        };
        let code = text(code)?;
        let message = text(message)?.unwrap_or_default();
        env.scope(|sc| {
            let error = make(sc, class, code.as_deref(), &message)?;
            env.set_exception(sc, error);
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_throw_error(env: EnvRef, code: *const c_char, message: *const c_char) -> Status {
    throw(env, ErrorClass::Error, code, message)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_throw_type_error(env: EnvRef, code: *const c_char, message: *const c_char) -> Status {
    throw(env, ErrorClass::TypeError, code, message)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_throw_range_error(env: EnvRef, code: *const c_char, message: *const c_char) -> Status {
    throw(env, ErrorClass::RangeError, code, message)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_throw_syntax_error(
    env: EnvRef,
    code: *const c_char,
    message: *const c_char,
) -> Status {
    throw(env, ErrorClass::SyntaxError, code, message)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_is_error(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |env| {
        result.check()?;
        let value = value.local()?;
        if !value.is_object() {
            return result.set(false);
        }
        result.set(env.scope(|sc| Ok(is_error(sc, value)?))?)
    })
}

fn is_error(sc: &mut Scope<'_>, value: Local<'_>) -> Result<bool, Thrown> {
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let object = raw::object(value));
    let mut class = sm::ESClass::Other;
    // SAFETY: rooted.
    raw::check(unsafe { sm::GetBuiltinClass(cx, object.handle().into(), &mut class) })?;
    Ok(class == sm::ESClass::Error)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_is_exception_pending(env: EnvRef, result: Out<'_, bool>) -> Status {
    call(env, |env| result.set(env.exception_is_pending()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_and_clear_last_exception(env: EnvRef, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        if !env.exception_is_pending() {
            return result.set(env::undefined());
        }
        result.set(env.value(|sc| {
            let error = env.take_exception(sc);
            Ok(error.unwrap_or(sc.undefined()))
        })?)
    })
}

/// `napi_fatal_exception`: as if nobody had caught it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_fatal_exception(env: EnvRef, error: Value) -> Status {
    call_js(env, |env| {
        let error = error.local()?;
        env.scope(|sc| {
            turn::uncaught(sc, error);
            Ok(())
        })
    })
}

/// `napi_fatal_error`: the end of the process.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_fatal_error(
    location: List<'_, c_char>,
    location_length: usize,
    message: List<'_, c_char>,
    message_length: usize,
) -> ! {
    let text = |list: List<'_, c_char>, length| {
        list.text(length).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
    };
    env::fatal(&text(location, location_length), &text(message, message_length))
}
