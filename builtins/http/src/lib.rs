//! Binding of `node:http`: the HTTP/1 parser of `anode_http_pure` as an object.
//!
//! `execute(bytes, start)` reads up to the next head or end of a message and answers what happened as one flat array, so
//! that a request without a body costs one call into Rust and none back:
//! `[consumed, kind, ...]` with the kinds below. An array of one number means that nothing happened yet.
//!
//! | kind | then |
//! |---|---|
//! | 0 head | method or status, url or reason, major, minor, raw headers, flags (1 keep-alive, 2 upgrade, 4 ended) |
//! | 1 body | start and end in the bytes |
//! | 2 end | raw trailers or `undefined` |
//! | 3 error | code, reason; `consumed` is where |

#![forbid(unsafe_code)]

use anode_http_pure::{Error, Event, FOREIGN_METHODS, Kind, Limits, METHODS, Parser};
use anode_net::{Consumer, StreamHandle};
use anode_runtime::event_loop::{Chunk, ReadResult};
use anode_runtime::{Args, Builtin, JsResult, Local, NativeRow, Root, Scope, Thrown};
use std::cell::RefCell;
use std::rc::Rc;

/// The Rust half of `node:http`.
pub static BUILTIN: Builtin = Builtin { name: "http", functions: &[("create", create)], init: Some(init) };

const PROTOTYPE: &[NativeRow] = &[
    ("consume", consume),
    ("copyPending", copy_pending),
    ("execute", execute),
    ("executePending", execute_pending),
    ("finish", finish),
    ("isBusy", is_busy),
    ("reset", reset),
    ("skipBody", skip_body),
    ("unconsume", unconsume),
];

/// Adds `methods`, the names of request methods in the order of their numbers, `foreignMethods` whose numbers follow, and `prototype`, the parser's functions.
fn init(sc: &mut Scope<'_>, target: Local<'_>) -> Result<(), Thrown> {
    let names: Vec<_> = METHODS.iter().map(|name| sc.string(name)).collect();
    let names = sc.array(&names);
    sc.set(target, "methods", names)?;
    let foreign: Vec<_> = FOREIGN_METHODS.iter().map(|name| sc.string(name)).collect();
    let foreign = sc.array(&foreign);
    sc.set(target, "foreignMethods", foreign)?;
    let prototype = sc.object();
    sc.define_functions(prototype, PROTOTYPE)?;
    sc.set(target, "prototype", prototype)
}

struct State {
    parser: RefCell<Parser>,
    /// What a connection sent, while JavaScript deals with it.
    pending: RefCell<Option<Chunk>>,
}

/// Strict but for values of fields; any other number but 0 is lenient throughout.
const RELAXED: i32 = 2;

fn parser_from(args: &Args<'_>, first: usize) -> Parser {
    let kind = if args.get(first).is_true() { Kind::Response } else { Kind::Request };
    let header_bytes_max = args.get(first + 1).as_f64().map_or(16 * 1024, |bytes| bytes as usize);
    let strictness = args.get(first + 2).as_i32().unwrap_or(0);
    let lenient = strictness != 0 && strictness != RELAXED;
    Parser::new(kind, Limits { header_bytes_max, lenient, relaxed_values: strictness == RELAXED })
}

/// `create(prototype, isResponse, headerBytesMax, strictness)`
fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let parser = parser_from(args, 1);
    sc.native_object(Some(args.get(0)), Rc::new(State { parser: RefCell::new(parser), pending: RefCell::default() }))
}

/// `reset(isResponse, headerBytesMax, strictness)`: as new.
fn reset<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = sc.need_native::<State>(args.this())?;
    *state.parser.borrow_mut() = parser_from(args, 0);
    Ok(sc.undefined())
}

fn skip_body<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.need_native::<State>(args.this())?.parser.borrow_mut().skip_body();
    Ok(sc.undefined())
}

/// Whether a message has begun and is not complete.
fn is_busy<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let busy = sc.need_native::<State>(args.this())?.parser.borrow().is_busy();
    Ok(sc.boolean(busy))
}

/// `finish()`: `undefined`, `true` if the end of input ends the message, or `[code, reason]`.
fn finish<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = sc.need_native::<State>(args.this())?;
    let result = state.parser.borrow_mut().finish();
    match result {
        Ok(true) => Ok(sc.boolean(true)),
        Ok(false) => Ok(sc.undefined()),
        Err(Error { code, reason }) => {
            let pair = [sc.string(code), sc.string(reason)];
            Ok(sc.array(&pair))
        }
    }
}

fn raw_headers<'s>(sc: &mut Scope<'s>, parser: &Parser) -> Local<'s> {
    let mut list = Vec::with_capacity(parser.fields_count() * 2);
    for (name, value) in parser.fields() {
        list.push(sc.string_latin1(name));
        list.push(sc.string_latin1(value));
    }
    sc.array(&list)
}

/// `execute(bytes, start)`: see the head of this file.
fn execute<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = sc.need_native::<State>(args.this())?;
    let start = args.get(1).as_i32().and_then(|start| usize::try_from(start).ok()).unwrap_or(0);
    let mut events = Vec::new();
    let result = sc.with_bytes(args.get(0), |bytes| {
        state.parser.borrow_mut().execute(bytes.get(start..).unwrap_or_default(), &mut events)
    });
    let Some(result) = result else { return Err(sc.throw_type_error("Illegal invocation")) };
    Ok(answer(sc, &state.parser.borrow(), events, result, start))
}

/// What happened, as JavaScript gets it: see the head of this file.
fn answer<'s>(
    sc: &mut Scope<'s>,
    parser: &Parser,
    events: Vec<Event>,
    result: Result<usize, (usize, Error)>,
    start: usize,
) -> Local<'s> {
    let taken = match result {
        Ok(taken) | Err((taken, _)) => taken,
    };
    let mut out = Vec::with_capacity(8);
    out.push(sc.number((start + taken) as f64));
    for event in events {
        match event {
            Event::Body(from, to) => {
                out.extend([sc.int(1), sc.number((start + from) as f64), sc.number((start + to) as f64)]);
            }
            Event::End => {
                let trailers = if parser.fields_count() == 0 { sc.undefined() } else { raw_headers(sc, parser) };
                out.extend([sc.int(2), trailers]);
            }
            Event::Head { ended } => {
                let head = parser.head();
                let flags = i32::from(head.keep_alive) | i32::from(head.upgrade) << 1 | i32::from(ended) << 2;
                let number = if head.status > 0 { i32::from(head.status) } else { head.method as i32 };
                let text = sc.string_latin1(head.text);
                let (major, minor) = head.version;
                let headers = raw_headers(sc, parser);
                out.extend([
                    sc.int(0),
                    sc.int(number),
                    text,
                    sc.int(i32::from(major)),
                    sc.int(i32::from(minor)),
                    headers,
                    sc.int(flags),
                ]);
            }
        }
    }
    if let Err((_, Error { code, reason })) = result {
        out.extend([sc.int(3), sc.string(code), sc.string(reason)]);
    }
    sc.array(&out)
}

/// From this many bytes on a read is handed to JavaScript as it is; below, copying what is needed of it costs less than a buffer.
const OWN_BUFFER_BYTES: usize = 16 * 1024;

/// Reads of a connection go to its parser; JavaScript hears of messages, and gets bytes only where it needs them.
struct Feed {
    on_events: Root,
    state: Rc<State>,
}

impl Consumer for Feed {
    fn on_read(&self, sc: &mut Scope<'_>, handle: &StreamHandle, result: ReadResult) -> Result<(), Thrown> {
        let ReadResult::Data(chunk, descriptors) = result else { return handle.deliver(sc, result) };
        // Nobody asked for descriptors on such a connection.
        drop(descriptors);
        let mut events = Vec::new();
        let result = self.state.parser.borrow_mut().execute(&chunk, &mut events);
        let events = answer(sc, &self.state.parser.borrow(), events, result, 0);
        if chunk.len() >= OWN_BUFFER_BYTES {
            let bytes = sc.array_buffer(chunk.into_vec())?;
            return handle.call_reader(sc, &self.on_events, &[events, bytes]);
        }
        let length = sc.int(chunk.len() as i32);
        *self.state.pending.borrow_mut() = Some(chunk);
        let result = handle.call_reader(sc, &self.on_events, &[events, length]);
        self.state.pending.take();
        result
    }
}

/// `executePending(start)`: as `execute`, of what the connection sent.
fn execute_pending<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = sc.need_native::<State>(args.this())?;
    let start = args.get(0).as_i32().and_then(|start| usize::try_from(start).ok()).unwrap_or(0);
    let mut events = Vec::new();
    let result = {
        let pending = state.pending.borrow();
        let bytes = pending.as_deref().and_then(|chunk| chunk.get(start..)).unwrap_or_default();
        state.parser.borrow_mut().execute(bytes, &mut events)
    };
    Ok(answer(sc, &state.parser.borrow(), events, result, start))
}

/// `copyPending(target, start)`: fills `target` with what the connection sent, from `start` on.
fn copy_pending<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = sc.need_native::<State>(args.this())?;
    let start = args.get(1).as_i32().and_then(|start| usize::try_from(start).ok()).unwrap_or(0);
    let pending = state.pending.borrow();
    let source = pending.as_deref().and_then(|chunk| chunk.get(start..)).unwrap_or_default();
    let copied = sc.with_bytes_mut(args.get(0), |target| {
        let source = source.get(..target.len())?;
        target.copy_from_slice(source);
        Some(())
    });
    match copied.flatten() {
        Some(()) => Ok(sc.undefined()),
        None => Err(sc.throw_type_error("Illegal invocation")),
    }
}

/// `consume(handle, onEvents)`: the handle's reads go to this parser. `onEvents(events, bytes)` is called with the handle as
/// `this`; `bytes` is an ArrayBuffer, or the length of what `executePending` and `copyPending` have at hand until it returns.
fn consume<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let state = sc.need_native::<State>(args.this())?;
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
