//! The own properties of errors: V8's `stack`, an accessor before `message`, in place of the engine's `fileName`, `lineNumber`
//! and `columnNumber`.
//!
//! Programs list them (`JSON.stringify(error, Object.getOwnPropertyNames(error))` is how many log). The engine adds its three with
//! a function that the linker sends to us (`--wrap`, see crates/anode/build.rs); their values stay in reserved slots, where the
//! engine itself reads them. `stack` gets one more reserved slot: the engine takes it that a property in a reserved slot (`message`)
//! follows only properties in reserved slots. It would keep the shape of a class's first error for those to come, but an accessor is
//! a value in a slot of each error: such shapes are not kept.
//!
//! What the slot holds, a cell of the engine, is taken from an object that has the accessor in the usual way. That object has a reserved
//! slot as well, as the embedder's functions can read slots only that lie in the object itself.
//!
//! **Invariant:** only errors of the compartment that the accessor's functions belong to get it; in others, as the one of debuggers,
//! errors are the engine's.

#[cfg(all(target_os = "linux", not(test)))]
use crate::context;
use crate::error::Thrown;
use crate::root::Root;
use crate::scope::{Local, Scope};
#[cfg(all(target_os = "linux", not(test)))]
use mozjs::glue;
use mozjs::jsapi as sm;
#[cfg(all(target_os = "linux", not(test)))]
use mozjs::jsval;
#[cfg(all(target_os = "linux", not(test)))]
use mozjs::rust::get_object_class;
use std::cell::{Cell, RefCell};
use std::ptr;
use std::sync::atomic::AtomicBool;
#[cfg(all(target_os = "linux", not(test)))]
use std::sync::atomic::Ordering;

/// js/src/vm/ErrorObject.h of this engine version.
const FILENAME_SLOT: u32 = 2;
const LINENUMBER_SLOT: u32 = 3;
const COLUMNNUMBER_SLOT: u32 = 4;

/// js/src/vm/PropertyInfo.h: configurable, accessor.
const ACCESSOR_FLAGS: u8 = 1 | 1 << 3;

static MODEL: sm::JSClass = sm::JSClass {
    name: c"ErrorModel".as_ptr(),
    flags: 1 << sm::JSCLASS_RESERVED_SLOTS_SHIFT,
    cOps: ptr::null(),
    spec: ptr::null(),
    ext: ptr::null(),
    oOps: ptr::null(),
};
/// The slot of the first property of such an object: the one after the reserved slot, and like it in the object itself, which has
/// room for two.
const MODEL_ACCESSOR_SLOT: u32 = 1;

#[derive(Default)]
pub(crate) struct ErrorShape {
    /// `stack`, pinned, and an object whose first property is the accessor.
    accessor: RefCell<Option<(sm::jsid, Root)>>,
    compartment: Cell<*const sm::Compartment>,
    /// The shape that the engine is about to keep shall not be kept.
    skip: Cell<bool>,
}

impl ErrorShape {
    pub(crate) fn is_set(&self) -> bool {
        self.accessor.borrow().is_some()
    }

    /// Lets go of all roots: errors are the engine's again.
    pub(crate) fn clear(&self) {
        self.accessor.replace(None);
        self.compartment.set(ptr::null());
    }
}

impl Scope<'_> {
    /// From now on errors of this thread have these functions as their own `stack`.
    pub(crate) fn give_errors_stacks(&mut self, getter: Local<'_>, setter: Local<'_>) -> Result<(), Thrown> {
        let id = self.make_id("stack", true);
        // SAFETY: a realm has been entered; the object is rooted at once.
        let model = unsafe { sm::JS_NewObject(self.cx(), &MODEL) };
        let model = self.object_local(model)?;
        self.define_accessor(model, "stack", getter, setter)?;
        let model = Root::new(self, model);
        let shape = &self.data().error_shape;
        // SAFETY: a realm has been entered; its first field is its compartment (engine guide §10).
        shape.compartment.set(unsafe { *(sm::GetCurrentRealmOrNull(self.cx()) as *const *const sm::Compartment) });
        shape.accessor.replace(Some((id, model)));
        Ok(())
    }
}

/// The engine's class `PropertyFlags`: one byte.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PropertyFlags(u8);

#[cfg(all(target_os = "linux", not(test)))]
unsafe extern "C" {
    #[link_name = "_ZN2js11ErrorObject7classesE"]
    static ERROR_CLASSES: [sm::JSClass; sm::JSExnType::JSEXN_ERROR_LIMIT as usize];
    #[link_name = "__real__ZN2js12NativeObject25addPropertyInReservedSlotEP9JSContextN2JS6HandleIPS0_EENS4_INS3_11PropertyKeyEEEjNS_13PropertyFlagsE"]
    fn real_add_property(
        cx: *mut sm::JSContext,
        object: sm::HandleObject,
        id: sm::Handle<sm::jsid>,
        slot: u32,
        flags: PropertyFlags,
    ) -> bool;
    #[link_name = "__real__ZN2js11SharedShape18insertInitialShapeEP9JSContextN2JS6HandleIPS0_EE"]
    fn real_insert_initial_shape(cx: *mut sm::JSContext, shape: *const std::ffi::c_void);
}

/// Gives the classes of errors one more reserved slot.
#[cfg(all(target_os = "linux", not(test)))]
pub(crate) fn add_slot() {
    let classes = (&raw const ERROR_CLASSES).cast::<sm::JSClass>().cast_mut();
    let count = sm::JSExnType::JSEXN_ERROR_LIMIT as usize;
    // SAFETY: the engine's table; called before any context exists, on the only thread, so nobody reads it while it is written.
    // Its pages are made writable for that, and read-only again.
    unsafe {
        if !crate::messages::protect(classes, classes.add(count - 1), libc::PROT_READ | libc::PROT_WRITE) {
            return;
        }
        for index in 0..count {
            (*classes.add(index)).flags += 1 << sm::JSCLASS_RESERVED_SLOTS_SHIFT;
        }
        crate::messages::protect(classes, classes.add(count - 1), libc::PROT_READ);
    }
    HAS_SLOT.store(true, Ordering::Relaxed);
}

/// Whether [`add_slot`] could do its work.
static HAS_SLOT: AtomicBool = AtomicBool::new(false);

/// The slot that [`add_slot`] added to the class of an error: the last.
#[cfg(all(target_os = "linux", not(test)))]
fn own_slot(object: *mut sm::JSObject) -> u32 {
    // SAFETY: a live object.
    let flags = unsafe { (*get_object_class(object)).flags };
    (flags >> sm::JSCLASS_RESERVED_SLOTS_SHIFT & sm::JSCLASS_RESERVED_SLOTS_MASK) - 1
}

#[cfg(all(target_os = "linux", not(test)))]
fn is_error(object: *mut sm::JSObject) -> bool {
    // SAFETY: a live object; the table is constant.
    let class = unsafe { get_object_class(object) };
    (&raw const ERROR_CLASSES).cast::<sm::JSClass>() <= class
        && class < (&raw const ERROR_CLASSES).wrapping_add(1).cast::<sm::JSClass>()
}

/// `js::NativeObject::addPropertyInReservedSlot(cx, object, id, slot, flags)`.
///
/// # Safety
/// Called by the engine with its own arguments.
#[cfg(all(target_os = "linux", not(test)))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js12NativeObject25addPropertyInReservedSlotEP9JSContextN2JS6HandleIPS0_EENS4_INS3_11PropertyKeyEEEjNS_13PropertyFlagsE(
    cx: *mut sm::JSContext,
    object: sm::HandleObject,
    id: sm::Handle<sm::jsid>,
    slot: u32,
    flags: PropertyFlags,
) -> bool {
    // SAFETY: the engine's own arguments; the context has our data; functions are rooted while they are used.
    unsafe {
        if !(FILENAME_SLOT..=COLUMNNUMBER_SLOT).contains(&slot)
            || !is_error(*object.ptr)
            || !HAS_SLOT.load(Ordering::Relaxed)
        {
            return real_add_property(cx, object, id, slot, flags);
        }
        let Some(data) = context::current() else { return real_add_property(cx, object, id, slot, flags) };
        let shape = &data.error_shape;
        let compartment = *(sm::GetCurrentRealmOrNull(cx) as *const *const sm::Compartment);
        if !ptr::eq(shape.compartment.get(), compartment) {
            return real_add_property(cx, object, id, slot, flags);
        }
        if slot == LINENUMBER_SLOT {
            return true;
        }
        if slot == COLUMNNUMBER_SLOT {
            shape.skip.set(true);
            return true;
        }
        let accessor = shape.accessor.borrow();
        let Some((key, model)) = &*accessor else { return real_add_property(cx, object, id, slot, flags) };
        mozjs::rooted!(in(cx) let key = *key);
        mozjs::rooted!(in(cx) let model = model.value().to_object());
        drop(accessor);
        let slot = own_slot(*object.ptr);
        if !real_add_property(cx, object, h!(key), slot, PropertyFlags(ACCESSOR_FLAGS)) {
            return false;
        }
        let mut cell = jsval::UndefinedValue();
        glue::JS_GetReservedSlot(model.get(), MODEL_ACCESSOR_SLOT, &mut cell);
        sm::JS_SetReservedSlot(*object.ptr, slot, &cell);
        true
    }
}

/// `js::SharedShape::insertInitialShape(cx, shape)`: what new objects of a class begin with.
///
/// # Safety
/// Called by the engine with its own arguments.
#[cfg(all(target_os = "linux", not(test)))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js11SharedShape18insertInitialShapeEP9JSContextN2JS6HandleIPS0_EE(
    cx: *mut sm::JSContext,
    shape: *const std::ffi::c_void,
) {
    if context::current().is_some_and(|data| data.error_shape.skip.replace(false)) {
        return;
    }
    // SAFETY: the engine's own function and arguments.
    unsafe { real_insert_initial_shape(cx, shape) }
}
