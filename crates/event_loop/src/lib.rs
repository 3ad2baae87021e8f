//! The event loop: libuv's work without callbacks, and without a word of JavaScript.
//!
//! # How it is used
//!
//! A [`Loop`] belongs to one thread. Open handles, start them, then take events one at a time:
//!
//! ```
//! use anode_event_loop::{Event, Loop};
//!
//! let mut events = Loop::new()?;
//! let timer = events.timer_open();
//! events.timer_start(timer, 1, 0)?;
//! while let Some(event) = events.next_event() {
//!     match event {
//!         Event::Timer(key) => events.close(key),
//!         Event::Closed(key) => assert_eq!(key, timer),
//!         _ => {}
//!     }
//! }
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! [`Loop::next_event`] sleeps until there is something and returns `None` when nothing is alive
//! any more or after [`Loop::stop`]. It may be called again later. Nobody is called back, so no borrow of
//! the loop is held while an event is handled, and a handle closed by one event's handler has no
//! events afterwards except the ends of its requests and its [`Event::Closed`].
//!
//! # Handles
//!
//! Every handle is a [`Key`]; a key whose handle is closed finds nothing, which is never an error in
//! `stop`, `close`, [`Loop::set_ref`] and queries. A handle is *active* while it is started, it is *ref'd*
//! unless unref'd, and *closing* between [`Loop::close`] and [`Event::Closed`]. The loop is alive while there
//! is an active, ref'd handle, a request (a queued write, a job of the pool, ...), a busy check handle, or
//! a closing handle.
//!
//! | Kind | Made and driven by | Events |
//! |---|---|---|
//! | timer | `timer_open`, `timer_start(key, delay_ms, repeat_ms)`, `timer_stop` | `Timer` |
//! | check, idle, prepare | `check_open` ..., `phase_start`, `phase_stop`, `check_busy` | `Check`, `Idle`, `Prepare` |
//! | waker | `waker_open` → [`Waker`], which other threads `wake` or `post` to | `Wakeup`, `Message` |
//! | job | `submit(job)`, `submit_slow`, `cancel` (a request, not a handle) | `Work` |
//! | descriptor | `register_fd`, `set_interest`, `deregister` | `Io` |
//! | stream | `stream_open(fd, kind)`, `connect`, `read_start`, `read_stop`, `try_write`, `write`, `shutdown` | `Connected`, `Read`, `Written`, `Shutdown` |
//! | listener | `listen_open(fd)` | `Accepted` |
//! | UDP socket | `udp_open(fd)`, `recv_start`, `recv_stop`, `send` | `Datagram`, `Sent` |
//! | signal | `signal_open`, `signal_start(key, number)`, `signal_stop` | `Signal` |
//! | child | `spawn(options)`, `child_kill` | `ChildExit` |
//! | file watcher | `watch_open(path)` | `Watch` |
//!
//! # The phases of a turn
//!
//! As in libuv since 1.45, timers run after the poll; and once before the first turn, so that a
//! timer already due does not wait for I/O.
//!
//! ```text
//!  start: update the time, timers
//!    ┌──────────────────────────────────────────────────────────────┐
//!    │ pending   results that were known at once, from earlier turns│
//!    │ idle      one event per idle handle                          │
//!    │ prepare   one event per prepare handle                       │
//!    │ poll      sleep; then I/O, wake-ups, messages, job results   │
//!    │ pending   results the poll's events brought about            │
//!    │ check     one event per check handle (immediates)            │
//!    │ closing   `Closed`, last closed first                        │
//!    │ timers    update the time; all that is due, in due order     │
//!    └── alive? again ──────────────────────────────────────────────┘
//! ```
//!
//! The poll sleeps until the next timer is due, without limit if there is none, and not at all if the
//! loop was stopped, nothing is alive, an idle handle is started, a check handle busy, a handle
//! closing, a result pending, or a stream still readable. Time is read from the clock after the poll and
//! before the timers; in between [`Loop::now_ms`] stands still.
//!
//! What one call to the kernel reported is handed out in the kernel's order before the next call; only
//! signals and the ends of children come after the rest.
//!
//! # Systems
//!
//! Linux. What would need another way elsewhere: children ([`Loop::spawn`]: pidfd), file watchers
//! ([`Loop::watch_open`]: inotify), and `/proc` to reopen a terminal.

#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]
#![deny(unsafe_code)]

mod buffer;
mod child;
mod clock;
mod event;
mod io;
mod listen;
mod metrics;
mod phases;
mod poller;
mod pool;
mod signal;
mod socket;
mod stream;
mod sys;
mod table;
mod timer;
mod udp;
mod wake;
mod watch;
mod write_queue;

/// Descriptors as plain numbers, which is how scripts know them.
pub mod fd {
    pub use crate::sys::fd::{adopt, close, duplicate, poll, reopen_terminal, size_limit_is_error, with_fd};
}

/// Names to addresses and back, by the system's resolver. These calls block: see
/// [`Loop::submit_slow`].
pub mod resolve {
    pub use crate::sys::resolve::{ADDRCONFIG, ALL, Family, ResolveError, V4MAPPED, addresses, names};
}

use std::collections::VecDeque;
use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::time::Duration;

use mio::Token;

pub use buffer::{Bytes, Chunk, READ_BUFFER_BYTES};
pub use child::{SpawnError, SpawnOptions, Spawned, StdioSpec};
pub use clock::{FakeClock, hrtime_ns};
pub use event::{
    ChildStatus, Datagram, Errno, Event, HandleKind, ReadResult, Readiness, Request, WatchEvent, WorkError, WorkId,
    WorkResult,
};
pub use metrics::{Metrics, Times};
pub use pool::{Job, POOL_THREADS, POOL_THREADS_MAX, Pool};
pub use socket::{Address, Descriptor};
pub use stream::{StreamKind, WriteOutcome};
pub use sys::fd::kill;
pub use sys::signal::wake_on_signal;
pub use sys::title::set_process_title;
pub use table::Key;
pub use wake::Waker;

use clock::{Clock, NS_PER_MS};
use phases::{Phased, Slot};
use poller::{BELL, CHANGES, Poller, Ready, SIGNALS};
use table::Table;
use timer::{Entry, Timer, TimerHeap};
use wake::{Inbox, Incoming, WakeState};

/// How often a turn looks for new pending results after the poll, as in libuv: enough for chains
/// of results, few enough not to starve the rest.
const PENDING_ROUNDS_MAX: u8 = 8;

/// What a handle is, with the state of its kind.
enum Kind {
    Child(child::Child),
    Io(io::Io),
    Listener(listen::Listener),
    Phased { busy: bool, slot: Slot },
    Signal,
    Stream(Box<stream::Stream>),
    Timer(Timer),
    Udp(Box<udp::Udp>),
    Waker(Arc<WakeState>),
    Watch(watch::Watch),
}

struct Handle {
    active: bool,
    closing: bool,
    kind: Kind,
    refed: bool,
}

/// Where in a turn the loop is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    /// Not in a run: the next call begins one.
    Start,
    /// Timers before the first turn.
    FirstTimers,
    Pending,
    Idle,
    Prepare,
    /// Handing out what the poll found.
    Io,
    /// Handing out what became pending meanwhile; rounds left.
    Flush(u8),
    Check,
    Closing,
    Timers,
}

/// An event loop. See the crate's documentation.
pub struct Loop {
    /// Active and ref'd handles.
    active_refs: usize,
    /// Handles known to be ready still: looked at again in the next turn, which does not sleep.
    again: Vec<Key>,
    children: child::Children,
    clock: Clock,
    /// Closed handles whose event is due, in the order they were closed.
    closing: Vec<Key>,
    /// Those of them whose turn is now.
    closing_now: Vec<Key>,
    failure: Option<std::io::Error>,
    handles: Table<Handle>,
    inbox: Arc<Inbox>,
    incoming: VecDeque<Incoming>,
    /// Events of handles that may be closed before their turn comes: those of signals and files.
    later: VecDeque<Event>,
    metrics: Metrics,
    /// For other threads, if one asked.
    times: Option<std::sync::Arc<Times>>,
    next_request: u64,
    next_work: u64,
    now_ms: u64,
    /// Events of the entry being handled, in order.
    out: VecDeque<Event>,
    /// Events known already when the request was made, for the pending phase.
    pending: VecDeque<Event>,
    /// How many of them belong to the present round.
    pending_left: usize,
    phase: Phase,
    phased: Phased,
    poller: Poller,
    pool: Arc<Pool>,
    rearm: Vec<Key>,
    /// Requests whose event was not yet handed out.
    requests: usize,
    signals: signal::Signals,
    stop: bool,
    timer_starts: u64,
    timers: TimerHeap,
    timers_due: VecDeque<Entry>,
    wakers: Vec<Key>,
    watches: watch::Watches,
    woken: VecDeque<Key>,
    /// Jobs among the requests.
    works: usize,
}

impl Loop {
    /// A loop on the system's clock and the process's pool.
    ///
    /// # Errors
    /// What the kernel says about a new epoll or eventfd: `EMFILE`, `ENFILE`, `ENOMEM`.
    pub fn new() -> std::io::Result<Loop> {
        Loop::with(Pool::process(), Clock::System)
    }

    /// A loop whose jobs run in `pool`.
    ///
    /// # Errors
    /// As for [`Loop::new`].
    pub fn with_pool(pool: Arc<Pool>) -> std::io::Result<Loop> {
        Loop::with(pool, Clock::System)
    }

    /// A loop for tests: where it would sleep until a timer, the clock jumps instead.
    ///
    /// # Errors
    /// As for [`Loop::new`].
    pub fn with_fake_clock(clock: FakeClock) -> std::io::Result<Loop> {
        Loop::with(Pool::process(), Clock::Fake(clock))
    }

    fn with(pool: Arc<Pool>, clock: Clock) -> std::io::Result<Loop> {
        let poller = Poller::new()?;
        let bell = mio::Waker::new(poller.registry(), BELL)?;
        let now_ms = clock.now_ns() / NS_PER_MS;
        Ok(Loop {
            active_refs: 0,
            again: Vec::new(),
            children: child::Children::default(),
            clock,
            closing: Vec::new(),
            closing_now: Vec::new(),
            failure: None,
            handles: Table::new(),
            inbox: Arc::new(Inbox::new(bell)),
            incoming: VecDeque::new(),
            later: VecDeque::new(),
            metrics: Metrics::default(),
            times: None,
            next_request: 0,
            next_work: 0,
            now_ms,
            out: VecDeque::new(),
            pending: VecDeque::new(),
            pending_left: 0,
            phase: Phase::Start,
            phased: Phased::default(),
            poller,
            pool,
            rearm: Vec::new(),
            requests: 0,
            signals: signal::Signals::default(),
            stop: false,
            timer_starts: 0,
            timers: TimerHeap::default(),
            timers_due: VecDeque::new(),
            wakers: Vec::new(),
            watches: watch::Watches::default(),
            woken: VecDeque::new(),
            works: 0,
        })
    }

    /// The next event; sleeps until there is one. `None` if nothing is alive, after [`Loop::stop`] (once),
    /// or if the poller failed (see [`Loop::failure`]).
    pub fn next_event(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.out.pop_front() {
                return Some(self.hand_out(event));
            }
            if let Some(event) = self.step()? {
                return Some(self.hand_out(event));
            }
        }
    }

    /// Whether anything keeps the loop alive: see the crate's documentation.
    #[must_use]
    pub fn alive(&self) -> bool {
        self.active_refs > 0
            || self.requests > 0
            || self.phased.check_busy > 0
            || !self.closing.is_empty()
            || !self.closing_now.is_empty()
            || !self.out.is_empty()
    }

    /// Ends the run at the end of this turn: `next_event` will return `None` once.
    pub fn stop(&mut self) {
        self.stop = true;
    }

    /// The poller's error, after which the loop has no more events.
    #[must_use]
    pub fn failure(&self) -> Option<&std::io::Error> {
        self.failure.as_ref()
    }

    /// The loop's time: whole milliseconds of the monotonic clock, read at the start of a run, after the
    /// poll and before the timers.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// Reads the clock now.
    pub fn update_time(&mut self) {
        self.now_ms = self.clock.now_ns() / NS_PER_MS;
    }

    /// Whether the key's handle exists and is not closing.
    #[must_use]
    pub fn is_open(&self, key: Key) -> bool {
        self.handles.get(key).is_some_and(|handle| !handle.closing)
    }

    /// Whether the handle is started. A closing handle is not.
    #[must_use]
    pub fn is_active(&self, key: Key) -> bool {
        self.handles.get(key).is_some_and(|handle| handle.active)
    }

    /// Whether the handle keeps the loop alive while active.
    #[must_use]
    pub fn has_ref(&self, key: Key) -> bool {
        self.handles.get(key).is_some_and(|handle| handle.refed)
    }

    /// Refs or unrefs a handle. Not counted: twice is the same as once.
    pub fn set_ref(&mut self, key: Key, refed: bool) {
        let Some(handle) = self.handles.get_mut(key) else { return };
        if handle.refed != refed {
            handle.refed = refed;
            if handle.active {
                self.count_active(refed);
            }
        }
    }

    /// Closes a handle: it stops at once, its descriptor is closed, and in this turn's closing phase
    /// its requests end with `ECANCELED` and [`Event::Closed`] follows, also if unref'd. Twice is as once.
    ///
    /// Handles closed in the same turn end in the reverse order, as in libuv.
    pub fn close(&mut self, key: Key) {
        let Some(handle) = self.handles.get(key).filter(|handle| !handle.closing) else { return };
        match &handle.kind {
            Kind::Child(_) => self.close_child(key),
            Kind::Io(_) => self.close_io(key),
            Kind::Listener(_) => self.close_listener(key),
            Kind::Phased { .. } => {
                self.check_busy(key, false);
                self.phase_stop(key);
            }
            Kind::Signal => self.signal_stop(key),
            Kind::Stream(_) => self.close_stream(key),
            Kind::Timer(_) => self.timer_stop(key),
            Kind::Udp(_) => self.close_udp(key),
            Kind::Waker(_) => self.close_waker(key),
            Kind::Watch(_) => self.close_watch(key),
        }
        self.set_active(key, false);
        if let Some(handle) = self.handles.get_mut(key) {
            handle.closing = true;
            self.closing.push(key);
        }
    }

    /// The descriptor of a stream, listener or UDP socket, for `getsockname` and options.
    #[must_use]
    pub fn borrow_fd(&self, key: Key) -> Option<BorrowedFd<'_>> {
        match &self.handles.get(key)?.kind {
            Kind::Listener(listener) => listener.fd(),
            Kind::Stream(stream) => stream.fd().ok(),
            Kind::Udp(udp) => udp.fd(),
            _ => None,
        }
    }

    /// What keeps the loop alive: the kinds of the active, ref'd handles, and of running jobs.
    #[must_use]
    pub fn active_kinds(&self) -> Vec<HandleKind> {
        // Sockets and pipes count while they are open, as in libuv, though what keeps the loop alive is what they wait for.
        let counts = |handle: &Handle| handle.active || matches!(handle.kind, Kind::Stream(_)) && !handle.closing;
        let handles = self.handles.iter().filter(|(_, handle)| handle.refed && counts(handle));
        let mut kinds: Vec<HandleKind> = handles.map(|(_, handle)| handle.kind.name()).collect();
        kinds.extend(std::iter::repeat_n(HandleKind::Work, self.works));
        kinds
    }

    fn insert(&mut self, kind: Kind) -> Key {
        self.handles.insert(Handle { active: false, closing: false, kind, refed: true })
    }

    fn set_active(&mut self, key: Key, active: bool) {
        let Some(handle) = self.handles.get_mut(key) else { return };
        if handle.active != active {
            handle.active = active;
            if handle.refed {
                self.count_active(active);
            }
        }
    }

    fn count_active(&mut self, more: bool) {
        if more { self.active_refs += 1 } else { self.active_refs -= 1 }
    }

    fn hand_out(&mut self, event: Event) -> Event {
        self.metrics.events += 1;
        if event.ends_request() {
            self.requests -= 1;
            self.works -= usize::from(matches!(event, Event::Work(..)));
        }
        event
    }

    /// One step: an event of the phase, or the change to the next phase. `None` ends the run.
    fn step(&mut self) -> Option<Option<Event>> {
        let event = match self.phase {
            Phase::Start => None,
            Phase::FirstTimers | Phase::Timers => self.next_timer(),
            Phase::Pending | Phase::Flush(_) => self.next_pending(),
            Phase::Idle | Phase::Prepare | Phase::Check => self.next_phased(),
            Phase::Io => self.next_io(),
            Phase::Closing => self.next_closed(),
        };
        if event.is_none() && self.out.is_empty() {
            self.phase = self.next_phase();
            if self.phase == Phase::Start {
                return None;
            }
        }
        Some(event)
    }

    /// Ends the present phase and prepares the next.
    fn next_phase(&mut self) -> Phase {
        match self.phase {
            Phase::Start => self.begin_run(),
            // A run that began alive has a full turn, even if its first timers were all there was.
            Phase::FirstTimers => self.begin_turn(true),
            Phase::Pending => self.begin_phased(Slot::Idle, Phase::Idle),
            Phase::Idle => self.begin_phased(Slot::Prepare, Phase::Prepare),
            Phase::Prepare => self.poll(),
            Phase::Io => self.begin_flush(PENDING_ROUNDS_MAX),
            Phase::Flush(rounds) => self.begin_flush(rounds - 1),
            Phase::Check => {
                std::mem::swap(&mut self.closing, &mut self.closing_now);
                Phase::Closing
            }
            Phase::Closing => {
                self.update_time();
                self.begin_timers();
                Phase::Timers
            }
            Phase::Timers => self.begin_turn(self.alive()),
        }
    }

    fn begin_run(&mut self) -> Phase {
        self.update_time();
        if self.failure.is_some() || !self.alive() {
            return Phase::Start;
        }
        if self.metrics.loop_start_ns == 0 {
            self.metrics.loop_start_ns = self.clock.now_ns();
        }
        if !self.stop {
            self.begin_timers();
        }
        Phase::FirstTimers
    }

    fn begin_turn(&mut self, alive: bool) -> Phase {
        if std::mem::take(&mut self.stop) || !alive {
            return Phase::Start;
        }
        self.metrics.iterations += 1;
        self.pending_left = self.pending.len();
        Phase::Pending
    }

    fn begin_phased(&mut self, slot: Slot, phase: Phase) -> Phase {
        self.phased.begin(slot);
        phase
    }

    fn begin_flush(&mut self, rounds: u8) -> Phase {
        if rounds == 0 || self.pending.is_empty() {
            return self.begin_phased(Slot::Check, Phase::Check);
        }
        self.pending_left = self.pending.len();
        Phase::Flush(rounds)
    }

    fn next_pending(&mut self) -> Option<Event> {
        self.pending_left = self.pending_left.checked_sub(1)?;
        self.pending.pop_front()
    }

    fn next_closed(&mut self) -> Option<Event> {
        let key = self.closing_now.pop()?;
        self.cancel_stream(key);
        self.cancel_udp(key);
        self.handles.remove(key);
        if self.out.is_empty() {
            return Some(Event::Closed(key));
        }
        self.out.push_back(Event::Closed(key));
        None
    }

    /// How long the poll may sleep; `None` for as long as it takes.
    fn timeout(&self) -> Option<Duration> {
        let busy = self.stop
            || !self.alive()
            || !self.again.is_empty()
            || !self.closing.is_empty()
            || !self.pending.is_empty()
            || !self.phased.idle.is_empty()
            || self.phased.check_busy > 0;
        if busy {
            return Some(Duration::ZERO);
        }
        let due_ns = self.timers.next_due_ms()?.saturating_mul(NS_PER_MS);
        // From the clock itself, not from the cached time: the poller rounds up to milliseconds once.
        Some(Duration::from_nanos(due_ns.saturating_sub(self.clock.now_ns())))
    }

    /// Sleeps until there is something, and collects it.
    fn poll(&mut self) -> Phase {
        self.rearm_io();
        let timeout = self.timeout();
        let sleeps = timeout != Some(Duration::ZERO);
        let before_ns = if sleeps { self.clock.now_ns() } else { 0 };
        if sleeps && let Some(times) = &self.times {
            times.sleep(self.metrics.loop_start_ns, before_ns);
        }
        let real_timeout = match (&self.clock, timeout) {
            (Clock::Fake(_), Some(_)) => Some(Duration::ZERO),
            _ => timeout,
        };
        let ready = match self.poller.wait(real_timeout) {
            Ok(ready) => ready,
            Err(error) => {
                // Only a bug of ours makes the poller fail, and it would fail forever.
                self.failure = Some(error);
                return Phase::Start;
            }
        };
        if let (Clock::Fake(clock), Some(timeout), 0) = (&self.clock, timeout, ready) {
            clock.advance(timeout);
        }
        self.update_time();
        if sleeps {
            self.metrics.idle_ns += self.clock.now_ns() - before_ns;
            if let Some(times) = &self.times {
                times.wake(self.metrics.idle_ns);
            }
        } else {
            self.metrics.events_waiting += ready as u64;
        }
        for key in self.again.drain(..) {
            self.poller.add_readable(Token(key.to_bits() as usize));
        }
        Phase::Io
    }

    /// The next event of the batch the poll brought.
    fn next_io(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.next_incoming() {
                return Some(event);
            }
            while let Some(event) = self.later.pop_front() {
                if event.key().is_some_and(|key| self.is_open(key)) {
                    return Some(event);
                }
            }
            let (ready, fresh) = self.poller.current()?;
            let key = Key::from_bits(ready.token.0 as u64);
            let event = match ready.token {
                BELL if fresh => {
                    self.answer_bell();
                    None
                }
                CHANGES if fresh => {
                    self.read_changes();
                    None
                }
                // After all the rest, as in libuv: a child's last words come before its exit.
                SIGNALS if !ready.deferred => self.poller.defer(ready),
                SIGNALS if fresh => {
                    self.read_signals();
                    None
                }
                _ if !ready.deferred && self.is_child(key) => self.poller.defer(ready),
                _ => self.handle_ready(key, ready, fresh),
            };
            if event.is_some() || !self.out.is_empty() {
                return event;
            }
            self.poller.advance();
        }
    }

    /// What comes of a ready handle; asked again until that is nothing.
    fn handle_ready(&mut self, key: Key, ready: Ready, fresh: bool) -> Option<Event> {
        let handle = self.handles.get(key).filter(|handle| !handle.closing)?;
        match handle.kind {
            Kind::Stream(_) => self.stream_ready(key, ready, fresh),
            Kind::Listener(_) => self.listener_ready(key, ready, fresh),
            Kind::Udp(_) => self.udp_ready(key, ready, fresh),
            Kind::Io(_) if fresh => self.io_ready(key, ready),
            Kind::Child(_) if fresh => self.child_ready(key),
            _ => None,
        }
    }

    fn is_child(&self, key: Key) -> bool {
        matches!(self.handles.get(key), Some(Handle { kind: Kind::Child(_), .. }))
    }
}

impl Kind {
    fn name(&self) -> HandleKind {
        match self {
            Kind::Child(_) => HandleKind::Child,
            Kind::Io(_) => HandleKind::Io,
            Kind::Listener(listener) if listener.is_unix() => HandleKind::ListenerUnix,
            Kind::Listener(_) => HandleKind::Listener,
            Kind::Phased { slot: Slot::Check, .. } => HandleKind::Check,
            Kind::Phased { slot: Slot::Idle, .. } => HandleKind::Idle,
            Kind::Phased { slot: Slot::Prepare, .. } => HandleKind::Prepare,
            Kind::Signal => HandleKind::Signal,
            Kind::Stream(stream) => match stream.kind() {
                StreamKind::Fifo => HandleKind::Fifo,
                StreamKind::Tcp => HandleKind::Tcp,
                StreamKind::Tty => HandleKind::Tty,
                StreamKind::Unix => HandleKind::Unix,
            },
            Kind::Timer(_) => HandleKind::Timer,
            Kind::Udp(_) => HandleKind::Udp,
            Kind::Waker(_) => HandleKind::Waker,
            Kind::Watch(_) => HandleKind::Watch,
        }
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        self.close_signals();
    }
}

impl std::fmt::Debug for Loop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loop")
            .field("active_refs", &self.active_refs)
            .field("phase", &self.phase)
            .field("requests", &self.requests)
            .finish_non_exhaustive()
    }
}
