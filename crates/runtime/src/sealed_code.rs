//! Bytecode that leaves the process and may come back: behind a header that says what it belongs to.
//!
//! The engine trusts its bytecode blindly, so the header holds hashes of the source text and of the bytecode; what does not
//! match is compiled again.

use std::hash::Hasher as _;

/// First bytes; the version of this format is part of it.
const MAGIC: &[u8; 8] = b"anodecc2";
/// Magic, hash of the source, hash of the bytecode, length of the bytecode; all numbers little-endian u64. A multiple of
/// 16, as the engine reads its bytecode in place and wants it aligned.
pub const HEADER_BYTES: usize = 32;

/// A hash of `bytes` and of this build: the same in all runs of one build.
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    // The standard library's hasher with its fixed keys.
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.write(bytes);
    hasher.finish()
}

fn number(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

/// `code` behind its header.
#[must_use]
pub fn seal(source_hash: u64, code: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + code.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&source_hash.to_le_bytes());
    bytes.extend_from_slice(&hash(code).to_le_bytes());
    bytes.extend_from_slice(&(code.len() as u64).to_le_bytes());
    bytes.extend_from_slice(code);
    bytes
}

/// The code of a source with this hash.
///
/// # Errors
/// In words: why the bytes cannot be used.
pub fn open(bytes: &[u8], source_hash: u64) -> Result<&[u8], &'static str> {
    if bytes.len() < HEADER_BYTES || &bytes[..8] != MAGIC {
        return Err("magic number mismatch:");
    }
    if number(bytes, 8) != source_hash {
        return Err("code hash mismatch:");
    }
    let code = &bytes[HEADER_BYTES..];
    if number(bytes, 24) != code.len() as u64 {
        return Err("cache size mismatch:");
    }
    if number(bytes, 16) != hash(code) {
        return Err("cache hash mismatch:");
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::{hash, open, seal};

    #[test]
    fn seals() {
        let sealed = seal(hash(b"source"), b"code");
        assert_eq!(open(&sealed, hash(b"source")), Ok(&b"code"[..]));
        assert_eq!(open(&sealed, hash(b"other")), Err("code hash mismatch:"));
        assert_eq!(open(&sealed[..sealed.len() - 1], hash(b"source")), Err("cache size mismatch:"));
        assert_eq!(open(&sealed[1..], hash(b"source")), Err("magic number mismatch:"));
        assert_eq!(open(b"", hash(b"source")), Err("magic number mismatch:"));
        for at in super::HEADER_BYTES..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&changed, hash(b"source")), Err("cache hash mismatch:"));
        }
    }
}
