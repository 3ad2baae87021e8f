//! Symmetric ciphers by OpenSSL's names, each working on a stream of bytes.
//!
//! Block ciphers, their chaining, counters, GHASH and Poly1305 are crates'. What is here cuts a stream into blocks and orders
//! the calls as the standards say, since the crates of the authenticated modes take whole messages only.

mod aead;
mod block;
mod fast;
mod modes;
#[cfg(test)]
mod tests;

use crate::error::{Class, Failure, provider};
use block::{Block8, Block16};

/// A cipher at work.
pub trait Work {
    /// # Errors
    /// `Trying to add data in unsupported state` for modes that want another size, or everything at once.
    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Failure>;
    /// # Errors
    /// `wrong final block length`, `bad decrypt`; of what is not authentic.
    fn finish(&mut self) -> Result<Vec<u8>, Failure>;
    /// Data that is authenticated only.
    fn aad(&mut self, _data: &[u8]) {}
    fn set_padding(&mut self, _on: bool) {}
    fn set_tag(&mut self, _tag: Vec<u8>) {}
    fn tag(&self) -> Vec<u8> {
        Vec::new()
    }
}

type Opened = Result<Box<dyn Work>, Failure>;

fn bad_iv() -> Failure {
    Failure::Node {
        class: Class::TypeError,
        code: "ERR_CRYPTO_INVALID_IV",
        message: "Invalid initialization vector".to_owned(),
    }
}

fn bad_key() -> Failure {
    Failure::Node {
        class: Class::RangeError,
        code: "ERR_CRYPTO_INVALID_KEYLEN",
        message: "Invalid key length".to_owned(),
    }
}

fn not_authentic() -> Failure {
    Failure::node("", "Unsupported state or unable to authenticate data")
}

/// What Node says where OpenSSL refuses data.
fn unsupported_state() -> Failure {
    Failure::node("", "Trying to add data in unsupported state")
}

fn wrong_final_block() -> Failure {
    provider("1C80006B", "wrong final block length").into()
}

fn bad_decrypt() -> Failure {
    provider("1C800064", "bad decrypt").into()
}

/// What opens a cipher.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    pub encrypt: bool,
    pub key: &'a [u8],
    pub iv: &'a [u8],
    /// Bytes of the tag, where the mode has one.
    pub tag_bytes: usize,
}

/// Opens a cipher by the name OpenSSL gives it, such as `aes-128-cbc`. `Ok(None)`: there is none.
///
/// # Errors
/// ERR_CRYPTO_INVALID_KEYLEN, ERR_CRYPTO_INVALID_IV, and OpenSSL's own of keys.
pub fn open(name: &str, setup: Setup<'_>) -> Result<Option<Box<dyn Work>>, Failure> {
    match name {
        "chacha20" => return modes::chacha20(setup).map(Some),
        "chacha20-poly1305" => return aead::chacha20_poly1305(setup).map(Some),
        _ => {}
    }
    let Some((cipher, mode)) = split(name) else { return Ok(None) };
    if let "des-ede" | "des-ede3" = cipher {
        let inner = Block8::new(cipher, setup.key).ok_or_else(bad_key)?;
        return modes::open(mode, inner, setup);
    }
    if !Block16::knows(cipher) {
        return Ok(None);
    }
    match mode {
        "siv" => return aead::siv(cipher, setup).map(Some),
        "gcm-siv" => return aead::gcm_siv(cipher, setup).map(Some),
        // SM4 has an XTS of its own, with another order of bits.
        "xts" if cipher.starts_with("aes") => return modes::xts(cipher, setup).map(Some),
        _ => {}
    }
    let inner = Block16::new(cipher, setup.key).ok_or_else(bad_key)?;
    Ok(Some(match mode {
        "ccm" => aead::ccm(inner, setup)?,
        "ctr" => modes::ctr(inner, setup)?,
        "gcm" => aead::gcm(inner, setup)?,
        "ocb" => aead::ocb(inner, setup)?,
        "wrap" | "wrap-inv" | "wrap-pad" | "wrap-pad-inv" => modes::wrap(inner, mode, setup)?,
        _ => return modes::open(mode, inner, setup),
    }))
}

/// Does everything at once. With a tag length, the tag follows the ciphertext. `Ok(None)`: there is no such cipher.
///
/// # Errors
/// Those of [`open`] and [`Work`]; `The provided data is too small.` for a tag.
pub fn whole(name: &str, setup: Setup<'_>, aad: &[u8], data: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    if let Some(out) = fast::whole(name, setup, aad, data) {
        return Ok(Some(out));
    }
    let Some(mut work) = open(name, setup)? else { return Ok(None) };
    work.aad(aad);
    let mut text = data;
    if !setup.encrypt && setup.tag_bytes > 0 {
        let at = data.len().checked_sub(setup.tag_bytes);
        let at = at.ok_or_else(|| Failure::node("", "The provided data is too small."))?;
        work.set_tag(data[at..].to_vec());
        text = &data[..at];
    }
    let mut out = work.update(text)?;
    out.extend(work.finish()?);
    if setup.encrypt && setup.tag_bytes > 0 {
        out.extend(work.tag());
    }
    Ok(Some(out))
}

/// A name as cipher and mode.
fn split(name: &str) -> Option<(&str, &str)> {
    for prefix in ["aes-128", "aes-192", "aes-256", "aria-128", "aria-192", "aria-256"] {
        if let Some(mode) = name.strip_prefix(prefix) {
            return Some((prefix, mode.strip_prefix('-')?));
        }
    }
    for prefix in ["camellia-128", "camellia-192", "camellia-256", "des-ede3", "des-ede", "sm4"] {
        if let Some(mode) = name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-')) {
            return Some((prefix, mode));
        }
    }
    None
}
