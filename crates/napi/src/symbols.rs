//! Whether this process has the functions that an addon wants of Node.
//!
//! The dynamic linker binds functions at their first call and ends the process when one is missing. So the symbols that only Node
//! could provide (V8's and Node's C++ interfaces, libuv's, newer ones of Node-API) are looked up before: an addon that needs one
//! that is not here does not load, and the error says which.

use anode_engine::{Args, JsResult, Scope};
use std::ffi::CString;
use std::fs::File;
use std::os::unix::fs::FileExt as _;

/// What symbols begin with that Node itself provides to addons.
const OURS: &[&str] = &[
    "napi_",
    "node_api_",
    "node_module_register",
    "uv_",
    "_ZN2v8",
    "_ZNK2v8",
    "_ZTIN2v8",
    "_ZTVN2v8",
    "_ZN4node",
    "_ZNK4node",
];

/// The largest tables that are read, in bytes.
const TABLE_BYTES_MAX: u64 = 64 << 20;

const SHT_DYNSYM: u32 = 11;
const SYMBOL_BYTES: usize = 24;
const BIND_GLOBAL: u8 = 1;

struct Section {
    kind: u32,
    link: u32,
    offset: u64,
    size: u64,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

fn read(file: &File, offset: u64, size: u64) -> Option<Vec<u8>> {
    if size > TABLE_BYTES_MAX {
        return None;
    }
    let mut bytes = vec![0; usize::try_from(size).ok()?];
    file.read_exact_at(&mut bytes, offset).ok()?;
    Some(bytes)
}

/// Names of the functions that a 64-bit little-endian ELF file wants from elsewhere. ELF-64 Object File Format.
fn undefined(path: &str) -> Option<Vec<String>> {
    let file = File::open(path).ok()?;
    let header = read(&file, 0, 64)?;
    if !header.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let (start, entry, count) = (u64_at(&header, 40)?, u16_at(&header, 58)?, u16_at(&header, 60)?);
    let table = read(&file, start, u64::from(entry) * u64::from(count))?;
    let sections: Vec<Section> = (0..usize::from(count))
        .filter_map(|index| {
            let at = index * usize::from(entry);
            Some(Section {
                kind: u32_at(&table, at + 4)?,
                offset: u64_at(&table, at + 24)?,
                size: u64_at(&table, at + 32)?,
                link: u32_at(&table, at + 40)?,
            })
        })
        .collect();
    let symbols = sections.iter().find(|section| section.kind == SHT_DYNSYM)?;
    let strings = sections.get(usize::try_from(symbols.link).ok()?)?;
    let (symbols, strings) = (read(&file, symbols.offset, symbols.size)?, read(&file, strings.offset, strings.size)?);
    let mut names = Vec::new();
    for symbol in symbols.chunks_exact(SYMBOL_BYTES) {
        let (name, info, section) = (u32_at(symbol, 0)?, symbol[4], u16_at(symbol, 6)?);
        // Weak ones may be missing.
        if section != 0 || info >> 4 != BIND_GLOBAL {
            continue;
        }
        let rest = strings.get(usize::try_from(name).ok()?..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        names.push(String::from_utf8_lossy(&rest[..end]).into_owned());
    }
    Some(names)
}

/// The first symbol that the file wants of Node and that is not here. Files that are no ELF libraries want nothing: `dlopen`
/// knows better what is wrong with them.
pub(crate) fn missing(path: &str) -> Option<String> {
    undefined(path)?.into_iter().find(|name| {
        OURS.iter().any(|prefix| name.starts_with(prefix))
            && CString::new(name.as_str()).is_ok_and(|name| {
                // SAFETY: a NUL-terminated name, looked up in the whole process.
                unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) }.is_null()
            })
    })
}

/// The dynamic linker's words, and why.
pub(crate) fn explain(path: &str, symbol: &str) -> String {
    let reason = if symbol.starts_with("uv_") {
        "the addon needs this function of libuv, which is not available"
    } else if symbol.starts_with("napi_") || symbol.starts_with("node_api_") {
        "the addon needs a newer version of Node-API"
    } else {
        "the addon uses the C++ interface of V8 or Node.js; only Node-API addons can be loaded"
    };
    format!("{path}: undefined symbol: {symbol} ({reason})")
}

/// `libcVersion()`: the version of the GNU C library that runs here, which prebuilt addons choose by; `undefined` with another.
pub(crate) fn libc_version<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let mut text = [0_u8; 64];
    // SAFETY: writes at most the given size, NUL included.
    let length = unsafe { libc::confstr(libc::_CS_GNU_LIBC_VERSION, text.as_mut_ptr().cast(), text.len()) };
    let text = String::from_utf8_lossy(text.get(..length.saturating_sub(1)).unwrap_or_default()).into_owned();
    Ok(match text.strip_prefix("glibc ") {
        Some(version) => sc.string(version),
        None => sc.undefined(),
    })
}
