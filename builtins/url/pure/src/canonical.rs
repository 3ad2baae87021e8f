//! The fast lane: most URLs programs parse are in canonical form already, so that their href is the input itself.
//!
//! [`canonical_offsets`] recognises the common ones in one pass without an allocation, and leaves everything it is not sure of
//! to the parser.

use crate::Offsets;
use crate::encode::{Set, table_of};

/// Number of the scheme as [`crate::Url::scheme_type`] has it.
type SchemeType = u32;

/// Where the parts are, if `input` is an `http` or `https` URL that parses to exactly itself. `None` says nothing.
pub fn canonical_offsets(input: &[u8]) -> Option<(Offsets, SchemeType)> {
    let (protocol_end, scheme_type, own_port) = if input.starts_with(b"https://") {
        (6, 2, 443)
    } else if input.starts_with(b"http://") {
        (5, 0, 80)
    } else {
        return None;
    };
    // Offsets are 32 bits.
    if input.len() > 1 << 28 {
        return None;
    }
    let host_start = protocol_end + 2;
    let host_end = host_start + host_length(input.get(host_start..)?)?;
    let (port, pathname_start) = match input.get(host_end)? {
        b'/' => (None, host_end),
        b':' => {
            let (port, length) = port(input.get(host_end + 1..)?)?;
            if port == own_port {
                return None;
            }
            (Some(port), host_end + 1 + length)
        }
        _ => return None,
    };
    let path_end = pathname_start + path_length(input.get(pathname_start..)?)?;
    let (search_start, query_end) = match input.get(path_end) {
        Some(b'?') => (Some(path_end as u32), path_end + query_length(&input[path_end..])?),
        _ => (None, path_end),
    };
    let hash_start = match input.get(query_end) {
        None => None,
        Some(b'#') if all_clean(&input[query_end + 1..], Set::Fragment) => Some(query_end as u32),
        Some(_) => return None,
    };
    let offsets = Offsets {
        protocol_end: protocol_end as u32,
        username_end: host_start as u32,
        host_start: host_start as u32,
        host_end: host_end as u32,
        port,
        pathname_start: pathname_start as u32,
        search_start,
        hash_start,
    };
    Some((offsets, scheme_type))
}

/// A domain in lower case that is surely neither punycode nor a number.
fn host_length(rest: &[u8]) -> Option<usize> {
    let length = rest.iter().position(|byte| !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'))?;
    let host = &rest[..length];
    let last_label = host.iter().rposition(|byte| *byte == b'.').map_or(0, |dot| dot + 1);
    if !host.get(last_label)?.is_ascii_lowercase() || host.windows(4).any(|four| four == b"xn--") {
        return None;
    }
    Some(length)
}

/// A port without leading zeros, and its length.
fn port(rest: &[u8]) -> Option<(u16, usize)> {
    let length = rest.iter().position(|byte| !byte.is_ascii_digit())?;
    if rest.get(length) != Some(&b'/') || rest.first() == Some(&b'0') {
        return None;
    }
    Some((std::str::from_utf8(&rest[..length]).ok()?.parse().ok()?, length))
}

/// A path in which nothing is encoded, collapsed or turned around.
fn path_length(rest: &[u8]) -> Option<usize> {
    let dirty = table_of(Set::Path);
    let mut previous = 0;
    for (index, byte) in rest.iter().enumerate() {
        match byte {
            b'?' | b'#' => return Some(index),
            // '/.' may start a dot segment, and so may '/%2e'.
            b'.' if previous == b'/' => return None,
            b'%' | b'\\' => return None,
            _ if dirty[usize::from(*byte)] => return None,
            _ => previous = *byte,
        }
    }
    Some(rest.len())
}

fn query_length(rest: &[u8]) -> Option<usize> {
    let length = rest.iter().position(|byte| *byte == b'#').unwrap_or(rest.len());
    all_clean(&rest[..length], Set::SpecialQuery).then_some(length)
}

fn all_clean(bytes: &[u8], set: Set) -> bool {
    let dirty = table_of(set);
    !bytes.iter().any(|byte| dirty[usize::from(*byte)])
}
