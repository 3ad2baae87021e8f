//! Hosts: domains (IDNA), IPv4, IPv6, opaque. URL standard, section 3.5.

use crate::encode::{Set, decode, encode_into};
use idna::AsciiDenyList;
use std::borrow::Cow;
use std::net::Ipv6Addr;

/// URL standard, "host parsing": the host as it serializes. `None` is failure.
pub(crate) fn parse_host(input: &str, special: bool) -> Option<String> {
    if let Some(rest) = input.strip_prefix('[') {
        let address: Ipv6Addr = rest.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{}]", serialize_ipv6(&address)));
    }
    if !special {
        if input.bytes().any(is_forbidden_host) {
            return None;
        }
        let mut out = String::with_capacity(input.len());
        encode_into(&mut out, input, Set::Control);
        return Some(out);
    }
    let domain: Cow<'_, str> = if input.contains('%') {
        Cow::Owned(String::from_utf8_lossy(&decode(input.as_bytes())).into_owned())
    } else {
        Cow::Borrowed(input)
    };
    let ascii = to_ascii(&domain)?;
    if ascii.is_empty() || ascii.bytes().any(is_forbidden_domain) {
        return None;
    }
    if ends_in_number(&ascii) {
        return parse_ipv4(&ascii).map(|address| std::net::Ipv4Addr::from(address).to_string());
    }
    Some(ascii)
}

/// URL standard, "domain to ASCII" without strictness. `None` is failure.
fn to_ascii(domain: &str) -> Option<String> {
    // Most domains: nothing to map but case. A label of punycode has to be checked, though.
    if domain.is_ascii() {
        let lower = domain.to_ascii_lowercase();
        if !lower.starts_with("xn--") && !lower.contains(".xn--") {
            return Some(lower);
        }
    }
    // Forbidden code points are checked by the caller, on the result.
    idna::domain_to_ascii_cow(domain.as_bytes(), AsciiDenyList::EMPTY).ok().map(Cow::into_owned)
}

/// What `url.domainToASCII` answers: the host a special URL with this domain would have; empty if there is none.
pub fn domain_to_ascii(domain: &str) -> String {
    let mut url = crate::Url { scheme: "ws".to_owned(), host: Some("x".to_owned()), ..crate::Url::default() };
    if domain.is_empty() || !url.set(crate::Part::Hostname, domain) {
        return String::new();
    }
    url.hostname().to_owned()
}

/// What `url.domainToUnicode` answers.
pub fn domain_to_unicode(domain: &str) -> String {
    let ascii = domain_to_ascii(domain);
    if !ascii.contains("xn--") {
        return ascii;
    }
    idna::domain_to_unicode(&ascii).0
}

/// URL standard, "forbidden host code point".
fn is_forbidden_host(byte: u8) -> bool {
    matches!(
        byte,
        0 | b'\t'
            | b'\n'
            | b'\r'
            | b' '
            | b'#'
            | b'/'
            | b':'
            | b'<'
            | b'>'
            | b'?'
            | b'@'
            | b'['
            | b'\\'
            | b']'
            | b'^'
            | b'|'
    )
}

/// URL standard, "forbidden domain code point".
fn is_forbidden_domain(byte: u8) -> bool {
    byte <= 0x1F || byte == b'%' || byte == 0x7F || is_forbidden_host(byte)
}

/// URL standard, "ends in a number checker".
fn ends_in_number(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let last = domain.rsplit('.').next().unwrap_or_default();
    if !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    parse_number(last).is_some()
}

/// A number in decimal, octal (0…) or hexadecimal (0x…); too large ones saturate.
fn parse_number(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let (digits, radix) = if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        (hex, 16)
    } else if text.len() > 1 && text.starts_with('0') {
        (&text[1..], 8)
    } else {
        (text, 10)
    };
    let mut value: u64 = 0;
    for digit in digits.chars() {
        value = value.saturating_mul(u64::from(radix)).saturating_add(u64::from(digit.to_digit(radix)?));
    }
    Some(value)
}

/// URL standard, "IPv4 parser".
fn parse_ipv4(domain: &str) -> Option<u32> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let numbers: Vec<u64> = domain.split('.').map(parse_number).collect::<Option<_>>()?;
    let (last, leading) = numbers.split_last()?;
    if leading.len() > 3 || leading.iter().any(|number| *number > 255) {
        return None;
    }
    // The last number fills all bytes the others left.
    let bits = 8 * (4 - leading.len());
    if *last >= 1 << bits {
        return None;
    }
    let mut address = *last;
    for (index, number) in leading.iter().enumerate() {
        address += number << (8 * (3 - index));
    }
    u32::try_from(address).ok()
}

/// URL standard, "IPv6 serializer": the first longest run of two or more zeros becomes '::'; no dotted part.
fn serialize_ipv6(address: &Ipv6Addr) -> String {
    let pieces = address.segments();
    let (mut best_start, mut best_count) = (0, 1);
    let mut index = 0;
    while index < pieces.len() {
        let count = pieces[index..].iter().take_while(|piece| **piece == 0).count();
        if count > best_count {
            (best_start, best_count) = (index, count);
        }
        index += count.max(1);
    }
    let hex = |part: &[u16]| part.iter().map(|piece| format!("{piece:x}")).collect::<Vec<_>>().join(":");
    if best_count < 2 {
        return hex(&pieces);
    }
    format!("{}::{}", hex(&pieces[..best_start]), hex(&pieces[best_start + best_count..]))
}
