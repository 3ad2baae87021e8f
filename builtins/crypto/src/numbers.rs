//! Primes and finite-field Diffie-Hellman.

use crate::job::{Fail, Out, bytes_of, finish, run, size_of};
use crate::random::{Source, random};
use anode_crypto_pure::{numbers, primes};
use anode_runtime::{Args, JsResult, Scope};

/// Rounds of Miller and Rabin where the caller leaves it to us.
const ROUNDS: usize = 5;

/// `checkPrime(candidate, checks, callback)`: big-endian; `checks` 0: as many as needed.
pub(crate) fn check_prime<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let candidate = bytes_of(sc, args, 0)?;
    let rounds = size_of(args, 1).max(ROUNDS);
    run(sc, args.get(2), move || Ok(Out::Bool(primes::is_prime(&candidate, rounds, &mut Source))))
}

/// `generatePrime(bits, safe, add, rem, callback)`: big-endian bytes. `bits`: 2 at least, and 3 for a safe prime.
pub(crate) fn generate_prime<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (bits, safe) = (size_of(args, 0), args.get(1).is_true());
    let (add, rem) = (bytes_of(sc, args, 2)?, bytes_of(sc, args, 3)?);
    run(sc, args.get(4), move || {
        let found = match (numbers::bits(&add), safe) {
            (0, false) => Some(primes::prime(bits, &mut Source)),
            (0, true) => Some(primes::safe_prime(bits, &mut Source)),
            _ => primes::prime_in_progression(bits, safe, &add, &rem, &mut Source),
        };
        let found = found.ok_or_else(|| Fail::new("ERR_CRYPTO_OPERATION_FAILED", "Prime generation failed"))?;
        Ok(Out::Bytes(numbers::padded(&found, bits.div_ceil(8))))
    })
}

/// The bytes of a safe prime of `bits` bits.
pub(crate) fn safe_prime(bits: usize) -> Vec<u8> {
    primes::safe_prime(bits, &mut Source)
}

fn dh_fail(number: &str, reason: &str) -> Fail {
    Fail::openssl(number, "Diffie-Hellman routines", reason, "DH_")
}

/// From this size on, private numbers have twice the strength of the widest groups; more bits make it slower, not stronger.
/// RFC 7919 §5.2.
const WIDE_BITS: usize = 1536;
const EXPONENT_BITS: usize = 512;

/// A private number for a prime: from 2 to p - 2.
fn dh_private(prime: &[u8]) -> Result<Vec<u8>, Fail> {
    let bits = numbers::bits(prime);
    let size = if bits >= WIDE_BITS { EXPONENT_BITS } else { bits.saturating_sub(1) };
    loop {
        let mut number = random(size.div_ceil(8))?;
        if let Some(first) = number.first_mut() {
            *first &= 0xff >> (size.div_ceil(8) * 8 - size);
        }
        if numbers::less(&[1], &number) {
            return Ok(numbers::trimmed(&number).to_vec());
        }
    }
}

/// `dhPublic(prime, generator, private)`: `[private, public]`; an empty private key is made anew.
pub(crate) fn dh_public<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let [prime, generator, given] = [bytes_of(sc, args, 0)?, bytes_of(sc, args, 1)?, bytes_of(sc, args, 2)?];
    if numbers::bits(&prime) < 3 {
        return Err(dh_fail("0280007E", "modulus too small").throw(sc));
    }
    let pair = || {
        let private = if given.is_empty() { dh_private(&prime)? } else { given };
        let public = numbers::power(&generator, &private, &prime);
        let public =
            public.ok_or_else(|| Fail::openssl("01800066", "bignum routines", "called with even modulus", "BN_"))?;
        let public = if public.is_empty() { vec![0] } else { public };
        Ok(Out::List(vec![Out::Bytes(private), Out::Bytes(public)]))
    };
    finish(sc, pair())
}

/// `dhSecret(prime, private, otherPublic)`: the shared secret, as long as the prime.
pub(crate) fn dh_secret<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let [prime, private, other] = [bytes_of(sc, args, 0)?, bytes_of(sc, args, 1)?, bytes_of(sc, args, 2)?];
    // Keys outside 2..p-2 would give away the private one. NIST SP 800-56A §5.6.2.3.1.
    if numbers::bits(&other) < 2 {
        return Err(Fail::range_error("ERR_CRYPTO_INVALID_KEYLEN", "Supplied key is too small").throw(sc));
    }
    let last = numbers::minus_one(&prime);
    if !numbers::less(&other, &last) {
        return Err(Fail::range_error("ERR_CRYPTO_INVALID_KEYLEN", "Supplied key is too large").throw(sc));
    }
    match numbers::power(&other, &private, &prime) {
        Some(secret) => sc.array_buffer(numbers::padded(&secret, numbers::bits(&prime).div_ceil(8))),
        None => Err(Fail::openssl("01800066", "bignum routines", "called with even modulus", "BN_").throw(sc)),
    }
}
