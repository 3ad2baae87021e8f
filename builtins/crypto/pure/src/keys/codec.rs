//! Keys as PEM and DER: PKCS#1, PKCS#8, SubjectPublicKeyInfo, SEC 1, and OpenSSL's own form of DSA keys.

use super::ec::{Curve, Ec};
use super::finite_field::{Dh, Dsa};
use super::okp::{Okp, OkpCurve};
use super::quantum::{self, Quantum};
use super::rsa::{PssParameters, Purpose, Rsa};
use super::{Key, Secret};
use crate::der::{self, Reader, tag};
use crate::error::{Class, Failure, INTERRUPTED, UNSUPPORTED};
use crate::{pbe, pem, x509};
use zeroize::Zeroizing;

const RSA: &str = "1.2.840.113549.1.1.1";
const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const EC: &str = "1.2.840.10045.2.1";
const DSA: &str = "1.2.840.10040.4.1";
/// PKCS#3 and X9.42.
const DH: &str = "1.2.840.113549.1.3.1";
const DHX: &str = "1.2.840.10046.2.1";

// --- Reading -------------------------------------------------------------------------------------------------------

fn pkcs1_public(der: &[u8], purpose: Purpose) -> Option<Key> {
    let mut key = der::sequence(der)?;
    Some(Key::Rsa(Rsa::public(key.unsigned()?, key.unsigned()?, purpose)?))
}

fn pkcs1_private(der: &[u8], purpose: Purpose) -> Option<Key> {
    let mut key = der::sequence(der)?;
    key.unsigned()?;
    let [n, e, d] = [key.unsigned()?, key.unsigned()?, key.unsigned()?];
    let rest = [key.unsigned()?, key.unsigned()?, key.unsigned()?, key.unsigned()?, key.unsigned()?];
    Some(Key::Rsa(Rsa::private(n, e, d, rest, purpose)?))
}

/// A curve by name or by its parameters, and whether it was the latter.
fn curve_of(parameters: &mut Reader<'_>) -> Option<(Curve, bool)> {
    match parameters.peek()? {
        tag::OID => Some((Curve::of_oid(&der::dotted(parameters.oid()?))?, false)),
        tag::SEQUENCE => Some((Curve::of_explicit(parameters.sequence()?)?, true)),
        _ => None,
    }
}

fn sec1(der: &[u8], outer: Option<(Curve, bool)>) -> Option<Key> {
    let mut key = der::sequence(der)?;
    if key.expect(tag::INTEGER)?.number() != Some(1) {
        return None;
    }
    let scalar = key.expect(tag::OCTET_STRING)?.contents;
    let named = key.expect(tag::explicit(0)).and_then(|value| curve_of(&mut value.reader()));
    let (curve, explicit) = outer.or(named)?;
    Some(Key::Ec(Ec { explicit, ..Ec::private(curve, scalar)? }))
}

/// OpenSSL's form: version, p, q, g, y, x.
fn dsa_traditional(der: &[u8]) -> Option<Key> {
    let mut key = der::sequence(der)?;
    key.unsigned()?;
    let [p, q, g, y, x] = [key.unsigned()?, key.unsigned()?, key.unsigned()?, key.unsigned()?, key.unsigned()?];
    Some(Key::Dsa(Dsa::new(p, q, g, y, Some(x))?))
}

/// What an AlgorithmIdentifier says: which kind of key follows.
enum Kind<'a> {
    /// p, g, q and the length of private numbers.
    Dh([&'a [u8]; 2], Option<&'a [u8]>, Option<&'a [u8]>),
    Dsa([&'a [u8]; 3]),
    Ec(Curve, bool),
    Okp(OkpCurve),
    Quantum(quantum::Algorithm),
    Rsa(Purpose),
}

fn kind_of(mut algorithm: Reader<'_>) -> Option<Kind<'_>> {
    let oid = der::dotted(algorithm.oid()?);
    Some(match oid.as_str() {
        RSA => Kind::Rsa(Purpose::Any),
        RSA_PSS => Kind::Rsa(Purpose::Pss(match algorithm.sequence() {
            Some(parameters) => Some(PssParameters::read(parameters)?),
            None => None,
        })),
        EC => {
            let (curve, explicit) = curve_of(&mut algorithm)?;
            Kind::Ec(curve, explicit)
        }
        DSA => {
            let mut group = algorithm.sequence()?;
            Kind::Dsa([group.unsigned()?, group.unsigned()?, group.unsigned()?])
        }
        DH => {
            let mut group = algorithm.sequence()?;
            let numbers = [group.unsigned()?, group.unsigned()?];
            Kind::Dh(numbers, None, group.unsigned())
        }
        DHX => {
            let mut group = algorithm.sequence()?;
            let numbers = [group.unsigned()?, group.unsigned()?];
            Kind::Dh(numbers, Some(group.unsigned()?), None)
        }
        _ => match OkpCurve::ALL.into_iter().find(|curve| curve.oid() == oid) {
            Some(curve) => Kind::Okp(curve),
            None => Kind::Quantum(quantum::Algorithm::of_oid(&oid)?),
        },
    })
}

fn integer(der: &[u8]) -> Option<&[u8]> {
    Reader(der).unsigned()
}

/// PrivateKeyInfo, and the OneAsymmetricKey that extends it. RFC 5958 §2.
fn pkcs8(der: &[u8]) -> Option<Key> {
    let mut info = der::sequence(der)?;
    info.unsigned()?;
    let kind = kind_of(info.sequence()?)?;
    let key = info.expect(tag::OCTET_STRING)?.contents;
    match kind {
        Kind::Dh([p, g], q, length) => Dh::private(p, g, q, length, integer(key)?).map(Key::Dh),
        Kind::Dsa([p, q, g]) => Dsa::private(p, q, g, integer(key)?).map(Key::Dsa),
        Kind::Ec(curve, explicit) => sec1(key, Some((curve, explicit))),
        Kind::Okp(curve) => Okp::private(curve, Reader(key).expect(tag::OCTET_STRING)?.contents).map(Key::Okp),
        Kind::Quantum(algorithm) => quantum_private(algorithm, key).map(Key::Quantum),
        Kind::Rsa(purpose) => pkcs1_private(key, purpose),
    }
}

/// A seed, an expanded key, or both; of SLH-DSA the key itself. RFC 9881 §6, RFC 9935 §6, RFC 9909 §5.
fn quantum_private(algorithm: quantum::Algorithm, key: &[u8]) -> Option<Quantum> {
    if !algorithm.has_seed() {
        return Quantum::private(algorithm, key);
    }
    let value = Reader(key).value()?;
    match value.tag {
        tag::SEQUENCE => {
            let mut both = value.reader();
            let seed = both.expect(tag::OCTET_STRING)?.contents;
            let expanded = both.expect(tag::OCTET_STRING)?.contents;
            Quantum::private(algorithm, seed).filter(|key| key.expands_to(expanded))
        }
        tag::OCTET_STRING => Quantum::expanded(algorithm, value.contents),
        SEED => Quantum::private(algorithm, value.contents),
        _ => None,
    }
}

/// The tag of a seed.
const SEED: u8 = tag::context(0);

/// SubjectPublicKeyInfo. RFC 5280 §4.1.
pub fn spki(der: &[u8]) -> Option<Key> {
    let mut info = der::sequence(der)?;
    let kind = kind_of(info.sequence()?)?;
    let key = info.value()?.bits()?;
    match kind {
        Kind::Dh([p, g], q, length) => Dh::public(p, g, q, length, integer(key)?).map(Key::Dh),
        Kind::Dsa([p, q, g]) => Dsa::new(p, q, g, integer(key)?, None).map(Key::Dsa),
        Kind::Ec(curve, explicit) => Some(Key::Ec(Ec { explicit, ..Ec::public(curve, key)? })),
        Kind::Okp(curve) => Okp::public(curve, key).map(Key::Okp),
        Kind::Quantum(algorithm) => Quantum::public(algorithm, key).map(Key::Quantum),
        Kind::Rsa(purpose) => pkcs1_public(key, purpose),
    }
}

/// What a key may be: `Public` is also made of a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    Private,
    Public,
}

impl Want {
    fn of(self, key: Key) -> Key {
        if self == Want::Public && key.is_private() { key.to_public() } else { key }
    }
}

/// Reads DER of a given type: `pkcs1`, `pkcs8`, `sec1`, `spki`.
///
/// # Errors
/// `unsupported` for what is no such key; ERR_MISSING_PASSPHRASE; as [`pbe::decrypt_pkcs8`].
pub fn read_der(der: &[u8], kind: &str, want: Want, passphrase: Option<&[u8]>) -> Result<Key, Failure> {
    let key = match kind {
        "pkcs1" if want == Want::Public => pkcs1_public(der, Purpose::Any).or_else(|| pkcs1_private(der, Purpose::Any)),
        "pkcs1" => pkcs1_private(der, Purpose::Any),
        "pkcs8" if pbe::is_encrypted_pkcs8(der) => {
            let missing = || Failure::Node {
                class: Class::TypeError,
                code: "ERR_MISSING_PASSPHRASE",
                message: "Passphrase required for encrypted key".to_owned(),
            };
            pkcs8(&pbe::decrypt_pkcs8(der, passphrase.ok_or_else(missing)?)?)
        }
        "pkcs8" => pkcs8(der),
        "sec1" => sec1(der, None),
        "spki" => spki(der),
        _ => None,
    };
    Ok(want.of(key.ok_or(UNSUPPORTED)?))
}

/// Reads the first key of a PEM file.
///
/// # Errors
/// As [`read_der`]; `interrupted or cancelled` where a passphrase is missing.
pub fn read_pem(text: &str, want: Want, passphrase: Option<&[u8]>) -> Result<Key, Failure> {
    for block in pem::blocks(text) {
        let der = &block.contents;
        let key = match block.label {
            "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" if want == Want::Public => certificate(der),
            "PUBLIC KEY" if want == Want::Public => spki(der),
            "RSA PUBLIC KEY" if want == Want::Public => pkcs1_public(der, Purpose::Any),
            _ => match pem::block_key(&block, passphrase) {
                Some(Ok(found)) => layout(found.layout, &found.der),
                Some(Err(INTERRUPTED)) => return Err(INTERRUPTED.into()),
                Some(Err(refusal)) => return Err(refusal.into()),
                None => continue,
            },
        };
        return Ok(want.of(key.ok_or(UNSUPPORTED)?));
    }
    Err(UNSUPPORTED.into())
}

/// The key inside a certificate.
fn certificate(der: &[u8]) -> Option<Key> {
    spki(x509::Certificate::parse(der).ok()?.spki)
}

fn layout(layout: pem::KeyLayout, der: &[u8]) -> Option<Key> {
    match layout {
        pem::KeyLayout::Dsa => dsa_traditional(der),
        pem::KeyLayout::Pkcs1 => pkcs1_private(der, Purpose::Any),
        pem::KeyLayout::Pkcs8 => pkcs8(der),
        pem::KeyLayout::Sec1 => sec1(der, None),
    }
}

// --- Writing -------------------------------------------------------------------------------------------------------

fn curve_parameters(key: &Ec) -> Vec<u8> {
    if key.explicit { key.curve.explicit() } else { der::write_oid(key.curve.oid()) }
}

/// The AlgorithmIdentifier of a key.
fn algorithm(key: &Key) -> Option<Vec<u8>> {
    let number = |bytes: &[u8]| der::write_unsigned(bytes);
    let (oid, parameters) = match key {
        Key::Dh(key) => match &key.q {
            Some(q) => (DHX, der::write_sequence(&[number(&key.p), number(&key.g), number(q)])),
            None => {
                let mut group = vec![number(&key.p), number(&key.g)];
                group.extend(key.length.iter().map(|length| number(length)));
                (DH, der::write_sequence(&group))
            }
        },
        Key::Dsa(key) => (DSA, der::write_sequence(&[number(&key.p), number(&key.q), number(&key.g)])),
        Key::Ec(key) => (EC, curve_parameters(key)),
        Key::Okp(key) => (key.curve.oid(), Vec::new()),
        Key::Quantum(key) => (key.algorithm.oid(), Vec::new()),
        Key::Rsa(key) => match key.purpose {
            Purpose::Any => (RSA, der::write_null()),
            Purpose::Pss(None) => (RSA_PSS, Vec::new()),
            Purpose::Pss(Some(parameters)) => (RSA_PSS, parameters.write()?),
        },
    };
    Some(der::write_sequence(&[der::write_oid(oid), parameters]))
}

fn write_pkcs1_public(key: &Rsa) -> Vec<u8> {
    der::write_sequence(&[der::write_unsigned(&key.n), der::write_unsigned(&key.e)])
}

fn write_pkcs1(key: &Rsa) -> Option<Secret> {
    let secret = key.secret.as_ref()?;
    let numbers = [&key.n[..], &key.e, &secret.d, &secret.p, &secret.q, &secret.dp, &secret.dq, &secret.qi]
        .map(der::write_unsigned);
    let version = der::write_unsigned(&[0]);
    Some(Zeroizing::new(der::write_sequence(&[vec![version], numbers.to_vec()].concat())))
}

fn write_sec1(key: &Ec, with_curve: bool) -> Option<Secret> {
    let mut fields = vec![der::write_unsigned(&[1]), der::write_octets(key.scalar.as_ref()?)];
    if with_curve {
        fields.push(der::write(tag::explicit(0), &curve_parameters(key)));
    }
    fields.push(der::write(tag::explicit(1), &der::write_bits(&key.point)));
    Some(Zeroizing::new(der::write_sequence(&fields)))
}

/// PKCS#8 of an RSA key, whatever its purpose.
pub(super) fn rsa_pkcs8(key: &Rsa) -> Option<Secret> {
    let algorithm = der::write_sequence(&[der::write_oid("1.2.840.113549.1.1.1"), der::write_null()]);
    let info = [der::write_unsigned(&[0]), algorithm, der::write_octets(&write_pkcs1(key)?)];
    Some(Zeroizing::new(der::write_sequence(&info)))
}

/// PKCS#8 of a private key.
pub fn to_pkcs8(key: &Key) -> Option<Secret> {
    let inner = match key {
        Key::Dh(key) => Zeroizing::new(der::write_unsigned(key.secret.as_ref()?)),
        Key::Dsa(key) => Zeroizing::new(der::write_unsigned(key.secret.as_ref()?)),
        Key::Ec(key) => write_sec1(key, false)?,
        Key::Okp(key) => Zeroizing::new(der::write_octets(key.secret.as_ref()?)),
        Key::Quantum(key) => match key.secret.as_ref()? {
            quantum::Private::Expanded(bytes) => Zeroizing::new(der::write_octets(bytes)),
            quantum::Private::Plain(bytes) => bytes.clone(),
            quantum::Private::Seed(bytes) => Zeroizing::new(der::write(SEED, bytes)),
        },
        Key::Rsa(key) => write_pkcs1(key)?,
    };
    let info = [der::write_unsigned(&[0]), algorithm(key)?, der::write_octets(&inner)];
    Some(Zeroizing::new(der::write_sequence(&info)))
}

/// SubjectPublicKeyInfo of a key, public or private.
pub fn to_spki(key: &Key) -> Option<Vec<u8>> {
    let bytes = match key {
        Key::Dh(key) => der::write_unsigned(&key.y),
        Key::Dsa(key) => der::write_unsigned(&key.y),
        Key::Ec(key) => key.point.clone(),
        Key::Okp(key) => key.public.clone(),
        Key::Quantum(key) => key.public.clone(),
        Key::Rsa(key) => write_pkcs1_public(key),
    };
    Some(der::write_sequence(&[algorithm(key)?, der::write_bits(&bytes)]))
}

/// PKCS#1 of an RSA key, or SEC 1 of a private key of a curve.
pub fn to_traditional(key: &Key) -> Option<Secret> {
    match key {
        Key::Ec(key) => write_sec1(key, true),
        Key::Rsa(key) if key.secret.is_some() => write_pkcs1(key),
        Key::Rsa(key) => Some(Zeroizing::new(write_pkcs1_public(key))),
        Key::Dh(_) | Key::Dsa(_) | Key::Okp(_) | Key::Quantum(_) => None,
    }
}
