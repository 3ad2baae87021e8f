//! Where ring's assembly serves: RSA of the usual sizes and the two curves most in use, with the digests that ring pairs with
//! them. It takes messages, not their digests. What it has not, or refuses, is left to the other crates: `None`.

use super::ec::{Curve, Ec};
use super::rsa::{Rsa, Signing, resolve};
use crate::digests::Md;
use crate::error::Failure;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, KeyPairComponents, PublicKeyComponents};
use ring::signature::{self, EcdsaKeyPair, RsaEncoding, RsaParameters, UnparsedPublicKey, VerificationAlgorithm};

/// Signs a message with a key of a curve.
pub(super) fn ec_sign(key: &Ec, md: Md, message: &[u8], ieee: bool) -> Option<Vec<u8>> {
    let algorithm = match (key.curve, md, ieee) {
        (Curve::P256, Md::Sha256, false) => &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        (Curve::P256, Md::Sha256, true) => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        (Curve::P384, Md::Sha384, false) => &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
        (Curve::P384, Md::Sha384, true) => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        _ => return None,
    };
    let random = SystemRandom::new();
    let pair =
        EcdsaKeyPair::from_private_key_and_public_key(algorithm, key.scalar.as_ref()?, &key.point, &random).ok()?;
    Some(pair.sign(&random, message).ok()?.as_ref().to_vec())
}

/// Whether ring finds a signature of a curve right; if not, others may know better what is well formed.
pub(super) fn ec_verifies(key: &Ec, md: Md, message: &[u8], made: &[u8], ieee: bool) -> bool {
    let algorithm: &'static dyn VerificationAlgorithm = match (key.curve, md, ieee) {
        (Curve::P256, Md::Sha256, false) => &signature::ECDSA_P256_SHA256_ASN1,
        (Curve::P256, Md::Sha256, true) => &signature::ECDSA_P256_SHA256_FIXED,
        (Curve::P256, Md::Sha384, false) => &signature::ECDSA_P256_SHA384_ASN1,
        (Curve::P384, Md::Sha256, false) => &signature::ECDSA_P384_SHA256_ASN1,
        (Curve::P384, Md::Sha384, false) => &signature::ECDSA_P384_SHA384_ASN1,
        (Curve::P384, Md::Sha384, true) => &signature::ECDSA_P384_SHA384_FIXED,
        _ => return false,
    };
    UnparsedPublicKey::new(algorithm, &key.point).verify(message, made).is_ok()
}

/// ring's key of RSA numbers.
pub(super) fn rsa_pair(key: &Rsa) -> Option<KeyPair> {
    let secret = key.secret.as_ref()?;
    let components = KeyPairComponents {
        public_key: PublicKeyComponents { n: key.n.as_slice(), e: key.e.as_slice() },
        d: secret.d.as_slice(),
        p: secret.p.as_slice(),
        q: secret.q.as_slice(),
        dP: secret.dp.as_slice(),
        dQ: secret.dq.as_slice(),
        qInv: secret.qi.as_slice(),
    };
    KeyPair::from_components(&components).ok()
}

/// Whether the salt is as long as the digest, which is all that ring has; always so without PSS.
fn plain_salt(pss: bool, salt: Option<i32>, md: Md) -> bool {
    !pss || salt == Some(-1) || salt == i32::try_from(md.size()).ok()
}

/// Signs a message with RSA.
///
/// # Errors
/// As [`resolve`].
pub(super) fn rsa_sign(key: &Rsa, message: &[u8], signing: &Signing) -> Result<Option<Vec<u8>>, Failure> {
    let (pss, salt) = resolve(key, signing)?;
    let encoding: &'static dyn RsaEncoding = match (pss, signing.md) {
        (false, Md::Sha256) => &signature::RSA_PKCS1_SHA256,
        (false, Md::Sha384) => &signature::RSA_PKCS1_SHA384,
        (false, Md::Sha512) => &signature::RSA_PKCS1_SHA512,
        (true, Md::Sha256) => &signature::RSA_PSS_SHA256,
        (true, Md::Sha384) => &signature::RSA_PSS_SHA384,
        (true, Md::Sha512) => &signature::RSA_PSS_SHA512,
        _ => return Ok(None),
    };
    if !plain_salt(pss, salt, signing.md) {
        return Ok(None);
    }
    let Some(pair) = key.fast() else { return Ok(None) };
    let mut made = vec![0; pair.public().modulus_len()];
    Ok(pair.sign(encoding, &SystemRandom::new(), message, &mut made).ok().map(|()| made))
}

/// Whether ring finds a signature of RSA right; if not, others may know better.
///
/// # Errors
/// As [`resolve`].
pub(super) fn rsa_verifies(key: &Rsa, message: &[u8], made: &[u8], signing: &Signing) -> Result<bool, Failure> {
    let (pss, salt) = resolve(key, signing)?;
    let parameters: &'static RsaParameters = match (pss, signing.md) {
        (false, Md::Sha256) => &signature::RSA_PKCS1_2048_8192_SHA256,
        (false, Md::Sha384) => &signature::RSA_PKCS1_2048_8192_SHA384,
        (false, Md::Sha512) => &signature::RSA_PKCS1_2048_8192_SHA512,
        (true, Md::Sha256) => &signature::RSA_PSS_2048_8192_SHA256,
        (true, Md::Sha384) => &signature::RSA_PSS_2048_8192_SHA384,
        (true, Md::Sha512) => &signature::RSA_PSS_2048_8192_SHA512,
        _ => return Ok(false),
    };
    if !plain_salt(pss, salt, signing.md) {
        return Ok(false);
    }
    let public = PublicKeyComponents { n: key.n.as_slice(), e: key.e.as_slice() };
    Ok(public.verify(parameters, message, made).is_ok())
}
