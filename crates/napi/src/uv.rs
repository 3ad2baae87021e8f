//! The part of libuv's C interface that Node-API addons use: work in the pool, wake-ups, polled descriptors, timers, locks and
//! threads. libuv docs: the pages of `uv_work_t`, `uv_async_t`, `uv_poll_t`, `uv_timer_t`, `uv_handle_t`, threads.
//!
//! Structures are the addon's memory in the layout of libuv's Linux headers. Of a handle only the public fields are written (data,
//! loop) and the words that the headers reserve, where the address of our own [`State`] lies. A loop is a block per thread of which
//! addons know the first word.
//!
//! **Invariant:** everything but `uv_async_send` and the locks is called on the loop's thread, as libuv demands.

use crate::types::Status;
use anode_engine::raw::RawContext;
use anode_engine::{Scope, Thrown};
use anode_runtime::event_loop::{Event, Key, Readiness, Waker, WorkError, WorkId, fd};
use anode_runtime::{Handler, env as runtime_env};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::{CString, c_char, c_int, c_uint, c_void};
use std::ptr;
use std::rc::Rc;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Mutex, PoisonError};

/// `uv_loop_t`: what addons may touch is `data`.
#[repr(C)]
pub struct UvLoop {
    data: *mut c_void,
    /// What macros and inline functions of the header might look at; zero.
    reserved: [usize; 127],
    raw: RawContext,
}

thread_local! {
    static LOOP: Cell<*mut UvLoop> = const { Cell::new(ptr::null_mut()) };
    /// Jobs of this thread that have not ended, by the address of their request.
    static WORKS: RefCell<HashMap<usize, WorkId>> = RefCell::default();
}

/// The loop of this thread.
pub(crate) fn loop_of(sc: &Scope<'_>) -> *mut UvLoop {
    LOOP.with(|slot| {
        if slot.get().is_null() {
            // Addons keep its address: it is never freed.
            let made = UvLoop { data: ptr::null_mut(), reserved: [0; 127], raw: RawContext::of(sc) };
            slot.set(Box::into_raw(Box::new(made)));
        }
        slot.get()
    })
}

/// The loop of the main thread, once an addon was loaded there.
static DEFAULT: AtomicPtr<UvLoop> = AtomicPtr::new(ptr::null_mut());

/// Called on each thread before its first addon is loaded.
pub(crate) fn start(sc: &Scope<'_>) {
    // SAFETY: both only ask the kernel for a number.
    if unsafe { libc::getpid() == libc::gettid() } {
        DEFAULT.store(loop_of(sc), Ordering::Release);
    }
}

/// Null while the main thread has loaded no addon. On another thread it is of no use, as in libuv.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn uv_default_loop() -> *mut UvLoop {
    DEFAULT.load(Ordering::Acquire)
}

/// Runs `work` on the loop's runtime.
///
/// # Safety
/// `uv_loop` is one of [`loop_of`], on its own thread.
unsafe fn with_loop<R>(uv_loop: *const UvLoop, work: impl for<'s> FnOnce(&mut Scope<'s>) -> R) -> R {
    // SAFETY: by the caller.
    unsafe { (*uv_loop).raw.scope(work) }
}

// ---- errors, versions, clocks

/// libuv's version whose interface this is: 1.51.0.
const VERSION: c_uint = (1 << 16) | (51 << 8);

#[unsafe(no_mangle)]
pub(crate) extern "C" fn uv_version() -> c_uint {
    VERSION
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn uv_version_string() -> *const c_char {
    c"1.51.0".as_ptr()
}

static TEXTS: Mutex<Option<HashMap<(c_int, bool), CString>>> = Mutex::new(None);

/// A text that lives for good.
fn text(error: c_int, name: bool) -> *const c_char {
    let (code, message) = anode_runtime::describe_errno(error.wrapping_neg());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    let entry = texts.get_or_insert_default().entry((error, name));
    entry.or_insert_with(|| CString::new(if name { code } else { message }).unwrap_or_default()).as_ptr()
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn uv_err_name(error: c_int) -> *const c_char {
    text(error, true)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn uv_strerror(error: c_int) -> *const c_char {
    text(error, false)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn uv_hrtime() -> u64 {
    anode_runtime::event_loop::hrtime_ns()
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_now(uv_loop: *const UvLoop) -> u64 {
    // SAFETY: by the module's invariant.
    unsafe { with_loop(uv_loop, |sc| runtime_env(sc).events.borrow().now_ms()) }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn uv_sleep(ms: c_uint) {
    std::thread::sleep(std::time::Duration::from_millis(u64::from(ms)));
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn uv_available_parallelism() -> c_uint {
    std::thread::available_parallelism().map_or(1, |count| count.get() as c_uint)
}

// ---- work in the pool

/// `uv_work_t`, as far as it is public: the rest belongs to libuv.
#[repr(C)]
pub struct UvWork {
    data: *mut c_void,
    kind: c_int,
    reserved: [*mut c_void; 6],
    uv_loop: *const UvLoop,
}

type WorkCallback = unsafe extern "C" fn(*mut UvWork);
type AfterWorkCallback = unsafe extern "C" fn(*mut UvWork, c_int);

struct Request {
    work: *mut UvWork,
    callback: WorkCallback,
}
// SAFETY: the addon hands its request to another thread: that is what it asks for.
unsafe impl Send for Request {}

impl Request {
    fn run(self) {
        // SAFETY: the addon's own function with its own request.
        unsafe { (self.callback)(self.work) }
    }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_queue_work(
    uv_loop: *const UvLoop,
    work: *mut UvWork,
    callback: Option<WorkCallback>,
    after: Option<AfterWorkCallback>,
) -> c_int {
    let Some(callback) = callback else { return -libc::EINVAL };
    // SAFETY: the addon's request; its loop is ours.
    unsafe { (*work).uv_loop = uv_loop };
    let request = Request { work, callback };
    // SAFETY: by the module's invariant.
    unsafe {
        with_loop(uv_loop, |sc| {
            let id = runtime_env(sc).run_in_pool_or(
                move || request.run(),
                move |_sc, result| {
                    WORKS.with(|works| works.borrow_mut().remove(&(work as usize)));
                    let status = if matches!(result, Err(WorkError::Cancelled)) { -libc::ECANCELED } else { 0 };
                    if let Some(after) = after {
                        // SAFETY: the addon's own function with its own request, on its thread.
                        after(work, status);
                    }
                    Ok(())
                },
            );
            WORKS.with(|works| works.borrow_mut().insert(work as usize, id));
        });
    }
    0
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_cancel(work: *mut UvWork) -> c_int {
    let Some(id) = WORKS.with(|works| works.borrow().get(&(work as usize)).copied()) else { return -libc::EBUSY };
    // SAFETY: a queued request, so its loop was set; on its thread.
    let cancelled = unsafe { with_loop((*work).uv_loop, |sc| runtime_env(sc).cancel_work(id)) };
    if cancelled { 0 } else { -libc::EBUSY }
}

// ---- handles

/// `uv_handle_t`: the fields that all handles begin with.
#[repr(C)]
pub struct UvHandle {
    data: *mut c_void,
    uv_loop: *const UvLoop,
    kind: c_int,
    close: Option<HandleCallback>,
    queue: [*mut c_void; 2],
    /// One of the words that the header reserves: ours.
    state: *const State,
}

type HandleCallback = unsafe extern "C" fn(*mut UvHandle);
type PollCallback = unsafe extern "C" fn(*mut UvHandle, c_int, c_int);

/// What stands behind a handle, from its making to the end of its closing.
pub struct State {
    key: Key,
    handle: *mut UvHandle,
    waker: Option<Waker>,
    callback: Cell<Option<HandleCallback>>,
    poll: Cell<Option<PollCallback>>,
    close: Cell<Option<HandleCallback>>,
    closing: Cell<bool>,
}

const READABLE: c_int = 1;
const WRITABLE: c_int = 2;
const DISCONNECT: c_int = 4;

impl Handler for State {
    fn on_event(&self, _sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        let handle = self.handle;
        match event {
            Event::Closed(_) => {
                // SAFETY: the share that `init` put into the handle; we are held by whoever calls us.
                drop(unsafe { Rc::from_raw((*handle).state) });
                if let Some(close) = self.close.take() {
                    // SAFETY: the addon's own function with its own handle, which it may free from now on.
                    unsafe { close(handle) };
                }
            }
            Event::Io(_, ready) => {
                if let Some(callback) = self.poll.get() {
                    let mut events = 0;
                    if ready.readable || ready.error || ready.hup {
                        events |= READABLE;
                    }
                    if ready.writable || ready.error {
                        events |= WRITABLE;
                    }
                    if ready.hup {
                        events |= DISCONNECT;
                    }
                    // SAFETY: as above.
                    unsafe { callback(handle, 0, events) };
                }
            }
            _ => {
                if let Some(callback) = self.callback.get() {
                    // SAFETY: as above.
                    unsafe { callback(handle) };
                }
            }
        }
        Ok(())
    }
}

/// Prepares a handle of the addon.
unsafe fn init(
    uv_loop: *const UvLoop,
    handle: *mut UvHandle,
    callback: Option<HandleCallback>,
    open: impl FnOnce(&mut Scope<'_>) -> Result<(Key, Option<Waker>), c_int>,
) -> c_int {
    // SAFETY: the addon's memory for a handle, and our loop, on its thread.
    unsafe {
        with_loop(uv_loop, |sc| match open(sc) {
            Err(error) => error,
            Ok((key, waker)) => {
                let state = Rc::new(State {
                    key,
                    handle,
                    waker,
                    callback: Cell::new(callback),
                    poll: Cell::new(None),
                    close: Cell::new(None),
                    closing: Cell::new(false),
                });
                (*handle).uv_loop = uv_loop;
                (*handle).close = None;
                // A share of the handle's own, given back when it closes.
                (*handle).state = Rc::into_raw(Rc::clone(&state));
                runtime_env(sc).set_handler(key, state);
                0
            }
        })
    }
}

/// # Safety
/// `handle` was initialised by one of our functions and is not closed.
unsafe fn state<'a>(handle: *const UvHandle) -> &'a State {
    // SAFETY: by the caller.
    unsafe { &*(*handle).state }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_close(handle: *mut UvHandle, close: Option<HandleCallback>) {
    // SAFETY: by the module's invariant.
    unsafe {
        let this = state(handle);
        if this.closing.replace(true) {
            return;
        }
        this.close.set(close);
        with_loop((*handle).uv_loop, |sc| runtime_env(sc).events.borrow_mut().close(this.key));
    }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_is_closing(handle: *const UvHandle) -> c_int {
    // SAFETY: by the module's invariant.
    c_int::from(unsafe { state(handle) }.closing.get())
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_is_active(handle: *const UvHandle) -> c_int {
    // SAFETY: by the module's invariant.
    unsafe {
        let this = state(handle);
        let active = with_loop((*handle).uv_loop, |sc| runtime_env(sc).events.borrow().is_active(this.key));
        c_int::from(active && !this.closing.get())
    }
}

unsafe fn set_ref(handle: *const UvHandle, refed: bool) {
    // SAFETY: by the module's invariant.
    unsafe {
        let this = state(handle);
        with_loop((*handle).uv_loop, |sc| runtime_env(sc).events.borrow_mut().set_ref(this.key, refed));
    }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_ref(handle: *const UvHandle) {
    // SAFETY: by the module's invariant.
    unsafe { set_ref(handle, true) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_unref(handle: *const UvHandle) {
    // SAFETY: by the module's invariant.
    unsafe { set_ref(handle, false) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_has_ref(handle: *const UvHandle) -> c_int {
    // SAFETY: by the module's invariant.
    unsafe {
        let this = state(handle);
        c_int::from(with_loop((*handle).uv_loop, |sc| runtime_env(sc).events.borrow().has_ref(this.key)))
    }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_handle_get_data(handle: *const UvHandle) -> *mut c_void {
    // SAFETY: the addon's handle.
    unsafe { (*handle).data }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_handle_set_data(handle: *mut UvHandle, data: *mut c_void) {
    // SAFETY: the addon's handle.
    unsafe { (*handle).data = data }
}

/// Bytes of the handles by `uv_handle_type`: async, check, fs_event, fs_poll, handle, idle, pipe, poll, prepare, process,
/// stream, tcp, timer, tty, udp, signal. The sizes of libuv's headers on 64-bit Linux.
const HANDLE_BYTES: [usize; 17] =
    [usize::MAX, 128, 120, 136, 104, 96, 120, 264, 160, 120, 136, 248, 248, 152, 312, 216, 152];

/// Addons that allocate handles by their type ask for it. libuv docs: uv_handle_size.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn uv_handle_size(kind: c_int) -> usize {
    usize::try_from(kind).ok().and_then(|kind| HANDLE_BYTES.get(kind).copied()).unwrap_or(usize::MAX)
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_handle_get_loop(handle: *const UvHandle) -> *const UvLoop {
    // SAFETY: the addon's handle.
    unsafe { (*handle).uv_loop }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_async_init(
    uv_loop: *const UvLoop,
    handle: *mut UvHandle,
    callback: Option<HandleCallback>,
) -> c_int {
    // SAFETY: by the module's invariant.
    unsafe {
        init(uv_loop, handle, callback, |sc| {
            let (key, waker) = runtime_env(sc).events.borrow_mut().waker_open();
            Ok((key, Some(waker)))
        })
    }
}

/// On any thread, until the handle is closed.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_async_send(handle: *const UvHandle) -> c_int {
    // SAFETY: an open handle; its waker may be used anywhere, and nothing else of the state is touched.
    match unsafe { &(*(*handle).state).waker } {
        Some(waker) => {
            waker.wake();
            0
        }
        None => -libc::EINVAL,
    }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_timer_init(uv_loop: *const UvLoop, handle: *mut UvHandle) -> c_int {
    // SAFETY: by the module's invariant.
    unsafe { init(uv_loop, handle, None, |sc| Ok((runtime_env(sc).events.borrow_mut().timer_open(), None))) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_timer_start(
    handle: *mut UvHandle,
    callback: Option<HandleCallback>,
    timeout_ms: u64,
    repeat_ms: u64,
) -> c_int {
    // SAFETY: by the module's invariant.
    unsafe {
        let this = state(handle);
        if callback.is_none() || this.closing.get() {
            return -libc::EINVAL;
        }
        this.callback.set(callback);
        let started = with_loop((*handle).uv_loop, |sc| {
            runtime_env(sc).events.borrow_mut().timer_start(this.key, timeout_ms, repeat_ms)
        });
        started.map_or_else(|error| -error.raw_os_error(), |()| 0)
    }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_timer_stop(handle: *mut UvHandle) -> c_int {
    // SAFETY: by the module's invariant.
    unsafe {
        let this = state(handle);
        with_loop((*handle).uv_loop, |sc| runtime_env(sc).events.borrow_mut().timer_stop(this.key));
    }
    0
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_poll_init(uv_loop: *const UvLoop, handle: *mut UvHandle, number: c_int) -> c_int {
    // SAFETY: by the module's invariant.
    unsafe {
        init(uv_loop, handle, None, |sc| {
            let events = &runtime_env(sc).events;
            fd::with_fd(number, |fd| events.borrow_mut().register_fd(fd, Readiness::default()))
                .map(|key| (key, None))
                .map_err(|error| -error.raw_os_error())
        })
    }
}

/// On Linux a socket is a descriptor like another. libuv docs: uv_poll_init_socket.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_poll_init_socket(
    uv_loop: *const UvLoop,
    handle: *mut UvHandle,
    socket: c_int,
) -> c_int {
    // SAFETY: by the module's invariant.
    unsafe { uv_poll_init(uv_loop, handle, socket) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_poll_start(
    handle: *mut UvHandle,
    events: c_int,
    callback: Option<PollCallback>,
) -> c_int {
    // SAFETY: by the module's invariant.
    unsafe {
        let this = state(handle);
        this.poll.set(callback);
        let interest = Readiness {
            readable: events & (READABLE | DISCONNECT) != 0,
            writable: events & WRITABLE != 0,
            ..Readiness::default()
        };
        let set =
            with_loop((*handle).uv_loop, |sc| runtime_env(sc).events.borrow_mut().set_interest(this.key, interest));
        set.map_or_else(|error| -error.raw_os_error(), |()| 0)
    }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_poll_stop(handle: *mut UvHandle) -> c_int {
    // SAFETY: by the module's invariant.
    unsafe { uv_poll_start(handle, 0, None) }
}

// ---- locks: those of POSIX, as libuv's headers say for Linux

macro_rules! posix {
    ($($name:ident($($arg:ident: $kind:ty),*) = $call:ident;)*) => {$(
        #[unsafe(no_mangle)]
        pub(crate) unsafe extern "C" fn $name($($arg: *mut $kind),*) {
            // SAFETY: the addon's own lock, initialised by it, as libuv demands.
            if unsafe { libc::$call($($arg),*) } != 0 {
                crate::env::fatal(stringify!($name), "failed");
            }
        }
    )*};
}

posix! {
    uv_mutex_lock(mutex: libc::pthread_mutex_t) = pthread_mutex_lock;
    uv_mutex_unlock(mutex: libc::pthread_mutex_t) = pthread_mutex_unlock;
    uv_mutex_destroy(mutex: libc::pthread_mutex_t) = pthread_mutex_destroy;
    uv_cond_signal(cond: libc::pthread_cond_t) = pthread_cond_signal;
    uv_cond_broadcast(cond: libc::pthread_cond_t) = pthread_cond_broadcast;
    uv_cond_destroy(cond: libc::pthread_cond_t) = pthread_cond_destroy;
    uv_cond_wait(cond: libc::pthread_cond_t, mutex: libc::pthread_mutex_t) = pthread_cond_wait;
    uv_rwlock_destroy(lock: libc::pthread_rwlock_t) = pthread_rwlock_destroy;
    uv_rwlock_rdlock(lock: libc::pthread_rwlock_t) = pthread_rwlock_rdlock;
    uv_rwlock_rdunlock(lock: libc::pthread_rwlock_t) = pthread_rwlock_unlock;
    uv_rwlock_wrlock(lock: libc::pthread_rwlock_t) = pthread_rwlock_wrlock;
    uv_rwlock_wrunlock(lock: libc::pthread_rwlock_t) = pthread_rwlock_unlock;
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_mutex_init(mutex: *mut libc::pthread_mutex_t) -> c_int {
    // SAFETY: the addon's memory for a mutex.
    -unsafe { libc::pthread_mutex_init(mutex, ptr::null()) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_mutex_trylock(mutex: *mut libc::pthread_mutex_t) -> c_int {
    // SAFETY: the addon's own mutex.
    -unsafe { libc::pthread_mutex_trylock(mutex) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_cond_init(cond: *mut libc::pthread_cond_t) -> c_int {
    // SAFETY: the addon's memory for a condition; waits with a timeout count by the monotonic clock.
    unsafe {
        let mut attributes = std::mem::zeroed::<libc::pthread_condattr_t>();
        libc::pthread_condattr_init(&mut attributes);
        libc::pthread_condattr_setclock(&mut attributes, libc::CLOCK_MONOTONIC);
        let result = libc::pthread_cond_init(cond, &attributes);
        libc::pthread_condattr_destroy(&mut attributes);
        -result
    }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_cond_timedwait(
    cond: *mut libc::pthread_cond_t,
    mutex: *mut libc::pthread_mutex_t,
    timeout_ns: u64,
) -> c_int {
    let until = uv_hrtime().saturating_add(timeout_ns);
    let until = libc::timespec {
        tv_sec: (until / 1_000_000_000) as libc::time_t,
        tv_nsec: (until % 1_000_000_000) as libc::c_long,
    };
    // SAFETY: the addon's own condition and mutex, which it holds.
    -unsafe { libc::pthread_cond_timedwait(cond, mutex, &until) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_rwlock_init(lock: *mut libc::pthread_rwlock_t) -> c_int {
    // SAFETY: the addon's memory for a lock.
    -unsafe { libc::pthread_rwlock_init(lock, ptr::null()) }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_once(guard: *mut libc::pthread_once_t, callback: extern "C" fn()) {
    unsafe extern "C" {
        fn pthread_once(guard: *mut libc::pthread_once_t, callback: extern "C" fn()) -> c_int;
    }
    // SAFETY: the addon's own guard, statically initialised, and its own function.
    unsafe { pthread_once(guard, callback) };
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_thread_create(
    thread: *mut libc::pthread_t,
    entry: extern "C" fn(*mut c_void),
    argument: *mut c_void,
) -> c_int {
    struct Start(extern "C" fn(*mut c_void), *mut c_void);
    extern "C" fn run(start: *mut c_void) -> *mut c_void {
        // SAFETY: the box leaked below, for this thread.
        let start = unsafe { Box::from_raw(start.cast::<Start>()) };
        (start.0)(start.1);
        ptr::null_mut()
    }
    let start = Box::into_raw(Box::new(Start(entry, argument)));
    // SAFETY: the addon's place for the thread's name, and its own function, which it wants run there.
    let result = unsafe { libc::pthread_create(thread, ptr::null(), run, start.cast()) };
    if result != 0 {
        // SAFETY: nobody else took it.
        drop(unsafe { Box::from_raw(start) });
    }
    -result
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn uv_thread_join(thread: *mut libc::pthread_t) -> c_int {
    // SAFETY: a thread of `uv_thread_create` that was not joined.
    -unsafe { libc::pthread_join(*thread, ptr::null_mut()) }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn uv_thread_self() -> libc::pthread_t {
    // SAFETY: no preconditions.
    unsafe { libc::pthread_self() }
}

/// `napi_get_uv_event_loop`
#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_uv_event_loop(
    env: crate::types::EnvRef,
    result: crate::types::Out<'_, *mut UvLoop>,
) -> Status {
    crate::env::call(env, |env| {
        result.check()?;
        let found = env.scope(|sc| Ok(loop_of(sc)))?;
        result.set(found)
    })
}
