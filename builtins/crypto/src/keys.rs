//! Asymmetric keys: what they are, and how they are read and written. PEM, DER (PKCS#1, PKCS#8, SPKI, SEC 1) and parts of JWKs.

use crate::job::{Fail, Out};
use anode_crypto_pure::{pbe, pem};
use anode_runtime::{JsResult, Local, Scope, Thrown};
use der::asn1::{BitStringRef, ObjectIdentifier, OctetStringRef};
use der::{Any, Decode as _, Encode as _};
use pkcs8::PrivateKeyInfo;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use std::rc::Rc;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The widest modulus, in bits. OpenSSL: OPENSSL_RSA_MAX_MODULUS_BITS.
pub(crate) const RSA_BITS_MAX: usize = 16384;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

/// An elliptic curve of the NIST or SEC families.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
    Secp256k1,
}

impl Curve {
    const ALL: [Curve; 4] = [Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1];

    pub(crate) fn find(name: &str) -> Option<Curve> {
        match name {
            "P-256" | "prime256v1" | "secp256r1" => Some(Curve::P256),
            "P-384" | "secp384r1" => Some(Curve::P384),
            "P-521" | "secp521r1" => Some(Curve::P521),
            "secp256k1" => Some(Curve::Secp256k1),
            _ => None,
        }
    }

    /// OpenSSL's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Curve::P256 => "prime256v1",
            Curve::P384 => "secp384r1",
            Curve::P521 => "secp521r1",
            Curve::Secp256k1 => "secp256k1",
        }
    }

    fn oid(self) -> ObjectIdentifier {
        match self {
            Curve::P256 => ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
            Curve::P384 => ObjectIdentifier::new_unwrap("1.3.132.0.34"),
            Curve::P521 => ObjectIdentifier::new_unwrap("1.3.132.0.35"),
            Curve::Secp256k1 => ObjectIdentifier::new_unwrap("1.3.132.0.10"),
        }
    }

    fn of_oid(oid: ObjectIdentifier) -> Option<Curve> {
        Curve::ALL.into_iter().find(|curve| curve.oid() == oid)
    }

    /// Bytes of a coordinate.
    pub(crate) fn field_bytes(self) -> usize {
        match self {
            Curve::P256 | Curve::Secp256k1 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }
}

/// Expands `$body` with `$c` as the crate of a curve and `$C` as its type.
macro_rules! with_curve {
    ($curve:expr, |$C:ident| $body:expr) => {{
        use $crate::keys::Curve;
        match $curve {
            Curve::P256 => {
                type $C = p256::NistP256;
                $body
            }
            Curve::P384 => {
                type $C = p384::NistP384;
                $body
            }
            Curve::P521 => {
                type $C = p521::NistP521;
                $body
            }
            Curve::Secp256k1 => {
                type $C = k256::Secp256k1;
                $body
            }
        }
    }};
}
pub(crate) use with_curve;

/// A key of an asymmetric algorithm.
pub(crate) enum Key {
    EcPrivate {
        curve: Curve,
        scalar: Zeroizing<Vec<u8>>,
        point: Vec<u8>,
    },
    /// The point is uncompressed.
    EcPublic {
        curve: Curve,
        point: Vec<u8>,
    },
    Ed25519Private(Zeroizing<[u8; 32]>),
    Ed25519Public([u8; 32]),
    RsaPrivate(Box<RsaPrivateKey>),
    RsaPublic(RsaPublicKey),
    X25519Private(Zeroizing<[u8; 32]>),
    X25519Public([u8; 32]),
}

pub(crate) type SharedKey = Arc<Key>;

/// The native object of a key.
pub(crate) fn wrap<'s>(sc: &mut Scope<'s>, key: SharedKey) -> JsResult<'s> {
    sc.native_object(None, Rc::new(key))
}

/// The key of a native object.
pub(crate) fn unwrap<'s>(sc: &mut Scope<'s>, value: Local<'s>) -> Result<SharedKey, Thrown> {
    sc.need_native::<SharedKey>(value).map(|key| (*key).clone())
}

/// What OpenSSL says of input that is no key it knows.
pub(crate) fn undecodable() -> Fail {
    Fail::openssl("1E08010C", "DECODER routines", "unsupported", "")
}

fn encoding_failed<E>(_: E) -> Fail {
    Fail::new("ERR_CRYPTO_OPERATION_FAILED", "Failed to encode key")
}

/// A private key of a curve from its scalar, big-endian.
pub(crate) fn ec_private(curve: Curve, scalar: &[u8]) -> Option<Key> {
    let mut padded = Zeroizing::new(vec![0; curve.field_bytes().checked_sub(scalar.len())?]);
    padded.extend_from_slice(scalar);
    let point = with_curve!(curve, |C| {
        use elliptic_curve::sec1::ToEncodedPoint as _;
        let secret = elliptic_curve::SecretKey::<C>::from_slice(&padded).ok()?;
        secret.public_key().to_encoded_point(false).as_bytes().to_vec()
    });
    Some(Key::EcPrivate { curve, scalar: padded, point })
}

/// A public key of a curve from a point in any SEC 1 encoding.
pub(crate) fn ec_public(curve: Curve, point: &[u8]) -> Option<Key> {
    // The hybrid form is the uncompressed one with the parity of y in its head. SEC 1, X9.62 §4.3.6.
    let mut plain = point.to_vec();
    if let [head @ (6 | 7), .., last] = plain.as_mut_slice() {
        if (*head & 1) != (*last & 1) {
            return None;
        }
        *head = 4;
    }
    let point = with_curve!(curve, |C| {
        use elliptic_curve::sec1::ToEncodedPoint as _;
        let public = elliptic_curve::PublicKey::<C>::from_sec1_bytes(&plain).ok()?;
        public.to_encoded_point(false).as_bytes().to_vec()
    });
    Some(Key::EcPublic { curve, point })
}

/// A point compressed, uncompressed or hybrid (2, 4, 6). Node docs: ECDH.convertKey.
pub(crate) fn encode_point(curve: Curve, point: &[u8], form: u8) -> Option<Vec<u8>> {
    match form {
        2 => with_curve!(curve, |C| {
            use elliptic_curve::sec1::ToEncodedPoint as _;
            let public = elliptic_curve::PublicKey::<C>::from_sec1_bytes(point).ok()?;
            Some(public.to_encoded_point(true).as_bytes().to_vec())
        }),
        6 => {
            let mut hybrid = point.to_vec();
            let parity = hybrid.last()? & 1;
            *hybrid.first_mut()? = 6 | parity;
            Some(hybrid)
        }
        _ => Some(point.to_vec()),
    }
}

impl Key {
    pub(crate) fn is_private(&self) -> bool {
        matches!(self, Key::EcPrivate { .. } | Key::Ed25519Private(_) | Key::RsaPrivate(_) | Key::X25519Private(_))
    }

    /// Node's `asymmetricKeyType`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Key::EcPrivate { .. } | Key::EcPublic { .. } => "ec",
            Key::Ed25519Private(_) | Key::Ed25519Public(_) => "ed25519",
            Key::RsaPrivate(_) | Key::RsaPublic(_) => "rsa",
            Key::X25519Private(_) | Key::X25519Public(_) => "x25519",
        }
    }

    /// The public half.
    pub(crate) fn to_public(&self) -> Key {
        match self {
            Key::EcPrivate { curve, point, .. } | Key::EcPublic { curve, point } => {
                Key::EcPublic { curve: *curve, point: point.clone() }
            }
            Key::Ed25519Private(seed) => {
                Key::Ed25519Public(ed25519_dalek::SigningKey::from_bytes(seed).verifying_key().to_bytes())
            }
            Key::Ed25519Public(bytes) => Key::Ed25519Public(*bytes),
            Key::RsaPrivate(key) => Key::RsaPublic(key.to_public_key()),
            Key::RsaPublic(key) => Key::RsaPublic(key.clone()),
            Key::X25519Private(seed) => Key::X25519Public(x25519_public(seed)),
            Key::X25519Public(bytes) => Key::X25519Public(*bytes),
        }
    }

    /// Node's `asymmetricKeyDetails`; the exponent as bytes, big-endian.
    pub(crate) fn details(&self) -> Vec<(&'static str, Out)> {
        let rsa = |bits: usize, e: &BigUint| {
            vec![("modulusLength", Out::Number(bits as f64)), ("publicExponent", Out::Bytes(e.to_bytes_be()))]
        };
        match self {
            Key::EcPrivate { curve, .. } | Key::EcPublic { curve, .. } => {
                vec![("namedCurve", Out::Text(curve.name().into()))]
            }
            Key::RsaPrivate(key) => rsa(key.n().bits(), key.e()),
            Key::RsaPublic(key) => rsa(key.n().bits(), key.e()),
            _ => Vec::new(),
        }
    }

    /// The members of its JWK as bytes.
    pub(crate) fn parts(&self) -> Vec<(&'static str, Out)> {
        let bytes = |number: &BigUint| Out::Bytes(number.to_bytes_be());
        match self {
            Key::EcPrivate { curve, scalar, point } => {
                let mut parts = point_parts(*curve, point);
                parts.push(("d", Out::Bytes(scalar.to_vec())));
                parts
            }
            Key::EcPublic { curve, point } => point_parts(*curve, point),
            Key::Ed25519Private(seed) | Key::X25519Private(seed) => {
                let public = match self.to_public() {
                    Key::Ed25519Public(bytes) | Key::X25519Public(bytes) => bytes.to_vec(),
                    _ => Vec::new(),
                };
                vec![("x", Out::Bytes(public)), ("d", Out::Bytes(seed.to_vec()))]
            }
            Key::Ed25519Public(public) | Key::X25519Public(public) => vec![("x", Out::Bytes(public.to_vec()))],
            Key::RsaPrivate(key) => {
                let mut parts = vec![("n", bytes(key.n())), ("e", bytes(key.e())), ("d", bytes(key.d()))];
                if let [p, q, ..] = key.primes() {
                    let one = BigUint::from(1u8);
                    parts.push(("p", bytes(p)));
                    parts.push(("q", bytes(q)));
                    parts.push(("dp", bytes(&(key.d() % (p - &one)))));
                    parts.push(("dq", bytes(&(key.d() % (q - &one)))));
                    if let Some(coefficient) = key.crt_coefficient() {
                        parts.push(("qi", bytes(&coefficient)));
                    }
                }
                parts
            }
            Key::RsaPublic(key) => vec![("n", bytes(key.n())), ("e", bytes(key.e()))],
        }
    }

    /// PKCS#8 of a private key.
    pub(crate) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, Fail> {
        let der = match self {
            Key::EcPrivate { curve, scalar, .. } => with_curve!(*curve, |C| {
                use pkcs8::EncodePrivateKey as _;
                let secret = elliptic_curve::SecretKey::<C>::from_slice(scalar).map_err(encoding_failed)?;
                secret.to_pkcs8_der().map_err(encoding_failed)?.as_bytes().to_vec()
            }),
            Key::Ed25519Private(seed) => edwards_pkcs8(ED25519, seed)?,
            Key::X25519Private(seed) => edwards_pkcs8(X25519, seed)?,
            Key::RsaPrivate(key) => {
                use pkcs8::EncodePrivateKey as _;
                key.to_pkcs8_der().map_err(encoding_failed)?.as_bytes().to_vec()
            }
            _ => return Err(encoding_failed(())),
        };
        Ok(Zeroizing::new(der))
    }

    /// SubjectPublicKeyInfo of a key, public or private.
    pub(crate) fn to_spki(&self) -> Result<Vec<u8>, Fail> {
        match self.to_public() {
            Key::EcPublic { curve, point } => {
                let oid = Any::encode_from(&curve.oid()).map_err(encoding_failed)?;
                spki(EC, Some((&oid).into()), &point)
            }
            Key::Ed25519Public(bytes) => spki(ED25519, None, &bytes),
            Key::X25519Public(bytes) => spki(X25519, None, &bytes),
            Key::RsaPublic(key) => {
                use pkcs8::EncodePublicKey as _;
                Ok(key.to_public_key_der().map_err(encoding_failed)?.into_vec())
            }
            _ => Err(encoding_failed(())),
        }
    }

    /// PKCS#1 of an RSA key, or SEC 1 of a private key of a curve.
    pub(crate) fn to_traditional(&self) -> Result<Zeroizing<Vec<u8>>, Fail> {
        use pkcs1::{EncodeRsaPrivateKey as _, EncodeRsaPublicKey as _};
        let der = match self {
            Key::EcPrivate { curve, scalar, point } => sec1::EcPrivateKey {
                private_key: scalar,
                parameters: Some(sec1::EcParameters::NamedCurve(curve.oid())),
                public_key: Some(point),
            }
            .to_der()
            .map_err(encoding_failed)?,
            Key::RsaPrivate(key) => key.to_pkcs1_der().map_err(encoding_failed)?.as_bytes().to_vec(),
            Key::RsaPublic(key) => key.to_pkcs1_der().map_err(encoding_failed)?.as_bytes().to_vec(),
            _ => return Err(encoding_failed(())),
        };
        Ok(Zeroizing::new(der))
    }
}

pub(crate) fn x25519_public(seed: &[u8; 32]) -> [u8; 32] {
    x25519_dalek::PublicKey::from(&x25519_dalek::StaticSecret::from(*seed)).to_bytes()
}

fn point_parts(curve: Curve, point: &[u8]) -> Vec<(&'static str, Out)> {
    let size = curve.field_bytes();
    let x = point.get(1..=size).unwrap_or_default();
    let y = point.get(size + 1..).unwrap_or_default();
    vec![("x", Out::Bytes(x.to_vec())), ("y", Out::Bytes(y.to_vec()))]
}

fn edwards_pkcs8(oid: ObjectIdentifier, seed: &[u8; 32]) -> Result<Vec<u8>, Fail> {
    let inner = OctetStringRef::new(seed).and_then(|seed| seed.to_der()).map_err(encoding_failed)?;
    PrivateKeyInfo::new(AlgorithmIdentifierRef { oid, parameters: None }, &inner).to_der().map_err(encoding_failed)
}

fn spki(oid: ObjectIdentifier, parameters: Option<der::asn1::AnyRef<'_>>, key: &[u8]) -> Result<Vec<u8>, Fail> {
    let subject_public_key = BitStringRef::from_bytes(key).map_err(encoding_failed)?;
    let info = SubjectPublicKeyInfoRef { algorithm: AlgorithmIdentifierRef { oid, parameters }, subject_public_key };
    info.to_der().map_err(encoding_failed)
}

// --- Reading -------------------------------------------------------------------------------------------------------

/// An RSA public key from its numbers, big-endian.
pub(crate) fn rsa_public(n: &[u8], e: &[u8]) -> Option<Key> {
    let (n, e) = (BigUint::from_bytes_be(n), BigUint::from_bytes_be(e));
    RsaPublicKey::new_with_max_size(n, e, RSA_BITS_MAX).ok().map(Key::RsaPublic)
}

/// An RSA private key from its numbers, big-endian.
pub(crate) fn rsa_private(n: &[u8], e: &[u8], d: &[u8], primes: &[&[u8]]) -> Option<Key> {
    let number = BigUint::from_bytes_be;
    let primes = primes.iter().map(|prime| number(prime)).collect();
    let mut key = RsaPrivateKey::from_components(number(n), number(e), number(d), primes).ok()?;
    key.precompute().ok()?;
    Some(Key::RsaPrivate(Box::new(key)))
}

fn read_pkcs1_private(der: &[u8]) -> Option<Key> {
    let key = pkcs1::RsaPrivateKey::from_der(der).ok()?;
    let primes = [key.prime1.as_bytes(), key.prime2.as_bytes()];
    rsa_private(key.modulus.as_bytes(), key.public_exponent.as_bytes(), key.private_exponent.as_bytes(), &primes)
}

fn read_pkcs1_public(der: &[u8]) -> Option<Key> {
    let key = pkcs1::RsaPublicKey::from_der(der).ok()?;
    rsa_public(key.modulus.as_bytes(), key.public_exponent.as_bytes())
}

fn read_sec1(der: &[u8], outer: Option<Curve>) -> Option<Key> {
    let key = sec1::EcPrivateKey::from_der(der).ok()?;
    let named = key.parameters.and_then(|parameters| parameters.named_curve()).and_then(Curve::of_oid);
    ec_private(outer.or(named)?, key.private_key)
}

fn seed_of(bytes: &[u8]) -> Option<[u8; 32]> {
    bytes.try_into().ok()
}

fn read_pkcs8(der: &[u8]) -> Option<Key> {
    let info = PrivateKeyInfo::from_der(der).ok()?;
    let seed = || seed_of(OctetStringRef::from_der(info.private_key).ok()?.as_bytes()).map(Zeroizing::new);
    match info.algorithm.oid {
        RSA => read_pkcs1_private(info.private_key),
        EC => read_sec1(info.private_key, Some(Curve::of_oid(info.algorithm.parameters_oid().ok()?)?)),
        ED25519 => seed().map(Key::Ed25519Private),
        X25519 => seed().map(Key::X25519Private),
        _ => None,
    }
}

pub(crate) fn read_spki(der: &[u8]) -> Option<Key> {
    let info = SubjectPublicKeyInfoRef::from_der(der).ok()?;
    let bytes = info.subject_public_key.as_bytes()?;
    match info.algorithm.oid {
        RSA => read_pkcs1_public(bytes),
        EC => ec_public(Curve::of_oid(info.algorithm.parameters_oid().ok()?)?, bytes),
        ED25519 => seed_of(bytes).map(Key::Ed25519Public),
        X25519 => seed_of(bytes).map(Key::X25519Public),
        _ => None,
    }
}

fn read_encrypted(der: &[u8], passphrase: Option<&[u8]>) -> Result<Key, Fail> {
    let passphrase = passphrase.ok_or_else(|| Fail::refusal(&anode_crypto_pure::error::INTERRUPTED))?;
    let plain = pbe::decrypt_pkcs8(der, passphrase).map_err(|refusal| Fail::refusal(&refusal))?;
    read_pkcs8(&plain).ok_or_else(undecodable)
}

/// The key inside a certificate.
fn read_certificate(der: &[u8]) -> Option<Key> {
    let certificate = anode_crypto_pure::x509::Certificate::parse(der).ok()?;
    read_spki(certificate.spki)
}

/// What a key may be: `private`, `public` (also made from a private key).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Private,
    Public,
}

/// Reads DER of a given type: `pkcs1`, `pkcs8`, `sec1`, `spki`.
pub(crate) fn read_der(der: &[u8], kind: &str, want: Want, passphrase: Option<&[u8]>) -> Result<Key, Fail> {
    let key = match kind {
        "pkcs1" if want == Want::Public => read_pkcs1_public(der).or_else(|| read_pkcs1_private(der)),
        "pkcs1" => read_pkcs1_private(der),
        "pkcs8" => match read_pkcs8(der) {
            None if pbe::is_encrypted_pkcs8(der) => {
                if passphrase.is_none() {
                    return Err(Fail::type_error("ERR_MISSING_PASSPHRASE", "Passphrase required for encrypted key"));
                }
                Some(read_encrypted(der, passphrase)?)
            }
            found => found,
        },
        "sec1" => read_sec1(der, None),
        "spki" => read_spki(der),
        _ => None,
    };
    let key = key.ok_or_else(undecodable)?;
    Ok(if want == Want::Public { key.to_public() } else { key })
}

/// Reads the first key of a PEM file.
pub(crate) fn read_pem(text: &str, want: Want, passphrase: Option<&[u8]>) -> Result<Key, Fail> {
    for block in pem::blocks(text) {
        let der = &block.contents;
        let key = match block.label {
            "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" if want == Want::Public => read_certificate(der),
            "PUBLIC KEY" if want == Want::Public => read_spki(der),
            "RSA PUBLIC KEY" if want == Want::Public => read_pkcs1_public(der),
            _ => match pem::block_key(&block, passphrase) {
                Some(Ok(found)) => read_layout(found.layout, &found.der),
                Some(Err(refusal)) => return Err(Fail::refusal(&refusal)),
                None => continue,
            },
        };
        let key = key.ok_or_else(undecodable)?;
        return Ok(if want == Want::Public { key.to_public() } else { key });
    }
    Err(undecodable())
}

fn read_layout(layout: pem::KeyLayout, der: &[u8]) -> Option<Key> {
    match layout {
        pem::KeyLayout::Dsa => None,
        pem::KeyLayout::Pkcs1 => read_pkcs1_private(der),
        pem::KeyLayout::Pkcs8 => read_pkcs8(der),
        pem::KeyLayout::Sec1 => read_sec1(der, None),
    }
}

/// Encrypts PKCS#8 with a passphrase as OpenSSL does by default.
pub(crate) fn encrypt_pkcs8(der: &[u8], cipher: &str, passphrase: &[u8]) -> Result<Vec<u8>, Fail> {
    let unsupported = || Fail::unsupported(&format!("encryption of private keys with {cipher}"));
    let cipher = pbe::Cbc::find(cipher).ok_or_else(unsupported)?;
    let (salt, iv) = (crate::random::random(16)?, crate::random::random(cipher.iv_bytes())?);
    pbe::encrypt_pkcs8(der, cipher, passphrase, &salt, &iv).ok_or_else(|| encoding_failed(()))
}

/// A PEM block in PEM's traditional encryption.
pub(crate) fn encrypt_pem(label: &str, der: &[u8], cipher: &str, passphrase: &[u8]) -> Result<String, Fail> {
    let unsupported = || Fail::unsupported(&format!("encryption of private keys with {cipher}"));
    let cipher = pbe::Cbc::find(cipher).ok_or_else(unsupported)?;
    let iv = crate::random::random(cipher.iv_bytes())?;
    let (info, data) = pbe::encrypt_pem(der, cipher, passphrase, &iv).ok_or_else(|| encoding_failed(()))?;
    Ok(pem::write(label, &data, Some(&info)))
}
