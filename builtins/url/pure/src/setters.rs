//! The setters of class URL. URL standard, section 6.1; each is the parser with a "state override".

use crate::encode::{Set, encode_into};
use crate::host::parse_host;
use crate::parse::{
    authority_end, parse_file_host, parse_port, path, set_fragment, set_query, split_port, split_scheme,
    without_line_ends,
};
use crate::{Url, default_port, is_special};

/// What a setter sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `protocol`
    Protocol,
    /// `username`
    Username,
    /// `password`
    Password,
    /// `host`
    Host,
    /// `hostname`
    Hostname,
    /// `port`
    Port,
    /// `pathname`
    Pathname,
    /// `search`
    Search,
    /// `hash`
    Hash,
}

impl Url {
    /// Sets a part. `false`: the standard refuses, nothing has changed.
    pub fn set(&mut self, part: Part, value: &str) -> bool {
        match part {
            Part::Protocol => self.set_protocol(value),
            Part::Username | Part::Password => self.set_credential(part, value),
            Part::Host | Part::Hostname => self.set_host(&without_line_ends(value), part == Part::Host).is_some(),
            Part::Port => self.set_port(&without_line_ends(value)).is_some(),
            Part::Pathname => self.set_pathname(&without_line_ends(value)),
            Part::Search => {
                self.set_search(value);
                true
            }
            Part::Hash => {
                self.set_hash(value);
                true
            }
        }
    }

    fn set_protocol(&mut self, value: &str) -> bool {
        let value = format!("{}:", without_line_ends(value));
        let Some((scheme, _)) = split_scheme(&value) else { return false };
        let refused = is_special(&scheme) != self.is_special()
            || (scheme == "file" && (self.has_credentials() || self.port.is_some()))
            || (self.is_file() && self.hostname().is_empty());
        if refused {
            return false;
        }
        self.scheme = scheme;
        if self.port == default_port(&self.scheme) {
            self.port = None;
        }
        true
    }

    fn set_credential(&mut self, part: Part, value: &str) -> bool {
        if self.cannot_have_credentials_or_port() {
            return false;
        }
        let target = if part == Part::Username { &mut self.username } else { &mut self.password };
        target.clear();
        encode_into(target, value, Set::Userinfo);
        true
    }

    fn set_host(&mut self, value: &str, with_port: bool) -> Option<()> {
        if self.opaque {
            return None;
        }
        let special = self.is_special();
        let text = &value[..authority_end(value, special)];
        if self.is_file() {
            self.host = Some(parse_file_host(text)?);
            return Some(());
        }
        let (host, port) = split_port(text);
        if port.is_some() && (host.is_empty() || !with_port) {
            return None;
        }
        if host.is_empty() && (special || self.has_credentials() || self.port.is_some()) {
            return None;
        }
        self.host = Some(parse_host(host, special)?);
        // A bad port leaves the old one; the host is set by then.
        if let Some(port) = port {
            let digits = leading_digits(port);
            if !digits.is_empty()
                && let Some(number) = parse_port(digits)
            {
                self.set_port_number(number);
            }
        }
        Some(())
    }

    fn set_port(&mut self, value: &str) -> Option<()> {
        if self.cannot_have_credentials_or_port() {
            return None;
        }
        if value.is_empty() {
            self.port = None;
            return Some(());
        }
        let digits = leading_digits(value);
        if digits.is_empty() {
            return None;
        }
        self.set_port_number(parse_port(digits)?);
        Some(())
    }

    fn set_pathname(&mut self, value: &str) -> bool {
        if self.opaque {
            return false;
        }
        self.path.clear();
        let special = self.is_special();
        let after = value.strip_prefix('/').or_else(|| if special { value.strip_prefix('\\') } else { None });
        match after {
            Some(after) => path(self, after, false),
            None if special || !value.is_empty() => path(self, value, false),
            // No path at all would let the URL start over as another one.
            None if self.host.is_none() => self.path.push('/'),
            None => {}
        }
        true
    }

    fn set_search(&mut self, value: &str) {
        if value.is_empty() {
            self.query = None;
            self.strip_opaque_spaces();
            return;
        }
        let value = without_line_ends(value.strip_prefix('?').unwrap_or(value));
        set_query(self, &value);
    }

    fn set_hash(&mut self, value: &str) {
        if value.is_empty() {
            self.fragment = None;
            self.strip_opaque_spaces();
            return;
        }
        let value = without_line_ends(value.strip_prefix('#').unwrap_or(value));
        set_fragment(self, &value);
    }

    /// URL standard, "potentially strip trailing spaces from an opaque path".
    fn strip_opaque_spaces(&mut self) {
        if self.opaque && self.query.is_none() && self.fragment.is_none() {
            self.path.truncate(self.path.trim_end_matches(' ').len());
        }
    }
}

fn leading_digits(text: &str) -> &str {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    &text[..end]
}
