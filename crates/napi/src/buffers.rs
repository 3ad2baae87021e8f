//! ArrayBuffers, typed arrays, DataViews, Buffers.
//!
//! Whenever an address goes to an addon the engine is first told to keep the bytes out of the object, which a collection
//! may move: the address then stays good for as long as the buffer lives and is not detached.

use crate::env::{Env, Fail, call, call_js};
use crate::thread::{Released, ReleasedQueue};
use crate::types::{EnvRef, Finalize, List, Out, Status, Value};
use anode_engine::raw::{self, RawContext};
use anode_engine::{ErrorClass, Local, Scope, ViewKind};
use anode_runtime::require_builtin;
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

/// The longest ArrayBuffer of the engine, in bytes: 8 GiB on 64-bit systems.
const BUFFER_BYTES_MAX: usize = 8 << 30;

/// Address and length of the bytes of an ArrayBuffer or view.
fn bytes_of(sc: &mut Scope<'_>, value: Local<'_>) -> Result<(*mut c_void, usize), Fail> {
    let cx = RawContext::of(sc).cx();
    let kind = sc.view_kind(value).ok_or(Status::InvalidArg)?;
    let (mut length, mut shared, mut start) = (0, false, ptr::null_mut::<u8>());
    // SAFETY: a live object of the checked kind, looked up anew after what may collect.
    unsafe {
        if kind != ViewKind::SharedArrayBuffer {
            raw::check(sm::EnsureNonInlineArrayBufferOrView(cx, raw::object(value)))?;
        }
        let object = raw::object(value);
        match kind {
            ViewKind::View => {
                start = sm::JS_GetArrayBufferViewData(object, &mut shared, ptr::null()).cast::<u8>();
                length = sm::JS_GetArrayBufferViewByteLength(object);
            }
            ViewKind::ArrayBuffer => {
                sm::GetArrayBufferLengthAndData(object, &mut length, &mut shared, &mut start);
            }
            ViewKind::SharedArrayBuffer => {
                sm::GetSharedArrayBufferLengthAndData(object, &mut length, &mut shared, &mut start);
            }
        }
    }
    Ok((start.cast(), length))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_is_arraybuffer(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |env| {
        result.check()?;
        let value = value.local()?;
        result.set(env.scope(|sc| Ok(sc.view_kind(value) == Some(ViewKind::ArrayBuffer)))?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_is_sharedarraybuffer(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |env| {
        result.check()?;
        let value = value.local()?;
        result.set(env.scope(|sc| Ok(sc.view_kind(value) == Some(ViewKind::SharedArrayBuffer)))?)
    })
}

/// A fresh ArrayBuffer of zeroes whose bytes do not move.
fn new_array_buffer<'s>(sc: &mut Scope<'s>, length: usize) -> Result<Local<'s>, Fail> {
    if length > BUFFER_BYTES_MAX {
        return Err(sc.throw_range_error("Array buffer allocation failed").into());
    }
    Ok(sc.array_buffer(vec![0; length])?)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_arraybuffer(
    env: EnvRef,
    length: usize,
    data: Out<'_, *mut c_void>,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let mut start = ptr::null_mut();
        let value = env.value(|sc| {
            let buffer = new_array_buffer(sc, length)?;
            start = bytes_of(sc, buffer)?.0;
            Ok(buffer)
        })?;
        data.set_if(start);
        result.set(value)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_create_sharedarraybuffer(
    env: EnvRef,
    length: usize,
    data: Out<'_, *mut c_void>,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let mut start = ptr::null_mut();
        let value = env.value(|sc| {
            let cx = RawContext::of(sc).cx();
            // SAFETY: allocation on the owning thread; rooted at once.
            let object = unsafe { sm::NewSharedArrayBuffer(cx, length) };
            raw::check(!object.is_null())?;
            let buffer = raw::local(sc, jsval::ObjectValue(object));
            start = bytes_of(sc, buffer)?.0;
            Ok(buffer)
        })?;
        data.set_if(start);
        result.set(value)
    })
}

/// What the engine hands back when it releases an addon's memory.
struct ExternalMemory {
    queue: Arc<ReleasedQueue>,
    released: Option<Released>,
}

/// The engine released an external ArrayBuffer, on any thread: the finalizer's turn comes on the addon's.
unsafe extern "C" fn release_external(_contents: *mut c_void, memory: *mut c_void) {
    // SAFETY: the box that `new_external` leaked; the engine calls this once.
    let memory = unsafe { Box::from_raw(memory.cast::<ExternalMemory>()) };
    if let Some(released) = memory.released {
        memory.queue.push(released);
    }
}

/// An ArrayBuffer on memory of the addon.
fn new_external<'s>(
    env: &Env,
    sc: &mut Scope<'s>,
    data: *mut c_void,
    length: usize,
    finalize: Option<Finalize>,
    hint: *mut c_void,
) -> Result<Local<'s>, Fail> {
    let cx = RawContext::of(sc).cx();
    let released = finalize.map(|finalize| Released { env, finalize, data, hint });
    if data.is_null() || length == 0 {
        // No memory to look after: an empty buffer, and the addon has its data back.
        // SAFETY: allocation on the owning thread.
        let object = unsafe { sm::NewArrayBuffer(cx, 0) };
        raw::check(!object.is_null())?;
        if let Some(released) = released {
            env.thread.released.push(released);
        }
        return Ok(raw::local(sc, jsval::ObjectValue(object)));
    }
    let memory = Box::into_raw(Box::new(ExternalMemory { queue: env.thread.released.clone(), released }));
    // SAFETY: the addon keeps its memory until the finalizer; the engine calls `release_external` once, unless it fails here.
    let object =
        unsafe { sm::glue::NewExternalArrayBuffer(cx, length, data, Some(release_external), memory.cast::<c_void>()) };
    if object.is_null() {
        return Err(raw::check(false).map_or_else(Fail::from, |()| Status::GenericFailure.into()));
    }
    Ok(raw::local(sc, jsval::ObjectValue(object)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_external_arraybuffer(
    env: EnvRef,
    data: *mut c_void,
    length: usize,
    finalize: Option<Finalize>,
    hint: *mut c_void,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        result.set(env.value(|sc| new_external(env, sc, data, length, finalize, hint))?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_arraybuffer_info(
    env: EnvRef,
    value: Value,
    data: Out<'_, *mut c_void>,
    length: Out<'_, usize>,
) -> Status {
    call(env, |env| {
        let value = value.local()?;
        let (start, count) = env.scope(|sc| {
            if !matches!(sc.view_kind(value), Some(ViewKind::ArrayBuffer | ViewKind::SharedArrayBuffer)) {
                return Err(Status::InvalidArg.into());
            }
            bytes_of(sc, value)
        })?;
        data.set_if(start);
        length.set_if(count);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_detach_arraybuffer(env: EnvRef, value: Value) -> Status {
    call(env, |env| {
        let value = value.local()?;
        env.scope(|sc| {
            if sc.view_kind(value) != Some(ViewKind::ArrayBuffer) {
                return Err(Status::ArraybufferExpected.into());
            }
            match sc.detach(value) {
                Ok(()) => Ok(()),
                Err(thrown) => {
                    // Pinned, or a WebAssembly memory.
                    let _error = sc.catch(thrown);
                    Err(Status::DetachableArraybufferExpected.into())
                }
            }
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_is_detached_arraybuffer(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |env| {
        result.check()?;
        let value = value.local()?;
        let is_buffer = env.scope(|sc| Ok(sc.view_kind(value) == Some(ViewKind::ArrayBuffer)))?;
        // SAFETY: a live ArrayBuffer.
        result.set(is_buffer && unsafe { sm::IsDetachedArrayBufferObject(raw::object(value)) })
    })
}

// ---- views

fn is_typed_array(value: Local<'_>) -> bool {
    let object = raw::object(value);
    // SAFETY: a live object; looks at its class.
    !object.is_null() && unsafe { sm::JS_IsTypedArrayObject(object) }
}

fn is_view(value: Local<'_>) -> bool {
    let object = raw::object(value);
    // SAFETY: a live object; looks at its class.
    !object.is_null() && unsafe { sm::JS_IsArrayBufferViewObject(object) }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_is_typedarray(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |_env| {
        result.check()?;
        result.set(is_typed_array(value.local()?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_is_dataview(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |_env| {
        result.check()?;
        let value = value.local()?;
        result.set(is_view(value) && !is_typed_array(value))
    })
}

/// `napi_typedarray_type` in the order of its numbers: the engine's type, element size, name.
const TYPES: &[(sm::Type, usize, &str)] = &[
    (sm::Type::Int8, 1, "Int8Array"),
    (sm::Type::Uint8, 1, "Uint8Array"),
    (sm::Type::Uint8Clamped, 1, "Uint8ClampedArray"),
    (sm::Type::Int16, 2, "Int16Array"),
    (sm::Type::Uint16, 2, "Uint16Array"),
    (sm::Type::Int32, 4, "Int32Array"),
    (sm::Type::Uint32, 4, "Uint32Array"),
    (sm::Type::Float32, 4, "Float32Array"),
    (sm::Type::Float64, 8, "Float64Array"),
    (sm::Type::BigInt64, 8, "BigInt64Array"),
    (sm::Type::BigUint64, 8, "BigUint64Array"),
    (sm::Type::Float16, 2, "Float16Array"),
];

/// Keeps a RangeError with a code as the pending exception.
fn range_error(env: &Env, sc: &mut Scope<'_>, code: &str, message: &str) -> Fail {
    match crate::errors::make(sc, ErrorClass::RangeError, Some(code), message) {
        Ok(error) => {
            env.set_exception(sc, error);
            Status::InvalidArg.into()
        }
        Err(thrown) => thrown.into(),
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_typedarray(
    env: EnvRef,
    kind: i32,
    length: usize,
    buffer: Value,
    offset: usize,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        let buffer = buffer.local()?;
        result.check()?;
        let value = env.value(|sc| {
            if !matches!(sc.view_kind(buffer), Some(ViewKind::ArrayBuffer | ViewKind::SharedArrayBuffer)) {
                return Err(Status::InvalidArg.into());
            }
            let (kind, size, name) =
                usize::try_from(kind).ok().and_then(|kind| TYPES.get(kind)).ok_or(Status::InvalidArg)?;
            if *size > 1 && !offset.is_multiple_of(*size) {
                let message = format!("start offset of {name} should be a multiple of {size}");
                return Err(range_error(env, sc, "ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT", &message));
            }
            let available = sc.byte_length(buffer).unwrap_or(0);
            let end = length.checked_mul(*size).and_then(|bytes| bytes.checked_add(offset));
            if end.is_none_or(|end| end > available) {
                return Err(range_error(env, sc, "ERR_NAPI_INVALID_TYPEDARRAY_LENGTH", "Invalid typed array length"));
            }
            new_typed_array(sc, *kind, buffer, offset, length)
        })?;
        result.set(value)
    })
}

fn new_typed_array<'s>(
    sc: &mut Scope<'s>,
    kind: sm::Type,
    buffer: Local<'_>,
    offset: usize,
    length: usize,
) -> Result<Local<'s>, Fail> {
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let buffer = raw::object(buffer));
    let make = match kind {
        sm::Type::Int8 => sm::JS_NewInt8ArrayWithBuffer,
        sm::Type::Uint8Clamped => sm::JS_NewUint8ClampedArrayWithBuffer,
        sm::Type::Int16 => sm::JS_NewInt16ArrayWithBuffer,
        sm::Type::Uint16 => sm::JS_NewUint16ArrayWithBuffer,
        sm::Type::Int32 => sm::JS_NewInt32ArrayWithBuffer,
        sm::Type::Uint32 => sm::JS_NewUint32ArrayWithBuffer,
        sm::Type::Float32 => sm::JS_NewFloat32ArrayWithBuffer,
        sm::Type::Float64 => sm::JS_NewFloat64ArrayWithBuffer,
        sm::Type::BigInt64 => sm::JS_NewBigInt64ArrayWithBuffer,
        sm::Type::BigUint64 => sm::JS_NewBigUint64ArrayWithBuffer,
        sm::Type::Float16 => sm::JS_NewFloat16ArrayWithBuffer,
        _ => sm::JS_NewUint8ArrayWithBuffer,
    };
    // SAFETY: rooted; the range was checked; the result is rooted at once.
    let object = unsafe { make(cx, buffer.handle().into(), offset, length as i64) };
    raw::check(!object.is_null())?;
    Ok(raw::local(sc, jsval::ObjectValue(object)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_dataview(
    env: EnvRef,
    length: usize,
    buffer: Value,
    offset: usize,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        let buffer = buffer.local()?;
        result.check()?;
        let value = env.value(|sc| {
            if !matches!(sc.view_kind(buffer), Some(ViewKind::ArrayBuffer | ViewKind::SharedArrayBuffer)) {
                return Err(Status::InvalidArg.into());
            }
            let available = sc.byte_length(buffer).unwrap_or(0);
            if length.checked_add(offset).is_none_or(|end| end > available) {
                let message = "byte_offset + byte_length should be less than or equal to the size in bytes of the array \
                               passed in";
                let fail = range_error(env, sc, "ERR_NAPI_INVALID_DATAVIEW_ARGS", message);
                return Err(match fail {
                    Fail::Status(_) => Status::PendingException.into(),
                    thrown => thrown,
                });
            }
            let cx = RawContext::of(sc).cx();
            mozjs::rooted!(in(cx) let buffer = raw::object(buffer));
            // SAFETY: rooted; the range was checked; the result is rooted at once.
            let object = unsafe { sm::JS_NewDataView(cx, buffer.handle().into(), offset, length) };
            raw::check(!object.is_null())?;
            Ok(raw::local(sc, jsval::ObjectValue(object)))
        })?;
        result.set(value)
    })
}

/// The buffer of a view.
fn buffer_of<'s>(sc: &mut Scope<'s>, view: Local<'_>) -> Result<Local<'s>, Fail> {
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let object = raw::object(view));
    let mut shared = false;
    // SAFETY: a rooted view; the result is rooted at once.
    let buffer = unsafe { sm::JS_GetArrayBufferViewBuffer(cx, object.handle().into(), &mut shared) };
    raw::check(!buffer.is_null())?;
    Ok(raw::local(sc, jsval::ObjectValue(buffer)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_typedarray_info(
    env: EnvRef,
    value: Value,
    kind: Out<'_, i32>,
    length: Out<'_, usize>,
    data: Out<'_, *mut c_void>,
    buffer: Out<'_, Value>,
    offset: Out<'_, usize>,
) -> Status {
    call(env, |env| {
        let value = value.local()?;
        if !is_typed_array(value) {
            return Err(Status::InvalidArg);
        }
        if !buffer.is_null() {
            buffer.set(env.value(|sc| buffer_of(sc, value))?)?;
        }
        let (start, _) = env.scope(|sc| bytes_of(sc, value))?;
        let object = raw::object(value);
        // SAFETY: a live typed array; these only look.
        unsafe {
            let found = sm::JS_GetArrayBufferViewType(object);
            kind.set_if(TYPES.iter().position(|(kind, ..)| *kind == found).unwrap_or(0) as i32);
            length.set_if(sm::JS_GetTypedArrayLength(object));
            offset.set_if(sm::JS_GetArrayBufferViewByteOffset(object));
        }
        data.set_if(start);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_dataview_info(
    env: EnvRef,
    value: Value,
    length: Out<'_, usize>,
    data: Out<'_, *mut c_void>,
    buffer: Out<'_, Value>,
    offset: Out<'_, usize>,
) -> Status {
    call(env, |env| {
        let value = value.local()?;
        if !is_view(value) || is_typed_array(value) {
            return Err(Status::InvalidArg);
        }
        if !buffer.is_null() {
            buffer.set(env.value(|sc| buffer_of(sc, value))?)?;
        }
        let (start, count) = env.scope(|sc| bytes_of(sc, value))?;
        length.set_if(count);
        data.set_if(start);
        // SAFETY: a live DataView; only looks.
        offset.set_if(unsafe { sm::JS_GetArrayBufferViewByteOffset(raw::object(value)) });
        Ok(())
    })
}

// ---- Buffers

/// A Buffer on part of an ArrayBuffer.
fn new_buffer<'s>(sc: &mut Scope<'s>, memory: Local<'_>, offset: usize, length: usize) -> Result<Local<'s>, Fail> {
    let view = new_typed_array(sc, sm::Type::Uint8, memory, offset, length)?;
    let module = require_builtin(sc, "buffer")?;
    let class = sc.get(module, "Buffer")?;
    let prototype = sc.get(class, "prototype")?;
    sc.set_prototype(view, prototype)?;
    Ok(view)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_buffer(
    env: EnvRef,
    length: usize,
    data: Out<'_, *mut c_void>,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let mut start = ptr::null_mut();
        let value = env.value(|sc| {
            let memory = new_array_buffer(sc, length)?;
            start = bytes_of(sc, memory)?.0;
            new_buffer(sc, memory, 0, length)
        })?;
        data.set_if(start);
        result.set(value)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_buffer_copy(
    env: EnvRef,
    length: usize,
    source: List<'_, u8>,
    data: Out<'_, *mut c_void>,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let bytes = source.items(length)?;
        let mut start = ptr::null_mut();
        let value = env.value(|sc| {
            let memory = sc.array_buffer(bytes.to_vec())?;
            start = bytes_of(sc, memory)?.0;
            new_buffer(sc, memory, 0, length)
        })?;
        data.set_if(start);
        result.set(value)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_external_buffer(
    env: EnvRef,
    length: usize,
    data: *mut c_void,
    finalize: Option<Finalize>,
    hint: *mut c_void,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        result.set(env.value(|sc| {
            let memory = new_external(env, sc, data, length, finalize, hint)?;
            let length = if data.is_null() { 0 } else { length };
            new_buffer(sc, memory, 0, length)
        })?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_create_buffer_from_arraybuffer(
    env: EnvRef,
    buffer: Value,
    offset: usize,
    length: usize,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        let buffer = buffer.local()?;
        result.check()?;
        result.set(env.value(|sc| {
            if sc.view_kind(buffer) != Some(ViewKind::ArrayBuffer) {
                return Err(Status::InvalidArg.into());
            }
            let available = sc.byte_length(buffer).unwrap_or(0);
            if length.checked_add(offset).is_none_or(|end| end > available) {
                let message = "The byte offset + length is out of range";
                return Err(range_error(env, sc, "ERR_OUT_OF_RANGE", message));
            }
            new_buffer(sc, buffer, offset, length)
        })?)
    })
}

/// Node takes every view for a Buffer here.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_is_buffer(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |_env| {
        result.check()?;
        result.set(is_view(value.local()?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_buffer_info(
    env: EnvRef,
    value: Value,
    data: Out<'_, *mut c_void>,
    length: Out<'_, usize>,
) -> Status {
    call(env, |env| {
        let value = value.local()?;
        if !is_view(value) {
            return Err(Status::InvalidArg);
        }
        let (start, count) = env.scope(|sc| bytes_of(sc, value))?;
        data.set_if(start);
        length.set_if(count);
        Ok(())
    })
}
