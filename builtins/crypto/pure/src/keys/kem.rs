//! Key encapsulation: a key both sides get from a ciphertext. RSASVE (NIST SP 800-56B §7.2.1), DHKEM (RFC 9180 §4.1), ML-KEM.

use super::ec::{Curve, Ec};
use super::okp::{Okp, OkpCurve};
use super::{Key, Random, agree, quantum, rsa};
use crate::digests::Md;
use crate::error::Failure;
use crate::with_digest;

/// The identifier, digest and bytes of secret of a DHKEM. RFC 9180 §7.1.
fn dhkem(key: &Key) -> Option<(u16, Md, usize)> {
    match key {
        Key::Ec(key) => match key.curve {
            Curve::P256 => Some((0x0010, Md::Sha256, 32)),
            Curve::P384 => Some((0x0011, Md::Sha384, 48)),
            Curve::P521 => Some((0x0012, Md::Sha512, 64)),
            Curve::BrainpoolP256r1 | Curve::BrainpoolP384r1 | Curve::P192 | Curve::P224 | Curve::Secp256k1 => None,
        },
        Key::Okp(key) => match key.curve {
            OkpCurve::X25519 => Some((0x0020, Md::Sha256, 32)),
            OkpCurve::X448 => Some((0x0021, Md::Sha512, 64)),
            OkpCurve::Ed25519 | OkpCurve::Ed448 => None,
        },
        _ => None,
    }
}

/// A public key as DHKEM writes it.
fn serialized(key: &Key) -> Option<Vec<u8>> {
    match key {
        Key::Ec(key) => Some(key.point.clone()),
        Key::Okp(key) => Some(key.public.clone()),
        _ => None,
    }
}

/// ExtractAndExpand. RFC 9180 §4, §4.1.
fn extract_and_expand(suite: (u16, Md, usize), secret: &[u8], context: &[u8]) -> Option<Vec<u8>> {
    let (identifier, md, size) = suite;
    let suite_id = [b"KEM".as_slice(), &identifier.to_be_bytes()].concat();
    let labeled = [b"HPKE-v1".as_slice(), &suite_id, b"eae_prk", secret].concat();
    let length = u16::try_from(size).ok()?.to_be_bytes();
    let info = [length.as_slice(), b"HPKE-v1", &suite_id, b"shared_secret", context].concat();
    let mut out = vec![0; size];
    with_digest!(md, |D, H| hkdf::GenericHkdf::<H>::new(None, &labeled).expand(&info, &mut out)).ok()?;
    Some(out)
}

/// A shared key and its encapsulation for a public key.
///
/// # Errors
/// ERR_CRYPTO_OPERATION_FAILED for keys of other kinds.
pub fn encapsulate(key: &Key, random: Random<'_>) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let mut made = || match key {
        Key::Rsa(key) if key.purpose == rsa::Purpose::Any => rsa::encapsulate(key, random),
        Key::Quantum(key) => quantum::encapsulate(key, random),
        _ => {
            let suite = dhkem(key)?;
            let ephemeral = match key {
                Key::Ec(key) => Key::Ec(Ec::generate(key.curve, random)?),
                Key::Okp(key) => Key::Okp(Okp::generate(key.curve, random)?),
                _ => return None,
            };
            let secret = agree(&ephemeral, key).ok()?;
            let sealed = serialized(&ephemeral)?;
            let context = [sealed.as_slice(), &serialized(key)?].concat();
            Some((extract_and_expand(suite, &secret, &context)?, sealed))
        }
    };
    made().ok_or_else(|| Failure::operation("Encapsulation failed"))
}

/// The shared key of an encapsulation.
///
/// # Errors
/// ERR_CRYPTO_OPERATION_FAILED for keys of other kinds, and for what is no encapsulation for this key.
pub fn decapsulate(key: &Key, sealed: &[u8], random: Random<'_>) -> Result<Vec<u8>, Failure> {
    let mut opened = || match key {
        Key::Rsa(key) if key.purpose == rsa::Purpose::Any => rsa::decapsulate(key, sealed, random),
        Key::Quantum(key) => quantum::decapsulate(key, sealed),
        _ => {
            let suite = dhkem(key)?;
            let ephemeral = match key {
                Key::Ec(key) if sealed.first() == Some(&4) => Key::Ec(Ec::public(key.curve, sealed)?),
                Key::Okp(key) => Key::Okp(Okp::public(key.curve, sealed)?),
                _ => return None,
            };
            let secret = agree(key, &ephemeral).ok()?;
            let context = [sealed, &serialized(key)?].concat();
            extract_and_expand(suite, &secret, &context)
        }
    };
    opened().ok_or_else(|| Failure::operation("Decapsulation failed"))
}
