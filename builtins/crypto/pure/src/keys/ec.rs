//! Keys of elliptic curves over prime fields: points, scalars, ECDSA and ECDH.

use super::curve_parameters as parameters;
use super::fast::{self, EcKept};
use super::{Random, Secret};
use crate::der::{self, Reader};
use crate::digests::Md;
use crate::error::Failure;
use crate::numbers::trimmed;
use elliptic_curve::sec1::ToSec1Point as _;
use zeroize::Zeroizing;

/// A curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    BrainpoolP256r1,
    BrainpoolP384r1,
    P192,
    P224,
    P256,
    P384,
    P521,
    Secp256k1,
}

/// By curve: OpenSSL's name, its other names, object identifier, bytes of a coordinate, explicit parameters.
type Row = (Curve, &'static str, &'static [&'static str], &'static str, usize, &'static str);

const CURVES: [Row; 8] = [
    (Curve::BrainpoolP256r1, "brainpoolP256r1", &[], "1.3.36.3.3.2.8.1.1.7", 32, parameters::BRAINPOOL_P256R1),
    (Curve::BrainpoolP384r1, "brainpoolP384r1", &[], "1.3.36.3.3.2.8.1.1.11", 48, parameters::BRAINPOOL_P384R1),
    (Curve::P192, "prime192v1", &["P-192", "secp192r1"], "1.2.840.10045.3.1.1", 24, parameters::P192),
    (Curve::P224, "secp224r1", &["P-224"], "1.3.132.0.33", 28, parameters::P224),
    (Curve::P256, "prime256v1", &["P-256", "secp256r1"], "1.2.840.10045.3.1.7", 32, parameters::P256),
    (Curve::P384, "secp384r1", &["P-384"], "1.3.132.0.34", 48, parameters::P384),
    (Curve::P521, "secp521r1", &["P-521"], "1.3.132.0.35", 66, parameters::P521),
    (Curve::Secp256k1, "secp256k1", &[], "1.3.132.0.10", 32, parameters::SECP256K1),
];

impl Curve {
    fn row(self) -> &'static Row {
        // Every curve has its row; the first stands in for none.
        CURVES.iter().find(|row| row.0 == self).unwrap_or(&CURVES[0])
    }

    /// Finds a curve by a name of OpenSSL's or NIST's.
    pub fn find(name: &str) -> Option<Curve> {
        CURVES.iter().find(|row| row.1 == name || row.2.contains(&name)).map(|row| row.0)
    }

    /// OpenSSL's name.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// OpenSSL's names of all curves.
    pub fn names() -> impl Iterator<Item = &'static str> {
        CURVES.iter().map(|row| row.1)
    }

    pub(super) fn oid(self) -> &'static str {
        self.row().3
    }

    pub(super) fn of_oid(oid: &str) -> Option<Curve> {
        CURVES.iter().find(|row| row.3 == oid).map(|row| row.0)
    }

    /// Bytes of a coordinate.
    pub fn field_bytes(self) -> usize {
        self.row().4
    }

    /// ECParameters spelled out. SEC 1 §C.2.
    pub(super) fn explicit(self) -> Vec<u8> {
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default() as u8;
        self.row().5.as_bytes().chunks_exact(2).map(|pair| (digit(pair[0]) << 4) | digit(pair[1])).collect()
    }

    /// The curve of explicit parameters: that of the same field, coefficients, generator and order.
    pub(super) fn of_explicit(given: Reader<'_>) -> Option<Curve> {
        let wanted = Essentials::read(given)?;
        CURVES.iter().map(|row| row.0).find(|curve| {
            let der = curve.explicit();
            der::sequence(&der).and_then(Essentials::read).is_some_and(|own| own.same(&wanted))
        })
    }
}

/// What makes a curve, of its explicit parameters.
struct Essentials<'a> {
    prime: &'a [u8],
    a: &'a [u8],
    b: &'a [u8],
    generator: &'a [u8],
    order: &'a [u8],
}

impl<'a> Essentials<'a> {
    fn read(mut parameters: Reader<'a>) -> Option<Essentials<'a>> {
        parameters.unsigned()?;
        let mut field = parameters.sequence()?;
        field.oid()?;
        let prime = field.unsigned()?;
        let mut curve = parameters.sequence()?;
        let a = curve.expect(der::tag::OCTET_STRING)?.contents;
        let b = curve.expect(der::tag::OCTET_STRING)?.contents;
        let generator = parameters.expect(der::tag::OCTET_STRING)?.contents;
        let order = parameters.unsigned()?;
        // All curves here have the cofactor 1; OpenSSL takes others too, but no negative one.
        if parameters.peek() == Some(der::tag::INTEGER) {
            parameters.unsigned()?;
        }
        Some(Essentials { prime, a: trimmed(a), b: trimmed(b), generator, order })
    }

    /// The generator may be compressed: then its x decides.
    fn same(&self, other: &Essentials<'_>) -> bool {
        let x = |point: &'a [u8]| point.get(1..).unwrap_or_default();
        let (own, given) = (x(self.generator), other.generator.get(1..).unwrap_or_default());
        let generators = !given.is_empty() && own.starts_with(given);
        generators && (self.prime, self.a, self.b, self.order) == (other.prime, other.a, other.b, other.order)
    }
}

/// Expands `$body` with `$C` as the type of a curve.
macro_rules! with_curve {
    ($curve:expr, |$C:ident| $body:expr) => {{
        macro_rules! of {
            ($curve_type:ty) => {{
                type $C = $curve_type;
                $body
            }};
        }
        match $curve {
            Curve::BrainpoolP256r1 => of!(bp256::BrainpoolP256r1),
            Curve::BrainpoolP384r1 => of!(bp384::BrainpoolP384r1),
            Curve::P192 => of!(p192::NistP192),
            Curve::P224 => of!(p224::NistP224),
            Curve::P256 => of!(p256::NistP256),
            Curve::P384 => of!(p384::NistP384),
            Curve::P521 => of!(p521::NistP521),
            Curve::Secp256k1 => of!(k256::Secp256k1),
        }
    }};
}

/// A key of a curve.
#[derive(Clone)]
pub struct Ec {
    pub curve: Curve,
    /// Written with the curve's parameters spelled out instead of its name.
    pub explicit: bool,
    /// Uncompressed.
    pub point: Vec<u8>,
    /// As long as a coordinate.
    pub scalar: Option<Secret>,
    pub(super) kept: EcKept,
}

impl Ec {
    /// A private key from its scalar, big-endian.
    pub fn private(curve: Curve, scalar: &[u8]) -> Option<Ec> {
        let scalar = trimmed(scalar);
        let mut padded = Zeroizing::new(vec![0; curve.field_bytes().checked_sub(scalar.len())?]);
        padded.extend_from_slice(scalar);
        let point = match fast::ec_point(curve, &padded) {
            Some(point) => point,
            None => with_curve!(curve, |C| {
                let secret = elliptic_curve::SecretKey::<C>::from_slice(&padded).ok()?;
                secret.public_key().to_sec1_point(false).as_bytes().to_vec()
            }),
        };
        Some(Ec { curve, explicit: false, point, scalar: Some(padded), kept: EcKept::default() })
    }

    /// A public key from a point in any SEC 1 encoding.
    pub fn public(curve: Curve, point: &[u8]) -> Option<Ec> {
        // The hybrid form is the uncompressed one with the parity of y in its head. X9.62 §4.3.6.
        let mut plain = point.to_vec();
        if let [head @ (6 | 7), .., last] = plain.as_mut_slice() {
            if (*head & 1) != (*last & 1) {
                return None;
            }
            *head = 4;
        }
        let point = with_curve!(curve, |C| {
            let public = elliptic_curve::PublicKey::<C>::from_sec1_bytes(&plain).ok()?;
            public.to_sec1_point(false).as_bytes().to_vec()
        });
        Some(Ec { curve, explicit: false, point, scalar: None, kept: EcKept::default() })
    }

    /// A new private key.
    pub fn generate(curve: Curve, random: Random<'_>) -> Option<Ec> {
        let scalar = with_curve!(curve, |C| {
            let key: elliptic_curve::SecretKey<C> = elliptic_curve::Generate::generate_from_rng(random);
            Zeroizing::new(key.to_bytes().to_vec())
        });
        Ec::private(curve, &scalar)
    }

    pub(super) fn parts(&self) -> Vec<(&'static str, Vec<u8>)> {
        let (x, y) = self.coordinates();
        let mut parts = vec![("x", x.to_vec()), ("y", y.to_vec())];
        parts.extend(self.scalar.iter().map(|scalar| ("d", scalar.to_vec())));
        parts
    }

    fn coordinates(&self) -> (&[u8], &[u8]) {
        let body = self.point.get(1..).unwrap_or_default();
        body.split_at(body.len().min(self.curve.field_bytes()))
    }
}

/// A point compressed, uncompressed or hybrid (2, 4, 6). Node docs: ECDH.convertKey.
pub fn encode_point(curve: Curve, point: &[u8], form: u8) -> Option<Vec<u8>> {
    match form {
        2 => with_curve!(curve, |C| {
            let public = elliptic_curve::PublicKey::<C>::from_sec1_bytes(point).ok()?;
            Some(public.to_sec1_point(true).as_bytes().to_vec())
        }),
        6 => {
            let mut hybrid = point.to_vec();
            let parity = hybrid.last()? & 1;
            *hybrid.first_mut()? = 6 | parity;
            Some(hybrid)
        }
        _ => Some(point.to_vec()),
    }
}

/// A digest as wide as the curve: shorter ones are numbers with leading zeros. FIPS 186-5 §6.4.
fn widened(curve: Curve, hash: &[u8]) -> Vec<u8> {
    let mut wide = vec![0; curve.field_bytes().saturating_sub(hash.len())];
    wide.extend_from_slice(hash);
    wide
}

/// Signs a digest: DER, or r and s side by side. The nonce is made of key, digest and randomness (RFC 6979 §3.6).
pub(super) fn sign(key: &Ec, hash: &[u8], ieee: bool, random: Random<'_>) -> Option<Vec<u8>> {
    if let Some(made) = fast::ec_sign(key, hash, ieee) {
        return Some(made);
    }
    let scalar = key.scalar.as_ref()?;
    let hash = widened(key.curve, hash);
    let mut entropy = Zeroizing::new([0; 32]);
    rand_core::Rng::fill_bytes(random, entropy.as_mut_slice());
    with_curve!(key.curve, |C| {
        let secret = elliptic_curve::SecretKey::<C>::from_slice(scalar).ok()?;
        let number = secret.to_nonzero_scalar();
        let (signature, _) = ecdsa::hazmat::sign_prehashed_rfc6979::<C, sha2::Sha512>(&number, &hash, &*entropy);
        Some(if ieee { signature.to_bytes().to_vec() } else { der_of(&signature.to_bytes()) })
    })
}

/// r and s as two INTEGERs. RFC 3279 §2.2.3.
pub(super) fn der_of(pair: &[u8]) -> Vec<u8> {
    let (r, s) = pair.split_at(pair.len() / 2);
    der::write_sequence(&[der::write_unsigned(r), der::write_unsigned(s)])
}

/// r and s side by side, each of `size` bytes, from DER.
pub(super) fn pair_of(signature: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut outer = Reader(signature);
    let mut inner = outer.sequence()?;
    let (r, s) = (inner.unsigned()?, inner.unsigned()?);
    if !outer.is_empty() || !inner.is_empty() || r.len() > size || s.len() > size {
        return None;
    }
    let pair = [crate::numbers::padded(r, size), crate::numbers::padded(s, size)].concat();
    // There is one way to write a signature. Others would make two of one.
    (der_of(&pair) == signature).then_some(pair)
}

/// Whether a signature of a digest is right.
pub(super) fn verify(key: &Ec, hash: &[u8], signature: &[u8], ieee: bool) -> bool {
    let pair = if ieee { Some(signature.to_vec()) } else { pair_of(signature, key.curve.field_bytes()) };
    let Some(pair) = pair else { return false };
    if let Some(right) = fast::ec_verify(key, hash, &pair) {
        return right;
    }
    let hash = widened(key.curve, hash);
    with_curve!(key.curve, |C| {
        let Ok(parsed) = ecdsa::Signature::<C>::from_slice(&pair) else { return false };
        // Both s and n - s are signatures; one of the curves takes only the smaller.
        let parsed = parsed.normalize_s();
        let Ok(public) = elliptic_curve::PublicKey::<C>::from_sec1_bytes(&key.point) else { return false };
        ecdsa::hazmat::verify_prehashed::<C>(&public.to_projective(), &hash, &parsed).is_ok()
    })
}

/// The x of the shared point. SEC 1 §3.3.1.
pub(super) fn agree(own: &Ec, other: &Ec) -> Result<Vec<u8>, Failure> {
    if own.curve == other.curve
        && let Some(shared) = fast::ec_agree(own, other)
    {
        return Ok(shared);
    }
    let failed = || Failure::operation("Deriving bits failed");
    let scalar = own.scalar.as_ref().ok_or_else(failed)?;
    with_curve!(own.curve, |C| {
        let secret = elliptic_curve::SecretKey::<C>::from_slice(scalar).map_err(|_| failed())?;
        let public = elliptic_curve::PublicKey::<C>::from_sec1_bytes(&other.point).map_err(|_| failed())?;
        Ok(secret.diffie_hellman(&public).raw_secret_bytes().to_vec())
    })
}

/// The digest that goes with a curve where none was named.
pub(super) const DEFAULT_DIGEST: Md = Md::Sha256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explicit_parameters_lead_back_to_their_curve() {
        for row in &CURVES {
            let der = row.0.explicit();
            assert_eq!(Curve::of_explicit(der::sequence(&der).unwrap()), Some(row.0));
            assert_eq!(Curve::of_oid(row.3), Some(row.0));
            assert_eq!(Curve::find(row.1), Some(row.0));
            let mut changed = der.clone();
            // Inside the prime.
            changed[30] ^= 1;
            assert_ne!(der::sequence(&changed).and_then(Curve::of_explicit), Some(row.0), "{}", row.1);
        }
    }

    #[test]
    fn points_that_are_none() {
        for bad in [&[][..], &[4], &[4; 65], &[0], &[6; 65]] {
            assert!(Ec::public(Curve::P256, bad).is_none());
        }
        assert!(Ec::private(Curve::P256, &[]).is_none());
        assert!(Ec::private(Curve::P256, &[0xff; 32]).is_none());
        assert!(Ec::private(Curve::P256, &[1; 33]).is_none());
    }
}
