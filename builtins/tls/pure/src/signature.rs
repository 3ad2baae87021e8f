//! Checking and making signatures: by ring where it can, else by the RustCrypto crates (small RSA keys, PSS with them, P-521,
//! hashes that do not fit the curve).

use crate::der::{self, Reader};
use digest::Digest;
use ring::signature as ring_sig;
use rsa::traits::PublicKeyParts;

/// Hashes of signatures.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hash {
    /// MD5, in certificates of old.
    Md5,
    /// SHA-1
    Sha1,
    /// SHA-224
    Sha224,
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl Hash {
    /// The digest of `message`.
    #[must_use]
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Hash::Md5 => md5::Md5::digest(message).to_vec(),
            Hash::Sha1 => sha1::Sha1::digest(message).to_vec(),
            Hash::Sha224 => sha2::Sha224::digest(message).to_vec(),
            Hash::Sha256 => sha2::Sha256::digest(message).to_vec(),
            Hash::Sha384 => sha2::Sha384::digest(message).to_vec(),
            Hash::Sha512 => sha2::Sha512::digest(message).to_vec(),
        }
    }

    /// Bytes of a digest.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Hash::Md5 => 16,
            Hash::Sha1 => 20,
            Hash::Sha224 => 28,
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
            Hash::Sha512 => 64,
        }
    }
}

/// How a signature is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5
    Pkcs1(Hash),
    /// RSASSA-PSS, with a salt as long as the hash
    Pss(Hash),
    /// ECDSA
    Ecdsa(Hash),
    /// Ed25519
    Ed25519,
}

/// The kind of a public key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyKind {
    /// rsaEncryption
    Rsa,
    /// id-RSASSA-PSS
    RsaPss,
    /// prime256v1
    P256,
    /// secp384r1
    P384,
    /// secp521r1
    P521,
    /// id-Ed25519
    Ed25519,
    /// None of these.
    Other,
}

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const ECDSA_SHA2: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
const ECDSA_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];

/// Kind and key bytes of a SubjectPublicKeyInfo.
#[must_use]
pub fn public_key(spki: &[u8]) -> Option<(KeyKind, &[u8])> {
    let mut parts = Reader(spki).enter(der::SEQUENCE)?;
    let mut algorithm = parts.enter(der::SEQUENCE)?;
    let id = algorithm.need(der::OID)?.body;
    let key = der::bit_string(parts.need(der::BIT_STRING)?.body)?;
    let kind = if id == EC_PUBLIC_KEY {
        match algorithm.need(der::OID)?.body {
            curve if curve == P256 => KeyKind::P256,
            curve if curve == P384 => KeyKind::P384,
            curve if curve == P521 => KeyKind::P521,
            _ => KeyKind::Other,
        }
    } else if id == ED25519 {
        KeyKind::Ed25519
    } else {
        match id.strip_prefix(RSA) {
            Some([1]) => KeyKind::Rsa,
            Some([10]) => KeyKind::RsaPss,
            _ => KeyKind::Other,
        }
    };
    Some((kind, key))
}

/// The scheme of an AlgorithmIdentifier.
fn scheme_of(algorithm: &[u8]) -> Option<Scheme> {
    let mut parts = Reader(algorithm).enter(der::SEQUENCE)?;
    let id = parts.need(der::OID)?.body;
    if id == ED25519 {
        return Some(Scheme::Ed25519);
    }
    if id == ECDSA_SHA1 {
        return Some(Scheme::Ecdsa(Hash::Sha1));
    }
    if let Some([last]) = id.strip_prefix(ECDSA_SHA2) {
        return Some(Scheme::Ecdsa(match last {
            1 => Hash::Sha224,
            2 => Hash::Sha256,
            3 => Hash::Sha384,
            4 => Hash::Sha512,
            _ => return None,
        }));
    }
    let [last] = id.strip_prefix(RSA)? else { return None };
    Some(match last {
        4 => Scheme::Pkcs1(Hash::Md5),
        5 => Scheme::Pkcs1(Hash::Sha1),
        10 => Scheme::Pss(pss_hash(parts)?),
        11 => Scheme::Pkcs1(Hash::Sha256),
        12 => Scheme::Pkcs1(Hash::Sha384),
        13 => Scheme::Pkcs1(Hash::Sha512),
        14 => Scheme::Pkcs1(Hash::Sha224),
        _ => return None,
    })
}

/// The hash of RSASSA-PSS-params. RFC 4055 §3.1.
fn pss_hash(mut parts: Reader<'_>) -> Option<Hash> {
    let mut fields = parts.enter(der::SEQUENCE)?;
    let Some(hash) = fields.optional(0xa0) else { return Some(Hash::Sha1) };
    let id = Reader(hash.body).enter(der::SEQUENCE)?.need(der::OID)?.body;
    match id {
        [0x2b, 0x0e, 0x03, 0x02, 0x1a] => Some(Hash::Sha1),
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last] => match last {
            1 => Some(Hash::Sha256),
            2 => Some(Hash::Sha384),
            3 => Some(Hash::Sha512),
            4 => Some(Hash::Sha224),
            _ => None,
        },
        _ => None,
    }
}

/// Whether `signature` under the AlgorithmIdentifier `algorithm` is one of `message` by the key `spki`.
#[must_use]
pub fn verify_signed(algorithm: &[u8], spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    scheme_of(algorithm).is_some_and(|scheme| verify(scheme, spki, message, signature))
}

/// Whether `signature` is one of `message` by the key `spki`.
#[must_use]
pub fn verify(scheme: Scheme, spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Some((kind, key)) = public_key(spki) else { return false };
    let by_ring = |algorithm: &'static dyn ring_sig::VerificationAlgorithm| {
        ring_sig::UnparsedPublicKey::new(algorithm, key).verify(message, signature).is_ok()
    };
    match (scheme, kind) {
        (Scheme::Pkcs1(hash), KeyKind::Rsa) => match hash {
            Hash::Sha1 => by_ring(&ring_sig::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
            Hash::Sha256 => by_ring(&ring_sig::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
            Hash::Sha512 => by_ring(&ring_sig::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
            _ => verify_rsa(false, hash, key, message, signature),
        },
        (Scheme::Pss(hash), KeyKind::Rsa | KeyKind::RsaPss) => {
            let strong = match hash {
                Hash::Sha256 => by_ring(&ring_sig::RSA_PSS_2048_8192_SHA256),
                Hash::Sha384 => by_ring(&ring_sig::RSA_PSS_2048_8192_SHA384),
                Hash::Sha512 => by_ring(&ring_sig::RSA_PSS_2048_8192_SHA512),
                _ => false,
            };
            strong || verify_rsa(true, hash, key, message, signature)
        }
        (Scheme::Ecdsa(Hash::Sha256), KeyKind::P256) => by_ring(&ring_sig::ECDSA_P256_SHA256_ASN1),
        (Scheme::Ecdsa(Hash::Sha384), KeyKind::P256) => by_ring(&ring_sig::ECDSA_P256_SHA384_ASN1),
        (Scheme::Ecdsa(Hash::Sha256), KeyKind::P384) => by_ring(&ring_sig::ECDSA_P384_SHA256_ASN1),
        (Scheme::Ecdsa(Hash::Sha384), KeyKind::P384) => by_ring(&ring_sig::ECDSA_P384_SHA384_ASN1),
        (Scheme::Ecdsa(hash), KeyKind::P256 | KeyKind::P384 | KeyKind::P521) => {
            verify_ecdsa(kind, key, &hash.digest(message), signature)
        }
        (Scheme::Ed25519, KeyKind::Ed25519) => by_ring(&ring_sig::ED25519),
        _ => false,
    }
}

fn verify_rsa(pss: bool, hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Some(mut fields) = Reader(key).enter(der::SEQUENCE) else { return false };
    let mut number = || Some(rsa::BigUint::from_bytes_be(fields.need(der::INTEGER)?.body));
    let (Some(modulus), Some(exponent)) = (number(), number()) else { return false };
    let Ok(key) = rsa::RsaPublicKey::new(modulus, exponent) else { return false };
    let digest = hash.digest(message);
    if !pss {
        return key.verify(pkcs1_padding(hash), &digest, signature).is_ok();
    }
    let padding = match hash {
        Hash::Md5 => return false,
        Hash::Sha1 => rsa::Pss::new::<sha1::Sha1>(),
        Hash::Sha224 => rsa::Pss::new::<sha2::Sha224>(),
        Hash::Sha256 => rsa::Pss::new::<sha2::Sha256>(),
        Hash::Sha384 => rsa::Pss::new::<sha2::Sha384>(),
        Hash::Sha512 => rsa::Pss::new::<sha2::Sha512>(),
    };
    key.verify(padding, &digest, signature).is_ok()
}

fn pkcs1_padding(hash: Hash) -> rsa::Pkcs1v15Sign {
    match hash {
        Hash::Md5 => rsa::Pkcs1v15Sign::new::<md5::Md5>(),
        Hash::Sha1 => rsa::Pkcs1v15Sign::new::<sha1::Sha1>(),
        Hash::Sha224 => rsa::Pkcs1v15Sign::new::<sha2::Sha224>(),
        Hash::Sha256 => rsa::Pkcs1v15Sign::new::<sha2::Sha256>(),
        Hash::Sha384 => rsa::Pkcs1v15Sign::new::<sha2::Sha384>(),
        Hash::Sha512 => rsa::Pkcs1v15Sign::new::<sha2::Sha512>(),
    }
}

fn verify_ecdsa(kind: KeyKind, key: &[u8], digest: &[u8], signature: &[u8]) -> bool {
    use ecdsa::signature::hazmat::PrehashVerifier as _;
    macro_rules! with {
        ($curve:ident) => {{
            let Ok(key) = $curve::ecdsa::VerifyingKey::from_sec1_bytes(key) else { return false };
            let Ok(signature) = $curve::ecdsa::DerSignature::try_from(signature) else { return false };
            let Ok(signature) = $curve::ecdsa::Signature::try_from(signature) else { return false };
            key.verify_prehash(&padded(digest, kind), &signature).is_ok()
        }};
    }
    match kind {
        KeyKind::P256 => with!(p256),
        KeyKind::P384 => with!(p384),
        KeyKind::P521 => with!(p521),
        _ => false,
    }
}

/// The crates refuse digests of less than half the curve's size; zeros in front do not change the number.
fn padded(digest: &[u8], kind: KeyKind) -> Vec<u8> {
    let least = match kind {
        KeyKind::P256 => 16,
        KeyKind::P384 => 24,
        _ => 33,
    };
    let mut bytes = vec![0; usize::saturating_sub(least, digest.len())];
    bytes.extend_from_slice(digest);
    bytes
}

/// A private key for what ring does not do: RSA below 2048 bits, keys for RSASSA-PSS, P-521.
pub enum SoftKey {
    /// RSA; `pss` if its certificate allows nothing else.
    Rsa {
        /// The key.
        key: Box<rsa::RsaPrivateKey>,
        /// Whether it is for RSASSA-PSS only.
        pss: bool,
    },
    /// ECDSA on P-521.
    P521(Box<p521::ecdsa::SigningKey>),
}

impl std::fmt::Debug for SoftKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            SoftKey::Rsa { .. } => "SoftKey::Rsa",
            SoftKey::P521(_) => "SoftKey::P521",
        })
    }
}

impl SoftKey {
    /// Reads PKCS #8.
    #[must_use]
    pub fn parse(pkcs8: &[u8]) -> Option<SoftKey> {
        use rsa::pkcs1::DecodeRsaPrivateKey as _;
        let mut fields = Reader(pkcs8).enter(der::SEQUENCE)?;
        fields.need(der::INTEGER)?;
        let mut algorithm = fields.enter(der::SEQUENCE)?;
        let id = algorithm.need(der::OID)?.body;
        let key = fields.need(der::OCTET_STRING)?.body;
        if let Some([kind @ (1 | 10)]) = id.strip_prefix(RSA) {
            let parsed = rsa::RsaPrivateKey::from_pkcs1_der(key).ok()?;
            return Some(SoftKey::Rsa { key: Box::new(parsed), pss: *kind == 10 });
        }
        if id == EC_PUBLIC_KEY && algorithm.need(der::OID)?.body == P521 {
            let mut fields = Reader(key).enter(der::SEQUENCE)?;
            fields.need(der::INTEGER)?;
            let secret = fields.need(der::OCTET_STRING)?.body;
            return Some(SoftKey::P521(Box::new(p521::ecdsa::SigningKey::from_slice(secret).ok()?)));
        }
        None
    }

    /// Whether it can make signatures of this kind.
    #[must_use]
    pub fn supports(&self, scheme: Scheme) -> bool {
        match (self, scheme) {
            // Room for the DigestInfo and eight bytes of padding, or for hash, salt and two bytes.
            (SoftKey::Rsa { key, pss: false }, Scheme::Pkcs1(hash)) => key.size() >= hash.size() + 19 + 11,
            (SoftKey::Rsa { key, .. }, Scheme::Pss(hash)) => key.size() >= 2 * hash.size() + 2,
            (SoftKey::P521(_), Scheme::Ecdsa(hash)) => hash == Hash::Sha512,
            _ => false,
        }
    }

    /// The signature of `message`.
    #[must_use]
    pub fn sign(&self, scheme: Scheme, message: &[u8]) -> Option<Vec<u8>> {
        use ecdsa::signature::hazmat::PrehashSigner as _;
        let random = &mut rsa::rand_core::OsRng;
        match (self, scheme) {
            (SoftKey::Rsa { key, .. }, Scheme::Pkcs1(hash)) => {
                key.sign_with_rng(random, pkcs1_padding(hash), &hash.digest(message)).ok()
            }
            (SoftKey::Rsa { key, .. }, Scheme::Pss(hash)) => {
                let padding = match hash {
                    Hash::Sha256 => rsa::Pss::new_blinded::<sha2::Sha256>(),
                    Hash::Sha384 => rsa::Pss::new_blinded::<sha2::Sha384>(),
                    Hash::Sha512 => rsa::Pss::new_blinded::<sha2::Sha512>(),
                    _ => return None,
                };
                key.sign_with_rng(random, padding, &hash.digest(message)).ok()
            }
            (SoftKey::P521(key), Scheme::Ecdsa(hash)) => {
                let signature: p521::ecdsa::Signature = key.sign_prehash(&hash.digest(message)).ok()?;
                Some(signature.to_der().as_bytes().to_vec())
            }
            _ => None,
        }
    }

    /// The public key's bytes, as in a SubjectPublicKeyInfo.
    #[must_use]
    pub fn public_bytes(&self) -> Option<Vec<u8>> {
        use rsa::pkcs1::EncodeRsaPublicKey as _;
        match self {
            SoftKey::Rsa { key, .. } => Some(key.to_public_key().to_pkcs1_der().ok()?.as_bytes().to_vec()),
            SoftKey::P521(key) => {
                let public = p521::ecdsa::VerifyingKey::from(key.as_ref());
                Some(public.to_encoded_point(false).as_bytes().to_vec())
            }
        }
    }
}
