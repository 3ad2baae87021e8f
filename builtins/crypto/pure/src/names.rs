//! Object identifiers with the names that OpenSSL has for them.

/// Attribute types of distinguished names: short names. OpenSSL: objects.txt; X.520, RFC 4519.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("0.9.2342.19200300.100.1.3", "mail"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
    ("1.2.840.113549.1.9.2", "unstructuredName"),
    ("1.2.840.113549.1.9.7", "challengePassword"),
    ("1.2.840.113549.1.9.8", "unstructuredAddress"),
    ("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"),
    ("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"),
    ("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "title"),
    ("2.5.4.13", "description"),
    ("2.5.4.14", "searchGuide"),
    ("2.5.4.15", "businessCategory"),
    ("2.5.4.16", "postalAddress"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.18", "postOfficeBox"),
    ("2.5.4.19", "physicalDeliveryOfficeName"),
    ("2.5.4.20", "telephoneNumber"),
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.41", "name"),
    ("2.5.4.42", "GN"),
    ("2.5.4.43", "initials"),
    ("2.5.4.44", "generationQualifier"),
    ("2.5.4.45", "x500UniqueIdentifier"),
    ("2.5.4.46", "dnQualifier"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.65", "pseudonym"),
    ("2.5.4.7", "L"),
    ("2.5.4.72", "role"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "street"),
    ("2.5.4.97", "organizationIdentifier"),
];

/// Signature algorithms: long names.
const SIGNATURES: &[(&str, &str)] = &[
    ("1.2.840.10040.4.3", "dsaWithSHA1"),
    ("1.2.840.10045.4.1", "ecdsa-with-SHA1"),
    ("1.2.840.10045.4.3.1", "ecdsa-with-SHA224"),
    ("1.2.840.10045.4.3.2", "ecdsa-with-SHA256"),
    ("1.2.840.10045.4.3.3", "ecdsa-with-SHA384"),
    ("1.2.840.10045.4.3.4", "ecdsa-with-SHA512"),
    ("1.2.840.113549.1.1.10", "rsassaPss"),
    ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption"),
    ("1.2.840.113549.1.1.12", "sha384WithRSAEncryption"),
    ("1.2.840.113549.1.1.13", "sha512WithRSAEncryption"),
    ("1.2.840.113549.1.1.14", "sha224WithRSAEncryption"),
    ("1.2.840.113549.1.1.15", "sha512-224WithRSAEncryption"),
    ("1.2.840.113549.1.1.16", "sha512-256WithRSAEncryption"),
    ("1.2.840.113549.1.1.2", "md2WithRSAEncryption"),
    ("1.2.840.113549.1.1.4", "md5WithRSAEncryption"),
    ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption"),
    ("1.3.101.112", "ED25519"),
    ("1.3.101.113", "ED448"),
    ("2.16.840.1.101.3.4.3.1", "dsa_with_SHA224"),
    ("2.16.840.1.101.3.4.3.10", "ecdsa_with_SHA3-256"),
    ("2.16.840.1.101.3.4.3.11", "ecdsa_with_SHA3-384"),
    ("2.16.840.1.101.3.4.3.12", "ecdsa_with_SHA3-512"),
    ("2.16.840.1.101.3.4.3.13", "RSA-SHA3-224"),
    ("2.16.840.1.101.3.4.3.14", "RSA-SHA3-256"),
    ("2.16.840.1.101.3.4.3.15", "RSA-SHA3-384"),
    ("2.16.840.1.101.3.4.3.16", "RSA-SHA3-512"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
    ("2.16.840.1.101.3.4.3.2", "dsa_with_SHA256"),
    ("2.16.840.1.101.3.4.3.9", "ecdsa_with_SHA3-224"),
];

/// How information about an authority is accessed: long names. RFC 5280 §4.2.2.1.
const ACCESS: &[(&str, &str)] = &[
    ("1.3.6.1.5.5.7.48.1", "OCSP"),
    ("1.3.6.1.5.5.7.48.2", "CA Issuers"),
    ("1.3.6.1.5.5.7.48.3", "AD Time Stamping"),
    ("1.3.6.1.5.5.7.48.4", "ad dvcs"),
    ("1.3.6.1.5.5.7.48.5", "CA Repository"),
];

/// Names of other forms that OpenSSL prints: name, and whether the value is a UTF8String (else IA5String).
const OTHER_NAMES: &[(&str, &str, bool)] = &[
    ("1.3.6.1.4.1.311.20.2.3", "UPN", true),
    ("1.3.6.1.5.5.7.8.5", "XmppAddr", true),
    ("1.3.6.1.5.5.7.8.7", "SRVName", false),
    ("1.3.6.1.5.5.7.8.8", "NAIRealm", true),
    ("1.3.6.1.5.5.7.8.9", "SmtpUTF8Mailbox", true),
];

/// Curves: object identifier, OpenSSL's name, NIST's name, bits.
pub const CURVES: &[(&str, &str, &str, usize)] = &[
    ("1.2.840.10045.3.1.1", "prime192v1", "P-192", 192),
    ("1.2.840.10045.3.1.7", "prime256v1", "P-256", 256),
    ("1.3.132.0.10", "secp256k1", "", 256),
    ("1.3.132.0.33", "secp224r1", "P-224", 224),
    ("1.3.132.0.34", "secp384r1", "P-384", 384),
    ("1.3.132.0.35", "secp521r1", "P-521", 521),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", "", 384),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", "", 512),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", "", 256),
];

fn find(table: &[(&'static str, &'static str)], oid: &str) -> Option<&'static str> {
    table.iter().find(|row| row.0 == oid).map(|row| row.1)
}

/// The short name of an attribute type.
pub fn attribute(oid: &str) -> Option<&'static str> {
    find(ATTRIBUTES, oid)
}

/// The long name of a signature algorithm.
pub fn signature(oid: &str) -> Option<&'static str> {
    find(SIGNATURES, oid)
}

/// The long name of an access method.
pub fn access(oid: &str) -> Option<&'static str> {
    find(ACCESS, oid)
}

/// The name of a name of another form, and whether it is UTF-8.
pub fn other_name(oid: &str) -> Option<(&'static str, bool)> {
    OTHER_NAMES.iter().find(|row| row.0 == oid).map(|row| (row.1, row.2))
}
