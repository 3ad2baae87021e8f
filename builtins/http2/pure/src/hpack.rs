//! Header compression: HPACK, RFC 7541.
//!
//! [`Decoder`] turns a header block into fields; [`Encoder`] does the reverse. Both keep a dynamic [`Table`] that the peer's
//! other half mirrors.

use crate::huffman;
use std::collections::VecDeque;

/// Names and values of indices 1 to 61. RFC 7541 appendix A.
const STATIC: [(&str, &str); 61] = [
    (":authority", ""),
    (":method", "GET"),
    (":method", "POST"),
    (":path", "/"),
    (":path", "/index.html"),
    (":scheme", "http"),
    (":scheme", "https"),
    (":status", "200"),
    (":status", "204"),
    (":status", "206"),
    (":status", "304"),
    (":status", "400"),
    (":status", "404"),
    (":status", "500"),
    ("accept-charset", ""),
    ("accept-encoding", "gzip, deflate"),
    ("accept-language", ""),
    ("accept-ranges", ""),
    ("accept", ""),
    ("access-control-allow-origin", ""),
    ("age", ""),
    ("allow", ""),
    ("authorization", ""),
    ("cache-control", ""),
    ("content-disposition", ""),
    ("content-encoding", ""),
    ("content-language", ""),
    ("content-length", ""),
    ("content-location", ""),
    ("content-range", ""),
    ("content-type", ""),
    ("cookie", ""),
    ("date", ""),
    ("etag", ""),
    ("expect", ""),
    ("expires", ""),
    ("from", ""),
    ("host", ""),
    ("if-match", ""),
    ("if-modified-since", ""),
    ("if-none-match", ""),
    ("if-range", ""),
    ("if-unmodified-since", ""),
    ("last-modified", ""),
    ("link", ""),
    ("location", ""),
    ("max-forwards", ""),
    ("proxy-authenticate", ""),
    ("proxy-authorization", ""),
    ("range", ""),
    ("referer", ""),
    ("refresh", ""),
    ("retry-after", ""),
    ("server", ""),
    ("set-cookie", ""),
    ("strict-transport-security", ""),
    ("transfer-encoding", ""),
    ("user-agent", ""),
    ("vary", ""),
    ("via", ""),
    ("www-authenticate", ""),
];

/// What a table entry counts beyond its name and value, in bytes. RFC 7541 §4.1.
const ENTRY_OVERHEAD: usize = 32;
/// The default size of a dynamic table, in bytes. RFC 9113 §6.5.2.
pub const TABLE_BYTES: usize = 4096;
/// The longest name or value that is decoded, in bytes, as libnghttp2 has it.
const TEXT_BYTES_MAX: usize = 65_536;

/// Fields in a row, each with the length of name and value; one allocation for all their bytes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fields {
    bytes: Vec<u8>,
    spans: Vec<(u32, u32, bool)>,
}

impl Fields {
    /// Adds a field. A `sensitive` one must never enter a table on its way. RFC 7541 §7.1.3.
    pub fn push(&mut self, name: &[u8], value: &[u8], sensitive: bool) {
        self.bytes.extend_from_slice(name);
        self.bytes.extend_from_slice(value);
        self.spans.push((name.len() as u32, value.len() as u32, sensitive));
    }

    /// Name, value, and whether it is sensitive.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8], bool)> {
        let mut at = 0;
        self.spans.iter().map(move |(name, value, sensitive)| {
            let middle = at + *name as usize;
            let end = middle + *value as usize;
            let field = (&self.bytes[at..middle], &self.bytes[middle..end], *sensitive);
            at = end;
            field
        })
    }

    /// How many fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The bytes of all names and values.
    #[must_use]
    pub fn byte_len(&self) -> usize {
        self.bytes.len()
    }
}

#[derive(Debug)]
struct Entry {
    name: Box<[u8]>,
    value: Box<[u8]>,
    hash: u32,
}

impl Entry {
    fn size(&self) -> usize {
        self.name.len() + self.value.len() + ENTRY_OVERHEAD
    }
}

/// The dynamic table: newest entry first.
#[derive(Debug)]
struct Table {
    entries: VecDeque<Entry>,
    size: usize,
    max: usize,
}

impl Table {
    fn new(max: usize) -> Table {
        Table { entries: VecDeque::new(), size: 0, max }
    }

    fn set_max(&mut self, max: usize) {
        self.max = max;
        self.evict(0);
    }

    fn evict(&mut self, needed: usize) {
        while self.size + needed > self.max {
            let Some(entry) = self.entries.pop_back() else { return };
            self.size -= entry.size();
        }
    }

    fn insert(&mut self, name: &[u8], value: &[u8], hash: u32) {
        let size = name.len() + value.len() + ENTRY_OVERHEAD;
        self.evict(size);
        // One that does not fit leaves the table empty. RFC 7541 §4.4.
        if size <= self.max {
            self.entries.push_front(Entry { name: name.into(), value: value.into(), hash });
            self.size += size;
        }
    }
}

/// What is wrong with a header block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DecodeError;

/// Reads header blocks.
#[derive(Debug)]
pub struct Decoder {
    table: Table,
    /// The largest size that our SETTINGS allow, in bytes.
    allowed: usize,
    scratch: Vec<u8>,
}

impl Decoder {
    /// A decoder with an empty table.
    #[must_use]
    pub fn new() -> Decoder {
        Decoder { table: Table::new(TABLE_BYTES), allowed: TABLE_BYTES, scratch: Vec::new() }
    }

    /// Our SETTINGS_HEADER_TABLE_SIZE is now known to the peer.
    pub fn set_allowed(&mut self, bytes: usize) {
        self.allowed = bytes;
        if self.table.max > bytes {
            self.table.set_max(bytes);
        }
    }

    /// Bytes in the dynamic table.
    #[must_use]
    pub fn table_bytes(&self) -> usize {
        self.table.size
    }

    /// Reads a whole block and gives each field to `field`: name, value, whether it is sensitive.
    ///
    /// # Errors
    /// Anything that is not HPACK: a compression error of the connection. RFC 7541 §2.1.
    pub fn decode(&mut self, block: &[u8], mut field: impl FnMut(&[u8], &[u8], bool)) -> Result<(), DecodeError> {
        let mut input = Input { bytes: block };
        let mut fields_seen = false;
        while let Some(first) = input.bytes.first().copied() {
            if first & 0x80 != 0 {
                let index = input.integer(7)?;
                let (name, value) = self.entry(index)?;
                field(name, value, false);
            } else if first & 0xe0 == 0x20 {
                // Sizes change between blocks only. RFC 7541 §4.2.
                let size = input.integer(5)?;
                if fields_seen || size > self.allowed {
                    return Err(DecodeError);
                }
                self.table.set_max(size);
                continue;
            } else {
                let indexed = first & 0xc0 == 0x40;
                let index = input.integer(if indexed { 6 } else { 4 })?;
                let mut scratch = std::mem::take(&mut self.scratch);
                scratch.clear();
                if index == 0 {
                    input.text(&mut scratch)?;
                } else {
                    scratch.extend_from_slice(self.entry(index)?.0);
                }
                let middle = scratch.len();
                input.text(&mut scratch)?;
                let (name, value) = scratch.split_at(middle);
                field(name, value, first & 0xf0 == 0x10);
                if indexed {
                    self.table.insert(name, value, 0);
                }
                self.scratch = scratch;
            }
            fields_seen = true;
        }
        Ok(())
    }

    fn entry(&self, index: usize) -> Result<(&[u8], &[u8]), DecodeError> {
        let at = index.checked_sub(1).ok_or(DecodeError)?;
        if let Some((name, value)) = STATIC.get(at) {
            return Ok((name.as_bytes(), value.as_bytes()));
        }
        let entry = self.table.entries.get(at - STATIC.len()).ok_or(DecodeError)?;
        Ok((&entry.name, &entry.value))
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Decoder::new()
    }
}

struct Input<'a> {
    bytes: &'a [u8],
}

impl Input<'_> {
    /// An integer with a prefix of `bits`. RFC 7541 §5.1.
    fn integer(&mut self, bits: u32) -> Result<usize, DecodeError> {
        let (first, rest) = self.bytes.split_first().ok_or(DecodeError)?;
        self.bytes = rest;
        let mask = (1_usize << bits) - 1;
        let mut value = usize::from(*first) & mask;
        if value < mask {
            return Ok(value);
        }
        let mut shift = 0;
        loop {
            let (byte, rest) = self.bytes.split_first().ok_or(DecodeError)?;
            self.bytes = rest;
            // Five groups of seven bits: more than any size or index that is allowed.
            if shift > 28 {
                return Err(DecodeError);
            }
            value += (usize::from(*byte) & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
    }

    /// Appends a string. RFC 7541 §5.2.
    fn text(&mut self, out: &mut Vec<u8>) -> Result<(), DecodeError> {
        let huffman = self.bytes.first().is_some_and(|byte| byte & 0x80 != 0);
        let length = self.integer(7)?;
        if length > self.bytes.len() || length > TEXT_BYTES_MAX {
            return Err(DecodeError);
        }
        let (text, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        if !huffman {
            out.extend_from_slice(text);
            return Ok(());
        }
        let before = out.len();
        if !huffman::decode(text, out) || out.len() - before > TEXT_BYTES_MAX {
            return Err(DecodeError);
        }
        Ok(())
    }
}

/// Writes header blocks.
#[derive(Debug)]
pub struct Encoder {
    table: Table,
    /// The largest size that this side wants to use, in bytes.
    wanted: usize,
    /// A size update to announce: the smallest size on the way and the last one. RFC 7541 §4.2.
    update: Option<(usize, usize)>,
}

impl Encoder {
    /// An encoder that keeps at most `wanted` bytes in its table.
    #[must_use]
    pub fn new(wanted: usize) -> Encoder {
        let mut encoder = Encoder { table: Table::new(TABLE_BYTES), wanted, update: None };
        if wanted < TABLE_BYTES {
            encoder.set_allowed(TABLE_BYTES);
        }
        encoder
    }

    /// The peer's SETTINGS_HEADER_TABLE_SIZE.
    pub fn set_allowed(&mut self, bytes: usize) {
        let size = bytes.min(self.wanted);
        if size == self.table.max && self.update.is_none() {
            return;
        }
        let smallest = self.update.map_or(size, |(smallest, _)| smallest.min(size));
        self.table.set_max(size);
        self.update = Some((smallest, size));
    }

    /// Bytes in the dynamic table.
    #[must_use]
    pub fn table_bytes(&self) -> usize {
        self.table.size
    }

    /// Appends the block of `fields` to `out`.
    pub fn encode(&mut self, fields: &Fields, out: &mut Vec<u8>) {
        if let Some((smallest, size)) = self.update.take() {
            if smallest < size {
                integer(smallest, 5, 0x20, out);
            }
            integer(size, 5, 0x20, out);
        }
        for (name, value, sensitive) in fields.iter() {
            self.field(name, value, sensitive, out);
        }
    }

    fn field(&mut self, name: &[u8], value: &[u8], sensitive: bool, out: &mut Vec<u8>) {
        let fixed = static_name(name);
        if sensitive || is_guessable(name, value) {
            integer(fixed.map_or(0, |(first, _)| first), 4, 0x10, out);
            if fixed.is_none() {
                text(name, out);
            }
            text(value, out);
            return;
        }
        if let Some((first, last)) = fixed {
            let same = (first..=last).find(|index| STATIC[index - 1].1.as_bytes() == value && !value.is_empty());
            if let Some(index) = same {
                integer(index, 7, 0x80, out);
                return;
            }
        }
        let hash = hash(name, value);
        let known = self
            .table
            .entries
            .iter()
            .position(|entry| entry.hash == hash && *entry.value == *value && *entry.name == *name);
        if let Some(at) = known {
            integer(STATIC.len() + 1 + at, 7, 0x80, out);
            return;
        }
        let index = fixed.map(|(first, _)| first).or_else(|| {
            let at = self.table.entries.iter().position(|entry| *entry.name == *name)?;
            Some(STATIC.len() + 1 + at)
        });
        let indexed = worth_keeping(name, value, self.table.max);
        let (bits, flags) = if indexed { (6, 0x40) } else { (4, 0) };
        integer(index.unwrap_or(0), bits, flags, out);
        if index.is_none() {
            text(name, out);
        }
        text(value, out);
        if indexed {
            self.table.insert(name, value, hash);
        }
    }
}

/// Whether a field is likely to come again. What changes with every message would only push others out.
fn worth_keeping(name: &[u8], value: &[u8], max: usize) -> bool {
    let size = name.len() + value.len() + ENTRY_OVERHEAD;
    size <= max * 3 / 4
        && !matches!(
            name,
            b":path"
                | b"age"
                | b"content-length"
                | b"etag"
                | b"if-modified-since"
                | b"if-none-match"
                | b"last-modified"
                | b"location"
                | b"set-cookie"
        )
}

fn hash(name: &[u8], value: &[u8]) -> u32 {
    // FNV-1a: short texts, and only to skip comparisons.
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    value.iter().fold(name.iter().fold(0x811c_9dc5, step), step)
}

/// The first and last index of a name in the static table.
fn static_name(name: &[u8]) -> Option<(usize, usize)> {
    let first = match name {
        b":authority" => 1,
        b":method" => return Some((2, 3)),
        b":path" => return Some((4, 5)),
        b":scheme" => return Some((6, 7)),
        b":status" => return Some((8, 14)),
        _ => {
            // From 15 on in alphabetical order, but for `accept` behind its longer names.
            if name == b"accept" {
                19
            } else {
                let rest = &STATIC[14..];
                let position = |entry: &(&str, &str)| {
                    // As if it were where the alphabet has it: before all of `accept-`.
                    if entry.0 == "accept" { std::cmp::Ordering::Less } else { entry.0.as_bytes().cmp(name) }
                };
                // The entries before `accept` are searched apart.
                let found = if name < b"accept-z".as_slice() {
                    rest[..4].iter().position(|entry| entry.0.as_bytes() == name)
                } else {
                    rest[4..].binary_search_by(position).ok().map(|at| at + 4)
                };
                found? + 15
            }
        }
    };
    Some((first, first))
}

fn integer(value: usize, bits: u32, flags: u8, out: &mut Vec<u8>) {
    let mask = (1_usize << bits) - 1;
    if value < mask {
        out.push(flags | value as u8);
        return;
    }
    out.push(flags | mask as u8);
    let mut rest = value - mask;
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

fn text(text: &[u8], out: &mut Vec<u8>) {
    let length = huffman::encoded_len(text);
    if length < text.len() {
        integer(length, 7, 0x80, out);
        huffman::encode(text, out);
    } else {
        integer(text.len(), 7, 0, out);
        out.extend_from_slice(text);
    }
}

/// A cookie below this many bytes could be guessed by who sees sizes. What other implementations take, too.
const COOKIE_BYTES_SAFE: usize = 20;

/// Whether the field enters no table even if nobody asked for that: a table would tell who tries values whether they are right.
/// RFC 7541 §7.1.3.
fn is_guessable(name: &[u8], value: &[u8]) -> bool {
    name == b"authorization" || (name == b"cookie" && value.len() < COOKIE_BYTES_SAFE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(decoder: &mut Decoder, block: &[u8]) -> Result<Vec<(String, String)>, DecodeError> {
        let mut list = Vec::new();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        decoder.decode(block, |name, value, _| list.push((text(name), text(value))))?;
        Ok(list)
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn static_names() {
        for (at, (name, _)) in STATIC.iter().enumerate() {
            let first = STATIC.iter().position(|entry| entry.0 == *name).map(|at| at + 1);
            assert_eq!(static_name(name.as_bytes()).map(|(first, _)| first), first, "{at} {name}");
        }
        for name in ["x", "accept-", "accepting", "a", "zzz", "datf", ""] {
            assert_eq!(static_name(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn requests_with_huffman() {
        // RFC 7541 C.4: three requests on one connection.
        let mut decoder = Decoder::new();
        let first =
            [0x82, 0x86, 0x84, 0x41, 0x8c, 0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff];
        let head = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "www.example.com")];
        assert_eq!(decoded(&mut decoder, &first), Ok(pairs(&head)));
        let second = [0x82, 0x86, 0x84, 0xbe, 0x58, 0x86, 0xa8, 0xeb, 0x10, 0x64, 0x9c, 0xbf];
        let mut all = pairs(&head);
        all.extend(pairs(&[("cache-control", "no-cache")]));
        assert_eq!(decoded(&mut decoder, &second), Ok(all));
        assert_eq!(decoder.table_bytes(), 110);
    }

    #[test]
    fn round_trips() {
        let mut encoder = Encoder::new(TABLE_BYTES);
        let mut decoder = Decoder::new();
        for round in 0..200 {
            let mut fields = Fields::default();
            fields.push(b":status", b"200", false);
            fields.push(b"x-round", format!("{}", round % 17).as_bytes(), false);
            fields.push(b"x-long", "v".repeat(round).as_bytes(), false);
            fields.push(b"cookie", b"secret", true);
            fields.push("date".as_bytes(), &[0xe9, 0xff], false);
            let mut block = Vec::new();
            encoder.encode(&fields, &mut block);
            let mut back = Fields::default();
            let result = decoder.decode(&block, |name, value, sensitive| back.push(name, value, sensitive));
            assert_eq!((result, &back), (Ok(()), &fields));
            assert_eq!(encoder.table_bytes(), decoder.table_bytes());
            match round {
                50 => {
                    encoder.set_allowed(100);
                    encoder.set_allowed(2000);
                }
                100 => encoder.set_allowed(0),
                150 => encoder.set_allowed(4096),
                _ => {}
            }
        }
    }

    #[test]
    fn bad_blocks() {
        let check = |block: &[u8]| assert_eq!(decoded(&mut Decoder::new(), block), Err(DecodeError), "{block:?}");
        check(&[0x80]); // index 0
        check(&[0xbe]); // beyond the tables
        check(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]); // an integer without end
        check(&[0x40, 0x0a, b'x']); // a text that is cut off
        check(&[0x00]); // no name
        check(&[0x3f, 0xe2, 0x1f]); // a table of 4097 bytes
        check(&[0x82, 0x20]); // a size update behind a field
    }
}
