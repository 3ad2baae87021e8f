//! The loop's clock: the monotonic system clock, or one that a test moves by hand.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

pub(crate) const NS_PER_MS: u64 = 1_000_000;

/// Nanoseconds of the monotonic clock, from an arbitrary point in the past. The clock is the same
/// for every thread. Node docs: process.hrtime.bigint.
#[must_use]
pub fn hrtime_ns() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    // The monotonic clock starts at boot, so neither part is negative.
    time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs()
}

/// A clock for tests. It stands still while events are handled and jumps to the next timer when
/// the loop would sleep, so hours of timers run in milliseconds and always in the same order.
#[derive(Clone, Debug, Default)]
pub struct FakeClock(Rc<Cell<u64>>);

impl FakeClock {
    /// A clock at zero.
    #[must_use]
    pub fn new() -> FakeClock {
        FakeClock::default()
    }

    /// Moves the clock, as if the program had been busy for so long.
    pub fn advance(&self, by: Duration) {
        self.0.set(self.0.get() + u64::try_from(by.as_nanos()).unwrap_or(u64::MAX));
    }

    /// The time on the clock, in nanoseconds.
    #[must_use]
    pub fn now_ns(&self) -> u64 {
        self.0.get()
    }
}

/// Where a loop takes its time from.
pub(crate) enum Clock {
    Fake(FakeClock),
    System,
}

impl Clock {
    #[inline]
    pub(crate) fn now_ns(&self) -> u64 {
        match self {
            Clock::Fake(clock) => clock.now_ns(),
            Clock::System => hrtime_ns(),
        }
    }
}
