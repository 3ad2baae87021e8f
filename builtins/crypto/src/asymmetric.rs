//! What asymmetric keys do: signatures, RSA encryption, key agreement.

use crate::digests::{Md, with_digest};
use crate::job::{Fail, Out, bytes_of, run, text_of};
use crate::keys::{self, Curve, Key, with_curve};
use anode_crypto_pure::der;
use anode_runtime::{Args, JsResult, Scope};
use digest::Digest as _;
use ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};
use rand_core::OsRng;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, Oaep, Pkcs1v15Encrypt, Pkcs1v15Sign, Pss};

// Node docs: Crypto constants.
const RSA_PKCS1_PADDING: i32 = 1;
const RSA_NO_PADDING: i32 = 3;
const RSA_PKCS1_OAEP_PADDING: i32 = 4;
const RSA_PKCS1_PSS_PADDING: i32 = 6;
const SALT_DIGEST: i32 = -1;
const SALT_MAX_OR_AUTO: i32 = -2;

fn rsa_fail(number: &str, reason: &str) -> Fail {
    Fail::openssl(number, "rsa routines", reason, "RSA_")
}

fn wrong_key_type() -> Fail {
    let library = "digital envelope routines";
    Fail::openssl("03000096", library, "operation not supported for this keytype", "EVP_")
}

fn unsupported_digest() -> Fail {
    Fail::openssl("1C80007A", "Provider routines", "invalid digest", "")
}

/// How to sign: what both directions share.
struct Scheme {
    /// `None`: the algorithm's own.
    md: Option<Md>,
    /// The data is a digest already.
    hashed: bool,
    /// RSA's padding.
    padding: i32,
    /// Bytes of salt for PSS.
    salt: i32,
    /// r and s side by side instead of DER.
    ieee: bool,
}

impl Scheme {
    /// Of the arguments from `at` on: `digest, hashed, padding, saltLength, ieee`.
    fn of<'s>(sc: &mut Scope<'s>, args: &Args<'s>, at: usize) -> Result<Scheme, anode_runtime::Thrown> {
        let name = text_of(sc, args, at)?;
        let md = Md::find(&name);
        if md.is_none() && !name.is_empty() {
            let fail = Fail::type_error("ERR_CRYPTO_INVALID_DIGEST", &format!("Invalid digest: {name}"));
            return Err(fail.throw(sc));
        }
        Ok(Scheme {
            md,
            hashed: args.get(at + 1).is_true(),
            padding: args.get(at + 2).as_f64().map_or(RSA_PKCS1_PADDING, |value| value as i32),
            salt: args.get(at + 3).as_f64().map_or(SALT_MAX_OR_AUTO, |value| value as i32),
            ieee: args.get(at + 4).is_true(),
        })
    }

    fn digest(&self, data: &[u8]) -> (Md, Vec<u8>) {
        let md = self.md.unwrap_or(Md::Sha256);
        let hash = if self.hashed { data.to_vec() } else { with_digest!(md, |D, H| D::digest(data).to_vec()) };
        (md, hash)
    }
}

/// PKCS#1's padding for a digest that has an identifier there.
fn pkcs1_padding(md: Md) -> Result<Pkcs1v15Sign, Fail> {
    Ok(match md {
        Md::Md5 => Pkcs1v15Sign::new::<md5::Md5>(),
        Md::Ripemd160 => Pkcs1v15Sign::new::<ripemd::Ripemd160>(),
        Md::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
        Md::Sha224 => Pkcs1v15Sign::new::<sha2::Sha224>(),
        Md::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
        Md::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
        Md::Sha3_224 => Pkcs1v15Sign::new::<sha3::Sha3_224>(),
        Md::Sha3_256 => Pkcs1v15Sign::new::<sha3::Sha3_256>(),
        Md::Sha3_384 => Pkcs1v15Sign::new::<sha3::Sha3_384>(),
        Md::Sha3_512 => Pkcs1v15Sign::new::<sha3::Sha3_512>(),
        Md::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
        Md::Sha512_224 => Pkcs1v15Sign::new::<sha2::Sha512_224>(),
        Md::Sha512_256 => Pkcs1v15Sign::new::<sha2::Sha512_256>(),
        Md::Blake2b512 | Md::Blake2s256 => return Err(unsupported_digest()),
    })
}

fn pss(md: Md, salt: usize) -> Pss {
    with_digest!(md, |D, H| Pss::new_with_salt::<D>(salt))
}

/// The most salt that fits. RFC 8017 §9.1.1.
fn salt_max(bits: usize, hash_bytes: usize) -> usize {
    (bits - 1).div_ceil(8).saturating_sub(hash_bytes + 2)
}

/// A digest as wide as the curve: shorter ones are numbers with leading zeros. FIPS 186-5 §6.4.
fn widen(curve: Curve, hash: &[u8]) -> Vec<u8> {
    let mut wide = vec![0; curve.field_bytes().saturating_sub(hash.len())];
    wide.extend_from_slice(hash);
    wide
}

/// Expands `$body` with the types of ECDSA on a curve.
macro_rules! with_ecdsa {
    ($curve:expr, |$Signing:ident, $Verifying:ident, $Signature:ident| $body:expr) => {{
        macro_rules! of_crate {
            ($krate:ident) => {{
                #[allow(unused_imports, reason = "not every body needs all")]
                use $krate::ecdsa::{Signature as $Signature, SigningKey as $Signing, VerifyingKey as $Verifying};
                $body
            }};
        }
        match $curve {
            Curve::P256 => of_crate!(p256),
            Curve::P384 => of_crate!(p384),
            Curve::P521 => of_crate!(p521),
            Curve::Secp256k1 => of_crate!(k256),
        }
    }};
}

fn sign_with(key: &Key, scheme: &Scheme, data: &[u8]) -> Result<Vec<u8>, Fail> {
    let failed = || Fail::new("ERR_CRYPTO_OPERATION_FAILED", "Signing failed");
    match key {
        Key::EcPrivate { curve, scalar, .. } => {
            let (_, hash) = scheme.digest(data);
            let hash = widen(*curve, &hash);
            with_ecdsa!(*curve, |Signing, Verifying, Signature| {
                let key = Signing::from_slice(scalar).map_err(|_| failed())?;
                let signature: Signature = key.sign_prehash(&hash).map_err(|_| failed())?;
                Ok(if scheme.ieee { signature.to_vec() } else { signature.to_der().as_bytes().to_vec() })
            })
        }
        Key::Ed25519Private(seed) => {
            use ed25519_dalek::Signer as _;
            if scheme.md.is_some() {
                return Err(unsupported_digest());
            }
            Ok(ed25519_dalek::SigningKey::from_bytes(seed).sign(data).to_vec())
        }
        Key::RsaPrivate(key) => {
            let (md, hash) = scheme.digest(data);
            let too_small = || rsa_fail("02000070", "digest too big for rsa key");
            if scheme.padding == RSA_PKCS1_PSS_PADDING {
                let salt = match scheme.salt {
                    SALT_DIGEST => hash.len(),
                    salt if salt < 0 => salt_max(key.n().bits(), hash.len()),
                    salt => salt as usize,
                };
                return key.sign_with_rng(&mut OsRng, pss(md, salt), &hash).map_err(|_| too_small());
            }
            if scheme.padding != RSA_PKCS1_PADDING {
                return Err(Fail::openssl("1C8000A5", "Provider routines", "illegal or unsupported padding mode", ""));
            }
            key.sign_with_rng(&mut OsRng, pkcs1_padding(md)?, &hash).map_err(|_| too_small())
        }
        _ => Err(wrong_key_type()),
    }
}

fn verify_with(key: &Key, scheme: &Scheme, data: &[u8], signature: &[u8]) -> Result<bool, Fail> {
    match key {
        Key::EcPublic { curve, point } | Key::EcPrivate { curve, point, .. } => {
            let (_, hash) = scheme.digest(data);
            let hash = widen(*curve, &hash);
            with_ecdsa!(*curve, |Signing, Verifying, Signature| {
                let parsed =
                    if scheme.ieee { Signature::from_slice(signature) } else { Signature::from_der(signature) };
                let Ok(parsed) = parsed else { return Ok(false) };
                // Both s and n - s are signatures; one of the crates takes only the smaller.
                let parsed = parsed.normalize_s().unwrap_or(parsed);
                let Ok(key) = Verifying::from_sec1_bytes(point) else { return Ok(false) };
                Ok(key.verify_prehash(&hash, &parsed).is_ok())
            })
        }
        Key::Ed25519Public(_) | Key::Ed25519Private(_) => {
            if scheme.md.is_some() {
                return Err(unsupported_digest());
            }
            let Key::Ed25519Public(bytes) = key.to_public() else { return Ok(false) };
            let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(&bytes) else { return Ok(false) };
            let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return Ok(false) };
            Ok(ed25519_dalek::Verifier::verify(&key, data, &signature).is_ok())
        }
        Key::RsaPublic(_) | Key::RsaPrivate(_) => {
            let Key::RsaPublic(key) = key.to_public() else { return Ok(false) };
            let (md, hash) = scheme.digest(data);
            if scheme.padding != RSA_PKCS1_PSS_PADDING {
                return Ok(key.verify(pkcs1_padding(md)?, &hash, signature).is_ok());
            }
            let salts = match scheme.salt {
                SALT_DIGEST => vec![hash.len()],
                // The crate wants to know the salt's length; these are the lengths in use.
                salt if salt < 0 => vec![hash.len(), salt_max(key.n().bits(), hash.len()), 0, 20, 32, 48, 64],
                salt => vec![salt as usize],
            };
            Ok(salts.into_iter().any(|salt| key.verify(pss(md, salt), &hash, signature).is_ok()))
        }
        _ => Err(wrong_key_type()),
    }
}

/// The scheme of an AlgorithmIdentifier (with its header) and the kind of key that goes with it. RFC 3279, RFC 4055, RFC 5758.
fn scheme_of_algorithm(algorithm: &[u8]) -> Option<(Scheme, &'static str)> {
    let mut reader = der::sequence(algorithm)?;
    let oid = der::dotted(reader.oid()?);
    let (md, kind) = match oid.as_str() {
        "1.2.840.10040.4.3" => (Some(Md::Sha1), "dsa"),
        "1.2.840.10045.4.1" => (Some(Md::Sha1), "ec"),
        "1.2.840.10045.4.3.1" => (Some(Md::Sha224), "ec"),
        "1.2.840.10045.4.3.2" => (Some(Md::Sha256), "ec"),
        "1.2.840.10045.4.3.3" => (Some(Md::Sha384), "ec"),
        "1.2.840.10045.4.3.4" => (Some(Md::Sha512), "ec"),
        "1.2.840.113549.1.1.10" => (Some(Md::Sha1), "rsa-pss"),
        "1.2.840.113549.1.1.11" => (Some(Md::Sha256), "rsa"),
        "1.2.840.113549.1.1.12" => (Some(Md::Sha384), "rsa"),
        "1.2.840.113549.1.1.13" => (Some(Md::Sha512), "rsa"),
        "1.2.840.113549.1.1.14" => (Some(Md::Sha224), "rsa"),
        "1.2.840.113549.1.1.15" => (Some(Md::Sha512_224), "rsa"),
        "1.2.840.113549.1.1.16" => (Some(Md::Sha512_256), "rsa"),
        "1.2.840.113549.1.1.4" => (Some(Md::Md5), "rsa"),
        "1.2.840.113549.1.1.5" => (Some(Md::Sha1), "rsa"),
        "1.3.101.112" => (None, "ed25519"),
        "1.3.101.113" => (None, "ed448"),
        "2.16.840.1.101.3.4.3.1" => (Some(Md::Sha224), "dsa"),
        "2.16.840.1.101.3.4.3.10" => (Some(Md::Sha3_256), "ec"),
        "2.16.840.1.101.3.4.3.11" => (Some(Md::Sha3_384), "ec"),
        "2.16.840.1.101.3.4.3.12" => (Some(Md::Sha3_512), "ec"),
        "2.16.840.1.101.3.4.3.13" => (Some(Md::Sha3_224), "rsa"),
        "2.16.840.1.101.3.4.3.14" => (Some(Md::Sha3_256), "rsa"),
        "2.16.840.1.101.3.4.3.15" => (Some(Md::Sha3_384), "rsa"),
        "2.16.840.1.101.3.4.3.16" => (Some(Md::Sha3_512), "rsa"),
        "2.16.840.1.101.3.4.3.2" => (Some(Md::Sha256), "dsa"),
        "2.16.840.1.101.3.4.3.9" => (Some(Md::Sha3_224), "ec"),
        _ => return None,
    };
    let mut scheme = Scheme { md, hashed: false, padding: RSA_PKCS1_PADDING, salt: SALT_MAX_OR_AUTO, ieee: false };
    if kind == "rsa-pss" {
        let parameters = PssParameters::read(reader.sequence()?)?;
        scheme.md = Some(parameters.md);
        scheme.padding = RSA_PKCS1_PSS_PADDING;
        scheme.salt = parameters.salt;
    }
    Some((scheme, kind))
}

/// RSASSA-PSS-params; defaults are SHA-1 and 20 bytes of salt. RFC 4055 §3.1.
struct PssParameters {
    md: Md,
    salt: i32,
}

impl PssParameters {
    fn read(parameters: der::Reader<'_>) -> Option<PssParameters> {
        let mut found = PssParameters { md: Md::Sha1, salt: 20 };
        for field in parameters {
            let mut inner = field.reader();
            match field.tag {
                0xa0 => {
                    let oid = der::dotted(inner.sequence()?.oid()?);
                    found.md = Md::of_oid(&oid)?;
                }
                0xa2 => found.salt = i32::try_from(inner.value()?.number()?).ok()?,
                _ => {}
            }
        }
        Some(found)
    }
}

/// Whether a key made a signature of an algorithm as certificates name it; false too if they do not go together.
pub(crate) fn verify_algorithm(key: &Key, algorithm: &[u8], data: &[u8], signature: &[u8]) -> bool {
    let Some((scheme, kind)) = scheme_of_algorithm(algorithm) else { return false };
    if key.kind() != kind && !(kind == "rsa-pss" && key.kind() == "rsa") {
        return false;
    }
    verify_with(key, &scheme, data, signature).unwrap_or(false)
}

/// `sign(key, data, digest, hashed, padding, saltLength, ieee, callback)`
pub(crate) fn sign<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(0))?;
    let data = bytes_of(sc, args, 1)?;
    let scheme = Scheme::of(sc, args, 2)?;
    run(sc, args.get(7), move || sign_with(&key, &scheme, &data).map(Out::Bytes))
}

/// `verify(key, data, digest, hashed, padding, saltLength, ieee, signature, callback)`
pub(crate) fn verify<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(0))?;
    let (data, signature) = (bytes_of(sc, args, 1)?, bytes_of(sc, args, 7)?);
    let scheme = Scheme::of(sc, args, 2)?;
    run(sc, args.get(8), move || verify_with(&key, &scheme, &data, &signature).map(Out::Bool))
}

fn oaep(md: Md, mgf: Md, label: &[u8]) -> Result<Oaep, Fail> {
    let label = std::str::from_utf8(label).map_err(|_| Fail::unsupported("an OAEP label that is not UTF-8"))?;
    Ok(with_digest!(md, |D, H| {
        type Outer = D;
        with_digest!(mgf, |D, H| if label.is_empty() {
            Oaep::new_with_mgf_hash::<Outer, D>()
        } else {
            Oaep::new_with_mgf_hash_and_label::<Outer, D, _>(label)
        })
    }))
}

fn left_pad(bytes: Vec<u8>, size: usize) -> Vec<u8> {
    let mut padded = vec![0; size.saturating_sub(bytes.len())];
    padded.extend(bytes);
    padded
}

fn too_large() -> Fail {
    rsa_fail("0200006E", "data too large for key size")
}

fn public_encrypt(key: &Key, padding: i32, md: Md, label: &[u8], data: &[u8]) -> Result<Vec<u8>, Fail> {
    let Key::RsaPublic(key) = key.to_public() else { return Err(wrong_key_type()) };
    match padding {
        RSA_PKCS1_OAEP_PADDING => key.encrypt(&mut OsRng, oaep(md, md, label)?, data).map_err(|_| too_large()),
        RSA_PKCS1_PADDING => key.encrypt(&mut OsRng, Pkcs1v15Encrypt, data).map_err(|_| too_large()),
        RSA_NO_PADDING => raw_public(&key, data),
        _ => Err(rsa_fail("02000076", "unknown padding type")),
    }
}

fn raw_public(key: &rsa::RsaPublicKey, data: &[u8]) -> Result<Vec<u8>, Fail> {
    if data.len() < key.size() {
        return Err(rsa_fail("0200007A", "data too small for key size"));
    }
    let number = BigUint::from_bytes_be(data);
    if data.len() > key.size() || number >= *key.n() {
        return Err(rsa_fail("02000084", "data too large for modulus"));
    }
    let result = rsa::hazmat::rsa_encrypt(key, &number).map_err(|_| too_large())?;
    Ok(left_pad(result.to_bytes_be(), key.size()))
}

fn raw_private(key: &rsa::RsaPrivateKey, data: &[u8]) -> Result<Vec<u8>, Fail> {
    let number = BigUint::from_bytes_be(data);
    if data.len() != key.size() || number >= *key.n() {
        return Err(rsa_fail("02000084", "data too large for modulus"));
    }
    let result = rsa::hazmat::rsa_decrypt_and_check(key, Some(&mut OsRng), &number).map_err(|_| too_large())?;
    Ok(left_pad(result.to_bytes_be(), key.size()))
}

fn private_decrypt(key: &Key, padding: i32, md: Md, label: &[u8], data: &[u8]) -> Result<Vec<u8>, Fail> {
    let Key::RsaPrivate(key) = key else { return Err(wrong_key_type()) };
    match padding {
        RSA_PKCS1_OAEP_PADDING => key
            .decrypt_blinded(&mut OsRng, oaep(md, md, label)?, data)
            .map_err(|_| rsa_fail("02000079", "oaep decoding error")),
        RSA_PKCS1_PADDING => key
            .decrypt_blinded(&mut OsRng, Pkcs1v15Encrypt, data)
            .map_err(|_| rsa_fail("0200009F", "pkcs decoding error")),
        RSA_NO_PADDING => raw_private(key, data),
        _ => Err(rsa_fail("02000076", "unknown padding type")),
    }
}

fn private_encrypt(key: &Key, padding: i32, data: &[u8]) -> Result<Vec<u8>, Fail> {
    let Key::RsaPrivate(key) = key else { return Err(wrong_key_type()) };
    match padding {
        RSA_PKCS1_PADDING => {
            key.sign_with_rng(&mut OsRng, Pkcs1v15Sign::new_unprefixed(), data).map_err(|_| too_large())
        }
        RSA_NO_PADDING => raw_private(key, data),
        _ => Err(rsa_fail("02000076", "unknown padding type")),
    }
}

/// What a private key encrypted: 00 01 FF... 00 data. RFC 8017 §9.2.
fn public_decrypt(key: &Key, padding: i32, data: &[u8]) -> Result<Vec<u8>, Fail> {
    let Key::RsaPublic(key) = key.to_public() else { return Err(wrong_key_type()) };
    let plain = raw_public(&key, data)?;
    if padding == RSA_NO_PADDING {
        return Ok(plain);
    }
    let invalid = || rsa_fail("02000072", "padding check failed");
    let body = plain.strip_prefix(&[0, 1]).ok_or_else(invalid)?;
    let end = body.iter().position(|byte| *byte != 0xff).filter(|end| *end >= 8).ok_or_else(invalid)?;
    match body.get(end..) {
        Some([0, message @ ..]) => Ok(message.to_vec()),
        _ => Err(invalid()),
    }
}

/// `rsaCrypt(operation, key, data, padding, digest, label, callback)`: `publicEncrypt`, `privateDecrypt`, `privateEncrypt`,
/// `publicDecrypt`.
pub(crate) fn rsa_crypt<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let operation = text_of(sc, args, 0)?;
    let key = keys::unwrap(sc, args.get(1))?;
    let data = bytes_of(sc, args, 2)?;
    let padding = args.get(3).as_f64().unwrap_or(0.0) as i32;
    let name = text_of(sc, args, 4)?;
    let label = bytes_of(sc, args, 5)?;
    let Some(md) = Md::find(&name) else {
        let library = "digital envelope routines";
        return Err(Fail::openssl("03000098", library, "invalid digest", "").throw(sc));
    };
    run(sc, args.get(6), move || {
        let result = match operation.as_str() {
            "publicEncrypt" => public_encrypt(&key, padding, md, &label, &data),
            "privateDecrypt" => private_decrypt(&key, padding, md, &label, &data),
            "privateEncrypt" => private_encrypt(&key, padding, &data),
            _ => public_decrypt(&key, padding, &data),
        };
        result.map(Out::Bytes)
    })
}

fn agree_with(private: &Key, public: &Key) -> Result<Vec<u8>, Fail> {
    let failed = || Fail::new("ERR_CRYPTO_OPERATION_FAILED", "Deriving bits failed");
    match (private, public) {
        (
            Key::EcPrivate { curve, scalar, .. },
            Key::EcPublic { curve: other, point } | Key::EcPrivate { curve: other, point, .. },
        ) => {
            if curve != other {
                return Err(Fail::openssl("03000099", "digital envelope routines", "different parameters", "EVP_"));
            }
            with_curve!(*curve, |C| {
                let secret = elliptic_curve::SecretKey::<C>::from_slice(scalar).map_err(|_| failed())?;
                let public = elliptic_curve::PublicKey::<C>::from_sec1_bytes(point).map_err(|_| failed())?;
                let shared = elliptic_curve::ecdh::diffie_hellman(secret.to_nonzero_scalar(), public.as_affine());
                Ok(shared.raw_secret_bytes().to_vec())
            })
        }
        (Key::X25519Private(seed), Key::X25519Public(_) | Key::X25519Private(_)) => {
            let Key::X25519Public(bytes) = public.to_public() else { return Err(failed()) };
            let secret = x25519_dalek::StaticSecret::from(**seed);
            let shared = secret.diffie_hellman(&x25519_dalek::PublicKey::from(bytes));
            // All zeros come of points of small order, which agree with everybody. RFC 7748 §6.1.
            if shared.was_contributory() { Ok(shared.as_bytes().to_vec()) } else { Err(failed()) }
        }
        _ => Err(wrong_key_type()),
    }
}

/// `agree(private, public, callback)`: the shared secret.
pub(crate) fn agree<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (private, public) = (keys::unwrap(sc, args.get(0))?, keys::unwrap(sc, args.get(1))?);
    run(sc, args.get(2), move || agree_with(&private, &public).map(Out::Bytes))
}
