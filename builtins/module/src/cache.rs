//! The compile cache: bytecode of CommonJS files, made after they ran and taken back at the next start.
//!
//! A cache file is a header of [`HEADER_BYTES`] and the engine's bytecode. The engine trusts its bytecode blindly, so the
//! header holds hashes of the source text and of the bytecode; what does not match is compiled again.

use anode_engine::Script;
use anode_runtime::{Args, JsResult, Scope};
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hasher as _;

/// First bytes of a cache file; the version of this format and of the program is part of it.
const MAGIC: &[u8; 8] = b"anodecc1";
/// Magic, hash of the source, hash of the bytecode, length of the bytecode; all numbers little-endian u64. A multiple of
/// 16, as the engine reads its bytecode in place and wants it aligned.
const HEADER_BYTES: usize = 32;

struct Compiled {
    script: Script,
    source_hash: u64,
}

thread_local! {
    /// Scripts that wait for [`encode_compiled`], by file name.
    static COMPILED: RefCell<HashMap<String, Compiled>> = RefCell::default();
}

fn hash(bytes: &[u8]) -> u64 {
    // The standard library's hasher with its fixed keys: the same for all runs of one build.
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

/// Why the bytes of a cache file cannot be used for this source; `None` if they can.
fn mismatch(bytes: &[u8], source_hash: u64) -> Option<&'static str> {
    if bytes.len() < HEADER_BYTES || &bytes[..8] != MAGIC {
        return Some("magic number mismatch:");
    }
    if number(bytes, 8) != source_hash {
        return Some("code hash mismatch:");
    }
    let code = &bytes[HEADER_BYTES..];
    if number(bytes, 24) != code.len() as u64 {
        return Some("cache size mismatch:");
    }
    (number(bytes, 16) != hash(code)).then_some("cache hash mismatch:")
}

/// `compileCached(source, filename, bytes?)`: `[function, state]` where state is 'new', 'accepted' or why `bytes`, the cache
/// file, could not be used. New scripts can be had with `encodeCompiled`.
///
/// # Errors
/// SyntaxError.
pub(crate) fn compile_cached<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let filename = sc.to_string(args.get(1))?;
    let source_hash = hash(source.as_bytes());
    let mut state = "new";
    if let Some(bytes) = sc.copy_bytes(args.get(2)) {
        state = match mismatch(&bytes, source_hash) {
            Some(reason) => reason,
            None => {
                // The engine keeps reading the bytecode as long as the functions live, which is as long as the process.
                let code: &'static [u8] = &Vec::leak(bytes)[HEADER_BYTES..];
                match sc.decode_script(code, &filename, 0) {
                    Some(script) => {
                        let function = sc.run_script(&script, Some(args.get(1)))?;
                        let accepted = sc.string("accepted");
                        return Ok(sc.array(&[function, accepted]));
                    }
                    None => "rejected",
                }
            }
        };
    }
    // The header line is line 0, so that the source starts at line 1.
    let wrapped = format!("(function (exports, require, module, __filename, __dirname) {{\n{source}\n}})");
    let script = sc.compile_script(&wrapped, &filename, 0, false)?;
    let function = sc.run_script(&script, Some(args.get(1)))?;
    COMPILED.with_borrow_mut(|compiled| compiled.insert(filename, Compiled { script, source_hash }));
    let state = sc.string(state);
    Ok(sc.array(&[function, state]))
}

/// `encodeCompiled(filename)`: the content of a cache file, `undefined` if there is nothing to write. Only once per script.
pub(crate) fn encode_compiled<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let filename = sc.to_string(args.get(0))?;
    let Some(compiled) = COMPILED.with_borrow_mut(|compiled| compiled.remove(&filename)) else {
        return Ok(sc.undefined());
    };
    let Some(code) = sc.encode_script(&compiled.script) else { return Ok(sc.undefined()) };
    let mut bytes = Vec::with_capacity(HEADER_BYTES + code.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&compiled.source_hash.to_le_bytes());
    bytes.extend_from_slice(&hash(&code).to_le_bytes());
    bytes.extend_from_slice(&(code.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&code);
    sc.uint8_array(bytes)
}
