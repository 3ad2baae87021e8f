//! What V8 tells of a stack frame and the engine forgets: the type of the receiver, the property that the function was called
//! as, and whether `new` called it.
//!
//! The engine saves a frame's function name with `FrameIter::maybeFunctionDisplayAtom`, which the linker sends to us (see
//! crates/anode/build.rs). We answer with a name that carries more ([`encode`]); [`decode`] takes it apart when a stack is
//! formatted. Only plain data properties are looked at, so no code of the program runs here.

use crate::async_frames;
use crate::context;
use crate::error::{Frame, FrameKind};
use mozjs::jsapi as sm;
use mozjs::jsval;
use mozjs::rust::{IdVector, get_object_class};
use std::cell::RefCell;
use std::ffi::{CStr, c_void};
#[cfg(all(target_os = "linux", not(test)))]
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// Begins an encoded name and separates its parts; no identifier contains it.
const MARK: char = '\u{1}';
/// Prototypes that are searched for the property that holds the function.
const PROTOTYPES_MAX: usize = 4;
/// Properties of one object that are searched for it.
const PROPERTIES_MAX: usize = 128;
/// Entries of the cache of names; a power of two.
const CACHE_ENTRIES: usize = 64;
/// Flag of classes whose objects are proxies (js/Class.h).
const CLASS_IS_PROXY: u32 = 1 << (sm::JSCLASS_HIGH_FLAGS_SHIFT + 3);
/// Flag of classes of global objects (js/Class.h).
const CLASS_IS_GLOBAL: u32 = 1 << (sm::JSCLASS_HIGH_FLAGS_SHIFT + 1);

// js/src/vm/FrameIter.h and JSObject.h.
unsafe extern "C" {
    #[link_name = "_ZNK2js9FrameIter15isFunctionFrameEv"]
    fn frame_is_function(frame: *const c_void) -> bool;
    #[link_name = "_ZNK2js9FrameIter14isConstructingEv"]
    fn frame_is_constructing(frame: *const c_void) -> bool;
    #[link_name = "_ZNK2js9FrameIter12thisArgumentEP9JSContext"]
    fn frame_this(frame: *const c_void, cx: *mut sm::JSContext) -> sm::Value;
    #[link_name = "_ZNK2js9FrameIter6calleeEP9JSContext"]
    fn frame_callee(frame: *const c_void, cx: *mut sm::JSContext) -> *mut sm::JSFunction;
    #[link_name = "_ZNK2js9FrameIter25hasUsableAbstractFramePtrEv"]
    fn frame_has_arguments(frame: *const c_void) -> bool;
    #[link_name = "_ZNK2js9FrameIter13numActualArgsEv"]
    fn frame_argument_count(frame: *const c_void) -> u32;
    #[link_name = "_ZNK2js9FrameIter15unaliasedActualEjNS_18MaybeCheckAliasingE"]
    fn frame_argument(frame: *const c_void, index: u32, check_aliasing: bool) -> sm::Value;
    #[link_name = "_ZN2js15GetPropertyPureEP9JSContextP8JSObjectN2JS11PropertyKeyEPNS4_5ValueE"]
    fn property_pure(cx: *mut sm::JSContext, object: *mut sm::JSObject, id: sm::jsid, value: *mut sm::Value) -> bool;
}

#[cfg(all(target_os = "linux", not(test)))]
unsafe extern "C" {
    #[link_name = "__real__ZNK2js9FrameIter24maybeFunctionDisplayAtomEv"]
    fn real_name(frame: *const c_void) -> *mut sm::JSString;
}

/// `js::FrameIter::maybeFunctionDisplayAtom()`
///
/// # Safety
/// Called by the engine with a frame of this thread's running context.
#[cfg(all(target_os = "linux", not(test)))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZNK2js9FrameIter24maybeFunctionDisplayAtomEv(
    frame: *const c_void,
) -> *mut sm::JSString {
    // SAFETY: the engine's own function with its own argument.
    let name = unsafe { real_name(frame) };
    let cx = context::current_cx();
    if cx.is_null() {
        return name;
    }
    // A panic must not unwind into the engine; the plain name is always right.
    // SAFETY: by the caller.
    catch_unwind(AssertUnwindSafe(|| unsafe { full_name(cx, frame, name) })).unwrap_or(name)
}

/// The name that is saved with a frame.
///
/// # Safety
/// `frame` is a valid frame of the running context `cx`, `name` its display name or null. The caller allows a collection: the
/// engine allocates between reading a frame's parts anyway (SavedStacks::insertFrames).
#[cfg_attr(any(test, not(target_os = "linux")), expect(dead_code, reason = "called where the linker wraps"))]
unsafe fn full_name(cx: *mut sm::JSContext, frame: *const c_void, name: *mut sm::JSString) -> *mut sm::JSString {
    // SAFETY (whole function): by the caller; everything kept across a possible collection is rooted.
    unsafe {
        if !frame_is_function(frame) {
            return name;
        }
        mozjs::rooted!(in(cx) let name = name);
        if context::data_of(cx).jobs.is_running()
            && let Some(full) = with_waiting(cx, frame, name.get())
        {
            return full;
        }
        if frame_is_constructing(frame) {
            return atom(cx, &encode(NEW, "", "", &text_of(cx, name.get()))).unwrap_or(name.get());
        }
        let this = frame_this(frame, cx);
        if this.is_null_or_undefined() || this.is_magic() {
            if is_executor(frame) {
                return atom(cx, &encode(EXECUTOR, "", "", &text_of(cx, name.get()))).unwrap_or(name.get());
            }
            return name.get();
        }
        mozjs::rooted!(in(cx) let this = this);
        if !this.get().is_object() {
            let type_name = primitive_type(this.get());
            return atom(cx, &encode(CALL, type_name, "", &text_of(cx, name.get()))).unwrap_or(name.get());
        }
        mozjs::rooted!(in(cx) let receiver = this.get().to_object());
        let class = &*get_object_class(receiver.get());
        if class.flags & CLASS_IS_GLOBAL != 0 {
            return name.get();
        }
        mozjs::rooted!(in(cx) let callee = sm::JS_GetFunctionObject(frame_callee(frame, cx)));
        let kind = type_key(cx, receiver.get(), class);
        if let Some(known) = NAMES.with(|names| names.borrow_mut().find(cx, callee.get(), kind)) {
            return known;
        }
        let type_name = type_name(cx, receiver.get(), class);
        let text = text_of(cx, name.get());
        let (method, is_own) = method_name(cx, receiver.get(), callee.get(), &text);
        let full = atom(cx, &encode(CALL, &type_name, &method, &text)).unwrap_or(name.get());
        if is_own {
            return full;
        }
        mozjs::rooted!(in(cx) let full = full);
        let kind = type_key(cx, receiver.get(), class);
        NAMES.with(|names| names.borrow_mut().keep(cx, callee.get(), kind, full.get()));
        full.get()
    }
}

/// Whether the arguments of the function are those that `new Promise()` calls its argument with. Frames of optimized code do not tell.
unsafe fn is_executor(frame: *const c_void) -> bool {
    // SAFETY: by the caller of `full_name`; arguments are only asked for where the frame has them.
    unsafe {
        if !frame_has_arguments(frame) || frame_argument_count(frame) != 2 {
            return false;
        }
        let [resolve, reject] = [0, 1].map(|index| {
            let value = frame_argument(frame, index, false);
            if value.is_object() { async_frames::resolved_by(value.to_object()) } else { ptr::null_mut() }
        });
        !resolve.is_null() && resolve == reject
    }
}

/// The name with the frames that wait for the job which runs, if it began in this frame.
unsafe fn with_waiting(
    cx: *mut sm::JSContext,
    frame: *const c_void,
    name: *mut sm::JSString,
) -> Option<*mut sm::JSString> {
    // SAFETY: by the caller of `full_name`; rooted over what may collect.
    unsafe {
        mozjs::rooted!(in(cx) let name = name);
        let this = frame_this(frame, cx);
        let mut text = String::new();
        let waiting = if this.is_object() && async_frames::is_generator(this.to_object()) {
            text = text_of(cx, name.get());
            if !async_frames::is_resumption(&text) {
                return None;
            }
            async_frames::waiting_for_generator(cx, this.to_object())
        } else {
            let callee = sm::JS_GetFunctionObject(frame_callee(frame, cx));
            async_frames::waiting_for_handler(cx, callee)
        };
        if waiting.is_empty() {
            return None;
        }
        if text.is_empty() {
            text = text_of(cx, name.get());
        }
        atom(cx, &(text + &waiting))
    }
}

/// What decides the type name of a receiver: its prototype; for functions, themselves.
unsafe fn type_key(cx: *mut sm::JSContext, receiver: *mut sm::JSObject, class: &sm::JSClass) -> *mut sm::JSObject {
    // SAFETY: a live object; reads its prototype without running code.
    unsafe {
        if class.flags & CLASS_IS_PROXY != 0 || sm::JS_ObjectIsFunction(receiver) {
            return receiver;
        }
        mozjs::rooted!(in(cx) let object = receiver);
        mozjs::rooted!(in(cx) let mut proto = ptr::null_mut::<sm::JSObject>());
        let mut ordinary = false;
        if sm::JS_GetPrototypeIfOrdinary(cx, h!(object), &mut ordinary, hm!(proto))
            && ordinary
            && !proto.get().is_null()
        {
            proto.get()
        } else {
            receiver
        }
    }
}

fn primitive_type(value: sm::Value) -> &'static str {
    if value.is_string() {
        "String"
    } else if value.is_number() {
        "Number"
    } else if value.is_boolean() {
        "Boolean"
    } else if value.is_symbol() {
        "Symbol"
    } else {
        "BigInt"
    }
}

/// V8's name for the type of an object: that of its constructor, or its tag.
unsafe fn type_name(cx: *mut sm::JSContext, receiver: *mut sm::JSObject, class: &sm::JSClass) -> String {
    // SAFETY: a live object; nothing here collects before the last use of a raw pointer but what is rooted again.
    unsafe {
        if class.flags & CLASS_IS_PROXY != 0 {
            return "Proxy".to_owned();
        }
        mozjs::rooted!(in(cx) let receiver = receiver);
        if sm::JS_ObjectIsFunction(receiver.get()) {
            let own = function_name(cx, receiver.get());
            return if own.is_empty() { "Function".to_owned() } else { own };
        }
        let constructor = match data_property(cx, receiver.get(), c"constructor") {
            Some(value) if value.is_object() && sm::JS_ObjectIsFunction(value.to_object()) => {
                function_name(cx, value.to_object())
            }
            _ => String::new(),
        };
        if !constructor.is_empty() && constructor != "Object" {
            return constructor;
        }
        let tag = sm::GetWellKnownSymbol(cx, sm::SymbolCode::toStringTag);
        let id = sm::jsid { asBits_: tag as usize | SYMBOL_ID_TAG };
        let mut value = jsval::UndefinedValue();
        if property_pure(cx, receiver.get(), id, &mut value) && value.is_string() {
            return text_of(cx, value.to_string());
        }
        "Object".to_owned()
    }
}

/// What V8's messages call an object: its type and a text without side effects: `#<Class>` for what has the `toString` of
/// Object.prototype, the text of an error, the source of a function, else `[object Class]`.
///
/// # Safety
/// A live object of the current realm's compartment.
#[cfg_attr(any(test, not(target_os = "linux")), expect(dead_code, reason = "called where the linker wraps"))]
pub(crate) unsafe fn description(cx: *mut sm::JSContext, object: *mut sm::JSObject) -> (&'static str, String) {
    // SAFETY: everything is rooted over what may collect; only plain data properties are read.
    unsafe {
        mozjs::rooted!(in(cx) let object = object);
        let class = &*get_object_class(object.get());
        if class.flags & CLASS_IS_PROXY != 0 {
            return ("object", "#<Object>".to_owned());
        }
        if sm::JS_ObjectIsFunction(object.get()) {
            mozjs::rooted!(in(cx) let function = sm::JS_GetObjectFunction(object.get()));
            let source = sm::JS_DecompileFunction(cx, h!(function));
            if source.is_null() {
                sm::JS_ClearPendingException(cx);
            }
            let source = text_of(cx, source);
            // The engine breaks the line in what is native.
            return ("function", source.replace("{\n    [native code]\n}", "{ [native code] }"));
        }
        let class_name = CStr::from_ptr(class.name).to_str().unwrap_or("Object");
        if class_name.ends_with("Error") {
            let part = |name| match data_property(cx, object.get(), name) {
                Some(value) if value.is_string() => text_of(cx, value.to_string()),
                _ => String::new(),
            };
            let (name, message) = (part(c"name"), part(c"message"));
            return ("object", if message.is_empty() { name } else { format!("{name}: {message}") });
        }
        mozjs::rooted!(in(cx) let plain = sm::GetRealmObjectPrototype(cx));
        let shows = data_property(cx, object.get(), c"toString").map(|value| value.asBits_);
        if shows.is_none() || shows != data_property(cx, plain.get(), c"toString").map(|value| value.asBits_) {
            return ("object", format!("[object {class_name}]"));
        }
        let constructor = match data_property(cx, object.get(), c"constructor") {
            Some(value) if value.is_object() && sm::JS_ObjectIsFunction(value.to_object()) => {
                function_name(cx, value.to_object())
            }
            _ => String::new(),
        };
        let text = if constructor.is_empty() { "[object Object]".to_owned() } else { format!("#<{constructor}>") };
        ("object", text)
    }
}

/// How the engine marks an id that is a symbol (js/Id.h).
const SYMBOL_ID_TAG: usize = 4;

unsafe fn data_property(cx: *mut sm::JSContext, object: *mut sm::JSObject, name: &std::ffi::CStr) -> Option<sm::Value> {
    // SAFETY: rooted over the interning of the name.
    unsafe {
        mozjs::rooted!(in(cx) let object = object);
        let text = sm::JS_AtomizeAndPinString(cx, name.as_ptr());
        if text.is_null() {
            sm::JS_ClearPendingException(cx);
            return None;
        }
        mozjs::rooted!(in(cx) let mut id = sm::jsid { asBits_: 0 });
        mozjs::glue::RUST_INTERNED_STRING_TO_JSID(cx, text, hm!(id));
        let mut value = jsval::UndefinedValue();
        property_pure(cx, object.get(), id.get(), &mut value).then_some(value)
    }
}

/// The name that stacks show for a function.
///
/// # Safety
/// A live function.
pub(crate) unsafe fn display_name(cx: *mut sm::JSContext, function: *mut sm::JSFunction) -> String {
    // SAFETY: by the caller; the name is an atom or null.
    unsafe { text_of(cx, sm::JS_GetMaybePartialFunctionDisplayId(function)) }
}

unsafe fn function_name(cx: *mut sm::JSContext, function: *mut sm::JSObject) -> String {
    // SAFETY: a live function object; the id is an atom or null.
    unsafe { text_of(cx, sm::JS_GetMaybePartialFunctionId(sm::JS_GetObjectFunction(function))) }
}

/// The property of the receiver, or of its prototypes, that holds the function; empty if none is found. The flag says that it
/// may hold for this very object only.
unsafe fn method_name(
    cx: *mut sm::JSContext,
    receiver: *mut sm::JSObject,
    callee: *mut sm::JSObject,
    name: &str,
) -> (String, bool) {
    // SAFETY: everything is rooted; only plain data properties are read, proxies are not searched.
    unsafe {
        mozjs::rooted!(in(cx) let mut object = receiver);
        mozjs::rooted!(in(cx) let callee = callee);
        mozjs::rooted!(in(cx) let mut id = sm::jsid { asBits_: 0 });
        let holds = |object: *mut sm::JSObject, id: sm::jsid| {
            let mut value = jsval::UndefinedValue();
            property_pure(cx, object, id, &mut value) && value.is_object() && value.to_object() == callee.get()
        };
        // The engine's guess at a name is a path: `object.method`, `outer/method`, and `outer/<` for nothing.
        let own_name = name.rsplit(['.', '/']).next().unwrap_or(name);
        if !own_name.is_empty() {
            mozjs::rooted!(in(cx) let text = atom(cx, own_name).unwrap_or(ptr::null_mut()));
            if text.get().is_null() || !sm::JS_StringToId(cx, h!(text), hm!(id)) {
                sm::JS_ClearPendingException(cx);
                return (String::new(), false);
            }
            if holds(object.get(), id.get()) {
                return (own_name.to_owned(), false);
            }
        }
        if !own_name.is_empty() && !own_name.ends_with('<') && !is_identifier(own_name) {
            return (String::new(), false);
        }
        let mut method = None;
        for _ in 0..PROTOTYPES_MAX {
            if (*get_object_class(object.get())).flags & CLASS_IS_PROXY != 0 {
                break;
            }
            let mut wrapper = mozjs::context::JSContext::from_ptr(ptr::NonNull::new_unchecked(cx));
            let mut ids = IdVector::new(&mut wrapper);
            if !sm::GetPropertyKeys(cx, h!(object), sm::JSITER_OWNONLY | sm::JSITER_HIDDEN, ids.handle_mut()) {
                sm::JS_ClearPendingException(cx);
                break;
            }
            if ids.len() > PROPERTIES_MAX {
                break;
            }
            for found in ids.iter() {
                if holds(object.get(), *found) {
                    // Several names are none.
                    if method.is_some() {
                        return (String::new(), true);
                    }
                    mozjs::rooted!(in(cx) let mut value = jsval::UndefinedValue());
                    if !sm::JS_IdToValue(cx, *found, hm!(value)) || !value.get().is_string() {
                        return (String::new(), false);
                    }
                    method = Some(text_of(cx, value.get().to_string()));
                }
            }
            mozjs::rooted!(in(cx) let mut proto = ptr::null_mut::<sm::JSObject>());
            let mut ordinary = false;
            if !sm::JS_GetPrototypeIfOrdinary(cx, h!(object), &mut ordinary, hm!(proto))
                || !ordinary
                || proto.get().is_null()
            {
                break;
            }
            object.set(proto.get());
        }
        let found = method.is_some();
        (method.unwrap_or_default(), found)
    }
}

pub(crate) unsafe fn text_of(cx: *mut sm::JSContext, text: *mut sm::JSString) -> String {
    match ptr::NonNull::new(text) {
        // SAFETY: a live string.
        Some(text) => unsafe {
            mozjs::conversions::jsstr_to_string(
                &mozjs::context::JSContext::from_ptr(ptr::NonNull::new_unchecked(cx)),
                text,
            )
        },
        None => String::new(),
    }
}

unsafe fn atom(cx: *mut sm::JSContext, text: &str) -> Option<*mut sm::JSString> {
    let units: Vec<u16> = text.encode_utf16().collect();
    // SAFETY: the characters are copied.
    let atom = unsafe { sm::JS_AtomizeUCStringN(cx, units.as_ptr(), units.len()) };
    if atom.is_null() {
        // SAFETY: this context's own state.
        unsafe { sm::JS_ClearPendingException(cx) };
        return None;
    }
    Some(atom)
}

/// Whether V8 puts the type before a function's name: only if the name could be written after a dot.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|first| first.is_alphabetic() || first == '_' || first == '$');
    starts && chars.all(|next| next.is_alphanumeric() || next == '_' || next == '$')
}

/// How a function was called, in names: as any function, by `new Promise()`, with `new`.
const CALL: char = 'm';
const EXECUTOR: char = 'p';
const NEW: char = 'n';

fn encode(kind: char, type_name: &str, method: &str, name: &str) -> String {
    format!("{MARK}{kind}{MARK}{type_name}{MARK}{method}{MARK}{name}")
}

/// Fills the name and what came with it into a frame.
pub(crate) fn decode(name: String, frame: &mut Frame) {
    let Some(rest) = name.strip_prefix(MARK) else {
        frame.function = name;
        return;
    };
    let mut parts = rest.splitn(4, MARK);
    match parts.next().and_then(|kind| kind.chars().next()) {
        Some(EXECUTOR) => frame.is_executor = true,
        Some(NEW) => frame.kind = FrameKind::New,
        _ => {}
    }
    frame.type_name = parts.next().unwrap_or_default().to_owned();
    frame.method = parts.next().unwrap_or_default().to_owned();
    frame.function = parts.next().unwrap_or_default().to_owned();
}

#[derive(Clone, Copy)]
struct Entry {
    callee: *mut sm::JSObject,
    kind: *mut sm::JSObject,
    name: *mut sm::JSString,
}

/// Names of functions by what they were called on. A collection moves and frees cells, so it empties the cache.
struct Names {
    collections: (u32, u32),
    entries: [Entry; CACHE_ENTRIES],
}

const NO_ENTRY: Entry = Entry { callee: ptr::null_mut(), kind: ptr::null_mut(), name: ptr::null_mut() };

thread_local! {
    static NAMES: RefCell<Names> = const { RefCell::new(Names { collections: (0, 0), entries: [NO_ENTRY; CACHE_ENTRIES] }) };
}

impl Names {
    fn slot(callee: *mut sm::JSObject, kind: *mut sm::JSObject) -> usize {
        // Cells are at least 16 bytes apart.
        ((callee as usize >> 4) ^ (kind as usize >> 7)) & (CACHE_ENTRIES - 1)
    }

    fn refresh(&mut self, cx: *mut sm::JSContext) {
        // SAFETY: reads counters of this thread's context.
        let now = unsafe {
            (
                sm::JS_GetGCParameter(cx, sm::JSGCParamKey::JSGC_MAJOR_GC_NUMBER),
                sm::JS_GetGCParameter(cx, sm::JSGCParamKey::JSGC_MINOR_GC_NUMBER),
            )
        };
        if now != self.collections {
            self.collections = now;
            self.entries = [NO_ENTRY; CACHE_ENTRIES];
        }
    }

    fn find(
        &mut self,
        cx: *mut sm::JSContext,
        callee: *mut sm::JSObject,
        kind: *mut sm::JSObject,
    ) -> Option<*mut sm::JSString> {
        self.refresh(cx);
        let entry = self.entries[Names::slot(callee, kind)];
        (entry.callee == callee && entry.kind == kind && !entry.name.is_null()).then_some(entry.name)
    }

    fn keep(
        &mut self,
        cx: *mut sm::JSContext,
        callee: *mut sm::JSObject,
        kind: *mut sm::JSObject,
        name: *mut sm::JSString,
    ) {
        self.refresh(cx);
        self.entries[Names::slot(callee, kind)] = Entry { callee, kind, name };
    }
}

#[cfg(test)]
mod tests {
    use super::{CALL, NEW, decode, encode, is_identifier};
    use crate::error::{Frame, FrameKind};

    #[track_caller]
    fn check(name: &str, want: (&str, &str, &str, bool)) {
        let mut frame = Frame::default();
        decode(name.to_owned(), &mut frame);
        let new = frame.kind == FrameKind::New;
        assert_eq!((&*frame.function, &*frame.type_name, &*frame.method, new), want);
    }

    #[test]
    fn names() {
        check("f", ("f", "", "", false));
        check("", ("", "", "", false));
        check(&encode(NEW, "", "", "Foo"), ("Foo", "", "", true));
        check(&encode(CALL, "Foo", "m", "named"), ("named", "Foo", "m", false));
        check("\u{1}", ("", "", "", false));
    }

    #[test]
    fn identifiers() {
        for name in ["a", "$", "_x1", "é", "get"] {
            assert!(is_identifier(name), "{name}");
        }
        for name in ["", "1", "a b", "a.b", "#p", "[x]", "get x", "a/b<"] {
            assert!(!is_identifier(name), "{name}");
        }
    }
}
