//! The functions of keys: reading, writing, generating.

use crate::job::{Fail, Out, bytes_of, finish, run, size_of, text_of};
use crate::keys::{self, Curve, Key, Want};
use anode_runtime::{Args, JsResult, Scope};
use rand_core::OsRng;
use rsa::{BigUint, RsaPrivateKey};
use std::sync::Arc;
use zeroize::Zeroizing;

fn shared(key: Key) -> Out {
    Out::Key(Arc::new(key))
}

/// `keyRead(data, format, type, wantPublic, passphrase)`: format `pem` or `der`; a native key.
pub(crate) fn read<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let data = bytes_of(sc, args, 0)?;
    let (format, kind) = (text_of(sc, args, 1)?, text_of(sc, args, 2)?);
    let want = if args.get(3).is_true() { Want::Public } else { Want::Private };
    let passphrase = if args.get(4).is_nullish() { None } else { Some(bytes_of(sc, args, 4)?) };
    let key = if format == "der" {
        keys::read_der(&data, &kind, want, passphrase.as_deref())
    } else {
        keys::read_pem(&String::from_utf8_lossy(&data), want, passphrase.as_deref())
    };
    finish(sc, key.map(shared))
}

/// `keyWrite(key, format, type, cipher, passphrase)`: PEM text or DER bytes.
pub(crate) fn write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(0))?;
    let (format, kind, cipher) = (text_of(sc, args, 1)?, text_of(sc, args, 2)?, text_of(sc, args, 3)?);
    let passphrase = bytes_of(sc, args, 4)?;
    let outcome = encode(&key, &format, &kind, &cipher, &passphrase);
    finish(sc, outcome)
}

fn encode(key: &Key, format: &str, kind: &str, cipher: &str, passphrase: &[u8]) -> Result<Out, Fail> {
    let (label, der) = match kind {
        "pkcs8" if !cipher.is_empty() => {
            ("ENCRYPTED PRIVATE KEY", Zeroizing::new(keys::encrypt_pkcs8(&key.to_pkcs8()?, cipher, passphrase)?))
        }
        "pkcs8" => ("PRIVATE KEY", key.to_pkcs8()?),
        "spki" => ("PUBLIC KEY", Zeroizing::new(key.to_spki()?)),
        "sec1" => ("EC PRIVATE KEY", key.to_traditional()?),
        _ if key.is_private() => ("RSA PRIVATE KEY", key.to_traditional()?),
        _ => ("RSA PUBLIC KEY", key.to_traditional()?),
    };
    if !cipher.is_empty() && kind != "pkcs8" {
        return keys::encrypt_pem(label, &der, cipher, passphrase).map(Out::Text);
    }
    Ok(if format == "pem" {
        Out::Text(anode_crypto_pure::pem::write(label, &der, None))
    } else {
        Out::Bytes(der.to_vec())
    })
}

/// `keyPublic(key)`: the public half.
pub(crate) fn public<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(0))?;
    finish(sc, Ok(shared(key.to_public())))
}

/// `keyInfo(key)`: `{ kind, isPrivate, details }`.
pub(crate) fn info<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(0))?;
    let entries = vec![
        ("kind", Out::Text(key.kind().into())),
        ("isPrivate", Out::Bool(key.is_private())),
        ("details", Out::Map(key.details())),
    ];
    finish(sc, Ok(Out::Map(entries)))
}

/// `keyParts(key)`: members of its JWK as ArrayBuffers.
pub(crate) fn parts<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(0))?;
    finish(sc, Ok(Out::Map(key.parts())))
}

/// `keyFromParts(kind, curve, x or n, y or e, d, p, q)`: a native key, or undefined if the parts make none. `kind`: `rsa`, `ec`,
/// `ed25519`, `x25519`. For `ec`, an `x` without `y` is an encoded point.
pub(crate) fn from_parts<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (kind, curve) = (text_of(sc, args, 0)?, text_of(sc, args, 1)?);
    let mut parts = Vec::with_capacity(5);
    for at in 2..7 {
        parts.push(Zeroizing::new(bytes_of(sc, args, at)?));
    }
    let key = match parts.as_slice() {
        [a, b, d, p, q] => assemble(&kind, &curve, a, b, d, [p, q]),
        _ => None,
    };
    match key {
        Some(key) => keys::wrap(sc, Arc::new(key)),
        None => Ok(sc.undefined()),
    }
}

fn assemble(kind: &str, curve: &str, a: &[u8], b: &[u8], d: &[u8], primes: [&[u8]; 2]) -> Option<Key> {
    let exact = |bytes: &[u8]| <[u8; 32]>::try_from(bytes).ok();
    match kind {
        "rsa" if d.is_empty() => keys::rsa_public(a, b),
        "rsa" => keys::rsa_private(a, b, d, &primes),
        "ec" => {
            let curve = Curve::find(curve)?;
            if d.is_empty() {
                let point = if b.is_empty() { a.to_vec() } else { [&[4], a, b].concat() };
                return keys::ec_public(curve, &point);
            }
            let key = keys::ec_private(curve, d)?;
            let given = [&[4], a, b].concat();
            // The public half, if it is there, must belong to the private one.
            match &key {
                Key::EcPrivate { point, .. } if !a.is_empty() && *point != given => None,
                _ => Some(key),
            }
        }
        "ed25519" if d.is_empty() => exact(a).map(Key::Ed25519Public),
        "ed25519" => exact(d).map(|seed| Key::Ed25519Private(Zeroizing::new(seed))),
        "x25519" if d.is_empty() => exact(a).map(Key::X25519Public),
        "x25519" => exact(d).map(|seed| Key::X25519Private(Zeroizing::new(seed))),
        _ => None,
    }
}

/// `keyGenerate(kind, curve, bits, exponent, callback)`: a native private key.
pub(crate) fn generate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (kind, curve) = (text_of(sc, args, 0)?, text_of(sc, args, 1)?);
    let (bits, exponent) = (size_of(args, 2), size_of(args, 3));
    run(sc, args.get(4), move || {
        let failed = || Fail::new("ERR_CRYPTO_OPERATION_FAILED", "Key generation job failed");
        let seed = || -> Result<Zeroizing<[u8; 32]>, Fail> {
            let bytes = Zeroizing::new(crate::random::random(32)?);
            bytes.first_chunk().copied().map(Zeroizing::new).ok_or_else(failed)
        };
        Ok(shared(match kind.as_str() {
            "ed25519" => Key::Ed25519Private(seed()?),
            "x25519" => Key::X25519Private(seed()?),
            "ec" => {
                let curve = Curve::find(&curve).ok_or_else(failed)?;
                let scalar = keys::with_curve!(curve, |C| {
                    Zeroizing::new(elliptic_curve::SecretKey::<C>::random(&mut OsRng).to_bytes().to_vec())
                });
                keys::ec_private(curve, &scalar).ok_or_else(failed)?
            }
            _ => {
                let exponent = BigUint::from(exponent as u64);
                Key::RsaPrivate(Box::new(
                    RsaPrivateKey::new_with_exp(&mut OsRng, bits, &exponent).map_err(|_| failed())?,
                ))
            }
        }))
    })
}

/// `keyEquals(a, b)`
pub(crate) fn equals<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (a, b) = (keys::unwrap(sc, args.get(0))?, keys::unwrap(sc, args.get(1))?);
    let bytes = |key: &Key| if key.is_private() { key.to_pkcs8().map(|der| der.to_vec()) } else { key.to_spki() };
    let equal = match (bytes(&a), bytes(&b)) {
        (Ok(a), Ok(b)) => bool::from(subtle::ConstantTimeEq::ct_eq(a.as_slice(), b.as_slice())),
        _ => false,
    };
    Ok(sc.boolean(equal))
}

/// `ecPoint(curve, point, form)`: a point in another form (2, 4, 6); undefined if it is not on the curve.
pub(crate) fn point<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    let given = bytes_of(sc, args, 1)?;
    let form = size_of(args, 2) as u8;
    let found = Curve::find(&name).and_then(|curve| match keys::ec_public(curve, &given)? {
        Key::EcPublic { point, .. } => keys::encode_point(curve, &point, form),
        _ => None,
    });
    match found {
        Some(bytes) => sc.array_buffer(bytes),
        None => Ok(sc.undefined()),
    }
}
