//! Frames on the wire. RFC 9113 §4, §6; ALTSVC: RFC 7838; ORIGIN: RFC 8336.

/// Types of frames.
pub mod kind {
    /// RFC 9113 §6.1.
    pub const DATA: u8 = 0;
    /// RFC 9113 §6.2.
    pub const HEADERS: u8 = 1;
    /// RFC 9113 §6.3, deprecated.
    pub const PRIORITY: u8 = 2;
    /// RFC 9113 §6.4.
    pub const RST_STREAM: u8 = 3;
    /// RFC 9113 §6.5.
    pub const SETTINGS: u8 = 4;
    /// RFC 9113 §6.6.
    pub const PUSH_PROMISE: u8 = 5;
    /// RFC 9113 §6.7.
    pub const PING: u8 = 6;
    /// RFC 9113 §6.8.
    pub const GOAWAY: u8 = 7;
    /// RFC 9113 §6.9.
    pub const WINDOW_UPDATE: u8 = 8;
    /// RFC 9113 §6.10.
    pub const CONTINUATION: u8 = 9;
    /// RFC 7838 §4.
    pub const ALTSVC: u8 = 10;
    /// RFC 8336 §2.
    pub const ORIGIN: u8 = 12;
}

/// Flags of frames.
pub mod flag {
    /// The last frame of this side of the stream.
    pub const END_STREAM: u8 = 1;
    /// Of SETTINGS and PING.
    pub const ACK: u8 = 1;
    /// The header block is complete.
    pub const END_HEADERS: u8 = 4;
    /// There is padding.
    pub const PADDED: u8 = 8;
    /// There is priority information.
    pub const PRIORITY: u8 = 32;
}

/// What a client says first. RFC 9113 §3.4.
pub const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The length of a frame header, in bytes.
pub const HEAD_BYTES: usize = 9;

/// The header of a frame.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Head {
    /// Payload bytes.
    pub length: usize,
    /// See [`kind`].
    pub kind: u8,
    /// See [`flag`].
    pub flags: u8,
    /// 0 is the connection.
    pub id: u32,
}

impl Head {
    /// Reads a header.
    #[must_use]
    pub fn read(bytes: &[u8; HEAD_BYTES]) -> Head {
        let [a, b, c, kind, flags, d, e, f, g] = *bytes;
        Head {
            length: u32::from_be_bytes([0, a, b, c]) as usize,
            kind,
            flags,
            id: u32::from_be_bytes([d, e, f, g]) & 0x7fff_ffff,
        }
    }

    /// Appends the header.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&(self.length as u32).to_be_bytes()[1..]);
        out.extend_from_slice(&[self.kind, self.flags]);
        out.extend_from_slice(&self.id.to_be_bytes());
    }

    /// Whether a flag is set.
    #[must_use]
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// Four bytes at `at`; 0 where there are fewer.
#[must_use]
pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_be_bytes)
}
