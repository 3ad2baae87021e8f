//! Memory: statistics, forced collection, the heap limit, and interrupts.

use crate::context::{self, ContextData};
use crate::scope::Scope;
use mozjs::jsapi as sm;
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Figures of the garbage-collected heap, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeapStatistics {
    /// Bytes of live and not yet collected cells.
    pub used: usize,
    /// Bytes reserved for cells.
    pub total: usize,
    /// Bytes that malloc holds for this process.
    pub malloced: usize,
    /// Anonymous memory of the process beyond what it had at the start; 0 where the system does not tell.
    pub anonymous: usize,
    /// Major collections so far.
    pub major_collections: u32,
    /// Minor collections so far.
    pub minor_collections: u32,
}

/// Fewer new bytes in external ArrayBuffers than this cause no collection, 32 MiB.
const EXTERNAL_MIN_BYTES: usize = 32 << 20;

#[derive(Default)]
pub(crate) struct GcState {
    /// Heap limit in bytes; 0 for none.
    limit: Cell<usize>,
    /// The limit is that of this thread's heap, not of the process.
    own_limit: Cell<bool>,
    /// Bytes that malloc holds for this thread's heap, as of the last look.
    own_malloced: Cell<usize>,
    /// Minor collections since the last look.
    unseen: Cell<u32>,
    /// From so much anonymous memory on the heap of the process is measured, in bytes.
    measure_from: Cell<usize>,
    /// When it was measured last.
    measured: Cell<Option<Instant>>,
    /// How many measurements in a row have found it nearly full while the program hardly got to run.
    ineffective: Cell<u32>,
    over_limit: AtomicBool,
    /// Bytes in external ArrayBuffers; shared with their release functions, which may run on any thread.
    pub(crate) array_buffer_bytes: Arc<AtomicUsize>,
    /// Bytes of external ArrayBuffers made since the last collection that they caused.
    external_since: Cell<usize>,
    /// So many of them cause the next; 0 before the first.
    external_limit: Cell<usize>,
    request: Arc<Request>,
    /// Called when the heap stays over its limit after a full collection. Must not return if the process shall end.
    on_limit: Cell<Option<fn(HeapStatistics)>>,
    /// `--trace-gc`: since when the lines count.
    trace: Cell<Option<Instant>>,
    /// Anonymous memory when the limit was set, in bytes.
    baseline: Cell<usize>,
    major_begin: Cell<Option<Begin>>,
    minor_begin: Cell<Option<Begin>>,
    /// Whether collections are noted in `events`.
    listening: Cell<bool>,
    events: RefCell<Vec<GcEvent>>,
    /// The collection that runs was asked for by the program.
    forced: Cell<bool>,
    /// Called in an interrupt that another thread asked for with [`Interrupter::attract`].
    on_attention: Cell<Option<AttentionHook>>,
}

/// What runs in an interrupt: it leaves no exception behind.
pub type AttentionHook = fn(&mut Scope<'_>);

/// One collection that has happened.
#[derive(Clone, Copy)]
pub struct GcEvent {
    /// Whether the whole heap was collected, not only the nursery.
    pub major: bool,
    /// Whether the program asked for it.
    pub forced: bool,
    /// When it began.
    pub begin: Instant,
    /// How long it took.
    pub duration: Duration,
    /// Figures when it began.
    pub before: HeapStatistics,
    /// Figures when it ended.
    pub after: HeapStatistics,
}

/// Collections that wait to be taken, at most: a program that never turns its loop must not fill its memory with them.
const GC_EVENTS_MAX: usize = 10_000;

impl GcState {
    fn begin(&self, cx: *mut sm::JSContext) -> Option<Begin> {
        (self.trace.get().is_some() || self.listening.get())
            .then(|| Begin { at: Instant::now(), figures: statistics(cx) })
    }

    fn end(&self, cx: *mut sm::JSContext, major: bool, begin: Option<Begin>) {
        let Some(begin) = begin else { return };
        let after = statistics(cx);
        if let Some(trace) = self.trace.get() {
            trace_line(trace, if major { "Mark-Compact" } else { "Scavenge" }, begin, after);
        }
        let mut events = self.events.borrow_mut();
        if self.listening.get() && events.len() < GC_EVENTS_MAX {
            events.push(GcEvent {
                major,
                forced: self.forced.get(),
                begin: begin.at,
                duration: begin.at.elapsed(),
                before: begin.figures,
                after,
            });
        }
    }
}

/// Why JavaScript was interrupted.
#[derive(Default)]
struct Request {
    reasons: AtomicU32,
}

const TERMINATE: u32 = 1;
const TIMEOUT: u32 = 2;
const ATTENTION: u32 = 4;
const SAMPLE: u32 = 8;
const TRACE_SIGINT: u32 = 16;

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
            let limit = Duration::from_millis(timeout_ms);
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

/// Where the handler of [`SigintWatch`] writes: a pipe, or -1.
static SIGINT_PIPE: std::sync::atomic::AtomicI32 = std::sync::atomic::AtomicI32::new(-1);

extern "C" fn on_sigint(_signal: i32) {
    let pipe = SIGINT_PIPE.load(Ordering::SeqCst);
    if pipe >= 0 {
        // SAFETY: `write` may be called in a signal handler; the buffer lives during the call.
        unsafe { libc::write(pipe, b"i".as_ptr().cast(), 1) };
    }
}

/// Has SIGINT write to the pipe from now on; returns what it did before.
fn take_sigint() -> libc::sigaction {
    // SAFETY: a zeroed sigaction is a valid one; the handler only does what handlers may do.
    unsafe {
        let mut new: libc::sigaction = std::mem::zeroed();
        let mut old: libc::sigaction = std::mem::zeroed();
        let handler: extern "C" fn(i32) = on_sigint;
        new.sa_sigaction = handler as usize;
        new.sa_flags = libc::SA_RESTART;
        libc::sigaction(libc::SIGINT, &new, &mut old);
        old
    }
}

/// SIGINT that shows where JavaScript is before it ends the process.
pub(crate) struct SigintTrace {
    old: libc::sigaction,
    /// Its end ends the thread that reads.
    _write_end: std::os::fd::OwnedFd,
}

static SIGINT_TRACE: std::sync::Mutex<Option<SigintTrace>> = std::sync::Mutex::new(None);

impl Scope<'_> {
    /// From now on SIGINT prints the stack of this thread's JavaScript and then ends the process; or no more. False if something
    /// else waits for SIGINT, or the system refuses. Node docs: util.setTraceSigInt.
    pub fn trace_sigint(&mut self, on: bool) -> bool {
        use std::os::fd::AsRawFd as _;
        let Ok(mut running) = SIGINT_TRACE.lock() else { return false };
        if on == running.is_some() {
            return true;
        }
        if let Some(trace) = running.take() {
            // SAFETY: restores what was found; the end of the pipe ends its reader.
            unsafe { libc::sigaction(libc::SIGINT, &trace.old, std::ptr::null_mut()) };
            SIGINT_PIPE.store(-1, Ordering::SeqCst);
            return true;
        }
        let Ok((mut reader, writer)) = std::io::pipe() else { return false };
        let writer = std::os::fd::OwnedFd::from(writer);
        if SIGINT_PIPE.compare_exchange(-1, writer.as_raw_fd(), Ordering::SeqCst, Ordering::SeqCst).is_err() {
            return false;
        }
        let interrupter = Interrupter::new(self.cx());
        let waker = self.data().jobs.waker();
        let thread = std::thread::Builder::new().name("sigint".to_owned()).spawn(move || {
            use std::io::Read as _;
            let mut byte = [0];
            while matches!(reader.read(&mut byte), Ok(1)) {
                // Whichever is first: JavaScript runs, or the loop waits.
                interrupter.interrupt(TRACE_SIGINT);
                waker();
            }
        });
        if thread.is_err() {
            SIGINT_PIPE.store(-1, Ordering::SeqCst);
            return false;
        }
        let old = take_sigint();
        *running = Some(SigintTrace { old, _write_end: writer });
        true
    }

    /// Whether SIGINT came while no JavaScript ran; ends the process then.
    pub(crate) fn check_sigint_trace(&mut self) {
        if self.data().gc.request.reasons.load(Ordering::SeqCst) & TRACE_SIGINT != 0 {
            self.end_by_sigint();
        }
    }

    /// Shows the stack, and ends the process as SIGINT does.
    fn end_by_sigint(&mut self) {
        use std::io::Write as _;
        let mut text = "KEYBOARD_INTERRUPT: Script execution was interrupted by `SIGINT`\n".to_owned();
        let frames = self.current_frames(SIGINT_FRAMES_MAX, None);
        for frame in frames.iter().filter(|frame| !frame.file.is_empty() && frame.file != "self-hosted") {
            // How the function was called stands before its name.
            let function = frame.function.rsplit('\u{1}').next().unwrap_or_default().to_owned();
            let frame = crate::error::Frame { function, ..frame.clone() };
            text.push_str(&format!("    at {}\n", crate::error::describe(&frame)));
        }
        if !frames.is_empty() {
            text.push('\n');
        }
        // Nobody is left to hear of a failure.
        let _written = std::io::stderr().write_all(text.as_bytes());
        // SAFETY: the default action of SIGINT ends the process.
        unsafe {
            libc::signal(libc::SIGINT, libc::SIG_DFL);
            libc::raise(libc::SIGINT);
        }
    }
}

/// Frames that are shown, at most. Node docs: Error.stackTraceLimit, "10".
const SIGINT_FRAMES_MAX: u32 = 10;

/// Ends JavaScript when SIGINT comes, in place of whatever SIGINT does otherwise. One at a time in a process.
pub(crate) struct SigintWatch {
    fired: Arc<AtomicBool>,
    old: libc::sigaction,
    thread: Option<std::thread::JoinHandle<()>>,
    write_end: std::os::fd::OwnedFd,
    request: Arc<Request>,
}

impl SigintWatch {
    /// `None` if another one is watching, or the system refuses.
    pub(crate) fn start(cx: *mut sm::JSContext) -> Option<SigintWatch> {
        use std::os::fd::AsRawFd as _;
        use std::os::fd::FromRawFd as _;
        let mut ends = [-1; 2];
        // SAFETY: the array has room for two descriptors.
        if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
            return None;
        }
        // SAFETY: fresh descriptors that nobody else owns.
        let (read_end, write_end) =
            unsafe { (std::os::fd::OwnedFd::from_raw_fd(ends[0]), std::os::fd::OwnedFd::from_raw_fd(ends[1])) };
        if SIGINT_PIPE.compare_exchange(-1, write_end.as_raw_fd(), Ordering::SeqCst, Ordering::SeqCst).is_err() {
            return None;
        }
        let fired = Arc::new(AtomicBool::new(false));
        let interrupter = Interrupter::new(cx);
        let request = interrupter.request.clone();
        let flag = fired.clone();
        let thread = std::thread::Builder::new().name("vm sigint".to_owned()).spawn(move || {
            use std::io::Read as _;
            let mut pipe = std::fs::File::from(read_end);
            let mut byte = [0];
            // `s` stops the watch; so does the end of the pipe.
            while matches!(pipe.read(&mut byte), Ok(1)) && byte == *b"i" {
                flag.store(true, Ordering::SeqCst);
                interrupter.interrupt(TIMEOUT);
            }
        });
        let old = take_sigint();
        Some(SigintWatch { fired, old, thread: thread.ok(), write_end, request })
    }

    /// Gives SIGINT back and says whether it came.
    pub(crate) fn stop(mut self) -> bool {
        use std::os::fd::AsRawFd as _;
        // SAFETY: restores what `start` found; the pipe is open until this value is dropped.
        unsafe {
            libc::sigaction(libc::SIGINT, &self.old, std::ptr::null_mut());
            SIGINT_PIPE.store(-1, Ordering::SeqCst);
            libc::write(self.write_end.as_raw_fd(), b"s".as_ptr().cast(), 1);
        }
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

    /// Runs the hook of [`Scope::set_attention_hook`] in the middle of what JavaScript is doing.
    pub fn attract(&self) {
        self.interrupt(ATTENTION);
    }

    /// Saves the stack of what JavaScript is doing.
    pub(crate) fn sample(&self) {
        self.interrupt(SAMPLE);
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
        sm::AddGCNurseryCollectionCallback(cx, Some(nursery_collected), std::ptr::null_mut());
    }
}

/// What a collection found when it began, for `--trace-gc`.
#[derive(Clone, Copy)]
struct Begin {
    at: Instant,
    figures: HeapStatistics,
}

unsafe extern "C" fn nursery_collected(
    cx: *mut sm::JSContext,
    progress: sm::GCNurseryProgress,
    _reason: sm::GCReason,
    _data: *mut std::ffi::c_void,
) {
    let data = context::data_of(cx);
    let starts = progress == sm::GCNurseryProgress::GC_NURSERY_COLLECTION_START;
    if starts {
        data.gc.minor_begin.set(data.gc.begin(cx));
    } else {
        data.gc.end(cx, false, data.gc.minor_begin.take());
        if data.gc.listening.get() {
            data.jobs.wake();
        }
    }
    if !starts {
        check_limit(cx, data);
    }
}

/// One line of `--trace-gc` on standard output, in V8's shape: live and reserved MB before and after, and the pause.
fn trace_line(origin: Instant, kind: &str, begin: Begin, after: HeapStatistics) {
    use std::io::Write as _;
    let mb = |bytes: usize| bytes as f64 / f64::from(1 << 20);
    let elapsed = origin.elapsed().as_millis();
    let pause = begin.at.elapsed().as_secs_f64() * 1000.0;
    // A closed standard output is the reader's choice.
    let _written = writeln!(
        std::io::stdout(),
        "[{}:0x0] {elapsed:8} ms: {kind} {:.1} ({:.1}) -> {:.1} ({:.1}) MB, {pause:.2} / 0.00 ms",
        std::process::id(),
        mb(begin.figures.live()),
        mb(begin.figures.total),
        mb(after.live()),
        mb(after.total),
    );
}

/// Asks for an interrupt if the heap is over its limit; the interrupt collects and looks again.
fn check_limit(cx: *mut sm::JSContext, data: &ContextData) {
    let limit = data.gc.limit.get();
    if limit == 0 {
        return;
    }
    let over = if data.gc.own_limit.get() {
        // SAFETY: reads a counter of this thread's context.
        let used = unsafe { sm::JS_GetGCParameter(cx, sm::JSGCParamKey::JSGC_BYTES) } as usize;
        let unseen = data.gc.unseen.get() + 1;
        data.gc.unseen.set(unseen % LOOK_EVERY);
        used + data.gc.own_malloced.get() > limit || unseen == LOOK_EVERY
    } else {
        anonymous_bytes() > data.gc.measure_from.get()
    };
    if over {
        data.gc.over_limit.store(true, Ordering::SeqCst);
        // SAFETY: only sets a flag of the engine.
        unsafe { sm::JS_RequestInterruptCallback(cx) };
    }
}

unsafe extern "C" fn gc_slice(cx: *mut sm::JSContext, progress: sm::GCProgress, _info: *const sm::GCDescription) {
    let data = context::data_of(cx);
    if progress == sm::GCProgress::GC_CYCLE_BEGIN {
        data.gc.major_begin.set(data.gc.begin(cx));
    }
    if progress == sm::GCProgress::GC_CYCLE_END {
        data.gc.end(cx, true, data.gc.major_begin.take());
        if data.gc.listening.get() {
            data.jobs.wake();
        }
        check_limit(cx, data);
    }
}

unsafe extern "C" fn interrupted(cx: *mut sm::JSContext) -> bool {
    let data = context::data_of(cx);
    crate::stress::safe_point(cx, data);
    if data.gc.over_limit.swap(false, Ordering::SeqCst) && (!data.gc.own_limit.get() || is_own_heap_over(cx, data)) {
        let begin = Instant::now();
        // SAFETY: a collection is legal in an interrupt callback.
        unsafe {
            sm::PrepareForFullGC(cx);
            sm::NonIncrementalGC(cx, sm::GCOptions::Shrink, sm::GCReason::API);
        }
        data.gc.over_limit.store(false, Ordering::SeqCst);
        let figures = statistics(cx);
        let over = match data.gc.own_limit.get() {
            true => is_own_heap_over(cx, data),
            false => is_process_over(cx, data, begin),
        };
        if over && let Some(on_limit) = data.gc.on_limit.get() {
            on_limit(figures);
            data.terminating.set(true);
            // SAFETY: only sets a flag of the engine.
            unsafe { sm::JS_RequestInterruptCallback(cx) };
            return false;
        }
    }
    let reasons = data.gc.request.reasons.swap(0, Ordering::SeqCst);
    if reasons & TERMINATE != 0 {
        data.terminating.set(true);
    }
    if data.terminating.get() {
        // For good: what is called from Rust on the way out ends at its first check.
        // SAFETY: only sets a flag of the engine.
        unsafe { sm::JS_RequestInterruptCallback(cx) };
        return false;
    }
    if reasons & TIMEOUT != 0 {
        return false;
    }
    if reasons & TRACE_SIGINT != 0 {
        // SAFETY: this thread's context, in the middle of JavaScript.
        unsafe { Scope::new(cx, data) }.end_by_sigint();
    }
    if reasons & (SAMPLE | ATTENTION) != 0 {
        // SAFETY: this thread's context, in the middle of JavaScript; the scope ends before it goes on.
        let mut scope = unsafe { Scope::new(cx, data) };
        if reasons & SAMPLE != 0 {
            scope.take_sample();
        }
        if reasons & ATTENTION != 0
            && let Some(hook) = data.gc.on_attention.get()
        {
            let main = scope.global();
            scope.in_realm(main, |sc| hook(sc));
        }
        return !data.terminating.get();
    }
    true
}

impl HeapStatistics {
    /// Bytes that values hold: cells, and what the engine allocated for them outside of cells.
    #[must_use]
    pub fn live(&self) -> usize {
        self.used.max(self.anonymous)
    }
}

/// The least and the most that may be asked for as the space of new values, in bytes.
const NURSERY_BYTES: (usize, usize) = (256 << 10, 64 << 20);

/// A thread with a limit of its own looks at all of its memory each time there were so many minor collections.
const LOOK_EVERY: u32 = 8;

unsafe extern "C" {
    #[link_name = "_ZN2js2gc19NewMemoryInfoObjectEP9JSContext"]
    fn new_memory_info(cx: *mut sm::JSContext) -> *mut sm::JSObject;
}

/// Whether this thread's heap is over its own limit: its cells, and what malloc holds for them.
fn is_own_heap_over(cx: *mut sm::JSContext, data: &'static ContextData) -> bool {
    // SAFETY: in an interrupt callback the engine may allocate and run getters; the scope ends with this function.
    let mut scope = unsafe { Scope::new(cx, data) };
    // SAFETY: allocation on the owning thread; null when out of memory, which the next line refuses.
    let info = unsafe { new_memory_info(cx) };
    let malloced = scope.object_local(info).and_then(|info| {
        let zone = scope.get(info, "zone")?;
        scope.get(zone, "mallocBytes")
    });
    match malloced {
        Ok(bytes) => data.gc.own_malloced.set(bytes.as_f64().unwrap_or(0.0) as usize),
        Err(_thrown) => scope.clear_exception(),
    }
    // SAFETY: reads a counter of this thread's context.
    let used = unsafe { sm::JS_GetGCParameter(cx, sm::JSGCParamKey::JSGC_BYTES) } as usize;
    used + data.gc.own_malloced.get() > data.gc.limit.get()
}

/// Whether the process is over its limit, after a full collection: its anonymous memory without what ArrayBuffers hold, as V8
/// counts them in no heap either. If not, says from when on it is worth to measure again: the heap cannot be over its limit
/// before the process has grown by what is left.
///
/// A heap that stays nearly full, so that the program spends its time on collections, is over its limit too, as for V8
/// ("ineffective mark-compacts near heap limit"). `begin`: when the collection began.
fn is_process_over(cx: *mut sm::JSContext, data: &ContextData, begin: Instant) -> bool {
    trim();
    let anonymous = anonymous_bytes();
    let heap = anonymous.saturating_sub(data.gc.baseline.get()).saturating_sub(array_buffer_bytes(cx));
    let limit = data.gc.limit.get() + RESIDENT_SLACK;
    data.gc.measure_from.set(anonymous + (limit.saturating_sub(heap) / 2).max(MEASURE_STEP_MIN));
    let end = Instant::now();
    let since = data.gc.measured.replace(Some(end));
    let starved = since.is_some_and(|since| begin.duration_since(since) < end - begin);
    let ineffective = if starved && heap > limit / 8 * 7 { data.gc.ineffective.get() + 1 } else { 0 };
    data.gc.ineffective.set(ineffective);
    heap > limit || ineffective >= INEFFECTIVE_MAX
}

/// So many in a row end the process. V8's number.
const INEFFECTIVE_MAX: u32 = 4;

/// The heap is not measured more often than each time the process grew by so much, in bytes.
const MEASURE_STEP_MIN: usize = 16 << 20;

unsafe extern "C" {
    #[link_name = "_ZN2js22IterateHeapUnbarrieredEP9JSContextPvPFvP9JSRuntimeS2_PN2JS4ZoneERKNS5_15AutoRequireNoGCEEPFvS1_S2_PNS5_5RealmESA_EPFvS4_S2_PNS_2gc5ArenaENS5_9TraceKindEmSA_EPFvS4_S2_NS5_9GCCellPtrEmSA_ERKNSH_16AutoTraceSessionE"]
    fn iterate_heap(
        cx: *mut sm::JSContext,
        data: *mut std::ffi::c_void,
        zone: unsafe extern "C" fn(*mut sm::JSRuntime, *mut std::ffi::c_void, *mut std::ffi::c_void, *const u8),
        realm: unsafe extern "C" fn(*mut sm::JSContext, *mut std::ffi::c_void, *mut std::ffi::c_void, *const u8),
        arena: unsafe extern "C" fn(
            *mut sm::JSRuntime,
            *mut std::ffi::c_void,
            *mut std::ffi::c_void,
            i32,
            usize,
            *const u8,
        ),
        cell: unsafe extern "C" fn(*mut sm::JSRuntime, *mut std::ffi::c_void, usize, usize, *const u8, *const u8),
    );
}

/// The lower bits of a `GCCellPtr` are its kind; those of an object are 0 (js/public/HeapAPI.h).
const CELL_KIND_MASK: usize = 7;

/// Bytes in all ArrayBuffers of this thread, by a walk over the heap.
fn array_buffer_bytes(cx: *mut sm::JSContext) -> usize {
    use std::ffi::c_void;
    unsafe extern "C" fn zone(_: *mut sm::JSRuntime, _: *mut c_void, _: *mut c_void, _: *const u8) {}
    unsafe extern "C" fn realm(_: *mut sm::JSContext, _: *mut c_void, _: *mut c_void, _: *const u8) {}
    unsafe extern "C" fn arena(_: *mut sm::JSRuntime, _: *mut c_void, _: *mut c_void, _: i32, _: usize, _: *const u8) {}
    unsafe extern "C" fn cell(
        _: *mut sm::JSRuntime,
        total: *mut c_void,
        cell: usize,
        _: usize,
        _: *const u8,
        _: *const u8,
    ) {
        if cell & CELL_KIND_MASK != 0 {
            return;
        }
        let object = cell as *mut sm::JSObject;
        // SAFETY: the walk hands out live cells, this one an object; the questions read its class and a slot. `total` is the
        // counter below.
        unsafe {
            if sm::IsArrayBufferObject(object) && !sm::IsSharedArrayBufferObject(object) {
                *total.cast::<usize>() += sm::GetArrayBufferByteLength(object);
            }
        }
    }
    let mut total = 0usize;
    // SAFETY: called outside of a collection, on the owning thread; the callbacks neither allocate nor run JavaScript.
    unsafe { iterate_heap(cx, (&raw mut total).cast(), zone, realm, arena, cell) };
    total
}

/// Gives memory that malloc holds but nobody uses back to the system.
fn trim() {
    // SAFETY: no preconditions.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Anonymous memory that a process has beside its heap: stacks, the nursery, code, tables. In bytes.
const RESIDENT_SLACK: usize = 32 << 20;

/// Anonymous memory of this process in bytes: what the engine's own figures leave out (elements and slots of large objects
/// lie in chunks that no parameter counts) is in it. 0 where the system does not tell.
fn anonymous_bytes() -> usize {
    use std::os::unix::fs::FileExt as _;
    // Asked after each collection: kept open, it is one system call.
    static STATM: OnceLock<Option<std::fs::File>> = OnceLock::new();
    let Some(file) = STATM.get_or_init(|| std::fs::File::open("/proc/self/statm").ok()) else { return 0 };
    // Seven numbers of at most 20 digits.
    let mut buffer = [0; 160];
    let count = file.read_at(&mut buffer, 0).unwrap_or(0);
    let text = std::str::from_utf8(&buffer[..count]).unwrap_or_default();
    let mut pages = text.split(' ').skip(1).map(|field| field.parse::<usize>().unwrap_or(0));
    let (resident, shared) = (pages.next().unwrap_or(0), pages.next().unwrap_or(0));
    resident.saturating_sub(shared) * 4096
}

/// Size of an allocation of the engine, which uses the system's allocator.
unsafe extern "C" fn size_of(pointer: *const std::ffi::c_void) -> usize {
    // SAFETY: the engine passes what it got from malloc, or null.
    unsafe { libc::malloc_usable_size(pointer.cast_mut()) }
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
        let gc = &context::data_of(cx).gc;
        let cells = get(sm::JSGCParamKey::JSGC_BYTES) as usize;
        // What the system says is about the process: a thread with a heap limit of its own counts its own.
        let own = gc.own_limit.get();
        HeapStatistics {
            used: if own { cells + gc.own_malloced.get() } else { cells },
            total: (get(sm::JSGCParamKey::JSGC_TOTAL_CHUNKS) as usize) << 20,
            malloced: if own { gc.own_malloced.get() } else { malloced_bytes() },
            anonymous: if own { 0 } else { anonymous_bytes().saturating_sub(gc.baseline.get()) },
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
        self.data().gc.external_since.set(0);
        self.data().gc.forced.set(true);
        // SAFETY: every live value of ours is rooted in the arena, a root table or a stack root.
        unsafe {
            sm::PrepareForFullGC(self.cx());
            sm::NonIncrementalGC(self.cx(), sm::GCOptions::Normal, sm::GCReason::API);
        }
        self.data().gc.forced.set(false);
    }

    /// Notes collections from now on, for [`Scope::take_gc_events`], and wakes the loop after each.
    pub fn listen_to_gc(&mut self, listen: bool) {
        self.data().gc.listening.set(listen);
    }

    /// The collections since the last call.
    pub fn take_gc_events(&mut self) -> Vec<GcEvent> {
        self.data().gc.events.take()
    }

    /// Whether [`Scope::take_gc_events`] would return any.
    pub fn has_gc_events(&self) -> bool {
        !self.data().gc.events.borrow().is_empty()
    }

    /// Gives memory that malloc holds but nobody uses back to the system.
    pub fn trim_memory(&self) {
        trim();
    }

    /// Counts bytes of an external ArrayBuffer. The engine does not know what lies behind them, so a program that only reads
    /// from sockets and files would never collect: once there are as many new bytes as old ones survive, it does.
    pub fn count_external(&mut self, bytes: usize) {
        let gc = &self.data().gc;
        let since = gc.external_since.get() + bytes;
        gc.external_since.set(since);
        if since < gc.external_limit.get().max(EXTERNAL_MIN_BYTES) {
            return;
        }
        let survivors = gc.array_buffer_bytes.load(Ordering::Relaxed).saturating_sub(since);
        // A collection takes as long as the heap is large, whatever the buffers are.
        // SAFETY: reads a counter of this thread's context.
        let used = unsafe { sm::JS_GetGCParameter(self.cx(), sm::JSGCParamKey::JSGC_BYTES) } as usize;
        gc.external_limit.set(survivors.max(used));
        self.collect_garbage();
    }

    /// The engine's description of its heap after a full collection: roots, cells, edges, as text. Empty if there is no memory
    /// for it.
    pub fn dump_heap(&mut self) -> Vec<u8> {
        self.collect_garbage();
        let mut text: *mut libc::c_char = std::ptr::null_mut();
        let mut length = 0;
        // SAFETY: the stream writes to memory of its own, which is copied and freed after it is closed; the dump only reads the
        // heap. 0 is CollectNurseryBeforeDump of js/public/../friend/DumpFunctions.h.
        unsafe {
            let stream = libc::open_memstream(&mut text, &mut length);
            if stream.is_null() {
                return Vec::new();
            }
            crate::sys::dump_heap(self.cx(), stream, 0, Some(size_of));
            libc::fclose(stream);
            if text.is_null() {
                return Vec::new();
            }
            let dump = std::slice::from_raw_parts(text.cast::<u8>(), length).to_vec();
            libc::free(text.cast());
            dump
        }
    }

    /// Prints a line per collection on standard output from now on. Node docs: --trace-gc.
    pub fn trace_gc(&mut self) {
        self.data().gc.trace.set(Some(Instant::now()));
    }

    /// Sets the limit of the heap of the process in bytes, as `is_process_over` measures it; over it, `on_limit` is called.
    pub fn set_heap_limit(&mut self, bytes: usize, on_limit: fn(HeapStatistics)) {
        self.data().gc.limit.set(bytes);
        let anonymous = anonymous_bytes();
        self.data().gc.baseline.set(anonymous);
        self.data().gc.measure_from.set(anonymous + bytes + RESIDENT_SLACK);
        self.data().gc.on_limit.set(Some(on_limit));
    }

    /// As [`Scope::set_heap_limit`], for this thread's heap only; over it, `on_limit` is called and JavaScript ends for good.
    /// `nursery_bytes` bounds the space of new values; 0 leaves it as it is.
    pub fn set_own_heap_limit(&mut self, bytes: usize, nursery_bytes: usize, on_limit: fn(HeapStatistics)) {
        self.data().gc.own_limit.set(true);
        // What is promoted before the next look must not go past the limit.
        self.set_heap_limit(bytes - bytes / 8, on_limit);
        if nursery_bytes > 0 {
            self.set_nursery_limit(nursery_bytes);
        }
        check_limit(self.cx(), self.data());
    }

    /// Bounds the space of new values, in bytes.
    pub fn set_nursery_limit(&mut self, bytes: usize) {
        let bytes = bytes.clamp(NURSERY_BYTES.0, NURSERY_BYTES.1) as u32;
        // SAFETY: a plain setting of this thread's context.
        unsafe { sm::JS_SetGCParameter(self.cx(), sm::JSGCParamKey::JSGC_MAX_NURSERY_BYTES, bytes) };
    }

    /// Ends JavaScript of this context for good, from within: nothing catches what is returned.
    pub fn terminate(&mut self) -> crate::error::Thrown {
        self.data().terminating.set(true);
        // SAFETY: only sets a flag of the engine.
        unsafe { sm::JS_RequestInterruptCallback(self.cx()) };
        self.terminated()
    }

    /// A handle through which any thread can interrupt JavaScript of this context.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter::new(self.cx())
    }

    /// Sets what [`Interrupter::attract`] runs.
    pub fn set_attention_hook(&mut self, hook: AttentionHook) {
        self.data().gc.on_attention.set(Some(hook));
    }

    /// Whether JavaScript was told to end by [`Interrupter::terminate`].
    pub fn is_terminating(&self) -> bool {
        self.data().terminating.get()
    }
}
