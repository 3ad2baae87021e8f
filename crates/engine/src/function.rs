//! Native functions: how JavaScript calls Rust and Rust calls JavaScript.

use crate::context;
use crate::error::Thrown;
use crate::scope::{JsResult, Local, Scope};
use crate::stress;
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::ffi::{CString, c_void};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// A Rust function that JavaScript can call.
pub type Native = for<'s> fn(&mut Scope<'s>, &Args<'s>) -> JsResult<'s>;

/// A row of a binding table.
pub type NativeRow = (&'static str, Native);

/// The arguments of a call, in place.
pub struct Args<'s> {
    vp: *mut sm::Value,
    count: usize,
    _scope: PhantomData<&'s sm::Value>,
}

impl<'s> Args<'s> {
    /// Argument `index`, `undefined` if absent.
    #[inline]
    pub fn get(&self, index: usize) -> Local<'s> {
        if index >= self.count {
            // SAFETY: an immediate that is never written.
            return unsafe { Local::from_slot(ptr::from_ref(&UNDEFINED.0).cast_mut()) };
        }
        // SAFETY: the engine's argument vector is vp[0] callee, vp[1] this, vp[2..] arguments, rooted by the caller.
        unsafe { Local::from_slot(self.vp.add(2 + index)) }
    }

    /// How many arguments were passed.
    #[inline]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none was passed.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The `this` value.
    #[inline]
    pub fn this(&self) -> Local<'s> {
        // SAFETY: as in `get`.
        unsafe { Local::from_slot(self.vp.add(1)) }
    }

    /// Whether called with `new`.
    pub fn is_constructing(&self) -> bool {
        self.this().raw().is_magic()
    }

    /// The value that was bound to the function with [`Scope::function_with_data`].
    pub fn data(&self, sc: &mut Scope<'s>) -> Local<'s> {
        // SAFETY: vp[0] is the callee, a function with reserved slots (every function of ours is one).
        let value = unsafe { *sm::GetFunctionNativeReserved((*self.vp).to_object(), 1) };
        sc.local(value)
    }
}

struct StaticUndefined(sm::Value);
// SAFETY: an immediate, never written.
unsafe impl Sync for StaticUndefined {}
static UNDEFINED: StaticUndefined = StaticUndefined(sm::Value { asBits_: 0xFFF9_8000_0000_0000 });

/// The one entry from JavaScript into Rust. A panic stops here and becomes a JavaScript error.
unsafe extern "C" fn trampoline(cx: *mut sm::JSContext, argc: u32, vp: *mut sm::Value) -> bool {
    // SAFETY: vp[0] is the callee, which `make` below created with a `Native` behind slot 0.
    let native: Native = unsafe {
        let slot = *sm::GetFunctionNativeReserved((*vp).to_object(), 0);
        *(slot.to_private() as *const Native)
    };
    let data = context::data_of(cx);
    stress::point(cx, data);
    // SAFETY: `cx` is running on this thread; `'s` ends with this call.
    let mut scope = unsafe { Scope::new(cx, data) };
    let args = Args { vp, count: argc as usize, _scope: PhantomData };
    match catch_unwind(AssertUnwindSafe(|| native(&mut scope, &args))) {
        Ok(Ok(value)) => {
            // SAFETY: vp[0] is the return slot.
            unsafe { *vp = value.raw() };
            stress::point(cx, data);
            true
        }
        Ok(Err(_thrown)) => false,
        Err(panic) => {
            let text = panic_text(&*panic);
            let _thrown = scope.throw_error(&format!("internal error in a native function: {text}"));
            false
        }
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("panic")
}

impl<'s> Scope<'s> {
    /// A JavaScript function that calls `native`. `native` must live in a static table: its address is kept.
    pub fn function(&mut self, name: &str, native: &'static Native) -> JsResult<'s> {
        self.make_function(name, native, None, false)
    }

    /// As [`Scope::function`], with a value that the native reads with [`Args::data`].
    pub fn function_with_data(&mut self, name: &str, native: &'static Native, data: Local<'_>) -> JsResult<'s> {
        self.make_function(name, native, Some(data), false)
    }

    /// A function that can be called with `new`.
    pub fn constructor(&mut self, name: &str, native: &'static Native) -> JsResult<'s> {
        self.make_function(name, native, None, true)
    }

    fn make_function(
        &mut self,
        name: &str,
        native: &'static Native,
        data: Option<Local<'_>>,
        constructor: bool,
    ) -> JsResult<'s> {
        let name = CString::new(name).unwrap_or_default();
        let flags = if constructor { sm::JSFUN_CONSTRUCTOR } else { 0 };
        // SAFETY: the engine copies the name; the function is rooted before its slots are set.
        unsafe {
            let function = sm::NewFunctionWithReserved(self.cx(), Some(trampoline), 0, flags, name.as_ptr());
            if function.is_null() {
                return Err(Thrown::pending());
            }
            let object = sm::JS_GetFunctionObject(function);
            let local = self.local(jsval::ObjectValue(object));
            let pointer = jsval::PrivateValue(ptr::from_ref(native) as *const c_void);
            sm::SetFunctionNativeReserved(object, 0, &pointer);
            if let Some(data) = data {
                sm::SetFunctionNativeReserved(object, 1, &data.raw());
            }
            Ok(local)
        }
    }

    /// Adds a table of functions to `target`.
    pub fn define_functions(&mut self, target: Local<'_>, rows: &'static [NativeRow]) -> Result<(), Thrown> {
        for (name, native) in rows {
            self.nested(|sc| {
                let function = sc.function(name, native)?;
                sc.set(target, name, function)
            })?;
        }
        Ok(())
    }

    /// `function.call(this, ...args)`.
    ///
    /// # Errors
    /// What the function throws; a TypeError if it is not callable.
    pub fn call(&mut self, function: Local<'_>, this: Local<'_>, args: &[Local<'_>]) -> JsResult<'s> {
        self.stress();
        let values = ArgValues::new(self, args);
        let (result, out) = self.out();
        // SAFETY: all values are rooted; `values` keeps the argument vector traced during the call.
        Thrown::check(unsafe { sm::Call(self.cx(), this.handle(), function.handle(), &values.array(), out) })?;
        Ok(result)
    }

    /// `new constructor(...args)`.
    pub fn construct(&mut self, constructor: Local<'_>, args: &[Local<'_>]) -> JsResult<'s> {
        self.stress();
        let values = ArgValues::new(self, args);
        mozjs::rooted!(in(self.cx()) let mut object = ptr::null_mut::<sm::JSObject>());
        // SAFETY: as in `call`.
        Thrown::check(unsafe { sm::Construct1(self.cx(), constructor.handle(), &values.array(), hm!(object)) })?;
        Ok(self.local(jsval::ObjectValue(object.get())))
    }
}

/// How many arguments are passed without an allocation.
const INLINE_ARGS: usize = 6;

/// Arguments of a call in contiguous traced memory: the slots of the arena are not always adjacent.
enum ArgValues {
    Inline([sm::Value; INLINE_ARGS], usize),
    Many(Vec<sm::Value>),
}

impl ArgValues {
    fn new(_sc: &Scope<'_>, args: &[Local<'_>]) -> ArgValues {
        if args.len() > INLINE_ARGS {
            return ArgValues::Many(args.iter().map(|arg| arg.raw()).collect());
        }
        let mut values = [jsval::UndefinedValue(); INLINE_ARGS];
        for (slot, arg) in values.iter_mut().zip(args) {
            *slot = arg.raw();
        }
        ArgValues::Inline(values, args.len())
    }

    /// The engine copies the arguments into its own invocation frame before it runs anything (InvokeArgs), so the copies
    /// here need not be traced.
    fn array(&self) -> sm::HandleValueArray {
        let (elements, length) = match self {
            ArgValues::Inline(values, length) => (values.as_ptr(), *length),
            ArgValues::Many(values) => (values.as_ptr(), values.len()),
        };
        sm::HandleValueArray { length_: length, elements_: elements }
    }
}
