//! Primitive values, strings, dates, BigInts: making them, reading them, converting them.

use crate::env::{self, Env, Fail, call, call_js};
use crate::reference;
use crate::types::{EnvRef, Finalize, List, Out, Room, Status, Value};
use anode_engine::raw::{self, RawContext};
use anode_engine::{Chars, Local, Scope};
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::ffi::{c_char, c_void};

// ---- singletons and numbers

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_undefined(env: EnvRef, result: Out<'_, Value>) -> Status {
    call(env, |_env| result.set(env::undefined()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_null(env: EnvRef, result: Out<'_, Value>) -> Status {
    call(env, |_env| result.set(env::null()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_boolean(env: EnvRef, value: bool, result: Out<'_, Value>) -> Status {
    call(env, |_env| result.set(env::boolean(value)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_global(env: EnvRef, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(env.push(jsval::ObjectValue(env.raw.global())))
    })
}

/// A number as the engine wants it: integers as such where they fit, one kind of NaN.
fn number(value: f64) -> sm::Value {
    let int = value as i32;
    if f64::from(int) == value && !(value == 0.0 && value.is_sign_negative()) {
        return jsval::Int32Value(int);
    }
    jsval::DoubleValue(if value.is_nan() { f64::NAN } else { value })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_double(env: EnvRef, value: f64, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(env.push(number(value)))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_int32(env: EnvRef, value: i32, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(env.push(jsval::Int32Value(value)))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_uint32(env: EnvRef, value: u32, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(env.push(number(f64::from(value))))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_int64(env: EnvRef, value: i64, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(env.push(number(value as f64)))
    })
}

/// The number of a value, or `napi_number_expected`.
fn number_of(value: Value) -> Result<f64, Status> {
    let value = value.get()?;
    if value.is_number() { Ok(value.to_number()) } else { Err(Status::NumberExpected) }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_double(env: EnvRef, value: Value, result: Out<'_, f64>) -> Status {
    call(env, |_env| {
        result.check()?;
        result.set(number_of(value)?)
    })
}

/// ECMA-262 ToInt32 of a number; 0 for what is not finite.
fn to_int32(number: f64) -> i32 {
    if !number.is_finite() {
        return 0;
    }
    number.trunc().rem_euclid(4_294_967_296.0) as u32 as i32
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_int32(env: EnvRef, value: Value, result: Out<'_, i32>) -> Status {
    call(env, |_env| {
        result.check()?;
        let raw = value.get()?;
        result.set(if raw.is_int32() { raw.to_int32() } else { to_int32(number_of(value)?) })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_uint32(env: EnvRef, value: Value, result: Out<'_, u32>) -> Status {
    call(env, |_env| {
        result.check()?;
        result.set(to_int32(number_of(value)?) as u32)
    })
}

/// Node docs: napi_get_value_int64: what is not finite is 0; what is out of range is the nearest, NaN aside.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_int64(env: EnvRef, value: Value, result: Out<'_, i64>) -> Status {
    call(env, |_env| {
        result.check()?;
        let number = number_of(value)?;
        result.set(if number.is_finite() { number as i64 } else { 0 })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_bool(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |_env| {
        result.check()?;
        result.set(value.local()?.as_bool().ok_or(Status::BooleanExpected)?)
    })
}

/// `napi_typeof`: numbers of `napi_valuetype`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_typeof(env: EnvRef, value: Value, result: Out<'_, i32>) -> Status {
    call(env, |_env| {
        result.check()?;
        let value = value.local()?;
        let kind = if value.is_undefined() {
            0
        } else if value.is_null() {
            1
        } else if value.is_bool() {
            2
        } else if value.is_number() {
            3
        } else if value.is_string() {
            4
        } else if value.is_symbol() {
            5
        } else if value.is_bigint() {
            9
        } else if value.is_function() {
            7
        } else if reference::is_external(value) {
            8
        } else if value.is_object() {
            6
        } else {
            return Err(Status::InvalidArg);
        };
        result.set(kind)
    })
}

// ---- coercion

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_coerce_to_bool(env: EnvRef, value: Value, result: Out<'_, Value>) -> Status {
    call_js(env, |_env| {
        result.check()?;
        let local = value.local()?;
        // SAFETY: a rooted value; ToBoolean runs no code.
        result.set(env::boolean(unsafe { mozjs::rust::ToBoolean(mozjs::rust::Handle::from_raw(raw::handle(local))) }))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_coerce_to_number(env: EnvRef, value: Value, result: Out<'_, Value>) -> Status {
    call_js(env, |env| {
        result.check()?;
        let local = value.local()?;
        let out = env.value(|sc| {
            let mut found = 0.0;
            let cx = RawContext::of(sc).cx();
            if let Some(known) = local.as_f64() {
                found = known;
            } else {
                // SAFETY: rooted; the out-parameter lives on our stack.
                raw::check(unsafe { sm::ToNumberSlow(cx, raw::handle(local), &mut found) })
                    .map_err(|thrown| Fail::ThrownAs(thrown, Status::NumberExpected))?;
            }
            Ok(raw::local(sc, number(found)))
        })?;
        result.set(out)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_coerce_to_object(env: EnvRef, value: Value, result: Out<'_, Value>) -> Status {
    call_js(env, |env| {
        result.check()?;
        let local = value.local()?;
        result.set(env.value(|sc| to_object(sc, local))?)
    })
}

/// ECMA-262 ToObject.
pub(crate) fn to_object<'s>(sc: &mut Scope<'s>, value: Local<'_>) -> Result<Local<'s>, Fail> {
    if value.is_object() {
        return Ok(raw::local(sc, raw::value(value)));
    }
    if value.is_nullish() {
        let thrown = sc.throw_type_error("Cannot convert undefined or null to object");
        return Err(Fail::ThrownAs(thrown, Status::ObjectExpected));
    }
    let cx = RawContext::of(sc).cx();
    // SAFETY: rooted; the result is rooted at once.
    let object = unsafe { sm::ToObjectSlow(cx, raw::handle(value), false) };
    raw::check(!object.is_null())?;
    Ok(raw::local(sc, jsval::ObjectValue(object)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_coerce_to_string(env: EnvRef, value: Value, result: Out<'_, Value>) -> Status {
    call_js(env, |env| {
        result.check()?;
        let local = value.local()?;
        result.set(
            env.value(|sc| sc.to_js_string(local).map_err(|thrown| Fail::ThrownAs(thrown, Status::StringExpected)))?,
        )
    })
}

// ---- strings in

fn check_size(units: usize) -> Result<(), Status> {
    if Scope::string_fits(units) { Ok(()) } else { Err(Status::GenericFailure) }
}

fn new_latin1(env: &Env, text: &[u8]) -> Result<Value, Status> {
    check_size(text.len())?;
    env.value(|sc| Ok(sc.string_latin1(text)))
}

fn new_utf8(env: &Env, text: &[u8]) -> Result<Value, Status> {
    check_size(text.len())?;
    env.value(|sc| Ok(sc.string_utf8_lossy(text)))
}

fn new_utf16(env: &Env, text: &[u16]) -> Result<Value, Status> {
    check_size(text.len())?;
    env.value(|sc| Ok(sc.string_utf16(text)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_string_latin1(
    env: EnvRef,
    text: List<'_, c_char>,
    length: usize,
    result: Out<'_, Value>,
) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(new_latin1(env, text.text(length)?)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_string_utf8(
    env: EnvRef,
    text: List<'_, c_char>,
    length: usize,
    result: Out<'_, Value>,
) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(new_utf8(env, text.text(length)?)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_string_utf16(
    env: EnvRef,
    text: List<'_, u16>,
    length: usize,
    result: Out<'_, Value>,
) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(new_utf16(env, text.text(length)?)?)
    })
}

/// Interned already by the engine at first use as a key, so a string does.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_create_property_key_latin1(
    env: EnvRef,
    text: List<'_, c_char>,
    length: usize,
    result: Out<'_, Value>,
) -> Status {
    call(env, |env| {
        result.check()?;
        let value = new_latin1(env, text.text(length)?)?;
        result.set(intern(env, value)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_create_property_key_utf8(
    env: EnvRef,
    text: List<'_, c_char>,
    length: usize,
    result: Out<'_, Value>,
) -> Status {
    call(env, |env| {
        result.check()?;
        let value = new_utf8(env, text.text(length)?)?;
        result.set(intern(env, value)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_create_property_key_utf16(
    env: EnvRef,
    text: List<'_, u16>,
    length: usize,
    result: Out<'_, Value>,
) -> Status {
    call(env, |env| {
        result.check()?;
        let value = new_utf16(env, text.text(length)?)?;
        result.set(intern(env, value)?)
    })
}

/// The engine's one copy of a string, which makes it quick to look up as a key.
fn intern(env: &Env, value: Value) -> Result<Value, Status> {
    let local = value.local()?;
    env.value(|sc| {
        let cx = RawContext::of(sc).cx();
        mozjs::rooted!(in(cx) let id = crate::objects::key_of(sc, local)?);
        let (key, out) = raw::out(sc);
        // SAFETY: rooted.
        raw::check(unsafe { sm::JS_IdToValue(cx, id.get(), out) })?;
        // The engine keeps array indices as numbers.
        Ok(if key.is_string() { key } else { raw::local(sc, raw::value(local)) })
    })
}

/// `node_api_create_external_string_latin1`: the characters are copied, and released at once, as the interface allows.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_create_external_string_latin1(
    env: EnvRef,
    text: List<'_, c_char>,
    length: usize,
    finalize: Option<Finalize>,
    hint: *mut c_void,
    result: Out<'_, Value>,
    copied: Out<'_, bool>,
) -> Status {
    call(env, |env| {
        result.check()?;
        let bytes = text.text(length)?;
        result.set(new_latin1(env, bytes)?)?;
        copied.set_if(true);
        if let Some(finalize) = finalize {
            let data = bytes.as_ptr().cast_mut().cast::<c_void>();
            // SAFETY: the addon's own function with its own data; the text is not used any more.
            env.run_addon(|| unsafe { finalize(env, data, hint) });
        }
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_create_external_string_utf16(
    env: EnvRef,
    text: List<'_, u16>,
    length: usize,
    finalize: Option<Finalize>,
    hint: *mut c_void,
    result: Out<'_, Value>,
    copied: Out<'_, bool>,
) -> Status {
    call(env, |env| {
        result.check()?;
        let units = text.text(length)?;
        result.set(new_utf16(env, units)?)?;
        copied.set_if(true);
        if let Some(finalize) = finalize {
            let data = units.as_ptr().cast_mut().cast::<c_void>();
            // SAFETY: the addon's own function with its own data; the text is not used any more.
            env.run_addon(|| unsafe { finalize(env, data, hint) });
        }
        Ok(())
    })
}

// ---- strings out

/// Lends the characters of a string, or `napi_string_expected`.
fn with_string<R>(env: &Env, value: Value, read: impl FnOnce(Chars<'_>) -> R) -> Result<R, Status> {
    let local = value.local()?;
    if !local.is_string() {
        return Err(Status::StringExpected);
    }
    env.scope(|sc| sc.with_chars(local, read).ok_or(Fail::Status(Status::GenericFailure)))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_string_latin1(
    env: EnvRef,
    value: Value,
    buffer: Room<'_, u8>,
    size: usize,
    result: Out<'_, usize>,
) -> Status {
    call(env, |env| {
        let count = with_string(env, value, |chars| {
            let length = match &chars {
                Chars::Latin1(bytes) => bytes.len(),
                Chars::Utf16(units) => units.len(),
            };
            if buffer.is_null() {
                return Some(length);
            }
            let count = length.min(size.checked_sub(1)?);
            match chars {
                Chars::Latin1(bytes) => buffer.put_all(&bytes[..count]),
                Chars::Utf16(units) => {
                    for (index, unit) in units[..count].iter().enumerate() {
                        buffer.put(index, *unit as u8);
                    }
                }
            }
            buffer.put(count, 0);
            Some(count)
        })?;
        text_result(buffer.is_null(), count, result)
    })
}

/// Without a buffer the length is wanted and its place must be given; an empty buffer takes nothing.
fn text_result(measured: bool, count: Option<usize>, result: Out<'_, usize>) -> Result<(), Status> {
    if measured {
        return result.set(count.unwrap_or(0));
    }
    result.set_if(count.unwrap_or(0));
    Ok(())
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_string_utf8(
    env: EnvRef,
    value: Value,
    buffer: Room<'_, u8>,
    size: usize,
    result: Out<'_, usize>,
) -> Status {
    call(env, |env| {
        let count = with_string(env, value, |chars| {
            if buffer.is_null() {
                return Some(utf8_length(&chars));
            }
            let room = size.checked_sub(1)?;
            let count = match chars {
                Chars::Latin1(bytes) if bytes.is_ascii() => {
                    let count = bytes.len().min(room);
                    buffer.put_all(&bytes[..count]);
                    count
                }
                Chars::Latin1(bytes) => put_utf8(buffer, room, bytes.iter().map(|byte| char::from(*byte))),
                Chars::Utf16(units) => put_utf8(
                    buffer,
                    room,
                    char::decode_utf16(units.iter().copied()).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)),
                ),
            };
            buffer.put(count, 0);
            Some(count)
        })?;
        text_result(buffer.is_null(), count, result)
    })
}

/// Whole characters only, as many as fit.
fn put_utf8(buffer: Room<'_, u8>, room: usize, chars: impl Iterator<Item = char>) -> usize {
    let mut count = 0;
    for next in chars {
        let mut bytes = [0; 4];
        let encoded = next.encode_utf8(&mut bytes).as_bytes();
        if count + encoded.len() > room {
            break;
        }
        for byte in encoded {
            buffer.put(count, *byte);
            count += 1;
        }
    }
    count
}

fn utf8_length(chars: &Chars<'_>) -> usize {
    match chars {
        Chars::Latin1(bytes) => bytes.iter().map(|byte| 1 + usize::from(*byte >> 7)).sum(),
        Chars::Utf16(units) => char::decode_utf16(units.iter().copied())
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER).len_utf8())
            .sum(),
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_string_utf16(
    env: EnvRef,
    value: Value,
    buffer: Room<'_, u16>,
    size: usize,
    result: Out<'_, usize>,
) -> Status {
    call(env, |env| {
        let count = with_string(env, value, |chars| {
            let length = match &chars {
                Chars::Latin1(bytes) => bytes.len(),
                Chars::Utf16(units) => units.len(),
            };
            if buffer.is_null() {
                return Some(length);
            }
            let count = length.min(size.checked_sub(1)?);
            match chars {
                Chars::Utf16(units) => buffer.put_all(&units[..count]),
                Chars::Latin1(bytes) => {
                    for (index, byte) in bytes[..count].iter().enumerate() {
                        buffer.put(index, u16::from(*byte));
                    }
                }
            }
            buffer.put(count, 0);
            Some(count)
        })?;
        text_result(buffer.is_null(), count, result)
    })
}

// ---- symbols

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_symbol(env: EnvRef, description: Value, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        let text = if description.is_null() { None } else { Some(description.local()?) };
        if text.is_some_and(|text| !text.is_string()) {
            return Err(Status::StringExpected);
        }
        let symbol = env.value(|sc| {
            let cx = RawContext::of(sc).cx();
            let raw_text = text.map_or(std::ptr::null_mut(), |text| raw::value(text).to_string());
            mozjs::rooted!(in(cx) let string = raw_text);
            // SAFETY: rooted; a null string means no description; the result is rooted at once.
            let symbol = unsafe { sm::NewSymbol(cx, string.handle().into()) };
            raw::check(!symbol.is_null())?;
            // SAFETY: not null.
            Ok(raw::local(sc, jsval::SymbolValue(unsafe { &*symbol })))
        })?;
        result.set(symbol)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_symbol_for(
    env: EnvRef,
    text: List<'_, c_char>,
    length: usize,
    result: Out<'_, Value>,
) -> Status {
    call(env, |env| {
        result.check()?;
        let text = String::from_utf8_lossy(text.text(length)?).into_owned();
        result.set(env.value(|sc| Ok(sc.symbol(&text, true)))?)
    })
}

// ---- dates

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_date(env: EnvRef, time: f64, result: Out<'_, Value>) -> Status {
    call_js(env, |env| {
        result.check()?;
        let date = env.value(|sc| {
            let cx = RawContext::of(sc).cx();
            // ECMA-262 TimeClip.
            let clipped = if time.is_finite() && time.abs() <= 8.64e15 { time.trunc() + 0.0 } else { f64::NAN };
            // SAFETY: allocation on the owning thread; rooted at once.
            let object = unsafe { sm::NewDateObject(cx, sm::ClippedTime { t: clipped }) };
            raw::check(!object.is_null())?;
            Ok(raw::local(sc, jsval::ObjectValue(object)))
        })?;
        result.set(date)
    })
}

fn is_date(env: &Env, value: Local<'_>) -> Result<bool, Status> {
    if !value.is_object() {
        return Ok(false);
    }
    env.scope(|sc| {
        let cx = RawContext::of(sc).cx();
        mozjs::rooted!(in(cx) let object = raw::object(value));
        let mut found = false;
        // SAFETY: rooted.
        raw::check(unsafe { sm::ObjectIsDate(cx, object.handle().into(), &mut found) })?;
        Ok(found)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_is_date(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(is_date(env, value.local()?)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_date_value(env: EnvRef, value: Value, result: Out<'_, f64>) -> Status {
    call_js(env, |env| {
        result.check()?;
        let value = value.local()?;
        if !is_date(env, value)? {
            return Err(Status::DateExpected);
        }
        let time = env.scope(|sc| {
            let cx = RawContext::of(sc).cx();
            mozjs::rooted!(in(cx) let object = raw::object(value));
            let mut time = 0.0;
            // SAFETY: rooted; a Date was checked.
            raw::check(unsafe { sm::DateGetMsecSinceEpoch(cx, object.handle().into(), &mut time) })?;
            Ok(time)
        })?;
        result.set(time)
    })
}

// ---- BigInts

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_bigint_int64(env: EnvRef, value: i64, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(env.value(|sc| Ok(sc.bigint_i64(value)))?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_bigint_uint64(env: EnvRef, value: u64, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(env.value(|sc| Ok(sc.bigint_u64(value)))?)
    })
}

/// The most 64-bit words of a BigInt. V8's limit, 2^24 bits.
const BIGINT_WORDS_MAX: usize = (1 << 24) / 64;

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_bigint_words(
    env: EnvRef,
    sign: i32,
    count: usize,
    words: List<'_, u64>,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        if words.is_null() {
            return Err(Status::InvalidArg);
        }
        result.check()?;
        if count > i32::MAX as usize {
            return Err(Status::InvalidArg);
        }
        let value = env.value(|sc| {
            if count > BIGINT_WORDS_MAX {
                return Err(sc.throw_range_error("Maximum BigInt size exceeded").into());
            }
            let words = words.items(count)?;
            let mut digits = String::with_capacity(count * 16 + 1);
            if sign != 0 {
                digits.push('-');
            }
            digits.push('0');
            for word in words.iter().rev() {
                digits.push_str(&format!("{word:016x}"));
            }
            // `mozilla::Span` is { size, pointer }.
            let cx = RawContext::of(sc).cx();
            // SAFETY: the span is valid during the call; the result is rooted at once.
            let bigint = unsafe {
                let span = std::mem::transmute::<[usize; 2], sm::__BindgenOpaqueArray<u64, 2>>([
                    digits.len(),
                    digits.as_ptr() as usize,
                ]);
                sm::SimpleStringToBigInt(cx, span, 16)
            };
            raw::check(!bigint.is_null())?;
            // SAFETY: not null.
            Ok(raw::local(sc, jsval::BigIntValue(unsafe { &*bigint })))
        })?;
        result.set(value)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_bigint_int64(
    env: EnvRef,
    value: Value,
    result: Out<'_, i64>,
    lossless: Out<'_, bool>,
) -> Status {
    call(env, |_env| {
        result.check()?;
        lossless.check()?;
        let value = value.get()?;
        if !value.is_bigint() {
            return Err(Status::BigintExpected);
        }
        let mut exact = 0;
        // SAFETY: a live BigInt; neither call collects.
        unsafe {
            let fits = sm::BigIntIsInt64(value.to_bigint(), &mut exact);
            lossless.set(fits)?;
            result.set(if fits { exact } else { sm::ToBigInt64(value.to_bigint()) })
        }
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_bigint_uint64(
    env: EnvRef,
    value: Value,
    result: Out<'_, u64>,
    lossless: Out<'_, bool>,
) -> Status {
    call(env, |_env| {
        result.check()?;
        lossless.check()?;
        let value = value.get()?;
        if !value.is_bigint() {
            return Err(Status::BigintExpected);
        }
        let mut exact = 0;
        // SAFETY: a live BigInt; neither call collects.
        unsafe {
            let fits = sm::BigIntIsUint64(value.to_bigint(), &mut exact);
            lossless.set(fits)?;
            result.set(if fits { exact } else { sm::ToBigUint64(value.to_bigint()) })
        }
    })
}

/// Sign and words, least first, of a BigInt.
fn bigint_words(env: &Env, value: Local<'_>) -> Result<(bool, Vec<u64>), Status> {
    env.scope(|sc| {
        let cx = RawContext::of(sc).cx();
        mozjs::rooted!(in(cx) let bigint = raw::value(value).to_bigint());
        // SAFETY: rooted; the result is rooted at once.
        let text = unsafe { sm::BigIntToString(cx, bigint.handle().into(), 16) };
        raw::check(!text.is_null())?;
        // SAFETY: not null.
        let text = raw::local(sc, jsval::StringValue(unsafe { &*text }));
        let text = sc.to_string(text)?;
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.as_str()),
        };
        let mut words = Vec::with_capacity(digits.len().div_ceil(16));
        if digits != "0" {
            for chunk in digits.as_bytes().rchunks(16) {
                let chunk = String::from_utf8_lossy(chunk);
                words.push(u64::from_str_radix(&chunk, 16).map_err(|_| Status::GenericFailure)?);
            }
        }
        Ok((negative, words))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_bigint_words(
    env: EnvRef,
    value: Value,
    sign: Out<'_, i32>,
    count: Out<'_, usize>,
    words: Room<'_, u64>,
) -> Status {
    call(env, |env| {
        let room = count.read()?;
        let local = value.local()?;
        if !local.is_bigint() {
            return Err(Status::BigintExpected);
        }
        let (negative, found) = bigint_words(env, local)?;
        if sign.is_null() && words.is_null() {
            return count.set(found.len());
        }
        if sign.is_null() || words.is_null() {
            return Err(Status::InvalidArg);
        }
        sign.set(i32::from(negative))?;
        words.put_all(&found[..found.len().min(room)]);
        count.set(found.len())
    })
}
