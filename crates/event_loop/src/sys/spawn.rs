//! Starting a program.
//!
//! Normally through `posix_spawn`, which does not copy the page tables of a large process and reports
//! the error of `exec` exactly. It cannot change the user, so that takes `fork` and `exec` by hand,
//! with a pipe that closes itself on success and carries the error otherwise.

#![expect(unsafe_code, reason = "system calls that std and rustix lack, behind safe functions")]

use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::ptr;

use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};

use super::fd::last_errno;

/// All that is needed, prepared before the child exists.
pub(crate) struct Plan {
    pub(crate) argv: Vec<CString>,
    /// Paths to try, in order.
    pub(crate) candidates: Vec<CString>,
    pub(crate) cwd: Option<CString>,
    pub(crate) detached: bool,
    pub(crate) envp: Vec<CString>,
    /// Descriptor `n` of the child is a copy of `fds[n]`, whose number is at least `fds.len()`.
    pub(crate) fds: Vec<Option<OwnedFd>>,
    pub(crate) gid: Option<u32>,
    pub(crate) uid: Option<u32>,
}

/// A list of C strings with the null pointer at its end.
struct Pointers<'a> {
    list: Vec<*mut c_char>,
    _strings: &'a [CString],
}

impl<'a> Pointers<'a> {
    fn new(first: &[&'a CStr], strings: &'a [CString]) -> Pointers<'a> {
        let first = first.iter().map(|text| text.as_ptr().cast_mut());
        let rest = strings.iter().map(|text| text.as_ptr().cast_mut());
        Pointers { list: first.chain(rest).chain([ptr::null_mut()]).collect(), _strings: strings }
    }
}

/// Starts the first candidate that can be executed; the process's number.
///
/// # Errors
/// What `execve` said about the candidates, as `execvp` chooses: `EACCES` wins over `ENOENT`. What
/// `chdir`, `setuid`, `setgid` or `fork` said.
pub(crate) fn spawn(plan: &Plan) -> Result<i32, Errno> {
    if plan.uid.is_some() || plan.gid.is_some() {
        return fork_exec(plan);
    }
    let mut last = Errno::NOENT;
    for candidate in &plan.candidates {
        match posix_spawn(plan, candidate) {
            Err(error) if may_try_next(error) => {
                if last != Errno::ACCESS {
                    last = error;
                }
            }
            result => return result,
        }
    }
    Err(last)
}

/// Whether another folder of the search path may have the program. See execvp(3).
fn may_try_next(error: Errno) -> bool {
    matches!(error, Errno::ACCESS | Errno::NOENT | Errno::NOTDIR | Errno::STALE | Errno::NODEV | Errno::TIMEDOUT)
}

fn posix_spawn(plan: &Plan, path: &CStr) -> Result<i32, Errno> {
    let actions = Actions::new(plan)?;
    let attributes = Attributes::new(plan.detached)?;
    let envp = Pointers::new(&[], &plan.envp);
    let run = |path: &CStr, argv: &Pointers<'_>| {
        let mut pid = 0;
        // SAFETY: the lists end with null and their strings outlive the call; actions and attributes
        // are initialized; `pid` is ours to write.
        let error = unsafe {
            libc::posix_spawn(
                &mut pid,
                path.as_ptr(),
                &actions.0,
                &attributes.0,
                argv.list.as_ptr(),
                envp.list.as_ptr(),
            )
        };
        if error == 0 { Ok(pid) } else { Err(Errno::from_raw_os_error(error)) }
    };
    match run(path, &Pointers::new(&[], &plan.argv)) {
        // A text without a shebang is a shell script: execvp(3).
        Err(Errno::NOEXEC) => run(c"/bin/sh", &shell_argv(plan, path)),
        result => result,
    }
}

fn shell_argv<'a>(plan: &'a Plan, path: &'a CStr) -> Pointers<'a> {
    let name = plan.argv.first().map_or(c"sh", CString::as_c_str);
    Pointers::new(&[name, path], plan.argv.get(1..).unwrap_or_default())
}

struct Actions(libc::posix_spawn_file_actions_t);

impl Actions {
    fn new(plan: &Plan) -> Result<Actions, Errno> {
        let mut actions = MaybeUninit::uninit();
        // SAFETY: initializes what it is given.
        check(unsafe { libc::posix_spawn_file_actions_init(actions.as_mut_ptr()) })?;
        // SAFETY: initialized just now. From here on `Drop` destroys it.
        let mut actions = Actions(unsafe { actions.assume_init() });
        for (target, fd) in plan.fds.iter().enumerate() {
            if let Some(fd) = fd {
                let (from, to) = (fd.as_raw_fd(), target as RawFd);
                // SAFETY: the actions are initialized; numbers are checked when they run.
                check(unsafe { libc::posix_spawn_file_actions_adddup2(&mut actions.0, from, to) })?;
            }
        }
        if let Some(cwd) = &plan.cwd {
            // SAFETY: the actions are initialized and copy the path.
            check(unsafe { libc::posix_spawn_file_actions_addchdir_np(&mut actions.0, cwd.as_ptr()) })?;
        }
        Ok(actions)
    }
}

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: initialized in `new`, destroyed once.
        unsafe { libc::posix_spawn_file_actions_destroy(&mut self.0) };
    }
}

struct Attributes(libc::posix_spawnattr_t);

impl Attributes {
    /// Signals as a fresh process has them: none blocked, none ignored.
    fn new(detached: bool) -> Result<Attributes, Errno> {
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: initializes what it is given.
        check(unsafe { libc::posix_spawnattr_init(attributes.as_mut_ptr()) })?;
        // SAFETY: initialized just now. From here on `Drop` destroys it.
        let mut attributes = Attributes(unsafe { attributes.assume_init() });
        let mut flags = (libc::POSIX_SPAWN_SETSIGDEF | libc::POSIX_SPAWN_SETSIGMASK) as libc::c_short;
        if detached {
            flags |= libc::POSIX_SPAWN_SETSID;
        }
        // SAFETY: the attributes are initialized.
        check(unsafe { libc::posix_spawnattr_setflags(&mut attributes.0, flags) })?;
        // SAFETY: the attributes are initialized and copy the set.
        check(unsafe { libc::posix_spawnattr_setsigdefault(&mut attributes.0, &signals(true)) })?;
        // SAFETY: as above.
        check(unsafe { libc::posix_spawnattr_setsigmask(&mut attributes.0, &signals(false)) })?;
        Ok(attributes)
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: initialized in `new`, destroyed once.
        unsafe { libc::posix_spawnattr_destroy(&mut self.0) };
    }
}

/// All signals, or none.
fn signals(all: bool) -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    if all {
        // SAFETY: fills what it is given.
        unsafe { libc::sigfillset(set.as_mut_ptr()) };
    } else {
        // SAFETY: as above.
        unsafe { libc::sigemptyset(set.as_mut_ptr()) };
    }
    // SAFETY: both calls fill the set, and fail for no valid pointer.
    unsafe { set.assume_init() }
}

fn check(error: libc::c_int) -> Result<(), Errno> {
    if error == 0 { Ok(()) } else { Err(Errno::from_raw_os_error(error)) }
}

/// What the child needs, in a form it can use without allocating.
struct Prepared<'a> {
    argv: Pointers<'a>,
    candidates: &'a [CString],
    envp: Pointers<'a>,
    plan: &'a Plan,
    report: RawFd,
    shell_argv: Vec<Pointers<'a>>,
}

fn fork_exec(plan: &Plan) -> Result<i32, Errno> {
    let (report_read, low) = pipe_with(PipeFlags::CLOEXEC)?;
    // The child's end must not be where the child's own descriptors go.
    let report_write = super::fd::duplicate(low.as_raw_fd(), plan.fds.len() as RawFd)?;
    drop(low);
    let prepared = Prepared {
        argv: Pointers::new(&[], &plan.argv),
        candidates: &plan.candidates,
        envp: Pointers::new(&[], &plan.envp),
        plan,
        report: report_write.as_raw_fd(),
        shell_argv: plan.candidates.iter().map(|path| shell_argv(plan, path)).collect(),
    };
    // A signal must not run our handlers in the child before it has reset them.
    let mut mask = MaybeUninit::uninit();
    // SAFETY: both sets are valid for the call.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &signals(true), mask.as_mut_ptr()) };
    // SAFETY: the child calls only async-signal-safe functions, never returns from `run_child`, and
    // touches only memory prepared above, of which it has its own copy.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        run_child(&prepared);
    }
    let forked = if pid < 0 { Err(last_errno()) } else { Ok(pid) };
    // SAFETY: the mask was filled by the first call, which cannot fail with these arguments.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask.as_ptr(), ptr::null_mut()) };
    let pid = forked?;
    drop(prepared);
    drop(report_write);
    let mut report = [0; 4];
    match crate::write_queue::retry(|| rustix::io::read(&report_read, &mut report)) {
        Ok(4) => {
            let mut status = 0;
            // SAFETY: `pid` is our child, and it is about to exit or has done so.
            unsafe { libc::waitpid(pid, &mut status, 0) };
            Err(Errno::from_raw_os_error(i32::from_ne_bytes(report)))
        }
        _ => Ok(pid),
    }
}

/// The child, between `fork` and `exec`: async-signal-safe calls only, no allocation, no panic.
fn run_child(prepared: &Prepared<'_>) -> ! {
    let error = match set_up_child(prepared.plan) {
        Err(error) => error,
        Ok(()) => exec_child(prepared),
    };
    let report = error.raw_os_error().to_ne_bytes();
    // SAFETY: the array is readable for its length; the pipe is open and no one reads anything else.
    unsafe { libc::write(prepared.report, report.as_ptr().cast(), report.len()) };
    // SAFETY: ends the child at once, without running what belongs to the parent.
    unsafe { libc::_exit(127) }
}

fn set_up_child(plan: &Plan) -> Result<(), Errno> {
    if plan.detached {
        // SAFETY: async-signal-safe, no memory involved.
        succeed(unsafe { libc::setsid() })?;
    }
    for (target, fd) in plan.fds.iter().enumerate() {
        if let Some(fd) = fd {
            // SAFETY: async-signal-safe; no target overwrites a source, which all have higher numbers.
            succeed(unsafe { libc::dup2(fd.as_raw_fd(), target as RawFd) })?;
        }
    }
    if let Some(cwd) = &plan.cwd {
        // SAFETY: async-signal-safe; the path ends with a zero byte.
        succeed(unsafe { libc::chdir(cwd.as_ptr()) })?;
    }
    // The raw calls: libc's wrappers would try to tell threads that do not exist in the child.
    // SAFETY: no memory involved: the list is empty. Fails for those who may not, and need not.
    unsafe { libc::syscall(libc::SYS_setgroups, 0, ptr::null::<libc::gid_t>()) };
    if let Some(gid) = plan.gid {
        // SAFETY: no memory involved.
        succeed(unsafe { libc::syscall(libc::SYS_setgid, gid) } as libc::c_int)?;
    }
    if let Some(uid) = plan.uid {
        // SAFETY: no memory involved.
        succeed(unsafe { libc::syscall(libc::SYS_setuid, uid) } as libc::c_int)?;
    }
    for signal in 1..=64 {
        // SAFETY: async-signal-safe. Fails for those that cannot be changed, which is right.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    // SAFETY: async-signal-safe; the set lives through the call.
    succeed(unsafe { libc::sigprocmask(libc::SIG_SETMASK, &signals(false), ptr::null_mut()) })
}

/// Tries the candidates; why none of them became us.
fn exec_child(prepared: &Prepared<'_>) -> Errno {
    let envp = prepared.envp.list.as_ptr().cast();
    let mut last = Errno::NOENT;
    for (path, shell_argv) in prepared.candidates.iter().zip(&prepared.shell_argv) {
        // SAFETY: async-signal-safe; the lists end with null, their strings live until `exec`.
        unsafe { libc::execve(path.as_ptr(), prepared.argv.list.as_ptr().cast(), envp) };
        let mut error = last_errno();
        if error == Errno::NOEXEC {
            // SAFETY: as above.
            unsafe { libc::execve(c"/bin/sh".as_ptr(), shell_argv.list.as_ptr().cast(), envp) };
            error = last_errno();
        }
        if !may_try_next(error) {
            return error;
        }
        if last != Errno::ACCESS {
            last = error;
        }
    }
    last
}

fn succeed(result: libc::c_int) -> Result<(), Errno> {
    if result < 0 { Err(last_errno()) } else { Ok(()) }
}
