//! Threads for the engine's background work: collecting garbage, optimising and compiling WebAssembly.
//!
//! The engine's own pool starts all of its threads with the first context, which a short program pays for without ever using
//! them. These start when there is a task and no idle thread to take it.

use crate::sys;
use std::collections::VecDeque;
use std::ffi::c_void;
use std::sync::{Condvar, Mutex, PoisonError};

/// As the engine's own pool: a WebAssembly task may hold a thread while it waits for others.
const THREADS_MIN: usize = 2;
/// As the engine's own pool: more than this many processors do not make it faster.
const THREADS_MAX: usize = 8;
/// Native stack of a thread, in bytes. The size that the engine's own pool uses.
const STACK_BYTES: usize = 2 << 20;

struct Task(*mut c_void);
// SAFETY: the engine hands tasks over to be run on another thread.
unsafe impl Send for Task {}

struct Pool {
    tasks: VecDeque<Task>,
    idle: usize,
    threads: usize,
}

static POOL: Mutex<Pool> = Mutex::new(Pool { tasks: VecDeque::new(), idle: 0, threads: 0 });
static WORK: Condvar = Condvar::new();

/// How many threads may run: the engine never has more tasks out than this.
fn threads_max() -> usize {
    std::thread::available_parallelism().map_or(THREADS_MIN, |count| count.get().clamp(THREADS_MIN, THREADS_MAX))
}

/// Makes the engine use this pool. Called once, after the engine's start and before the first context.
pub(crate) fn install() {
    // SAFETY: the engine has started and no context exists yet, as it demands.
    unsafe { sys::set_helper_thread_task_callback(dispatch, threads_max(), STACK_BYTES) };
}

extern "C" fn dispatch(task: *mut c_void) {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    pool.tasks.push_back(Task(task));
    if pool.idle >= pool.tasks.len() {
        WORK.notify_one();
        return;
    }
    pool.threads += 1;
    let first = pool.threads == 1;
    drop(pool);
    let spawned = std::thread::Builder::new().name("JS Helper".to_owned()).stack_size(STACK_BYTES).spawn(work);
    if spawned.is_err() {
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        pool.threads -= 1;
        // Another thread takes the task when it is done with its own; without any, nobody ever would.
        if first {
            let task = pool.tasks.pop_back();
            drop(pool);
            run(task);
        }
    }
}

fn work() {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        match pool.tasks.pop_front() {
            Some(task) => {
                drop(pool);
                run(Some(task));
                pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
            }
            None => {
                pool.idle += 1;
                pool = WORK.wait(pool).unwrap_or_else(PoisonError::into_inner);
                pool.idle -= 1;
            }
        }
    }
}

fn run(task: Option<Task>) {
    if let Some(Task(task)) = task {
        // SAFETY: the engine gave us this task once, and gets it back once.
        unsafe { sys::run_helper_thread_task(task) };
    }
}
