//! Objects and arrays: properties, names, attributes, comparisons.

use crate::env::{Env, Fail, call, call_js};
use crate::function;
use crate::types::{CONFIGURABLE, ENUMERABLE, EnvRef, List, Out, PropertyDescriptor, Status, Value, WRITABLE};
use crate::values::to_object;
use anode_engine::raw::{self, RawContext};
use anode_engine::{Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsid::VoidId;
use mozjs::jsval;
use mozjs::rust::IdVector;
use std::ffi::{CStr, c_char};
use std::ptr;

/// The bytes of a NUL-terminated name.
pub(crate) fn c_name<'a>(name: *const c_char) -> Result<&'a [u8], Status> {
    if name.is_null() {
        return Err(Status::InvalidArg);
    }
    // SAFETY: not null, so a NUL-terminated text that lives during the call, as the header says.
    Ok(unsafe { CStr::from_ptr(name) }.to_bytes())
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_object(env: EnvRef, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        // SAFETY: allocation on the owning thread; rooted at once.
        let object = unsafe { sm::JS_NewPlainObject(env.raw.cx()) };
        result.set(env.object(object)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_array(env: EnvRef, result: Out<'_, Value>) -> Status {
    napi_create_array_with_length(env, 0, result)
}

/// The longest array, in elements. ECMA-262: 2^32 - 1.
const ARRAY_LENGTH_MAX: usize = u32::MAX as usize;

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_array_with_length(env: EnvRef, length: usize, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        // V8 takes what is no length for 0.
        let length = if length > ARRAY_LENGTH_MAX { 0 } else { length };
        // SAFETY: allocation on the owning thread; rooted at once.
        let array = unsafe { sm::NewArrayObject1(env.raw.cx(), length) };
        result.set(env.object(array)?)
    })
}

impl Env {
    /// A handle of a fresh object; what a failed allocation threw becomes this environment's exception.
    pub(crate) fn object(&self, object: *mut sm::JSObject) -> Result<Value, Status> {
        if object.is_null() {
            return self.scope(|_sc| Ok(raw::check(false)?)).map(|()| Value::NULL);
        }
        Ok(self.push(jsval::ObjectValue(object)))
    }
}

/// The named key of an object.
pub(crate) fn key_of(sc: &mut Scope<'_>, key: Local<'_>) -> Result<sm::jsid, Fail> {
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let mut id = VoidId());
    // SAFETY: rooted in and out; the id is handed to a root before anything can collect.
    raw::check(unsafe { sm::JS_ValueToId(cx, raw::handle(key), id.handle_mut().into()) })?;
    Ok(id.get())
}

/// As `key_of`, from UTF-8.
pub(crate) fn key_of_text(sc: &mut Scope<'_>, name: &[u8]) -> Result<sm::jsid, Fail> {
    let cx = RawContext::of(sc).cx();
    if !name.is_ascii() {
        let text = sc.string_utf8_lossy(name);
        return key_of(sc, text);
    }
    mozjs::rooted!(in(cx) let mut id = VoidId());
    // SAFETY: the engine copies the bytes; everything is rooted.
    unsafe {
        let atom = sm::JS_AtomizeStringN(cx, name.as_ptr().cast(), name.len());
        raw::check(!atom.is_null())?;
        mozjs::rooted!(in(cx) let atom = atom);
        raw::check(sm::JS_StringToId(cx, atom.handle().into(), id.handle_mut().into()))?;
    }
    Ok(id.get())
}

/// `object[id]` and so on, with everything rooted.
fn get<'s>(sc: &mut Scope<'s>, object: Local<'_>, id: sm::jsid) -> Result<Local<'s>, Fail> {
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let id = id);
    let object = to_object(sc, object)?;
    mozjs::rooted!(in(cx) let target = raw::object(object));
    let (value, out) = raw::out(sc);
    // SAFETY: rooted.
    raw::check(unsafe { sm::JS_GetPropertyById(cx, target.handle().into(), id.handle().into(), out) })?;
    Ok(value)
}

/// Assigns as sloppy code does: a property that cannot be written stays, without an error.
fn set(sc: &mut Scope<'_>, object: Local<'_>, id: sm::jsid, value: Local<'_>) -> Result<(), Fail> {
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let id = id);
    let object = to_object(sc, object)?;
    mozjs::rooted!(in(cx) let target = raw::object(object));
    let mut outcome = sm::ObjectOpResult { code_: 0 };
    // SAFETY: rooted.
    raw::check(unsafe {
        sm::JS_ForwardSetPropertyTo(
            cx,
            target.handle().into(),
            id.handle().into(),
            raw::handle(value),
            raw::handle(object),
            &mut outcome,
        )
    })?;
    Ok(())
}

fn has(sc: &mut Scope<'_>, object: Local<'_>, id: sm::jsid) -> Result<bool, Fail> {
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let id = id);
    let object = to_object(sc, object)?;
    mozjs::rooted!(in(cx) let target = raw::object(object));
    let mut found = false;
    // SAFETY: rooted.
    raw::check(unsafe { sm::JS_HasPropertyById(cx, target.handle().into(), id.handle().into(), &mut found) })?;
    Ok(found)
}

/// Deletes as sloppy code does; whether the property is gone.
fn delete(sc: &mut Scope<'_>, object: Local<'_>, id: sm::jsid) -> Result<bool, Fail> {
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let id = id);
    let object = to_object(sc, object)?;
    mozjs::rooted!(in(cx) let target = raw::object(object));
    let mut outcome = sm::ObjectOpResult { code_: 0 };
    // SAFETY: rooted.
    raw::check(unsafe { sm::JS_DeletePropertyById(cx, target.handle().into(), id.handle().into(), &mut outcome) })?;
    Ok(outcome.code_ == 0)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_set_property(env: EnvRef, object: Value, key: Value, value: Value) -> Status {
    call_js(env, |env| {
        let (object, key, value) = (object.local()?, key.local()?, value.local()?);
        env.scope(|sc| {
            let id = key_of(sc, key)?;
            set(sc, object, id, value)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_has_property(env: EnvRef, object: Value, key: Value, result: Out<'_, bool>) -> Status {
    call_js(env, |env| {
        result.check()?;
        let (object, key) = (object.local()?, key.local()?);
        result.set(env.scope(|sc| {
            let id = key_of(sc, key)?;
            has(sc, object, id)
        })?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_property(env: EnvRef, object: Value, key: Value, result: Out<'_, Value>) -> Status {
    call_js(env, |env| {
        result.check()?;
        let (object, key) = (object.local()?, key.local()?);
        result.set(env.value(|sc| {
            let id = key_of(sc, key)?;
            get(sc, object, id)
        })?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_delete_property(env: EnvRef, object: Value, key: Value, result: Out<'_, bool>) -> Status {
    call_js(env, |env| {
        let (object, key) = (object.local()?, key.local()?);
        let gone = env.scope(|sc| {
            let id = key_of(sc, key)?;
            delete(sc, object, id)
        })?;
        result.set_if(gone);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_has_own_property(
    env: EnvRef,
    object: Value,
    key: Value,
    result: Out<'_, bool>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let (object, key) = (object.local()?, key.local()?);
        let found = env.scope(|sc| {
            let object = to_object(sc, object)?;
            if !key.is_string() && !key.is_symbol() {
                return Err(Status::NameExpected.into());
            }
            let id = key_of(sc, key)?;
            let cx = RawContext::of(sc).cx();
            mozjs::rooted!(in(cx) let id = id);
            mozjs::rooted!(in(cx) let target = raw::object(object));
            let mut found = false;
            // SAFETY: rooted.
            raw::check(unsafe {
                sm::JS_HasOwnPropertyById(cx, target.handle().into(), id.handle().into(), &mut found)
            })?;
            Ok(found)
        })?;
        result.set(found)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_set_named_property(
    env: EnvRef,
    object: Value,
    name: *const c_char,
    value: Value,
) -> Status {
    call_js(env, |env| {
        let (object, name, value) = (object.local()?, c_name(name)?, value.local()?);
        env.scope(|sc| {
            let id = key_of_text(sc, name)?;
            set(sc, object, id, value)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_has_named_property(
    env: EnvRef,
    object: Value,
    name: *const c_char,
    result: Out<'_, bool>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let (object, name) = (object.local()?, c_name(name)?);
        result.set(env.scope(|sc| {
            let id = key_of_text(sc, name)?;
            has(sc, object, id)
        })?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_named_property(
    env: EnvRef,
    object: Value,
    name: *const c_char,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let (object, name) = (object.local()?, c_name(name)?);
        result.set(env.value(|sc| {
            let id = key_of_text(sc, name)?;
            get(sc, object, id)
        })?)
    })
}

/// Indices up to here are integer keys of the engine; the rest become strings on their way.
fn index_key(sc: &mut Scope<'_>, index: u32) -> Result<sm::jsid, Fail> {
    let value = raw::local(sc, jsval::UInt32Value(index));
    key_of(sc, value)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_set_element(env: EnvRef, object: Value, index: u32, value: Value) -> Status {
    call_js(env, |env| {
        let (object, value) = (object.local()?, value.local()?);
        env.scope(|sc| {
            let id = index_key(sc, index)?;
            set(sc, object, id, value)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_has_element(env: EnvRef, object: Value, index: u32, result: Out<'_, bool>) -> Status {
    call_js(env, |env| {
        result.check()?;
        let object = object.local()?;
        result.set(env.scope(|sc| {
            let id = index_key(sc, index)?;
            has(sc, object, id)
        })?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_element(env: EnvRef, object: Value, index: u32, result: Out<'_, Value>) -> Status {
    call_js(env, |env| {
        result.check()?;
        let object = object.local()?;
        result.set(env.value(|sc| {
            let id = index_key(sc, index)?;
            get(sc, object, id)
        })?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_delete_element(env: EnvRef, object: Value, index: u32, result: Out<'_, bool>) -> Status {
    call_js(env, |env| {
        let object = object.local()?;
        let gone = env.scope(|sc| {
            let id = index_key(sc, index)?;
            delete(sc, object, id)
        })?;
        result.set_if(gone);
        Ok(())
    })
}

// ---- names

const KEY_WRITABLE: i32 = 1;
const KEY_ENUMERABLE: i32 = 1 << 1;
const KEY_CONFIGURABLE: i32 = 1 << 2;
const KEY_SKIP_STRINGS: i32 = 1 << 3;
const KEY_SKIP_SYMBOLS: i32 = 1 << 4;
/// `napi_key_collection_mode`
const KEY_INCLUDE_PROTOTYPES: i32 = 0;
/// `napi_key_conversion`
const KEY_NUMBERS_TO_STRINGS: i32 = 1;

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_property_names(env: EnvRef, object: Value, result: Out<'_, Value>) -> Status {
    napi_get_all_property_names(
        env,
        object,
        KEY_INCLUDE_PROTOTYPES,
        KEY_ENUMERABLE | KEY_SKIP_SYMBOLS,
        KEY_NUMBERS_TO_STRINGS,
        result,
    )
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_all_property_names(
    env: EnvRef,
    object: Value,
    mode: i32,
    filter: i32,
    conversion: i32,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let object = object.local()?;
        if !(0..=1).contains(&mode) || !(0..=1).contains(&conversion) {
            return Err(Status::InvalidArg);
        }
        result.set(env.value(|sc| {
            let object = to_object(sc, object)?;
            let names = names_of(sc, object, mode, filter, conversion)?;
            Ok(sc.array(&names))
        })?)
    })
}

fn names_of<'s>(
    sc: &mut Scope<'s>,
    object: Local<'s>,
    mode: i32,
    filter: i32,
    conversion: i32,
) -> Result<Vec<Local<'s>>, Fail> {
    let cx = RawContext::of(sc).cx();
    let mut flags = if mode == KEY_INCLUDE_PROTOTYPES { 0 } else { sm::JSITER_OWNONLY };
    if filter & KEY_ENUMERABLE == 0 {
        flags |= sm::JSITER_HIDDEN;
    }
    if filter & KEY_SKIP_SYMBOLS == 0 {
        flags |= sm::JSITER_SYMBOLS;
    }
    mozjs::rooted!(in(cx) let target = raw::object(object));
    let mut names = Vec::new();
    // SAFETY: everything is rooted; ids are turned into rooted values one by one, the vector roots the rest.
    unsafe {
        let mut wrapper = mozjs::context::JSContext::from_ptr(ptr::NonNull::new_unchecked(cx));
        let mut ids = IdVector::new(&mut wrapper);
        raw::check(sm::GetPropertyKeys(cx, target.handle().into(), flags, ids.handle_mut()))?;
        for index in 0..ids.len() {
            mozjs::rooted!(in(cx) let id = ids[index]);
            let (key, out) = raw::out(sc);
            raw::check(sm::JS_IdToValue(cx, id.get(), out))?;
            let skip = if key.is_symbol() { KEY_SKIP_SYMBOLS } else { KEY_SKIP_STRINGS };
            if filter & skip != 0 || !has_attributes(sc, object, id.get(), filter)? {
                continue;
            }
            names.push(if key.is_number() && conversion == KEY_NUMBERS_TO_STRINGS {
                sc.to_js_string(key)?
            } else {
                key
            });
        }
    }
    Ok(names)
}

/// Whether the property, wherever on the prototype chain it stands, is writable and configurable as the filter asks.
fn has_attributes(sc: &mut Scope<'_>, object: Local<'_>, id: sm::jsid, filter: i32) -> Result<bool, Fail> {
    if filter & (KEY_WRITABLE | KEY_CONFIGURABLE) == 0 {
        return Ok(true);
    }
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let id = id);
    let (key, out) = raw::out(sc);
    // SAFETY: rooted.
    raw::check(unsafe { sm::JS_IdToValue(cx, id.get(), out) })?;
    let global = sc.global();
    let class = sc.get(global, "Object")?;
    let lookup = sc.get(class, "getOwnPropertyDescriptor")?;
    let mut target = raw::local(sc, raw::value(object));
    while target.is_object() {
        let descriptor = sc.call(lookup, class, &[target, key])?;
        if descriptor.is_object() {
            // An accessor counts as writable, as in V8.
            let writable = sc.get(descriptor, "writable")?;
            let configurable = sc.get(descriptor, "configurable")?;
            return Ok((filter & KEY_WRITABLE == 0 || writable.is_undefined() || writable.is_true())
                && (filter & KEY_CONFIGURABLE == 0 || configurable.is_true()));
        }
        target = sc.prototype(target)?;
    }
    Ok(true)
}

// ---- attributes

/// Flags of the engine for attributes of Node-API.
fn attribute_flags(attributes: i32, accessor: bool) -> u32 {
    let mut flags = 0;
    if attributes & ENUMERABLE != 0 {
        flags |= sm::JSPROP_ENUMERATE as u32;
    }
    if attributes & CONFIGURABLE == 0 {
        flags |= sm::JSPROP_PERMANENT as u32;
    }
    if attributes & WRITABLE == 0 && !accessor {
        flags |= sm::JSPROP_READONLY as u32;
    }
    flags
}

/// Defines what `property` says on `target`. `class` is the number of the class whose method it is, or 0; methods of classes
/// bear the property's name.
pub(crate) fn define(
    env: &Env,
    sc: &mut Scope<'_>,
    target: Local<'_>,
    property: &PropertyDescriptor,
    class: i32,
) -> Result<(), Fail> {
    let cx = RawContext::of(sc).cx();
    mozjs::rooted!(in(cx) let mut id = VoidId());
    if property.utf8name.is_null() {
        let name = property.name.local()?;
        if !name.is_string() && !name.is_symbol() {
            return Err(Status::NameExpected.into());
        }
        id.set(key_of(sc, name)?);
    } else {
        id.set(key_of_text(sc, c_name(property.utf8name)?)?);
    }
    mozjs::rooted!(in(cx) let object = raw::object(target));
    if property.getter.is_some() || property.setter.is_some() {
        let mut make = |callback| match callback {
            Some(callback) => function::make(env, sc, b"", callback, property.data, 0).map(raw::value),
            None => Ok(jsval::NullValue()),
        };
        let getter = make(property.getter)?;
        mozjs::rooted!(in(cx) let getter = getter.to_object_or_null());
        let setter = make(property.setter)?;
        mozjs::rooted!(in(cx) let setter = setter.to_object_or_null());
        mozjs::rooted!(in(cx) let mut descriptor = sm::PropertyDescriptor::default());
        let flags = attribute_flags(property.attributes, true);
        // SAFETY: everything is rooted; a null getter or setter means none.
        unsafe {
            glue::SetAccessorPropertyDescriptor(
                descriptor.handle_mut().into(),
                getter.handle().into(),
                setter.handle().into(),
                flags,
            );
        }
        return define_as(cx, object.handle().into(), id.handle().into(), descriptor.handle().into());
    }
    let value = match property.method {
        Some(method) => {
            let name = if class != 0 && !property.utf8name.is_null() { c_name(property.utf8name)? } else { b"" };
            function::make(env, sc, name, method, property.data, class)?
        }
        None => raw::local(sc, property.value.get()?),
    };
    let flags = attribute_flags(property.attributes, false);
    mozjs::rooted!(in(cx) let mut descriptor = sm::PropertyDescriptor::default());
    // SAFETY: everything is rooted.
    unsafe { glue::SetDataPropertyDescriptor(descriptor.handle_mut().into(), raw::handle(value), flags) };
    define_as(cx, object.handle().into(), id.handle().into(), descriptor.handle().into())
}

/// Defines a property; where that is not allowed the argument was wrong, as V8 does not throw then.
fn define_as(
    cx: *mut sm::JSContext,
    object: sm::HandleObject,
    id: sm::HandleId,
    descriptor: sm::Handle<sm::PropertyDescriptor>,
) -> Result<(), Fail> {
    let mut outcome = sm::ObjectOpResult { code_: 0 };
    // SAFETY: the caller rooted everything.
    raw::check(unsafe { sm::JS_DefinePropertyById(cx, object, id, descriptor, &mut outcome) })?;
    if outcome.code_ == 0 { Ok(()) } else { Err(Status::InvalidArg.into()) }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_define_properties(
    env: EnvRef,
    object: Value,
    count: usize,
    properties: List<'_, PropertyDescriptor>,
) -> Status {
    call_js(env, |env| {
        let object = object.local()?;
        let properties = properties.items(count)?;
        env.scope(|sc| {
            let object = to_object(sc, object)?;
            for property in properties {
                sc.nested(|sc| define(env, sc, object, property, 0))?;
            }
            Ok(())
        })
    })
}

/// Calls a function of the global `Object`, as its makers left it.
fn integrity(env: EnvRef, object: Value, freeze: bool) -> Status {
    call_js(env, |env| {
        let object = object.local()?;
        env.scope(|sc| {
            let object = to_object(sc, object)?;
            let cx = RawContext::of(sc).cx();
            if freeze {
                mozjs::rooted!(in(cx) let target = raw::object(object));
                // SAFETY: rooted.
                raw::check(unsafe { sm::JS_FreezeObject(cx, target.handle().into()) })?;
                return Ok(());
            }
            let global = sc.global();
            let constructor = sc.get(global, "Object")?;
            let seal = sc.get(constructor, "seal")?;
            sc.call(seal, constructor, &[object])?;
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_object_freeze(env: EnvRef, object: Value) -> Status {
    integrity(env, object, true)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_object_seal(env: EnvRef, object: Value) -> Status {
    integrity(env, object, false)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_prototype(env: EnvRef, object: Value, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        let object = object.local()?;
        result.set(env.value(|sc| {
            let object = to_object(sc, object)?;
            Ok(sc.prototype(object)?)
        })?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_set_prototype(env: EnvRef, object: Value, prototype: Value) -> Status {
    call_js(env, |env| {
        let (object, prototype) = (object.local()?, prototype.local()?);
        env.scope(|sc| {
            let object = to_object(sc, object)?;
            Ok(sc.set_prototype(object, prototype)?)
        })
    })
}

// ---- arrays, comparisons

fn is_array(env: &Env, value: Local<'_>) -> Result<bool, Status> {
    if !value.is_object() {
        return Ok(false);
    }
    env.scope(|sc| {
        let cx = RawContext::of(sc).cx();
        let mut found = false;
        // SAFETY: rooted.
        raw::check(unsafe { sm::IsArrayObject(cx, raw::handle(value), &mut found) })?;
        Ok(found)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_is_array(env: EnvRef, value: Value, result: Out<'_, bool>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(is_array(env, value.local()?)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_array_length(env: EnvRef, value: Value, result: Out<'_, u32>) -> Status {
    call(env, |env| {
        result.check()?;
        let value = value.local()?;
        if !is_array(env, value)? {
            return Err(Status::ArrayExpected);
        }
        result.set(env.scope(|sc| Ok(sc.array_length(value)))?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_strict_equals(env: EnvRef, left: Value, right: Value, result: Out<'_, bool>) -> Status {
    call_js(env, |env| {
        result.check()?;
        let (left, right) = (left.local()?, right.local()?);
        result.set(env.scope(|sc| {
            let cx = RawContext::of(sc).cx();
            let mut same = false;
            // SAFETY: rooted.
            raw::check(unsafe { sm::StrictlyEqual(cx, raw::handle(left), raw::handle(right), &mut same) })?;
            Ok(same)
        })?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_instanceof(
    env: EnvRef,
    object: Value,
    constructor: Value,
    result: Out<'_, bool>,
) -> Status {
    call_js(env, |env| {
        result.set(false)?;
        let object = object.local()?;
        let constructor = constructor.local()?;
        let found = env.scope(|sc| {
            let constructor = to_object(sc, constructor)?;
            if !constructor.is_function() {
                let error = crate::errors::make(
                    sc,
                    anode_engine::ErrorClass::TypeError,
                    Some("ERR_NAPI_CONS_FUNCTION"),
                    "Constructor must be a function",
                )?;
                env.set_exception(sc, error);
                return Err(Status::FunctionExpected.into());
            }
            let cx = RawContext::of(sc).cx();
            mozjs::rooted!(in(cx) let class = raw::object(constructor));
            let mut found = false;
            // SAFETY: rooted.
            raw::check(unsafe { sm::JS_HasInstance(cx, class.handle().into(), raw::handle(object), &mut found) })?;
            Ok(found)
        })?;
        result.set(found)
    })
}
