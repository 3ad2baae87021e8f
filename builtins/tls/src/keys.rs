//! Private keys with their certificates, and which of them a connection shows.

use crate::provider;
use crate::tap;
use anode_crypto_pure::random::Source;
use anode_tls_pure::certificate::Certificate;
use anode_tls_pure::signature::SoftKey;
use aws_lc_rs::digest::{SHA256, digest};
use rustls::client::ResolvesClientCert;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{Error, SignatureAlgorithm, SignatureScheme};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

/// Signs where the engine's own keys do not.
#[derive(Debug)]
struct SoftSigningKey(Arc<SoftKey>);

#[derive(Debug)]
struct SoftSigner(Arc<SoftKey>, SignatureScheme);

/// In the order in which they are preferred.
const SOFT_SCHEMES: &[SignatureScheme] = &[
    SignatureScheme::ED448,
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA512,
];

impl SigningKey for SoftSigningKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let fits = |wanted: &&SignatureScheme| {
            offered.contains(wanted) && provider::scheme(**wanted).is_some_and(|scheme| self.0.supports(scheme))
        };
        let scheme = *SOFT_SCHEMES.iter().find(fits)?;
        Some(Box::new(SoftSigner(self.0.clone(), scheme)))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        if self.0.kind() == "ed448" { SignatureAlgorithm::ED448 } else { SignatureAlgorithm::RSA }
    }
}

impl Signer for SoftSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        provider::scheme(self.1)
            .and_then(|scheme| self.0.sign(scheme, message, &mut Source))
            .ok_or_else(|| Error::General("signing failed".to_owned()))
    }

    fn scheme(&self) -> SignatureScheme {
        self.1
    }
}

/// Why a key and a certificate make no pair.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KeyError {
    /// They belong to different pairs.
    Mismatch,
    /// No such keys here.
    Unsupported,
}

type KeyCache = Mutex<HashMap<Vec<u8>, Weak<CertifiedKey>>>;

/// Keys in use: the same key and certificates give the same object, as sessions are tied to it.
static KEYS: LazyLock<KeyCache> = LazyLock::new(KeyCache::default);

/// A key (PKCS #8) with its chain, the leaf first.
pub(crate) fn certified_key(pkcs8: &[u8], chain: &[Vec<u8>]) -> Result<Arc<CertifiedKey>, KeyError> {
    let mut all = pkcs8.to_vec();
    for certificate in chain {
        all.extend_from_slice(certificate);
    }
    let name = digest(&SHA256, &all).as_ref().to_vec();
    let mut keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = keys.get(&name).and_then(Weak::upgrade) {
        return Ok(known);
    }
    let made = Arc::new(make_key(pkcs8, chain)?);
    keys.retain(|_, key| key.strong_count() > 0);
    keys.insert(name, Arc::downgrade(&made));
    Ok(made)
}

fn make_key(pkcs8: &[u8], chain: &[Vec<u8>]) -> Result<CertifiedKey, KeyError> {
    let leaf = chain.first().and_then(|der| Certificate::parse(der)).ok_or(KeyError::Unsupported)?;
    let soft = SoftKey::parse(pkcs8).ok_or(KeyError::Unsupported)?;
    if !soft.is_half_of(leaf.spki()) {
        return Err(KeyError::Mismatch);
    }
    let own = PrivateKeyDer::try_from(pkcs8.to_vec())
        .ok()
        .and_then(|der| rustls::crypto::aws_lc_rs::sign::any_supported_type(&der).ok());
    let key: Arc<dyn SigningKey> = match own {
        Some(key) => key,
        None if matches!(soft.kind(), "ed448" | "rsa" | "rsa-pss") => Arc::new(SoftSigningKey(Arc::new(soft))),
        None => return Err(KeyError::Unsupported),
    };
    let cert = chain.iter().map(|der| CertificateDer::from(der.clone())).collect();
    Ok(CertifiedKey::new(cert, key))
}

/// The keys of a context, for servers and for clients.
#[derive(Debug)]
pub(crate) struct KeyRing {
    pub(crate) keys: Vec<Arc<CertifiedKey>>,
    /// What may be signed with, if an option says so.
    pub(crate) schemes: Option<Vec<SignatureScheme>>,
}

impl KeyRing {
    /// The first key that can sign as `offered`, of those whose algorithm `fits`.
    fn choose(
        &self,
        offered: &[SignatureScheme],
        fits: impl Fn(SignatureAlgorithm) -> bool,
    ) -> Option<Arc<CertifiedKey>> {
        let allowed = |scheme: &SignatureScheme| self.schemes.as_ref().is_none_or(|list| list.contains(scheme));
        let offered: Vec<SignatureScheme> = offered.iter().copied().filter(allowed).collect();
        let can = |key: &&Arc<CertifiedKey>| fits(key.key.algorithm()) && key.key.choose_scheme(&offered).is_some();
        let key = self.keys.iter().find(can)?;
        let ocsp = tap::current(|tap| {
            tap.shown = key.cert.first().cloned();
            tap.ocsp_answer.clone()
        });
        let ocsp = ocsp.flatten();
        if self.schemes.is_none() && ocsp.is_none() {
            return Some(key.clone());
        }
        let signing: Arc<dyn SigningKey> = match &self.schemes {
            Some(_) => Arc::new(Limited { key: key.key.clone(), schemes: offered }),
            None => key.key.clone(),
        };
        Some(Arc::new(CertifiedKey { cert: key.cert.clone(), key: signing, ocsp }))
    }
}

/// A key that signs with some schemes only.
#[derive(Debug)]
struct Limited {
    key: Arc<dyn SigningKey>,
    schemes: Vec<SignatureScheme>,
}

impl SigningKey for Limited {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let both: Vec<SignatureScheme> =
            offered.iter().copied().filter(|scheme| self.schemes.contains(scheme)).collect();
        self.key.choose_scheme(&both)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm()
    }
}

impl ResolvesServerCert for KeyRing {
    fn resolve(&self, client_hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let suites: Vec<u16> = client_hello.cipher_suites().iter().map(|suite| u16::from(*suite)).collect();
        // A suite of TLS 1.2 names the algorithm of the key; one of TLS 1.3 goes with any.
        let is_tls13 = tap::current(|tap| tap.is_tls13).unwrap_or(false);
        let fits = |algorithm| {
            suites.iter().any(|suite| match suite {
                0x1301..=0x1303 => is_tls13,
                0xc02b | 0xc02c | 0xcca9 => {
                    matches!(
                        algorithm,
                        SignatureAlgorithm::ECDSA | SignatureAlgorithm::ED25519 | SignatureAlgorithm::ED448
                    )
                }
                0xc02f | 0xc030 | 0xcca8 => algorithm == SignatureAlgorithm::RSA,
                _ => false,
            })
        };
        self.choose(client_hello.signature_schemes(), fits)
    }
}

impl ResolvesClientCert for KeyRing {
    fn resolve(&self, _root_hint_subjects: &[&[u8]], sigschemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        tap::current(|tap| tap.peer_schemes = sigschemes.iter().map(|scheme| u16::from(*scheme)).collect());
        self.choose(sigschemes, |_| true)
    }

    fn has_certs(&self) -> bool {
        !self.keys.is_empty()
    }
}

type RingCache = Mutex<HashMap<Vec<usize>, Weak<KeyRing>>>;

static RINGS: LazyLock<RingCache> = LazyLock::new(RingCache::default);

/// The ring of clients without a certificate: it outlives their contexts, as sessions do.
static EMPTY_RING: LazyLock<Arc<KeyRing>> = LazyLock::new(|| Arc::new(KeyRing { keys: Vec::new(), schemes: None }));

/// A ring for clients: the same keys give the same ring, as sessions are tied to it.
pub(crate) fn client_ring(keys: &[Arc<CertifiedKey>], schemes: Option<&Vec<SignatureScheme>>) -> Arc<KeyRing> {
    let make = || Arc::new(KeyRing { keys: keys.to_vec(), schemes: schemes.cloned() });
    if keys.is_empty() && schemes.is_none() {
        return EMPTY_RING.clone();
    }
    if schemes.is_some() {
        return make();
    }
    let name: Vec<usize> = keys.iter().map(|key| Arc::as_ptr(key) as usize).collect();
    let mut rings = RINGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = rings.get(&name).and_then(Weak::upgrade) {
        return known;
    }
    let made = make();
    rings.retain(|_, ring| ring.strong_count() > 0);
    rings.insert(name, Arc::downgrade(&made));
    made
}
