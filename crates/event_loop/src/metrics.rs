//! What the loop counts about itself. Node docs: performance.nodeTiming, eventLoopUtilization.

use crate::Loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counters since the loop was made. Busy time is the time since `loop_start_ns` minus `idle_ns`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Metrics {
    /// Events handed out.
    pub events: u64,
    /// Kernel events that were already waiting when the loop came to poll.
    pub events_waiting: u64,
    /// Nanoseconds slept in the poll phase.
    pub idle_ns: u64,
    /// Turns begun.
    pub iterations: u64,
    /// [`crate::hrtime_ns`] when the first turn began; 0 before.
    pub loop_start_ns: u64,
    /// How late the latest timer was, in milliseconds.
    pub timer_lag_ms: u64,
}

/// What other threads may know of a loop. Times are those of [`crate::hrtime_ns`]; 0 stands for never.
#[derive(Debug, Default)]
pub struct Times {
    idle_ns: AtomicU64,
    sleeps_since_ns: AtomicU64,
    start_ns: AtomicU64,
}

impl Times {
    /// When the first turn began, and how long the loop has slept until `now_ns`.
    #[must_use]
    pub fn at(&self, now_ns: u64) -> (u64, u64) {
        let since_ns = self.sleeps_since_ns.load(Ordering::Acquire);
        let asleep_ns = if since_ns == 0 { 0 } else { now_ns.saturating_sub(since_ns) };
        (self.start_ns.load(Ordering::Relaxed), self.idle_ns.load(Ordering::Relaxed) + asleep_ns)
    }

    pub(crate) fn sleep(&self, start_ns: u64, now_ns: u64) {
        self.start_ns.store(start_ns, Ordering::Relaxed);
        self.sleeps_since_ns.store(now_ns, Ordering::Release);
    }

    pub(crate) fn wake(&self, idle_ns: u64) {
        self.idle_ns.store(idle_ns, Ordering::Relaxed);
        self.sleeps_since_ns.store(0, Ordering::Release);
    }
}

impl Loop {
    /// Times that other threads may read from now on.
    pub fn times(&mut self) -> Arc<Times> {
        self.times.get_or_insert_default().clone()
    }

    /// The counters so far. While the loop sleeps in `next_event` nobody can ask, so the idle time is
    /// always complete.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }
}
