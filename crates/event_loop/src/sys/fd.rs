//! Descriptors that come as plain numbers.

#![expect(unsafe_code, reason = "system calls that std and rustix lack, behind safe functions")]

use std::os::fd::{BorrowedFd, FromRawFd, IntoRawFd as _, OwnedFd, RawFd};

use rustix::io::Errno;

/// The error of the last system call.
pub(crate) fn last_errno() -> Errno {
    Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)
}

/// Duplicates a descriptor to a number of at least `min`, close-on-exec.
///
/// # Errors
/// `EBADF` if the number is no open descriptor, `EMFILE`.
pub fn duplicate(fd: RawFd, min: RawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: F_DUPFD_CLOEXEC takes any two numbers, checks them, and touches no memory.
    let new = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, min) };
    if new < 0 {
        return Err(last_errno());
    }
    // SAFETY: the kernel has just made `new` for us; nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(new) })
}

/// Makes a descriptor that the user named by number ours: `new net.Socket({ fd })`. From now on it is
/// closed with its owner. As in Node, whoever names a number that something else uses takes it away
/// from that: it is the one door through which this can happen, and only a script's own words open it.
///
/// # Errors
/// `EBADF` if the number is no open descriptor.
pub fn adopt(fd: RawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: F_GETFD takes any number, checks it, and touches no memory.
    if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
        return Err(last_errno());
    }
    // SAFETY: `fd` is open, as just checked, and not -1. That nobody else closes it is the promise
    // of the caller, whose user handed the number over.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Closes a descriptor that a script named by number, with the caveat of [`adopt`].
///
/// # Errors
/// `EBADF` if the number is no open descriptor; what writing back to the disk or server said.
pub fn close(fd: RawFd) -> Result<(), Errno> {
    // SAFETY: `close` takes any number, checks it, and touches no memory. That nobody else uses it is
    // the promise of the caller, as for `adopt`.
    if unsafe { libc::close(fd) } == 0 {
        return Ok(());
    }
    match last_errno() {
        // On Linux it is closed all the same, and trying again could hit another's.
        Errno::INTR => Ok(()),
        error => Err(error),
    }
}

/// Waits until one of the descriptors is ready: number, events wanted, events there (`poll(2)`). Negative numbers are skipped; a
/// timeout of -1 waits for ever. How many are ready.
///
/// # Errors
/// `EINTR`, `EINVAL` for too many, `ENOMEM`.
pub fn poll(entries: &mut [(RawFd, i16, i16)], timeout_ms: i32) -> Result<usize, Errno> {
    let mut list: Vec<libc::pollfd> =
        entries.iter().map(|(fd, events, _)| libc::pollfd { fd: *fd, events: *events, revents: 0 }).collect();
    // SAFETY: the list has as many entries as we say, and lives during the call. Numbers that are not open are reported.
    let ready = unsafe { libc::poll(list.as_mut_ptr(), list.len() as libc::nfds_t, timeout_ms) };
    for (entry, found) in entries.iter_mut().zip(&list) {
        entry.2 = found.revents;
    }
    usize::try_from(ready).map_err(|_| last_errno())
}

/// Lends a descriptor that a script named by number.
///
/// # Errors
/// `EBADF` for a negative number; whether others are open only the kernel can say, when they are used.
pub fn with_fd<T>(fd: RawFd, run: impl FnOnce(BorrowedFd<'_>) -> Result<T, Errno>) -> Result<T, Errno> {
    if fd < 0 {
        return Err(Errno::BADF);
    }
    // SAFETY: not -1. That it stays open until `run` returns is the script's business, as in Node: if
    // not, the kernel answers EBADF or another file is used; no memory of ours is involved.
    run(unsafe { BorrowedFd::borrow_raw(fd) })
}

/// Opens the terminal behind a descriptor anew, so that its flags are ours alone. A number other than those of the standard
/// streams becomes ours, as in libuv: it then stands for the new opening, which is closed with its owner.
///
/// The controlling side of a pseudo terminal is taken as it is, as opening it anew would make another pseudo terminal.
///
/// # Errors
/// What `open` says; `EBADF`.
pub fn reopen_terminal(fd: RawFd) -> Result<OwnedFd, Errno> {
    if controls_terminal(fd) {
        let owned = adopt(fd)?;
        rustix::io::ioctl_fionbio(&owned, true)?;
        return Ok(owned);
    }
    let path = format!("/proc/self/fd/{fd}");
    let flags = rustix::fs::OFlags::CLOEXEC | rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::NONBLOCK;
    let open = |access| rustix::fs::open(path.as_str(), flags | access, rustix::fs::Mode::empty());
    let opened = open(rustix::fs::OFlags::RDWR)
        .or_else(|_| open(rustix::fs::OFlags::RDONLY))
        .or_else(|_| open(rustix::fs::OFlags::WRONLY))?;
    if fd <= libc::STDERR_FILENO {
        return Ok(opened);
    }
    let mut owned = adopt(fd)?;
    match rustix::io::dup3(&opened, &mut owned, rustix::io::DupFlags::CLOEXEC) {
        Ok(()) => Ok(owned),
        Err(errno) => {
            // It stays the caller's.
            let _ = owned.into_raw_fd();
            Err(errno)
        }
    }
}

/// Whether a descriptor is the controlling side of a pseudo terminal: only that has a number. pts(4), ioctl_tty(2).
fn controls_terminal(fd: RawFd) -> bool {
    let mut number: libc::c_uint = 0;
    // SAFETY: TIOCGPTN takes any descriptor, checks it, and writes one integer, which is ours.
    unsafe { libc::ioctl(fd, libc::TIOCGPTN, &raw mut number) == 0 }
}

/// Sends a signal as `kill(2)` does: a negative `pid` means a process group, 0 our own, and signal 0
/// only asks whether we could.
///
/// # Errors
/// `ESRCH`, `EPERM`, `EINVAL`.
pub fn kill(pid: i32, signal: i32) -> Result<(), Errno> {
    // SAFETY: `kill` takes any two numbers and touches no memory.
    if unsafe { libc::kill(pid, signal) } < 0 { Err(last_errno()) } else { Ok(()) }
}

/// From now on a write past `RLIMIT_FSIZE` is `EFBIG`, as other failed writes are errors, and does not kill the
/// process. setrlimit(2); Node does the same.
pub fn size_limit_is_error() {
    // SAFETY: ignoring a signal installs no code and touches no memory. Cannot fail for this signal.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd;

    use super::*;

    #[test]
    fn numbers_that_are_no_descriptors_are_refused() {
        for bad in [-1, 1_000_000] {
            assert_eq!(duplicate(bad, 0).unwrap_err(), Errno::BADF);
            assert_eq!(adopt(bad).unwrap_err(), Errno::BADF);
        }
        assert_eq!(close(-1), Err(Errno::BADF));
        assert_eq!(with_fd(-1, |_| Ok(())), Err(Errno::BADF));
        let copy = duplicate(0, 100).unwrap();
        assert!(copy.as_raw_fd() >= 100);
        assert!(with_fd(copy.as_raw_fd(), |fd| rustix::io::fcntl_getfd(fd)).is_ok());
    }

    #[test]
    fn kill_reports_what_the_kernel_says() {
        assert_eq!(kill(std::process::id() as i32, 0), Ok(()));
        assert_eq!(kill(0, 999), Err(Errno::INVAL));
        assert_eq!(kill(i32::MAX, 0), Err(Errno::SRCH));
    }
}
