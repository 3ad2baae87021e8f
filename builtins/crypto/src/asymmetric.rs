//! What asymmetric keys do: signatures, RSA encryption, key agreement and encapsulation.

use crate::job::{Fail, Out, bytes_of, run, text_of};
use crate::keys;
use crate::random::Source;
use anode_crypto_pure::digests::Md;
use anode_crypto_pure::error::WRONG_KEY_TYPE;
use anode_crypto_pure::keys::sign::{self, Message, Scheme};
use anode_crypto_pure::keys::{self as kinds, Key, kem, rsa};
use anode_runtime::{Args, JsResult, Scope, Thrown};

/// The scheme of the arguments from `at` on: `digest, hashed, padding, saltLength, ieee, context`; and `hashed`.
fn scheme_of<'s>(sc: &mut Scope<'s>, args: &Args<'s>, at: usize) -> Result<(Scheme, bool), Thrown> {
    let name = text_of(sc, args, at)?;
    let md = Md::find(&name);
    if md.is_none() && !name.is_empty() {
        let fail = Fail::type_error("ERR_CRYPTO_INVALID_DIGEST", &format!("Invalid digest: {name}"));
        return Err(fail.throw(sc));
    }
    let context = if args.get(at + 5).is_nullish() { None } else { Some(bytes_of(sc, args, at + 5)?) };
    let number = |index: usize| args.get(index).as_f64().map(|value| value as i32);
    let scheme =
        Scheme { context, ieee: args.get(at + 4).is_true(), md, padding: number(at + 2), salt: number(at + 3) };
    Ok((scheme, args.get(at + 1).is_true()))
}

fn message(data: &[u8], hashed: bool) -> Message<'_> {
    if hashed { Message::Digest(data) } else { Message::Whole(data) }
}

/// `sign(key, data, digest, hashed, padding, saltLength, ieee, context, callback)`
pub(crate) fn sign<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(0))?;
    let data = bytes_of(sc, args, 1)?;
    let (scheme, hashed) = scheme_of(sc, args, 2)?;
    run(sc, args.get(8), move || {
        sign::sign(&key, &scheme, message(&data, hashed), &mut Source).map(Out::Bytes).map_err(Fail::pure)
    })
}

/// `verify(key, data, digest, hashed, padding, saltLength, ieee, context, signature, callback)`
pub(crate) fn verify<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(0))?;
    let (data, signature) = (bytes_of(sc, args, 1)?, bytes_of(sc, args, 8)?);
    let (scheme, hashed) = scheme_of(sc, args, 2)?;
    run(sc, args.get(9), move || {
        sign::verify(&key, &scheme, message(&data, hashed), &signature).map(Out::Bool).map_err(Fail::pure)
    })
}

/// `rsaCrypt(operation, key, data, padding, digest, label, callback)`: `publicEncrypt`, `privateDecrypt`, `privateEncrypt`,
/// `publicDecrypt`.
pub(crate) fn rsa_crypt<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let operation = text_of(sc, args, 0)?;
    let key = keys::unwrap(sc, args.get(1))?;
    let data = bytes_of(sc, args, 2)?;
    let padding = args.get(3).as_f64().unwrap_or(0.0) as i32;
    let name = text_of(sc, args, 4)?;
    let label = bytes_of(sc, args, 5)?;
    let Some(md) = Md::find(&name) else {
        return Err(Fail::new("ERR_OSSL_EVP_INVALID_DIGEST", "Invalid digest used").throw(sc));
    };
    run(sc, args.get(6), move || {
        let Key::Rsa(key) = &*key else { return Err(Fail::refusal(&WRONG_KEY_TYPE)) };
        let result = match operation.as_str() {
            "publicEncrypt" => rsa::public_encrypt(key, padding, md, &label, &data, &mut Source),
            "privateDecrypt" => rsa::private_decrypt(key, padding, md, &label, &data, &mut Source),
            "privateEncrypt" => rsa::private_encrypt(key, padding, &data, &mut Source),
            _ => rsa::public_decrypt(key, padding, &data),
        };
        result.map(Out::Bytes).map_err(Fail::pure)
    })
}

/// `agree(private, public, callback)`: the shared secret.
pub(crate) fn agree<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (private, public) = (keys::unwrap(sc, args.get(0))?, keys::unwrap(sc, args.get(1))?);
    run(sc, args.get(2), move || kinds::agree(&private, &public).map(Out::Bytes).map_err(Fail::pure))
}

/// `encapsulate(public, callback)`: `[sharedKey, ciphertext]`.
pub(crate) fn encapsulate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(0))?;
    run(sc, args.get(1), move || {
        let (shared, sealed) = kem::encapsulate(&key, &mut Source).map_err(Fail::pure)?;
        Ok(Out::List(vec![Out::Bytes(shared), Out::Bytes(sealed)]))
    })
}

/// `decapsulate(private, ciphertext, callback)`: the shared key.
pub(crate) fn decapsulate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(0))?;
    let sealed = bytes_of(sc, args, 1)?;
    run(sc, args.get(2), move || kem::decapsulate(&key, &sealed, &mut Source).map(Out::Bytes).map_err(Fail::pure))
}
