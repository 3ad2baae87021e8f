//! Whole messages by AWS-LC's assembly, in the modes it has: GCM and ChaCha20-Poly1305 with nonces of 96 bits and whole tags.
//! `None`: it has not this, or refuses it; the other crates then say what is wrong.

use super::Setup;
use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};

const TAG_BYTES: usize = 16;

/// The ciphertext and its tag, or what they come to.
pub(super) fn whole(name: &str, setup: Setup<'_>, aad: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match name {
        "aes-128-gcm" => &aead::AES_128_GCM,
        "aes-192-gcm" => &aead::AES_192_GCM,
        "aes-256-gcm" => &aead::AES_256_GCM,
        "chacha20-poly1305" => &aead::CHACHA20_POLY1305,
        _ => return None,
    };
    if setup.tag_bytes != TAG_BYTES {
        return None;
    }
    let key = LessSafeKey::new(UnboundKey::new(algorithm, setup.key).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(setup.iv).ok()?;
    let mut buffer = Vec::with_capacity(data.len() + TAG_BYTES);
    buffer.extend_from_slice(data);
    if setup.encrypt {
        key.seal_in_place_append_tag(nonce, Aad::from(aad), &mut buffer).ok()?;
    } else {
        let length = key.open_in_place(nonce, Aad::from(aad), &mut buffer).ok()?.len();
        buffer.truncate(length);
    }
    Some(buffer)
}
