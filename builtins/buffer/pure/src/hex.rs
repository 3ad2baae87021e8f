//! Hexadecimal text.

use crate::Text;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// What is no digit, in [`VALUES`].
const BAD: u8 = 0xff;

/// The value of each ASCII character as a digit, or [`BAD`].
static VALUES: [u8; 256] = {
    let mut values = [BAD; 256];
    let mut digit = 0;
    while digit < 16 {
        values[DIGITS[digit as usize] as usize] = digit;
        values[DIGITS[digit as usize].to_ascii_uppercase() as usize] = digit;
        digit += 1;
    }
    values
};

/// Two lower-case digits per byte.
pub fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut text = vec![0; bytes.len() * 2];
    encode_to(bytes, &mut text);
    text
}

/// As [`encode`], into the first `2 * bytes.len()` bytes of `text`.
pub fn encode_to(bytes: &[u8], text: &mut [u8]) {
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
}

/// Arithmetic instead of a table, so that the compiler makes vectors of the loop above.
fn digit(value: u8) -> u8 {
    value + b'0' + if value > 9 { b'a' - b'0' - 10 } else { 0 }
}

/// Decodes pairs of digits until `out` is full, the text ends or a pair is malformed; returns the number of bytes.
/// Of wider characters the low byte counts, as in Node.
pub fn decode(text: Text<'_>, out: &mut [u8]) -> usize {
    match text {
        Text::Latin1(bytes) => decode_units(bytes, out, |unit| unit),
        Text::Utf16(units) => decode_units(units, out, |unit| unit as u8),
    }
}

fn decode_units<U: Copy>(units: &[U], out: &mut [u8], low_byte: impl Fn(U) -> u8) -> usize {
    let mut written = 0;
    for (pair, byte) in units.as_chunks::<2>().0.iter().zip(out) {
        let [high, low] = pair.map(|unit| VALUES[usize::from(low_byte(unit))]);
        if high == BAD || low == BAD {
            break;
        }
        *byte = high << 4 | low;
        written += 1;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[u8]) {
        let mut out = [0; 8];
        let units: Vec<u16> = text.encode_utf16().collect();
        let written = decode(Text::Utf16(&units), &mut out);
        assert_eq!(&out[..written], want, "{text:?}");
        if text.is_ascii() {
            let mut again = [0; 8];
            assert_eq!(decode(Text::Latin1(text.as_bytes()), &mut again), written);
            assert_eq!(again, out);
        }
    }

    #[test]
    fn decoding() {
        check("", b"");
        check("61", b"a");
        check("aBC", b"\xab");
        check("abzzcd", b"\xab");
        check("abc zcd", b"\xab");
        check("zz", b"");
        check("a\u{20ac}", b"");
        check("ab\u{161}\u{161}", b"\xab\xaa");
        check("000102030405060708090a", &[0, 1, 2, 3, 4, 5, 6, 7]); // `out` is full
    }

    #[test]
    fn encoding() {
        assert_eq!(encode(&[0, 0x9f, 0xff]), b"009fff");
        assert_eq!(encode(&[]), b"");
    }
}
