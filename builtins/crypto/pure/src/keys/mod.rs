//! Asymmetric keys: what they are made of, and what they do.
//!
//! A key holds plain numbers and bytes, so that reading one costs little and asks nothing of a library; what a library
//! wants is built when the key first works. Each kind has a file; [`codec`] reads and writes all of them as PEM and DER.
//!
//! The algorithms are crates'. What is here names them, checks what they would panic on, and knows the padding, encodings
//! and refusals of OpenSSL around them.

pub mod codec;
mod curve_parameters;
pub mod ec;
mod fast;
pub mod finite_field;
pub mod generate;
pub mod kem;
pub mod okp;
pub mod quantum;
pub mod rsa;
pub mod sign;
#[cfg(test)]
mod tests;

use crate::error::{Failure, WRONG_KEY_TYPE, provider};
use crate::numbers::bits;
use zeroize::Zeroizing;

/// A source of randomness.
pub type Random<'a> = &'a mut dyn rand_core::CryptoRng;

/// A secret, wiped when dropped.
pub type Secret = Zeroizing<Vec<u8>>;

/// A key of an asymmetric algorithm: with its private half or without.
pub enum Key {
    Dh(finite_field::Dh),
    Dsa(finite_field::Dsa),
    Ec(ec::Ec),
    Okp(okp::Okp),
    Quantum(quantum::Quantum),
    Rsa(rsa::Rsa),
}

/// A value that describes a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    Bytes(Vec<u8>),
    Number(usize),
    Text(&'static str),
}

impl Key {
    pub fn is_private(&self) -> bool {
        match self {
            Key::Dh(key) => key.secret.is_some(),
            Key::Dsa(key) => key.secret.is_some(),
            Key::Ec(key) => key.scalar.is_some(),
            Key::Okp(key) => key.secret.is_some(),
            Key::Quantum(key) => key.secret.is_some(),
            Key::Rsa(key) => key.secret.is_some(),
        }
    }

    /// Node's `asymmetricKeyType`.
    pub fn kind(&self) -> &'static str {
        match self {
            Key::Dh(_) => "dh",
            Key::Dsa(_) => "dsa",
            Key::Ec(_) => "ec",
            Key::Okp(key) => key.curve.name(),
            Key::Quantum(key) => key.algorithm.name(),
            Key::Rsa(key) => key.name(),
        }
    }

    /// The public half.
    pub fn to_public(&self) -> Key {
        match self {
            Key::Dh(key) => Key::Dh(finite_field::Dh { secret: None, ..key.clone() }),
            Key::Dsa(key) => Key::Dsa(finite_field::Dsa { secret: None, ..key.clone() }),
            Key::Ec(key) => Key::Ec(ec::Ec { scalar: None, ..key.clone() }),
            Key::Okp(key) => Key::Okp(okp::Okp { secret: None, ..key.clone() }),
            Key::Quantum(key) => Key::Quantum(quantum::Quantum { secret: None, ..key.clone() }),
            Key::Rsa(key) => Key::Rsa(key.to_public()),
        }
    }

    /// Node's `asymmetricKeyDetails`; the exponent as bytes, big-endian.
    pub fn details(&self) -> Vec<(&'static str, Detail)> {
        match self {
            Key::Dsa(key) => {
                vec![("modulusLength", Detail::Number(bits(&key.p))), ("divisorLength", Detail::Number(bits(&key.q)))]
            }
            Key::Ec(key) => vec![("namedCurve", Detail::Text(key.curve.name()))],
            Key::Rsa(key) => key.details(),
            Key::Dh(_) | Key::Okp(_) | Key::Quantum(_) => Vec::new(),
        }
    }

    /// The members of its JWK as bytes.
    ///
    /// # Errors
    /// ERR_CRYPTO_OPERATION_FAILED for a key whose JWK would be its seed, and which has none.
    pub fn parts(&self) -> Result<Vec<(&'static str, Vec<u8>)>, Failure> {
        Ok(match self {
            Key::Dh(_) | Key::Dsa(_) => Vec::new(),
            Key::Ec(key) => key.parts(),
            Key::Okp(key) => {
                let mut parts = vec![("x", key.public.clone())];
                parts.extend(key.secret.iter().map(|secret| ("d", secret.to_vec())));
                parts
            }
            Key::Quantum(key) => {
                let mut parts = vec![("pub", key.public.clone())];
                if key.secret.is_some() {
                    parts.push(("priv", key.private_bytes()?.to_vec()));
                }
                parts
            }
            Key::Rsa(key) => key.parts(),
        })
    }

    /// The bytes that Node exports as `raw-public`, `raw-private` or `raw-seed`; `compressed` is for points.
    /// `None` for a format that the kind has not.
    ///
    /// # Errors
    /// As [`Key::parts`].
    pub fn raw(&self, format: &str, compressed: bool) -> Result<Option<Vec<u8>>, Failure> {
        Ok(match (self, format) {
            (Key::Ec(key), "raw-public") if compressed => ec::encode_point(key.curve, &key.point, 2),
            (Key::Ec(key), "raw-public") => Some(key.point.clone()),
            (Key::Ec(key), "raw-private") => key.scalar.as_ref().map(|scalar| scalar.to_vec()),
            (Key::Okp(key), "raw-public") => Some(key.public.clone()),
            (Key::Okp(key), "raw-private") => key.secret.as_ref().map(|secret| secret.to_vec()),
            (Key::Quantum(key), "raw-public") => Some(key.public.clone()),
            (Key::Quantum(key), "raw-seed" | "raw-private")
                if key.secret.is_some() && (format == "raw-seed") == key.algorithm.has_seed() =>
            {
                Some(key.private_bytes()?.to_vec())
            }
            _ => None,
        })
    }

    /// Whether both are the same key.
    pub fn equals(&self, other: &Key) -> bool {
        if self.kind() != other.kind() || self.is_private() != other.is_private() {
            return false;
        }
        let bytes = |key: &Key| {
            if key.is_private() { codec::to_pkcs8(key).map(|der| der.to_vec()) } else { codec::to_spki(key) }
        };
        match (bytes(self), bytes(other)) {
            (Some(a), Some(b)) => bool::from(subtle::ConstantTimeEq::ct_eq(a.as_slice(), b.as_slice())),
            _ => false,
        }
    }
}

/// The secret that two keys share.
///
/// # Errors
/// `operation not supported for this keytype`, `mismatching domain parameters`; ERR_CRYPTO_OPERATION_FAILED for a key of the other
/// side that would give the secret away.
pub fn agree(private: &Key, public: &Key) -> Result<Vec<u8>, Failure> {
    const DIFFERENT: crate::error::Refusal = provider("1C8000CB", "mismatching domain parameters");
    match (private, public) {
        (Key::Ec(own), Key::Ec(other)) if own.curve != other.curve => Err(DIFFERENT.into()),
        (Key::Ec(own), Key::Ec(other)) => ec::agree(own, other),
        (Key::Okp(own), Key::Okp(other)) => okp::agree(own, other),
        (Key::Dh(own), Key::Dh(other)) if (&own.p, &own.g) != (&other.p, &other.g) => Err(DIFFERENT.into()),
        (Key::Dh(own), Key::Dh(other)) => finite_field::agree(own, other),
        _ => Err(WRONG_KEY_TYPE.into()),
    }
}
