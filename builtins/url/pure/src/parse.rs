//! The parser: what the standard writes as a state machine, as functions that each take what is left.
//! URL standard, section 4.4 ("basic URL parser"); functions are named after the states they cover.

use crate::encode::{Set, encode_into};
use crate::host::parse_host;
use crate::{Url, is_normalized_drive, is_special};
use std::borrow::Cow;

/// Drops what browsers drop: tabs and line ends anywhere.
pub(crate) fn without_line_ends(input: &str) -> Cow<'_, str> {
    let dropped = |char: char| matches!(char, '\t' | '\n' | '\r');
    if input.bytes().any(|byte| dropped(char::from(byte))) {
        Cow::Owned(input.replace(dropped, ""))
    } else {
        Cow::Borrowed(input)
    }
}

pub(crate) fn parse(input: &str, base: Option<&Url>) -> Option<Url> {
    let input = without_line_ends(input.trim_matches(|char: char| char <= ' '));
    let Some((scheme, rest)) = split_scheme(&input) else { return no_scheme(&input, base?) };
    let mut url = Url { scheme, ..Url::default() };
    if url.is_file() {
        file(&mut url, rest, base.filter(|base| base.is_file()))?;
    } else if url.is_special() {
        match base.filter(|base| base.scheme == url.scheme) {
            Some(base) if !rest.starts_with("//") => relative(&mut url, rest, base)?,
            _ => authority(&mut url, rest.trim_start_matches(['/', '\\']))?,
        }
    } else if let Some(rest) = rest.strip_prefix("//") {
        authority(&mut url, rest)?;
    } else if rest.starts_with('/') {
        path_start(&mut url, rest);
    } else {
        opaque_path(&mut url, rest);
    }
    Some(url)
}

/// The scheme in lower case and what follows its ':'.
pub(crate) fn split_scheme(input: &str) -> Option<(String, &str)> {
    let end = input.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')))?;
    if input.as_bytes().get(end) != Some(&b':') || !input.as_bytes().first()?.is_ascii_alphabetic() {
        return None;
    }
    Some((input[..end].to_ascii_lowercase(), &input[end + 1..]))
}

fn no_scheme(input: &str, base: &Url) -> Option<Url> {
    let mut url = Url { scheme: base.scheme.clone(), ..Url::default() };
    if base.opaque {
        let fragment = input.strip_prefix('#')?;
        url = base.clone();
        set_fragment(&mut url, fragment);
    } else if base.is_file() {
        file(&mut url, input, Some(base))?;
    } else {
        relative(&mut url, input, base)?;
    }
    Some(url)
}

/// States "relative" and "relative slash".
fn relative(url: &mut Url, rest: &str, base: &Url) -> Option<()> {
    let special = url.is_special();
    if let Some(after) = strip_slash(rest, special) {
        if special && after.starts_with(['/', '\\']) {
            return authority(url, after.trim_start_matches(['/', '\\']));
        }
        if let Some(after) = after.strip_prefix('/') {
            return authority(url, after);
        }
        copy_authority(url, base);
        path(url, after, true);
        return Some(());
    }
    copy_authority(url, base);
    copy_path_and_continue(url, rest, base, |_| false);
    Some(())
}

fn copy_authority(url: &mut Url, base: &Url) {
    url.username.clone_from(&base.username);
    url.password.clone_from(&base.password);
    url.host.clone_from(&base.host);
    url.port = base.port;
}

/// The end of the states "relative" and "file": what is relative to the path of `base`.
fn copy_path_and_continue(url: &mut Url, rest: &str, base: &Url, drops_path: impl Fn(&str) -> bool) {
    url.path.clone_from(&base.path);
    url.query.clone_from(&base.query);
    if rest.starts_with('?') {
        query_and_fragment(url, rest);
    } else if let Some(fragment) = rest.strip_prefix('#') {
        set_fragment(url, fragment);
    } else if !rest.is_empty() {
        url.query = None;
        if drops_path(rest) {
            url.path.clear();
        } else {
            url.shorten_path();
        }
        path(url, rest, true);
    }
}

fn strip_slash(rest: &str, special: bool) -> Option<&str> {
    rest.strip_prefix('/').or_else(|| if special { rest.strip_prefix('\\') } else { None })
}

/// Where an authority or a file's host ends.
pub(crate) fn authority_end(rest: &str, special: bool) -> usize {
    rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#') || (special && byte == b'\\')).unwrap_or(rest.len())
}

/// States "authority", "host" and "port".
fn authority(url: &mut Url, rest: &str) -> Option<()> {
    let special = url.is_special();
    let (text, rest) = rest.split_at(authority_end(rest, special));
    let host_and_port = match text.rsplit_once('@') {
        None => text,
        // Credentials need somebody to be shown to.
        Some((_, "")) => return None,
        Some((credentials, host)) => {
            let (username, password) = credentials.split_once(':').unwrap_or((credentials, ""));
            encode_into(&mut url.username, username, Set::Userinfo);
            encode_into(&mut url.password, password, Set::Userinfo);
            host
        }
    };
    let (host, port) = split_port(host_and_port);
    if host.is_empty() && (special || port.is_some()) {
        return None;
    }
    url.host = Some(parse_host(host, special)?);
    if let Some(port) = port.filter(|port| !port.is_empty()) {
        if !port.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        url.set_port_number(parse_port(port)?);
    }
    path_start(url, rest);
    Some(())
}

/// The host and what follows the first ':' that is not within brackets.
pub(crate) fn split_port(text: &str) -> (&str, Option<&str>) {
    let mut in_brackets = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => in_brackets = true,
            b']' => in_brackets = false,
            b':' if !in_brackets => return (&text[..index], Some(&text[index + 1..])),
            _ => {}
        }
    }
    (text, None)
}

/// Digits to a port; leading zeros may be many.
pub(crate) fn parse_port(digits: &str) -> Option<u16> {
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() { Some(0) } else { significant.parse().ok() }
}

/// States "file", "file slash" and "file host"; `base` is a file URL.
fn file(url: &mut Url, rest: &str, base: Option<&Url>) -> Option<()> {
    url.host = Some(String::new());
    if let Some(after) = strip_slash(rest, true) {
        if let Some(after) = strip_slash(after, true) {
            return file_host(url, after);
        }
        if let Some(base) = base {
            url.host.clone_from(&base.host);
            if !starts_with_drive(after) && is_normalized_drive(base.path.as_bytes().get(1..3)) {
                let first_end = base.path[1..].find('/').map_or(base.path.len(), |slash| slash + 1);
                if first_end == 3 {
                    url.path.push_str(&base.path[..3]);
                }
            }
        }
        path(url, after, true);
        return Some(());
    }
    match base {
        Some(base) => {
            url.host.clone_from(&base.host);
            copy_path_and_continue(url, rest, base, starts_with_drive);
        }
        None => path(url, rest, true),
    }
    Some(())
}

fn file_host(url: &mut Url, rest: &str) -> Option<()> {
    let (text, after) = rest.split_at(authority_end(rest, true));
    if is_drive(text) {
        path(url, rest, true);
        return Some(());
    }
    url.host = Some(parse_file_host(text)?);
    path_start(url, after);
    Some(())
}

/// "localhost" is no host for files.
pub(crate) fn parse_file_host(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    let host = parse_host(text, true)?;
    Some(if host == "localhost" { String::new() } else { host })
}

/// URL standard, "Windows drive letter".
fn is_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':' | b'|'] if letter.is_ascii_alphabetic())
}

/// URL standard, "starts with a Windows drive letter".
fn starts_with_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':' | b'|'] | [letter, b':' | b'|', b'/' | b'\\' | b'?' | b'#', ..]
        if letter.is_ascii_alphabetic())
}

/// State "path start", then the rest of the URL.
fn path_start(url: &mut Url, rest: &str) {
    let special = url.is_special();
    if let Some(after) = strip_slash(rest, special) {
        path(url, after, true);
    } else if special || !(rest.is_empty() || rest.starts_with(['?', '#'])) {
        path(url, rest, true);
    } else {
        query_and_fragment(url, rest);
    }
}

/// State "path": adds the segments of `rest`; with `whole`, query and fragment may follow.
pub(crate) fn path(url: &mut Url, rest: &str, whole: bool) {
    let special = url.is_special();
    let end = if whole { rest.find(['?', '#']).unwrap_or(rest.len()) } else { rest.len() };
    let (text, after) = rest.split_at(end);
    url.path.reserve(text.len() + 1);
    let mut left = Some(text);
    while let Some(text) = left {
        let slash = text.bytes().position(|byte| byte == b'/' || (special && byte == b'\\'));
        let segment = &text[..slash.unwrap_or(text.len())];
        left = slash.map(|slash| &text[slash + 1..]);
        let last = left.is_none();
        if is_double_dot(segment) {
            url.shorten_path();
            if last {
                url.path.push('/');
            }
        } else if is_single_dot(segment) {
            if last {
                url.path.push('/');
            }
        } else if url.path.is_empty() && is_drive(segment) && url.is_file() {
            url.path.push('/');
            url.path.push_str(&segment[..1]);
            url.path.push(':');
        } else {
            url.path.push('/');
            encode_into(&mut url.path, segment, Set::Path);
        }
    }
    query_and_fragment(url, after);
}

fn is_single_dot(segment: &str) -> bool {
    segment == "." || segment.eq_ignore_ascii_case("%2e")
}

fn is_double_dot(segment: &str) -> bool {
    matches!(segment.len(), 2 | 4 | 6)
        && (segment == ".."
            || segment.eq_ignore_ascii_case(".%2e")
            || segment.eq_ignore_ascii_case("%2e.")
            || segment.eq_ignore_ascii_case("%2e%2e"))
}

/// State "opaque path".
fn opaque_path(url: &mut Url, rest: &str) {
    url.opaque = true;
    let (text, after) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    // A space right before '?' or '#' would get lost if they were removed.
    match text.strip_suffix(' ').filter(|_| !after.is_empty()) {
        Some(before) => {
            encode_into(&mut url.path, before, Set::Control);
            url.path.push_str("%20");
        }
        None => encode_into(&mut url.path, text, Set::Control),
    }
    query_and_fragment(url, after);
}

/// What is left of a URL behind its path: nothing, '?…' or '#…'.
fn query_and_fragment(url: &mut Url, rest: &str) {
    let (before, fragment) = match rest.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (rest, None),
    };
    if let Some(query) = before.strip_prefix('?') {
        set_query(url, query);
    }
    if let Some(fragment) = fragment {
        set_fragment(url, fragment);
    }
}

pub(crate) fn set_query(url: &mut Url, text: &str) {
    let set = if is_special(&url.scheme) { Set::SpecialQuery } else { Set::Query };
    let mut query = String::with_capacity(text.len());
    encode_into(&mut query, text, set);
    url.query = Some(query);
}

pub(crate) fn set_fragment(url: &mut Url, text: &str) {
    let mut fragment = String::with_capacity(text.len());
    encode_into(&mut fragment, text, Set::Fragment);
    url.fragment = Some(fragment);
}
