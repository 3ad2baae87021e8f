//! Error codes: those of frames (RFC 9113 §7), and those of the library interface that `node:http2` documents by number.

/// Codes of RST_STREAM and GOAWAY. RFC 9113 §7.
pub mod code {
    /// Graceful.
    pub const NO_ERROR: u32 = 0;
    /// The peer broke the protocol.
    pub const PROTOCOL_ERROR: u32 = 1;
    /// Our own fault.
    pub const INTERNAL_ERROR: u32 = 2;
    /// Flow control was violated.
    pub const FLOW_CONTROL_ERROR: u32 = 3;
    /// A frame for a stream that was half closed.
    pub const STREAM_CLOSED: u32 = 5;
    /// A frame of a bad size.
    pub const FRAME_SIZE_ERROR: u32 = 6;
    /// Not processed at all: safe to try again.
    pub const REFUSED_STREAM: u32 = 7;
    /// No longer wanted.
    pub const CANCEL: u32 = 8;
    /// The header compression state is lost.
    pub const COMPRESSION_ERROR: u32 = 9;
    /// The peer makes too much work.
    pub const ENHANCE_YOUR_CALM: u32 = 11;
}

/// What ends a session, by the number that Node shows as `errno`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(i32)]
pub enum Fatal {
    /// The client's first bytes are not the preface.
    BadClientMagic = -903,
    /// A limit of this side was exceeded.
    CallbackFailure = -902,
    /// The peer broke flow control.
    FlowControl = -524,
    /// Too many answers are waiting to be sent.
    Flooded = -904,
    /// A connection error of the peer.
    Proto = -505,
    /// Header blocks in too many pieces.
    TooManyContinuations = -905,
}

/// The text of a number. Node docs: the message of `ERR_HTTP2_ERROR`.
#[must_use]
pub fn error_string(number: i32) -> &'static str {
    match number {
        0 => "Success",
        -501 => "Invalid argument",
        -502 => "Out of buffer space",
        -503 => "Unsupported SPDY version",
        -504 => "Operation would block",
        -505 => "Protocol error",
        -506 => "Invalid frame octets",
        -507 => "EOF",
        -508 => "Data transfer deferred",
        -509 => "No more Stream ID available",
        -510 => "Stream was already closed or invalid",
        -511 => "Stream is closing",
        -512 => "The transmission is not allowed for this stream",
        -513 => "Stream ID is invalid",
        -514 => "Invalid stream state",
        -515 => "Another DATA frame has already been deferred",
        -516 => "request HEADERS is not allowed",
        -517 => "GOAWAY has already been sent",
        -518 => "Invalid header block",
        -519 => "Invalid state",
        -521 => "The user callback function failed due to the temporal error",
        -522 => "The length of the frame is invalid",
        -523 => "Header compression/decompression error",
        -524 => "Flow control error",
        -525 => "Insufficient buffer size given to function",
        -526 => "Callback was paused by the application",
        -527 => "Too many inflight SETTINGS",
        -528 => "Server push is disabled by peer",
        -529 => "DATA or HEADERS frame has already been submitted for the stream",
        -530 => "The current session is closing",
        -531 => "Invalid HTTP header field was received",
        -532 => "Violation in HTTP messaging rule",
        -533 => "Stream was refused",
        -534 => "Internal error",
        -535 => "Cancel",
        -536 => "When a local endpoint expects to receive SETTINGS frame, it receives an other type of frame",
        -537 => "SETTINGS frame contained more than the maximum allowed number of entries",
        -901 => "Out of memory",
        -902 => "The user callback function failed",
        -903 => "Received bad client magic byte string",
        -904 => "Flooding was detected in this HTTP/2 session, and it must be closed",
        -905 => "Too many CONTINUATION frames following a HEADER frame",
        _ => "Unknown error code",
    }
}
