//! Gathers `builtins/*/js/**/*.js` into one sorted table: the path of a file is its id (see CONTRIBUTING.md).

#![expect(clippy::expect_used, reason = "a build script that cannot go on says why and ends the build")]

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let root = manifest.join("../../builtins");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut table = BTreeMap::new();
    for entry in fs::read_dir(&root).expect("builtins/ exists").flatten() {
        let js = entry.path().join("js");
        if js.is_dir() {
            let owner = entry.file_name().to_string_lossy().into_owned();
            gather(&js, "", &owner, &mut table);
        }
    }
    let mut code = String::from("pub(crate) static TABLE: &[(&str, &str)] = &[\n");
    for (id, path) in &table {
        writeln!(code, "    ({id:?}, include_str!({:?})),", path.display().to_string()).expect("writing to a string");
    }
    code.push_str("];\n");
    writeln!(code, "pub(crate) const DIGEST: u64 = {};", digest(&table)).expect("writing to a string");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("table.rs");
    fs::write(out, code).expect("OUT_DIR is writable");
}

/// FNV-1a over all ids and sources.
fn digest(table: &BTreeMap<String, PathBuf>) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (id, path) in table {
        let text = fs::read(path).expect("a listed file can be read");
        for byte in id.bytes().chain([0]).chain(text).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

fn gather(folder: &Path, prefix: &str, owner: &str, table: &mut BTreeMap<String, PathBuf>) {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).expect("a listed folder can be read").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let inner = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if path.is_dir() {
            gather(&path, &inner, owner, table);
        } else if let Some(stem) = inner.strip_suffix(".js") {
            let id = match stem.strip_prefix("internal/") {
                Some(rest) if owner != "core" => format!("internal/{owner}/{rest}"),
                _ => stem.to_owned(),
            };
            let path = path.canonicalize().expect("a listed file exists");
            if let Some(other) = table.insert(id.clone(), path) {
                panic!("two files have the id {id}: {} is one of them", other.display());
            }
        }
    }
}
