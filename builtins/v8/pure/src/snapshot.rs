//! Heap snapshots: from the engine's text dump to V8's `.heapsnapshot` JSON.
//!
//! The dump is a list of roots (`ADDRESS COLOR name`) up to a line of `=`, then every cell (`ADDRESS COLOR description
//! SIZE:: bytes`) followed by its edges (`> ADDRESS COLOR name`). The snapshot is the same graph as flat arrays of numbers:
//! nodes with their edge counts, edges in the order of their nodes, and a table of strings. Chrome's developer tools read it.
//!
//! An instance is called by the name of its constructor, which is found through its shape: shape → base shape → prototype →
//! `constructor`.

use std::collections::HashMap;

/// Types of nodes, in V8's order.
const NODE_TYPES: [&str; 15] = [
    "hidden",
    "array",
    "string",
    "object",
    "code",
    "closure",
    "regexp",
    "number",
    "native",
    "synthetic",
    "concatenated string",
    "sliced string",
    "symbol",
    "bigint",
    "object shape",
];
const EDGE_TYPES: [&str; 7] = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"];

const HIDDEN: u32 = 0;
const STRING: u32 = 2;
const OBJECT: u32 = 3;
const CODE: u32 = 4;
const CLOSURE: u32 = 5;
const REGEXP: u32 = 6;
const SYNTHETIC: u32 = 9;
const ROPE: u32 = 10;
const SUBSTRING: u32 = 11;
const SYMBOL: u32 = 12;
const BIGINT: u32 = 13;
const SHAPE: u32 = 14;

const ELEMENT: u32 = 1;
const PROPERTY: u32 = 2;
const INTERNAL: u32 = 3;

/// Numbers of a node and of an edge in the flat arrays.
const NODE_FIELDS: usize = 6;

/// The longest name of a string that is kept, in bytes: what developer tools show.
const NAME_BYTES_MAX: usize = 1024;

struct Edge<'a> {
    to: u64,
    name: &'a str,
}

struct Node<'a> {
    address: u64,
    description: &'a str,
    size: u64,
    /// Its edges in the common list.
    edges: std::ops::Range<usize>,
}

/// The graph of a dump, borrowed from it.
struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge<'a>>,
    roots: Vec<Edge<'a>>,
    by_address: HashMap<u64, usize>,
}

/// `0x1234 B rest`
fn entry(line: &str) -> Option<(u64, &str)> {
    let (address, rest) = line.strip_prefix("0x")?.split_once(' ')?;
    let address = u64::from_str_radix(address, 16).ok()?;
    // The color is one letter and a blank.
    Some((address, rest.get(2..)?))
}

impl<'a> Graph<'a> {
    fn parse(dump: &'a str) -> Graph<'a> {
        let mut graph = Graph { nodes: Vec::new(), edges: Vec::new(), roots: Vec::new(), by_address: HashMap::new() };
        let mut lines = dump.lines();
        for line in lines.by_ref() {
            if line.starts_with("==") {
                break;
            }
            if let Some((to, name)) = entry(line) {
                graph.roots.push(Edge { to, name });
            }
        }
        for line in lines {
            if let Some(edge) = line.strip_prefix("> ") {
                if let (Some((to, name)), Some(node)) = (entry(edge), graph.nodes.last_mut()) {
                    graph.edges.push(Edge { to, name });
                    node.edges.end = graph.edges.len();
                }
            } else if let Some((address, text)) = entry(line) {
                let (description, size) = text.rsplit_once(" SIZE:: ").unwrap_or((text, "0"));
                let start = graph.edges.len();
                graph.by_address.insert(address, graph.nodes.len());
                graph.nodes.push(Node { address, description, size: size.parse().unwrap_or(0), edges: start..start });
            }
        }
        graph
    }

    /// Where the edge of that name leads.
    fn follow(&self, node: usize, is_wanted: impl Fn(&str) -> bool) -> Option<usize> {
        let edges = &self.edges[self.nodes[node].edges.clone()];
        let edge = edges.iter().find(|edge| is_wanted(edge.name))?;
        self.by_address.get(&edge.to).copied()
    }

    /// The name of the constructor of an object of that shape.
    fn constructor_of_shape(&self, shape: usize) -> Option<&'a str> {
        let base = self.follow(shape, |name| name == "base")?;
        let prototype = self.follow(base, |name| name == "proto" || name == "baseshape_proto")?;
        let constructor = self.follow(prototype, |name| name == "constructor")?;
        self.nodes[constructor].description.strip_prefix("Function ").filter(|name| !name.is_empty())
    }
}

/// A JSON document that is being written, with its table of strings.
struct Strings<'a> {
    index: HashMap<&'a str, usize>,
    list: Vec<&'a str>,
}

impl<'a> Strings<'a> {
    fn add(&mut self, text: &'a str) -> usize {
        let Strings { index, list } = self;
        *index.entry(text).or_insert_with(|| {
            list.push(text);
            list.len() - 1
        })
    }
}

/// V8 counts objects in steps of two; an object that does not move keeps its number between snapshots.
fn id_of(address: u64) -> u64 {
    (address >> 2) | 1
}

fn clip(text: &str) -> &str {
    let mut end = text.len().min(NAME_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The content of a string, from `string <length 5> hello`.
fn string_content(description: &str) -> &str {
    description.split_once("> ").map_or("", |(_, text)| clip(text))
}

/// Type and name of a node.
fn describe<'a>(graph: &Graph<'a>, node: usize, shapes: &mut HashMap<usize, Option<&'a str>>) -> (u32, &'a str) {
    let description = graph.nodes[node].description;
    let (kind, rest) = description.split_once(' ').unwrap_or((description, ""));
    match kind {
        "Function" => (CLOSURE, rest),
        "string" if rest.starts_with("<rope") => (ROPE, "(concatenated string)"),
        "string" => (STRING, string_content(description)),
        "substring" => (SUBSTRING, string_content(description)),
        "symbol" => (SYMBOL, rest),
        "BigInt" => (BIGINT, "bigint"),
        "shape" => (SHAPE, "system / Shape"),
        "base_shape" => (SHAPE, "system / BaseShape"),
        "prop_map" => (HIDDEN, "system / PropMap"),
        "getter_setter" => (HIDDEN, "system / GetterSetter"),
        "scope" => (HIDDEN, "system / Scope"),
        "script" => (CODE, if rest.is_empty() { "(script)" } else { rest }),
        "jitcode" => (CODE, "(machine code)"),
        "reg_exp_shared" => (CODE, "(regular expression code)"),
        "RegExp" => (REGEXP, "RegExp"),
        class => {
            let shape = graph.follow(node, |name| name == "shape");
            let name =
                shape.and_then(|shape| *shapes.entry(shape).or_insert_with(|| graph.constructor_of_shape(shape)));
            (OBJECT, name.unwrap_or(class))
        }
    }
}

/// Type of an edge, and its index where it is an element.
fn edge_kind(from: u32, name: &str) -> (u32, Option<u64>) {
    if let Some(index) = name.strip_prefix("objectElements[").and_then(|rest| rest.strip_suffix(']')) {
        return (ELEMENT, index.parse().ok());
    }
    let is_object = matches!(from, OBJECT | CLOSURE | REGEXP);
    if !is_object || name == "shape" || name.starts_with("**") || name.starts_with("CLASS_OBJECT") {
        return (INTERNAL, None);
    }
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return (ELEMENT, name.parse().ok());
    }
    (PROPERTY, None)
}

/// The snapshot of a dump, as JSON.
#[must_use]
pub fn from_dump(dump: &str) -> Vec<u8> {
    let graph = Graph::parse(dump);
    let mut strings = Strings { index: HashMap::new(), list: Vec::new() };
    let mut shapes = HashMap::new();
    let mut nodes = String::new();
    let mut edges = String::new();
    let mut edge_count = 0;
    // Two nodes that the engine does not have come first: the root, and all its roots.
    let add_node = |out: &mut String, kind: u32, name: usize, id: u64, size: u64, edge_count: usize| {
        let comma = if out.is_empty() { "" } else { ",\n" };
        out.push_str(&format!("{comma}{kind},{name},{id},{size},{edge_count},0"));
    };
    let add_edge = |out: &mut String, kind: u32, name: u64, to: usize| {
        let comma = if out.is_empty() { "" } else { ",\n" };
        out.push_str(&format!("{comma}{kind},{name},{}", to * NODE_FIELDS));
    };
    let roots: Vec<(usize, &str)> =
        graph.roots.iter().filter_map(|edge| Some((*graph.by_address.get(&edge.to)?, edge.name))).collect();
    add_node(&mut nodes, SYNTHETIC, strings.add(""), 1, 0, 1);
    add_node(&mut nodes, SYNTHETIC, strings.add("(GC roots)"), 3, 0, roots.len());
    add_edge(&mut edges, ELEMENT, 1, 1);
    for (to, name) in &roots {
        add_edge(&mut edges, INTERNAL, strings.add(name) as u64, to + 2);
    }
    edge_count += 1 + roots.len();
    for (index, node) in graph.nodes.iter().enumerate() {
        let (kind, name) = describe(&graph, index, &mut shapes);
        let mut count = 0;
        for edge in &graph.edges[node.edges.clone()] {
            let Some(to) = graph.by_address.get(&edge.to) else { continue };
            let (edge_type, element) = edge_kind(kind, edge.name);
            let name = element.unwrap_or_else(|| strings.add(edge.name) as u64);
            add_edge(&mut edges, edge_type, name, to + 2);
            count += 1;
        }
        edge_count += count;
        add_node(&mut nodes, kind, strings.add(name), id_of(node.address), node.size, count);
    }
    let mut out = header(graph.nodes.len() + 2, edge_count);
    out.push_str(&format!(
        "\"nodes\":[{nodes}],\n\"edges\":[{edges}],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[],\n\"locations\":[],\n\"strings\":["
    ));
    for (index, text) in strings.list.iter().enumerate() {
        if index > 0 {
            out.push_str(",\n");
        }
        push_json(&mut out, text);
    }
    out.push_str("]}\n");
    out.into_bytes()
}

fn header(node_count: usize, edge_count: usize) -> String {
    let list = |names: &[&str]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    let node_fields = list(&["type", "name", "id", "self_size", "edge_count", "detachedness"]);
    let edge_fields = list(&["type", "name_or_index", "to_node"]);
    let trace_fields = list(&["function_id", "name", "script_name", "script_id", "line", "column"]);
    format!(
        concat!(
            "{{\"snapshot\":{{\"meta\":{{\"node_fields\":[{}],\"node_types\":[[{}],\"string\",\"number\",\"number\",",
            "\"number\",\"number\"],\"edge_fields\":[{}],\"edge_types\":[[{}],\"string_or_number\",\"node\"],",
            "\"trace_function_info_fields\":[{}],\"trace_node_fields\":[\"id\",\"function_info_index\",\"count\",\"size\",",
            "\"children\"],\"sample_fields\":[\"timestamp_us\",\"last_assigned_id\"],\"location_fields\":[\"object_index\",",
            "\"script_id\",\"line\",\"column\"]}},\"node_count\":{},\"edge_count\":{},\"trace_function_count\":0,",
            "\"extra_native_bytes\":0}},\n"
        ),
        node_fields,
        list(&NODE_TYPES),
        edge_fields,
        list(&EDGE_TYPES),
        trace_fields,
        node_count,
        edge_count
    )
}

fn push_json(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            char if (char as u32) < 0x20 || char as u32 == 0x7f => out.push_str(&format!("\\u{:04x}", char as u32)),
            char => out.push(char),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = "# Roots.
0x100 B global
# Weak maps.
==========
# zone 0x1
0x100 B Leaky <unknown object> SIZE:: 32
> 0x200 B shape
> 0x500 B text
> 0x999 B gone
0x200 B shape SIZE:: 8
> 0x300 B base
0x300 B base_shape SIZE:: 8
> 0x400 B proto
0x400 B Object SIZE:: 16
> 0x600 B constructor
0x500 B string <length 3> a\"b SIZE:: 24
0x600 B Function Thing SIZE:: 40
";

    #[test]
    fn instances_have_the_name_of_their_constructor() {
        let text = String::from_utf8(from_dump(DUMP)).unwrap();
        assert!(text.contains("\"Thing\""), "{text}");
        assert!(text.contains("\"a\\\"b\""), "{text}");
        assert!(text.contains("\"node_count\":8,\"edge_count\":7"), "{text}");
        // Edges to cells that are not in the dump are left out.
        assert!(!text.contains("gone"), "{text}");
    }

    #[test]
    fn junk_is_an_empty_graph() {
        let text = String::from_utf8(from_dump("not a dump\n> 0x1 B x\n0x B\n")).unwrap();
        assert!(text.contains("\"node_count\":2,\"edge_count\":1"), "{text}");
    }
}
