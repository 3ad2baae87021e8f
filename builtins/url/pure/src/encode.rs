//! Percent-encoding and its sets. URL standard, section 1.3.

/// A percent-encode set; bytes above 0x7E and controls are in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Set {
    Control,
    Fragment,
    Query,
    SpecialQuery,
    Path,
    Userinfo,
}

const fn contains(set: Set, byte: u8) -> bool {
    if byte <= 0x1F || byte > 0x7E {
        return true;
    }
    match set {
        Set::Control => false,
        Set::Fragment => matches!(byte, b' ' | b'"' | b'<' | b'>' | b'`'),
        Set::Query => matches!(byte, b' ' | b'"' | b'#' | b'<' | b'>'),
        Set::SpecialQuery => matches!(byte, b'\'') || contains(Set::Query, byte),
        Set::Path => matches!(byte, b'?' | b'^' | b'`' | b'{' | b'}') || contains(Set::Query, byte),
        Set::Userinfo => {
            matches!(byte, b'/' | b':' | b';' | b'=' | b'@' | b'[' | b'\\' | b']' | b'|') || contains(Set::Path, byte)
        }
    }
}

const fn table(set: Set) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = contains(set, byte as u8);
        byte += 1;
    }
    table
}

static CONTROL: [bool; 256] = table(Set::Control);
static FRAGMENT: [bool; 256] = table(Set::Fragment);
static QUERY: [bool; 256] = table(Set::Query);
static SPECIAL_QUERY: [bool; 256] = table(Set::SpecialQuery);
static PATH: [bool; 256] = table(Set::Path);
static USERINFO: [bool; 256] = table(Set::Userinfo);

/// Which bytes are in `set`.
pub(crate) fn table_of(set: Set) -> &'static [bool; 256] {
    match set {
        Set::Control => &CONTROL,
        Set::Fragment => &FRAGMENT,
        Set::Query => &QUERY,
        Set::SpecialQuery => &SPECIAL_QUERY,
        Set::Path => &PATH,
        Set::Userinfo => &USERINFO,
    }
}

/// Appends `text` to `out`, encoding the bytes in `set`.
pub(crate) fn encode_into(out: &mut String, text: &str, set: Set) {
    let table = table_of(set);
    let bytes = text.as_bytes();
    let mut clean = 0;
    for (index, byte) in bytes.iter().enumerate() {
        if table[usize::from(*byte)] {
            // Encoded bytes include all of every non-ASCII character, so both ends are boundaries.
            out.push_str(text.get(clean..index).unwrap_or_default());
            push_escape(out, *byte);
            clean = index + 1;
        }
    }
    out.push_str(text.get(clean..).unwrap_or_default());
}

fn push_escape(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

/// URL standard, "percent-decode".
pub(crate) fn decode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let digit = |offset: usize| bytes.get(index + offset).and_then(|digit| char::from(*digit).to_digit(16));
        if byte == b'%'
            && let (Some(high), Some(low)) = (digit(1), digit(2))
        {
            out.push((high * 16 + low) as u8);
            index += 3;
        } else {
            out.push(byte);
            index += 1;
        }
    }
    out
}
