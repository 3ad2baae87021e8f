//! Two sessions that talk to each other, and single ones that are told nonsense.

use super::*;

fn server() -> Session {
    Session::new(Options { server: true, ..Options::default() })
}

fn ready(options: Options) -> (Session, Session) {
    let mut client = Session::new(Options { server: false, ..options.clone() });
    let mut server = Session::new(Options { server: true, ..options });
    assert!(client.submit_settings(Vec::new()));
    assert!(server.submit_settings(Vec::new()));
    exchange(&mut client, &mut server);
    client.take_events();
    server.take_events();
    (client, server)
}

/// Output of one side goes to the other until both are quiet.
fn exchange(a: &mut Session, b: &mut Session) {
    loop {
        a.pump();
        b.pump();
        if !a.has_output() && !b.has_output() {
            return;
        }
        let bytes = a.take_output(<[u8]>::to_vec);
        b.feed(&bytes, 0);
        let bytes = b.take_output(<[u8]>::to_vec);
        a.feed(&bytes, 0);
    }
}

fn fields(list: &[(&str, &str)]) -> Fields {
    let mut fields = Fields::default();
    for (name, value) in list {
        fields.push(name.as_bytes(), value.as_bytes(), false);
    }
    fields
}

fn get() -> Fields {
    fields(&[(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "localhost")])
}

fn post() -> Fields {
    fields(&[(":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "localhost")])
}

fn ok() -> Fields {
    fields(&[(":status", "200")])
}

fn errors(session: &mut Session) -> Vec<Event> {
    session.take_events().into_iter().filter(|event| matches!(event, Event::Error(..))).collect()
}

#[test]
fn request_and_response() {
    let (mut client, mut server) = ready(Options::default());
    let id = client.submit_request(get(), true).unwrap();
    exchange(&mut client, &mut server);
    let events = server.take_events();
    assert_eq!(events, [Event::Headers { id: 1, category: Category::Request, flags: 5, fields: get() }]);
    server.submit_headers(id, &ok(), false).unwrap();
    assert!(server.write(id, b"hello".to_vec()));
    server.end(id, false);
    exchange(&mut client, &mut server);
    assert_eq!(server.take_events(), [Event::Written { id }, Event::Closed { id, code: 0 }]);
    let events = client.take_events();
    assert_eq!(events[0], Event::Headers { id, category: Category::Response, flags: 4, fields: ok() });
    assert!(matches!(events[1], Event::Data { start, end, .. } if end - start == 5));
    assert_eq!(events[2..], [Event::EndData { id }, Event::Closed { id, code: 0 }]);
    assert_eq!((client.stream_count(), server.stream_count()), (0, 0));
}

/// A long body passes both windows, in both directions, whatever the padding.
#[test]
fn flow_control() {
    for padding in [Padding::None, Padding::Aligned, Padding::Max] {
        let (mut client, mut server) = ready(Options { padding, ..Options::default() });
        let id = client.submit_request(post(), false).unwrap();
        client.write(id, vec![7; 300_000]);
        client.end(id, false);
        exchange(&mut client, &mut server);
        let count = |events: Vec<Event>| -> usize {
            events.iter().map(|event| if let Event::Data { start, end, .. } = event { end - start } else { 0 }).sum()
        };
        // Nobody reads: the stream's window is the end of it.
        let before = count(server.take_events());
        assert!(before > 60_000 && before <= 65_535, "{before}");
        server.set_reading(id, true);
        exchange(&mut client, &mut server);
        assert_eq!(before + count(server.take_events()), 300_000);
        server.submit_headers(id, &ok(), true).unwrap();
        exchange(&mut client, &mut server);
        assert_eq!((client.stream_count(), server.stream_count()), (0, 0));
        assert_eq!(client.memory(), client.out.capacity());
    }
}

#[test]
fn trailers_and_push() {
    let (mut client, mut server) = ready(Options::default());
    let id = client.submit_request(get(), true).unwrap();
    exchange(&mut client, &mut server);
    let promised = server.submit_push(id, &get()).unwrap();
    server.submit_headers(promised, &ok(), true).unwrap();
    server.submit_headers(id, &ok(), false).unwrap();
    server.end(id, true);
    exchange(&mut client, &mut server);
    assert!(server.take_events().contains(&Event::WantTrailers { id }));
    server.submit_headers(id, &fields(&[("x", "y")]), true).unwrap();
    exchange(&mut client, &mut server);
    let events = client.take_events();
    assert!(events.contains(&Event::Push { id: 2, parent: 1, fields: get() }));
    assert!(events.contains(&Event::Headers { id: 2, category: Category::PushResponse, flags: 5, fields: ok() }));
    assert!(events.contains(&Event::Closed { id: 2, code: 0 }) && events.contains(&Event::Closed { id: 1, code: 0 }));
}

/// Any split of the input gives the same events.
#[test]
fn splits() {
    let (mut client, _) = ready(Options { padding: Padding::Aligned, ..Options::default() });
    for _ in 0..3 {
        let mut long = post();
        long.push(b"x-long", "0123456789".repeat(2000).as_bytes(), false);
        let id = client.submit_request(long, false).unwrap();
        client.write(id, vec![1; 900]);
        client.end(id, false);
    }
    client.submit_ping([9; 8]);
    client.submit_settings(vec![(id::INITIAL_WINDOW_SIZE, 70_000)]);
    client.submit_goaway(0, None, b"bye");
    client.pump();
    let mut input = PREFACE.to_vec();
    Head { kind: kind::SETTINGS, ..Head::default() }.write(&mut input);
    client.take_output(|bytes| input.extend_from_slice(bytes));
    let run = |sizes: &mut dyn FnMut() -> usize| {
        let mut server = server();
        let mut events = Vec::new();
        let mut body = Vec::new();
        let mut at = 0;
        while at < input.len() {
            let end = (at + sizes()).min(input.len());
            assert_eq!(server.feed(&input[at..end], 0), end - at);
            for event in server.take_events() {
                match event {
                    Event::Data { start, end, .. } => body.extend_from_slice(&input[at + start..at + end]),
                    event => events.push(event),
                }
            }
            at = end;
        }
        (events, body)
    };
    let whole = run(&mut || usize::MAX / 2);
    assert_eq!((whole.0.len(), whole.1.len()), (10, 2700), "{:?}", whole.0);
    assert!(!whole.0.iter().any(|event| matches!(event, Event::Error(..))));
    for size in [1, 2, 3, 7, 8, 9, 10, 100, 1000] {
        assert_eq!(run(&mut || size), whole, "{size}");
    }
    let mut seed = 1_u32;
    for _ in 0..50 {
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            1 + (seed >> 16) as usize % 64
        };
        assert_eq!(run(&mut random), whole);
    }
}

#[test]
fn noise_does_not_panic() {
    let mut seed = 7_u32;
    for _ in 0..2000 {
        let mut server = server();
        server.feed(PREFACE, 0);
        server.feed(&[0, 0, 0, 4, 0, 0, 0, 0, 0], 0);
        for _ in 0..20 {
            let mut random = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 16) as u8
            };
            let length = random() % 24;
            let mut frame = vec![0, 0, length, random() % 13, random(), 0, 0, 0, random() % 6];
            frame.extend((0..length).map(|_| random()));
            server.feed(&frame, 0);
            server.pump();
        }
    }
}

#[track_caller]
fn broken(frames: &[&[u8]], want: Fatal) {
    let (_, mut server) = ready(Options::default());
    for frame in frames {
        server.feed(frame, 0);
    }
    assert_eq!(errors(&mut server), [Event::Error(want, None)], "{frames:?}");
}

#[test]
fn connection_errors() {
    broken(&[&[0, 0, 0, 4, 1, 0, 0, 0, 0]], Fatal::Proto); // an ACK of nothing
    broken(&[&[0, 0, 8, 6, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]], Fatal::Proto); // likewise
    broken(&[&[0, 0, 1, 0, 0, 0, 0, 0, 1, 0]], Fatal::Proto); // DATA on an idle stream
    broken(&[&[0, 0, 0, 9, 4, 0, 0, 0, 1]], Fatal::Proto); // CONTINUATION of nothing
    broken(&[&[0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]], Fatal::Proto); // a window that grows by nothing
    broken(&[&[0, 0, 1, 1, 4, 0, 0, 0, 2, 0x82]], Fatal::Proto); // a request with an even number
    broken(&[&[0xff, 0, 0, 0, 0, 0, 0, 0, 1]], Fatal::Proto); // too long
    broken(&[&[0, 0, 1, 1, 4, 0, 0, 0, 1, 0x80]], Fatal::Proto); // no HPACK
    let open: &[u8] = &[0, 0, 1, 1, 0, 0, 0, 0, 1, 0x82];
    let more: &[u8] = &[0, 0, 1, 9, 0, 0, 0, 0, 1, 0x86];
    broken(&[open, &[0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]], Fatal::Proto);
    broken(&[&[open], [more; 9].as_slice()].concat(), Fatal::TooManyContinuations);
    let mut session = server();
    session.feed(b"GET / HTTP/1.1\r\n", 0);
    assert_eq!(errors(&mut session), [Event::Error(Fatal::BadClientMagic, None)]);
    let mut session = server();
    session.feed(PREFACE, 0);
    session.feed(&[0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0);
    assert_eq!(errors(&mut session), [Event::Error(Fatal::Proto, None)]);
}

#[test]
fn floods() {
    let ping: &[u8] = &[0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let (_, mut server) = ready(Options::default());
    for _ in 0..1001 {
        server.feed(ping, 0);
    }
    assert_eq!(errors(&mut server), [Event::Error(Fatal::Flooded, None)]);
    let (_, mut server) = ready(Options::default());
    for _ in 0..5000 {
        server.feed(ping, 0);
        server.take_output(|_| ());
    }
    assert_eq!(errors(&mut server), []);
}

#[test]
fn rapid_reset() {
    let (mut client, mut server) = ready(Options { stream_resets: (50, 10), ..Options::default() });
    let flood = |client: &mut Session, server: &mut Session, times, now_s| {
        for _ in 0..times {
            let id = client.submit_request(get(), true).unwrap();
            client.reset(id, code::CANCEL);
            let bytes = client.take_output(<[u8]>::to_vec);
            server.feed(&bytes, now_s);
        }
        errors(server)
    };
    assert_eq!(flood(&mut client, &mut server, 50, 0), []);
    assert_eq!(flood(&mut client, &mut server, 10, 1), []);
    assert_eq!(flood(&mut client, &mut server, 1, 1), [Event::Error(Fatal::Flooded, None)]);
}

#[test]
fn limits_of_headers() {
    let (mut client, mut server) = ready(Options { header_pairs_max: 5, ..Options::default() });
    let mut request = get();
    request.push(b"a", b"1", false);
    client.submit_request(request.clone(), true).unwrap();
    request.push(b"b", b"2", false);
    let second = client.submit_request(request, true).unwrap();
    exchange(&mut client, &mut server);
    assert!(client.take_events().contains(&Event::Closed { id: second, code: code::ENHANCE_YOUR_CALM }));
    assert_eq!(server.take_events().len(), 1);
}

#[test]
fn streams_wait_for_the_limit() {
    let (mut client, mut server) = ready(Options::default());
    server.submit_settings(vec![(id::MAX_CONCURRENT_STREAMS, 1)]);
    exchange(&mut client, &mut server);
    server.take_events();
    for _ in 0..3 {
        client.submit_request(get(), true).unwrap();
    }
    client.reset(3, code::CANCEL);
    for id in [1, 5] {
        exchange(&mut client, &mut server);
        let events = server.take_events();
        assert!(matches!(&events[..], [Event::Headers { id: seen, .. }] if *seen == id), "{events:?}");
        server.submit_headers(id, &ok(), true).unwrap();
        server.take_events();
    }
}

#[test]
fn goaway_refuses_what_was_not_seen() {
    let (mut client, mut server) = ready(Options::default());
    client.submit_request(get(), true).unwrap();
    exchange(&mut client, &mut server);
    server.submit_goaway(0, None, b"data");
    client.submit_request(get(), true).unwrap();
    exchange(&mut client, &mut server);
    let events = client.take_events();
    assert_eq!(
        events,
        [
            Event::Goaway { code: 0, last: 1, data: b"data".to_vec() },
            Event::Closed { id: 3, code: code::REFUSED_STREAM }
        ]
    );
    assert_eq!(server.take_events().len(), 1);
}
