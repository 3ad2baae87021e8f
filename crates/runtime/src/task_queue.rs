//! Binding `task_queue`: promise jobs, rejections and the async context, for `internal/process/task_queues`.

use crate::builtin::Builtin;
use crate::turn::{self, env};
use anode_engine::{Args, Engine, JsResult, Root, Scope};
use std::ffi::OsStr;

pub(crate) static BUILTIN: Builtin = Builtin {
    name: "task_queue",
    functions: &[
        ("runMicrotasks", run_microtasks),
        ("setJobRunner", set_job_runner),
        ("queueJob", queue_job),
        ("runMicrotasksOf", run_microtasks_of),
        ("setTickCallback", set_tick_callback),
        ("setTickScheduled", set_tick_scheduled),
        ("setFatalException", set_fatal_exception),
        ("takeRejections", take_rejections),
        ("hasRejections", has_rejections),
        ("getAsyncContext", get_async_context),
        ("setAsyncContext", set_async_context),
        ("installErrorStacks", install_error_stacks),
        ("errorLocation", error_location),
        ("callSites", call_sites),
        ("thrownAt", thrown_at),
        ("exit", exit),
        ("promiseState", promise_state),
        ("setPromiseHook", set_promise_hook),
        ("setTimeZone", set_time_zone),
        ("abort", abort),
        ("setGcListener", set_gc_listener),
        ("takeGcEvents", take_gc_events),
    ],
    init: None,
};

/// `runMicrotasks()`: promise jobs until none is left. What a job throws goes to the fatal exception handler; the
/// termination of one is handed on.
fn run_microtasks<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    if !sc.run_jobs(turn::uncaught) {
        return Err(sc.terminated());
    }
    Ok(sc.undefined())
}

/// `setJobRunner(fn)`: called with every object that was given to [`queue_job`]; handles what it throws.
fn set_job_runner<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.set_job_runner(args.get(0));
    Ok(sc.undefined())
}

/// `queueJob(object)`: to the end of the queue of promise jobs.
fn queue_job<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.queue_job(args.get(0))?;
    Ok(sc.undefined())
}

/// `runMicrotasksOf(global)`: as `runMicrotasks`, for the jobs of a realm that has its own queue.
fn run_microtasks_of<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    if !sc.run_jobs_of(args.get(0), turn::uncaught) {
        return Err(sc.terminated());
    }
    Ok(sc.undefined())
}

/// `setTickCallback(fn)`: called after every callback from the loop while [`set_tick_scheduled`] says there are ticks.
fn set_tick_callback<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let root = Root::new(sc, args.get(0));
    env(sc).tick_callback.replace(Some(root));
    Ok(sc.undefined())
}

/// `setTickScheduled(bool)`: whether nextTick callbacks wait.
fn set_tick_scheduled<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    env(sc).tick_scheduled.set(args.get(0).is_true());
    Ok(sc.undefined())
}

/// `setFatalException(fn)`: `fn(error, fromPromise)` returns whether the exception was handled.
fn set_fatal_exception<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let root = Root::new(sc, args.get(0));
    env(sc).fatal_exception.replace(Some(root));
    Ok(sc.undefined())
}

/// `takeRejections()`: a flat array of promise, handled, reason, context.
fn take_rejections<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let rejections = sc.take_rejections();
    let mut flat = Vec::with_capacity(rejections.len() * 4);
    for rejection in &rejections {
        let promise = rejection.promise.get(sc);
        flat.push(promise);
        flat.push(sc.boolean(rejection.handled));
        let reason = sc.promise_state(promise).map_or(sc.undefined(), |(_, reason)| reason);
        flat.push(reason);
        flat.push(rejection.context.get(sc));
    }
    Ok(sc.array(&flat))
}

fn has_rejections<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.boolean(sc.has_rejections()))
}

fn get_async_context<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.async_context())
}

/// `setAsyncContext(object | undefined)`: returns the one before.
fn set_async_context<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let before = sc.async_context();
    sc.set_async_context(args.get(0));
    Ok(before)
}

/// `installErrorStacks(prepare)`: V8's stack API; see the engine's `install_error_stacks`.
fn install_error_stacks<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.install_error_stacks(args.get(0))?;
    Ok(sc.undefined())
}

/// `errorLocation(error)`: `[file, line, column]` where the engine made it, or `undefined`.
fn error_location<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let Some(location) = sc.error_location(args.get(0)) else { return Ok(sc.undefined()) };
    let file = sc.string(&location.file);
    let line = sc.int(location.line as i32);
    let column = sc.int(location.column as i32);
    Ok(sc.array(&[file, line, column]))
}

/// `thrownAt()`: `[file, line, column]` where the uncaught value of this moment was thrown, or `undefined`.
fn thrown_at<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let Some(frame) = sc.thrown_at() else { return Ok(sc.undefined()) };
    let file = sc.string(&frame.file);
    let line = sc.int(frame.line as i32);
    let column = sc.int(frame.column as i32);
    Ok(sc.array(&[file, line, column]))
}

/// `callSites(limit)`: the running stack, flat as [`Scope::flat_frames`] makes it.
fn call_sites<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let limit = args.get(0).as_u32().unwrap_or(10);
    let frames = sc.current_frames(limit, None);
    Ok(sc.flat_frames(&frames))
}

/// `exit(code)`: ends the process now, without another turn and without the engine's static destructors.
fn exit<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let code = args.get(0).as_i32().unwrap_or(0);
    turn::exit_now(sc, code)
}

/// `promiseState(promise)`: `[state, result]`; state 0 pending, 1 fulfilled, 2 rejected. `undefined` for other values.
fn promise_state<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let Some((state, result)) = sc.promise_state(args.get(0)) else { return Ok(sc.undefined()) };
    let state = sc.int(i32::from(state));
    Ok(sc.array(&[state, result]))
}

/// `setPromiseHook(fn | undefined)`: `fn(phase, promise, parent)`; see the engine's `set_promise_hook`.
fn set_promise_hook<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let hook = args.get(0);
    sc.set_promise_hook(hook.is_object().then_some(hook))?;
    Ok(sc.undefined())
}

/// `setTimeZone(name | undefined)`: for `process.env.TZ` of the main thread.
fn set_time_zone<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let zone = args.get(0);
    if zone.is_string() {
        let name = sc.to_string(zone)?.replace('\0', "");
        Engine::set_time_zone(Some(OsStr::new(&name)));
    } else {
        Engine::set_time_zone(None);
    }
    Ok(sc.undefined())
}

/// `abort()`: ends the process by SIGABRT.
fn abort<'s>(_sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    Engine::abort_process()
}

/// `setGcListener(fn | undefined)`: `fn()` is called from the loop when there is something for `takeGcEvents`.
fn set_gc_listener<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let listener = args.get(0);
    sc.listen_to_gc(listener.is_object());
    let root = listener.is_object().then(|| Root::new(sc, listener));
    env(sc).gc_listener.replace(root);
    Ok(sc.undefined())
}

/// `takeGcEvents()`: ten numbers for each collection since the last call: 1 if the whole heap was collected, 1 if the program
/// asked for it, how long ago it began and how long it took (ms), then used, reserved and malloc'ed bytes before and after.
fn take_gc_events<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let mut flat = Vec::new();
    for event in sc.take_gc_events() {
        let numbers = [
            f64::from(u8::from(event.major)),
            f64::from(u8::from(event.forced)),
            event.begin.elapsed().as_secs_f64() * 1000.0,
            event.duration.as_secs_f64() * 1000.0,
            event.before.used as f64,
            event.before.total as f64,
            event.before.malloced as f64,
            event.after.used as f64,
            event.after.total as f64,
            event.after.malloced as f64,
        ];
        flat.extend(numbers.map(|number| sc.number(number)));
    }
    Ok(sc.array(&flat))
}
