//! The compression of certificates as the engine wants it.

use anode_tls_pure::compression::Compression;
use rustls::CertificateCompressionAlgorithm;
use rustls::compress::{CertCompressor, CertDecompressor, CompressionFailed, CompressionLevel, DecompressionFailed};

#[derive(Debug)]
pub(crate) struct Codec(Compression);

/// The codec of an algorithm.
pub(crate) fn codec(algorithm: Compression) -> &'static Codec {
    match algorithm {
        Compression::Brotli => &Codec(Compression::Brotli),
        Compression::Zlib => &Codec(Compression::Zlib),
        Compression::Zstd => &Codec(Compression::Zstd),
    }
}

impl Codec {
    fn registered(&self) -> CertificateCompressionAlgorithm {
        match self.0 {
            Compression::Brotli => CertificateCompressionAlgorithm::Brotli,
            Compression::Zlib => CertificateCompressionAlgorithm::Zlib,
            Compression::Zstd => CertificateCompressionAlgorithm::Zstd,
        }
    }
}

impl CertCompressor for Codec {
    fn compress(&self, input: Vec<u8>, level: CompressionLevel) -> Result<Vec<u8>, CompressionFailed> {
        self.0.compress(&input, level == CompressionLevel::Amortized).ok_or(CompressionFailed)
    }

    fn algorithm(&self) -> CertificateCompressionAlgorithm {
        self.registered()
    }
}

impl CertDecompressor for Codec {
    fn decompress(&self, input: &[u8], output: &mut [u8]) -> Result<(), DecompressionFailed> {
        if self.0.decompress(input, output) { Ok(()) } else { Err(DecompressionFailed) }
    }

    fn algorithm(&self) -> CertificateCompressionAlgorithm {
        self.registered()
    }
}
