//! Binding of `node:process`: identity, environment, resources, signals and writing to stdio.
//!
//! Arguments were checked in JavaScript; what arrives here wrong throws a plain TypeError, which is our bug.

#![forbid(unsafe_code)]

mod environment;
mod permissions;
mod signals;

pub use permissions::BUILTIN as PERMISSION;
pub use signals::SIGNALS;

use anode_runtime::event_loop::{self, fd};
use anode_runtime::permission::{self, Permission};
use anode_runtime::{Args, Builtin, JsResult, Local, Scope, SystemError, ThrowSystem as _, Thrown, env};
use nix::sys::resource::{UsageWho, getrusage};
use nix::unistd::{self, Gid, Pid, Uid};
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

/// The Rust half of `node:process`.
pub static BUILTIN: Builtin = Builtin {
    name: "process",
    functions: &[
        ("argv", argv),
        ("availableMemory", available_memory),
        ("chdir", chdir),
        ("collectGarbage", collect_garbage),
        ("constrainedMemory", constrained_memory),
        ("cpuUsage", cpu_usage),
        ("cwd", cwd),
        ("envCreate", environment::create),
        ("envDelete", environment::delete),
        ("envGet", environment::get),
        ("envKeys", environment::keys),
        ("envNumber", environment::number),
        ("envOpen", environment::open),
        ("envSet", environment::set),
        ("environ", environ),
        ("execve", execve),
        ("execPath", exec_path),
        ("fileType", file_type),
        ("getActiveResources", active_resources),
        ("getgroups", getgroups),
        ("hrtime", hrtime),
        ("hrtimeBigInt", hrtime_bigint),
        ("ids", ids),
        ("initgroups", initgroups),
        ("kill", kill),
        ("loopMetrics", loop_metrics),
        ("memoryUsage", memory_usage),
        ("pid", pid),
        ("ppid", ppid),
        ("resourceUsage", resource_usage),
        ("rss", rss),
        ("setGroups", set_groups),
        ("setId", set_id),
        ("setTitle", set_title),
        ("threadCpuUsage", cpu_usage_thread),
        ("umask", umask),
        ("uptime", uptime),
        ("write", write),
    ],
    init: Some(init),
};

/// Facts that never change: `arch`, `platform`, `anodeVersion`.
fn init(sc: &mut Scope<'_>, target: Local<'_>) -> Result<(), Thrown> {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "x86" => "ia32",
        other => other,
    };
    let platform = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    for (name, text) in [("arch", arch), ("platform", platform), ("anodeVersion", env!("CARGO_PKG_VERSION"))] {
        let value = sc.string(text);
        sc.set(target, name, value)?;
    }
    Ok(())
}

fn throw_errno<'s>(sc: &mut Scope<'s>, errno: nix::Error, syscall: &'static str) -> Thrown {
    sc.throw_system(&SystemError::new(errno as i32, syscall))
}

/// `argv()`: the command line as the system gave it.
fn argv<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let mut items = Vec::new();
    for arg in std::env::args_os() {
        items.push(sc.string_utf8_lossy(arg.as_bytes()));
    }
    Ok(sc.array(&items))
}

fn exec_path<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let path = std::env::current_exe().map(|path| path.into_os_string().into_vec()).unwrap_or_default();
    Ok(sc.string_utf8_lossy(&path))
}

/// `environ()`: a flat array of names and values.
fn environ<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let mut items = Vec::new();
    for (name, value) in std::env::vars_os() {
        items.push(sc.string_utf8_lossy(name.as_bytes()));
        items.push(sc.string_utf8_lossy(value.as_bytes()));
    }
    Ok(sc.array(&items))
}

fn cwd<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    match unistd::getcwd() {
        Ok(path) => Ok(sc.string_utf8_lossy(path.as_os_str().as_bytes())),
        Err(errno) => Err(throw_errno(sc, errno, "uv_cwd")),
    }
}

/// `chdir(path)`: throws Node's error with `path` (where from) and `dest` (where to).
fn chdir<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let target = sc.to_string(args.get(0))?;
    // The path that was checked, as links in it could lead elsewhere.
    let checked = permission::require_path(sc, Permission::FsRead, target.clone().into_bytes())?;
    if let Err(errno) = unistd::chdir(checked.as_slice()) {
        let here = unistd::getcwd().map(|path| path.into_os_string().into_vec()).unwrap_or_default();
        let error = SystemError::new(errno as i32, "chdir").with_path(&here).with_dest(target.as_bytes());
        return Err(sc.throw_system(&error));
    }
    Ok(sc.undefined())
}

/// `umask([mask])`: returns the old mask.
fn umask<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    use nix::sys::stat::{Mode, umask};
    let old = match args.get(0).as_u32() {
        Some(mask) => umask(Mode::from_bits_truncate(mask)),
        None => {
            let old = umask(Mode::empty());
            umask(old);
            old
        }
    };
    Ok(sc.number(f64::from(old.bits())))
}

fn pid<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.int(unistd::getpid().as_raw()))
}

fn ppid<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.int(unistd::getppid().as_raw()))
}

/// `ids()`: uid, euid, gid, egid.
fn ids<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let ids =
        [unistd::getuid().as_raw(), unistd::geteuid().as_raw(), unistd::getgid().as_raw(), unistd::getegid().as_raw()];
    let items = ids.map(|id| sc.number(f64::from(id)));
    Ok(sc.array(&items))
}

fn getgroups<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    match unistd::getgroups() {
        Ok(mut groups) => {
            // Whether the kernel lists the effective group is not specified. Node docs: process.getgroups.
            let effective = unistd::getegid();
            if !groups.contains(&effective) {
                groups.push(effective);
            }
            let items: Vec<_> = groups.iter().map(|gid| sc.number(f64::from(gid.as_raw()))).collect();
            Ok(sc.array(&items))
        }
        Err(errno) => Err(throw_errno(sc, errno, "getgroups")),
    }
}

/// `setId(kind, id)`: kind `uid`, `euid`, `gid`, `egid`; id a number or a name. Returns 1 for an unknown name.
fn set_id<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let kind = sc.to_string(args.get(0))?;
    let group = kind.ends_with("gid");
    let id = match args.get(1).as_u32() {
        Some(id) => id,
        None => {
            let name = sc.to_string(args.get(1))?;
            let found = if group {
                unistd::Group::from_name(&name).ok().flatten().map(|group| group.gid.as_raw())
            } else {
                unistd::User::from_name(&name).ok().flatten().map(|user| user.uid.as_raw())
            };
            match found {
                Some(id) => id,
                None => return Ok(sc.int(1)),
            }
        }
    };
    let (result, syscall) = match kind.as_str() {
        "uid" => (unistd::setuid(Uid::from_raw(id)), "setuid"),
        "euid" => (unistd::seteuid(Uid::from_raw(id)), "seteuid"),
        "gid" => (unistd::setgid(Gid::from_raw(id)), "setgid"),
        _ => (unistd::setegid(Gid::from_raw(id)), "setegid"),
    };
    match result {
        Ok(()) => Ok(sc.int(0)),
        Err(errno) => Err(throw_errno(sc, errno, syscall)),
    }
}

/// A group by number or name; `None` if there is no such name.
fn group_of(sc: &mut Scope<'_>, value: Local<'_>) -> Result<Option<Gid>, Thrown> {
    if let Some(id) = value.as_u32() {
        return Ok(Some(Gid::from_raw(id)));
    }
    let name = sc.to_string(value)?;
    Ok(unistd::Group::from_name(&name).ok().flatten().map(|group| group.gid))
}

/// `setGroups(list)`: 0, or the 1-based index of the first unknown group.
fn set_groups<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let list = args.get(0);
    let length = sc.get(list, "length")?.as_u32().unwrap_or(0);
    let mut groups = Vec::new();
    for index in 0..length {
        let item = sc.get_index(list, index)?;
        match group_of(sc, item)? {
            Some(group) => groups.push(group),
            None => return Ok(sc.number(f64::from(index) + 1.0)),
        }
    }
    match unistd::setgroups(&groups) {
        Ok(()) => Ok(sc.int(0)),
        Err(errno) => Err(throw_errno(sc, errno, "setgroups")),
    }
}

/// `initgroups(user, extraGroup)`: 0; 1 for an unknown user, 2 for an unknown group.
fn initgroups<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let user = match args.get(0).as_u32() {
        Some(id) => unistd::User::from_uid(Uid::from_raw(id)).ok().flatten().map(|user| user.name),
        None => Some(sc.to_string(args.get(0))?),
    };
    let Some(user) = user.and_then(|name| std::ffi::CString::new(name).ok()) else { return Ok(sc.int(1)) };
    let Some(group) = group_of(sc, args.get(1))? else { return Ok(sc.int(2)) };
    match unistd::initgroups(&user, group) {
        Ok(()) => Ok(sc.int(0)),
        Err(errno) => Err(throw_errno(sc, errno, "initgroups")),
    }
}

fn c_strings(sc: &mut Scope<'_>, list: Local<'_>) -> Result<Vec<std::ffi::CString>, Thrown> {
    let length = sc.get(list, "length")?.as_u32().unwrap_or(0);
    let mut strings = Vec::new();
    for index in 0..length {
        let item = sc.get_index(list, index)?;
        // JavaScript refused null bytes.
        strings.push(std::ffi::CString::new(sc.to_utf8(item)?).unwrap_or_default());
    }
    Ok(strings)
}

/// `execve(path, args, env)`: does not return, or returns a negative errno.
fn execve<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = sc.to_utf8(args.get(0))?;
    permission::require(sc, Permission::ChildProcess, &path)?;
    let path = std::ffi::CString::new(path).unwrap_or_default();
    let list = c_strings(sc, args.get(1))?;
    let environment = c_strings(sc, args.get(2))?;
    let errno = match unistd::execve(&path, &list, &environment) {
        Ok(never) => match never {},
        Err(errno) => errno,
    };
    Ok(sc.int(-(errno as i32)))
}

/// `hrtime(out)`: fills a Uint32Array with seconds (high, low word) and nanoseconds.
fn hrtime<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let now = event_loop::hrtime_ns();
    let seconds = now / 1_000_000_000;
    let words = [(seconds >> 32) as u32, seconds as u32, (now % 1_000_000_000) as u32];
    sc.with_bytes_mut(args.get(0), |bytes| {
        for (slot, word) in bytes.chunks_exact_mut(4).zip(words) {
            slot.copy_from_slice(&word.to_ne_bytes());
        }
    });
    Ok(sc.undefined())
}

fn hrtime_bigint<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.bigint_u64(event_loop::hrtime_ns()))
}

/// `uptime()`: seconds since the process was started.
fn uptime<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let seconds = event_loop::hrtime_ns().saturating_sub(started_ns()) as f64 / 1e9;
    Ok(sc.number(seconds))
}

/// When the process started on the monotonic clock; noted by the binary at its start.
fn started_ns() -> u64 {
    *STARTED_NS.get_or_init(event_loop::hrtime_ns)
}

static STARTED_NS: std::sync::OnceLock<u64> = std::sync::OnceLock::new();

/// Notes the start of the process. Called first thing by the binary.
pub fn note_start() {
    started_ns();
}

fn rss_bytes() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0.0);
    pages * rustix::param::page_size() as f64
}

fn rss<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.number(rss_bytes()))
}

/// `memoryUsage(out)`: fills a Float64Array with rss, heapTotal, heapUsed, external, arrayBuffers, all in bytes.
fn memory_usage<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let heap = sc.heap_statistics();
    let figures = [
        rss_bytes(),
        heap.total.max(heap.live()) as f64,
        heap.live() as f64,
        heap.malloced as f64,
        sc.array_buffer_bytes() as f64,
    ];
    sc.with_bytes_mut(args.get(0), |bytes| {
        for (slot, figure) in bytes.chunks_exact_mut(8).zip(figures) {
            slot.copy_from_slice(&figure.to_ne_bytes());
        }
    });
    Ok(sc.undefined())
}

fn micros(time: nix::sys::time::TimeVal) -> f64 {
    time.tv_sec() as f64 * 1e6 + time.tv_usec() as f64
}

fn usage_of<'s>(sc: &mut Scope<'s>, who: UsageWho) -> JsResult<'s> {
    match getrusage(who) {
        Ok(usage) => {
            let user = sc.number(micros(usage.user_time()));
            let system = sc.number(micros(usage.system_time()));
            Ok(sc.array(&[user, system]))
        }
        Err(errno) => Err(throw_errno(sc, errno, "getrusage")),
    }
}

/// `cpuUsage()`: user and system time in microseconds.
fn cpu_usage<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    usage_of(sc, UsageWho::RUSAGE_SELF)
}

#[cfg(target_os = "linux")]
fn cpu_usage_thread<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    usage_of(sc, UsageWho::RUSAGE_THREAD)
}

#[cfg(not(target_os = "linux"))]
fn cpu_usage_thread<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    usage_of(sc, UsageWho::RUSAGE_SELF)
}

/// `resourceUsage()`: the sixteen figures of getrusage(2) in Node's order.
fn resource_usage<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let usage = match getrusage(UsageWho::RUSAGE_SELF) {
        Ok(usage) => usage,
        Err(errno) => return Err(throw_errno(sc, errno, "getrusage")),
    };
    let figures = [
        micros(usage.user_time()),
        micros(usage.system_time()),
        usage.max_rss() as f64,
        usage.shared_integral() as f64,
        usage.unshared_data_integral() as f64,
        usage.unshared_stack_integral() as f64,
        usage.minor_page_faults() as f64,
        usage.major_page_faults() as f64,
        usage.full_swaps() as f64,
        usage.block_reads() as f64,
        usage.block_writes() as f64,
        usage.ipc_sends() as f64,
        usage.ipc_receives() as f64,
        usage.signals() as f64,
        usage.voluntary_context_switches() as f64,
        usage.involuntary_context_switches() as f64,
    ];
    let items = figures.map(|figure| sc.number(figure));
    Ok(sc.array(&items))
}

fn meminfo_bytes(field: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    let kib: f64 = line.and_then(|line| line.trim_matches([':', ' ', 'k', 'B']).parse().ok()).unwrap_or(0.0);
    kib * 1024.0
}

fn available_memory<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.number(meminfo_bytes("MemAvailable")))
}

/// What the first kind of control groups says for "no limit": the greatest page boundary of a signed word.
const NO_LIMIT: u64 = (i64::MAX as u64) & !0xFFF;

/// `constrainedMemory()`: the limit of the control group in bytes, 2^64 for none, 0 where there are no control groups. Node docs:
/// process.constrainedMemory.
fn constrained_memory<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let limit = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        .iter()
        .find_map(|file| std::fs::read_to_string(file).ok())
        .map(|text| text.trim().parse::<u64>().ok().filter(|limit| *limit < NO_LIMIT).unwrap_or(u64::MAX));
    Ok(sc.number(limit.unwrap_or(0) as f64))
}

/// `kill(pid, signal)`: 0, or a negative errno.
fn kill<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let pid = Pid::from_raw(args.get(0).as_i32().unwrap_or(0));
    let number = args.get(1).as_i32().unwrap_or(0);
    let result = if number == 0 {
        nix::sys::signal::kill(pid, None)
    } else {
        match nix::sys::signal::Signal::try_from(number) {
            Ok(signal) => nix::sys::signal::kill(pid, signal),
            Err(errno) => Err(errno),
        }
    };
    Ok(sc.int(result.map_or_else(|errno| -(errno as i32), |()| 0)))
}

/// `setTitle(text)`: what `ps` shows as the command's short name.
fn set_title<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let title = sc.to_string(args.get(0))?;
    let short: Vec<u8> = title.bytes().filter(|byte| *byte != 0).take(15).collect();
    if let Ok(name) = std::ffi::CString::new(short) {
        // A name of at most 15 bytes is always accepted.
        let _set = rustix::thread::set_name(&name);
    }
    event_loop::set_process_title(title.as_bytes());
    Ok(sc.undefined())
}

/// `getActiveResources()`: kinds of what keeps the loop alive.
fn active_resources<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let kinds = env(sc).events.borrow().active_kinds();
    let items: Vec<_> = kinds.iter().map(|kind| sc.string(&format!("{kind:?}"))).collect();
    Ok(sc.array(&items))
}

/// `loopMetrics()`: iterations, events, idle time in nanoseconds.
fn loop_metrics<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let metrics = env(sc).events.borrow().metrics();
    let items =
        [metrics.iterations as f64, metrics.events as f64, metrics.idle_ns as f64].map(|figure| sc.number(figure));
    Ok(sc.array(&items))
}

fn collect_garbage<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    sc.collect_garbage();
    sc.trim_memory();
    Ok(sc.undefined())
}

/// `fileType(fd)`: TTY, FILE, PIPE, TCP, UDP, UNKNOWN or INVALID, as libuv's guess_handle.
fn file_type<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let text = args.get(0).as_i32().map_or("INVALID", guess);
    Ok(sc.string(text))
}

fn guess(fd: i32) -> &'static str {
    use nix::sys::stat::SFlag;
    if fd < 0 {
        return "INVALID";
    }
    // /proc names what a descriptor is without borrowing it: it may be closed by anybody at any time.
    let Ok(stat) = nix::sys::stat::stat(format!("/proc/self/fd/{fd}").as_str()) else { return "INVALID" };
    let kind = SFlag::from_bits_truncate(stat.st_mode & SFlag::S_IFMT.bits());
    match kind {
        SFlag::S_IFCHR => {
            // The name says nothing: a console, a container's terminal and the controlling side have others than /dev/pts/0.
            let terminal = fd::with_fd(fd, |fd| Ok(rustix::termios::isatty(fd))) == Ok(true);
            if terminal { "TTY" } else { "FILE" }
        }
        SFlag::S_IFREG => "FILE",
        SFlag::S_IFIFO => "PIPE",
        SFlag::S_IFSOCK => "PIPE",
        _ => "UNKNOWN",
    }
}

/// `write(fd, data)`: writes all of a string (as UTF-8) or of bytes to stdout or stderr, waiting when a pipe is full. 0, or a
/// negative errno. Node docs: process I/O, "Pipes and sockets: synchronous on Linux".
fn write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = args.get(0).as_i32().unwrap_or(-1);
    let data = args.get(1);
    let bytes = if data.is_string() { sc.to_utf8(data)? } else { sc.copy_bytes(data).unwrap_or_default() };
    let result = match fd {
        1 => write_all(rustix::stdio::stdout(), &bytes),
        2 => write_all(rustix::stdio::stderr(), &bytes),
        _ => Err(rustix::io::Errno::BADF),
    };
    Ok(sc.int(result.map_or_else(|errno| -errno.raw_os_error(), |()| 0)))
}

fn write_all(fd: BorrowedFd<'_>, mut bytes: &[u8]) -> Result<(), rustix::io::Errno> {
    while !bytes.is_empty() {
        match rustix::io::write(fd, bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::AGAIN) => {
                // Somebody made the shared descriptor non-blocking: wait here, as stdio is synchronous.
                let mut poll = [nix::poll::PollFd::new(fd, nix::poll::PollFlags::POLLOUT)];
                let _ready = nix::poll::poll(&mut poll, nix::poll::PollTimeout::NONE);
            }
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}
