//! Binding `timers`: the one loop timer and the one check handle beneath all timers and immediates.

use crate::builtin::Builtin;
use crate::turn::{self, Env, env};
use anode_engine::{Args, JsResult, Local, Root, Scope, Thrown};

pub(crate) static BUILTIN: Builtin = Builtin {
    name: "timers",
    functions: &[
        ("setupTimers", setup_timers),
        ("scheduleTimer", schedule_timer),
        ("toggleTimerRef", toggle_timer_ref),
        ("toggleImmediateRef", toggle_immediate_ref),
        ("getLibuvNow", loop_now),
    ],
    init: Some(init),
};

/// Fields of `immediateInfo`: how many immediates wait, how many of them are ref'd, whether a run was cut short.
const IMMEDIATE_FIELDS: usize = 3;
const COUNT: usize = 0;
const REF_COUNT: usize = 1;
const HAS_OUTSTANDING: usize = 2;

fn init(sc: &mut Scope<'_>, target: Local<'_>) -> Result<(), Thrown> {
    let global = sc.global();
    let constructor = sc.get(global, "Uint32Array")?;
    let length = sc.int(IMMEDIATE_FIELDS as i32);
    let info = sc.construct(constructor, &[length])?;
    sc.set(target, "immediateInfo", info)?;
    let root = Root::new(sc, info);
    env(sc).immediate_info.replace(Some(root));
    Ok(())
}

/// `setupTimers(processImmediate, processTimers)`
fn setup_timers<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let immediate = Root::new(sc, args.get(0));
    let timers = Root::new(sc, args.get(1));
    let env = env(sc);
    env.process_immediate.replace(Some(immediate));
    env.process_timers.replace(Some(timers));
    Ok(sc.undefined())
}

/// `scheduleTimer(ms)`: (re)arms the loop timer.
fn schedule_timer<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let delay = args.get(0).as_f64().unwrap_or(1.0).max(1.0) as u64;
    env(sc).arm_timer(delay);
    Ok(sc.undefined())
}

/// `toggleTimerRef(bool)`
fn toggle_timer_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let env = env(sc);
    env.events.borrow_mut().set_ref(env.timer, args.get(0).is_true());
    Ok(sc.undefined())
}

/// `toggleImmediateRef(bool)`: whether a ref'd immediate waits.
fn toggle_immediate_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let env = env(sc);
    env.events.borrow_mut().check_busy(env.check, args.get(0).is_true());
    Ok(sc.undefined())
}

/// `getLibuvNow()`: the loop's time in whole milliseconds since the process's timers began.
fn loop_now<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let now = env(sc).loop_now();
    Ok(sc.number(now as f64))
}

impl Env {
    pub(crate) fn loop_now(&self) -> u64 {
        // Read anew: a timer made after long work must not count that work as waiting.
        let mut events = self.events.borrow_mut();
        events.update_time();
        events.now_ms() - self.time_base
    }

    fn arm_timer(&self, delay_ms: u64) {
        // The key is ours and open as long as the Env, so starting cannot fail.
        let started = self.events.borrow_mut().timer_start(self.timer, delay_ms, 0);
        debug_assert!(started.is_ok());
    }
}

fn info(sc: &mut Scope<'_>, field: usize) -> u32 {
    let Some(info) = env(sc).immediate_info.borrow().as_ref().map(|root| root.get(sc)) else { return 0 };
    sc.with_bytes(info, |bytes| {
        bytes.get(field * 4..field * 4 + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_ne_bytes)
    })
    .unwrap_or(0)
}

/// The loop timer is due.
pub(crate) fn on_timer(sc: &mut Scope<'_>) {
    turn::enter(sc, |sc| {
        // After an exception that was handled, the rest of the lists still has to run.
        loop {
            let Some(callback) = env(sc).process_timers.borrow().as_ref().map(|root| root.get(sc)) else {
                return Ok(());
            };
            let now = sc.number(env(sc).loop_now() as f64);
            let this = sc.undefined();
            match sc.call(callback, this, &[now]) {
                Ok(next) => {
                    let next = next.as_f64().unwrap_or(0.0);
                    let env = env(sc);
                    if next != 0.0 {
                        let delay = next.abs() as u64;
                        env.arm_timer(delay.saturating_sub(env.loop_now()).max(1));
                        env.events.borrow_mut().set_ref(env.timer, next > 0.0);
                    }
                    return Ok(());
                }
                Err(thrown) => turn::report(sc, thrown)?,
            }
        }
    });
}

/// The check phase.
pub(crate) fn on_check(sc: &mut Scope<'_>) {
    if info(sc, COUNT) == 0 {
        return;
    }
    loop {
        turn::enter(sc, |sc| {
            let Some(callback) = env(sc).process_immediate.borrow().as_ref().map(|root| root.get(sc)) else {
                return Ok(());
            };
            let this = sc.undefined();
            sc.call(callback, this, &[]).map(|_| ())
        });
        // A thread that is being ended runs nothing any more, so its list stays as it is.
        if info(sc, HAS_OUTSTANDING) == 0 || sc.is_terminating() {
            break;
        }
    }
    if info(sc, REF_COUNT) == 0 {
        let env = env(sc);
        env.events.borrow_mut().check_busy(env.check, false);
    }
}
