//! Sessions of HTTP/2 that get any bytes, and that answer with all they can do; and two of ours that talk to each other.
#![no_main]

use anode_http2_pure::{Event, Fields, Options, PREFACE, Session};
use libfuzzer_sys::fuzz_target;

/// What a session may send in answer to one piece of input, in bytes.
const OUTPUT_MAX: usize = 1 << 20;

fn answer(session: &mut Session, byte: u8) {
    for event in session.take_events() {
        let Event::Data { id, start, end } = event else { continue };
        assert!(start <= end);
        session.set_reading(id, byte & 1 == 0);
        if byte & 2 == 2 {
            let mut fields = Fields::default();
            fields.push(b":status", b"200", false);
            let _sent = session.submit_headers(id, &fields, false);
            session.write(id, vec![byte; usize::from(byte) * 7]);
            session.end(id, byte & 4 == 4);
        }
        if byte & 8 == 8 {
            session.reset(id, u32::from(byte));
        }
    }
    let mut rounds = 0;
    loop {
        session.pump();
        let sent = session.take_output(<[u8]>::len);
        assert!(sent <= OUTPUT_MAX);
        let _cuts = session.take_cuts();
        rounds += 1;
        if !session.has_more() || rounds > 64 {
            break;
        }
    }
    let _state = session.state();
    assert!(session.memory() <= 64 << 20);
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else { return };
    let server = choice & 1 == 0;
    let mut session = Session::new(Options { server, ..Options::default() });
    if choice & 2 == 2 {
        session.keep_cuts();
    }
    session.submit_settings(vec![(4, 65_535), (3, 100)]);
    if server {
        session.feed(PREFACE, 0);
    } else {
        let mut fields = Fields::default();
        for (name, value) in [(":method", "GET"), (":path", "/"), (":scheme", "http"), (":authority", "a")] {
            fields.push(name.as_bytes(), value.as_bytes(), false);
        }
        let _id = session.submit_request(fields, choice & 4 == 4);
    }
    let size = usize::from(choice >> 3) + 1;
    for (index, piece) in data.chunks(size * 5).enumerate() {
        let taken = session.feed(piece, index as u64 / 8);
        assert!(taken <= piece.len());
        answer(&mut session, piece[0]);
        if taken < piece.len() {
            break;
        }
    }
});
