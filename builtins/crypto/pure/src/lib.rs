//! Certificates, key containers and their encodings, for `node:crypto` and `node:tls`: bytes in, meaning out.
//!
//! * [`x509::Certificate`] describes a certificate; [`hosts`] says whom it is for.
//! * [`pkcs12::parse`] opens a `.pfx` file.
//! * [`pem`] reads PEM files, encrypted keys with them; [`pbe`] has the encryption.
//! * [`der`] is the reader and writer below all of that.
//!
//! The cryptography in it (ciphers, hashes, derivation of keys) is crates'.

#![forbid(unsafe_code)]

pub mod ciphers;
pub mod der;
pub mod digests;
pub mod error;
pub mod hosts;
pub mod keys;
pub mod macs;
pub mod names;
pub mod numbers;
pub mod pbe;
pub mod pem;
pub mod pkcs12;
pub mod primes;
pub mod random;
pub mod spkac;
pub mod x509;
