//! Scopes, local values and interned keys.

use crate::arena::Mark;
use crate::context::ContextData;
use crate::error::Thrown;
use crate::{Args, Root};
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::any::Any;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::rc::Rc;

/// What a native function returns: a value, or the proof that an exception is pending.
pub type JsResult<'s> = Result<Local<'s>, Thrown>;

/// The right to use the engine: may collect garbage, makes locals that live as long as `'s`.
pub struct Scope<'s> {
    cx: NonNull<sm::JSContext>,
    data: &'static ContextData,
    mark: Mark,
    _invariant: PhantomData<&'s mut &'s ()>,
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        self.data.arena.release(self.mark);
    }
}

/// A rooted JavaScript value, valid as long as its scope.
#[derive(Clone, Copy)]
pub struct Local<'s> {
    slot: NonNull<sm::Value>,
    _scope: PhantomData<&'s sm::Value>,
}

/// An interned property name of one context.
#[derive(Clone, Copy)]
pub struct Key(pub(crate) sm::jsid);

/// A slot outside of the arena for values that need no tracing.
struct StaticSlot(sm::Value);
// SAFETY: the values are immediates, never written after construction.
unsafe impl Sync for StaticSlot {}

// `undefined` and the other immediates as the engine boxes them: the tag in the upper 17 bits (js/Value.h).
static UNDEFINED: StaticSlot = StaticSlot(sm::Value { asBits_: 0xFFF9_8000_0000_0000 });
static NULL: StaticSlot = StaticSlot(sm::Value { asBits_: 0xFFFA_0000_0000_0000 });
static TRUE: StaticSlot = StaticSlot(sm::Value { asBits_: 0xFFF9_0000_0000_0001 });
static FALSE: StaticSlot = StaticSlot(sm::Value { asBits_: 0xFFF9_0000_0000_0000 });

impl<'s> Scope<'s> {
    /// # Safety
    /// `data` belongs to `cx`, this is its thread, and the caller bounds `'s` so that no local survives the scope.
    pub(crate) unsafe fn new(cx: *mut sm::JSContext, data: &'static ContextData) -> Scope<'s> {
        Scope {
            // SAFETY: a context pointer of the engine is never null.
            cx: unsafe { NonNull::new_unchecked(cx) },
            data,
            mark: data.arena.mark(),
            _invariant: PhantomData,
        }
    }

    /// Runs `work` in a nested scope: its locals are released at the end. For loops over many values.
    pub fn nested<R>(&mut self, work: impl for<'n> FnOnce(&mut Scope<'n>) -> R) -> R {
        // SAFETY: same context and thread; the higher-ranked lifetime keeps locals inside of `work`.
        let mut scope = unsafe { Scope::new(self.cx.as_ptr(), self.data) };
        work(&mut scope)
    }

    #[inline]
    pub(crate) fn cx(&self) -> *mut sm::JSContext {
        self.cx.as_ptr()
    }

    /// The context for functions of the bindings that take their own wrapper.
    pub(crate) fn cx_wrapper(&mut self) -> mozjs::context::JSContext {
        // SAFETY: the wrapper is used for one engine call while `&mut self` is borrowed.
        unsafe { mozjs::context::JSContext::from_ptr(self.cx) }
    }

    /// A place where a collection is legal: under stress there may be one.
    #[inline]
    pub(crate) fn stress(&mut self) {
        crate::stress::point(self.cx(), self.data);
    }

    #[inline]
    pub(crate) fn data(&self) -> &'static ContextData {
        self.data
    }

    #[inline]
    pub(crate) fn local(&self, value: sm::Value) -> Local<'s> {
        // SAFETY: the arena never returns null.
        Local { slot: unsafe { NonNull::new_unchecked(self.data.arena.push(value)) }, _scope: PhantomData }
    }

    /// A fresh slot for an engine out-parameter.
    #[inline]
    pub(crate) fn out(&self) -> (Local<'s>, sm::MutableHandle<sm::Value>) {
        let local = self.local(jsval::UndefinedValue());
        // SAFETY: the slot is traced until the scope ends.
        (local, unsafe { sm::MutableHandle::from_marked_location(local.slot.as_ptr()) })
    }

    /// The embedder's object that was set with [`Scope::set_host`].
    pub fn host(&self) -> Option<&'s Rc<dyn Any>> {
        // SAFETY: set once before anything asks, and taken only when no scope exists any more.
        unsafe { (*self.data.host.get()).as_ref() }
    }

    /// Gives the context its embedder's object, once. Returns false if it had one.
    pub fn set_host(&mut self, host: Rc<dyn Any>) -> bool {
        // SAFETY: nothing has borrowed the empty slot; a full one is not touched.
        let slot = unsafe { &mut *self.data.host.get() };
        let empty = slot.is_none();
        if empty {
            *slot = Some(host);
        }
        empty
    }

    /// The value as a local of this scope.
    pub fn root_local(&mut self, root: &Root) -> Local<'s> {
        self.local(root.value())
    }

    /// `undefined`.
    #[inline]
    pub fn undefined(&self) -> Local<'s> {
        UNDEFINED.local()
    }

    /// `null`.
    #[inline]
    pub fn null(&self) -> Local<'s> {
        NULL.local()
    }

    /// `true` or `false`.
    #[inline]
    pub fn boolean(&self, value: bool) -> Local<'s> {
        if value { TRUE.local() } else { FALSE.local() }
    }

    /// A number.
    #[inline]
    pub fn number(&self, value: f64) -> Local<'s> {
        if value.fract() == 0.0 && value.abs() < 2147483648.0 && !(value == 0.0 && value.is_sign_negative()) {
            return self.local(jsval::Int32Value(value as i32));
        }
        self.local(jsval::DoubleValue(if value.is_nan() { f64::NAN } else { value }))
    }

    /// A number from an `i32`.
    #[inline]
    pub fn int(&self, value: i32) -> Local<'s> {
        self.local(jsval::Int32Value(value))
    }

    /// A BigInt.
    pub fn bigint_i64(&mut self, value: i64) -> Local<'s> {
        // SAFETY: allocation on the owning thread; the result is rooted at once.
        let raw = unsafe { sm::BigIntFromInt64(self.cx(), value) };
        self.bigint(raw)
    }

    /// A BigInt.
    pub fn bigint_u64(&mut self, value: u64) -> Local<'s> {
        // SAFETY: as above.
        let raw = unsafe { sm::BigIntFromUint64(self.cx(), value) };
        self.bigint(raw)
    }

    fn bigint(&self, raw: *mut sm::BigInt) -> Local<'s> {
        // SAFETY: the engine returned a BigInt, or null when out of memory.
        self.local(unsafe { raw.as_ref() }.map_or(jsval::UndefinedValue(), jsval::BigIntValue))
    }

    /// The global object.
    pub fn global(&mut self) -> Local<'s> {
        self.local(jsval::ObjectValue(self.data.global.get()))
    }
}

impl StaticSlot {
    #[inline]
    fn local<'s>(&'static self) -> Local<'s> {
        Local { slot: NonNull::from(&self.0), _scope: PhantomData }
    }
}

impl<'s> Local<'s> {
    /// # Safety
    /// `slot` is traced (or an immediate) for as long as `'s`.
    #[inline]
    pub(crate) unsafe fn from_slot(slot: *mut sm::Value) -> Local<'s> {
        // SAFETY: slots are never null.
        Local { slot: unsafe { NonNull::new_unchecked(slot) }, _scope: PhantomData }
    }

    #[inline]
    pub(crate) fn raw(self) -> sm::Value {
        // SAFETY: the slot is valid and initialised as long as `'s`.
        unsafe { self.slot.as_ptr().read() }
    }

    #[inline]
    pub(crate) fn handle(self) -> sm::Handle<sm::Value> {
        // SAFETY: the slot is a traced location as long as `'s`.
        unsafe { sm::Handle::from_marked_location(self.slot.as_ptr()) }
    }

    /// The object of this value, or null.
    #[inline]
    pub(crate) fn object_ptr(self) -> *mut sm::JSObject {
        let value = self.raw();
        if value.is_object() { value.to_object() } else { std::ptr::null_mut() }
    }

    /// Whether this is `undefined`.
    #[inline]
    pub fn is_undefined(self) -> bool {
        self.raw().is_undefined()
    }

    /// Whether this is `null`.
    #[inline]
    pub fn is_null(self) -> bool {
        self.raw().is_null()
    }

    /// Whether this is `null` or `undefined`.
    #[inline]
    pub fn is_nullish(self) -> bool {
        self.raw().is_null_or_undefined()
    }

    /// Whether this is a boolean.
    #[inline]
    pub fn is_bool(self) -> bool {
        self.raw().is_boolean()
    }

    /// Whether this is a number.
    #[inline]
    pub fn is_number(self) -> bool {
        self.raw().is_number()
    }

    /// Whether this is a number that the engine holds as a 32-bit integer.
    #[inline]
    pub fn is_int32(self) -> bool {
        self.raw().is_int32()
    }

    /// Whether this is a string.
    #[inline]
    pub fn is_string(self) -> bool {
        self.raw().is_string()
    }

    /// Whether this is an object (functions included, `null` not).
    #[inline]
    pub fn is_object(self) -> bool {
        self.raw().is_object()
    }

    /// Whether this is a symbol.
    #[inline]
    pub fn is_symbol(self) -> bool {
        self.raw().is_symbol()
    }

    /// Whether this is a BigInt.
    #[inline]
    pub fn is_bigint(self) -> bool {
        self.raw().is_bigint()
    }

    /// Whether this can be called.
    pub fn is_function(self) -> bool {
        let object = self.object_ptr();
        // SAFETY: `object` is a live object; IsCallable does not collect.
        !object.is_null() && unsafe { sm::IsCallable(object) }
    }

    /// The boolean, if it is one.
    #[inline]
    pub fn as_bool(self) -> Option<bool> {
        self.raw().is_boolean().then(|| self.raw().to_boolean())
    }

    /// Whether this is exactly `true`.
    #[inline]
    pub fn is_true(self) -> bool {
        self.as_bool() == Some(true)
    }

    /// The number, if it is one.
    #[inline]
    pub fn as_f64(self) -> Option<f64> {
        self.raw().is_number().then(|| self.raw().to_number())
    }

    /// The number as an `i32`, if it is one without loss.
    #[inline]
    pub fn as_i32(self) -> Option<i32> {
        let number = self.as_f64()?;
        let int = number as i32;
        (f64::from(int) == number).then_some(int)
    }

    /// The number as an `i64`, if it is an integer within 2^63; also from a BigInt, wrapping.
    pub fn as_i64(self) -> Option<i64> {
        if self.raw().is_bigint() {
            // SAFETY: checked to be a BigInt; the conversion does not collect.
            return Some(unsafe { sm::ToBigInt64(self.raw().to_bigint()) });
        }
        let number = self.as_f64()?;
        (number.fract() == 0.0 && number.abs() < 9.3e18).then_some(number as i64)
    }

    /// The value of a BigInt, if it is one and fits.
    pub fn as_exact_i64(self) -> Option<i64> {
        let mut exact = 0;
        // SAFETY: checked to be a BigInt; does not collect.
        (self.raw().is_bigint() && unsafe { sm::BigIntIsInt64(self.raw().to_bigint(), &mut exact) }).then_some(exact)
    }

    /// The number as a `u32`, if it is one without loss.
    #[inline]
    pub fn as_u32(self) -> Option<u32> {
        let number = self.as_f64()?;
        let int = number as u32;
        (f64::from(int) == number).then_some(int)
    }

    /// The same value (`===` on identities and bits; no string comparison).
    pub fn is_same(self, other: Local<'_>) -> bool {
        self.raw().asBits_ == other.raw().asBits_
    }
}

impl<'s> Args<'s> {
    /// The arguments from `start` on.
    pub fn rest(&self, start: usize) -> Vec<Local<'s>> {
        (start..self.len()).map(|index| self.get(index)).collect()
    }
}
