//! Code that watches the program from outside: a global object in a compartment of its own, which has the engine's `Debugger`,
//! and the engine's parser as a function.

use crate::error::Thrown;
use crate::scope::{JsResult, Local, Scope};
use mozjs::jsapi as sm;

impl<'s> Scope<'s> {
    /// Evaluates `source`, the text of a function, in a fresh global object in a compartment of its own, where `Debugger` is
    /// defined, and calls that function with `values`. Objects pass as wrappers, in both directions.
    ///
    /// # Errors
    /// What the text throws.
    pub fn call_outside(&mut self, source: &str, file: &str, values: &[Local<'_>]) -> JsResult<'s> {
        let cx = self.cx();
        // SAFETY: the new global is rooted at once; values are wrapped for the compartment in which they are used, and the
        // realm is left on every path.
        unsafe {
            mozjs::rooted!(in(cx) let outside = crate::global::create(cx));
            if outside.is_null() {
                return Err(Thrown::pending());
            }
            let old = sm::EnterRealm(cx, outside.get());
            let made = sm::JS_DefineDebuggerObject(cx, h!(outside));
            let result = if made { self.call_wrapped(source, file, values) } else { Err(Thrown::pending()) };
            sm::LeaveRealm(cx, old);
            let value = result?;
            mozjs::rooted!(in(cx) let mut value = value);
            Thrown::check(sm::JS_WrapValue(cx, hm!(value)))?;
            Ok(self.local(value.get()))
        }
    }

    /// Runs in the outer realm.
    fn call_wrapped(&mut self, source: &str, file: &str, values: &[Local<'_>]) -> Result<sm::Value, Thrown> {
        let cx = self.cx();
        let function = self.evaluate(source, file, 1)?;
        let mut wrapped = Vec::with_capacity(values.len());
        for value in values {
            mozjs::rooted!(in(cx) let mut value = value.raw());
            // SAFETY: wraps for the current compartment, in place.
            Thrown::check(unsafe { sm::JS_WrapValue(cx, hm!(value)) })?;
            wrapped.push(self.local(value.get()));
        }
        let this = self.undefined();
        Ok(self.call(function, this, &wrapped)?.raw())
    }

    /// The engine's own parser, `Reflect.parse(source, options)`: it gives ESTree objects. The function is of a realm of its
    /// own in this compartment, so programs do not meet it.
    ///
    /// # Errors
    /// Out of memory.
    pub fn create_parser(&mut self) -> JsResult<'s> {
        let global = self.create_realm()?;
        self.in_realm(global, |sc| {
            let cx = sc.cx();
            mozjs::rooted!(in(cx) let object = global.object_ptr());
            // SAFETY: a live global object whose realm is entered.
            Thrown::check(unsafe { sm::JS_InitReflectParse(cx, h!(object)) })?;
            let reflect = sc.get(global, "Reflect")?;
            sc.get(reflect, "parse")
        })
    }
}
