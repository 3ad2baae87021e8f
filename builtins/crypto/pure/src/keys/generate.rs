//! New keys of every kind.

use super::ec::{Curve, Ec};
use super::finite_field::{Dh, generate_dsa};
use super::okp::{Okp, OkpCurve};
use super::quantum::{Algorithm, Quantum};
use super::rsa::{self, Purpose};
use super::{Key, Random};
use crate::error::Failure;

/// What key to make.
#[derive(Clone, Debug)]
pub enum Request {
    Dh {
        p: Vec<u8>,
        g: Vec<u8>,
    },
    /// Sizes of p and q, in bits.
    Dsa {
        modulus: usize,
        divisor: usize,
    },
    Ec {
        curve: Curve,
        explicit: bool,
    },
    Okp(OkpCurve),
    Quantum(Algorithm),
    /// Bits of the modulus, and the exponent, big-endian.
    Rsa {
        modulus: usize,
        exponent: Vec<u8>,
        purpose: Purpose,
    },
}

/// Makes a private key.
///
/// # Errors
/// ERR_CRYPTO_OPERATION_FAILED for parameters that make none.
pub fn generate(request: &Request, random: Random<'_>) -> Result<Key, Failure> {
    let made = match request {
        Request::Dh { p, g } => Dh::generate(p, g, random).map(Key::Dh),
        Request::Dsa { modulus, divisor } => generate_dsa(*modulus, *divisor, random).map(Key::Dsa),
        Request::Ec { curve, explicit } => {
            Ec::generate(*curve, random).map(|key| Key::Ec(Ec { explicit: *explicit, ..key }))
        }
        Request::Okp(curve) => Okp::generate(*curve, random).map(Key::Okp),
        Request::Quantum(algorithm) => Quantum::generate(*algorithm, random).map(Key::Quantum),
        Request::Rsa { modulus, exponent, purpose } => {
            return rsa::generate(*modulus, exponent, *purpose, random).map(Key::Rsa);
        }
    };
    made.ok_or_else(|| Failure::operation("Key generation job failed"))
}
