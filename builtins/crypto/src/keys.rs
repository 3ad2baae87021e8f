//! Keys as native objects: reading, writing, describing, generating. What they are made of is in `anode_crypto_pure::keys`.

use crate::job::{Fail, Out, bytes_of, finish, run, size_of, text_of};
use crate::random::{Source, random};
use anode_crypto_pure::digests::Md;
use anode_crypto_pure::keys::codec::{self, Want};
use anode_crypto_pure::keys::ec::{Curve, Ec, encode_point};
use anode_crypto_pure::keys::generate::{Request, generate as generate_key};
use anode_crypto_pure::keys::okp::{Okp, OkpCurve};
use anode_crypto_pure::keys::quantum::{Algorithm, Quantum};
use anode_crypto_pure::keys::rsa::{PssParameters, Purpose, Rsa};
use anode_crypto_pure::keys::{Detail, Key, sign};
use anode_crypto_pure::{pbe, pem};
use anode_runtime::{Args, JsResult, Local, Scope, Thrown};
use std::rc::Rc;
use std::sync::Arc;
use zeroize::Zeroizing;

pub(crate) type SharedKey = Arc<Key>;

/// The native object of a key.
pub(crate) fn wrap<'s>(sc: &mut Scope<'s>, key: SharedKey) -> JsResult<'s> {
    sc.native_object(None, Rc::new(key))
}

/// The key of a native object.
pub(crate) fn unwrap<'s>(sc: &mut Scope<'s>, value: Local<'s>) -> Result<SharedKey, Thrown> {
    sc.need_native::<SharedKey>(value).map(|key| (*key).clone())
}

fn shared(key: Key) -> Out {
    Out::Key(Arc::new(key))
}

/// `keyRead(data, format, type, wantPublic, passphrase)`: format `pem` or `der`; a native key.
pub(crate) fn read<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let data = Zeroizing::new(bytes_of(sc, args, 0)?);
    let (format, kind) = (text_of(sc, args, 1)?, text_of(sc, args, 2)?);
    let want = if args.get(3).is_true() { Want::Public } else { Want::Private };
    let passphrase = if args.get(4).is_nullish() { None } else { Some(bytes_of(sc, args, 4)?) };
    let key = if format == "der" {
        codec::read_der(&data, &kind, want, passphrase.as_deref())
    } else {
        codec::read_pem(&String::from_utf8_lossy(&data), want, passphrase.as_deref())
    };
    finish(sc, key.map(shared).map_err(Fail::pure))
}

/// `keyWrite(key, format, type, cipher, passphrase)`: PEM text or DER bytes.
pub(crate) fn write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = unwrap(sc, args.get(0))?;
    let (format, kind, cipher) = (text_of(sc, args, 1)?, text_of(sc, args, 2)?, text_of(sc, args, 3)?);
    let passphrase = bytes_of(sc, args, 4)?;
    let outcome = encode(&key, &format, &kind, &cipher, &passphrase);
    finish(sc, outcome)
}

fn encoding_failed() -> Fail {
    Fail::new("ERR_CRYPTO_OPERATION_FAILED", "Failed to encode key")
}

fn encode(key: &Key, format: &str, kind: &str, cipher: &str, passphrase: &[u8]) -> Result<Out, Fail> {
    let (label, der) = match kind {
        "pkcs8" if !cipher.is_empty() => {
            let plain = codec::to_pkcs8(key).ok_or_else(encoding_failed)?;
            ("ENCRYPTED PRIVATE KEY", Some(Zeroizing::new(encrypt_pkcs8(&plain, cipher, passphrase)?)))
        }
        "pkcs8" => ("PRIVATE KEY", codec::to_pkcs8(key)),
        "spki" => ("PUBLIC KEY", codec::to_spki(key).map(Zeroizing::new)),
        "sec1" => ("EC PRIVATE KEY", codec::to_traditional(key)),
        _ if key.is_private() => ("RSA PRIVATE KEY", codec::to_traditional(key)),
        _ => ("RSA PUBLIC KEY", codec::to_traditional(key)),
    };
    let der = der.ok_or_else(encoding_failed)?;
    if !cipher.is_empty() && kind != "pkcs8" {
        return encrypt_pem(label, &der, cipher, passphrase).map(Out::Text);
    }
    Ok(if format == "pem" { Out::Text(pem::write(label, &der, None)) } else { Out::Bytes(der.to_vec()) })
}

/// OpenSSL's refusals of ciphers that take no IV of their own, or that PKCS#8 has no name for.
fn cipher_of(name: &str, in_pkcs8: bool) -> Result<pbe::Cipher, Fail> {
    let found =
        pbe::Cipher::find(name).filter(|cipher| if in_pkcs8 { cipher.has_oid() } else { cipher.iv_bytes() > 0 });
    found.ok_or_else(|| match in_pkcs8 {
        true => Fail::openssl("0680006C", "asn1 encoding routines", "cipher has no object identifier", "ASN1_"),
        false => Fail::openssl("04800071", "PEM routines", "unsupported cipher", "PEM_"),
    })
}

/// Encrypts PKCS#8 with a passphrase as OpenSSL does by default.
fn encrypt_pkcs8(der: &[u8], cipher: &str, passphrase: &[u8]) -> Result<Vec<u8>, Fail> {
    let cipher = cipher_of(cipher, true)?;
    let (salt, iv) = (random(16)?, random(cipher.iv_bytes())?);
    pbe::encrypt_pkcs8(der, cipher, passphrase, &salt, &iv).ok_or_else(encoding_failed)
}

/// A PEM block in PEM's traditional encryption.
fn encrypt_pem(label: &str, der: &[u8], cipher: &str, passphrase: &[u8]) -> Result<String, Fail> {
    let cipher = cipher_of(cipher, false)?;
    let iv = random(cipher.iv_bytes())?;
    let (info, data) = pbe::encrypt_pem(der, cipher, passphrase, &iv).ok_or_else(encoding_failed)?;
    Ok(pem::write(label, &data, Some(&info)))
}

/// `keyPublic(key)`: the public half.
pub(crate) fn public<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = unwrap(sc, args.get(0))?;
    finish(sc, Ok(shared(key.to_public())))
}

/// `keyInfo(key)`: `{ kind, isPrivate, signs, signsMessages, details }`.
pub(crate) fn info<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = unwrap(sc, args.get(0))?;
    let detail = |(name, detail)| match detail {
        Detail::Bytes(bytes) => (name, Out::Bytes(bytes)),
        Detail::Number(number) => (name, Out::Number(number as f64)),
        Detail::Text(text) => (name, Out::Text(text.to_owned())),
    };
    let entries = vec![
        ("kind", Out::Text(key.kind().into())),
        ("isPrivate", Out::Bool(key.is_private())),
        ("signs", Out::Bool(sign::signs(&key))),
        ("signsMessages", Out::Bool(sign::signs_messages(&key))),
        ("details", Out::Map(key.details().into_iter().map(detail).collect())),
    ];
    finish(sc, Ok(Out::Map(entries)))
}

/// `keyParts(key)`: members of its JWK as ArrayBuffers.
pub(crate) fn parts<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = unwrap(sc, args.get(0))?;
    let parts = key.parts().map_err(Fail::pure);
    let entries = parts.map(|parts| Out::Map(parts.into_iter().map(|(name, part)| (name, Out::Bytes(part))).collect()));
    finish(sc, entries)
}

/// `keyRaw(key, format, compressed)`: the bytes of `raw-public`, `raw-private` or `raw-seed`; undefined if the kind has no such
/// format.
pub(crate) fn raw<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = unwrap(sc, args.get(0))?;
    let format = text_of(sc, args, 1)?;
    let bytes = key.raw(&format, args.get(2).is_true()).map_err(Fail::pure);
    finish(sc, bytes.map(|bytes| bytes.map_or(Out::Undefined, Out::Bytes)))
}

/// `keyFromParts(kind, curve, x or n, y or e, d, p, q, dp, dq, qi)`: a native key, or undefined if the parts make none. `kind` is
/// Node's; for `ec`, an `x` without `y` is an encoded point. Of other kinds, `x` is the public and `d` the private key.
pub(crate) fn from_parts<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (kind, curve) = (text_of(sc, args, 0)?, text_of(sc, args, 1)?);
    let mut parts = Vec::with_capacity(8);
    for at in 2..10 {
        parts.push(Zeroizing::new(bytes_of(sc, args, at)?));
    }
    let key = match parts.as_slice() {
        [a, b, d, rest @ ..] => assemble(&kind, &curve, a, b, d, rest),
        _ => None,
    };
    match key {
        Some(key) => wrap(sc, Arc::new(key)),
        None => Ok(sc.undefined()),
    }
}

fn assemble(kind: &str, curve: &str, a: &[u8], b: &[u8], d: &[u8], rest: &[Zeroizing<Vec<u8>>]) -> Option<Key> {
    match kind {
        "rsa" if d.is_empty() => Rsa::public(a, b, Purpose::Any).map(Key::Rsa),
        "rsa" => {
            let [p, q, dp, dq, qi] = rest else { return None };
            Rsa::private(a, b, d, [p, q, dp, dq, qi], Purpose::Any).map(Key::Rsa)
        }
        "ec" => {
            let curve = Curve::find(curve)?;
            if d.is_empty() {
                let point = if b.is_empty() { a.to_vec() } else { [&[4], a, b].concat() };
                return Ec::public(curve, &point).map(Key::Ec);
            }
            let key = Ec::private(curve, d)?;
            // The public half, if it is there, must belong to the private one.
            (a.is_empty() || key.point == [&[4], a, b].concat()).then_some(Key::Ec(key))
        }
        _ => match OkpCurve::find(kind) {
            Some(curve) if d.is_empty() => Okp::public(curve, a).map(Key::Okp),
            Some(curve) => {
                let key = Okp::private(curve, d)?;
                (a.is_empty() || key.public == a).then_some(Key::Okp(key))
            }
            None => {
                let algorithm = Algorithm::find(kind)?;
                if d.is_empty() {
                    return Quantum::public(algorithm, a).map(Key::Quantum);
                }
                let key = Quantum::private(algorithm, d)?;
                (a.is_empty() || key.public == a).then_some(Key::Quantum(key))
            }
        },
    }
}

/// `keyGenerate(kind, curve, size, second, third, prime, generator, hash, mgfHash, callback)`: a native private key.
///
/// `size` in bits: of RSA's and DSA's modulus, of DH's prime if none is given. `second`: RSA's exponent, DSA's divisor in bits, 1
/// for explicit parameters of `ec`. `third`: bytes of salt of `rsa-pss`, which has restrictions if `hash` is given.
pub(crate) fn generate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (kind, curve) = (text_of(sc, args, 0)?, text_of(sc, args, 1)?);
    let (size, second, third) = (size_of(args, 2), size_of(args, 3), size_of(args, 4));
    let (prime, generator) = (bytes_of(sc, args, 5)?, bytes_of(sc, args, 6)?);
    let (hash, mgf) = (text_of(sc, args, 7)?, text_of(sc, args, 8)?);
    run(sc, args.get(9), move || {
        let failed = || Fail::new("ERR_CRYPTO_OPERATION_FAILED", "Key generation job failed");
        let exponent = (second as u64).to_be_bytes().to_vec();
        let request = match kind.as_str() {
            "dh" if prime.is_empty() => Request::Dh { p: crate::numbers::safe_prime(size), g: generator },
            "dh" => Request::Dh { p: prime, g: generator },
            "dsa" => Request::Dsa { modulus: size, divisor: second },
            "ec" => Request::Ec { curve: Curve::find(&curve).ok_or_else(failed)?, explicit: second == 1 },
            "rsa" => Request::Rsa { modulus: size, exponent, purpose: Purpose::Any },
            "rsa-pss" => {
                let limits = if hash.is_empty() {
                    None
                } else {
                    let md = Md::find(&hash).ok_or_else(failed)?;
                    let mgf = Md::find(&mgf).ok_or_else(failed)?;
                    Some(PssParameters { md, mgf, salt: third as i32 })
                };
                Request::Rsa { modulus: size, exponent, purpose: Purpose::Pss(limits) }
            }
            _ => match OkpCurve::find(&kind) {
                Some(curve) => Request::Okp(curve),
                None => Request::Quantum(Algorithm::find(&kind).ok_or_else(failed)?),
            },
        };
        generate_key(&request, &mut Source).map(shared).map_err(Fail::pure)
    })
}

/// `keyEquals(a, b)`
pub(crate) fn equals<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (a, b) = (unwrap(sc, args.get(0))?, unwrap(sc, args.get(1))?);
    Ok(sc.boolean(a.equals(&b)))
}

/// `ecPoint(curve, point, form)`: a point in another form (2, 4, 6); undefined if it is not on the curve.
pub(crate) fn point<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    let given = bytes_of(sc, args, 1)?;
    let form = size_of(args, 2) as u8;
    let found = Curve::find(&name).and_then(|curve| encode_point(curve, &Ec::public(curve, &given)?.point, form));
    match found {
        Some(bytes) => sc.array_buffer(bytes),
        None => Ok(sc.undefined()),
    }
}

/// `curves()`: the names of the curves there are.
pub(crate) fn curves<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    finish(sc, Ok(Out::List(Curve::names().map(|name| Out::Text(name.to_owned())).collect())))
}
