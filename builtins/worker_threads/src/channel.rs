//! Mailboxes: what two threads share of a message channel.
//!
//! A [`Side`] has an inbox and knows its peer, or the group whose other members it speaks to. No lock is held while another is
//! taken, nor while a message is dropped: dropping one may close a port that travelled in it.

use anode_engine::SerializedValue;
use anode_runtime::event_loop::Waker;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

/// What arrives.
pub(crate) enum Message {
    /// The other side was closed: nothing comes after it.
    Close,
    Value(SerializedValue),
}

#[derive(Default)]
struct State {
    closed: bool,
    queue: VecDeque<Message>,
    peer: Weak<Side>,
    waker: Option<Waker>,
}

/// One end of a channel, or one member of a group.
#[derive(Default)]
pub(crate) struct Side {
    group: Option<String>,
    state: Mutex<State>,
}

type Groups = HashMap<String, Vec<Weak<Side>>>;

static GROUPS: LazyLock<Mutex<Groups>> = LazyLock::new(Mutex::default);

/// The inboxes of threads, by their number.
static INBOXES: LazyLock<Mutex<HashMap<u32, Weak<Side>>>> = LazyLock::new(Mutex::default);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Side {
    /// Two sides that speak to each other.
    pub(crate) fn pair() -> (Arc<Side>, Arc<Side>) {
        let one = Arc::new(Side::default());
        let two = Arc::new(Side::default());
        locked(&one.state).peer = Arc::downgrade(&two);
        locked(&two.state).peer = Arc::downgrade(&one);
        (one, two)
    }

    /// A member of a group of this process.
    pub(crate) fn member(group: &str) -> Arc<Side> {
        let side = Arc::new(Side { group: Some(group.to_owned()), state: Mutex::default() });
        let mut groups = locked(&GROUPS);
        groups.entry(group.to_owned()).or_default().push(Arc::downgrade(&side));
        side
    }

    /// The inbox of a thread.
    pub(crate) fn inbox(thread: u32) -> Arc<Side> {
        let side = Arc::new(Side::default());
        let mut inboxes = locked(&INBOXES);
        inboxes.retain(|_, side| side.strong_count() > 0);
        inboxes.insert(thread, Arc::downgrade(&side));
        side
    }

    /// The inbox of a thread, if it has one and did not end.
    pub(crate) fn inbox_of(thread: u32) -> Option<Arc<Side>> {
        locked(&INBOXES).get(&thread).and_then(Weak::upgrade)
    }

    /// Whom a message goes to: the peer, or all other members. `None` if the other side is closed.
    pub(crate) fn receivers(self: &Arc<Side>) -> Vec<Arc<Side>> {
        match &self.group {
            None => {
                let peer = locked(&self.state).peer.upgrade();
                peer.filter(|peer| !locked(&peer.state).closed).into_iter().collect()
            }
            Some(group) => {
                let members = locked(&GROUPS).get(group).cloned().unwrap_or_default();
                members.iter().filter_map(Weak::upgrade).filter(|member| !Arc::ptr_eq(member, self)).collect()
            }
        }
    }

    /// Puts a message into the inbox and wakes the owner. False if the side is closed.
    pub(crate) fn deliver(&self, message: Message) -> bool {
        let mut state = locked(&self.state);
        if state.closed {
            drop(state);
            drop(message);
            return false;
        }
        state.queue.push_back(message);
        let waker = state.waker.clone();
        // Who is woken takes the lock.
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }

    /// Takes the next message; while the owner does not listen (`started` is false) only the end of the channel.
    pub(crate) fn take(&self, started: bool) -> Option<Message> {
        let mut state = locked(&self.state);
        if !started && !matches!(state.queue.front(), Some(Message::Close)) {
            return None;
        }
        state.queue.pop_front()
    }

    pub(crate) fn len(&self) -> usize {
        locked(&self.state).queue.len()
    }

    /// Wakes the owner to look into its inbox.
    pub(crate) fn wake_owner(&self) {
        if let Some(waker) = &locked(&self.state).waker {
            waker.wake();
        }
    }

    /// Gives the side its loop, or takes it away while it travels.
    pub(crate) fn set_waker(&self, waker: Option<Waker>) {
        let mut state = locked(&self.state);
        if let Some(waker) = &waker
            && !state.queue.is_empty()
        {
            waker.wake();
        }
        state.waker = waker;
    }

    /// Ends the channel: the peer gets what was sent before, then learns of it. Returns what had arrived here.
    pub(crate) fn close(self: &Arc<Side>) -> VecDeque<Message> {
        let rest = self.shut();
        self.tell_peer();
        rest
    }

    /// The second half of [`Side::close`].
    pub(crate) fn tell_peer(&self) {
        let peer = locked(&self.state).peer.upgrade();
        if let Some(peer) = peer {
            peer.deliver(Message::Close);
        }
    }

    /// The first half of [`Side::close`]: nothing arrives any more.
    pub(crate) fn shut(self: &Arc<Side>) -> VecDeque<Message> {
        let rest = {
            let mut state = locked(&self.state);
            if state.closed {
                return VecDeque::new();
            }
            state.closed = true;
            state.waker = None;
            std::mem::take(&mut state.queue)
        };
        if let Some(group) = &self.group {
            let mut groups = locked(&GROUPS);
            if let Some(members) = groups.get_mut(group) {
                members.retain(|member| member.strong_count() > 0 && !std::ptr::eq(member.as_ptr(), Arc::as_ptr(self)));
                if members.is_empty() {
                    groups.remove(group);
                }
            }
        }
        rest
    }

    /// Whether `other` is the other end.
    pub(crate) fn is_peer(&self, other: &Arc<Side>) -> bool {
        std::ptr::eq(locked(&self.state).peer.as_ptr(), Arc::as_ptr(other))
    }
}

/// A side on its way to another thread; closed if nobody takes it out.
pub(crate) struct Parcel(Option<Arc<Side>>);

impl Parcel {
    pub(crate) fn new(side: Arc<Side>) -> Parcel {
        Parcel(Some(side))
    }

    pub(crate) fn open(mut self) -> Option<Arc<Side>> {
        self.0.take()
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        if let Some(side) = self.0.take() {
            drop(side.close());
        }
    }
}
