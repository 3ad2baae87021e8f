//! When a thread's runtime reached what, in nanoseconds of the monotonic clock. Node docs: performance.nodeTiming.

use anode_event_loop::hrtime_ns;
use std::cell::Cell;

/// The milestones; 0 for what has not been reached.
#[derive(Debug, Default)]
pub struct Milestones {
    /// The engine was ready and the runtime began to set itself up.
    pub engine_ns: Cell<u64>,
    /// The thread had its [`crate::Env`].
    pub environment_ns: Cell<u64>,
    /// The first script had run.
    pub bootstrap_ns: Cell<u64>,
    /// The loop had nothing left to do, the last time it ended.
    pub loop_exit_ns: Cell<u64>,
}

/// Notes that a milestone has been reached now.
pub fn reach(milestone: &Cell<u64>) {
    milestone.set(hrtime_ns());
}
