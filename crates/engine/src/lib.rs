//! SpiderMonkey made safe: the only crate (besides `napi`) that names `mozjs`.
//!
//! A [`Context`] is one thread's engine. While Rust works with JavaScript values it holds a [`Scope`]; values are
//! [`Local`]s, rooted slots that live as long as their scope. [`Root`] keeps a value alive between turns.
//!
//! **Invariants**
//! * Whatever may collect garbage takes `&mut Scope`, so bytes or characters borrowed by a closure
//!   (`with_bytes`, `with_str`) cannot be moved under it: the closure receives no scope.
//! * Root scopes are made only by [`Context::enter`] and by the native-call trampoline, both with a
//!   higher-ranked lifetime, so no `Local` leaves its scope.
//! * [`Thrown`] can be made only by code that left an exception pending (or saw a termination).
//! * The arena of locals is a bottom *stack root*: traced in minor and major collections alike.

#![deny(missing_docs)]

#[macro_use]
mod macros;

mod arena;
mod async_frames;
mod buffer;
mod clone;
mod code_generation;
mod columns;
mod context;
mod debugger;
mod error;
#[cfg_attr(
    not(all(target_os = "linux", not(test))),
    expect(dead_code, reason = "the engine calls these through symbols that only the binary's link wraps")
)]
mod error_shape;
mod frame_names;
mod function;
mod function_text;
mod gc;
mod global;
mod helper_threads;
mod jobs;
mod messages;
mod module;
mod native_object;
mod object;
mod outside;
mod own_jobs;
mod profiler;
#[cfg_attr(
    not(all(target_os = "linux", not(test))),
    expect(dead_code, reason = "the engine calls these through symbols that only the binary's link wraps")
)]
mod promise_hooks;
pub mod raw;
mod realm;
mod reflect;
#[cfg(all(target_os = "linux", not(test)))]
mod rewording;
mod root;
mod scope;
mod script;
mod script_code;
mod source_hook;
mod stress;
mod string;
mod sys;
#[cfg(feature = "training")]
mod training;
mod weak;
#[cfg_attr(
    not(all(target_os = "linux", not(test))),
    expect(dead_code, reason = "asked by what only the binary's link wraps")
)]
mod words;
mod wrapped;

pub use buffer::ViewKind;
pub use clone::{CloneFailure, Parcel, SerializedValue, TransferHost};
pub use context::{Context, Engine, Options};
pub use error::{ErrorClass, ErrorLocation, Frame, FrameKind, Thrown};
pub use function::{Args, Native, NativeRow};
pub use gc::{AttentionHook, GcEvent, HeapStatistics, Interrupter};
pub use jobs::{EngineTask, Rejection};
pub use module::{ModuleRequest, ModuleStatus};
pub use object::Attributes;
pub use profiler::{SampledFrame, Samples};
pub use root::Root;
pub use scope::{JsResult, Key, Local, Scope};
pub use script::Script;
pub use string::Chars;
pub use weak::Weak;
