//! Codecs of Buffer: what is encoded decodes to itself, nothing is written beyond what is reported, splits change nothing.
#![no_main]

use anode_buffer_pure::{
    Decoded, Text, base64, decode_ascii, decode_utf16le, hex, swap, utf8, write_latin1, write_utf16le,
};
use libfuzzer_sys::fuzz_target;

/// Memory that a codec must leave alone holds this.
const UNTOUCHED: u8 = 0xa5;

fn bytes_of(decoded: Decoded, source: &[u8]) -> Vec<u16> {
    match decoded {
        Decoded::Same => source.iter().map(|byte| u16::from(*byte)).collect(),
        Decoded::Latin1(bytes) => bytes.iter().map(|byte| u16::from(*byte)).collect(),
        Decoded::Utf16(units) => units,
    }
}

/// Runs a writer into `room` bytes and checks what it reports.
fn write(room: usize, writer: impl Fn(&mut [u8]) -> usize) -> Vec<u8> {
    let mut out = vec![UNTOUCHED; room];
    let written = writer(&mut out);
    assert!(written <= room);
    // Utf-8 that is cut inside of a character may have been tried; nothing may stand behind what was reported.
    assert!(out[written..].iter().all(|byte| *byte == UNTOUCHED), "bytes behind the end");
    out.truncate(written);
    out
}

fuzz_target!(|data: &[u8]| {
    let Some((&size, data)) = data.split_first() else { return };
    let units: Vec<u16> = data.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    let latin1 = Text::Latin1(data);
    let utf16 = Text::Utf16(&units);
    let room = usize::from(size);

    // Round trips.
    for url in [false, true] {
        let text = base64::encode(data, url);
        assert_eq!(write(data.len(), |out| base64::decode(Text::Latin1(&text), out)), data);
        if !url {
            assert_eq!(base64::atob(Text::Latin1(&text)).as_deref(), Ok(data));
        }
    }
    let text = hex::encode(data);
    assert_eq!(write(data.len(), |out| hex::decode(Text::Latin1(&text), out)), data);
    assert_eq!(decode_utf16le(&write(units.len() * 2, |out| write_utf16le(utf16, out))), units);

    // UTF-8 decodes as the standard library does it, and encodes back.
    let decoded = bytes_of(utf8::decode(data), data);
    assert_eq!(String::from_utf16_lossy(&decoded), String::from_utf8_lossy(data));
    assert_eq!(utf8::is_valid(data), std::str::from_utf8(data).is_ok());
    let replaced = String::from_utf16_lossy(&units);
    assert_eq!(utf8::byte_length(utf16), replaced.len());
    assert_eq!(write(replaced.len(), |out| utf8::write(utf16, out)), replaced.as_bytes());

    // Any text into any room: a prefix of what fits as a whole.
    for text in [latin1, utf16] {
        let full = write(utf8::byte_length(text), |out| utf8::write(text, out));
        assert_eq!(full.len(), utf8::byte_length(text));
        let part = write(room, |out| utf8::write(text, out));
        assert!(full.starts_with(&part) && (part.len() == full.len() || room - part.len() < 4));
        assert!(utf8::is_valid(&part));
        for writer in [write_latin1, write_utf16le, hex::decode, base64::decode] {
            let large = write(data.len() * 2 + 2, |out| writer(text, out));
            let small = write(room, |out| writer(text, out));
            assert!(large.starts_with(&small));
        }
        let _either = base64::atob(text);
    }
    // Latin-1 and UTF-16 of the same characters decode alike.
    let wide: Vec<u16> = data.iter().map(|byte| u16::from(*byte)).collect();
    for reader in [hex::decode, base64::decode, utf8::write, write_latin1, write_utf16le] {
        assert_eq!(write(room, |out| reader(latin1, out)), write(room, |out| reader(Text::Utf16(&wide), out)));
    }
    assert!(bytes_of(decode_ascii(data), data).iter().all(|unit| *unit < 0x80));
    for group in [2, 4, 8] {
        let mut bytes = data.to_vec();
        swap(&mut bytes, group);
        swap(&mut bytes, group);
        assert_eq!(bytes, data);
    }
});
