//! Streams, listeners, connecting and UDP, over real sockets.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{IoSlice, Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};

use anode_event_loop::{
    Address, Bytes, Descriptor, Errno, Event, HandleKind, Key, Loop, ReadResult, StreamKind, WriteOutcome,
};

/// A loop with a stream, and the other end of it.
fn pair() -> (Loop, Key, UnixStream) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let mut events = Loop::new().unwrap();
    let key = events.stream_open(ours.into(), StreamKind::Unix).unwrap();
    (events, key, theirs)
}

fn bytes(size: usize) -> Vec<u8> {
    (0..size).map(|n| (n * 31 % 251) as u8).collect()
}

/// Reads to the end of a stream of the loop; other events go to `on`.
fn read_all(events: &mut Loop, key: Key, mut on: impl FnMut(&mut Loop, Event)) -> Vec<u8> {
    let mut got = Vec::new();
    while let Some(event) = events.next_event() {
        match event {
            Event::Read(from, ReadResult::Data(data, _)) if from == key => got.extend_from_slice(&data),
            Event::Read(from, ReadResult::Eof) if from == key => return got,
            event => on(events, event),
        }
    }
    panic!("the loop ended before the stream");
}

#[test]
fn reads_arrive_whole_and_in_order_then_the_end() {
    let (mut events, key, mut theirs) = pair();
    events.read_start(key).unwrap();
    let sent = bytes(5_000_000);
    let writer = std::thread::spawn({
        let sent = sent.clone();
        move || sent.chunks(70_001).for_each(|part| theirs.write_all(part).unwrap())
    });
    assert_eq!(read_all(&mut events, key, |_, event| panic!("{event:?}")), sent);
    writer.join().unwrap();
    assert!(!events.is_active(key) && !events.alive(), "the end stops reading");
    assert!(events.next_event().is_none());
}

#[test]
fn a_stream_that_does_not_read_keeps_its_bytes() {
    let (mut events, key, mut theirs) = pair();
    theirs.write_all(b"one").unwrap();
    events.read_start(key).unwrap();
    assert!(matches!(events.next_event(), Some(Event::Read(_, ReadResult::Data(..)))));
    events.read_stop(key);
    assert!(events.next_event().is_none(), "nothing is alive");
    theirs.write_all(b"two").unwrap();
    let timer = events.timer_open();
    events.timer_start(timer, 5, 0).unwrap();
    assert!(matches!(events.next_event(), Some(Event::Timer(_))), "not reading, no event");
    events.read_start(key).unwrap();
    let Some(Event::Read(_, ReadResult::Data(data, _))) = events.next_event() else { panic!() };
    assert_eq!(data.into_vec(), b"two");
}

#[test]
fn a_flooding_stream_does_not_starve_the_others() {
    let (mut events, flood, mut theirs) = pair();
    let (ours, mut quiet_theirs) = UnixStream::pair().unwrap();
    let quiet = events.stream_open(ours.into(), StreamKind::Unix).unwrap();
    theirs.set_nonblocking(true).unwrap();
    quiet_theirs.write_all(b"x").unwrap();
    let timer = events.timer_open();
    events.timer_start(timer, 0, 0).unwrap();
    for key in [flood, quiet] {
        events.read_start(key).unwrap();
    }
    let junk = vec![0; 1 << 20];
    let (mut saw_quiet, mut saw_timer, mut reads) = (false, false, 0);
    while !(saw_quiet && saw_timer) {
        let _ = theirs.write(&junk); // always full
        match events.next_event().unwrap() {
            Event::Read(key, _) if key == quiet => saw_quiet = true,
            Event::Read(..) => reads += 1,
            Event::Timer(_) => saw_timer = true,
            event => panic!("{event:?}"),
        }
        assert!(reads < 100, "starved");
    }
}

#[test]
fn a_write_that_fits_is_done_at_once() {
    let (mut events, key, mut theirs) = pair();
    let bufs = vec![Bytes::from(b"ab".to_vec()), Bytes::from(&b""[..]), Bytes::from(&b"cd"[..])];
    assert_eq!(events.write(key, bufs), Ok(WriteOutcome::Done(4)));
    assert_eq!(events.write(key, Vec::new()), Ok(WriteOutcome::Done(0)));
    assert_eq!(events.try_write(key, &[IoSlice::new(b"ef")]), Ok(2));
    let mut got = [0; 6];
    theirs.read_exact(&mut got).unwrap();
    assert_eq!(&got, b"abcdef");
    assert!(events.next_event().is_none());
}

#[test]
fn writes_beyond_the_buffer_wait_and_end_in_order() {
    let (mut events, key, mut theirs) = pair();
    let sent = bytes(3_000_000);
    let mut requests = Vec::new();
    for part in sent.chunks(100_000) {
        // Some as many little buffers, so that one system call never takes all of them.
        let bufs = part.chunks(77).map(|little| Bytes::from(little.to_vec())).collect();
        if let WriteOutcome::Queued(request) = events.write(key, bufs).unwrap() {
            requests.push(request);
        }
    }
    assert!(requests.len() > 20 && events.write_queue_bytes(key) > 2_000_000);
    assert_eq!(events.try_write(key, &[IoSlice::new(b"no")]), Err(Errno::AGAIN));
    let end = events.shutdown(key).unwrap();
    assert_eq!(events.shutdown(key), Err(Errno::NOTCONN));
    let reader = std::thread::spawn(move || {
        let mut got = Vec::new();
        theirs.read_to_end(&mut got).unwrap();
        got
    });
    for request in requests {
        let event = events.next_event();
        assert!(matches!(event, Some(Event::Written(_, done, Ok(()))) if done == request), "{event:?}");
    }
    assert!(matches!(events.next_event(), Some(Event::Shutdown(_, done, Ok(()))) if done == end));
    assert!(reader.join().unwrap() == sent);
    assert_eq!(events.write_queue_bytes(key), 0);
    assert!(events.next_event().is_none());
}

#[test]
fn closing_cancels_what_waits_before_it_ends() {
    let (mut events, key, _theirs) = pair();
    let mut waiting = 0;
    for _ in 0..10 {
        waiting += usize::from(matches!(events.write(key, vec![bytes(100_000).into()]), Ok(WriteOutcome::Queued(_))));
    }
    events.shutdown(key).unwrap();
    events.read_start(key).unwrap();
    events.close(key);
    assert_eq!(events.write(key, vec![bytes(1).into()]), Err(Errno::INVAL));
    assert_eq!(events.fileno(key), None);
    for _ in 0..waiting {
        assert!(matches!(events.next_event(), Some(Event::Written(_, _, Err(Errno::CANCELED)))));
    }
    assert!(matches!(events.next_event(), Some(Event::Shutdown(_, _, Err(Errno::CANCELED)))));
    assert!(matches!(events.next_event(), Some(Event::Closed(closed)) if closed == key));
    assert!(events.next_event().is_none());
}

#[test]
fn closing_in_the_middle_of_reading_stops_it() {
    let (mut events, key, mut theirs) = pair();
    theirs.write_all(&bytes(150_000)).unwrap();
    events.read_start(key).unwrap();
    assert!(matches!(events.next_event(), Some(Event::Read(..))));
    events.close(key);
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
    assert_eq!(theirs.write(b"x").unwrap_err().kind(), std::io::ErrorKind::BrokenPipe);
}

#[test]
fn writing_to_one_who_left_fails() {
    let (mut events, key, theirs) = pair();
    drop(theirs);
    assert_eq!(events.write(key, vec![bytes(10).into()]), Err(Errno::PIPE));
    assert_eq!(events.try_write(key, &[IoSlice::new(b"x")]), Err(Errno::PIPE));
}

#[test]
fn those_who_leave_fail_the_writes_that_wait() {
    let (mut events, key, theirs) = pair();
    let mut waiting = 0;
    for _ in 0..5 {
        waiting += usize::from(matches!(events.write(key, vec![bytes(200_000).into()]), Ok(WriteOutcome::Queued(_))));
    }
    drop(theirs);
    for _ in 0..waiting {
        let event = events.next_event();
        assert!(matches!(event, Some(Event::Written(_, _, Err(Errno::PIPE | Errno::CONNRESET)))), "{event:?}");
    }
    assert_eq!(events.write_queue_bytes(key), 0);
    assert!(events.next_event().is_none());
}

#[test]
fn descriptors_travel_with_the_first_byte() {
    let (mut events, key, theirs) = pair();
    let other = events.stream_open(theirs.into(), StreamKind::Unix).unwrap();
    events.set_ipc(other, true).unwrap();
    events.read_start(other).unwrap();
    let (mut gift, mut ours) = UnixStream::pair().unwrap();
    assert_eq!(events.write_with_fds(key, Vec::new(), vec![gift.try_clone().unwrap().into()]), Err(Errno::INVAL));
    let fds: Vec<OwnedFd> = vec![gift.try_clone().unwrap().into(), gift.try_clone().unwrap().into()];
    assert_eq!(events.write_with_fds(key, vec![bytes(3).into()], fds), Ok(WriteOutcome::Done(3)));
    let Some(Event::Read(_, ReadResult::Data(data, mut fds))) = events.next_event() else { panic!() };
    assert_eq!((&*data, fds.len()), (&bytes(3)[..], 2));
    let mut received = UnixStream::from(fds.remove(0));
    received.write_all(b"hi").unwrap();
    let mut got = [0; 2];
    ours.read_exact(&mut got).unwrap();
    assert_eq!(&got, b"hi");
    gift.write_all(b"!").unwrap();
    // Without descriptors the next read has none.
    events.write(key, vec![bytes(1).into()]).unwrap();
    let Some(Event::Read(_, ReadResult::Data(_, fds))) = events.next_event() else { panic!() };
    assert!(fds.is_empty());
}

#[test]
fn queued_descriptors_arrive_with_the_first_byte_of_their_request() {
    let (mut events, key, theirs) = pair();
    let filler = bytes(1_000_000);
    assert!(matches!(events.write(key, vec![filler.clone().into()]), Ok(WriteOutcome::Queued(_))));
    let gift: OwnedFd = std::fs::File::open("/dev/null").unwrap().into();
    assert!(matches!(
        events.write_with_fds(key, vec![b"gift".to_vec().into()], vec![gift]),
        Ok(WriteOutcome::Queued(_))
    ));
    assert!(matches!(events.write(key, vec![b"tail".to_vec().into()]), Ok(WriteOutcome::Queued(_))));
    let other = events.stream_open(theirs.into(), StreamKind::Unix).unwrap();
    events.set_ipc(other, true).unwrap();
    events.read_start(other).unwrap();
    let (mut total, mut at) = (0, None);
    while total < filler.len() + 8 {
        if let Event::Read(_, ReadResult::Data(data, fds)) = events.next_event().unwrap() {
            if !fds.is_empty() {
                at = Some(total..total + data.len());
            }
            total += data.len();
        }
    }
    // The kernel may put bytes of earlier requests into the same read, but none of its own later.
    assert!(at.is_some_and(|read| read.contains(&filler.len())));
}

#[test]
fn blocking_streams_write_it_all_and_read_what_is_there() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let mut events = Loop::new().unwrap();
    let key = events.stream_open_blocking(ours.into(), StreamKind::Unix);
    let reader = std::thread::spawn({
        let mut theirs = theirs.try_clone().unwrap();
        move || {
            let mut got = vec![0; 2_000_000];
            theirs.read_exact(&mut got).unwrap();
            got
        }
    });
    let sent = bytes(2_000_000);
    assert_eq!(events.write(key, vec![sent.clone().into()]), Ok(WriteOutcome::Done(sent.len())));
    assert!(reader.join().unwrap() == sent);
    events.read_start(key).unwrap();
    theirs.write_all(b"one").unwrap();
    assert!(matches!(events.next_event(), Some(Event::Read(_, ReadResult::Data(..)))));
    let timer = events.timer_open();
    events.timer_start(timer, 5, 0).unwrap();
    assert!(matches!(events.next_event(), Some(Event::Timer(_))), "it does not hang in read");
    drop(theirs);
    assert!(matches!(events.next_event(), Some(Event::Read(_, ReadResult::Eof))));
}

#[test]
fn pipes_stream_too() {
    let (read, write) = rustix::pipe::pipe().unwrap();
    let mut events = Loop::new().unwrap();
    assert_eq!(Descriptor::of(&read), Ok(Descriptor::Stream(StreamKind::Fifo)));
    let input = events.stream_open(read, StreamKind::Fifo).unwrap();
    let output = events.stream_open(write, StreamKind::Fifo).unwrap();
    let sent = bytes(1_000_000);
    let outcome = events.write(output, vec![sent.clone().into()]).unwrap();
    assert!(matches!(outcome, WriteOutcome::Queued(_)));
    events.read_start(input).unwrap();
    let got = read_all(&mut events, input, |events, event| match event {
        Event::Written(key, _, Ok(())) => events.close(key),
        Event::Closed(_) => {}
        event => panic!("{event:?}"),
    });
    assert!(got == sent);
}

#[test]
fn files_are_no_streams() {
    let file = std::fs::File::open("Cargo.toml").unwrap();
    assert_eq!(Descriptor::of(&file), Ok(Descriptor::File));
    let mut events = Loop::new().unwrap();
    let key = events.stream_open(file.into(), StreamKind::Fifo).unwrap();
    assert_eq!(events.read_start(key), Err(Errno::PERM));
    let timer = events.timer_open();
    assert_eq!(events.read_start(timer), Err(Errno::INVAL));
    assert_eq!(events.write(timer, Vec::new()), Err(Errno::INVAL));
}

/// Clients connect to a listener of the same loop, say something and hear it back.
fn echo(address: &Address, listening: OwnedFd, clients: usize) {
    let mut events = Loop::new().unwrap();
    let listener = events.listen_open(listening).unwrap();
    let kind = if address.stream_kind() == StreamKind::Tcp { HandleKind::Listener } else { HandleKind::ListenerUnix };
    assert_eq!(events.active_kinds(), [kind]);
    let mut ours = Vec::new();
    for _ in 0..clients {
        let key = events.stream_open(address.stream_socket().unwrap(), address.stream_kind()).unwrap();
        events.connect(key, address).unwrap();
        events.write(key, vec![bytes(100_000).into()]).unwrap(); // waits for the connection
        events.read_start(key).unwrap();
        ours.push(key);
    }
    let (mut connected, mut accepted, mut heard, mut closed) = (0, 0, 0, 0);
    while let Some(event) = events.next_event() {
        match event {
            Event::Connected(_, _, result) => {
                result.unwrap();
                connected += 1;
            }
            Event::Accepted(_, socket) => {
                let key = events.stream_open_nonblocking(socket.unwrap(), address.stream_kind());
                events.read_start(key).unwrap();
                accepted += 1;
            }
            Event::Read(key, ReadResult::Data(data, _)) if ours.contains(&key) => {
                heard += data.len();
                if heard == clients * 100_000 {
                    ours.iter().for_each(|key| events.close(*key));
                    events.close(listener);
                }
            }
            Event::Read(key, ReadResult::Data(data, _)) => {
                events.write(key, vec![data.into_vec().into()]).unwrap();
            }
            Event::Read(key, ReadResult::Eof) => events.close(key),
            Event::Written(_, _, result) => result.unwrap(),
            Event::Closed(_) => closed += 1,
            event => panic!("{event:?}"),
        }
    }
    assert_eq!((connected, accepted, closed), (clients, clients, 2 * clients + 1));
}

#[test]
fn tcp_listens_connects_and_echoes() {
    let listening = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Address::Inet(listening.local_addr().unwrap());
    assert_eq!(Descriptor::of(&listening), Ok(Descriptor::Stream(StreamKind::Tcp)));
    echo(&address, listening.into(), 50);
}

#[test]
fn unix_sockets_listen_connect_and_echo() {
    let path = std::env::temp_dir().join(format!("anode-loop-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let listening = UnixListener::bind(&path).unwrap();
    let address = Address::Unix(path.as_os_str().as_encoded_bytes().to_vec());
    let name = rustix::net::getsockname(&listening).unwrap();
    assert_eq!(Address::try_from(name), Ok(address.clone()));
    echo(&address, listening.into(), 20);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn refused_connections_are_events() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let cases = [
        (Address::Inet(port), Errno::CONNREFUSED),
        (Address::Unix(b"/nowhere/at/all.sock".to_vec()), Errno::NOENT),
        (Address::Unix(b"\0anode loop nobody".to_vec()), Errno::CONNREFUSED),
    ];
    for (address, want) in cases {
        let mut events = Loop::new().unwrap();
        let key = events.stream_open(address.stream_socket().unwrap(), address.stream_kind()).unwrap();
        let request = events.connect(key, &address).unwrap();
        let event = events.next_event();
        assert!(
            matches!(event, Some(Event::Connected(_, id, Err(error))) if id == request && error == want),
            "{address:?}: {event:?}"
        );
        assert!(events.next_event().is_none());
    }
}

#[test]
fn closing_cancels_a_connection_and_what_waits_for_it() {
    // Nobody answers at a listener whose backlog is full.
    let address = Address::Inet("127.0.0.1:0".parse().unwrap());
    let socket = address.stream_socket().unwrap();
    address.bind(std::os::fd::AsFd::as_fd(&socket)).unwrap();
    rustix::net::listen(&socket, 0).unwrap();
    let address = Address::try_from(rustix::net::getsockname(&socket).unwrap()).unwrap();
    let mut events = Loop::new().unwrap();
    let keys: Vec<Key> = (0..4)
        .map(|_| {
            let key = events.stream_open(address.stream_socket().unwrap(), StreamKind::Tcp).unwrap();
            events.connect(key, &address).unwrap();
            key
        })
        .collect();
    let last = keys[3];
    assert!(matches!(events.write(last, vec![bytes(5).into()]), Ok(WriteOutcome::Queued(_))));
    keys.iter().rev().for_each(|key| events.close(*key));
    let mut trace = Vec::new();
    while let Some(event) = events.next_event() {
        if event.key() == Some(last) {
            trace.push(event);
        }
    }
    assert!(
        matches!(
            trace.as_slice(),
            [
                Event::Connected(_, _, Err(Errno::CANCELED)),
                Event::Written(_, _, Err(Errno::CANCELED)),
                Event::Closed(_)
            ]
        ),
        "{trace:?}"
    );
}

#[test]
fn datagrams_come_one_by_one_with_their_sender() {
    let (ours, theirs) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
    let (our_address, their_address) = (ours.local_addr().unwrap(), theirs.local_addr().unwrap());
    let mut events = Loop::new().unwrap();
    assert_eq!(Descriptor::of(&ours), Ok(Descriptor::Udp));
    let key = events.udp_open(ours.into()).unwrap();
    events.recv_start(key).unwrap();
    for size in [0, 1, 60_000] {
        theirs.send_to(&bytes(size), our_address).unwrap();
        let Some(Event::Datagram(_, Ok(datagram))) = events.next_event() else { panic!("{size}") };
        assert_eq!((&*datagram.data, datagram.from, datagram.truncated), (&bytes(size)[..], their_address, false));
    }
    let bufs = vec![b"ab".to_vec().into(), b"cd".to_vec().into()];
    assert_eq!(events.send(key, bufs, Some(their_address)), Ok(WriteOutcome::Done(4)));
    let mut got = [0; 10];
    assert_eq!(theirs.recv_from(&mut got).unwrap(), (4, our_address));
    assert_eq!(events.send(key, vec![bytes(70_000).into()], Some(their_address)), Err(Errno::MSGSIZE));
    assert_eq!(events.send(key, vec![bytes(7).into()], None), Err(Errno::DESTADDRREQ));
    assert_eq!(events.send_queue(key), (0, 0));
    events.recv_stop(key);
    assert!(events.next_event().is_none());
    events.close(key);
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
}

#[test]
fn a_number_of_the_user_becomes_a_stream() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let number = ours.into_raw_fd();
    let mut events = Loop::new().unwrap();
    let key = events.stream_open(anode_event_loop::fd::adopt(number).unwrap(), StreamKind::Unix).unwrap();
    assert_eq!(events.fileno(key), Some(number));
    assert_eq!(events.borrow_fd(key).map(|fd| fd.as_raw_fd()), Some(number));
    theirs.write_all(b"x").unwrap();
    drop(theirs);
    events.read_start(key).unwrap();
    assert_eq!(read_all(&mut events, key, |_, _| ()), b"x");
}

#[test]
fn random_sizes_of_writes_and_reads_never_lose_a_byte() {
    let mut seed = 99_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((seed >> 33) % below) as usize
    };
    for _ in 0..20 {
        let (mut events, key, theirs) = pair();
        let other = events.stream_open(theirs.into(), StreamKind::Unix).unwrap();
        events.read_start(other).unwrap();
        let sent = bytes(1 + random(2_000_000));
        let (mut from, mut waiting, mut got) = (0, 0, Vec::new());
        while got.len() < sent.len() {
            while from < sent.len() && waiting < 5 {
                let to = sent.len().min(from + 1 + random(200_000));
                let split = from + random((to - from) as u64 + 1);
                let bufs = vec![sent[from..split].to_vec().into(), sent[split..to].to_vec().into()];
                waiting += usize::from(matches!(events.write(key, bufs), Ok(WriteOutcome::Queued(_))));
                from = to;
            }
            match events.next_event().unwrap() {
                Event::Read(_, ReadResult::Data(data, _)) => got.extend_from_slice(&data),
                Event::Written(_, _, Ok(())) => waiting -= 1,
                event => panic!("{event:?}"),
            }
            if random(10) == 0 {
                events.read_stop(other);
                events.read_start(other).unwrap();
            }
        }
        assert!(got == sent);
    }
}
