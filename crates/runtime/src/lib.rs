//! One thread's runtime: the engine, the event loop and the tables that join them.
//!
//! [`Env`] hangs on the engine context as its host object, so every native function finds it with [`env`]. All its state is
//! behind cells that are borrowed for single statements only: JavaScript never runs while one is borrowed.
//!
//! **Invariant:** JavaScript is entered through [`turn::enter`] only (natives excepted, which are inside already), so ticks, promise
//! jobs and uncaught exceptions behave the same everywhere.

#![forbid(unsafe_code)]

mod bootstrap;
mod builtin;
pub mod code_cache;
mod error;
mod loader;
pub mod milestones;
pub mod permission;
pub mod sealed_code;
pub mod sources;
mod task_queue;
mod timers;
pub mod turn;
mod work;

pub use anode_engine::{Args, Attributes, JsResult, Local, Native, NativeRow, Root, Scope, Thrown};
pub use anode_event_loop as event_loop;
pub use bootstrap::{bootstrap, require_builtin};
pub use builtin::{Builtin, add_builtins};
pub use error::{SystemError, ThrowSystem, describe as describe_errno};
pub use loader::compile_builtin;
pub use turn::{Env, ExitCode, Handler, env};
