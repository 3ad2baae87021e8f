//! Source text on demand: scripts from the code cache come without theirs, as nothing but `Function.prototype.toString` and
//! the debugger reads it.
//!
//! The engine asks an object of the C++ class `js::SourceHook`; this one is written down by hand, in the layout of the
//! Itanium C++ ABI: a pointer to a table with the two destructors and `load`.

use crate::sys;
use mozjs::jsapi as sm;
use std::ffi::{CStr, c_char, c_void};

#[repr(C)]
struct Table {
    destroy: extern "C" fn(*mut Hook),
    delete: extern "C" fn(*mut Hook),
    load: unsafe extern "C" fn(
        *mut Hook,
        *mut sm::JSContext,
        *const c_char,
        *mut *mut u16,
        *mut *mut c_char,
        *mut usize,
    ) -> bool,
}

#[repr(C)]
struct Hook {
    table: &'static Table,
    source: fn(&str) -> Option<String>,
}

static TABLE: Table = Table { destroy, delete, load };

/// Makes `source` answer for the sources of the scripts of this context.
///
/// # Safety
/// `cx` must be a live context of this thread.
pub(crate) unsafe fn install(cx: *mut sm::JSContext, source: fn(&str) -> Option<String>) {
    let mut hook = Box::into_raw(Box::new(Hook { table: &TABLE, source })).cast::<c_void>();
    // SAFETY: a unique_ptr is passed by reference and is one pointer; the engine takes it and calls `delete` in the end.
    unsafe { sys::set_source_hook(cx, &mut hook) };
}

extern "C" fn destroy(_hook: *mut Hook) {}

extern "C" fn delete(hook: *mut Hook) {
    // SAFETY: made by `install`, and deleted once.
    drop(unsafe { Box::from_raw(hook) });
}

/// Gives UTF-8 through `utf8`, allocated by malloc. No text at all makes the engine say "[native code]".
unsafe extern "C" fn load(
    hook: *mut Hook,
    _cx: *mut sm::JSContext,
    file: *const c_char,
    _utf16: *mut *mut u16,
    utf8: *mut *mut c_char,
    length: *mut usize,
) -> bool {
    // SAFETY: the engine passes our hook, a C string, and for scripts compiled from UTF-8 a place for UTF-8.
    unsafe {
        if utf8.is_null() || file.is_null() {
            return true;
        }
        let Some(text) = CStr::from_ptr(file).to_str().ok().and_then((*hook).source) else { return true };
        let copy = libc::malloc(text.len().max(1)).cast::<u8>();
        if copy.is_null() {
            return true;
        }
        copy.copy_from_nonoverlapping(text.as_ptr(), text.len());
        *utf8 = copy.cast();
        *length = text.len();
    }
    true
}
