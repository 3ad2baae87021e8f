//! What a header block must look like to be an HTTP message. RFC 9113 §8.2, §8.3; RFC 8441.

/// What kind of block it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Block {
    /// Request headers, or those that a push promises.
    Request,
    /// Response headers, informational ones too.
    Response,
    /// Trailers.
    Trailers,
}

/// What to do with a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Take it.
    Keep,
    /// Leave it out.
    Ignore,
    /// The message is malformed.
    Bad,
}

const METHOD: u16 = 1;
const SCHEME: u16 = 2;
const AUTHORITY: u16 = 4;
const PATH: u16 = 8;
const PROTOCOL: u16 = 16;
const STATUS: u16 = 32;
const HOST: u16 = 64;
const LENGTH: u16 = 128;
const REGULAR: u16 = 256;
const CONNECT: u16 = 512;
const TE: u16 = 1024;

/// Checks the fields of one block, one by one, then as a whole.
#[derive(Debug)]
pub struct Checker {
    block: Block,
    seen: u16,
    strict_values: bool,
    connect_protocol: bool,
    path_bad: bool,
    /// The status of a response.
    pub status: u16,
    /// The value of `content-length`.
    pub content_length: Option<u64>,
    /// The request's method is HEAD.
    pub head: bool,
}

impl Checker {
    /// `strict_values`: no white space around values. `connect_protocol`: `:protocol` was allowed by our SETTINGS.
    #[must_use]
    pub fn new(block: Block, strict_values: bool, connect_protocol: bool) -> Checker {
        Checker {
            block,
            seen: 0,
            strict_values,
            connect_protocol,
            path_bad: false,
            status: 0,
            content_length: None,
            head: false,
        }
    }

    /// Judges one field.
    pub fn field(&mut self, name: &[u8], value: &[u8]) -> Verdict {
        if name.is_empty() {
            self.seen |= REGULAR;
            return Verdict::Ignore;
        }
        if name[0] == b':' {
            return if self.pseudo(name, value) && is_value(value, true) { Verdict::Keep } else { Verdict::Bad };
        }
        self.seen |= REGULAR;
        if !name.iter().all(|byte| is_name_byte(*byte)) {
            // RFC 9113 §8.2.1: upper case is malformed; the rest is left out, as libnghttp2 does.
            return if name.iter().any(u8::is_ascii_uppercase) { Verdict::Bad } else { Verdict::Ignore };
        }
        if !is_value(value, self.strict_values) {
            return Verdict::Ignore;
        }
        if self.regular(name, value) { Verdict::Keep } else { Verdict::Bad }
    }

    fn first(&mut self, what: u16) -> bool {
        let first = self.seen & what == 0;
        self.seen |= what;
        first
    }

    fn pseudo(&mut self, name: &[u8], value: &[u8]) -> bool {
        if self.seen & REGULAR != 0 {
            return false;
        }
        match (self.block, name) {
            (Block::Request, b":authority") => self.first(AUTHORITY),
            (Block::Request, b":method") => {
                if value == b"CONNECT" {
                    self.seen |= CONNECT;
                }
                self.head = value == b"HEAD";
                self.first(METHOD) && !value.is_empty() && value.iter().all(|byte| is_token_byte(*byte))
            }
            (Block::Request, b":path") => {
                self.path_bad = value.is_empty();
                self.first(PATH)
            }
            (Block::Request, b":scheme") => self.first(SCHEME) && !value.is_empty(),
            (Block::Request, b":protocol") => self.connect_protocol && self.first(PROTOCOL),
            (Block::Response, b":status") => {
                let digits: Option<u16> = (value.len() == 3 && value.iter().all(u8::is_ascii_digit))
                    .then(|| value.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')));
                self.status = digits.unwrap_or(0);
                self.first(STATUS) && digits.is_some_and(|status| status != 101)
            }
            _ => false,
        }
    }

    fn regular(&mut self, name: &[u8], value: &[u8]) -> bool {
        match name {
            b"connection" | b"keep-alive" | b"proxy-connection" | b"transfer-encoding" | b"upgrade" => false,
            b"te" => self.first(TE) && value.eq_ignore_ascii_case(b"trailers"),
            b"host" => self.block != Block::Request || self.first(HOST),
            b"content-length" if self.block != Block::Trailers => {
                if self.block == Block::Response {
                    // RFC 9110 §8.6: none with 1xx and 204, apart from a wrong but common zero.
                    if self.status == 204 {
                        return self.first(LENGTH) && value == b"0";
                    }
                    if self.status / 100 == 1 {
                        return false;
                    }
                }
                self.content_length = std::str::from_utf8(value)
                    .ok()
                    .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
                    .and_then(|text| text.parse().ok());
                self.first(LENGTH) && self.content_length.is_some()
            }
            _ => true,
        }
    }

    /// Judges the whole block.
    #[must_use]
    pub fn finish(&self) -> bool {
        let has = |what: u16| self.seen & what == what;
        match self.block {
            Block::Trailers => true,
            Block::Response => has(STATUS),
            Block::Request if has(CONNECT) && !has(PROTOCOL) => !has(SCHEME) && !has(PATH) && has(AUTHORITY),
            Block::Request => {
                has(METHOD | SCHEME | PATH)
                    && (has(AUTHORITY) || has(HOST))
                    && !self.path_bad
                    && (!has(PROTOCOL) || has(CONNECT | AUTHORITY))
            }
        }
    }

    /// Whether the request is a CONNECT without `:protocol`.
    #[must_use]
    pub fn is_tunnel(&self) -> bool {
        self.seen & CONNECT != 0
    }
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_name_byte(byte: u8) -> bool {
    is_token_byte(byte) && !byte.is_ascii_uppercase()
}

/// No controls but tabs; if `strict`, no white space at either end. RFC 9113 §8.2.1.
fn is_value(value: &[u8], strict: bool) -> bool {
    let blank = |byte: Option<&u8>| byte.is_some_and(|byte| *byte == b' ' || *byte == b'\t');
    if strict && (blank(value.first()) || blank(value.last())) {
        return false;
    }
    value.iter().all(|byte| *byte == b'\t' || (*byte >= 0x20 && *byte != 0x7f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(block: Block, fields: &[(&str, &str)], want: bool) {
        let mut checker = Checker::new(block, true, false);
        let good = fields.iter().all(|(name, value)| checker.field(name.as_bytes(), value.as_bytes()) != Verdict::Bad);
        assert_eq!(good && checker.finish(), want, "{fields:?}");
    }

    const HEAD: [(&str, &str); 4] = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "x")];

    fn request(more: &[(&str, &str)], want: bool) {
        let all: Vec<_> = HEAD.iter().chain(more).copied().collect();
        check(Block::Request, &all, want);
    }

    #[test]
    fn requests() {
        request(&[], true);
        request(&[("te", "trailers"), ("content-length", "5")], true);
        request(&[("connection", "close")], false);
        request(&[("te", "gzip")], false);
        request(&[("content-length", "5"), ("content-length", "5")], false);
        request(&[("content-length", "-1")], false);
        request(&[("X-Upper", "1")], false);
        request(&[("x", "1"), (":path", "/late")], false);
        request(&[(":path", "/twice")], false);
        request(&[(":status", "200")], false);
        request(&[(":protocol", "websocket")], false);
        check(Block::Request, &HEAD[..3], false);
        check(Block::Request, &[(":method", "CONNECT"), (":authority", "x:1")], true);
        check(Block::Request, &[(":method", "CONNECT"), (":authority", "x:1"), (":path", "/")], false);
    }

    #[test]
    fn responses() {
        check(Block::Response, &[(":status", "200")], true);
        check(Block::Response, &[(":status", "101")], false);
        check(Block::Response, &[(":status", "20")], false);
        check(Block::Response, &[("x", "y")], false);
        check(Block::Response, &[(":status", "204"), ("content-length", "7")], false);
        check(Block::Trailers, &[("x", "y")], true);
        check(Block::Trailers, &[(":status", "200")], false);
    }

    #[test]
    fn odd_fields_are_left_out() {
        let mut checker = Checker::new(Block::Trailers, true, false);
        assert_eq!(checker.field(b"a b", b"1"), Verdict::Ignore);
        assert_eq!(checker.field(b"a", b" 1"), Verdict::Ignore);
        assert_eq!(checker.field(b"a", b"1\r\nb: 2"), Verdict::Ignore);
        assert_eq!(checker.field(b"", b"1"), Verdict::Ignore);
        assert_eq!(Checker::new(Block::Trailers, false, false).field(b"a", b" 1 "), Verdict::Keep);
    }
}
