//! What the inspector's server makes of bytes: request heads ([`http`]) and WebSocket frames ([`frame`]). No I/O.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod frame;
pub mod http;
