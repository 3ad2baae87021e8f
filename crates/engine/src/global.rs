//! Global objects.

use mozjs::jsapi as sm;
use mozjs::rust::{RealmOptions, SIMPLE_GLOBAL_CLASS};
use std::ptr;

/// Makes a global object with its standard classes, resolved lazily. Null if out of memory.
///
/// # Safety
/// `cx` is a live context of this thread.
pub(crate) unsafe fn create(cx: *mut sm::JSContext) -> *mut sm::JSObject {
    // SAFETY: by the caller.
    unsafe { create_with(cx, RealmOptions::default()) }
}

/// Makes a global object in the compartment of the current realm. Null if out of memory.
///
/// # Safety
/// `cx` is a live context of this thread that has entered a realm.
pub(crate) unsafe fn create_beside(cx: *mut sm::JSContext) -> *mut sm::JSObject {
    let mut options = RealmOptions::default();
    // SAFETY: the realm pointer is not null; a realm's first field is its compartment (engine guide §10).
    unsafe {
        options.creationOptions_.compSpec_ = sm::CompartmentSpecifier::ExistingCompartment;
        options.creationOptions_.__bindgen_anon_1.comp_ =
            *(sm::GetCurrentRealmOrNull(cx) as *const *mut sm::Compartment);
        create_with(cx, options)
    }
}

unsafe fn create_with(cx: *mut sm::JSContext, mut options: RealmOptions) -> *mut sm::JSObject {
    options.creationOptions_.sharedMemoryAndAtomics_ = true;
    // SAFETY: by the caller; options live during the call.
    unsafe {
        sm::JS_NewGlobalObject(
            cx,
            &SIMPLE_GLOBAL_CLASS,
            ptr::null_mut(),
            sm::OnNewGlobalHookOption::FireOnNewGlobalHook,
            &*options,
        )
    }
}
