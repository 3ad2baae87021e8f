//! Keys of the multiplicative group modulo a prime: DSA and Diffie-Hellman. FIPS 186-4 §4, RFC 2631.

use super::ec::{der_of, pair_of};
use super::{Random, Secret};
use crate::error::Failure;
use crate::numbers::{self, bits, bytes, less, padded, uint};
use crypto_bigint::{BoxedUint, NonZero};
use zeroize::Zeroizing;

/// The widest modulus, in bits. OpenSSL: OPENSSL_DSA_MAX_MODULUS_BITS, OPENSSL_DH_MAX_MODULUS_BITS.
pub const BITS_MAX: usize = 10_000;

/// The smallest modulus of DSA, in bits. OpenSSL: MIN_STRENGTH of parameter generation.
pub const DSA_BITS_MIN: usize = 512;

/// A DSA key: the group, the public number, and perhaps the private one.
#[derive(Clone)]
pub struct Dsa {
    pub p: Vec<u8>,
    pub q: Vec<u8>,
    pub g: Vec<u8>,
    pub y: Vec<u8>,
    pub secret: Option<Secret>,
}

impl Dsa {
    /// A key whose numbers the library can calculate with.
    pub fn new(p: &[u8], q: &[u8], g: &[u8], y: &[u8], x: Option<&[u8]>) -> Option<Dsa> {
        let odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
        let sizes =
            (DSA_BITS_MIN..=BITS_MAX).contains(&bits(p)) && (128..=512).contains(&bits(q)) && bits(q) * 2 <= bits(p);
        if !sizes || !odd(p) || !odd(q) || bits(g) < 2 || !less(g, p) || bits(y) < 2 || !less(y, p) {
            return None;
        }
        if x.is_some_and(|x| bits(x) == 0 || !less(x, q)) {
            return None;
        }
        let number = |bytes: &[u8]| numbers::trimmed(bytes).to_vec();
        let secret = x.map(|x| Zeroizing::new(number(x)));
        Some(Dsa { p: number(p), q: number(q), g: number(g), y: number(y), secret })
    }

    /// A private key without its public number.
    pub fn private(p: &[u8], q: &[u8], g: &[u8], x: &[u8]) -> Option<Dsa> {
        if bits(p) > BITS_MAX || bits(x) > bits(q) {
            return None;
        }
        let y = numbers::power(g, x, p)?;
        Dsa::new(p, q, g, &y, Some(x))
    }

    fn library(&self) -> Option<dsa::VerifyingKey> {
        // The library takes the width of a number for its size.
        let (p, q) = (uint(&self.p, bits(&self.p)), uint(&self.q, bits(&self.q)));
        let g = uint(&self.g, bits(&self.p));
        let components = dsa::Components::from_components_unchecked(p, q, g).ok()?;
        dsa::VerifyingKey::from_components(components, uint(&self.y, bits(&self.p))).ok()
    }
}

/// A digest as long as q at most, in whole bytes: the library wants no more.
fn fitting<'a>(key: &Dsa, hash: &'a [u8]) -> &'a [u8] {
    hash.get(..bits(&key.q) / 8).unwrap_or(hash)
}

/// Signs a digest: DER, or r and s side by side.
pub(super) fn sign(key: &Dsa, hash: &[u8], ieee: bool, mut random: Random<'_>) -> Option<Vec<u8>> {
    use dsa::signature::hazmat::RandomizedPrehashSigner as _;
    let x = uint(key.secret.as_ref()?, bits(&key.q));
    let signing = dsa::SigningKey::from_components(key.library()?, x).ok()?;
    let signature: dsa::Signature = signing.sign_prehash_with_rng(&mut random, fitting(key, hash)).ok()?;
    let size = bits(&key.q).div_ceil(8);
    let pair = [padded(&bytes(signature.r()), size), padded(&bytes(signature.s()), size)].concat();
    Some(if ieee { pair } else { der_of(&pair) })
}

/// Whether a signature of a digest is right.
pub(super) fn verify(key: &Dsa, hash: &[u8], signature: &[u8], ieee: bool) -> bool {
    use dsa::signature::hazmat::PrehashVerifier as _;
    let size = bits(&key.q).div_ceil(8);
    let verified = || {
        let pair = if ieee { signature.to_vec() } else { pair_of(signature, size)? };
        if pair.len() != 2 * size {
            return None;
        }
        let (r, s) = pair.split_at(size);
        let width = bits(&key.q);
        if bits(r) == 0 || bits(s) == 0 || !less(r, &key.q) || !less(s, &key.q) {
            return None;
        }
        let signature = dsa::Signature::from_components(uint(r, width), uint(s, width))?;
        key.library()?.verify_prehash(fitting(key, hash), &signature).ok()
    };
    verified().is_some()
}

/// A Diffie-Hellman key.
#[derive(Clone)]
pub struct Dh {
    pub p: Vec<u8>,
    pub g: Vec<u8>,
    /// The order of the subgroup, in X9.42's form of parameters only.
    pub q: Option<Vec<u8>>,
    /// Bits of private numbers, if the parameters say.
    pub length: Option<Vec<u8>>,
    pub y: Vec<u8>,
    pub secret: Option<Secret>,
}

impl Dh {
    /// A public key.
    pub fn public(p: &[u8], g: &[u8], q: Option<&[u8]>, length: Option<&[u8]>, y: &[u8]) -> Option<Dh> {
        if bits(p) > BITS_MAX || bits(p) < 2 || bits(g) == 0 || bits(y) == 0 || !less(y, p) {
            return None;
        }
        let number = |bytes: &[u8]| numbers::trimmed(bytes).to_vec();
        Some(Dh {
            p: number(p),
            g: number(g),
            q: q.map(number),
            length: length.map(number),
            y: number(y),
            secret: None,
        })
    }

    /// A private key.
    pub fn private(p: &[u8], g: &[u8], q: Option<&[u8]>, length: Option<&[u8]>, x: &[u8]) -> Option<Dh> {
        if bits(p) > BITS_MAX || bits(x) == 0 || bits(x) > bits(p) {
            return None;
        }
        let y = numbers::power(g, x, p)?;
        let secret = Some(Zeroizing::new(numbers::trimmed(x).to_vec()));
        Some(Dh { secret, ..Dh::public(p, g, q, length, &y)? })
    }

    /// A new private key in a group.
    pub fn generate(p: &[u8], g: &[u8], random: Random<'_>) -> Option<Dh> {
        // Twice the strength of the widest groups; more bits make it slower, not stronger. RFC 7919 §5.2.
        const EXPONENT_BITS: usize = 512;
        let size = bits(p).saturating_sub(2).min(EXPONENT_BITS).div_ceil(8);
        loop {
            let mut x = Zeroizing::new(vec![0; size.max(1)]);
            rand_core::Rng::fill_bytes(random, &mut x);
            if bits(&x) > 1 && less(&x, p) {
                return Dh::private(p, g, None, None, &x);
            }
            if bits(p) < 3 {
                return None;
            }
        }
    }
}

/// The shared secret, as long as the prime.
pub(super) fn agree(own: &Dh, other: &Dh) -> Result<Vec<u8>, Failure> {
    let failed = || Failure::operation("Deriving bits failed");
    let x = own.secret.as_ref().ok_or_else(failed)?;
    // Keys outside 2..p-2 would give the private one away. NIST SP 800-56A §5.6.2.3.1.
    let p = uint(&own.p, bits(&own.p));
    let last = p.wrapping_sub(BoxedUint::one_with_precision(p.bits_precision()));
    if bits(&other.y) < 2 || !less(&other.y, &bytes(&last)) {
        return Err(failed());
    }
    let secret = numbers::power(&other.y, x, &own.p).ok_or_else(failed)?;
    Ok(padded(&secret, bits(&own.p).div_ceil(8)))
}

/// Below this, candidates are sieved by the primes there are.
const SIEVE_MAX: u64 = 4096;

/// New parameters and a key in them. FIPS 186-4 §A.1.1.2 asks for p = 1 mod 2q; the primes are random, not provable.
///
/// `None` for sizes that do not go together.
pub fn generate_dsa(modulus_bits: usize, divisor_bits: usize, random: Random<'_>) -> Option<Dsa> {
    if !(DSA_BITS_MIN..=BITS_MAX).contains(&modulus_bits) || !(128..=512).contains(&divisor_bits) {
        return None;
    }
    if divisor_bits * 2 > modulus_bits {
        return None;
    }
    let q: BoxedUint = crypto_primes::random_prime(random, crypto_primes::Flavor::Any, divisor_bits as u32);
    let q = uint(&bytes(&q), divisor_bits);
    let p = dsa_modulus(&q, modulus_bits, random)?;
    let (p, q) = (bytes(&p), bytes(&q));
    let g = dsa_generator(&p, &q)?;
    loop {
        let mut x = Zeroizing::new(vec![0; divisor_bits.div_ceil(8)]);
        rand_core::Rng::fill_bytes(random, &mut x);
        if bits(&x) > 0 && less(&x, &q) {
            return Dsa::private(&p, &q, &g, &x);
        }
    }
}

/// A prime of the size that leaves 1 when divided by 2q. From a random start, steps of 2q are sieved by small primes first.
fn dsa_modulus(q: &BoxedUint, size: usize, random: Random<'_>) -> Option<BoxedUint> {
    const STEPS: u64 = 1 << 14;
    let small: Vec<u64> = (3..SIEVE_MAX).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0)).collect();
    let width = size.next_multiple_of(64);
    let step = uint(&bytes(q), width).shl_vartime(1)?;
    let step_nonzero = NonZero::new(step.clone()).into_option()?;
    let residue = |number: &BoxedUint, divisor: u64| {
        let divisor = crypto_bigint::Limb::from(divisor);
        NonZero::new(divisor).into_option().map_or(0, |divisor| number.rem_limb(divisor).0)
    };
    loop {
        let mut start = vec![0; size.div_ceil(8)];
        rand_core::Rng::fill_bytes(random, &mut start);
        let spare = start.len() * 8 - size;
        let first = start.first_mut()?;
        *first = (*first & (0xff >> spare)) | (0xc0 >> spare);
        let start = uint(&start, width);
        let start =
            start.wrapping_sub(start.rem(&step_nonzero)).wrapping_add(BoxedUint::one_with_precision(width as u32));
        let residues: Vec<[u64; 3]> =
            small.iter().map(|prime| [*prime, residue(&start, *prime), residue(&step, *prime)]).collect();
        let mut candidate = start;
        for count in 0..STEPS {
            let composite = residues.iter().any(|[prime, start, step]| (start + step * (count % prime)) % prime == 0);
            if !composite && candidate.bit_width_vartime() as usize == size {
                let found = crypto_primes::is_prime(crypto_primes::Flavor::Any, &candidate);
                if found {
                    return Some(candidate);
                }
            }
            candidate = candidate.wrapping_add(&step);
        }
    }
}

/// A generator of the subgroup: h to the power of (p-1)/q for the first h that gives more than 1. FIPS 186-4 §A.2.1.
fn dsa_generator(p: &[u8], q: &[u8]) -> Option<Vec<u8>> {
    let number = uint(p, bits(p));
    let less_one = number.wrapping_sub(BoxedUint::one_with_precision(number.bits_precision()));
    let divisor = NonZero::new(uint(q, bits(p))).into_option()?;
    let exponent = bytes(&less_one.wrapping_div(&divisor));
    (2..=255u8).find_map(|h| numbers::power(&[h], &exponent, p).filter(|g| bits(g) > 1))
}
