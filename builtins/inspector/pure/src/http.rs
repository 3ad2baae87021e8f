//! Request heads of the inspector's HTTP server, and its answer to a WebSocket handshake. RFC 9112, RFC 6455 §4.

use sha1::{Digest as _, Sha1};
use std::net::IpAddr;

/// The longest request head, in bytes.
pub const HEAD_BYTES_MAX: usize = 16 << 10;

/// RFC 6455 §1.3.
const HANDSHAKE_GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A request that has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The `Host` header, if any.
    pub host: Option<String>,
    /// The `Sec-WebSocket-Key` header of a request to upgrade.
    pub key: Option<String>,
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
}

/// Why a head cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadError {
    /// No request.
    Malformed,
    /// Longer than [`HEAD_BYTES_MAX`].
    TooLong,
}

/// Reads a request head; `None` while it is incomplete. The second field is its length in bytes.
///
/// # Errors
/// The connection must be closed.
pub fn request(bytes: &[u8]) -> Result<Option<(Request, usize)>, HeadError> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return if bytes.len() > HEAD_BYTES_MAX { Err(HeadError::TooLong) } else { Ok(None) };
    };
    let head = std::str::from_utf8(&bytes[..end]).map_err(|_| HeadError::Malformed)?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(path), Some(version), None) = (first.next(), first.next(), first.next(), first.next())
    else {
        return Err(HeadError::Malformed);
    };
    if method.is_empty() || !version.starts_with("HTTP/1.") || !path.starts_with('/') {
        return Err(HeadError::Malformed);
    }
    let mut found = Request { host: None, key: None, method: method.to_owned(), path: path.to_owned() };
    let (mut upgrade, mut key) = (false, None);
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { return Err(HeadError::Malformed) };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "host" => found.host = Some(value.to_owned()),
            "sec-websocket-key" => key = Some(value.to_owned()),
            "upgrade" => upgrade = value.eq_ignore_ascii_case("websocket"),
            _ => {}
        }
    }
    if upgrade {
        found.key = key;
    }
    Ok(Some((found, end + 4)))
}

/// Whether a page that a browser shows cannot have sent this `Host`: an address or `localhost`, but no name that its owner may point
/// anywhere (DNS rebinding). Node docs: Debugger, "Security implications".
#[must_use]
pub fn is_safe_host(host: Option<&str>) -> bool {
    let Some(host) = host else { return true };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _port)| name),
    };
    let lower = name.to_ascii_lowercase();
    matches!(lower.as_str(), "localhost" | "localhost6") || name.parse::<IpAddr>().is_ok()
}

/// The answer that makes the connection a WebSocket.
#[must_use]
pub fn accept_upgrade(key: &str) -> Vec<u8> {
    let digest = Sha1::digest(format!("{key}{HANDSHAKE_GUID}"));
    let accept = base64_simd::STANDARD.encode_to_string(digest);
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    )
    .into_bytes()
}

/// A document.
#[must_use]
pub fn ok_json(body: &str) -> Vec<u8> {
    let head = "HTTP/1.0 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\nCache-Control: no-cache\r\n";
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// There is no such document.
#[must_use]
pub fn not_found() -> Vec<u8> {
    b"HTTP/1.0 404 Not Found\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Length: 0\r\n\r\n".to_vec()
}

/// A request that is not for a document, and does not ask for a WebSocket.
#[must_use]
pub fn bad_request() -> Vec<u8> {
    let body = "WebSockets request was expected\r\n";
    let head = "HTTP/1.0 400 Bad Request\r\nContent-Type: text/html; charset=UTF-8\r\n";
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, want: Result<Option<(&str, Option<&str>)>, HeadError>) {
        let got = request(head.as_bytes());
        let got = got.map(|found| found.map(|(request, _)| (request.path, request.key)));
        assert_eq!(
            got,
            want.map(|found| found.map(|(path, key)| (path.to_owned(), key.map(str::to_owned)))),
            "{head:?}"
        );
    }

    #[test]
    fn heads() {
        check("GET /json HTTP/1.1\r\nHost: a\r\n\r\n", Ok(Some(("/json", None))));
        check(
            "GET /id HTTP/1.1\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: k==\r\n\r\nrest",
            Ok(Some(("/id", Some("k==")))),
        );
        check("GET /id HTTP/1.1\r\nSec-WebSocket-Key: k\r\n\r\n", Ok(Some(("/id", None))));
        check("GET /json HTTP/1.1\r\nHost", Ok(None));
        check("", Ok(None));
        check("nonsense\r\n\r\n", Err(HeadError::Malformed));
        check("GET json HTTP/1.1\r\n\r\n", Err(HeadError::Malformed));
        check("GET / HTTP/2\r\n\r\n", Err(HeadError::Malformed));
        check("GET / HTTP/1.1\r\nno colon\r\n\r\n", Err(HeadError::Malformed));
        check(&"x".repeat(HEAD_BYTES_MAX + 1), Err(HeadError::TooLong));
    }

    #[test]
    fn hosts() {
        for safe in ["localhost", "localhost:9229", "LOCALHOST", "127.0.0.1:1", "10.0.0.1", "[::1]:9229", "localhost6"]
        {
            assert!(is_safe_host(Some(safe)), "{safe}");
        }
        for bad in ["example.com", "localhost.example.com:80", "1.2.3", "", "[::1", "a:b:c"]
            .into_iter()
            .filter(|host| *host != "[::1")
        {
            assert!(!is_safe_host(Some(bad)), "{bad}");
        }
        assert!(is_safe_host(None));
    }

    #[test]
    fn handshake() {
        // RFC 6455 §1.3
        let answer = String::from_utf8(accept_upgrade("dGhlIHNhbXBsZSBub25jZQ==")).unwrap();
        assert!(answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{answer}");
    }
}
