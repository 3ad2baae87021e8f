//! Which bytes may stand where, and the methods. RFC 9110 §5.6.2, RFC 9112.

/// Methods of HTTP requests, in the order of their numbers.
pub const METHODS: &[&str] = &[
    "DELETE",
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "COPY",
    "LOCK",
    "MKCOL",
    "MOVE",
    "PROPFIND",
    "PROPPATCH",
    "SEARCH",
    "UNLOCK",
    "BIND",
    "REBIND",
    "UNBIND",
    "ACL",
    "REPORT",
    "MKACTIVITY",
    "CHECKOUT",
    "MERGE",
    "M-SEARCH",
    "NOTIFY",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "PATCH",
    "PURGE",
    "MKCALENDAR",
    "LINK",
    "UNLINK",
    "SOURCE",
    "QUERY",
];

/// Methods that are known, but not allowed in HTTP/1 requests: those of RTSP, and HTTP/2's preface.
pub const FOREIGN_METHODS: &[&str] = &[
    "DESCRIBE",
    "ANNOUNCE",
    "SETUP",
    "PLAY",
    "PAUSE",
    "TEARDOWN",
    "GET_PARAMETER",
    "SET_PARAMETER",
    "REDIRECT",
    "RECORD",
    "FLUSH",
    "PRI",
];

const TOKEN: u8 = 1;
const VALUE: u8 = 2;
const URL: u8 = 4;
const QUOTED: u8 = 8;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        let mut class = 0;
        if b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
            )
        {
            class |= TOKEN;
        }
        if b == b'\t' || (b >= 0x20 && b != 0x7f) {
            class |= VALUE;
            if b != b'"' && b != b'\\' {
                class |= QUOTED;
            }
        }
        if b > 0x20 && b < 0x7f {
            class |= URL;
        }
        table[byte] = class;
        byte += 1;
    }
    table
}

/// `tchar` of RFC 9110.
#[inline]
pub(crate) fn is_token(byte: u8) -> bool {
    CLASSES[byte as usize] & TOKEN != 0
}

/// What a header value may hold: visible characters, obs-text, space and tab.
#[inline]
pub(crate) fn is_value(byte: u8) -> bool {
    CLASSES[byte as usize] & VALUE != 0
}

/// Visible ASCII.
#[inline]
pub(crate) fn is_url(byte: u8) -> bool {
    CLASSES[byte as usize] & URL != 0
}

/// `qdtext` of RFC 9110.
#[inline]
pub(crate) fn is_quoted(byte: u8) -> bool {
    CLASSES[byte as usize] & QUOTED != 0
}
