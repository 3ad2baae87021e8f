//! Keys from passwords and from other keys: PBKDF2, scrypt, HKDF, Argon2.

use crate::job::{self, Fail, Out, bytes_of, size_of, text_of};
use anode_crypto_pure::digests::Md;
use anode_crypto_pure::with_digest;
use anode_runtime::{Args, JsResult, Scope};

fn invalid_digest(name: &str) -> Fail {
    Fail::type_error("ERR_CRYPTO_INVALID_DIGEST", &format!("Invalid digest: {name}"))
}

/// `pbkdf2(digest, password, salt, iterations, length, callback)`
pub(crate) fn pbkdf2<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    let (password, salt) = (bytes_of(sc, args, 1)?, bytes_of(sc, args, 2)?);
    let (rounds, length) = (size_of(args, 3), size_of(args, 4));
    let Some(md) = Md::find(&name) else { return Err(invalid_digest(&name).throw(sc)) };
    job::run(sc, args.get(5), move || {
        let mut out = vec![0; length];
        let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
        with_digest!(md, |D, H| pbkdf2::pbkdf2::<H>(&password, &salt, rounds, &mut out))
            .map_err(|_| Fail::new("ERR_CRYPTO_PBKDF2_ERROR", "PBKDF2 error"))?;
        Ok(Out::Bytes(out))
    })
}

/// `hkdf(digest, key, salt, info, length, callback)`. RFC 5869.
pub(crate) fn hkdf<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    let (key, salt, info) = (bytes_of(sc, args, 1)?, bytes_of(sc, args, 2)?, bytes_of(sc, args, 3)?);
    let length = size_of(args, 4);
    let Some(md) = Md::find(&name) else { return Err(invalid_digest(&name).throw(sc)) };
    let output_size = with_digest!(md, |D, H| <D as digest::Digest>::output_size());
    if length > 255 * output_size {
        return Err(Fail::range_error("ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length").throw(sc));
    }
    job::run(sc, args.get(5), move || {
        let mut out = vec![0; length];
        with_digest!(md, |D, H| hkdf::GenericHkdf::<H>::new(Some(&salt), &key).expand(&info, &mut out))
            .map_err(|_| Fail::new("ERR_CRYPTO_OPERATION_FAILED", "HKDF derivation failed"))?;
        Ok(Out::Bytes(out))
    })
}

/// `scrypt(password, salt, length, N, r, p, maxmem, callback)`; `maxmem` in bytes. RFC 7914.
pub(crate) fn scrypt<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (password, salt) = (bytes_of(sc, args, 0)?, bytes_of(sc, args, 1)?);
    let length = size_of(args, 2);
    let [n, r, p, memory_max] = [3, 4, 5, 6].map(|at| args.get(at).as_f64().unwrap_or(0.0));
    let refuse = |reason: &str| Fail::range_error("ERR_CRYPTO_INVALID_SCRYPT_PARAMS", reason);
    let (n_whole, r_whole, p_whole) = (n as u64, r as u32, p as u32);
    if n_whole < 2 || !n_whole.is_power_of_two() || r_whole == 0 || p_whole == 0 {
        return Err(refuse("Invalid scrypt params").throw(sc));
    }
    // As OpenSSL counts: B of p blocks, V of N blocks, and working space of one block and a bit.
    if 128.0 * r * p + 32.0 * r * (n + 2.0) * 4.0 > memory_max {
        let text = "Invalid scrypt params: error:030000AC:digital envelope routines::memory limit exceeded";
        return Err(refuse(text).throw(sc));
    }
    let log_n = n_whole.trailing_zeros() as u8;
    let params = match scrypt::Params::new(log_n, r_whole, p_whole) {
        Ok(params) => params,
        Err(_) => return Err(refuse("Invalid scrypt params").throw(sc)),
    };
    job::run(sc, args.get(7), move || {
        let mut out = vec![0; length];
        if length > 0 {
            scrypt::scrypt(&password, &salt, &params, &mut out)
                .map_err(|_| Fail::new("ERR_CRYPTO_OPERATION_FAILED", "Scrypt failed"))?;
        }
        Ok(Out::Bytes(out))
    })
}

/// `argon2(algorithm, message, nonce, lanes, length, memory, passes, secret, associatedData, callback)`; memory in KiB.
/// RFC 9106.
pub(crate) fn argon2<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let algorithm = match text_of(sc, args, 0)?.as_str() {
        "argon2d" => argon2::Algorithm::Argon2d,
        "argon2i" => argon2::Algorithm::Argon2i,
        _ => argon2::Algorithm::Argon2id,
    };
    let (message, nonce) = (bytes_of(sc, args, 1)?, bytes_of(sc, args, 2)?);
    let [lanes, length, memory, passes] = [3, 4, 5, 6].map(|at| size_of(args, at));
    let (secret, data) = (bytes_of(sc, args, 7)?, bytes_of(sc, args, 8)?);
    job::run(sc, args.get(9), move || {
        let refuse =
            |error: argon2::Error| Fail::new("ERR_CRYPTO_OPERATION_FAILED", &format!("Argon2 failed: {error}"));
        let word = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        let mut builder = argon2::ParamsBuilder::new();
        builder.m_cost(word(memory)).t_cost(word(passes)).p_cost(word(lanes)).output_len(length);
        builder.data(argon2::AssociatedData::new(&data).map_err(refuse)?);
        let params = builder.build().map_err(refuse)?;
        let hasher =
            argon2::Argon2::new_with_secret(&secret, algorithm, argon2::Version::V0x13, params).map_err(refuse)?;
        let mut out = vec![0; length];
        hasher.hash_password_into(&message, &nonce, &mut out).map_err(refuse)?;
        Ok(Out::Bytes(out))
    })
}
