//! The engine without its guard rails, for `crates/napi` alone: C addons hold values as pointers into the arena of locals.
//!
//! A value that an addon sees is the address of a slot that the engine traces: in the arena (bump pointer, released when the
//! addon's handle scope closes or its callback returns), or in the argument vector of a running call. Whoever uses this module
//! upholds what [`Scope`] upholds elsewhere: marks are released in the reverse order of their making.

use crate::arena;
use crate::context::ContextData;
use crate::error::Thrown;
use crate::scope::{Local, Scope};
use mozjs::jsapi as sm;

/// A saved position of the arena of locals.
#[derive(Clone, Copy)]
pub struct Mark(arena::Mark);

/// One thread's engine, copyable. Only for the thread it was made on, while its context lives.
#[derive(Clone, Copy)]
pub struct RawContext {
    cx: *mut sm::JSContext,
    data: &'static ContextData,
}

impl RawContext {
    /// The engine of a scope.
    pub fn of(sc: &Scope<'_>) -> RawContext {
        RawContext { cx: sc.cx(), data: sc.data() }
    }

    /// The engine's context.
    #[inline]
    pub fn cx(self) -> *mut sm::JSContext {
        self.cx
    }

    /// The main global object of this thread.
    pub fn global(self) -> *mut sm::JSObject {
        self.data.global.get()
    }

    /// Keeps `value` alive until the mark before it is released; returns its slot.
    #[inline]
    pub fn push(self, value: sm::Value) -> *mut sm::Value {
        self.data.arena.push(value)
    }

    /// Where the arena stands.
    #[inline]
    pub fn mark(self) -> Mark {
        Mark(self.data.arena.mark())
    }

    /// Lets go of everything pushed since `mark`.
    ///
    /// # Safety
    /// Nothing pushed since is used any more, and no earlier mark was released meanwhile.
    #[inline]
    pub unsafe fn release(self, mark: Mark) {
        self.data.arena.release(mark.0);
    }

    /// Runs `work` with a scope of its own: its locals are released at the end.
    ///
    /// # Safety
    /// This is the context's thread, and it lives; the caller was called by JavaScript or from a turn of the loop.
    #[inline]
    pub unsafe fn scope<R>(self, work: impl for<'s> FnOnce(&mut Scope<'s>) -> R) -> R {
        // SAFETY: by the caller; the higher-ranked lifetime keeps locals inside of `work`.
        let mut scope = unsafe { Scope::new(self.cx, self.data) };
        work(&mut scope)
    }
}

/// The value of a local.
#[inline]
pub fn value(local: Local<'_>) -> sm::Value {
    local.raw()
}

/// The engine's handle of a local.
#[inline]
pub fn handle(local: Local<'_>) -> sm::Handle<sm::Value> {
    local.handle()
}

/// The object of a local, or null.
#[inline]
pub fn object(local: Local<'_>) -> *mut sm::JSObject {
    local.object_ptr()
}

/// A local of `sc` with this value.
#[inline]
pub fn local<'s>(sc: &Scope<'s>, value: sm::Value) -> Local<'s> {
    sc.local(value)
}

/// The local that lies at `slot`.
///
/// # Safety
/// `slot` holds a value that the engine traces (or an immediate) for as long as `'s`.
#[inline]
pub unsafe fn local_at<'s>(slot: *mut sm::Value) -> Local<'s> {
    // SAFETY: by the caller.
    unsafe { Local::from_slot(slot) }
}

/// A fresh local for an out-parameter of the engine.
#[inline]
pub fn out<'s>(sc: &Scope<'s>) -> (Local<'s>, sm::MutableHandle<sm::Value>) {
    sc.out()
}

/// What an engine function left behind that returned `ok`.
///
/// # Errors
/// If it failed: the exception is pending, or execution is being terminated.
#[inline]
pub fn check(ok: bool) -> Result<(), Thrown> {
    Thrown::check(ok)
}
