//! The compile cache: bytecode of CommonJS files and ES modules, made after they ran and taken back at the next start.
//!
//! A cache file is bytecode behind the header of [`sealed_code`].

use anode_engine::Script;
use anode_runtime::sealed_code::{self, HEADER_BYTES};
use anode_runtime::{Args, JsResult, Scope};
use std::cell::RefCell;
use std::collections::HashMap;

struct Compiled {
    script: Script,
    source_hash: u64,
}

thread_local! {
    /// Scripts that wait for [`encode_compiled`], by file name or URL.
    static COMPILED: RefCell<HashMap<String, Compiled>> = RefCell::default();
}

/// The script in the bytes of a cache file, or the state that says why there is none.
fn decode(
    sc: &mut Scope<'_>,
    bytes: Option<Vec<u8>>,
    source_hash: u64,
    name: &str,
    line: u32,
) -> Result<Script, &'static str> {
    let Some(bytes) = bytes else { return Err("new") };
    sealed_code::open(&bytes, source_hash)?;
    // The engine keeps reading the bytecode as long as the functions live, which is as long as the process.
    let code: &'static [u8] = &Vec::leak(bytes)[HEADER_BYTES..];
    sc.decode_script(code, name, line).ok_or("rejected")
}

/// `compileCached(source, filename, bytes?)`: `[function, state]` where state is 'new', 'accepted' or why `bytes`, the cache
/// file, could not be used. New scripts can be had with `encodeCompiled`.
///
/// # Errors
/// SyntaxError.
pub(crate) fn compile_cached<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let filename = sc.to_string(args.get(1))?;
    let source_hash = sealed_code::hash(source.as_bytes());
    let bytes = sc.copy_bytes(args.get(2));
    let state = match decode(sc, bytes, source_hash, &filename, 0) {
        Ok(script) => {
            let function = sc.run_script(&script, Some(args.get(1)))?;
            let accepted = sc.string("accepted");
            return Ok(sc.array(&[function, accepted]));
        }
        Err(state) => state,
    };
    // The header line is line 0, so that the source starts at line 1.
    let wrapped = format!("(function (exports, require, module, __filename, __dirname) {{\n{source}\n}})");
    let script = sc.compile_script(&wrapped, &filename, 0, false)?;
    let function = sc.run_script(&script, Some(args.get(1)))?;
    COMPILED.with_borrow_mut(|compiled| compiled.insert(filename, Compiled { script, source_hash }));
    let state = sc.string(state);
    Ok(sc.array(&[function, state]))
}

/// `compileModuleCached(source, url, hostDefined, bytes?)`: `[record, state]`, as `compileCached`.
///
/// # Errors
/// SyntaxError.
pub(crate) fn compile_module_cached<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let url = sc.to_string(args.get(1))?;
    let source_hash = sealed_code::hash(source.as_bytes());
    let bytes = sc.copy_bytes(args.get(3));
    let state = match decode(sc, bytes, source_hash, &url, 1) {
        Ok(script) => {
            let record = sc.instantiate_module(&script, args.get(2))?;
            let accepted = sc.string("accepted");
            return Ok(sc.array(&[record, accepted]));
        }
        Err(state) => state,
    };
    let script = sc.compile_module_script(&source, &url)?;
    let record = sc.instantiate_module(&script, args.get(2))?;
    COMPILED.with_borrow_mut(|compiled| compiled.insert(url, Compiled { script, source_hash }));
    let state = sc.string(state);
    Ok(sc.array(&[record, state]))
}

/// `encodeCompiled(name)`: the content of a cache file for the file name or URL, `undefined` if there is nothing to write. Only
/// once per script.
pub(crate) fn encode_compiled<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = sc.to_string(args.get(0))?;
    let Some(compiled) = COMPILED.with_borrow_mut(|compiled| compiled.remove(&name)) else {
        return Ok(sc.undefined());
    };
    let Some(code) = sc.encode_script(&compiled.script) else { return Ok(sc.undefined()) };
    sc.uint8_array(sealed_code::seal(compiled.source_hash, &code))
}
