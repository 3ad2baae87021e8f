//! The message digests: names as OpenSSL knows them, and a choice of type by name.

/// A fixed-length digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Md {
    Blake2b512,
    Blake2s256,
    Md5,
    Ripemd160,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha3_224,
    Sha3_256,
    Sha3_384,
    Sha3_512,
    Sha512,
    Sha512_224,
    Sha512_256,
    Sm3,
}

/// Any hash that `createHash` makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashName {
    Keccak224,
    Keccak256,
    Keccak384,
    Keccak512,
    Md(Md),
    Md5Sha1,
    /// SHA-256 cut to 192 bits. NIST SP 800-208 §2.3.
    Sha256_192,
    Shake128,
    Shake256,
}

/// Names, in lower case and without `rsa-`. OpenSSL docs: EVP_MD names; Node docs: crypto.getHashes.
const NAMES: &[(&str, HashName)] = &[
    ("blake2b-512", HashName::Md(Md::Blake2b512)),
    ("blake2b512", HashName::Md(Md::Blake2b512)),
    ("blake2s-256", HashName::Md(Md::Blake2s256)),
    ("blake2s256", HashName::Md(Md::Blake2s256)),
    ("id-rsassa-pkcs1-v1_5-with-sha3-224", HashName::Md(Md::Sha3_224)),
    ("id-rsassa-pkcs1-v1_5-with-sha3-256", HashName::Md(Md::Sha3_256)),
    ("id-rsassa-pkcs1-v1_5-with-sha3-384", HashName::Md(Md::Sha3_384)),
    ("id-rsassa-pkcs1-v1_5-with-sha3-512", HashName::Md(Md::Sha3_512)),
    ("keccak-224", HashName::Keccak224),
    ("keccak-256", HashName::Keccak256),
    ("keccak-384", HashName::Keccak384),
    ("keccak-512", HashName::Keccak512),
    ("md5", HashName::Md(Md::Md5)),
    ("md5-sha1", HashName::Md5Sha1),
    ("md5withrsaencryption", HashName::Md(Md::Md5)),
    ("ripemd", HashName::Md(Md::Ripemd160)),
    ("ripemd-160", HashName::Md(Md::Ripemd160)),
    ("ripemd160", HashName::Md(Md::Ripemd160)),
    ("ripemd160withrsa", HashName::Md(Md::Ripemd160)),
    ("rmd160", HashName::Md(Md::Ripemd160)),
    ("sha-1", HashName::Md(Md::Sha1)),
    ("sha-224", HashName::Md(Md::Sha224)),
    ("sha-256", HashName::Md(Md::Sha256)),
    ("sha-256/192", HashName::Sha256_192),
    ("sha-384", HashName::Md(Md::Sha384)),
    ("sha-512", HashName::Md(Md::Sha512)),
    ("sha-512/224", HashName::Md(Md::Sha512_224)),
    ("sha-512/256", HashName::Md(Md::Sha512_256)),
    ("sha1", HashName::Md(Md::Sha1)),
    ("sha1-2", HashName::Md(Md::Sha1)),
    ("sha1withrsaencryption", HashName::Md(Md::Sha1)),
    ("sha2-224", HashName::Md(Md::Sha224)),
    ("sha2-256", HashName::Md(Md::Sha256)),
    ("sha2-256/192", HashName::Sha256_192),
    ("sha2-384", HashName::Md(Md::Sha384)),
    ("sha2-512", HashName::Md(Md::Sha512)),
    ("sha2-512/224", HashName::Md(Md::Sha512_224)),
    ("sha2-512/256", HashName::Md(Md::Sha512_256)),
    ("sha224", HashName::Md(Md::Sha224)),
    ("sha224withrsaencryption", HashName::Md(Md::Sha224)),
    ("sha256", HashName::Md(Md::Sha256)),
    ("sha256-192", HashName::Sha256_192),
    ("sha256withrsaencryption", HashName::Md(Md::Sha256)),
    ("sha3-224", HashName::Md(Md::Sha3_224)),
    ("sha3-256", HashName::Md(Md::Sha3_256)),
    ("sha3-384", HashName::Md(Md::Sha3_384)),
    ("sha3-512", HashName::Md(Md::Sha3_512)),
    ("sha384", HashName::Md(Md::Sha384)),
    ("sha384withrsaencryption", HashName::Md(Md::Sha384)),
    ("sha512", HashName::Md(Md::Sha512)),
    ("sha512-224", HashName::Md(Md::Sha512_224)),
    ("sha512-224withrsaencryption", HashName::Md(Md::Sha512_224)),
    ("sha512-256", HashName::Md(Md::Sha512_256)),
    ("sha512-256withrsaencryption", HashName::Md(Md::Sha512_256)),
    ("sha512/224", HashName::Md(Md::Sha512_224)),
    ("sha512/256", HashName::Md(Md::Sha512_256)),
    ("sha512withrsaencryption", HashName::Md(Md::Sha512)),
    ("shake-128", HashName::Shake128),
    ("shake-256", HashName::Shake256),
    ("shake128", HashName::Shake128),
    ("shake256", HashName::Shake256),
    ("sm3", HashName::Md(Md::Sm3)),
    ("sm3withrsaencryption", HashName::Md(Md::Sm3)),
    ("ssl3-md5", HashName::Md(Md::Md5)),
    ("ssl3-sha1", HashName::Md(Md::Sha1)),
];

/// Digests that structures name: the digest, OpenSSL's name, object identifier. NIST: Computer Security Objects Register.
const DESCRIBED: &[(Md, &str, &str)] = &[
    (Md::Md5, "md5", "1.2.840.113549.2.5"),
    (Md::Ripemd160, "ripemd160", "1.3.36.3.2.1"),
    (Md::Sha1, "sha1", "1.3.14.3.2.26"),
    (Md::Sha224, "sha224", "2.16.840.1.101.3.4.2.4"),
    (Md::Sha256, "sha256", "2.16.840.1.101.3.4.2.1"),
    (Md::Sha384, "sha384", "2.16.840.1.101.3.4.2.2"),
    (Md::Sha3_224, "sha3-224", "2.16.840.1.101.3.4.2.7"),
    (Md::Sha3_256, "sha3-256", "2.16.840.1.101.3.4.2.8"),
    (Md::Sha3_384, "sha3-384", "2.16.840.1.101.3.4.2.9"),
    (Md::Sha3_512, "sha3-512", "2.16.840.1.101.3.4.2.10"),
    (Md::Sha512, "sha512", "2.16.840.1.101.3.4.2.3"),
    (Md::Sha512_224, "sha512-224", "2.16.840.1.101.3.4.2.5"),
    (Md::Sha512_256, "sha512-256", "2.16.840.1.101.3.4.2.6"),
    (Md::Sm3, "sm3", "1.2.156.10197.1.401"),
];

impl HashName {
    /// Finds a hash, whatever the case of its name.
    pub fn find(name: &str) -> Option<HashName> {
        let lower = name.to_ascii_lowercase();
        let plain = lower.strip_prefix("rsa-").unwrap_or(&lower);
        let at = NAMES.binary_search_by(|(known, _)| (*known).cmp(plain)).ok()?;
        NAMES.get(at).map(|(_, found)| *found)
    }
}

impl Md {
    /// The digest of an object identifier.
    pub fn of_oid(oid: &str) -> Option<Md> {
        DESCRIBED.iter().find(|row| row.2 == oid).map(|row| row.0)
    }

    /// Its object identifier, if it has one.
    pub fn oid(self) -> Option<&'static str> {
        DESCRIBED.iter().find(|row| row.0 == self).map(|row| row.2)
    }

    /// OpenSSL's name. Node docs: asymmetricKeyDetails.hashAlgorithm.
    pub fn name(self) -> &'static str {
        match self {
            Md::Blake2b512 => "blake2b512",
            Md::Blake2s256 => "blake2s256",
            _ => DESCRIBED.iter().find(|row| row.0 == self).map_or("md5", |row| row.1),
        }
    }

    /// Bytes of the digest.
    pub fn size(self) -> usize {
        with_digest!(self, |D, H| <D as digest::Digest>::output_size())
    }

    /// The digest of data.
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        with_digest!(self, |D, H| <D as digest::Digest>::digest(data).to_vec())
    }

    /// Finds a fixed-length digest for HMAC, key derivation and signatures.
    pub fn find(name: &str) -> Option<Md> {
        match HashName::find(name) {
            Some(HashName::Md(md)) => Some(md),
            _ => None,
        }
    }
}

/// Expands `$body` for the digest `$md` with `$D` as its type and `$H` as its HMAC.
#[macro_export]
macro_rules! with_digest {
    ($md:expr, |$D:ident, $H:ident| $body:expr) => {{
        use $crate::digests::Md;
        macro_rules! eager {
            ($digest:ty) => {{
                #[allow(dead_code, reason = "not every body needs both")]
                type $D = $digest;
                #[allow(dead_code, reason = "not every body needs both")]
                type $H = $crate::digests::crates::hmac::Hmac<$digest>;
                $body
            }};
        }
        macro_rules! lazy {
            ($digest:ty) => {{
                #[allow(dead_code, reason = "not every body needs both")]
                type $D = $digest;
                #[allow(dead_code, reason = "not every body needs both")]
                type $H = $crate::digests::crates::hmac::SimpleHmac<$digest>;
                $body
            }};
        }
        match $md {
            Md::Blake2b512 => lazy!($crate::digests::crates::blake2::Blake2b512),
            Md::Blake2s256 => lazy!($crate::digests::crates::blake2::Blake2s256),
            Md::Md5 => eager!($crate::digests::crates::md5::Md5),
            Md::Ripemd160 => eager!($crate::digests::crates::ripemd::Ripemd160),
            Md::Sha1 => eager!($crate::digests::crates::sha1::Sha1),
            Md::Sha224 => eager!($crate::digests::crates::sha2::Sha224),
            Md::Sha256 => eager!($crate::digests::crates::sha2::Sha256),
            Md::Sha384 => eager!($crate::digests::crates::sha2::Sha384),
            Md::Sha3_224 => lazy!($crate::digests::crates::sha3::Sha3_224),
            Md::Sha3_256 => lazy!($crate::digests::crates::sha3::Sha3_256),
            Md::Sha3_384 => lazy!($crate::digests::crates::sha3::Sha3_384),
            Md::Sha3_512 => lazy!($crate::digests::crates::sha3::Sha3_512),
            Md::Sha512 => eager!($crate::digests::crates::sha2::Sha512),
            Md::Sha512_224 => eager!($crate::digests::crates::sha2::Sha512_224),
            Md::Sha512_256 => eager!($crate::digests::crates::sha2::Sha512_256),
            Md::Sm3 => eager!($crate::digests::crates::sm3::Sm3),
        }
    }};
}
pub use with_digest;

/// Crates that the macro names, for those who use it elsewhere.
pub mod crates {
    pub use {blake2, digest, hmac, md5, ripemd, sha1, sha2, sha3, sm3};
}
