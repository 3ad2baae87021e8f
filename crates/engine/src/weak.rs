//! Weak references with notice: a [`Weak`] does not keep its object alive, and its owner learns when the object is gone.
//!
//! A slab of `Heap` slots that nothing traces. After every major collection the engine lets us look at each of them: a dead one
//! is emptied and queued; the embedder is woken once and takes the queue with [`Scope::next_dead`] when it may run code.
//! Minor collections treat the slots as strong (the write barrier registers them), so they hold no object of the nursery.

use crate::context::ContextData;
use crate::scope::{Local, Scope};
use mozjs::jsapi as sm;
use mozjs::jsapi::Heap;
use mozjs::jsval;
use std::cell::{Cell, UnsafeCell};
use std::collections::VecDeque;
use std::ffi::c_void;
use std::ptr;

/// Slots per chunk; chunks never move, as `Heap` demands.
const CHUNK_SLOTS: usize = 256;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// On the free list.
    Free,
    /// Owned by a `Weak`.
    Owned,
    /// Owned, and its object is gone: in the queue.
    Dead,
    /// In the queue, but its owner is gone.
    Abandoned,
}

struct Slot {
    object: Heap<*mut sm::JSObject>,
    state: Cell<State>,
    /// What the owner wants to be told; 0 for nothing.
    token: Cell<usize>,
}

/// Called from within a collection when the queue of the dead gets its first entry.
type Waker = Box<dyn Fn()>;

#[derive(Default)]
pub(crate) struct WeakTable {
    chunks: UnsafeCell<Vec<Box<[Slot]>>>,
    free: UnsafeCell<Vec<u32>>,
    used: Cell<u32>,
    dead: UnsafeCell<VecDeque<u32>>,
    waker: UnsafeCell<Option<Waker>>,
    installed: Cell<bool>,
}

impl WeakTable {
    fn slot(&self, index: u32) -> &Slot {
        // SAFETY: single-threaded; chunks are only appended, and boxed slices do not move.
        let chunks = unsafe { &*self.chunks.get() };
        &chunks[index as usize / CHUNK_SLOTS][index as usize % CHUNK_SLOTS]
    }

    fn insert(&self, object: *mut sm::JSObject, token: usize) -> u32 {
        // SAFETY: single-threaded, the borrow ends here.
        let index = match unsafe { &mut *self.free.get() }.pop() {
            Some(index) => index,
            None => {
                let index = self.used.get();
                self.used.set(index + 1);
                // SAFETY: as above.
                let chunks = unsafe { &mut *self.chunks.get() };
                if index as usize / CHUNK_SLOTS == chunks.len() {
                    let fresh = || Slot { object: Heap::default(), state: Cell::new(State::Free), token: Cell::new(0) };
                    chunks.push((0..CHUNK_SLOTS).map(|_| fresh()).collect());
                }
                index
            }
        };
        let slot = self.slot(index);
        slot.object.set(object);
        slot.state.set(State::Owned);
        slot.token.set(token);
        index
    }

    fn release(&self, index: u32) {
        let slot = self.slot(index);
        if slot.state.get() == State::Dead {
            // Still queued: who takes the queue frees the slot.
            slot.state.set(State::Abandoned);
            return;
        }
        slot.object.set(ptr::null_mut());
        self.put_free(index);
    }

    fn put_free(&self, index: u32) {
        self.slot(index).state.set(State::Free);
        // SAFETY: single-threaded, the borrow ends here.
        unsafe { &mut *self.free.get() }.push(index);
    }

    fn next_dead(&self) -> Option<usize> {
        loop {
            // SAFETY: single-threaded, the borrow ends here.
            let index = unsafe { &mut *self.dead.get() }.pop_front()?;
            let slot = self.slot(index);
            if slot.state.get() == State::Dead {
                slot.state.set(State::Owned);
                return Some(slot.token.get());
            }
            self.put_free(index);
        }
    }

    /// Looks at every slot after marking: what is dead is emptied and queued, what has moved is updated.
    ///
    /// # Safety
    /// Only from the engine's weak pointer callback, with its tracer.
    unsafe fn sweep(&self, tracer: *mut sm::JSTracer) {
        let mut told = false;
        for index in 0..self.used.get() {
            let slot = self.slot(index);
            // SAFETY: reads the pointer without a barrier, as we are inside a collection.
            if slot.state.get() != State::Owned || unsafe { (*slot.object.ptr.get()).is_null() } {
                continue;
            }
            // SAFETY: an initialised slot of ours, which does not move.
            let alive = unsafe { sm::JS_UpdateWeakPointerAfterGC(tracer, ptr::from_ref(&slot.object).cast_mut()) };
            if alive || slot.token.get() == 0 {
                continue;
            }
            slot.state.set(State::Dead);
            // SAFETY: single-threaded, the borrow ends with the statement.
            unsafe { &mut *self.dead.get() }.push_back(index);
            told = true;
        }
        if told {
            // SAFETY: set once, by `set_death_waker`, never while this runs.
            if let Some(waker) = unsafe { &*self.waker.get() } {
                waker();
            }
        }
    }

    /// Forgets all objects before their context goes; owners find their slots empty.
    pub(crate) fn clear(&self) {
        for index in 0..self.used.get() {
            self.slot(index).object.set(ptr::null_mut());
        }
        // SAFETY: single-threaded, the borrow ends here.
        unsafe { *self.waker.get() = None };
    }

    /// Frees the memory of a table whose context is gone, unless somebody still holds a reference.
    pub(crate) fn free(&self) {
        // SAFETY: single-threaded, the borrows end here.
        unsafe {
            if (&*self.free.get()).len() == self.used.get() as usize {
                *self.chunks.get() = Vec::new();
                *self.free.get() = Vec::new();
                self.used.set(0);
            }
        }
    }
}

unsafe extern "C" fn sweep(tracer: *mut sm::JSTracer, data: *mut c_void) {
    // SAFETY: the leaked ContextData that was registered with this callback.
    let data = unsafe { &*(data as *const ContextData) };
    // SAFETY: called by the engine on the owning thread.
    unsafe { data.weak.sweep(tracer) }
}

/// A reference that does not keep its object alive. Stays on its thread.
pub struct Weak {
    index: u32,
    data: &'static ContextData,
}

impl Weak {
    /// A weak reference to `object`, which must be an object. With a `token` other than 0, [`Scope::next_dead`] returns it
    /// once the object is gone, unless this was dropped before.
    pub fn new(sc: &Scope<'_>, object: Local<'_>, token: usize) -> Weak {
        let data = sc.data();
        if !data.weak.installed.replace(true) {
            // SAFETY: the data is leaked with its context.
            unsafe { sm::JS_AddWeakPointerZonesCallback(sc.cx(), Some(sweep), ptr::from_ref(data) as *mut c_void) };
        }
        Weak { index: data.weak.insert(object.object_ptr(), token), data }
    }

    /// The object, if it is still there.
    pub fn get<'s>(&self, sc: &Scope<'s>) -> Option<Local<'s>> {
        let object = self.data.weak.slot(self.index).object.get();
        (!object.is_null()).then(|| sc.local(jsval::ObjectValue(object)))
    }
}

impl Drop for Weak {
    fn drop(&mut self) {
        self.data.weak.release(self.index);
    }
}

impl Scope<'_> {
    /// The token of the next weak reference whose object is gone.
    pub fn next_dead(&mut self) -> Option<usize> {
        self.data().weak.next_dead()
    }

    /// Who is told, from within a collection, that there is something for [`Scope::next_dead`]. It must not use the engine.
    pub fn set_death_waker(&mut self, waker: Box<dyn Fn()>) {
        // SAFETY: single-threaded, and no collection runs now.
        unsafe { *self.data().weak.waker.get() = Some(waker) };
    }

    /// As [`Scope::set_death_waker`] asks: whether there is one.
    pub fn has_death_waker(&self) -> bool {
        // SAFETY: single-threaded, the borrow ends here.
        unsafe { (*self.data().weak.waker.get()).is_some() }
    }
}
