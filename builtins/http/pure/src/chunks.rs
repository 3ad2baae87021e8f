//! The chunked coding: sizes and extensions. RFC 9112 §7.1.

use crate::error::{self, Error};
use crate::tables::{is_quoted, is_token, is_value};

/// The longest extensions of one chunk, in bytes. Node docs: HPE_CHUNK_EXTENSIONS_OVERFLOW.
const EXTENSIONS_MAX: u32 = 16 * 1024;

/// Where in a chunk's first line the parser is.
///
/// ```text
/// SizeStart -> Size -> [ExtStart -> ExtName -> [ExtValueStart -> ExtValue | Quoted -> AfterQuoted]] -> Lf -> done
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    AfterQuoted,
    ExtName,
    ExtStart,
    ExtValue,
    Lf,
    Quoted,
    QuotedPair,
    Size,
    SizeStart,
    SpacesAfterSize,
}

/// The line that starts a chunk.
#[derive(Debug)]
pub(crate) struct ChunkLine {
    extension_bytes: u32,
    size: u64,
    state: State,
}

impl ChunkLine {
    pub(crate) fn new() -> ChunkLine {
        ChunkLine { extension_bytes: 0, size: 0, state: State::SizeStart }
    }

    /// Takes one byte. The chunk's size when the line is complete.
    pub(crate) fn byte(&mut self, byte: u8, lenient: bool) -> Result<Option<u64>, Error> {
        if !matches!(self.state, State::SizeStart | State::Size | State::Lf) {
            self.extension_bytes += 1;
            if self.extension_bytes > EXTENSIONS_MAX {
                return Err(error::EXTENSION_OVERFLOW);
            }
        }
        self.state = match self.state {
            State::SizeStart => {
                self.digit(byte)?;
                State::Size
            }
            State::Size => match byte {
                b'\r' => State::Lf,
                b';' => State::ExtStart,
                b'\n' if lenient => return Ok(Some(self.size)),
                b'\n' => return Err(error::CHUNK_SIZE_CR),
                b' ' | b'\t' if lenient => State::SpacesAfterSize,
                _ => {
                    self.digit(byte)?;
                    State::Size
                }
            },
            State::SpacesAfterSize => match byte {
                b' ' | b'\t' => State::SpacesAfterSize,
                b'\r' => State::Lf,
                b';' => State::ExtStart,
                _ => return Err(error::CHUNK_SIZE),
            },
            State::Lf if byte == b'\n' => return Ok(Some(self.size)),
            State::Lf => return Err(error::CHUNK_SIZE_LF),
            State::ExtStart if is_token(byte) => State::ExtName,
            State::ExtStart if byte == b'=' => State::ExtValue,
            State::ExtStart if matches!(byte, b'\r' | b'\n' | b' ') => return Err(error::EXTENSION),
            State::ExtStart => return Err(error::EXTENSION_NAME),
            State::ExtName => match byte {
                b'\r' => State::Lf,
                b'\n' if lenient => return Ok(Some(self.size)),
                b'\n' => return Err(error::EXTENSION_NAME_CR),
                b'=' => State::ExtValue,
                b';' => State::ExtStart,
                _ if is_token(byte) => State::ExtName,
                _ => return Err(error::EXTENSION_NAME),
            },
            State::ExtValue => match byte {
                b'"' => State::Quoted,
                b'\r' => State::Lf,
                b'\n' if lenient => return Ok(Some(self.size)),
                b'\n' => return Err(error::EXTENSION_VALUE_CR),
                b';' => State::ExtStart,
                _ if is_token(byte) => State::ExtValue,
                _ => return Err(error::EXTENSION_VALUE),
            },
            State::Quoted => match byte {
                b'"' => State::AfterQuoted,
                b'\\' => State::QuotedPair,
                _ if is_quoted(byte) => State::Quoted,
                _ => return Err(error::EXTENSION_QUOTED),
            },
            State::QuotedPair if is_value(byte) => State::Quoted,
            State::QuotedPair => return Err(error::EXTENSION_QUOTED),
            State::AfterQuoted => match byte {
                b'\r' => State::Lf,
                b'\n' if lenient => return Ok(Some(self.size)),
                b'\n' => return Err(error::EXTENSION_VALUE_CR),
                b';' => State::ExtStart,
                _ => return Err(error::EXTENSION_AFTER_QUOTED),
            },
        };
        Ok(None)
    }

    fn digit(&mut self, byte: u8) -> Result<(), Error> {
        let digit = char::from(byte).to_digit(16).ok_or(error::CHUNK_SIZE)?;
        if self.size >> 60 != 0 {
            return Err(error::CHUNK_SIZE_OVERFLOW);
        }
        self.size = self.size << 4 | u64::from(digit);
        Ok(())
    }
}
