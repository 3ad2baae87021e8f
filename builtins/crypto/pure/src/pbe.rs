//! Encryption under a password: PKCS#5 (PBES2), PKCS#12 and PEM's traditional scheme.
//!
//! Key derivation and ciphers are crates'; this reads which of them the parameters name, and puts them together.

use crate::ciphers::{self, Setup};
use crate::der::{self, Reader, tag};
use crate::error::{BAD_DECRYPT, Refusal, UNSUPPORTED};
use digest::Digest as _;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use zeroize::Zeroizing;

/// The most rounds of a derivation that are run. OpenSSL has no limit, but then a file could stop the program for hours.
const ROUNDS_MAX: u64 = 100_000_000;

/// A cipher that keys are encrypted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cipher {
    /// As [`crate::ciphers::open`] takes it.
    name: &'static str,
    /// Empty: none.
    oid: &'static str,
    key_bytes: usize,
    iv_bytes: usize,
}

const fn row(name: &'static str, oid: &'static str, key_bytes: usize, iv_bytes: usize) -> Cipher {
    Cipher { name, oid, key_bytes, iv_bytes }
}

/// NIST: Computer Security Objects Register; RFC 3657, RFC 5794, GM/T 0006.
const CIPHERS: &[Cipher] = &[
    row("aes-128-cbc", "2.16.840.1.101.3.4.1.2", 16, 16),
    row("aes-128-ecb", "2.16.840.1.101.3.4.1.1", 16, 0),
    row("aes-128-cfb", "2.16.840.1.101.3.4.1.4", 16, 16),
    row("aes-128-cfb1", "", 16, 16),
    row("aes-128-cfb8", "", 16, 16),
    row("aes-128-ctr", "", 16, 16),
    row("aes-128-ofb", "2.16.840.1.101.3.4.1.3", 16, 16),
    row("aes-192-cbc", "2.16.840.1.101.3.4.1.22", 24, 16),
    row("aes-192-ecb", "2.16.840.1.101.3.4.1.21", 24, 0),
    row("aes-192-cfb", "2.16.840.1.101.3.4.1.24", 24, 16),
    row("aes-192-ctr", "", 24, 16),
    row("aes-192-ofb", "2.16.840.1.101.3.4.1.23", 24, 16),
    row("aes-256-cbc", "2.16.840.1.101.3.4.1.42", 32, 16),
    row("aes-256-ecb", "2.16.840.1.101.3.4.1.41", 32, 0),
    row("aes-256-cfb", "2.16.840.1.101.3.4.1.44", 32, 16),
    row("aes-256-ctr", "", 32, 16),
    row("aes-256-ofb", "2.16.840.1.101.3.4.1.43", 32, 16),
    row("aria-128-cbc", "1.2.410.200046.1.1.2", 16, 16),
    row("aria-192-cbc", "1.2.410.200046.1.1.7", 24, 16),
    row("aria-256-cbc", "1.2.410.200046.1.1.12", 32, 16),
    row("camellia-128-cbc", "1.2.392.200011.61.1.1.1.2", 16, 16),
    row("camellia-192-cbc", "1.2.392.200011.61.1.1.1.3", 24, 16),
    row("camellia-256-cbc", "1.2.392.200011.61.1.1.1.4", 32, 16),
    row("des-ede-cbc", "", 16, 8),
    row("des-ede3-cbc", "1.2.840.113549.3.7", 24, 8),
    row("des-ede3-cfb", "", 24, 8),
    row("sm4-cbc", "1.2.156.10197.1.104.2", 16, 16),
];

const DES_EDE3_CBC: Cipher = row("des-ede3-cbc", "1.2.840.113549.3.7", 24, 8);

impl Cipher {
    /// Finds a cipher by OpenSSL's name, in any case.
    pub fn find(name: &str) -> Option<Cipher> {
        CIPHERS.iter().find(|row| row.name.eq_ignore_ascii_case(name)).copied()
    }

    fn of_oid(oid: &[u8]) -> Option<Cipher> {
        let dotted = der::dotted(oid);
        CIPHERS.iter().find(|row| row.oid == dotted).copied()
    }

    /// Bytes of the IV.
    pub fn iv_bytes(self) -> usize {
        self.iv_bytes
    }

    /// Whether PKCS#8 can name it.
    pub fn has_oid(self) -> bool {
        !self.oid.is_empty()
    }

    fn run(self, encrypt: bool, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        let mut work = ciphers::open(self.name, Setup { encrypt, key, iv, tag_bytes: 0 }).ok()??;
        let mut out = work.update(data).ok()?;
        out.extend(work.finish().ok()?);
        Some(out)
    }

    fn decrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.run(false, key, iv, data).map(Zeroizing::new)
    }

    fn encrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        self.run(true, key, iv, data)
    }
}

const PBKDF2: &str = "1.2.840.113549.1.5.12";
const PBES2: &str = "1.2.840.113549.1.5.13";
const SCRYPT: &str = "1.3.6.1.4.1.11591.4.11";
const PBE_SHA1_3DES: &str = "1.2.840.113549.1.12.1.3";
const HMAC_SHA256: &str = "1.2.840.113549.2.9";

/// Decrypts `data` as the AlgorithmIdentifier says that `algorithm` reads next.
///
/// # Errors
/// `UNSUPPORTED` for schemes that OpenSSL 3 leaves to its legacy provider too, `BAD_DECRYPT` if the password is wrong.
pub fn decrypt(mut algorithm: Reader<'_>, data: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let scheme = der::dotted(algorithm.oid().ok_or(UNSUPPORTED)?);
    let parameters = algorithm.sequence().ok_or(UNSUPPORTED)?;
    match scheme.as_str() {
        PBES2 => decrypt_pbes2(parameters, data, password),
        PBE_SHA1_3DES => decrypt_pkcs12(parameters, data, password),
        _ => Err(UNSUPPORTED),
    }
}

fn decrypt_pbes2(mut parameters: Reader<'_>, data: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let mut kdf = parameters.sequence().ok_or(UNSUPPORTED)?;
    let mut encryption = parameters.sequence().ok_or(UNSUPPORTED)?;
    let cipher = encryption.oid().and_then(Cipher::of_oid).ok_or(UNSUPPORTED)?;
    // ECB has none.
    let iv = if cipher.iv_bytes == 0 { &[] } else { encryption.expect(tag::OCTET_STRING).ok_or(UNSUPPORTED)?.contents };
    let kind = der::dotted(kdf.oid().ok_or(UNSUPPORTED)?);
    let inner = kdf.sequence().ok_or(UNSUPPORTED)?;
    let mut key = Zeroizing::new(vec![0; cipher.key_bytes]);
    match kind.as_str() {
        PBKDF2 => pbkdf2_key(inner, password, &mut key),
        SCRYPT => scrypt_key(inner, password, &mut key),
        _ => None,
    }
    .ok_or(UNSUPPORTED)?;
    cipher.decrypt(&key, iv, data).ok_or(BAD_DECRYPT)
}

fn pbkdf2_key(mut parameters: Reader<'_>, password: &[u8], key: &mut [u8]) -> Option<()> {
    let salt = parameters.expect(tag::OCTET_STRING)?.contents;
    let rounds = parameters.expect(tag::INTEGER)?.number().filter(|count| (1..=ROUNDS_MAX).contains(count))?;
    if parameters.peek() == Some(tag::INTEGER) {
        parameters.value()?; // the key's length, which the cipher tells too
    }
    let prf = match parameters.sequence() {
        Some(mut algorithm) => der::dotted(algorithm.oid()?),
        None => "1.2.840.113549.2.7".to_owned(),
    };
    pbkdf2_with(&prf, password, salt, rounds as u32, key)
}

/// PBKDF2 with the HMAC of an object identifier. RFC 8018 §B.1.2.
pub(crate) fn pbkdf2_with(prf: &str, password: &[u8], salt: &[u8], rounds: u32, key: &mut [u8]) -> Option<()> {
    match prf {
        "1.2.840.113549.2.7" => pbkdf2::pbkdf2_hmac::<sha1::Sha1>(password, salt, rounds, key),
        "1.2.840.113549.2.8" => pbkdf2::pbkdf2_hmac::<sha2::Sha224>(password, salt, rounds, key),
        HMAC_SHA256 => pbkdf2::pbkdf2_hmac::<sha2::Sha256>(password, salt, rounds, key),
        "1.2.840.113549.2.10" => pbkdf2::pbkdf2_hmac::<sha2::Sha384>(password, salt, rounds, key),
        "1.2.840.113549.2.11" => pbkdf2::pbkdf2_hmac::<sha2::Sha512>(password, salt, rounds, key),
        _ => return None,
    }
    Some(())
}

fn scrypt_key(mut parameters: Reader<'_>, password: &[u8], key: &mut [u8]) -> Option<()> {
    let salt = parameters.expect(tag::OCTET_STRING)?.contents;
    let n = parameters.expect(tag::INTEGER)?.number().filter(|n| n.is_power_of_two() && *n <= 1 << 20)?;
    let r = parameters.expect(tag::INTEGER)?.number().filter(|r| (1..=32).contains(r))?;
    let p = parameters.expect(tag::INTEGER)?.number().filter(|p| (1..=16).contains(p))?;
    let parameters = scrypt::Params::new(n.trailing_zeros() as u8, r as u32, p as u32).ok()?;
    scrypt::scrypt(password, salt, &parameters, key).ok()
}

fn decrypt_pkcs12(mut parameters: Reader<'_>, data: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let salt = parameters.expect(tag::OCTET_STRING).ok_or(UNSUPPORTED)?.contents;
    let rounds = parameters.expect(tag::INTEGER).and_then(|value| value.number());
    let rounds = rounds.filter(|count| *count <= ROUNDS_MAX).ok_or(UNSUPPORTED)? as i32;
    let text = std::str::from_utf8(password).map_err(|_| BAD_DECRYPT)?;
    let derive = |kind, length| derive_key_utf8::<sha1::Sha1>(text, salt, kind, rounds, length);
    let key = Zeroizing::new(derive(Pkcs12KeyType::EncryptionKey, 24).map_err(|_| BAD_DECRYPT)?);
    let iv = derive(Pkcs12KeyType::Iv, 8).map_err(|_| BAD_DECRYPT)?;
    DES_EDE3_CBC.decrypt(&key, &iv, data).ok_or(BAD_DECRYPT)
}

/// Decrypts an EncryptedPrivateKeyInfo: the PKCS#8 inside. RFC 5958 §3.
///
/// # Errors
/// As [`decrypt`].
pub fn decrypt_pkcs8(der: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let mut outer = der::sequence(der).ok_or(UNSUPPORTED)?;
    let algorithm = outer.sequence().ok_or(UNSUPPORTED)?;
    let data = outer.expect(tag::OCTET_STRING).ok_or(UNSUPPORTED)?;
    let plain = decrypt(algorithm, data.contents, password)?;
    // A wrong password that leaves right padding, once in 256 times, must be told too.
    if der::sequence(&plain).is_none() { Err(BAD_DECRYPT) } else { Ok(plain) }
}

/// Whether this is an EncryptedPrivateKeyInfo.
pub fn is_encrypted_pkcs8(der: &[u8]) -> bool {
    let Some(mut outer) = der::sequence(der) else { return false };
    let scheme = outer.sequence().and_then(|mut algorithm| algorithm.oid());
    scheme.is_some() && outer.expect(tag::OCTET_STRING).is_some() && outer.is_empty()
}

/// Encrypts PKCS#8 as OpenSSL does by default: PBES2 with PBKDF2, 2048 rounds of HMAC-SHA-256. `salt` has 16 bytes and
/// `iv` as many as the cipher takes.
pub fn encrypt_pkcs8(plain: &[u8], cipher: Cipher, password: &[u8], salt: &[u8], iv: &[u8]) -> Option<Vec<u8>> {
    const ROUNDS: u16 = 2048;
    if !cipher.has_oid() {
        return None;
    }
    let mut key = Zeroizing::new(vec![0; cipher.key_bytes]);
    pbkdf2_with(HMAC_SHA256, password, salt, u32::from(ROUNDS), &mut key)?;
    let data = cipher.encrypt(&key, iv, plain)?;
    let prf = der::write_sequence(&[der::write_oid(HMAC_SHA256), der::write_null()]);
    let kdf = der::write_sequence(&[der::write_octets(salt), der::write_unsigned(&ROUNDS.to_be_bytes()), prf]);
    let kdf = der::write_sequence(&[der::write_oid(PBKDF2), kdf]);
    let parameters = if cipher.iv_bytes == 0 { der::write_null() } else { der::write_octets(iv) };
    let encryption = der::write_sequence(&[der::write_oid(cipher.oid), parameters]);
    let algorithm = der::write_sequence(&[der::write_oid(PBES2), der::write_sequence(&[kdf, encryption])]);
    Some(der::write_sequence(&[algorithm, der::write_octets(&data)]))
}

/// The key of PEM's traditional encryption: MD5 over what came before, password and salt, until it is long enough.
/// OpenSSL docs: EVP_BytesToKey.
fn traditional_key(password: &[u8], salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::new());
    let mut last = Vec::new();
    while key.len() < length {
        last = md5::Md5::new().chain_update(&last).chain_update(password).chain_update(salt).finalize().to_vec();
        key.extend_from_slice(&last);
    }
    key.truncate(length);
    key
}

/// Decrypts a PEM block with its `DEK-Info` header, such as `AES-256-CBC,DB3D...`. RFC 1421 §4.6.1.3.
///
/// # Errors
/// `UNSUPPORTED` for another cipher, `BAD_DECRYPT` if the password is wrong.
pub fn decrypt_pem(info: &str, data: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let (name, iv) = info.trim().split_once(',').ok_or(UNSUPPORTED)?;
    let cipher = Cipher::find(name).ok_or(UNSUPPORTED)?;
    let iv = unhex(iv.trim()).filter(|iv| iv.len() == cipher.iv_bytes()).ok_or(UNSUPPORTED)?;
    let salt = iv.first_chunk::<8>().ok_or(UNSUPPORTED)?;
    let key = traditional_key(password, salt, cipher.key_bytes);
    let plain = cipher.decrypt(&key, &iv, data).ok_or(BAD_DECRYPT)?;
    if der::sequence(&plain).is_none() { Err(BAD_DECRYPT) } else { Ok(plain) }
}

/// Encrypts a PEM block: its `DEK-Info` header and the contents.
pub fn encrypt_pem(plain: &[u8], cipher: Cipher, password: &[u8], iv: &[u8]) -> Option<(String, Vec<u8>)> {
    let key = traditional_key(password, iv.first_chunk::<8>()?, cipher.key_bytes);
    let data = cipher.encrypt(&key, iv, plain)?;
    let digits: String = iv.iter().map(|byte| format!("{byte:02X}")).collect();
    Some((format!("{},{digits}", cipher.name.to_ascii_uppercase()), data))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| (pair[0] << 4) | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        let plain = der::write_sequence(&[der::write_unsigned(&[1, 2, 3])]);
        for cipher in CIPHERS.iter().copied() {
            let iv = vec![7; cipher.iv_bytes()];
            if cipher.has_oid() {
                let sealed = encrypt_pkcs8(&plain, cipher, b"secret", &[9; 16], &iv).unwrap();
                assert!(is_encrypted_pkcs8(&sealed));
                assert_eq!(*decrypt_pkcs8(&sealed, b"secret").unwrap(), plain);
                assert_eq!(decrypt_pkcs8(&sealed, b"wrong").unwrap_err(), BAD_DECRYPT);
            } else {
                assert!(encrypt_pkcs8(&plain, cipher, b"secret", &[9; 16], &iv).is_none());
            }
            if cipher.iv_bytes == 0 {
                assert!(encrypt_pem(&plain, cipher, b"secret", &iv).is_none());
                continue;
            }
            let (info, sealed) = encrypt_pem(&plain, cipher, b"secret", &iv).unwrap();
            assert_eq!(*decrypt_pem(&info, &sealed, b"secret").unwrap(), plain);
            assert_eq!(decrypt_pem(&info, &sealed, b"wrong").unwrap_err(), BAD_DECRYPT);
        }
    }
}
