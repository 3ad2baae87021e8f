//! Binding of `node:v8`: heap snapshots and coverage.

#![forbid(unsafe_code)]

use anode_engine::{Args, JsResult, Local, Scope, Thrown};
use anode_runtime::Builtin;
use anode_v8_pure::{coverage, snapshot};

/// The binding.
pub static BUILTIN: Builtin = Builtin {
    name: "v8",
    functions: &[
        ("blockCoverage", block_coverage),
        ("heapSnapshot", heap_snapshot),
        ("instanceFinder", instance_finder),
        ("startCoverage", start_coverage),
    ],
    init: None,
};

/// `heapSnapshot()`: the heap as a `.heapsnapshot` document, in a Uint8Array.
fn heap_snapshot<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let dump = sc.dump_heap();
    let bytes = snapshot::from_dump(&String::from_utf8_lossy(&dump));
    drop(dump);
    sc.uint8_array(bytes)
}

/// `instanceFinder()`: a function from a prototype to a list of the live objects that inherit from it.
fn instance_finder<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    sc.collect_garbage();
    sc.instance_finder()
}

/// `startCoverage()`: see the engine's `start_coverage`.
fn start_coverage<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    sc.start_coverage()
}

/// `blockCoverage(source, isModule, functions)`: `functions` are arrays of name, start, end and points, which are line, column,
/// count, operation and the index of where a jump leads (or -1) one after the other; `[name, isBlockCoverage, start, end, count, start, end, count ...]` for each of them.
fn block_coverage<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    let is_module = args.get(1).is_true();
    let mut functions = Vec::new();
    for entry in sc.array_items(args.get(2))? {
        let function = sc.nested(|sc| read_function(sc, entry))?;
        functions.push(function);
    }
    let mut rows = Vec::new();
    for found in coverage::report(&source, is_module, &functions) {
        let mut row = vec![sc.string(&found.name), sc.boolean(found.is_block_coverage)];
        for range in &found.ranges {
            row.push(sc.number(range.start as f64));
            row.push(sc.number(range.end as f64));
            row.push(sc.number(range.count as f64));
        }
        rows.push(sc.array(&row));
    }
    Ok(sc.array(&rows))
}

fn read_function(sc: &mut Scope<'_>, entry: Local<'_>) -> Result<coverage::Function, Thrown> {
    let name = sc.get_index(entry, 0)?;
    let start = sc.get_index(entry, 1)?;
    let end = sc.get_index(entry, 2)?;
    let flat = sc.get_index(entry, 3)?;
    let numbers: Vec<f64> = sc.array_items(flat)?.into_iter().map(|item| item.as_f64().unwrap_or(0.0)).collect();
    let points = numbers
        .chunks_exact(5)
        .map(|point| coverage::Point {
            line: point[0] as u32,
            column: point[1] as u32,
            count: point[2] as u64,
            op: point[3] as u8,
            target: (point[4] >= 0.0).then_some(point[4] as usize),
        })
        .collect();
    Ok(coverage::Function {
        name: sc.to_string(name)?,
        start: start.as_f64().unwrap_or(0.0) as usize,
        end: end.as_f64().unwrap_or(0.0) as usize,
        points,
    })
}
