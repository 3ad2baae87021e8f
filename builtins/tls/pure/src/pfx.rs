//! PKCS #12: a private key and certificates behind a passphrase. RFC 7292.

use crate::der::{self, Reader};
use cipher::{BlockDecryptMut as _, KeyIvInit as _};
use digest::Digest;
use hmac::Mac as _;

/// What a store holds.
#[derive(Debug, Default)]
pub struct Contents {
    /// The private key, as PKCS #8.
    pub key: Option<Vec<u8>>,
    /// `localKeyId` of the key.
    key_id: Option<Vec<u8>>,
    certificates: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Contents {
    /// The certificate of the key first, then the others.
    #[must_use]
    pub fn into_parts(self) -> (Option<Vec<u8>>, Vec<Vec<u8>>) {
        let Contents { key, key_id, mut certificates } = self;
        if let Some(index) = certificates.iter().position(|(_, id)| id.is_some() && *id == key_id) {
            let leaf = certificates.remove(index);
            certificates.insert(0, leaf);
        }
        (key, certificates.into_iter().map(|(certificate, _)| certificate).collect())
    }
}

/// Why a store cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PfxError {
    /// Not PKCS #12.
    Malformed,
    /// The passphrase is wrong.
    Mac,
    /// It needs an algorithm that is not provided.
    Unsupported,
}

const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
const BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
const PKCS12_PBE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];
const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
const HMAC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02];
const AES: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01];
const X509: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
const LOCAL_KEY_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x15];
const DES_EDE3_CBC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07];

/// The most rounds that are believed: more would be an attack on this process.
const ITERATIONS_MAX: u32 = 10_000_000;

/// Reads a store.
///
/// # Errors
/// See [`PfxError`].
pub fn parse(bytes: &[u8], passphrase: &str) -> Result<Contents, PfxError> {
    let bad = PfxError::Malformed;
    let mut outer = Reader(bytes).enter(der::SEQUENCE).ok_or(bad)?;
    outer.need(der::INTEGER).ok_or(bad)?;
    let mut safe = outer.enter(der::SEQUENCE).ok_or(bad)?;
    if safe.need(der::OID).ok_or(bad)?.body != DATA {
        return Err(PfxError::Unsupported);
    }
    let safe = Reader(safe.need(0xa0).ok_or(bad)?.body).need(der::OCTET_STRING).ok_or(bad)?.body;
    let mut password: Vec<u8> = passphrase.encode_utf16().flat_map(u16::to_be_bytes).collect();
    password.extend([0, 0]);
    if let Some(mac) = outer.enter(der::SEQUENCE) {
        // No passphrase may mean an empty one, or none at all.
        let empty = passphrase.is_empty() && check_mac(mac, safe, &[])?;
        if empty {
            password.clear();
        } else if !check_mac(mac, safe, &password)? {
            return Err(PfxError::Mac);
        }
    }
    let mut contents = Contents::default();
    let mut parts = Reader(safe).enter(der::SEQUENCE).ok_or(bad)?;
    while !parts.is_empty() {
        let mut info = parts.enter(der::SEQUENCE).ok_or(bad)?;
        let kind = info.need(der::OID).ok_or(bad)?.body;
        let content = info.need(0xa0).ok_or(bad)?.body;
        let bags = if kind == DATA {
            Reader(content).need(der::OCTET_STRING).ok_or(bad)?.body.to_vec()
        } else if kind == ENCRYPTED_DATA {
            let mut fields = Reader(content).enter(der::SEQUENCE).ok_or(bad)?;
            fields.need(der::INTEGER).ok_or(bad)?;
            let mut info = fields.enter(der::SEQUENCE).ok_or(bad)?;
            info.need(der::OID).ok_or(bad)?;
            let algorithm = info.enter(der::SEQUENCE).ok_or(bad)?;
            let encrypted = info.need(0x80).ok_or(bad)?.body;
            decrypt(algorithm, encrypted, &password, passphrase)?
        } else {
            return Err(PfxError::Unsupported);
        };
        read_bags(&bags, &mut contents, &password, passphrase)?;
    }
    Ok(contents)
}

fn read_bags(bags: &[u8], contents: &mut Contents, password: &[u8], passphrase: &str) -> Result<(), PfxError> {
    let bad = PfxError::Malformed;
    let mut bags = Reader(bags).enter(der::SEQUENCE).ok_or(bad)?;
    while !bags.is_empty() {
        let mut bag = bags.enter(der::SEQUENCE).ok_or(bad)?;
        let kind = bag.need(der::OID).ok_or(bad)?.body;
        let value = bag.need(0xa0).ok_or(bad)?.body;
        let id = bag.enter(der::SET).and_then(local_key_id);
        let kind = match kind.strip_prefix(&BAG[..9]) {
            Some([1, kind]) => *kind,
            _ => continue,
        };
        match kind {
            1 if contents.key.is_none() => {
                contents.key = Some(value.to_vec());
                contents.key_id = id;
            }
            2 if contents.key.is_none() => {
                let mut fields = Reader(value).enter(der::SEQUENCE).ok_or(bad)?;
                let algorithm = fields.enter(der::SEQUENCE).ok_or(bad)?;
                let encrypted = fields.need(der::OCTET_STRING).ok_or(bad)?.body;
                contents.key = Some(decrypt(algorithm, encrypted, password, passphrase)?);
                contents.key_id = id;
            }
            3 => {
                let mut fields = Reader(value).enter(der::SEQUENCE).ok_or(bad)?;
                if fields.need(der::OID).ok_or(bad)?.body == X509 {
                    let mut inner = Reader(fields.need(0xa0).ok_or(bad)?.body);
                    let certificate = inner.need(der::OCTET_STRING).ok_or(bad)?.body.to_vec();
                    contents.certificates.push((certificate, id));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn local_key_id(mut attributes: Reader<'_>) -> Option<Vec<u8>> {
    while let Some(mut attribute) = attributes.enter(der::SEQUENCE) {
        if attribute.need(der::OID)?.body == LOCAL_KEY_ID {
            return Some(attribute.enter(der::SET)?.need(der::OCTET_STRING)?.body.to_vec());
        }
    }
    None
}

fn iterations(reader: &mut Reader<'_>) -> Result<u32, PfxError> {
    let element = reader.need(der::INTEGER).ok_or(PfxError::Malformed)?;
    let count = der::small(element.body).ok_or(PfxError::Malformed)?;
    if count == 0 || count > ITERATIONS_MAX { Err(PfxError::Unsupported) } else { Ok(count) }
}

fn check_mac(mut mac: Reader<'_>, data: &[u8], password: &[u8]) -> Result<bool, PfxError> {
    let bad = PfxError::Malformed;
    let mut info = mac.enter(der::SEQUENCE).ok_or(bad)?;
    let mut algorithm = info.enter(der::SEQUENCE).ok_or(bad)?;
    let id = algorithm.need(der::OID).ok_or(bad)?.body;
    let wanted = info.need(der::OCTET_STRING).ok_or(bad)?.body;
    let salt = mac.need(der::OCTET_STRING).ok_or(bad)?.body;
    let rounds = if mac.is_empty() { 1 } else { iterations(&mut mac)? };
    macro_rules! with {
        ($hash:ty) => {{
            let key = derive::<$hash>(password, salt, 3, rounds, <$hash>::output_size());
            let mut mac = <hmac::Hmac<$hash>>::new_from_slice(&key).map_err(|_| bad)?;
            mac.update(data);
            Ok(mac.verify_slice(wanted).is_ok())
        }};
    }
    match id {
        [0x2b, 0x0e, 0x03, 0x02, 0x1a] => with!(sha1::Sha1),
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 1] => with!(sha2::Sha256),
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 2] => with!(sha2::Sha384),
        [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 3] => with!(sha2::Sha512),
        _ => Err(PfxError::Unsupported),
    }
}

/// Key derivation of PKCS #12. RFC 7292, appendix B.2.
fn derive<D: Digest + digest::core_api::BlockSizeUser>(
    password: &[u8],
    salt: &[u8],
    purpose: u8,
    rounds: u32,
    size: usize,
) -> Vec<u8> {
    let block = D::block_size();
    let fill = |bytes: &[u8]| -> Vec<u8> {
        let length = bytes.len().div_ceil(block) * block;
        bytes.iter().copied().cycle().take(length).collect()
    };
    let diversifier = vec![purpose; block];
    let mut input = fill(salt);
    input.extend(fill(password));
    let mut out = Vec::new();
    while out.len() < size {
        let mut digest = D::new().chain_update(&diversifier).chain_update(&input).finalize().to_vec();
        for _ in 1..rounds {
            digest = D::digest(&digest).to_vec();
        }
        let addend: Vec<u8> = digest.iter().copied().cycle().take(block).collect();
        for chunk in input.chunks_mut(block) {
            let mut carry = 1_u16;
            for (byte, add) in chunk.iter_mut().zip(&addend).rev() {
                carry += u16::from(*byte) + u16::from(*add);
                *byte = carry as u8;
                carry >>= 8;
            }
        }
        out.extend(digest);
    }
    out.truncate(size);
    out
}

fn cbc_decrypt<C>(key: &[u8], iv: &[u8], data: &[u8]) -> Result<Vec<u8>, PfxError>
where
    C: cipher::BlockCipher + cipher::BlockDecryptMut + cipher::KeyInit,
{
    let decryptor = cbc::Decryptor::<C>::new_from_slices(key, iv).map_err(|_| PfxError::Malformed)?;
    decryptor.decrypt_padded_vec_mut::<cipher::block_padding::Pkcs7>(data).map_err(|_| PfxError::Mac)
}

fn decrypt(mut algorithm: Reader<'_>, data: &[u8], password: &[u8], passphrase: &str) -> Result<Vec<u8>, PfxError> {
    let bad = PfxError::Malformed;
    let id = algorithm.need(der::OID).ok_or(bad)?.body;
    let mut parameters = algorithm.enter(der::SEQUENCE).ok_or(bad)?;
    if id == PBES2 {
        return decrypt_pbes2(parameters, data, passphrase);
    }
    let Some([kind]) = id.strip_prefix(PKCS12_PBE) else { return Err(PfxError::Unsupported) };
    let salt = parameters.need(der::OCTET_STRING).ok_or(bad)?.body;
    let rounds = iterations(&mut parameters)?;
    let key = |size| derive::<sha1::Sha1>(password, salt, 1, rounds, size);
    let iv = derive::<sha1::Sha1>(password, salt, 2, rounds, 8);
    match kind {
        3 => cbc_decrypt::<des::TdesEde3>(&key(24), &iv, data),
        4 => cbc_decrypt::<des::TdesEde2>(&key(16), &iv, data),
        // RC2 and RC4 belong to OpenSSL's legacy provider, which Node does not load.
        _ => Err(PfxError::Unsupported),
    }
}

fn decrypt_pbes2(mut parameters: Reader<'_>, data: &[u8], passphrase: &str) -> Result<Vec<u8>, PfxError> {
    let bad = PfxError::Malformed;
    let mut kdf = parameters.enter(der::SEQUENCE).ok_or(bad)?;
    if kdf.need(der::OID).ok_or(bad)?.body != PBKDF2 {
        return Err(PfxError::Unsupported);
    }
    let mut settings = kdf.enter(der::SEQUENCE).ok_or(bad)?;
    let salt = settings.need(der::OCTET_STRING).ok_or(bad)?.body;
    let rounds = iterations(&mut settings)?;
    settings.optional(der::INTEGER);
    let prf = match settings.enter(der::SEQUENCE) {
        Some(mut fields) => {
            fields.need(der::OID).ok_or(bad)?.body.strip_prefix(HMAC).and_then(|last| last.first().copied())
        }
        None => Some(7),
    };
    let mut scheme = parameters.enter(der::SEQUENCE).ok_or(bad)?;
    let cipher = scheme.need(der::OID).ok_or(bad)?.body;
    let iv = scheme.need(der::OCTET_STRING).ok_or(bad)?.body;
    let aes = cipher.strip_prefix(AES).and_then(|last| last.first().copied());
    let size = match aes {
        Some(2) => 16,
        Some(22) => 24,
        Some(42) => 32,
        _ if cipher == DES_EDE3_CBC => 24,
        _ => return Err(PfxError::Unsupported),
    };
    let mut key = vec![0; size];
    let password = passphrase.as_bytes();
    match prf {
        Some(7) => pbkdf2::pbkdf2_hmac::<sha1::Sha1>(password, salt, rounds, &mut key),
        Some(9) => pbkdf2::pbkdf2_hmac::<sha2::Sha256>(password, salt, rounds, &mut key),
        Some(10) => pbkdf2::pbkdf2_hmac::<sha2::Sha384>(password, salt, rounds, &mut key),
        Some(11) => pbkdf2::pbkdf2_hmac::<sha2::Sha512>(password, salt, rounds, &mut key),
        _ => return Err(PfxError::Unsupported),
    }
    match (aes, size) {
        (Some(_), 16) => cbc_decrypt::<aes::Aes128>(&key, iv, data),
        (Some(_), 24) => cbc_decrypt::<aes::Aes192>(&key, iv, data),
        (Some(_), _) => cbc_decrypt::<aes::Aes256>(&key, iv, data),
        _ => cbc_decrypt::<des::TdesEde3>(&key, iv, data),
    }
}
