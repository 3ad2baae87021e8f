//! X.509 certificates, described as OpenSSL and Node describe them. RFC 5280.
//!
//! A certificate keeps its DER; what is asked of it is read when asked. Nothing here decides whether a certificate is to be
//! trusted.

use crate::der::{self, Reader, Value, tag};
use crate::error::{HEADER_TOO_LONG, NOT_ENOUGH_DATA, Refusal, WRONG_TAG};
use crate::names;
use std::fmt::Write as _;

const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
const AUTHORITY_KEY_ID: &str = "2.5.29.35";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
const KEY_USAGE: &str = "2.5.29.15";
const SUBJECT_ALT_NAME: &str = "2.5.29.17";
const SUBJECT_KEY_ID: &str = "2.5.29.14";

const EMAIL_ADDRESS: &str = "1.2.840.113549.1.9.1";
const COMMON_NAME: &str = "2.5.4.3";

/// One attribute of a distinguished name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// With dots.
    pub oid: String,
    pub value: Value<'a>,
}

impl Attribute<'_> {
    /// OpenSSL's short name, or the identifier.
    pub fn name(&self) -> &str {
        names::attribute(&self.oid).unwrap_or(&self.oid)
    }

    /// The value as text; `None` for what is no string.
    pub fn text(&self) -> Option<String> {
        text_of(&self.value)
    }
}

/// A string of any of ASN.1's types.
fn text_of(value: &Value<'_>) -> Option<String> {
    let bytes = value.contents;
    match value.tag {
        tag::UTF8_STRING => Some(String::from_utf8_lossy(bytes).into_owned()),
        // Printable, teletex, IA5, numeric, visible and general strings: bytes are characters of Latin-1.
        0x12..=0x16 | 0x1a | 0x1b => Some(latin1(bytes)),
        tag::BMP_STRING => {
            let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            Some(String::from_utf16_lossy(&units))
        }
        tag::UNIVERSAL_STRING => {
            let code = |four: &[u8]| four.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte));
            bytes.chunks_exact(4).map(|four| char::from_u32(code(four))).collect()
        }
        _ => None,
    }
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The relative names of a distinguished name in order, each with its attributes.
pub fn name_parts(name: Reader<'_>) -> Vec<Vec<Attribute<'_>>> {
    name.map(|set| {
        set.reader()
            .filter_map(|pair| {
                let mut pair = pair.reader();
                let oid = der::dotted(pair.oid()?);
                Some(Attribute { oid, value: pair.value()? })
            })
            .collect()
    })
    .collect()
}

/// Escapes a value of a name. RFC 2253 §2.4; `control`: control characters become hexadecimal pairs.
fn escape_2253(text: &str, control: bool, out: &mut String) {
    let last = text.chars().count().saturating_sub(1);
    for (at, c) in text.chars().enumerate() {
        let edge = (at == 0 && (c == ' ' || c == '#')) || (at == last && c == ' ');
        if edge || matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';') {
            out.push('\\');
            out.push(c);
        } else if control && (c < ' ' || c == '\x7f') {
            let _ = write!(out, "\\{:02X}", u32::from(c));
        } else {
            out.push(c);
        }
    }
}

fn print_attribute(attribute: &Attribute<'_>, control: bool, out: &mut String) {
    out.push_str(attribute.name());
    out.push('=');
    match attribute.text() {
        Some(text) => escape_2253(&text, control, out),
        None => {
            out.push('#');
            for byte in attribute.value.whole {
                let _ = write!(out, "{byte:02X}");
            }
        }
    }
}

/// A name with a line for each relative name, as X509Certificate shows it.
fn print_lines(name: Reader<'_>) -> String {
    let mut out = String::new();
    for (at, part) in name_parts(name).iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for (at, attribute) in part.iter().enumerate() {
            if at > 0 {
                out.push_str(" + ");
            }
            print_attribute(attribute, true, &mut out);
        }
    }
    out
}

/// A name as RFC 2253 writes it, last part first; control characters stay.
fn print_2253(name: Reader<'_>) -> String {
    let mut out = String::new();
    for (at, part) in name_parts(name).iter().rev().enumerate() {
        if at > 0 {
            out.push(',');
        }
        for (at, attribute) in part.iter().enumerate() {
            if at > 0 {
                out.push('+');
            }
            print_attribute(attribute, false, &mut out);
        }
    }
    out
}

/// A general name's text with Node's escapes: whatever could be taken for the next entry is written as a JSON string.
/// `utf8`: the text has characters beyond ASCII that stay.
fn print_alt_name(text: &str, utf8: bool, prefix: &str, out: &mut String) {
    let plain = |c: char| c >= ' ' && if utf8 { c != '\x7f' } else { c <= '~' };
    let prefixed = |out: &mut String| {
        if !prefix.is_empty() {
            out.push_str(prefix);
            out.push(':');
        }
    };
    if text.chars().all(|c| plain(c) && !matches!(c, '"' | '\\' | ',' | '\'')) {
        prefixed(out);
        out.push_str(text);
        return;
    }
    out.push('"');
    prefixed(out);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            ',' => out.push_str("\\u002c"),
            _ if plain(c) => out.push(c),
            _ => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
        }
    }
    out.push('"');
}

/// Prints one GeneralName. RFC 5280 §4.2.1.6.
fn print_general_name(name: &Value<'_>, out: &mut String) {
    match name.tag {
        0xa0 => print_other_name(name.reader(), out),
        0x81 => {
            out.push_str("email:");
            print_alt_name(&latin1(name.contents), false, "", out);
        }
        0x82 => {
            out.push_str("DNS:");
            print_alt_name(&latin1(name.contents), false, "", out);
        }
        0x86 => {
            out.push_str("URI:");
            print_alt_name(&latin1(name.contents), false, "", out);
        }
        0xa4 => {
            out.push_str("DirName:");
            let text = name.reader().sequence().map(print_2253).unwrap_or_default();
            print_alt_name(&text, true, "", out);
        }
        0x87 => {
            out.push_str("IP Address:");
            print_ip(name.contents, out);
        }
        0x88 => {
            out.push_str("Registered ID:");
            out.push_str(&der::dotted(name.contents));
        }
        0xa3 => out.push_str("X400Name:<unsupported>"),
        0xa5 => out.push_str("EdiPartyName:<unsupported>"),
        _ => out.push_str("<unsupported>"),
    }
}

fn print_ip(bytes: &[u8], out: &mut String) {
    let _ = match bytes.len() {
        4 => write!(out, "{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]),
        16 => {
            for (at, pair) in bytes.chunks_exact(2).enumerate() {
                let colon = if at > 0 { ":" } else { "" };
                let _ = write!(out, "{colon}{:X}", u16::from_be_bytes([pair[0], pair[1]]));
            }
            Ok(())
        }
        length => write!(out, "<invalid length={length}>"),
    };
}

fn print_other_name(mut name: Reader<'_>, out: &mut String) {
    out.push_str("othername:");
    let found = (|| {
        let (prefix, utf8) = names::other_name(&der::dotted(name.oid()?))?;
        let value = name.expect(tag::explicit(0))?.reader().value()?;
        let wanted = if utf8 { tag::UTF8_STRING } else { tag::IA5_STRING };
        if value.tag != wanted {
            return None;
        }
        Some((prefix, utf8, text_of(&value)?))
    })();
    match found {
        Some((prefix, utf8, text)) => print_alt_name(&text, utf8, prefix, out),
        None => out.push_str("<unsupported>"),
    }
}

/// A moment of a certificate's validity. RFC 5280 §4.1.2.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub year: u32,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
}

impl Moment {
    fn read(value: &Value<'_>) -> Option<Moment> {
        let text = std::str::from_utf8(value.contents).ok()?;
        let (year_digits, rest) = match value.tag {
            tag::UTC_TIME => text.split_at_checked(2)?,
            tag::GENERALIZED_TIME => text.split_at_checked(4)?,
            _ => return None,
        };
        let year: u32 = digits(year_digits)?;
        let year = match value.tag {
            tag::UTC_TIME if year < 50 => year + 2000,
            tag::UTC_TIME => year + 1900,
            _ => year,
        };
        let field = |at: usize| digits(rest.get(at..at + 2)?);
        let (month, day, hour, minute) = (field(0)?, field(2)?, field(4)?, field(6)?);
        // RFC 5280 demands seconds; OpenSSL does without.
        let second = field(8).unwrap_or(0);
        let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
        valid.then_some(Moment { year, month, day, hour, minute, second })
    }

    /// As OpenSSL prints it: `Sep  3 21:40:37 2022 GMT`.
    pub fn print(&self) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = MONTHS.get(self.month as usize - 1).copied().unwrap_or_default();
        let Moment { year, day, hour, minute, second, .. } = self;
        format!("{month} {day:2} {hour:02}:{minute:02}:{second:02} {year} GMT")
    }

    /// Seconds since 1970. The algorithm is that of the proleptic Gregorian calendar, which repeats after 400 years.
    pub fn unix_seconds(&self) -> i64 {
        let (y, m) = (i64::from(self.year) - i64::from(self.month <= 2), i64::from(self.month));
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        days * 86_400 + i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }
}

fn digits(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// What getPeerCertificate tells of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey<'a> {
    /// The point as encoded in the key; names of the curve (OpenSSL's, NIST's or empty).
    Ec {
        asn1_curve: &'static str,
        nist_curve: &'static str,
        bits: usize,
        point: &'a [u8],
    },
    Other,
    /// Big-endian, without leading zeros.
    Rsa {
        modulus: &'a [u8],
        exponent: &'a [u8],
    },
}

/// A certificate, taken apart so far as to know that it is one.
#[derive(Clone, Debug)]
pub struct Certificate<'a> {
    pub der: &'a [u8],
    /// What the signature is over.
    pub tbs: &'a [u8],
    serial: Value<'a>,
    /// The AlgorithmIdentifier outside of what is signed, with its header.
    pub signature_algorithm: &'a [u8],
    pub signature: &'a [u8],
    issuer: Value<'a>,
    subject: Value<'a>,
    not_before: Value<'a>,
    not_after: Value<'a>,
    /// SubjectPublicKeyInfo, with its header.
    pub spki: &'a [u8],
    extensions: Option<Reader<'a>>,
    version: u64,
}

impl<'a> Certificate<'a> {
    /// Reads a certificate at the start of `der`.
    ///
    /// # Errors
    /// OpenSSL's for input too short or of another structure.
    pub fn parse(der: &'a [u8]) -> Result<Certificate<'a>, Refusal> {
        if der.len() < 2 {
            return Err(NOT_ENOUGH_DATA);
        }
        let mut outside = Reader(der);
        let outer = outside.value().ok_or(HEADER_TOO_LONG)?;
        if outer.tag != tag::SEQUENCE {
            return Err(WRONG_TAG);
        }
        Self::read(outer).ok_or(WRONG_TAG)
    }

    fn read(outer: Value<'a>) -> Option<Certificate<'a>> {
        let mut reader = outer.reader();
        let tbs = reader.expect(tag::SEQUENCE)?;
        let signature_algorithm = reader.expect(tag::SEQUENCE)?.whole;
        let signature = reader.value()?.bits()?;
        let mut inner = tbs.reader();
        let version = match inner.expect(tag::explicit(0)) {
            Some(version) => version.reader().value()?.number()?,
            None => 0,
        };
        let serial = inner.expect(tag::INTEGER)?;
        inner.expect(tag::SEQUENCE)?;
        let issuer = inner.expect(tag::SEQUENCE)?;
        let mut validity = inner.sequence()?;
        let (not_before, not_after) = (validity.value()?, validity.value()?);
        let subject = inner.expect(tag::SEQUENCE)?;
        let spki = inner.expect(tag::SEQUENCE)?.whole;
        let extensions = inner.find(|value| value.tag == tag::explicit(3)).and_then(|value| value.reader().sequence());
        Some(Certificate {
            der: outer.whole,
            tbs: tbs.whole,
            serial,
            signature_algorithm,
            signature,
            issuer,
            subject,
            not_before,
            not_after,
            spki,
            extensions,
            version,
        })
    }

    /// The subject's name, a line for each part.
    pub fn subject(&self) -> String {
        print_lines(self.subject.reader())
    }

    /// The issuer's name, a line for each part.
    pub fn issuer(&self) -> String {
        print_lines(self.issuer.reader())
    }

    pub fn subject_parts(&self) -> Vec<Vec<Attribute<'a>>> {
        name_parts(self.subject.reader())
    }

    pub fn issuer_parts(&self) -> Vec<Vec<Attribute<'a>>> {
        name_parts(self.issuer.reader())
    }

    /// The subject's name as DER.
    pub fn subject_der(&self) -> &'a [u8] {
        self.subject.whole
    }

    /// The issuer's name as DER.
    pub fn issuer_der(&self) -> &'a [u8] {
        self.issuer.whole
    }

    pub fn not_before(&self) -> Option<Moment> {
        Moment::read(&self.not_before)
    }

    pub fn not_after(&self) -> Option<Moment> {
        Moment::read(&self.not_after)
    }

    /// The serial number: hexadecimal, upper case, whole bytes; a minus in front of negative ones.
    pub fn serial(&self) -> String {
        let bytes = self.serial.contents;
        let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
        let mut magnitude = bytes.to_vec();
        if negative {
            let mut carry = true;
            for byte in magnitude.iter_mut().rev() {
                let (sum, over) = (!*byte).overflowing_add(u8::from(carry));
                (*byte, carry) = (sum, over);
            }
        }
        let start = magnitude.iter().position(|byte| *byte != 0).unwrap_or(magnitude.len());
        let digits: String = magnitude.iter().skip(start).map(|byte| format!("{byte:02X}")).collect();
        let sign = if negative { "-" } else { "" };
        if digits.is_empty() { "00".to_owned() } else { format!("{sign}{digits}") }
    }

    /// The contents of an extension; an extension that stands there twice counts once.
    fn extension(&self, oid: &str) -> Option<&'a [u8]> {
        let wanted = der::oid(oid);
        for extension in self.extensions? {
            let mut extension = extension.reader();
            if extension.oid() == Some(wanted.as_slice()) {
                extension.expect(tag::BOOLEAN);
                return extension.expect(tag::OCTET_STRING).map(|value| value.contents);
            }
        }
        None
    }

    fn alt_names(&self) -> Option<Reader<'a>> {
        der::sequence(self.extension(SUBJECT_ALT_NAME)?)
    }

    /// `DNS:example.org, IP Address:1.2.3.4`.
    pub fn subject_alt_name(&self) -> Option<String> {
        let mut out = String::new();
        for (at, name) in self.alt_names()?.enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            print_general_name(&name, &mut out);
        }
        Some(out)
    }

    /// `OCSP - URI:http://...`, a line for each access.
    pub fn info_access(&self) -> Option<String> {
        let mut out = String::new();
        for (at, access) in der::sequence(self.extension(AUTHORITY_INFO_ACCESS)?)?.enumerate() {
            if at > 0 {
                out.push('\n');
            }
            let mut access = access.reader();
            let oid = der::dotted(access.oid()?);
            out.push_str(names::access(&oid).unwrap_or(&oid));
            out.push_str(" - ");
            print_general_name(&access.value()?, &mut out);
        }
        Some(out)
    }

    /// What the key is for, as object identifiers. Node's `keyUsage` and `ext_key_usage`.
    pub fn extended_key_usage(&self) -> Option<Vec<String>> {
        let usages = der::sequence(self.extension(EXTENDED_KEY_USAGE)?)?;
        Some(usages.map(|usage| der::dotted(usage.contents)).collect())
    }

    /// KeyUsage's bits, digitalSignature first at 0x80 of the first byte; `None` without the extension.
    pub fn key_usage(&self) -> Option<[u8; 2]> {
        let value = Reader(self.extension(KEY_USAGE)?).expect(tag::BIT_STRING)?;
        Some([value.contents.get(1).copied().unwrap_or(0), value.contents.get(2).copied().unwrap_or(0)])
    }

    fn may_sign_certificates(&self) -> bool {
        self.key_usage().is_none_or(|bits| bits[0] & 0x04 != 0)
    }

    /// BasicConstraints: whether this is a CA; `Err` if the extension is invalid.
    fn basic_constraints(&self) -> Result<Option<bool>, ()> {
        let Some(contents) = self.extension(BASIC_CONSTRAINTS) else { return Ok(None) };
        let mut inner = der::sequence(contents).ok_or(())?;
        let ca = inner.expect(tag::BOOLEAN).is_some_and(|value| value.contents != [0]);
        match inner.expect(tag::INTEGER) {
            Some(length) if length.unsigned().is_none() || !ca => Err(()),
            _ => Ok(Some(ca)),
        }
    }

    /// Whether this is the certificate of an authority.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints() == Ok(Some(true)) && self.may_sign_certificates()
    }

    pub fn subject_key_id(&self) -> Option<&'a [u8]> {
        Reader(self.extension(SUBJECT_KEY_ID)?).expect(tag::OCTET_STRING).map(|value| value.contents)
    }

    /// The key identifier among AuthorityKeyIdentifier's fields.
    pub fn authority_key_id(&self) -> Option<&'a [u8]> {
        let mut fields = der::sequence(self.extension(AUTHORITY_KEY_ID)?)?;
        fields.find(|field| field.tag == tag::context(0)).map(|field| field.contents)
    }

    /// Whether the other certificate's names, key identifiers and uses let it be the issuer of this one. Not the signature.
    pub fn is_issued_by(&self, issuer: &Certificate<'_>) -> bool {
        if !same_name(self.issuer.reader(), issuer.subject.reader()) {
            return false;
        }
        if self.basic_constraints().is_err() || issuer.basic_constraints().is_err() {
            return false;
        }
        if let Some(fields) = self.extension(AUTHORITY_KEY_ID).and_then(der::sequence) {
            for field in fields {
                let differs = match field.tag {
                    0x80 => issuer.subject_key_id().is_some_and(|id| id != field.contents),
                    0x82 => field.contents != issuer.serial.contents,
                    0xa1 => {
                        let name = field.reader().find(|name| name.tag == tag::explicit(4));
                        let name = name.and_then(|name| name.reader().sequence());
                        name.is_some_and(|name| !same_name(name, issuer.issuer.reader()))
                    }
                    _ => false,
                };
                if differs {
                    return false;
                }
            }
        }
        issuer.may_sign_certificates()
    }

    /// Whether subject and issuer are the same, as of a root.
    pub fn is_self_issued(&self) -> bool {
        same_name(self.subject.reader(), self.issuer.reader())
    }

    /// The version as written: 0 for version 1.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The identifier of the signature's algorithm, with dots.
    pub fn signature_oid(&self) -> String {
        der::sequence(self.signature_algorithm).and_then(|mut inner| inner.oid()).map(der::dotted).unwrap_or_default()
    }

    /// OpenSSL's long name of the signature's algorithm.
    pub fn signature_name(&self) -> Option<&'static str> {
        names::signature(&self.signature_oid())
    }

    /// What getPeerCertificate tells of the key.
    pub fn public_key(&self) -> PublicKey<'a> {
        public_key(self.spki).unwrap_or(PublicKey::Other)
    }

    /// Names of one kind among the alternative names, by their tag: 0x81 mail, 0x82 host, 0x86 URI, 0x87 address.
    pub fn alt_names_of(&self, tag: u8) -> Vec<&'a [u8]> {
        let names = self.alt_names().into_iter().flatten();
        names.filter(|name| name.tag == tag).map(|name| name.contents).collect()
    }

    /// The common names of the subject.
    pub fn common_names(&self) -> Vec<String> {
        self.subject_values(COMMON_NAME)
    }

    /// The mail addresses of the subject.
    pub fn subject_emails(&self) -> Vec<String> {
        self.subject_values(EMAIL_ADDRESS)
    }

    fn subject_values(&self, oid: &str) -> Vec<String> {
        let parts = self.subject_parts();
        parts.iter().flatten().filter(|attribute| attribute.oid == oid).filter_map(Attribute::text).collect()
    }
}

/// The type of a part of a name, and its text; bytes where it is none.
type CanonicalPart = (String, Result<String, Vec<u8>>);

/// Compares names as OpenSSL does: strings without regard to case, and to spaces around and doubled. RFC 5280 §7.1.
fn same_name(a: Reader<'_>, b: Reader<'_>) -> bool {
    let canonical = |name| -> Vec<Vec<CanonicalPart>> {
        let fold = |attribute: &Attribute<'_>| {
            let text = attribute.text().ok_or_else(|| attribute.value.whole.to_vec());
            let text =
                text.map(|text| text.split_ascii_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase());
            (attribute.oid.clone(), text)
        };
        name_parts(name).iter().map(|part| part.iter().map(fold).collect()).collect()
    };
    canonical(a) == canonical(b)
}

fn public_key(spki: &[u8]) -> Option<PublicKey<'_>> {
    let mut info = der::sequence(spki)?;
    let mut algorithm = info.sequence()?;
    let bits = info.value()?.bits()?;
    match der::dotted(algorithm.oid()?).as_str() {
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => {
            let mut key = der::sequence(bits)?;
            Some(PublicKey::Rsa { modulus: key.unsigned()?, exponent: key.unsigned()? })
        }
        "1.2.840.10045.2.1" => {
            let oid = der::dotted(algorithm.oid()?);
            let curve = names::CURVES.iter().find(|row| row.0 == oid)?;
            Some(PublicKey::Ec { asn1_curve: curve.1, nist_curve: curve.2, bits: curve.3, point: bits })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let utc = |text: &str| Moment::read(&Value { tag: tag::UTC_TIME, contents: text.as_bytes(), whole: &[] });
        let moment = utc("220903214037Z").unwrap();
        assert_eq!(moment.print(), "Sep  3 21:40:37 2022 GMT");
        assert_eq!(moment.unix_seconds(), 1_662_241_237);
        assert_eq!(utc("500101235958Z").unwrap().unix_seconds(), -631_065_602);
        for bad in ["", "2209", "221303214037Z", "2209032140xxZ\u{e9}"] {
            let _ = utc(bad);
        }
        assert!(utc("221303214037Z").is_none());
    }

    #[test]
    fn alternative_names() {
        let print = |text: &str, utf8| {
            let mut out = String::new();
            print_alt_name(text, utf8, "", &mut out);
            out
        };
        for (text, utf8, want) in [
            ("example.org", false, "example.org"),
            ("a, DNS:b", false, "\"a\\u002c DNS:b\""),
            ("ex\u{e4}mple.com", false, "\"ex\\u00e4mple.com\""),
            ("M\u{fc}nchen", true, "M\u{fc}nchen"),
            ("\"x\"", false, "\"\\\"x\\\"\""),
        ] {
            assert_eq!(print(text, utf8), want);
        }
    }

    #[test]
    fn refuses_what_is_no_certificate() {
        for (bad, want) in [
            (&[][..], NOT_ENOUGH_DATA),
            (&[0x30, 0x82, 2], HEADER_TOO_LONG),
            (&[0x30, 3, 2, 1, 0], WRONG_TAG),
            (&[2, 1, 0], WRONG_TAG),
        ] {
            assert_eq!(Certificate::parse(bad).unwrap_err(), want);
        }
    }
}
