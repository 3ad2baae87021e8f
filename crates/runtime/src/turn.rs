//! THE door into JavaScript: event → one call → ticks → promise jobs → uncaught errors.

use crate::builtin::{self, Builtin};
use crate::code_cache::CodeCache;
use crate::milestones::{self, Milestones};
use crate::timers;
use crate::work::Done;
use anode_engine::{Context, Engine, JsResult, Local, Root, Scope, Thrown};
use anode_event_loop::{Event, Key, Loop, Waker, WorkId};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// What the operating system gets when the process ends.
pub type ExitCode = i32;

/// Owner of a loop handle: gets its events, each in a turn of its own.
pub trait Handler {
    /// Handles one event. An error is a pending JavaScript exception, and becomes an uncaught one.
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown>;
}

/// What runs when a thread's runtime ends.
type AtExit = Box<dyn FnOnce(&mut Scope<'_>)>;

/// One thread's runtime state. Cells are borrowed for single statements, never while JavaScript runs.
pub struct Env {
    at_exit: RefCell<Vec<AtExit>>,
    /// Another thread wants [`set_attention_hook`]'s function to run here.
    attention: Arc<AtomicBool>,
    /// The event loop. Borrow it for one call at a time.
    pub events: RefCell<Loop>,
    pub(crate) builtins: Vec<&'static Builtin>,
    pub(crate) check: Key,
    pub(crate) code_cache: CodeCache,
    /// A source tree to read builtins' JavaScript from, instead of the embedded table.
    pub dev_builtins: Option<PathBuf>,
    pub(crate) fatal_exception: RefCell<Option<Root>>,
    pub(crate) gc_listener: RefCell<Option<Root>>,
    handlers: RefCell<HashMap<Key, Rc<dyn Handler>>>,
    pub(crate) immediate_info: RefCell<Option<Root>>,
    /// When this thread's runtime reached what.
    pub milestones: Milestones,
    /// See [`crate::permission::set_listener`].
    pub(crate) permission_listener: RefCell<Option<Root>>,
    pub(crate) process_immediate: RefCell<Option<Root>>,
    pub(crate) process_timers: RefCell<Option<Root>>,
    pub(crate) require_builtin: RefCell<Option<Root>>,
    stop: Arc<AtomicBool>,
    tasks: Key,
    pub(crate) tick_callback: RefCell<Option<Root>>,
    pub(crate) tick_scheduled: Cell<bool>,
    pub(crate) time_base: u64,
    pub(crate) timer: Key,
    waker: Waker,
    pub(crate) works: RefCell<HashMap<WorkId, Done>>,
}

/// The runtime of the running code.
///
/// # Panics
/// Never in a context that [`Env::install`] prepared, and nothing runs in any other.
pub fn env<'s>(sc: &Scope<'s>) -> &'s Env {
    match sc.host().and_then(|host| host.downcast_ref::<Env>()) {
        Some(env) => env,
        None => unreachable!("the context has no Env: it was not prepared by Env::install"),
    }
}

impl Env {
    /// Gives a fresh context its loop and tables.
    ///
    /// # Errors
    /// What the kernel says about a new loop: `EMFILE`, `ENFILE`, `ENOMEM`.
    pub fn install(
        context: &mut Context,
        builtins: &'static [&'static Builtin],
        dev_builtins: Option<PathBuf>,
        code_cache: CodeCache,
    ) -> std::io::Result<()> {
        let milestones = Milestones::default();
        milestones::reach(&milestones.engine_ns);
        let mut events = Loop::new()?;
        let timer = events.timer_open();
        // Ref'd while a timer of JavaScript is: see `toggleTimerRef`.
        events.set_ref(timer, false);
        let check = events.check_open();
        events.set_ref(check, false);
        events.phase_start(check)?;
        let (tasks, waker) = events.waker_open();
        events.set_ref(tasks, false);
        let time_base = events.now_ms();
        let env = Env {
            at_exit: RefCell::default(),
            attention: Arc::default(),
            events: RefCell::new(events),
            builtins: builtin::add_builtins(builtins),
            check,
            code_cache,
            dev_builtins,
            fatal_exception: RefCell::default(),
            gc_listener: RefCell::default(),
            handlers: RefCell::default(),
            immediate_info: RefCell::default(),
            milestones,
            permission_listener: RefCell::default(),
            process_immediate: RefCell::default(),
            process_timers: RefCell::default(),
            require_builtin: RefCell::default(),
            stop: Arc::default(),
            tasks,
            tick_callback: RefCell::default(),
            tick_scheduled: Cell::new(false),
            time_base,
            timer,
            waker: waker.clone(),
            works: RefCell::default(),
        };
        milestones::reach(&env.milestones.environment_ns);
        context.enter(|sc| {
            sc.set_host(Rc::new(env));
            sc.set_task_waker(Box::new(move || waker.wake()));
        });
        Ok(())
    }

    /// Makes `handler` the owner of a loop handle until its `Closed` event.
    pub fn set_handler(&self, key: Key, handler: Rc<dyn Handler>) {
        self.handlers.borrow_mut().insert(key, handler);
    }

    /// Runs `work` when this thread's runtime ends: JavaScript is over, the loop and the engine still live.
    pub fn at_exit(&self, work: AtExit) {
        self.at_exit.borrow_mut().push(work);
    }

    /// Whether the loop was told to end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Set from any thread, it ends the loop at its next turn; wake the loop then.
    pub fn stop_flag(&self) -> Arc<AtomicBool> {
        self.stop.clone()
    }

    /// Set from any thread, before the loop is woken, it makes the loop run the function of [`set_attention_hook`].
    pub fn attention(&self) -> Arc<AtomicBool> {
        self.attention.clone()
    }

    /// Posts to this loop from other threads.
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }
}

/// Runs what [`Env::at_exit`] was given, newest first.
pub fn run_at_exit(sc: &mut Scope<'_>) {
    loop {
        let work = env(sc).at_exit.borrow_mut().pop();
        match work {
            Some(work) => sc.nested(|sc| work(sc)),
            None => return,
        }
    }
}

/// Runs the loop until nothing is alive, or JavaScript was told to end.
pub fn run(sc: &mut Scope<'_>) {
    loop {
        if sc.is_terminating() || env(sc).is_stopped() {
            return;
        }
        // The borrow ends with the statement: JavaScript may use the loop while the event is handled.
        let event = env(sc).events.borrow_mut().next_event();
        let Some(event) = event else {
            if sc.has_cleanups() {
                // What the last turn's collection freed is told before the end.
                run_engine_tasks(sc);
                continue;
            }
            if !sc.has_running_tasks() {
                return milestones::reach(&env(sc).milestones.loop_exit_ns);
            }
            // Results of the engine's own threads are due: wait for them.
            let env = env(sc);
            env.events.borrow_mut().set_ref(env.tasks, true);
            continue;
        };
        sc.nested(|sc| dispatch(sc, event));
    }
}

fn dispatch(sc: &mut Scope<'_>, event: Event) {
    let env = env(sc);
    match event {
        Event::Timer(key) if key == env.timer => timers::on_timer(sc),
        Event::Check(key) if key == env.check => timers::on_check(sc),
        Event::Wakeup(key) if key == env.tasks => run_engine_tasks(sc),
        Event::Work(id, result) => {
            let done = env.works.borrow_mut().remove(&id);
            if let Some(done) = done {
                enter(sc, |sc| done(sc, result));
            }
        }
        event => {
            let Some(key) = event.key() else { return };
            let closed = matches!(event, Event::Closed(_));
            let handler =
                if closed { env.handlers.borrow_mut().remove(&key) } else { env.handlers.borrow().get(&key).cloned() };
            if let Some(handler) = handler {
                enter(sc, |sc| handler.on_event(sc, event));
            }
        }
    }
}

/// What [`Env::attention`] makes the loop run.
pub type AttentionHook = fn(&mut Scope<'_>) -> Result<(), Thrown>;

static ATTENTION_HOOK: OnceLock<AttentionHook> = OnceLock::new();

/// Sets the function for all threads. The first call counts.
pub fn set_attention_hook(hook: AttentionHook) {
    let _ignored_after_the_first = ATTENTION_HOOK.set(hook);
}

/// Tasks that WebAssembly, Atomics.waitAsync or the collector left for this thread.
fn run_engine_tasks(sc: &mut Scope<'_>) {
    {
        let env = env(sc);
        env.events.borrow_mut().set_ref(env.tasks, false);
    }
    if env(sc).attention.swap(false, Ordering::SeqCst)
        && let Some(hook) = ATTENTION_HOOK.get()
    {
        enter(sc, *hook);
    }
    let (now, later) = sc.take_tasks();
    for (task, delay_ms) in later {
        let key = {
            let mut events = env(sc).events.borrow_mut();
            let key = events.timer_open();
            // A fresh timer can always be started.
            let started = events.timer_start(key, u64::from(delay_ms), 0);
            debug_assert!(started.is_ok());
            // The end of a wait that may be over by then keeps no program alive, as in Node.
            events.set_ref(key, false);
            key
        };
        env(sc).set_handler(key, Rc::new(DelayedTask { task: Cell::new(Some(task)), key }));
    }
    for task in now {
        enter(sc, |sc| {
            sc.run_task(task);
            Ok(())
        });
    }
    enter(sc, |sc| {
        sc.run_cleanups(uncaught);
        Ok(())
    });
    if sc.has_gc_events() {
        enter(sc, |sc| {
            let listener = env(sc).gc_listener.borrow().as_ref().map(|root| root.get(sc));
            let Some(listener) = listener else { return Ok(()) };
            let this = sc.undefined();
            sc.call(listener, this, &[]).map(|_| ())
        });
    }
}

struct DelayedTask {
    task: Cell<Option<anode_engine::EngineTask>>,
    key: Key,
}

impl Handler for DelayedTask {
    fn on_event(&self, sc: &mut Scope<'_>, _event: Event) -> Result<(), Thrown> {
        if let Some(task) = self.task.take() {
            env(sc).events.borrow_mut().close(self.key);
            sc.run_task(task);
        }
        Ok(())
    }
}

/// Enters JavaScript from the loop: one call, then ticks and promise jobs until both are empty.
pub fn enter(sc: &mut Scope<'_>, work: impl for<'n> FnOnce(&mut Scope<'n>) -> Result<(), Thrown>) {
    sc.nested(|sc| {
        let undefined = sc.undefined();
        sc.set_async_context(undefined);
        if let Err(thrown) = work(sc) {
            // A termination leaves nothing to report.
            let _ended = report(sc, thrown);
        }
        let undefined = sc.undefined();
        sc.set_async_context(undefined);
        drain(sc);
    });
}

/// Ticks and promise jobs until both are empty.
pub fn drain(sc: &mut Scope<'_>) {
    if sc.is_terminating() {
        return;
    }
    loop {
        if env(sc).tick_scheduled.get() {
            match tick_step(sc, STEP_TICKS) {
                Ok(Step::Threw) => return drain_later(sc),
                Ok(_) => {}
                Err(_ended) => break,
            }
        }
        // No JavaScript frame is beneath: the engine may then continue an outermost `await` without a job of its own.
        sc.run_top_level_jobs(uncaught);
        if sc.is_terminating() {
            break;
        }
        if env(sc).tick_scheduled.get() {
            continue;
        }
        if !sc.has_rejections() || matches!(tick_step(sc, STEP_REJECTIONS), Ok(Step::Done) | Err(_)) {
            break;
        }
    }
    sc.clear_kept_objects();
}

/// After an exception that was handled, the ticks behind it run with the next callback's, as in Node; at the latest when the
/// loop comes round.
fn drain_later(sc: &mut Scope<'_>) {
    let env = env(sc);
    env.events.borrow_mut().set_ref(env.tasks, true);
    env.waker.wake();
    sc.clear_kept_objects();
}

/// How a step went.
enum Step {
    Done,
    More,
    Threw,
}

/// Steps of `internal/process/task_queues`: all ticks; what to do about unhandled rejections.
const STEP_TICKS: i32 = 0;
const STEP_REJECTIONS: i32 = 1;

/// One step of the queues in JavaScript. `Err` if execution is being terminated.
fn tick_step(sc: &mut Scope<'_>, step: i32) -> Result<Step, Thrown> {
    sc.nested(|sc| {
        let Some(callback) = env(sc).tick_callback.borrow().as_ref().map(|root| root.get(sc)) else {
            return Ok(Step::Done);
        };
        let this = sc.undefined();
        let step = sc.int(step);
        match sc.call(callback, this, &[step]) {
            Ok(more) => Ok(if more.is_true() { Step::More } else { Step::Done }),
            Err(thrown) => report(sc, thrown).map(|()| Step::Threw),
        }
    })
}

/// Takes the pending exception to the fatal exception handler.
///
/// # Errors
/// If execution is being terminated: stop.
pub fn report(sc: &mut Scope<'_>, thrown: Thrown) -> Result<(), Thrown> {
    match sc.catch_uncaught(thrown) {
        Some(error) => {
            uncaught(sc, error);
            sc.forget_thrown();
            Ok(())
        }
        None => Err(sc.terminated()),
    }
}

/// An exception that nobody caught: `process._fatalException` decides whether the process goes on.
pub fn uncaught(sc: &mut Scope<'_>, error: Local<'_>) {
    let handler = env(sc).fatal_exception.borrow().as_ref().map(|root| root.get(sc));
    let Some(handler) = handler else {
        let text = describe_error(sc, error);
        eprint_line(&text);
        Engine::exit_process(EXIT_BOOTSTRAP)
    };
    let this = sc.undefined();
    if let Err(thrown) = sc.call(handler, this, &[error])
        && let Some(second) = sc.catch(thrown)
    {
        let text = describe_error(sc, second);
        eprint_line(&text);
        Engine::exit_process(EXIT_HANDLER_THREW)
    }
}

/// Node docs: process exit codes, "Internal JavaScript Run-Time Failure".
const EXIT_BOOTSTRAP: ExitCode = 4;
/// Node docs: process exit codes, "Internal Exception Handler Run-Time Failure".
const EXIT_HANDLER_THREW: ExitCode = 7;

fn eprint_line(text: &str) {
    use std::io::Write as _;
    // Standard error may be closed; there is nowhere else to say so.
    let _written = writeln!(std::io::stderr(), "{text}");
}

/// The stack of an error, or the value as a string.
pub fn describe_error(sc: &mut Scope<'_>, error: Local<'_>) -> String {
    if error.is_object()
        && let Ok(stack) = sc.get(error, "stack")
        && let Some(text) = sc.as_string(stack)
    {
        return text;
    }
    sc.to_string(error).unwrap_or_else(|_| "an exception that cannot be printed".to_owned())
}

/// Ends the process now: no further turn, no static destructors of the engine (its helper threads still run).
pub(crate) fn exit_now<'s>(_sc: &mut Scope<'s>, code: ExitCode) -> JsResult<'s> {
    Engine::exit_process(code)
}
