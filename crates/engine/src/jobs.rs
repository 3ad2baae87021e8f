//! Promise jobs, rejections, the async context, and tasks that other threads hand to the engine.

use crate::context::{self, ContextData};
use crate::error::Thrown;
use crate::own_jobs::OwnJobs;
use crate::promise_hooks;
use crate::root::Root;
use crate::scope::{Local, Scope};
use crate::sys;
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A promise that was rejected without a handler, or got one later.
pub struct Rejection {
    /// The promise.
    pub promise: Root,
    /// False: rejected without handler. True: a handler came later.
    pub handled: bool,
    /// The async context at that moment.
    pub context: Root,
}

/// Wakes the loop of a context from another thread: there is a task to run.
type Wake = Box<dyn Fn() + Send + Sync>;

#[derive(Default)]
struct Tasks {
    queue: Mutex<VecDeque<usize>>,
    delayed: Mutex<Vec<(usize, u32)>>,
    wake: Mutex<Option<Wake>>,
    /// The context ends: no task is taken any more.
    closed: AtomicBool,
    /// Tasks on other threads whose results are waited for.
    running: AtomicUsize,
}

pub(crate) struct JobState {
    /// Jobs dequeued so far.
    dequeued: Cell<u64>,
    /// Where the job that runs is rooted; null while none does.
    running: Cell<*const *mut sm::JSObject>,
    /// Contexts of jobs whose promise was settled already when they were queued; see [`host_global`].
    side: RefCell<VecDeque<(u64, Root)>>,
    rejections: RefCell<Vec<Rejection>>,
    /// Jobs that were queued while a Debugger hook ran, with their contexts; their queue ends with the hook.
    deferred: RefCell<VecDeque<Root>>,
    /// FinalizationRegistry cleanups that wait for a turn.
    cleanups: RefCell<Vec<Root>>,
    /// What runs the jobs of [`Scope::queue_job`].
    runner: RefCell<Option<Root>>,
    /// Whether any realm has had a queue of its own.
    own_queues: Cell<bool>,
    tasks: Arc<Tasks>,
}

impl Default for JobState {
    fn default() -> JobState {
        JobState {
            dequeued: Cell::default(),
            running: Cell::new(std::ptr::null()),
            side: RefCell::default(),
            rejections: RefCell::default(),
            deferred: RefCell::default(),
            cleanups: RefCell::default(),
            runner: RefCell::default(),
            own_queues: Cell::default(),
            tasks: Arc::default(),
        }
    }
}

/// Gives a fresh context its job queue and callbacks.
///
/// # Safety
/// `cx` is a fresh context of this thread with `data` as its private, and runs no script yet.
pub(crate) unsafe fn install(cx: *mut sm::JSContext, data: &'static ContextData) {
    let traps = glue::JobQueueTraps {
        getHostDefinedData: Some(host_data),
        getHostDefinedGlobal: Some(host_global),
        runJobs: Some(run_jobs_for_debugger),
        traceNonGCThingMicroTask: Some(trace_foreign_task),
    };
    // SAFETY: by the caller; the queue lives as long as the context (both are leaked).
    unsafe {
        let queue = glue::CreateJobQueue(&traps);
        sm::SetJobQueue(cx, queue.cast());
        sm::SetPromiseRejectionTrackerCallback(cx, Some(track_rejection), std::ptr::null_mut());
        sm::SetHostCleanupFinalizationRegistryCallback(cx, Some(queue_cleanup), std::ptr::null_mut());
        sys::init_async_task_callbacks(
            cx,
            dispatch_task,
            dispatch_delayed_task,
            Some(task_started),
            Some(task_finished),
            Arc::as_ptr(&data.jobs.tasks) as *mut c_void,
        );
    }
}

/// `.then()` on a pending promise: the reaction keeps the global and the current async context.
unsafe extern "C" fn host_data(
    cx: *mut sm::JSContext,
    global: sm::MutableHandle<*mut sm::JSObject>,
    data: sm::MutableHandle<*mut sm::JSObject>,
) -> bool {
    let ours = context::data_of(cx);
    // SAFETY: out-parameters are roots of the engine; the async context slot is ours and holds an object or undefined.
    unsafe {
        let context = promise_hooks::carried_now(ours);
        *global.ptr = sm::CurrentGlobalOrNull(cx);
        *data.ptr = if context.is_object() { context.to_object() } else { std::ptr::null_mut() };
    }
    true
}

/// `.then()` on a settled promise: its job is queued right now and carries no data, so the context goes to the side queue
/// under the number that the job will have when it is dequeued.
unsafe extern "C" fn host_global(cx: *mut sm::JSContext, global: sm::MutableHandle<*mut sm::JSObject>) -> bool {
    let ours = context::data_of(cx);
    // SAFETY: as in `host_data`.
    unsafe {
        *global.ptr = sm::CurrentGlobalOrNull(cx);
        let context = promise_hooks::carried_now(ours);
        if context.is_object() {
            let number = ours.jobs.dequeued.get() + sm::GetRegularMicroTaskCount(cx) as u64;
            let root = Root::from_raw(ours, context);
            let mut side = ours.jobs.side.borrow_mut();
            if side.back().is_some_and(|(last, _)| *last == number) {
                side.pop_back();
            }
            side.push_back((number, root));
        }
    }
    true
}

/// A Debugger hook ends, and with it the queue that its jobs went to: they wait for the end of the main queue.
unsafe extern "C" fn run_jobs_for_debugger(cx: *mut sm::JSContext) {
    let ours = context::data_of(cx);
    mozjs::rooted!(in(cx) let mut task = jsval::UndefinedValue());
    // SAFETY: the protocol of js/friend/MicroTask.h; the task is rooted until it is in the table.
    unsafe {
        while sm::HasAnyMicroTasks(cx) {
            glue::JS_DequeueNextMicroTask(cx, hm!(task));
            ours.jobs.deferred.borrow_mut().push_back(Root::from_raw(ours, task.get()));
        }
    }
}

unsafe extern "C" fn trace_foreign_task(_tracer: *mut sm::JSTracer, _task: *mut sm::Value) {
    // Jobs that are no promise jobs are objects, which the engine traces by itself.
}

unsafe extern "C" fn track_rejection(
    cx: *mut sm::JSContext,
    _muted: bool,
    promise: sm::HandleObject,
    state: sm::PromiseRejectionHandlingState,
    _data: *mut c_void,
) {
    let ours = context::data_of(cx);
    let handled = state == sm::PromiseRejectionHandlingState::Handled;
    // SAFETY: `promise` is rooted by the engine; the context slot is ours.
    let (promise, context) = unsafe {
        (Root::from_raw(ours, jsval::ObjectValue(*promise.ptr)), Root::from_raw(ours, *ours.arena.async_context.get()))
    };
    ours.jobs.rejections.borrow_mut().push(Rejection { promise, handled, context });
}

unsafe extern "C" fn queue_cleanup(function: *mut sm::JSFunction, _global: *mut sm::JSObject, data: *mut c_void) {
    let _ = data;
    // SAFETY: `function` is live; no GC runs script here. The engine gives no context, so the thread's own is used.
    unsafe {
        let object = sm::JS_GetFunctionObject(function);
        if let Some(ours) = context::current() {
            let root = Root::from_raw(ours, jsval::ObjectValue(object));
            ours.jobs.cleanups.borrow_mut().push(root);
            ours.jobs.tasks.wake();
        }
    }
}

impl Tasks {
    fn wake(&self) {
        if let Ok(wake) = self.wake.lock()
            && let Some(wake) = wake.as_ref()
        {
            wake();
        }
    }
}

unsafe extern "C" fn dispatch_task(closure: *mut c_void, task: *mut *mut c_void) -> bool {
    // SAFETY: `closure` is the Tasks of a leaked context; `task` is a UniquePtr passed by reference, which we take.
    unsafe {
        let tasks = &*(closure as *const Tasks);
        let Ok(mut queue) = tasks.queue.lock() else { return false };
        if tasks.closed.load(Ordering::SeqCst) {
            // The engine counts those it gets back, and ends when it has them all.
            sys::dispatchable_release_failed(task);
            return false;
        }
        queue.push_back(*task as usize);
        *task = std::ptr::null_mut();
        drop(queue);
        tasks.wake();
    }
    true
}

unsafe extern "C" fn dispatch_delayed_task(closure: *mut c_void, task: *mut *mut c_void, delay_ms: u32) -> bool {
    // SAFETY: as above.
    unsafe {
        let tasks = &*(closure as *const Tasks);
        let Ok(mut delayed) = tasks.delayed.lock() else { return false };
        if tasks.closed.load(Ordering::SeqCst) {
            // The engine counts those it gets back, and ends when it has them all.
            sys::dispatchable_release_failed(task);
            return false;
        }
        delayed.push((*task as usize, delay_ms));
        *task = std::ptr::null_mut();
        drop(delayed);
        tasks.wake();
    }
    true
}

/// A cancellable task (asynchronous WebAssembly compilation) begins on another thread.
unsafe extern "C" fn task_started(closure: *mut c_void, _task: *mut c_void) {
    // SAFETY: `closure` is the Tasks of a leaked context.
    unsafe { &*(closure as *const Tasks) }.running.fetch_add(1, Ordering::Relaxed);
}

/// A cancellable task has been run, or dropped.
unsafe extern "C" fn task_finished(closure: *mut c_void, _task: *mut c_void) {
    // SAFETY: as above.
    unsafe { &*(closure as *const Tasks) }.running.fetch_sub(1, Ordering::Relaxed);
}

/// A task of the engine that must run on its JavaScript thread.
pub struct EngineTask(usize);

impl Drop for EngineTask {
    fn drop(&mut self) {
        // Never run: the engine wants it back when the context ends, and waits for it.
        if self.0 != 0
            && let Some(data) = context::current()
            && let Ok(mut queue) = data.jobs.tasks.queue.lock()
        {
            queue.push_back(self.0);
        }
    }
}

/// Takes no more tasks, hands the engine back those that did not run, and waits for those on other threads. Lets go of all
/// roots.
pub(crate) fn shut_down(cx: *mut sm::JSContext, data: &'static ContextData) {
    let tasks = &data.jobs.tasks;
    tasks.closed.store(true, Ordering::SeqCst);
    if let Ok(mut wake) = tasks.wake.lock() {
        *wake = None;
    }
    let mut left: Vec<usize> = tasks.queue.lock().map(|mut queue| queue.drain(..).collect()).unwrap_or_default();
    if let Ok(mut delayed) = tasks.delayed.lock() {
        left.extend(delayed.drain(..).map(|(task, _)| task));
    }
    for task in left {
        let mut raw = task as *mut c_void;
        // SAFETY: as in `run_task`; mode 1 is ShuttingDown, in which a task runs no script.
        unsafe { sys::dispatchable_run(cx, &mut raw, 1) };
    }
    // SAFETY: the context of this thread, which runs no script any more.
    unsafe {
        sm::CancelAsyncTasks(cx);
        sm::ShutdownAsyncTasks(cx);
    }
    data.hooks.clear();
    data.jobs.side.borrow_mut().clear();
    data.jobs.rejections.borrow_mut().clear();
    data.jobs.cleanups.borrow_mut().clear();
    data.jobs.runner.replace(None);
}

impl<'s> Scope<'s> {
    /// Runs promise jobs until none is left. `uncaught` gets what a job threw. False if a job was terminated; the jobs after it
    /// wait.
    pub fn run_jobs(&mut self, uncaught: impl FnMut(&mut Scope<'_>, Local<'_>)) -> bool {
        self.run_all_jobs(uncaught, false, None)
    }

    /// As [`Scope::run_jobs`], for callers that no JavaScript frame is beneath of.
    pub fn run_top_level_jobs(&mut self, uncaught: impl FnMut(&mut Scope<'_>, Local<'_>)) {
        // Whoever terminates a thread's last frame looks after what follows.
        let _completed = self.run_all_jobs(uncaught, true, None);
    }

    /// Sets the function that is called with each job of [`Scope::queue_job`]. It handles what the job throws.
    pub fn set_job_runner(&mut self, runner: Local<'_>) {
        let root = Root::new(self, runner);
        self.data().jobs.runner.replace(Some(root));
    }

    /// Queues `job`, an object of the realm of the runner, behind the promise jobs of this moment.
    pub fn queue_job(&mut self, job: Local<'_>) -> Result<(), Thrown> {
        let value = job.raw();
        // SAFETY: `job` is rooted; the queue copies the value and traces it.
        Thrown::check(unsafe { sm::EnqueueMicroTask(self.cx(), &value) })
    }

    /// Calls the runner with a job of [`Scope::queue_job`]; false if it was terminated.
    fn run_queued(&mut self, job: sm::Value, uncaught: &mut impl FnMut(&mut Scope<'_>, Local<'_>)) -> bool {
        self.nested(|sc| {
            let job = sc.local(job);
            let runner = match sc.data().jobs.runner.borrow().as_ref() {
                Some(root) => root.get(sc),
                None => return true,
            };
            let this = sc.undefined();
            let Err(thrown) = sc.call(runner, this, &[job]) else { return true };
            match sc.catch(thrown) {
                Some(error) => {
                    uncaught(sc, error);
                    true
                }
                None => false,
            }
        })
    }

    /// With `own`, only the jobs of that queue.
    pub(crate) fn run_all_jobs(
        &mut self,
        mut uncaught: impl FnMut(&mut Scope<'_>, Local<'_>),
        top_level: bool,
        mut own: Option<&mut OwnJobs>,
    ) -> bool {
        // SAFETY: reads a counter of this thread's context.
        if own.is_none() && !unsafe { sm::HasAnyMicroTasks(self.cx()) } {
            return true;
        }
        let mut completed = true;
        let cx = self.cx();
        let data = self.data();
        mozjs::rooted!(in(cx) let mut task = jsval::UndefinedValue());
        mozjs::rooted!(in(cx) let mut entry = std::ptr::null_mut::<sm::JSObject>());
        mozjs::rooted!(in(cx) let mut global = std::ptr::null_mut::<sm::JSObject>());
        mozjs::rooted!(in(cx) let mut context = std::ptr::null_mut::<sm::JSObject>());
        mozjs::rooted!(in(cx) let mut promise = std::ptr::null_mut::<sm::JSObject>());
        // SAFETY: the context slot is ours.
        let outer = Root::from_raw(data, unsafe { *data.arena.async_context.get() });
        // SAFETY (loop): the protocol of js/friend/MicroTask.h; everything that is kept is rooted.
        unsafe {
            loop {
                let mut side = None;
                if let Some(own) = own.as_deref_mut() {
                    let Some((job, carried)) = own.next(self) else { break };
                    task.set(job);
                    side = carried;
                } else if sm::HasAnyMicroTasks(cx) {
                    glue::JS_DequeueNextMicroTask(cx, hm!(task));
                    side = data.jobs.take_next_side();
                } else {
                    let Some(root) = data.jobs.deferred.borrow_mut().pop_front() else { break };
                    task.set(root.value());
                }
                if !sm::IsJSMicroTask(task.as_ptr()) {
                    if !self.run_queued(task.get(), &mut uncaught) {
                        completed = false;
                        break;
                    }
                    continue;
                }
                entry.set(sm::ToMaybeWrappedJSMicroTask(task.as_ptr()));
                let realm_global = sm::GetExecutionGlobalFromJSMicroTask(entry.get());
                if realm_global.is_null() {
                    continue;
                }
                if own.is_none() && data.jobs.own_queues.get() {
                    let carried = side.as_ref().map_or(jsval::UndefinedValue(), Root::value);
                    if self.keep_own_job(realm_global, task.get(), carried) {
                        continue;
                    }
                }
                context.set(std::ptr::null_mut());
                if side.is_none() {
                    sm::MaybeGetHostDefinedDataFromJSMicroTask(entry.get(), hm!(global), hm!(context));
                }
                let carried = promise_hooks::unpack(match side {
                    Some(root) => root.value(),
                    None if context.get().is_null() => jsval::UndefinedValue(),
                    None => jsval::ObjectValue(context.get()),
                });
                *data.arena.async_context.get() = carried.context;
                let hooked = data.hooks.is_active();
                if hooked {
                    promise.set(carried.promise);
                }
                // The last job of the queue may run its awaits on: the order cannot change, as nothing else waits. The engine
                // does so only for a function that no other frame waits for, and looking for frames is not free.
                let last = top_level && !hooked && !sm::HasAnyMicroTasks(cx);
                if last {
                    sm::JobQueueIsEmpty(cx);
                }
                let old_realm = sm::EnterRealm(cx, realm_global);
                let hidden = !promise.get().is_null();
                if hooked {
                    if !hidden {
                        promise.set(sm::MaybeGetPromiseFromJSMicroTask(entry.get()));
                    }
                    self.hook_before(promise.get());
                }
                let outer_job = data.jobs.running.replace(entry.as_ptr());
                let ok = sm::RunJSMicroTask(cx, h!(entry));
                data.jobs.running.set(outer_job);
                if last {
                    sm::JobQueueMayNotBeEmpty(cx);
                }
                if !ok {
                    let caught = self.nested(|sc| match sc.catch(Thrown::pending()) {
                        Some(error) => {
                            uncaught(sc, error);
                            true
                        }
                        None => false,
                    });
                    if !caught {
                        sm::LeaveRealm(cx, old_realm);
                        completed = false;
                        break;
                    }
                }
                // A hook may have been set by this very job: it hears of its end.
                if data.hooks.is_active() {
                    if !hooked {
                        promise.set(sm::MaybeGetPromiseFromJSMicroTask(entry.get()));
                    }
                    self.hook_after(promise.get(), hidden);
                }
                promise.set(std::ptr::null_mut());
                sm::LeaveRealm(cx, old_realm);
            }
            *data.arena.async_context.get() = outer.value();
        }
        completed
    }

    /// Lets go of the targets that WeakRef kept alive during this turn. Once after every turn.
    pub fn clear_kept_objects(&mut self) {
        // SAFETY: between jobs, as ECMA-262 ClearKeptObjects demands.
        unsafe { sm::ClearKeptObjects(self.cx()) };
    }

    /// Rejections and late handlers since the last call.
    pub fn take_rejections(&mut self) -> Vec<Rejection> {
        std::mem::take(&mut *self.data().jobs.rejections.borrow_mut())
    }

    /// Whether [`Scope::take_rejections`] would return any.
    pub fn has_rejections(&self) -> bool {
        !self.data().jobs.rejections.borrow().is_empty()
    }

    /// The current async context: an object or `undefined`.
    pub fn async_context(&self) -> Local<'s> {
        // SAFETY: the slot is ours and always initialised.
        self.local(unsafe { *self.data().arena.async_context.get() })
    }

    /// Replaces the async context, which promise reactions capture from now on.
    pub fn set_async_context(&mut self, context: Local<'_>) {
        // SAFETY: the slot is traced with the arena.
        unsafe { *self.data().arena.async_context.get() = context.raw() };
    }

    /// Sets what wakes this thread's loop when another thread (WebAssembly, Atomics.waitAsync) or the collector has a
    /// task for it.
    pub fn set_task_waker(&mut self, wake: Box<dyn Fn() + Send + Sync>) {
        if let Ok(mut slot) = self.data().jobs.tasks.wake.lock() {
            *slot = Some(wake);
        }
    }

    /// Tasks to run now, and tasks to run after a delay in milliseconds.
    pub fn take_tasks(&mut self) -> (Vec<EngineTask>, Vec<(EngineTask, u32)>) {
        self.check_sigint_trace();
        let tasks = &self.data().jobs.tasks;
        let now = tasks.queue.lock().map(|mut queue| queue.drain(..).map(EngineTask).collect()).unwrap_or_default();
        let later = tasks
            .delayed
            .lock()
            .map(|mut delayed| delayed.drain(..).map(|(task, delay)| (EngineTask(task), delay)).collect())
            .unwrap_or_default();
        (now, later)
    }

    /// Whether tasks run on other threads that will bring results: the loop has to wait for them.
    pub fn has_running_tasks(&self) -> bool {
        self.data().jobs.tasks.running.load(Ordering::Relaxed) > 0
    }

    /// Runs a task from [`Scope::take_tasks`].
    pub fn run_task(&mut self, task: EngineTask) {
        let mut task = task;
        let mut raw = std::mem::take(&mut task.0) as *mut c_void;
        // SAFETY: the pointer is the UniquePtr content that the engine handed over, run once, on its own thread.
        unsafe { sys::dispatchable_run(self.cx(), &mut raw, 0) };
    }

    /// Whether [`Scope::run_cleanups`] would call anything.
    pub fn has_cleanups(&self) -> bool {
        !self.data().jobs.cleanups.borrow().is_empty()
    }

    /// Calls the cleanup functions of FinalizationRegistry whose targets died.
    pub fn run_cleanups(&mut self, mut uncaught: impl FnMut(&mut Scope<'_>, Local<'_>)) {
        let cleanups = std::mem::take(&mut *self.data().jobs.cleanups.borrow_mut());
        for cleanup in cleanups {
            self.nested(|sc| {
                let function = cleanup.get(sc);
                let this = sc.undefined();
                if let Err(thrown) = sc.call(function, this, &[])
                    && let Some(error) = sc.catch(thrown)
                {
                    uncaught(sc, error);
                }
            });
        }
    }
}

impl JobState {
    /// A function that wakes this thread's loop from another.
    pub(crate) fn waker(&self) -> impl Fn() + Send + use<> {
        let tasks = self.tasks.clone();
        move || tasks.wake()
    }

    /// Wakes this thread's loop.
    pub(crate) fn wake(&self) {
        self.tasks.wake();
    }

    #[inline]
    pub(crate) fn is_running(&self) -> bool {
        !self.running.get().is_null()
    }

    /// The promise job that runs; null if none does.
    pub(crate) fn running(&self) -> *mut sm::JSObject {
        let slot = self.running.get();
        // SAFETY: the slot is a root of the function that runs the job, and set only while it does.
        if slot.is_null() { std::ptr::null_mut() } else { unsafe { *slot } }
    }

    /// From now on jobs are asked for realms with queues of their own.
    pub(crate) fn note_own_queue(&self) {
        self.own_queues.set(true);
    }

    /// The side context of the job that was just dequeued.
    pub(crate) fn take_next_side(&self) -> Option<Root> {
        let number = self.dequeued.get();
        self.dequeued.set(number + 1);
        self.take_side(number)
    }

    /// Says what the last job of the engine's queue carries; `behind` jobs are before it.
    pub(crate) fn put_side(&self, behind: u64, carried: Root) {
        self.side.borrow_mut().push_back((self.dequeued.get() + behind, carried));
    }

    /// The side context of job `number`, dropping older ones.
    fn take_side(&self, number: u64) -> Option<Root> {
        let mut side = self.side.borrow_mut();
        while side.front().is_some_and(|(at, _)| *at < number) {
            side.pop_front();
        }
        if side.front().is_some_and(|(at, _)| *at == number) { side.pop_front().map(|(_, root)| root) } else { None }
    }
}
