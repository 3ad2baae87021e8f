//! For `util.inspect` and `util.types`: kinds of objects and what they hide.

use anode_engine::ViewKind;
use anode_runtime::{Args, JsResult, Local, Scope};

// The numbers of js/internal/types.js.
const PRIMITIVE: i32 = -1;
const OTHER: i32 = 0;
const PROXY: i32 = 1;
const ARRAY: i32 = 2;
const SET: i32 = 3;
const MAP: i32 = 4;
const TYPED_ARRAY: i32 = 5;
const MAP_ITERATOR: i32 = 6;
const SET_ITERATOR: i32 = 7;
const FUNCTION: i32 = 8;
const ARGUMENTS: i32 = 9;
const REGEXP: i32 = 10;
const DATE: i32 = 11;
const ERROR: i32 = 12;
const ARRAY_BUFFER: i32 = 13;
const SHARED_ARRAY_BUFFER: i32 = 14;
const DATA_VIEW: i32 = 15;
const PROMISE: i32 = 16;
const WEAK_SET: i32 = 17;
const WEAK_MAP: i32 = 18;
const MODULE_NAMESPACE: i32 = 19;
const NUMBER_OBJECT: i32 = 20;
const STRING_OBJECT: i32 = 21;
const BOOLEAN_OBJECT: i32 = 22;
const BIGINT_OBJECT: i32 = 23;
const SYMBOL_OBJECT: i32 = 24;
const EXTERNAL: i32 = 25;
const GENERATOR: i32 = 26;

/// `kindOf(value)`: one of the numbers above.
pub(crate) fn kind_of<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let kind = kind(sc, args.get(0));
    Ok(sc.int(kind))
}

fn kind(sc: &Scope<'_>, value: Local<'_>) -> i32 {
    if !value.is_object() {
        return PRIMITIVE;
    }
    // The engine's names of its classes; a prototype has another name than its instances.
    match sc.class_name(value) {
        Some("Object") => OTHER,
        Some("Array") => ARRAY,
        Some("Function" | "BoundFunctionObject") => FUNCTION,
        Some("External") => EXTERNAL,
        Some("Proxy") => PROXY,
        Some("Map") => MAP,
        Some("Set") => SET,
        Some("Map Iterator") => MAP_ITERATOR,
        Some("Set Iterator") => SET_ITERATOR,
        Some("Arguments") => ARGUMENTS,
        Some("RegExp") => REGEXP,
        Some("Date") => DATE,
        Some(
            "AggregateError" | "CompileError" | "Error" | "EvalError" | "InternalError" | "LinkError" | "RangeError"
            | "ReferenceError" | "RuntimeError" | "SuppressedError" | "SyntaxError" | "TypeError" | "URIError",
        ) => ERROR,
        Some("ArrayBuffer") => ARRAY_BUFFER,
        Some("SharedArrayBuffer") => SHARED_ARRAY_BUFFER,
        Some("DataView") => DATA_VIEW,
        Some("Promise") => PROMISE,
        Some("WeakSet") => WEAK_SET,
        Some("WeakMap") => WEAK_MAP,
        Some("Module") => MODULE_NAMESPACE,
        Some("Number") => NUMBER_OBJECT,
        Some("String") => STRING_OBJECT,
        Some("Boolean") => BOOLEAN_OBJECT,
        Some("BigInt") => BIGINT_OBJECT,
        Some("Symbol") => SYMBOL_OBJECT,
        Some("AsyncGenerator" | "Generator") => GENERATOR,
        _ => match sc.view_kind(value) {
            Some(ViewKind::ArrayBuffer) => ARRAY_BUFFER,
            Some(ViewKind::SharedArrayBuffer) => SHARED_ARRAY_BUFFER,
            Some(ViewKind::View) => TYPED_ARRAY,
            None if value.is_function() => FUNCTION,
            None => OTHER,
        },
    }
}

/// `getProxyDetails(value)`: `[target, handler]`, both null when revoked; undefined for what is no Proxy.
pub(crate) fn proxy_details<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let value = args.get(0);
    if kind(sc, value) != PROXY {
        return Ok(sc.undefined());
    }
    match sc.proxy_details(value) {
        Some((target, handler)) => Ok(sc.array(&[target, handler])),
        None => Ok(sc.undefined()),
    }
}

/// `getPromiseDetails(promise)`: `[state, result]`; 0 pending, 1 fulfilled, 2 rejected.
pub(crate) fn promise_details<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let Some((state, result)) = sc.promise_state(args.get(0)) else { return Ok(sc.undefined()) };
    let state = sc.int(i32::from(state));
    Ok(sc.array(&[state, result]))
}

/// `collectionIterator(iterator)`: `[collection, kind, passed]` (0 keys, 1 values, 2 entries); undefined when finished.
pub(crate) fn collection_iterator<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let Some((target, kind, passed)) = sc.collection_iterator(args.get(0)) else { return Ok(sc.undefined()) };
    let kind = sc.number(f64::from(kind));
    let passed = sc.number(f64::from(passed));
    Ok(sc.array(&[target, kind, passed]))
}

/// `weakKeys(collection)`: a list of the living keys of a WeakMap or WeakSet.
pub(crate) fn weak_keys<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.weak_keys(args.get(0))
}

/// `getOwnNonIndexProperties(object, onlyEnumerable)`: own keys but array indices.
pub(crate) fn own_non_index_properties<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let object = args.get(0);
    if !object.is_object() {
        return Ok(sc.array(&[]));
    }
    let keys = sc.own_non_index_keys(object, !args.get(1).is_true())?;
    Ok(sc.array(&keys))
}

/// `getConstructorName(object)`: the engine's name for the class of an object without a constructor.
pub(crate) fn constructor_name<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = sc.class_name(args.get(0)).unwrap_or("Object");
    // A class of ours or of the engine's inside is an ordinary object to users.
    let name = if name.contains('.') || name.starts_with("anode") { "Object" } else { name };
    Ok(sc.string(name))
}
