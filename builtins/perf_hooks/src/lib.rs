//! Binding of `node:perf_hooks`: clocks, and what the loop counts about itself.
//!
//! Times are milliseconds as doubles, which keep nanoseconds for the first 100 days of a machine.

#![forbid(unsafe_code)]

use anode_runtime::event_loop::hrtime_ns;
use anode_runtime::{Args, Builtin, JsResult, Scope, env};
use std::time::{SystemTime, UNIX_EPOCH};

/// The binding `perf_hooks`.
pub static BUILTIN: Builtin = Builtin {
    name: "perf_hooks",
    functions: &[
        ("hrtime", hrtime),
        ("isMainThread", is_main_thread),
        ("loopMetrics", loop_metrics),
        ("milestones", milestones),
        ("wallTime", wall_time),
    ],
    init: None,
};

fn to_ms(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e6
}

/// `hrtime()`: the monotonic clock.
fn hrtime<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.number(to_ms(hrtime_ns())))
}

/// `isMainThread()`: whether this is the thread the process started with.
fn is_main_thread<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    // std docs: thread::Builder::name; nothing else in the process may be called so.
    Ok(sc.boolean(std::thread::current().name() == Some("main")))
}

/// `wallTime()`: since the Unix epoch, with microseconds; 0 if the clock stands before it.
fn wall_time<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(sc.number(elapsed.as_micros() as f64 / 1e3))
}

/// `milestones()`: `[start, engine, environment, bootstrap, loopStart, loopExit]` on the clock of `hrtime`; 0 if not reached.
fn milestones<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let env = env(sc);
    let reached = &env.milestones;
    let loop_start_ns = env.events.borrow().metrics().loop_start_ns;
    let all = [
        anode_runtime::milestones::node_start_ns(),
        reached.engine_ns.get(),
        reached.environment_ns.get(),
        reached.bootstrap_ns.get(),
        loop_start_ns,
        reached.loop_exit_ns.get(),
    ];
    let items = all.map(|time| sc.number(to_ms(time)));
    Ok(sc.array(&items))
}

/// `loopMetrics()`: `[loopStart, idle, iterations, events, eventsWaiting]`, the first two as times.
fn loop_metrics<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let metrics = env(sc).events.borrow().metrics();
    let all = [
        to_ms(metrics.loop_start_ns),
        to_ms(metrics.idle_ns),
        metrics.iterations as f64,
        metrics.events as f64,
        metrics.events_waiting as f64,
    ];
    let items = all.map(|number| sc.number(number));
    Ok(sc.array(&items))
}
