//! Block coverage: from counts of the engine's instructions to V8's nested ranges.
//!
//! The engine counts how often each instruction ran and knows, more or less, the line and column it came from. V8 reports source ranges:
//! one per function, and inside of it one per block whose count differs from what surrounds it. So the source is parsed for the places
//! that V8 counts at ([`sites`]), each gets a count from the instructions ([`counts`]), and what says nothing new is left out
//! ([`ranges`]).
//!
//! **Invariants**: ranges of a function are nested or disjoint, outer ones first; offsets are in UTF-16 units of the user's
//! text, without the wrapper that the module loader put around it.

mod counts;
mod ranges;
mod sites;

use counts::At;
use ranges::Counter;
use sites::{Class, FunctionSites, Tree};
use std::collections::HashMap;
use swc_common::BytePos;

/// One instruction: what it is, where it came from, and how often it ran. In the order of the bytecode.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// From 1, in the user's text.
    pub line: u32,
    /// From 1, in UTF-16 units.
    pub column: u32,
    pub count: u64,
    /// The engine's number of the operation.
    pub op: u8,
    /// The instruction that a jump leads to.
    pub target: Option<usize>,
}

/// A function as the engine knows it, or the whole script.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    /// Where its text begins and ends, in UTF-16 units of the user's text.
    pub start: usize,
    pub end: usize,
    /// Empty if it never ran.
    pub points: Vec<Point>,
}

/// A range of V8's report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub start: usize,
    pub end: usize,
    pub count: u64,
}

/// A function of V8's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionCoverage {
    pub name: String,
    pub ranges: Vec<Range>,
    /// Whether the counts inside of it are known.
    pub is_block_coverage: bool,
}

/// The report about one script. `functions` holds the script itself first.
#[must_use]
pub fn report(source: &str, is_module: bool, functions: &[Function]) -> Vec<FunctionCoverage> {
    let text = Text::new(source);
    let Tree { functions: known, classes } = sites::tree_of(source, is_module, &text);
    let by_extent: HashMap<sites::Extent, &FunctionSites> = known.iter().map(|each| (each.extent, each)).collect();
    let mut reports: Vec<FunctionCoverage> = align(functions, &known, &classes)
        .iter()
        .map(|function| report_of(function, by_extent.get(&(function.start, function.end)).copied(), &text))
        .collect();
    // In the order of the source, outer ones first; the script itself stays the first.
    if let Some(inner) = reports.get_mut(1..) {
        inner.sort_by_key(|each| (each.ranges[0].start, usize::MAX - each.ranges[0].end));
    }
    leave_out_unseen(&mut reports);
    reports
}

fn report_of(function: &Function, sites: Option<&FunctionSites>, text: &Text) -> FunctionCoverage {
    let points: Vec<At> = function
        .points
        .iter()
        .map(|point| At {
            offset: text.offset(point.line, point.column),
            count: point.count,
            op: point.op,
            target: point.target,
        })
        .collect();
    // A module of nothing but functions has no instruction in its text.
    let first = points.iter().find(|point| point.offset.is_some()).or(points.first());
    let count = first.map_or(0, |point| point.count);
    let whole = Range { start: function.start, end: function.end, count };
    let mut ranges = vec![whole];
    if let (Some(sites), true) = (sites, count > 0) {
        let counts = counts::counts_of(sites, &points);
        let counters: Vec<Counter> = sites
            .sites
            .iter()
            .zip(counts)
            .filter_map(|(site, count)| Some(Counter { start: site.start, end: site.end, count: count? }))
            .collect();
        ranges = ranges::ranges_of(whole, &counters);
    }
    FunctionCoverage { name: function.name.clone(), is_block_coverage: count > 0, ranges }
}

/// A function that did not run, in one that did not run either, is not reported. `reports` are sorted, outer ones first.
fn leave_out_unseen(reports: &mut Vec<FunctionCoverage>) {
    let mut open: Vec<Range> = Vec::new();
    reports.retain(|each| {
        let own = each.ranges[0];
        while open.len() > 1 && open.last().is_some_and(|outer| outer.end <= own.start) {
            open.pop();
        }
        let is_seen = own.count > 0 || open.last().is_none_or(|outer| outer.count > 0);
        if is_seen {
            open.push(own);
        }
        is_seen
    });
}

/// The engine counts a function from its parameters on, V8 from its first word. The engine has a function for the constructor that a class
/// does not write, and one for each field; V8 has none for the former, and one for all fields.
fn align(functions: &[Function], known: &[FunctionSites], classes: &[Class]) -> Vec<Function> {
    let mut by_end: HashMap<usize, Vec<usize>> = HashMap::new();
    for each in known.iter().filter(|each| !each.is_fields) {
        by_end.entry(each.extent.1).or_default().push(each.extent.0);
    }
    let mut aligned: Vec<Function> = Vec::new();
    let mut groups: Vec<(usize, bool, usize)> = Vec::new();
    for (index, function) in functions.iter().enumerate() {
        let mut function = function.clone();
        if index == 0 {
            aligned.push(function);
            continue;
        }
        let starts = by_end.get(&function.end).into_iter().flatten();
        if let Some(start) = starts.filter(|start| **start <= function.start).max() {
            function.start = *start;
            aligned.push(function);
            continue;
        }
        if classes.iter().any(|class| class.extent == (function.start, function.end)) {
            continue;
        }
        let member = classes.iter().enumerate().find_map(|(number, class)| {
            let around = |field: &&sites::Field| field.extent.0 <= function.start && function.end <= field.extent.1;
            class.fields.iter().find(around).map(|field| (number, field.is_static))
        });
        let Some((number, is_static)) = member else {
            aligned.push(function);
            continue;
        };
        if let Some((_, _, at)) = groups.iter().find(|(class, kind, _)| (*class, *kind) == (number, is_static)) {
            let all = &mut aligned[*at].points;
            let before = all.len();
            all.extend(
                function.points.iter().map(|point| Point { target: point.target.map(|to| to + before), ..*point }),
            );
            continue;
        }
        groups.push((number, is_static, aligned.len()));
        if let Some(extent) = sites::extent_of_fields(&classes[number].fields, is_static) {
            (function.start, function.end) = extent;
        }
        let name = if is_static { "<static_initializer>" } else { "<instance_members_initializer>" };
        name.clone_into(&mut function.name);
        aligned.push(function);
    }
    aligned
}

/// Positions of a text.
struct Text {
    /// UTF-16 offset of the beginning of each line.
    lines: Vec<usize>,
    length: usize,
    /// UTF-16 offset of each byte; `None` for plain ASCII.
    units: Option<Vec<u32>>,
}

impl Text {
    fn new(source: &str) -> Text {
        let mut lines = vec![0];
        let mut unit = 0;
        let mut chars = source.chars().peekable();
        while let Some(char) = chars.next() {
            unit += char.len_utf16();
            let ends = matches!(char, '\n' | '\u{2028}' | '\u{2029}') || (char == '\r' && chars.peek() != Some(&'\n'));
            if ends {
                lines.push(unit);
            }
        }
        let units = (!source.is_ascii()).then(|| {
            let mut units = Vec::with_capacity(source.len() + 1);
            let mut at = 0;
            for char in source.chars() {
                units.extend(std::iter::repeat_n(at, char.len_utf8()));
                at += char.len_utf16() as u32;
            }
            units.push(at);
            units
        });
        Text { lines, length: unit, units }
    }

    /// The offset of a place; `None` outside of the text.
    fn offset(&self, line: u32, column: u32) -> Option<usize> {
        let start = self.lines.get((line as usize).checked_sub(1)?)?;
        let offset = start + (column as usize).checked_sub(1)?;
        (offset <= self.length).then_some(offset)
    }

    /// From a byte position of the parser, which counts from 1.
    fn unit(&self, position: BytePos) -> usize {
        let byte = (position.0 as usize).saturating_sub(1);
        match &self.units {
            None => byte.min(self.length),
            Some(units) => units.get(byte).map_or(self.length, |unit| *unit as usize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points at the places of the words in `counts`, in that order.
    fn points(source: &str, counts: &[(&str, u64)]) -> Vec<Point> {
        counts
            .iter()
            .map(|(word, count)| {
                let at = source.find(word).unwrap();
                let line = source[..at].matches('\n').count() as u32 + 1;
                let column = (at - source[..at].rfind('\n').map_or(0, |end| end + 1)) as u32 + 1;
                Point { line, column, count: *count, op: 0, target: None }
            })
            .collect()
    }

    #[track_caller]
    fn check(source: &str, counts: &[(&str, u64)], want: &[(&str, u64)]) {
        let script = Function {
            name: String::new(),
            start: 0,
            end: source.encode_utf16().count(),
            points: points(source, counts),
        };
        let found = report(source, false, &[script]);
        let shown: Vec<(String, u64)> = found[0].ranges[1..]
            .iter()
            .map(|range| {
                let units: Vec<u16> = source.encode_utf16().collect();
                (String::from_utf16(&units[range.start..range.end]).unwrap(), range.count)
            })
            .collect();
        let want: Vec<(String, u64)> = want.iter().map(|(text, count)| ((*text).to_owned(), *count)).collect();
        assert_eq!(shown, want);
    }

    #[test]
    fn blocks() {
        check("if (x) { aa() } else { bb() }", &[("x", 1), ("aa", 1), ("bb", 0)], &[(" else { bb() }", 0)]);
        check(
            "if (x) { aa() } else { bb() }",
            &[("x", 3), ("aa", 1), ("bb", 2)],
            &[("{ aa() }", 1), (" else { bb() }", 2)],
        );
        check("if (true) { aa() } else { const c = 1 }", &[("true", 1), ("aa", 1)], &[(" else { const c = 1 }", 0)]);
        check("for (;;) { aa(); }", &[("for", 1), ("aa", 9)], &[("{ aa(); }", 9)]);
        check("é(); if (x) { aa() }", &[("if", 1), ("aa", 0)], &[("{ aa() }", 0)]);
        check("x ? aa() : bb()", &[("x", 1), ("aa", 1), ("bb", 0)], &[(": bb()", 0)]);
        check("x && aa()", &[("x", 1), ("aa", 0)], &[("&& aa()", 0)]);
        check("try { aa() } catch { bb() }", &[("aa", 1), ("bb", 0)], &[("catch { bb() }", 0)]);
        check("aa(); bb()", &[("aa", 1), ("bb", 0)], &[]);
    }

    #[test]
    fn what_follows_a_jump() {
        check("if (x) { return } aa()\n", &[("x", 1), ("return", 1), ("aa", 0)], &[(" aa()", 0)]);
        // Neighbours with one count are one.
        check("if (x) { return } aa()\n", &[("x", 2), ("return", 1), ("aa", 1)], &[("{ return } aa()", 1)]);
        check(
            "for (;;) { if (x) break; aa() }",
            &[("for", 1), ("x", 3), ("break", 1), ("aa", 2)],
            &[("{ if (x) break; aa() }", 3), ("break;", 1), (" aa() }", 2)],
        );
    }

    /// A condition that jumps, then one literal or the other: their instructions have no places.
    #[test]
    fn branches_without_places() {
        let source = "return x ? 1 : 2\n";
        let at = |count: u64, op: u8, target: Option<usize>| Point { line: 1, column: 1, count, op, target };
        let points = vec![
            at(5, 0, None),
            at(5, 156, Some(4)),
            at(3, 153, None),
            at(3, 0, None),
            at(2, 153, None),
            at(2, 0, None),
        ];
        let script = Function { name: String::new(), start: 0, end: source.len(), points };
        let found = report(source, false, &[script]);
        let shown: Vec<(&str, u64)> =
            found[0].ranges[1..].iter().map(|range| (&source[range.start..range.end], range.count)).collect();
        assert_eq!(shown, [("? 1", 3), (": 2", 2)]);
    }

    #[test]
    fn nesting() {
        check(
            "if (x) { aa(); if (y) { bb() } }",
            &[("x", 2), ("aa", 1), ("y", 1), ("bb", 0)],
            &[("{ aa(); if (y) { bb() } }", 1), ("{ bb() }", 0)],
        );
    }

    #[test]
    fn functions_begin_at_their_first_word() {
        let source =
            "function a() {} class K { static async m() {} get g() {} } const o = { async p() {} }; async () => {};";
        let script = |start: usize, end: usize| Function { name: String::new(), start, end, points: Vec::new() };
        let whole = [
            ("function a() {}", "() {}"),
            ("async m() {}", "() {}"),
            ("get g() {}", "() {}"),
            ("async p() {}", "() {}"),
            ("async () => {}", "() => {}"),
        ];
        let mut functions = vec![script(0, source.len())];
        // In a script that did not run, nothing else is reported.
        functions[0].points = points(source, &[("class", 1)]);
        for (text, inner) in whole {
            let start = source.find(text).unwrap();
            functions.push(script(start + text.find(inner).unwrap(), start + text.len()));
        }
        let found = report(source, false, &functions);
        let shown: Vec<&str> =
            found[1..].iter().map(|each| &source[each.ranges[0].start..each.ranges[0].end]).collect();
        assert_eq!(shown, whole.map(|(text, _)| text));
    }

    #[test]
    fn what_cannot_be_parsed_has_functions_only() {
        let source = "if (";
        let script = Function { name: String::new(), start: 0, end: 4, points: points(source, &[("if", 1)]) };
        let found = report(source, false, &[script]);
        assert_eq!(found[0].ranges, [Range { start: 0, end: 4, count: 1 }]);
    }
}
