//! Binding of `node:http2`: a session of `anode_http2_pure` as an object.
//!
//! `receive(bytes)` and `flush(handle)` answer what happened as one flat array of events, so that a request costs one call
//! into Rust for its bytes and one for its answer, and none back; a session that has a handle's reads (`consume`) is called by them instead. `undefined` means that nothing happened.
//!
//! | kind | then |
//! |---|---|
//! | 0 headers | stream, category, flags, names and values, sensitive names or `undefined` |
//! | 1 data | stream, start and end in the bytes |
//! | 2 end of data | stream |
//! | 3 closed | stream, code |
//! | 4 settings | |
//! | 5 settings acknowledged | |
//! | 6 ping | whether it is an answer, payload |
//! | 7 goaway | code, last stream, data or `undefined` |
//! | 8 push | stream, parent, names and values, sensitive names or `undefined` |
//! | 9 trailers wanted | stream |
//! | 10 written | stream |
//! | 11 frame not sent | stream, type, code |
//! | 12 priority | stream, parent, weight, exclusive |
//! | 13 altsvc | stream, origin, value |
//! | 14 origin | array of origins |
//! | 15 error | number, code of the error or `undefined` |

#![forbid(unsafe_code)]

mod events;
mod submit;

use anode_http2_pure::{Event, Options, Padding, Session, Settings, error_string};
use anode_net::{Consumer, StreamHandle};
use anode_runtime::event_loop::ReadResult;
use anode_runtime::{Args, Builtin, JsResult, Local, NativeRow, Root, Scope, Thrown, env};
use std::cell::RefCell;
use std::rc::Rc;

/// The Rust half of `node:http2`.
pub static BUILTIN: Builtin =
    Builtin { name: "http2", functions: &[("create", create), ("errorString", error_text)], init: Some(init) };

const PROTOTYPE: &[NativeRow] = &[
    ("altsvc", submit::altsvc),
    ("consume", consume),
    ("end", submit::end),
    ("endWithoutTrailers", submit::end_without_trailers),
    ("flush", flush),
    ("goaway", submit::goaway),
    ("headers", submit::headers),
    ("localSettings", local_settings),
    ("memory", memory),
    ("origin", submit::origin),
    ("ping", submit::ping),
    ("pump", pump),
    ("push", submit::push),
    ("reading", submit::reading),
    ("receive", receive),
    ("remoteSettings", remote_settings),
    ("request", submit::request),
    ("reset", submit::reset),
    ("setLocalWindow", submit::set_local_window),
    ("setNextId", submit::set_next_id),
    ("settings", submit::settings),
    ("state", state),
    ("statistics", statistics),
    ("streamState", stream_state),
    ("takeOutput", take_output),
    ("unconsume", unconsume),
    ("write", submit::write),
];

fn init(sc: &mut Scope<'_>, target: Local<'_>) -> Result<(), Thrown> {
    let prototype = sc.object();
    sc.define_functions(prototype, PROTOTYPE)?;
    sc.set(target, "prototype", prototype)
}

struct State(RefCell<Session>);

fn session<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> Result<Rc<State>, Thrown> {
    sc.need_native::<State>(args.this())
}

fn error_text<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.string(error_string(args.get(0).as_i32().unwrap_or(0))))
}

/// `create(prototype, server, cuts, options)`: options as a flat array of numbers, in the order of the fields below; the
/// numbers of custom settings follow.
fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let mut numbers = Vec::new();
    for index in 0..sc.array_length(args.get(3)) {
        numbers.push(sc.get_index(args.get(3), index)?.as_f64().unwrap_or(0.0));
    }
    let number = |index: usize| numbers.get(index).copied().unwrap_or(0.0);
    let options = Options {
        deflate_table_bytes: number(0) as usize,
        header_block_bytes_max: number(1) as usize,
        header_pairs_max: number(2) as usize,
        invalid_frames_max: number(3) as u32,
        padding: match number(4) as i32 {
            1 => Padding::Aligned,
            2 => Padding::Max,
            _ => Padding::None,
        },
        peer_max_concurrent_streams: number(5) as u32,
        pings_max: number(6) as usize,
        rejected_streams_max: number(7) as u32,
        reserved_streams_max: number(8) as usize,
        session_bytes_max: number(9) as usize,
        settings_entries_max: number(10) as usize,
        stream_resets: (number(11) as u64, number(12) as u64),
        strict_values: number(13) != 0.0,
        remote_custom_settings: numbers.iter().skip(14).map(|id| *id as u16).collect(),
        server: args.get(1).is_true(),
    };
    let mut session = Session::new(options);
    if args.get(2).is_true() {
        session.keep_cuts();
    }
    sc.native_object(Some(args.get(0)), Rc::new(State(RefCell::new(session))))
}

/// `receive(bytes)`: the events, or `undefined`.
fn receive<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let now_s = env(sc).events.borrow().now_ms() / 1000;
    let fed = sc.with_bytes(args.get(0), |bytes| state.0.borrow_mut().feed(bytes, now_s));
    if fed.is_none() {
        return Err(sc.throw_type_error("Illegal invocation"));
    }
    let events = state.0.borrow_mut().take_events();
    events::flat(sc, None, events)
}

/// Reads of a connection go to its session; JavaScript hears of events, and gets bytes only of bodies.
struct Feed {
    on_events: Root,
    state: Rc<State>,
}

impl Consumer for Feed {
    fn on_read(&self, sc: &mut Scope<'_>, handle: &StreamHandle, result: ReadResult) -> Result<(), Thrown> {
        let ReadResult::Data(chunk, descriptors) = result else { return handle.deliver(sc, result) };
        // Nobody asked for descriptors on such a connection.
        drop(descriptors);
        let now_s = env(sc).events.borrow().now_ms() / 1000;
        let (events, has_output) = {
            let mut session = self.state.0.borrow_mut();
            session.feed(&chunk, now_s);
            (session.take_events(), session.has_output() || session.has_more())
        };
        if events.is_empty() && !has_output {
            return Ok(());
        }
        let has_bodies = events.iter().any(|event| matches!(event, Event::Data { .. }));
        let events = events::flat(sc, None, events)?;
        let bytes = if has_bodies { sc.array_buffer(chunk.into_vec())? } else { sc.undefined() };
        handle.call_reader(sc, &self.on_events, &[events, bytes])
    }
}

/// `consume(handle, onEvents)`: the handle's reads go to this session. `onEvents(events, bytes)` is called with the handle on top
/// as `this`: events as of `receive`, bytes as an ArrayBuffer if there are any of bodies.
fn consume<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let handle = sc.need_native::<StreamHandle>(args.get(0))?;
    let on_events = Root::new(sc, args.get(1));
    handle.set_consumer(Some(Rc::new(Feed { on_events, state })));
    Ok(sc.undefined())
}

/// `unconsume(handle)`: its reads go to `onread` again.
fn unconsume<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.need_native::<StreamHandle>(args.get(0))?.set_consumer(None);
    Ok(sc.undefined())
}

/// `flush(handle)`: makes frames and writes all output to a stream handle. `undefined`, or an array of the outcome (0 done,
/// 1 queued, or a negative errno) and the events.
fn flush<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let handle = sc.need_native::<StreamHandle>(args.get(0))?;
    let mut status = 0;
    {
        let mut session = state.0.borrow_mut();
        session.pump();
        while session.has_output() && status == 0 {
            let result = session.take_output(|bytes| anode_net::write_through(sc, &handle, bytes));
            status = result.unwrap_or_else(|errno| -errno.raw_os_error());
            session.pump();
        }
    }
    let events = state.0.borrow_mut().take_events();
    if status == 0 && events.is_empty() {
        return Ok(sc.undefined());
    }
    events::flat(sc, Some(status), events)
}

/// `pump()`: makes frames. The events, or `undefined`.
fn pump<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    state.0.borrow_mut().pump();
    let events = state.0.borrow_mut().take_events();
    events::flat(sc, None, events)
}

/// `takeOutput()`: the output, and the ends of its pieces; `undefined` if there is none.
fn take_output<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    if !state.0.borrow().has_output() {
        return Ok(sc.undefined());
    }
    let bytes = state.0.borrow_mut().take_output(<[u8]>::to_vec);
    let cuts = state.0.borrow_mut().take_cuts();
    let mut out = vec![sc.array_buffer(bytes)?];
    out.extend(cuts.into_iter().map(|cut| sc.number(cut as f64)));
    Ok(sc.array(&out))
}

fn numbers<'s>(sc: &mut Scope<'s>, list: &[f64]) -> JsResult<'s> {
    let list: Vec<_> = list.iter().map(|number| sc.number(*number)).collect();
    Ok(sc.array(&list))
}

fn settings_array<'s>(sc: &mut Scope<'s>, settings: &Settings) -> JsResult<'s> {
    let mut list = vec![
        f64::from(settings.header_table_size),
        f64::from(u8::from(settings.enable_push)),
        f64::from(settings.max_concurrent_streams),
        f64::from(settings.initial_window_size),
        f64::from(settings.max_frame_size),
        f64::from(settings.max_header_list_size),
        f64::from(u8::from(settings.enable_connect_protocol)),
    ];
    for (id, value) in &settings.custom {
        list.extend([f64::from(*id), f64::from(*value)]);
    }
    numbers(sc, &list)
}

/// `localSettings()`: seven values, then numbers and values of custom ones.
fn local_settings<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    settings_array(sc, state.0.borrow().local_settings())
}

fn remote_settings<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    settings_array(sc, state.0.borrow().remote_settings())
}

fn memory<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let bytes = session(sc, args)?.0.borrow().memory();
    Ok(sc.number(bytes as f64))
}

/// `state()`: nine numbers, in the order of Node's `http2session.state`.
fn state<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?.0.borrow().state();
    let list = [
        state.effective_local_window as f64,
        state.effective_received as f64,
        f64::from(state.next_id),
        state.local_window as f64,
        f64::from(state.last_processed),
        state.remote_window as f64,
        state.queued as f64,
        state.deflate_bytes as f64,
        state.inflate_bytes as f64,
    ];
    numbers(sc, &list)
}

/// `streamState(id)`: state, weight, local close, remote close, local window.
fn stream_state<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = session(sc, args)?;
    let stream = state.0.borrow().stream_state(args.get(0).as_u32().unwrap_or(0));
    let list = [
        f64::from(stream.state),
        f64::from(stream.weight),
        f64::from(u8::from(stream.local_close)),
        f64::from(u8::from(stream.remote_close)),
        stream.local_window as f64,
    ];
    numbers(sc, &list)
}

/// `statistics()`: frames received and sent, streams ever opened, the most at once.
fn statistics<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let frames = session(sc, args)?.0.borrow().frames();
    let list = [frames.received as f64, frames.sent as f64, frames.streams as f64, frames.streams_max as f64];
    numbers(sc, &list)
}
