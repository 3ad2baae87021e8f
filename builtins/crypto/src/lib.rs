//! Binding of `node:crypto` and of Web Crypto: RustCrypto's algorithms behind plain functions.
//!
//! Nothing cryptographic is written here: files choose an algorithm by name, hand over bytes and name the failures.
//! JavaScript checked the arguments. A slow function takes a callback as its last argument: with one it runs in the
//! pool and calls `callback(error, result)`, without one it runs here and returns (see `job`).

#![forbid(unsafe_code)]

mod digests;
mod hash;
mod job;
mod kdf;
mod keys;
mod random;

use anode_runtime::Builtin;

/// The binding `crypto`.
pub static BUILTIN: Builtin = Builtin {
    name: "crypto",
    functions: &[
        ("argon2", kdf::argon2),
        ("hashCopy", hash::copy),
        ("hashDigest", hash::digest),
        ("hashNew", hash::create),
        ("hashOneShot", hash::one_shot),
        ("hashUpdate", hash::update),
        ("hkdf", kdf::hkdf),
        ("hmac", hash::hmac),
        ("hmacNew", hash::hmac_create),
        ("pbkdf2", kdf::pbkdf2),
        ("randomBytes", random::bytes),
        ("randomFill", random::fill),
        ("randomFillSync", random::fill_sync),
        ("randomUUIDs", random::uuids),
        ("scrypt", kdf::scrypt),
        ("timingSafeEqual", random::timing_safe_equal),
    ],
    init: None,
};
