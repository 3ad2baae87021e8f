//! What `node:v8` writes: heap snapshots and coverage in V8's formats, from what the engine tells.

#![forbid(unsafe_code)]

pub mod coverage;
pub mod snapshot;
