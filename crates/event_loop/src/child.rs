//! Child processes.
//!
//! A child's end is seen through its pidfd, which the poller watches like any other descriptor; where
//! the kernel has none, through SIGCHLD. Either way the child is waited for, also if its handle was
//! closed before: nobody stays a zombie.

use std::ffi::{CString, OsStr};
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use mio::unix::SourceFd;
use mio::{Interest, Token};
use rustix::fs::{Access, AtFlags, CWD, FileType, Mode, OFlags};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use rustix::process::{Pid, PidfdFlags, WaitOptions, pidfd_open, waitpid};

use crate::event::{ChildStatus, Errno, Event};
use crate::sys::fd::{duplicate, kill};
use crate::sys::spawn::{Plan, spawn};
use crate::table::Key;
use crate::{Handle, Kind, Loop};

/// Where programs are searched if the environment has no PATH. glibc: _CS_PATH.
const DEFAULT_PATH: &[u8] = b"/bin:/usr/bin";

/// What to start and how. Strings are bytes, as the kernel wants them.
#[derive(Debug, Default)]
pub struct SpawnOptions {
    /// Arguments, the first being the name the program sees as its own.
    pub args: Vec<Vec<u8>>,
    /// Folder to start in; ours if `None`.
    pub cwd: Option<Vec<u8>>,
    /// In a session of its own.
    pub detached: bool,
    /// `NAME=value` pairs; our environment if `None`.
    pub env: Option<Vec<Vec<u8>>>,
    /// Group to become.
    pub gid: Option<u32>,
    /// A path, or a name to search in the PATH of `env`.
    pub program: Vec<u8>,
    /// Descriptor `n` of the child is the `n`th of these; 0 to 2 beyond the end are ignored.
    pub stdio: Vec<StdioSpec>,
    /// User to become.
    pub uid: Option<u32>,
}

/// What a descriptor of the child is.
#[derive(Debug)]
pub enum StdioSpec {
    /// A copy of one of ours, which is closed here afterwards.
    Fd(OwnedFd),
    /// `/dev/null` for the first three, closed for others.
    Ignore,
    /// A copy of one of ours.
    Inherit(RawFd),
    /// One end of a unix socket pair; ours is in [`Spawned::pipes`].
    Pipe,
}

/// A started child.
#[derive(Debug)]
pub struct Spawned {
    /// Its handle: active until [`Event::ChildExit`].
    pub key: Key,
    /// Its process number.
    pub pid: i32,
    /// Our ends of the pipes, non-blocking, one entry per entry of `stdio`.
    pub pipes: Vec<Option<OwnedFd>>,
}

/// Why a child was not started.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SpawnError {
    /// The error.
    pub errno: Errno,
    /// The system call that failed: what it was about, rather than its exact name.
    pub syscall: &'static str,
}

impl std::fmt::Display for SpawnError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.syscall, self.errno)
    }
}

impl std::error::Error for SpawnError {}

/// What a child's handle remembers.
#[derive(Debug)]
pub(crate) struct Child {
    pid: Pid,
    pidfd: Option<OwnedFd>,
    running: bool,
}

/// What a loop knows of children.
#[derive(Default)]
pub(crate) struct Children {
    /// Running children without a pidfd.
    by_signal: Vec<Key>,
    /// Children whose handles were closed before they ended.
    orphans: Vec<Pid>,
}

fn fails(syscall: &'static str) -> impl Fn(Errno) -> SpawnError {
    move |errno| SpawnError { errno, syscall }
}

impl Loop {
    /// Starts a program.
    ///
    /// # Errors
    /// `spawn` with what `exec` said (`ENOENT`, `EACCES`, `E2BIG`, ...), also for a `cwd` that cannot
    /// be entered and users one may not become; `EINVAL` for zero bytes in strings. `socketpair`, `open`,
    /// `dup` with what they said. Nothing is left behind.
    pub fn spawn(&mut self, options: SpawnOptions) -> Result<Spawned, SpawnError> {
        let invalid = |_| fails("spawn")(Errno::INVAL);
        let envp = match options.env {
            Some(env) => c_strings(env).map_err(invalid)?,
            None => inherited_environment(),
        };
        let cwd = options.cwd.map(CString::new).transpose().map_err(invalid)?;
        let candidates = candidates(options.program, &envp, cwd.as_ref()).map_err(invalid)?;
        let (fds, pipes) = stdio(options.stdio)?;
        let plan = Plan {
            argv: c_strings(options.args).map_err(invalid)?,
            candidates,
            cwd,
            detached: options.detached,
            envp,
            fds,
            gid: options.gid,
            uid: options.uid,
        };
        let pid = spawn(&plan).map_err(fails("spawn"))?;
        drop(plan);
        let child = Pid::from_raw(pid).ok_or(Errno::CHILD).map_err(fails("spawn"))?;
        let pidfd = pidfd_open(child, PidfdFlags::empty()).ok();
        let key = self.watch_child(child, pidfd).map_err(fails("spawn"))?;
        Ok(Spawned { key, pid, pipes })
    }

    /// Sends a signal to a child that was not waited for yet; 0 only asks.
    ///
    /// # Errors
    /// `ESRCH` if it has ended or the key is stale; `EPERM`, `EINVAL`.
    pub fn child_kill(&mut self, key: Key, signal: i32) -> Result<(), Errno> {
        match self.handles.get(key) {
            Some(Handle { kind: Kind::Child(child), .. }) if child.running => {
                kill(child.pid.as_raw_nonzero().get(), signal)
            }
            _ => Err(Errno::SRCH),
        }
    }

    /// Watches a child through its pidfd, or through SIGCHLD without one.
    fn watch_child(&mut self, pid: Pid, pidfd: Option<OwnedFd>) -> Result<Key, Errno> {
        let raw = pidfd.as_ref().map(AsRawFd::as_raw_fd);
        let key = self.insert(Kind::Child(Child { pid, pidfd, running: true }));
        let token = Token(key.to_bits() as usize);
        let watched = raw
            .is_some_and(|raw| self.poller.registry().register(&mut SourceFd(&raw), token, Interest::READABLE).is_ok());
        if !watched {
            self.want_signal(libc::SIGCHLD)?;
            self.children.by_signal.push(key);
            // It may have ended before the handler stood: look once in any case.
            self.again.push(key);
        }
        self.set_active(key, true);
        Ok(key)
    }

    pub(crate) fn children_need_signal(&self) -> bool {
        !self.children.by_signal.is_empty()
    }

    /// SIGCHLD came: somebody ended.
    pub(crate) fn look_for_exits(&mut self) {
        for key in self.children.by_signal.clone() {
            if let Some(event) = self.child_ready(key) {
                self.later.push_back(event);
            }
        }
    }

    /// Waits for a child that may have ended.
    pub(crate) fn child_ready(&mut self, key: Key) -> Option<Event> {
        self.bury_orphans();
        let Some(Handle { kind: Kind::Child(child), .. }) = self.handles.get_mut(key) else { return None };
        if !child.running {
            return None;
        }
        let status = match waitpid(Some(child.pid), WaitOptions::NOHANG) {
            Ok(None) | Err(Errno::INTR) => return None,
            Ok(Some((_, status))) => ChildStatus {
                code: status.exit_status().unwrap_or(0),
                signal: status.terminating_signal().unwrap_or(0),
            },
            // Somebody else waited for it; all we know is that it is gone.
            Err(_) => ChildStatus { code: 0, signal: 0 },
        };
        child.running = false;
        self.forget_child(key);
        self.set_active(key, false);
        Some(Event::ChildExit(key, status))
    }

    fn forget_child(&mut self, key: Key) {
        let Some(Handle { kind: Kind::Child(child), .. }) = self.handles.get_mut(key) else { return };
        if let Some(pidfd) = child.pidfd.take() {
            let _ = self.poller.registry().deregister(&mut SourceFd(&pidfd.as_raw_fd()));
        }
        self.children.by_signal.retain(|other| *other != key);
    }

    pub(crate) fn close_child(&mut self, key: Key) {
        self.forget_child(key);
        if let Some(Handle { kind: Kind::Child(child), .. }) = self.handles.get(key)
            && child.running
        {
            self.children.orphans.push(child.pid);
        }
    }

    /// Waits for those ended children whose handles are gone.
    fn bury_orphans(&mut self) {
        self.children.orphans.retain(|pid| matches!(waitpid(Some(*pid), WaitOptions::NOHANG), Ok(None)));
    }
}

fn c_strings(strings: Vec<Vec<u8>>) -> Result<Vec<CString>, std::ffi::NulError> {
    strings.into_iter().map(CString::new).collect()
}

fn inherited_environment() -> Vec<CString> {
    std::env::vars_os()
        .filter_map(|(name, value)| {
            let pair = [name.into_vec(), value.into_vec()].join(&b'=');
            CString::new(pair).ok()
        })
        .collect()
}

/// The paths to try for a program: itself if it has a slash, else one per folder of the PATH. Folders
/// that obviously lack it are left out, so that each need not cost a process.
fn candidates(program: Vec<u8>, envp: &[CString], cwd: Option<&CString>) -> Result<Vec<CString>, std::ffi::NulError> {
    if program.is_empty() || program.contains(&b'/') {
        return Ok(vec![CString::new(program)?]);
    }
    let path = envp.iter().find_map(|pair| pair.to_bytes().strip_prefix(b"PATH=")).unwrap_or(DEFAULT_PATH);
    let mut found = Vec::new();
    for folder in path.split(|byte| *byte == b':') {
        let file = match folder {
            b"" => program.clone(),
            folder => [folder, &program].join(&b'/'),
        };
        if may_run(&file, cwd) {
            found.push(CString::new(file)?);
        }
    }
    Ok(found)
}

/// Whether a file exists, as seen from the folder the child starts in. One that may not be executed
/// counts: it decides which error is reported.
fn may_run(file: &[u8], cwd: Option<&CString>) -> bool {
    let file = match cwd {
        Some(cwd) if !file.starts_with(b"/") => [cwd.to_bytes(), file].join(&b'/'),
        _ => file.to_vec(),
    };
    let path = OsStr::from_bytes(&file);
    if rustix::fs::accessat(CWD, path, Access::EXEC_OK, AtFlags::empty()) == Err(Errno::NOENT) {
        return false;
    }
    rustix::fs::stat(path).is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) != FileType::Directory)
}

type Stdio = (Vec<Option<OwnedFd>>, Vec<Option<OwnedFd>>);

/// The child's descriptors, with numbers beyond those they will have, and our ends of the pipes.
fn stdio(mut specs: Vec<StdioSpec>) -> Result<Stdio, SpawnError> {
    let asked = specs.len();
    while specs.len() < 3 {
        specs.push(StdioSpec::Ignore);
    }
    let min = specs.len() as RawFd;
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for (number, spec) in specs.into_iter().enumerate() {
        let (their, our) = match spec {
            StdioSpec::Ignore if number < 3 => (Some(null()?), None),
            StdioSpec::Ignore => (None, None),
            StdioSpec::Inherit(fd) => {
                let copy = duplicate(fd, min).map_err(fails("dup"))?;
                if number < 3 {
                    // Programs expect their standard streams to block.
                    let _ = rustix::io::ioctl_fionbio(&copy, false);
                }
                (Some(copy), None)
            }
            StdioSpec::Fd(fd) => (Some(fd), None),
            StdioSpec::Pipe => {
                let (our, their) = socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)
                    .map_err(fails("socketpair"))?;
                rustix::io::ioctl_fionbio(&our, true).map_err(fails("ioctl"))?;
                (Some(their), Some(our))
            }
        };
        let their = match their {
            Some(fd) if fd.as_fd().as_raw_fd() < min => {
                Some(rustix::io::fcntl_dupfd_cloexec(&fd, min).map_err(fails("dup"))?)
            }
            their => their,
        };
        theirs.push(their);
        ours.push(our);
    }
    ours.truncate(asked);
    Ok((theirs, ours))
}

fn null() -> Result<OwnedFd, SpawnError> {
    rustix::fs::open(c"/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty()).map_err(fails("open"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_pidfds_children_are_seen_through_their_signal() {
        let mut events = Loop::new().unwrap();
        let mut wanted = std::collections::HashMap::new();
        for code in [0, 3, 200] {
            let plan = Plan {
                argv: c_strings(vec![b"sh".to_vec(), b"-c".to_vec(), format!("sleep 0.0{code}; exit {code}").into()])
                    .unwrap(),
                candidates: vec![CString::from(c"/bin/sh")],
                cwd: None,
                detached: false,
                envp: inherited_environment(),
                fds: Vec::new(),
                gid: None,
                uid: None,
            };
            let pid = Pid::from_raw(spawn(&plan).unwrap()).unwrap();
            wanted.insert(events.watch_child(pid, None).unwrap(), code);
        }
        while let Some(event) = events.next_event() {
            let Event::ChildExit(key, status) = event else { panic!("{event:?}") };
            assert_eq!(wanted.remove(&key), Some(status.code));
        }
        assert!(wanted.is_empty() && !events.children_need_signal());
    }
}
