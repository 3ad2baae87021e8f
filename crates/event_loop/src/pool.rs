//! The thread pool: blocking work beside the loop, for all loops of a process.
//!
//! Threads start when there is work that no idle thread could take, up to the size of the pool, and
//! then stay until the pool is dropped. Jobs start in the order they were submitted; results arrive in
//! the order the jobs end. Slow jobs (name lookups, which may take seconds) get at most half of
//! the threads, so that files stay quick. libuv docs: thread pool work scheduling.
//!
//! **Invariant:** a job owns its data; nothing of a loop but its inbox is known here.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use crate::Loop;
use crate::event::{WorkError, WorkId, WorkResult};
use crate::wake::{Inbox, Incoming};

/// Threads of a pool unless told otherwise. Node docs: UV_THREADPOOL_SIZE.
pub const POOL_THREADS: usize = 4;

/// The most threads a pool may have. libuv docs: UV_THREADPOOL_SIZE.
pub const POOL_THREADS_MAX: usize = 1024;

/// Stack of a pool thread, in bytes: what libuv's threads get on Linux.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// What a job does.
pub type Job = Box<dyn FnOnce() -> Box<dyn Any + Send> + Send>;

struct Queued {
    id: WorkId,
    inbox: Arc<Inbox>,
    job: Job,
}

#[derive(Default)]
struct State {
    closed: bool,
    fast: VecDeque<Queued>,
    idle: usize,
    slow: VecDeque<Queued>,
    slow_running: usize,
    threads: usize,
}

struct Shared {
    ready: Condvar,
    size: usize,
    state: Mutex<State>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Jobs run outside the lock, so a poisoned state is still a consistent one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many slow jobs may run at once: half of the threads, rounded up.
    fn slow_max(&self) -> usize {
        self.size.div_ceil(2)
    }
}

/// A pool of threads; several loops may share one.
pub struct Pool {
    shared: Arc<Shared>,
}

static PROCESS_POOL: OnceLock<Arc<Pool>> = OnceLock::new();

impl Pool {
    /// A pool of `size` threads, brought into 1..=[`POOL_THREADS_MAX`]. No thread starts yet.
    #[must_use]
    pub fn new(size: usize) -> Arc<Pool> {
        let size = size.clamp(1, POOL_THREADS_MAX);
        Arc::new(Pool { shared: Arc::new(Shared { ready: Condvar::new(), size, state: Mutex::default() }) })
    }

    /// The pool of the process, of [`POOL_THREADS`] unless [`Pool::set_process_size`] came first.
    pub fn process() -> Arc<Pool> {
        Arc::clone(PROCESS_POOL.get_or_init(|| Pool::new(POOL_THREADS)))
    }

    /// Sets the size of the process's pool; false if it exists already and keeps its size.
    pub fn set_process_size(size: usize) -> bool {
        PROCESS_POOL.set(Pool::new(size)).is_ok()
    }

    /// The most threads this pool will start.
    #[must_use]
    pub fn size(&self) -> usize {
        self.shared.size
    }

    fn submit(&self, queued: Queued, slow: bool) {
        let mut state = self.shared.lock();
        if slow {
            state.slow.push_back(queued)
        } else {
            state.fast.push_back(queued)
        }
        let waiting = state.fast.len() + state.slow.len();
        if state.idle < waiting && state.threads < self.shared.size {
            self.start_thread(&mut state);
        }
        drop(state);
        self.shared.ready.notify_one();
    }

    fn start_thread(&self, state: &mut State) {
        let shared = Arc::clone(&self.shared);
        let started = thread::Builder::new()
            .name(format!("anode-pool-{}", state.threads + 1))
            .stack_size(STACK_BYTES)
            .spawn(move || work(&shared));
        if started.is_ok() {
            state.threads += 1;
        } else if state.threads == 0 {
            // Nobody will ever take these jobs: say so rather than wait forever.
            let State { fast, slow, .. } = state;
            for queued in fast.drain(..).chain(slow.drain(..)) {
                queued.inbox.push(Incoming::Work(queued.id, Err(WorkError::NoThread)));
            }
        }
    }

    fn cancel(&self, inbox: &Arc<Inbox>, id: WorkId) -> bool {
        let mut state = self.shared.lock();
        let State { fast, slow, .. } = &mut *state;
        for queue in [fast, slow] {
            let found = queue.iter().position(|job| job.id == id && Arc::ptr_eq(&job.inbox, inbox));
            if let Some(index) = found {
                queue.remove(index);
                return true;
            }
        }
        false
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.ready.notify_all();
    }
}

/// The life of a pool thread.
fn work(shared: &Shared) {
    while let Some((queued, slow)) = next_job(shared) {
        let Queued { id, inbox, job } = queued;
        // The job is gone when it panics, so nobody can see what it left half done.
        let result: WorkResult =
            catch_unwind(AssertUnwindSafe(job)).map_err(|panic| WorkError::Panicked(panic_message(panic.as_ref())));
        if slow {
            shared.lock().slow_running -= 1;
        }
        inbox.push(Incoming::Work(id, result));
    }
}

/// Waits for a job that may run now; `None` when the pool is gone and nothing is left to do.
fn next_job(shared: &Shared) -> Option<(Queued, bool)> {
    let mut state = shared.lock();
    loop {
        if state.slow_running < shared.slow_max()
            && let Some(job) = state.slow.pop_front()
        {
            state.slow_running += 1;
            return Some((job, true));
        }
        if let Some(job) = state.fast.pop_front() {
            return Some((job, false));
        }
        if state.closed {
            return None;
        }
        state.idle += 1;
        state = shared.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
        state.idle -= 1;
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panic without a message".to_owned())
}

impl Loop {
    /// Runs a job on a thread of the pool; [`Event::Work`](crate::Event::Work) brings its result. Keeps the loop alive
    /// until then.
    pub fn submit(&mut self, job: Job) -> WorkId {
        self.submit_to(job, false)
    }

    /// Like [`Loop::submit`] for a job that may take seconds without using the processor: at most
    /// half of the threads run such jobs.
    pub fn submit_slow(&mut self, job: Job) -> WorkId {
        self.submit_to(job, true)
    }

    /// Takes back a job that no thread has begun. Its event comes all the same, with
    /// [`WorkError::Cancelled`]; false if it runs, is done, or never was.
    pub fn cancel(&mut self, id: WorkId) -> bool {
        let cancelled = self.pool.cancel(&self.inbox, id);
        if cancelled {
            self.inbox.push(Incoming::Work(id, Err(WorkError::Cancelled)));
        }
        cancelled
    }

    fn submit_to(&mut self, job: Job, slow: bool) -> WorkId {
        self.next_work += 1;
        let id = WorkId(self.next_work);
        self.requests += 1;
        self.works += 1;
        self.pool.submit(Queued { id, inbox: Arc::clone(&self.inbox), job }, slow);
        id
    }
}
