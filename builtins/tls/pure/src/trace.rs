//! What goes over the wire as text, in the manner of OpenSSL's `SSL_trace`: records, and the handshake messages in them.
//!
//! Records are seen on the wire; what was in those that are encrypted is told by who encrypts and decrypts. The two meet here in the
//! order of the wire. Less is taken apart than OpenSSL does: beside the hellos, messages are shown as bytes.

use crate::ciphers;
use std::collections::VecDeque;
use std::fmt::Write as _;

/// Which way a record goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// To us.
    Received,
    /// From us.
    Sent,
}

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;
const RECORD_HEAD_BYTES: usize = 5;

/// One side of a connection.
#[derive(Debug, Default)]
struct Way {
    /// A record that is not complete.
    waiting: Vec<u8>,
    /// Bytes of a handshake message that are in records to come.
    missing: usize,
    /// In TLS 1.2: what follows is encrypted.
    is_sealed: bool,
}

/// The trace of a connection.
#[derive(Debug, Default)]
pub struct Tracer {
    received: Way,
    sent: Way,
    /// Contents of records that were encrypted and are not on the wire yet: type and bytes.
    to_send: VecDeque<(u8, Vec<u8>)>,
    /// Heads of records that came and are not decrypted yet: type and text.
    to_open: VecDeque<(u8, String)>,
    out: String,
}

impl Tracer {
    /// What there is to print.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    /// Takes what goes over the wire.
    pub fn wire(&mut self, direction: Direction, bytes: &[u8]) {
        let way = self.way(direction);
        way.waiting.extend_from_slice(bytes);
        let mut waiting = std::mem::take(&mut way.waiting);
        while let [kind, major, minor, high, low, ..] = *waiting.as_slice() {
            let length = usize::from(high) << 8 | usize::from(low);
            let Some(body) = waiting.get(RECORD_HEAD_BYTES..RECORD_HEAD_BYTES + length) else { break };
            self.record(direction, kind, u16::from_be_bytes([major, minor]), body);
            waiting.drain(..RECORD_HEAD_BYTES + length);
        }
        self.way(direction).waiting = waiting;
    }

    /// The content of a record that was encrypted.
    pub fn sealed(&mut self, kind: u8, content: &[u8]) {
        self.to_send.push_back((kind, content.to_vec()));
    }

    /// The content of the next record that came encrypted.
    pub fn opened(&mut self, kind: u8, content: &[u8]) {
        if let Some((outer, head)) = self.to_open.pop_front() {
            self.out.push_str(&head);
            self.inner(Direction::Received, outer, kind, content);
        }
    }

    fn way(&mut self, direction: Direction) -> &mut Way {
        match direction {
            Direction::Received => &mut self.received,
            Direction::Sent => &mut self.sent,
        }
    }

    fn record(&mut self, direction: Direction, kind: u8, version: u16, body: &[u8]) {
        let head = format!(
            "{direction:?} TLS Record\nHeader:\n  Version = {} ({version:#x})\n  Content Type = {} ({kind})\n  Length = {}\n",
            version_name(version),
            content_name(kind),
            body.len(),
        );
        let is_sealed = kind == APPLICATION_DATA || self.way(direction).is_sealed;
        match (is_sealed, direction) {
            (false, _) => {
                self.out.push_str(&head);
                self.inner(direction, kind, kind, body);
            }
            (true, Direction::Received) => self.to_open.push_back((kind, head)),
            (true, Direction::Sent) => {
                self.out.push_str(&head);
                if let Some((inner, content)) = self.to_send.pop_front() {
                    self.inner(direction, kind, inner, &content);
                }
            }
        }
        if kind == CHANGE_CIPHER_SPEC {
            self.way(direction).is_sealed = true;
        }
    }

    /// What is in a record; in TLS 1.3 encrypted records look like data from outside.
    fn inner(&mut self, direction: Direction, outer: u8, kind: u8, content: &[u8]) {
        if outer == APPLICATION_DATA && kind != outer {
            // Writing to a String does not fail, here and below.
            let _ = writeln!(self.out, "  Inner Content Type = {} ({kind})", content_name(kind));
        }
        match (kind, content) {
            (HANDSHAKE, _) => self.handshake(direction, content),
            (ALERT, [level, description]) => {
                let level_name = if *level == 2 { "fatal" } else { "warning" };
                let _ = writeln!(self.out, "    Level={level_name}({level}), description={description}");
            }
            (CHANGE_CIPHER_SPEC, [byte]) => {
                let _ = writeln!(self.out, "    change_cipher_spec ({byte})");
            }
            _ => {}
        }
        self.out.push('\n');
    }

    fn handshake(&mut self, direction: Direction, mut content: &[u8]) {
        let missing = self.way(direction).missing;
        if missing > 0 {
            let (part, rest) = content.split_at(missing.min(content.len()));
            let _ = writeln!(self.out, "    (goes on, {} bytes)", part.len());
            self.way(direction).missing = missing - part.len();
            content = rest;
        }
        while let [kind, a, b, c, rest @ ..] = content {
            let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
            let (body, rest) = rest.split_at(length.min(rest.len()));
            let _ = writeln!(self.out, "    {}, Length={length}", message_name(*kind));
            let shown = match kind {
                1 => client_hello(body),
                2 => server_hello(body),
                _ => None,
            };
            match shown {
                Some(text) => self.out.push_str(&text),
                None => {
                    let _ = writeln!(self.out, "      {}", hex(body));
                }
            }
            self.way(direction).missing = length - body.len();
            content = rest;
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

fn version_name(version: u16) -> &'static str {
    match version {
        0x0300 => "SSL 3.0",
        0x0301 => "TLS 1.0",
        0x0302 => "TLS 1.1",
        0x0303 => "TLS 1.2",
        0x0304 => "TLS 1.3",
        _ => "UNKNOWN",
    }
}

fn content_name(kind: u8) -> &'static str {
    match kind {
        CHANGE_CIPHER_SPEC => "ChangeCipherSpec",
        ALERT => "Alert",
        HANDSHAKE => "Handshake",
        APPLICATION_DATA => "ApplicationData",
        _ => "UNKNOWN",
    }
}

/// RFC 8446 §4, RFC 5246 §7.4, RFC 8879 §4.
fn message_name(kind: u8) -> &'static str {
    match kind {
        0 => "HelloRequest",
        1 => "ClientHello",
        2 => "ServerHello",
        4 => "NewSessionTicket",
        5 => "EndOfEarlyData",
        8 => "EncryptedExtensions",
        11 => "Certificate",
        12 => "ServerKeyExchange",
        13 => "CertificateRequest",
        14 => "ServerHelloDone",
        15 => "CertificateVerify",
        16 => "ClientKeyExchange",
        20 => "Finished",
        22 => "CertificateStatus",
        24 => "KeyUpdate",
        25 => "CompressedCertificate",
        254 => "MessageHash",
        _ => "UNKNOWN",
    }
}

/// IANA: TLS ExtensionType Values, by OpenSSL's names.
fn extension_name(kind: u16) -> &'static str {
    match kind {
        0 => "server_name",
        5 => "status_request",
        10 => "supported_groups",
        11 => "ec_point_formats",
        13 => "signature_algorithms",
        16 => "application_layer_protocol_negotiation",
        22 => "encrypt_then_mac",
        23 => "extended_master_secret",
        27 => "compress_certificate",
        35 => "session_ticket",
        41 => "psk",
        42 => "early_data",
        43 => "supported_versions",
        44 => "cookie_ext",
        45 => "psk_key_exchange_modes",
        49 => "post_handshake_auth",
        51 => "key_share",
        65281 => "renegotiate",
        _ => "UNKNOWN",
    }
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (part, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(part)
    }

    fn number(&mut self) -> Option<u16> {
        self.take(2).map(|bytes| u16::from(bytes[0]) << 8 | u16::from(bytes[1]))
    }

    /// Bytes with their length, of one byte or two, before them.
    fn vector(&mut self, wide: bool) -> Option<&'a [u8]> {
        let length = if wide { usize::from(self.number()?) } else { usize::from(*self.take(1)?.first()?) };
        self.take(length)
    }
}

/// Version, random and session id, which both hellos begin with.
fn hello_head(body: &mut Bytes<'_>, side: &str, out: &mut String) -> Option<()> {
    let version = body.number()?;
    let _ = writeln!(out, "      {side}_version={version:#x} ({})", version_name(version));
    let (time, random) = (body.take(4)?, body.take(28)?);
    let _ = writeln!(
        out,
        "      Random:\n        gmt_unix_time=0x{}\n        random_bytes (len=28): {}",
        hex(time),
        hex(random)
    );
    let session = body.vector(false)?;
    let _ = writeln!(out, "      session_id (len={}): {}", session.len(), hex(session));
    Some(())
}

fn suite_line(suite: u16) -> String {
    let name = match suite {
        0x00ff => "TLS_EMPTY_RENEGOTIATION_INFO_SCSV",
        _ => ciphers::by_id(suite).map_or("UNKNOWN", |suite| suite.standard),
    };
    format!("{{0x{:02X}, 0x{:02X}}} {name}", suite >> 8, suite & 0xff)
}

fn extensions(body: &mut Bytes<'_>, out: &mut String) -> Option<()> {
    if body.0.is_empty() {
        out.push_str("      No extensions\n");
        return Some(());
    }
    let mut list = Bytes(body.vector(true)?);
    let _ = writeln!(out, "      extensions, length = {}", list.0.len());
    while !list.0.is_empty() {
        let (kind, value) = (list.number()?, list.vector(true)?);
        let _ = writeln!(out, "        extension_type={}({kind}), length={}", extension_name(kind), value.len());
        if !value.is_empty() {
            let _ = writeln!(out, "          {}", hex(value));
        }
    }
    Some(())
}

fn client_hello(body: &[u8]) -> Option<String> {
    let (mut body, mut out) = (Bytes(body), String::new());
    hello_head(&mut body, "client", &mut out)?;
    let mut suites = Bytes(body.vector(true)?);
    let _ = writeln!(out, "      cipher_suites (len={})", suites.0.len());
    while let Some(suite) = suites.number() {
        let _ = writeln!(out, "        {}", suite_line(suite));
    }
    let methods = body.vector(false)?;
    let _ = writeln!(out, "      compression_methods (len={})", methods.len());
    for method in methods {
        let name = if *method == 0 { "No Compression" } else { "UNKNOWN" };
        let _ = writeln!(out, "        {name} (0x{method:02X})");
    }
    extensions(&mut body, &mut out)?;
    Some(out)
}

fn server_hello(body: &[u8]) -> Option<String> {
    let (mut body, mut out) = (Bytes(body), String::new());
    hello_head(&mut body, "server", &mut out)?;
    let suite = body.number()?;
    let _ = writeln!(out, "      cipher_suite {}", suite_line(suite));
    let method = *body.take(1)?.first()?;
    let name = if method == 0 { "No Compression" } else { "UNKNOWN" };
    let _ = writeln!(out, "      compression_method: {name} (0x{method:02X})");
    extensions(&mut body, &mut out)?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ServerHello of TLS 1.3 without its extensions' values.
    fn server_hello_record() -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.extend([0, 0x13, 0x01, 0, 0, 4, 0, 43, 0, 0]);
        let mut message = vec![2, 0, 0, body.len() as u8];
        message.extend(body);
        let mut record = vec![HANDSHAKE, 3, 3, 0, message.len() as u8];
        record.extend(message);
        record
    }

    #[test]
    fn records_in_any_pieces_give_the_same_text() {
        let mut wire = server_hello_record();
        wire.extend([CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1, ALERT, 3, 3, 0, 2, 2, 40]);
        let mut whole = Tracer::default();
        whole.wire(Direction::Sent, &wire);
        let text = whole.take();
        for expected in [
            "Sent TLS Record\nHeader:\n  Version = TLS 1.2 (0x303)\n  Content Type = Handshake (22)\n",
            "    ServerHello, Length=44\n      server_version=0x303 (TLS 1.2)\n",
            "      cipher_suite {0x13, 0x01} TLS_AES_128_GCM_SHA256\n",
            "        extension_type=supported_versions(43), length=0\n",
            "    change_cipher_spec (1)\n",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        let mut pieces = Tracer::default();
        for byte in &wire {
            pieces.wire(Direction::Sent, &[*byte]);
        }
        assert_eq!(pieces.take(), text);
    }

    #[test]
    fn encrypted_records_get_their_contents() {
        let mut tracer = Tracer::default();
        tracer.sealed(HANDSHAKE, &[20, 0, 0, 2, 0xab, 0xcd]);
        tracer.wire(Direction::Sent, &[APPLICATION_DATA, 3, 3, 0, 3, 1, 2, 3]);
        tracer.wire(Direction::Received, &[APPLICATION_DATA, 3, 3, 0, 1, 9]);
        tracer.opened(ALERT, &[1, 0]);
        let text = tracer.take();
        for expected in [
            "  Length = 3\n  Inner Content Type = Handshake (22)\n    Finished, Length=2\n      ABCD\n",
            "Received TLS Record\n",
            "  Inner Content Type = Alert (21)\n    Level=warning(1), description=0\n",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
    }

    #[test]
    fn malformed_messages_are_shown_as_bytes() {
        let mut tracer = Tracer::default();
        for body in [&[1, 0, 0, 3, 3, 3, 0][..], &[2, 0, 1, 0, 3], &[1], &[], &[9, 0, 0, 0]] {
            let mut record = vec![HANDSHAKE, 3, 1, 0, body.len() as u8];
            record.extend(body);
            tracer.wire(Direction::Received, &record);
            assert!(tracer.take().starts_with("Received TLS Record\n"));
        }
    }
}
