//! Exceptions: throwing, catching, V8's `stack` and V8's wording.
//!
//! `error.stack` is an accessor on `Error.prototype`: the first read formats the frames that the engine saved with the
//! error and freezes the text as an own property, as V8 freezes it at the first read.

use crate::async_frames;
use crate::columns;
use crate::frame_names;
use crate::function::{Args, Native};
use crate::messages;
use crate::object::Attributes;
use crate::root::Root;
use crate::scope::{JsResult, Local, Scope};
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::cell::RefCell;
use std::ptr;

/// Proof that a JavaScript exception is pending, or that execution is being terminated.
#[derive(Debug)]
#[must_use = "a pending exception must be propagated or taken"]
pub struct Thrown(());

impl Thrown {
    pub(crate) fn pending() -> Thrown {
        Thrown(())
    }

    pub(crate) fn check(ok: bool) -> Result<(), Thrown> {
        if ok { Ok(()) } else { Err(Thrown(())) }
    }
}

/// The constructors of ECMA-262's native errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// `Error`
    Error,
    /// `RangeError`
    RangeError,
    /// `SyntaxError`
    SyntaxError,
    /// `TypeError`
    TypeError,
}

impl ErrorClass {
    fn name(self) -> &'static str {
        match self {
            ErrorClass::Error => "Error",
            ErrorClass::RangeError => "RangeError",
            ErrorClass::SyntaxError => "SyntaxError",
            ErrorClass::TypeError => "TypeError",
        }
    }
}

/// Where an error came from, as the engine noted it.
#[derive(Clone, Debug, Default)]
pub struct ErrorLocation {
    /// Script name.
    pub file: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in UTF-16 units.
    pub column: u32,
}

/// The name of the engine's own scripts.
const SELF_HOSTED: &str = "self-hosted";

/// How the function of a frame was called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FrameKind {
    /// Plainly, or as a method.
    #[default]
    Call = 0,
    /// With `new`.
    New = 1,
    /// It waits for what the frames above do.
    Async = 2,
    /// `Promise.all()` waits; the line is the index of the promise.
    PromiseAll = 3,
    /// The same for `Promise.allSettled()`.
    PromiseAllSettled = 4,
    /// The same for `Promise.any()`.
    PromiseAny = 5,
}

/// One frame of a stack.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Display name of the function, empty at the top level.
    pub function: String,
    /// Type of the receiver; empty for plain calls.
    pub type_name: String,
    /// The property that holds the function, if it has another name.
    pub method: String,
    /// How the function was called.
    pub kind: FrameKind,
    /// It was called with the arguments that `new Promise()` calls its argument with.
    pub is_executor: bool,
    /// Script name.
    pub file: String,
    /// 1-based.
    pub line: u32,
    /// 1-based.
    pub column: u32,
}

/// Functions of the embedder that take part in formatting.
#[derive(Default)]
pub(crate) struct ErrorHooks {
    /// `(error, header, frames) -> string | any`: formats a stack; consulted only when set.
    pub(crate) prepare: RefCell<Option<Root>>,
    /// Where the last uncaught value was thrown.
    pub(crate) thrown_at: RefCell<Option<Frame>>,
}

impl ErrorHooks {
    /// Lets go of all roots.
    pub(crate) fn clear(&self) {
        self.prepare.replace(None);
        self.thrown_at.replace(None);
    }
}

impl<'s> Scope<'s> {
    /// Throws an error of `class`.
    pub fn throw_class(&mut self, class: ErrorClass, message: &str) -> Thrown {
        match self.make_error(class, message) {
            Ok(error) => self.throw(error),
            Err(thrown) => thrown,
        }
    }

    /// Throws a `TypeError`.
    pub fn throw_type_error(&mut self, message: &str) -> Thrown {
        self.throw_class(ErrorClass::TypeError, message)
    }

    /// Throws a `RangeError`.
    pub fn throw_range_error(&mut self, message: &str) -> Thrown {
        self.throw_class(ErrorClass::RangeError, message)
    }

    /// Throws an `Error`.
    pub fn throw_error(&mut self, message: &str) -> Thrown {
        self.throw_class(ErrorClass::Error, message)
    }

    /// Throws an error of `class` with Node's `code` as own property and in the head of its stack.
    pub fn throw_code(&mut self, class: ErrorClass, code: &str, message: &str) -> Thrown {
        let result = self.make_error(class, message).and_then(|error| {
            let value = self.string(code);
            self.set(error, "code", value)?;
            let header = self.string(&format!("{} [{code}]: {message}", class.name()));
            self.set_stack_header(error, header)?;
            Ok(error)
        });
        match result {
            Ok(error) => self.throw(error),
            Err(thrown) => thrown,
        }
    }

    /// Sets the first line that `error.stack` will have.
    pub fn set_stack_header(&mut self, error: Local<'_>, header: Local<'_>) -> Result<(), Thrown> {
        let symbol = self.symbol(HEADER_SYMBOL, true);
        let id = self.value_to_id(symbol)?;
        mozjs::rooted!(in(self.cx()) let id = id);
        root_object!(self, error = error);
        // SAFETY: rooted; attributes 0 = writable, configurable, hidden.
        Thrown::check(unsafe { sm::JS_DefinePropertyById2(self.cx(), h!(error), h!(id), header.handle(), 0) })
    }

    /// Makes an error without throwing it.
    pub fn make_error(&mut self, class: ErrorClass, message: &str) -> JsResult<'s> {
        let global = self.global();
        let constructor = self.get(global, class.name())?;
        let message = self.string(message);
        self.construct(constructor, &[message])
    }

    /// Throws any value.
    pub fn throw(&mut self, value: Local<'_>) -> Thrown {
        // SAFETY: rooted.
        unsafe { sm::JS_SetPendingException(self.cx(), value.handle(), sm::ExceptionStackBehavior::Capture) };
        Thrown(())
    }

    /// Takes the pending exception. `None` means that execution is being terminated: propagate.
    pub fn catch(&mut self, _thrown: Thrown) -> Option<Local<'s>> {
        let (value, out) = self.out();
        // SAFETY: writes into a traced slot.
        unsafe {
            if !sm::JS_IsExceptionPending(self.cx()) || !sm::JS_GetPendingException(self.cx(), out) {
                return None;
            }
            sm::JS_ClearPendingException(self.cx());
        }
        Some(value)
    }

    /// As [`Scope::catch`], and notes where the value was thrown, for [`Scope::thrown_at`].
    pub fn catch_uncaught(&mut self, thrown: Thrown) -> Option<Local<'s>> {
        let cx = self.cx();
        mozjs::rooted!(in(cx) let mut stack = ptr::null_mut::<sm::JSObject>());
        // SAFETY: the exception stack's roots stay in place until it is taken apart below.
        unsafe {
            let mut pending = sm::ExceptionStack {
                exception_: sm::Rooted::new_unrooted(jsval::UndefinedValue()),
                stack_: sm::Rooted::new_unrooted(ptr::null_mut()),
            };
            sm::Rooted::add_to_root_stack(&raw mut pending.exception_, cx);
            sm::Rooted::add_to_root_stack(&raw mut pending.stack_, cx);
            if sm::JS_IsExceptionPending(cx) && sm::GetPendingExceptionStack(cx, &mut pending) {
                stack.set(pending.stack_.data);
            }
            pending.stack_.remove_from_root_stack();
            pending.exception_.remove_from_root_stack();
        }
        let frame = self.frames_of(stack.get()).into_iter().next();
        self.data().error_hooks.thrown_at.replace(frame);
        self.catch(thrown)
    }

    /// Where the value of the last [`Scope::catch_uncaught`] was thrown.
    pub fn thrown_at(&self) -> Option<Frame> {
        self.data().error_hooks.thrown_at.borrow().clone()
    }

    /// Forgets [`Scope::thrown_at`]: the next uncaught value was not thrown by running code.
    pub fn forget_thrown(&self) {
        self.data().error_hooks.thrown_at.replace(None);
    }

    /// The proof to hand on when [`Scope::catch`] found a termination instead of an exception.
    pub fn terminated(&self) -> Thrown {
        Thrown(())
    }

    pub(crate) fn clear_exception(&mut self) {
        // SAFETY: this context's own state.
        unsafe { sm::JS_ClearPendingException(self.cx()) };
    }

    /// Where the engine says an error object was made; `None` for values that are no errors.
    pub fn error_location(&mut self, error: Local<'_>) -> Option<ErrorLocation> {
        if !error.is_object() {
            return None;
        }
        root_object!(self, object = error);
        let mut owned =
            sm::BorrowedErrorReport { owner_: sm::Rooted::new_unrooted(ptr::null_mut()), report_: ptr::null_mut() };
        // SAFETY: `owned` stays in place while it is on the root list; the report belongs to the error object, which
        // `error` keeps alive while we read it.
        unsafe {
            sm::Rooted::add_to_root_stack(&raw mut owned.owner_, self.cx());
            let found = sm::JS_ErrorFromException(self.cx(), h!(object), &mut owned);
            let location = owned.report_.as_ref().filter(|_| found).map(|report| {
                let file = report._base.filename.data_;
                let file = if file.is_null() { String::new() } else { c_string(file) };
                ErrorLocation { file, line: report._base.lineno, column: report._base.column._base }
            });
            owned.owner_.remove_from_root_stack();
            if !found {
                self.clear_exception();
            }
            location
        }
    }

    /// The frames saved with an error object.
    pub fn error_frames(&mut self, error: Local<'_>) -> Vec<Frame> {
        if !error.is_object() {
            return Vec::new();
        }
        root_object!(self, object = error);
        // SAFETY: rooted; unwraps error objects only.
        let stack = unsafe { sm::ExceptionStackOrNull(h!(object)) };
        self.frames_of(stack)
    }

    /// The stack of the running code, at most `limit` frames; starts below `start_after` if that function is on it.
    pub fn current_frames(&mut self, limit: u32, start_after: Option<Local<'_>>) -> Vec<Frame> {
        let cx = self.cx();
        mozjs::rooted!(in(cx) let mut stack = ptr::null_mut::<sm::JSObject>());
        mozjs::rooted!(in(cx) let start = start_after.map_or(ptr::null_mut(), Local::object_ptr));
        // SAFETY: rooted; the capture is a plain variant initialised by the engine.
        unsafe {
            let mut capture = std::mem::MaybeUninit::<sm::StackCapture>::uninit();
            sm::JS_StackCapture_MaxFrames(limit, capture.as_mut_ptr());
            if limit == 0 || !sm::CaptureCurrentStack(cx, hm!(stack), capture.as_mut_ptr(), h!(start)) {
                self.clear_exception();
                return Vec::new();
            }
        }
        self.frames_of(stack.get())
    }

    fn frames_of(&mut self, stack: *mut sm::JSObject) -> Vec<Frame> {
        let cx = self.cx();
        let mut frames = Vec::new();
        // Who waits, as the frame that was read last tells.
        let mut waiting = Vec::new();
        mozjs::rooted!(in(cx) let mut frame = stack);
        mozjs::rooted!(in(cx) let mut text = ptr::null_mut::<sm::JSString>());
        mozjs::rooted!(in(cx) let mut parent = ptr::null_mut::<sm::JSObject>());
        let all = sm::SavedFrameSelfHosted::Include;
        while !frame.get().is_null() {
            let mut entry = Frame::default();
            // SAFETY (loop body): everything is rooted, out-parameters are roots or plain integers.
            unsafe {
                sm::GetSavedFrameSource(cx, ptr::null_mut(), h!(frame), hm!(text), all);
                entry.file = self.raw_string(text.get());
                text.set(ptr::null_mut());
                sm::GetSavedFrameFunctionDisplayName(cx, ptr::null_mut(), h!(frame), hm!(text), all);
                let mut name = self.raw_string(text.get());
                let found = async_frames::decode(&mut name);
                if waiting.is_empty() {
                    waiting = found;
                }
                frame_names::decode(name, &mut entry);
                text.set(ptr::null_mut());
                sm::GetSavedFrameLine(cx, ptr::null_mut(), h!(frame), &mut entry.line, all);
                let mut column: sm::TaggedColumnNumberOneOrigin = std::mem::zeroed();
                sm::GetSavedFrameColumn(cx, ptr::null_mut(), h!(frame), &mut column, all);
                entry.column = column.value_;
                parent.set(ptr::null_mut());
                sm::GetSavedFrameParent(cx, ptr::null_mut(), h!(frame), hm!(parent), all);
                if parent.get().is_null() {
                    sm::GetSavedFrameAsyncParent(cx, ptr::null_mut(), h!(frame), hm!(parent), all);
                }
            }
            let place = (entry.line, entry.column);
            columns::correct(&mut entry);
            frame.set(parent.get());
            if frames.last().is_some_and(|last: &Frame| last.is_executor)
                && columns::is_construction(&entry.file, place)
            {
                frames.push(Frame {
                    function: "Promise".to_owned(),
                    kind: FrameKind::New,
                    file: SELF_HOSTED.to_owned(),
                    ..Frame::default()
                });
            }
            // Builtins that the engine has in JavaScript: only what the program called is a frame for V8.
            if entry.file == SELF_HOSTED {
                if entry.type_name.is_empty() || !frame_names::is_identifier(&entry.function) {
                    continue;
                }
                while frames.last().is_some_and(|last: &Frame| last.file == SELF_HOSTED) {
                    frames.pop();
                }
            }
            frames.push(entry);
        }
        frames.append(&mut waiting);
        frames
    }

    /// Frames for JavaScript, as one flat array: for each its function, file, line, column, type of the receiver, method name
    /// and the number of its [`FrameKind`].
    pub fn flat_frames(&mut self, frames: &[Frame]) -> Local<'s> {
        let mut flat = Vec::with_capacity(frames.len() * 7);
        for frame in frames {
            flat.push(self.string(&frame.function));
            flat.push(self.string(&frame.file));
            flat.push(self.int(frame.line as i32));
            flat.push(self.int(frame.column as i32));
            flat.push(self.string(&frame.type_name));
            flat.push(self.string(&frame.method));
            flat.push(self.int(frame.kind as i32));
        }
        self.array(&flat)
    }

    fn raw_string(&mut self, string: *mut sm::JSString) -> String {
        // SAFETY: a live string or null.
        match unsafe { string.as_ref() } {
            Some(string) => {
                let local = self.local(jsval::StringValue(string));
                self.as_string(local).unwrap_or_default()
            }
            None => String::new(),
        }
    }

    /// Installs V8's `Error.captureStackTrace`, `Error.stackTraceLimit` and the `stack` accessor. `prepare`, called as
    /// `(error, header, frames)`, formats; frames are a flat array of name, file, line, column.
    pub fn install_error_stacks(&mut self, prepare: Local<'_>) -> Result<(), Thrown> {
        let root = Root::new(self, prepare);
        self.data().error_hooks.prepare.replace(Some(root));
        let global = self.global();
        self.extend_errors(global)
    }

    /// Gives the errors of the current realm, whose global object is `global`, V8's additions, and its functions V8's text; what
    /// formats stacks is the same for all realms of a thread.
    pub fn extend_errors(&mut self, global: Local<'_>) -> Result<(), Thrown> {
        let error = self.get(global, "Error")?;
        let proto = self.get(error, "prototype")?;
        // The engine's own accessor; each error has one of its own, whose functions are the same in all realms.
        self.delete(proto, "stack")?;
        if !self.data().error_shape.is_set() {
            let getter = self.function("stack", &STACK_GETTER)?;
            let setter = self.function("stack", &STACK_SETTER)?;
            self.give_errors_stacks(getter, setter)?;
        }
        let capture = self.function("captureStackTrace", &CAPTURE)?;
        self.define(error, "captureStackTrace", capture, Attributes::HIDDEN)?;
        let limit = self.int(10);
        self.define(
            error,
            "stackTraceLimit",
            limit,
            Attributes { enumerable: true, writable: true, configurable: true },
        )?;
        self.extend_functions(global)?;
        self.delete(global, "InternalError")
    }
}

unsafe fn c_string(text: *const std::ffi::c_char) -> String {
    // SAFETY: by the caller, a NUL-terminated string.
    unsafe { std::ffi::CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// An error (or its prototype chain) that has this registered symbol brings its own first stack line.
const HEADER_SYMBOL: &str = "anode.stackHeader";

static STACK_GETTER: Native = stack_getter;
static STACK_SETTER: Native = stack_setter;
static CAPTURE: Native = capture_stack_trace;
static LAZY_GETTER: Native = lazy_stack_getter;

fn stack_getter<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let error = args.this();
    if !error.is_object() {
        return Ok(sc.undefined());
    }
    root_object!(sc, object = error);
    // SAFETY: rooted; null for anything but error objects.
    let saved = unsafe { sm::ExceptionStackOrNull(h!(object)) };
    // SAFETY: rooted; only looks at the class.
    let is_error = unsafe {
        let mut class = sm::ESClass::Other;
        sm::GetBuiltinClass(sc.cx(), h!(object), &mut class) && class == sm::ESClass::Error
    };
    if !is_error {
        return Ok(sc.undefined());
    }
    let frames = sc.frames_of(saved);
    let hidden = constructor_frames(sc, error, &frames);
    let stack = format_stack(sc, error, &frames[hidden..])?;
    sc.define(error, "stack", stack, Attributes::HIDDEN)?;
    Ok(stack)
}

/// How many of the topmost frames are constructors of the error itself: V8 begins a stack where `new` was called.
///
/// The engine saved no `new.target`, so the frames count whose names are those of the classes on the prototype chain, up to
/// the class of the error.
fn constructor_frames(sc: &mut Scope<'_>, error: Local<'_>, frames: &[Frame]) -> usize {
    /// Classes between an error and `Error` that are looked at.
    const CLASSES_MAX: usize = 8;
    let Some(first) = frames.first() else { return 0 };
    if first.function.is_empty() {
        return 0;
    }
    let own_name = |function: &str| function.rsplit(['.', '/']).next().unwrap_or(function).to_owned();
    let mut names: Vec<String> = Vec::new();
    let mut object = error;
    for _ in 0..CLASSES_MAX {
        let Ok(prototype) = sc.prototype(object) else { break };
        if !prototype.is_object() {
            break;
        }
        let Ok(constructor) = sc.get(prototype, "constructor") else { break };
        if !constructor.is_function() {
            break;
        }
        let Ok(name) = sc.get(constructor, "name") else { break };
        match sc.as_string(name) {
            Some(name) if !name.is_empty() => names.push(name),
            _ => break,
        }
        object = prototype;
    }
    sc.clear_exception();
    let Some(class) = names.first() else { return 0 };
    for (index, frame) in frames.iter().enumerate() {
        let name = own_name(&frame.function);
        if name == *class {
            return index + 1;
        }
        if !names.contains(&name) {
            return 0;
        }
    }
    0
}

fn stack_setter<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    if args.this().is_object() {
        sc.define(args.this(), "stack", args.get(0), Attributes::HIDDEN)?;
    }
    Ok(sc.undefined())
}

/// `Error.captureStackTrace(object[, belowFunction])`: the frames are saved now, formatted at the first read of `stack`.
fn capture_stack_trace<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let target = args.get(0);
    if !target.is_object() {
        let shown = sc.to_string(target).unwrap_or_default();
        return Err(sc.throw_type_error(&format!("Invalid argument: expected an object, got {shown}")));
    }
    let limit = stack_trace_limit(sc);
    let below = if args.get(1).is_function() { Some(args.get(1)) } else { None };
    let cx = sc.cx();
    mozjs::rooted!(in(cx) let mut stack = ptr::null_mut::<sm::JSObject>());
    mozjs::rooted!(in(cx) let start = below.map_or(ptr::null_mut(), Local::object_ptr));
    if limit > 0 {
        // SAFETY: rooted; the capture is a plain variant initialised by the engine.
        unsafe {
            let mut capture = std::mem::MaybeUninit::<sm::StackCapture>::uninit();
            sm::JS_StackCapture_MaxFrames(limit, capture.as_mut_ptr());
            if !sm::CaptureCurrentStack(cx, hm!(stack), capture.as_mut_ptr(), h!(start)) {
                sc.clear_exception();
            }
        }
    }
    let saved = sc.local(jsval::ObjectOrNullValue(stack.get()));
    let getter = sc.function_with_data("stack", &LAZY_GETTER, saved)?;
    let setter = sc.function("stack", &STACK_SETTER)?;
    sc.define_accessor(target, "stack", getter, setter)?;
    Ok(sc.undefined())
}

fn lazy_stack_getter<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let target = args.this();
    let saved = args.data(sc);
    let frames = sc.frames_of(saved.object_ptr());
    let stack = format_stack(sc, target, &frames)?;
    if target.is_object() && sc.has_own(target, "stack")? {
        sc.define(target, "stack", stack, Attributes::HIDDEN)?;
    }
    Ok(stack)
}

/// `Error.stackTraceLimit` as V8 reads it: a number, else no frames.
fn stack_trace_limit(sc: &mut Scope<'_>) -> u32 {
    let global = sc.global();
    let limit = sc.get(global, "Error").and_then(|error| sc.get(error, "stackTraceLimit"));
    match limit {
        Ok(limit) => limit.as_f64().map_or(0, |limit| limit.clamp(0.0, 200.0) as u32),
        Err(_) => {
            sc.clear_exception();
            0
        }
    }
}

/// The text (or whatever `Error.prepareStackTrace` returns) for the frames of `error`.
fn format_stack<'s>(sc: &mut Scope<'s>, error: Local<'_>, frames: &[Frame]) -> JsResult<'s> {
    let hook = sc.data().error_hooks.prepare.borrow().as_ref().map(Root::value);
    let Some(hook) = hook else {
        let text: String = frames.iter().map(|frame| format!("\n    at {}", describe(frame))).collect();
        return Ok(sc.string(&text));
    };
    let hook = sc.local(hook);
    let flat = sc.flat_frames(frames);
    let this = sc.undefined();
    let error = sc.local(error.raw());
    sc.call(hook, this, &[error, flat])
}

/// A frame as stacks show it, without what precedes the name.
pub(crate) fn describe(frame: &Frame) -> String {
    if frame.function.is_empty() {
        format!("{}:{}:{}", frame.file, frame.line, frame.column)
    } else {
        format!("{} ({}:{}:{})", frame.function, frame.file, frame.line, frame.column)
    }
}

/// Rewords the engine's messages to V8's. Before the first context, on the only thread.
pub(crate) fn patch_messages() {
    messages::patch();
    #[cfg(all(target_os = "linux", not(test)))]
    crate::error_shape::add_slot();
}
