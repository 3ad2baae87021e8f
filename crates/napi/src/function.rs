//! Functions and classes: how JavaScript calls an addon, and the addon JavaScript.
//!
//! A function of an addon is a native one with two slots: the address of its [`FunctionData`], for the call, and an object
//! whose finalizer frees that data when the function dies. `napi_callback_info` is a [`CallbackInfo`] on the stack of the call;
//! arguments are handed out as the engine's own argument slots, which it traces for as long as the call runs.

use crate::env::{self, Env, Fail, call, call_js};
use crate::objects;
use crate::reference::{is_instance_of, new_instance_for};
use crate::types::{Callback, EnvRef, List, Out, PropertyDescriptor, Room, STATIC, Status, Value};
use anode_engine::raw;
use anode_engine::{Local, Scope, Thrown};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::ffi::{c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// What stands behind a function of an addon.
struct FunctionData {
    env: *const Env,
    callback: Callback,
    data: *mut c_void,
    /// The class whose instances it may be called on, 0 for any value.
    requires: i32,
    /// The class whose instances it makes, 0 for none in particular.
    makes: i32,
}

/// One running call of an addon's function.
pub struct CallbackInfo {
    arguments: *mut sm::Value,
    count: usize,
    this: Value,
    new_target: *mut sm::Value,
    data: *mut c_void,
}

static HOLDER_OPS: sm::JSClassOps = sm::JSClassOps {
    addProperty: None,
    delProperty: None,
    enumerate: None,
    newEnumerate: None,
    resolve: None,
    mayResolve: None,
    finalize: Some(free_data),
    call: None,
    construct: None,
    trace: None,
};

static HOLDER_CLASS: sm::JSClass = sm::JSClass {
    name: c"NativeFunctionData".as_ptr(),
    flags: sm::JSCLASS_FOREGROUND_FINALIZE | (1 << sm::JSCLASS_RESERVED_SLOTS_SHIFT),
    cOps: &HOLDER_OPS,
    spec: ptr::null(),
    ext: ptr::null(),
    oOps: ptr::null(),
};

unsafe extern "C" fn free_data(_gcx: *mut sm::GCContext, object: *mut sm::JSObject) {
    let mut slot = jsval::UndefinedValue();
    // SAFETY: an object of HOLDER_CLASS, being finalized; its slot is undefined or the box that `make` leaked. The function that
    // used it dies in the same collection or has died: it alone holds this object.
    unsafe {
        glue::JS_GetReservedSlot(object, 0, &mut slot);
        if !slot.is_undefined() {
            drop(Box::from_raw(slot.to_private() as *mut FunctionData));
        }
    }
}

/// The entry from JavaScript into an addon.
unsafe extern "C" fn trampoline(cx: *mut sm::JSContext, argc: u32, vp: *mut sm::Value) -> bool {
    // SAFETY: vp[0] is the callee, one of the functions that `make` made, so its slot 0 has the address of its data. The data
    // lives as long as the callee, which the engine roots during the call.
    let (data, env) = unsafe {
        let slot = *sm::GetFunctionNativeReserved((*vp).to_object(), 0);
        let data = &*(slot.to_private() as *const FunctionData);
        (data, &*data.env)
    };
    // SAFETY: the engine's argument vector: vp[0] callee, vp[1] this, then the arguments, then new.target if constructing.
    let (this, arguments) = unsafe { (vp.add(1), vp.add(2)) };
    let mut info = CallbackInfo {
        arguments,
        count: argc as usize,
        this: Value(this),
        new_target: ptr::null_mut(),
        data: data.data,
    };
    // A panic of ours must not cross the engine's frames.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        env.run_addon(|| {
            // SAFETY: vp[1] of a running call.
            let this_value = unsafe { *this };
            if this_value.is_magic() {
                // SAFETY: as above, constructing.
                let args = unsafe { sm::CallArgs::from_vp(vp, argc) };
                let object = new_instance_for(cx, &args, data.makes);
                if object.is_null() {
                    return None;
                }
                info.this = env.push(jsval::ObjectValue(object));
                // SAFETY: constructing, so new.target follows the arguments.
                info.new_target = unsafe { arguments.add(argc as usize) };
            } else if data.requires != 0 && !is_instance_of(this_value, data.requires) {
                let _status = env.scope(|sc| Err::<(), Fail>(sc.throw_type_error("Illegal invocation").into()));
                return None;
            } else if !this_value.is_object() {
                // V8 calls native functions as sloppy ones.
                info.this = sloppy_this(env, info.this)?;
            }
            // SAFETY: the addon's own function, with its environment on its thread.
            let result = unsafe { (data.callback)(env, &info) };
            // SAFETY: null, or a handle that is still open: the addon returns it to us.
            let mut value = unsafe { result.as_ref() }.copied().unwrap_or(jsval::UndefinedValue());
            if !info.new_target.is_null() && !value.is_object() {
                // SAFETY: the handle made above.
                value = unsafe { *info.this.0 };
            }
            Some(value)
        })
    }));
    let value = match outcome {
        Ok(value) => value,
        Err(_panic) => {
            let _status =
                env.scope(|sc| Err::<(), Fail>(sc.throw_error("internal error in a call of an addon").into()));
            None
        }
    };
    // SAFETY: vp[0] takes the result, before anything can collect.
    unsafe { *vp = value.unwrap_or(jsval::UndefinedValue()) };
    if env.exception_is_pending() {
        // SAFETY: this thread's engine, which called us.
        let _thrown = unsafe { env.raw.scope(|sc| env.throw_pending(sc)) };
        return false;
    }
    if value.is_none() {
        return false;
    }
    // SAFETY: as above. An execution that is being terminated stays so.
    unsafe { env.raw.scope(|sc| !sc.is_terminating()) }
}

fn sloppy_this(env: &Env, this: Value) -> Option<Value> {
    let local = this.local().ok()?;
    if local.is_nullish() {
        return Some(env.push(jsval::ObjectValue(env.raw.global())));
    }
    env.value(|sc| crate::values::to_object(sc, local)).ok()
}

/// A function that calls `callback`.
pub(crate) fn make<'s>(
    env: &Env,
    sc: &mut Scope<'s>,
    name: &[u8],
    callback: Callback,
    data: *mut c_void,
    requires: i32,
) -> Result<Local<'s>, Fail> {
    let function = make_with(env, sc, name, FunctionData { env, callback, data, requires, makes: 0 })?;
    if env.initializing.get() && requires == 0 {
        // So that old-fashioned inheritance from it works.
        let prototype = sc.object();
        link(sc, function, prototype)?;
    }
    Ok(function)
}

fn make_with<'s>(env: &Env, sc: &mut Scope<'s>, name: &[u8], data: FunctionData) -> Result<Local<'s>, Fail> {
    let cx = env.raw.cx();
    mozjs::rooted!(in(cx) let id = objects::key_of_text(sc, name)?);
    // SAFETY: everything is rooted before the next allocation; slots are set before the function can be called.
    unsafe {
        let function = if name.is_empty() {
            sm::NewFunctionWithReserved(cx, Some(trampoline), 0, sm::JSFUN_CONSTRUCTOR, ptr::null())
        } else {
            sm::NewFunctionByIdWithReserved(cx, Some(trampoline), 0, sm::JSFUN_CONSTRUCTOR, id.get())
        };
        raw::check(!function.is_null())?;
        let object = sm::JS_GetFunctionObject(function);
        let local = raw::local(sc, jsval::ObjectValue(object));
        let holder = sm::JS_NewObjectWithGivenProto(cx, &HOLDER_CLASS, sm::Handle::<*mut sm::JSObject>::null());
        raw::check(!holder.is_null())?;
        let address = jsval::PrivateValue(Box::into_raw(Box::new(data)) as *const c_void);
        sm::JS_SetReservedSlot(holder, 0, &address);
        // The allocation of the holder may have moved the function: only its root knows where it is.
        sm::SetFunctionNativeReserved(raw::object(local), 0, &address);
        sm::SetFunctionNativeReserved(raw::object(local), 1, &jsval::ObjectValue(holder));
        Ok(local)
    }
}

/// Makes `prototype` the prototype of instances of `constructor`, with V8's attributes.
fn link(sc: &mut Scope<'_>, constructor: Local<'_>, prototype: Local<'_>) -> Result<(), Thrown> {
    let hidden = anode_engine::Attributes { enumerable: false, writable: true, configurable: false };
    sc.define(constructor, "prototype", prototype, hidden)?;
    sc.define(prototype, "constructor", constructor, anode_engine::Attributes::HIDDEN)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_function(
    env: EnvRef,
    name: List<'_, c_char>,
    length: usize,
    callback: Option<Callback>,
    data: *mut c_void,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let callback = callback.ok_or(Status::InvalidArg)?;
        let name = if name.is_null() { b"" } else { name.text(length)? };
        result.set(env.value(|sc| make(env, sc, name, callback, data, 0))?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_define_class(
    env: EnvRef,
    name: List<'_, c_char>,
    length: usize,
    constructor: Option<Callback>,
    data: *mut c_void,
    count: usize,
    properties: List<'_, PropertyDescriptor>,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        result.check()?;
        let callback = constructor.ok_or(Status::InvalidArg)?;
        let name = name.text(length)?;
        let properties = properties.items(count)?;
        let class = env.thread.next_class();
        let value = env.value(|sc| {
            let data = FunctionData { env, callback, data, requires: 0, makes: class };
            let constructor = make_with(env, sc, name, data)?;
            let prototype = sc.object();
            link(sc, constructor, prototype)?;
            for property in properties {
                let is_static = property.attributes & STATIC != 0;
                let target = if is_static { constructor } else { prototype };
                let number = if is_static { 0 } else { class };
                sc.nested(|sc| objects::define(env, sc, target, property, number))?;
            }
            Ok(constructor)
        })?;
        result.set(value)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_cb_info(
    env: EnvRef,
    info: *const CallbackInfo,
    count: Out<'_, usize>,
    arguments: Room<'_, Value>,
    this: Out<'_, Value>,
    data: Out<'_, *mut c_void>,
) -> Status {
    call(env, |_env| {
        // SAFETY: null, or the info of a running call.
        let info = unsafe { info.as_ref() }.ok_or(Status::InvalidArg)?;
        if !arguments.is_null() {
            for index in 0..count.read()? {
                arguments.put(
                    index,
                    if index < info.count {
                        // SAFETY: within the argument vector.
                        Value(unsafe { info.arguments.add(index) })
                    } else {
                        env::undefined()
                    },
                );
            }
        }
        count.set_if(info.count);
        this.set_if(info.this);
        data.set_if(info.data);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_new_target(env: EnvRef, info: *const CallbackInfo, result: Out<'_, Value>) -> Status {
    call(env, |_env| {
        // SAFETY: null, or the info of a running call.
        let info = unsafe { info.as_ref() }.ok_or(Status::InvalidArg)?;
        result.set(Value(info.new_target))
    })
}

fn locals<'s>(count: usize, list: List<'_, Value>) -> Result<Vec<Local<'s>>, Status> {
    list.items(count)?.iter().map(|value| value.local()).collect()
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_call_function(
    env: EnvRef,
    this: Value,
    function: Value,
    count: usize,
    arguments: List<'_, Value>,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        let function = function.local()?;
        let arguments = locals(count, arguments)?;
        let this = if this.is_null() { env::undefined().local()? } else { this.local()? };
        if !function.is_function() {
            return Err(Status::InvalidArg);
        }
        let value = env.value(|sc| Ok(sc.call(function, this, &arguments)?))?;
        result.set_if(value);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_new_instance(
    env: EnvRef,
    constructor: Value,
    count: usize,
    arguments: List<'_, Value>,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        let constructor = constructor.local()?;
        let arguments = locals(count, arguments)?;
        result.check()?;
        if !constructor.is_function() {
            return Err(Status::InvalidArg);
        }
        result.set(env.value(|sc| Ok(sc.construct(constructor, &arguments)?))?)
    })
}
