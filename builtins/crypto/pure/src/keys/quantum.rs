//! Keys of the algorithms that are to outlast quantum computers: ML-DSA, ML-KEM and SLH-DSA. FIPS 203, 204, 205.

use super::{Random, Secret};
use crate::error::Failure;
use ml_kem::kem::{Decapsulate as _, KeyExport as _};
use zeroize::Zeroizing;

/// Which algorithm, with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    MlDsa44,
    MlDsa65,
    MlDsa87,
    MlKem1024,
    MlKem512,
    MlKem768,
    SlhSha2_128f,
    SlhSha2_128s,
    SlhSha2_192f,
    SlhSha2_192s,
    SlhSha2_256f,
    SlhSha2_256s,
    SlhShake128f,
    SlhShake128s,
    SlhShake192f,
    SlhShake192s,
    SlhShake256f,
    SlhShake256s,
}

use Algorithm::*;

/// By algorithm: Node's name, the `alg` of JWKs, object identifier. NIST: Computer Security Objects Register.
const ALGORITHMS: [(Algorithm, &str, &str, &str); 18] = [
    (MlDsa44, "ml-dsa-44", "ML-DSA-44", "2.16.840.1.101.3.4.3.17"),
    (MlDsa65, "ml-dsa-65", "ML-DSA-65", "2.16.840.1.101.3.4.3.18"),
    (MlDsa87, "ml-dsa-87", "ML-DSA-87", "2.16.840.1.101.3.4.3.19"),
    (MlKem1024, "ml-kem-1024", "ML-KEM-1024", "2.16.840.1.101.3.4.4.3"),
    (MlKem512, "ml-kem-512", "ML-KEM-512", "2.16.840.1.101.3.4.4.1"),
    (MlKem768, "ml-kem-768", "ML-KEM-768", "2.16.840.1.101.3.4.4.2"),
    (SlhSha2_128f, "slh-dsa-sha2-128f", "SLH-DSA-SHA2-128f", "2.16.840.1.101.3.4.3.21"),
    (SlhSha2_128s, "slh-dsa-sha2-128s", "SLH-DSA-SHA2-128s", "2.16.840.1.101.3.4.3.20"),
    (SlhSha2_192f, "slh-dsa-sha2-192f", "SLH-DSA-SHA2-192f", "2.16.840.1.101.3.4.3.23"),
    (SlhSha2_192s, "slh-dsa-sha2-192s", "SLH-DSA-SHA2-192s", "2.16.840.1.101.3.4.3.22"),
    (SlhSha2_256f, "slh-dsa-sha2-256f", "SLH-DSA-SHA2-256f", "2.16.840.1.101.3.4.3.25"),
    (SlhSha2_256s, "slh-dsa-sha2-256s", "SLH-DSA-SHA2-256s", "2.16.840.1.101.3.4.3.24"),
    (SlhShake128f, "slh-dsa-shake-128f", "SLH-DSA-SHAKE-128f", "2.16.840.1.101.3.4.3.27"),
    (SlhShake128s, "slh-dsa-shake-128s", "SLH-DSA-SHAKE-128s", "2.16.840.1.101.3.4.3.26"),
    (SlhShake192f, "slh-dsa-shake-192f", "SLH-DSA-SHAKE-192f", "2.16.840.1.101.3.4.3.29"),
    (SlhShake192s, "slh-dsa-shake-192s", "SLH-DSA-SHAKE-192s", "2.16.840.1.101.3.4.3.28"),
    (SlhShake256f, "slh-dsa-shake-256f", "SLH-DSA-SHAKE-256f", "2.16.840.1.101.3.4.3.31"),
    (SlhShake256s, "slh-dsa-shake-256s", "SLH-DSA-SHAKE-256s", "2.16.840.1.101.3.4.3.30"),
];

/// Makes the macro of a family: it expands `$body` with `$P` as the parameters of an algorithm of that family, and `$other` for
/// those of others. The first argument is a dollar, which the inner macro needs and the outer one cannot write.
macro_rules! family {
    ($d:tt $name:ident { $($algorithm:ident: $parameters:ty,)* }) => {
        macro_rules! $name {
            ($d algorithm:expr, |$d P:ident| $d body:expr, $d other:expr) => {
                match $d algorithm {
                    $($algorithm => {
                        type $d P = $parameters;
                        $d body
                    })*
                    _ => $d other,
                }
            };
        }
    };
}

family!($ with_ml_dsa { MlDsa44: ml_dsa::MlDsa44, MlDsa65: ml_dsa::MlDsa65, MlDsa87: ml_dsa::MlDsa87, });
family!($ with_ml_kem { MlKem1024: ml_kem::MlKem1024, MlKem512: ml_kem::MlKem512, MlKem768: ml_kem::MlKem768, });
family!($ with_slh_dsa {
    SlhSha2_128f: slh_dsa::Sha2_128f,
    SlhSha2_128s: slh_dsa::Sha2_128s,
    SlhSha2_192f: slh_dsa::Sha2_192f,
    SlhSha2_192s: slh_dsa::Sha2_192s,
    SlhSha2_256f: slh_dsa::Sha2_256f,
    SlhSha2_256s: slh_dsa::Sha2_256s,
    SlhShake128f: slh_dsa::Shake128f,
    SlhShake128s: slh_dsa::Shake128s,
    SlhShake192f: slh_dsa::Shake192f,
    SlhShake192s: slh_dsa::Shake192s,
    SlhShake256f: slh_dsa::Shake256f,
    SlhShake256s: slh_dsa::Shake256s,
});

impl Algorithm {
    fn row(self) -> &'static (Algorithm, &'static str, &'static str, &'static str) {
        // Every algorithm has its row; the first stands in for none.
        ALGORITHMS.iter().find(|row| row.0 == self).unwrap_or(&ALGORITHMS[0])
    }

    /// Finds an algorithm by Node's name or by that of JWKs.
    pub fn find(name: &str) -> Option<Algorithm> {
        ALGORITHMS.iter().find(|row| row.1 == name || row.2 == name).map(|row| row.0)
    }

    /// Node's `asymmetricKeyType`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    pub(super) fn oid(self) -> &'static str {
        self.row().3
    }

    pub(super) fn of_oid(oid: &str) -> Option<Algorithm> {
        ALGORITHMS.iter().find(|row| row.3 == oid).map(|row| row.0)
    }

    /// Whether its keys encapsulate; the others sign.
    pub fn is_kem(self) -> bool {
        matches!(self, MlKem1024 | MlKem512 | MlKem768)
    }

    /// Whether its private keys are grown from a seed.
    pub fn has_seed(self) -> bool {
        self.is_kem() || matches!(self, MlDsa44 | MlDsa65 | MlDsa87)
    }

    /// Bytes of the seed, or of SLH-DSA's private key.
    pub(super) fn private_bytes(self) -> usize {
        match self {
            MlDsa44 | MlDsa65 | MlDsa87 => 32,
            MlKem1024 | MlKem512 | MlKem768 => 64,
            _ => 4 * self.slh_size(),
        }
    }

    /// The security parameter of SLH-DSA, in bytes. FIPS 205 §11.
    fn slh_size(self) -> usize {
        match self {
            SlhSha2_128f | SlhSha2_128s | SlhShake128f | SlhShake128s => 16,
            SlhSha2_192f | SlhSha2_192s | SlhShake192f | SlhShake192s => 24,
            _ => 32,
        }
    }
}

/// The private half, as it came.
#[derive(Clone)]
pub enum Private {
    /// What ML-DSA and ML-KEM expand a seed to, where the seed is not known.
    Expanded(Secret),
    /// SLH-DSA's private key, which is short.
    Plain(Secret),
    Seed(Secret),
}

/// A key.
#[derive(Clone)]
pub struct Quantum {
    pub algorithm: Algorithm,
    pub public: Vec<u8>,
    pub secret: Option<Private>,
}

/// Whether the small coefficients of an expanded ML-DSA key are as small as they must be; the library takes that for
/// granted. FIPS 204 §7.2, algorithm 25.
fn has_small_coefficients(algorithm: Algorithm, expanded: &[u8]) -> bool {
    // Polynomials, bits of a coefficient, and the greatest of its values, 2η.
    let (polynomials, width, max) = match algorithm {
        MlDsa44 => (8, 3, 4),
        MlDsa65 => (11, 4, 8),
        _ => (15, 3, 4),
    };
    let Some(packed) = expanded.get(128..128 + polynomials * 32 * width) else { return false };
    let bit = |at: usize| (packed.get(at / 8).copied().unwrap_or_default() >> (at % 8)) & 1;
    (0..polynomials * 256).all(|at| (0..width).fold(0, |sum, place| sum | (bit(at * width + place) << place)) <= max)
}

impl Quantum {
    pub fn public(algorithm: Algorithm, bytes: &[u8]) -> Option<Quantum> {
        let right = with_ml_dsa!(
            algorithm,
            |P| ml_dsa::EncodedVerifyingKey::<P>::try_from(bytes).is_ok(),
            with_ml_kem!(
                algorithm,
                |P| {
                    let bytes = bytes.try_into().ok()?;
                    ml_kem::EncapsulationKey::<P>::new(&bytes).is_ok()
                },
                bytes.len() == 2 * algorithm.slh_size()
            )
        );
        right.then(|| Quantum { algorithm, public: bytes.to_vec(), secret: None })
    }

    /// A private key from its seed; of SLH-DSA, from the private key.
    pub fn private(algorithm: Algorithm, bytes: &[u8]) -> Option<Quantum> {
        if bytes.len() != algorithm.private_bytes() {
            return None;
        }
        let secret = Zeroizing::new(bytes.to_vec());
        let public = with_ml_dsa!(
            algorithm,
            |P| {
                let key = ml_dsa::SigningKey::<P>::from_seed(&bytes.try_into().ok()?);
                key.expanded_key().verifying_key().encode().to_vec()
            },
            with_ml_kem!(
                algorithm,
                |P| {
                    let key = ml_kem::DecapsulationKey::<P>::from_seed(bytes.try_into().ok()?);
                    key.encapsulation_key().to_bytes().to_vec()
                },
                bytes.get(bytes.len() / 2..)?.to_vec()
            )
        );
        let secret = if algorithm.has_seed() { Private::Seed(secret) } else { Private::Plain(secret) };
        Some(Quantum { algorithm, public, secret: Some(secret) })
    }

    /// A private key of ML-DSA or ML-KEM in its expanded form.
    #[expect(deprecated, reason = "keys of this form exist, and OpenSSL reads them")]
    pub fn expanded(algorithm: Algorithm, bytes: &[u8]) -> Option<Quantum> {
        let public = with_ml_dsa!(
            algorithm,
            |P| {
                let encoded = ml_dsa::ExpandedSigningKeyBytes::<P>::try_from(bytes).ok()?;
                if !has_small_coefficients(algorithm, bytes) {
                    return None;
                }
                let public = ml_dsa::ExpandedSigningKey::<P>::from_expanded(&encoded).verifying_key().encode().to_vec();
                // The key holds a hash of its public half. FIPS 204 §5.1, step 9 of algorithm 6.
                let mut hash = [0; 64];
                use digest::{ExtendableOutput as _, Update as _, XofReader as _};
                let mut state = shake::Shake256::default();
                state.update(&public);
                state.finalize_xof().read(&mut hash);
                if bytes.get(64..128)? != hash {
                    return None;
                }
                public
            },
            with_ml_kem!(
                algorithm,
                |P| {
                    let encoded = bytes.try_into().ok()?;
                    let key = ml_kem::DecapsulationKey::<P>::from_expanded(&encoded).ok()?;
                    key.encapsulation_key().to_bytes().to_vec()
                },
                return None
            )
        );
        let secret = Private::Expanded(Zeroizing::new(bytes.to_vec()));
        Some(Quantum { algorithm, public, secret: Some(secret) })
    }

    /// Whether this is what the seed of the key expands to.
    #[expect(deprecated, reason = "keys of this form exist, and OpenSSL reads them")]
    pub(super) fn expands_to(&self, bytes: &[u8]) -> bool {
        let Some(Private::Seed(seed)) = &self.secret else { return false };
        let expanded = || {
            with_ml_dsa!(
                self.algorithm,
                |P| {
                    let key = ml_dsa::SigningKey::<P>::from_seed(&seed.as_slice().try_into().ok()?);
                    Some(Zeroizing::new(key.expanded_key().to_expanded().to_vec()))
                },
                with_ml_kem!(
                    self.algorithm,
                    |P| {
                        use ml_kem::ExpandedKeyEncoding as _;
                        let key = ml_kem::DecapsulationKey::<P>::from_seed(seed.as_slice().try_into().ok()?);
                        Some(Zeroizing::new(key.to_expanded_bytes().to_vec()))
                    },
                    None
                )
            )
        };
        expanded().is_some_and(|expanded| bool::from(subtle::ConstantTimeEq::ct_eq(expanded.as_slice(), bytes)))
    }

    pub fn generate(algorithm: Algorithm, random: Random<'_>) -> Option<Quantum> {
        if algorithm.has_seed() {
            let mut seed = Zeroizing::new(vec![0; algorithm.private_bytes()]);
            random.fill_bytes(&mut seed);
            return Quantum::private(algorithm, &seed);
        }
        let size = algorithm.slh_size();
        let mut seeds = Zeroizing::new(vec![0; 3 * size]);
        random.fill_bytes(&mut seeds);
        let (secret, rest) = seeds.split_at(size);
        let (prf, public) = rest.split_at(size);
        let bytes = with_slh_dsa!(
            algorithm,
            |P| Zeroizing::new(slh_dsa::SigningKey::<P>::slh_keygen_internal(secret, prf, public).to_vec()),
            return None
        );
        Quantum::private(algorithm, &bytes)
    }

    /// The seed, or SLH-DSA's private key.
    ///
    /// # Errors
    /// ERR_CRYPTO_OPERATION_FAILED for a key that came without its seed.
    pub(super) fn private_bytes(&self) -> Result<&Secret, Failure> {
        match &self.secret {
            Some(Private::Plain(bytes) | Private::Seed(bytes)) => Ok(bytes),
            _ => Err(Failure::operation("key does not have an available seed")),
        }
    }
}

/// The longest context of a signature, in bytes. FIPS 204 §5.2, FIPS 205 §10.2.
const CONTEXT_MAX: usize = 255;

/// Signs a message. `None` for keys that do not sign.
#[expect(deprecated, reason = "keys of the expanded form exist, and OpenSSL reads them")]
pub(super) fn sign(key: &Quantum, message: &[u8], context: &[u8], mut random: Random<'_>) -> Option<Vec<u8>> {
    if context.len() > CONTEXT_MAX {
        return None;
    }
    let secret = key.secret.as_ref()?;
    with_ml_dsa!(
        key.algorithm,
        |P| match secret {
            Private::Seed(seed) => {
                let signing = ml_dsa::SigningKey::<P>::from_seed(&seed.as_slice().try_into().ok()?);
                let signature = signing.expanded_key().sign_randomized(message, context, &mut random).ok()?;
                Some(signature.encode().to_vec())
            }
            Private::Expanded(bytes) => {
                let encoded = bytes.as_slice().try_into().ok()?;
                let signing = ml_dsa::ExpandedSigningKey::<P>::from_expanded(&encoded);
                // What the checks of `expanded` cannot tell, the part t0, may make the library give up with a panic.
                let signed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    signing.sign_randomized(message, context, &mut random).ok()
                }));
                Some(signed.ok()??.encode().to_vec())
            }
            Private::Plain(_) => None,
        },
        with_slh_dsa!(
            key.algorithm,
            |P| {
                let Private::Plain(bytes) = secret else { return None };
                let signing = slh_dsa::SigningKey::<P>::try_from(bytes.as_slice()).ok()?;
                let mut randomizer = vec![0; key.algorithm.slh_size()];
                random.fill_bytes(&mut randomizer);
                Some(signing.try_sign_with_context(message, context, Some(&randomizer)).ok()?.to_vec())
            },
            None
        )
    )
}

/// Whether a signature of a message is right.
pub(super) fn verify(key: &Quantum, message: &[u8], signature: &[u8], context: &[u8]) -> bool {
    let verified = || {
        with_ml_dsa!(
            key.algorithm,
            |P| {
                let encoded = key.public.as_slice().try_into().ok()?;
                let signature = ml_dsa::Signature::<P>::try_from(signature).ok()?;
                ml_dsa::VerifyingKey::<P>::decode(&encoded)
                    .verify_with_context(message, context, &signature)
                    .then_some(())
            },
            with_slh_dsa!(
                key.algorithm,
                |P| {
                    let verifying = slh_dsa::VerifyingKey::<P>::try_from(key.public.as_slice()).ok()?;
                    let signature = slh_dsa::Signature::<P>::try_from(signature).ok()?;
                    verifying.try_verify_with_context(message, context, &signature).ok()
                },
                None
            )
        )
    };
    context.len() <= CONTEXT_MAX && verified().is_some()
}

/// A shared key and its encapsulation. `None` for keys that sign.
pub(super) fn encapsulate(key: &Quantum, random: Random<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    with_ml_kem!(
        key.algorithm,
        |P| {
            let bytes = key.public.as_slice().try_into().ok()?;
            let public = ml_kem::EncapsulationKey::<P>::new(&bytes).ok()?;
            let mut message = ml_kem::B32::default();
            random.fill_bytes(&mut message);
            let (sealed, shared) = public.encapsulate_deterministic(&message);
            Some((shared.to_vec(), sealed.to_vec()))
        },
        None
    )
}

/// The shared key of an encapsulation.
#[expect(deprecated, reason = "keys of the expanded form exist, and OpenSSL reads them")]
pub(super) fn decapsulate(key: &Quantum, sealed: &[u8]) -> Option<Vec<u8>> {
    with_ml_kem!(
        key.algorithm,
        |P| {
            let private = match key.secret.as_ref()? {
                Private::Seed(seed) => ml_kem::DecapsulationKey::<P>::from_seed(seed.as_slice().try_into().ok()?),
                Private::Expanded(bytes) => {
                    ml_kem::DecapsulationKey::<P>::from_expanded(&bytes.as_slice().try_into().ok()?).ok()?
                }
                Private::Plain(_) => return None,
            };
            Some(private.decapsulate(&sealed.try_into().ok()?).to_vec())
        },
        None
    )
}
