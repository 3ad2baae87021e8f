//! JavaScript objects that own Rust data.

use crate::error::Thrown;
use crate::scope::{JsResult, Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;
use mozjs::rust::get_object_class;
use std::any::Any;
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;

const DATA_SLOT: u32 = 0;
const SLOTS: u32 = 1;

/// What an object holds, and how much the collector was told that it is.
struct Held {
    data: Rc<dyn Any>,
    bytes: usize,
}

/// What the boxes around the data take, in bytes.
const OVERHEAD_BYTES: usize = 64;

static CLASS_OPS: sm::JSClassOps = sm::JSClassOps {
    addProperty: None,
    delProperty: None,
    enumerate: None,
    newEnumerate: None,
    resolve: None,
    mayResolve: None,
    finalize: Some(finalize),
    call: None,
    construct: None,
    trace: None,
};

static CLASS: sm::JSClass = sm::JSClass {
    name: c"Object".as_ptr(),
    flags: sm::JSCLASS_FOREGROUND_FINALIZE | (SLOTS << sm::JSCLASS_RESERVED_SLOTS_SHIFT),
    cOps: &CLASS_OPS,
    spec: ptr::null(),
    ext: ptr::null(),
    oOps: ptr::null(),
};

/// Runs on the owning thread (foreground finalize) and only drops Rust data.
unsafe extern "C" fn finalize(_gcx: *mut sm::GCContext, object: *mut sm::JSObject) {
    let mut slot = jsval::UndefinedValue();
    // SAFETY: `object` is of CLASS, being finalized; slot 0 is undefined or the box that `native_object` leaked.
    unsafe {
        glue::JS_GetReservedSlot(object, DATA_SLOT, &mut slot);
        if !slot.is_undefined() {
            let held = Box::from_raw(slot.to_private() as *mut Held);
            sm::RemoveAssociatedMemory(object, held.bytes, sm::MemoryUse::Embedding1);
            drop(held);
        }
    }
}

/// The Rust data of a live object, or null, if it is one of ours.
pub(crate) fn data_of_object(object: *mut sm::JSObject) -> Option<Rc<dyn Any>> {
    if object.is_null() {
        return None;
    }
    let mut slot = jsval::UndefinedValue();
    // SAFETY: a live object; its class is checked before its slot is read, and the box lives as long as the object.
    unsafe {
        if !ptr::eq(get_object_class(object), &CLASS) {
            return None;
        }
        glue::JS_GetReservedSlot(object, DATA_SLOT, &mut slot);
        if slot.is_undefined() {
            return None;
        }
        Some((*(slot.to_private() as *const Held)).data.clone())
    }
}

impl<'s> Scope<'s> {
    /// An object with `proto` (or `Object.prototype`) that owns `data`, dropped when the object is collected.
    pub fn native_object(&mut self, proto: Option<Local<'_>>, data: Rc<dyn Any>) -> JsResult<'s> {
        self.native_object_of(proto, data, 0)
    }

    /// As [`Scope::native_object`]. `more_bytes` is what `data` holds outside of itself: the collector, to which the object is
    /// a cell of a few bytes, would let many of them pile up.
    pub fn native_object_of(&mut self, proto: Option<Local<'_>>, data: Rc<dyn Any>, more_bytes: usize) -> JsResult<'s> {
        mozjs::rooted!(in(self.cx()) let proto_object = proto.map_or(ptr::null_mut(), Local::object_ptr));
        // SAFETY: rooted; CLASS is static.
        let object = unsafe {
            if proto.is_some() {
                sm::JS_NewObjectWithGivenProto(self.cx(), &CLASS, h!(proto_object))
            } else {
                sm::JS_NewObject(self.cx(), &CLASS)
            }
        };
        let local = self.object_local(object)?;
        let bytes = size_of_val(&*data) + OVERHEAD_BYTES + more_bytes;
        let held = Box::into_raw(Box::new(Held { data, bytes }));
        // SAFETY: a fresh object of CLASS, rooted by `local`; the finalizer frees the box and takes back what is told here.
        unsafe {
            sm::JS_SetReservedSlot(object, DATA_SLOT, &jsval::PrivateValue(held as *const c_void));
            sm::AddAssociatedMemory(object, bytes, sm::MemoryUse::Embedding1);
        }
        Ok(local)
    }

    /// The Rust data of an object made by [`Scope::native_object`], if it is of type `T`.
    pub fn native_data<T: 'static>(&self, object: Local<'_>) -> Option<Rc<T>> {
        data_of_object(object.object_ptr())?.downcast::<T>().ok()
    }

    /// As [`Scope::native_data`], throwing a TypeError for a foreign `this`.
    pub fn need_native<T: 'static>(&mut self, object: Local<'_>) -> Result<Rc<T>, Thrown> {
        match self.native_data(object) {
            Some(data) => Ok(data),
            None => Err(self.throw_type_error("Illegal invocation")),
        }
    }
}
