//! Idle, prepare and check handles: one event per started handle and turn.
//!
//! A started idle handle keeps the poll phase from sleeping. A check handle can do the same while it
//! is *busy*, without an event of its own: that is how immediates want it, and it keeps the loop
//! alive just as long.

use crate::event::{Errno, Event};
use crate::table::Key;
use crate::{Handle, Kind, Loop};

/// The phase a handle of this file belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Slot {
    Check,
    Idle,
    Prepare,
}

impl Slot {
    fn event(self, key: Key) -> Event {
        match self {
            Slot::Check => Event::Check(key),
            Slot::Idle => Event::Idle(key),
            Slot::Prepare => Event::Prepare(key),
        }
    }
}

/// The started handles of one phase, in the order they were started.
#[derive(Default)]
pub(crate) struct Phased {
    pub(crate) check: Vec<Key>,
    /// Check handles that are busy.
    pub(crate) check_busy: usize,
    pub(crate) idle: Vec<Key>,
    pub(crate) prepare: Vec<Key>,
    /// The handles of the phase that runs, as they were when it began.
    walk: Vec<Key>,
    walked: usize,
}

impl Phased {
    fn list(&mut self, slot: Slot) -> &mut Vec<Key> {
        match slot {
            Slot::Check => &mut self.check,
            Slot::Idle => &mut self.idle,
            Slot::Prepare => &mut self.prepare,
        }
    }

    /// Takes note of who takes part: a handle started from now on waits for the next turn.
    pub(crate) fn begin(&mut self, slot: Slot) {
        let mut walk = std::mem::take(&mut self.walk);
        walk.clear();
        walk.extend_from_slice(self.list(slot));
        self.walk = walk;
        self.walked = 0;
    }
}

impl Loop {
    /// Makes a stopped check handle: once started, [`Event::Check`] once per turn, after the poll.
    pub fn check_open(&mut self) -> Key {
        self.insert(Kind::Phased { busy: false, slot: Slot::Check })
    }

    /// Makes a stopped idle handle: once started, [`Event::Idle`] once per turn, and no sleeping.
    pub fn idle_open(&mut self) -> Key {
        self.insert(Kind::Phased { busy: false, slot: Slot::Idle })
    }

    /// Makes a stopped prepare handle: once started, [`Event::Prepare`] once per turn, before the poll.
    pub fn prepare_open(&mut self) -> Key {
        self.insert(Kind::Phased { busy: false, slot: Slot::Prepare })
    }

    /// Starts a check, idle or prepare handle; one that runs already is fine.
    ///
    /// # Errors
    /// `EINVAL` if the key is not such a handle or is closing.
    pub fn phase_start(&mut self, key: Key) -> Result<(), Errno> {
        let Some(Handle { kind: Kind::Phased { slot, .. }, active, closing: false, .. }) = self.handles.get(key) else {
            return Err(Errno::INVAL);
        };
        let slot = *slot;
        if !*active {
            self.phased.list(slot).push(key);
            self.set_active(key, true);
        }
        Ok(())
    }

    /// Stops a check, idle or prepare handle at once, also in the middle of its phase.
    pub fn phase_stop(&mut self, key: Key) {
        let Some(Handle { kind: Kind::Phased { slot, .. }, active: true, .. }) = self.handles.get(key) else {
            return;
        };
        let slot = *slot;
        self.phased.list(slot).retain(|other| *other != key);
        self.set_active(key, false);
    }

    /// Says whether immediates wait behind a check handle: while busy, the loop stays alive and its
    /// poll does not sleep, whether or not the handle is ref'd.
    pub fn check_busy(&mut self, key: Key, busy: bool) {
        let Some(Handle { kind: Kind::Phased { busy: was, slot: Slot::Check }, closing: false, .. }) =
            self.handles.get_mut(key)
        else {
            return;
        };
        match (std::mem::replace(was, busy), busy) {
            (false, true) => self.phased.check_busy += 1,
            (true, false) => self.phased.check_busy -= 1,
            _ => {}
        }
    }

    /// The next event of the phase begun with [`Phased::begin`].
    pub(crate) fn next_phased(&mut self) -> Option<Event> {
        while let Some(&key) = self.phased.walk.get(self.phased.walked) {
            self.phased.walked += 1;
            if let Some(Handle { kind: Kind::Phased { slot, .. }, active: true, .. }) = self.handles.get(key) {
                return Some(slot.event(key));
            }
        }
        None
    }
}
