//! From counters to the ranges that V8 reports.

use super::Range;

/// A counter: a range, or a place from which on a count holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counter {
    pub(super) start: usize,
    pub(super) end: Option<usize>,
    pub(super) count: u64,
}

/// The ranges of a function: itself first, then those inside of it whose count differs from what is around.
pub(super) fn ranges_of(whole: Range, counters: &[Counter]) -> Vec<Range> {
    let mut sorted = counters.to_vec();
    // Outer ones first; a place comes behind the ranges that begin there.
    sorted.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)).then(b.count.cmp(&a.count)));
    // Where a range begins, a place says nothing new.
    sorted.dedup_by(|later, earlier| later.start == earlier.start && later.end.is_none());
    let closed = close(whole, &sorted);
    let mut ranges = merge_nested(join_neighbours(&closed));
    ranges = join_neighbours(&ranges);
    ranges.retain(|range| range.start < range.end);
    ranges
}

/// Ends places where the next counter begins, or with what is around them.
fn close(whole: Range, counters: &[Counter]) -> Vec<Range> {
    let mut closed = vec![whole];
    let mut open = vec![whole];
    for (index, counter) in counters.iter().enumerate() {
        while open.len() > 1 && open.last().is_some_and(|outer| outer.end <= counter.start) {
            open.pop();
        }
        let outer = open.last().copied().unwrap_or(whole);
        let end = counter.end.unwrap_or_else(|| {
            // The brace at the end of a function does not belong to what is in it.
            let end = if open.len() == 1 { outer.end.saturating_sub(1) } else { outer.end };
            counters.get(index + 1).map_or(end, |next| next.start.min(end))
        });
        let range = Range { start: counter.start, end, count: counter.count };
        closed.push(range);
        if counter.end.is_some() {
            open.push(range);
        }
    }
    closed
}

/// Joins ranges of one level that touch and ran equally often.
fn join_neighbours(ranges: &[Range]) -> Vec<Range> {
    let mut joined: Vec<Range> = Vec::with_capacity(ranges.len());
    // Places in `joined` of the ranges around, and of the last one inside each of them.
    let mut open: Vec<(usize, Option<usize>)> = Vec::new();
    for range in ranges {
        while open.len() > 1 && open.last().is_some_and(|(outer, _)| joined[*outer].end <= range.start) {
            open.pop();
        }
        if let Some((_, last)) = open.last_mut() {
            if let Some(before) = last.map(|at| &mut joined[at])
                && before.end == range.start
                && before.count == range.count
            {
                before.end = range.end;
                let at = last.unwrap_or_default();
                open.push((at, None));
                continue;
            }
            *last = Some(joined.len());
        }
        open.push((joined.len(), None));
        joined.push(*range);
    }
    joined
}

/// Leaves out what ran as often as what is around it.
fn merge_nested(ranges: Vec<Range>) -> Vec<Range> {
    let mut kept: Vec<Range> = Vec::with_capacity(ranges.len());
    let mut open: Vec<Range> = Vec::new();
    for range in ranges {
        while open.len() > 1 && open.last().is_some_and(|outer| outer.end <= range.start) {
            open.pop();
        }
        if open.last().is_some_and(|outer| outer.count == range.count) {
            continue;
        }
        open.push(range);
        kept.push(range);
    }
    kept
}
