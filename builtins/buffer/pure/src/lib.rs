//! What Buffer does with bytes and text: encodings both ways, searches, byte order.
//!
//! Text is what a JavaScript string holds ([`Text`]): Latin-1 or UTF-16 that may be malformed. Encoders write into
//! memory of a given size and stop before the first character that does not fit; decoders are lenient the way Node's are.
//! Nothing here fails: malformed input has a defined result.

#![forbid(unsafe_code)]

pub mod base64;
pub mod hex;
pub mod search;
pub mod utf8;

/// The characters of a JavaScript string.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    /// One byte per UTF-16 unit, U+0000 to U+00FF.
    Latin1(&'a [u8]),
    /// UTF-16, possibly with lone surrogates.
    Utf16(&'a [u16]),
}

/// Characters decoded for a JavaScript string.
#[derive(Debug, PartialEq, Eq)]
pub enum Decoded {
    /// The input was ASCII, so it is its own decoding.
    Same,
    /// Latin-1 characters.
    Latin1(Vec<u8>),
    /// UTF-16 units.
    Utf16(Vec<u16>),
}

/// Writes the low byte of each unit (Node docs: 'latin1' "takes only the least significant byte"); returns their number.
pub fn write_latin1(text: Text<'_>, out: &mut [u8]) -> usize {
    match text {
        Text::Latin1(bytes) => {
            let count = bytes.len().min(out.len());
            out[..count].copy_from_slice(&bytes[..count]);
            count
        }
        Text::Utf16(units) => {
            let count = units.len().min(out.len());
            for (byte, unit) in out.iter_mut().zip(units) {
                *byte = *unit as u8;
            }
            count
        }
    }
}

/// Writes UTF-16, little end first; an odd last byte of `out` stays untouched. Returns the number of bytes.
pub fn write_utf16le(text: Text<'_>, out: &mut [u8]) -> usize {
    let (pairs, _) = out.as_chunks_mut::<2>();
    match text {
        Text::Latin1(bytes) => {
            for (pair, byte) in pairs.iter_mut().zip(bytes) {
                *pair = [*byte, 0];
            }
            2 * pairs.len().min(bytes.len())
        }
        Text::Utf16(units) => {
            for (pair, unit) in pairs.iter_mut().zip(units) {
                *pair = unit.to_le_bytes();
            }
            2 * pairs.len().min(units.len())
        }
    }
}

/// UTF-16 from bytes, little end first; an odd last byte is ignored.
pub fn decode_utf16le(bytes: &[u8]) -> Vec<u16> {
    bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect()
}

/// ASCII with the top bit of each byte cleared (Node docs: encoding 'ascii').
pub fn decode_ascii(bytes: &[u8]) -> Decoded {
    if bytes.is_ascii() {
        return Decoded::Same;
    }
    Decoded::Latin1(bytes.iter().map(|byte| byte & 0x7f).collect())
}

/// Reverses the bytes of each group of `size`; a rest that fills no group stays as it is.
pub fn swap(bytes: &mut [u8], size: usize) {
    match size {
        2 => bytes.as_chunks_mut::<2>().0.iter_mut().for_each(|group| group.reverse()),
        4 => bytes.as_chunks_mut::<4>().0.iter_mut().for_each(|group| group.reverse()),
        8 => bytes.as_chunks_mut::<8>().0.iter_mut().for_each(|group| group.reverse()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin1() {
        let mut out = [0; 3];
        assert_eq!(write_latin1(Text::Latin1(b"abcd"), &mut out), 3);
        assert_eq!(&out, b"abc");
        assert_eq!(write_latin1(Text::Utf16(&[0x161, 0x20ac]), &mut out), 2);
        assert_eq!(&out, b"a\xacc");
    }

    #[test]
    fn utf16le() {
        let mut out = [9; 5];
        assert_eq!(write_utf16le(Text::Latin1(b"abc"), &mut out), 4);
        assert_eq!(out, [b'a', 0, b'b', 0, 9]);
        assert_eq!(write_utf16le(Text::Utf16(&[0xd800]), &mut out), 2);
        assert_eq!(out, [0, 0xd8, b'b', 0, 9]);
        assert_eq!(decode_utf16le(&out), [0xd800, 0x62]);
        assert_eq!(decode_utf16le(&[1]), []);
    }

    #[test]
    fn ascii() {
        assert_eq!(decode_ascii(b"abc"), Decoded::Same);
        assert_eq!(decode_ascii(b"a\xe1"), Decoded::Latin1(b"aa".to_vec()));
    }

    #[test]
    fn byte_order() {
        let mut bytes = *b"12345678";
        swap(&mut bytes, 2);
        assert_eq!(&bytes, b"21436587");
        swap(&mut bytes, 4);
        assert_eq!(&bytes, b"34127856");
        swap(&mut bytes, 8);
        assert_eq!(&bytes, b"65872143");
    }
}
