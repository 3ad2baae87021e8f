//! What `node:tls` decides without a connection.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod certificate;
pub mod chain;
pub mod ciphers;
pub mod compression;
pub mod der;
pub mod errors;
pub mod hello;
pub mod pem;
pub mod signature;
pub mod trace;
