//! SignedPublicKeyAndChallenge, as the HTML element `keygen` once made it. Netscape: "Certificate Extensions for User Keys".

use crate::der::{self, tag};
use crate::keys::codec;
use crate::keys::sign::verify_algorithm;
use base64ct::{Base64, Encoding as _};

/// What one holds, and what its signature covers.
struct Spkac {
    algorithm: Vec<u8>,
    challenge: Vec<u8>,
    key: Vec<u8>,
    signature: Vec<u8>,
    signed: Vec<u8>,
}

impl Spkac {
    /// Reads base64, with spaces and line ends anywhere.
    fn read(text: &[u8]) -> Option<Spkac> {
        let digits: String =
            text.iter().filter(|byte| !byte.is_ascii_whitespace()).map(|byte| char::from(*byte)).collect();
        let der = Base64::decode_vec(&digits).ok()?;
        let mut outer = der::sequence(&der)?;
        let signed = outer.expect(tag::SEQUENCE)?;
        let algorithm = outer.expect(tag::SEQUENCE)?.whole.to_vec();
        let signature = outer.value()?.bits()?.to_vec();
        let mut inner = signed.reader();
        let key = inner.expect(tag::SEQUENCE)?.whole.to_vec();
        let challenge = inner.expect(tag::IA5_STRING)?.contents.to_vec();
        Some(Spkac { algorithm, challenge, key, signature, signed: signed.whole.to_vec() })
    }
}

/// Whether the key inside made the signature.
pub fn verify(text: &[u8]) -> bool {
    let Some(found) = Spkac::read(text) else { return false };
    codec::spki(&found.key).is_some_and(|key| verify_algorithm(&key, &found.algorithm, &found.signed, &found.signature))
}

/// The public key as PEM.
pub fn public_key(text: &[u8]) -> Option<String> {
    let found = Spkac::read(text)?;
    let key = codec::spki(&found.key)?;
    Some(crate::pem::write("PUBLIC KEY", &codec::to_spki(&key)?, None))
}

/// The challenge.
pub fn challenge(text: &[u8]) -> Option<Vec<u8>> {
    Spkac::read(text).map(|found| found.challenge)
}
