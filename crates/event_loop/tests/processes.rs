//! Children, signals and watched files. Each test forks or signals, so they run one at a time.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anode_event_loop::{
    ChildStatus, Errno, Event, HandleKind, Loop, ReadResult, SpawnError, SpawnOptions, Spawned, StdioSpec, StreamKind,
    WatchEvent,
};

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

fn sh(script: &str, stdio: Vec<StdioSpec>) -> SpawnOptions {
    let args = ["sh", "-c", script].map(|arg| arg.as_bytes().to_vec()).to_vec();
    SpawnOptions { args, program: b"sh".to_vec(), stdio, ..SpawnOptions::default() }
}

/// Starts a program, reads its output to the end, and waits for it.
fn output(options: SpawnOptions) -> (String, ChildStatus) {
    let mut events = Loop::new().unwrap();
    let mut child = events.spawn(options).unwrap();
    let stream = events.stream_open(child.pipes[1].take().unwrap(), StreamKind::Unix).unwrap();
    events.read_start(stream).unwrap();
    let (mut text, mut status) = (Vec::new(), None);
    while let Some(event) = events.next_event() {
        match event {
            Event::Read(_, ReadResult::Data(data, _)) => text.extend_from_slice(&data),
            Event::Read(_, ReadResult::Eof) => {}
            Event::ChildExit(key, exit) => {
                assert_eq!(key, child.key);
                status = Some(exit);
            }
            event => panic!("{event:?}"),
        }
    }
    (String::from_utf8(text).unwrap(), status.unwrap())
}

fn piped() -> Vec<StdioSpec> {
    vec![StdioSpec::Ignore, StdioSpec::Pipe, StdioSpec::Ignore]
}

#[test]
fn exits_are_reported_as_they_are() {
    let _alone = alone();
    for (script, code, signal) in [("exit 0", 0, 0), ("exit 7", 7, 0), ("kill -9 $$", 0, 9), ("kill -15 $$", 0, 15)] {
        let mut events = Loop::new().unwrap();
        let child = events.spawn(sh(script, Vec::new())).unwrap();
        assert_eq!(events.active_kinds(), [HandleKind::Child]);
        let event = events.next_event();
        let want = ChildStatus { code, signal };
        assert!(
            matches!(event, Some(Event::ChildExit(key, got)) if key == child.key && got == want),
            "{script}: {event:?}"
        );
        assert!(!events.alive());
        assert_eq!(events.child_kill(child.key, 15), Err(Errno::SRCH));
        assert!(!fs::exists(format!("/proc/{}", child.pid)).unwrap(), "a zombie");
    }
}

#[test]
fn pipes_carry_both_ways() {
    let _alone = alone();
    let mut events = Loop::new().unwrap();
    let stdio = vec![StdioSpec::Pipe, StdioSpec::Pipe, StdioSpec::Ignore, StdioSpec::Pipe];
    let Spawned { mut pipes, .. } = events.spawn(sh("cat; echo extra >&3", stdio)).unwrap();
    let mut open = |index: usize| events.stream_open(pipes[index].take().unwrap(), StreamKind::Unix).unwrap();
    let (input, out, extra) = (open(0), open(1), open(3));
    let sent: Vec<u8> = (0..1_000_000_u32).map(|n| n as u8).collect();
    events.write(input, vec![sent.clone().into()]).unwrap();
    events.shutdown(input).unwrap();
    events.read_start(out).unwrap();
    events.read_start(extra).unwrap();
    let (mut got, mut more, mut exited) = (Vec::new(), Vec::new(), false);
    while let Some(event) = events.next_event() {
        match event {
            Event::Read(key, ReadResult::Data(data, _)) if key == out => got.extend_from_slice(&data),
            Event::Read(_, ReadResult::Data(data, _)) => more.extend_from_slice(&data),
            Event::ChildExit(_, status) => exited = status == ChildStatus { code: 0, signal: 0 },
            _ => {}
        }
    }
    assert!(exited && got == sent && more == b"extra\n");
}

#[test]
fn environment_folder_and_search_path_are_the_childs() {
    let _alone = alone();
    let folder = std::env::temp_dir().join(format!("anode-spawn-{}", std::process::id()));
    fs::create_dir_all(folder.join("bin")).unwrap();
    let script = folder.join("bin/anode-test-program");
    fs::write(&script, "echo no shebang: $0 $1 $PWD $NAME").unwrap();
    let mut permissions = fs::metadata(&script).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
    fs::set_permissions(&script, permissions).unwrap();
    let options = |path: &str| SpawnOptions {
        args: vec![b"me".to_vec(), b"arg".to_vec()],
        cwd: Some(folder.as_os_str().as_encoded_bytes().to_vec()),
        env: Some(vec![format!("PATH={path}").into_bytes(), b"NAME=value".to_vec()]),
        program: b"anode-test-program".to_vec(),
        stdio: piped(),
        ..SpawnOptions::default()
    };
    let shown = folder.display();
    let (text, status) = output(options(&format!("/nowhere:{shown}/bin")));
    assert_eq!(text, format!("no shebang: {shown}/bin/anode-test-program arg {shown} value\n"));
    assert_eq!(status.code, 0);
    let (text, _) = output(options("bin")); // relative to the folder the child starts in
    assert_eq!(text, format!("no shebang: bin/anode-test-program arg {shown} value\n"));
    assert_eq!(failure(options("/nowhere")), Errno::NOENT);
    fs::remove_dir_all(&folder).unwrap();
}

#[track_caller]
fn failure(options: SpawnOptions) -> Errno {
    let mut events = Loop::new().unwrap();
    let error = events.spawn(options).unwrap_err();
    assert_eq!(error.syscall, "spawn");
    assert!(!events.alive());
    error.errno
}

#[test]
fn failures_to_start_are_told_exactly() {
    let _alone = alone();
    let program =
        |name: &str| SpawnOptions { args: vec![name.into()], program: name.into(), ..SpawnOptions::default() };
    assert_eq!(failure(program("anode-no-such-program")), Errno::NOENT);
    assert_eq!(failure(program("/no/such/program")), Errno::NOENT);
    assert_eq!(failure(program("")), Errno::NOENT);
    assert_eq!(failure(program("/etc/passwd")), Errno::ACCESS);
    assert_eq!(failure(program("/etc")), Errno::ACCESS);
    assert_eq!(failure(program("a\0b")), Errno::INVAL);
    let nowhere = SpawnOptions { cwd: Some(b"/no/such/folder".to_vec()), ..program("sh") };
    assert_eq!(failure(nowhere), Errno::NOENT);
    let too_long = SpawnOptions { args: vec![b"sh".to_vec(), vec![b'x'; 1 << 20]], ..program("sh") };
    assert_eq!(failure(too_long), Errno::TOOBIG);
    let bad = SpawnOptions { stdio: vec![StdioSpec::Inherit(999_999)], ..program("sh") };
    let error = Loop::new().unwrap().spawn(bad).unwrap_err();
    assert_eq!(error, SpawnError { errno: Errno::BADF, syscall: "dup" });
}

#[test]
fn the_forked_way_works_the_same() {
    let _alone = alone();
    let own_group = |options: SpawnOptions| SpawnOptions { gid: Some(rustix::process::getgid().as_raw()), ..options };
    let (text, status) = output(own_group(sh("echo $0; exit 3", piped())));
    assert_eq!((text.as_str(), status.code), ("sh\n", 3));
    assert_eq!(failure(own_group(SpawnOptions { program: b"/no/such".to_vec(), ..sh("", Vec::new()) })), Errno::NOENT);
    assert_eq!(
        failure(own_group(SpawnOptions { program: b"/etc/passwd".to_vec(), ..sh("", Vec::new()) })),
        Errno::ACCESS
    );
    if rustix::process::getuid().is_root() {
        let nobody = SpawnOptions { uid: Some(65534), gid: Some(65534), ..sh("id -u; id -g; id -G", piped()) };
        assert_eq!(output(nobody).0, "65534\n65534\n65534\n");
    }
}

#[test]
fn detached_children_lead_a_session() {
    let _alone = alone();
    let script = "echo $(cut -d' ' -f6 /proc/$$/stat) $$";
    let (text, _) = output(SpawnOptions { detached: true, ..sh(script, piped()) });
    let mut numbers = text.split_whitespace();
    assert_eq!(numbers.next(), numbers.next());
}

#[test]
fn children_start_with_default_signals_and_given_descriptors() {
    let _alone = alone();
    // Rust ignores SIGPIPE in us; the child must not.
    let (text, _) = output(sh("grep SigIgn /proc/self/status", piped()));
    let ignored = u64::from_str_radix(text.trim_start_matches("SigIgn:").trim(), 16).unwrap();
    assert_eq!(ignored & (1 << 12), 0, "{text}");
    let script = "ls /proc/self/fd";
    let by_std = std::process::Command::new("sh").args(["-c", script]).output().unwrap().stdout;
    assert_eq!(output(sh(script, piped())).0.into_bytes(), by_std, "no descriptor of ours leaks");
    let file: OwnedFd = fs::File::open("Cargo.toml").unwrap().into();
    let stdio = vec![StdioSpec::Fd(file), StdioSpec::Pipe];
    let (text, _) = output(sh("head -1", stdio));
    assert_eq!(text, "[package]\n");
    // Crosswise: 1 becomes 0 and the pipe becomes 1.
    let stdio = vec![StdioSpec::Inherit(1), StdioSpec::Pipe, StdioSpec::Inherit(0)];
    assert_eq!(output(sh("echo fine", stdio)).0, "fine\n");
}

#[test]
fn children_can_be_killed_and_closed_handles_leave_no_zombie() {
    let _alone = alone();
    let mut events = Loop::new().unwrap();
    let child = events.spawn(sh("sleep 100", Vec::new())).unwrap();
    assert_eq!(events.child_kill(child.key, 0), Ok(()));
    assert_eq!(events.child_kill(child.key, 999), Err(Errno::INVAL));
    events.child_kill(child.key, 15).unwrap();
    assert!(matches!(events.next_event(), Some(Event::ChildExit(_, ChildStatus { signal: 15, .. }))));

    let orphan = events.spawn(sh("exit 1", Vec::new())).unwrap();
    events.close(orphan.key);
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
    for _ in 0..100 {
        events.spawn(sh("exit 0", Vec::new())).unwrap();
        while events.next_event().is_some() {}
        if !fs::exists(format!("/proc/{}", orphan.pid)).unwrap() {
            return;
        }
    }
    panic!("a zombie");
}

#[test]
fn many_children_at_once() {
    let _alone = alone();
    let mut events = Loop::new().unwrap();
    let mut wanted = std::collections::HashMap::new();
    for code in 0..60 {
        wanted.insert(events.spawn(sh(&format!("exit {code}"), Vec::new())).unwrap().key, code);
    }
    while let Some(event) = events.next_event() {
        let Event::ChildExit(key, status) = event else { panic!("{event:?}") };
        assert_eq!(wanted.remove(&key), Some(status.code));
    }
    assert!(wanted.is_empty());
}

fn raise(signal: i32) {
    anode_event_loop::kill(std::process::id() as i32, signal).unwrap();
}

const USR1: i32 = 10;
const USR2: i32 = 12;

#[test]
fn every_handle_of_every_loop_hears_a_signal() {
    let _alone = alone();
    let mut loops = [Loop::new().unwrap(), Loop::new().unwrap()];
    let keys: Vec<_> = loops
        .iter_mut()
        .map(|events| {
            let (first, second, other) = (events.signal_open(), events.signal_open(), events.signal_open());
            events.signal_start(first, USR1).unwrap();
            events.signal_start(second, USR1).unwrap();
            events.signal_start(other, USR2).unwrap();
            (first, second)
        })
        .collect();
    raise(USR1);
    for (events, (first, second)) in loops.iter_mut().zip(&keys) {
        assert!(matches!(events.next_event(), Some(Event::Signal(key, USR1)) if key == *first));
        events.signal_stop(*first);
        assert!(matches!(events.next_event(), Some(Event::Signal(key, USR1)) if key == *second));
    }
    raise(USR1);
    let events = &mut loops[1];
    assert!(matches!(events.next_event(), Some(Event::Signal(key, USR1)) if key == keys[1].1));
    events.close(keys[1].1);
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
}

#[test]
fn a_handle_closed_by_its_neighbour_hears_nothing() {
    let _alone = alone();
    let mut events = Loop::new().unwrap();
    let (first, second) = (events.signal_open(), events.signal_open());
    events.signal_start(first, USR1).unwrap();
    events.signal_start(second, USR1).unwrap();
    raise(USR1);
    assert!(matches!(events.next_event(), Some(Event::Signal(key, _)) if key == first));
    events.close(second);
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
    events.set_ref(first, false);
    assert!(events.next_event().is_none());
    // Restarting with another signal, and with the same.
    events.set_ref(first, true);
    events.signal_start(first, USR2).unwrap();
    events.signal_start(first, USR2).unwrap();
    raise(USR2);
    assert!(matches!(events.next_event(), Some(Event::Signal(_, USR2))));
}

#[test]
fn signals_that_cannot_be_caught_are_refused() {
    let _alone = alone();
    let mut events = Loop::new().unwrap();
    let key = events.signal_open();
    for bad in [9, 19, 0, -1, 65, 1000] {
        assert_eq!(events.signal_start(key, bad), Err(Errno::INVAL), "{bad}");
    }
    assert!(!events.is_active(key));
    let timer = events.timer_open();
    assert_eq!(events.signal_start(timer, USR1), Err(Errno::INVAL));
}

#[test]
fn a_signal_nobody_wants_any_more_does_what_it_did() {
    let _alone = alone();
    // In a child of its own: the default action of SIGUSR1 ends a process.
    if std::env::var_os("ANODE_LOOP_TEST_SIGNAL").is_some() {
        let mut events = Loop::new().unwrap();
        let key = events.signal_open();
        events.signal_start(key, USR1).unwrap();
        raise(USR1);
        assert!(matches!(events.next_event(), Some(Event::Signal(..))));
        events.signal_stop(key);
        raise(USR1);
        unreachable!();
    }
    use std::os::unix::process::ExitStatusExt;
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_signal_nobody_wants_any_more_does_what_it_did"])
        .env("ANODE_LOOP_TEST_SIGNAL", "1")
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.signal(), Some(USR1));
}

#[test]
fn a_user_may_listen_to_sigchld_too() {
    let _alone = alone();
    let mut events = Loop::new().unwrap();
    let key = events.signal_open();
    events.signal_start(key, 17).unwrap();
    events.set_ref(key, false);
    events.spawn(sh("exit 5", Vec::new())).unwrap();
    let mut seen = Vec::new();
    while let Some(event) = events.next_event() {
        seen.push(match event {
            Event::ChildExit(..) => "exit",
            Event::Signal(..) => "signal",
            _ => "?",
        });
    }
    assert!(seen.contains(&"exit") && !seen.contains(&"?"), "{seen:?}");
}

fn change(name: &str) -> WatchEvent {
    WatchEvent { change: true, name: name.into(), rename: false }
}

fn rename(name: &str) -> WatchEvent {
    WatchEvent { change: false, name: name.into(), rename: true }
}

#[test]
fn folders_and_files_report_their_changes() {
    let _alone = alone();
    let folder = std::env::temp_dir().join(format!("anode-watch-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("file");
    fs::write(&file, "1").unwrap();
    let mut events = Loop::new().unwrap();
    let mut path = folder.as_os_str().as_encoded_bytes().to_vec();
    path.push(b'/');
    let on_folder = events.watch_open(&path).unwrap();
    let on_file = events.watch_open(file.as_os_str().as_encoded_bytes()).unwrap();
    let again = events.watch_open(file.as_os_str().as_encoded_bytes()).unwrap();
    let next = |events: &mut Loop| match events.next_event() {
        Some(Event::Watch(key, event)) => (key, event),
        event => panic!("{event:?}"),
    };
    fs::OpenOptions::new()
        .append(true)
        .open(&file)
        .map(|mut file| std::io::Write::write_all(&mut file, b"2"))
        .unwrap()
        .unwrap();
    let mut got = [next(&mut events), next(&mut events), next(&mut events)];
    got.sort_by_key(|(key, _)| *key);
    assert_eq!(got, [(on_folder, change("file")), (on_file, change("file")), (again, change("file"))]);
    events.close(again);
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
    fs::rename(&file, folder.join("other")).unwrap();
    let mut got = [next(&mut events), next(&mut events), next(&mut events)];
    got.sort_by_key(|(key, _)| *key);
    assert_eq!(got, [(on_folder, rename("file")), (on_folder, rename("other")), (on_file, rename("file"))]);
    events.close(on_file);
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
    fs::remove_file(folder.join("other")).unwrap();
    assert_eq!(next(&mut events), (on_folder, rename("other")));
    events.set_ref(on_folder, false);
    assert!(events.next_event().is_none());
    assert_eq!(events.watch_open(b"/no/such/file"), Err(Errno::NOENT));
    fs::remove_dir_all(&folder).unwrap();
}
