//! Binding `builtins`: sources of builtins compiled on first use, and the binding tables.

use crate::builtin::Builtin;
use crate::sources;
use crate::turn::env;
use anode_engine::{Args, JsResult, Scope, Thrown};

pub(crate) static BUILTIN: Builtin = Builtin {
    name: "builtins",
    functions: &[("compile", compile_builtin), ("ids", ids), ("has", has), ("binding", binding), ("source", source)],
    init: None,
};

/// Parameters of every builtin's wrapper.
const PARAMETERS: &[&str] = &["exports", "require", "module", "binding", "primordials"];

fn text_of(sc: &mut Scope<'_>, id: &str) -> Result<String, Thrown> {
    let dev = env(sc).dev_builtins.clone();
    if let Some(root) = dev
        && let Some(text) = read_from_tree(&root, id)
    {
        return Ok(text);
    }
    match sources::source(id) {
        Some(text) => Ok(text.to_owned()),
        None => Err(sc.throw_error(&format!("No such built-in module: {id}"))),
    }
}

/// The file of a builtin in a source tree: how `build.rs` of builtin_sources names ids, backwards.
fn read_from_tree(root: &std::path::Path, id: &str) -> Option<String> {
    let owners = std::fs::read_dir(root).ok()?;
    for owner in owners.flatten() {
        let name = owner.file_name().to_string_lossy().into_owned();
        let path = match id.strip_prefix("internal/") {
            Some(rest) if name != "core" => match rest.strip_prefix(&format!("{name}/")) {
                Some(inner) => format!("internal/{inner}"),
                None => continue,
            },
            _ => id.to_owned(),
        };
        if let Ok(text) = std::fs::read_to_string(owner.path().join("js").join(format!("{path}.js"))) {
            return Some(text);
        }
    }
    None
}

/// `compile(id)`: the wrapper function of a builtin, in the current realm.
///
/// # Errors
/// There is no such builtin.
pub fn compile_builtin<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let id = sc.to_string(args.get(0))?;
    let dev = env(sc).dev_builtins.is_some();
    let file = format!("node:{id}");
    if !dev
        && let Some(code) = env(sc).code_cache.code(&id)
        && let Some(script) = sc.decode_script(code, &file, 1)
    {
        return sc.run_script(&script, None);
    }
    let text = text_of(sc, &id)?;
    sc.compile_function(&text, &file, "", PARAMETERS, None)
}

/// `source(id)`: the source text, for `process.binding('natives')`.
fn source<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let id = sc.to_string(args.get(0))?;
    let text = text_of(sc, &id)?;
    Ok(sc.string(&text))
}

/// `has(id)`
fn has<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let id = sc.to_string(args.get(0))?;
    let found = sources::source(&id).is_some()
        || env(sc).dev_builtins.clone().is_some_and(|root| read_from_tree(&root, &id).is_some());
    Ok(sc.boolean(found))
}

/// `ids()`: all ids, sorted.
fn ids<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let mut items = Vec::new();
    for id in sources::ids() {
        items.push(sc.string(id));
    }
    Ok(sc.array(&items))
}

/// This table itself, for the first script.
pub(crate) fn binding_table<'s>(sc: &mut Scope<'s>) -> JsResult<'s> {
    let table = sc.object();
    sc.define_functions(table, BUILTIN.functions)?;
    Ok(table)
}

/// `binding(name)`: a fresh binding table; the caller caches it. `undefined` if there is none.
fn binding<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = sc.to_string(args.get(0))?;
    let Some(builtin) = env(sc).builtins.iter().copied().find(|builtin| builtin.name == name) else {
        return Ok(sc.undefined());
    };
    let table = sc.object();
    sc.define_functions(table, builtin.functions)?;
    if let Some(init) = builtin.init {
        init(sc, table)?;
    }
    Ok(table)
}
