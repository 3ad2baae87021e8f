//! Binding of `node:util`: what JavaScript cannot see of its own values, encodings and the width of text.
//!
//! Arguments were checked in `js/`; nonsense gets `undefined`, never a panic.

#![forbid(unsafe_code)]

mod encoding;
mod inspect;

use anode_runtime::{Args, Builtin, JsResult, Scope};

/// The binding `util`.
pub static BUILTIN: Builtin = Builtin {
    name: "util",
    functions: &[
        ("collectionIterator", inspect::collection_iterator),
        ("createDecoder", encoding::create_decoder),
        ("decode", encoding::decode),
        ("decodeUtf8", encoding::decode_utf8),
        ("encodeInto", encoding::encode_into),
        ("encodeUtf8", encoding::encode_utf8),
        ("encodingName", encoding::encoding_name),
        ("getConstructorName", inspect::constructor_name),
        ("getOwnNonIndexProperties", inspect::own_non_index_properties),
        ("getPromiseDetails", inspect::promise_details),
        ("getProxyDetails", inspect::proxy_details),
        ("kindOf", inspect::kind_of),
        ("markPromiseAsHandled", mark_promise_as_handled),
        ("stringWidth", string_width),
        ("traceSigint", trace_sigint),
        ("weakKeys", inspect::weak_keys),
    ],
    init: None,
};

/// `markPromiseAsHandled(promise)`: a rejection of it is nobody's concern.
fn mark_promise_as_handled<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.mark_promise_handled(args.get(0))?;
    Ok(sc.undefined())
}

/// `stringWidth(text)`: columns on a terminal.
fn string_width<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let units = sc.to_utf16(args.get(0))?;
    let characters = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    let width = anode_util_pure::width(characters);
    Ok(sc.number(width as f64))
}

/// `traceSigint(on)`: see the engine's `trace_sigint`.
fn trace_sigint<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let done = sc.trace_sigint(args.get(0).is_true());
    Ok(sc.boolean(done))
}
