//! RSA keys, plain and restricted to PSS: signatures, encryption and the raw operation. RFC 8017.

use super::fast::{self, Kept, RsaKept};
use super::{Detail, Random, Secret};
use crate::der::{self, Reader, tag};
use crate::digests::Md;
use crate::error::{Failure, INVALID_DIGEST, provider, rsa};
use crate::numbers::{bits, bytes, less, padded, trimmed, uint};
use crate::with_digest;
use ::rsa as library;
use library::traits::PaddingScheme as _;
use library::{Oaep, Pkcs1v15Encrypt, Pkcs1v15Sign, Pss};
use std::sync::Arc;
use zeroize::Zeroizing;

/// The widest modulus, in bits. OpenSSL: OPENSSL_RSA_MAX_MODULUS_BITS.
pub const BITS_MAX: usize = 16384;

// Node docs: Crypto constants.
pub const PKCS1_PADDING: i32 = 1;
pub const NO_PADDING: i32 = 3;
pub const PKCS1_OAEP_PADDING: i32 = 4;
pub const PKCS1_PSS_PADDING: i32 = 6;
const SALT_DIGEST: i32 = -1;

const ILLEGAL_PADDING: crate::error::Refusal = provider("1C8000A5", "illegal or unsupported padding mode");
const TOO_LARGE: crate::error::Refusal = rsa("0200006E", "data too large for key size");

/// The private numbers, big-endian.
pub struct Private {
    pub d: Secret,
    pub p: Secret,
    pub q: Secret,
    pub dp: Secret,
    pub dq: Secret,
    pub qi: Secret,
}

/// What a key for PSS is restricted to. RFC 4055 §3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PssParameters {
    pub md: Md,
    pub mgf: Md,
    /// Bytes of salt, at least.
    pub salt: i32,
}

/// Which algorithm a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Any,
    Pss(Option<PssParameters>),
}

/// An RSA key.
pub struct Rsa {
    pub n: Vec<u8>,
    pub e: Vec<u8>,
    pub purpose: Purpose,
    pub secret: Option<Arc<Private>>,
    pub(super) kept: RsaKept,
    built: Kept<library::PrivateKey>,
    built_public: Kept<library::PublicKey>,
}

impl PssParameters {
    /// Of RSASSA-PSS-params; defaults are SHA-1 and 20 bytes of salt.
    pub fn read(parameters: Reader<'_>) -> Option<PssParameters> {
        let mut found = PssParameters { md: Md::Sha1, mgf: Md::Sha1, salt: 20 };
        for field in parameters {
            let mut inner = field.reader();
            match field.tag {
                0xa0 => found.md = Md::of_oid(&der::dotted(inner.sequence()?.oid()?))?,
                0xa1 => {
                    let mut mask = inner.sequence()?;
                    mask.oid()?;
                    found.mgf = Md::of_oid(&der::dotted(mask.sequence()?.oid()?))?;
                }
                0xa2 => found.salt = i32::try_from(inner.value()?.number()?).ok()?,
                _ => {}
            }
        }
        Some(found)
    }

    /// RSASSA-PSS-params, without what is the default.
    pub(super) fn write(&self) -> Option<Vec<u8>> {
        let algorithm = |md: Md| Some(der::write_sequence(&[der::write_oid(md.oid()?), der::write_null()]));
        let mut fields = Vec::new();
        if self.md != Md::Sha1 {
            fields.push(der::write(tag::explicit(0), &algorithm(self.md)?));
        }
        if self.mgf != Md::Sha1 {
            let mask = der::write_sequence(&[der::write_oid("1.2.840.113549.1.1.8"), algorithm(self.mgf)?]);
            fields.push(der::write(tag::explicit(1), &mask));
        }
        if self.salt != 20 {
            let salt = der::write_unsigned(&self.salt.unsigned_abs().to_be_bytes());
            fields.push(der::write(tag::explicit(2), &salt));
        }
        Some(der::write_sequence(&fields))
    }
}

fn secret(bytes: &[u8]) -> Secret {
    Zeroizing::new(trimmed(bytes).to_vec())
}

impl Rsa {
    /// A public key, if its numbers could be one.
    pub fn public(n: &[u8], e: &[u8], purpose: Purpose) -> Option<Rsa> {
        let (n, e) = (trimmed(n).to_vec(), trimmed(e).to_vec());
        if n.is_empty() || e.is_empty() || bits(&n) > BITS_MAX || e.len() > n.len() {
            return None;
        }
        Some(Rsa {
            n,
            e,
            purpose,
            secret: None,
            kept: RsaKept::default(),
            built: Kept::default(),
            built_public: Kept::default(),
        })
    }

    /// A private key; the numbers after `d` are p, q, d mod p-1, d mod q-1 and the coefficient.
    pub fn private(n: &[u8], e: &[u8], d: &[u8], rest: [&[u8]; 5], purpose: Purpose) -> Option<Rsa> {
        let [p, q, dp, dq, qi] = rest.map(secret);
        if d.is_empty() || p.is_empty() || q.is_empty() {
            return None;
        }
        let numbers = Private { d: secret(d), p, q, dp, dq, qi };
        Some(Rsa { secret: Some(Arc::new(numbers)), ..Rsa::public(n, e, purpose)? })
    }

    /// The same key for another purpose.
    pub fn with_purpose(self, purpose: Purpose) -> Rsa {
        Rsa { purpose, ..self }
    }

    /// Node's name of the kind.
    pub fn name(&self) -> &'static str {
        if self.purpose == Purpose::Any { "rsa" } else { "rsa-pss" }
    }

    pub(super) fn to_public(&self) -> Rsa {
        Rsa {
            n: self.n.clone(),
            e: self.e.clone(),
            purpose: self.purpose,
            secret: None,
            kept: RsaKept::default(),
            built: Kept::default(),
            built_public: Kept::default(),
        }
    }

    pub(super) fn details(&self) -> Vec<(&'static str, Detail)> {
        let mut details =
            vec![("modulusLength", Detail::Number(bits(&self.n))), ("publicExponent", Detail::Bytes(self.e.clone()))];
        if let Purpose::Pss(Some(parameters)) = self.purpose {
            details.push(("hashAlgorithm", Detail::Text(parameters.md.name())));
            details.push(("mgf1HashAlgorithm", Detail::Text(parameters.mgf.name())));
            details.push(("saltLength", Detail::Number(parameters.salt as usize)));
        }
        details
    }

    pub(super) fn parts(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut parts = vec![("n", self.n.clone()), ("e", self.e.clone())];
        if let Some(secret) = &self.secret {
            let numbers = [
                ("d", &secret.d),
                ("p", &secret.p),
                ("q", &secret.q),
                ("dp", &secret.dp),
                ("dq", &secret.dq),
                ("qi", &secret.qi),
            ];
            parts.extend(numbers.map(|(name, number)| (name, number.to_vec())));
        }
        parts
    }

    /// Bytes of the modulus.
    pub fn size(&self) -> usize {
        self.n.len()
    }

    /// The library's key; `None` if the numbers are none.
    fn library_public(&self) -> Option<&library::PublicKey> {
        let build = || {
            let odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
            if !odd(&self.n) || !odd(&self.e) || bits(&self.n) < 16 || !less(&self.e, &self.n) {
                return None;
            }
            let (n, e) = (uint(&self.n, bits(&self.n)), uint(&self.e, bits(&self.e)));
            Some(library::PublicKey::new_unchecked(n, e))
        };
        self.built_public.get(build)
    }

    fn library_private(&self) -> Result<&library::PrivateKey, Failure> {
        let build = || {
            let secret = self.secret.as_ref()?;
            self.library_public()?;
            let number = |bytes: &[u8]| uint(bytes, bits(bytes));
            let primes = vec![number(&secret.p), number(&secret.q)];
            library::PrivateKey::from_components_with_large_exponent(
                number(&self.n),
                number(&self.e),
                number(&secret.d),
                primes,
            )
            .ok()
        };
        // OpenSSL would calculate on, and find out that the result is wrong.
        self.built.get(build).ok_or_else(|| rsa("02000104", "iqmp not inverse of q").into())
    }
}

/// Two primes that make a key of the size, and what follows from them.
///
/// # Errors
/// ERR_CRYPTO_OPERATION_FAILED for sizes and exponents that make no key.
pub fn generate(size: usize, exponent: &[u8], purpose: Purpose, mut random: Random<'_>) -> Result<Rsa, Failure> {
    use library::traits::{PrivateKeyParts as _, PublicKeyParts as _};
    let failed = || Failure::operation("Key generation job failed");
    let exponent = uint(exponent, bits(exponent));
    let key = library::PrivateKey::new_with_exp_unchecked(&mut random, size, exponent).map_err(|_| failed())?;
    let (n, e) = (bytes(key.n()), bytes(key.e()));
    let d = Zeroizing::new(bytes(key.d()));
    let [p, q] = key.primes() else { return Err(failed()) };
    let (p, q) = (Zeroizing::new(bytes(p)), Zeroizing::new(bytes(q)));
    // The greater prime comes first, as in OpenSSL.
    let (p, q) = if less(&p, &q) { (q, p) } else { (p, q) };
    let [dp, dq, qi] = coefficients(&d, &p, &q).ok_or_else(failed)?;
    Rsa::private(&n, &e, &d, [&p, &q, &dp, &dq, &qi], purpose).ok_or_else(failed)
}

/// d mod p-1, d mod q-1, and the inverse of q mod p.
pub fn coefficients(d: &[u8], p: &[u8], q: &[u8]) -> Option<[Secret; 3]> {
    use crypto_bigint::{BoxedUint, NonZero};
    let width = bits(d).max(bits(p)).max(bits(q));
    let [d, p, q] = [d, p, q].map(|number| uint(number, width));
    let less_one = |number: &BoxedUint| {
        NonZero::new(number.wrapping_sub(BoxedUint::one_with_precision(number.bits_precision()))).into_option()
    };
    let dp = d.rem(&less_one(&p)?);
    let dq = d.rem(&less_one(&q)?);
    let modulus = NonZero::new(p).into_option()?;
    let qi = q.rem(&modulus).invert_mod(&modulus).into_option()?;
    Some([dp, dq, qi].map(|number| Zeroizing::new(bytes(&number))))
}

/// PKCS#1's padding for a digest that has an identifier: what comes before the digest in its DigestInfo. RFC 8017 §9.2.
fn pkcs1_padding(md: Md) -> Result<Pkcs1v15Sign, Failure> {
    let algorithm = der::write_sequence(&[der::write_oid(md.oid().ok_or(INVALID_DIGEST)?), der::write_null()]);
    let mut info = der::write_sequence(&[algorithm, der::write_octets(&vec![0; md.size()])]);
    info.truncate(info.len() - md.size());
    Ok(Pkcs1v15Sign { hash_len: Some(md.size()), prefix: info.into_boxed_slice() })
}

/// What a signature is made with; `salt` in bytes or one of Node's constants.
pub(super) struct Signing {
    pub md: Md,
    pub padding: Option<i32>,
    pub salt: Option<i32>,
}

/// What holds for a key, with its restrictions checked: whether PSS, and the salt where it is given.
pub(super) fn resolve(key: &Rsa, signing: &Signing) -> Result<(bool, Option<i32>), Failure> {
    let only_pss = key.purpose != Purpose::Any;
    let padding = signing.padding.unwrap_or(if only_pss { PKCS1_PSS_PADDING } else { PKCS1_PADDING });
    match padding {
        PKCS1_PSS_PADDING => {}
        PKCS1_PADDING if !only_pss => return Ok((false, None)),
        _ => return Err(ILLEGAL_PADDING.into()),
    }
    if let Purpose::Pss(Some(limits)) = key.purpose {
        if signing.md != limits.md {
            return Err(provider("1C8000AE", "digest not allowed").into());
        }
        let salt = signing.salt.map(|salt| if salt == SALT_DIGEST { signing.md.size() as i32 } else { salt });
        if salt.is_some_and(|salt| salt >= 0 && salt < limits.salt) {
            return Err(provider("1C8000AC", "pss saltlen too small").into());
        }
    }
    Ok((true, signing.salt))
}

/// The most salt that fits. RFC 8017 §9.1.1.
fn salt_max(key: &Rsa, hash_bytes: usize) -> usize {
    bits(&key.n).saturating_sub(1).div_ceil(8).saturating_sub(hash_bytes + 2)
}

/// Signs a digest.
pub(super) fn sign(key: &Rsa, hash: &[u8], signing: &Signing, mut random: Random<'_>) -> Result<Vec<u8>, Failure> {
    let (pss, salt) = resolve(key, signing)?;
    let md = signing.md;
    if hash.len() != md.size() {
        return Err(rsa("02000070", "digest too big for rsa key").into());
    }
    if let Some(made) = fast::rsa_sign(key, hash, signing)? {
        return Ok(made);
    }
    if !pss {
        let padding = pkcs1_padding(md)?;
        let signed = key.library_private()?.sign_with_rng(&mut random, padding, hash);
        return signed.map_err(|_| rsa("02000070", "digest too big for rsa key").into());
    }
    let salt = match salt {
        Some(SALT_DIGEST) => hash.len(),
        Some(salt) if salt >= 0 => salt as usize,
        _ => salt_max(key, hash.len()),
    };
    if bits(&key.n).saturating_sub(1).div_ceil(8) < hash.len() + salt + 2 {
        return Err(TOO_LARGE.into());
    }
    let private = key.library_private()?;
    with_digest!(md, |D, H| private.sign_with_rng(&mut random, Pss::<D>::new_with_salt(salt), hash))
        .map_err(|_| TOO_LARGE.into())
}

/// Whether a signature of a digest is right.
pub(super) fn verify(key: &Rsa, hash: &[u8], signature: &[u8], signing: &Signing) -> Result<bool, Failure> {
    let (pss, salt) = resolve(key, signing)?;
    if fast::rsa_verifies(key, hash, signature, signing)? {
        return Ok(true);
    }
    let Some(public) = key.library_public() else { return Ok(false) };
    if !pss {
        return Ok(public.verify(pkcs1_padding(signing.md)?, hash, signature).is_ok());
    }
    if hash.len() != signing.md.size() {
        return Ok(false);
    }
    let salt = match salt {
        Some(SALT_DIGEST) => Some(hash.len()),
        Some(salt) if salt >= 0 => Some(salt as usize),
        _ => None,
    };
    Ok(with_digest!(signing.md, |D, H| {
        let scheme = Pss::<D> { blinded: false, digest: digest::Digest::new(), salt_len: salt };
        public.verify(scheme, hash, signature)
    })
    .is_ok())
}

fn only_plain(key: &Rsa) -> Result<(), Failure> {
    match key.purpose {
        Purpose::Any => Ok(()),
        Purpose::Pss(_) => Err(provider("1C8000B2", "operation not supported for this keytype").into()),
    }
}

/// Node docs: crypto.publicEncrypt.
///
/// # Errors
/// OpenSSL's, of its RSA code.
pub fn public_encrypt(
    key: &Rsa,
    padding: i32,
    md: Md,
    label: &[u8],
    data: &[u8],
    mut random: Random<'_>,
) -> Result<Vec<u8>, Failure> {
    only_plain(key)?;
    let public = key.library_public().ok_or(rsa("02000065", "bad e value"))?;
    let sealed = match padding {
        PKCS1_OAEP_PADDING => with_digest!(md, |D, H| {
            let scheme = Oaep::<D>::new_with_label(label);
            scheme.encrypt(&mut random, public, data)
        }),
        PKCS1_PADDING => Pkcs1v15Encrypt.encrypt(&mut random, public, data),
        NO_PADDING => return raw_public(key, data),
        _ => return Err(rsa("02000076", "unknown padding type").into()),
    };
    sealed.map_err(|_| TOO_LARGE.into())
}

/// The number that `data` is, to the power of e.
fn raw_public(key: &Rsa, data: &[u8]) -> Result<Vec<u8>, Failure> {
    let public = key.library_public().ok_or(rsa("02000065", "bad e value"))?;
    if data.len() < key.size() {
        return Err(rsa("0200007A", "data too small for key size").into());
    }
    if data.len() > key.size() {
        return Err(TOO_LARGE.into());
    }
    if !less(data, &key.n) {
        return Err(rsa("02000084", "data too large for modulus").into());
    }
    let number = library::hazmat::rsa_encrypt(public, &uint(data, bits(&key.n))).map_err(|_| TOO_LARGE)?;
    Ok(padded(&bytes(&number), key.size()))
}

/// The number that `data` is, to the power of d, blinded.
fn raw_private(key: &Rsa, data: &[u8], mut random: Random<'_>) -> Result<Vec<u8>, Failure> {
    let private = key.library_private()?;
    if data.len() < key.size() {
        return Err(rsa("0200007A", "data too small for key size").into());
    }
    if !less(data, &key.n) {
        return Err(rsa("02000084", "data too large for modulus").into());
    }
    let number = uint(data, bits(&key.n));
    let result = library::hazmat::rsa_decrypt_and_check(private, Some(&mut random), &number).map_err(|_| TOO_LARGE)?;
    Ok(padded(&bytes(&result), key.size()))
}

/// Node docs: crypto.privateDecrypt. With PKCS#1's padding, what is not well padded gives random bytes, not an error: else
/// the difference would betray the plaintext.
///
/// # Errors
/// OpenSSL's, of its RSA code.
pub fn private_decrypt(
    key: &Rsa,
    padding: i32,
    md: Md,
    label: &[u8],
    data: &[u8],
    mut random: Random<'_>,
) -> Result<Vec<u8>, Failure> {
    only_plain(key)?;
    if padding == PKCS1_OAEP_PADDING
        && let Some(plain) = fast::rsa_oaep_open(key, md, label, data)
    {
        return Ok(plain);
    }
    let private = key.library_private()?;
    match padding {
        PKCS1_OAEP_PADDING => {
            let failed = || Failure::from(rsa("02000079", "oaep decoding error"));
            let plain = with_digest!(md, |D, H| {
                let scheme = Oaep::<D>::new_with_label(label);
                scheme.decrypt(Some(&mut random), private, data)
            });
            let plain = plain.map_err(|_| failed())?;
            // The crate overlooks the first byte, which has to be zero. RFC 8017 §7.1.2. Nobody learns from the time it takes:
            // who gets this far knew the label's hash under the mask.
            let whole = raw_private(key, &padded(data, key.size()), random)?;
            if whole.first() == Some(&0) { Ok(plain) } else { Err(failed()) }
        }
        PKCS1_PADDING => {
            let plain = Pkcs1v15Encrypt.decrypt(Some(&mut random), private, data);
            plain.map_err(|_| rsa("0200009F", "pkcs decoding error").into())
        }
        NO_PADDING => raw_private(key, data, random),
        _ => Err(rsa("02000076", "unknown padding type").into()),
    }
}

/// Node docs: crypto.privateEncrypt.
///
/// # Errors
/// OpenSSL's, of its RSA code.
pub fn private_encrypt(key: &Rsa, padding: i32, data: &[u8], mut random: Random<'_>) -> Result<Vec<u8>, Failure> {
    if key.purpose != Purpose::Any {
        return Err(ILLEGAL_PADDING.into());
    }
    match padding {
        PKCS1_PADDING => {
            let scheme = Pkcs1v15Sign::new_unprefixed();
            key.library_private()?.sign_with_rng(&mut random, scheme, data).map_err(|_| TOO_LARGE.into())
        }
        NO_PADDING => raw_private(key, data, random),
        _ => Err(rsa("02000076", "unknown padding type").into()),
    }
}

/// Node docs: crypto.publicDecrypt: what a private key encrypted, 00 01 FF... 00 data. RFC 8017 §9.2.
///
/// # Errors
/// OpenSSL's, of its RSA code.
pub fn public_decrypt(key: &Rsa, padding: i32, data: &[u8]) -> Result<Vec<u8>, Failure> {
    if key.purpose != Purpose::Any {
        return Err(ILLEGAL_PADDING.into());
    }
    if padding != PKCS1_PADDING && padding != NO_PADDING {
        return Err(rsa("02000076", "unknown padding type").into());
    }
    if data.len() > key.size() {
        return Err(rsa("0200006C", "data greater than mod len").into());
    }
    let plain = raw_public(key, &padded(data, key.size()))?;
    if padding == NO_PADDING {
        return Ok(plain);
    }
    let invalid = || Failure::from(rsa("02000072", "padding check failed"));
    let body = plain.strip_prefix(&[0, 1]).ok_or_else(invalid)?;
    let end = body.iter().position(|byte| *byte != 0xff).filter(|end| *end >= 8).ok_or_else(invalid)?;
    match body.get(end..) {
        Some([0, message @ ..]) => Ok(message.to_vec()),
        _ => Err(invalid()),
    }
}

/// A random number below the modulus, and it encrypted: RSASVE of NIST SP 800-56B §7.2.1.
pub(super) fn encapsulate(key: &Rsa, random: Random<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    // More than half of all numbers with the modulus's bits are below it: a thousand failures mean no key.
    for _ in 0..1000 {
        let mut number = vec![0; key.size()];
        rand_core::Rng::fill_bytes(random, &mut number);
        if let (Some(first), Some(top)) = (number.first_mut(), key.n.first()) {
            *first &= 0xff >> top.leading_zeros();
        }
        if less(&number, &key.n) && less(&[1], &number) {
            let sealed = raw_public(key, &number).ok()?;
            return Some((number, sealed));
        }
    }
    None
}

pub(super) fn decapsulate(key: &Rsa, sealed: &[u8], random: Random<'_>) -> Option<Vec<u8>> {
    if sealed.len() != key.size() { None } else { raw_private(key, sealed, random).ok() }
}
