//! Threads: each has an engine, a loop and a runtime of its own, and a control port to its parent.
//!
//! The binary runs them (it knows the list of builtins): see [`set_runner`]. What a parent may do to a running thread goes
//! through [`Shared`], whose lock also covers the end of the thread's engine: nobody interrupts one that is gone.

use crate::channel::{Parcel, Side};
use crate::port;
use anode_engine::{Context, HeapStatistics, Interrupter};
use anode_runtime::event_loop::{Event, Key, Times, Waker, hrtime_ns};
use anode_runtime::permission::{self, Permission};
use anode_runtime::{Args, ExitCode, Handler, JsResult, Root, Scope, Thrown, env};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Stack of a thread besides what JavaScript may use, in bytes: for the engine's own frames after a RangeError.
const STACK_RESERVE_BYTES: usize = 512 << 10;

/// The least stack JavaScript gets, in bytes: the engine keeps 110 KiB of it for itself.
const STACK_BYTES_MIN: usize = 256 << 10;

/// The most stack that JavaScript gets, in bytes: more than any program asks for, and what a thread can still map.
const STACK_BYTES_MAX: usize = 1 << 30;

/// Node docs: Worker, 'exit': "If the worker was terminated, the exitCode parameter is 1".
const EXIT_TERMINATED: ExitCode = 1;

/// Runs a thread from its first script to the end of its engine.
pub type Runner = fn(Seed) -> Ending;

static RUNNER: OnceLock<Runner> = OnceLock::new();

static LAST_ID: AtomicU32 = AtomicU32::new(0);

/// Sets what runs threads. Called once, by the binary.
pub fn set_runner(runner: Runner) {
    // A second call would bring the same function.
    let _first = RUNNER.set(runner);
}

/// How a parent reaches a running thread.
struct Running {
    interrupter: Interrupter,
    stop: Arc<AtomicBool>,
    times: Arc<Times>,
    waker: Waker,
}

#[derive(Default)]
struct Control {
    /// Nothing of the thread runs any more.
    ended: bool,
    running: Option<Running>,
    terminated: bool,
}

#[derive(Default)]
struct Shared {
    control: Mutex<Control>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn terminate(&self) {
        let mut control = self.lock();
        control.terminated = true;
        if let Some(running) = &control.running {
            running.stop.store(true, Ordering::SeqCst);
            running.interrupter.terminate();
            running.waker.wake();
        }
    }
}

/// What a new thread begins with.
pub struct Seed {
    /// Limit of the thread's heap, in bytes; 0 for that of the process.
    pub heap_bytes: usize,
    /// Limit of the space of new values, in bytes; 0 for the engine's.
    pub nursery_bytes: usize,
    /// Stack that JavaScript may use, in bytes.
    pub stack_bytes: usize,
    id: u32,
    /// What others send before the thread looks at it.
    inbox: Arc<Side>,
    name: String,
    port: Option<Parcel>,
    shared: Arc<Shared>,
}

/// What a running thread knows about itself.
struct Thread {
    exit_code: Cell<Option<ExitCode>>,
    id: u32,
    inbox: RefCell<Option<Arc<Side>>>,
    name: String,
    out_of_memory: Cell<bool>,
    port: RefCell<Option<Parcel>>,
}

thread_local! {
    static THREAD: RefCell<Option<Rc<Thread>>> = const { RefCell::new(None) };
}

fn this_thread() -> Option<Rc<Thread>> {
    THREAD.with(|thread| thread.borrow().clone())
}

/// The inbox that came with this thread, once.
pub(crate) fn inbox() -> Option<Arc<Side>> {
    this_thread().and_then(|thread| thread.inbox.borrow_mut().take())
}

impl Seed {
    /// Tells the parent how to reach this thread. False if it was terminated meanwhile, and must not begin.
    pub fn enter(&mut self, context: &mut Context) -> bool {
        let (stop, times, waker) =
            context.enter(|sc| (env(sc).stop_flag(), env(sc).events.borrow_mut().times(), env(sc).waker()));
        let thread = Thread {
            exit_code: Cell::new(None),
            id: self.id,
            inbox: RefCell::new(Some(self.inbox.clone())),
            name: self.name.clone(),
            out_of_memory: Cell::new(false),
            port: RefCell::new(self.port.take()),
        };
        THREAD.with(|slot| slot.replace(Some(Rc::new(thread))));
        let mut control = self.shared.lock();
        control.running = Some(Running { interrupter: context.interrupter(), stop, times, waker });
        !control.terminated
    }

    /// Nobody reaches this thread any more: its engine may end. What it ends with is `code` unless JavaScript set one or the
    /// thread was terminated.
    pub fn leave(&self, code: ExitCode) -> Ending {
        let terminated = {
            let mut control = self.shared.lock();
            control.running = None;
            control.terminated
        };
        // Nobody is told "the thread took it" any more.
        drop(self.inbox.close());
        port::forget_hooks();
        let thread = THREAD.with(|slot| slot.replace(None));
        let Some(thread) = thread else { return Ending { code, out_of_memory: false } };
        let out_of_memory = thread.out_of_memory.get();
        let code = match thread.exit_code.get() {
            Some(code) => code,
            None if terminated || out_of_memory => EXIT_TERMINATED,
            None => code,
        };
        Ending { code, out_of_memory }
    }
}

/// How a thread ended.
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    /// Its exit code.
    pub code: ExitCode,
    /// Whether its heap was full.
    pub out_of_memory: bool,
}

/// The heap of this thread is full: it ends, and its parent learns why.
pub fn out_of_memory(_figures: HeapStatistics) {
    if let Some(thread) = this_thread() {
        thread.out_of_memory.set(true);
    }
}

/// A thread as its parent sees it.
struct Worker {
    key: Key,
    shared: Arc<Shared>,
}

struct WorkerHandler {
    done: Root,
    shared: Arc<Shared>,
}

impl Handler for WorkerHandler {
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        let Event::Message(key, message) = event else { return Ok(()) };
        env(sc).events.borrow_mut().close(key);
        let failed = Ending { code: EXIT_TERMINATED, out_of_memory: false };
        let ending = message.downcast::<Ending>().map_or(failed, |ending| *ending);
        let done = self.done.get(sc);
        let code = sc.int(ending.code);
        let out_of_memory = sc.boolean(ending.out_of_memory);
        let undefined = sc.undefined();
        sc.call(done, undefined, &[code, out_of_memory]).map(|_| ())
    }
}

impl Drop for WorkerHandler {
    fn drop(&mut self) {
        // The parent's thread ends: its threads end with it. One that ended already does not notice.
        self.shared.terminate();
    }
}

/// `createWorker(port, name, stackBytes, heapBytes, nurseryBytes, done)`: starts a thread with `port` as its control port;
/// `done(exitCode, outOfMemory)` when it has ended. Limits of 0 are those of the process. Returns `[worker, id]`, or `undefined` if the system gives no thread.
pub(crate) fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    permission::require(sc, Permission::Worker, b"")?;
    let Some(runner) = RUNNER.get() else { return Err(sc.throw_error("this program runs no threads")) };
    let parcel = port::take_side(sc, args.get(0))?;
    let name = sc.to_string(args.get(1))?;
    let bytes = |index| args.get(index).as_f64().unwrap_or(0.0).max(0.0) as usize;
    let stack_bytes = bytes(2).clamp(STACK_BYTES_MIN, STACK_BYTES_MAX);
    let (heap_bytes, nursery_bytes) = (bytes(3), bytes(4));
    let id = LAST_ID.fetch_add(1, Ordering::Relaxed) + 1;
    let shared = Arc::new(Shared::default());
    let seed = Seed {
        heap_bytes,
        nursery_bytes,
        stack_bytes,
        id,
        inbox: Side::inbox(id),
        name,
        port: Some(parcel),
        shared: shared.clone(),
    };
    let (key, waker) = env(sc).events.borrow_mut().waker_open();
    let spawned = std::thread::Builder::new()
        .name(format!("anode-worker-{id}"))
        .stack_size(stack_bytes + STACK_RESERVE_BYTES)
        .spawn(move || {
            let shared = seed.shared.clone();
            let ending = runner(seed);
            shared.lock().ended = true;
            // A parent that is gone needs no exit code.
            let _gone = waker.post(Box::new(ending));
        });
    if spawned.is_err() {
        env(sc).events.borrow_mut().close(key);
        return Ok(sc.undefined());
    }
    let done = Root::new(sc, args.get(5));
    env(sc).set_handler(key, Rc::new(WorkerHandler { done, shared: shared.clone() }));
    let worker = sc.native_object(None, Rc::new(Worker { key, shared }))?;
    let id = sc.number(f64::from(id));
    Ok(sc.array(&[worker, id]))
}

/// `terminateWorker(worker)`: ends the thread as soon as its JavaScript can be interrupted.
pub(crate) fn terminate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let worker = sc.need_native::<Worker>(args.get(0))?;
    worker.shared.terminate();
    Ok(sc.undefined())
}

/// `hasEnded(worker)`: whether the thread is over, for a parent that waits for it without turning its loop.
pub(crate) fn has_ended<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let worker = sc.need_native::<Worker>(args.get(0))?;
    let ended = worker.shared.lock().ended;
    Ok(sc.boolean(ended))
}

/// `loopTimes(worker)`: when the thread's loop began, on the clock of `hrtime`, and how long it slept, in milliseconds; zeros
/// before its start and after its end.
pub(crate) fn loop_times<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let worker = sc.need_native::<Worker>(args.get(0))?;
    let times = worker.shared.lock().running.as_ref().map(|running| running.times.clone());
    let (start_ns, idle_ns) = times.map_or((0, 0), |times| times.at(hrtime_ns()));
    let items = [start_ns, idle_ns].map(|time| sc.number(time as f64 / 1e6));
    Ok(sc.array(&items))
}

/// `refWorker(worker, on)`: whether the thread keeps its parent's loop alive.
pub(crate) fn set_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let worker = sc.need_native::<Worker>(args.get(0))?;
    let on = args.get(1).is_true();
    env(sc).events.borrow_mut().set_ref(worker.key, on);
    Ok(sc.undefined())
}

/// `threadInfo()`: `[id, name, controlPort]` in a worker, the port only at the first call; `undefined` on the main thread.
pub(crate) fn thread_info<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let Some(thread) = this_thread() else { return Ok(sc.undefined()) };
    let side = thread.port.borrow_mut().take().and_then(Parcel::open);
    let control = match side {
        Some(side) => port::open(sc, side)?,
        None => sc.undefined(),
    };
    let id = sc.number(f64::from(thread.id));
    let name = sc.string(&thread.name);
    Ok(sc.array(&[id, name, control]))
}

/// `endThread(code)`: ends this worker now; does not return.
///
/// # Errors
/// Always: a termination, which nothing catches.
pub(crate) fn end_thread<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let Some(thread) = this_thread() else { return Err(sc.throw_error("the main thread ends with its process")) };
    if thread.exit_code.get().is_none() {
        thread.exit_code.set(Some(args.get(0).as_i32().unwrap_or(0)));
    }
    Err(sc.terminate())
}
