//! Bytecode of builtins and of the engine's self-hosted code, made once after the build and embedded in the binary.
//!
//! Container: magic, the digest of all sources (u64), the number of entries (u64), then a directory of one row per entry,
//! sorted by id: offset and length of its id, offset and length of its code (u32 each, from the start of the container).
//! Ids and codes follow, codes at multiples of 16 bytes. All numbers little-endian. The self-hosted code has an empty id.
//! A binary without a cache, or with one of another build, compiles instead: slower, never wrong.

use crate::sources;
use anode_engine::{Engine, Scope};

const MAGIC: &[u8; 16] = b"anode-code-cache";
/// The engine borrows code in place, and wants it aligned.
const ALIGN: usize = 16;
const HEADER_BYTES: usize = MAGIC.len() + 16;
const ROW_BYTES: usize = 16;

/// A container: borrowed bytes by builtin id. Only what is asked for is read, as untouched pages cost nothing.
#[derive(Clone, Copy, Default)]
pub struct CodeCache {
    bytes: &'static [u8],
    count: usize,
}

impl CodeCache {
    /// Opens a container; junk, and bytecode of other sources than this binary's, give an empty cache.
    #[must_use]
    pub fn new(bytes: &'static [u8]) -> CodeCache {
        CodeCache::of_digest(bytes, sources::digest()).unwrap_or_default()
    }

    fn of_digest(bytes: &'static [u8], digest: u64) -> Option<CodeCache> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (found, rest) = rest.split_first_chunk::<8>()?;
        let (count, rest) = rest.split_first_chunk::<8>()?;
        let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
        let complete = u64::from_le_bytes(*found) == digest && rest.len() >= count.checked_mul(ROW_BYTES)?;
        complete.then_some(CodeCache { bytes, count })
    }

    /// The engine's self-hosted code.
    #[must_use]
    pub fn self_hosted(&self) -> Option<&'static [u8]> {
        self.code("")
    }

    /// The code of a builtin.
    pub(crate) fn code(&self, id: &str) -> Option<&'static [u8]> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.part(middle, 0)?.cmp(id.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return self.part(middle, 8),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The bytes that the pair of numbers `at` bytes into a row of the directory tells.
    fn part(&self, row: usize, at: usize) -> Option<&'static [u8]> {
        let pair = self.bytes.get(HEADER_BYTES + row * ROW_BYTES + at..)?;
        let (offset, rest) = pair.split_first_chunk::<4>()?;
        let (length, _) = rest.split_first_chunk::<4>()?;
        let start = u32::from_le_bytes(*offset) as usize;
        self.bytes.get(start..start.checked_add(u32::from_le_bytes(*length) as usize)?)
    }
}

/// The wrapper around a builtin's source when it is compiled as a script.
fn wrap(source: &str) -> String {
    format!("(function (exports, require, module, binding, primordials) {{{source}\n}})")
}

/// The text of a cached script by its file name, for [`anode_engine::Options::source`].
#[must_use]
pub fn source(file: &str) -> Option<String> {
    sources::source(file.strip_prefix("node:")?).map(wrap)
}

/// Compiles everything and returns a container. `None` above 4 GiB.
pub fn build(sc: &mut Scope<'_>) -> Option<Vec<u8>> {
    let mut entries = vec![("", Engine::self_hosted_code())];
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
        entries.extend(code.map(|code| (id, code)));
    }
    container(&entries, sources::digest())
}

/// `entries` must be sorted by id.
fn container(entries: &[(&str, Vec<u8>)], digest: u64) -> Option<Vec<u8>> {
    let mut directory = Vec::new();
    let mut data = Vec::new();
    let start = HEADER_BYTES + entries.len() * ROW_BYTES;
    for (id, code) in entries {
        for part in [id.as_bytes(), code] {
            data.resize(data.len().next_multiple_of(ALIGN), 0);
            for number in [start + data.len(), part.len()] {
                directory.extend(u32::try_from(number).ok()?.to_le_bytes());
            }
            data.extend(part);
        }
    }
    let mut out = MAGIC.to_vec();
    out.extend(digest.to_le_bytes());
    out.extend((entries.len() as u64).to_le_bytes());
    out.extend(directory);
    out.extend(data);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{CodeCache, container};

    #[test]
    fn round_trip_and_junk() {
        let entries = [("", b"engine".to_vec()), ("fs", b"code of fs".to_vec()), ("zlib", vec![1; 100])];
        let Some(bytes) = container(&entries, 7) else { panic!("small") };
        let bytes: &'static [u8] = bytes.leak();
        let Some(cache) = CodeCache::of_digest(bytes, 7) else { panic!("complete") };
        for (id, code) in &entries {
            let found = cache.code(id);
            assert_eq!(found, Some(&code[..]), "{id}");
            assert!(found.is_some_and(|code| code.as_ptr().addr() % 16 == bytes.as_ptr().addr() % 16));
        }
        assert_eq!(cache.code("path"), None);
        assert!(CodeCache::of_digest(bytes, 8).is_none());
        assert!(CodeCache::of_digest(&bytes[..40], 7).is_none());
        assert!(CodeCache::new(b"junk").self_hosted().is_none());
    }
}
