//! Decompressors on any bytes: an error or an end, within the limit of output, and the same however the input is split.
#![no_main]

use anode_zlib_pure::deflate::{self, Format};
use anode_zlib_pure::{Codec, CodecError, Z_FINISH, brotli, run, zstd};
use libfuzzer_sys::fuzz_target;

/// Bytes of output at most.
const OUTPUT_MAX: usize = 1 << 20;

/// Everything that a codec makes of the input when it comes byte by byte and leaves in pieces of 7.
fn step_by_step(codec: &mut dyn Codec, flush: i32, finish: i32, input: &[u8]) -> Result<Vec<u8>, CodecError> {
    let mut output = Vec::new();
    let mut at = 0;
    loop {
        let mut piece = [0; 7];
        let last = at + 1 >= input.len();
        let next = &input[at..(at + 1).min(input.len())];
        let progress = codec.step(if last { finish } else { flush }, next, &mut piece)?;
        assert!(progress.consumed <= next.len() && progress.produced <= piece.len());
        output.extend_from_slice(&piece[..progress.produced]);
        at += progress.consumed;
        if output.len() > OUTPUT_MAX || (progress.produced < piece.len() && (last || progress.consumed == 0)) {
            return Ok(output);
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else { return };
    let codec = || -> Option<(Box<dyn Codec>, i32)> {
        Some(match choice % 6 {
            0 => (deflate::decompressor(Format::Auto, 15, Vec::new()).ok()?, Z_FINISH),
            1 => (deflate::decompressor(Format::Gzip, 15, Vec::new()).ok()?, Z_FINISH),
            2 => (deflate::decompressor(Format::Raw, 8 + i32::from(choice >> 5), vec![b'a'; 64]).ok()?, Z_FINISH),
            3 => (deflate::decompressor(Format::Zlib, 0, vec![b'a'; 64]).ok()?, Z_FINISH),
            4 => (brotli::decompressor(Vec::new(), Vec::new()).ok()?, 2),
            _ => (zstd::decompressor(&[], &[]).ok()?, 2),
        })
    };
    let Some((mut first, finish)) = codec() else { return };
    let whole = run(&mut *first, finish, data, OUTPUT_MAX);
    let Some((mut second, _)) = codec() else { return };
    let pieces = step_by_step(&mut *second, 0, finish, data);
    if let (Ok((whole, _)), Ok(pieces)) = (&whole, &pieces) {
        assert!(pieces.starts_with(whole) || whole.starts_with(pieces));
    }
    if let Ok((whole, _)) = &whole {
        assert!(whole.len() <= OUTPUT_MAX);
    }
    if first.reset().is_ok() {
        let again = run(&mut *first, finish, data, OUTPUT_MAX);
        assert_eq!(again.map_err(|error| format!("{error:?}")), whole.map_err(|error| format!("{error:?}")));
    }
});
