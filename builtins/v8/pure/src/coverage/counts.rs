//! From counts of instructions to counts of sites.

use super::sites::{Extent, FunctionSites, Jump, Root};

/// Operations of the engine (js/src/vm/Opcodes.h of this version).
mod op {
    pub(super) const AND: u8 = 158;
    pub(super) const COALESCE: u8 = 160;
    pub(super) const EXCEPTION: u8 = 176;
    pub(super) const JUMP_IF_FALSE: u8 = 156;
    pub(super) const JUMP_IF_TRUE: u8 = 157;
    pub(super) const MAYBE_EXTRACT_AWAIT_VALUE: u8 = 149;
    pub(super) const OR: u8 = 159;
    pub(super) const YIELD: u8 = 142;
}

/// Instructions from a `yield` to the first that runs when the generator is told to go on.
const YIELD_LENGTH: usize = 3;

/// An instruction.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    /// In the user's text; `None` outside of it.
    pub(super) offset: Option<usize>,
    pub(super) count: u64,
    pub(super) op: u8,
    /// Where a jump leads: an index in the same list.
    pub(super) target: Option<usize>,
}

/// Kinds of jumps, as the engine emits them for what a [`Jump`] stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    And,
    Await,
    Coalesce,
    Condition,
    Or,
    Yield,
}

fn kind_of(jump: Jump) -> Kind {
    match jump {
        Jump::And(_) => Kind::And,
        Jump::Await(_) => Kind::Await,
        Jump::Coalesce(_) => Kind::Coalesce,
        Jump::Condition { .. } | Jump::Link(_) => Kind::Condition,
        Jump::Or(_) => Kind::Or,
        Jump::Yield(_) => Kind::Yield,
    }
}

fn kind_at(points: &[At], index: usize) -> Option<Kind> {
    match points[index].op {
        op::AND => Some(Kind::And),
        op::COALESCE => Some(Kind::Coalesce),
        op::JUMP_IF_TRUE if index > 0 && points[index - 1].op == op::MAYBE_EXTRACT_AWAIT_VALUE => Some(Kind::Await),
        op::JUMP_IF_FALSE | op::JUMP_IF_TRUE => Some(Kind::Condition),
        op::OR => Some(Kind::Or),
        op::YIELD => Some(Kind::Yield),
        _ => None,
    }
}

/// Instructions by their places in the source.
struct ByPlace(Vec<(usize, usize)>);

impl ByPlace {
    fn of(points: &[At], wanted: impl Fn(usize) -> bool) -> ByPlace {
        let mut places: Vec<(usize, usize)> = points
            .iter()
            .enumerate()
            .filter(|(index, _)| wanted(*index))
            .filter_map(|(index, point)| Some((point.offset?, index)))
            .collect();
        places.sort_unstable();
        ByPlace(places)
    }

    /// The instructions of a part of the source, in no order.
    fn within(&self, (start, end): Extent) -> impl Iterator<Item = usize> + '_ {
        let first = self.0.partition_point(|(offset, _)| *offset < start);
        self.0[first..].iter().take_while(move |(offset, _)| *offset < end).map(|(_, index)| *index)
    }
}

/// How often each site of a function ran; `None` where no instruction tells.
pub(super) fn counts_of(function: &FunctionSites, points: &[At]) -> Vec<Option<u64>> {
    let mut counts = vec![None; function.sites.len()];
    let jumps = ByPlace::of(points, |index| kind_at(points, index).is_some());
    for root in &function.roots {
        let mut found: Vec<usize> = jumps.within(root.extent).collect();
        found.sort_unstable();
        match_jumps(root, &found, points, &mut counts);
    }
    let all = ByPlace::of(points, |_| true);
    for (site, count) in function.sites.iter().zip(&mut counts) {
        if count.is_some() {
            continue;
        }
        let first = site.probe.iter().find_map(|extent| all.within(*extent).min());
        *count = match first {
            Some(index) => Some(points[index].count),
            None if site.may_be_folded => Some(0),
            None => site.handles.and_then(|block| {
                let caught = all.within(block).filter(|index| points[*index].op == op::EXCEPTION).max();
                caught.map(|index| points[index].count)
            }),
        };
    }
    counts
}

/// Gives the sites of a root the counts behind its jumps. If there are other jumps than expected, kinds that are there in the number
/// that is expected still tell theirs, all but conditions, which the engine has many uses for.
fn match_jumps(root: &Root, found: &[usize], points: &[At], counts: &mut [Option<u64>]) {
    let matches = |kinds: &[Kind]| {
        let wanted = |kind: &Kind| kinds.contains(kind);
        let expected: Vec<Jump> = root.jumps.iter().copied().filter(|jump| wanted(&kind_of(*jump))).collect();
        let there: Vec<usize> =
            found.iter().copied().filter(|index| kind_at(points, *index).is_some_and(|kind| wanted(&kind))).collect();
        let same = expected.len() == there.len()
            && expected.iter().zip(&there).all(|(jump, index)| Some(kind_of(*jump)) == kind_at(points, *index));
        same.then(|| expected.into_iter().zip(there).collect::<Vec<_>>())
    };
    let all = [Kind::And, Kind::Await, Kind::Coalesce, Kind::Condition, Kind::Or, Kind::Yield];
    let whole = if root.is_opaque { None } else { matches(&all) };
    let pairs = whole.unwrap_or_else(|| {
        [&[Kind::And, Kind::Coalesce, Kind::Or][..], &[Kind::Await], &[Kind::Yield]]
            .iter()
            .filter_map(|kinds| matches(kinds))
            .flatten()
            .collect()
    });
    let count_at = |index: usize| points.get(index).map(|point| point.count);
    for (jump, index) in pairs {
        let target = points[index].target.and_then(count_at);
        match jump {
            Jump::And(Some(site)) | Jump::Coalesce(Some(site)) | Jump::Or(Some(site)) => {
                counts[site] = count_at(index + 1)
            }
            Jump::And(None) | Jump::Coalesce(None) | Jump::Or(None) => {}
            Jump::Await(site) => counts[site] = target,
            Jump::Condition { holds, fails } => {
                if let Some(site) = holds {
                    counts[site] = count_at(index + 1);
                }
                if let Some(site) = fails {
                    counts[site] = target;
                }
            }
            // A call is made where the check fails to find nothing.
            Jump::Link(site) => {
                let is_call = points[index].op == op::JUMP_IF_FALSE;
                counts[site] = if is_call { target } else { count_at(index + 1) };
            }
            Jump::Yield(site) => counts[site] = count_at(index + YIELD_LENGTH),
        }
    }
}
