//! What a connection learns while its TLS engine runs: secrets for the key log, sessions, tickets, Finished messages.
//!
//! The engine's hooks are shared and stateless; they write to the tap of the connection that runs on this thread right now.
//! **Invariant:** JavaScript never runs while a tap is current.

use anode_tls_pure::trace::Tracer;
use rustls::client::{Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::CertificateDer;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// A session that a client may resume.
#[derive(Clone)]
pub(crate) enum ClientSession {
    Tls12(Tls12ClientSessionValue),
    /// Each is good for one attempt: a stock that all sessions of one connection, and of those that resumed it, share.
    Tls13(Rc<RefCell<VecDeque<Tls13ClientSessionValue>>>),
}

/// The longest handshake message that is kept to be looked at. A Finished has up to 64 bytes, a ticket some kilobytes.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;

const NEW_SESSION_TICKET: u8 = 4;
const FINISHED: u8 = 20;

/// Handshake messages of one direction, cut out of their records.
#[derive(Debug, Default)]
pub(crate) struct Messages(Vec<u8>);

impl Messages {
    /// Takes what a record holds and gives each complete message to `found(type, body)`.
    pub(crate) fn feed(&mut self, bytes: &[u8], mut found: impl FnMut(u8, &[u8])) {
        self.0.extend_from_slice(bytes);
        while let [kind, a, b, c, ..] = *self.0.as_slice() {
            let length = 4 + (usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c));
            if length > MESSAGE_BYTES_MAX {
                self.0.clear();
                return;
            }
            if self.0.len() < length {
                return;
            }
            found(kind, &self.0[4..length]);
            self.0.drain(..length);
        }
    }
}

#[derive(Default)]
pub(crate) struct Tap {
    pub(crate) keylog_wanted: bool,
    pub(crate) keylog: Vec<Vec<u8>>,
    /// The OCSP response of the server.
    pub(crate) ocsp: Option<Vec<u8>>,
    /// The OCSP response that this server sends along.
    pub(crate) ocsp_answer: Option<Vec<u8>>,
    /// As a server: the connection will be one of TLS 1.3.
    pub(crate) is_tls13: bool,
    /// Signature schemes that the peer named.
    pub(crate) peer_schemes: Vec<u16>,
    pub(crate) finished: Vec<u8>,
    pub(crate) peer_finished: Vec<u8>,
    pub(crate) ticket: Option<Vec<u8>>,
    /// The ticket of the session that the client offers.
    pub(crate) offered_ticket: Option<Vec<u8>>,
    /// The session that the client offers.
    pub(crate) offered: Option<ClientSession>,
    /// Sessions the client got, with their tickets.
    pub(crate) received: Vec<ClientSession>,
    /// Whether the server's sessions are kept by JavaScript.
    pub(crate) sessions_kept: bool,
    /// Sessions for JavaScript to keep: id and state.
    pub(crate) kept: Vec<(Vec<u8>, Vec<u8>)>,
    /// The session that JavaScript found for the client's id.
    pub(crate) found: Option<(Vec<u8>, Vec<u8>)>,
    /// What is told of records, if somebody wants to know.
    pub(crate) tracer: Option<Box<Tracer>>,
    /// The certificate that this side showed.
    pub(crate) shown: Option<CertificateDer<'static>>,
    sent: Messages,
    got: Messages,
    plain: PlainRecords,
}

/// Records that come before the peer encrypts: in TLS 1.2 the ticket is in one of them. RFC 5077 §3.3.
#[derive(Debug, Default)]
struct PlainRecords {
    bytes: Vec<u8>,
    messages: Messages,
    over: bool,
}

const CHANGE_CIPHER_SPEC: u8 = 20;
const HANDSHAKE: u8 = 22;
const RECORD_HEAD_BYTES: usize = 5;

impl Tap {
    pub(crate) fn sent(&mut self, bytes: &[u8]) {
        let finished = &mut self.finished;
        self.sent.feed(bytes, |kind, body| {
            if kind == FINISHED {
                *finished = body.to_vec();
            }
        });
    }

    pub(crate) fn got(&mut self, bytes: &[u8]) {
        let (finished, ticket) = (&mut self.peer_finished, &mut self.ticket);
        self.got.feed(bytes, |kind, body| match kind {
            FINISHED => *finished = body.to_vec(),
            NEW_SESSION_TICKET => *ticket = ticket_of(body).or_else(|| ticket.take()),
            _ => {}
        });
    }
}

impl Tap {
    /// Takes ciphertext of the peer, to look into what is not encrypted yet.
    pub(crate) fn got_plain(&mut self, bytes: &[u8]) {
        if self.plain.over {
            return;
        }
        let PlainRecords { bytes: waiting, messages, over } = &mut self.plain;
        waiting.extend_from_slice(bytes);
        while let [kind, _, _, high, low, ..] = *waiting.as_slice() {
            let end = RECORD_HEAD_BYTES + (usize::from(high) << 8 | usize::from(low));
            if waiting.len() < end {
                return;
            }
            if kind == HANDSHAKE {
                let ticket = &mut self.ticket;
                messages.feed(&waiting[RECORD_HEAD_BYTES..end], |kind, body| {
                    if kind == NEW_SESSION_TICKET {
                        *ticket = ticket_of_tls12(body).or_else(|| ticket.take());
                    }
                });
            }
            *over = kind == CHANGE_CIPHER_SPEC;
            if *over {
                waiting.clear();
                return;
            }
            waiting.drain(..end);
        }
    }
}

/// The ticket in a NewSessionTicket of TLS 1.2. RFC 5077 §3.3.
fn ticket_of_tls12(body: &[u8]) -> Option<Vec<u8>> {
    let [a, b, ..] = *body.get(4..)? else { return None };
    body.get(6..6 + (usize::from(a) << 8 | usize::from(b))).filter(|ticket| !ticket.is_empty()).map(<[u8]>::to_vec)
}

/// The ticket in a NewSessionTicket of TLS 1.3. RFC 8446 §4.6.1.
fn ticket_of(body: &[u8]) -> Option<Vec<u8>> {
    let nonce = usize::from(*body.get(8)?);
    let rest = body.get(9 + nonce..)?;
    let [a, b, ..] = *rest else { return None };
    rest.get(2..2 + (usize::from(a) << 8 | usize::from(b))).map(<[u8]>::to_vec)
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<RefCell<Tap>>>> = const { RefCell::new(None) };
}

/// Runs `work` with `tap` as the current one.
pub(crate) fn with_current<T>(tap: &Rc<RefCell<Tap>>, work: impl FnOnce() -> T) -> T {
    let before = CURRENT.replace(Some(tap.clone()));
    let result = work();
    CURRENT.set(before);
    result
}

/// Looks at the current tap, if there is one.
pub(crate) fn current<T>(look: impl FnOnce(&mut Tap) -> T) -> Option<T> {
    CURRENT.with_borrow(|current| Some(look(&mut current.as_ref()?.borrow_mut())))
}
