//! The HTTP/1 parser: any input, split anywhere, gives the same events.
#![no_main]

use anode_http_pure::{Event, Kind, Limits, Parser};
use libfuzzer_sys::fuzz_target;

/// What a parser reported, without the borders of bodies; at most one error, which is the last.
#[derive(Debug, Default, PartialEq)]
struct Story {
    heads: Vec<(bool, bool, usize, Vec<u8>, u16, bool, Vec<(Vec<u8>, Vec<u8>)>)>,
    body: Vec<u8>,
    ends: usize,
    error: Option<String>,
}

fn read(kind: Kind, lenient: bool, pieces: &[&[u8]]) -> Story {
    let mut parser = Parser::new(kind, Limits { header_bytes_max: 256, lenient, relaxed_values: false });
    let mut story = Story::default();
    for piece in pieces {
        let mut rest = *piece;
        while !rest.is_empty() {
            let mut events = Vec::new();
            let result = parser.execute(rest, &mut events);
            for event in &events {
                match event {
                    Event::Body(start, end) => story.body.extend_from_slice(&rest[*start..*end]),
                    Event::End => story.ends += 1,
                    Event::Head { ended } => {
                        let head = parser.head();
                        let fields = parser.fields().map(|(name, value)| (name.to_vec(), value.to_vec())).collect();
                        let text = head.text.to_vec();
                        story.heads.push((
                            *ended,
                            head.keep_alive,
                            head.method,
                            text,
                            head.status,
                            head.upgrade,
                            fields,
                        ));
                        if head.upgrade {
                            return story;
                        }
                    }
                }
            }
            match result {
                Ok(taken) => {
                    assert!(taken <= rest.len());
                    // It stops behind a head, so that the caller can look at it.
                    assert!(taken > 0 || !events.is_empty());
                    rest = &rest[taken..];
                }
                Err((at, error)) => {
                    assert!(at <= rest.len());
                    story.error = Some(format!("{error:?}"));
                    return story;
                }
            }
        }
    }
    if let Err(error) = parser.finish() {
        story.error = Some(format!("{error:?}"));
    }
    story
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else { return };
    let kind = if choice & 1 == 0 { Kind::Request } else { Kind::Response };
    let lenient = choice & 2 == 2;
    let whole = read(kind, lenient, &[data]);
    let (head, tail) = data.split_at(usize::from(choice >> 2).min(data.len()));
    assert_eq!(whole, read(kind, lenient, &[head, tail]));
    let single: Vec<&[u8]> = data.chunks(1).collect();
    assert_eq!(whole, read(kind, lenient, &single));
});
