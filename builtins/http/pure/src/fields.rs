//! Header fields: where they are stored, and what the parser itself must know of them to find the end of a message.

use crate::error::{self, Error};

/// Names and values, end to end in one buffer.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub(crate) bytes: Vec<u8>,
    /// For each field: end of its name, end of its value.
    pub(crate) ends: Vec<(u32, u32)>,
    pub(crate) name_end: u32,
}

impl Fields {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.name_end = 0;
    }

    /// Where the field that is being read starts.
    pub(crate) fn start(&self) -> usize {
        self.ends.last().map_or(0, |(_, end)| *end as usize)
    }

    /// The name of the field that is being read, once it is complete.
    pub(crate) fn name(&self) -> &[u8] {
        &self.bytes[self.start()..self.name_end as usize]
    }

    /// The value of the field that is being read, so far.
    pub(crate) fn value(&self) -> &[u8] {
        &self.bytes[self.name_end as usize..]
    }

    pub(crate) fn end_name(&mut self) {
        self.name_end = self.bytes.len() as u32;
    }

    /// Ends the value, without the white space after it.
    pub(crate) fn end_value(&mut self) {
        while self.bytes.len() > self.name_end as usize && matches!(self.bytes.last(), Some(b' ' | b'\t')) {
            self.bytes.pop();
        }
        self.ends.push((self.name_end, self.bytes.len() as u32));
    }

    /// All fields: names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut start = 0;
        self.ends.iter().map(move |(name_end, end)| {
            let from = start;
            start = *end as usize;
            (&self.bytes[from..*name_end as usize], &self.bytes[*name_end as usize..*end as usize])
        })
    }
}

/// What the fields seen so far say about framing and the connection.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Framing {
    /// `chunked` is the last coding.
    pub(crate) chunked: bool,
    pub(crate) close: bool,
    pub(crate) content_length: Option<u64>,
    pub(crate) keep_alive: bool,
    pub(crate) transfer_encoding: bool,
    pub(crate) upgrade: bool,
    /// `Connection: upgrade`.
    pub(crate) upgrade_token: bool,
}

/// Which fields the parser looks into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Connection,
    ContentLength,
    Other,
    TransferEncoding,
    Upgrade,
}

impl Known {
    pub(crate) fn of(name: &[u8]) -> Known {
        match name.len() {
            7 if name.eq_ignore_ascii_case(b"upgrade") => Known::Upgrade,
            10 if name.eq_ignore_ascii_case(b"connection") => Known::Connection,
            14 if name.eq_ignore_ascii_case(b"content-length") => Known::ContentLength,
            16 if name.eq_ignore_ascii_case(b"proxy-connection") => Known::Connection,
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => Known::TransferEncoding,
            _ => Known::Other,
        }
    }
}

impl Framing {
    /// A name is complete.
    ///
    /// # Errors
    /// Both `Content-Length` and `Transfer-Encoding`: how requests get smuggled. RFC 9112 §6.1.
    pub(crate) fn name(&self, known: Known, lenient: bool) -> Result<(), Error> {
        match known {
            Known::ContentLength if self.transfer_encoding && !lenient => Err(error::LENGTH_WITH_ENCODING),
            Known::TransferEncoding if self.content_length.is_some() && !lenient => Err(error::ENCODING_WITH_LENGTH),
            _ => Ok(()),
        }
    }

    /// A value is complete.
    ///
    /// # Errors
    /// A length that is no number, or given twice; codings after `chunked` in a request. RFC 9112 §6.3.
    pub(crate) fn value(&mut self, known: Known, value: &[u8], request: bool, lenient: bool) -> Result<(), Error> {
        match known {
            Known::Other => {}
            Known::Upgrade => self.upgrade = true,
            Known::Connection => {
                for token in value.split(|byte| *byte == b',') {
                    let token = token.trim_ascii();
                    self.close |= token.eq_ignore_ascii_case(b"close");
                    self.keep_alive |= token.eq_ignore_ascii_case(b"keep-alive");
                    self.upgrade_token |= token.eq_ignore_ascii_case(b"upgrade");
                }
            }
            Known::ContentLength => {
                if self.content_length.is_some() {
                    return Err(error::LENGTH_TWICE);
                }
                self.content_length = Some(parse_length(value)?);
            }
            Known::TransferEncoding => {
                if value.is_empty() {
                    return Err(error::ENCODING_EMPTY);
                }
                for token in value.split(|byte| *byte == b',') {
                    if self.chunked && request && !lenient {
                        return Err(error::ENCODING_VALUE);
                    }
                    self.chunked = without_spaces(token).eq_ignore_ascii_case(b"chunked");
                }
                self.transfer_encoding = true;
            }
        }
        Ok(())
    }
}

/// Without white space before it, and without spaces after it.
fn without_spaces(token: &[u8]) -> &[u8] {
    let mut token = token.trim_ascii_start();
    while let [rest @ .., b' '] = token {
        token = rest;
    }
    token
}

fn parse_length(value: &[u8]) -> Result<u64, Error> {
    if value.is_empty() {
        return Err(error::LENGTH_EMPTY);
    }
    let mut length: u64 = 0;
    for byte in value {
        if !byte.is_ascii_digit() {
            return Err(error::LENGTH_CHAR);
        }
        // A length that wraps would let the rest of a body pass as a request.
        length = length
            .checked_mul(10)
            .and_then(|length| length.checked_add(u64::from(byte - b'0')))
            .ok_or(error::LENGTH_OVERFLOW)?;
    }
    Ok(length)
}
