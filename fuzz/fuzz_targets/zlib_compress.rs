//! Options of compressors: refused, or what they make decompresses to the input.
#![no_main]

use anode_zlib_pure::deflate::{self, DeflateOptions, Format};
use anode_zlib_pure::{Codec, RunError, Z_FINISH, brotli, run};
use libfuzzer_sys::fuzz_target;

/// The operation that ends a stream: BROTLI_OPERATION_FINISH and ZSTD_e_end.
const FINISH: i32 = 2;

/// BROTLI_DECODER_PARAM_LARGE_WINDOW: the compressor may have been told to use one.
const LARGE_WINDOW: [brotli::Parameter; 1] = [(1, 1)];

fn pack(codec: Result<Box<dyn Codec>, anode_zlib_pure::CodecError>, flush: i32, input: &[u8]) -> Option<Vec<u8>> {
    let mut codec = codec.ok()?;
    match run(&mut *codec, flush, input, 1 << 24) {
        Ok((packed, left)) => {
            assert_eq!(left, 0);
            Some(packed)
        }
        Err(RunError::Codec(_)) => None,
        Err(RunError::TooLarge) => panic!("too large"),
    }
}

#[track_caller]
fn unpack(codec: Result<Box<dyn Codec>, anode_zlib_pure::CodecError>, flush: i32, packed: &[u8], want: &[u8]) {
    let mut codec = codec.expect("the decompressor takes what the compressor took");
    let (unpacked, left) = run(&mut *codec, flush, packed, 1 << 24).expect("what was compressed decompresses");
    assert_eq!(left, 0);
    assert!(unpacked == want);
}

fuzz_target!(|input: ([i8; 6], u8, &[u8])| {
    let ([level, mem_level, strategy, window_bits, parameter, value], cut, data) = input;
    let (dictionary, data) = data.split_at(usize::from(cut).min(data.len()));
    let options = DeflateOptions {
        dictionary: dictionary.to_vec(),
        level: level.into(),
        mem_level: mem_level.into(),
        strategy: strategy.into(),
        window_bits: window_bits.into(),
    };
    for format in [Format::Gzip, Format::Raw, Format::Zlib] {
        if let Some(packed) = pack(deflate::compressor(format, options.clone()), Z_FINISH, data) {
            // Raw data with a window of 256 bytes is written with one of 512, as zlib does it.
            let bits = i32::from(window_bits).max(9);
            unpack(deflate::decompressor(format, bits, dictionary.to_vec()), Z_FINISH, &packed, data);
        }
    }
    let quality = vec![
        (1, u32::from(level.unsigned_abs() % 6)),
        (u32::from(parameter.unsigned_abs()), value.unsigned_abs().into()),
    ];
    let codec = brotli::compressor(quality.clone(), dictionary.to_vec());
    if let Some(packed) = pack(codec, FINISH, data) {
        unpack(brotli::decompressor(LARGE_WINDOW.to_vec(), dictionary.to_vec()), FINISH, &packed, data);
    }
});
