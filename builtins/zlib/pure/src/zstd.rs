//! Zstandard (RFC 8878).

use crate::{Codec, CodecError, Progress};
use zstd_safe::zstd_sys::ZSTD_EndDirective;
use zstd_safe::{CCtx, CParameter, DCtx, DParameter, InBuffer, OutBuffer, ResetDirective, Strategy, get_error_name};

/// ZSTD_e_end
const END: i32 = 2;

/// A parameter as in `zlib.constants`: ZSTD_c_... or ZSTD_d_..., and its value.
pub type Parameter = (u32, i32);

/// ZSTD_error_srcSize_wrong
const SRC_SIZE_WRONG: usize = 72;

/// The first bytes of a frame, little end first.
const FRAME_MAGIC: u32 = 0xfd2f_b528;
/// The first bytes of a skippable frame, without the low four bits.
const SKIPPABLE_MAGIC: u32 = 0x184d_2a50;

fn init_failed(message: &'static str) -> CodecError {
    CodecError::new(-1, "ERR_ZLIB_INITIALIZATION_FAILED", message)
}

/// The error behind a result code of libzstd, which is the number negated.
fn zstd_error(code: usize) -> CodecError {
    let number = 0usize.wrapping_sub(code);
    let name = match number {
        10 => "ZSTD_error_prefix_unknown",
        12 => "ZSTD_error_version_unsupported",
        14 => "ZSTD_error_frameParameter_unsupported",
        16 => "ZSTD_error_frameParameter_windowTooLarge",
        20 => "ZSTD_error_corruption_detected",
        22 => "ZSTD_error_checksum_wrong",
        24 => "ZSTD_error_literals_headerWrong",
        30 => "ZSTD_error_dictionary_corrupted",
        32 => "ZSTD_error_dictionary_wrong",
        34 => "ZSTD_error_dictionaryCreation_failed",
        40 => "ZSTD_error_parameter_unsupported",
        41 => "ZSTD_error_parameter_combination_unsupported",
        42 => "ZSTD_error_parameter_outOfBound",
        44 => "ZSTD_error_tableLog_tooLarge",
        46 => "ZSTD_error_maxSymbolValue_tooLarge",
        48 => "ZSTD_error_maxSymbolValue_tooSmall",
        50 => "ZSTD_error_stabilityCondition_notRespected",
        60 => "ZSTD_error_stage_wrong",
        62 => "ZSTD_error_init_missing",
        64 => "ZSTD_error_memory_allocation",
        66 => "ZSTD_error_workSpace_tooSmall",
        70 => "ZSTD_error_dstSize_tooSmall",
        72 => "ZSTD_error_srcSize_wrong",
        74 => "ZSTD_error_dstBuffer_null",
        80 => "ZSTD_error_noForwardProgress_destFull",
        82 => "ZSTD_error_noForwardProgress_inputEmpty",
        _ => "ZSTD_error_GENERIC",
    };
    CodecError { code: name.into(), errno: number as i32, message: get_error_name(code).into() }
}

struct Compressor {
    context: CCtx<'static>,
    /// The size the frame header announces, in bytes.
    pledged: Option<u64>,
    /// Bytes taken since the frame began.
    taken: u64,
}

/// # Errors
/// ERR_ZLIB_INITIALIZATION_FAILED for a parameter or dictionary that libzstd refuses.
pub fn compressor(
    parameters: &[Parameter],
    dictionary: &[u8],
    pledged: Option<u64>,
) -> Result<Box<dyn Codec>, CodecError> {
    let mut context = CCtx::try_create().ok_or_else(|| init_failed("Could not initialize zstd instance"))?;
    for (id, value) in parameters {
        compression_parameter(*id, *value)
            .and_then(|parameter| context.set_parameter(parameter).ok())
            .ok_or_else(|| init_failed("Setting parameter failed"))?;
    }
    if !dictionary.is_empty() {
        context.load_dictionary(dictionary).map_err(|_| init_failed("Failed to load zstd dictionary"))?;
    }
    let mut codec = Compressor { context, pledged, taken: 0 };
    codec.pledge()?;
    Ok(Box::new(codec))
}

fn compression_parameter(id: u32, value: i32) -> Option<CParameter> {
    let unsigned = u32::try_from(value);
    Some(match id {
        100 => CParameter::CompressionLevel(value),
        101 => CParameter::WindowLog(unsigned.ok()?),
        102 => CParameter::HashLog(unsigned.ok()?),
        103 => CParameter::ChainLog(unsigned.ok()?),
        104 => CParameter::SearchLog(unsigned.ok()?),
        105 => CParameter::MinMatch(unsigned.ok()?),
        106 => CParameter::TargetLength(unsigned.ok()?),
        107 => CParameter::Strategy(match value {
            1 => Strategy::ZSTD_fast,
            2 => Strategy::ZSTD_dfast,
            3 => Strategy::ZSTD_greedy,
            4 => Strategy::ZSTD_lazy,
            5 => Strategy::ZSTD_lazy2,
            6 => Strategy::ZSTD_btlazy2,
            7 => Strategy::ZSTD_btopt,
            8 => Strategy::ZSTD_btultra,
            9 => Strategy::ZSTD_btultra2,
            _ => return None,
        }),
        160 => CParameter::EnableLongDistanceMatching(value != 0),
        161 => CParameter::LdmHashLog(unsigned.ok()?),
        162 => CParameter::LdmMinMatch(unsigned.ok()?),
        163 => CParameter::LdmBucketSizeLog(unsigned.ok()?),
        164 => CParameter::LdmHashRateLog(unsigned.ok()?),
        200 => CParameter::ContentSizeFlag(value != 0),
        201 => CParameter::ChecksumFlag(value != 0),
        202 => CParameter::DictIdFlag(value != 0),
        400 => CParameter::NbWorkers(unsigned.ok()?),
        401 => CParameter::JobSize(unsigned.ok()?),
        402 => CParameter::OverlapSizeLog(unsigned.ok()?),
        _ => return None,
    })
}

impl Compressor {
    fn pledge(&mut self) -> Result<(), CodecError> {
        self.taken = 0;
        self.context.set_pledged_src_size(self.pledged).map_err(zstd_error)?;
        Ok(())
    }

    /// libzstd forgets the promise when the only call of a frame is the one that ends it.
    fn check_pledge(&self, ended: bool) -> Result<(), CodecError> {
        match self.pledged {
            Some(pledged) if self.taken > pledged || (ended && self.taken < pledged) => {
                Err(zstd_error(0usize.wrapping_sub(SRC_SIZE_WRONG)))
            }
            _ => Ok(()),
        }
    }
}

impl Codec for Compressor {
    fn step(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<Progress, CodecError> {
        let directive = match flush {
            0 => ZSTD_EndDirective::ZSTD_e_continue,
            1 => ZSTD_EndDirective::ZSTD_e_flush,
            _ => ZSTD_EndDirective::ZSTD_e_end,
        };
        let mut source = InBuffer::around(input);
        let mut target = OutBuffer::around(output);
        loop {
            let left = self.context.compress_stream2(&mut target, &mut source, directive).map_err(zstd_error)?;
            let progress = Progress { consumed: source.pos(), produced: target.pos() };
            let fed = progress.consumed == input.len() && (flush == 0 || left == 0);
            // With workers a call may return before there is anything to show.
            if fed || progress.produced == target.capacity() {
                self.taken += progress.consumed as u64;
                self.check_pledge(flush == END && left == 0)?;
                return Ok(progress);
            }
        }
    }

    fn reset(&mut self) -> Result<(), CodecError> {
        self.context.reset(ResetDirective::SessionOnly).map_err(zstd_error)?;
        self.pledge()
    }
}

struct Decompressor {
    context: DCtx<'static>,
    /// Between frames; what follows is the end unless it is another frame.
    finished: bool,
    /// Whether anything was decoded at all.
    started: bool,
}

/// # Errors
/// ERR_ZLIB_INITIALIZATION_FAILED for a parameter or dictionary that libzstd refuses.
pub fn decompressor(parameters: &[Parameter], dictionary: &[u8]) -> Result<Box<dyn Codec>, CodecError> {
    let mut context = DCtx::try_create().ok_or_else(|| init_failed("Could not initialize zstd instance"))?;
    for (id, value) in parameters {
        let parameter = match (id, u32::try_from(*value)) {
            (100, Ok(value)) => DParameter::WindowLogMax(value),
            _ => return Err(init_failed("Setting parameter failed")),
        };
        context.set_parameter(parameter).map_err(|_| init_failed("Setting parameter failed"))?;
    }
    if !dictionary.is_empty() {
        context.load_dictionary(dictionary).map_err(|_| init_failed("Failed to load zstd dictionary"))?;
    }
    Ok(Box::new(Decompressor { context, finished: false, started: false }))
}

/// Whether `input` starts a frame, as far as it goes.
fn starts_frame(input: &[u8]) -> bool {
    let frame = FRAME_MAGIC.to_le_bytes();
    let skippable = SKIPPABLE_MAGIC.to_le_bytes();
    let is_frame = input.iter().zip(frame).all(|(byte, magic)| *byte == magic);
    let is_skippable = input
        .iter()
        .zip(skippable)
        .enumerate()
        .all(|(at, (byte, magic))| if at == 0 { byte & 0xf0 == magic } else { *byte == magic });
    !input.is_empty() && (is_frame || is_skippable)
}

impl Codec for Decompressor {
    fn step(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<Progress, CodecError> {
        let mut source = InBuffer::around(input);
        let mut target = OutBuffer::around(output);
        loop {
            if self.finished && !starts_frame(&input[source.pos()..]) {
                break;
            }
            self.started = true;
            let before = (source.pos(), target.pos());
            let hint = self.context.decompress_stream(&mut target, &mut source).map_err(zstd_error)?;
            self.finished = hint == 0;
            let stuck = before == (source.pos(), target.pos());
            if target.pos() == target.capacity() || (!self.finished && (source.pos() == input.len() || stuck)) {
                break;
            }
        }
        let progress = Progress { consumed: source.pos(), produced: target.pos() };
        if flush == END && !self.finished && progress.produced < target.capacity() {
            return Err(CodecError::unexpected_end());
        }
        Ok(progress)
    }

    fn reset(&mut self) -> Result<(), CodecError> {
        self.context.reset(ResetDirective::SessionOnly).map_err(zstd_error)?;
        self.finished = false;
        self.started = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RunError, run};

    const TEXT: &[u8] = b"hello hello hello hello";

    fn pack(parameters: &[Parameter], dictionary: &[u8]) -> Vec<u8> {
        run(&mut *compressor(parameters, dictionary, None).unwrap(), END, TEXT, 1000).unwrap().0
    }

    fn unpack(bytes: &[u8], dictionary: &[u8]) -> Result<Vec<u8>, (i32, String)> {
        match run(&mut *decompressor(&[], dictionary).unwrap(), END, bytes, 1000) {
            Ok((output, _)) => Ok(output),
            Err(RunError::Codec(error)) => Err((error.errno, error.code.into_owned())),
            Err(RunError::TooLarge) => unreachable!(),
        }
    }

    #[test]
    fn round_trips() {
        for parameters in [vec![], vec![(100, -5)], vec![(100, 99)], vec![(201, 1), (107, 9)], vec![(400, 1)]] {
            assert_eq!(unpack(&pack(&parameters, b""), b"").unwrap(), TEXT, "{parameters:?}");
        }
        assert_eq!(unpack(&pack(&[], b"hello hello"), b"hello hello").unwrap(), TEXT);
        assert_eq!(unpack(&[pack(&[], b""), pack(&[], b"")].concat(), b"").unwrap(), TEXT.repeat(2));
        assert_eq!(unpack(&[pack(&[], b""), b"rest".to_vec()].concat(), b"").unwrap(), TEXT);
    }

    #[test]
    fn malformed() {
        assert_eq!(unpack(b"abcdefgh", b""), Err((10, "ZSTD_error_prefix_unknown".into())));
        assert_eq!(unpack(b"", b""), Err((-5, "Z_BUF_ERROR".into())));
        assert_eq!(unpack(&pack(&[], b"")[..15], b""), Err((-5, "Z_BUF_ERROR".into())));
        let mut packed = pack(&[(201, 1)], b"");
        *packed.last_mut().unwrap() ^= 1;
        assert_eq!(unpack(&packed, b""), Err((22, "ZSTD_error_checksum_wrong".into())));
    }

    #[test]
    fn refused() {
        assert!(compressor(&[(999, 1)], b"", None).is_err());
        assert!(compressor(&[(101, 5)], b"", None).is_err());
        assert!(decompressor(&[(100, 9)], b"").is_err());
        let mut codec = compressor(&[], b"", Some(5)).unwrap();
        let Err(RunError::Codec(error)) = run(&mut *codec, END, TEXT, 1000) else { unreachable!() };
        assert_eq!((error.errno, &*error.message), (72, "Src size is incorrect"));
    }
}
