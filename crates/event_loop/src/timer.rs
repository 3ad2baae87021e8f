//! Timers: a binary heap by due time, first started first among equals.
//!
//! A heap entry knows its handle, and `positions` knows where in the heap a handle's entry is, so
//! stopping or restarting a timer is O(log n) and leaves no dead entry behind.
//!
//! A timer is due when the loop's cached time, whole milliseconds rounded down, has reached the time
//! it was started at plus its delay. All timers that are due when the phase begins are taken out
//! first and then handed out one by one: a zero timer that restarts itself waits for the next turn.
//! libuv docs: uv_timer_t.

use crate::event::{Errno, Event};
use crate::table::Key;
use crate::{Handle, Kind, Loop};

/// No entry in the heap.
const NOWHERE: u32 = u32::MAX;

/// What a timer handle remembers.
#[derive(Debug, Default)]
pub(crate) struct Timer {
    due_ms: u64,
    repeat_ms: u64,
    /// Number of the start that is in force; 0 while stopped. An entry with another number is old.
    start: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) due_ms: u64,
    pub(crate) start: u64,
    pub(crate) key: Key,
}

impl Entry {
    fn before(&self, other: &Entry) -> bool {
        (self.due_ms, self.start) < (other.due_ms, other.start)
    }
}

/// The heap. **Invariant:** `positions[heap[i].key.index()] == i`, and every other position is
/// [`NOWHERE`].
#[derive(Default)]
pub(crate) struct TimerHeap {
    heap: Vec<Entry>,
    positions: Vec<u32>,
}

impl TimerHeap {
    /// Due time of the earliest timer, in milliseconds of loop time.
    pub(crate) fn next_due_ms(&self) -> Option<u64> {
        self.heap.first().map(|entry| entry.due_ms)
    }

    pub(crate) fn insert(&mut self, entry: Entry) {
        self.remove(entry.key);
        let index = entry.key.index();
        if self.positions.len() <= index {
            self.positions.resize(index + 1, NOWHERE);
        }
        self.heap.push(entry);
        self.sift_up(self.heap.len() - 1);
    }

    pub(crate) fn remove(&mut self, key: Key) {
        let Some(&position) = self.positions.get(key.index()) else { return };
        if position == NOWHERE {
            return;
        }
        let position = position as usize;
        self.positions[key.index()] = NOWHERE;
        let last = self.heap.len() - 1;
        self.heap.swap(position, last);
        self.heap.truncate(last);
        if position < last {
            let settled = self.sift_up(position);
            self.sift_down(settled);
        }
    }

    pub(crate) fn pop_due(&mut self, now_ms: u64) -> Option<Entry> {
        let first = *self.heap.first().filter(|entry| entry.due_ms <= now_ms)?;
        self.remove(first.key);
        Some(first)
    }

    fn place(&mut self, position: usize) {
        self.positions[self.heap[position].key.index()] = position as u32;
    }

    fn sift_up(&mut self, mut position: usize) -> usize {
        while position > 0 {
            let parent = (position - 1) / 2;
            if !self.heap[position].before(&self.heap[parent]) {
                break;
            }
            self.heap.swap(position, parent);
            self.place(position);
            position = parent;
        }
        self.place(position);
        position
    }

    fn sift_down(&mut self, mut position: usize) {
        loop {
            let left = 2 * position + 1;
            let Some(mut child) = self.heap.get(left).map(|_| left) else { break };
            if self.heap.get(left + 1).is_some_and(|right| right.before(&self.heap[left])) {
                child = left + 1;
            }
            if !self.heap[child].before(&self.heap[position]) {
                break;
            }
            self.heap.swap(position, child);
            self.place(position);
            position = child;
        }
        self.place(position);
    }
}

impl Loop {
    /// Makes a stopped timer.
    pub fn timer_open(&mut self) -> Key {
        self.insert(Kind::Timer(Timer::default()))
    }

    /// Starts, or restarts, a timer: due `delay_ms` after [`Loop::now_ms`] (the cached time: call
    /// [`Loop::update_time`] first after long work), then every `repeat_ms` unless that is 0.
    ///
    /// A repeating timer counts from the time the loop found it due, so it drifts but never bursts.
    ///
    /// # Errors
    /// `EINVAL` if the key is not an open timer.
    pub fn timer_start(&mut self, key: Key, delay_ms: u64, repeat_ms: u64) -> Result<(), Errno> {
        let due_ms = self.now_ms.saturating_add(delay_ms);
        self.timer_starts += 1;
        let start = self.timer_starts;
        let Some(Handle { kind: Kind::Timer(timer), closing: false, .. }) = self.handles.get_mut(key) else {
            return Err(Errno::INVAL);
        };
        *timer = Timer { due_ms, repeat_ms, start };
        self.timers.insert(Entry { due_ms, start, key });
        self.set_active(key, true);
        Ok(())
    }

    /// Stops a timer; it may be started again. A stale key and a stopped timer are fine.
    pub fn timer_stop(&mut self, key: Key) {
        let Some(Handle { kind: Kind::Timer(timer), .. }) = self.handles.get_mut(key) else { return };
        timer.start = 0;
        self.timers.remove(key);
        self.set_active(key, false);
    }

    /// Restarts a repeating timer with its repeat as delay. libuv docs: uv_timer_again.
    ///
    /// # Errors
    /// `EINVAL` if the key is not an open timer that was started before. A timer without repeat is
    /// left as it is.
    pub fn timer_again(&mut self, key: Key) -> Result<(), Errno> {
        match self.handles.get(key) {
            Some(Handle { kind: Kind::Timer(timer), .. }) => match timer.repeat_ms {
                0 => Ok(()),
                repeat_ms => self.timer_start(key, repeat_ms, repeat_ms),
            },
            _ => Err(Errno::INVAL),
        }
    }

    /// Milliseconds of loop time until the timer is due, 0 if overdue; `None` while stopped.
    #[must_use]
    pub fn timer_due_in_ms(&self, key: Key) -> Option<u64> {
        match self.handles.get(key) {
            Some(Handle { kind: Kind::Timer(timer), .. }) if timer.start != 0 => {
                Some(timer.due_ms.saturating_sub(self.now_ms))
            }
            _ => None,
        }
    }

    /// Takes the timers that are due now out of the heap, in due order.
    pub(crate) fn begin_timers(&mut self) {
        while let Some(entry) = self.timers.pop_due(self.now_ms) {
            self.timers_due.push_back(entry);
        }
    }

    /// The next due timer that was neither stopped nor restarted since the phase began.
    pub(crate) fn next_timer(&mut self) -> Option<Event> {
        while let Some(entry) = self.timers_due.pop_front() {
            let timer = match self.handles.get_mut(entry.key) {
                Some(Handle { kind: Kind::Timer(timer), .. }) => timer,
                _ => {
                    self.resume_listener(entry.key);
                    continue;
                }
            };
            if timer.start != entry.start {
                continue;
            }
            let repeat_ms = timer.repeat_ms;
            self.metrics.timer_lag_ms = self.now_ms - entry.due_ms;
            if repeat_ms == 0 {
                timer.start = 0;
                self.set_active(entry.key, false);
            } else {
                self.timer_starts += 1;
                let due_ms = self.now_ms.saturating_add(repeat_ms);
                timer.due_ms = due_ms;
                timer.start = self.timer_starts;
                self.timers.insert(Entry { due_ms, start: self.timer_starts, key: entry.key });
            }
            return Some(Event::Timer(entry.key));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small linear congruential generator: the same sequence on every machine.
    fn random(state: &mut u64) -> u64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *state >> 33
    }

    #[test]
    fn the_heap_agrees_with_a_sorted_list() {
        let mut seed = 7;
        let mut heap = TimerHeap::default();
        let mut model: Vec<Entry> = Vec::new();
        for start in 1..20_000 {
            let key = Key::from_bits(random(&mut seed) % 300);
            model.retain(|entry| entry.key != key);
            if random(&mut seed).is_multiple_of(3) {
                heap.remove(key);
            } else {
                let entry = Entry { due_ms: random(&mut seed) % 50, start, key };
                heap.insert(entry);
                model.push(entry);
            }
            if random(&mut seed).is_multiple_of(50) {
                let now_ms = random(&mut seed) % 50;
                model.sort_by_key(|entry| (entry.due_ms, entry.start));
                let due = model.iter().take_while(|entry| entry.due_ms <= now_ms).count();
                let popped: Vec<Entry> = std::iter::from_fn(|| heap.pop_due(now_ms)).collect();
                assert_eq!(popped, model.drain(..due).collect::<Vec<_>>());
            }
        }
    }
}
