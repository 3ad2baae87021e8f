//! Certificates compressed on their way: zlib, Brotli, Zstandard. RFC 8879.

use std::io::{Read as _, Write as _};
use zlib_rs::{DeflateConfig, InflateConfig, ReturnCode};

/// How certificates are compressed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Compression {
    /// RFC 7932
    Brotli,
    /// RFC 1950
    Zlib,
    /// RFC 8478
    Zstd,
}

/// The binary logarithm of Brotli's window: certificates are far below 64 KiB.
const BROTLI_WINDOW: u32 = 16;
const BROTLI_BUFFER_BYTES: usize = 4096;

impl Compression {
    /// The algorithm of Node's name.
    #[must_use]
    pub fn find(name: &str) -> Option<Compression> {
        match name {
            "brotli" => Some(Compression::Brotli),
            "zlib" => Some(Compression::Zlib),
            "zstd" => Some(Compression::Zstd),
            _ => None,
        }
    }

    /// `input` in less bytes; `thorough` if many connections will have the use of it.
    #[must_use]
    pub fn compress(self, input: &[u8], thorough: bool) -> Option<Vec<u8>> {
        match self {
            Compression::Brotli => {
                let mut out = Vec::new();
                let quality = if thorough { 11 } else { 4 };
                let mut writer = brotli::CompressorWriter::new(&mut out, BROTLI_BUFFER_BYTES, quality, BROTLI_WINDOW);
                writer.write_all(input).ok()?;
                drop(writer);
                Some(out)
            }
            Compression::Zlib => {
                let mut out = vec![0; zlib_rs::compress_bound(input.len())];
                let config = DeflateConfig::new(if thorough { 9 } else { 6 });
                let (made, code) = zlib_rs::compress_slice(&mut out, input, config);
                (code == ReturnCode::Ok).then(|| made.to_vec())
            }
            Compression::Zstd => {
                let mut out = vec![0; zstd_safe::compress_bound(input.len())];
                let length = zstd_safe::compress(out.as_mut_slice(), input, if thorough { 19 } else { 3 }).ok()?;
                out.truncate(length);
                Some(out)
            }
        }
    }

    /// Fills `output`; whether `input` is well formed and holds exactly that much.
    #[must_use]
    pub fn decompress(self, input: &[u8], output: &mut [u8]) -> bool {
        let expected = output.len();
        match self {
            Compression::Brotli => {
                let mut reader = brotli::Decompressor::new(input, BROTLI_BUFFER_BYTES);
                reader.read_exact(output).is_ok() && matches!(reader.read(&mut [0]), Ok(0))
            }
            Compression::Zlib => {
                let (made, code) = zlib_rs::decompress_slice(output, input, InflateConfig::default());
                code == ReturnCode::Ok && made.len() == expected
            }
            Compression::Zstd => zstd_safe::decompress(output, input) == Ok(expected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_comes_back_and_nothing_else() {
        let text = b"certificates have much that repeats, ".repeat(50);
        for name in ["brotli", "zlib", "zstd"] {
            let algorithm = Compression::find(name).unwrap();
            for thorough in [false, true] {
                let sealed = algorithm.compress(&text, thorough).unwrap();
                assert!(sealed.len() < text.len() / 2, "{name}");
                let opens = |input: &[u8], length: usize| algorithm.decompress(input, &mut vec![0; length]);
                let mut out = vec![0; text.len()];
                assert!(algorithm.decompress(&sealed, &mut out), "{name}");
                assert_eq!(out, text, "{name}");
                assert!(!opens(&sealed, text.len() - 1), "{name}: too little room");
                assert!(!opens(&sealed, text.len() + 1), "{name}: too much room");
                assert!(!opens(&sealed[..sealed.len() / 2], text.len()), "{name}: cut off");
                assert!(!opens(&[], text.len()), "{name}: nothing");
                assert!(!opens(&[0xff; 64], text.len()), "{name}: noise");
            }
        }
        assert!(Compression::find("lzma").is_none());
    }
}
