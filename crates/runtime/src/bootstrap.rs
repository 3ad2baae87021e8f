//! The first script.

use anode_engine::{JsResult, Scope, Thrown};

/// Runs `internal/bootstrap` and returns its exports: `requireBuiltin` and `process`.
///
/// # Errors
/// What the script throws; that is a bug of ours.
pub fn bootstrap<'s>(sc: &mut Scope<'s>) -> JsResult<'s> {
    let table = crate::loader::binding_table(sc)?;
    let compile = sc.get(table, "compile")?;
    let binding = sc.get(table, "binding")?;
    let undefined = sc.undefined();
    let id = sc.string("internal/bootstrap");
    let wrapper = sc.call(compile, undefined, &[id])?;
    let exports = sc.object();
    let module = sc.object();
    sc.set(module, "exports", exports)?;
    sc.call(wrapper, undefined, &[exports, undefined, module, binding, undefined])?;
    let result = sc.get(module, "exports")?;
    let require = sc.get(result, "requireBuiltin")?;
    let root = anode_engine::Root::new(sc, require);
    crate::env(sc).require_builtin.replace(Some(root));
    crate::milestones::reach(&crate::env(sc).milestones.bootstrap_ns);
    Ok(result)
}

/// The exports of a builtin.
///
/// # Errors
/// What its script throws.
pub fn require_builtin<'s>(sc: &mut Scope<'s>, id: &str) -> Result<anode_engine::Local<'s>, Thrown> {
    let Some(require) = crate::env(sc).require_builtin.borrow().as_ref().map(|root| root.get(sc)) else {
        return Err(sc.throw_error("the runtime has not started"));
    };
    let id = sc.string(id);
    let undefined = sc.undefined();
    sc.call(require, undefined, &[id])
}
