//! SETTINGS. RFC 9113 §6.5.

/// Identifiers of settings.
pub mod id {
    /// Bytes of the decoder's table.
    pub const HEADER_TABLE_SIZE: u16 = 1;
    /// Whether pushes are welcome.
    pub const ENABLE_PUSH: u16 = 2;
    /// Streams at once.
    pub const MAX_CONCURRENT_STREAMS: u16 = 3;
    /// Flow control window of a new stream, in bytes.
    pub const INITIAL_WINDOW_SIZE: u16 = 4;
    /// Payload bytes of a frame.
    pub const MAX_FRAME_SIZE: u16 = 5;
    /// Bytes of a header list; advice only.
    pub const MAX_HEADER_LIST_SIZE: u16 = 6;
    /// RFC 8441.
    pub const ENABLE_CONNECT_PROTOCOL: u16 = 8;
}

/// The largest flow control window. RFC 9113 §6.9.1.
pub const WINDOW_MAX: i64 = (1 << 31) - 1;
/// The window before anything was said. RFC 9113 §6.9.2.
pub const WINDOW_DEFAULT: i64 = 65_535;

/// What one side allows the other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settings {
    /// HEADER_TABLE_SIZE.
    pub header_table_size: u32,
    /// ENABLE_PUSH.
    pub enable_push: bool,
    /// MAX_CONCURRENT_STREAMS.
    pub max_concurrent_streams: u32,
    /// INITIAL_WINDOW_SIZE.
    pub initial_window_size: u32,
    /// MAX_FRAME_SIZE.
    pub max_frame_size: u32,
    /// MAX_HEADER_LIST_SIZE.
    pub max_header_list_size: u32,
    /// ENABLE_CONNECT_PROTOCOL.
    pub enable_connect_protocol: bool,
    /// Settings beyond the standard.
    pub custom: Vec<(u16, u32)>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            header_table_size: 4096,
            enable_push: true,
            max_concurrent_streams: u32::MAX,
            initial_window_size: WINDOW_DEFAULT as u32,
            max_frame_size: 16_384,
            max_header_list_size: u32::MAX,
            enable_connect_protocol: false,
            custom: Vec::new(),
        }
    }
}

impl Settings {
    /// Takes a value over; anything unknown goes to `custom`, at most [`CUSTOM_MAX`] of them.
    pub fn set(&mut self, id: u16, value: u32) {
        match id {
            id::HEADER_TABLE_SIZE => self.header_table_size = value,
            id::ENABLE_PUSH => self.enable_push = value != 0,
            id::MAX_CONCURRENT_STREAMS => self.max_concurrent_streams = value,
            id::INITIAL_WINDOW_SIZE => self.initial_window_size = value,
            id::MAX_FRAME_SIZE => self.max_frame_size = value,
            id::MAX_HEADER_LIST_SIZE => self.max_header_list_size = value,
            id::ENABLE_CONNECT_PROTOCOL => self.enable_connect_protocol = value != 0,
            _ => match self.custom.iter().position(|(known, _)| *known == id) {
                Some(at) => self.custom[at].1 = value,
                None if self.custom.len() < CUSTOM_MAX => self.custom.push((id, value)),
                None => {}
            },
        }
    }
}

/// Node docs: at most 10 custom settings.
pub const CUSTOM_MAX: usize = 10;
