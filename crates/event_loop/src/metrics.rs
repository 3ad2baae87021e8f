//! What the loop counts about itself. Node docs: performance.nodeTiming, eventLoopUtilization.

use crate::Loop;

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

impl Loop {
    /// The counters so far. While the loop sleeps in `next_event` nobody can ask, so the idle time is
    /// always complete.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }
}
