//! HTTP/2 codec: bytes in, events out; what to send comes out as bytes.
//!
//! [`Session`] is one side of a connection. It knows frames, header compression, flow control, the states of streams and the
//! limits that keep a peer from making work without end. It has no clock and no I/O: time comes in as a number, bytes go both
//! ways as slices.

#![forbid(unsafe_code)]

mod error;
mod frame;
mod hpack;
mod huffman;
mod message;
mod session;
mod settings;

pub use error::{Fatal, code, error_string};
pub use frame::{HEAD_BYTES, Head, PREFACE, flag, kind};
pub use hpack::{Decoder, Encoder, Fields};
pub use session::{Category, Event, Frames, Options, Padding, Reason, Session, SessionState, StreamState, SubmitError};
pub use settings::{Settings, WINDOW_MAX, id as setting};
