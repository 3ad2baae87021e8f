//! UTF-8. WHATWG Encoding: malformed bytes become U+FFFD each maximal part, lone surrogates U+FFFD each.

use crate::{Decoded, Text};
use encoding_rs::mem;

/// How many bytes `text` takes in UTF-8.
pub fn byte_length(text: Text<'_>) -> usize {
    match text {
        // Sums that fit the elements, so that the compiler makes vectors of them: 255 times 1, and 30,000 times 2.
        Text::Latin1(bytes) => {
            let wide = |chunk: &[u8]| usize::from(chunk.iter().map(|byte| byte >> 7).sum::<u8>());
            bytes.len() + bytes.chunks(255).map(wide).sum::<usize>()
        }
        Text::Utf16(units) => {
            let more = |unit: &u16| u16::from(*unit >= 0x80) + u16::from(*unit >= 0x800);
            let each: usize = units.chunks(30_000).map(|chunk| usize::from(chunk.iter().map(more).sum::<u16>())).sum();
            // Both halves of a pair were counted as three bytes; together they take four.
            let is_pair = |[a, b]: &[u16; 2]| u16::from(a & 0xfc00 == 0xd800) & u16::from(b & 0xfc00 == 0xdc00);
            let mut pairs = 0;
            for start in (0..units.len()).step_by(30_000) {
                let chunk = &units[start..(start + 30_001).min(units.len())];
                pairs += usize::from(chunk.array_windows::<2>().map(is_pair).sum::<u16>());
            }
            units.len() + each - 2 * pairs
        }
    }
}

/// Characters that are looked at together for being ASCII.
const RUN: usize = 16;

/// Latin-1 as UTF-8, until `out` is full or the next character does not fit; returns the number of bytes.
fn write_latin1(text: &[u8], out: &mut [u8]) -> usize {
    let mut written = 0;
    for (index, run) in text.chunks(RUN).enumerate() {
        if out.len() - written < 2 * RUN {
            // The last characters, one by one against the room that is left.
            return written + mem::convert_latin1_to_utf8_partial(&text[index * RUN..], &mut out[written..]).1;
        }
        if run.is_ascii() {
            out[written..written + run.len()].copy_from_slice(run);
            written += run.len();
            continue;
        }
        let mut encoded = [0; 2 * RUN];
        let mut length = 0;
        for byte in run {
            // The second byte is overwritten by the next character if there is none.
            encoded[length] = if *byte < 0x80 { *byte } else { 0xc0 | byte >> 6 };
            if let Some(second) = encoded.get_mut(length + 1) {
                *second = 0x80 | byte & 0x3f;
            }
            length += 1 + usize::from(byte >> 7);
        }
        out[written..written + length].copy_from_slice(&encoded[..length]);
        written += length;
    }
    written
}

/// UTF-8 as Latin-1; `None` if it is malformed or there are characters beyond.
fn decode_latin1(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0; bytes.len()];
    let (mut at, mut length) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 {
            if let Some(run) = bytes.get(at..at + RUN)
                && run.is_ascii()
            {
                out[length..length + RUN].copy_from_slice(run);
                at += RUN;
                length += RUN;
                continue;
            }
            out[length] = byte;
            at += 1;
        } else {
            let second = *bytes.get(at + 1)?;
            if byte & 0xfe != 0xc2 || second & 0xc0 != 0x80 {
                return None;
            }
            out[length] = byte << 6 | second & 0x3f;
            at += 2;
        }
        length += 1;
    }
    out.truncate(length);
    Some(out)
}

/// Writes UTF-8 until `out` is full or the next character does not fit; returns the number of bytes.
pub fn write(text: Text<'_>, out: &mut [u8]) -> usize {
    match text {
        Text::Latin1(bytes) => {
            // Most text is ASCII, and that is a copy.
            if bytes.len() <= out.len() && bytes.is_ascii() {
                out[..bytes.len()].copy_from_slice(bytes);
                return bytes.len();
            }
            write_latin1(bytes, out)
        }
        Text::Utf16(units) => mem::convert_utf16_to_utf8_partial(units, out).1,
    }
}

/// Decodes, replacing what is malformed.
pub fn decode(bytes: &[u8]) -> Decoded {
    if bytes.is_ascii() {
        return Decoded::Same;
    }
    if let Some(latin1) = decode_latin1(bytes) {
        return Decoded::Latin1(latin1);
    }
    let mut units = vec![0; bytes.len() + 1];
    let written = mem::convert_utf8_to_utf16(bytes, &mut units);
    units.truncate(written);
    Decoded::Utf16(units)
}

/// Whether the bytes are well-formed.
pub fn is_valid(bytes: &[u8]) -> bool {
    simdutf8::basic::from_utf8(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[track_caller]
    fn check_write(units: &[u16], room: usize, want: &[u8]) {
        let mut out = vec![b'.'; room];
        let written = write(Text::Utf16(units), &mut out);
        assert_eq!(&out[..written], want, "{units:x?} into {room}");
        assert!(out[written..].iter().all(|byte| *byte == b'.'), "{units:x?} into {room}");
        if room > 50 {
            assert_eq!(byte_length(Text::Utf16(units)), want.len(), "{units:x?}");
        }
    }

    #[test]
    fn writing() {
        check_write(&units("aé€😀"), 64, "aé€😀".as_bytes());
        check_write(&units("ab€"), 4, b"ab");
        check_write(&units("ab€"), 5, "ab€".as_bytes());
        check_write(&units("ab😀"), 5, b"ab");
        check_write(&units("ab😀c"), 7, "ab😀c".as_bytes());
        check_write(&[0xd800], 64, "\u{fffd}".as_bytes());
        check_write(&[0xd800, 0x61], 64, "\u{fffd}a".as_bytes());
        check_write(&[0xdc00, 0xd800], 64, "\u{fffd}\u{fffd}".as_bytes());
        check_write(&[0x61, 0x62, 0x63, 0xd800], 4, b"abc");
        check_write(&[0x61, 0x62, 0x63, 0xd800], 6, "abc\u{fffd}".as_bytes());
        check_write(&[0x61; 70], 70, &[b'a'; 70]);
        for room in 0..40 {
            let long = "aaaaaaaaaaaaaaaaéééééééééé";
            let want = long.char_indices().take_while(|(at, char)| at + char.len_utf8() <= room).count();
            let end = long.char_indices().nth(want).map_or(long.len(), |(at, _)| at);
            check_write(&units(long), room, &long.as_bytes()[..end]);
            let latin1: Vec<u8> = long.chars().map(|char| char as u8).collect();
            let mut out = vec![0; room];
            let written = write(Text::Latin1(&latin1), &mut out);
            assert_eq!(&out[..written], &long.as_bytes()[..end], "Latin-1 into {room}");
        }
        assert_eq!(byte_length(Text::Latin1(b"a\xe9")), 3);
    }

    #[test]
    fn decoding() {
        let check = |bytes: &[u8], want: &str| {
            let text = match decode(bytes) {
                Decoded::Same => String::from_utf8(bytes.to_vec()).unwrap(),
                Decoded::Latin1(latin1) => latin1.iter().map(|byte| char::from(*byte)).collect(),
                Decoded::Utf16(units) => String::from_utf16(&units).unwrap(),
            };
            assert_eq!(text, want, "{bytes:x?}");
            assert_eq!(text, String::from_utf8_lossy(bytes), "{bytes:x?}");
        };
        check(b"", "");
        check(b"abc", "abc");
        check("aé".as_bytes(), "aé");
        check("aé€😀".as_bytes(), "aé€😀");
        check(b"\xe2\x82A\xf0\x9f\x98\xed\xa0\x80", "\u{fffd}A\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
        check(b"\xff", "\u{fffd}");
        check(b"\xc3", "\u{fffd}");
        check(b"\xef\xbb\xbfa", "\u{feff}a");
    }
}
