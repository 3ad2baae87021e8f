//! Threads: each has an engine, a loop and a runtime of its own, and a control port to its parent.
//!
//! The binary runs them (it knows the list of builtins): see [`set_runner`]. What a parent may do to a running thread goes
//! through [`Shared`], whose lock also covers the end of the thread's engine: nobody interrupts one that is gone.

use crate::channel::Parcel;
use crate::port;
use anode_engine::{Context, Interrupter};
use anode_runtime::event_loop::{Event, Key, Waker};
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

/// Node docs: Worker, 'exit': "If the worker was terminated, the exitCode parameter is 1".
const EXIT_TERMINATED: ExitCode = 1;

/// Runs a thread from its first script to the end of its engine.
pub type Runner = fn(Seed) -> ExitCode;

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
    waker: Waker,
}

#[derive(Default)]
struct Control {
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
    /// Stack that JavaScript may use, in bytes.
    pub stack_bytes: usize,
    id: u32,
    name: String,
    port: Option<Parcel>,
    shared: Arc<Shared>,
}

/// What a running thread knows about itself.
struct Thread {
    exit_code: Cell<Option<ExitCode>>,
    id: u32,
    name: String,
    port: RefCell<Option<Parcel>>,
}

thread_local! {
    static THREAD: RefCell<Option<Rc<Thread>>> = const { RefCell::new(None) };
}

fn this_thread() -> Option<Rc<Thread>> {
    THREAD.with(|thread| thread.borrow().clone())
}

impl Seed {
    /// Tells the parent how to reach this thread. False if it was terminated meanwhile, and must not begin.
    pub fn enter(&mut self, context: &mut Context) -> bool {
        let (stop, waker) = context.enter(|sc| (env(sc).stop_flag(), env(sc).waker()));
        let thread = Thread {
            exit_code: Cell::new(None),
            id: self.id,
            name: self.name.clone(),
            port: RefCell::new(self.port.take()),
        };
        THREAD.with(|slot| slot.replace(Some(Rc::new(thread))));
        let mut control = self.shared.lock();
        control.running = Some(Running { interrupter: context.interrupter(), stop, waker });
        !control.terminated
    }

    /// Nobody reaches this thread any more: its engine may end. Returns the exit code, `code` unless JavaScript set one or the
    /// thread was terminated.
    pub fn leave(&self, code: ExitCode) -> ExitCode {
        let terminated = {
            let mut control = self.shared.lock();
            control.running = None;
            control.terminated
        };
        port::forget_hooks();
        let thread = THREAD.with(|slot| slot.replace(None));
        match thread.and_then(|thread| thread.exit_code.get()) {
            Some(code) => code,
            None if terminated => EXIT_TERMINATED,
            None => code,
        }
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
        let code = message.downcast::<ExitCode>().map_or(EXIT_TERMINATED, |code| *code);
        let done = self.done.get(sc);
        let code = sc.int(code);
        let undefined = sc.undefined();
        sc.call(done, undefined, &[code]).map(|_| ())
    }
}

impl Drop for WorkerHandler {
    fn drop(&mut self) {
        // The parent's thread ends: its threads end with it. One that ended already does not notice.
        self.shared.terminate();
    }
}

/// `createWorker(port, name, stackBytes, done)`: starts a thread with `port` as its control port; `done(exitCode)` when it has
/// ended. Returns `[worker, id]`, or `undefined` if the system gives no thread.
pub(crate) fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    permission::require(sc, Permission::Worker, b"")?;
    let Some(runner) = RUNNER.get() else { return Err(sc.throw_error("this program runs no threads")) };
    let parcel = port::take_side(sc, args.get(0))?;
    let name = sc.to_string(args.get(1))?;
    let stack_bytes = (args.get(2).as_f64().unwrap_or(0.0).max(0.0) as usize).max(STACK_BYTES_MIN);
    let id = LAST_ID.fetch_add(1, Ordering::Relaxed) + 1;
    let shared = Arc::new(Shared::default());
    let seed = Seed { stack_bytes, id, name, port: Some(parcel), shared: shared.clone() };
    let (key, waker) = env(sc).events.borrow_mut().waker_open();
    let spawned = std::thread::Builder::new()
        .name(format!("anode-worker-{id}"))
        .stack_size(stack_bytes + STACK_RESERVE_BYTES)
        .spawn(move || {
            let code = runner(seed);
            // A parent that is gone needs no exit code.
            let _gone = waker.post(Box::new(code));
        });
    if spawned.is_err() {
        env(sc).events.borrow_mut().close(key);
        return Ok(sc.undefined());
    }
    let done = Root::new(sc, args.get(3));
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
