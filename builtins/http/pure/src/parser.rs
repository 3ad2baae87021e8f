//! The state machine.
//!
//! ```text
//! Start -> Method -> UrlStart -> Url.. -> Protocol -> Version -> Line end -+-> Field* -> HeadersLf -> [head]
//! Start -> Protocol -> Version -> Status -> Reason -> Line end ------------+
//! [head] -> Length | UntilEof | ChunkSize -> ChunkData -> .. -> Trailer fields -> [end] -> Start | Closed
//! ```
//!
//! **Invariant:** what `execute` yields does not depend on how the input was split, apart from the borders of `Body`.

use crate::chunks::ChunkLine;
use crate::error::{self, Error};
use crate::fields::{Fields, Framing, Known};
use crate::tables::{FOREIGN_METHODS, METHODS, is_token, is_url, is_value};

/// What a parser reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Requests, as a server does.
    Request,
    /// Responses, as a client does.
    Response,
}

/// How much, and how strictly.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest head, in bytes of its URL or reason, names and values. Node docs: http.maxHeaderSize.
    pub header_bytes_max: usize,
    /// Accepts what real peers get wrong. Node docs: insecureHTTPParser.
    pub lenient: bool,
    /// Accepts control characters in values of fields, as Fetch does. Node docs: httpValidation, "relaxed".
    pub relaxed_values: bool,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Part of the body: `start..end` of the input.
    Body(usize, usize),
    /// The message is complete; trailers, if any, are the parser's fields.
    End,
    /// A head is complete: see [`Parser::head`]. `ended`: so is the message.
    Head {
        /// There is no body.
        ended: bool,
    },
}

/// The start line of a message and what follows from its fields.
#[derive(Clone, Copy, Debug)]
pub struct Head<'p> {
    /// Whether the connection can be used again.
    pub keep_alive: bool,
    /// Index in [`METHODS`]; 0 for responses.
    pub method: usize,
    /// URL of a request, reason phrase of a response.
    pub text: &'p [u8],
    /// 0 for requests.
    pub status: u16,
    /// `CONNECT`, or asks for another protocol.
    pub upgrade: bool,
    /// Major and minor version.
    pub version: (u8, u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    AfterVersion,
    Broken,
    ChunkData,
    ChunkDataCr,
    ChunkDataLf,
    ChunkLine,
    Closed,
    FieldName,
    FieldStart,
    HeadersLf,
    Length,
    Line9Lf,
    LineLf,
    Method,
    Protocol,
    Reason,
    Start,
    Status,
    StatusEnd,
    UntilEof,
    Url(Part),
    UrlStart,
    Value,
    ValueLf,
    ValueStart,
    VersionDot,
    VersionMajor,
    VersionMinor,
}

/// Part of a URL: what may come next depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Fragment,
    Path,
    Query,
    Schema,
    SchemaSlash,
    SchemaSlashSlash,
    Server,
}

/// Reads messages of one connection.
#[derive(Debug)]
pub struct Parser {
    /// What was wrong: every later input is answered with it.
    broken: Error,
    chunk: ChunkLine,
    fields: Fields,
    framing: Framing,
    header_bytes: usize,
    keep_alive: bool,
    kind: Kind,
    limits: Limits,
    method: usize,
    /// Bytes of the method, protocol or status that were matched.
    matched: Vec<u8>,
    protocol: u8,
    /// Bytes of the body or chunk to come.
    remaining: u64,
    state: State,
    status: u16,
    text: Vec<u8>,
    trailers: bool,
    upgrade: bool,
    version: (u8, u8),
    /// Which field is being read.
    known: Known,
}

/// `Ok(true)`: an event that the caller must see before the parser goes on.
type Step = Result<bool, Error>;

impl Parser {
    /// A parser at the start of a connection.
    #[must_use]
    pub fn new(kind: Kind, limits: Limits) -> Parser {
        Parser {
            broken: error::AFTER_CLOSE,
            chunk: ChunkLine::new(),
            fields: Fields::default(),
            framing: Framing::default(),
            header_bytes: 0,
            keep_alive: false,
            kind,
            limits,
            method: 0,
            matched: Vec::new(),
            protocol: 0,
            remaining: 0,
            state: State::Start,
            status: 0,
            text: Vec::new(),
            trailers: false,
            upgrade: false,
            version: (0, 9),
            known: Known::Other,
        }
    }

    /// The last head.
    #[must_use]
    pub fn head(&self) -> Head<'_> {
        Head {
            keep_alive: self.keep_alive,
            method: self.method,
            text: &self.text,
            status: self.status,
            upgrade: self.upgrade,
            version: self.version,
        }
    }

    /// Names and values: after a head its fields, after the end of a message its trailers.
    pub fn fields(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.fields.iter()
    }

    /// How many fields there are.
    #[must_use]
    pub fn fields_count(&self) -> usize {
        self.fields.ends.len()
    }

    /// Whether a message has begun and is not complete.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !matches!(self.state, State::Start | State::Closed | State::Broken)
    }

    /// Says after a head that, whatever its fields claim, no body follows: the answer to HEAD.
    pub fn skip_body(&mut self) {
        if !matches!(self.state, State::Start | State::Closed) {
            // Without a body there is a definite end, so the connection lives on unless the peer said otherwise.
            self.keep_alive = self.wants_keep_alive();
            self.end_message();
        }
    }

    /// Reads `input` from its start, up to the next head or end of a message. Adds what happened to `events`; returns how
    /// many bytes were taken.
    ///
    /// # Errors
    /// With where in `input` the error is. A parser that failed stays broken.
    pub fn execute(&mut self, input: &[u8], events: &mut Vec<Event>) -> Result<usize, (usize, Error)> {
        let mut at = 0;
        while at < input.len() {
            match self.step(input, &mut at, events) {
                Ok(false) => {}
                Ok(true) => return Ok(at),
                Err(error) => {
                    self.state = State::Broken;
                    self.broken = error;
                    return Err((at, error));
                }
            }
        }
        Ok(at)
    }

    /// The peer will send no more. True if that ends a message whose body had no other end.
    ///
    /// # Errors
    /// In the middle of a message.
    pub fn finish(&mut self) -> Result<bool, Error> {
        match self.state {
            State::UntilEof => {
                self.keep_alive = false;
                self.end_message();
                Ok(true)
            }
            State::Start | State::Closed | State::Broken => Ok(false),
            _ => {
                self.state = State::Broken;
                Err(error::EOF)
            }
        }
    }

    fn count(&mut self, bytes: usize) -> Result<(), Error> {
        self.header_bytes += bytes;
        if self.header_bytes >= self.limits.header_bytes_max { Err(error::HEADER_OVERFLOW) } else { Ok(()) }
    }

    fn step(&mut self, input: &[u8], at: &mut usize, events: &mut Vec<Event>) -> Step {
        let byte = input[*at];
        match self.state {
            State::Start => self.start(byte, at)?,
            State::Method => self.method(byte, at)?,
            State::UrlStart => self.url_start(byte, at)?,
            State::Url(part) => self.url(part, input, at)?,
            State::Protocol => self.protocol(byte, at)?,
            State::VersionMajor
            | State::VersionDot
            | State::VersionMinor
            | State::AfterVersion
            | State::LineLf
            | State::Line9Lf => {
                self.version(byte, at)?;
            }
            State::Status | State::StatusEnd | State::Reason => self.status(input, at)?,
            State::FieldStart | State::FieldName => self.field_name(input, at)?,
            State::ValueStart | State::Value | State::ValueLf => self.field_value(input, at)?,
            State::HeadersLf => {
                if byte != b'\n' {
                    if !self.limits.lenient {
                        return Err(error::HEADERS_LF);
                    }
                } else {
                    *at += 1;
                }
                return self.headers_complete(events);
            }
            State::Length | State::ChunkData | State::UntilEof => return Ok(self.body(input, at, events)),
            State::ChunkLine | State::ChunkDataCr | State::ChunkDataLf => self.chunk(input, at)?,
            State::Closed => {
                if byte != b'\r' && byte != b'\n' {
                    if !self.limits.lenient {
                        return Err(error::AFTER_CLOSE);
                    }
                    self.state = State::Start;
                } else {
                    *at += 1;
                }
            }
            State::Broken => return Err(self.broken),
        }
        Ok(false)
    }

    fn start(&mut self, byte: u8, at: &mut usize) -> Result<(), Error> {
        // RFC 9112 §2.2: empty lines before a message are ignored.
        if byte == b'\r' || byte == b'\n' {
            *at += 1;
            return Ok(());
        }
        self.fields.clear();
        self.framing = Framing::default();
        self.header_bytes = 0;
        self.keep_alive = false;
        self.matched.clear();
        self.status = 0;
        self.text.clear();
        self.trailers = false;
        self.upgrade = false;
        self.version = (0, 9);
        self.state = if self.kind == Kind::Request { State::Method } else { State::Protocol };
        Ok(())
    }

    fn method(&mut self, byte: u8, at: &mut usize) -> Result<(), Error> {
        if byte == b' ' || byte == b'\r' || byte == b'\n' {
            let all = METHODS.iter().chain(FOREIGN_METHODS);
            let Some(method) = all.clone().position(|method| method.as_bytes() == self.matched) else {
                return Err(error::METHOD);
            };
            if byte != b' ' {
                return Err(error::METHOD_SPACE);
            }
            self.method = method;
            self.state = State::UrlStart;
            *at += 1;
            return Ok(());
        }
        let whole = METHODS.iter().chain(FOREIGN_METHODS).any(|method| method.as_bytes() == self.matched);
        self.matched.push(byte);
        let known = |method: &&str| method.as_bytes().starts_with(&self.matched);
        if METHODS.iter().any(&known) || FOREIGN_METHODS.iter().any(known) {
            *at += 1;
            return Ok(());
        }
        Err(if whole { error::METHOD_SPACE } else { error::METHOD })
    }

    fn is_connect(&self) -> bool {
        METHODS.get(self.method) == Some(&"CONNECT")
    }

    fn url_start(&mut self, byte: u8, at: &mut usize) -> Result<(), Error> {
        if byte == b' ' {
            *at += 1;
            return Ok(());
        }
        self.state = if self.is_connect() {
            State::Url(Part::Server)
        } else {
            match byte {
                b'/' | b'*' => State::Url(Part::Path),
                _ if byte.is_ascii_alphabetic() => State::Url(Part::Schema),
                _ => return Err(error::URL_START),
            }
        };
        Ok(())
    }

    fn url(&mut self, part: Part, input: &[u8], at: &mut usize) -> Result<(), Error> {
        let from = *at;
        let mut part = part;
        let mut to = from;
        let result = loop {
            let Some(&byte) = input.get(to) else { break Ok(State::Url(part)) };
            match byte {
                b' ' | b'\r' | b'\n' if matches!(part, Part::Schema | Part::SchemaSlash | Part::SchemaSlashSlash) => {
                    to += 1;
                    break Err(error::URL_CHARS);
                }
                b'\t' | b'\x0c' => break Err(error::URL_CHARS),
                b' ' => break Ok(State::Protocol),
                b'\r' => break Ok(State::Line9Lf),
                b'\n' => break Ok(State::FieldStart),
                _ => match next_part(part, byte) {
                    Ok(next) => part = next,
                    Err(error) => break Err(error),
                },
            }
            to += 1;
        };
        self.text.extend_from_slice(&input[from..to.min(input.len())]);
        *at = to;
        self.count(to - from)?;
        self.state = result?;
        if matches!(self.state, State::Protocol | State::Line9Lf | State::FieldStart) {
            *at += 1;
            self.matched.clear();
        }
        Ok(())
    }

    fn protocol(&mut self, byte: u8, at: &mut usize) -> Result<(), Error> {
        if byte == b' ' && self.matched.is_empty() && self.kind == Kind::Request {
            *at += 1;
            return Ok(());
        }
        self.matched.push(byte);
        let names: [&[u8]; 3] = [b"HTTP/", b"RTSP/", b"ICE/"];
        if !names.iter().any(|name| name.starts_with(&self.matched)) {
            return Err(error::PROTOCOL);
        }
        if byte == b'/' {
            self.protocol = self.matched[0];
            let is_source = METHODS.get(self.method) == Some(&"SOURCE");
            if self.kind == Kind::Request {
                match self.protocol {
                    b'H' if self.method >= METHODS.len()
                        && FOREIGN_METHODS.get(self.method - METHODS.len()) != Some(&"PRI") =>
                    {
                        *at += 1;
                        return Err(error::METHOD_FOREIGN);
                    }
                    b'I' if !is_source => {
                        *at += 1;
                        return Err(error::METHOD_ICE);
                    }
                    _ => {}
                }
            }
            self.state = State::VersionMajor;
        }
        *at += 1;
        Ok(())
    }

    fn version(&mut self, byte: u8, at: &mut usize) -> Result<(), Error> {
        self.state = match self.state {
            State::VersionMajor if byte.is_ascii_digit() => {
                self.version.0 = byte - b'0';
                State::VersionDot
            }
            State::VersionMajor => return Err(error::VERSION_MAJOR),
            State::VersionDot if byte == b'.' => State::VersionMinor,
            State::VersionDot => return Err(error::VERSION_DOT),
            State::VersionMinor if byte.is_ascii_digit() => {
                self.version.1 = byte - b'0';
                if !self.limits.lenient && !matches!(self.version, (0, 9) | (1, 0) | (1, 1) | (2, 0)) {
                    *at += usize::from(self.kind == Kind::Request);
                    return Err(error::VERSION);
                }
                State::AfterVersion
            }
            State::VersionMinor => return Err(error::VERSION_MINOR),
            State::AfterVersion if self.kind == Kind::Response => {
                if byte != b' ' {
                    return Err(error::VERSION_SPACE);
                }
                self.matched.clear();
                State::Status
            }
            State::AfterVersion => match byte {
                b'\r' => State::LineLf,
                b'\n' if self.limits.lenient => State::FieldStart,
                b'\n' => {
                    *at += 1;
                    return Err(error::VERSION_CRLF);
                }
                _ => return Err(error::VERSION_CRLF),
            },
            State::LineLf if byte != b'\n' => {
                if self.kind == Kind::Response {
                    return Err(error::STATUS_LF);
                }
                return Err(error::VERSION_LF);
            }
            State::Line9Lf if byte != b'\n' => return Err(error::URL_CRLF),
            _ => State::FieldStart,
        };
        *at += 1;
        if self.state == State::FieldStart
            && self.kind == Kind::Request
            && self.method >= METHODS.len()
            && self.protocol == b'H'
        {
            return Err(error::H2_PREFACE);
        }
        Ok(())
    }

    fn status(&mut self, input: &[u8], at: &mut usize) -> Result<(), Error> {
        let byte = input[*at];
        match self.state {
            State::Status => {
                if !byte.is_ascii_digit() {
                    return Err(error::STATUS_CODE);
                }
                self.status = self.status * 10 + u16::from(byte - b'0');
                self.matched.push(byte);
                if self.matched.len() == 3 {
                    self.state = State::StatusEnd;
                }
                *at += 1;
            }
            State::StatusEnd => {
                self.state = match byte {
                    b' ' => State::Reason,
                    b'\r' => State::LineLf,
                    b'\n' if self.limits.lenient => State::FieldStart,
                    b'\n' => return Err(error::STATUS_CR),
                    _ => return Err(error::STATUS_AFTER),
                };
                *at += 1;
            }
            _ => {
                let rest = &input[*at..];
                let length = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
                self.text.extend_from_slice(&rest[..length]);
                *at += length;
                self.count(length)?;
                match rest.get(length) {
                    Some(b'\r') => self.state = State::LineLf,
                    Some(b'\n') if self.limits.lenient => self.state = State::FieldStart,
                    Some(_) => {
                        *at += 1;
                        return Err(error::STATUS_CR);
                    }
                    None => return Ok(()),
                }
                *at += 1;
            }
        }
        Ok(())
    }

    fn field_name(&mut self, input: &[u8], at: &mut usize) -> Result<(), Error> {
        if self.state == State::FieldStart {
            match input[*at] {
                b'\r' => {
                    self.state = State::HeadersLf;
                    *at += 1;
                    return Ok(());
                }
                b'\n' if self.limits.lenient => {
                    self.state = State::HeadersLf;
                    return Ok(());
                }
                b'\n' => {
                    *at += 1;
                    return Err(error::HEADER_FIELD);
                }
                b' ' | b'\t' => return self.fold(at),
                _ => self.state = State::FieldName,
            }
        }
        let rest = &input[*at..];
        let length = rest.iter().position(|byte| !is_token(*byte)).unwrap_or(rest.len());
        self.fields.bytes.extend_from_slice(&rest[..length]);
        *at += length;
        self.count(length)?;
        let Some(&byte) = rest.get(length) else { return Ok(()) };
        if byte == b' ' {
            let name = &self.fields.bytes[self.fields.start()..];
            let known = Known::of(name) != Known::Other;
            if known && self.limits.lenient {
                *at += 1;
                return Ok(());
            }
            return Err(if known { error::HEADER_FIELD } else { error::HEADER_TOKEN });
        }
        if byte != b':' || self.fields.bytes.len() == self.fields.start() {
            return Err(error::HEADER_TOKEN);
        }
        *at += 1;
        self.fields.end_name();
        self.known = if self.trailers && self.limits.lenient { Known::Other } else { Known::of(self.fields.name()) };
        self.framing.name(self.known, self.limits.lenient)?;
        self.state = State::ValueStart;
        Ok(())
    }

    /// A line that starts with white space: once the continuation of a value. RFC 9112 §5.2 has servers refuse it.
    fn fold(&mut self, at: &mut usize) -> Result<(), Error> {
        if self.fields.ends.is_empty() {
            if self.limits.lenient && !self.trailers {
                *at += 1;
                return Ok(());
            }
            return Err(if self.trailers { error::HEADER_TOKEN } else { error::SPACE_AFTER_LINE });
        }
        if !self.limits.lenient {
            let empty = self.fields.ends.last().is_some_and(|(name_end, end)| name_end == end);
            if empty {
                return Err(error::HEADER_VALUE);
            }
            *at += usize::from(self.kind == Kind::Request && self.fields.ends.len() > 1);
            return Err(error::HEADER_FOLD);
        }
        if let Some((name_end, end)) = self.fields.ends.pop() {
            self.fields.name_end = name_end;
            self.known = if self.trailers { Known::Other } else { Known::of(self.fields.name()) };
            // What was read of a length or a coding was not all of it: the value counts as a whole.
            match self.known {
                Known::ContentLength => return Err(error::LENGTH_TWICE),
                Known::TransferEncoding => self.framing.chunked = false,
                _ => {}
            }
            self.state = if name_end == end { State::ValueStart } else { State::Value };
        }
        Ok(())
    }

    fn field_value(&mut self, input: &[u8], at: &mut usize) -> Result<(), Error> {
        let byte = input[*at];
        match self.state {
            State::ValueStart => {
                if matches!(byte, b' ' | b'\t') {
                    *at += 1;
                    return Ok(());
                }
                if self.known == Known::ContentLength && self.framing.content_length.is_some() {
                    return Err(error::LENGTH_TWICE);
                }
                self.state = State::Value;
                Ok(())
            }
            State::Value => {
                let rest = &input[*at..];
                let lenient = self.limits.lenient;
                let any = lenient || self.limits.relaxed_values;
                let ends =
                    |byte: &u8| !is_value(*byte) && (!any || matches!(byte, b'\r' | b'\n') || (*byte == 0 && !lenient));
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                self.fields.bytes.extend_from_slice(&rest[..length]);
                *at += length;
                self.count(length)?;
                match rest.get(length) {
                    None => Ok(()),
                    Some(b'\r') => {
                        *at += 1;
                        self.state = State::ValueLf;
                        Ok(())
                    }
                    Some(b'\n') if lenient => {
                        *at += 1;
                        self.end_value()
                    }
                    Some(b'\n') => {
                        *at += 1;
                        Err(error::HEADER_CR)
                    }
                    Some(_) if self.known == Known::ContentLength => Err(error::LENGTH_CHAR),
                    Some(_) => Err(error::HEADER_VALUE),
                }
            }
            _ => {
                if byte != b'\n' {
                    return Err(error::HEADER_LF);
                }
                self.end_value()?;
                *at += 1;
                Ok(())
            }
        }
    }

    fn end_value(&mut self) -> Result<(), Error> {
        if self.known != Known::Other {
            let mut value = self.fields.value();
            // A tab at the end is part of a coding, which then is not `chunked`.
            if self.known == Known::TransferEncoding {
                while let [rest @ .., b' '] = value {
                    value = rest;
                }
            } else {
                value = value.trim_ascii();
            }
            self.framing.value(self.known, value, self.kind == Kind::Request, self.limits.lenient)?;
        }
        self.fields.end_value();
        self.state = State::FieldStart;
        Ok(())
    }

    fn wants_keep_alive(&self) -> bool {
        let framing = &self.framing;
        if self.version.0 > 0 && self.version.1 > 0 || self.version.0 > 1 {
            !framing.close
        } else {
            framing.keep_alive && !framing.close
        }
    }

    /// All fields were read: what body follows? RFC 9112 §6.3.
    fn headers_complete(&mut self, events: &mut Vec<Event>) -> Step {
        if self.trailers {
            self.end_message();
            events.push(Event::End);
            return Ok(true);
        }
        let framing = self.framing;
        let request = self.kind == Kind::Request;
        self.keep_alive = self.wants_keep_alive();
        let asks_upgrade = framing.upgrade && framing.upgrade_token;
        self.upgrade = if request { self.is_connect() || asks_upgrade } else { self.status == 101 && asks_upgrade };
        let bodiless = !request && (self.status / 100 == 1 || self.status == 204 || self.status == 304);
        if bodiless || (request && self.is_connect()) {
            self.state = State::Start;
        } else if framing.chunked {
            self.chunk = ChunkLine::new();
            self.state = State::ChunkLine;
        } else if framing.transfer_encoding {
            if request && !self.limits.lenient {
                // The head is valid by itself: users see the request, then the error.
                events.push(Event::Head { ended: false });
                return Err(error::ENCODING_REQUEST);
            }
            self.state = State::UntilEof;
            self.keep_alive = false;
        } else {
            match framing.content_length {
                Some(0) => self.state = State::Start,
                Some(length) => {
                    self.remaining = length;
                    self.state = State::Length;
                }
                None if request => self.state = State::Start,
                None => {
                    self.state = State::UntilEof;
                    self.keep_alive = false;
                }
            }
        }
        let ended = self.state == State::Start;
        if ended {
            self.end_message();
        }
        events.push(Event::Head { ended });
        Ok(true)
    }

    fn end_message(&mut self) {
        if !self.trailers && self.state != State::Start {
            // Trailers are what the fields are from now on, and there are none.
            self.fields.clear();
        }
        // After an interim response, or one that only switches protocols, more always follows.
        let interim = self.kind == Kind::Response && self.status / 100 == 1;
        self.state = if self.keep_alive || interim || self.upgrade { State::Start } else { State::Closed };
    }

    fn body(&mut self, input: &[u8], at: &mut usize, events: &mut Vec<Event>) -> bool {
        let available = input.len() - *at;
        if self.state == State::UntilEof {
            events.push(Event::Body(*at, input.len()));
            *at = input.len();
            return false;
        }
        let take = usize::try_from(self.remaining).map_or(available, |remaining| remaining.min(available));
        events.push(Event::Body(*at, *at + take));
        *at += take;
        self.remaining -= take as u64;
        if self.remaining > 0 {
            return false;
        }
        if self.state == State::ChunkData {
            self.state = State::ChunkDataCr;
            return false;
        }
        self.end_message();
        events.push(Event::End);
        true
    }

    fn chunk(&mut self, input: &[u8], at: &mut usize) -> Result<(), Error> {
        let lenient = self.limits.lenient;
        match (self.state, input[*at]) {
            (State::ChunkLine, byte) => {
                let line = self.chunk.byte(byte, lenient).inspect_err(|error| {
                    // Where the error is shown: at the byte, or behind a line feed that has no CR before it.
                    *at += usize::from(byte == b'\n' && error.code == "HPE_CR_EXPECTED");
                })?;
                *at += 1;
                match line {
                    None => {}
                    Some(0) => {
                        self.fields.clear();
                        self.trailers = true;
                        self.header_bytes = 0;
                        self.state = State::FieldStart;
                    }
                    Some(size) => {
                        self.remaining = size;
                        self.state = State::ChunkData;
                    }
                }
            }
            (State::ChunkDataCr, b'\r') => {
                *at += 1;
                self.state = State::ChunkDataLf;
            }
            (State::ChunkDataCr, b'\n') if !lenient => {
                *at += 1;
                return Err(error::CHUNK_DATA_CR);
            }
            (State::ChunkDataCr, b'\n') => {
                *at += 1;
                self.next_chunk();
            }
            (State::ChunkDataCr, _) if lenient => self.next_chunk(),
            (State::ChunkDataLf, b'\n') => {
                *at += 1;
                self.next_chunk();
            }
            _ => return Err(error::CHUNK_DATA_LF),
        }
        Ok(())
    }

    fn next_chunk(&mut self) {
        self.chunk = ChunkLine::new();
        self.state = State::ChunkLine;
    }
}

fn next_part(part: Part, byte: u8) -> Result<Part, Error> {
    match part {
        Part::Schema if byte.is_ascii_alphabetic() => Ok(Part::Schema),
        Part::Schema if byte == b':' => Ok(Part::SchemaSlash),
        Part::SchemaSlash if byte == b'/' => Ok(Part::SchemaSlashSlash),
        Part::SchemaSlashSlash if byte == b'/' => Ok(Part::Server),
        Part::Schema | Part::SchemaSlash | Part::SchemaSlashSlash => Err(error::URL_SCHEMA),
        Part::Server => match byte {
            b'/' => Ok(Part::Path),
            b'?' => Ok(Part::Query),
            _ if byte.is_ascii_alphanumeric() || b"-_.!~*'();:&=+$,@[]%".contains(&byte) => Ok(Part::Server),
            _ => Err(error::URL_SERVER),
        },
        Part::Path | Part::Query | Part::Fragment => match byte {
            _ if !is_url(byte) => Err(match part {
                Part::Path => error::URL_PATH,
                Part::Query => error::URL_QUERY,
                _ => error::URL_FRAGMENT,
            }),
            b'?' if part == Part::Path => Ok(Part::Query),
            b'#' => Ok(Part::Fragment),
            _ => Ok(part),
        },
    }
}
