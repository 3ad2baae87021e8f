//! Primes and finite-field Diffie-Hellman on `num-bigint-dig`.

use crate::job::{Fail, Out, bytes_of, finish, run, size_of};
use anode_runtime::{Args, JsResult, Scope};
use num_bigint_dig::prime::probably_prime;
use num_bigint_dig::{BigUint, RandBigInt as _, RandPrime as _};
use rand_core_06::OsRng;

/// Rounds of Miller-Rabin for primes that we choose; Baillie-PSW comes on top.
const ROUNDS: usize = 20;

/// `checkPrime(candidate, checks, callback)`: big-endian; `checks` 0: as many as needed.
pub(crate) fn check_prime<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let candidate = BigUint::from_bytes_be(&bytes_of(sc, args, 0)?);
    let checks = match size_of(args, 1) {
        0 => ROUNDS,
        count => count,
    };
    run(sc, args.get(2), move || Ok(Out::Bool(probably_prime(&candidate, checks))))
}

/// Below this, candidates of safe primes are sieved by the primes there are.
const SIEVE_MAX: u32 = 2048;

/// How far to go from one random start before taking another.
const SIEVE_SPAN: u32 = 1 << 16;

/// A prime whose half is one too. Both cannot be unless it leaves 11 when divided by 12; numbers of which either has a
/// small factor are passed over before the expensive test.
fn find_safe_prime(bits: usize) -> BigUint {
    let one = BigUint::from(1u8);
    let small: Vec<u32> = (5..SIEVE_MAX).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0)).collect();
    let residue = |number: &BigUint, divisor: u32| {
        let rest = number % BigUint::from(divisor);
        rest.to_bytes_le().iter().rev().fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte))
    };
    loop {
        let top = (&one << (bits - 1)) | (&one << (bits - 2));
        let start = OsRng.gen_biguint(bits) | top;
        let start = &start - BigUint::from(residue(&start, 12)) + BigUint::from(11u8);
        let residues: Vec<(u32, u32)> = small.iter().map(|prime| (*prime, residue(&start, *prime))).collect();
        for delta in (0..SIEVE_SPAN).step_by(12) {
            if residues.iter().any(|(prime, residue)| (residue + delta) % prime <= 1) {
                continue;
            }
            let candidate = &start + BigUint::from(delta);
            let half = &candidate >> 1;
            let likely = probably_prime(&half, 1) && probably_prime(&candidate, 1);
            if likely && candidate.bits() == bits && probably_prime(&half, ROUNDS) && probably_prime(&candidate, ROUNDS)
            {
                return candidate;
            }
        }
    }
}

/// Bits from which a safe prime is sieved for; smaller ones are found by trying.
const SIEVE_BITS_MIN: usize = 32;

/// The bytes of a safe prime of `bits` bits.
pub(crate) fn safe_prime(bits: usize) -> Vec<u8> {
    let zero = BigUint::from(0u8);
    find_prime(bits, true, &zero, &zero).to_bytes_be()
}

/// A prime of `bits` bits; with `add`, one that leaves `rem` when divided by it.
fn find_prime(bits: usize, safe: bool, add: &BigUint, rem: &BigUint) -> BigUint {
    let (zero, one) = (BigUint::from(0u8), BigUint::from(1u8));
    if safe && *add == zero && bits >= SIEVE_BITS_MIN {
        return find_safe_prime(bits);
    }
    loop {
        let candidate = if *add == zero {
            OsRng.gen_prime(bits.max(2))
        } else {
            let mut number = OsRng.gen_biguint(bits) | (&one << (bits - 1));
            number = &number - &number % add + rem;
            if number.bits() != bits || !probably_prime(&number, ROUNDS) {
                continue;
            }
            number
        };
        if !safe || probably_prime(&((&candidate - &one) >> 1), ROUNDS) {
            return candidate;
        }
    }
}

/// `generatePrime(bits, safe, add, rem, callback)`: big-endian bytes.
pub(crate) fn generate_prime<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (bits, safe) = (size_of(args, 0), args.get(1).is_true());
    let add = BigUint::from_bytes_be(&bytes_of(sc, args, 2)?);
    let rem = BigUint::from_bytes_be(&bytes_of(sc, args, 3)?);
    run(sc, args.get(4), move || {
        let size = bits.div_ceil(8);
        let bytes = find_prime(bits, safe, &add, &rem).to_bytes_be();
        let mut padded = vec![0; size.saturating_sub(bytes.len())];
        padded.extend(bytes);
        Ok(Out::Bytes(padded))
    })
}

/// `dhPublic(prime, generator, private)`: `[private, public]`; an empty private key is made anew.
pub(crate) fn dh_public<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let prime = BigUint::from_bytes_be(&bytes_of(sc, args, 0)?);
    let generator = BigUint::from_bytes_be(&bytes_of(sc, args, 1)?);
    let given = bytes_of(sc, args, 2)?;
    let two = BigUint::from(2u8);
    if prime <= BigUint::from(4u8) {
        let fail = Fail::openssl("0280007E", "Diffie-Hellman routines", "modulus too small", "DH_");
        return Err(fail.throw(sc));
    }
    let private =
        if given.is_empty() { OsRng.gen_biguint_range(&two, &(&prime - &two)) } else { BigUint::from_bytes_be(&given) };
    let public = generator.modpow(&private, &prime);
    finish(sc, Ok(Out::List(vec![Out::Bytes(private.to_bytes_be()), Out::Bytes(public.to_bytes_be())])))
}

/// `dhSecret(prime, private, otherPublic)`: the shared secret, as long as the prime.
pub(crate) fn dh_secret<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let prime = BigUint::from_bytes_be(&bytes_of(sc, args, 0)?);
    let private = BigUint::from_bytes_be(&bytes_of(sc, args, 1)?);
    let other = BigUint::from_bytes_be(&bytes_of(sc, args, 2)?);
    let one = BigUint::from(1u8);
    // Keys outside 2..p-2 would give away the private one. NIST SP 800-56A §5.6.2.3.1.
    if other <= one {
        return Err(Fail::range_error("ERR_CRYPTO_INVALID_KEYLEN", "Supplied key is too small").throw(sc));
    }
    if &other + &one >= prime {
        return Err(Fail::range_error("ERR_CRYPTO_INVALID_KEYLEN", "Supplied key is too large").throw(sc));
    }
    let bytes = other.modpow(&private, &prime).to_bytes_be();
    let mut padded = vec![0; prime.bits().div_ceil(8).saturating_sub(bytes.len())];
    padded.extend(bytes);
    sc.array_buffer(padded)
}
