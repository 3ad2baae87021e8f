//! X.509 certificates and revocation lists, as far as chains need them. RFC 5280.

use crate::der::{self, Element, Reader};
use std::ops::Range;

/// Bits of KeyUsage, in the order of RFC 5280 §4.2.1.3.
pub const DIGITAL_SIGNATURE: u16 = 1 << 15;
/// keyEncipherment
pub const KEY_ENCIPHERMENT: u16 = 1 << 13;
/// keyAgreement
pub const KEY_AGREEMENT: u16 = 1 << 11;
/// keyCertSign
pub const KEY_CERT_SIGN: u16 = 1 << 10;
/// cRLSign
pub const CRL_SIGN: u16 = 1 << 9;

/// One entry of a subject alternative name or of a name constraint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Name {
    /// rfc822Name
    Email(String),
    /// dNSName
    Dns(String),
    /// iPAddress: 4 or 16 bytes; in constraints followed by as many of mask.
    Ip(Vec<u8>),
    /// directoryName, encoded.
    Directory(Vec<u8>),
    /// Anything else.
    Other,
}

/// Name constraints of a CA.
#[derive(Clone, Debug, Default)]
pub struct NameConstraints {
    /// Names must be below one of these, per kind.
    pub permitted: Vec<Name>,
    /// Names must not be below any of these.
    pub excluded: Vec<Name>,
}

/// A certificate: its encoding, and what chains ask about it.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The encoding.
    pub der: Vec<u8>,
    tbs: Range<usize>,
    serial: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    spki: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
    /// Seconds since 1970.
    pub not_before: i64,
    /// Seconds since 1970.
    pub not_after: i64,
    /// 1, 2 or 3.
    pub version: u8,
    /// `cA` of BasicConstraints, if it is there.
    pub ca: Option<bool>,
    /// How many more CAs may follow.
    pub path_length: Option<u32>,
    /// KeyUsage, the first bit highest.
    pub key_usage: Option<u16>,
    /// Object identifiers of ExtendedKeyUsage.
    pub extended_key_usage: Option<Vec<Vec<u8>>>,
    /// SubjectKeyIdentifier
    pub subject_key_id: Option<Vec<u8>>,
    /// AuthorityKeyIdentifier
    pub authority_key_id: Option<Vec<u8>>,
    /// Subject alternative names.
    pub names: Vec<Name>,
    /// Name constraints.
    pub constraints: Option<NameConstraints>,
    /// Whether there is a critical extension that nobody here understands.
    pub unknown_critical: bool,
}

fn range(whole: &[u8], part: &[u8]) -> Range<usize> {
    // Both come from one buffer: an offset, not a dereference.
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

impl Certificate {
    /// Reads one certificate; trailing bytes are refused.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Certificate> {
        let mut outer = Reader(bytes);
        let mut parts = outer.enter(der::SEQUENCE)?;
        if !outer.is_empty() {
            return None;
        }
        let tbs = parts.need(der::SEQUENCE)?;
        let algorithm = parts.need(der::SEQUENCE)?;
        let signature = der::bit_string(parts.need(der::BIT_STRING)?.body)?;
        let mut fields = Reader(tbs.body);
        let version = match fields.optional(0xa0) {
            Some(element) => der::small(Reader(element.body).need(der::INTEGER)?.body)? as u8 + 1,
            None => 1,
        };
        let serial = fields.need(der::INTEGER)?;
        fields.need(der::SEQUENCE)?;
        let issuer = fields.need(der::SEQUENCE)?;
        let mut validity = fields.enter(der::SEQUENCE)?;
        let not_before = der::time(&validity.any()?)?;
        let not_after = der::time(&validity.any()?)?;
        let subject = fields.need(der::SEQUENCE)?;
        let spki = fields.need(der::SEQUENCE)?;
        let mut certificate = Certificate {
            tbs: range(bytes, tbs.whole),
            serial: range(bytes, serial.body),
            issuer: range(bytes, issuer.whole),
            subject: range(bytes, subject.whole),
            spki: range(bytes, spki.whole),
            algorithm: range(bytes, algorithm.whole),
            signature: range(bytes, signature),
            not_before,
            not_after,
            version,
            ca: None,
            path_length: None,
            key_usage: None,
            extended_key_usage: None,
            subject_key_id: None,
            authority_key_id: None,
            names: Vec::new(),
            constraints: None,
            unknown_critical: false,
            der: bytes.to_vec(),
        };
        fields.optional(0x81);
        fields.optional(0x82);
        if let Some(extensions) = fields.optional(0xa3) {
            let mut list = Reader(extensions.body).enter(der::SEQUENCE)?;
            while !list.is_empty() {
                certificate.read_extension(list.enter(der::SEQUENCE)?)?;
            }
        }
        Some(certificate)
    }

    fn read_extension(&mut self, mut extension: Reader<'_>) -> Option<()> {
        let id = extension.need(der::OID)?.body;
        let critical = extension.optional(der::BOOLEAN).is_some_and(|element| element.body != [0]);
        let value = extension.need(der::OCTET_STRING)?.body;
        let mut value = Reader(value);
        // All of these are below 2.5.29 (id-ce).
        let kind = match id {
            [0x55, 0x1d, kind] => *kind,
            _ => 0,
        };
        match kind {
            14 => self.subject_key_id = Some(value.need(der::OCTET_STRING)?.body.to_vec()),
            15 => {
                let bits = value.need(der::BIT_STRING)?.body;
                let low = bits.get(2).copied().unwrap_or(0);
                self.key_usage = Some(u16::from(*bits.get(1)?) << 8 | u16::from(low));
            }
            17 => {
                let mut names = value.enter(der::SEQUENCE)?;
                while let Some(element) = names.any() {
                    self.names.push(name(&element));
                }
            }
            19 => {
                let mut fields = value.enter(der::SEQUENCE)?;
                self.ca = Some(fields.optional(der::BOOLEAN).is_some_and(|element| element.body != [0]));
                self.path_length = fields.optional(der::INTEGER).and_then(|element| der::small(element.body));
            }
            30 => self.constraints = Some(constraints(value)?),
            35 => {
                let mut fields = value.enter(der::SEQUENCE)?;
                self.authority_key_id = fields.optional(0x80).map(|element| element.body.to_vec());
            }
            37 => {
                let mut list = value.enter(der::SEQUENCE)?;
                let mut ids = Vec::new();
                while let Some(element) = list.any() {
                    ids.push(element.body.to_vec());
                }
                self.extended_key_usage = Some(ids);
            }
            // Policies and their mappings are not asked for, as in OpenSSL without a policy check.
            32 | 33 | 36 | 54 | 31 => {}
            _ => self.unknown_critical |= critical,
        }
        Some(())
    }

    /// What is signed.
    #[must_use]
    pub fn tbs(&self) -> &[u8] {
        &self.der[self.tbs.clone()]
    }

    /// The serial number's contents.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.der[self.serial.clone()]
    }

    /// The issuer's name, encoded.
    #[must_use]
    pub fn issuer(&self) -> &[u8] {
        &self.der[self.issuer.clone()]
    }

    /// The subject's name, encoded.
    #[must_use]
    pub fn subject(&self) -> &[u8] {
        &self.der[self.subject.clone()]
    }

    /// SubjectPublicKeyInfo, encoded.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.der[self.spki.clone()]
    }

    /// AlgorithmIdentifier of the signature, encoded.
    #[must_use]
    pub fn algorithm(&self) -> &[u8] {
        &self.der[self.algorithm.clone()]
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.der[self.signature.clone()]
    }

    /// Whether issuer and subject have the same name.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.issuer() == self.subject()
    }

    /// Whether it may be its own issuer: the same name, and the same key if it says which.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.may_be_issued_by(self)
    }

    /// Whether names and key identifiers allow `issuer` to be this certificate's issuer.
    #[must_use]
    pub fn may_be_issued_by(&self, issuer: &Certificate) -> bool {
        if self.issuer() != issuer.subject() {
            return false;
        }
        match (&self.authority_key_id, &issuer.subject_key_id) {
            (Some(wanted), Some(has)) => wanted == has,
            _ => true,
        }
    }
}

fn name(element: &Element<'_>) -> Name {
    let text = || String::from_utf8_lossy(element.body).into_owned();
    match element.tag {
        0x81 => Name::Email(text()),
        0x82 => Name::Dns(text()),
        0x87 => Name::Ip(element.body.to_vec()),
        0xa4 => Name::Directory(element.body.to_vec()),
        _ => Name::Other,
    }
}

fn constraints(mut value: Reader<'_>) -> Option<NameConstraints> {
    let mut fields = value.enter(der::SEQUENCE)?;
    let mut found = NameConstraints::default();
    for (tag, list) in [(0xa0, &mut found.permitted), (0xa1, &mut found.excluded)] {
        let Some(trees) = fields.optional(tag) else { continue };
        let mut trees = Reader(trees.body);
        while !trees.is_empty() {
            list.push(name(&trees.enter(der::SEQUENCE)?.any()?));
        }
    }
    Some(found)
}

/// A certificate revocation list.
#[derive(Clone, Debug)]
pub struct Crl {
    der: Vec<u8>,
    tbs: Range<usize>,
    issuer: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
    /// Seconds since 1970.
    pub this_update: i64,
    /// Seconds since 1970, if it says when the next one comes.
    pub next_update: Option<i64>,
    revoked: Vec<Vec<u8>>,
}

impl Crl {
    /// Reads one list.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Crl> {
        let mut parts = Reader(bytes).enter(der::SEQUENCE)?;
        let tbs = parts.need(der::SEQUENCE)?;
        let algorithm = parts.need(der::SEQUENCE)?;
        let signature = der::bit_string(parts.need(der::BIT_STRING)?.body)?;
        let mut fields = Reader(tbs.body);
        fields.optional(der::INTEGER);
        fields.need(der::SEQUENCE)?;
        let issuer = fields.need(der::SEQUENCE)?;
        let this_update = der::time(&fields.any()?)?;
        let next_update = match fields.peek() {
            Some(der::UTC_TIME | der::GENERALIZED_TIME) => Some(der::time(&fields.any()?)?),
            _ => None,
        };
        let mut revoked = Vec::new();
        if let Some(mut list) = fields.enter(der::SEQUENCE) {
            while !list.is_empty() {
                revoked.push(list.enter(der::SEQUENCE)?.need(der::INTEGER)?.body.to_vec());
            }
        }
        Some(Crl {
            tbs: range(bytes, tbs.whole),
            issuer: range(bytes, issuer.whole),
            algorithm: range(bytes, algorithm.whole),
            signature: range(bytes, signature),
            this_update,
            next_update,
            revoked,
            der: bytes.to_vec(),
        })
    }

    /// The issuer's name, encoded.
    #[must_use]
    pub fn issuer(&self) -> &[u8] {
        &self.der[self.issuer.clone()]
    }

    /// Whether the certificate with this serial number is revoked.
    #[must_use]
    pub fn revokes(&self, serial: &[u8]) -> bool {
        self.revoked.iter().any(|entry| entry == serial)
    }

    /// Whether the key of `issuer` signed it.
    #[must_use]
    pub fn is_signed_by(&self, issuer: &Certificate) -> bool {
        crate::signature::verify_signed(
            &self.der[self.algorithm.clone()],
            issuer.spki(),
            &self.der[self.tbs.clone()],
            &self.der[self.signature.clone()],
        )
    }
}
