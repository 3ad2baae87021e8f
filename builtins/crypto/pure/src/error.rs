//! Failures in the shape of OpenSSL's error queue, since that is what programs look at.

/// Why an input was refused. `number` is OpenSSL's, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub number: &'static str,
    pub library: &'static str,
    pub reason: &'static str,
    /// What stands before the reason in Node's code: `ERR_OSSL_<prefix><REASON>`.
    pub prefix: &'static str,
}

impl Refusal {
    /// OpenSSL's message.
    pub fn message(&self) -> String {
        format!("error:{}:{}::{}", self.number, self.library, self.reason)
    }

    /// Node's code.
    pub fn code(&self) -> String {
        let word: String =
            self.reason.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        format!("ERR_OSSL_{}{word}", self.prefix)
    }
}

const fn refusal(number: &'static str, library: &'static str, reason: &'static str, prefix: &'static str) -> Refusal {
    Refusal { number, library, reason, prefix }
}

pub const BAD_DECRYPT: Refusal = refusal("1C800064", "Provider routines", "bad decrypt", "");
pub const HEADER_TOO_LONG: Refusal = refusal("0680007B", "asn1 encoding routines", "header too long", "ASN1_");
pub const INTERRUPTED: Refusal =
    refusal("07880109", "common libcrypto routines", "interrupted or cancelled", "CRYPTO_");
pub const NOT_ENOUGH_DATA: Refusal = refusal("0680008E", "asn1 encoding routines", "not enough data", "ASN1_");
pub const NO_START_LINE: Refusal = refusal("0480006C", "PEM routines", "no start line", "PEM_");
pub const BAD_BASE64_DECODE: Refusal = refusal("04800064", "PEM routines", "bad base64 decode", "PEM_");
pub const UNSUPPORTED: Refusal = refusal("1E08010C", "DECODER routines", "unsupported", "");
pub const WRONG_TAG: Refusal = refusal("068000A8", "asn1 encoding routines", "wrong tag", "ASN1_");

/// The class of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Error,
    RangeError,
    TypeError,
}

/// Why an operation failed: with a code of Node's own, or in the shape of OpenSSL's errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    Node { class: Class, code: &'static str, message: String },
    OpenSsl(Refusal),
}

impl Failure {
    pub fn node(code: &'static str, message: &str) -> Failure {
        Failure::Node { class: Class::Error, code, message: message.to_owned() }
    }

    /// What Node says of an operation whose reason nobody asked for.
    pub fn operation(message: &str) -> Failure {
        Failure::node("ERR_CRYPTO_OPERATION_FAILED", message)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::OpenSsl(refusal)
    }
}

/// A reason of OpenSSL's RSA code.
pub const fn rsa(number: &'static str, reason: &'static str) -> Refusal {
    refusal(number, "rsa routines", reason, "RSA_")
}

/// A reason of OpenSSL's providers.
pub const fn provider(number: &'static str, reason: &'static str) -> Refusal {
    refusal(number, "Provider routines", reason, "")
}

/// A reason of OpenSSL's EVP layer.
pub const fn evp(number: &'static str, reason: &'static str) -> Refusal {
    refusal(number, "digital envelope routines", reason, "EVP_")
}

pub const WRONG_KEY_TYPE: Refusal = evp("03000096", "operation not supported for this keytype");
pub const INVALID_DIGEST: Refusal = provider("1C80007A", "invalid digest");
