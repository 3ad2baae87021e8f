//! HTTP/1 codec: bytes in, events out. No engine, no loop, no I/O.
//!
//! [`Parser::execute`] takes what came from the wire, split anywhere, and stops after each head and at each end of a
//! message, so that the caller can decide what the body means before the parser goes on. Codes and reasons of errors are
//! those that Node's documentation and tests state. RFC 9112.

#![forbid(unsafe_code)]

mod chunks;
mod error;
mod fields;
mod parser;
mod tables;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use parser::{Event, Head, Kind, Limits, Parser};
pub use tables::{FOREIGN_METHODS, METHODS};
