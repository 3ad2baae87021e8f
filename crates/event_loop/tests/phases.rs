//! The order of the phases, on a fake clock: what runs when, what keeps the loop alive, what a closed
//! handle may still do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use anode_event_loop::{Event, FakeClock, HandleKind, Key, Loop};

fn fake() -> (Loop, FakeClock) {
    let clock = FakeClock::new();
    (Loop::with_fake_clock(clock.clone()).unwrap(), clock)
}

/// Runs to the end and writes down the kinds of events, with a letter for each handle.
fn trace(events: &mut Loop, names: &[(Key, &str)], mut on: impl FnMut(&mut Loop, &str)) -> String {
    let mut trace = Vec::new();
    while let Some(event) = events.next_event() {
        let key = event.key().unwrap();
        let name = names.iter().find(|(known, _)| *known == key).map_or("?", |(_, name)| *name);
        let word = if matches!(event, Event::Closed(_)) { format!("{name}.closed") } else { name.to_owned() };
        on(events, &word);
        trace.push(word);
        assert!(trace.len() < 1000, "endless: {trace:?}");
    }
    trace.join(" ")
}

#[test]
fn an_empty_loop_ends_at_once() {
    let (mut events, _) = fake();
    assert!(!events.alive());
    assert!(events.next_event().is_none());
    assert_eq!(events.metrics().iterations, 0);
}

#[test]
fn timers_run_before_the_first_poll_and_after_every_poll() {
    let (mut events, _) = fake();
    let (idle, prepare, check) = (events.idle_open(), events.prepare_open(), events.check_open());
    let (early, late) = (events.timer_open(), events.timer_open());
    for key in [check, prepare, idle] {
        events.phase_start(key).unwrap();
    }
    events.timer_start(early, 0, 0).unwrap();
    events.timer_start(late, 1, 0).unwrap();
    let clock_names = [(idle, "idle"), (prepare, "prepare"), (check, "check"), (early, "early"), (late, "late")];
    let mut turns = 0;
    let order = trace(&mut events, &clock_names, |events, word| {
        if word == "idle" && turns == 1 {
            events.phase_stop(idle); // now the poll may sleep, and the clock jumps to `late`
        }
        if word == "check" {
            turns += 1;
        }
        if word == "late" {
            for key in [prepare, check, idle, early, late] {
                events.close(key);
            }
        }
    });
    // Once started they run until the closing phase of the turn after `late`.
    assert_eq!(
        order,
        "early idle prepare check idle prepare check late \
         late.closed early.closed idle.closed check.closed prepare.closed"
    );
}

#[test]
fn timers_of_a_phase_are_those_due_when_it_begins() {
    let (mut events, _) = fake();
    let (a, check) = (events.timer_open(), events.check_open());
    events.timer_start(a, 0, 0).unwrap();
    events.phase_start(check).unwrap();
    events.set_ref(check, false);
    let mut left = 3;
    let order = trace(&mut events, &[(a, "a"), (check, "check")], |events, word| {
        left -= i32::from(word == "a");
        if word == "a" && left > 0 {
            events.timer_start(a, 0, 0).unwrap();
        }
    });
    assert_eq!(order, "a check a check a");
}

#[test]
fn a_timer_stopped_or_closed_by_its_neighbour_never_fires() {
    let (mut events, _) = fake();
    let keys: Vec<Key> = (0..4).map(|_| events.timer_open()).collect();
    for key in &keys {
        events.timer_start(*key, 5, 0).unwrap();
    }
    let names = [(keys[0], "a"), (keys[1], "b"), (keys[2], "c"), (keys[3], "d")];
    let order = trace(&mut events, &names, |events, word| {
        if word == "a" {
            events.timer_stop(keys[1]);
            events.close(keys[2]);
            assert!(!events.is_active(keys[2]) && !events.is_open(keys[2]));
        }
    });
    assert_eq!(order, "a d c.closed");
}

#[test]
fn a_restarted_timer_counts_from_now() {
    let (mut events, clock) = fake();
    let (a, b) = (events.timer_open(), events.timer_open());
    events.timer_start(a, 10, 0).unwrap();
    events.timer_start(b, 20, 0).unwrap();
    events.timer_start(a, 30, 0).unwrap();
    assert_eq!((events.timer_due_in_ms(a), events.timer_due_in_ms(b)), (Some(30), Some(20)));
    assert_eq!(trace(&mut events, &[(a, "a"), (b, "b")], |_, _| ()), "b a");
    assert_eq!(clock.now_ns(), 30_000_000);
    assert_eq!(events.timer_due_in_ms(a), None);
}

#[test]
fn a_repeating_timer_drifts_and_never_bursts() {
    let (mut events, clock) = fake();
    let a = events.timer_open();
    events.timer_start(a, 10, 10).unwrap();
    let mut at = Vec::new();
    while let Some(Event::Timer(_)) = events.next_event() {
        at.push(clock.now_ns() / 1_000_000);
        if at.len() == 1 {
            clock.advance(Duration::from_millis(35)); // busy: three repeats missed
        }
        if at.len() == 4 {
            events.timer_stop(a);
        }
    }
    assert_eq!(at, [10, 45, 55, 65]);
    assert_eq!(events.metrics().timer_lag_ms, 0);
    assert_eq!(events.metrics().idle_ns, 30_000_000);
}

#[test]
fn unrefd_and_stopped_handles_do_not_keep_the_loop_alive() {
    let (mut events, _) = fake();
    let (a, b) = (events.timer_open(), events.timer_open());
    events.timer_start(a, 10, 0).unwrap();
    events.timer_start(b, 20, 0).unwrap();
    events.set_ref(b, false);
    events.set_ref(b, false);
    assert_eq!(events.active_kinds(), [HandleKind::Timer]);
    assert_eq!(trace(&mut events, &[(a, "a"), (b, "b")], |_, _| ()), "a");
    assert!(events.is_active(b) && !events.has_ref(b) && !events.alive());
    events.set_ref(b, true);
    assert!(events.alive());
    assert_eq!(trace(&mut events, &[(a, "a"), (b, "b")], |_, _| ()), "b");
}

#[test]
fn an_unrefd_handle_that_closes_is_waited_for() {
    let (mut events, _) = fake();
    let a = events.timer_open();
    events.set_ref(a, false);
    events.close(a);
    events.close(a);
    assert!(events.alive());
    assert_eq!(trace(&mut events, &[(a, "a")], |_, _| ()), "a.closed");
    assert!(events.timer_start(a, 1, 0).is_err());
    assert!(!events.is_open(a));
}

#[test]
fn handles_closed_while_closing_wait_for_the_next_turn() {
    let (mut events, _) = fake();
    let (a, b, check) = (events.timer_open(), events.timer_open(), events.check_open());
    events.phase_start(check).unwrap();
    events.set_ref(check, false);
    events.close(a);
    let order = trace(&mut events, &[(a, "a"), (b, "b"), (check, "check")], |events, word| {
        if word == "a.closed" {
            events.close(b);
        }
    });
    assert_eq!(order, "check a.closed check b.closed");
}

#[test]
fn a_busy_check_keeps_alive_and_awake_without_a_ref() {
    let (mut events, clock) = fake();
    let (check, timer) = (events.check_open(), events.timer_open());
    events.phase_start(check).unwrap();
    events.set_ref(check, false);
    assert!(!events.alive());
    events.check_busy(check, true);
    events.timer_start(timer, 1000, 0).unwrap();
    events.set_ref(timer, false);
    let mut left = 3;
    let order = trace(&mut events, &[(check, "check"), (timer, "timer")], |events, _| {
        left -= 1;
        events.check_busy(check, left > 0);
    });
    assert_eq!(order, "check check check");
    assert_eq!(clock.now_ns(), 0, "it never slept");
}

#[test]
fn handles_started_in_their_phase_wait_and_stopped_ones_are_skipped() {
    let (mut events, _) = fake();
    let (a, b, c) = (events.check_open(), events.check_open(), events.check_open());
    for key in [a, b] {
        events.phase_start(key).unwrap();
    }
    events.check_busy(a, true);
    let mut turn = 0;
    let order = trace(&mut events, &[(a, "a"), (b, "b"), (c, "c")], |events, word| {
        if word == "a" {
            turn += 1;
            if turn == 1 {
                events.phase_start(c).unwrap();
                events.phase_stop(b);
            }
        }
        if word == "c" {
            events.check_busy(a, false);
            events.phase_stop(a);
            events.phase_stop(c);
        }
    });
    assert_eq!(order, "a a c");
}

#[test]
fn stop_ends_the_run_after_the_turn_and_another_run_goes_on() {
    let (mut events, _) = fake();
    let (a, check) = (events.timer_open(), events.check_open());
    events.timer_start(a, 1, 1).unwrap();
    events.phase_start(check).unwrap();
    events.check_busy(check, true);
    assert!(matches!(events.next_event(), Some(Event::Check(_))));
    events.stop();
    assert!(events.next_event().is_none());
    assert!(events.alive());
    assert!(matches!(events.next_event(), Some(Event::Check(_))));
}

#[test]
fn thousands_of_random_timers_come_in_due_order_and_never_early() {
    let mut seed = 42_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let (mut events, clock) = fake();
    let mut planned = std::collections::BTreeMap::new();
    let keys: Vec<Key> = (0..3000).map(|_| events.timer_open()).collect();
    let mut start = 0_u64;
    let mut plan = |events: &mut Loop, planned: &mut std::collections::BTreeMap<Key, (u64, u64)>, key, delay| {
        events.timer_start(key, delay, 0).unwrap();
        start += 1;
        planned.insert(key, (events.now_ms() + delay, start));
    };
    for key in &keys {
        plan(&mut events, &mut planned, *key, random(500));
    }
    let mut last = (0, 0);
    let mut fired = 0;
    while let Some(event) = events.next_event() {
        let Event::Timer(key) = event else { panic!("{event:?}") };
        let due = planned.remove(&key).expect("fires once");
        assert!(due.0 <= clock.now_ns() / 1_000_000, "early");
        assert!(due > last, "{due:?} after {last:?}");
        last = due;
        fired += 1;
        let other = keys[random(3000) as usize];
        match random(8) {
            0 => {
                events.timer_stop(other);
                planned.remove(&other);
            }
            // Later than all that is due in this phase, so that the order stays total.
            1 | 2 if fired < 20_000 => plan(&mut events, &mut planned, other, 1 + random(300)),
            3 => clock.advance(Duration::from_micros(random(3000))),
            _ => {}
        }
    }
    assert!(planned.is_empty() && fired > 3000, "{fired}");
}

#[test]
fn the_real_clock_is_never_early_either() {
    let mut events = Loop::new().unwrap();
    let key = events.timer_open();
    for delay in [1, 2, 5, 20] {
        events.update_time();
        let due = events.now_ms() + delay;
        events.timer_start(key, delay, 0).unwrap();
        assert!(matches!(events.next_event(), Some(Event::Timer(_))));
        assert!(anode_event_loop::hrtime_ns() / 1_000_000 >= due);
        assert!(events.next_event().is_none());
    }
}
