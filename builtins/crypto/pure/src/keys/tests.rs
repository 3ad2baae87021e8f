//! Every kind of key: made, written, read again, put to work, and cut off.

use super::codec::{Want, read_der, to_pkcs8, to_spki};
use super::ec::Curve;
use super::generate::{Request, generate};
use super::kem::{decapsulate, encapsulate};
use super::okp::{Okp, OkpCurve};
use super::quantum::Algorithm;
use super::rsa::{PssParameters, Purpose};
use super::sign::{Message, Scheme, sign, verify};
use super::{Key, agree};
use crate::digests::Md;
use rand_core::utils::next_word_via_fill;
use rand_core::{TryCryptoRng, TryRng};
use sha2::Digest as _;

/// Bytes that are the same in every run: SHA-256 of a counter.
struct Fixed(u64);

impl TryRng for Fixed {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in out.chunks_mut(32) {
            self.0 += 1;
            let hash = sha2::Sha256::digest(self.0.to_be_bytes());
            chunk.copy_from_slice(&hash[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}

fn requests() -> Vec<Request> {
    let rsa = |purpose| Request::Rsa { modulus: 1024, exponent: vec![1, 0, 1], purpose };
    let limits = PssParameters { md: Md::Sha256, mgf: Md::Sha256, salt: 16 };
    let safe_prime = hex("e3d9a3ae3b4f4b4b5bf2d07d7a0b9c1b");
    let mut all = vec![
        rsa(Purpose::Any),
        rsa(Purpose::Pss(None)),
        rsa(Purpose::Pss(Some(limits))),
        Request::Dsa { modulus: 1024, divisor: 160 },
        Request::Dh { p: safe_prime, g: vec![2] },
    ];
    for curve in
        ["prime192v1", "secp224r1", "P-256", "P-384", "P-521", "secp256k1", "brainpoolP256r1", "brainpoolP384r1"]
    {
        for explicit in [false, true] {
            all.push(Request::Ec { curve: Curve::find(curve).unwrap(), explicit });
        }
    }
    all.extend(OkpCurve::ALL.map(Request::Okp));
    for name in ["ml-dsa-44", "ml-dsa-65", "ml-dsa-87", "ml-kem-512", "ml-kem-768", "ml-kem-1024", "slh-dsa-sha2-128f"]
    {
        all.push(Request::Quantum(Algorithm::find(name).unwrap()));
    }
    all
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

#[test]
fn written_and_read_again() {
    for request in requests() {
        let key = generate(&request, &mut Fixed(1)).unwrap_or_else(|error| panic!("{request:?}: {error:?}"));
        let (private, public) = (to_pkcs8(&key).unwrap(), to_spki(&key).unwrap());
        let again = read_der(&private, "pkcs8", Want::Private, None).unwrap();
        assert!(again.equals(&key), "{request:?}");
        let half = read_der(&public, "spki", Want::Public, None).unwrap();
        assert!(half.equals(&key.to_public()) && !half.equals(&key), "{request:?}");
        assert_eq!(half.details(), key.details(), "{request:?}");
        assert!(read_der(&private, "pkcs8", Want::Public, None).unwrap().equals(&half), "{request:?}");
        // Whatever is cut off or changed: an error or another key, never a panic.
        for cut in (0..private.len()).step_by(7) {
            assert!(read_der(&private[..cut], "pkcs8", Want::Private, None).is_err());
        }
        for at in 0..private.len().min(200) {
            let mut changed = private.to_vec();
            changed[at] ^= 0x55;
            let _ = read_der(&changed, "pkcs8", Want::Private, None);
        }
        for at in 0..public.len().min(200) {
            let mut changed = public.clone();
            changed[at] ^= 0x55;
            let _ = read_der(&changed, "spki", Want::Public, None);
        }
    }
}

#[test]
fn signed_and_verified() {
    for request in requests() {
        let key = generate(&request, &mut Fixed(2)).unwrap();
        let public = key.to_public();
        let scheme = Scheme::default();
        let message = Message::Whole(b"a message");
        if !super::sign::signs(&key) {
            assert!(sign(&key, &scheme, message, &mut Fixed(3)).is_err());
            continue;
        }
        let signature =
            sign(&key, &scheme, message, &mut Fixed(3)).unwrap_or_else(|error| panic!("{request:?}: {error:?}"));
        assert_eq!(verify(&public, &scheme, message, &signature), Ok(true), "{request:?}");
        assert_eq!(verify(&public, &scheme, Message::Whole(b"another"), &signature), Ok(false), "{request:?}");
        for at in [0, signature.len() / 2, signature.len() - 1] {
            let mut changed = signature.clone();
            changed[at] ^= 1;
            assert_eq!(verify(&public, &scheme, message, &changed), Ok(false), "{request:?} {at}");
        }
        for bad in [&[][..], &signature[1..], &[0; 8], &[0x30, 6, 2, 1, 0, 2, 1, 0]] {
            assert_eq!(verify(&public, &scheme, message, bad), Ok(false), "{request:?}");
        }
    }
}

#[test]
fn encapsulated_and_opened() {
    for request in requests() {
        let key = generate(&request, &mut Fixed(4)).unwrap();
        let Ok((shared, sealed)) = encapsulate(&key.to_public(), &mut Fixed(5)) else { continue };
        assert_eq!(decapsulate(&key, &sealed, &mut Fixed(6)), Ok(shared), "{request:?}");
        assert!(decapsulate(&key, &sealed[1..], &mut Fixed(6)).is_err(), "{request:?}");
        assert!(decapsulate(&key, &[], &mut Fixed(6)).is_err(), "{request:?}");
    }
}

#[test]
fn agreement_is_mutual() {
    for request in requests() {
        let [own, other] = [7, 8].map(|seed| generate(&request, &mut Fixed(seed)).unwrap());
        let ours = agree(&own, &other.to_public());
        assert_eq!(ours, agree(&other, &own.to_public()), "{request:?}");
        assert_eq!(ours.is_ok(), matches!(own.kind(), "dh" | "ec" | "x25519" | "x448"), "{request:?}");
    }
}

/// What Wycheproof finds others to accept: a second form of the same signature.
#[test]
fn one_form_of_a_signature() {
    let scheme = Scheme { md: Some(Md::Sha256), ..Scheme::default() };
    for name in ["P-256", "secp256k1", "P-521"] {
        let key =
            generate(&Request::Ec { curve: Curve::find(name).unwrap(), explicit: false }, &mut Fixed(11)).unwrap();
        let good = sign(&key, &scheme, Message::Whole(b"x"), &mut Fixed(12)).unwrap();
        let header = if good[1] == 0x81 { 3 } else { 2 };
        let body = &good[header..];
        let long = [&[0x30, 0x82, 0, body.len() as u8], body].concat();
        let trailing = [&good[..], &[0]].concat();
        let zero = [&[0x30, 0x81, body.len() as u8 + 1, 2, body[1] + 1, 0], &body[2..]].concat();
        for bad in [long, trailing, zero] {
            assert_eq!(verify(&key, &scheme, Message::Whole(b"x"), &bad), Ok(false), "{name}");
        }
    }
    let key = generate(&Request::Okp(OkpCurve::Ed448), &mut Fixed(13)).unwrap();
    let mut signature = sign(&key, &Scheme::default(), Message::Whole(b"x"), &mut Fixed(14)).unwrap();
    signature[56] ^= 1;
    assert_eq!(verify(&key, &Scheme::default(), Message::Whole(b"x"), &signature), Ok(false));
}

/// RFC 8032 §7.4 (one octet, and with context), §7.1 test 2.
#[test]
fn vectors_of_curves() {
    let check = |curve, secret: &str, public: &str, message: &str, context: &str, signature: &str| {
        let key = Key::Okp(Okp::private(curve, &hex(secret)).unwrap());
        let Key::Okp(okp) = &key else { unreachable!() };
        assert_eq!(okp.public, hex(public));
        let context = (!context.is_empty()).then(|| hex(context));
        let (scheme, message) = (Scheme { context, ..Scheme::default() }, hex(message));
        assert_eq!(sign(&key, &scheme, Message::Whole(&message), &mut Fixed(0)), Ok(hex(signature)));
        assert_eq!(verify(&key, &scheme, Message::Whole(&message), &hex(signature)), Ok(true));
    };
    check(
        OkpCurve::Ed448,
        "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e",
        "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c235160627b4c3a9480",
        "03",
        "",
        "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd779805e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d234441cf807c03a00",
    );
    check(
        OkpCurve::Ed448,
        "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e",
        "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c235160627b4c3a9480",
        "03",
        "666f6f",
        "d4f8f6131770dd46f40867d6fd5d5055de43541f8c5e35abbcd001b32a89f7d2151f7647f11d8ca2ae279fb842d607217fce6e042f6815ea000c85741de5c8da1144a6a1aba7f96de42505d7a7298524fda538fccbbb754f578c1cad10d54d0d5428407e85dcbc98a49155c13764e66c3c00",
    );
    check(
        OkpCurve::Ed25519,
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    );
    let [own, other] = [[3; 56], [23; 56]].map(|secret| Okp::private(OkpCurve::X448, &secret).unwrap());
    assert!(Okp::private(OkpCurve::X448, &[3; 32]).is_none());
    assert_eq!(super::okp::agree(&own, &other), super::okp::agree(&other, &own));
    // The point zero agrees with everybody, and is refused.
    let zero = Okp::public(OkpCurve::X448, &[0; 56]).unwrap();
    assert!(super::okp::agree(&own, &zero).is_err());
    let own = Okp::private(OkpCurve::X25519, &[1; 32]).unwrap();
    assert!(super::okp::agree(&own, &Okp::public(OkpCurve::X25519, &[0; 32]).unwrap()).is_err());
}

/// The fast way and the other one are the same to each other.
#[test]
fn the_fast_way_and_the_others_agree() {
    let rsa = Request::Rsa { modulus: 2048, exponent: vec![1, 0, 1], purpose: Purpose::Any };
    let ec = |name| Request::Ec { curve: Curve::find(name).unwrap(), explicit: false };
    for (request, pss) in [(rsa.clone(), false), (rsa, true), (ec("P-256"), false), (ec("P-384"), false)] {
        let key = generate(&request, &mut Fixed(9)).unwrap();
        for (md, ieee) in [(Md::Sha256, false), (Md::Sha384, true), (Md::Sha512, false)] {
            let (padding, salt) = if pss { (Some(6), Some(-1)) } else { (None, None) };
            let scheme = Scheme { md: Some(md), padding, salt, ieee, ..Scheme::default() };
            let (whole, digest) = (Message::Whole(b"text"), md.digest(b"text"));
            for made in [whole, Message::Digest(&digest)] {
                let signature = sign(&key, &scheme, made, &mut Fixed(10)).unwrap();
                for read in [whole, Message::Digest(&digest)] {
                    assert_eq!(verify(&key, &scheme, read, &signature), Ok(true), "{request:?} {md:?}");
                }
            }
        }
    }
}

/// Expanded keys that are malformed are refused, not signed with.
#[test]
fn malformed_expanded_keys() {
    use super::quantum::Quantum;
    for (name, size) in [("ml-dsa-44", 2560), ("ml-dsa-65", 4032), ("ml-dsa-87", 4896), ("ml-kem-512", 1632)] {
        let algorithm = Algorithm::find(name).unwrap();
        for fill in [0, 0x55, 0xff] {
            assert!(Quantum::expanded(algorithm, &vec![fill; size]).is_none(), "{name}");
        }
        assert!(Quantum::expanded(algorithm, &[]).is_none());
        assert!(Quantum::private(algorithm, &[1; 3]).is_none());
        assert!(Quantum::public(algorithm, &[1; 3]).is_none());
    }
}
