//! Thread-safe functions: calls from any thread, made one by one on the thread of their environment.
//!
//! ```text
//!   open ──(last thread released, queue empty)──► closing ──► finalized
//!     └──(abort, or the end of the thread)───────►
//! ```
//!
//! Threads share a [`Queue`]; everything of JavaScript stays in [`Owner`], the handler of the loop's waker. The address that
//! addons hold is that of a [`ThreadSafeFunction`], freed once it is finalized and no thread is left that may use it.

use crate::env::{self, Env, call};
use crate::lifecycle;
use crate::types::{EnvRef, Finalize, Out, Status, Value};
use crate::work::{AsyncContext, call_in};
use anode_engine::{Root, Scope, Thrown, raw};
use anode_runtime::event_loop::{Event, Key, Waker};
use anode_runtime::{Handler, env as runtime_env, turn};
use mozjs::jsapi as sm;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Calls made in one event of the loop, at most; the rest waits for the next. Keeps other handles alive.
const CALLS_PER_EVENT: usize = 1000;

/// `napi_threadsafe_function_call_js`
type CallJs = unsafe extern "C" fn(*const Env, *mut sm::Value, *mut c_void, *mut c_void);

struct State {
    queue: VecDeque<usize>,
    /// No more calls are taken.
    closing: bool,
    /// Its finalizer ran, or will never.
    finalized: bool,
    threads: usize,
}

/// `napi_threadsafe_function`: what all threads may touch.
pub struct ThreadSafeFunction {
    state: Mutex<State>,
    room: Condvar,
    /// Entries that the queue takes; 0 for any number.
    limit: usize,
    waker: Waker,
    context: *mut c_void,
    key: Key,
}

impl ThreadSafeFunction {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The JavaScript side.
struct Owner {
    env: *const Env,
    shared: *const ThreadSafeFunction,
    function: RefCell<Option<Root>>,
    call_js: Option<CallJs>,
    finalize: Cell<Option<Finalize>>,
    finalize_data: *mut c_void,
    resource: AsyncContext,
    hook: Cell<u64>,
    closed: Cell<bool>,
}

/// Frees a function that is finalized and that no thread may use any more.
///
/// # Safety
/// `shared` is used no more by the caller.
unsafe fn free_if_unused(shared: *const ThreadSafeFunction) {
    // SAFETY: by the protocol of the module it is freed only here, when both sides are done.
    let unused = unsafe {
        let state = (*shared).lock();
        state.finalized && state.threads == 0
    };
    if unused {
        // SAFETY: nobody else has the right to use it.
        drop(unsafe { Box::from_raw(shared.cast_mut()) });
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_threadsafe_function(
    env: EnvRef,
    function: Value,
    resource: Value,
    name: Value,
    limit: usize,
    threads: usize,
    finalize_data: *mut c_void,
    finalize: Option<Finalize>,
    context: *mut c_void,
    call_js: Option<CallJs>,
    result: Out<'_, *const ThreadSafeFunction>,
) -> Status {
    call(env, |env| {
        let name = name.local()?;
        result.check()?;
        if threads == 0 {
            return Err(Status::InvalidArg);
        }
        let function = if function.is_null() {
            // Without a function there must be somebody who knows what to call.
            call_js.ok_or(Status::InvalidArg)?;
            None
        } else {
            let function = function.local()?;
            if !function.is_function() {
                return Err(Status::InvalidArg);
            }
            Some(function)
        };
        let resource =
            if resource.is_null() { None } else { Some(resource.local()?).filter(|value| value.is_object()) };
        let shared = env.scope(|sc| {
            let resource = AsyncContext::new(sc, resource, name)?;
            let (key, waker) = runtime_env(sc).events.borrow_mut().waker_open();
            let shared = Box::into_raw(Box::new(ThreadSafeFunction {
                state: Mutex::new(State { queue: VecDeque::new(), closing: false, finalized: false, threads }),
                room: Condvar::new(),
                limit,
                waker,
                context,
                key,
            }))
            .cast_const();
            let owner = Rc::new(Owner {
                env,
                shared,
                function: RefCell::new(function.map(|function| Root::new(sc, function))),
                call_js,
                finalize: Cell::new(finalize),
                finalize_data,
                resource,
                hook: Cell::new(0),
                closed: Cell::new(false),
            });
            runtime_env(sc).set_handler(key, owner.clone());
            let at_end = owner.clone();
            owner.hook.set(lifecycle::at_end(&env.thread, Box::new(move |sc| at_end.end(sc))));
            Ok(shared)
        })?;
        result.set(shared)
    })
}

impl Handler for Owner {
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        match event {
            Event::Wakeup(_) => self.dispatch(sc),
            Event::Closed(_) => self.finish(sc),
            _ => Ok(()),
        }
    }
}

impl Owner {
    fn env(&self) -> &'static Env {
        // SAFETY: environments are leaked.
        unsafe { &*self.env }
    }

    fn shared(&self) -> &ThreadSafeFunction {
        // SAFETY: freed only after `finished`, which ends the owner.
        unsafe { &*self.shared }
    }

    /// Makes the calls that wait, each with the ticks and promise jobs that it causes.
    fn dispatch(&self, sc: &mut Scope<'_>) -> Result<(), Thrown> {
        for _ in 0..CALLS_PER_EVENT {
            if self.closed.get() || sc.is_terminating() {
                return Ok(());
            }
            let next = {
                let mut state = self.shared().lock();
                let next = if state.closing { None } else { state.queue.pop_front() };
                if next.is_some() {
                    self.shared().room.notify_one();
                } else if state.closing || state.threads == 0 {
                    drop(state);
                    self.close(sc);
                    return Ok(());
                } else {
                    return Ok(());
                }
                next
            };
            let Some(data) = next else { return Ok(()) };
            turn::enter(sc, |sc| self.call(sc, data as *mut c_void));
        }
        self.shared().waker.wake();
        Ok(())
    }

    fn call(&self, sc: &mut Scope<'_>, data: *mut c_void) -> Result<(), Thrown> {
        let env = self.env();
        let function = self.function.borrow().as_ref().map(|root| root.get(sc));
        match self.call_js {
            Some(call_js) => {
                let context = self.shared().context;
                call_in(env, sc, &self.resource, || {
                    let function = function.map_or(ptr::null_mut(), |function| env.push(raw::value(function)).0);
                    // SAFETY: the addon's own function with its own data, on its thread.
                    unsafe { call_js(env, function, context, data) };
                })
            }
            None => {
                let Some(function) = function else { return Ok(()) };
                let open = self.resource.open(sc)?;
                let undefined = sc.undefined();
                match sc.call(function, undefined, &[]) {
                    Ok(_) => self.resource.close(sc, &open),
                    Err(thrown) => {
                        let Some(error) = sc.catch(thrown) else { return Err(sc.terminated()) };
                        self.resource.close(sc, &open)?;
                        Err(sc.throw(error))
                    }
                }
            }
        }
    }

    /// Takes no more calls; the rest follows in a turn of its own.
    fn close(&self, sc: &mut Scope<'_>) {
        if self.closed.replace(true) {
            return;
        }
        {
            let mut state = self.shared().lock();
            state.closing = true;
            self.shared().room.notify_all();
        }
        let key = self.shared().key;
        runtime_env(sc).events.borrow_mut().close(key);
    }

    /// The end of the thread, unless the function ended before.
    fn end(&self, sc: &mut Scope<'_>) {
        self.close(sc);
        // Nobody is left to report an exception to.
        let _thrown = self.finish(sc);
    }

    /// Runs the finalizer, gives back what was not called, and lets go.
    fn finish(&self, sc: &mut Scope<'_>) -> Result<(), Thrown> {
        let env = self.env();
        env.thread.hooks.remove_own(self.hook.get());
        if self.shared().lock().finalized {
            return Ok(());
        }
        let mut result = Ok(());
        if let Some(finalize) = self.finalize.take() {
            let (data, context) = (self.finalize_data, self.shared().context);
            // SAFETY: the addon's own function with its own data, once, on its thread.
            result = call_in(env, sc, &self.resource, || unsafe { finalize(env, data, context) });
        }
        self.function.borrow_mut().take();
        loop {
            let entry = self.shared().lock().queue.pop_front();
            let Some(data) = entry else { break };
            if let Some(call_js) = self.call_js {
                // SAFETY: without an environment the addon only frees its data.
                unsafe { call_js(ptr::null(), ptr::null_mut(), self.shared().context, data as *mut c_void) };
            }
        }
        if !sc.is_terminating() {
            result = result.and(self.resource.destroy(sc));
        }
        self.shared().lock().finalized = true;
        // SAFETY: the owner is done with it.
        unsafe { free_if_unused(self.shared) };
        result
    }
}

/// The function behind an address. Misuse that C cannot be told about ends the process, as in Node.
fn shared<'a>(function: *const ThreadSafeFunction, caller: &str) -> &'a ThreadSafeFunction {
    // SAFETY: null, or one that the calling thread has acquired, so it is not freed.
    match unsafe { function.as_ref() } {
        Some(function) => function,
        None => env::fatal(caller, "called without a thread-safe function"),
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_threadsafe_function_context(
    function: *const ThreadSafeFunction,
    result: Out<'_, *mut c_void>,
) -> Status {
    let function = shared(function, "napi_get_threadsafe_function_context");
    match result.set(function.context) {
        Ok(()) => Status::Ok,
        Err(status) => status,
    }
}

/// `napi_tsfn_blocking`
const BLOCKING: i32 = 1;
/// `napi_tsfn_abort`
const ABORT: i32 = 1;

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_call_threadsafe_function(
    function: *const ThreadSafeFunction,
    data: *mut c_void,
    mode: i32,
) -> Status {
    let this = shared(function, "napi_call_threadsafe_function");
    let mut state = this.lock();
    while this.limit > 0 && state.queue.len() >= this.limit && !state.closing {
        if mode != BLOCKING {
            return Status::QueueFull;
        }
        state = this.room.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    if state.closing {
        if state.threads == 0 {
            return Status::InvalidArg;
        }
        // The thread is told, and has no more right to use it.
        state.threads -= 1;
        drop(state);
        // SAFETY: not used below.
        unsafe { free_if_unused(function) };
        return Status::Closing;
    }
    state.queue.push_back(data as usize);
    drop(state);
    this.waker.wake();
    Status::Ok
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_acquire_threadsafe_function(function: *const ThreadSafeFunction) -> Status {
    let mut state = shared(function, "napi_acquire_threadsafe_function").lock();
    if state.closing {
        return Status::Closing;
    }
    state.threads += 1;
    Status::Ok
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_release_threadsafe_function(function: *const ThreadSafeFunction, mode: i32) -> Status {
    let this = shared(function, "napi_release_threadsafe_function");
    let mut state = this.lock();
    if state.threads == 0 {
        return Status::InvalidArg;
    }
    state.threads -= 1;
    if (state.threads == 0 || mode == ABORT) && !state.closing {
        state.closing = mode == ABORT;
        if state.closing {
            this.room.notify_all();
        }
        // Once unlocked, the other side may finish and free the function.
        let waker = this.waker.clone();
        drop(state);
        waker.wake();
        return Status::Ok;
    }
    drop(state);
    // SAFETY: not used below.
    unsafe { free_if_unused(function) };
    Status::Ok
}

fn set_ref(env: EnvRef, function: *const ThreadSafeFunction, refed: bool) -> Status {
    call(env, |env| {
        // SAFETY: null, or a function that the caller may use.
        let key = unsafe { function.as_ref() }.ok_or(Status::InvalidArg)?.key;
        env.scope(|sc| {
            runtime_env(sc).events.borrow_mut().set_ref(key, refed);
            Ok(())
        })
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_unref_threadsafe_function(env: EnvRef, function: *const ThreadSafeFunction) -> Status {
    set_ref(env, function, false)
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_ref_threadsafe_function(env: EnvRef, function: *const ThreadSafeFunction) -> Status {
    set_ref(env, function, true)
}
