//! DER, read leniently and written strictly.
//!
//! Certificates in the wild break rules that have no bearing on their meaning, and OpenSSL reads them all the same; so does this
//! reader. It looks at tags and lengths only, never copies, and never reads past its slice. X.690 §8, §10.

/// Tags in use, with class and form. X.690 §8.1.2.
pub mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const UTF8_STRING: u8 = 0x0c;
    pub const PRINTABLE_STRING: u8 = 0x13;
    pub const T61_STRING: u8 = 0x14;
    pub const IA5_STRING: u8 = 0x16;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const UNIVERSAL_STRING: u8 = 0x1c;
    pub const BMP_STRING: u8 = 0x1e;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;

    /// A tag of the context, primitive.
    pub const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// A tag of the context around other values.
    pub const fn explicit(number: u8) -> u8 {
        0xa0 | number
    }
}

/// One value: its tag, its contents, and both with the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    pub tag: u8,
    pub contents: &'a [u8],
    pub whole: &'a [u8],
}

impl<'a> Value<'a> {
    /// A reader of the values inside.
    pub fn reader(&self) -> Reader<'a> {
        Reader(self.contents)
    }

    /// The contents of an INTEGER that is not negative, without leading zeros; zero gives no bytes.
    pub fn unsigned(&self) -> Option<&'a [u8]> {
        if self.tag != tag::INTEGER || self.contents.first().is_none_or(|byte| byte & 0x80 != 0) {
            return None;
        }
        let start = self.contents.iter().position(|byte| *byte != 0).unwrap_or(self.contents.len());
        self.contents.get(start..)
    }

    /// An INTEGER that fits.
    pub fn number(&self) -> Option<u64> {
        let bytes = self.unsigned()?;
        if bytes.len() > 8 { None } else { Some(bytes.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte))) }
    }

    /// A BIT STRING of whole bytes.
    pub fn bits(&self) -> Option<&'a [u8]> {
        match self.contents {
            [0, bytes @ ..] if self.tag == tag::BIT_STRING => Some(bytes),
            _ => None,
        }
    }
}

/// Reads values one after another.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the next value.
    pub fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next value; `None` at the end and for what is no value.
    pub fn value(&mut self) -> Option<Value<'a>> {
        let input = self.0;
        let tag = *input.first()?;
        if tag & 0x1f == 0x1f {
            return None; // no structure here has tags of more than one byte
        }
        let first = *input.get(1)?;
        let (header, length) = if first < 0x80 {
            (2, usize::from(first))
        } else {
            let count = usize::from(first & 0x7f);
            // BER's indefinite length is none of DER's; more than 8 bytes of length fit no memory.
            if count == 0 || count > size_of::<usize>() {
                return None;
            }
            let digits = input.get(2..2 + count)?;
            (2 + count, digits.iter().fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte)))
        };
        let end = header.checked_add(length)?;
        let whole = input.get(..end)?;
        self.0 = input.get(end..)?;
        Some(Value { tag, contents: whole.get(header..)?, whole })
    }

    /// The next value if it has this tag.
    pub fn expect(&mut self, tag: u8) -> Option<Value<'a>> {
        if self.peek() == Some(tag) { self.value() } else { None }
    }

    /// The inside of the next value if it is a SEQUENCE.
    pub fn sequence(&mut self) -> Option<Reader<'a>> {
        self.expect(tag::SEQUENCE).map(|value| value.reader())
    }

    /// The contents of the next value if it is an OBJECT IDENTIFIER.
    pub fn oid(&mut self) -> Option<&'a [u8]> {
        self.expect(tag::OID).map(|value| value.contents)
    }

    /// The next value if it is an INTEGER that is not negative.
    pub fn unsigned(&mut self) -> Option<&'a [u8]> {
        self.expect(tag::INTEGER)?.unsigned()
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        self.value()
    }
}

/// The contents of the one SEQUENCE that `der` begins with.
pub fn sequence(der: &[u8]) -> Option<Reader<'_>> {
    Reader(der).sequence()
}

/// An OBJECT IDENTIFIER with dots. X.690 §8.19.
pub fn dotted(oid: &[u8]) -> String {
    let mut arcs: Vec<String> = Vec::new();
    let mut arc: u128 = 0;
    for byte in oid {
        // An arc that large names nothing; it must not overflow.
        if arc >> 120 != 0 {
            return String::new();
        }
        arc = (arc << 7) | u128::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        if arcs.is_empty() {
            let root = (arc / 40).min(2);
            arcs.push(root.to_string());
            arc -= root * 40;
        }
        arcs.push(arc.to_string());
        arc = 0;
    }
    arcs.join(".")
}

/// The contents of an OBJECT IDENTIFIER of an identifier with dots.
pub fn oid(dotted: &str) -> Vec<u8> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u128>().unwrap_or_default());
    // Numbers that large name nothing; they must not overflow.
    let root = arcs.next().unwrap_or_default().saturating_mul(40).saturating_add(arcs.next().unwrap_or_default());
    let mut out = Vec::new();
    for arc in std::iter::once(root).chain(arcs) {
        let mut digits = vec![(arc & 0x7f) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            digits.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        digits.reverse();
        out.extend(digits);
    }
    out
}

// --- Writing -------------------------------------------------------------------------------------------------------

/// A value of any tag.
pub fn write(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = contents.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let digits: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
        out.push(0x80 | digits.len() as u8);
        out.extend(digits);
    }
    out.extend_from_slice(contents);
    out
}

/// A SEQUENCE of values.
pub fn write_sequence(values: &[Vec<u8>]) -> Vec<u8> {
    write(tag::SEQUENCE, &values.concat())
}

/// An INTEGER of an unsigned number, big-endian.
pub fn write_unsigned(number: &[u8]) -> Vec<u8> {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let digits = number.get(start..).unwrap_or_default();
    match digits.first() {
        None => write(tag::INTEGER, &[0]),
        Some(first) if first & 0x80 != 0 => write(tag::INTEGER, &[&[0], digits].concat()),
        Some(_) => write(tag::INTEGER, digits),
    }
}

/// An OBJECT IDENTIFIER of an identifier with dots.
pub fn write_oid(dotted: &str) -> Vec<u8> {
    write(tag::OID, &oid(dotted))
}

/// A BIT STRING of whole bytes.
pub fn write_bits(bytes: &[u8]) -> Vec<u8> {
    write(tag::BIT_STRING, &[&[0], bytes].concat())
}

/// An OCTET STRING.
pub fn write_octets(bytes: &[u8]) -> Vec<u8> {
    write(tag::OCTET_STRING, bytes)
}

/// A NULL.
pub fn write_null() -> Vec<u8> {
    write(tag::NULL, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        for text in ["1.2.840.113549.1.1.11", "2.5.4.3", "1.3.9999.12.34", "2.16.840.1.101.3.4.2.1", "2.999.1"] {
            assert_eq!(dotted(&oid(text)), text);
        }
        assert_eq!(dotted(&[0xff; 40]), "");
    }

    #[test]
    fn values() {
        let long = vec![7; 300];
        for contents in [&[][..], &[1, 2, 3], &long] {
            let der = write(tag::OCTET_STRING, contents);
            let mut reader = Reader(&der);
            assert_eq!(reader.value().map(|value| value.contents), Some(contents));
            assert!(reader.is_empty());
            for cut in 0..der.len() {
                assert!(Reader(&der[..cut]).value().is_none());
            }
        }
        for bad in [&[][..], &[0x30], &[0x30, 0x80, 0, 0], &[0x1f, 1, 0], &[4, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1]] {
            assert!(Reader(bad).value().is_none(), "{bad:?}");
        }
    }

    #[test]
    fn numbers() {
        for (bytes, der) in [(&[][..], &[2, 1, 0][..]), (&[0, 0x7f], &[2, 1, 0x7f]), (&[0x80], &[2, 2, 0, 0x80])] {
            assert_eq!(write_unsigned(bytes), der);
        }
        assert!(Reader(&[2, 1, 0x80]).unsigned().is_none());
        assert!(Reader(&[2, 0]).unsigned().is_none());
    }
}
