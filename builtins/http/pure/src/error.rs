//! Why a message was refused, in the words that Node's users know.

/// Node docs: Errors, "HTTP parser errors": `code` of the error, and `reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// Such as `HPE_INVALID_METHOD`.
    pub code: &'static str,
    /// Such as `Invalid method encountered`.
    pub reason: &'static str,
}

const fn error(code: &'static str, reason: &'static str) -> Error {
    Error { code, reason }
}

pub(crate) const METHOD: Error = error("HPE_INVALID_METHOD", "Invalid method encountered");
pub(crate) const METHOD_SPACE: Error = error("HPE_INVALID_METHOD", "Expected space after method");
pub(crate) const METHOD_FOREIGN: Error = error("HPE_INVALID_CONSTANT", "Invalid method for HTTP/x.x request");
pub(crate) const METHOD_ICE: Error = error("HPE_INVALID_CONSTANT", "Expected SOURCE method for ICE/x.x request");
pub(crate) const H2_PREFACE: Error = error("HPE_PAUSED_H2_UPGRADE", "Pause on PRI/Upgrade");
pub(crate) const URL_START: Error = error("HPE_INVALID_URL", "Unexpected start char in url");
pub(crate) const URL_SCHEMA: Error = error("HPE_INVALID_URL", "Unexpected char in url schema");
pub(crate) const URL_CHARS: Error = error("HPE_INVALID_URL", "Invalid characters in url");
pub(crate) const URL_SERVER: Error = error("HPE_INVALID_URL", "Unexpected char in url server");
pub(crate) const URL_PATH: Error = error("HPE_INVALID_URL", "Invalid char in url path");
pub(crate) const PROTOCOL: Error = error("HPE_INVALID_CONSTANT", "Expected HTTP/, RTSP/ or ICE/");
pub(crate) const VERSION: Error = error("HPE_INVALID_VERSION", "Invalid HTTP version");
pub(crate) const VERSION_MAJOR: Error = error("HPE_INVALID_VERSION", "Invalid major version");
pub(crate) const VERSION_DOT: Error = error("HPE_INVALID_VERSION", "Expected dot");
pub(crate) const VERSION_MINOR: Error = error("HPE_INVALID_VERSION", "Invalid minor version");
pub(crate) const VERSION_CRLF: Error = error("HPE_INVALID_VERSION", "Expected CRLF after version");
pub(crate) const VERSION_LF: Error = error("HPE_STRICT", "Expected CRLF after version");
pub(crate) const VERSION_SPACE: Error = error("HPE_INVALID_VERSION", "Expected space after version");
pub(crate) const STATUS_CODE: Error = error("HPE_INVALID_STATUS", "Invalid status code");
pub(crate) const STATUS_AFTER: Error = error("HPE_INVALID_STATUS", "Invalid response status");
pub(crate) const STATUS_CR: Error = error("HPE_CR_EXPECTED", "Missing expected CR after response line");
pub(crate) const STATUS_LF: Error = error("HPE_STRICT", "Expected LF after CR");
pub(crate) const SPACE_AFTER_LINE: Error = error("HPE_UNEXPECTED_SPACE", "Unexpected space after start line");
pub(crate) const HEADER_TOKEN: Error = error("HPE_INVALID_HEADER_TOKEN", "Invalid header token");
pub(crate) const HEADER_VALUE: Error = error("HPE_INVALID_HEADER_TOKEN", "Invalid header value char");
pub(crate) const HEADER_FOLD: Error = error("HPE_INVALID_HEADER_TOKEN", "Unexpected whitespace after header value");
pub(crate) const HEADER_CR: Error = error("HPE_CR_EXPECTED", "Missing expected CR after header value");
pub(crate) const HEADER_LF: Error = error("HPE_LF_EXPECTED", "Missing expected LF after header value");
pub(crate) const HEADERS_LF: Error = error("HPE_STRICT", "Expected LF after headers");
pub(crate) const HEADER_OVERFLOW: Error = error("HPE_HEADER_OVERFLOW", "Header overflow");
pub(crate) const LENGTH_TWICE: Error = error("HPE_UNEXPECTED_CONTENT_LENGTH", "Duplicate Content-Length");
pub(crate) const LENGTH_WITH_ENCODING: Error =
    error("HPE_INVALID_CONTENT_LENGTH", "Content-Length can't be present with Transfer-Encoding");
pub(crate) const LENGTH_CHAR: Error = error("HPE_INVALID_CONTENT_LENGTH", "Invalid character in Content-Length");
pub(crate) const LENGTH_EMPTY: Error = error("HPE_INVALID_CONTENT_LENGTH", "Empty Content-Length");
pub(crate) const LENGTH_OVERFLOW: Error = error("HPE_INVALID_CONTENT_LENGTH", "Content-Length overflow");
pub(crate) const ENCODING_WITH_LENGTH: Error =
    error("HPE_INVALID_TRANSFER_ENCODING", "Transfer-Encoding can't be present with Content-Length");
pub(crate) const ENCODING_EMPTY: Error = error("HPE_INVALID_TRANSFER_ENCODING", "Empty Transfer-Encoding");
pub(crate) const ENCODING_VALUE: Error =
    error("HPE_INVALID_TRANSFER_ENCODING", "Invalid `Transfer-Encoding` header value");
pub(crate) const ENCODING_REQUEST: Error =
    error("HPE_INVALID_TRANSFER_ENCODING", "Request has invalid `Transfer-Encoding`");
pub(crate) const CHUNK_SIZE: Error = error("HPE_INVALID_CHUNK_SIZE", "Invalid character in chunk size");
pub(crate) const CHUNK_SIZE_OVERFLOW: Error = error("HPE_INVALID_CHUNK_SIZE", "Chunk size overflow");
pub(crate) const CHUNK_SIZE_CR: Error = error("HPE_CR_EXPECTED", "Missing expected CR after chunk size");
pub(crate) const CHUNK_SIZE_LF: Error = error("HPE_STRICT", "Expected LF after chunk size");
pub(crate) const CHUNK_DATA_CR: Error = error("HPE_CR_EXPECTED", "Missing expected CR after chunk data");
pub(crate) const CHUNK_DATA_LF: Error = error("HPE_STRICT", "Expected LF after chunk data");
pub(crate) const EXTENSION: Error = error("HPE_STRICT", "Invalid character in chunk extensions");
pub(crate) const EXTENSION_NAME: Error = error("HPE_STRICT", "Invalid character in chunk extensions name");
pub(crate) const EXTENSION_NAME_CR: Error = error("HPE_CR_EXPECTED", "Missing expected CR after chunk extension name");
pub(crate) const EXTENSION_VALUE: Error = error("HPE_STRICT", "Invalid character in chunk extensions value");
pub(crate) const EXTENSION_VALUE_CR: Error =
    error("HPE_CR_EXPECTED", "Missing expected CR after chunk extension value");
pub(crate) const EXTENSION_QUOTED: Error = error("HPE_STRICT", "Invalid character in chunk extensions quoted value");
pub(crate) const EXTENSION_AFTER_QUOTED: Error =
    error("HPE_STRICT", "Invalid character in chunk extensions quote value");
pub(crate) const EXTENSION_OVERFLOW: Error = error("HPE_CHUNK_EXTENSIONS_OVERFLOW", "Chunk extensions overflow");
pub(crate) const AFTER_CLOSE: Error = error("HPE_CLOSED_CONNECTION", "Data after `Connection: close`");
pub(crate) const EOF: Error = error("HPE_INVALID_EOF_STATE", "Invalid EOF state");
pub(crate) const HEADER_FIELD: Error = error("HPE_INVALID_HEADER_TOKEN", "Invalid header field char");
pub(crate) const URL_CRLF: Error = error("HPE_INVALID_URL", "Expected CRLF");
pub(crate) const URL_QUERY: Error = error("HPE_INVALID_URL", "Invalid char in url query");
pub(crate) const URL_FRAGMENT: Error = error("HPE_INVALID_URL", "Invalid char in url fragment start");
