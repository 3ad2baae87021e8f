//! The ClientHello as it comes: what servers ask before they choose. RFC 8446 §4.1.2, RFC 5246 §7.4.1.2.

/// What a client offers.
#[derive(Clone, Debug, Default)]
pub struct ClientHello {
    /// Its session id.
    pub session_id: Vec<u8>,
    /// Cipher suites, in its order.
    pub cipher_suites: Vec<u16>,
    /// The host it wants.
    pub server_name: Option<String>,
    /// Application protocols, in its order.
    pub alpn: Vec<Vec<u8>>,
    /// Signature schemes.
    pub signature_schemes: Vec<u16>,
    /// Groups of key exchange.
    pub groups: Vec<u16>,
    /// Versions: those listed, else the legacy field.
    pub versions: Vec<u16>,
    /// Whether it asks for an OCSP response.
    pub ocsp: bool,
    /// Whether it has, or wants, a session ticket.
    pub ticket: Option<Vec<u8>>,
    /// Whether it offers sessions of TLS 1.3.
    pub psk: bool,
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (part, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(part)
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        Some(self.take(bytes)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
    }

    fn vector(&mut self, length_bytes: usize) -> Option<Bytes<'a>> {
        let length = self.number(length_bytes)?;
        Some(Bytes(self.take(length)?))
    }

    fn numbers(mut self) -> Vec<u16> {
        let mut list = Vec::new();
        while let Some(number) = self.number(2) {
            list.push(number as u16);
        }
        list
    }
}

/// Reads a ClientHello from records. `None` while it is incomplete or if it is none.
#[must_use]
pub fn parse(records: &[u8]) -> Option<ClientHello> {
    let mut records = Bytes(records);
    let mut message = Vec::new();
    loop {
        if let Some(length) = message_length(&message)
            && message.len() >= length
        {
            message.truncate(length);
            break;
        }
        if records.number(1)? != 22 {
            return None;
        }
        records.take(2)?;
        message.extend_from_slice(records.vector(2)?.0);
    }
    read(&message)
}

fn message_length(message: &[u8]) -> Option<usize> {
    match message {
        [_, a, b, c, ..] => Some(4 + (usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c))),
        _ => None,
    }
}

fn read(message: &[u8]) -> Option<ClientHello> {
    let mut bytes = Bytes(message);
    if bytes.number(1)? != 1 {
        return None;
    }
    bytes.take(3)?;
    let legacy = bytes.number(2)? as u16;
    bytes.take(32)?;
    let mut hello =
        ClientHello { session_id: bytes.vector(1)?.0.to_vec(), versions: vec![legacy], ..ClientHello::default() };
    hello.cipher_suites = bytes.vector(2)?.numbers();
    bytes.vector(1)?;
    let Some(mut extensions) = bytes.vector(2) else { return Some(hello) };
    while let Some(kind) = extensions.number(2) {
        let mut body = extensions.vector(2)?;
        match kind {
            0 => {
                let mut names = body.vector(2)?;
                while let Some(kind) = names.number(1) {
                    let name = names.vector(2)?;
                    if kind == 0 {
                        hello.server_name = Some(String::from_utf8_lossy(name.0).into_owned());
                    }
                }
            }
            5 => hello.ocsp = body.number(1) == Some(1),
            10 => hello.groups = body.vector(2)?.numbers(),
            13 => hello.signature_schemes = body.vector(2)?.numbers(),
            16 => {
                let mut names = body.vector(2)?;
                while let Some(name) = names.vector(1) {
                    hello.alpn.push(name.0.to_vec());
                }
            }
            35 => hello.ticket = Some(body.0.to_vec()),
            41 => hello.psk = true,
            43 => hello.versions = body.vector(1)?.numbers(),
            _ => {}
        }
    }
    Some(hello)
}
