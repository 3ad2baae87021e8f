//! Binding of `node:os`: facts about the machine, from the kernel.
//!
//! Functions return what JavaScript hands out as it is; a failed system call comes back as a negative errno (libuv's
//! convention), as Node tells of it in an `ERR_SYSTEM_ERROR`.

#![forbid(unsafe_code)]

use anode_runtime::{Args, Builtin, JsResult, Local, Scope, Thrown};
use nix::ifaddrs::{InterfaceAddress, getifaddrs};
use nix::net::if_::{InterfaceFlags, if_nametoindex};
use nix::sys::socket::SockaddrStorage;
use nix::unistd::{Uid, User, geteuid};
use rustix::process::{getpriority_process, setpriority_process};
use rustix::thread::sched_getaffinity;
use std::fs;
use std::net::IpAddr;
use std::os::unix::ffi::OsStrExt;

/// The binding `os`.
pub static BUILTIN: Builtin = Builtin {
    name: "os",
    functions: &[
        ("availableParallelism", available_parallelism),
        ("cpus", cpus),
        ("freemem", free_memory),
        ("getPriority", get_priority),
        ("homedir", home_directory),
        ("loadavg", load_average),
        ("networkInterfaces", network_interfaces),
        ("setPriority", set_priority),
        ("totalmem", total_memory),
        ("uname", uname),
        ("uptime", uptime),
        ("userInfo", user_info),
    ],
    init: None,
};

/// libuv's number for "no such file", for an account that is not there.
const ENOENT: i32 = -2;

/// `USER_HZ`, in which the kernel counts CPU time for userland: 100 on every Linux architecture Node runs on.
const TICK_MS: f64 = 10.0;

/// `uname()`: `[sysname, nodename, release, version, machine]`
fn uname<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let name = rustix::system::uname();
    let parts = [name.sysname(), name.nodename(), name.release(), name.version(), name.machine()];
    let mut items = Vec::with_capacity(parts.len());
    for part in parts {
        items.push(sc.string_utf8_lossy(part.to_bytes()));
    }
    Ok(sc.array(&items))
}

/// `uptime()`: seconds since boot, with fraction.
fn uptime<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let from_proc = read_text("/proc/uptime").and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    let seconds = from_proc.unwrap_or_else(|| rustix::system::sysinfo().uptime as f64);
    Ok(sc.number(seconds))
}

/// `loadavg()`: the averages of 1, 5 and 15 minutes.
fn load_average<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let from_proc = read_text("/proc/loadavg").and_then(|text| {
        let mut numbers = text.split(' ').map(str::parse::<f64>);
        Some([numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?])
    });
    // sysinfo(2) counts in 1/65536.
    let loads = from_proc.unwrap_or_else(|| rustix::system::sysinfo().loads.map(|load| load as f64 / 65_536.0));
    let items = loads.map(|load| sc.number(load));
    Ok(sc.array(&items))
}

/// `totalmem()`, in bytes.
fn total_memory<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let info = rustix::system::sysinfo();
    let bytes = memory_line("MemTotal:").unwrap_or(info.totalram as f64 * f64::from(info.mem_unit));
    Ok(sc.number(bytes))
}

/// `freemem()`, in bytes: what programs can get without swapping.
fn free_memory<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let info = rustix::system::sysinfo();
    let bytes = memory_line("MemAvailable:").unwrap_or(info.freeram as f64 * f64::from(info.mem_unit));
    Ok(sc.number(bytes))
}

/// A line of /proc/meminfo, in bytes.
fn memory_line(label: &str) -> Option<f64> {
    let text = read_text("/proc/meminfo")?;
    let line = text.lines().find_map(|line| line.strip_prefix(label))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0)
}

fn read_text(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// `availableParallelism()`: CPUs this process may run on; at least 1.
fn available_parallelism<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let by_affinity = sched_getaffinity(None).map_or(1, |set| set.count());
    // The standard library knows cgroup quotas as libuv does; the smaller of the two holds.
    let by_quota = std::thread::available_parallelism().map_or(by_affinity, |count| count.get() as u32);
    Ok(sc.number(f64::from(by_affinity.min(by_quota).max(1))))
}

/// `cpus()`: a flat array, seven values for each CPU: model, speed in MHz, and the milliseconds spent in user, nice, sys,
/// idle, irq.
fn cpus<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let stat = read_text("/proc/stat").unwrap_or_default();
    let cpuinfo = read_text("/proc/cpuinfo").unwrap_or_default();
    let models = fields_of(&cpuinfo, "model name");
    let clocks = fields_of(&cpuinfo, "cpu MHz");
    let mut items = Vec::new();
    for line in stat.lines() {
        let Some(rest) = line.strip_prefix("cpu") else { continue };
        let mut columns = rest.split_ascii_whitespace();
        let Some(Ok(number)) =
            rest.chars().next().filter(char::is_ascii_digit).and(columns.next()).map(str::parse::<usize>)
        else {
            continue;
        };
        let ticks: Vec<f64> = columns.map(|column| column.parse().unwrap_or(0.0)).collect();
        let at = |index: usize| ticks.get(index).copied().unwrap_or(0.0) * TICK_MS;
        let index = items.len() / 7;
        let model = models.get(index).or(models.first()).copied().unwrap_or("unknown");
        items.push(sc.string(model));
        items.push(sc.number(speed_of(number, clocks.get(index).copied())));
        // The kernel's order is user, nice, system, idle, iowait, irq.
        for column in [0, 1, 2, 3, 5] {
            items.push(sc.number(at(column)));
        }
    }
    Ok(sc.array(&items))
}

fn fields_of<'t>(text: &'t str, label: &str) -> Vec<&'t str> {
    let value = |line: &'t str| Some(line.strip_prefix(label)?.trim_start().strip_prefix(':')?.trim());
    text.lines().filter_map(value).collect()
}

/// MHz of a CPU: what the frequency driver says (in kHz); 0 if there is none, as in virtual machines.
fn speed_of(number: usize, _from_cpuinfo: Option<&str>) -> f64 {
    let path = format!("/sys/devices/system/cpu/cpu{number}/cpufreq/scaling_cur_freq");
    let kilohertz = read_text(&path).and_then(|text| text.trim().parse::<f64>().ok());
    kilohertz.map_or(0.0, |value| (value / 1000.0).floor())
}

/// `getPriority(pid)`: -20 to 19, or an errno below -1000 (libuv's minus 1000, so that they cannot meet).
fn get_priority<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let answer = match pid_of(args.get(0).as_i32().unwrap_or(0)) {
        Ok(pid) => getpriority_process(pid).unwrap_or_else(|errno| -1000 - errno.raw_os_error()),
        Err(errno) => errno - 1000,
    };
    Ok(sc.int(answer))
}

/// `setPriority(pid, priority)`: 0 or a negative errno.
fn set_priority<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let priority = args.get(1).as_i32().unwrap_or(0);
    let answer = match pid_of(args.get(0).as_i32().unwrap_or(0)) {
        Ok(pid) => setpriority_process(pid, priority).map_or_else(|errno| -errno.raw_os_error(), |()| 0),
        Err(errno) => errno,
    };
    Ok(sc.int(answer))
}

/// 0 is this process; a negative number is nobody (ESRCH).
fn pid_of(pid: i32) -> Result<Option<rustix::process::Pid>, i32> {
    if pid < 0 { Err(-3) } else { Ok(rustix::process::Pid::from_raw(pid)) }
}

/// `homedir()`: of the account, as bytes, or a negative errno. `$HOME` is JavaScript's business.
fn home_directory<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    match account() {
        Ok(user) => Ok(sc.string_utf8_lossy(user.dir.as_os_str().as_bytes())),
        Err(errno) => Ok(sc.int(errno)),
    }
}

fn account() -> Result<User, i32> {
    match User::from_uid(Uid::from_raw(geteuid().as_raw())) {
        Ok(Some(user)) => Ok(user),
        Ok(None) => Err(ENOENT),
        Err(errno) => Err(-(errno as i32)),
    }
}

/// `userInfo()`: `[uid, gid, username, homedir, shell]`, the texts as bytes; or a negative errno.
fn user_info<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let user = match account() {
        Ok(user) => user,
        Err(errno) => return Ok(sc.int(errno)),
    };
    let texts =
        [user.name.into_bytes(), user.dir.as_os_str().as_bytes().to_vec(), user.shell.as_os_str().as_bytes().to_vec()];
    let mut items = vec![sc.number(f64::from(user.uid.as_raw())), sc.number(f64::from(user.gid.as_raw()))];
    for text in texts {
        items.push(sc.uint8_array(text)?);
    }
    Ok(sc.array(&items))
}

/// One address of an interface, as `networkInterfaces` shows it.
struct Address {
    name: String,
    ip: IpAddr,
    mask: IpAddr,
    mac: [u8; 6],
    internal: bool,
    scope: u32,
}

/// `networkInterfaces()`: a flat array, seven values for each address: name, address, netmask, family, mac, internal, scope
/// id (-1 for IPv4); or a negative errno.
fn network_interfaces<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let all: Vec<InterfaceAddress> = match getifaddrs() {
        Ok(list) => list.collect(),
        Err(errno) => return Ok(sc.int(-(errno as i32))),
    };
    let mut items = Vec::new();
    for address in addresses(&all) {
        push_address(sc, &mut items, &address)?;
    }
    Ok(sc.array(&items))
}

/// The IP addresses of interfaces that are up and running.
fn addresses(all: &[InterfaceAddress]) -> Vec<Address> {
    let usable = InterfaceFlags::IFF_UP | InterfaceFlags::IFF_RUNNING;
    let mac_of = |name: &str| {
        let link = all.iter().filter(|entry| entry.interface_name == name);
        link.filter_map(|entry| entry.address.as_ref()?.as_link_addr()?.addr()).next().unwrap_or_default()
    };
    let mut out = Vec::new();
    for entry in all.iter().filter(|entry| entry.flags.contains(usable)) {
        let Some((ip, scope)) = entry.address.as_ref().and_then(ip_of) else { continue };
        let zero = if ip.is_ipv4() { IpAddr::from([0u8; 4]) } else { IpAddr::from([0u8; 16]) };
        out.push(Address {
            ip,
            mask: entry.netmask.as_ref().and_then(ip_of).map_or(zero, |(mask, _)| mask),
            mac: mac_of(&entry.interface_name),
            internal: entry.flags.contains(InterfaceFlags::IFF_LOOPBACK),
            scope: if is_link_local(&ip) && scope == 0 {
                if_nametoindex(entry.interface_name.as_str()).unwrap_or(0)
            } else {
                scope
            },
            name: entry.interface_name.clone(),
        });
    }
    out
}

fn ip_of(address: &SockaddrStorage) -> Option<(IpAddr, u32)> {
    if let Some(v4) = address.as_sockaddr_in() {
        return Some((IpAddr::from(v4.ip()), 0));
    }
    address.as_sockaddr_in6().map(|v6| (IpAddr::from(v6.ip()), v6.scope_id()))
}

fn is_link_local(ip: &IpAddr) -> bool {
    matches!(ip, IpAddr::V6(v6) if v6.segments()[0] & 0xffc0 == 0xfe80)
}

fn push_address<'s>(sc: &mut Scope<'s>, items: &mut Vec<Local<'s>>, address: &Address) -> Result<(), Thrown> {
    let mac: Vec<String> = address.mac.iter().map(|byte| format!("{byte:02x}")).collect();
    let (family, scope) = if address.ip.is_ipv4() { ("IPv4", -1.0) } else { ("IPv6", f64::from(address.scope)) };
    for text in [address.name.as_str(), &address.ip.to_string(), &address.mask.to_string(), family, &mac.join(":")] {
        items.push(sc.string(text));
    }
    items.push(sc.boolean(address.internal));
    items.push(sc.number(scope));
    Ok(())
}
