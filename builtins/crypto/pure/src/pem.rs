//! PEM, read as leniently as OpenSSL does: text around blocks is skipped. RFC 7468, RFC 1421.

use crate::der;
use crate::error::{BAD_BASE64_DECODE, INTERRUPTED, NO_START_LINE, Refusal, UNSUPPORTED};
use crate::pbe;
use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

/// One block of a PEM file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// Such as `CERTIFICATE`.
    pub label: &'a str,
    pub contents: Vec<u8>,
    /// The `DEK-Info` header of PEM's traditional encryption.
    pub encryption: Option<&'a str>,
}

/// Reads the first block at or after the start of `text`; with it, what follows.
///
/// # Errors
/// `NO_START_LINE` if there is none, `BAD_BASE64_DECODE`.
pub fn next_block(text: &str) -> Result<(Block<'_>, &str), Refusal> {
    let (_, after) = text.split_once("-----BEGIN ").ok_or(NO_START_LINE)?;
    let (label, after) = after.split_once("-----").ok_or(NO_START_LINE)?;
    let end = format!("-----END {label}-----");
    let (body, rest) = after.split_once(end.as_str()).ok_or(NO_START_LINE)?;
    let mut encryption = None;
    let mut digits = String::with_capacity(body.len());
    for line in body.lines() {
        if let Some((name, value)) = line.split_once(':') {
            if name.trim() == "DEK-Info" {
                encryption = Some(value.trim());
            }
            continue;
        }
        digits.extend(line.chars().filter(|c| !c.is_ascii_whitespace()));
    }
    let contents = Base64::decode_vec(&digits).map_err(|_| BAD_BASE64_DECODE)?;
    Ok((Block { label, contents, encryption }, rest))
}

/// All blocks; those that are not base64 are left out.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        match next_block(rest) {
            Ok((block, after)) => {
                found.push(block);
                rest = after;
            }
            Err(BAD_BASE64_DECODE) => match rest.split_once("-----BEGIN ") {
                Some((_, after)) => rest = after,
                None => return found,
            },
            Err(_) => return found,
        }
    }
}

fn is_certificate(label: &str) -> bool {
    matches!(label, "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE")
}

/// The DER of each certificate in a PEM file, in order.
pub fn certificates(text: &str) -> Vec<Vec<u8>> {
    blocks(text).into_iter().filter(|block| is_certificate(block.label)).map(|block| block.contents).collect()
}

/// The DER of the first certificate in a PEM file.
///
/// # Errors
/// `NO_START_LINE`, `BAD_BASE64_DECODE`.
pub fn first_certificate(text: &str) -> Result<Vec<u8>, Refusal> {
    let mut rest = text;
    loop {
        let (block, after) = next_block(rest)?;
        if is_certificate(block.label) {
            return Ok(block.contents);
        }
        rest = after;
    }
}

/// How the DER of a private key is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyLayout {
    Dsa,
    Pkcs1,
    Pkcs8,
    Sec1,
}

/// A private key, decrypted.
#[derive(Clone, Debug)]
pub struct PrivateDer {
    pub layout: KeyLayout,
    pub der: Zeroizing<Vec<u8>>,
}

/// The first private key in a PEM file.
///
/// # Errors
/// `UNSUPPORTED` if there is none, `INTERRUPTED` if it is encrypted and there is no password, else as [`pbe::decrypt`].
pub fn private_key(text: &str, password: Option<&[u8]>) -> Result<PrivateDer, Refusal> {
    for block in blocks(text) {
        if let Some(found) = block_key(&block, password) {
            return found;
        }
    }
    Err(UNSUPPORTED)
}

/// The private key of a block; `None` if it holds something else.
pub fn block_key(block: &Block<'_>, password: Option<&[u8]>) -> Option<Result<PrivateDer, Refusal>> {
    let layout = match block.label {
        "DSA PRIVATE KEY" => KeyLayout::Dsa,
        "EC PRIVATE KEY" => KeyLayout::Sec1,
        "RSA PRIVATE KEY" => KeyLayout::Pkcs1,
        "PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => KeyLayout::Pkcs8,
        _ => return None,
    };
    let der = if block.label == "ENCRYPTED PRIVATE KEY" {
        password.ok_or(INTERRUPTED).and_then(|password| pbe::decrypt_pkcs8(&block.contents, password))
    } else if let Some(info) = block.encryption {
        password.ok_or(INTERRUPTED).and_then(|password| pbe::decrypt_pem(info, &block.contents, password))
    } else {
        Ok(Zeroizing::new(block.contents.clone()))
    };
    Some(der.map(|der| PrivateDer { layout, der }))
}

/// A PEM block with lines of 64 characters. `info`: a `DEK-Info` header.
pub fn write(label: &str, der: &[u8], info: Option<&str>) -> String {
    let body = Base64::encode_string(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    if let Some(info) = info {
        text.push_str("Proc-Type: 4,ENCRYPTED\nDEK-Info: ");
        text.push_str(info);
        text.push_str("\n\n");
    }
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}

/// PKCS#8 of a PKCS#1 key, for those who take only that.
pub fn pkcs1_to_pkcs8(pkcs1: &[u8]) -> Vec<u8> {
    let algorithm = der::write_sequence(&[der::write_oid("1.2.840.113549.1.1.1"), der::write_null()]);
    der::write_sequence(&[der::write_unsigned(&[0]), algorithm, der::write_octets(pkcs1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_a_file() {
        let text = format!("before\n{}\nbetween{}", write("A", &[1; 100], None), write("B C", &[2], Some("X,00")));
        let found = blocks(&text);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].label, found[0].contents.len(), found[0].encryption), ("A", 100, None));
        assert_eq!((found[1].label, found[1].contents.len(), found[1].encryption), ("B C", 1, Some("X,00")));
        for (bad, want) in [
            ("", NO_START_LINE),
            ("-----BEGIN A-----\nAA==\n", NO_START_LINE),
            ("-----BEGIN A-----\n!!\n-----END A-----", BAD_BASE64_DECODE),
        ] {
            assert_eq!(next_block(bad).unwrap_err(), want, "{bad:?}");
        }
    }
}
