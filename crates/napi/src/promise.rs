//! Promises and scripts.

use crate::env::{call, call_js};
use crate::types::{EnvRef, Out, Status, Value};
use anode_engine::raw::{self, RawContext};
use anode_engine::{Local, Root, Scope};
use mozjs::jsapi as sm;

/// `napi_deferred`: the right to settle a promise, used once.
pub struct Deferred {
    promise: Root,
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_promise(
    env: EnvRef,
    deferred: Out<'_, *mut Deferred>,
    promise: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        deferred.check()?;
        promise.check()?;
        let mut made = None;
        let value = env.value(|sc| {
            let promise = sc.promise()?;
            made = Some(Deferred { promise: Root::new(sc, promise) });
            Ok(promise)
        })?;
        if let Some(made) = made {
            deferred.set(Box::into_raw(Box::new(made)))?;
        }
        promise.set(value)
    })
}

fn settle(env: EnvRef, deferred: *mut Deferred, value: Value, reject: bool) -> Status {
    call_js(env, |env| {
        let value = value.local()?;
        if deferred.is_null() {
            return Err(Status::InvalidArg);
        }
        // SAFETY: not null, so one of `napi_create_promise` that was not used: the call concludes it.
        let deferred = unsafe { Box::from_raw(deferred) };
        env.scope(|sc| {
            let promise = deferred.promise.get(sc);
            if reject {
                sc.reject_promise(promise, value)?;
            } else {
                sc.resolve_promise(promise, value)?;
            }
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_resolve_deferred(env: EnvRef, deferred: *mut Deferred, value: Value) -> Status {
    settle(env, deferred, value, false)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_reject_deferred(env: EnvRef, deferred: *mut Deferred, value: Value) -> Status {
    settle(env, deferred, value, true)
}

fn is_promise(sc: &Scope<'_>, value: Local<'_>) -> bool {
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let object = raw::object(value));
    // SAFETY: a rooted object.
    !object.get().is_null() && unsafe { sm::IsPromiseObject(object.handle().into()) }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_is_promise(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |env| {
        result.check()?;
        let value = value.local()?;
        result.set(env.scope(|sc| Ok(is_promise(sc, value)))?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_run_script(env: EnvRef, script: Value, result: Out<'_, Value>) -> Status {
    call_js(env, |env| {
        let script = script.local()?;
        result.check()?;
        if !script.is_string() {
            return Err(Status::StringExpected);
        }
        result.set(env.value(|sc| {
            let source = sc.to_string(script)?;
            Ok(sc.evaluate(&source, "", 1)?)
        })?)
    })
}
