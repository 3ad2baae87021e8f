//! When a thread's runtime reached what, in nanoseconds of the monotonic clock. Node docs: performance.nodeTiming.

use anode_event_loop::hrtime_ns;
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

static NODE_START_NS: AtomicU64 = AtomicU64::new(0);

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

/// Notes that the options are read and the process begins to be a runtime. Called once, by the binary.
pub fn note_node_start() {
    NODE_START_NS.store(hrtime_ns(), Ordering::Relaxed);
}

/// When [`note_node_start`] was called; 0 before.
pub fn node_start_ns() -> u64 {
    NODE_START_NS.load(Ordering::Relaxed)
}

/// Notes that a milestone has been reached now.
pub fn reach(milestone: &Cell<u64>) {
    milestone.set(hrtime_ns());
}
