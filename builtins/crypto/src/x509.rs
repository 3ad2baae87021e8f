//! Certificates and `.pfx` files: `anode_crypto_pure` behind functions for JavaScript.

use crate::job::{Fail, Out, bytes_of, finish, size_of, text_of};
use crate::keys;
use anode_crypto_pure::hosts::{self, Rules, Subject};
use anode_crypto_pure::keys::{codec, sign};
use anode_crypto_pure::pkcs12::PfxError;
use anode_crypto_pure::x509::{Attribute, Certificate, PublicKey};
use anode_crypto_pure::{der, pem, pkcs12, spkac};
use anode_runtime::{Args, JsResult, Scope, Thrown};
use std::net::IpAddr;
use std::sync::Arc;

/// The DER of a certificate, given as PEM or DER.
fn certificate_der(data: &[u8]) -> Result<Vec<u8>, Fail> {
    match pem::first_certificate(&String::from_utf8_lossy(data)) {
        Ok(der) => Certificate::parse(&der).map(|found| found.der.to_vec()).map_err(|refusal| Fail::refusal(&refusal)),
        // What is no PEM may be DER; if it is neither, the first error is the one that Node shows.
        Err(refusal) => match Certificate::parse(data) {
            Ok(found) => Ok(found.der.to_vec()),
            Err(_) => Err(Fail::refusal(&refusal)),
        },
    }
}

/// `x509Read(data)`: the DER of the certificate in PEM or DER.
pub(crate) fn read<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let data = bytes_of(sc, args, 0)?;
    finish(sc, certificate_der(&data).map(Out::Bytes))
}

/// Runs with the certificate whose DER is argument `index`.
fn with_certificate<'s>(
    sc: &mut Scope<'s>,
    args: &Args<'s>,
    index: usize,
    run: impl FnOnce(&Certificate<'_>) -> Result<Out, Fail>,
) -> JsResult<'s> {
    let der = bytes_of(sc, args, index)?;
    let outcome = match Certificate::parse(&der) {
        Ok(certificate) => run(&certificate),
        Err(refusal) => Err(Fail::refusal(&refusal)),
    };
    finish(sc, outcome)
}

fn optional(text: Option<String>) -> Out {
    text.map_or(Out::Undefined, Out::Text)
}

/// A name as a flat list: attribute, value, attribute, value.
fn name_list(parts: &[Vec<Attribute<'_>>]) -> Out {
    let pairs = parts.iter().flatten().filter_map(|attribute| Some((attribute.name().to_owned(), attribute.text()?)));
    Out::List(pairs.flat_map(|(name, text)| [Out::Text(name), Out::Text(text)]).collect())
}

/// What getPeerCertificate tells of the key.
fn key_entries(certificate: &Certificate<'_>) -> Vec<(&'static str, Out)> {
    match certificate.public_key() {
        PublicKey::Ec { asn1_curve, nist_curve, bits, point } => vec![
            ("pubkey", Out::Bytes(point.to_vec())),
            ("bits", Out::Number(bits as f64)),
            ("asn1Curve", Out::Text(asn1_curve.into())),
            ("nistCurve", if nist_curve.is_empty() { Out::Undefined } else { Out::Text(nist_curve.into()) }),
        ],
        PublicKey::Other => Vec::new(),
        PublicKey::Rsa { modulus, exponent } => {
            let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
            let exponent: String = exponent.iter().map(|byte| format!("{byte:02x}")).collect();
            let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
            vec![
                ("modulus", Out::Text(hex(modulus))),
                ("exponent", Out::Text(format!("0x{}", exponent.trim_start_matches('0')))),
                ("pubkey", Out::Bytes(rsa_spki(certificate.spki))),
                ("bits", Out::Number(bits as f64)),
            ]
        }
    }
}

/// OpenSSL writes keys that are for RSA-PSS as plain RSA keys here, without parameters.
fn rsa_spki(spki: &[u8]) -> Vec<u8> {
    let parts = || {
        let mut info = der::sequence(spki)?;
        let mut algorithm = info.sequence()?;
        (der::dotted(algorithm.oid()?) == "1.2.840.113549.1.1.10").then_some(info.value()?.whole)
    };
    match parts() {
        Some(bits) => {
            let algorithm = der::write_sequence(&[der::write_oid("1.2.840.113549.1.1.1")]);
            der::write_sequence(&[algorithm, bits.to_vec()])
        }
        None => spki.to_vec(),
    }
}

/// `x509Info(der)`: everything that X509Certificate shows, and what the legacy object needs. Times are in seconds since 1970.
pub(crate) fn info<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    with_certificate(sc, args, 0, |certificate| {
        let (from, to) = (certificate.not_before(), certificate.not_after());
        let name = |text: String| if text.is_empty() { Out::Undefined } else { Out::Text(text) };
        let time = |moment: Option<anode_crypto_pure::x509::Moment>| {
            let text = moment.map_or_else(|| "Bad time value".to_owned(), |moment| moment.print());
            let seconds = moment.map_or(f64::NAN, |moment| moment.unix_seconds() as f64);
            (Out::Text(text), Out::Number(seconds))
        };
        let ((valid_from, from_seconds), (valid_to, to_seconds)) = (time(from), time(to));
        let usage = certificate.extended_key_usage();
        let usage = usage.map_or(Out::Undefined, |oids| Out::List(oids.into_iter().map(Out::Text).collect()));
        Ok(Out::Map(vec![
            ("subject", name(certificate.subject())),
            ("issuer", name(certificate.issuer())),
            ("subjectParts", name_list(&certificate.subject_parts())),
            ("issuerParts", name_list(&certificate.issuer_parts())),
            ("subjectAltName", optional(certificate.subject_alt_name())),
            ("infoAccess", optional(certificate.info_access())),
            ("validFrom", valid_from),
            ("validTo", valid_to),
            ("validFromSeconds", from_seconds),
            ("validToSeconds", to_seconds),
            ("keyUsage", usage),
            ("serialNumber", Out::Text(certificate.serial())),
            ("signatureAlgorithm", optional(certificate.signature_name().map(str::to_owned))),
            ("signatureAlgorithmOid", Out::Text(certificate.signature_oid())),
            ("ca", Out::Bool(certificate.is_ca())),
            ("key", Out::Map(key_entries(certificate))),
        ]))
    })
}

/// `x509Key(der)`: the native public key.
pub(crate) fn key<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    with_certificate(sc, args, 0, |certificate| match codec::spki(certificate.spki) {
        Some(key) => Ok(Out::Key(Arc::new(key))),
        None => Err(Fail::openssl("06000091", "public key routines", "decode error", "EVP_")),
    })
}

fn subject_rule(number: usize) -> Subject {
    match number {
        1 => Subject::Always,
        2 => Subject::Never,
        _ => Subject::Default,
    }
}

/// `x509CheckHost(der, host, subject, wildcards, partialWildcards, multiLabelWildcards, singleLabelSubdomains)`: the name that
/// matches, or undefined. `subject`: 0 default, 1 always, 2 never.
pub(crate) fn check_host<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let host = text_of(sc, args, 1)?;
    let rules = Rules {
        subject: subject_rule(size_of(args, 2)),
        wildcards: args.get(3).is_true(),
        partial_wildcards: args.get(4).is_true(),
        multi_label_wildcards: args.get(5).is_true(),
        single_label_subdomains: args.get(6).is_true(),
    };
    with_certificate(sc, args, 0, |certificate| Ok(optional(hosts::check_host(certificate, &host, &rules))))
}

/// `x509CheckEmail(der, address, subject)`
pub(crate) fn check_email<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (address, subject) = (text_of(sc, args, 1)?, subject_rule(size_of(args, 2)));
    with_certificate(sc, args, 0, |certificate| Ok(Out::Bool(hosts::check_email(certificate, &address, subject))))
}

/// `x509CheckIP(der, address)`: undefined if this is no address.
pub(crate) fn check_ip<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let address = text_of(sc, args, 1)?.parse::<IpAddr>();
    with_certificate(sc, args, 0, |certificate| {
        Ok(address.map_or(Out::Undefined, |address| Out::Bool(hosts::check_ip(certificate, address))))
    })
}

/// `x509CheckIssued(der, otherDer)`: whether the other one can be the issuer.
pub(crate) fn check_issued<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let other = bytes_of(sc, args, 1)?;
    with_certificate(sc, args, 0, |certificate| {
        Ok(Out::Bool(Certificate::parse(&other).is_ok_and(|issuer| certificate.is_issued_by(&issuer))))
    })
}

/// `x509Verify(der, key)`: whether the key made the signature.
pub(crate) fn verify<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = keys::unwrap(sc, args.get(1))?;
    with_certificate(sc, args, 0, |certificate| {
        let valid =
            sign::verify_algorithm(&key, certificate.signature_algorithm, certificate.tbs, certificate.signature);
        Ok(Out::Bool(valid))
    })
}

/// `pkcs12(data, password, forTls)`: `{ key, certificate, others }`, a PKCS#8 and certificates as DER. Errors are those of
/// `parsePKCS12()` or, for TLS, of `createSecureContext()`.
pub(crate) fn pkcs12<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let data = bytes_of(sc, args, 0)?;
    let password = text_of(sc, args, 1)?;
    let for_tls = args.get(2).is_true();
    let outcome = match pkcs12::parse(&data, &password) {
        Ok(pfx) if for_tls && pfx.key.is_none() => Err(Fail::new("ERR_CRYPTO_OPERATION_FAILED", pkcs12::NO_KEY)),
        Ok(pfx) => Ok(Out::Map(vec![
            ("key", pfx.key.map_or(Out::Undefined, |key| Out::Bytes(key.to_vec()))),
            ("certificate", pfx.certificate.map_or(Out::Undefined, Out::Bytes)),
            ("others", Out::List(pfx.others.into_iter().map(Out::Bytes).collect())),
        ])),
        Err(error) if for_tls => Err(Fail::new(error.code().unwrap_or(""), error.message())),
        Err(PfxError::Mac) => Err(Fail::openssl("11800071", "PKCS12 routines", "mac verify failure", "PKCS12_")),
        Err(PfxError::NotEnoughData) => {
            Err(Fail::new("ERR_CRYPTO_OPERATION_FAILED", "Input is not a valid PKCS#12 structure"))
        }
        Err(PfxError::Unsupported) => Err(Fail::new(
            "ERR_CRYPTO_UNSUPPORTED_OPERATION",
            "PKCS#12 bundle uses an unsupported algorithm; it may require the OpenSSL legacy provider",
        )),
    };
    finish(sc, outcome)
}

/// `pemCertificates(text)`: the DER of each certificate in a PEM file.
pub(crate) fn pem_certificates<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> Result<anode_runtime::Local<'s>, Thrown> {
    let data = bytes_of(sc, args, 0)?;
    let found = pem::certificates(&String::from_utf8_lossy(&data));
    finish(sc, Ok(Out::List(found.into_iter().map(Out::Bytes).collect())))
}

/// `spkac(text, what)`: `verify` gives whether the signature is right, `key` the public key as PEM and `challenge` the challenge,
/// both as ArrayBuffers, or undefined if this is none.
pub(crate) fn spkac<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (text, what) = (bytes_of(sc, args, 0)?, text_of(sc, args, 1)?);
    let found = match what.as_str() {
        "challenge" => spkac::challenge(&text).map_or(Out::Undefined, Out::Bytes),
        "key" => spkac::public_key(&text).map_or(Out::Undefined, |pem| Out::Bytes(pem.into_bytes())),
        _ => Out::Bool(spkac::verify(&text)),
    };
    finish(sc, Ok(found))
}
