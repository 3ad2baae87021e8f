//! Objects: properties, arrays, prototypes.

use crate::error::Thrown;
use crate::scope::{JsResult, Key, Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;
use mozjs::rust::IdVector;

/// Attributes of a data property, as in `Object.defineProperty`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Shows up in enumeration.
    pub enumerable: bool,
    /// Can be assigned.
    pub writable: bool,
    /// Can be deleted or redefined.
    pub configurable: bool,
}

impl Attributes {
    /// As methods of builtin classes have it: writable and configurable, but hidden.
    pub const HIDDEN: Attributes = Attributes { enumerable: false, writable: true, configurable: true };

    fn bits(self) -> u32 {
        let mut bits = 0;
        if self.enumerable {
            bits |= sm::JSPROP_ENUMERATE as u32;
        }
        if !self.writable {
            bits |= sm::JSPROP_READONLY as u32;
        }
        if !self.configurable {
            bits |= sm::JSPROP_PERMANENT as u32;
        }
        bits
    }
}

impl<'s> Scope<'s> {
    pub(crate) fn object_local(&self, object: *mut sm::JSObject) -> JsResult<'s> {
        if object.is_null() { Err(Thrown::pending()) } else { Ok(self.local(jsval::ObjectValue(object))) }
    }

    /// A plain object.
    pub fn object(&mut self) -> Local<'s> {
        self.stress();
        // SAFETY: allocation; null only when out of memory, and `undefined` then fails the next use with a TypeError.
        let object = unsafe { sm::JS_NewPlainObject(self.cx()) };
        self.object_local(object).unwrap_or(self.undefined())
    }

    /// An object without prototype.
    pub fn object_null_proto(&mut self) -> Local<'s> {
        // SAFETY: as above; a null class means plain object.
        let object = unsafe {
            sm::JS_NewObjectWithGivenProto(self.cx(), std::ptr::null(), sm::Handle::<*mut sm::JSObject>::null())
        };
        self.object_local(object).unwrap_or(self.undefined())
    }

    /// An array of `items`.
    pub fn array(&mut self, items: &[Local<'_>]) -> Local<'s> {
        self.stress();
        mozjs::rooted!(in(self.cx()) let values: Vec<sm::Value> = items.iter().map(|item| item.raw()).collect());
        let elements = sm::HandleValueArray { length_: values.len(), elements_: values.as_slice().as_ptr() };
        // SAFETY: the values are rooted and do not move while `values` is borrowed; the engine copies them.
        let object = unsafe { sm::NewArrayObject(self.cx(), &elements) };
        // Null only when out of memory: `undefined` then fails the next use with a TypeError.
        self.object_local(object).unwrap_or_else(|_thrown| {
            self.clear_exception();
            self.undefined()
        })
    }

    /// `object[name]`.
    ///
    /// # Errors
    /// What a getter or proxy throws; a TypeError if `object` is not an object.
    pub fn get(&mut self, object: Local<'_>, name: &str) -> JsResult<'s> {
        let id = self.make_id(name, false);
        self.get_id(object, id)
    }

    /// `object[key]` for an interned key.
    pub fn get_key(&mut self, object: Local<'_>, key: Key) -> JsResult<'s> {
        self.stress();
        self.get_id(object, key.0)
    }

    /// `object[key]` for any value as key.
    pub fn get_value(&mut self, object: Local<'_>, key: Local<'_>) -> JsResult<'s> {
        self.stress();
        let id = self.value_to_id(key)?;
        self.get_id(object, id)
    }

    pub(crate) fn value_to_id(&mut self, key: Local<'_>) -> Result<sm::jsid, Thrown> {
        mozjs::rooted!(in(self.cx()) let mut id = mozjs::jsid::VoidId());
        // SAFETY: rooted in and out.
        Thrown::check(unsafe { sm::JS_ValueToId(self.cx(), key.handle(), hm!(id)) })?;
        Ok(id.get())
    }

    fn need_object(&mut self, object: Local<'_>) -> Result<(), Thrown> {
        if object.is_object() { Ok(()) } else { Err(self.throw_type_error("value is not an object")) }
    }

    pub(crate) fn get_id(&mut self, object: Local<'_>, id: sm::jsid) -> JsResult<'s> {
        mozjs::rooted!(in(self.cx()) let id = id);
        self.need_object(object)?;
        root_object!(self, object = object);
        let (value, out) = self.out();
        // SAFETY: everything is rooted.
        Thrown::check(unsafe { sm::JS_GetPropertyById(self.cx(), h!(object), h!(id), out) })?;
        Ok(value)
    }

    /// `object[name] = value`.
    ///
    /// # Errors
    /// What a setter or proxy throws; a TypeError if `object` is not an object or the property is read-only.
    pub fn set(&mut self, object: Local<'_>, name: &str, value: Local<'_>) -> Result<(), Thrown> {
        let id = self.make_id(name, false);
        self.set_id(object, id, value)
    }

    /// `object[key] = value` for an interned key.
    pub fn set_key(&mut self, object: Local<'_>, key: Key, value: Local<'_>) -> Result<(), Thrown> {
        self.stress();
        self.set_id(object, key.0, value)
    }

    /// `object[key] = value` for any value as key.
    pub fn set_value(&mut self, object: Local<'_>, key: Local<'_>, value: Local<'_>) -> Result<(), Thrown> {
        self.stress();
        let id = self.value_to_id(key)?;
        self.set_id(object, id, value)
    }

    fn set_id(&mut self, object: Local<'_>, id: sm::jsid, value: Local<'_>) -> Result<(), Thrown> {
        mozjs::rooted!(in(self.cx()) let id = id);
        self.need_object(object)?;
        root_object!(self, object = object);
        // SAFETY: everything is rooted.
        Thrown::check(unsafe { sm::JS_SetPropertyById(self.cx(), h!(object), h!(id), value.handle()) })
    }

    /// Defines an own data property, whatever the prototype chain says.
    pub fn define(
        &mut self,
        object: Local<'_>,
        name: &str,
        value: Local<'_>,
        attributes: Attributes,
    ) -> Result<(), Thrown> {
        self.stress();
        let id = self.make_id(name, false);
        mozjs::rooted!(in(self.cx()) let id = id);
        self.need_object(object)?;
        root_object!(self, object = object);
        // SAFETY: everything is rooted.
        Thrown::check(unsafe {
            sm::JS_DefinePropertyById2(self.cx(), h!(object), h!(id), value.handle(), attributes.bits())
        })
    }

    /// Defines an own accessor property; hidden and configurable.
    pub fn define_accessor(
        &mut self,
        object: Local<'_>,
        name: &str,
        getter: Local<'_>,
        setter: Local<'_>,
    ) -> Result<(), Thrown> {
        let id = self.make_id(name, false);
        mozjs::rooted!(in(self.cx()) let id = id);
        self.need_object(object)?;
        root_object!(self, object = object);
        root_object!(self, getter = getter);
        root_object!(self, setter = setter);
        mozjs::rooted!(in(self.cx()) let mut descriptor = sm::PropertyDescriptor::default());
        // SAFETY: everything is rooted; a null getter or setter means none.
        Thrown::check(unsafe {
            glue::SetAccessorPropertyDescriptor(hm!(descriptor), h!(getter), h!(setter), 0);
            sm::JS_DefinePropertyById1(self.cx(), h!(object), h!(id), h!(descriptor))
        })
    }

    /// `delete object[name]`.
    pub fn delete(&mut self, object: Local<'_>, name: &str) -> Result<(), Thrown> {
        let id = self.make_id(name, false);
        mozjs::rooted!(in(self.cx()) let id = id);
        self.need_object(object)?;
        root_object!(self, object = object);
        // SAFETY: everything is rooted.
        Thrown::check(unsafe { sm::JS_DeletePropertyById1(self.cx(), h!(object), h!(id)) })
    }

    /// Whether `object` has an own property `name`.
    pub fn has_own(&mut self, object: Local<'_>, name: &str) -> Result<bool, Thrown> {
        let id = self.make_id(name, false);
        mozjs::rooted!(in(self.cx()) let id = id);
        self.need_object(object)?;
        root_object!(self, object = object);
        let mut found = false;
        // SAFETY: everything is rooted.
        Thrown::check(unsafe { sm::JS_HasOwnPropertyById(self.cx(), h!(object), h!(id), &mut found) })?;
        Ok(found)
    }

    /// `object[index]`.
    pub fn get_index(&mut self, object: Local<'_>, index: u32) -> JsResult<'s> {
        self.stress();
        self.need_object(object)?;
        root_object!(self, object = object);
        let (value, out) = self.out();
        // SAFETY: everything is rooted.
        Thrown::check(unsafe { sm::JS_GetElement(self.cx(), h!(object), index, out) })?;
        Ok(value)
    }

    /// `object[index] = value`.
    pub fn set_index(&mut self, object: Local<'_>, index: u32, value: Local<'_>) -> Result<(), Thrown> {
        self.stress();
        self.need_object(object)?;
        root_object!(self, object = object);
        // SAFETY: everything is rooted.
        Thrown::check(unsafe { sm::JS_SetElement(self.cx(), h!(object), index, value.handle()) })
    }

    /// The length of an array; 0 for anything else.
    pub fn array_length(&mut self, array: Local<'_>) -> u32 {
        if !array.is_object() {
            return 0;
        }
        root_object!(self, array = array);
        let mut length = 0;
        // SAFETY: rooted; the length of an array is a plain slot.
        unsafe {
            let mut is_array = false;
            if !sm::IsArrayObject1(self.cx(), h!(array), &mut is_array) || !is_array {
                sm::JS_ClearPendingException(self.cx());
                return 0;
            }
            if !sm::GetArrayLength(self.cx(), h!(array), &mut length) {
                sm::JS_ClearPendingException(self.cx());
            }
        }
        length
    }

    /// The elements of an array.
    pub fn array_items(&mut self, array: Local<'_>) -> Result<Vec<Local<'s>>, Thrown> {
        (0..self.array_length(array)).map(|index| self.get_index(array, index)).collect()
    }

    /// Own property keys (strings and symbols). With `hidden`, non-enumerable ones too.
    pub fn own_keys(&mut self, object: Local<'_>, hidden: bool, symbols: bool) -> Result<Vec<Local<'s>>, Thrown> {
        self.stress();
        self.need_object(object)?;
        root_object!(self, object = object);
        let mut flags = sm::JSITER_OWNONLY;
        if hidden {
            flags |= sm::JSITER_HIDDEN;
        }
        if symbols {
            flags |= sm::JSITER_SYMBOLS;
        }
        // SAFETY: the id vector is rooted by the engine; ids become values before anything else can collect them.
        unsafe {
            let mut cx = self.cx_wrapper();
            let mut ids = IdVector::new(&mut cx);
            Thrown::check(sm::GetPropertyKeys(self.cx(), h!(object), flags, ids.handle_mut()))?;
            let mut keys = Vec::with_capacity(ids.len());
            for id in ids.iter() {
                let (key, out) = self.out();
                Thrown::check(sm::JS_IdToValue(self.cx(), *id, out))?;
                keys.push(key);
            }
            Ok(keys)
        }
    }

    /// `Object.getPrototypeOf(object)`, `null` included.
    pub fn prototype(&mut self, object: Local<'_>) -> JsResult<'s> {
        self.need_object(object)?;
        root_object!(self, object = object);
        mozjs::rooted!(in(self.cx()) let mut proto = std::ptr::null_mut::<sm::JSObject>());
        // SAFETY: rooted.
        Thrown::check(unsafe { sm::JS_GetPrototype(self.cx(), h!(object), hm!(proto)) })?;
        Ok(self.local(jsval::ObjectOrNullValue(proto.get())))
    }

    /// `Object.setPrototypeOf(object, proto)`.
    pub fn set_prototype(&mut self, object: Local<'_>, proto: Local<'_>) -> Result<(), Thrown> {
        self.need_object(object)?;
        root_object!(self, object = object);
        root_object!(self, proto = proto);
        // SAFETY: rooted.
        Thrown::check(unsafe { sm::JS_SetPrototype(self.cx(), h!(object), h!(proto)) })
    }

    /// `JSON.parse(text)`.
    pub fn parse_json(&mut self, text: Local<'_>) -> JsResult<'s> {
        let text = self.to_js_string(text)?;
        mozjs::rooted!(in(self.cx()) let string = text.raw().to_string());
        let (value, out) = self.out();
        // SAFETY: rooted.
        Thrown::check(unsafe { sm::JS_ParseJSON1(self.cx(), h!(string), out) })?;
        Ok(value)
    }

    /// A fresh symbol, or the registered one with `registered` (`Symbol.for`).
    pub fn symbol(&mut self, description: &str, registered: bool) -> Local<'s> {
        let text = self.string(description);
        mozjs::rooted!(in(self.cx()) let string = text.raw().to_string());
        // SAFETY: rooted; null only when out of memory.
        unsafe {
            let symbol =
                if registered { sm::GetSymbolFor(self.cx(), h!(string)) } else { sm::NewSymbol(self.cx(), h!(string)) };
            symbol.as_ref().map_or(self.undefined(), |symbol| self.local(jsval::SymbolValue(symbol)))
        }
    }

    /// A pending promise.
    pub fn promise(&mut self) -> JsResult<'s> {
        self.stress();
        // SAFETY: no executor.
        let promise = unsafe { sm::NewPromiseObject(self.cx(), sm::Handle::<*mut sm::JSObject>::null()) };
        self.object_local(promise)
    }

    /// Resolves a promise made by [`Scope::promise`].
    pub fn resolve_promise(&mut self, promise: Local<'_>, value: Local<'_>) -> Result<(), Thrown> {
        root_object!(self, promise = promise);
        // SAFETY: rooted.
        Thrown::check(unsafe { sm::ResolvePromise(self.cx(), h!(promise), value.handle()) })
    }

    /// Rejects a promise made by [`Scope::promise`].
    pub fn reject_promise(&mut self, promise: Local<'_>, reason: Local<'_>) -> Result<(), Thrown> {
        root_object!(self, promise = promise);
        // SAFETY: rooted.
        Thrown::check(unsafe { sm::RejectPromise(self.cx(), h!(promise), reason.handle()) })
    }

    /// State (0 pending, 1 fulfilled, 2 rejected) and result of a promise; `None` if it is none.
    pub fn promise_state(&mut self, promise: Local<'_>) -> Option<(u8, Local<'s>)> {
        if !promise.is_object() {
            return None;
        }
        root_object!(self, promise = promise);
        // SAFETY: rooted; only looks at slots.
        unsafe {
            if !sm::IsPromiseObject(h!(promise)) {
                return None;
            }
            let state = match sm::GetPromiseState(h!(promise)) {
                sm::PromiseState::Pending => return Some((0, self.undefined())),
                sm::PromiseState::Fulfilled => 1,
                sm::PromiseState::Rejected => 2,
            };
            let (value, out) = self.out();
            glue::JS_GetPromiseResult(h!(promise), out);
            Some((state, value))
        }
    }
}
