//! Searches of Buffer against the obvious loop.
#![no_main]

use anode_buffer_pure::search::{index_of, index_of_byte};
use libfuzzer_sys::fuzz_target;

/// Places where the needle stands, by comparing at each.
fn places(haystack: &[u8], needle: &[u8], step: usize) -> Vec<usize> {
    (0..=haystack.len().saturating_sub(needle.len()))
        .step_by(step)
        .filter(|at| haystack[*at..].starts_with(needle))
        .collect()
}

fuzz_target!(|input: (i16, u8, bool, bool, &[u8])| {
    let (offset, cut, forward, wide, data) = input;
    let (needle, haystack) = data.split_at(usize::from(cut % 8).min(data.len()));
    let step = if wide { 2 } else { 1 };
    let offset = i64::from(offset);
    let found = index_of(haystack, needle, offset, forward, step);
    if needle.is_empty() {
        assert!(found.is_some_and(|at| at <= haystack.len()));
        return;
    }
    if wide && needle.len() < 2 {
        assert_eq!(found, None);
        return;
    }
    let start = if offset < 0 { offset + haystack.len() as i64 } else { offset };
    let all = places(haystack, needle, step);
    // An odd start of a search in UTF-16 counts as the unit it lies in.
    let start = if wide { start - start.rem_euclid(2) } else { start };
    let want = if forward {
        all.iter().find(|at| **at as i64 >= start)
    } else {
        all.iter().rev().find(|at| **at as i64 <= start)
    };
    assert_eq!(found, want.copied());
    if let [byte] = needle {
        assert_eq!(index_of_byte(haystack, *byte, offset, forward), index_of(haystack, needle, offset, forward, 1));
    }
});
