//! Binding `structured_clone`: copies within a thread.

use crate::builtin::Builtin;
use anode_engine::{Args, JsResult, Scope};

pub(crate) static BUILTIN: Builtin = Builtin { name: "structured_clone", functions: &[("clone", clone)], init: None };

/// `clone(value, transfer)`: `transfer` is an array of ArrayBuffers or `undefined`.
///
/// # Errors
/// The engine's own error for what cannot be cloned; `internal/structured_clone` makes a DataCloneError of it.
fn clone<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let serialized = sc.serialize(args.get(0), args.get(1))?;
    sc.deserialize(&serialized)
}
