//! The JavaScript of all builtins, as the binary hands it in.
//!
//! The runtime does not depend on the crate that embeds the sources: an edited line of JavaScript rebuilds that crate and the binary, and
//! none of the builtins' Rust.

use std::sync::OnceLock;

/// Embedded sources: a sorted table, and a number that is another one when any source changes.
#[derive(Clone, Copy)]
pub struct Sources {
    /// Changes with the sources.
    pub digest: u64,
    /// From id to source, sorted by id.
    pub table: &'static [(&'static str, &'static str)],
}

static SOURCES: OnceLock<Sources> = OnceLock::new();

/// Sets the sources of this process. The first call counts.
pub fn install(sources: Sources) {
    let _ignored_after_the_first = SOURCES.set(sources);
}

fn installed() -> Sources {
    SOURCES.get().copied().unwrap_or(Sources { digest: 0, table: &[] })
}

/// The embedded source of the builtin `id`.
pub(crate) fn source(id: &str) -> Option<&'static str> {
    let table = installed().table;
    let found = table.binary_search_by(|(known, _)| (*known).cmp(id)).ok()?;
    table.get(found).map(|(_, source)| *source)
}

/// All ids, sorted.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    installed().table.iter().map(|(id, _)| *id)
}

/// See [`Sources::digest`].
pub(crate) fn digest() -> u64 {
    installed().digest
}
