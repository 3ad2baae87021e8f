//! The JavaScript of all builtins, embedded.

#![forbid(unsafe_code)]

mod table {
    include!(concat!(env!("OUT_DIR"), "/table.rs"));
}

/// From id to source, sorted by id.
pub static TABLE: &[(&str, &str)] = table::TABLE;

/// A number that is another one when any source changes.
pub const DIGEST: u64 = table::DIGEST;

#[cfg(test)]
mod tests {
    use super::TABLE;

    #[test]
    fn sorted_and_complete() {
        assert!(TABLE.is_sorted_by(|left, right| left.0 < right.0));
        assert!(TABLE.iter().any(|(id, source)| *id == "internal/bootstrap" && !source.is_empty()));
    }
}
