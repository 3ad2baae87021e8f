//! WebSocket frames as a server reads and writes them. RFC 6455 §5.

/// The longest message a client may send, in bytes: expressions and pasted scripts fit, and no client fills our memory.
pub const MESSAGE_BYTES_MAX: usize = 256 << 20;

const OPCODE_BINARY: u8 = 2;
const OPCODE_CLOSE: u8 = 8;
const OPCODE_CONTINUATION: u8 = 0;
const OPCODE_PING: u8 = 9;
const OPCODE_PONG: u8 = 10;
const OPCODE_TEXT: u8 = 1;

const FIN: u8 = 0x80;
const MASKED: u8 = 0x80;
const RESERVED: u8 = 0x70;

/// What a client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// It wants to end the connection.
    Close,
    /// It wants the same bytes back.
    Ping(Vec<u8>),
    /// A whole message.
    Text(String),
}

/// Why a connection cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// A text that is not UTF-8.
    BadText,
    /// A frame that breaks the protocol: reserved bits, no mask, an unknown opcode, a fragment out of order.
    Malformed,
    /// Longer than [`MESSAGE_BYTES_MAX`].
    TooLong,
}

/// Collects bytes and gives out messages.
#[derive(Debug, Default)]
pub struct Reader {
    bytes: Vec<u8>,
    fragments: Option<Vec<u8>>,
}

impl Reader {
    /// Takes bytes as they come from the socket.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message; `None` while it is incomplete.
    ///
    /// # Errors
    /// The connection must be closed.
    pub fn next_message(&mut self) -> Result<Option<Message>, FrameError> {
        while let Some((opcode, fin, payload)) = self.next_frame()? {
            match opcode {
                OPCODE_CLOSE => return Ok(Some(Message::Close)),
                OPCODE_PING => return Ok(Some(Message::Ping(payload))),
                OPCODE_PONG => {}
                OPCODE_TEXT | OPCODE_BINARY if self.fragments.is_none() => {
                    if fin {
                        return text(payload).map(Some);
                    }
                    self.fragments = Some(payload);
                }
                OPCODE_CONTINUATION => {
                    let Some(mut whole) = self.fragments.take() else { return Err(FrameError::Malformed) };
                    if whole.len() + payload.len() > MESSAGE_BYTES_MAX {
                        return Err(FrameError::TooLong);
                    }
                    whole.extend_from_slice(&payload);
                    if fin {
                        return text(whole).map(Some);
                    }
                    self.fragments = Some(whole);
                }
                _ => return Err(FrameError::Malformed),
            }
        }
        Ok(None)
    }

    fn next_frame(&mut self) -> Result<Option<(u8, bool, Vec<u8>)>, FrameError> {
        let [first, second, ..] = *self.bytes.as_slice() else { return Ok(None) };
        if first & RESERVED != 0 || second & MASKED == 0 {
            return Err(FrameError::Malformed);
        }
        let (length, header) = match second & !MASKED {
            126 => match self.bytes.get(2..4) {
                Some(bytes) => (u64::from(bytes[0]) << 8 | u64::from(bytes[1]), 4),
                None => return Ok(None),
            },
            127 => match self.bytes.get(2..10) {
                Some(bytes) => (bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), 10),
                None => return Ok(None),
            },
            short => (u64::from(short), 2),
        };
        if length > MESSAGE_BYTES_MAX as u64 {
            return Err(FrameError::TooLong);
        }
        let (start, end) = (header + 4, header + 4 + length as usize);
        if self.bytes.len() < end {
            return Ok(None);
        }
        let mask = [self.bytes[header], self.bytes[header + 1], self.bytes[header + 2], self.bytes[header + 3]];
        let payload = self.bytes[start..end].iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
        self.bytes.drain(..end);
        Ok(Some((first & 0x0F, first & FIN != 0, payload)))
    }
}

fn text(bytes: Vec<u8>) -> Result<Message, FrameError> {
    String::from_utf8(bytes).map(Message::Text).map_err(|_| FrameError::BadText)
}

fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + 10);
    out.push(FIN | opcode);
    match payload.len() {
        length @ ..126 => out.push(length as u8),
        length @ ..65536 => {
            out.push(126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
    out
}

/// A text message in one frame.
#[must_use]
pub fn text_frame(text: &str) -> Vec<u8> {
    frame(OPCODE_TEXT, text.as_bytes())
}

/// The end of the connection, without a reason.
#[must_use]
pub fn close_frame() -> Vec<u8> {
    frame(OPCODE_CLOSE, &[])
}

/// The answer to a ping.
#[must_use]
pub fn pong_frame(payload: &[u8]) -> Vec<u8> {
    frame(OPCODE_PONG, payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = frame(0, payload);
        out[0] = first;
        let header = out.len() - payload.len();
        out[1] |= MASKED;
        let mask = [1, 2, 4, 8];
        let mut masked: Vec<u8> = out[..header].to_vec();
        masked.extend_from_slice(&mask);
        masked.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
        masked
    }

    fn messages(bytes: &[u8], step: usize) -> Result<Vec<Message>, FrameError> {
        let mut reader = Reader::default();
        let mut found = Vec::new();
        for piece in bytes.chunks(step) {
            reader.feed(piece);
            while let Some(message) = reader.next_message()? {
                found.push(message);
            }
        }
        Ok(found)
    }

    #[track_caller]
    fn check(bytes: &[u8], want: &Result<Vec<Message>, FrameError>) {
        for step in [1, 2, 3, 7, bytes.len().max(1)] {
            assert_eq!(&messages(bytes, step), want, "in pieces of {step}");
        }
    }

    fn texts(list: &[&str]) -> Result<Vec<Message>, FrameError> {
        Ok(list.iter().map(|text| Message::Text((*text).to_owned())).collect())
    }

    #[test]
    fn whole_messages() {
        check(&client_frame(0x81, b"hello"), &texts(&["hello"]));
        check(&client_frame(0x81, b""), &texts(&[""]));
        for length in [125, 126, 127, 65535, 65536] {
            let text = "x".repeat(length);
            check(&client_frame(0x81, text.as_bytes()), &texts(&[&text]));
        }
        check(&client_frame(0x88, b""), &Ok(vec![Message::Close]));
        check(&client_frame(0x89, b"p"), &Ok(vec![Message::Ping(b"p".to_vec())]));
    }

    #[test]
    fn fragments() {
        let mut bytes = client_frame(0x01, b"a");
        bytes.extend(client_frame(0x8A, b"pong in between"));
        bytes.extend(client_frame(0x00, b"b"));
        bytes.extend(client_frame(0x80, b"c"));
        check(&bytes, &texts(&["abc"]));
    }

    #[test]
    fn bad_frames() {
        check(&client_frame(0x80, b"no beginning"), &Err(FrameError::Malformed));
        check(&client_frame(0xC1, b"reserved bit"), &Err(FrameError::Malformed));
        check(&client_frame(0x83, b"unknown opcode"), &Err(FrameError::Malformed));
        check(&frame(OPCODE_TEXT, b"no mask"), &Err(FrameError::Malformed));
        check(&client_frame(0x81, &[0xFF, 0xFE]), &Err(FrameError::BadText));
        check(&[0x81, 0xFF, 0, 0, 1, 0, 0, 0, 0, 0], &Err(FrameError::TooLong));
        check(&[client_frame(0x01, b"a"), client_frame(0x01, b"b")].concat(), &Err(FrameError::Malformed));
    }

    #[test]
    fn own_frames() {
        assert_eq!(text_frame("hi"), [0x81, 2, b'h', b'i']);
        assert_eq!(text_frame(&"x".repeat(300))[..4], [0x81, 126, 1, 44]);
        assert_eq!(text_frame(&"x".repeat(70000))[..10], [0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
        assert_eq!(close_frame(), [0x88, 0]);
    }
}
