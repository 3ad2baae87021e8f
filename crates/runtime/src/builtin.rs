//! What a builtin's Rust looks like to the runtime: a named table of functions.

use anode_engine::{Local, NativeRow, Scope, Thrown};

/// Adds constants and objects to a binding table.
pub type Init = fn(&mut Scope<'_>, Local<'_>) -> Result<(), Thrown>;

/// The Rust half of a builtin; JavaScript gets it with `binding(name)`.
pub struct Builtin {
    /// Name for `binding(name)`.
    pub name: &'static str,
    /// The functions of the binding.
    pub functions: &'static [NativeRow],
    /// Called when the binding is first asked for.
    pub init: Option<Init>,
}

/// The runtime's own bindings come first, then those the binary lists.
pub fn add_builtins(list: &'static [&'static Builtin]) -> Vec<&'static Builtin> {
    let own: [&'static Builtin; 3] = [&crate::loader::BUILTIN, &crate::task_queue::BUILTIN, &crate::timers::BUILTIN];
    own.into_iter().chain(list.iter().copied()).collect()
}
