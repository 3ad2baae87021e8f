//! How many columns text takes on a terminal.
//!
//! Per code point: none for control, combining and format characters, two for what Unicode calls wide or fullwidth (UAX #11),
//! else one. What a zero width joiner glues together takes the columns of its parts, and so do the two letters of a flag, as in Node:
//! few terminals draw them as one.

#![forbid(unsafe_code)]

use icu_properties::CodePointMapData;
use icu_properties::props::{EastAsianWidth, GeneralCategory};

/// A format character that terminals show all the same.
const SOFT_HYPHEN: char = '\u{ad}';
/// Letters of which two make a flag.
const REGIONAL_INDICATORS: std::ops::RangeInclusive<char> = '\u{1f1e6}'..='\u{1f1ff}';

/// Columns of `text`, which has no control sequences.
pub fn width(text: impl Iterator<Item = char>) -> usize {
    text.map(character_width).sum()
}

/// Columns of one character: 0, 1 or 2.
pub fn character_width(character: char) -> usize {
    if (' '..='~').contains(&character) {
        return 1;
    }
    if REGIONAL_INDICATORS.contains(&character) {
        return 2;
    }
    match CodePointMapData::<EastAsianWidth>::new().get(character) {
        EastAsianWidth::Fullwidth | EastAsianWidth::Wide => return 2,
        _ => {}
    }
    match CodePointMapData::<GeneralCategory>::new().get(character) {
        GeneralCategory::Control | GeneralCategory::EnclosingMark | GeneralCategory::NonspacingMark => 0,
        GeneralCategory::Format if character != SOFT_HYPHEN => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::width;

    #[track_caller]
    fn check(text: &str, want: usize) {
        assert_eq!(width(text.chars()), want, "{text:?}");
    }

    #[test]
    fn widths() {
        check("", 0);
        check("abc", 3);
        check("日本", 4);
        check("ｆｕ", 4);
        check("e\u{301}", 1);
        check("a\u{200b}b", 2);
        check("\u{ad}", 1);
        check("👨\u{200d}👩\u{200d}👧", 6);
        check("👍🏽", 4);
        check("🇩🇪", 4);
        check("🇩", 2);
        check("🇩🇪🇫🇷", 8);
        check("\u{1b}\u{7}", 0);
    }
}
