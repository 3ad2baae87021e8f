//! The WHATWG URL parser, serializer and setters (https://url.spec.whatwg.org), over text.
//!
//! A [`Url`] is the standard's record with two liberties: a host is kept as it serializes, and a path that is a list is kept
//! joined ("/a/b", every segment with its slash before it), so that a path costs one allocation and dropping a segment is a
//! truncation.
//!
//! **Invariant:** every part of a `Url` is ASCII and percent-encoded as its place demands; [`Url::href`] only concatenates.

#![forbid(unsafe_code)]

mod canonical;
mod encode;
mod host;
mod parse;
mod setters;

pub use canonical::canonical_offsets;
pub use host::{domain_to_ascii, domain_to_unicode};
pub use setters::Part;

/// A parsed URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    scheme: String,
    username: String,
    password: String,
    /// As it serializes; `Some("")` is the standard's empty host, `None` its null.
    host: Option<String>,
    port: Option<u16>,
    /// Joined segments, or the opaque path itself.
    path: String,
    opaque: bool,
    query: Option<String>,
    fragment: Option<String>,
}

/// Where the parts of an href are, in bytes.
///
/// ```text
/// https://user:pass@example.com:1234/foo/bar?baz#quux
///       |     |    |          | ^^^^|       |   |
///       |     |    |          | |   |       |   hash_start
///       |     |    |          | |   |       search_start
///       |     |    |          | |   pathname_start
///       |     |    |          | port
///       |     |    |          host_end
///       |     |    host_start (of its '@', if there is one)
///       |     username_end
///       protocol_end
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offsets {
    /// Behind the scheme's ':'.
    pub protocol_end: u32,
    /// Behind the user name.
    pub username_end: u32,
    /// At the '@', or where the host starts.
    pub host_start: u32,
    /// Behind the host name.
    pub host_end: u32,
    /// The port, if it is not the scheme's own.
    pub port: Option<u16>,
    /// Where the path starts.
    pub pathname_start: u32,
    /// At the '?'.
    pub search_start: Option<u32>,
    /// At the '#'.
    pub hash_start: Option<u32>,
}

impl Url {
    /// Parses `input`, relative to `base` if there is one. `None` is the standard's failure.
    pub fn parse(input: &str, base: Option<&Url>) -> Option<Url> {
        parse::parse(input, base)
    }

    /// Number of the scheme as Node shows it: http 0, none of them 1, https 2, ws 3, ftp 4, wss 5, file 6.
    pub fn scheme_type(&self) -> u32 {
        match self.scheme.as_str() {
            "http" => 0,
            "https" => 2,
            "ws" => 3,
            "ftp" => 4,
            "wss" => 5,
            "file" => 6,
            _ => 1,
        }
    }

    /// The host as it serializes, without port.
    pub fn hostname(&self) -> &str {
        self.host.as_deref().unwrap_or("")
    }

    /// The URL as text, and where its parts are in it. URL standard, "URL serializing".
    pub fn href(&self) -> (String, Offsets) {
        let mut href = String::with_capacity(self.scheme.len() + self.path.len() + self.hostname().len() + 16);
        href.push_str(&self.scheme);
        href.push(':');
        let protocol_end = at(&href);
        let mut username_end = protocol_end;
        let mut host_start = protocol_end;
        let mut host_end = protocol_end;
        if let Some(host) = &self.host {
            href.push_str("//");
            href.push_str(&self.username);
            username_end = at(&href);
            if !self.password.is_empty() {
                href.push(':');
                href.push_str(&self.password);
            }
            host_start = at(&href);
            if self.has_credentials() {
                href.push('@');
            }
            href.push_str(host);
            host_end = at(&href);
            if let Some(port) = self.port {
                href.push(':');
                href.push_str(&port.to_string());
            }
        } else if !self.opaque && self.path.starts_with("//") {
            // Else the path would read as a host.
            href.push_str("/.");
        }
        let pathname_start = at(&href);
        href.push_str(&self.path);
        let search_start = self.query.as_ref().map(|query| {
            let start = at(&href);
            href.push('?');
            href.push_str(query);
            start
        });
        let hash_start = self.fragment.as_ref().map(|fragment| {
            let start = at(&href);
            href.push('#');
            href.push_str(fragment);
            start
        });
        let port = self.port;
        let offsets = Offsets {
            protocol_end,
            username_end,
            host_start,
            host_end,
            port,
            pathname_start,
            search_start,
            hash_start,
        };
        (href, offsets)
    }

    fn is_special(&self) -> bool {
        is_special(&self.scheme)
    }

    fn is_file(&self) -> bool {
        self.scheme == "file"
    }

    fn has_credentials(&self) -> bool {
        !self.username.is_empty() || !self.password.is_empty()
    }

    /// URL standard, "cannot have a username/password/port".
    fn cannot_have_credentials_or_port(&self) -> bool {
        self.hostname().is_empty() || self.is_file()
    }

    /// Sets the port, unless it is the scheme's own.
    fn set_port_number(&mut self, port: u16) {
        self.port = if default_port(&self.scheme) == Some(port) { None } else { Some(port) };
    }

    /// URL standard, "shorten a URL's path".
    fn shorten_path(&mut self) {
        // A drive letter is the root of its tree.
        let drive = self.is_file() && self.path.len() == 3 && is_normalized_drive(self.path.as_bytes().get(1..3));
        if !drive && let Some(slash) = self.path.rfind('/') {
            self.path.truncate(slash);
        }
    }
}

/// Offsets fit `u32`: JavaScript strings end at 2^30 units, and encoding makes at most nine bytes of one.
fn at(href: &str) -> u32 {
    u32::try_from(href.len()).unwrap_or(u32::MAX - 1)
}

fn is_special(scheme: &str) -> bool {
    matches!(scheme, "http" | "https" | "ws" | "wss" | "ftp" | "file")
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "ftp" => Some(21),
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

fn is_normalized_drive(bytes: Option<&[u8]>) -> bool {
    matches!(bytes, Some([letter, b':']) if letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests;
