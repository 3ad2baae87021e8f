//! References, wrapped objects, externals, type tags, handle scopes.
//!
//! A [`Reference`] lives in a box of its own whose address is the `napi_ref`. Objects are held weakly all the time (so their
//! death is noticed) and strongly beside that while the count is above 0. Where the wrapped pointer lies depends on the object:
//! those that `new` of an addon's function made have a slot for it, all others stand in a WeakMap of the thread.
//!
//! **Invariant:** a finalizer runs once, never inside a collection: dead objects are queued by the engine and their finalizers run
//! in a turn of the loop, or at the end of the thread.

use crate::env::{Env, Fail, call, call_js};
use crate::thread::Thread;
use crate::types::{EnvRef, Finalize, In, Out, Status, TypeTag, Value};
use anode_engine::raw::{self, RawContext};
use anode_engine::{Args, Chars, JsResult, Local, Root, Scope, Thrown, Weak};
use mozjs::jsapi as sm;
use mozjs::jsval;
use mozjs::rust::get_object_class;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ptr;

/// The class of objects made by `new` of an addon's function: ordinary ones with two slots.
static INSTANCE_CLASS: sm::JSClass = sm::JSClass {
    name: c"Object".as_ptr(),
    flags: 2 << sm::JSCLASS_RESERVED_SLOTS_SHIFT,
    cOps: ptr::null(),
    spec: ptr::null(),
    ext: ptr::null(),
    oOps: ptr::null(),
};
/// The wrapping reference's address, or undefined.
const WRAP_SLOT: u32 = 0;
/// The number of the class whose constructor made the object.
const CLASS_SLOT: u32 = 1;

/// The class of externals.
static EXTERNAL_CLASS: sm::JSClass = sm::JSClass {
    name: c"External".as_ptr(),
    flags: 2 << sm::JSCLASS_RESERVED_SLOTS_SHIFT,
    cOps: ptr::null(),
    spec: ptr::null(),
    ext: ptr::null(),
    oOps: ptr::null(),
};
/// The address in two halves: addons put numbers there too, which need not look like addresses.
const LOW_SLOT: u32 = 0;
const HIGH_SLOT: u32 = 1;

fn slot(object: *mut sm::JSObject, index: u32) -> sm::Value {
    let mut value = jsval::UndefinedValue();
    // SAFETY: a live object of a class of ours, which has this slot.
    unsafe { mozjs::glue::JS_GetReservedSlot(object, index, &mut value) };
    value
}

fn has_class(object: *mut sm::JSObject, class: &'static sm::JSClass) -> bool {
    // SAFETY: a live object or null, which is asked first.
    !object.is_null() && ptr::eq(unsafe { get_object_class(object) }, class)
}

/// The object for `this` of `new fn(...)`, with the prototype of `new.target`.
pub(crate) fn new_instance_for(cx: *mut sm::JSContext, args: &sm::CallArgs, class: i32) -> *mut sm::JSObject {
    // SAFETY: the arguments of the running constructor call.
    let object = unsafe { sm::JS_NewObjectForConstructor(cx, &INSTANCE_CLASS, args) };
    if !object.is_null() && class != 0 {
        // SAFETY: a fresh object of INSTANCE_CLASS.
        unsafe { sm::JS_SetReservedSlot(object, CLASS_SLOT, &jsval::Int32Value(class)) };
    }
    object
}

/// Whether `value` was made by the constructor of class number `class`, or by one of a class derived from it.
pub(crate) fn is_instance_of(value: sm::Value, class: i32) -> bool {
    if !value.is_object() || !has_class(value.to_object(), &INSTANCE_CLASS) {
        return false;
    }
    let number = slot(value.to_object(), CLASS_SLOT);
    number.is_int32() && number.to_int32() == class
}

/// A value held by an addon: see the module.
pub struct Reference {
    env: *const Env,
    previous: Cell<*const Reference>,
    next: Cell<*const Reference>,
    linked: Cell<bool>,
    /// Objects only.
    weak: RefCell<Option<Weak>>,
    /// While the count is above 0; symbols always.
    strong: RefCell<Option<Root>>,
    count: Cell<u32>,
    /// Freed after its finalizer, as no addon has its address.
    owned_here: bool,
    finalize: Cell<Option<Finalize>>,
    data: Cell<*mut c_void>,
    hint: Cell<*mut c_void>,
    /// Stands behind an object as its wrap.
    wraps: Cell<bool>,
}

/// What is to happen when the object of a reference is gone.
#[derive(Clone, Copy)]
struct Ending {
    finalize: Option<Finalize>,
    data: *mut c_void,
    hint: *mut c_void,
    owned_here: bool,
}

impl Reference {
    fn create(env: &Env, sc: &Scope<'_>, value: Local<'_>, count: u32, ending: Option<Ending>) -> *const Reference {
        let reference = Box::into_raw(Box::new(Reference {
            env,
            previous: Cell::new(ptr::null()),
            next: Cell::new(env.references.get()),
            linked: Cell::new(true),
            weak: RefCell::default(),
            strong: RefCell::default(),
            count: Cell::new(count),
            owned_here: ending.is_some_and(|ending| ending.owned_here),
            finalize: Cell::new(ending.and_then(|ending| ending.finalize)),
            data: Cell::new(ending.map_or(ptr::null_mut(), |ending| ending.data)),
            hint: Cell::new(ending.map_or(ptr::null_mut(), |ending| ending.hint)),
            wraps: Cell::new(false),
        }))
        .cast_const();
        // SAFETY: just made; `head`, if any, is linked and thus alive.
        let (this, head) = unsafe { (&*reference, env.references.get().as_ref()) };
        if let Some(head) = head {
            head.previous.set(reference);
        }
        env.references.set(reference);
        if value.is_object() {
            let token = if ending.is_some() { reference as usize } else { 0 };
            *this.weak.borrow_mut() = Some(Weak::new(sc, value, token));
        }
        // What cannot be held weakly is gone at count 0, symbols excepted.
        if count > 0 || value.is_symbol() {
            *this.strong.borrow_mut() = Some(Root::new(sc, value));
        }
        reference
    }

    fn unlink(&self) {
        if !self.linked.replace(false) {
            return;
        }
        // SAFETY: neighbours are linked, thus alive; the environment is leaked.
        unsafe {
            match self.previous.get().as_ref() {
                Some(previous) => previous.next.set(self.next.get()),
                None => (*self.env).references.set(self.next.get()),
            }
            if let Some(next) = self.next.get().as_ref() {
                next.previous.set(self.previous.get());
            }
        }
    }

    fn value<'s>(&self, sc: &mut Scope<'s>) -> Option<Local<'s>> {
        if let Some(weak) = self.weak.borrow().as_ref() {
            return weak.get(sc);
        }
        self.strong.borrow().as_ref().map(|root| root.get(sc))
    }

    fn set_strong(&self, sc: &mut Scope<'_>) {
        if self.strong.borrow().is_none()
            && let Some(value) = self.value(sc)
        {
            *self.strong.borrow_mut() = Some(Root::new(sc, value));
        }
    }

    fn set_weak(&self, sc: &mut Scope<'_>) {
        let keep = self.value(sc).is_some_and(|value| value.is_symbol());
        if !keep {
            self.strong.borrow_mut().take();
        }
    }
}

/// Frees a reference.
///
/// # Safety
/// `reference` came from [`Reference::create`] and is used no more.
unsafe fn free(reference: *const Reference) {
    // SAFETY: by the caller.
    let reference = unsafe { Box::from_raw(reference.cast_mut()) };
    reference.unlink();
}

/// The object of the reference with this address is gone: its finalizer runs.
pub(crate) fn object_died(sc: &mut Scope<'_>, token: usize) -> Result<(), Thrown> {
    let reference = token as *const Reference;
    // SAFETY: the token of a weak reference is the address of the box that owns it; dropped ones are never told.
    let (env, this) = unsafe { (&*(*reference).env, &*reference) };
    let (finalize, data, hint) = (this.finalize.take(), this.data.get(), this.hint.get());
    if this.owned_here {
        // SAFETY: nobody else has its address: its object, which did, is gone.
        unsafe { free(reference) };
    }
    match finalize {
        // SAFETY: the addon's own function with its own data, once, on its thread.
        Some(finalize) => env.call_addon(sc, || unsafe { finalize(env, data, hint) }),
        None => Ok(()),
    }
}

/// Runs all finalizers that have not run, newest first, and lets go of all values.
pub(crate) fn finalize_all(env: &Env) {
    // A finalizer may delete other references, so each round begins at the newest that is left.
    loop {
        let head = env.references.get();
        // SAFETY: linked references are alive.
        let Some(this) = (unsafe { head.as_ref() }) else { break };
        let finalize = this.finalize.take();
        if finalize.is_none() && !this.owned_here {
            // Its owner may still delete it, from another's finalizer too: only its value goes.
            this.unlink();
            this.strong.borrow_mut().take();
            this.weak.borrow_mut().take();
            continue;
        }
        let (data, hint) = (this.data.get(), this.hint.get());
        if this.owned_here {
            // SAFETY: nobody else has its address.
            unsafe { free(head) };
        } else {
            this.unlink();
            this.strong.borrow_mut().take();
            this.weak.borrow_mut().take();
        }
        if let Some(finalize) = finalize {
            // SAFETY: as in `object_died`.
            env.run_addon(|| unsafe { finalize(env, data, hint) });
        }
    }
}

/// The reference that wraps `object`, or null.
fn wrap_of(env: &Env, sc: &mut Scope<'_>, object: Local<'_>) -> *const Reference {
    let pointer = raw::object(object);
    let value = if has_class(pointer, &INSTANCE_CLASS) {
        slot(pointer, WRAP_SLOT)
    } else {
        Thread::weak_entry(&env.thread.wraps, sc, object)
    };
    if value.is_undefined() { ptr::null() } else { value.to_private().cast::<Reference>() }
}

fn set_wrap(env: &Env, sc: &mut Scope<'_>, object: Local<'_>, reference: *const Reference) -> Result<(), Thrown> {
    let value =
        if reference.is_null() { jsval::UndefinedValue() } else { jsval::PrivateValue(reference.cast::<c_void>()) };
    let pointer = raw::object(object);
    if has_class(pointer, &INSTANCE_CLASS) {
        // SAFETY: a live object of this class; the value is an immediate.
        unsafe { sm::JS_SetReservedSlot(pointer, WRAP_SLOT, &value) };
        return Ok(());
    }
    let value = raw::local(sc, value);
    Thread::set_weak_entry(&env.thread.wraps, sc, object, value)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_wrap(
    env: EnvRef,
    object: Value,
    native: *mut c_void,
    finalize: Option<Finalize>,
    hint: *mut c_void,
    result: Out<'_, *const Reference>,
) -> Status {
    call_js(env, |env| {
        let object = object.local()?;
        if !object.is_object() {
            return Err(Status::InvalidArg);
        }
        env.scope(|sc| {
            if !wrap_of(env, sc, object).is_null() {
                return Err(Status::InvalidArg.into());
            }
            let ending = Ending { finalize, data: native, hint, owned_here: result.is_null() };
            let reference = Reference::create(env, sc, object, 0, Some(ending));
            // SAFETY: just made.
            unsafe { (*reference).wraps.set(true) };
            set_wrap(env, sc, object, reference)?;
            result.set_if(reference);
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_unwrap(env: EnvRef, object: Value, result: Out<'_, *mut c_void>) -> Status {
    call(env, |env| {
        if env.exception_is_pending() {
            return Err(Status::PendingException);
        }
        result.check()?;
        let object = object.local()?;
        if !object.is_object() {
            return Err(Status::InvalidArg);
        }
        let pointer = raw::object(object);
        let reference = if has_class(pointer, &INSTANCE_CLASS) {
            let value = slot(pointer, WRAP_SLOT);
            if value.is_undefined() { ptr::null() } else { value.to_private().cast::<Reference>() }
        } else {
            env.scope(|sc| Ok(wrap_of(env, sc, object)))?
        };
        // SAFETY: a wrap is cleared before its reference is freed.
        let reference = unsafe { reference.as_ref() }.ok_or(Status::InvalidArg)?;
        result.set(reference.data.get())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_remove_wrap(env: EnvRef, object: Value, result: Out<'_, *mut c_void>) -> Status {
    call_js(env, |env| {
        let object = object.local()?;
        if !object.is_object() {
            return Err(Status::InvalidArg);
        }
        env.scope(|sc| {
            let reference = wrap_of(env, sc, object);
            // SAFETY: as in `napi_unwrap`.
            let this = unsafe { reference.as_ref() }.ok_or(Status::InvalidArg)?;
            set_wrap(env, sc, object, ptr::null())?;
            this.wraps.set(false);
            result.set_if(this.data.get());
            this.finalize.set(None);
            if this.owned_here {
                // SAFETY: its address stood in the object only.
                unsafe { free(reference) };
            }
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_add_finalizer(
    env: EnvRef,
    object: Value,
    data: *mut c_void,
    finalize: Option<Finalize>,
    hint: *mut c_void,
    result: Out<'_, *const Reference>,
) -> Status {
    call(env, |env| {
        let object = object.local()?;
        let finalize = finalize.ok_or(Status::InvalidArg)?;
        if !object.is_object() {
            return Err(Status::InvalidArg);
        }
        env.scope(|sc| {
            let ending = Ending { finalize: Some(finalize), data, hint, owned_here: result.is_null() };
            result.set_if(Reference::create(env, sc, object, 0, Some(ending)));
            Ok(())
        })
    })
}

/// `node_api_post_finalizer`: after the current finalizer, in a turn of its own.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_post_finalizer(
    env: EnvRef,
    finalize: Option<Finalize>,
    data: *mut c_void,
    hint: *mut c_void,
) -> Status {
    call(env, |env| {
        if let Some(finalize) = finalize {
            env.thread.released.push(crate::thread::Released { env, finalize, data, hint });
        }
        Ok(())
    })
}

// ---- references

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_reference(
    env: EnvRef,
    value: Value,
    count: u32,
    result: Out<'_, *const Reference>,
) -> Status {
    call(env, |env| {
        let value = value.local()?;
        result.check()?;
        if env.version < 10 && !value.is_object() && !value.is_symbol() {
            return Err(Status::InvalidArg);
        }
        env.scope(|sc| Ok(result.set(Reference::create(env, sc, value, count, None))?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_delete_reference(env: EnvRef, reference: *const Reference) -> Status {
    call(env, |env| {
        // SAFETY: null, or a live reference of the addon.
        let this = unsafe { reference.as_ref() }.ok_or(Status::InvalidArg)?;
        if this.wraps.get() {
            env.scope(|sc| {
                if let Some(object) = this.value(sc) {
                    set_wrap(env, sc, object, ptr::null())?;
                }
                Ok(())
            })?;
        }
        // SAFETY: the addon gives it up.
        unsafe { free(reference) };
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_reference_ref(env: EnvRef, reference: *const Reference, result: Out<'_, u32>) -> Status {
    call(env, |env| {
        // SAFETY: null, or a live reference of the addon.
        let this = unsafe { reference.as_ref() }.ok_or(Status::InvalidArg)?;
        env.scope(|sc| {
            // A value that is gone stays gone.
            if this.value(sc).is_none() {
                result.set_if(0);
                return Ok(());
            }
            this.count.set(this.count.get().saturating_add(1));
            this.set_strong(sc);
            result.set_if(this.count.get());
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_reference_unref(
    env: EnvRef,
    reference: *const Reference,
    result: Out<'_, u32>,
) -> Status {
    call(env, |env| {
        // SAFETY: null, or a live reference of the addon.
        let this = unsafe { reference.as_ref() }.ok_or(Status::InvalidArg)?;
        env.scope(|sc| {
            if this.count.get() == 0 {
                return Err(Status::GenericFailure.into());
            }
            this.count.set(this.count.get() - 1);
            if this.count.get() == 0 {
                this.set_weak(sc);
            }
            result.set_if(this.count.get());
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_reference_value(
    env: EnvRef,
    reference: *const Reference,
    result: Out<'_, Value>,
) -> Status {
    call(env, |env| {
        result.check()?;
        // SAFETY: null, or a live reference of the addon.
        let this = unsafe { reference.as_ref() }.ok_or(Status::InvalidArg)?;
        let value = env.scope(|sc| Ok(this.value(sc).map(raw::value)))?;
        result.set(value.map_or(Value::NULL, |value| env.push(value)))
    })
}

// ---- externals

/// Whether a value is an external.
pub(crate) fn is_external(value: Local<'_>) -> bool {
    has_class(raw::object(value), &EXTERNAL_CLASS)
}

/// The address that an external holds, if it is one.
pub(crate) fn external_data(value: Local<'_>) -> Option<*mut c_void> {
    if !is_external(value) {
        return None;
    }
    let half = |index| slot(raw::object(value), index).to_int32() as u32;
    Some(((u64::from(half(HIGH_SLOT)) << 32) | u64::from(half(LOW_SLOT))) as *mut c_void)
}

/// `externalAddress(external)`: the address as a BigInt, for `util.inspect`.
pub(crate) fn external_address<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let address = external_data(args.get(0)).unwrap_or(ptr::null_mut());
    Ok(sc.bigint_u64(address as u64))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_external(
    env: EnvRef,
    data: *mut c_void,
    finalize: Option<Finalize>,
    hint: *mut c_void,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let value = env.value(|sc| {
            let cx = RawContext::of(sc).cx();
            // SAFETY: allocation on the owning thread, without a prototype; rooted at once, its slots set before anything else.
            let object = unsafe {
                let null = sm::Handle::<*mut sm::JSObject>::null();
                let object = sm::JS_NewObjectWithGivenProto(cx, &EXTERNAL_CLASS, null);
                if !object.is_null() {
                    let bits = data as u64;
                    sm::JS_SetReservedSlot(object, LOW_SLOT, &jsval::Int32Value(bits as i32));
                    sm::JS_SetReservedSlot(object, HIGH_SLOT, &jsval::Int32Value((bits >> 32) as i32));
                }
                object
            };
            raw::check(!object.is_null())?;
            let external = raw::local(sc, jsval::ObjectValue(object));
            if finalize.is_some() {
                Reference::create(env, sc, external, 0, Some(Ending { finalize, data, hint, owned_here: true }));
            }
            Ok(external)
        })?;
        result.set(value)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_value_external(env: EnvRef, value: Value, result: Out<'_, *mut c_void>) -> Status {
    call(env, |_env| {
        result.check()?;
        result.set(external_data(value.local()?).ok_or(Status::InvalidArg)?)
    })
}

// ---- type tags

fn tag_units(tag: &TypeTag) -> [u16; 8] {
    let mut units = [0; 8];
    for (index, unit) in units.iter_mut().enumerate() {
        let half = if index < 4 { tag.lower } else { tag.upper };
        *unit = (half >> (16 * (index % 4))) as u16;
    }
    units
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_type_tag_object(env: EnvRef, object: Value, tag: In<'_, TypeTag>) -> Status {
    call_js(env, |env| {
        let object = object.local()?;
        let tag = tag.get()?;
        env.scope(|sc| {
            let object = crate::values::to_object(sc, object)?;
            if !Thread::weak_entry(&env.thread.tags, sc, object).is_undefined() {
                return Err(Status::InvalidArg.into());
            }
            let text = sc.string_utf16(&tag_units(tag));
            Ok(Thread::set_weak_entry(&env.thread.tags, sc, object, text)?)
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_check_object_type_tag(
    env: EnvRef,
    object: Value,
    tag: In<'_, TypeTag>,
    result: Out<'_, bool>,
) -> Status {
    call_js(env, |env| {
        let object = object.local()?;
        let tag = tag.get()?;
        result.check()?;
        let wanted = tag_units(tag);
        let same = env.scope(|sc| {
            let object = crate::values::to_object(sc, object)?;
            let found = Thread::weak_entry(&env.thread.tags, sc, object);
            let found = raw::local(sc, found);
            let same = sc.with_chars(found, |chars| match chars {
                Chars::Latin1(bytes) => bytes.len() == 8 && bytes.iter().zip(wanted).all(|(a, b)| u16::from(*a) == b),
                Chars::Utf16(units) => units == wanted,
            });
            Ok::<_, Fail>(same.unwrap_or(false))
        })?;
        result.set(same)
    })
}

// ---- handle scopes

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_open_handle_scope(env: EnvRef, result: Out<'_, usize>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(env.open_scope(false))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_close_handle_scope(env: EnvRef, scope: usize) -> Status {
    call(env, |env| if scope == 0 { Err(Status::InvalidArg) } else { env.close_scope(scope) })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_open_escapable_handle_scope(env: EnvRef, result: Out<'_, usize>) -> Status {
    call(env, |env| {
        result.check()?;
        result.set(env.open_scope(true))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_close_escapable_handle_scope(env: EnvRef, scope: usize) -> Status {
    call(env, |env| if scope == 0 { Err(Status::InvalidArg) } else { env.close_scope(scope) })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_escape_handle(env: EnvRef, scope: usize, value: Value, result: Out<'_, Value>) -> Status {
    call(env, |env| {
        result.check()?;
        let value = value.get()?;
        result.set(env.escape(scope, value)?)
    })
}
