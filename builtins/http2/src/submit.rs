//! What JavaScript submits.

use crate::session;
use anode_engine::Chars;
use anode_http2_pure::{Fields, SubmitError};
use anode_runtime::{Args, JsResult, Local, Scope, Thrown};

/// One byte per character: what is beyond Latin-1 loses its high byte, as in Node.
fn latin1(sc: &mut Scope<'_>, value: Local<'_>, out: &mut Vec<u8>) -> Result<(), Thrown> {
    out.clear();
    let value = if value.is_string() { value } else { sc.to_js_string(value)? };
    sc.with_chars(value, |chars| match chars {
        Chars::Latin1(bytes) => out.extend_from_slice(bytes),
        Chars::Utf16(units) => out.extend(units.iter().map(|unit| *unit as u8)),
    });
    Ok(())
}

/// `list`: names and values in a row; `sensitive`: an array of names, or `undefined`.
fn fields(sc: &mut Scope<'_>, list: Local<'_>, sensitive: Local<'_>) -> Result<Fields, Thrown> {
    let mut names = Vec::new();
    if sensitive.is_object() {
        for item in sc.array_items(sensitive)? {
            let mut name = Vec::new();
            latin1(sc, item, &mut name)?;
            names.push(name);
        }
    }
    let mut fields = Fields::default();
    let (mut name, mut value) = (Vec::new(), Vec::new());
    for index in 0..sc.array_length(list) / 2 {
        let item = sc.get_index(list, index * 2)?;
        latin1(sc, item, &mut name)?;
        let item = sc.get_index(list, index * 2 + 1)?;
        latin1(sc, item, &mut value)?;
        fields.push(&name, &value, names.contains(&name));
    }
    Ok(fields)
}

fn id_of(value: Local<'_>) -> u32 {
    value.as_f64().unwrap_or(0.0) as u32
}

fn answer<'s>(sc: &mut Scope<'s>, result: Result<u32, SubmitError>) -> JsResult<'s> {
    Ok(sc.number(result.map_or_else(|error| f64::from(error as i32), f64::from)))
}

/// `request(list, sensitive, end)`: the stream's number, or a negative one that says why not.
pub(crate) fn request<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let fields = fields(sc, args.get(0), args.get(1))?;
    let result = state.0.borrow_mut().submit_request(fields, args.get(2).is_true());
    answer(sc, result)
}

/// `headers(id, list, sensitive, end)`: 0, or a negative number.
pub(crate) fn headers<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let fields = fields(sc, args.get(1), args.get(2))?;
    let result = state.0.borrow_mut().submit_headers(id_of(args.get(0)), &fields, args.get(3).is_true());
    answer(sc, result.map(|()| 0))
}

/// `push(parent, list, sensitive)`: the promised stream's number, or a negative one.
pub(crate) fn push<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let fields = fields(sc, args.get(1), args.get(2))?;
    let result = state.0.borrow_mut().submit_push(id_of(args.get(0)), &fields);
    answer(sc, result)
}

/// `write(id, chunk, latin1)`: bytes, or a string as UTF-8 or Latin-1. How many bytes; -1 if the stream takes no more.
pub(crate) fn write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let chunk = args.get(1);
    let bytes = if !chunk.is_string() {
        sc.copy_bytes(chunk).unwrap_or_default()
    } else if args.get(2).is_true() {
        let mut bytes = Vec::new();
        latin1(sc, chunk, &mut bytes)?;
        bytes
    } else {
        sc.to_utf8(chunk)?
    };
    let length = bytes.len();
    let taken = state.0.borrow_mut().write(id_of(args.get(0)), bytes);
    Ok(sc.number(if taken { length as f64 } else { -1.0 }))
}

/// `end(id, trailers)`
pub(crate) fn end<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    session(sc, args)?.0.borrow_mut().end(id_of(args.get(0)), args.get(1).is_true());
    Ok(sc.undefined())
}

/// `endWithoutTrailers(id)`
pub(crate) fn end_without_trailers<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    session(sc, args)?.0.borrow_mut().end_without_trailers(id_of(args.get(0)));
    Ok(sc.undefined())
}

/// `reset(id, code)`: what was written before goes out before it, as far as flow control permits.
pub(crate) fn reset<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let mut session = state.0.borrow_mut();
    session.pump();
    session.reset(id_of(args.get(0)), id_of(args.get(1)));
    Ok(sc.undefined())
}

/// `reading(id, on)`
pub(crate) fn reading<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    session(sc, args)?.0.borrow_mut().set_reading(id_of(args.get(0)), args.get(1).is_true());
    Ok(sc.undefined())
}

/// `settings(list)`: numbers and values in a row. False if one is not allowed.
pub(crate) fn settings<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let mut entries = Vec::new();
    for index in 0..sc.array_length(args.get(0)) / 2 {
        let id = sc.get_index(args.get(0), index * 2)?;
        let value = sc.get_index(args.get(0), index * 2 + 1)?;
        entries.push((id_of(id) as u16, id_of(value)));
    }
    let good = state.0.borrow_mut().submit_settings(entries);
    Ok(sc.boolean(good))
}

/// `ping(payload)`: false if too many wait for an answer.
pub(crate) fn ping<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let payload = sc.copy_bytes(args.get(0)).unwrap_or_default();
    let Ok(payload) = <[u8; 8]>::try_from(payload) else { return Err(sc.throw_type_error("Illegal invocation")) };
    let good = state.0.borrow_mut().submit_ping(payload);
    Ok(sc.boolean(good))
}

/// `goaway(code, last, data, after)`: a `last` of 0 or less means the last one that was looked at; `after`: what was written
/// goes out before.
pub(crate) fn goaway<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let data = sc.copy_bytes(args.get(2)).unwrap_or_default();
    let last = args.get(1).as_f64().filter(|last| *last > 0.0).map(|last| last as u32);
    if args.get(3).is_true() {
        state.0.borrow_mut().pump();
    }
    state.0.borrow_mut().submit_goaway(id_of(args.get(0)), last, &data);
    Ok(sc.undefined())
}

/// `altsvc(id, origin, value)`
pub(crate) fn altsvc<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let (mut origin, mut value) = (Vec::new(), Vec::new());
    latin1(sc, args.get(1), &mut origin)?;
    latin1(sc, args.get(2), &mut value)?;
    state.0.borrow_mut().submit_altsvc(id_of(args.get(0)), &origin, &value);
    Ok(sc.undefined())
}

/// `origin(list)`
pub(crate) fn origin<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let mut origins = Vec::new();
    for item in sc.array_items(args.get(0))? {
        let mut origin = Vec::new();
        latin1(sc, item, &mut origin)?;
        origins.push(origin);
    }
    state.0.borrow_mut().submit_origin(origins.iter().map(Vec::as_slice));
    Ok(sc.undefined())
}

/// `setNextId(id)`: false if it is none of ours, or was used.
pub(crate) fn set_next_id<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let good = session(sc, args)?.0.borrow_mut().set_next_id(id_of(args.get(0)));
    Ok(sc.boolean(good))
}

/// `setLocalWindow(bytes)`
pub(crate) fn set_local_window<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    session(sc, args)?.0.borrow_mut().set_local_window(args.get(0).as_f64().unwrap_or(0.0) as i64);
    Ok(sc.undefined())
}
