//! Compression and decompression in steps: deflate (raw, zlib, gzip), Brotli and Zstandard behind one trait.
//!
//! A step takes input and room for output, and reports how much of each it used. The caller repeats until a step leaves
//! room: then all input is consumed, or the data ended before the input did.
//! Errors carry the code, number and message that Node reports.

#![forbid(unsafe_code)]

pub mod brotli;
pub mod deflate;
pub mod zstd;

use std::borrow::Cow;

/// Z_FINISH: no more input comes.
pub const Z_FINISH: i32 = 4;
/// Z_BUF_ERROR
pub const Z_BUF_ERROR: i32 = -5;
/// Z_DATA_ERROR
pub const Z_DATA_ERROR: i32 = -3;
/// Z_NEED_DICT
pub const Z_NEED_DICT: i32 = 2;
/// Z_STREAM_ERROR
pub const Z_STREAM_ERROR: i32 = -2;

/// What went wrong, the way Node tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodecError {
    /// `error.code`
    pub code: Cow<'static, str>,
    /// `error.errno`
    pub errno: i32,
    /// `error.message`
    pub message: Cow<'static, str>,
}

impl CodecError {
    pub(crate) fn new(errno: i32, code: &'static str, message: &'static str) -> CodecError {
        CodecError { code: code.into(), errno, message: message.into() }
    }

    /// The input ended in the middle of the data.
    pub(crate) fn unexpected_end() -> CodecError {
        CodecError::new(Z_BUF_ERROR, "Z_BUF_ERROR", "unexpected end of file")
    }
}

/// How far a step came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of input that were used.
    pub consumed: usize,
    /// Bytes of output that were written.
    pub produced: usize,
}

/// A compressor or decompressor.
pub trait Codec: Send {
    /// Takes from `input`, writes to `output`. `flush`: the codec's own numbering, as in `zlib.constants`.
    ///
    /// # Errors
    /// Malformed or truncated data. What was written to `output` before is lost.
    fn step(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<Progress, CodecError>;

    /// How many bytes will come of all of `input`, if it says so itself. Only a guess: anything may stand there.
    fn output_guess(&self, _input: &[u8]) -> Option<usize> {
        None
    }

    /// Starts over, with the same parameters.
    ///
    /// # Errors
    /// If the codec cannot be set up again.
    fn reset(&mut self) -> Result<(), CodecError>;

    /// `deflateParams`: another level and strategy from here on. Does nothing for other codecs.
    ///
    /// # Errors
    /// Z_STREAM_ERROR for values out of range.
    fn set_params(&mut self, _level: i32, _strategy: i32) -> Result<(), CodecError> {
        Ok(())
    }
}

/// Why [`run`] has no result.
#[derive(Debug, PartialEq, Eq)]
pub enum RunError {
    /// The data is malformed or truncated.
    Codec(CodecError),
    /// The output would be longer than allowed.
    TooLarge,
}

/// Output grows by at least this many bytes. Node docs: default of `chunkSize`.
const GROW_MIN_BYTES: usize = 16 * 1024;

/// The first guess is at most this many bytes.
const GROW_FIRST_MAX_BYTES: usize = 1024 * 1024;

/// Feeds all of `input` and collects the output, at most `max_output` bytes. What follows the end of the data is left;
/// its length is the second result.
///
/// # Errors
/// See [`RunError`].
pub fn run(codec: &mut dyn Codec, flush: i32, input: &[u8], max_output: usize) -> Result<(Vec<u8>, usize), RunError> {
    // Typical text grows fourfold when decompressed, and shrinks when compressed.
    let typical = input.len().saturating_mul(4).min(GROW_FIRST_MAX_BYTES);
    // One byte more, as a full output asks for another step.
    let guess = codec.output_guess(input).unwrap_or(typical).min(max_output).saturating_add(1);
    let mut output = vec![0; GROW_MIN_BYTES.max(guess)];
    let (mut consumed, mut produced) = (0, 0);
    loop {
        let progress = codec.step(flush, &input[consumed..], &mut output[produced..]).map_err(RunError::Codec)?;
        consumed += progress.consumed;
        produced += progress.produced;
        if produced > max_output {
            return Err(RunError::TooLarge);
        }
        if produced < output.len() {
            break;
        }
        output.resize(output.len() * 2, 0);
    }
    output.truncate(produced);
    output.shrink_to_fit();
    Ok((output, input.len() - consumed))
}

/// CRC-32 of `bytes`, continuing from `start`.
pub fn crc32(start: u32, bytes: &[u8]) -> u32 {
    zlib_rs::crc32::crc32(start, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deflate::{DeflateOptions, Format, compressor, decompressor};

    #[test]
    fn output_limit() {
        let options = DeflateOptions { dictionary: Vec::new(), level: -1, mem_level: 8, strategy: 0, window_bits: 15 };
        let mut deflate = compressor(Format::Zlib, options).unwrap();
        let (packed, rest) = run(&mut *deflate, Z_FINISH, &[7; 100_000], usize::MAX).unwrap();
        assert_eq!(rest, 0);
        let inflate = || decompressor(Format::Zlib, 15, Vec::new()).unwrap();
        assert_eq!(run(&mut *inflate(), Z_FINISH, &packed, 100_000).unwrap().0, vec![7; 100_000]);
        assert_eq!(run(&mut *inflate(), Z_FINISH, &packed, 99_999), Err(RunError::TooLarge));
    }

    #[test]
    fn checksum() {
        assert_eq!(crc32(0, b"hello"), 907_060_870);
        assert_eq!(crc32(crc32(0, b"he"), b"llo"), 907_060_870);
    }
}
