//! Signatures of all kinds of keys: which algorithm, which digest, and what OpenSSL refuses.

use super::rsa::{PKCS1_PADDING, PKCS1_PSS_PADDING, PssParameters, Signing};
use super::{Key, Random, ec, finite_field, okp, quantum, rsa};
use crate::der;
use crate::digests::Md;
use crate::error::{Failure, INVALID_DIGEST, WRONG_KEY_TYPE};
use std::borrow::Cow;

/// How to sign: what both directions share.
#[derive(Clone, Debug, Default)]
pub struct Scheme {
    /// Ed448, ML-DSA and SLH-DSA: what the signature is for.
    pub context: Option<Vec<u8>>,
    /// r and s side by side instead of DER.
    pub ieee: bool,
    /// `None`: the algorithm's own.
    pub md: Option<Md>,
    /// RSA's padding, as Node's constants have it.
    pub padding: Option<i32>,
    /// Bytes of salt for PSS, or one of Node's constants.
    pub salt: Option<i32>,
}

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// Its digest, for keys that sign one.
    Digest(&'a [u8]),
    Whole(&'a [u8]),
}

/// Whether keys of the kind sign messages, not digests.
pub fn signs_messages(key: &Key) -> bool {
    match key {
        Key::Okp(key) => key.curve.signs(),
        Key::Quantum(key) => !key.algorithm.is_kem(),
        Key::Dh(_) | Key::Dsa(_) | Key::Ec(_) | Key::Rsa(_) => false,
    }
}

/// Whether keys of the kind sign at all.
pub fn signs(key: &Key) -> bool {
    signs_messages(key) || matches!(key, Key::Dsa(_) | Key::Ec(_) | Key::Rsa(_))
}

impl Scheme {
    fn signing(&self, md: Md) -> Signing {
        Signing { md, padding: self.padding, salt: self.salt }
    }

    /// Refuses what OpenSSL refuses before it looks at the message.
    fn check(&self, key: &Key) -> Result<(), Failure> {
        if self.context.is_some() && !signs_messages(key) {
            return Err(Failure::operation("Context parameter is unsupported"));
        }
        if !signs(key) {
            return Err(WRONG_KEY_TYPE.into());
        }
        if signs_messages(key) && self.md.is_some() {
            return Err(INVALID_DIGEST.into());
        }
        Ok(())
    }
}

/// The digest of a message.
fn hashed<'a>(md: Md, message: Message<'a>) -> Cow<'a, [u8]> {
    match message {
        Message::Digest(hash) => Cow::Borrowed(hash),
        Message::Whole(data) => Cow::Owned(md.digest(data)),
    }
}

/// The digest of a scheme: where none was named, that of the key's restrictions, or SHA-256.
fn digest_of(key: &Key, scheme: &Scheme) -> Md {
    let own = match key {
        Key::Rsa(key) => match key.purpose {
            rsa::Purpose::Pss(Some(limits)) => limits.md,
            rsa::Purpose::Any | rsa::Purpose::Pss(None) => Md::Sha256,
        },
        _ => ec::DEFAULT_DIGEST,
    };
    scheme.md.unwrap_or(own)
}

/// Signs.
///
/// # Errors
/// OpenSSL's: of keys that do not sign, digests and paddings that do not go with the key, sizes that do not fit.
pub fn sign(key: &Key, scheme: &Scheme, message: Message<'_>, random: Random<'_>) -> Result<Vec<u8>, Failure> {
    scheme.check(key)?;
    let failed = || Failure::operation("Signing failed");
    let md = digest_of(key, scheme);
    let context = scheme.context.as_deref().unwrap_or_default();
    match (key, message) {
        (Key::Dsa(key), _) => finite_field::sign(key, &hashed(md, message), scheme.ieee, random).ok_or_else(failed),
        (Key::Ec(key), _) => ec::sign(key, &hashed(md, message), scheme.ieee, random).ok_or_else(failed),
        (Key::Okp(key), Message::Whole(data)) => okp::sign(key, data, context).ok_or_else(failed),
        (Key::Quantum(key), Message::Whole(data)) => quantum::sign(key, data, context, random).ok_or_else(failed),
        (Key::Rsa(key), _) => rsa::sign(key, &hashed(md, message), &scheme.signing(md), random),
        (Key::Dh(_) | Key::Okp(_) | Key::Quantum(_), _) => Err(WRONG_KEY_TYPE.into()),
    }
}

/// Whether a signature is right.
///
/// # Errors
/// As [`sign`], but none of the signature itself.
pub fn verify(key: &Key, scheme: &Scheme, message: Message<'_>, signature: &[u8]) -> Result<bool, Failure> {
    scheme.check(key)?;
    let md = digest_of(key, scheme);
    let context = scheme.context.as_deref().unwrap_or_default();
    Ok(match (key, message) {
        (Key::Dsa(key), _) => finite_field::verify(key, &hashed(md, message), signature, scheme.ieee),
        (Key::Ec(key), _) => ec::verify(key, &hashed(md, message), signature, scheme.ieee),
        (Key::Okp(key), Message::Whole(data)) => okp::verify(key, data, signature, context),
        (Key::Quantum(key), Message::Whole(data)) => quantum::verify(key, data, signature, context),
        (Key::Rsa(key), _) => rsa::verify(key, &hashed(md, message), signature, &scheme.signing(md))?,
        (Key::Dh(_) | Key::Okp(_) | Key::Quantum(_), _) => return Err(WRONG_KEY_TYPE.into()),
    })
}

/// Signature algorithms of certificates: object identifier, digest, kind of key. RFC 3279, RFC 5758, RFC 8410, RFC 9881.
const ALGORITHMS: &[(&str, Option<Md>, &str)] = &[
    ("1.2.840.10040.4.3", Some(Md::Sha1), "dsa"),
    ("1.2.840.10045.4.1", Some(Md::Sha1), "ec"),
    ("1.2.840.10045.4.3.1", Some(Md::Sha224), "ec"),
    ("1.2.840.10045.4.3.2", Some(Md::Sha256), "ec"),
    ("1.2.840.10045.4.3.3", Some(Md::Sha384), "ec"),
    ("1.2.840.10045.4.3.4", Some(Md::Sha512), "ec"),
    ("1.2.840.113549.1.1.11", Some(Md::Sha256), "rsa"),
    ("1.2.840.113549.1.1.12", Some(Md::Sha384), "rsa"),
    ("1.2.840.113549.1.1.13", Some(Md::Sha512), "rsa"),
    ("1.2.840.113549.1.1.14", Some(Md::Sha224), "rsa"),
    ("1.2.840.113549.1.1.15", Some(Md::Sha512_224), "rsa"),
    ("1.2.840.113549.1.1.16", Some(Md::Sha512_256), "rsa"),
    ("1.2.840.113549.1.1.4", Some(Md::Md5), "rsa"),
    ("1.2.840.113549.1.1.5", Some(Md::Sha1), "rsa"),
    ("1.3.101.112", None, "ed25519"),
    ("1.3.101.113", None, "ed448"),
    ("2.16.840.1.101.3.4.3.1", Some(Md::Sha224), "dsa"),
    ("2.16.840.1.101.3.4.3.10", Some(Md::Sha3_256), "ec"),
    ("2.16.840.1.101.3.4.3.11", Some(Md::Sha3_384), "ec"),
    ("2.16.840.1.101.3.4.3.12", Some(Md::Sha3_512), "ec"),
    ("2.16.840.1.101.3.4.3.13", Some(Md::Sha3_224), "rsa"),
    ("2.16.840.1.101.3.4.3.14", Some(Md::Sha3_256), "rsa"),
    ("2.16.840.1.101.3.4.3.15", Some(Md::Sha3_384), "rsa"),
    ("2.16.840.1.101.3.4.3.16", Some(Md::Sha3_512), "rsa"),
    ("2.16.840.1.101.3.4.3.2", Some(Md::Sha256), "dsa"),
    ("2.16.840.1.101.3.4.3.9", Some(Md::Sha3_224), "ec"),
];

const RSA_PSS: &str = "1.2.840.113549.1.1.10";

/// Whether a key made a signature of an algorithm as certificates name it (with its header); false too if they do not go
/// together.
pub fn verify_algorithm(key: &Key, algorithm: &[u8], data: &[u8], signature: &[u8]) -> bool {
    let scheme = || {
        let mut reader = der::sequence(algorithm)?;
        let oid = der::dotted(reader.oid()?);
        if oid == RSA_PSS {
            let parameters = PssParameters::read(reader.sequence()?)?;
            let scheme = Scheme {
                md: Some(parameters.md),
                padding: Some(PKCS1_PSS_PADDING),
                salt: Some(parameters.salt),
                ..Scheme::default()
            };
            return matches!(key, Key::Rsa(_)).then_some(scheme);
        }
        if let Some(algorithm) = quantum::Algorithm::of_oid(&oid) {
            return (key.kind() == algorithm.name()).then(Scheme::default);
        }
        let row = ALGORITHMS.iter().find(|row| row.0 == oid)?;
        let padding = (row.2 == "rsa").then_some(PKCS1_PADDING);
        (key.kind() == row.2).then(|| Scheme { md: row.1, padding, ..Scheme::default() })
    };
    scheme().is_some_and(|scheme| verify(key, &scheme, Message::Whole(data), signature).unwrap_or(false))
}
