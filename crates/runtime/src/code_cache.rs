//! Bytecode of builtins and of the engine's self-hosted code, made once after the build and embedded in the binary.
//!
//! Container: magic, then per entry the length of its id (u32), the id, a hash of its source (u64), padding to 16 bytes,
//! and the length (u64) and bytes of its code, padded to 16 bytes. All numbers little-endian. The entry of the self-hosted
//! code has an empty id. A binary without a cache, or with one of another build, compiles instead: slower, never wrong.

use anode_builtin_sources as sources;
use anode_engine::{Engine, Scope};
use std::collections::HashMap;

const MAGIC: &[u8; 16] = b"anode-code-cache";
/// The engine borrows code in place, and wants it aligned.
const ALIGN: usize = 16;

/// A parsed container: borrowed bytes by builtin id.
#[derive(Default)]
pub struct CodeCache {
    entries: HashMap<&'static str, (u64, &'static [u8])>,
}

impl CodeCache {
    /// Reads a container; junk gives an empty cache.
    #[must_use]
    pub fn new(bytes: &'static [u8]) -> CodeCache {
        let mut cache = CodeCache::default();
        let Some(mut rest) = bytes.strip_prefix(MAGIC) else { return cache };
        while let Some((id, hash, code, tail)) = entry(rest, bytes.len()) {
            cache.entries.insert(id, (hash, code));
            rest = tail;
        }
        cache
    }

    /// The engine's self-hosted code.
    #[must_use]
    pub fn self_hosted(&self) -> Option<&'static [u8]> {
        self.entries.get("").map(|(_, code)| *code)
    }

    /// The code of a builtin, if it was made from this source.
    pub(crate) fn code(&self, id: &str, source: &str) -> Option<&'static [u8]> {
        self.entries.get(id).filter(|(hash, _)| *hash == hash_of(source)).map(|(_, code)| *code)
    }
}

/// The wrapper around a builtin's source when it is compiled as a script.
pub(crate) fn wrap(source: &str) -> String {
    format!("(function (exports, require, module, binding, primordials) {{{source}\n}})")
}

/// Cheap and good enough: the cache is made from the very sources that the binary embeds. FNV-1a on 8-byte words.
fn hash_of(source: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325 ^ source.len() as u64;
    // Only the length and samples: a full pass over every builtin would cost more than it can ever save.
    let bytes = source.as_bytes();
    for chunk in bytes.chunks(8).step_by(1 + bytes.len() / 1024) {
        for byte in chunk {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

fn entry(bytes: &'static [u8], total: usize) -> Option<(&'static str, u64, &'static [u8], &'static [u8])> {
    let start = total - bytes.len();
    let (id_length, rest) = bytes.split_first_chunk::<4>()?;
    let (id, rest) = rest.split_at_checked(u32::from_le_bytes(*id_length) as usize)?;
    let (hash, rest) = rest.split_first_chunk::<8>()?;
    let (code_length, rest) = rest.split_first_chunk::<8>()?;
    let position = start + (bytes.len() - rest.len());
    let (_padding, rest) = rest.split_at_checked(padding(position))?;
    let (code, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*code_length)).ok()?)?;
    Some((std::str::from_utf8(id).ok()?, u64::from_le_bytes(*hash), code, rest))
}

fn padding(position: usize) -> usize {
    (ALIGN - position % ALIGN) % ALIGN
}

/// Compiles everything and returns a container.
pub fn build(sc: &mut Scope<'_>) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    push(&mut out, "", 0, &Engine::self_hosted_code());
    for id in sources::ids() {
        let Some(source) = sources::source(id) else { continue };
        let code = sc.nested(|sc| {
            let script = sc.compile_script(&wrap(source), &format!("node:{id}"), 1, true);
            match script {
                Ok(script) => sc.encode_script(&script),
                Err(thrown) => {
                    // A builtin with a syntax error fails when it is loaded, with its message; here it has no code.
                    let _error = sc.catch(thrown);
                    None
                }
            }
        });
        if let Some(code) = code {
            push(&mut out, id, hash_of(source), &code);
        }
    }
    out
}

fn push(out: &mut Vec<u8>, id: &str, hash: u64, code: &[u8]) {
    out.extend((id.len() as u32).to_le_bytes());
    out.extend(id.as_bytes());
    out.extend(hash.to_le_bytes());
    out.extend((code.len() as u64).to_le_bytes());
    out.extend(std::iter::repeat_n(0, padding(out.len())));
    out.extend(code);
}

#[cfg(test)]
mod tests {
    use super::{CodeCache, MAGIC, push};

    #[test]
    fn round_trip_and_junk() {
        let mut out = MAGIC.to_vec();
        push(&mut out, "", 0, b"engine");
        push(&mut out, "fs", super::hash_of("source"), b"code of fs");
        let bytes: &'static [u8] = out.leak();
        let cache = CodeCache::new(bytes);
        assert_eq!(cache.self_hosted(), Some(&b"engine"[..]));
        assert_eq!(cache.code("fs", "source"), Some(&b"code of fs"[..]));
        assert_eq!(cache.code("fs", "other"), None);
        assert!(CodeCache::new(&bytes[..20]).self_hosted().is_none());
        assert!(CodeCache::new(b"junk").self_hosted().is_none());
    }
}
