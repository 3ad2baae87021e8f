//! Who waits: the frames that V8 shows as `at async f` below a stack that began in a promise job.
//!
//! The job of an `await` runs through a self-hosted function whose `this` is the generator of the async function, and the job of
//! `.then()` calls a handler; both are frames that `frame_names` sees. From there the chain of promises leads to who awaits:
//! the result promise of a generator has one reaction, of another generator, and so on, as in V8. A promise with several
//! reactions ends the chain.
//!
//! The chain is walked when the stack is captured, since an `await` that is over leaves no trace, and travels as text in the
//! name of the frame ([`encode`], [`decode`]). No code of the program runs here.

use crate::context;
use crate::error::{Frame, FrameKind};
use crate::script_code;
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;
use mozjs::rust::get_object_class;
use std::ffi::CStr;
use std::ptr;

/// Begins the frames in a name, ends each of them, and separates their parts; no identifier or file name contains these.
const FRAMES: char = '\u{2}';
const PART: char = '\u{3}';
/// Frames that are looked for; V8's default limit is 10.
const FRAMES_MAX: usize = 16;
/// Promises that are passed without finding a frame.
const STEPS_MAX: usize = 64;

/// Slots of the engine's objects: js/src/builtin/Promise.cpp, vm/PromiseObject.h, vm/GeneratorObject.h, vm/AsyncFunction.h,
/// vm/AsyncIteration.h, vm/JSFunction.h.
mod slot {
    pub(super) const PROMISE_FLAGS: u32 = 0;
    pub(super) const PROMISE_REACTIONS: u32 = 1;
    pub(super) const REACTION_PROMISE: u32 = 0;
    pub(super) const REACTION_ON_FULFILLED: u32 = 5;
    pub(super) const REACTION_ON_REJECTED: u32 = 6;
    pub(super) const REACTION_FLAGS: u32 = 9;
    pub(super) const REACTION_TARGET: u32 = 10;
    pub(super) const GENERATOR_CALLEE: u32 = 0;
    pub(super) const GENERATOR_RESUME_INDEX: u32 = 4;
    pub(super) const ASYNC_FUNCTION_PROMISE: u32 = 5;
    pub(super) const ASYNC_GENERATOR_REQUEST: u32 = 6;
    pub(super) const REQUEST_PROMISE: u32 = 2;
    pub(super) const COMBINATOR_PROMISE: u32 = 0;
    pub(super) const FUNCTION_FLAGS: u32 = 0;
    pub(super) const FUNCTION_EXTENDED: u32 = 4;
}

const PROMISE_RESOLVED: i32 = 1;
const REACTION_FULFILLED: i32 = 2;
const REACTION_RESOLVES_PROMISE: i32 = 4;
const REACTION_OF_GENERATOR: i32 = 8 | 16;
/// Flags of functions: has slots of its own; is written in JavaScript.
const FUNCTION_IS_EXTENDED: u64 = 1 << 3;
const FUNCTION_HAS_SCRIPT: u64 = 1 << 5 | 1 << 6;

/// Whether a self-hosted function of this name resumes an async function or generator, which is its `this`.
pub(crate) fn is_resumption(name: &str) -> bool {
    matches!(
        name,
        "AsyncFunctionNext"
            | "AsyncFunctionThrow"
            | "AsyncGeneratorNext"
            | "AsyncGeneratorThrow"
            | "AsyncGeneratorReturn"
    )
}

unsafe fn is_of_class(object: *mut sm::JSObject, name: &CStr) -> bool {
    // SAFETY: a live object; names of classes are static C strings.
    !object.is_null() && unsafe { CStr::from_ptr((*get_object_class(object)).name) } == name
}

/// # Safety
/// A live object.
pub(crate) unsafe fn is_generator(object: *mut sm::JSObject) -> bool {
    // SAFETY: by the caller.
    unsafe { is_of_class(object, c"AsyncFunctionGenerator") || is_of_class(object, c"AsyncGenerator") }
}

unsafe fn value_in(object: *mut sm::JSObject, slot: u32) -> sm::Value {
    let mut value = jsval::UndefinedValue();
    // SAFETY: a live object whose class has this slot; only reads it.
    unsafe { glue::JS_GetReservedSlot(object, slot, &mut value) };
    value
}

unsafe fn object_in(object: *mut sm::JSObject, slot: u32) -> *mut sm::JSObject {
    // SAFETY: as above.
    let value = unsafe { value_in(object, slot) };
    if value.is_object() { value.to_object() } else { ptr::null_mut() }
}

unsafe fn int_in(object: *mut sm::JSObject, slot: u32) -> i32 {
    // SAFETY: as above.
    let value = unsafe { value_in(object, slot) };
    if value.is_int32() { value.to_int32() } else { 0 }
}

/// The promise that an async function settles, or the one of the request that an async generator works on; null if none.
unsafe fn promise_of(generator: *mut sm::JSObject) -> *mut sm::JSObject {
    // SAFETY: live objects; the classes say which slots there are.
    unsafe {
        if is_of_class(generator, c"AsyncFunctionGenerator") {
            return object_in(generator, slot::ASYNC_FUNCTION_PROMISE);
        }
        if is_of_class(generator, c"AsyncGenerator") {
            let request = object_in(generator, slot::ASYNC_GENERATOR_REQUEST);
            if is_of_class(request, c"AsyncGeneratorRequest") {
                return object_in(request, slot::REQUEST_PROMISE);
            }
        }
        ptr::null_mut()
    }
}

/// Index and combinator (`Promise.all` and the like) of a handler that waits for one element; the promise of the whole.
unsafe fn element_of(handler: *mut sm::JSObject) -> Option<(i32, *mut sm::JSObject)> {
    // SAFETY: a live object; the flags say whether a function has the slots that are read.
    unsafe {
        if handler.is_null() || !sm::JS_ObjectIsFunction(handler) {
            return None;
        }
        let flags = value_in(handler, slot::FUNCTION_FLAGS).asBits_;
        if flags & FUNCTION_IS_EXTENDED == 0 || flags & FUNCTION_HAS_SCRIPT != 0 {
            return None;
        }
        let first = value_in(handler, slot::FUNCTION_EXTENDED);
        if first.is_object() {
            // The handler of a rejection, which points to the one of the fulfilment.
            let other = first.to_object();
            let is_pair = value_in(handler, slot::FUNCTION_EXTENDED + 1).is_null() && sm::JS_ObjectIsFunction(other);
            return if is_pair { element_of(other) } else { None };
        }
        let holder = object_in(handler, slot::FUNCTION_EXTENDED + 1);
        if !first.is_int32() || !is_of_class(holder, c"PromiseCombinatorDataHolder") {
            return None;
        }
        Some((first.to_int32(), object_in(holder, slot::COMBINATOR_PROMISE)))
    }
}

/// The promise that `handler` settles, if it is one of the functions that `new Promise()` hands out (`Promise.race` waits with these);
/// else null.
///
/// # Safety
/// A live object, or null.
pub(crate) unsafe fn resolved_by(handler: *mut sm::JSObject) -> *mut sm::JSObject {
    // SAFETY: a live object; the flags say whether a function has the slots that are read.
    unsafe {
        if handler.is_null() || !sm::JS_ObjectIsFunction(handler) {
            return ptr::null_mut();
        }
        let flags = value_in(handler, slot::FUNCTION_FLAGS).asBits_;
        if flags & FUNCTION_IS_EXTENDED == 0 || flags & FUNCTION_HAS_SCRIPT != 0 {
            return ptr::null_mut();
        }
        let promise = object_in(handler, slot::FUNCTION_EXTENDED);
        if is_of_class(promise, c"Promise") { promise } else { ptr::null_mut() }
    }
}

/// The frames that wait for the function of `generator`, which is being resumed, as text; empty if there are none.
///
/// # Safety
/// `generator` is a live object; may collect.
pub(crate) unsafe fn waiting_for_generator(cx: *mut sm::JSContext, generator: *mut sm::JSObject) -> String {
    // SAFETY: by the caller.
    unsafe { walk(cx, promise_of(generator)) }
}

/// The same for the handler of the running job, if `callee` is it.
///
/// # Safety
/// `callee` is a live function; may collect.
pub(crate) unsafe fn waiting_for_handler(cx: *mut sm::JSContext, callee: *mut sm::JSObject) -> String {
    // SAFETY: the running job is kept alive by who runs it.
    unsafe {
        let job = context::data_of(cx).jobs.running();
        if !is_of_class(job, c"PromiseReactionRecord") {
            return String::new();
        }
        let flags = int_in(job, slot::REACTION_FLAGS);
        let handler =
            if flags & REACTION_FULFILLED != 0 { slot::REACTION_ON_FULFILLED } else { slot::REACTION_ON_REJECTED };
        if object_in(job, handler) != callee {
            return String::new();
        }
        walk(cx, object_in(job, slot::REACTION_PROMISE))
    }
}

/// Follows the chain of single reactions from `promise`.
unsafe fn walk(cx: *mut sm::JSContext, promise: *mut sm::JSObject) -> String {
    let mut text = String::new();
    let mut frames = 0;
    mozjs::rooted!(in(cx) let mut promise = promise);
    mozjs::rooted!(in(cx) let mut generator = ptr::null_mut::<sm::JSObject>());
    // SAFETY (loop): `promise` and `generator` are rooted; what is read from them is used before anything may collect.
    unsafe {
        for _ in 0..STEPS_MAX {
            if frames == FRAMES_MAX
                || !is_of_class(promise.get(), c"Promise")
                || int_in(promise.get(), slot::PROMISE_FLAGS) & PROMISE_RESOLVED != 0
            {
                break;
            }
            let reaction = object_in(promise.get(), slot::PROMISE_REACTIONS);
            if !is_of_class(reaction, c"PromiseReactionRecord") {
                break;
            }
            let flags = int_in(reaction, slot::REACTION_FLAGS);
            if flags & REACTION_OF_GENERATOR != 0 {
                generator.set(object_in(reaction, slot::REACTION_TARGET));
                promise.set(promise_of(generator.get()));
                let callee = object_in(generator.get(), slot::GENERATOR_CALLEE);
                let index = value_in(generator.get(), slot::GENERATOR_RESUME_INDEX);
                if callee.is_null() || !index.is_int32() {
                    break;
                }
                let Some((name, file, line, column)) = script_code::awaiting(cx, callee, index.to_int32()) else {
                    break;
                };
                encode(&mut text, FrameKind::Async, &name, &file, line, column);
                frames += 1;
                continue;
            }
            if flags & REACTION_RESOLVES_PROMISE != 0 {
                promise.set(object_in(reaction, slot::REACTION_TARGET));
                continue;
            }
            let fulfilled = element_of(object_in(reaction, slot::REACTION_ON_FULFILLED));
            let rejected = element_of(object_in(reaction, slot::REACTION_ON_REJECTED));
            let kind = match (fulfilled, rejected) {
                (Some(_), Some(_)) => FrameKind::PromiseAllSettled,
                (Some(_), None) => FrameKind::PromiseAll,
                (None, Some(_)) => FrameKind::PromiseAny,
                (None, None) => FrameKind::Call,
            };
            match fulfilled.or(rejected) {
                Some((index, whole)) => {
                    encode(&mut text, kind, "", "", index.max(0) as u32, 0);
                    frames += 1;
                    promise.set(whole);
                }
                None => {
                    let other = resolved_by(object_in(reaction, slot::REACTION_ON_FULFILLED));
                    promise.set(if other.is_null() { object_in(reaction, slot::REACTION_PROMISE) } else { other });
                }
            }
        }
    }
    text
}

fn encode(text: &mut String, kind: FrameKind, name: &str, file: &str, line: u32, column: u32) {
    let kind = kind as u8;
    text.push_str(&format!("{FRAMES}{kind}{PART}{name}{PART}{file}{PART}{line}{PART}{column}"));
}

/// Takes the frames off the end of a saved name.
pub(crate) fn decode(name: &mut String) -> Vec<Frame> {
    let Some(at) = name.find(FRAMES) else { return Vec::new() };
    let text = name.split_off(at);
    text.split(FRAMES).skip(1).filter_map(frame).collect()
}

fn frame(text: &str) -> Option<Frame> {
    let mut parts = text.split(PART);
    let kind = match parts.next()? {
        "3" => FrameKind::PromiseAll,
        "4" => FrameKind::PromiseAllSettled,
        "5" => FrameKind::PromiseAny,
        _ => FrameKind::Async,
    };
    Some(Frame {
        kind,
        function: parts.next()?.to_owned(),
        file: parts.next()?.to_owned(),
        line: parts.next()?.parse().ok()?,
        column: parts.next()?.parse().ok()?,
        ..Frame::default()
    })
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use crate::error::FrameKind;

    #[test]
    fn frames_in_names() {
        let mut name = "f".to_owned();
        encode(&mut name, FrameKind::Async, "outer", "/a b.js", 3, 7);
        encode(&mut name, FrameKind::PromiseAny, "", "", 2, 0);
        let frames = decode(&mut name);
        assert_eq!(name, "f");
        assert_eq!(frames.len(), 2);
        assert_eq!(
            (&*frames[0].function, &*frames[0].file, frames[0].line, frames[0].column),
            ("outer", "/a b.js", 3, 7)
        );
        assert_eq!((frames[1].kind, frames[1].line), (FrameKind::PromiseAny, 2));
        assert!(decode(&mut "plain".to_owned()).is_empty());
        assert!(decode(&mut "x\u{2}2\u{3}f".to_owned()).is_empty());
    }
}
