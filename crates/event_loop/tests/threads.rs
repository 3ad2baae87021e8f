//! What comes from other threads: wake-ups, messages, jobs of the pool; and polled descriptors.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use anode_event_loop::{Event, HandleKind, Loop, Pool, Readiness, WorkError};

#[test]
fn wake_ups_coalesce() {
    let mut events = Loop::new().unwrap();
    let (key, waker) = events.waker_open();
    for _ in 0..100 {
        waker.wake();
    }
    assert!(matches!(events.next_event(), Some(Event::Wakeup(woken)) if woken == key));
    std::thread::spawn(move || waker.wake()).join().unwrap();
    assert!(matches!(events.next_event(), Some(Event::Wakeup(_))));
    events.close(key);
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
    assert!(events.next_event().is_none());
}

#[test]
fn messages_arrive_all_and_in_order() {
    let mut events = Loop::new().unwrap();
    let (key, waker) = events.waker_open();
    let thread = std::thread::spawn({
        let waker = waker.clone();
        move || (0..10_000_u32).for_each(|n| waker.post(Box::new(n)).unwrap())
    });
    for want in 0..10_000_u32 {
        let Some(Event::Message(_, message)) = events.next_event() else { panic!("{want}") };
        assert_eq!(*message.downcast::<u32>().unwrap(), want);
    }
    thread.join().unwrap();
    waker.post(Box::new(0_u32)).unwrap(); // is in the inbox when the handle closes
    events.close(key);
    assert!(waker.post(Box::new(1_u32)).is_err());
    waker.wake();
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
    assert!(events.next_event().is_none());
}

#[test]
fn an_unrefd_waker_does_not_keep_the_loop_alive() {
    let mut events = Loop::new().unwrap();
    let (key, waker) = events.waker_open();
    events.set_ref(key, false);
    waker.wake();
    assert!(events.next_event().is_none());
}

#[test]
fn every_job_has_its_result() {
    let pool = Pool::new(8);
    let loops: Vec<_> = (0..3)
        .map(|_| {
            let pool = Arc::clone(&pool);
            std::thread::spawn(move || {
                let mut events = Loop::with_pool(pool).unwrap();
                let mut wanted: HashMap<_, u64> = HashMap::new();
                for n in 0..5_000_u64 {
                    wanted.insert(events.submit(Box::new(move || Box::new(n * n))), n * n);
                }
                while let Some(event) = events.next_event() {
                    let Event::Work(id, Ok(result)) = event else { panic!("{event:?}") };
                    assert_eq!(wanted.remove(&id), Some(*result.downcast::<u64>().unwrap()));
                }
                assert!(wanted.is_empty());
            })
        })
        .collect();
    for thread in loops {
        thread.join().unwrap();
    }
}

#[test]
fn a_panic_is_a_result() {
    let mut events = Loop::with_pool(Pool::new(1)).unwrap();
    std::panic::set_hook(Box::new(|_| ()));
    events.submit(Box::new(|| panic!("no {}", 7)));
    assert_eq!(events.active_kinds(), [HandleKind::Work]);
    let event = events.next_event();
    let _ = std::panic::take_hook();
    assert!(matches!(&event, Some(Event::Work(_, Err(WorkError::Panicked(text)))) if text == "no 7"), "{event:?}");
    assert!(events.active_kinds().is_empty());
    events.submit(Box::new(|| Box::new(())));
    assert!(matches!(events.next_event(), Some(Event::Work(_, Ok(_)))), "the thread lives on");
}

#[test]
fn queued_jobs_can_be_cancelled_and_running_ones_not() {
    let mut events = Loop::with_pool(Pool::new(1)).unwrap();
    let (started, is_started) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let running = events.submit(Box::new(move || {
        started.send(()).unwrap();
        may_go.recv().unwrap();
        Box::new(())
    }));
    is_started.recv().unwrap();
    let queued = events.submit(Box::new(|| unreachable!()));
    assert!(events.cancel(queued));
    assert!(!events.cancel(queued));
    assert!(!events.cancel(running));
    assert!(matches!(events.next_event(), Some(Event::Work(id, Err(WorkError::Cancelled))) if id == queued));
    go.send(()).unwrap();
    assert!(matches!(events.next_event(), Some(Event::Work(id, Ok(_))) if id == running));
    assert!(events.next_event().is_none());
}

#[test]
fn slow_jobs_leave_half_of_the_threads_alone() {
    let mut events = Loop::with_pool(Pool::new(4)).unwrap();
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    for _ in 0..8 {
        let (running, most) = (Arc::clone(&running), Arc::clone(&most));
        events.submit_slow(Box::new(move || {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(5));
            running.fetch_sub(1, Ordering::SeqCst);
            Box::new("slow")
        }));
    }
    events.submit(Box::new(|| Box::new("fast")));
    let mut order = Vec::new();
    while let Some(Event::Work(_, Ok(result))) = events.next_event() {
        order.push(*result.downcast::<&str>().unwrap());
    }
    assert_eq!(order.len(), 9);
    assert!(order[..3].contains(&"fast"), "{order:?}");
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

#[test]
fn a_polled_descriptor_is_reported_as_long_as_it_is_ready() {
    let (mut ours, mut theirs) = UnixStream::pair().unwrap();
    let mut events = Loop::new().unwrap();
    let readable = Readiness { readable: true, ..Readiness::default() };
    let key = events.register_fd(ours.as_fd(), readable).unwrap();
    assert!(events.register_fd(ours.as_fd(), readable).is_err(), "twice");
    theirs.write_all(b"abc").unwrap();
    for _ in 0..3 {
        let Some(Event::Io(_, ready)) = events.next_event() else { panic!() };
        assert!(ready.readable && !ready.writable);
    }
    let both = Readiness { readable: true, writable: true, ..Readiness::default() };
    events.set_interest(key, both).unwrap();
    let Some(Event::Io(_, ready)) = events.next_event() else { panic!() };
    assert!(ready.readable && ready.writable);
    ours.read_exact(&mut [0; 3]).unwrap();
    let Some(Event::Io(_, ready)) = events.next_event() else { panic!() };
    assert!(!ready.readable && ready.writable);
    events.set_interest(key, readable).unwrap();
    drop(theirs);
    let Some(Event::Io(_, ready)) = events.next_event() else { panic!() };
    assert!(ready.readable && ready.hup);
    events.set_interest(key, Readiness::default()).unwrap();
    assert!(!events.alive());
    events.deregister(key);
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
    assert!(events.next_event().is_none());
    assert!(events.set_interest(key, both).is_err());
}

#[test]
fn files_cannot_be_polled() {
    let file = std::fs::File::open("Cargo.toml").unwrap();
    let mut events = Loop::new().unwrap();
    let readable = Readiness { readable: true, ..Readiness::default() };
    let error = events.register_fd(file.as_fd(), readable).unwrap_err();
    assert_eq!(error, anode_event_loop::Errno::PERM);
    assert!(!events.alive());
}
