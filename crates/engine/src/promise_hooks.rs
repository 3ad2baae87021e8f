//! Promise hooks: a function that hears of every promise that is made, chained, reacted to and settled.
//!
//! The engine has no such hook, but it asks its Debugger at the right moments. A realm with a debugger that hears nothing is
//! told to ask, and the linker sends the questions to us (`--wrap`, see crates/anode/build.rs), so nothing of this costs
//! anything while no hook is set.
//!
//! What the engine does not say, we note on the way:
//! * **Parents.** While a hook is set, `Promise.prototype.then` enters through [`then_hooked`]: the first promise made inside is
//!   a child of its receiver. An `await` enters through [`await_hooked`]: a promise made for a plain value is a child of the
//!   function's own promise.
//! * **Awaits.** The continuation of an `await` belongs to a promise that nobody can see, a child of the awaited one, as in V8. It
//!   travels to the reaction in a [`CARRIER`] object, in the place of the async context that is inside of it.

use crate::context::{self, ContextData};
use crate::error::Thrown;
use crate::root::Root;
use crate::scope::{Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;
use mozjs::rust::get_object_class;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

/// First argument of a promise hook: what happened.
const INIT: i32 = 0;
const BEFORE: i32 = 1;
const AFTER: i32 = 2;
const SETTLED: i32 = 3;

/// Slots of a carrier: the async context (an object or undefined), and the promise of the continuation.
const CARRIER_CONTEXT: u32 = 0;
const CARRIER_PROMISE: u32 = 1;

static CARRIER: sm::JSClass = sm::JSClass {
    name: c"AwaitCarrier".as_ptr(),
    flags: 2 << sm::JSCLASS_RESERVED_SLOTS_SHIFT,
    cOps: ptr::null(),
    spec: ptr::null(),
    ext: ptr::null(),
    oOps: ptr::null(),
};

/// js/src/vm/JSFunction.h of this engine version: where a native function keeps its address and its description for the JIT.
const FUNCTION_NATIVE_SLOT: u32 = 1;
const FUNCTION_JIT_INFO_SLOT: u32 = 2;
/// js/src/vm/AsyncFunction.h: the promise of an async function's generator.
const ASYNC_FUNCTION_PROMISE_SLOT: u32 = 5;

/// Makes the realm a debuggee, so that the engine asks about its promises.
const OBSERVE: &str = "(function (target) {
  const observer = new Debugger();
  return (on) => { if (on) observer.addDebuggee(target); else observer.removeAllDebuggees(); };
})";

unsafe extern "C" {
    #[link_name = "_ZN2js12Promise_thenEP9JSContextjPN2JS5ValueE"]
    fn promise_then(cx: *mut sm::JSContext, argc: u32, vp: *mut sm::Value) -> bool;
}

/// Values that live from one engine call to the next, traced with the arena.
pub(crate) struct HookSlots {
    /// Parent of the next promise.
    parent: UnsafeCell<sm::Value>,
    /// The first promise since this was cleared.
    created: UnsafeCell<sm::Value>,
    /// What the next reaction carries.
    carrier: UnsafeCell<sm::Value>,
}

impl Default for HookSlots {
    fn default() -> Self {
        let empty = || UnsafeCell::new(jsval::UndefinedValue());
        HookSlots { parent: empty(), created: empty(), carrier: empty() }
    }
}

impl HookSlots {
    /// # Safety
    /// Only from the engine's root tracing, with its tracer.
    pub(crate) unsafe fn trace(&self, tracer: *mut sm::JSTracer) {
        for slot in [&self.parent, &self.created, &self.carrier] {
            // SAFETY: initialised values of this thread.
            unsafe { crate::sys::trace_value(tracer, slot.get()) };
        }
    }

    pub(crate) fn clear(&self) {
        for slot in [&self.parent, &self.created, &self.carrier] {
            put(slot, jsval::UndefinedValue());
        }
    }
}

/// Contexts of this process with a hook: while there is none, an `await` looks no further.
static HOOKED_CONTEXTS: AtomicUsize = AtomicUsize::new(0);

/// Whether any context has a hook.
#[inline]
pub(crate) fn is_any_active() -> bool {
    HOOKED_CONTEXTS.load(Ordering::Relaxed) > 0
}

fn put(slot: &UnsafeCell<sm::Value>, value: sm::Value) {
    // SAFETY: slots are written on their thread only, and no reference to one is ever kept.
    unsafe { *slot.get() = value };
}

fn take(slot: &UnsafeCell<sm::Value>) -> sm::Value {
    // SAFETY: as in `put`.
    unsafe { std::mem::replace(&mut *slot.get(), jsval::UndefinedValue()) }
}

#[derive(Default)]
pub(crate) struct HookState {
    /// Whether `hook` is set: what fast paths look at.
    active: Cell<bool>,
    /// Promises are being made that nobody shall hear of.
    muted: Cell<bool>,
    /// `fn(phase, promise, parent)`.
    hook: RefCell<Option<Root>>,
    /// Starts and stops the debugger that hears nothing.
    observe: RefCell<Option<Root>>,
    /// The native and the JIT's description of `Promise.prototype.then` while ours stands in its place.
    then: Cell<Option<(sm::Value, sm::Value)>>,
    then_function: RefCell<Option<Root>>,
}

impl HookState {
    #[inline]
    pub(crate) fn is_active(&self) -> bool {
        self.active.get()
    }

    fn set_active(&self, active: bool) {
        match (self.active.replace(active), active) {
            (false, true) => HOOKED_CONTEXTS.fetch_add(1, Ordering::Relaxed),
            (true, false) => HOOKED_CONTEXTS.fetch_sub(1, Ordering::Relaxed),
            _ => 0,
        };
    }

    pub(crate) fn clear(&self) {
        self.set_active(false);
        self.hook.take();
        self.observe.take();
        self.then_function.take();
    }
}

/// Calls the hook.
///
/// # Safety
/// `cx` is this thread's context in a place where it may collect.
unsafe fn emit(cx: *mut sm::JSContext, phase: i32, promise: sm::Value, parent: sm::Value) {
    let data = context::data_of(cx);
    // SAFETY: by the caller; the scope ends with this function.
    let mut scope = unsafe { Scope::new(cx, data) };
    let sc = &mut scope;
    let promise = sc.local(promise);
    let parent = sc.local(parent);
    let hook = data.hooks.hook.borrow().as_ref().map(|hook| hook.get(sc));
    let Some(hook) = hook else { return };
    let phase = sc.int(phase);
    let this = sc.undefined();
    if let Err(thrown) = sc.call(hook, this, &[phase, promise, parent]) {
        // Hooks report their own errors; what escapes them (an exhausted stack) has nowhere to go.
        let _reported = sc.catch(thrown);
    }
}

/// What a reaction carries: its async context, and the promise of an awaiting function's continuation.
pub(crate) struct Carried {
    pub(crate) context: sm::Value,
    pub(crate) promise: *mut sm::JSObject,
}

/// Takes a carrier apart; anything else is the context itself.
pub(crate) fn unpack(carried: sm::Value) -> Carried {
    let plain = Carried { context: carried, promise: ptr::null_mut() };
    if !carried.is_object() {
        return plain;
    }
    let object = carried.to_object();
    // SAFETY: a live object; its slots are read after its class is checked.
    unsafe {
        if !ptr::eq(get_object_class(object), &CARRIER) {
            return plain;
        }
        let mut context = jsval::UndefinedValue();
        let mut promise = jsval::UndefinedValue();
        glue::JS_GetReservedSlot(object, CARRIER_CONTEXT, &mut context);
        glue::JS_GetReservedSlot(object, CARRIER_PROMISE, &mut promise);
        Carried { context, promise: if promise.is_object() { promise.to_object() } else { ptr::null_mut() } }
    }
}

/// What a reaction that is made now carries: the async context, in a carrier if the reaction is an `await`'s.
#[inline]
pub(crate) fn carried_now(data: &ContextData) -> sm::Value {
    if data.hooks.is_active() {
        let carrier = take(&data.arena.hook_slots.carrier);
        if carrier.is_object() {
            return carrier;
        }
    }
    // SAFETY: the slot is ours and always initialised.
    unsafe { *data.arena.async_context.get() }
}

/// The engine made a promise.
///
/// # Safety
/// Called by the engine with its own arguments.
pub(crate) unsafe fn created(cx: *mut sm::JSContext, promise: sm::HandleObject) {
    let data = context::data_of(cx);
    if !data.hooks.is_active() || data.hooks.muted.get() {
        return;
    }
    let slots = &data.arena.hook_slots;
    let value = jsval::ObjectValue(promise.get());
    // SAFETY: the slots are ours.
    if unsafe { (*slots.created.get()).is_undefined() } {
        put(&slots.created, value);
    }
    let parent = take(&slots.parent);
    // SAFETY: the engine calls its Debugger's JavaScript here, so a call may happen.
    unsafe { emit(cx, INIT, value, parent) };
}

/// A promise is settled.
///
/// # Safety
/// Called by the engine with its own arguments.
pub(crate) unsafe fn settled(cx: *mut sm::JSContext, promise: sm::HandleObject) {
    if context::data_of(cx).hooks.is_active() {
        // SAFETY: as in `created`; a handle of the engine. Only promises that are made while somebody looks know where.
        unsafe {
            let observed = !sm::GetPromiseAllocationSite(promise).is_null();
            emit(cx, SETTLED, jsval::ObjectValue(promise.get()), jsval::BooleanValue(observed));
        }
    }
}

/// `Promise.prototype.then` while a hook is set.
unsafe extern "C" fn then_hooked(cx: *mut sm::JSContext, argc: u32, vp: *mut sm::Value) -> bool {
    let slots = &context::data_of(cx).arena.hook_slots;
    // SAFETY: vp[1] is the receiver; the engine's own native gets the engine's own arguments.
    unsafe {
        put(&slots.parent, *vp.add(1));
        let ok = promise_then(cx, argc, vp);
        put(&slots.parent, jsval::UndefinedValue());
        ok
    }
}

/// Around an `await` of `value`: `run` is the engine's own function, `generator` the suspended function.
///
/// # Safety
/// Called by the engine with its own arguments.
pub(crate) unsafe fn await_hooked(
    cx: *mut sm::JSContext,
    generator: sm::HandleObject,
    value: sm::HandleValue,
    is_function: bool,
    run: impl FnOnce() -> bool,
) -> bool {
    let data = context::data_of(cx);
    if !data.hooks.is_active() {
        return run();
    }
    let slots = &data.arena.hook_slots;
    // SAFETY: everything that is kept over a call is in a traced slot or a stack root.
    unsafe {
        mozjs::rooted!(in(cx) let mut awaited = ptr::null_mut::<sm::JSObject>());
        mozjs::rooted!(in(cx) let null = ptr::null_mut::<sm::JSObject>());
        if value.get().is_object() {
            mozjs::rooted!(in(cx) let object = value.get().to_object());
            if sm::IsPromiseObject(h!(object)) {
                awaited.set(object.get());
            }
        }
        data.hooks.muted.set(true);
        mozjs::rooted!(in(cx) let hidden = sm::NewPromiseObject(cx, h!(null)));
        mozjs::rooted!(in(cx) let carrier = sm::JS_NewObject(cx, &CARRIER));
        data.hooks.muted.set(false);
        if hidden.get().is_null() || carrier.get().is_null() {
            return false;
        }
        sm::JS_SetReservedSlot(carrier.get(), CARRIER_CONTEXT, &*data.arena.async_context.get());
        sm::JS_SetReservedSlot(carrier.get(), CARRIER_PROMISE, &jsval::ObjectValue(hidden.get()));
        put(&slots.carrier, jsval::ObjectValue(carrier.get()));
        put(&slots.created, jsval::UndefinedValue());
        let mut parent = jsval::UndefinedValue();
        if is_function {
            glue::JS_GetReservedSlot(generator.get(), ASYNC_FUNCTION_PROMISE_SLOT, &mut parent);
        }
        put(&slots.parent, parent);
        let ok = run();
        put(&slots.parent, jsval::UndefinedValue());
        put(&slots.carrier, jsval::UndefinedValue());
        let made = take(&slots.created);
        if ok {
            let parent = if awaited.get().is_null() { made } else { jsval::ObjectValue(awaited.get()) };
            emit(cx, INIT, jsval::ObjectValue(hidden.get()), parent);
        }
        ok
    }
}

impl<'s> Scope<'s> {
    /// A reaction of `promise` is about to run; null if nobody holds one: then the engine has not made it.
    pub(crate) fn hook_before(&mut self, promise: *mut sm::JSObject) {
        self.hook_around(BEFORE, promise);
    }

    /// A reaction of `promise` has run; `hidden` if it was the continuation of an `await`, which settles its promise.
    pub(crate) fn hook_after(&mut self, promise: *mut sm::JSObject, hidden: bool) {
        mozjs::rooted!(in(self.cx()) let promise = promise);
        if hidden && !promise.get().is_null() {
            self.hook_around(SETTLED, promise.get());
        }
        self.hook_around(AFTER, promise.get());
    }

    fn hook_around(&mut self, phase: i32, promise: *mut sm::JSObject) {
        if self.data().hooks.is_active() {
            let value = if promise.is_null() { jsval::UndefinedValue() } else { jsval::ObjectValue(promise) };
            // SAFETY: between jobs, where a call may happen.
            unsafe { emit(self.cx(), phase, value, jsval::UndefinedValue()) };
        }
    }

    /// `hook(phase, promise, parent)` hears of every promise of the main realm from now on: phase 0 it was made, by `then` of
    /// `parent` or for an `await` of it; 1 and 2 before and after a reaction that settles it (undefined: nobody holds what it
    /// would settle); 3 it was settled, and then `parent` is whether it was made while a hook was set: its executor may have
    /// settled it before the engine tells that it was made. `None` ends it.
    ///
    /// # Errors
    /// What the engine throws when it is out of memory.
    pub fn set_promise_hook(&mut self, hook: Option<Local<'_>>) -> Result<(), Thrown> {
        let data = self.data();
        let active = hook.is_some();
        data.hooks.hook.replace(hook.map(|hook| Root::new(self, hook)));
        if active == data.hooks.is_active() {
            return Ok(());
        }
        if active && data.hooks.observe.borrow().is_none() {
            let observe = self.in_debugger(OBSERVE, "node:internal/promise_observer")?;
            data.hooks.observe.replace(Some(Root::new(self, observe)));
        }
        let observe = data.hooks.observe.borrow().as_ref().map(|observe| observe.get(self));
        if let Some(observe) = observe {
            let this = self.undefined();
            let on = self.boolean(active);
            self.call(observe, this, &[on])?;
        }
        self.swap_then(active)?;
        data.arena.hook_slots.clear();
        data.hooks.set_active(active);
        Ok(())
    }

    /// Puts our native behind the function object `Promise.prototype.then`, or the engine's back. Code compiled before may
    /// still call the engine's directly; then a promise has no parent.
    fn swap_then(&mut self, ours: bool) -> Result<(), Thrown> {
        let data = self.data();
        if data.hooks.then_function.borrow().is_none() {
            let global = self.global();
            let constructor = self.get(global, "Promise")?;
            let prototype = self.get(constructor, "prototype")?;
            let then = self.get(prototype, "then")?;
            // A program's own `then` is left alone.
            // SAFETY: asks about a live object.
            if !then.is_object() || !unsafe { is_promise_then(then.object_ptr()) } {
                return Ok(());
            }
            data.hooks.then_function.replace(Some(Root::new(self, then)));
        }
        let then = data.hooks.then_function.borrow().as_ref().map(|then| then.get(self));
        let Some(then) = then else { return Ok(()) };
        let object = then.object_ptr();
        // SAFETY: a native function; both slots hold private values, which need no barrier, and each is replaced by one of the
        // same kind. Without a description the JIT calls the native it finds in the function.
        unsafe {
            if ours {
                let mut native = jsval::UndefinedValue();
                let mut info = jsval::UndefinedValue();
                glue::JS_GetReservedSlot(object, FUNCTION_NATIVE_SLOT, &mut native);
                glue::JS_GetReservedSlot(object, FUNCTION_JIT_INFO_SLOT, &mut info);
                data.hooks.then.set(Some((native, info)));
                let hooked = jsval::PrivateValue(then_hooked as *const std::ffi::c_void);
                sm::JS_SetReservedSlot(object, FUNCTION_NATIVE_SLOT, &hooked);
                sm::JS_SetReservedSlot(object, FUNCTION_JIT_INFO_SLOT, &jsval::PrivateValue(ptr::null()));
            } else if let Some((native, info)) = data.hooks.then.take() {
                sm::JS_SetReservedSlot(object, FUNCTION_NATIVE_SLOT, &native);
                sm::JS_SetReservedSlot(object, FUNCTION_JIT_INFO_SLOT, &info);
            }
        }
        Ok(())
    }
}

/// Whether `object` is the engine's own `Promise.prototype.then`.
///
/// # Safety
/// `object` is live.
unsafe fn is_promise_then(object: *mut sm::JSObject) -> bool {
    // SAFETY: by the caller; only a native function has the slot read here.
    unsafe {
        if !sm::JS_ObjectIsFunction(object) {
            return false;
        }
        let function = sm::JS_GetObjectFunction(object);
        if function.is_null() {
            return false;
        }
        let mut native = jsval::UndefinedValue();
        glue::JS_GetReservedSlot(object, FUNCTION_NATIVE_SLOT, &mut native);
        native.asBits_ == jsval::PrivateValue(promise_then as *const std::ffi::c_void).asBits_
    }
}
