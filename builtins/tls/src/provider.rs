//! The algorithms of connections: AWS-LC's, watched by the tap; and the stateless hooks of the TLS engine.

use crate::groups;
use crate::tap::{self, ClientSession};
use anode_crypto_pure::digests::Md;
use anode_tls_pure::signature::{self, Scheme};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::crypto::CryptoProvider;
use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, InboundPlainMessage, Iv, KeyBlockShape, MessageDecrypter, MessageEncrypter,
    OutboundOpaqueMessage, OutboundPlainMessage, Tls12AeadAlgorithm, Tls13AeadAlgorithm, UnsupportedOperationError,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::StoresServerSessions;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CipherSuiteCommon, ConnectionTrafficSecrets, ContentType, DigitallySignedStruct, DistinguishedName, Error, KeyLog,
    NamedGroup, PeerMisbehaved, SignatureScheme, SupportedCipherSuite, Tls12CipherSuite, Tls13CipherSuite,
};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

// ---------------------------------------------------------------------------------------------------------------------
// Cipher suites

struct Tapped13(&'static dyn Tls13AeadAlgorithm);

impl Tls13AeadAlgorithm for Tapped13 {
    fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageEncrypter> {
        Box::new(TappedEncrypter(self.0.encrypter(key, iv)))
    }

    fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageDecrypter> {
        Box::new(TappedDecrypter(self.0.decrypter(key, iv)))
    }

    fn key_len(&self) -> usize {
        self.0.key_len()
    }

    fn extract_keys(&self, key: AeadKey, iv: Iv) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.0.extract_keys(key, iv)
    }
}

struct Tapped12(&'static dyn Tls12AeadAlgorithm);

impl Tls12AeadAlgorithm for Tapped12 {
    fn encrypter(&self, key: AeadKey, iv: &[u8], extra: &[u8]) -> Box<dyn MessageEncrypter> {
        Box::new(TappedEncrypter(self.0.encrypter(key, iv, extra)))
    }

    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn MessageDecrypter> {
        Box::new(TappedDecrypter(self.0.decrypter(key, iv)))
    }

    fn key_block_shape(&self) -> KeyBlockShape {
        self.0.key_block_shape()
    }

    fn extract_keys(
        &self,
        key: AeadKey,
        iv: &[u8],
        explicit: &[u8],
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.0.extract_keys(key, iv, explicit)
    }
}

struct TappedEncrypter(Box<dyn MessageEncrypter>);

impl MessageEncrypter for TappedEncrypter {
    fn encrypt(&mut self, msg: OutboundPlainMessage<'_>, seq: u64) -> Result<OutboundOpaqueMessage, Error> {
        let is_handshake = msg.typ == ContentType::Handshake;
        if is_handshake || tap::current(|tap| tap.tracer.is_some()) == Some(true) {
            let bytes = msg.payload.to_vec();
            tap::current(|tap| {
                if is_handshake {
                    tap.sent(&bytes);
                }
                if let Some(tracer) = &mut tap.tracer {
                    tracer.sealed(u8::from(msg.typ), &bytes);
                }
            });
        }
        self.0.encrypt(msg, seq)
    }

    fn encrypted_payload_len(&self, payload_len: usize) -> usize {
        self.0.encrypted_payload_len(payload_len)
    }
}

struct TappedDecrypter(Box<dyn MessageDecrypter>);

impl MessageDecrypter for TappedDecrypter {
    fn decrypt<'a>(&mut self, msg: InboundOpaqueMessage<'a>, seq: u64) -> Result<InboundPlainMessage<'a>, Error> {
        let plain = self.0.decrypt(msg, seq)?;
        tap::current(|tap| {
            if plain.typ == ContentType::Handshake {
                tap.got(plain.payload);
            }
            if let Some(tracer) = &mut tap.tracer {
                tracer.opened(u8::from(plain.typ), plain.payload);
            }
        });
        Ok(plain)
    }
}

fn tapped(suite: &SupportedCipherSuite) -> SupportedCipherSuite {
    let common = |common: &CipherSuiteCommon| CipherSuiteCommon {
        suite: common.suite,
        hash_provider: common.hash_provider,
        confidentiality_limit: common.confidentiality_limit,
    };
    // Once per process: the engine wants suites that live for ever.
    match suite {
        SupportedCipherSuite::Tls12(suite) => SupportedCipherSuite::Tls12(Box::leak(Box::new(Tls12CipherSuite {
            common: common(&suite.common),
            prf_provider: suite.prf_provider,
            kx: suite.kx,
            sign: suite.sign,
            aead_alg: Box::leak(Box::new(Tapped12(suite.aead_alg))),
        }))),
        SupportedCipherSuite::Tls13(suite) => SupportedCipherSuite::Tls13(Box::leak(Box::new(Tls13CipherSuite {
            common: common(&suite.common),
            hkdf_provider: suite.hkdf_provider,
            aead_alg: Box::leak(Box::new(Tapped13(suite.aead_alg))),
            quic: None,
        }))),
    }
}

/// Every suite there is.
static SUITES: LazyLock<Vec<SupportedCipherSuite>> =
    LazyLock::new(|| rustls::crypto::aws_lc_rs::ALL_CIPHER_SUITES.iter().map(tapped).collect());

/// A provider with these suites and groups, in this order. Suites and groups that are not there are left out.
pub(crate) fn provider(suites: &[u16], groups: Option<&[u16]>) -> CryptoProvider {
    let base = rustls::crypto::aws_lc_rs::default_provider();
    let known = |id: u16| groups::ALL.iter().find(|group| u16::from(group.name()) == id).copied();
    let cipher_suites =
        suites.iter().filter_map(|id| SUITES.iter().find(|suite| u16::from(suite.suite()) == *id).copied()).collect();
    let kx_groups = match groups {
        Some(groups) => groups.iter().filter_map(|id| known(*id)).collect(),
        None => groups::DEFAULT.to_vec(),
    };
    CryptoProvider { cipher_suites, kx_groups, ..base }
}

/// The registered name of a group as OpenSSL prints it, its kind and its bits.
pub(crate) fn group_facts(group: NamedGroup) -> (&'static str, &'static str, i32) {
    match group {
        NamedGroup::X25519 => ("ECDH", "X25519", 253),
        NamedGroup::secp256r1 => ("ECDH", "prime256v1", 256),
        NamedGroup::secp384r1 => ("ECDH", "secp384r1", 384),
        NamedGroup::secp521r1 => ("ECDH", "secp521r1", 521),
        NamedGroup::X448 => ("ECDH", "X448", 448),
        NamedGroup::MLKEM768 => ("TLSGroup", "MLKEM768", 0),
        NamedGroup::MLKEM1024 => ("TLSGroup", "MLKEM1024", 0),
        NamedGroup::secp256r1MLKEM768 => ("TLSGroup", "SecP256r1MLKEM768", 0),
        NamedGroup::X25519MLKEM768 => ("TLSGroup", "X25519MLKEM768", 0),
        _ => ("ECDH", "unknown", 0),
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Signatures of the handshake

/// How a scheme of the wire signs.
pub(crate) fn scheme(scheme: SignatureScheme) -> Option<Scheme> {
    Some(match scheme {
        SignatureScheme::RSA_PKCS1_SHA1 => Scheme::Pkcs1(Md::Sha1),
        SignatureScheme::RSA_PKCS1_SHA256 => Scheme::Pkcs1(Md::Sha256),
        SignatureScheme::RSA_PKCS1_SHA384 => Scheme::Pkcs1(Md::Sha384),
        SignatureScheme::RSA_PKCS1_SHA512 => Scheme::Pkcs1(Md::Sha512),
        SignatureScheme::RSA_PSS_SHA256 => Scheme::Pss(Md::Sha256),
        SignatureScheme::RSA_PSS_SHA384 => Scheme::Pss(Md::Sha384),
        SignatureScheme::RSA_PSS_SHA512 => Scheme::Pss(Md::Sha512),
        SignatureScheme::ECDSA_SHA1_Legacy => Scheme::Ecdsa(Md::Sha1),
        SignatureScheme::ECDSA_NISTP256_SHA256 => Scheme::Ecdsa(Md::Sha256),
        SignatureScheme::ECDSA_NISTP384_SHA384 => Scheme::Ecdsa(Md::Sha384),
        SignatureScheme::ECDSA_NISTP521_SHA512 => Scheme::Ecdsa(Md::Sha512),
        SignatureScheme::ED25519 => Scheme::Message("ed25519"),
        SignatureScheme::ED448 => Scheme::Message("ed448"),
        SignatureScheme::ML_DSA_44 => Scheme::Message("ml-dsa-44"),
        SignatureScheme::ML_DSA_65 => Scheme::Message("ml-dsa-65"),
        SignatureScheme::ML_DSA_87 => Scheme::Message("ml-dsa-87"),
        _ => return None,
    })
}

/// What is offered unless the option `sigalgs` says otherwise.
pub(crate) static DEFAULT_SCHEMES: &[SignatureScheme] = &[
    SignatureScheme::ML_DSA_65,
    SignatureScheme::ML_DSA_87,
    SignatureScheme::ML_DSA_44,
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ECDSA_NISTP521_SHA512,
    SignatureScheme::ED25519,
    SignatureScheme::ED448,
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA512,
];

/// Lets every certificate pass, as JavaScript decides afterwards; the signatures of the handshake have to be right.
#[derive(Debug)]
pub(crate) struct Verifier {
    pub(crate) schemes: Vec<SignatureScheme>,
    /// As a server: whether clients are asked for a certificate.
    pub(crate) request: bool,
    /// As a server: whether clients must have one.
    pub(crate) mandatory: bool,
    /// As a server: names of the authorities that are told to clients.
    pub(crate) hints: Vec<DistinguishedName>,
}

impl Verifier {
    fn check(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if !self.schemes.contains(&signed.scheme) {
            return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
        }
        let spki = anode_tls_pure::certificate::Certificate::parse(certificate).map(|parsed| parsed.spki().to_vec());
        let valid = match (scheme(signed.scheme), spki) {
            (Some(scheme), Some(spki)) => signature::verify(scheme, &spki, message, signed.signature()),
            _ => false,
        };
        if valid {
            Ok(HandshakeSignatureValid::assertion())
        } else {
            Err(Error::InvalidCertificate(rustls::CertificateError::BadSignature))
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if !ocsp_response.is_empty() {
            tap::current(|tap| tap.ocsp = Some(ocsp_response.to_vec()));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

impl ClientCertVerifier for Verifier {
    fn offer_client_auth(&self) -> bool {
        self.request
    }

    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.hints
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

/// The verifier of clients with the usual schemes. Sessions are tied to it: there must be one only.
pub(crate) static CLIENT_VERIFIER: LazyLock<Arc<dyn ServerCertVerifier>> = LazyLock::new(|| {
    Arc::new(Verifier { schemes: DEFAULT_SCHEMES.to_vec(), request: false, mandatory: false, hints: Vec::new() })
});

// ---------------------------------------------------------------------------------------------------------------------
// Key log and sessions

#[derive(Debug)]
pub(crate) struct TapKeyLog;

impl KeyLog for TapKeyLog {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        // No data is sent early, so its secret is of no use; OpenSSL leaves it out as well.
        if label == "CLIENT_EARLY_TRAFFIC_SECRET" {
            return;
        }
        let mut line = format!("{label} ");
        hex(&mut line, client_random);
        line.push(' ');
        hex(&mut line, secret);
        line.push('\n');
        tap::current(|tap| tap.keylog.push(line.into_bytes()));
    }

    fn will_log(&self, _label: &str) -> bool {
        tap::current(|tap| tap.keylog_wanted).unwrap_or(false)
    }
}

fn hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
}

/// Sessions of clients: offered and received through the tap.
#[derive(Debug)]
pub(crate) struct TapClientSessions;

impl ClientSessionStore for TapClientSessions {
    fn set_kx_hint(&self, _server_name: ServerName<'static>, _group: NamedGroup) {}

    fn kx_hint(&self, _server_name: &ServerName<'_>) -> Option<NamedGroup> {
        None
    }

    fn set_tls12_session(&self, _server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        tap::current(|tap| tap.received.push(ClientSession::Tls12(value)));
    }

    fn tls12_session(&self, _server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        tap::current(|tap| match &tap.offered {
            Some(ClientSession::Tls12(value)) => Some(value.clone()),
            _ => None,
        })?
    }

    fn remove_tls12_session(&self, _server_name: &ServerName<'static>) {}

    fn insert_tls13_ticket(&self, _server_name: ServerName<'static>, value: Tls13ClientSessionValue) {
        tap::current(|tap| {
            let stock = match tap.received.first() {
                Some(ClientSession::Tls13(stock)) => stock.clone(),
                _ => Rc::default(),
            };
            stock.borrow_mut().push_back(value);
            tap.received.push(ClientSession::Tls13(stock));
        });
    }

    fn take_tls13_ticket(&self, _server_name: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        tap::current(|tap| match &tap.offered {
            Some(ClientSession::Tls13(stock)) => stock.borrow_mut().pop_front(),
            _ => None,
        })?
    }
}

/// Sessions of servers: kept by JavaScript, if it listens.
#[derive(Debug)]
pub(crate) struct TapServerSessions;

impl StoresServerSessions for TapServerSessions {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        tap::current(|tap| {
            if tap.sessions_kept {
                tap.kept.push((key, value));
            }
            tap.sessions_kept
        })
        .unwrap_or(false)
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        tap::current(|tap| tap.found.as_ref().filter(|(id, _)| id == key).map(|(_, state)| state.clone()))?
    }

    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.get(key)
    }

    fn can_cache(&self) -> bool {
        tap::current(|tap| tap.sessions_kept).unwrap_or(false)
    }
}
