//! PEM: text around base64. RFC 7468, read as leniently as OpenSSL does.

use base64ct::Encoding as _;

/// One block: its label and its bytes.
#[derive(Clone, Debug)]
pub struct Block {
    /// What stands after BEGIN.
    pub label: String,
    /// The decoded bytes; `None` if they are none.
    pub bytes: Option<Vec<u8>>,
}

/// All blocks of a text.
#[must_use]
pub fn blocks(text: &[u8]) -> Vec<Block> {
    let text = String::from_utf8_lossy(text);
    let mut found = Vec::new();
    let mut rest: &str = &text;
    while let Some(start) = rest.find("-----BEGIN ") {
        let after = &rest[start + 11..];
        let Some(label_end) = after.find("-----") else { break };
        let label = &after[..label_end];
        let body = &after[label_end + 5..];
        let end_mark = format!("-----END {label}-----");
        let Some(end) = body.find(&end_mark) else { break };
        found.push(Block { label: label.to_owned(), bytes: decode(&body[..end]) });
        rest = &body[end + end_mark.len()..];
    }
    found
}

fn decode(body: &str) -> Option<Vec<u8>> {
    // Headers of old ("Proc-Type: ...") end with an empty line.
    let body = match body.find("\n\n").or_else(|| body.find("\r\n\r\n")) {
        Some(at) if body[..at].contains(':') => &body[at..],
        _ => body,
    };
    let compact: String = body.chars().filter(|char| !char.is_whitespace()).collect();
    base64ct::Base64::decode_vec(&compact).ok()
}

/// The certificates of a text.
///
/// # Errors
/// How far it came, where a block is no base64.
pub fn certificates(text: &[u8]) -> Result<Vec<Vec<u8>>, Vec<Vec<u8>>> {
    let mut found = Vec::new();
    for block in blocks(text) {
        if !matches!(block.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE") {
            continue;
        }
        let Some(bytes) = block.bytes else { return Err(found) };
        // A trusted one has settings behind the certificate.
        let whole = crate::der::Reader(&bytes).any().map(|element| element.whole.to_vec());
        found.push(whole.unwrap_or(bytes));
    }
    Ok(found)
}

/// Bytes as a PEM block.
#[must_use]
pub fn encode(label: &str, bytes: &[u8]) -> String {
    let text = base64ct::Base64::encode_string(bytes);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_between_text() {
        let text = b"junk\n-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\nmore\n-----BEGIN X-----\nA: b\n\nAw==\n-----END X-----";
        let found = blocks(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].bytes.as_deref(), Some(&[0, 1, 2][..]));
        assert_eq!(found[1].bytes.as_deref(), Some(&[3][..]));
        assert!(blocks(b"-----BEGIN A-----\nAA==").is_empty());
        assert_eq!(blocks(b"-----BEGIN A-----\n!!\n-----END A-----")[0].bytes, None);
    }

    #[test]
    fn encodes_what_it_reads() {
        let bytes: Vec<u8> = (0..100).collect();
        let text = encode("CERTIFICATE", &bytes);
        assert_eq!(blocks(text.as_bytes())[0].bytes.as_deref(), Some(&bytes[..]));
    }
}
