//! Keys of Curve25519 and Curve448: Ed25519, Ed448, X25519, X448. RFC 7748, RFC 8032.

use super::fast::{self, Kept};
use super::{Random, Secret};
use crate::error::Failure;
use aws_lc_rs::signature::{Ed25519KeyPair, ParsedPublicKey};
use zeroize::Zeroizing;

/// Which of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OkpCurve {
    Ed25519,
    Ed448,
    X25519,
    X448,
}

impl OkpCurve {
    pub const ALL: [OkpCurve; 4] = [OkpCurve::Ed25519, OkpCurve::Ed448, OkpCurve::X25519, OkpCurve::X448];

    /// Node's `asymmetricKeyType`.
    pub fn name(self) -> &'static str {
        match self {
            OkpCurve::Ed25519 => "ed25519",
            OkpCurve::Ed448 => "ed448",
            OkpCurve::X25519 => "x25519",
            OkpCurve::X448 => "x448",
        }
    }

    pub fn find(name: &str) -> Option<OkpCurve> {
        OkpCurve::ALL.into_iter().find(|curve| curve.name() == name)
    }

    /// RFC 8410 §3.
    pub(super) fn oid(self) -> &'static str {
        match self {
            OkpCurve::Ed25519 => "1.3.101.112",
            OkpCurve::Ed448 => "1.3.101.113",
            OkpCurve::X25519 => "1.3.101.110",
            OkpCurve::X448 => "1.3.101.111",
        }
    }

    /// Bytes of a key, public or private.
    pub fn key_bytes(self) -> usize {
        match self {
            OkpCurve::Ed25519 | OkpCurve::X25519 => 32,
            OkpCurve::Ed448 => 57,
            OkpCurve::X448 => 56,
        }
    }

    /// Whether its keys sign.
    pub fn signs(self) -> bool {
        matches!(self, OkpCurve::Ed25519 | OkpCurve::Ed448)
    }
}

/// A key of one of the four.
#[derive(Clone)]
pub struct Okp {
    pub curve: OkpCurve,
    pub public: Vec<u8>,
    pub secret: Option<Secret>,
    pub(super) signer: Kept<Ed25519KeyPair>,
    pub(super) verifier: Kept<ParsedPublicKey>,
}

impl Okp {
    pub fn public(curve: OkpCurve, bytes: &[u8]) -> Option<Okp> {
        (bytes.len() == curve.key_bytes()).then(|| Okp::new(curve, bytes.to_vec(), None))
    }

    fn new(curve: OkpCurve, public: Vec<u8>, secret: Option<Secret>) -> Okp {
        Okp { curve, public, secret, signer: Kept::default(), verifier: Kept::default() }
    }

    pub fn private(curve: OkpCurve, bytes: &[u8]) -> Option<Okp> {
        let public = match curve {
            OkpCurve::Ed25519 => {
                ed25519_dalek::SigningKey::from_bytes(bytes.try_into().ok()?).verifying_key().to_bytes().to_vec()
            }
            OkpCurve::Ed448 => ed448_key(bytes)?.verifying_key().to_bytes().to_vec(),
            OkpCurve::X25519 => {
                let secret = x25519_dalek::StaticSecret::from(<[u8; 32]>::try_from(bytes).ok()?);
                x25519_dalek::PublicKey::from(&secret).to_bytes().to_vec()
            }
            OkpCurve::X448 => x448::x448_unchecked(bytes.try_into().ok()?, x448::X448_BASEPOINT_BYTES).to_vec(),
        };
        Some(Okp::new(curve, public, Some(Zeroizing::new(bytes.to_vec()))))
    }

    pub fn generate(curve: OkpCurve, random: Random<'_>) -> Option<Okp> {
        let mut bytes = Zeroizing::new(vec![0; curve.key_bytes()]);
        rand_core::Rng::fill_bytes(random, &mut bytes);
        Okp::private(curve, &bytes)
    }
}

fn ed448_key(bytes: &[u8]) -> Option<ed448_goldilocks::SigningKey> {
    ed448_goldilocks::SigningKey::try_from(bytes).ok()
}

/// Signs a message; `context` is Ed448's. `None` for keys that do not sign, and for a context that Ed25519 has not.
pub(super) fn sign(key: &Okp, message: &[u8], context: &[u8]) -> Option<Vec<u8>> {
    let secret = key.secret.as_ref()?;
    match key.curve {
        OkpCurve::Ed25519 if context.is_empty() => fast::ed25519_sign(key, message),
        OkpCurve::Ed448 => Some(ed448_key(secret)?.sign_ctx(context, message).ok()?.to_bytes().to_vec()),
        _ => None,
    }
}

/// Whether a signature of a message is right.
pub(super) fn verify(key: &Okp, message: &[u8], signature: &[u8], context: &[u8]) -> bool {
    let right = || match key.curve {
        OkpCurve::Ed25519 if context.is_empty() => fast::ed25519_verify(key, message, signature).then_some(()),
        OkpCurve::Ed448 => {
            // The last byte of R has one bit, the sign; the crate overlooks the others. RFC 8032 §5.2.2.
            if signature.get(56).is_none_or(|last| last & 0x7f != 0) {
                return None;
            }
            let bytes = key.public.as_slice().try_into().ok()?;
            let key = ed448_goldilocks::VerifyingKey::from_bytes(bytes).ok()?;
            let signature = ed448_goldilocks::Signature::try_from(signature).ok()?;
            key.verify_ctx(&signature, context, message).ok()
        }
        _ => None,
    };
    right().is_some()
}

/// The shared secret. All zeros come of points of small order, which agree with everybody. RFC 7748 §6.
pub(super) fn agree(own: &Okp, other: &Okp) -> Result<Vec<u8>, Failure> {
    let shared = || match (own.curve, other.curve) {
        (OkpCurve::X25519, OkpCurve::X25519) => fast::x25519_agree(own.secret.as_ref()?, &other.public),
        (OkpCurve::X448, OkpCurve::X448) => {
            let secret = own.secret.as_ref()?.as_slice().try_into().ok()?;
            let shared = x448::x448_unchecked(secret, other.public.as_slice().try_into().ok()?);
            shared.iter().any(|byte| *byte != 0).then(|| shared.to_vec())
        }
        _ => None,
    };
    if own.curve != other.curve || own.curve.signs() {
        return Err(crate::error::WRONG_KEY_TYPE.into());
    }
    shared().ok_or_else(|| crate::error::provider("1C8000A4", "failed during derivation").into())
}
