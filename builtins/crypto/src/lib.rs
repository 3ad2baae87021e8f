//! Binding of `node:crypto` and of Web Crypto: RustCrypto's algorithms behind plain functions.
//!
//! Nothing cryptographic is written here: files choose an algorithm by name, hand over bytes and name the failures.
//! JavaScript checked the arguments. A slow function takes a callback as its last argument: with one it runs in the
//! pool and calls `callback(error, result)`, without one it runs here and returns (see `job`).

#![forbid(unsafe_code)]

mod asymmetric;
mod cipher_handle;
mod hash;
mod job;
mod kdf;
mod keys;
mod numbers;
mod random;
mod x509;

use anode_runtime::Builtin;

/// The binding `crypto`.
pub static BUILTIN: Builtin = Builtin {
    name: "crypto",
    functions: &[
        ("agree", asymmetric::agree),
        ("argon2", kdf::argon2),
        ("checkPrime", numbers::check_prime),
        ("cipher", cipher_handle::whole),
        ("cipherAAD", cipher_handle::aad),
        ("cipherFinal", cipher_handle::final_block),
        ("cipherNew", cipher_handle::create),
        ("cipherPadding", cipher_handle::padding),
        ("cipherSetTag", cipher_handle::set_tag),
        ("cipherTag", cipher_handle::tag),
        ("cipherUpdate", cipher_handle::update),
        ("curves", keys::curves),
        ("customizedDigest", hash::customized),
        ("decapsulate", asymmetric::decapsulate),
        ("dhPublic", numbers::dh_public),
        ("dhSecret", numbers::dh_secret),
        ("ecPoint", keys::point),
        ("encapsulate", asymmetric::encapsulate),
        ("generatePrime", numbers::generate_prime),
        ("hashCopy", hash::copy),
        ("hashDigest", hash::digest),
        ("hashNew", hash::create),
        ("hashOneShot", hash::one_shot),
        ("hashUpdate", hash::update),
        ("hkdf", kdf::hkdf),
        ("hmac", hash::hmac),
        ("hmacNew", hash::hmac_create),
        ("keyEquals", keys::equals),
        ("keyFromParts", keys::from_parts),
        ("keyGenerate", keys::generate),
        ("keyInfo", keys::info),
        ("keyParts", keys::parts),
        ("keyPublic", keys::public),
        ("keyRaw", keys::raw),
        ("keyRead", keys::read),
        ("keyWrite", keys::write),
        ("kmac", hash::kmac),
        ("macNew", hash::mac_create),
        ("pemCertificates", x509::pem_certificates),
        ("pbkdf2", kdf::pbkdf2),
        ("pkcs12", x509::pkcs12),
        ("randomBytes", random::bytes),
        ("randomFill", random::fill),
        ("randomFillSync", random::fill_sync),
        ("randomUUIDs", random::uuids),
        ("rsaCrypt", asymmetric::rsa_crypt),
        ("scrypt", kdf::scrypt),
        ("sign", asymmetric::sign),
        ("spkac", x509::spkac),
        ("timingSafeEqual", random::timing_safe_equal),
        ("verify", asymmetric::verify),
        ("x509CheckEmail", x509::check_email),
        ("x509CheckHost", x509::check_host),
        ("x509CheckIP", x509::check_ip),
        ("x509CheckIssued", x509::check_issued),
        ("x509Info", x509::info),
        ("x509Key", x509::key),
        ("x509Read", x509::read),
        ("x509Verify", x509::verify),
    ],
    init: None,
};
