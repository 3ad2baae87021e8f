//! The arena of local values: chunks of slots with a bump pointer.
//!
//! Registered once per context as a traceable stack root, so it is traced in minor and major collections. Only slots
//! below the bump pointer are live. Chunks never move and are never freed before the context.

use crate::promise_hooks::HookSlots;
use crate::sys;
use mozjs::jsapi::{JSTracer, Value};
use mozjs::jsval::UndefinedValue;
use std::cell::{Cell, UnsafeCell};

/// Slots per chunk.
const CHUNK_SLOTS: usize = 1024;

/// A saved position of the bump pointer.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    chunk: usize,
    used: usize,
}

pub(crate) struct Arena {
    chunks: UnsafeCell<Vec<Box<[Value; CHUNK_SLOTS]>>>,
    chunk: Cell<usize>,
    used: Cell<usize>,
    /// Values of the context that live outside of scopes: the current async context.
    pub(crate) async_context: UnsafeCell<Value>,
    pub(crate) hook_slots: HookSlots,
}

impl Arena {
    pub(crate) fn new() -> Self {
        Arena {
            chunks: UnsafeCell::new(vec![Box::new([UndefinedValue(); CHUNK_SLOTS])]),
            chunk: Cell::new(0),
            used: Cell::new(0),
            async_context: UnsafeCell::new(UndefinedValue()),
            hook_slots: HookSlots::default(),
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { chunk: self.chunk.get(), used: self.used.get() }
    }

    pub(crate) fn release(&self, mark: Mark) {
        self.chunk.set(mark.chunk);
        self.used.set(mark.used);
    }

    /// Stores `value` in a fresh slot and returns its address, which stays valid until the slot is released.
    #[inline]
    pub(crate) fn push(&self, value: Value) -> *mut Value {
        if self.used.get() == CHUNK_SLOTS {
            self.next_chunk();
        }
        let used = self.used.get();
        // SAFETY: single-threaded; no reference into `chunks` outlives this statement, and boxes do not move when the
        // vector grows. `chunk` is always a valid index (see `next_chunk`), `used < CHUNK_SLOTS` was checked above.
        let slot = unsafe { (&mut *self.chunks.get())[self.chunk.get()].as_mut_ptr().add(used) };
        // SAFETY: `slot` is in bounds of its chunk.
        unsafe { slot.write(value) };
        self.used.set(used + 1);
        slot
    }

    #[cold]
    fn next_chunk(&self) {
        let next = self.chunk.get() + 1;
        // SAFETY: single-threaded, and no other reference into the vector is alive here.
        let chunks = unsafe { &mut *self.chunks.get() };
        if next == chunks.len() {
            chunks.push(Box::new([UndefinedValue(); CHUNK_SLOTS]));
        }
        self.chunk.set(next);
        self.used.set(0);
    }

    /// Lets go of all values.
    pub(crate) fn clear(&self) {
        self.release(Mark { chunk: 0, used: 0 });
        // SAFETY: single-threaded; the slot is ours.
        unsafe { *self.async_context.get() = UndefinedValue() };
        self.hook_slots.clear();
    }

    /// Frees the memory of an arena whose context is gone.
    pub(crate) fn free(&self) {
        // SAFETY: single-threaded, and no local is left.
        unsafe { (*self.chunks.get()) = Vec::new() };
    }

    /// Traces every live slot.
    ///
    /// # Safety
    /// Only from the engine's root tracing, with its tracer.
    pub(crate) unsafe fn trace(&self, tracer: *mut JSTracer) {
        let last = self.chunk.get();
        // SAFETY: the engine traces on the owning thread while no Rust code of ours runs.
        let chunks = unsafe { &mut *self.chunks.get() };
        for (index, chunk) in chunks.iter_mut().enumerate().take(last + 1) {
            let live = if index == last { self.used.get() } else { CHUNK_SLOTS };
            for slot in &mut chunk[..live] {
                // SAFETY: `slot` holds an initialised value.
                unsafe { sys::trace_value(tracer, slot) };
            }
        }
        // SAFETY: as above.
        unsafe {
            sys::trace_value(tracer, self.async_context.get());
            self.hook_slots.trace(tracer);
        }
    }
}

/// The arena as the engine sees it: one traceable stack root.
pub(crate) struct ArenaRoot(pub(crate) *const Arena);

// SAFETY: traces exactly the values that the arena holds.
unsafe impl mozjs::gc::Traceable for ArenaRoot {
    unsafe fn trace(&self, tracer: *mut JSTracer) {
        // SAFETY: the arena is leaked with its context, so the pointer is valid for every trace.
        unsafe { (*self.0).trace(tracer) }
    }
}

impl mozjs::gc::Rootable for ArenaRoot {}
