//! Waking the loop from other threads.
//!
//! Whoever has something for the loop puts it into the inbox and rings the bell, an eventfd, unless it
//! rings already. The loop takes the whole inbox in one go and hands out one entry per event, so it
//! touches the lock only after a ring. Wake-ups coalesce, messages and results of jobs never do.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::event::{Event, WorkId, WorkResult};
use crate::table::Key;
use crate::{Handle, Kind, Loop};

/// What comes from other threads.
pub(crate) enum Incoming {
    Message(Key, Box<dyn Any + Send>),
    Work(WorkId, WorkResult),
}

/// The part of a loop that other threads may touch.
pub(crate) struct Inbox {
    bell: mio::Waker,
    queue: Mutex<VecDeque<Incoming>>,
    ringing: AtomicBool,
}

impl Inbox {
    pub(crate) fn new(bell: mio::Waker) -> Inbox {
        Inbox { bell, queue: Mutex::new(VecDeque::new()), ringing: AtomicBool::new(false) }
    }

    pub(crate) fn push(&self, incoming: Incoming) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(incoming);
        self.ring();
    }

    fn ring(&self) {
        if !self.ringing.swap(true, Ordering::AcqRel) {
            // Fails only when the eventfd is full, and then the loop is being woken anyway.
            let _ = self.bell.wake();
        }
    }

    /// Silences the bell, then takes what is there; what comes later rings again.
    fn take(&self, into: &mut VecDeque<Incoming>) {
        self.ringing.swap(false, Ordering::AcqRel);
        into.append(&mut self.queue.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// State of one waker, shared by its clones and its handle.
#[derive(Debug, Default)]
pub(crate) struct WakeState {
    closed: AtomicBool,
    pending: AtomicBool,
}

/// Wakes a loop from any thread; cheap to clone.
#[derive(Clone)]
pub struct Waker {
    inbox: Arc<Inbox>,
    key: Key,
    state: Arc<WakeState>,
}

impl std::fmt::Debug for Waker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Waker({:?})", self.key)
    }
}

impl Waker {
    /// The handle this wakes.
    #[must_use]
    pub fn key(&self) -> Key {
        self.key
    }

    /// Causes an [`Event::Wakeup`]. Calls before the loop gets to it count as one; calls after the
    /// handle was closed do nothing. Does not allocate and takes no lock.
    pub fn wake(&self) {
        if !self.state.pending.swap(true, Ordering::AcqRel) {
            self.inbox.ring();
        }
    }

    /// Causes an [`Event::Message`]; messages of one thread arrive in the order they were posted.
    ///
    /// # Errors
    /// Gives the message back if the handle was closed. One that is closed before the loop gets to
    /// the message drops it.
    pub fn post(&self, message: Box<dyn Any + Send>) -> Result<(), Box<dyn Any + Send>> {
        if self.state.closed.load(Ordering::Acquire) {
            return Err(message);
        }
        self.inbox.push(Incoming::Message(self.key, message));
        Ok(())
    }
}

impl Loop {
    /// Makes a waker and its handle, which is active until closed: unref it unless waiting for other
    /// threads should keep the loop alive. libuv docs: uv_async_t.
    pub fn waker_open(&mut self) -> (Key, Waker) {
        let state = Arc::new(WakeState::default());
        let key = self.insert(Kind::Waker(Arc::clone(&state)));
        self.set_active(key, true);
        self.wakers.push(key);
        (key, Waker { inbox: Arc::clone(&self.inbox), key, state })
    }

    pub(crate) fn close_waker(&mut self, key: Key) {
        if let Some(Handle { kind: Kind::Waker(state), .. }) = self.handles.get(key) {
            state.closed.store(true, Ordering::Release);
        }
        self.wakers.retain(|other| *other != key);
    }

    /// The bell rang: collect who is to be woken and what came in.
    pub(crate) fn answer_bell(&mut self) {
        self.inbox.take(&mut self.incoming);
        for key in &self.wakers {
            if let Some(Handle { kind: Kind::Waker(state), .. }) = self.handles.get(*key)
                && state.pending.swap(false, Ordering::AcqRel)
            {
                self.woken.push_back(*key);
            }
        }
    }

    /// The next wake-up, message or result.
    pub(crate) fn next_incoming(&mut self) -> Option<Event> {
        while let Some(key) = self.woken.pop_front() {
            if self.is_open(key) {
                return Some(Event::Wakeup(key));
            }
        }
        while let Some(incoming) = self.incoming.pop_front() {
            match incoming {
                Incoming::Message(key, message) if self.is_open(key) => {
                    return Some(Event::Message(key, message));
                }
                Incoming::Message(..) => {}
                Incoming::Work(id, result) => return Some(Event::Work(id, result)),
            }
        }
        None
    }
}
