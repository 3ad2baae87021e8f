//! Work beside the JavaScript thread, and callbacks from outside of it: async work, async contexts, callback scopes.

use crate::env::{Env, Fail, call, call_js};
use crate::types::{EnvRef, List, Out, Status, Value};
use anode_engine::{Local, Root, Scope, Thrown};
use anode_runtime::event_loop::{WorkError, WorkId};
use anode_runtime::{env as runtime_env, require_builtin};
use std::cell::Cell;
use std::ffi::c_void;
use std::rc::Rc;

/// The builtin that tells async_hooks about what addons do.
const RESOURCES: &str = "internal/napi/resources";

/// What a callback of an addon belongs to: an id for async_hooks, and the stores of AsyncLocalStorage.
pub(crate) struct AsyncContext {
    resource: Root,
    frame: Option<Root>,
}

/// Puts back what was current before [`AsyncContext::open`].
pub(crate) struct OpenContext {
    before: Root,
}

impl AsyncContext {
    /// A new context that was made by the running code.
    pub(crate) fn new(
        sc: &mut Scope<'_>,
        resource: Option<Local<'_>>,
        name: Local<'_>,
    ) -> Result<AsyncContext, Thrown> {
        let module = require_builtin(sc, RESOURCES)?;
        let make = sc.get(module, "make")?;
        let undefined = sc.undefined();
        let name = sc.to_js_string(name)?;
        let resource = match resource {
            Some(resource) => sc.call(make, undefined, &[name, resource])?,
            None => sc.call(make, undefined, &[name])?,
        };
        Ok(AsyncContext { resource: Root::new(sc, resource), frame: Root::of_async_context() })
    }

    fn tell(&self, sc: &mut Scope<'_>, name: &str) -> Result<(), Thrown> {
        let module = require_builtin(sc, RESOURCES)?;
        let function = sc.get(module, name)?;
        let undefined = sc.undefined();
        let resource = self.resource.get(sc);
        sc.call(function, undefined, &[resource]).map(|_| ())
    }

    /// Makes this the context of the running code.
    pub(crate) fn open(&self, sc: &mut Scope<'_>) -> Result<OpenContext, Thrown> {
        let before = sc.async_context();
        let before = Root::new(sc, before);
        let frame = self.frame.as_ref().map(|root| root.get(sc)).unwrap_or(sc.undefined());
        sc.set_async_context(frame);
        self.tell(sc, "enter")?;
        Ok(OpenContext { before })
    }

    /// Ends what [`AsyncContext::open`] began.
    pub(crate) fn close(&self, sc: &mut Scope<'_>, open: &OpenContext) -> Result<(), Thrown> {
        let before = open.before.get(sc);
        sc.set_async_context(before);
        self.tell(sc, "leave")
    }

    /// The addon has no more callbacks for it.
    pub(crate) fn destroy(&self, sc: &mut Scope<'_>) -> Result<(), Thrown> {
        self.tell(sc, "destroy")
    }
}

/// Calls into an addon from a turn of the loop, in a context. What it throws goes on after the context is closed.
pub(crate) fn call_in(
    env: &Env,
    sc: &mut Scope<'_>,
    context: &AsyncContext,
    work: impl FnOnce(),
) -> Result<(), Thrown> {
    let open = context.open(sc)?;
    env.run_addon(work);
    // The hooks come first, as they are JavaScript: the addon's exception waits in its environment.
    context.close(sc, &open)?;
    env.throw_pending(sc)
}

// ---- async work

/// `napi_async_execute_callback`
type Execute = unsafe extern "C" fn(*const Env, *mut c_void);
/// `napi_async_complete_callback`
type Complete = unsafe extern "C" fn(*const Env, Status, *mut c_void);

/// `napi_async_work`
pub struct AsyncWork {
    env: *const Env,
    execute: Execute,
    complete: Option<Complete>,
    data: *mut c_void,
    context: AsyncContext,
    queued: Cell<Option<WorkId>>,
}

/// What a thread of the pool gets.
struct Job {
    env: *const Env,
    execute: Execute,
    data: *mut c_void,
}
// SAFETY: the addon says that `execute` may run on another thread with this data; the environment is only handed on.
unsafe impl Send for Job {}

impl Job {
    fn run(self) {
        // SAFETY: the addon's own function with its own data. `execute` must not use the environment.
        unsafe { (self.execute)(self.env, self.data) }
    }
}

/// The name of a resource, or `napi_invalid_arg` without one.
fn resource_of<'s>(resource: Value) -> Result<Option<Local<'s>>, Status> {
    if resource.is_null() {
        return Ok(None);
    }
    let resource = resource.local()?;
    Ok(resource.is_object().then_some(resource))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_create_async_work(
    env: EnvRef,
    resource: Value,
    name: Value,
    execute: Option<Execute>,
    complete: Option<Complete>,
    data: *mut c_void,
    result: Out<'_, *const AsyncWork>,
) -> Status {
    call(env, |env| {
        let execute = execute.ok_or(Status::InvalidArg)?;
        result.check()?;
        let name = name.local()?;
        let resource = resource_of(resource)?;
        let context = env.scope(|sc| Ok(AsyncContext::new(sc, resource, name)?))?;
        let work = AsyncWork { env, execute, complete, data, context, queued: Cell::new(None) };
        result.set(Rc::into_raw(Rc::new(work)))
    })
}

/// Another owner of the work behind an address.
///
/// # Safety
/// `work` is one of `napi_create_async_work` that was not deleted.
unsafe fn share(work: *const AsyncWork) -> Rc<AsyncWork> {
    // SAFETY: by the caller; the count is raised first, so the addon's own share stays.
    unsafe {
        Rc::increment_strong_count(work);
        Rc::from_raw(work)
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_delete_async_work(env: EnvRef, work: *const AsyncWork) -> Status {
    call(env, |env| {
        if work.is_null() {
            return Err(Status::InvalidArg);
        }
        // SAFETY: not null, so the addon's share, which it gives up. While it is queued the job has its own.
        let work = unsafe { Rc::from_raw(work) };
        if env.is_closed() {
            return Ok(());
        }
        env.scope(|sc| Ok(work.context.destroy(sc)?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_queue_async_work(env: EnvRef, work: *const AsyncWork) -> Status {
    call(env, |env| {
        if work.is_null() {
            return Err(Status::InvalidArg);
        }
        // SAFETY: not null, so a live work of the addon.
        let work = unsafe { share(work) };
        let job = Job { env: work.env, execute: work.execute, data: work.data };
        env.scope(|sc| {
            let done = work.clone();
            let id = runtime_env(sc).run_in_pool_or(move || job.run(), move |sc, result| completed(sc, &done, result));
            work.queued.set(Some(id));
            Ok(())
        })
    })
}

fn completed(sc: &mut Scope<'_>, work: &AsyncWork, result: Result<(), WorkError>) -> Result<(), Thrown> {
    // SAFETY: environments are leaked.
    let env = unsafe { &*work.env };
    work.queued.set(None);
    let Some(complete) = work.complete else { return Ok(()) };
    let status = match result {
        Ok(()) => Status::Ok,
        Err(WorkError::Cancelled) => Status::Cancelled,
        Err(_) => Status::GenericFailure,
    };
    let data = work.data;
    // SAFETY: the addon's own function with its own data, on its thread. It may delete the work: we hold a share.
    call_in(env, sc, &work.context, || unsafe { complete(env, status, data) })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_cancel_async_work(env: EnvRef, work: *const AsyncWork) -> Status {
    call(env, |env| {
        // SAFETY: null, or a live work of the addon.
        let work = unsafe { work.as_ref() }.ok_or(Status::InvalidArg)?;
        let id = work.queued.get().ok_or(Status::GenericFailure)?;
        let cancelled = env.scope(|sc| Ok(runtime_env(sc).cancel_work(id)))?;
        if cancelled { Ok(()) } else { Err(Status::GenericFailure) }
    })
}

// ---- callbacks from outside

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_async_init(
    env: EnvRef,
    resource: Value,
    name: Value,
    result: Out<'_, *mut AsyncContext>,
) -> Status {
    call(env, |env| {
        let name = name.local()?;
        result.check()?;
        let resource = resource_of(resource)?;
        let context = env.scope(|sc| Ok(AsyncContext::new(sc, resource, name)?))?;
        result.set(Box::into_raw(Box::new(context)))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_async_destroy(env: EnvRef, context: *mut AsyncContext) -> Status {
    call(env, |env| {
        if context.is_null() {
            return Err(Status::InvalidArg);
        }
        // SAFETY: not null, so one of `napi_async_init`, which the addon gives up.
        let context = unsafe { Box::from_raw(context) };
        if env.is_closed() {
            return Ok(());
        }
        env.scope(|sc| Ok(context.destroy(sc)?))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_make_callback(
    env: EnvRef,
    context: *const AsyncContext,
    this: Value,
    function: Value,
    count: usize,
    arguments: List<'_, Value>,
    result: Out<'_, Value>,
) -> Status {
    call_js(env, |env| {
        let this = this.local()?;
        let function = function.local()?;
        let arguments: Vec<Local<'_>> =
            arguments.items(count)?.iter().map(|value| value.local()).collect::<Result<_, _>>()?;
        if !this.is_object() {
            return Err(Status::ObjectExpected);
        }
        if !function.is_function() {
            return Err(Status::InvalidArg);
        }
        // SAFETY: null for none, or a live context of the addon.
        let context = unsafe { context.as_ref() };
        let value = env.value(|sc| {
            let Some(context) = context else { return Ok(sc.call(function, this, &arguments)?) };
            let open = context.open(sc)?;
            match sc.call(function, this, &arguments) {
                Ok(value) => {
                    context.close(sc, &open)?;
                    Ok(value)
                }
                Err(thrown) => {
                    // The hooks are JavaScript: they must not run over a pending exception.
                    let Some(error) = sc.catch(thrown) else { return Err(Fail::Thrown(sc.terminated())) };
                    context.close(sc, &open)?;
                    Err(sc.throw(error).into())
                }
            }
        })?;
        result.set_if(value);
        Ok(())
    })
}

/// `napi_callback_scope`
pub struct CallbackScope {
    context: *const AsyncContext,
    open: Option<OpenContext>,
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_open_callback_scope(
    env: EnvRef,
    _resource: Value,
    context: *const AsyncContext,
    result: Out<'_, *mut CallbackScope>,
) -> Status {
    call(env, |env| {
        result.check()?;
        // SAFETY: null for none, or a live context of the addon.
        let open = match unsafe { context.as_ref() } {
            Some(context) => Some(env.scope(|sc| Ok(context.open(sc)?))?),
            None => None,
        };
        env.callback_scopes.set(env.callback_scopes.get() + 1);
        result.set(Box::into_raw(Box::new(CallbackScope { context, open })))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_close_callback_scope(env: EnvRef, scope: *mut CallbackScope) -> Status {
    call(env, |env| {
        if scope.is_null() {
            return Err(Status::InvalidArg);
        }
        if env.callback_scopes.get() == 0 {
            return Err(Status::CallbackScopeMismatch);
        }
        env.callback_scopes.set(env.callback_scopes.get() - 1);
        // SAFETY: not null and one is open, so it is that, which the addon gives up.
        let scope = unsafe { Box::from_raw(scope) };
        // SAFETY: the context of an open scope lives.
        if let (Some(open), Some(context)) = (&scope.open, unsafe { scope.context.as_ref() }) {
            env.scope(|sc| Ok(context.close(sc, open)?))?;
        }
        Ok(())
    })
}
