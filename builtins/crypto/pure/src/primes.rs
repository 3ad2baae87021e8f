//! Primes: random ones, safe ones, ones in a progression, and the question whether a number is one.

use crate::keys::Random;
use crate::numbers::{bits, bytes, uint};
use crypto_bigint::{BoxedUint, Gcd as _, Limb, NonZero, Odd};
use crypto_primes::Flavor;
use crypto_primes::hazmat::{MillerRabin, SetBits, SmallFactorsSieveFactory};

/// The most rounds with random bases that come after the test of Baillie, Pomerance, Selfridge and Wagstaff. OpenSSL: 128 for
/// the widest numbers.
const ROUNDS_MAX: usize = 128;

/// Below this many bits, candidates are taken one by one.
const SIEVE_BITS_MIN: usize = 32;

/// Safe primes are sieved by primes below this.
const SIEVE_MAX: u32 = 1 << 18;

/// Candidates of a safe prime that one random start is followed by.
const SIEVE_SPAN: usize = 1 << 15;

/// How many candidates of a progression are tried: one that holds no prime of the size must end.
const TRIES_MAX: usize = 4_000_000;

/// Whether a number is a prime, with `rounds` more tests of Miller and Rabin than the one that has no known exception.
pub fn is_prime(candidate: &[u8], rounds: usize, random: Random<'_>) -> bool {
    is_probable(&uint(candidate, bits(candidate)), rounds, random)
}

fn is_probable(number: &BoxedUint, rounds: usize, random: Random<'_>) -> bool {
    if !crypto_primes::is_prime(Flavor::Any, number) {
        return false;
    }
    // Below 2^64 the first test is a proof.
    if rounds == 0 || number.bit_width_vartime() <= 64 {
        return true;
    }
    let Some(odd) = Odd::new(number.clone()).into_option() else { return false };
    let test = MillerRabin::new(odd);
    (0..rounds.min(ROUNDS_MAX)).all(|_| test.test_random_base(random).is_probably_prime())
}

/// A random number of the size with its top bit set, and the one below too if `two`.
fn random_number(size: usize, two: bool, random: Random<'_>) -> Vec<u8> {
    let mut out = vec![0; size.div_ceil(8)];
    rand_core::Rng::fill_bytes(random, &mut out);
    let spare = out.len() * 8 - size;
    let top = if two { 0xc0u8 } else { 0x80 };
    if let Some(first) = out.first_mut() {
        *first = (*first & (0xff >> spare)) | (top >> spare);
    }
    if two
        && spare == 7
        && let Some(second) = out.get_mut(1)
    {
        *second |= 0x80;
    }
    out
}

/// A prime of `size` bits, at least 2.
pub fn prime(size: usize, random: Random<'_>) -> Vec<u8> {
    if size >= SIEVE_BITS_MIN
        && let Ok(factory) = SmallFactorsSieveFactory::<BoxedUint>::new(Flavor::Any, size as u32, SetBits::TwoMsb)
    {
        let found = crypto_primes::sieve_and_find(random, factory, |_, candidate| {
            crypto_primes::is_prime(Flavor::Any, candidate)
        });
        if let Ok(Some(prime)) = found {
            return bytes(&prime);
        }
    }
    loop {
        let candidate = random_number(size, true, random);
        if is_prime(&candidate, 0, random) {
            return candidate;
        }
    }
}

/// A prime of `size` bits, at least 3, whose half is one too.
pub fn safe_prime(size: usize, random: Random<'_>) -> Vec<u8> {
    if size < SIEVE_BITS_MIN {
        // There are none of 4 or 5 bits with both top bits set.
        let two = !(4..=5).contains(&size);
        loop {
            let candidate = random_number(size, two, random);
            if is_safe(&candidate, random) {
                return candidate;
            }
        }
    }
    let small = small_primes();
    loop {
        if let Some(found) = sieve_safe(size, &small, random) {
            return found;
        }
    }
}

fn half(number: &BoxedUint) -> BoxedUint {
    number.shr_vartime(1).unwrap_or_else(|| number.clone())
}

fn is_safe(candidate: &[u8], random: Random<'_>) -> bool {
    let number = uint(candidate, bits(candidate));
    is_probable(&number, 0, random) && is_probable(&half(&number), 0, random)
}

/// The primes from 5 to [`SIEVE_MAX`]. Eratosthenes.
fn small_primes() -> Vec<u32> {
    let mut composite = vec![false; SIEVE_MAX as usize];
    let mut primes = Vec::new();
    for number in 2..SIEVE_MAX as usize {
        if composite[number] {
            continue;
        }
        if number > 3 {
            primes.push(number as u32);
        }
        for multiple in (number * number..SIEVE_MAX as usize).step_by(number) {
            composite[multiple] = true;
        }
    }
    primes
}

/// Looks for a safe prime among numbers that leave 11 when divided by 12, as all do but the smallest. Numbers of which either
/// they or their half have a small factor are passed over before the expensive test.
fn sieve_safe(size: usize, small: &[u32], random: Random<'_>) -> Option<Vec<u8>> {
    let width = (size + 1).next_multiple_of(64);
    let start = uint(&random_number(size, true, random), width);
    let step = Limb::from(12u32);
    let rest = NonZero::new(step).into_option().map_or(0, |twelve| start.rem_limb(twelve).0);
    let small_number = |value: u64| uint(&value.to_be_bytes(), width);
    let start = start.wrapping_sub(small_number(rest)).wrapping_add(small_number(11));
    let mut passed = vec![false; SIEVE_SPAN];
    for prime in small {
        let residue = NonZero::new(Limb::from(*prime)).into_option().map_or(0, |limb| start.rem_limb(limb).0) as u32;
        // The number itself leaves 0, or its half does: then the number leaves 1.
        for wanted in [0, 1] {
            let distance = (wanted + prime - residue % prime) % prime;
            let first = u64::from(distance) * inverse_of_twelve(*prime) % u64::from(*prime);
            for place in (first as usize..SIEVE_SPAN).step_by(*prime as usize) {
                passed[place] = true;
            }
        }
    }
    for (place, passed) in passed.iter().enumerate() {
        if *passed {
            continue;
        }
        let candidate = start.wrapping_add(small_number(place as u64 * 12));
        if candidate.bit_width_vartime() as usize != size {
            return None;
        }
        let half = half(&candidate);
        let odd = Odd::new(half.clone()).into_option()?;
        if !MillerRabin::new(odd).test_base_two().is_probably_prime() {
            continue;
        }
        if is_probable(&candidate, 0, random) && is_probable(&half, 0, random) {
            return Some(bytes(&candidate));
        }
    }
    None
}

/// What twelve must be multiplied with to leave 1, modulo a prime above 3: by Fermat, twelve to the power of p - 2.
fn inverse_of_twelve(prime: u32) -> u64 {
    let prime = u64::from(prime);
    let (mut base, mut exponent, mut result) = (12 % prime, prime - 2, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % prime;
        }
        base = base * base % prime;
        exponent >>= 1;
    }
    result
}

/// A prime of `size` bits that leaves `rem` when divided by `add`. `None` if there is none, or it was not found.
pub fn prime_in_progression(size: usize, safe: bool, add: &[u8], rem: &[u8], random: Random<'_>) -> Option<Vec<u8>> {
    let width = (size.max(bits(add)).max(bits(rem)) + 1).next_multiple_of(64);
    let (step, rest) = (uint(add, width), uint(rem, width));
    let divisor = NonZero::new(step.clone()).into_option()?;
    // All numbers of the progression share a factor of both.
    if bits(rem) > 0 && bool::from(!step.gcd(&rest).is_one()) {
        return None;
    }
    for _ in 0..TRIES_MAX {
        let start = random_number(size, false, random);
        let number = uint(&start, width);
        let number = number.wrapping_sub(number.rem(&divisor)).wrapping_add(&rest);
        if number.bit_width_vartime() as usize != size {
            continue;
        }
        if is_probable(&number, 0, random) && (!safe || is_probable(&half(&number), 0, random)) {
            return Some(bytes(&number));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A generator of no quality, which is all that a test needs.
    struct Counter(u64);

    impl rand_core::TryRng for Counter {
        type Error = std::convert::Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            rand_core::utils::next_word_via_fill(self)
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            rand_core::utils::next_word_via_fill(self)
        }

        fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
            for byte in out {
                self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                *byte = (self.0 >> 56) as u8;
            }
            Ok(())
        }
    }

    impl rand_core::TryCryptoRng for Counter {}

    #[test]
    fn small_numbers() {
        let primes: Vec<u8> = (0..60).filter(|number| is_prime(&[*number], 3, &mut Counter(1))).collect();
        assert_eq!(primes, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59]);
        assert!(!is_prime(&[], 0, &mut Counter(1)));
        // Carmichael's 561 and a strong pseudoprime to the bases 2, 3, 5 and 7.
        assert!(!is_prime(&[2, 0x31], 0, &mut Counter(1)));
        assert!(!is_prime(&3_215_031_751u64.to_be_bytes(), 0, &mut Counter(1)));
    }

    #[test]
    fn sizes() {
        for size in [2, 3, 5, 8, 9, 31, 32, 33, 80, 257] {
            let found = prime(size, &mut Counter(7));
            assert_eq!(bits(&found), size);
            assert!(is_prime(&found, 5, &mut Counter(3)));
        }
        for size in [3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 64, 80] {
            let found = safe_prime(size, &mut Counter(7));
            assert_eq!(bits(&found), size);
            assert!(is_safe(&found, &mut Counter(3)), "{size}");
        }
        assert_eq!(safe_prime(3, &mut Counter(1)), [7]);
    }

    #[test]
    fn progressions() {
        for safe in [false, true] {
            let found = prime_in_progression(40, safe, &[12], &[11], &mut Counter(5)).unwrap();
            assert_eq!(bits(&found), 40);
            let number = found.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
            assert_eq!(number % 12, 11);
        }
        assert_eq!(prime_in_progression(32, false, &[12], &[4], &mut Counter(5)), None);
        assert_eq!(prime_in_progression(32, false, &[], &[4], &mut Counter(5)), None);
    }
}
