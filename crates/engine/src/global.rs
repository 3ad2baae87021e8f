//! Global objects.

use mozjs::jsapi as sm;
use mozjs::rust::{RealmOptions, SIMPLE_GLOBAL_CLASS};
use std::ptr;

/// Makes a global object with its standard classes, resolved lazily. Null if out of memory.
///
/// # Safety
/// `cx` is a live context of this thread.
pub(crate) unsafe fn create(cx: *mut sm::JSContext) -> *mut sm::JSObject {
    let mut options = RealmOptions::default();
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
