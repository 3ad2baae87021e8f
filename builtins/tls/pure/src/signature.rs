//! Signatures of handshakes and certificates: schemes of the wire as `crypto`'s keys make and check them.

use anode_crypto_pure::digests::Md;
use anode_crypto_pure::keys::ec::Curve;
use anode_crypto_pure::keys::rsa::{PKCS1_PADDING, PKCS1_PSS_PADDING, Purpose};
use anode_crypto_pure::keys::sign::{self, Message};
use anode_crypto_pure::keys::{Key, Random, codec};

/// How a signature is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    /// ECDSA
    Ecdsa(Md),
    /// What signs messages, not digests: keys of this kind, by Node's name.
    Message(&'static str),
    /// RSASSA-PKCS1-v1_5
    Pkcs1(Md),
    /// RSASSA-PSS, with a salt as long as the hash
    Pss(Md),
}

/// A PSS salt as long as the digest. Node docs: RSA_PSS_SALTLEN_DIGEST.
const SALT_DIGEST: i32 = -1;

/// How `key` signs as `scheme` says; `None` if it cannot.
fn for_key(scheme: Scheme, key: &Key) -> Option<sign::Scheme> {
    let (md, padding, salt) = match (scheme, key) {
        (Scheme::Ecdsa(md), Key::Ec(key)) if matches!(key.curve, Curve::P256 | Curve::P384 | Curve::P521) => {
            (Some(md), None, None)
        }
        (Scheme::Message(kind), key) if key.kind() == kind => (None, None, None),
        // Room for the DigestInfo and eight bytes of padding, or for hash, salt and two bytes.
        (Scheme::Pkcs1(md), Key::Rsa(key)) if key.purpose == Purpose::Any && key.size() >= md.size() + 19 + 11 => {
            (Some(md), Some(PKCS1_PADDING), None)
        }
        (Scheme::Pss(md), Key::Rsa(key)) if key.size() >= 2 * md.size() + 2 => {
            (Some(md), Some(PKCS1_PSS_PADDING), Some(SALT_DIGEST))
        }
        _ => return None,
    };
    Some(sign::Scheme { context: None, ieee: false, md, padding, salt })
}

/// Whether `signature` under the AlgorithmIdentifier `algorithm` is one of `message` by the key `spki`.
#[must_use]
pub fn verify_signed(algorithm: &[u8], spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    codec::spki(spki).is_some_and(|key| sign::verify_algorithm(&key, algorithm, message, signature))
}

/// Whether `signature` is one of `message` by the key `spki`.
#[must_use]
pub fn verify(scheme: Scheme, spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let right = || {
        let key = codec::spki(spki)?;
        sign::verify(&key, &for_key(scheme, &key)?, Message::Whole(message), signature).ok()
    };
    right().unwrap_or(false)
}

/// A private key for what the engine does not sign with: RSA below 2048 bits, keys for RSASSA-PSS, Ed448.
pub struct SoftKey(Key);

impl std::fmt::Debug for SoftKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SoftKey({})", self.0.kind())
    }
}

impl SoftKey {
    /// Reads PKCS #8.
    #[must_use]
    pub fn parse(pkcs8: &[u8]) -> Option<SoftKey> {
        codec::read_der(pkcs8, "pkcs8", codec::Want::Private, None).ok().map(SoftKey)
    }

    /// The kind of key, by Node's name.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.0.kind()
    }

    /// Whether it can make signatures of this kind.
    #[must_use]
    pub fn supports(&self, scheme: Scheme) -> bool {
        for_key(scheme, &self.0).is_some()
    }

    /// The signature of `message`.
    #[must_use]
    pub fn sign(&self, scheme: Scheme, message: &[u8], random: Random<'_>) -> Option<Vec<u8>> {
        sign::sign(&self.0, &for_key(scheme, &self.0)?, Message::Whole(message), random).ok()
    }

    /// Whether the public half is that of a SubjectPublicKeyInfo, whatever it says of what the key is for.
    #[must_use]
    pub fn is_half_of(&self, spki: &[u8]) -> bool {
        match (codec::spki(spki), &self.0) {
            (Some(Key::Rsa(public)), Key::Rsa(own)) => (public.n, public.e) == (own.n.clone(), own.e.clone()),
            (Some(public), own) => codec::to_spki(&public) == codec::to_spki(own),
            (None, _) => false,
        }
    }
}
