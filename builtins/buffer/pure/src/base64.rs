//! Base64 text, both alphabets.
//!
//! Decoding for Buffer takes either alphabet, skips what belongs to neither, and ends at the first `=`.
//! Decoding for `atob` follows the Infra Standard's "forgiving-base64 decode".

use crate::Text;
use base64_simd::{Out, STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// What belongs to no alphabet, in [`VALUES`].
const SKIP: u8 = 0xff;
/// Padding, in [`VALUES`].
const PAD: u8 = 0xfe;

/// The value of each character in either alphabet, [`PAD`] or [`SKIP`].
static VALUES: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [SKIP; 256];
    let mut at = 0;
    while at < 64 {
        values[alphabet[at] as usize] = at as u8;
        at += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values[b'=' as usize] = PAD;
    values
};

/// Text in the standard alphabet, padded; with `url`, in the URL-safe one without padding.
pub fn encode(bytes: &[u8], url: bool) -> Vec<u8> {
    if url { URL_SAFE_NO_PAD.encode_type(bytes) } else { STANDARD.encode_type(bytes) }
}

/// The length of what [`encode`] makes of `bytes` bytes.
pub fn encoded_length(bytes: usize, url: bool) -> usize {
    if url { URL_SAFE_NO_PAD.encoded_length(bytes) } else { STANDARD.encoded_length(bytes) }
}

/// As [`encode`], into `text` of [`encoded_length`].
pub fn encode_to(bytes: &[u8], text: &mut [u8], url: bool) {
    let out = Out::from_slice(text);
    let written = if url { URL_SAFE_NO_PAD.encode(bytes, out) } else { STANDARD.encode(bytes, out) };
    debug_assert_eq!(written.len(), encoded_length(bytes.len(), url));
}

/// Decodes until `out` is full or the text ends; returns the number of bytes. Of wider characters the low byte counts.
pub fn decode(text: Text<'_>, out: &mut [u8]) -> usize {
    match text {
        Text::Latin1(bytes) => decode_strict(bytes, out).unwrap_or_else(|| decode_lenient(bytes.iter().copied(), out)),
        Text::Utf16(units) => decode_lenient(units.iter().map(|unit| *unit as u8), out),
    }
}

/// The fast way for well-formed text that fits `out` as a whole.
fn decode_strict(text: &[u8], out: &mut [u8]) -> Option<usize> {
    let body = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    if body.len() % 4 == 1 || body.len() / 4 * 3 + (body.len() % 4).saturating_sub(1) > out.len() {
        return None;
    }
    // A decoder that fails half-way would leave its traces in memory that is not ours to write, so each alphabet is checked
    // first. Either fails at once at the first character of the other.
    let codec = [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD].into_iter().find(|codec| codec.check(body).is_ok())?;
    codec.decode(body, Out::from_slice(out)).ok().map(|bytes| bytes.len())
}

fn decode_lenient(text: impl Iterator<Item = u8>, out: &mut [u8]) -> usize {
    let mut written = 0;
    let mut bits = 0u32;
    let mut count = 0;
    for byte in text {
        let value = VALUES[usize::from(byte)];
        match value {
            SKIP => continue,
            PAD => break,
            _ => {}
        }
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            let Some(slot) = out.get_mut(written) else { return written };
            count -= 8;
            *slot = (bits >> count) as u8;
            written += 1;
        }
    }
    written
}

/// Why `atob` refuses its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtobError {
    /// One character is left over, which cannot be a byte.
    BadLength,
    /// A character outside the alphabet, or padding where none may be.
    InvalidCharacter,
}

/// Infra Standard, "forgiving-base64 decode".
///
/// # Errors
/// See [`AtobError`].
pub fn atob(text: Text<'_>) -> Result<Vec<u8>, AtobError> {
    let mut clean = match text {
        Text::Latin1(bytes) => bytes.to_vec(),
        Text::Utf16(units) => units
            .iter()
            .map(|unit| u8::try_from(*unit))
            .collect::<Result<Vec<u8>, _>>()
            .map_err(|_| AtobError::InvalidCharacter)?,
    };
    clean.retain(|byte| !matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' '));
    let full = clean.len();
    for _ in 0..2 {
        if clean.last() == Some(&b'=') {
            clean.pop();
        }
    }
    let alphabet = |byte: &u8| !matches!(VALUES[usize::from(*byte)], SKIP | PAD) && !matches!(byte, b'-' | b'_');
    if !clean.iter().all(alphabet) {
        return Err(AtobError::InvalidCharacter);
    }
    if clean.len() % 4 == 1 {
        return Err(AtobError::BadLength);
    }
    if full != clean.len() && !full.is_multiple_of(4) {
        return Err(AtobError::InvalidCharacter);
    }
    let mut out = vec![0; clean.len() * 3 / 4];
    let written = decode(Text::Latin1(&clean), &mut out);
    out.truncate(written);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[u8]) {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut out = [0; 32];
        let written = decode(Text::Utf16(&units), &mut out);
        assert_eq!(&out[..written], want, "{text:?}");
        if let Ok(bytes) = units.iter().map(|unit| u8::try_from(*unit)).collect::<Result<Vec<u8>, _>>() {
            let mut again = [0; 32];
            let written = decode(Text::Latin1(&bytes), &mut again);
            assert_eq!(&again[..written], want, "{text:?} as Latin-1");
        }
    }

    #[test]
    fn decoding_for_buffer() {
        check("", b"");
        check("YQ==", b"a");
        check("YQ", b"a");
        check("YR", b"a"); // bits left over
        check("Y", b"");
        check("YWJjZ", b"abc");
        check("YQ==YQ==", b"a");
        check("=YQ", b"");
        check("YW=Jj", b"a");
        check("Y Q\n-_+/", b"\x61\x0f\xbf\xfb");
        check("YWJj*ZGVm", b"abcdef");
        check("YQ\u{20ac}YQ", b"\x61\x06\x10");
        check("YQ\u{141}YQ", b"\x61\x00\x18");
        check("\u{1f600}YQ", b""); // U+D83D ends in 0x3D, '='
        check("-_-_", b"\xfb\xff\xbf");
    }

    #[test]
    fn small_output() {
        let mut out = [9; 4];
        assert_eq!(decode(Text::Latin1(b"YWJjZGVm"), &mut out[..3]), 3);
        assert_eq!(&out, b"abc\x09");
    }

    #[test]
    fn encoding() {
        assert_eq!(encode(b"\xfb\xff", false), b"+/8=");
        assert_eq!(encode(b"\xfb\xff", true), b"-_8");
    }

    #[test]
    fn decoding_for_atob() {
        let check = |text: &str, want: Result<&[u8], AtobError>| {
            assert_eq!(atob(Text::Latin1(text.as_bytes())).as_deref(), want.as_ref().map(|bytes| *bytes), "{text:?}");
        };
        check("", Ok(b""));
        check(" Y\tQ = =\n", Ok(b"a"));
        check("YQ", Ok(b"a"));
        check("YR==", Ok(b"a"));
        check("a", Err(AtobError::BadLength));
        check("a=", Err(AtobError::BadLength));
        check("abcde", Err(AtobError::BadLength));
        check("ab=", Err(AtobError::InvalidCharacter));
        check("abcd=", Err(AtobError::InvalidCharacter));
        check("YQ===", Err(AtobError::InvalidCharacter));
        check("Y-_=", Err(AtobError::InvalidCharacter));
        check("abc\x0b", Err(AtobError::InvalidCharacter));
        assert_eq!(atob(Text::Utf16(&[0x20ac])), Err(AtobError::InvalidCharacter));
    }
}
