//! Brotli (RFC 7932), with raw shared dictionaries.

use crate::{Codec, CodecError, Progress, run};
use brotli::enc::StandardAlloc;
use brotli::enc::encode::{BrotliEncoderOperation, BrotliEncoderParameter, BrotliEncoderStateStruct};
use brotli_decompressor::{BrotliDecompressStreamWithDictionary, BrotliResult, BrotliState};

/// BROTLI_OPERATION_FINISH
const FINISH: i32 = 2;

/// Bits of the window's size in bytes: BROTLI_MIN_WINDOW_BITS, BROTLI_MAX_WINDOW_BITS, BROTLI_LARGE_MAX_WINDOW_BITS.
const WINDOW_BITS_MIN: u32 = 10;
const WINDOW_BITS_MAX: u32 = 24;
const LARGE_WINDOW_BITS_MAX: u32 = 30;

/// Quality when none is given (BROTLI_DEFAULT_QUALITY), the least that searches a dictionary here, and the most that writes no
/// references to any dictionary.
const QUALITY_DEFAULT: u32 = 11;
const QUALITY_WITH_DICTIONARY: u32 = 10;
const QUALITY_WITHOUT_REFERENCES: u32 = 1;

/// Input that is held back to be compressed with a dictionary, in bytes.
const HELD_MAX_BYTES: usize = 1 << 20;

/// A parameter as in `zlib.constants`: BROTLI_PARAM_... or BROTLI_DECODER_PARAM_..., and its value.
pub type Parameter = (u32, u32);

fn init_failed() -> CodecError {
    CodecError::new(-1, "ERR_ZLIB_INITIALIZATION_FAILED", "Initialization failed")
}

struct Compressor {
    dictionary: Vec<u8>,
    encoder: BrotliEncoderStateStruct<StandardAlloc>,
    parameters: Vec<Parameter>,
}

/// # Errors
/// ERR_ZLIB_INITIALIZATION_FAILED for an unknown parameter.
pub fn compressor(parameters: Vec<Parameter>, dictionary: Vec<u8>) -> Result<Box<dyn Codec>, CodecError> {
    if dictionary.is_empty() {
        return Ok(Box::new(Compressor::new(parameters, Vec::new())?));
    }
    // Unknown parameters are refused at once.
    make_encoder(&parameters, b"")?;
    Ok(Box::new(DictionaryCompressor { dictionary, parameters, state: Held::Input(Vec::new()) }))
}

impl Compressor {
    fn new(parameters: Vec<Parameter>, dictionary: Vec<u8>) -> Result<Self, CodecError> {
        let encoder = make_encoder(&parameters, &dictionary)?;
        Ok(Self { dictionary, encoder, parameters })
    }
}

/// The last value of a parameter that is given.
fn value_of(parameters: &[Parameter], wanted: u32) -> Option<u32> {
    parameters.iter().rfind(|(id, _)| *id == wanted).map(|(_, value)| *value)
}

/// Compresses with a dictionary what is held back until the end, and checks it: once in some hundred inputs the encoder writes
/// references into a dictionary that no decoder takes, and below quality 10 it even fails on its own matches. What is wrong, too
/// long or flushed in between is written without references to any dictionary: right, only not shorter for it.
struct DictionaryCompressor {
    dictionary: Vec<u8>,
    parameters: Vec<Parameter>,
    state: Held,
}

enum Held {
    Input(Vec<u8>),
    /// What is to be written, and how much of it is.
    Packed(Vec<u8>, usize),
    /// A compressor without references, the input it has not got yet, and how much of that it took.
    Stream(Box<Compressor>, Vec<u8>, usize),
}

impl DictionaryCompressor {
    fn without_references(&self) -> Result<Compressor, CodecError> {
        let quality = value_of(&self.parameters, 1).unwrap_or(QUALITY_DEFAULT).min(QUALITY_WITHOUT_REFERENCES);
        let mut parameters = self.parameters.clone();
        parameters.push((1, quality));
        Compressor::new(parameters, Vec::new())
    }

    /// `input` with references to the dictionary, if they come back right.
    fn with_references(&self, input: &[u8]) -> Option<Vec<u8>> {
        let mut encoder = Compressor::new(self.parameters.clone(), self.dictionary.clone()).ok()?;
        let (packed, _) = run(&mut encoder, FINISH, input, usize::MAX / 4).ok()?;
        // BROTLI_DECODER_PARAM_LARGE_WINDOW
        let mut decoder = decompressor(vec![(1, 1)], self.dictionary.clone()).ok()?;
        let (unpacked, _) = run(&mut *decoder, FINISH, &packed, input.len()).ok()?;
        (unpacked == input).then_some(packed)
    }

    fn pack(&self, input: &[u8]) -> Result<Vec<u8>, CodecError> {
        if let Some(packed) = self.with_references(input) {
            return Ok(packed);
        }
        match run(&mut self.without_references()?, FINISH, input, usize::MAX / 4) {
            Ok((packed, _)) => Ok(packed),
            Err(_) => Err(CodecError::new(-1, "ERR_BROTLI_COMPRESSION_FAILED", "Compression failed")),
        }
    }
}

impl Codec for DictionaryCompressor {
    fn step(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<Progress, CodecError> {
        let mut done = Progress::default();
        if let Held::Input(held) = &mut self.state {
            let mut held = std::mem::take(held);
            let searches = value_of(&self.parameters, 1).unwrap_or(QUALITY_DEFAULT) >= QUALITY_WITH_DICTIONARY;
            if searches && (flush == 0 || flush == FINISH) && held.len() + input.len() <= HELD_MAX_BYTES {
                held.extend_from_slice(input);
                done.consumed = input.len();
                self.state = if flush == FINISH { Held::Packed(self.pack(&held)?, 0) } else { Held::Input(held) };
            } else {
                self.state = Held::Stream(Box::new(self.without_references()?), held, 0);
            }
        }
        match &mut self.state {
            Held::Input(_) => {}
            Held::Packed(packed, written) => {
                let count = output.len().min(packed.len() - *written);
                output[..count].copy_from_slice(&packed[*written..*written + count]);
                *written += count;
                done.produced = count;
            }
            Held::Stream(compressor, held, taken) => {
                while *taken < held.len() {
                    let step = compressor.step(0, &held[*taken..], &mut output[done.produced..])?;
                    *taken += step.consumed;
                    done.produced += step.produced;
                    if done.produced == output.len() {
                        return Ok(done);
                    }
                }
                let step = compressor.step(flush, input, &mut output[done.produced..])?;
                done.consumed = step.consumed;
                done.produced += step.produced;
            }
        }
        Ok(done)
    }

    fn reset(&mut self) -> Result<(), CodecError> {
        self.state = Held::Input(Vec::new());
        Ok(())
    }
}

fn make_encoder(
    parameters: &[Parameter],
    dictionary: &[u8],
) -> Result<BrotliEncoderStateStruct<StandardAlloc>, CodecError> {
    let mut encoder = BrotliEncoderStateStruct::new(StandardAlloc::default());
    let is_large = value_of(parameters, 6).is_some_and(|value| value != 0);
    for (id, value) in parameters {
        let parameter = match id {
            0 => BrotliEncoderParameter::BROTLI_PARAM_MODE,
            1 => BrotliEncoderParameter::BROTLI_PARAM_QUALITY,
            2 => BrotliEncoderParameter::BROTLI_PARAM_LGWIN,
            3 => BrotliEncoderParameter::BROTLI_PARAM_LGBLOCK,
            4 if *value <= 1 => BrotliEncoderParameter::BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING,
            5 => BrotliEncoderParameter::BROTLI_PARAM_SIZE_HINT,
            6 => BrotliEncoderParameter::BROTLI_PARAM_LARGE_WINDOW,
            // NPOSTFIX and NDIRECT steer how distances are written; this encoder chooses them itself.
            7 | 8 => continue,
            _ => return Err(init_failed()),
        };
        // Values out of range are brought into range, as by the reference encoder. The window's is needed earlier than this
        // encoder does that: a dictionary has to fit into it.
        let value = match id {
            2 => (*value).clamp(WINDOW_BITS_MIN, if is_large { LARGE_WINDOW_BITS_MAX } else { WINDOW_BITS_MAX }),
            _ => *value,
        };
        encoder.set_parameter(parameter, value);
    }
    if !dictionary.is_empty() {
        encoder.set_custom_dictionary(dictionary.len(), dictionary);
    }
    Ok(encoder)
}

impl Codec for Compressor {
    fn step(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<Progress, CodecError> {
        let operation = match flush {
            0 => BrotliEncoderOperation::BROTLI_OPERATION_PROCESS,
            1 => BrotliEncoderOperation::BROTLI_OPERATION_FLUSH,
            FINISH => BrotliEncoderOperation::BROTLI_OPERATION_FINISH,
            _ => BrotliEncoderOperation::BROTLI_OPERATION_EMIT_METADATA,
        };
        let mut done = Progress::default();
        let (mut available_in, mut available_out) = (input.len(), output.len());
        let ok = self.encoder.compress_stream(
            operation,
            &mut available_in,
            input,
            &mut done.consumed,
            &mut available_out,
            output,
            &mut done.produced,
            &mut None,
            &mut |_, _, _, _| (),
        );
        if !ok {
            return Err(CodecError::new(-1, "ERR_BROTLI_COMPRESSION_FAILED", "Compression failed"));
        }
        Ok(done)
    }

    fn reset(&mut self) -> Result<(), CodecError> {
        self.encoder = make_encoder(&self.parameters, &self.dictionary)?;
        Ok(())
    }
}

type DecoderState = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

struct Decompressor {
    dictionary: Vec<u8>,
    parameters: Vec<Parameter>,
    state: DecoderState,
}

/// # Errors
/// ERR_ZLIB_INITIALIZATION_FAILED for an unknown parameter or a dictionary that cannot be used.
pub fn decompressor(parameters: Vec<Parameter>, dictionary: Vec<u8>) -> Result<Box<dyn Codec>, CodecError> {
    let state = make_decoder(&parameters, &dictionary)?;
    Ok(Box::new(Decompressor { dictionary, parameters, state }))
}

fn make_decoder(parameters: &[Parameter], dictionary: &[u8]) -> Result<DecoderState, CodecError> {
    let alloc = StandardAlloc::default;
    let mut state = DecoderState::new_strict(alloc(), alloc(), alloc());
    for (id, value) in parameters {
        match id {
            // How memory is allocated shows nowhere.
            0 => {}
            1 => state.large_window = *value != 0,
            _ => return Err(init_failed()),
        }
    }
    if !dictionary.is_empty() && !state.attach_external_dictionary(dictionary.len()) {
        return Err(init_failed());
    }
    Ok(state)
}

impl Codec for Decompressor {
    fn step(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<Progress, CodecError> {
        let mut done = Progress::default();
        let (mut available_in, mut available_out, mut total) = (input.len(), output.len(), 0);
        let result = BrotliDecompressStreamWithDictionary(
            &mut available_in,
            &mut done.consumed,
            input,
            &mut available_out,
            &mut done.produced,
            output,
            &mut total,
            &self.dictionary,
            &mut self.state,
        );
        match result {
            BrotliResult::NeedsMoreInput if flush == FINISH => Err(CodecError::unexpected_end()),
            BrotliResult::ResultFailure => {
                let name = format!("{:?}", self.state.error_code);
                let code = format!("ERR_{}", name.strip_prefix("BROTLI_DECODER").unwrap_or(&name));
                let errno = self.state.error_code as i32;
                Err(CodecError { code: code.into(), errno, message: "Decompression failed".into() })
            }
            _ => Ok(done),
        }
    }

    fn reset(&mut self) -> Result<(), CodecError> {
        self.state = make_decoder(&self.parameters, &self.dictionary)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RunError, run};

    const TEXT: &[u8] = b"hello hello hello hello";

    fn pack(parameters: &[Parameter], dictionary: &[u8]) -> Vec<u8> {
        run(&mut *compressor(parameters.to_vec(), dictionary.to_vec()).unwrap(), FINISH, TEXT, 1000).unwrap().0
    }

    fn unpack(bytes: &[u8], dictionary: &[u8]) -> Result<Vec<u8>, (i32, String)> {
        match run(&mut *decompressor(Vec::new(), dictionary.to_vec()).unwrap(), FINISH, bytes, 1000) {
            Ok((output, _)) => Ok(output),
            Err(RunError::Codec(error)) => Err((error.errno, error.code.into_owned())),
            Err(RunError::TooLarge) => unreachable!(),
        }
    }

    #[test]
    fn round_trips() {
        assert_eq!(unpack(&pack(&[], b""), b"").unwrap(), TEXT);
        for quality in 0..=11 {
            assert_eq!(unpack(&pack(&[(1, quality), (0, 1)], b""), b"").unwrap(), TEXT);
        }
        assert_eq!(unpack(&pack(&[(2, 5), (1, 99)], b""), b"").unwrap(), TEXT);
    }

    /// Short words of few letters are what the encoder stumbles over.
    #[test]
    fn dictionaries_of_few_letters() {
        let mut seed = 1u32;
        let mut word = |length: usize| -> Vec<u8> {
            let mut letter = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 30) as u8
            };
            (0..length).map(|_| letter()).collect()
        };
        for at in 0..3000 {
            let (dictionary, text) = (word(1 + at % 40), word(at % 300));
            let quality = u32::try_from(at % 12).unwrap();
            let mut codec = compressor(vec![(1, quality)], dictionary.clone()).unwrap();
            let (packed, _) = run(&mut *codec, FINISH, &text, 1000).unwrap();
            assert_eq!(unpack(&packed, &dictionary).unwrap(), text, "{at}");
            // In two pieces with a flush between them.
            codec.reset().unwrap();
            let (head, tail) = text.split_at(text.len() / 2);
            let (mut packed, _) = run(&mut *codec, 1, head, 1000).unwrap();
            packed.extend(run(&mut *codec, FINISH, tail, 1000).unwrap().0);
            assert_eq!(unpack(&packed, &dictionary).unwrap(), text, "{at}");
        }
    }

    #[test]
    fn dictionaries() {
        let dictionary = b"hello hello hello";
        assert_eq!(unpack(&pack(&[], dictionary), dictionary).unwrap(), TEXT);
        // Windows out of range.
        for bits in [0, 9, 25, 64, u32::MAX] {
            assert_eq!(unpack(&pack(&[(2, bits)], dictionary), dictionary).unwrap(), TEXT);
        }
        // From the reference encoder.
        let theirs = b"\x1b\x16\x00\xf8\x25\x00\x8a\x10\x61\x2a\x80\x06\x78";
        assert_eq!(unpack(theirs, dictionary).unwrap(), TEXT);
    }

    #[test]
    fn malformed() {
        let end = Err((-5, "Z_BUF_ERROR".to_owned()));
        assert_eq!(unpack(b"", b""), end);
        assert_eq!(unpack(&pack(&[], b"")[..8], b""), end);
        assert_eq!(unpack(b"\xff\xff", b""), Err((-15, "ERR__ERROR_FORMAT_PADDING_2".to_owned())));
        assert_eq!(unpack(&[pack(&[], b""), b"rest".to_vec()].concat(), b"").unwrap(), TEXT);
        assert!(compressor(vec![(99, 1)], Vec::new()).is_err());
    }
}
