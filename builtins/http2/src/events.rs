//! Events as a flat array.

use anode_http2_pure::{Event, Fields, Reason};
use anode_runtime::{JsResult, Local, Scope};

/// `undefined` if there is nothing to tell.
pub(crate) fn flat<'s>(sc: &mut Scope<'s>, status: Option<i32>, events: Vec<Event>) -> JsResult<'s> {
    if events.is_empty() && status.is_none() {
        return Ok(sc.undefined());
    }
    let mut out = Vec::with_capacity(events.len() * 6 + 1);
    out.extend(status.map(|status| sc.int(status)));
    for event in events {
        push(sc, event, &mut out)?;
    }
    Ok(sc.array(&out))
}

fn push<'s>(sc: &mut Scope<'s>, event: Event, out: &mut Vec<Local<'s>>) -> Result<(), anode_runtime::Thrown> {
    let id_of = |id: u32| f64::from(id);
    match event {
        Event::Headers { id, category, flags, fields } => {
            let (list, sensitive) = lists(sc, &fields);
            let head = [sc.int(0), sc.number(id_of(id)), sc.int(category as i32), sc.int(i32::from(flags))];
            out.extend(head);
            out.extend([list, sensitive]);
        }
        Event::Data { id, start, end } => {
            out.extend([sc.int(1), sc.number(id_of(id)), sc.number(start as f64), sc.number(end as f64)]);
        }
        Event::EndData { id } => out.extend([sc.int(2), sc.number(id_of(id))]),
        Event::Closed { id, code } => {
            out.extend([sc.int(3), sc.number(id_of(id)), sc.number(f64::from(code))]);
        }
        Event::Settings => out.push(sc.int(4)),
        Event::SettingsAck => out.push(sc.int(5)),
        Event::Ping { ack, payload } => {
            let payload = sc.array_buffer(payload.to_vec())?;
            out.extend([sc.int(6), sc.boolean(ack), payload]);
        }
        Event::Goaway { code, last, data } => {
            let data = if data.is_empty() { sc.undefined() } else { sc.array_buffer(data)? };
            out.extend([sc.int(7), sc.number(f64::from(code)), sc.number(id_of(last)), data]);
        }
        Event::Push { id, parent, fields } => {
            let (list, sensitive) = lists(sc, &fields);
            out.extend([sc.int(8), sc.number(id_of(id)), sc.number(id_of(parent)), list, sensitive]);
        }
        Event::WantTrailers { id } => out.extend([sc.int(9), sc.number(id_of(id))]),
        Event::Written { id } => out.extend([sc.int(10), sc.number(id_of(id))]),
        Event::FrameError { id, kind, code } => {
            let code = sc.number(f64::from(code));
            out.extend([sc.int(11), sc.number(id_of(id)), sc.int(i32::from(kind)), code]);
        }
        Event::Priority { id, parent, weight, exclusive } => {
            let head = [sc.int(12), sc.number(id_of(id)), sc.number(id_of(parent))];
            out.extend(head);
            out.extend([sc.int(i32::from(weight) + 1), sc.boolean(exclusive)]);
        }
        Event::AltSvc { id, origin, value } => {
            let texts = [sc.string_latin1(&origin), sc.string_latin1(&value)];
            out.extend([sc.int(13), sc.number(id_of(id))]);
            out.extend(texts);
        }
        Event::Origin(origins) => {
            let list: Vec<_> = origins.iter().map(|origin| sc.string_latin1(origin)).collect();
            let list = sc.array(&list);
            out.extend([sc.int(14), list]);
        }
        Event::Error(fatal, reason) => {
            let code = match reason {
                Some(Reason::TooManyInvalidFrames) => sc.string("ERR_HTTP2_TOO_MANY_INVALID_FRAMES"),
                None => sc.undefined(),
            };
            out.extend([sc.int(15), sc.int(fatal as i32), code]);
        }
    }
    Ok(())
}

/// Names and values in a row, and the names of sensitive fields.
fn lists<'s>(sc: &mut Scope<'s>, fields: &Fields) -> (Local<'s>, Local<'s>) {
    let mut list = Vec::with_capacity(fields.len() * 2);
    let mut sensitive = Vec::new();
    for (name, value, is_sensitive) in fields.iter() {
        let name = sc.string_latin1(name);
        list.push(name);
        list.push(sc.string_latin1(value));
        if is_sensitive {
            sensitive.push(name);
        }
    }
    let list = sc.array(&list);
    let sensitive = if sensitive.is_empty() { sc.undefined() } else { sc.array(&sensitive) };
    (list, sensitive)
}
