//! Forced collection, for tests (`make gc-stress`).
//!
//! The engine's own zeal exists in builds with its assertions only. Here every few points at which a collection is legal anyway
//! one happens: at the entry and exit of natives, where Rust calls JavaScript, and where it makes, reads or writes objects; of
//! these some are full, some compact the heap, so that tenured cells move too, and some happen at the next safe point of
//! JavaScript. With the smallest nursery the engine's own minor collections come every few hundred allocations as well.

use crate::context::ContextData;
use mozjs::jsapi as sm;
use std::cell::Cell;

/// The smallest nursery that the engine takes, in bytes: a page of its own would do, arenas are 4 KiB.
const NURSERY_BYTES: u32 = 16 << 10;

/// Of so many forced collections one is full, one compacts and one waits for JavaScript's next safe point. Primes, so that they
/// meet every place in time.
const FULL_EVERY: u32 = 7;
const COMPACT_EVERY: u32 = 31;
const INTERRUPT_EVERY: u32 = 5;

#[derive(Default)]
pub(crate) struct Stress {
    /// Points between two forced collections; 0 for none.
    every: Cell<u32>,
    passed: Cell<u32>,
    collections: Cell<u32>,
    /// A collection must not force another one.
    running: Cell<bool>,
    at_safe_point: Cell<bool>,
}

/// # Safety
/// `cx` is a fresh context of this thread with its data set.
pub(crate) unsafe fn install(cx: *mut sm::JSContext, data: &ContextData, every: u32) {
    if every == 0 {
        return;
    }
    data.stress.every.set(every);
    // SAFETY: parameters of a fresh context.
    unsafe {
        sm::JS_SetGCParameter(cx, sm::JSGCParamKey::JSGC_MIN_NURSERY_BYTES, NURSERY_BYTES);
        sm::JS_SetGCParameter(cx, sm::JSGCParamKey::JSGC_MAX_NURSERY_BYTES, NURSERY_BYTES);
        sm::JS_SetGCParameter(cx, sm::JSGCParamKey::JSGC_COMPACTING_ENABLED, 1);
    }
}

/// A place where a collection is legal.
#[inline]
pub(crate) fn point(cx: *mut sm::JSContext, data: &ContextData) {
    if data.stress.every.get() != 0 {
        passed(cx, data);
    }
}

#[cold]
fn passed(cx: *mut sm::JSContext, data: &ContextData) {
    let stress = &data.stress;
    let passed = stress.passed.get() + 1;
    if passed < stress.every.get() || stress.running.get() {
        stress.passed.set(passed);
        return;
    }
    stress.passed.set(0);
    let number = stress.collections.get().wrapping_add(1);
    stress.collections.set(number);
    if number.is_multiple_of(INTERRUPT_EVERY) {
        stress.at_safe_point.set(true);
        // SAFETY: only sets a flag of the engine.
        unsafe { sm::JS_RequestInterruptCallback(cx) };
    }
    collect(cx, data, number);
}

/// The interrupt that [`passed`] asked for.
pub(crate) fn safe_point(cx: *mut sm::JSContext, data: &ContextData) {
    if data.stress.at_safe_point.replace(false) {
        collect(cx, data, data.stress.collections.get() / INTERRUPT_EVERY);
    }
}

fn collect(cx: *mut sm::JSContext, data: &ContextData, number: u32) {
    data.stress.running.set(true);
    let compact = number.is_multiple_of(COMPACT_EVERY);
    // SAFETY: the callers are places where a collection is legal: every live value is rooted.
    unsafe {
        if compact || number.is_multiple_of(FULL_EVERY) {
            let kind = if compact { sm::GCOptions::Shrink } else { sm::GCOptions::Normal };
            sm::PrepareForFullGC(cx);
            sm::NonIncrementalGC(cx, kind, sm::GCReason::DEBUG_GC);
        } else {
            let none = std::mem::zeroed();
            sm::RunNurseryCollection(sm::JS_GetRuntime(cx), sm::GCReason::DEBUG_GC, none);
        }
    }
    data.stress.running.set(false);
}
