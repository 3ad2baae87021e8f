//! Where AWS-LC's assembly serves: signatures of RSA keys of the usual sizes, of the three great NIST curves and of Ed25519, and
//! what these curves agree on. What it has not, or refuses, is left to the other crates: `None` or `false`.
//!
//! Keys in its form are kept with ours, as making one costs about as much as using it ([`Kept`]).

use super::codec;
use super::ec::{self, Curve, Ec};
use super::okp::{Okp, OkpCurve};
use super::rsa::{Rsa, Signing, resolve};
use crate::digests::Md;
use crate::error::Failure;
use aws_lc_rs::agreement::{self, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::rsa::{
    self, KeyPair, KeyPairComponents, OaepAlgorithm, OaepPrivateDecryptingKey, PrivateDecryptingKey,
    PublicKeyComponents,
};
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, Ed25519KeyPair, ParsedPublicKey,
    RsaEncoding, RsaParameters,
};
use std::sync::OnceLock;

/// Something that is made of a key when it is first wanted, or turns out not to be possible. A copy of the key makes its own.
pub(super) struct Kept<T>(OnceLock<Option<Box<T>>>);

impl<T> Kept<T> {
    pub(super) fn get(&self, make: impl FnOnce() -> Option<T>) -> Option<&T> {
        self.0.get_or_init(|| make().map(Box::new)).as_deref()
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Kept<T> {
        Kept::default()
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept(OnceLock::new())
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Curves

/// What is kept with a key of a curve.
#[derive(Clone, Default)]
pub(super) struct EcKept {
    private: Kept<PrivateKey>,
    signer: Kept<EcdsaKeyPair>,
    verifier: Kept<ParsedPublicKey>,
}

/// How a curve signs digests of its own size, whatever made them.
struct CurveRow {
    digest: &'static digest::Algorithm,
    signing: &'static EcdsaSigningAlgorithm,
    verification: &'static EcdsaVerificationAlgorithm,
    agreement: &'static agreement::Algorithm,
}

fn row(curve: Curve) -> Option<CurveRow> {
    Some(match curve {
        Curve::P256 => CurveRow {
            digest: &digest::SHA256,
            signing: &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
            verification: &signature::ECDSA_P256_SHA256_FIXED,
            agreement: &agreement::ECDH_P256,
        },
        Curve::P384 => CurveRow {
            digest: &digest::SHA384,
            signing: &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
            verification: &signature::ECDSA_P384_SHA384_FIXED,
            agreement: &agreement::ECDH_P384,
        },
        Curve::P521 => CurveRow {
            digest: &digest::SHA512,
            signing: &signature::ECDSA_P521_SHA512_FIXED_SIGNING,
            verification: &signature::ECDSA_P521_SHA512_FIXED,
            agreement: &agreement::ECDH_P521,
        },
        _ => return None,
    })
}

/// A digest as the curve takes it: its leftmost bytes, or with zeros in front, which do not change the number. FIPS 186-5 §6.4.
fn fitted(row: &CurveRow, hash: &[u8]) -> Option<Digest> {
    let size = row.digest.output_len();
    let mut bytes = vec![0; size.saturating_sub(hash.len())];
    bytes.extend_from_slice(hash.get(..size.min(hash.len()))?);
    Digest::import_less_safe(&bytes, row.digest).ok()
}

/// Signs a digest with a key of a curve.
pub(super) fn ec_sign(key: &Ec, hash: &[u8], ieee: bool) -> Option<Vec<u8>> {
    let row = row(key.curve)?;
    let pair = key
        .kept
        .signer
        .get(|| EcdsaKeyPair::from_private_key_and_public_key(row.signing, key.scalar.as_ref()?, &key.point).ok())?;
    let made = pair.sign_digest(&fitted(&row, hash)?).ok()?;
    Some(if ieee { made.as_ref().to_vec() } else { ec::der_of(made.as_ref()) })
}

/// Whether r and s, side by side, sign a digest; `None` for other curves.
pub(super) fn ec_verify(key: &Ec, hash: &[u8], pair: &[u8]) -> Option<bool> {
    let row = row(key.curve)?;
    let verifier = key.kept.verifier.get(|| ParsedPublicKey::new(row.verification, &key.point).ok())?;
    Some(verifier.verify_digest_sig(&fitted(&row, hash)?, pair).is_ok())
}

/// The point of a scalar, uncompressed; `None` for other curves, and for scalars that are none.
pub(super) fn ec_point(curve: Curve, scalar: &[u8]) -> Option<Vec<u8>> {
    let private = PrivateKey::from_private_key(row(curve)?.agreement, scalar).ok()?;
    Some(private.compute_public_key().ok()?.as_ref().to_vec())
}

/// The x of the shared point.
pub(super) fn ec_agree(own: &Ec, other: &Ec) -> Option<Vec<u8>> {
    let row = row(own.curve)?;
    let private = own.kept.private.get(|| PrivateKey::from_private_key(row.agreement, own.scalar.as_ref()?).ok())?;
    let peer = UnparsedPublicKey::new(row.agreement, &other.point);
    agreement::agree(private, peer, (), |shared| Ok(shared.to_vec())).ok()
}

// ---------------------------------------------------------------------------------------------------------------------
// Curve25519

/// Signs a message with Ed25519; the public half is the key's own, so that it need not be derived.
pub(super) fn ed25519_sign(key: &Okp, message: &[u8]) -> Option<Vec<u8>> {
    if key.curve != OkpCurve::Ed25519 {
        return None;
    }
    let pair = key.signer.get(|| Ed25519KeyPair::from_seed_and_public_key(key.secret.as_ref()?, &key.public).ok())?;
    Some(pair.try_sign(message).ok()?.as_ref().to_vec())
}

/// What two keys of X25519 agree on; `None` for points of small order, which agree with everybody.
pub(super) fn x25519_agree(own: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    let private = PrivateKey::from_private_key(&agreement::X25519, own).ok()?;
    let peer = UnparsedPublicKey::new(&agreement::X25519, other);
    agreement::agree(&private, peer, (), |shared| Ok(shared.to_vec())).ok()
}

/// Whether a signature of Ed25519 is right.
pub(super) fn ed25519_verify(key: &Okp, message: &[u8], made: &[u8]) -> bool {
    let verifier = key.verifier.get(|| ParsedPublicKey::new(&signature::ED25519, &key.public).ok());
    verifier.is_some_and(|verifier| verifier.verify_sig(message, made).is_ok())
}

// ---------------------------------------------------------------------------------------------------------------------
// RSA

/// What is kept with an RSA key: the verifier is for the first choice that was asked for.
#[derive(Clone, Default)]
pub(super) struct RsaKept {
    opener: Kept<OaepPrivateDecryptingKey>,
    signer: Kept<KeyPair>,
    verifier: Kept<(bool, Md, ParsedPublicKey)>,
}

/// AWS-LC's key of RSA numbers.
fn rsa_pair(key: &Rsa) -> Option<KeyPair> {
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

/// Whether the salt is as long as the digest, which is all that is had here; always so without PSS.
fn plain_salt(pss: bool, salt: Option<i32>, md: Md) -> bool {
    !pss || salt == Some(-1) || salt == i32::try_from(md.size()).ok()
}

fn imported(md: Md, hash: &[u8]) -> Option<Digest> {
    let algorithm = match md {
        Md::Sha256 => &digest::SHA256,
        Md::Sha384 => &digest::SHA384,
        Md::Sha512 => &digest::SHA512,
        _ => return None,
    };
    Digest::import_less_safe(hash, algorithm).ok()
}

/// Signs a digest with RSA.
///
/// # Errors
/// As [`resolve`].
pub(super) fn rsa_sign(key: &Rsa, hash: &[u8], signing: &Signing) -> Result<Option<Vec<u8>>, Failure> {
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
    let (Some(pair), Some(digest)) = (key.kept.signer.get(|| rsa_pair(key)), imported(signing.md, hash)) else {
        return Ok(None);
    };
    let mut made = vec![0; pair.public_modulus_len()];
    Ok(pair.sign_digest(encoding, &digest, &mut made).ok().map(|()| made))
}

/// Whether a signature of RSA is found right here; if not, others may know better.
///
/// # Errors
/// As [`resolve`].
pub(super) fn rsa_verifies(key: &Rsa, hash: &[u8], made: &[u8], signing: &Signing) -> Result<bool, Failure> {
    let (pss, salt) = resolve(key, signing)?;
    let md = signing.md;
    let parameters: &'static RsaParameters = match (pss, md) {
        (false, Md::Sha256) => &signature::RSA_PKCS1_2048_8192_SHA256,
        (false, Md::Sha384) => &signature::RSA_PKCS1_2048_8192_SHA384,
        (false, Md::Sha512) => &signature::RSA_PKCS1_2048_8192_SHA512,
        (true, Md::Sha256) => &signature::RSA_PSS_2048_8192_SHA256,
        (true, Md::Sha384) => &signature::RSA_PSS_2048_8192_SHA384,
        (true, Md::Sha512) => &signature::RSA_PSS_2048_8192_SHA512,
        _ => return Ok(false),
    };
    let Some(digest) = imported(md, hash).filter(|_| plain_salt(pss, salt, md)) else { return Ok(false) };
    let parsed = || {
        let public = PublicKeyComponents { n: key.n.as_slice(), e: key.e.as_slice() };
        public.to_parsed_public_key(parameters).ok()
    };
    let right = |verifier: &ParsedPublicKey| verifier.verify_digest_sig(&digest, made).is_ok();
    Ok(match key.kept.verifier.get(|| Some((pss, md, parsed()?))) {
        Some((kept_pss, kept_md, verifier)) if (*kept_pss, *kept_md) == (pss, md) => right(verifier),
        _ => parsed().is_some_and(|verifier| right(&verifier)),
    })
}

/// Decrypts with OAEP; `None` for what is not had here, and for what is not well formed.
pub(super) fn rsa_oaep_open(key: &Rsa, md: Md, label: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let algorithm: &'static OaepAlgorithm = match md {
        Md::Sha1 => &rsa::OAEP_SHA1_MGF1SHA1,
        Md::Sha256 => &rsa::OAEP_SHA256_MGF1SHA256,
        Md::Sha384 => &rsa::OAEP_SHA384_MGF1SHA384,
        Md::Sha512 => &rsa::OAEP_SHA512_MGF1SHA512,
        _ => return None,
    };
    let opener = key.kept.opener.get(|| {
        let private = PrivateDecryptingKey::from_pkcs8(&codec::rsa_pkcs8(key)?).ok()?;
        OaepPrivateDecryptingKey::new(private).ok()
    })?;
    let mut out = vec![0; opener.min_output_size()];
    let length = opener.decrypt(algorithm, sealed, &mut out, Some(label)).ok()?.len();
    out.truncate(length);
    Some(out)
}
