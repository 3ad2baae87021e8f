//! Message authentication codes, and the hashes that take a customization: KMAC, CMAC, GMAC, Poly1305, SipHash, keyed BLAKE2.
//!
//! NIST SP 800-185, SP 800-38B, SP 800-38D; RFC 8439, RFC 7693. KMAC is cSHAKE of its input in the encoding below.

use crate::ciphers::{self, Setup, Work};
use crate::digests::Md;
use crate::error::{Failure, Refusal, evp, provider};
use crate::with_digest;
use cshake::{CShake128, CShake256};
use digest::{CustomizedInit as _, ExtendableOutput as _, KeyInit as _, Update as _, XofReader as _};
use siphasher::sip::SipHasher24;
use siphasher::sip128::SipHasher24 as SipHasher24Wide;

/// A code at work.
pub trait Mac {
    fn update(&mut self, data: &[u8]);
    fn finish(self: Box<Self>) -> Vec<u8>;
}

/// What a code is made with; names are those of [`open`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The digest of HMAC; the cipher of CMAC (in CBC) and of GMAC (in GCM).
    pub algorithm: &'a str,
    pub customization: &'a [u8],
    pub iv: &'a [u8],
    /// Bytes of the code, where the algorithm leaves a choice.
    pub length: Option<usize>,
    pub salt: &'a [u8],
}

const INVALID_KEY_LENGTH: Refusal = provider("1C800069", "invalid key length");
const INVALID_LENGTH: Refusal = provider("1C800071", "not xof or invalid length");

/// The longest code, in bytes: more would be a way to take all memory.
const LENGTH_MAX: usize = 1 << 26;

struct Keyed<M>(M);

impl<M: digest::Mac> Mac for Keyed<M> {
    fn update(&mut self, data: &[u8]) {
        digest::Mac::update(&mut self.0, data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().into_bytes().to_vec()
    }
}

/// GMAC: GCM of nothing, with the data authenticated only.
struct Gmac(Box<dyn Work>);

impl Mac for Gmac {
    fn update(&mut self, data: &[u8]) {
        self.0.aad(data);
    }

    fn finish(mut self: Box<Self>) -> Vec<u8> {
        // An encryption that was given no text cannot fail.
        let _ = self.0.finish();
        self.0.tag()
    }
}

/// An integer with its length before it (or after it, for `right`). NIST SP 800-185 §2.3.1.
fn encoded(number: u64, right: bool) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
    let digits = bytes.get(start..).unwrap_or_default();
    let length = [digits.len() as u8];
    if right { [digits, &length].concat() } else { [length.as_slice(), digits].concat() }
}

/// The key as KMAC absorbs it first: `bytepad(encode_string(K), rate)`. NIST SP 800-185 §2.3, §4.3.
fn padded_key(key: &[u8], rate: usize) -> Vec<u8> {
    let mut out = encoded(rate as u64, false);
    out.extend(encoded(key.len() as u64 * 8, false));
    out.extend_from_slice(key);
    out.resize(out.len().next_multiple_of(rate), 0);
    out
}

struct Kmac<S> {
    length: usize,
    state: S,
}

impl<S: digest::Update + digest::ExtendableOutput> Mac for Kmac<S> {
    fn update(&mut self, data: &[u8]) {
        self.state.update(data);
    }

    fn finish(mut self: Box<Self>) -> Vec<u8> {
        self.state.update(&encoded(self.length as u64 * 8, true));
        let mut out = vec![0; self.length];
        self.state.finalize_xof().read(&mut out);
        out
    }
}

fn kmac(wide: bool, key: &[u8], options: &Options<'_>) -> Result<Box<dyn Mac>, Failure> {
    // As OpenSSL limits keys.
    if !(4..=512).contains(&key.len()) {
        return Err(INVALID_KEY_LENGTH.into());
    }
    let length = options.length.unwrap_or(if wide { 64 } else { 32 });
    kmac_of_any_key(wide, key, options.customization, length)
}

/// KMAC128 or KMAC256 with a key of any length, as Web Crypto has it.
///
/// # Errors
/// For lengths beyond all reason.
pub fn kmac_of_any_key(wide: bool, key: &[u8], customization: &[u8], length: usize) -> Result<Box<dyn Mac>, Failure> {
    if length > LENGTH_MAX {
        return Err(INVALID_LENGTH.into());
    }
    if wide {
        let mut state = CShake256::new_with_function_name(b"KMAC", customization);
        state.update(&padded_key(key, 136));
        return Ok(Box::new(Kmac { length, state }));
    }
    let mut state = CShake128::new_with_function_name(b"KMAC", customization);
    state.update(&padded_key(key, 168));
    Ok(Box::new(Kmac { length, state }))
}

/// Poly1305, which takes blocks of 16 bytes.
struct Poly(poly1305::Poly1305, Vec<u8>);

impl Mac for Poly {
    fn update(&mut self, data: &[u8]) {
        use universal_hash::UniversalHash as _;
        self.1.extend_from_slice(data);
        let whole = self.1.len() - self.1.len() % 16;
        let rest = self.1.split_off(whole);
        self.0.update_padded(&self.1);
        self.1 = rest;
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.compute_unpadded(&self.1).to_vec()
    }
}

struct Sip(SipHasher24);
struct SipWide(SipHasher24Wide);

impl Mac for Sip {
    fn update(&mut self, data: &[u8]) {
        std::hash::Hasher::write(&mut self.0, data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        std::hash::Hasher::finish(&self.0).to_le_bytes().to_vec()
    }
}

impl Mac for SipWide {
    fn update(&mut self, data: &[u8]) {
        std::hash::Hasher::write(&mut self.0, data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        siphasher::sip128::Hasher128::finish128(&self.0).as_bytes().to_vec()
    }
}

struct Blake2b(blake2b_simd::State);
struct Blake2s(blake2s_simd::State);

impl Mac for Blake2b {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().as_bytes().to_vec()
    }
}

impl Mac for Blake2s {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().as_bytes().to_vec()
    }
}

/// Checks what both BLAKE2 take, for a widest key (and code) and widest parameters, in bytes; the length of the code.
fn blake2_length(key: &[u8], options: &Options<'_>, widest: usize, parameter: usize) -> Result<usize, Failure> {
    if key.is_empty() || key.len() > widest {
        return Err(INVALID_KEY_LENGTH.into());
    }
    let length = options.length.unwrap_or(widest);
    if length == 0 || length > widest {
        return Err(INVALID_LENGTH.into());
    }
    if options.salt.len() > parameter {
        return Err(provider("1C800070", "invalid salt length").into());
    }
    if options.customization.len() > parameter {
        return Err(provider("1C80006F", "invalid custom length").into());
    }
    Ok(length)
}

fn padded(bytes: &[u8], size: usize) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out.resize(size, 0);
    out
}

/// CMAC with the cipher of a name such as `aes-128-cbc`.
fn cmac(key: &[u8], name: &str) -> Result<Box<dyn Mac>, Failure> {
    macro_rules! of {
        ($cipher:ty) => {
            cmac::Cmac::<$cipher>::new_from_slice(key).ok().map(|mac| Box::new(Keyed(mac)) as Box<dyn Mac>)
        };
    }
    let made = match name {
        "aes-128-cbc" => of!(aes::Aes128),
        "aes-192-cbc" => of!(aes::Aes192),
        "aes-256-cbc" => of!(aes::Aes256),
        "camellia-128-cbc" => of!(camellia::Camellia128),
        "camellia-192-cbc" => of!(camellia::Camellia192),
        "camellia-256-cbc" => of!(camellia::Camellia256),
        "des-ede3-cbc" => of!(des::TdesEde3),
        _ => return Err(evp("0308010C", "unsupported").into()),
    };
    made.ok_or_else(|| evp("03000082", "invalid key length").into())
}

/// Keys a code: `blake2bmac`, `blake2smac`, `cmac`, `gmac`, `hmac`, `kmac128`, `kmac256`, `poly1305`, `siphash`.
///
/// # Errors
/// OpenSSL's, of keys, lengths and parameters; ERR_CRYPTO_OPERATION_FAILED.
pub fn open(name: &str, key: &[u8], options: &Options<'_>) -> Result<Box<dyn Mac>, Failure> {
    let failed = || Failure::operation("Failed to initialize MAC");
    Ok(match name {
        "blake2bmac" => {
            let length = blake2_length(key, options, 64, 16)?;
            let mut parameters = blake2b_simd::Params::new();
            parameters.hash_length(length).key(key);
            parameters.salt(&padded(options.salt, 16)).personal(&padded(options.customization, 16));
            Box::new(Blake2b(parameters.to_state()))
        }
        "blake2smac" => {
            let length = blake2_length(key, options, 32, 8)?;
            let mut parameters = blake2s_simd::Params::new();
            parameters.hash_length(length).key(key);
            parameters.salt(&padded(options.salt, 8)).personal(&padded(options.customization, 8));
            Box::new(Blake2s(parameters.to_state()))
        }
        "cmac" => cmac(key, options.algorithm)?,
        "gmac" => {
            let setup = Setup { encrypt: true, key, iv: options.iv, tag_bytes: 16 };
            let work = ciphers::open(options.algorithm, setup).map_err(|_| evp("03000082", "invalid key length"))?;
            Box::new(Gmac(work.ok_or_else(failed)?))
        }
        "hmac" => {
            let md = match crate::digests::HashName::find(options.algorithm) {
                Some(crate::digests::HashName::Md(md)) => md,
                Some(_) => return Err(failed()),
                None => return Err(evp("0308010C", "unsupported").into()),
            };
            hmac(md, key).ok_or_else(failed)?
        }
        "kmac128" => kmac(false, key, options)?,
        "kmac256" => kmac(true, key, options)?,
        "poly1305" => {
            let key = poly1305::Key::try_from(key).map_err(|_| INVALID_KEY_LENGTH)?;
            Box::new(Poly(poly1305::Poly1305::new(&key), Vec::new()))
        }
        _ => {
            let key = key.try_into().map_err(|_| failed())?;
            match options.length.unwrap_or(16) {
                8 => Box::new(Sip(SipHasher24::new_with_key(key))),
                16 => Box::new(SipWide(SipHasher24Wide::new_with_key(key))),
                _ => return Err(failed()),
            }
        }
    })
}

/// HMAC.
pub fn hmac(md: Md, key: &[u8]) -> Option<Box<dyn Mac>> {
    with_digest!(md, |D, H| {
        let mac = H::new_from_slice(key).ok()?;
        Some(Box::new(Keyed(mac)) as Box<dyn Mac>)
    })
}

/// cSHAKE128 or 256, TurboSHAKE128 or 256, KT128 or 256: the hashes of Web Crypto that take more than data.
///
/// `domain`: TurboSHAKE's separation byte. `None` for a name that is none of them, or a domain that there is not.
pub fn customized_digest(name: &str, data: &[u8], options: &Customized<'_>) -> Option<Vec<u8>> {
    if options.length > LENGTH_MAX {
        return None;
    }
    let mut out = vec![0; options.length];
    macro_rules! squeeze {
        ($state:expr) => {{
            let mut state = $state;
            state.update(data);
            state.finalize_xof().read(&mut out);
        }};
    }
    match name {
        "cshake128" => squeeze!(CShake128::new_with_function_name(options.function, options.customization)),
        "cshake256" => squeeze!(CShake256::new_with_function_name(options.function, options.customization)),
        "kt128" => squeeze!(k12::CustomKt128::new_customized(options.customization)),
        "kt256" => squeeze!(k12::CustomKt256::new_customized(options.customization)),
        "turboshake128" => turbo::<168>(options.domain, data, &mut out)?,
        "turboshake256" => turbo::<136>(options.domain, data, &mut out)?,
        _ => return None,
    }
    Some(out)
}

/// What a customized digest takes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Customized<'a> {
    pub customization: &'a [u8],
    pub domain: u8,
    pub function: &'a [u8],
    /// Bytes of output.
    pub length: usize,
}

/// TurboSHAKE; its separation byte is part of the crate's type.
fn turbo<const RATE: usize>(domain: u8, data: &[u8], out: &mut [u8]) -> Option<()> {
    macro_rules! table {
        ($($value:literal)*) => {
            match domain {
                $($value => {
                    let mut state = turboshake::TurboShake::<RATE, $value>::default();
                    state.update(data);
                    state.finalize_xof().read(out);
                    Some(())
                })*
                _ => None,
            }
        };
    }
    table!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43
        44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 85
        86 87 88 89 90 91 92 93 94 95 96 97 98 99 100 101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 120
        121 122 123 124 125 126 127)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
    }

    #[track_caller]
    fn check(name: &str, key: &str, data: &str, options: Options<'_>, want: &str) {
        for step in [1, 5, 1000] {
            let mut mac = open(name, &hex(key), &options).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            hex(data).chunks(step).for_each(|piece| mac.update(piece));
            assert_eq!(mac.finish(), hex(want), "{name} {step}");
        }
    }

    /// NIST's KMAC samples 1 and 2; RFC 4493 example 2; RFC 8439 §2.5.2; SipHash's paper, appendix A; RFC 4231 test 1.
    #[test]
    fn vectors() {
        let key = "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f";
        check(
            "kmac128",
            key,
            "00010203",
            Options::default(),
            "e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e",
        );
        let tagged = Options { customization: b"My Tagged Application", ..Options::default() };
        check("kmac128", key, "00010203", tagged, "3b1fba963cd8b0b59e8c1a6d71888b7143651af8ba0a7070c0979e2811324aa5");
        let cipher = Options { algorithm: "aes-128-cbc", ..Options::default() };
        let key = "2b7e151628aed2a6abf7158809cf4f3c";
        check("cmac", key, "6bc1bee22e409f96e93d7e117393172a", cipher, "070a16b46b4d4144f79bdd9dd04a287c");
        let key = "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b";
        let data = "43727970746f6772617068696320466f72756d2052657365617263682047726f7570";
        check("poly1305", key, data, Options::default(), "a8061dc1305136c6c22b8baf0c0127a9");
        let short = Options { length: Some(8), ..Options::default() };
        check(
            "siphash",
            "000102030405060708090a0b0c0d0e0f",
            "000102030405060708090a0b0c0d0e",
            short,
            "e545be4961ca29a1",
        );
        let digest = Options { algorithm: "sha256", ..Options::default() };
        let want = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        check("hmac", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", digest, want);
    }

    #[test]
    fn refused() {
        for (name, key) in
            [("kmac128", 3), ("poly1305", 31), ("siphash", 8), ("blake2bmac", 0), ("blake2smac", 33), ("hmac", 1)]
        {
            assert!(open(name, &vec![1; key], &Options::default()).is_err(), "{name}");
        }
        let long = Options { length: Some(usize::MAX), ..Options::default() };
        assert!(open("kmac256", &[1; 32], &long).is_err());
        let huge = Customized { length: usize::MAX, ..Customized::default() };
        assert!(customized_digest("cshake128", b"", &huge).is_none());
        assert!(customized_digest("turboshake128", b"", &Customized { length: 8, ..Customized::default() }).is_none());
    }
}
