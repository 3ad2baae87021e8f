//! The JavaScript of all builtins, embedded: a sorted table from id to source.

#![forbid(unsafe_code)]

mod table {
    include!(concat!(env!("OUT_DIR"), "/table.rs"));
}

/// The embedded source of the builtin `id`.
pub fn source(id: &str) -> Option<&'static str> {
    let found = table::TABLE.binary_search_by(|(known, _)| (*known).cmp(id)).ok()?;
    table::TABLE.get(found).map(|(_, source)| *source)
}

/// All ids, sorted.
pub fn ids() -> impl Iterator<Item = &'static str> {
    table::TABLE.iter().map(|(id, _)| *id)
}

/// A number that is another one when any source changes.
pub const DIGEST: u64 = table::DIGEST;

#[cfg(test)]
mod tests {
    #[test]
    fn sorted_and_found() {
        let ids: Vec<_> = super::ids().collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| super::source(id).is_some()));
        assert!(super::source("no/such/builtin").is_none());
    }
}
