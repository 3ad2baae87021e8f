//! Persistent roots: values that live until they are dropped, whatever is collected.
//!
//! A slab of `Heap` slots (their write barrier makes them known to minor collections), traced by the extra-roots
//! tracer in major ones. `Root` is a key into it: `!Send`, O(1) to make and to drop.

use crate::context::{self, ContextData};
use crate::scope::{Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsapi::Heap;
use mozjs::jsval::UndefinedValue;
use std::cell::{Cell, UnsafeCell};

/// Slots per chunk; chunks never move, as `Heap` demands.
const CHUNK_SLOTS: usize = 256;

type Chunk = Box<[Heap<sm::Value>]>;

pub(crate) struct RootTable {
    chunks: UnsafeCell<Vec<Chunk>>,
    free: UnsafeCell<Vec<u32>>,
    used: Cell<u32>,
}

impl RootTable {
    pub(crate) fn new() -> Self {
        RootTable { chunks: UnsafeCell::new(Vec::new()), free: UnsafeCell::new(Vec::new()), used: Cell::new(0) }
    }

    fn slot(&self, index: u32) -> &Heap<sm::Value> {
        // SAFETY: single-threaded; chunks are only appended, and boxed slices do not move.
        let chunks = unsafe { &*self.chunks.get() };
        &chunks[index as usize / CHUNK_SLOTS][index as usize % CHUNK_SLOTS]
    }

    fn insert(&self, value: sm::Value) -> u32 {
        // SAFETY: single-threaded, the borrow ends here.
        let index = match unsafe { &mut *self.free.get() }.pop() {
            Some(index) => index,
            None => {
                let index = self.used.get();
                self.used.set(index + 1);
                // SAFETY: as above.
                let chunks = unsafe { &mut *self.chunks.get() };
                if index as usize / CHUNK_SLOTS == chunks.len() {
                    chunks.push((0..CHUNK_SLOTS).map(|_| Heap::default()).collect());
                }
                index
            }
        };
        self.slot(index).set(value);
        index
    }

    fn remove(&self, index: u32) {
        // Written without barriers: this may run in a finalizer, and an immediate needs none (no incremental marking).
        // SAFETY: the slot is ours and nobody else refers to it.
        unsafe { *self.slot(index).get_unsafe() = UndefinedValue() };
        // SAFETY: single-threaded, the borrow ends here.
        unsafe { &mut *self.free.get() }.push(index);
    }

    /// Frees the memory of a table whose context is gone, unless somebody still holds a root.
    pub(crate) fn free(&self) {
        // SAFETY: single-threaded, the borrows end here.
        unsafe {
            if (&*self.free.get()).len() == self.used.get() as usize {
                *self.chunks.get() = Vec::new();
                *self.free.get() = Vec::new();
            }
        }
    }

    /// # Safety
    /// Only from the engine's root tracing.
    pub(crate) unsafe fn trace(&self, tracer: *mut sm::JSTracer) {
        // SAFETY: single-threaded; the engine traces while none of our code runs.
        for chunk in unsafe { &*self.chunks.get() } {
            for slot in chunk {
                // SAFETY: `slot` is an initialised Heap value.
                unsafe { glue::CallValueTracer(tracer, slot.ptr.get().cast(), c"root".as_ptr()) };
            }
        }
    }
}

/// A value that stays alive until this is dropped. Stays on its thread.
pub struct Root {
    index: u32,
    data: &'static ContextData,
}

impl Root {
    /// Keeps `value` alive.
    pub fn new(sc: &Scope<'_>, value: Local<'_>) -> Root {
        Root { index: sc.data().roots.insert(value.raw()), data: sc.data() }
    }

    /// The async context of the running code on this thread; `None` without a context, and outside of all stores.
    pub fn of_async_context() -> Option<Root> {
        let data = context::current()?;
        // SAFETY: the slot is ours and always initialised.
        let value = unsafe { *data.arena.async_context.get() };
        value.is_object().then(|| Root::from_raw(data, value))
    }

    pub(crate) fn from_raw(data: &'static ContextData, value: sm::Value) -> Root {
        Root { index: data.roots.insert(value), data }
    }

    /// The value as a local.
    pub fn get<'s>(&self, sc: &mut Scope<'s>) -> Local<'s> {
        sc.local(self.value())
    }

    /// Replaces the value.
    pub fn set(&self, _sc: &mut Scope<'_>, value: Local<'_>) {
        self.data.roots.slot(self.index).set(value.raw());
    }

    pub(crate) fn value(&self) -> sm::Value {
        self.data.roots.slot(self.index).get()
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        self.data.roots.remove(self.index);
    }
}

// Root holds `&'static ContextData`, which is full of Cells: it is neither Send nor Sync, as it must be.
