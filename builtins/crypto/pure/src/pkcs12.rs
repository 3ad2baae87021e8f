//! PKCS#12 files (`.pfx`, `.p12`): a key, its certificate and the chain above it. RFC 7292.

use crate::der::{self, Reader, tag};
use crate::error::Refusal;
use crate::pbe;
use hmac::{Hmac, KeyInit as _, Mac as _};
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use zeroize::Zeroizing;

/// What Node's TLS says (with the code ERR_CRYPTO_OPERATION_FAILED) of a file without a key.
pub const NO_KEY: &str = "Unable to load private key from PFX data";

/// Why a file was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PfxError {
    /// `mac verify failure`: the password is wrong, or the file was changed.
    Mac,
    /// `not enough data`: this is no such file.
    NotEnoughData,
    /// A scheme that OpenSSL 3 leaves to its legacy provider. Node: ERR_CRYPTO_UNSUPPORTED_OPERATION.
    Unsupported,
}

impl PfxError {
    /// The message of Node's TLS.
    pub fn message(&self) -> &'static str {
        match self {
            PfxError::Mac => "mac verify failure",
            PfxError::NotEnoughData => "not enough data",
            PfxError::Unsupported => "Unsupported PKCS12 PFX data",
        }
    }

    /// The code of Node's TLS, if it has one.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            PfxError::Unsupported => Some("ERR_CRYPTO_UNSUPPORTED_OPERATION"),
            PfxError::Mac | PfxError::NotEnoughData => None,
        }
    }
}

/// What a file holds.
#[derive(Clone, Debug)]
pub struct Pfx {
    /// PKCS#8, if there is a key.
    pub key: Option<Zeroizing<Vec<u8>>>,
    /// The certificate of the key, if it is there.
    pub certificate: Option<Vec<u8>>,
    /// All other certificates, in the order of the file.
    pub others: Vec<Vec<u8>>,
}

const DATA: &str = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
const KEY_BAG: &str = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG: &str = "1.2.840.113549.1.12.10.1.2";
const CERT_BAG: &str = "1.2.840.113549.1.12.10.1.3";
const X509_CERTIFICATE: &str = "1.2.840.113549.1.9.22.1";
const LOCAL_KEY_ID: &str = "1.2.840.113549.1.9.21";

/// A private key (PKCS #8) and the identifier that ties it to its certificate.
type FoundKey = (Zeroizing<Vec<u8>>, Option<Vec<u8>>);

/// What the bags gave.
#[derive(Default)]
struct Bags {
    /// PKCS#8 and the local key id.
    keys: Vec<FoundKey>,
    certificates: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

/// Reads a file with its password; an empty one stands for none too.
///
/// # Errors
/// See [`PfxError`].
pub fn parse(der: &[u8], password: &str) -> Result<Pfx, PfxError> {
    use PfxError::NotEnoughData;
    let mut outer = der::sequence(der).ok_or(NotEnoughData)?;
    outer.expect(tag::INTEGER).ok_or(NotEnoughData)?;
    let safes = content_of(outer.sequence().ok_or(NotEnoughData)?, DATA).ok_or(PfxError::Unsupported)?;
    if let Some(mac) = outer.sequence() {
        check_mac(mac, safes, password)?;
    }
    let mut bags = Bags::default();
    for info in der::sequence(safes).ok_or(NotEnoughData)? {
        if info.tag != tag::SEQUENCE {
            return Err(NotEnoughData);
        }
        if let Some(data) = content_of(info.reader(), DATA) {
            read_bags(data, password, &mut bags)?;
            continue;
        }
        let plain = decrypt_info(info.reader(), password)?;
        read_bags(&plain, password, &mut bags)?;
    }
    Ok(choose(bags))
}

/// The OCTET STRING in a ContentInfo of the type given. RFC 2315 §7.
fn content_of<'a>(mut info: Reader<'a>, kind: &str) -> Option<&'a [u8]> {
    if der::dotted(info.oid()?) != kind {
        return None;
    }
    info.expect(tag::explicit(0))?.reader().expect(tag::OCTET_STRING).map(|value| value.contents)
}

fn refused(refusal: &Refusal) -> PfxError {
    if *refusal == crate::error::UNSUPPORTED { PfxError::Unsupported } else { PfxError::Mac }
}

/// The plaintext of an EncryptedData. RFC 2315 §13.
fn decrypt_info(mut info: Reader<'_>, password: &str) -> Result<Zeroizing<Vec<u8>>, PfxError> {
    let mut parts = || {
        if der::dotted(info.oid()?) != ENCRYPTED_DATA {
            return None;
        }
        let mut data = info.expect(tag::explicit(0))?.reader().sequence()?;
        data.expect(tag::INTEGER)?;
        let mut content = data.sequence()?;
        content.oid()?;
        let algorithm = content.sequence()?;
        let sealed = content.value().filter(|value| value.tag == tag::context(0))?;
        Some((algorithm, sealed.contents))
    };
    let (algorithm, sealed) = parts().ok_or(PfxError::Unsupported)?;
    pbe::decrypt(algorithm, sealed, password.as_bytes()).map_err(|refusal| refused(&refusal))
}

fn read_bags(safe: &[u8], password: &str, bags: &mut Bags) -> Result<(), PfxError> {
    for bag in der::sequence(safe).ok_or(PfxError::NotEnoughData)? {
        let mut bag = bag.reader();
        let kind = der::dotted(bag.oid().ok_or(PfxError::NotEnoughData)?);
        let value = bag.expect(tag::explicit(0)).ok_or(PfxError::NotEnoughData)?;
        let id = local_key_id(bag);
        match kind.as_str() {
            KEY_BAG => bags.keys.push((Zeroizing::new(value.contents.to_vec()), id)),
            SHROUDED_KEY_BAG => {
                let key = pbe::decrypt_pkcs8(value.contents, password.as_bytes());
                bags.keys.push((key.map_err(|refusal| refused(&refusal))?, id));
            }
            CERT_BAG => bags.certificates.extend(certificate_of(value.reader()).map(|der| (der, id))),
            _ => {}
        }
    }
    Ok(())
}

fn certificate_of(mut value: Reader<'_>) -> Option<Vec<u8>> {
    let mut bag = value.sequence()?;
    if der::dotted(bag.oid()?) != X509_CERTIFICATE {
        return None;
    }
    bag.expect(tag::explicit(0))?.reader().expect(tag::OCTET_STRING).map(|der| der.contents.to_vec())
}

fn local_key_id(mut bag: Reader<'_>) -> Option<Vec<u8>> {
    for attribute in bag.expect(tag::SET)?.reader() {
        let mut attribute = attribute.reader();
        if der::dotted(attribute.oid()?) == LOCAL_KEY_ID {
            return attribute.expect(tag::SET)?.reader().value().map(|id| id.contents.to_vec());
        }
    }
    None
}

/// The first key, and the certificate that names the same id; without ids, the first certificate.
fn choose(bags: Bags) -> Pfx {
    let mut others: Vec<(Vec<u8>, Option<Vec<u8>>)> = bags.certificates;
    let (key, at) = match bags.keys.into_iter().next() {
        Some((key, Some(id))) => (Some(key), others.iter().position(|(_, other)| other.as_ref() == Some(&id))),
        Some((key, None)) => (Some(key), (!others.is_empty()).then_some(0)),
        None => (None, None),
    };
    let certificate = at.map(|at| others.remove(at).0);
    Pfx { key, certificate, others: others.into_iter().map(|(der, _)| der).collect() }
}

/// Checks MacData over the authenticated safes. RFC 7292 §4, RFC 9579 for PBMAC1.
fn check_mac(mut mac: Reader<'_>, safes: &[u8], password: &str) -> Result<(), PfxError> {
    let mut parts = || {
        let mut info = mac.sequence()?;
        let mut algorithm = info.sequence()?;
        let hash = der::dotted(algorithm.oid()?);
        let expected = info.expect(tag::OCTET_STRING)?.contents;
        let salt = mac.expect(tag::OCTET_STRING)?.contents;
        let rounds = mac.expect(tag::INTEGER).map_or(Some(1), |value| value.number())?;
        Some((hash, algorithm, expected, salt, i32::try_from(rounds).ok()?))
    };
    let (hash, algorithm, expected, salt, rounds) = parts().ok_or(PfxError::NotEnoughData)?;
    macro_rules! check {
        ($digest:ty, $size:expr) => {{
            let key = derive_key_utf8::<$digest>(password, salt, Pkcs12KeyType::Mac, rounds, $size);
            let key = Zeroizing::new(key.map_err(|_| PfxError::Mac)?);
            let mut mac = Hmac::<$digest>::new_from_slice(&key).map_err(|_| PfxError::Mac)?;
            mac.update(safes);
            mac.verify_slice(expected).map_err(|_| PfxError::Mac)
        }};
    }
    match hash.as_str() {
        "1.3.14.3.2.26" => check!(sha1::Sha1, 20),
        "2.16.840.1.101.3.4.2.4" => check!(sha2::Sha224, 28),
        "2.16.840.1.101.3.4.2.1" => check!(sha2::Sha256, 32),
        "2.16.840.1.101.3.4.2.2" => check!(sha2::Sha384, 48),
        "2.16.840.1.101.3.4.2.3" => check!(sha2::Sha512, 64),
        "1.2.840.113549.1.5.14" => check_pbmac1(algorithm, safes, expected, password),
        _ => Err(PfxError::Unsupported),
    }
}

fn check_pbmac1(mut algorithm: Reader<'_>, safes: &[u8], expected: &[u8], password: &str) -> Result<(), PfxError> {
    let mut parts = || {
        let mut parameters = algorithm.sequence()?;
        let mut kdf = parameters.sequence()?;
        let mut scheme = parameters.sequence()?;
        kdf.oid()?;
        let mut inner = kdf.sequence()?;
        let salt = inner.expect(tag::OCTET_STRING)?.contents;
        let rounds = u32::try_from(inner.expect(tag::INTEGER)?.number()?).ok()?;
        let length = usize::try_from(inner.expect(tag::INTEGER)?.number()?).ok().filter(|size| *size <= 64)?;
        let prf = der::dotted(inner.sequence()?.oid()?);
        let mut key = Zeroizing::new(vec![0; length]);
        pbe::pbkdf2_with(&prf, password.as_bytes(), salt, rounds, &mut key)?;
        Some((der::dotted(scheme.oid()?), key))
    };
    let (scheme, key) = parts().ok_or(PfxError::Unsupported)?;
    macro_rules! check {
        ($digest:ty) => {{
            let mut mac = Hmac::<$digest>::new_from_slice(&key).map_err(|_| PfxError::Mac)?;
            mac.update(safes);
            mac.verify_slice(expected).map_err(|_| PfxError::Mac)
        }};
    }
    match scheme.as_str() {
        "1.2.840.113549.2.9" => check!(sha2::Sha256),
        "1.2.840.113549.2.10" => check!(sha2::Sha384),
        "1.2.840.113549.2.11" => check!(sha2::Sha512),
        _ => Err(PfxError::Unsupported),
    }
}
