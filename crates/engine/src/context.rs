//! Process-wide and per-thread start of the engine.

use crate::arena::{Arena, ArenaRoot};
use crate::error;
use crate::gc;
use crate::global;
use crate::helper_threads;
use crate::jobs::{self, JobState};
use crate::root::RootTable;
use crate::scope::Scope;
use crate::source_hook;
use crate::stress;
use crate::weak::WeakTable;
use mozjs::glue;
use mozjs::jsapi as sm;
use std::any::Any;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::ffi::{OsStr, c_void};
use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::OnceLock;

/// What a [`Context`] is made with.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Native stack that JavaScript may use, in bytes. Exceeding it is a RangeError.
    pub stack_bytes: usize,
    /// The engine's self-hosted code as [`Engine::self_hosted_code`] returned it; junk falls back to compiling.
    pub self_hosted_cache: Option<&'static [u8]>,
    /// The source text of a script that was compiled by [`Scope::compile_script`], by the name of its file.
    pub source: Option<fn(&str) -> Option<String>>,
    /// Keep the frames from before an `await` in `error.stack`; makes promises 4 to 5 times slower.
    pub async_stacks: bool,
    /// Points between two forced collections, 0 for none: see the module `stress`.
    pub gc_stress: u32,
}

impl Default for Options {
    fn default() -> Self {
        // libuv and V8 leave the thread's stack to the kernel's 8 MiB; half of it is for JavaScript.
        Options { stack_bytes: 4 << 20, self_hosted_cache: None, source: None, async_stacks: false, gc_stress: 0 }
    }
}

/// The engine of this process.
pub struct Engine;

static STARTED: OnceLock<bool> = OnceLock::new();

/// What a shell shows for SIGABRT; only for a process that ignores the signal.
const EXIT_ABORTED: i32 = 134;

/// The engine reserves 2 GiB of addresses for machine code at once. With less than this many bytes of addresses in all
/// (`ulimit -v`) it could not start: then it interprets.
const ADDRESS_SPACE_FOR_CODE: u64 = 4 << 30;

/// The soft limit of a resource of this process, if it has one.
fn soft_limit(resource: libc::__rlimit_resource_t) -> Option<u64> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is a valid place for the answer.
    let failed = unsafe { libc::getrlimit(resource, &raw mut limit) } != 0;
    (!failed && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
}

impl Engine {
    /// Starts the engine, once per process. Returns whether it could start.
    pub fn start() -> bool {
        *STARTED.get_or_init(|| {
            keep_freed_memory();
            error::patch_messages();
            if soft_limit(libc::RLIMIT_AS).is_some_and(|bytes| bytes < ADDRESS_SPACE_FOR_CODE) {
                // SAFETY: before the engine starts, as it demands.
                unsafe { sm::DisableJitBackend() };
            }
            // SAFETY: called once per process (OnceLock), before any context exists.
            let started = unsafe { sm::glue::JS_Init() };
            if started {
                helper_threads::install();
            }
            // SAFETY: the callback only appends bytes to the vector it is given.
            unsafe { sm::SetProcessBuildIdOp(Some(build_id)) };
            started
        })
    }

    /// How much of the main thread's stack JavaScript may have, in bytes, if `wanted` is what it would like: the kernel's limit
    /// (`ulimit -s`) less the room that native frames need.
    pub fn main_stack_bytes(wanted: usize) -> usize {
        let Some(limit) = soft_limit(libc::RLIMIT_STACK).and_then(|bytes| usize::try_from(bytes).ok()) else {
            return wanted;
        };
        wanted.min(limit.saturating_sub((limit / 4).max(256 << 10)).max(limit / 2))
    }

    /// Ends the process at once. The C library's exit would run static destructors of the engine under its helper
    /// threads, which crashes.
    pub fn exit_process(code: i32) -> ! {
        #[cfg(feature = "training")]
        crate::training::write_counters();
        // SAFETY: no preconditions; open files of Rust's standard library are unbuffered or line-buffered stdio.
        unsafe { libc::_exit(code) }
    }

    /// Ends the process by SIGABRT.
    pub fn abort_process() -> ! {
        // The engine replaces the C library's abort by one that faults.
        // SAFETY: no preconditions.
        unsafe {
            libc::raise(libc::SIGABRT);
            libc::_exit(EXIT_ABORTED)
        }
    }

    /// Makes `name` (an IANA name, or nothing for the system's) the time zone of all dates of this process.
    pub fn set_time_zone(name: Option<&OsStr>) {
        // SAFETY: only the main thread's JavaScript calls this. Threads that read the environment at this moment do so
        // through the standard library, which locks, or in the C library's own locked time zone functions.
        unsafe {
            match name {
                Some(name) => std::env::set_var("TZ", name),
                None => std::env::remove_var("TZ"),
            }
            sm::ResetTimeZone();
        }
    }

    /// Compiles the engine's self-hosted code on a thread and context of its own (a thread has only one) and returns it, for
    /// [`Options::self_hosted_cache`].
    pub fn self_hosted_code() -> Vec<u8> {
        std::thread::spawn(|| {
            // SAFETY: the caller's context shows that the engine is started; this one is used here only, and destroyed.
            unsafe {
                let cx = sm::JS_NewContext(HEAP_BYTES_START, ptr::null_mut());
                if !cx.is_null() {
                    sm::InitSelfHostedCode(cx, Default::default(), Some(write_self_hosted));
                    sm::JS_DestroyContext(cx);
                }
            }
            WRITTEN.with(|written| std::mem::take(&mut *written.borrow_mut()))
        })
        .join()
        .unwrap_or_default()
    }
}

/// The engine frees characters of strings and elements of arrays on its helper threads, whole nurseries at a time. At the C
/// library's own limit of 128 KiB each of these gives the top of the heap back to the system, and the next allocations fault it
/// in again page by page: half of the time of a program that makes strings of some KB.
fn keep_freed_memory() {
    /// What may lie unused at the top of the heap, in bytes.
    const TRIM_BYTES: i32 = 16 << 20;
    /// Larger allocations are mappings of their own, in bytes.
    const MAPPING_BYTES: i32 = 1 << 20;
    // SAFETY: plain settings of the allocator, before other threads start.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, TRIM_BYTES);
        libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPING_BYTES);
    }
}

/// The nominal heap size that `JS_NewContext` asks for, in bytes; lifted to the maximum right after.
const HEAP_BYTES_START: u32 = 33 << 20;

/// The heap, and what its values hold outside of it, grow to so many MiB before the first full collection. A browser's tab waits
/// for 27 and 38: an Express server takes twice as much memory then, and no less time.
const FIRST_COLLECTION_MIB: u32 = 12;

/// How far a small heap grows from one full collection to the next where these come in quick succession: not to three times.
const GROWTH_PERCENT: u32 = 150;

/// The most that the space of new values takes, in bytes.
const NURSERY_BYTES: u32 = 16 << 20;

/// The largest function that the optimising compiler puts into its callers, in bytes of bytecode.
const INLINED_BYTECODE_BYTES: u32 = 300;

thread_local! {
    static WRITTEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

unsafe extern "C" fn write_self_hosted(_cx: *mut sm::JSContext, bytes: sm::SelfHostedCache) -> bool {
    // SAFETY: the engine passes a `mozilla::Span<const uint8_t>`, which is { size, pointer } (engine guide §0).
    let [size, start]: [usize; 2] = unsafe { std::mem::transmute(bytes) };
    // SAFETY: the span is valid during this call.
    let bytes = unsafe { std::slice::from_raw_parts(start as *const u8, size) };
    WRITTEN.with(|written| written.borrow_mut().extend_from_slice(bytes));
    true
}

unsafe extern "C" fn build_id(id: *mut sm::BuildIdCharVector) -> bool {
    let text = concat!("anode-", env!("CARGO_PKG_VERSION"), "-sm153");
    // SAFETY: `id` is the engine's vector; the bytes are copied.
    unsafe { glue::SetBuildId(id, text.as_ptr().cast(), text.len()) }
}

/// Everything of ours that belongs to one engine context; reached through the context's private pointer.
pub(crate) struct ContextData {
    pub(crate) arena: Arena,
    pub(crate) roots: RootTable,
    pub(crate) jobs: JobState,
    /// Set once, taken when the context ends.
    pub(crate) host: UnsafeCell<Option<Rc<dyn Any>>>,
    pub(crate) global: Cell<*mut sm::JSObject>,
    pub(crate) keys: RefCell<Vec<(&'static str, sm::jsid)>>,
    pub(crate) marks: crate::clone::MarkState,
    pub(crate) gc: gc::GcState,
    pub(crate) error_hooks: error::ErrorHooks,
    pub(crate) error_shape: crate::error_shape::ErrorShape,
    pub(crate) hooks: crate::promise_hooks::HookState,
    pub(crate) module_hooks: crate::module::ModuleHooks,
    pub(crate) sampler: crate::profiler::SamplerState,
    pub(crate) stress: stress::Stress,
    pub(crate) terminating: Cell<bool>,
    pub(crate) weak: WeakTable,
}

/// One thread's engine. Not `Send`: JavaScript values never leave their thread.
pub struct Context {
    cx: NonNull<sm::JSContext>,
    data: NonNull<ContextData>,
    arena_root: Cell<*mut sm::Rooted<ArenaRoot>>,
    _thread: PhantomData<*mut ()>,
}

impl Context {
    /// Makes the engine of this thread with a fresh global object. `None` if the engine cannot allocate.
    pub fn new(options: Options) -> Option<Context> {
        if !Engine::start() {
            return None;
        }
        // SAFETY: the engine is started; the context is used on this thread only (Context is not Send).
        let cx = NonNull::new(unsafe { sm::JS_NewContext(HEAP_BYTES_START, ptr::null_mut()) })?;
        let data: &'static ContextData = Box::leak(Box::new(ContextData {
            arena: Arena::new(),
            roots: RootTable::new(),
            jobs: JobState::default(),
            host: UnsafeCell::new(None),
            global: Cell::new(ptr::null_mut()),
            keys: RefCell::new(Vec::new()),
            marks: crate::clone::MarkState::default(),
            gc: gc::GcState::default(),
            error_hooks: error::ErrorHooks::default(),
            error_shape: crate::error_shape::ErrorShape::default(),
            hooks: crate::promise_hooks::HookState::default(),
            module_hooks: crate::module::ModuleHooks::default(),
            sampler: crate::profiler::SamplerState::default(),
            stress: stress::Stress::default(),
            terminating: Cell::new(false),
            weak: WeakTable::default(),
        }));
        CURRENT.with(|current| current.set(Some(data)));
        let context =
            Context { cx, data: NonNull::from(data), arena_root: Cell::new(ptr::null_mut()), _thread: PhantomData };
        // SAFETY: `cx` is fresh and ours; all pointers given to the engine live as long as it (leaked).
        unsafe { context.initialize(data, options) }.then_some(context)
    }

    unsafe fn initialize(&self, data: &'static ContextData, options: Options) -> bool {
        let cx = self.cx.as_ptr();
        // SAFETY (whole block): `cx` is a fresh context of this thread, not yet running any script; registered data
        // pointers are leaked, so they outlive the context.
        unsafe {
            sm::JS_SetContextPrivate(cx, ptr::from_ref(data) as *mut c_void);
            let root = Box::leak(Box::new(sm::Rooted::new_unrooted(ArenaRoot(&data.arena))));
            sm::Rooted::add_to_root_stack(root, cx);
            self.arena_root.set(root);
            sm::JS_AddExtraGCRootsTracer(cx, Some(trace_heap_roots), ptr::from_ref(data) as *mut c_void);
            sm::JS_SetGCParameter(cx, sm::JSGCParamKey::JSGC_MAX_BYTES, u32::MAX);
            sm::JS_SetGCParameter(cx, sm::JSGCParamKey::JSGC_ALLOCATION_THRESHOLD, FIRST_COLLECTION_MIB);
            sm::JS_SetGCParameter(cx, sm::JSGCParamKey::JSGC_MALLOC_THRESHOLD_BASE, FIRST_COLLECTION_MIB);
            sm::JS_SetGCParameter(cx, sm::JSGCParamKey::JSGC_HIGH_FREQUENCY_SMALL_HEAP_GROWTH, GROWTH_PERCENT);
            sm::JS_SetGCParameter(cx, sm::JSGCParamKey::JSGC_MAX_NURSERY_BYTES, NURSERY_BYTES);
            let quota = options.stack_bytes;
            sm::JS_SetNativeStackQuota(cx, quota, quota - (10 << 10), quota - (110 << 10));
            // Node lets `Atomics.wait` block any thread, the main one too.
            sm::JS_SetFutexCanWait(cx);
            jobs::install(cx, data);
            // Toggling page protection around every stub costs 250 system calls at start-up; V8 keeps code pages writable too.
            sm::JS_SetGlobalJitCompilerOption(cx, sm::JSJitCompilerOption::JSJITCOMPILER_WRITE_PROTECT_CODE, 0);
            // Functions of more than 140 bytes of bytecode are not inlined by default: readInt32LE, much of http and streams.
            let inlined = sm::JSJitCompilerOption::JSJITCOMPILER_INLINING_BYTECODE_MAX_LENGTH;
            sm::JS_SetGlobalJitCompilerOption(cx, inlined, INLINED_BYTECODE_BYTES);
            CONTEXT.with(|slot| slot.set(cx));
            glue::RegisterScriptEnvironmentPreparer(cx, Some(run_prepared));
            let cache = options.self_hosted_cache.map_or_else(Default::default, |bytes| {
                // `mozilla::Span` is { size, pointer }.
                std::mem::transmute::<[usize; 2], sm::SelfHostedCache>([bytes.len(), bytes.as_ptr() as usize])
            });
            if !sm::InitSelfHostedCode(cx, cache, None) {
                return false;
            }
            sm::SetStackFormat(cx, sm::StackFormat::V8);
            if let Some(source) = options.source {
                source_hook::install(cx, source);
            }
            (*sm::ContextOptionsRef(cx)).set_asyncStackCaptureDebuggeeOnly_(!options.async_stacks);
            gc::install(cx, data);
            stress::install(cx, data, options.gc_stress);
            let global = global::create(cx);
            if global.is_null() {
                return false;
            }
            data.global.set(global);
            sm::EnterRealm(cx, global);
        }
        true
    }

    /// Runs `work` with a root scope in the main realm.
    pub fn enter<R>(&mut self, work: impl for<'s> FnOnce(&mut Scope<'s>) -> R) -> R {
        // SAFETY: the data is leaked, and `&mut self` makes this the only root scope entered from Rust.
        let mut scope = unsafe { Scope::new(self.cx.as_ptr(), self.data.as_ref()) };
        work(&mut scope)
    }

    /// Ends the engine of this thread: for worker threads, as the main one ends with its process. Interrupters must have been
    /// told ([`gc::Interrupter::forget`]) or dropped.
    pub fn destroy(self) {
        let cx = self.cx.as_ptr();
        // SAFETY: leaked, see `new`.
        let data: &'static ContextData = unsafe { self.data.as_ref() };
        // The embedder's things first: they hold roots and handles that finalizers must not find half gone.
        // SAFETY: `self` is owned, so no scope and thus no borrow of the host exists.
        drop(unsafe { (*data.host.get()).take() });
        // What a program left running has no reader any more.
        let _samples = data.sampler.end();
        jobs::shut_down(cx, data);
        data.error_hooks.clear();
        data.error_shape.clear();
        data.marks.clear();
        data.module_hooks.clear();
        data.arena.clear();
        data.weak.clear();
        // SAFETY: the context of this thread, with no scope and no script running; the realm was entered by `initialize`, and
        // the arena is the first stack root and by now the only one.
        unsafe {
            sm::LeaveRealm(cx, ptr::null_mut());
            data.global.set(ptr::null_mut());
            (*self.arena_root.get()).remove_from_root_stack();
            sm::JS_RemoveExtraGCRootsTracer(cx, Some(trace_heap_roots), ptr::from_ref(data) as *mut c_void);
            sm::JS_DestroyContext(cx);
            drop(Box::from_raw(self.arena_root.get()));
        }
        CURRENT.with(|current| current.set(None));
        CONTEXT.with(|slot| slot.set(ptr::null_mut()));
        // `data` itself stays leaked, about a kilobyte: a forgotten Root may still point to it.
        data.arena.free();
        data.roots.free();
        data.weak.free();
        data.keys.take();
    }

    /// A handle through which any thread can interrupt JavaScript of this context.
    pub fn interrupter(&self) -> gc::Interrupter {
        gc::Interrupter::new(self.cx.as_ptr())
    }
}

unsafe extern "C" fn trace_heap_roots(tracer: *mut sm::JSTracer, data: *mut c_void) {
    // SAFETY: `data` is the leaked ContextData that was registered with this tracer.
    let data = unsafe { &*(data as *const ContextData) };
    // SAFETY: called by the engine's tracing on the owning thread.
    unsafe {
        data.roots.trace(tracer);
        let mut global = data.global.get();
        if !global.is_null() {
            glue::CallObjectRootTracer(tracer, &mut global, c"global".as_ptr());
            data.global.set(global);
        }
    }
}

pub(crate) fn data_of(cx: *mut sm::JSContext) -> &'static ContextData {
    // SAFETY: every context of ours has its leaked ContextData as private pointer, set before any script ran.
    unsafe { &*(sm::JS_GetContextPrivate(cx) as *const ContextData) }
}

thread_local! {
    static CURRENT: Cell<Option<&'static ContextData>> = const { Cell::new(None) };
}

thread_local! {
    static CONTEXT: Cell<*mut sm::JSContext> = const { Cell::new(ptr::null_mut()) };
}

/// The engine reports what a hook of its Debugger threw. Without this it would call through a null pointer.
unsafe extern "C" fn run_prepared(global: sm::HandleObject, closure: *mut sm::ScriptEnvironmentPreparer_Closure) {
    let cx = CONTEXT.with(Cell::get);
    // SAFETY: called by this thread's context while it runs, with its own closure and a live global.
    unsafe {
        let old = sm::EnterRealm(cx, global.get());
        if !glue::RunScriptEnvironmentPreparerClosure(cx, closure) {
            // Our hooks throw only when the stack is exhausted: the code that exhausted it gets its own RangeError.
            sm::JS_ClearPendingException(cx);
        }
        sm::LeaveRealm(cx, old);
    }
}

/// This thread's context, for callbacks that get none; null if there is none.
pub(crate) fn current_cx() -> *mut sm::JSContext {
    CONTEXT.with(Cell::get)
}

/// The data of this thread's context, for callbacks that get none.
pub(crate) fn current() -> Option<&'static ContextData> {
    CURRENT.with(Cell::get)
}
