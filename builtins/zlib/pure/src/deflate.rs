//! Deflate: raw (RFC 1951), zlib (RFC 1950) and gzip (RFC 1952).

use crate::{Codec, CodecError, Progress, Z_DATA_ERROR, Z_FINISH, Z_NEED_DICT, Z_STREAM_ERROR};
use zlib_rs::adler32::adler32;
use zlib_rs::crc32::crc32;
use zlib_rs::{Deflate, DeflateConfig, DeflateFlush, Inflate, InflateError, InflateFlush, Method, Status, Strategy};

/// What surrounds the compressed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// gzip or zlib, whichever the first bytes show. Decompression only.
    Auto,
    /// RFC 1952; further members may follow.
    Gzip,
    /// Nothing.
    Raw,
    /// RFC 1950
    Zlib,
}

/// Options of a compressor, in the ranges of `zlib.constants`.
#[derive(Clone, Debug)]
pub struct DeflateOptions {
    /// Preset dictionary; empty for none.
    pub dictionary: Vec<u8>,
    /// -1 to 9
    pub level: i32,
    /// 1 to 9
    pub mem_level: i32,
    /// 0 to 4
    pub strategy: i32,
    /// 8 to 15
    pub window_bits: i32,
}

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

fn init_failed() -> CodecError {
    CodecError::new(Z_STREAM_ERROR, "Z_STREAM_ERROR", "Init error")
}

fn strategy(number: i32) -> Option<Strategy> {
    Some(match number {
        0 => Strategy::Default,
        1 => Strategy::Filtered,
        2 => Strategy::HuffmanOnly,
        3 => Strategy::Rle,
        4 => Strategy::Fixed,
        _ => return None,
    })
}

/// The header and trailer are written here, around a raw stream: so another raw stream, with other parameters, can
/// take over after a flush.
struct Compressor {
    checksum: u32,
    deflate: Deflate,
    ended: bool,
    format: Format,
    options: DeflateOptions,
    /// Bytes of header or trailer that still have to go out.
    pending: Vec<u8>,
    /// Bytes of input so far.
    total: u64,
}

/// # Errors
/// Z_STREAM_ERROR for options out of range.
pub fn compressor(format: Format, options: DeflateOptions) -> Result<Box<dyn Codec>, CodecError> {
    let in_range = (8..=15).contains(&options.window_bits)
        && (1..=9).contains(&options.mem_level)
        && (-1..=9).contains(&options.level)
        && format != Format::Auto;
    if !in_range {
        return Err(init_failed());
    }
    // A window of 256 bytes does not work in any deflate: zlib, too, uses one of 512 and says so.
    let options = DeflateOptions { window_bits: options.window_bits.max(9), ..options };
    let mut codec = Compressor {
        checksum: 0,
        deflate: make_deflate(&options)?,
        ended: false,
        format,
        options,
        pending: Vec::new(),
        total: 0,
    };
    codec.start()?;
    Ok(Box::new(codec))
}

fn make_deflate(options: &DeflateOptions) -> Result<Deflate, CodecError> {
    let strategy = strategy(options.strategy).ok_or_else(init_failed)?;
    Ok(Deflate::new_with_config(DeflateConfig {
        level: options.level,
        method: Method::Deflated,
        window_bits: -options.window_bits,
        mem_level: options.mem_level,
        strategy,
    }))
}

impl Compressor {
    /// Puts the header into `pending` and the dictionary into the window.
    fn start(&mut self) -> Result<(), CodecError> {
        // gzip has no dictionaries: zlib would refuse, Node does not ask.
        let has_dictionary = self.format != Format::Gzip && !self.options.dictionary.is_empty();
        if has_dictionary && self.deflate.set_dictionary(&self.options.dictionary).is_err() {
            return Err(CodecError::new(Z_STREAM_ERROR, "Z_STREAM_ERROR", "Failed to set dictionary"));
        }
        self.ended = false;
        self.total = 0;
        self.checksum = 0;
        self.pending.clear();
        let DeflateOptions { level, strategy, window_bits, .. } = self.options;
        match self.format {
            Format::Gzip => {
                let extra = match level {
                    9 => 2,
                    _ if level == 1 || level == 0 || strategy >= 2 => 4,
                    _ => 0,
                };
                // No flags, no time; 3 is Unix.
                self.pending.extend([GZIP_MAGIC[0], GZIP_MAGIC[1], 8, 0, 0, 0, 0, 0, extra, 3]);
            }
            Format::Zlib => {
                self.checksum = adler32(1, &[]);
                let method = 8 | (window_bits as u16 - 8) << 4;
                let effort = match level {
                    _ if strategy >= 2 => 0,
                    0 | 1 => 0,
                    2..=5 => 1,
                    -1 | 6 => 2,
                    _ => 3,
                };
                let mut header = method << 8 | effort << 6 | u16::from(has_dictionary) << 5;
                // The header is a multiple of 31.
                header += 31 - header % 31;
                self.pending.extend(header.to_be_bytes());
                if has_dictionary {
                    self.pending.extend(adler32(1, &self.options.dictionary).to_be_bytes());
                }
            }
            Format::Auto | Format::Raw => {}
        }
        Ok(())
    }

    fn count(&mut self, input: &[u8]) {
        self.total += input.len() as u64;
        match self.format {
            Format::Gzip => self.checksum = crc32(self.checksum, input),
            Format::Zlib => self.checksum = adler32(self.checksum, input),
            Format::Auto | Format::Raw => {}
        }
    }

    /// Moves pending bytes to `output` and returns their number.
    fn drain(&mut self, output: &mut [u8]) -> usize {
        let count = self.pending.len().min(output.len());
        output[..count].copy_from_slice(&self.pending[..count]);
        self.pending.drain(..count);
        count
    }
}

impl Codec for Compressor {
    fn step(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<Progress, CodecError> {
        let kind = DeflateFlush::try_from(flush).unwrap_or_default();
        let mut done = Progress { consumed: 0, produced: self.drain(output) };
        if self.ended || done.produced == output.len() {
            return Ok(done);
        }
        let before = (self.deflate.total_in(), self.deflate.total_out());
        let result = self.deflate.compress(input, &mut output[done.produced..], kind);
        done.consumed = (self.deflate.total_in() - before.0) as usize;
        done.produced += (self.deflate.total_out() - before.1) as usize;
        self.count(&input[..done.consumed]);
        match result {
            Ok(Status::StreamEnd) => {
                self.ended = true;
                match self.format {
                    Format::Gzip => {
                        self.pending.extend(self.checksum.to_le_bytes());
                        // Modulo 2^32, as RFC 1952 has it.
                        self.pending.extend((self.total as u32).to_le_bytes());
                    }
                    Format::Zlib => self.pending.extend(self.checksum.to_be_bytes()),
                    Format::Auto | Format::Raw => {}
                }
                done.produced += self.drain(&mut output[done.produced..]);
                Ok(done)
            }
            Ok(_) if flush == Z_FINISH && done.produced < output.len() => Err(CodecError::unexpected_end()),
            Ok(_) => Ok(done),
            Err(_) => Err(CodecError::new(Z_STREAM_ERROR, "Z_STREAM_ERROR", "stream error")),
        }
    }

    fn reset(&mut self) -> Result<(), CodecError> {
        self.deflate.reset();
        self.start()
    }

    /// To be called after a flush: what the raw stream still holds would be lost.
    fn set_params(&mut self, level: i32, strategy: i32) -> Result<(), CodecError> {
        let options = DeflateOptions { level, strategy, ..self.options.clone() };
        self.deflate = make_deflate(&options)?;
        self.options = options;
        if self.total == 0 && !self.pending.is_empty() {
            // Nothing went out yet, so the header can still tell.
            self.start()?;
        }
        Ok(())
    }
}

struct Decompressor {
    dictionary: Vec<u8>,
    format: Format,
    inflate: Inflate,
    /// How many bytes of [`GZIP_MAGIC`] were seen, to tell gzip from zlib; `None` when that is decided.
    magic_seen: Option<usize>,
    window_bits: u8,
}

/// `window_bits`: 8 to 15, or 0 for what the header says.
///
/// # Errors
/// Z_STREAM_ERROR for options out of range.
pub fn decompressor(format: Format, window_bits: i32, dictionary: Vec<u8>) -> Result<Box<dyn Codec>, CodecError> {
    let window_bits = match window_bits {
        // The largest window reads every stream.
        0 if format != Format::Raw => 15,
        8..=15 => window_bits as u8,
        _ => return Err(init_failed()),
    };
    let mut codec = Decompressor {
        dictionary,
        format,
        inflate: make_inflate(format, window_bits),
        magic_seen: (format == Format::Auto).then_some(0),
        window_bits,
    };
    codec.install_raw_dictionary()?;
    Ok(Box::new(codec))
}

fn make_inflate(format: Format, window_bits: u8) -> Inflate {
    match format {
        Format::Auto => Inflate::new(true, window_bits + 32),
        Format::Gzip => Inflate::new(true, window_bits + 16),
        Format::Raw => Inflate::new(false, window_bits),
        Format::Zlib => Inflate::new(true, window_bits),
    }
}

impl Decompressor {
    /// Raw data does not say that it wants a dictionary, so it is there from the start.
    fn install_raw_dictionary(&mut self) -> Result<(), CodecError> {
        if self.format != Format::Raw || self.dictionary.is_empty() {
            return Ok(());
        }
        match self.inflate.set_dictionary(&self.dictionary) {
            Ok(_) => Ok(()),
            Err(_) => Err(CodecError::new(Z_DATA_ERROR, "Z_DATA_ERROR", "Failed to set dictionary")),
        }
    }

    /// Decides between gzip and zlib as soon as the first two bytes are known.
    fn look_for_magic(&mut self, input: &[u8]) {
        for byte in input {
            let Some(seen) = self.magic_seen else { return };
            if *byte != GZIP_MAGIC[seen] {
                self.format = Format::Zlib;
                self.magic_seen = None;
            } else if seen + 1 == GZIP_MAGIC.len() {
                self.format = Format::Gzip;
                self.magic_seen = None;
            } else {
                self.magic_seen = Some(seen + 1);
            }
        }
    }

    fn inflate_error(&self, error: InflateError) -> CodecError {
        let (errno, code, generic) = match error {
            InflateError::NeedDict { .. } => (Z_NEED_DICT, "Z_NEED_DICT", "Missing dictionary"),
            InflateError::StreamError => (Z_STREAM_ERROR, "Z_STREAM_ERROR", "stream error"),
            InflateError::DataError => (Z_DATA_ERROR, "Z_DATA_ERROR", "Zlib error"),
            InflateError::MemError => (-4, "Z_MEM_ERROR", "insufficient memory"),
        };
        CodecError::new(errno, code, self.inflate.error_message().unwrap_or(generic))
    }
}

/// Deflate never shrinks data further than this. zlib's documentation: "Maximum Compression Factor".
const RATIO_MAX: usize = 1032;

impl Codec for Decompressor {
    fn output_guess(&self, input: &[u8]) -> Option<usize> {
        let (_, trailer) = input.split_last_chunk::<4>()?;
        if self.format == Format::Raw || !input.starts_with(&GZIP_MAGIC) {
            return None;
        }
        // ISIZE of RFC 1952: right unless there are several members, or 4 GiB.
        let size = u32::from_le_bytes(*trailer) as usize;
        (size <= input.len().saturating_mul(RATIO_MAX)).then_some(size)
    }

    fn step(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<Progress, CodecError> {
        self.look_for_magic(input);
        let kind = match flush {
            Z_FINISH => InflateFlush::Finish,
            5 => InflateFlush::Block,
            0 => InflateFlush::NoFlush,
            _ => InflateFlush::SyncFlush,
        };
        let mut done = Progress::default();
        loop {
            let before = (self.inflate.total_in(), self.inflate.total_out());
            let result = self.inflate.decompress(&input[done.consumed..], &mut output[done.produced..], kind);
            done.consumed += (self.inflate.total_in() - before.0) as usize;
            done.produced += (self.inflate.total_out() - before.1) as usize;
            match result {
                Ok(Status::StreamEnd) => {
                    let more = self.format == Format::Gzip && input.get(done.consumed).is_some_and(|byte| *byte != 0);
                    if !more {
                        return Ok(done);
                    }
                    // Another member follows (RFC 1952, 2.2); zeros would be padding.
                    self.inflate = make_inflate(Format::Gzip, self.window_bits);
                }
                Ok(_) if flush == Z_FINISH && done.produced < output.len() => {
                    return Err(CodecError::unexpected_end());
                }
                Ok(_) => return Ok(done),
                Err(InflateError::NeedDict { .. }) if !self.dictionary.is_empty() => {
                    if self.inflate.set_dictionary(&self.dictionary).is_err() {
                        return Err(CodecError::new(Z_NEED_DICT, "Z_NEED_DICT", "Bad dictionary"));
                    }
                }
                Err(InflateError::NeedDict { .. }) => {
                    return Err(CodecError::new(Z_NEED_DICT, "Z_NEED_DICT", "Missing dictionary"));
                }
                Err(error) => return Err(self.inflate_error(error)),
            }
        }
    }

    fn reset(&mut self) -> Result<(), CodecError> {
        self.inflate = make_inflate(self.format, self.window_bits);
        self.install_raw_dictionary()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RunError, run};

    const TEXT: &[u8] = b"hello hello hello hello";

    fn options(dictionary: &[u8]) -> DeflateOptions {
        DeflateOptions { dictionary: dictionary.to_vec(), level: -1, mem_level: 8, strategy: 0, window_bits: 15 }
    }

    fn pack(format: Format, dictionary: &[u8]) -> Vec<u8> {
        run(&mut *compressor(format, options(dictionary)).unwrap(), Z_FINISH, TEXT, usize::MAX).unwrap().0
    }

    fn unpack(format: Format, bytes: &[u8], dictionary: &[u8]) -> Result<Vec<u8>, (i32, String)> {
        let mut codec = decompressor(format, 15, dictionary.to_vec()).unwrap();
        match run(&mut *codec, Z_FINISH, bytes, usize::MAX) {
            Ok((output, _)) => Ok(output),
            Err(RunError::Codec(error)) => Err((error.errno, error.message.into_owned())),
            Err(RunError::TooLarge) => unreachable!(),
        }
    }

    #[test]
    fn round_trips() {
        for format in [Format::Gzip, Format::Raw, Format::Zlib] {
            assert_eq!(unpack(format, &pack(format, b""), b"").unwrap(), TEXT, "{format:?}");
        }
        assert_eq!(unpack(Format::Auto, &pack(Format::Gzip, b""), b"").unwrap(), TEXT);
        assert_eq!(unpack(Format::Auto, &pack(Format::Zlib, b""), b"").unwrap(), TEXT);
        for (level, mem_level, strategy, window_bits) in [(0, 1, 4, 8), (9, 9, 2, 9), (1, 5, 3, 15)] {
            for format in [Format::Gzip, Format::Raw, Format::Zlib] {
                let options = DeflateOptions { dictionary: Vec::new(), level, mem_level, strategy, window_bits };
                let packed = run(&mut *compressor(format, options).unwrap(), Z_FINISH, TEXT, 1000).unwrap().0;
                assert_eq!(unpack(format, &packed, b"").unwrap(), TEXT, "{format:?} {level} {window_bits}");
            }
        }
    }

    #[test]
    fn dictionaries() {
        assert_eq!(unpack(Format::Zlib, &pack(Format::Zlib, b"hello"), b"hello").unwrap(), TEXT);
        assert_eq!(unpack(Format::Raw, &pack(Format::Raw, b"hello"), b"hello").unwrap(), TEXT);
        let packed = pack(Format::Zlib, b"hello");
        assert_eq!(unpack(Format::Zlib, &packed, b""), Err((2, "Missing dictionary".into())));
        assert_eq!(unpack(Format::Zlib, &packed, b"other"), Err((2, "Bad dictionary".into())));
    }

    #[test]
    fn members() {
        let two = [pack(Format::Gzip, b""), pack(Format::Gzip, b"")].concat();
        assert_eq!(unpack(Format::Gzip, &two, b"").unwrap(), TEXT.repeat(2));
        assert_eq!(unpack(Format::Auto, &two, b"").unwrap(), TEXT.repeat(2));
        let padded = [pack(Format::Gzip, b""), vec![0; 10]].concat();
        assert_eq!(unpack(Format::Gzip, &padded, b"").unwrap(), TEXT);
        let garbage = [pack(Format::Gzip, b""), b"garbage".to_vec()].concat();
        assert_eq!(unpack(Format::Gzip, &garbage, b""), Err((-3, "incorrect header check".into())));
        let garbage = [pack(Format::Gzip, b""), b"\x1f\x8b\xff\xff".to_vec()].concat();
        assert_eq!(unpack(Format::Gzip, &garbage, b""), Err((-3, "unknown compression method".into())));
        let garbage = [pack(Format::Zlib, b""), b"garbage".to_vec()].concat();
        assert_eq!(unpack(Format::Zlib, &garbage, b"").unwrap(), TEXT);
    }

    #[test]
    fn malformed() {
        let check = |format, bytes: &[u8], errno, message: &str| {
            assert_eq!(unpack(format, bytes, b""), Err((errno, message.to_owned())), "{bytes:x?}");
        };
        check(Format::Zlib, b"abc", -3, "incorrect header check");
        check(Format::Auto, b"abc", -3, "incorrect header check");
        check(Format::Raw, b"abc", -5, "unexpected end of file");
        check(Format::Zlib, b"", -5, "unexpected end of file");
        check(Format::Zlib, &pack(Format::Zlib, b"")[..10], -5, "unexpected end of file");
        let mut packed = pack(Format::Gzip, b"");
        let end = packed.len();
        packed[end - 1] ^= 1;
        check(Format::Gzip, &packed, -3, "incorrect length check");
        packed[end - 6] ^= 1;
        check(Format::Gzip, &packed, -3, "incorrect data check");
    }

    #[test]
    fn any_split_gives_the_same() {
        let packed = [pack(Format::Gzip, b""), pack(Format::Gzip, b"")].concat();
        for split in 0..packed.len() {
            let mut codec = decompressor(Format::Auto, 15, Vec::new()).unwrap();
            let mut all = run(&mut *codec, 0, &packed[..split], usize::MAX).unwrap().0;
            all.extend(run(&mut *codec, Z_FINISH, &packed[split..], usize::MAX).unwrap().0);
            assert_eq!(all, TEXT.repeat(2), "split at {split}");
        }
    }

    #[test]
    fn headers_are_those_of_zlib() {
        let check = |format, level, window_bits, strategy, want: &[u8]| {
            let options = DeflateOptions { level, window_bits, strategy, ..options(b"") };
            let packed = run(&mut *compressor(format, options).unwrap(), Z_FINISH, b"", 1000).unwrap().0;
            assert_eq!(packed, want, "{format:?} {level} {window_bits}");
        };
        check(Format::Zlib, -1, 15, 0, b"\x78\x9c\x03\0\0\0\0\x01");
        check(Format::Zlib, 1, 15, 0, b"\x78\x01\x03\0\0\0\0\x01");
        check(Format::Zlib, 5, 15, 0, b"\x78\x5e\x03\0\0\0\0\x01");
        check(Format::Zlib, 9, 15, 0, b"\x78\xda\x03\0\0\0\0\x01");
        check(Format::Zlib, -1, 8, 0, b"\x18\x95\x03\0\0\0\0\x01");
        check(Format::Gzip, -1, 15, 0, b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0");
    }

    #[test]
    fn params_change_in_the_middle() {
        for format in [Format::Gzip, Format::Raw, Format::Zlib] {
            let mut codec = compressor(format, options(b"")).unwrap();
            let mut packed = run(&mut *codec, 2, TEXT, 1000).unwrap().0;
            codec.set_params(0, 2).unwrap();
            packed.extend(run(&mut *codec, 2, TEXT, 1000).unwrap().0);
            codec.set_params(9, 0).unwrap();
            packed.extend(run(&mut *codec, Z_FINISH, TEXT, 1000).unwrap().0);
            assert_eq!(unpack(format, &packed, b"").unwrap(), TEXT.repeat(3), "{format:?}");
        }
    }

    #[test]
    fn out_of_range() {
        assert!(compressor(Format::Zlib, DeflateOptions { window_bits: 16, ..options(b"") }).is_err());
        assert!(compressor(Format::Zlib, DeflateOptions { mem_level: 0, ..options(b"") }).is_err());
        assert!(compressor(Format::Zlib, DeflateOptions { strategy: 5, ..options(b"") }).is_err());
        assert!(decompressor(Format::Zlib, 7, Vec::new()).is_err());
        assert!(decompressor(Format::Raw, 0, Vec::new()).is_err());
    }
}
