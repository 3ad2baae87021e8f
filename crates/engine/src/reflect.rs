//! What JavaScript cannot see of its own values: for `util.inspect` and `util.types`.

use crate::error::Thrown;
use crate::scope::{Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;
use mozjs::rust::{IdVector, get_object_class};
use std::ffi::CStr;

/// Flag of classes whose objects are proxies (js/Class.h).
const CLASS_IS_PROXY: u32 = 1 << (sm::JSCLASS_HIGH_FLAGS_SHIFT + 3);

unsafe extern "C" {
    #[link_name = "_ZN2js21ModuleNamespaceObject10isInstanceEN2JS6HandleINS1_5ValueEEE"]
    fn is_module_namespace(value: sm::Handle<sm::Value>) -> bool;
}

impl<'s> Scope<'s> {
    /// The engine's name for the class of an object, such as `Map Iterator`; what a proxy wraps stays hidden (`Proxy`).
    pub fn class_name(&self, value: Local<'_>) -> Option<&'static str> {
        let object = value.object_ptr();
        if object.is_null() {
            return None;
        }
        // SAFETY: a rooted value; only looks at the proxy handler.
        if unsafe { is_module_namespace(value.handle()) } {
            return Some("Module");
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

    /// Own keys that are no array indices, strings before symbols; only enumerable ones unless `hidden`.
    pub fn own_non_index_keys(&mut self, object: Local<'_>, hidden: bool) -> Result<Vec<Local<'s>>, Thrown> {
        root_object!(self, object = object);
        let mut flags = sm::JSITER_OWNONLY | sm::JSITER_SYMBOLS;
        if hidden {
            flags |= sm::JSITER_HIDDEN;
        }
        // SAFETY: the id vector is rooted by the engine; ids become values before anything else can collect them.
        unsafe {
            let mut cx = self.cx_wrapper();
            let mut ids = IdVector::new(&mut cx);
            Thrown::check(sm::GetPropertyKeys(self.cx(), h!(object), flags, ids.handle_mut()))?;
            let mut keys = Vec::new();
            for id in ids.iter() {
                // Indices up to 2^31 are numbers in the engine; larger ones are strings of digits.
                if id.is_int() {
                    continue;
                }
                let (key, out) = self.out();
                Thrown::check(sm::JS_IdToValue(self.cx(), *id, out))?;
                if key.is_number() || (key.is_string() && self.is_index_name(key)) {
                    continue;
                }
                keys.push(key);
            }
            Ok(keys)
        }
    }

    /// Whether a string is an array index (ECMA-262: 0 to 2^32 - 2, in its canonical form).
    fn is_index_name(&mut self, key: Local<'_>) -> bool {
        let parsed = self.with_chars(key, |chars| {
            let digits = crate::string::chars_to_string(chars);
            digits.len() <= 10
                && (digits == "0" || !digits.starts_with('0'))
                && digits.bytes().all(|byte| byte.is_ascii_digit())
                && digits.parse::<u32>().is_ok_and(|index| index != u32::MAX)
        });
        parsed == Some(true)
    }

    /// The collection a Map or Set iterator walks, what it yields (0 keys, 1 values, 2 entries) and how many items it has
    /// passed. `None` for a finished iterator and for other values.
    pub fn collection_iterator(&mut self, iterator: Local<'_>) -> Option<(Local<'s>, u32, u32)> {
        /// Places in TableIteratorObject (SpiderMonkey, OrderedHashTableObject.h).
        const TARGET: u32 = 0;
        const KIND: u32 = 1;
        const COUNT: u32 = 3;
        if !matches!(self.class_name(iterator), Some("Map Iterator" | "Set Iterator")) {
            return None;
        }
        let object = iterator.object_ptr();
        let mut target = jsval::UndefinedValue();
        let mut kind = jsval::UndefinedValue();
        let mut count = jsval::UndefinedValue();
        // SAFETY: the class says that these slots exist; private numbers are kept as int32.
        unsafe {
            glue::JS_GetReservedSlot(object, TARGET, &mut target);
            glue::JS_GetReservedSlot(object, KIND, &mut kind);
            glue::JS_GetReservedSlot(object, COUNT, &mut count);
        }
        if !target.is_object() || !kind.is_int32() || !count.is_int32() {
            return None;
        }
        Some((self.local(target), kind.to_int32() as u32, count.to_int32() as u32))
    }
}
