//! Signal handlers of the process, and the ports through which loops hear of signals.
//!
//! A port is a pipe and the set of signals it wants. The handler writes the signal's number, one
//! byte, into the pipe of every port that wants it. Ports are never freed, only used again: so the
//! handler, which may run at any moment on any thread, can walk over them without a lock, and a
//! pipe it writes to cannot have become some other file meanwhile.

#![expect(unsafe_code, reason = "system calls that std and rustix lack, behind safe functions")]

use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, IntoRawFd, RawFd};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};

use super::fd::last_errno;
use crate::wake::Waker;

/// Loops of a process that may listen to signals at the same time. Node's workers cannot, so this is
/// for the main thread and for private loops such as that of `spawnSync`.
const PORTS_MAX: usize = 256;

/// One more than the highest signal number. Linux: _NSIG.
const SIGNALS_MAX: usize = 65;

struct PortCell {
    /// Read end of the pipe; -1 until first used.
    read: AtomicI32,
    taken: AtomicBool,
    /// Bit n - 1 is signal n.
    wanted: AtomicU64,
    /// Write end of the pipe; -1 until first used.
    write: AtomicI32,
}

static PORTS: [PortCell; PORTS_MAX] = [const {
    PortCell {
        read: AtomicI32::new(-1),
        taken: AtomicBool::new(false),
        wanted: AtomicU64::new(0),
        write: AtomicI32::new(-1),
    }
}; PORTS_MAX];

/// Per signal: how many ports want it, and what the process did with it before.
static INSTALLED: Mutex<[Option<(u32, Before)>; SIGNALS_MAX]> = Mutex::new([const { None }; SIGNALS_MAX]);

#[derive(Clone, Copy)]
struct Before(libc::sigaction);

fn installed() -> MutexGuard<'static, [Option<(u32, Before)>; SIGNALS_MAX]> {
    INSTALLED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn bit(signal: i32) -> u64 {
    1 << (signal - 1)
}

/// A loop's ear for signals.
#[derive(Debug)]
pub(crate) struct Port(usize);

impl Port {
    /// Takes a free port.
    ///
    /// # Errors
    /// `EMFILE` if there is none, or no descriptor for its pipe.
    pub(crate) fn open() -> Result<Port, Errno> {
        let _one_at_a_time = installed();
        let free = PORTS.iter().position(|cell| !cell.taken.load(Ordering::Acquire));
        let index = free.ok_or(Errno::MFILE)?;
        let cell = &PORTS[index];
        if cell.read.load(Ordering::Acquire) < 0 {
            let (read, write) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
            cell.read.store(read.into_raw_fd(), Ordering::Release);
            cell.write.store(write.into_raw_fd(), Ordering::Release);
        }
        cell.taken.store(true, Ordering::Release);
        let port = Port(index);
        let mut stale = [0; 512];
        while port.read(&mut stale) == stale.len() {}
        Ok(port)
    }

    /// The pipe to poll.
    pub(crate) fn fd(&self) -> RawFd {
        self.borrow().as_raw_fd()
    }

    fn borrow(&self) -> BorrowedFd<'static> {
        let fd = PORTS[self.0].read.load(Ordering::Acquire);
        // SAFETY: `open` has stored an open pipe end here, and ports' pipes are never closed.
        unsafe { BorrowedFd::borrow_raw(fd) }
    }

    /// Takes signal numbers out of the pipe; how many there were.
    pub(crate) fn read(&self, signals: &mut [u8]) -> usize {
        rustix::io::read(self.borrow().as_fd(), signals).unwrap_or(0)
    }

    /// Wants a signal from now on.
    ///
    /// # Errors
    /// `EINVAL` for a number that is no signal or one that cannot be caught.
    pub(crate) fn want(&self, signal: i32) -> Result<(), Errno> {
        if !(1..SIGNALS_MAX as i32).contains(&signal) {
            return Err(Errno::INVAL);
        }
        let mut installed = installed();
        let cell = &PORTS[self.0];
        if cell.wanted.load(Ordering::Acquire) & bit(signal) != 0 {
            return Ok(());
        }
        match &mut installed[signal as usize] {
            Some((count, _)) => *count += 1,
            nobody => *nobody = Some((1, Before(install(signal)?))),
        }
        cell.wanted.fetch_or(bit(signal), Ordering::AcqRel);
        Ok(())
    }

    /// Wants a signal no more. When nobody does, the process deals with it as it did before.
    pub(crate) fn forget(&self, signal: i32) {
        let mut installed = installed();
        let cell = &PORTS[self.0];
        if cell.wanted.fetch_and(!bit(signal), Ordering::AcqRel) & bit(signal) == 0 {
            return;
        }
        let Some((count, before)) = &mut installed[signal as usize] else { return };
        *count -= 1;
        if *count == 0 {
            restore(signal, before);
            installed[signal as usize] = None;
        }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        for signal in 1..SIGNALS_MAX as i32 {
            self.forget(signal);
        }
        PORTS[self.0].taken.store(false, Ordering::Release);
    }
}

/// What [`wake_on_signal`] wakes. Leaked: the handler may look at it at any moment.
static WAKES: AtomicPtr<Wake> = AtomicPtr::new(std::ptr::null_mut());

struct Wake {
    flags: [Arc<AtomicBool>; 2],
    waker: Waker,
}

/// Sets the flags and wakes the loop whenever `signal` arrives, unless somebody listens to it with a handle. For one signal of the process;
/// it costs one system call.
///
/// # Errors
/// `EINVAL` for a number that is no signal or one that cannot be caught; `EBUSY` at a second call.
pub fn wake_on_signal(signal: i32, waker: Waker, flags: [Arc<AtomicBool>; 2]) -> Result<(), Errno> {
    let wake = Box::into_raw(Box::new(Wake { flags, waker }));
    if WAKES.compare_exchange(std::ptr::null_mut(), wake, Ordering::AcqRel, Ordering::Acquire).is_err() {
        // SAFETY: made above, and nobody else has seen it.
        drop(unsafe { Box::from_raw(wake) });
        return Err(Errno::BUSY);
    }
    install_handler(signal, on_wake_signal).map(|_before| ())
}

/// Only sets flags, and writes to an eventfd.
extern "C" fn on_wake_signal(_signal: i32) {
    // SAFETY: null, or leaked by `wake_on_signal`.
    let Some(wake) = (unsafe { WAKES.load(Ordering::Acquire).as_ref() }) else { return };
    // SAFETY: the thread's errno is always there.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above; it must look untouched to the code we interrupt.
    let saved = unsafe { *errno };
    for flag in &wake.flags {
        flag.store(true, Ordering::SeqCst);
    }
    wake.waker.wake();
    // SAFETY: as above.
    unsafe { *errno = saved };
}

/// Installs our handler; what was there before.
fn install(signal: i32) -> Result<libc::sigaction, Errno> {
    install_handler(signal, on_signal)
}

fn install_handler(signal: i32, handler: extern "C" fn(libc::c_int)) -> Result<libc::sigaction, Errno> {
    let mut before = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: all-zero bytes are a valid `sigaction`: default action, empty mask, no flags.
    let mut action = unsafe { MaybeUninit::<libc::sigaction>::zeroed().assume_init() };
    action.sa_sigaction = handler as libc::sighandler_t;
    action.sa_flags = libc::SA_RESTART;
    // SAFETY: the mask is ours to write.
    unsafe { libc::sigfillset(&mut action.sa_mask) };
    // SAFETY: both structures live through the call; the handler does only what a handler may.
    if unsafe { libc::sigaction(signal, &action, before.as_mut_ptr()) } != 0 {
        return Err(last_errno());
    }
    // SAFETY: zeroed to begin with, and filled by the call.
    Ok(unsafe { before.assume_init() })
}

fn restore(signal: i32, before: &Before) {
    // SAFETY: `before` came from `sigaction` for this very signal. It cannot fail: the signal could be
    // caught, so it can be let go.
    unsafe { libc::sigaction(signal, &before.0, std::ptr::null_mut()) };
}

/// Runs on whatever thread the signal hits, in the middle of anything: atomics and `write` only.
extern "C" fn on_signal(signal: libc::c_int) {
    // SAFETY: the thread's errno is always there.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above; it must look untouched to the code we interrupt.
    let saved = unsafe { *errno };
    let byte = signal as u8;
    for cell in &PORTS {
        let fd = cell.write.load(Ordering::Acquire);
        if fd < 0 {
            // Ports are used from the first on, so there is nobody behind this one.
            break;
        }
        if cell.wanted.load(Ordering::Acquire) & bit(signal) != 0 {
            // SAFETY: `byte` is readable for one byte, and the pipe is never closed. A full pipe
            // drops the signal: 64 Ki of them are waiting already.
            unsafe { libc::write(fd, (&raw const byte).cast(), 1) };
        }
    }
    // SAFETY: as above.
    unsafe { *errno = saved };
}
