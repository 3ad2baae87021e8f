//! What JavaScript cannot see of its own values: for `util.inspect` and `util.types`.

use crate::error::Thrown;
use crate::scope::{Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;
use mozjs::rust::get_object_class;
use std::ffi::CStr;

/// Flag of classes whose objects are proxies (js/Class.h).
const CLASS_IS_PROXY: u32 = 1 << (sm::JSCLASS_HIGH_FLAGS_SHIFT + 4);

impl<'s> Scope<'s> {
    /// The engine's name for the class of an object, such as `Map Iterator`; what a proxy wraps stays hidden (`Proxy`).
    pub fn class_name(&self, object: Local<'_>) -> Option<&'static str> {
        let object = object.object_ptr();
        if object.is_null() {
            return None;
        }
        // SAFETY: a live object; classes are static with NUL-terminated ASCII names.
        unsafe { CStr::from_ptr((*get_object_class(object)).name) }.to_str().ok()
    }

    /// Target and handler of a Proxy (`null` when revoked); `None` for other values.
    pub fn proxy_details(&mut self, value: Local<'_>) -> Option<(Local<'s>, Local<'s>)> {
        let object = value.object_ptr();
        if object.is_null() {
            return None;
        }
        // SAFETY: a live object; slots are read only after the class says it is a proxy.
        unsafe {
            if (*get_object_class(object)).flags & CLASS_IS_PROXY == 0 {
                return None;
            }
            let (target, target_out) = self.out();
            let (handler, handler_out) = self.out();
            glue::GetProxyPrivate(object, target_out.ptr);
            glue::GetProxyReservedSlot(object, 0, handler_out.ptr);
            Some((target, handler))
        }
    }

    /// Keys of a WeakMap or WeakSet that are alive now.
    pub fn weak_keys(&mut self, collection: Local<'_>) -> Result<Local<'s>, Thrown> {
        let name = self.class_name(collection);
        root_object!(self, object = collection);
        mozjs::rooted!(in(self.cx()) let mut keys = std::ptr::null_mut::<sm::JSObject>());
        // SAFETY: rooted; each function checks its class.
        Thrown::check(unsafe {
            match name {
                Some("WeakMap") => sm::JS_NondeterministicGetWeakMapKeys(self.cx(), h!(object), hm!(keys)),
                Some("WeakSet") => sm::JS_NondeterministicGetWeakSetKeys(self.cx(), h!(object), hm!(keys)),
                _ => true,
            }
        })?;
        Ok(self.local(jsval::ObjectOrNullValue(keys.get())))
    }
}
