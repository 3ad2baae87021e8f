//! Brotli (RFC 7932), with raw shared dictionaries.

use crate::{Codec, CodecError, Progress};
use brotli::enc::StandardAlloc;
use brotli::enc::encode::{BrotliEncoderOperation, BrotliEncoderParameter, BrotliEncoderStateStruct};
use brotli_decompressor::{BrotliDecompressStreamWithDictionary, BrotliResult, BrotliState};

/// BROTLI_OPERATION_FINISH
const FINISH: i32 = 2;

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
    let encoder = make_encoder(&parameters, &dictionary)?;
    Ok(Box::new(Compressor { dictionary, encoder, parameters }))
}

fn make_encoder(
    parameters: &[Parameter],
    dictionary: &[u8],
) -> Result<BrotliEncoderStateStruct<StandardAlloc>, CodecError> {
    let mut encoder = BrotliEncoderStateStruct::new(StandardAlloc::default());
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
        // Values out of range are brought into range, as by the reference encoder.
        encoder.set_parameter(parameter, *value);
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

    #[test]
    fn dictionaries() {
        let dictionary = b"hello hello hello";
        assert_eq!(unpack(&pack(&[], dictionary), dictionary).unwrap(), TEXT);
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
