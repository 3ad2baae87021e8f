//! Memory: statistics, forced collection, the heap limit, and interrupts.

use crate::context::{self, ContextData};
use crate::scope::Scope;
use mozjs::jsapi as sm;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};

/// Figures of the garbage-collected heap, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeapStatistics {
    /// Bytes of live and not yet collected cells.
    pub used: usize,
    /// Bytes reserved for cells.
    pub total: usize,
    /// Bytes that malloc holds for this process.
    pub malloced: usize,
    /// Major collections so far.
    pub major_collections: u32,
    /// Minor collections so far.
    pub minor_collections: u32,
}

#[derive(Default)]
pub(crate) struct GcState {
    /// Heap limit in bytes; 0 for none.
    limit: Cell<usize>,
    over_limit: AtomicBool,
    /// Bytes in external ArrayBuffers; shared with their release functions, which may run on any thread.
    pub(crate) array_buffer_bytes: Arc<AtomicUsize>,
    request: Arc<Request>,
    /// Called when the heap stays over its limit after a full collection. Must not return if the process shall end.
    on_limit: Cell<Option<fn(HeapStatistics)>>,
}

/// Why JavaScript was interrupted.
#[derive(Default)]
struct Request {
    reasons: AtomicU32,
}

const TERMINATE: u32 = 1;
const TIMEOUT: u32 = 2;

/// Ends JavaScript after a while, unless stopped before. One thread, for as long as it runs.
pub(crate) struct Watchdog {
    fired: Arc<AtomicBool>,
    stop: std::sync::mpsc::Sender<()>,
    thread: Option<std::thread::JoinHandle<()>>,
    request: Arc<Request>,
}

impl Watchdog {
    pub(crate) fn start(cx: *mut sm::JSContext, timeout_ms: u64) -> Watchdog {
        let (stop, stopped) = std::sync::mpsc::channel();
        let fired = Arc::new(AtomicBool::new(false));
        let interrupter = Interrupter::new(cx);
        let request = interrupter.request.clone();
        let flag = fired.clone();
        let thread = std::thread::Builder::new().name("vm timeout".to_owned()).spawn(move || {
            let limit = std::time::Duration::from_millis(timeout_ms);
            if stopped.recv_timeout(limit) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                flag.store(true, Ordering::SeqCst);
                interrupter.interrupt(TIMEOUT);
            }
        });
        Watchdog { fired, stop, thread: thread.ok(), request }
    }

    /// Stops the watch and says whether it fired.
    pub(crate) fn stop(mut self) -> bool {
        // The thread may have ended by itself.
        let _sent = self.stop.send(());
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
        // A request that came too late must not end what runs next.
        self.request.reasons.fetch_and(!TIMEOUT, Ordering::SeqCst);
        self.fired.load(Ordering::SeqCst)
    }
}

/// Interrupts JavaScript of one context from any thread.
#[derive(Clone)]
pub struct Interrupter {
    cx: Arc<AtomicPtr<sm::JSContext>>,
    request: Arc<Request>,
}

impl Interrupter {
    pub(crate) fn new(cx: *mut sm::JSContext) -> Interrupter {
        Interrupter { cx: Arc::new(AtomicPtr::new(cx)), request: context::data_of(cx).gc.request.clone() }
    }

    /// Ends what JavaScript is doing with an uncatchable termination.
    pub fn terminate(&self) {
        self.interrupt(TERMINATE);
    }

    fn interrupt(&self, reason: u32) {
        self.request.reasons.fetch_or(reason, Ordering::SeqCst);
        let cx = self.cx.load(Ordering::SeqCst);
        if !cx.is_null() {
            // SAFETY: documented to be callable from any thread while the context lives; contexts are never destroyed
            // before their interrupters are told (`forget`).
            unsafe { sm::JS_RequestInterruptCallback(cx) };
        }
    }

    /// The context is about to end: later calls do nothing.
    pub fn forget(&self) {
        self.cx.store(std::ptr::null_mut(), Ordering::SeqCst);
    }
}

/// # Safety
/// `cx` is a fresh context of this thread.
pub(crate) unsafe fn install(cx: *mut sm::JSContext, _data: &'static ContextData) {
    // SAFETY: by the caller; callbacks are static functions.
    unsafe {
        sm::JS_AddInterruptCallback(cx, Some(interrupted));
        sm::SetGCSliceCallback(cx, Some(gc_slice));
    }
}

unsafe extern "C" fn gc_slice(cx: *mut sm::JSContext, progress: sm::GCProgress, _info: *const sm::GCDescription) {
    if progress != sm::GCProgress::GC_CYCLE_END {
        return;
    }
    let data = context::data_of(cx);
    let limit = data.gc.limit.get();
    if limit > 0 && statistics(cx).over(limit) {
        data.gc.over_limit.store(true, Ordering::SeqCst);
        // SAFETY: only sets a flag of the engine.
        unsafe { sm::JS_RequestInterruptCallback(cx) };
    }
}

unsafe extern "C" fn interrupted(cx: *mut sm::JSContext) -> bool {
    let data = context::data_of(cx);
    if data.gc.over_limit.swap(false, Ordering::SeqCst) {
        // SAFETY: a collection is legal in an interrupt callback.
        unsafe { sm::JS_GC(cx, sm::GCReason::API) };
        data.gc.over_limit.store(false, Ordering::SeqCst);
        let figures = statistics(cx);
        if figures.over(data.gc.limit.get())
            && let Some(on_limit) = data.gc.on_limit.get()
        {
            on_limit(figures);
            return false;
        }
    }
    let reasons = data.gc.request.reasons.swap(0, Ordering::SeqCst);
    if reasons & TERMINATE != 0 {
        data.terminating.set(true);
    }
    reasons & (TERMINATE | TIMEOUT) == 0
}

impl HeapStatistics {
    fn over(&self, limit: usize) -> bool {
        self.used + self.malloced > limit
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn malloced_bytes() -> usize {
    // SAFETY: no preconditions.
    let info = unsafe { libc::mallinfo2() };
    info.uordblks + info.hblkhd
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn malloced_bytes() -> usize {
    0
}

fn statistics(cx: *mut sm::JSContext) -> HeapStatistics {
    // SAFETY: reads counters of this thread's context.
    unsafe {
        let get = |key| sm::JS_GetGCParameter(cx, key);
        HeapStatistics {
            used: get(sm::JSGCParamKey::JSGC_BYTES) as usize,
            total: (get(sm::JSGCParamKey::JSGC_TOTAL_CHUNKS) as usize) << 20,
            malloced: malloced_bytes(),
            major_collections: get(sm::JSGCParamKey::JSGC_MAJOR_GC_NUMBER),
            minor_collections: get(sm::JSGCParamKey::JSGC_MINOR_GC_NUMBER),
        }
    }
}

impl Scope<'_> {
    /// Figures of the heap now.
    pub fn heap_statistics(&self) -> HeapStatistics {
        statistics(self.cx())
    }

    /// Bytes that ArrayBuffers made by Rust hold outside of the heap.
    pub fn array_buffer_bytes(&self) -> usize {
        self.data().gc.array_buffer_bytes.load(Ordering::Relaxed)
    }

    /// A full collection.
    pub fn collect_garbage(&mut self) {
        // SAFETY: every live value of ours is rooted in the arena, a root table or a stack root.
        unsafe {
            sm::PrepareForFullGC(self.cx());
            sm::NonIncrementalGC(self.cx(), sm::GCOptions::Normal, sm::GCReason::API);
        }
    }

    /// Sets the limit of the heap (cells and malloc) in bytes; over it, `on_limit` is called.
    pub fn set_heap_limit(&mut self, bytes: usize, on_limit: fn(HeapStatistics)) {
        self.data().gc.limit.set(bytes);
        self.data().gc.on_limit.set(Some(on_limit));
    }

    /// Whether JavaScript was told to end by [`Interrupter::terminate`].
    pub fn is_terminating(&self) -> bool {
        self.data().terminating.get()
    }

}
