//! What is known of a stream, and receive windows.

use super::StreamState;
use std::collections::VecDeque;

/// A receive window. RFC 9113 §5.2.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Its size, in bytes.
    pub local: i64,
    /// Bytes that were received and not yet given back; below 0 after the window was made smaller.
    pub received: i64,
    /// Bytes that were consumed and not yet given back.
    consumed: i64,
    /// Bytes by which it was made smaller and that the peer has not used up.
    reduction: i64,
}

impl Window {
    pub(super) fn new(local: i64) -> Window {
        Window { local, received: 0, consumed: 0, reduction: 0 }
    }

    /// Takes note of received bytes; false if they exceed the window.
    pub(super) fn receive(&mut self, bytes: i64) -> bool {
        if self.received > self.local - bytes {
            return false;
        }
        self.received += bytes;
        true
    }

    /// Takes note of consumed bytes. By how much to grow the peer's view of it: 0 until half of it is used up.
    pub(super) fn consume(&mut self, bytes: i64) -> i64 {
        self.consumed += bytes;
        let update = self.consumed.min(self.received);
        if update < (self.local / 2).max(1) {
            return 0;
        }
        self.received -= update;
        self.consumed = 0;
        update
    }

    /// Changes the size. By how much to grow the peer's view of it.
    pub(super) fn resize(&mut self, bytes: i64) -> i64 {
        let mut delta = bytes - self.local;
        self.local = bytes;
        if delta <= 0 {
            self.reduction -= delta;
            self.received += delta;
            return 0;
        }
        let back = self.reduction.min(delta);
        self.reduction -= back;
        self.received += back;
        delta -= back;
        delta
    }
}

/// See the states in RFC 9113 §5.1.
#[derive(Debug)]
pub(super) struct Stream {
    pub window: Window,
    pub send_window: i64,
    /// A request that has not gone out yet.
    pub waiting: bool,
    /// Counts towards a limit of streams.
    pub counted: bool,
    pub local_closed: bool,
    pub remote_closed: bool,
    pub reserved_local: bool,
    pub reserved_remote: bool,
    /// The final response headers were received.
    pub headers_received: bool,
    /// Headers went out: a body may follow.
    pub headers_sent: bool,
    /// The request ended with its headers.
    pub no_body_out: bool,
    /// The request's method is HEAD: its response has no body whatever its length says.
    pub is_head: bool,
    /// What is left of the announced length of the peer's body.
    pub length: Option<u64>,
    pub received_body: u64,
    pub reading: bool,
    /// Bytes that came while nobody was reading.
    pub held: i64,

    pub chunks: VecDeque<(Vec<u8>, usize)>,
    pub queued: usize,
    /// No more of the body comes.
    pub end: bool,
    pub trailers: bool,
    pub trailers_asked: bool,
    /// Something was written of which the owner has not heard.
    pub unreported: bool,
    /// On the list of those that have something to send.
    pub ready: bool,
}

impl Stream {
    pub(super) fn new(send_window: i64, receive_window: i64) -> Stream {
        Stream {
            chunks: VecDeque::new(),
            counted: false,
            end: false,
            headers_received: false,
            headers_sent: false,
            held: 0,
            is_head: false,
            length: None,
            local_closed: false,
            no_body_out: false,
            queued: 0,
            reading: false,
            ready: false,
            received_body: 0,
            remote_closed: false,
            reserved_local: false,
            reserved_remote: false,
            send_window,
            trailers: false,
            trailers_asked: false,
            unreported: false,
            waiting: false,
            window: Window::new(receive_window),
        }
    }

    /// Whether a frame could be made, flow control aside.
    pub(super) fn wants_to_send(&self) -> bool {
        self.headers_sent
            && !self.waiting
            && !self.local_closed
            && (self.unreported || self.queued > 0 || (self.end && !self.trailers_asked))
    }

    pub(super) fn state(&self) -> StreamState {
        let state = match (self.local_closed, self.remote_closed) {
            _ if self.reserved_local => 3,
            _ if self.reserved_remote => 4,
            (true, true) => 7,
            (true, false) => 5,
            (false, true) => 6,
            (false, false) => 2,
        };
        StreamState {
            state,
            weight: 16,
            local_close: self.local_closed,
            remote_close: self.remote_closed,
            local_window: self.window.local - self.window.received,
        }
    }
}
