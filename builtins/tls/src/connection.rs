//! One TLS connection: the engine without I/O. Ciphertext and plaintext go in and out as bytes; JavaScript moves them.
//!
//! ```text
//!   new ──startClient──────────────► handshake ──► established ──closeNotify / peer's close──► closed
//!    └──hello(bytes)…──startServer──────┘    └──────── any error ────────► failed (an alert waits to be sent)
//! ```
//!
//! A server reads the ClientHello before its engine starts, as JavaScript chooses context, protocol and session by it.

use crate::context::{Context, TLS13};
use crate::filter;
use crate::provider;
use crate::tap::{self, ClientSession, Tap};
use anode_runtime::{Args, JsResult, Local, NativeRow, Scope, Thrown};
use anode_tls_pure::certificate::Certificate;
use anode_tls_pure::chain::{self, Purpose, Rules};
use anode_tls_pure::trace::{Direction, Tracer};
use anode_tls_pure::{ciphers, errors, hello};
use rustls::client::ClientConnection;
use rustls::pki_types::ServerName;
use rustls::server::ServerConnection;
use rustls::{
    AlertDescription, Error, HandshakeKind, InvalidMessage, PeerIncompatible, PeerMisbehaved, ProtocolVersion,
};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{BufRead as _, Write as _};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) const METHODS: &[NativeRow] = &[
    ("attach", filter::attach),
    ("bytesRead", bytes_read),
    ("bytesWritten", bytes_written),
    ("closeNotify", close_notify),
    ("error", error),
    ("events", events),
    ("exportKeyingMaterial", export_keying_material),
    ("enableTrace", enable_trace),
    ("facts", facts),
    ("finishedMessages", finished_messages),
    ("flushTo", filter::flush_to),
    ("hello", read_hello),
    ("peerCertificates", peer_certificates),
    ("receive", receive),
    ("sharedSchemes", shared_schemes),
    ("setMaxFragment", set_max_fragment),
    ("shownCertificate", shown_certificate),
    ("startClient", start_client),
    ("startServer", start_server),
    ("takeOutput", take_output),
    ("verifyPeer", verify_peer),
    ("write", write),
    ("writeTextTo", filter::write_text_to),
    ("writeTo", filter::write_to),
    ("writevTo", filter::writev_to),
];

/// Answers of `receive`, as bits.
const ESTABLISHED: i32 = 1;
pub(crate) const PEER_CLOSED: i32 = 2;
pub(crate) const HAS_OUTPUT: i32 = 4;
pub(crate) const FAILED: i32 = 8;
pub(crate) const HAS_EVENTS: i32 = 16;

/// The largest ClientHello that is waited for, in bytes. OpenSSL: SSL_MAX_CLIENT_HELLO_SIZE is 131396.
const HELLO_BYTES_MAX: usize = 131_396;

enum Engine {
    None,
    Client(Box<ClientConnection>),
    Server(Box<ServerConnection>),
}

/// An error as OpenSSL has it.
struct Failure {
    reason: String,
    number: u32,
    detail: String,
}

struct Inner {
    engine: Engine,
    tap: Rc<RefCell<Tap>>,
    hello: Vec<u8>,
    /// What was decrypted, a piece for each record, as a reader may hand the connection on between two of them; a full record
    /// and the next make one piece.
    plain: Vec<Vec<u8>>,
    /// The last piece ends with a full record.
    goes_on: bool,
    records: Records,
    /// As a server: signature schemes that this side takes.
    own_schemes: Vec<u16>,
    /// As a server: versions that the client offers.
    peer_versions: Vec<u16>,
    /// Records that go out before the engine's.
    records_out: Vec<u8>,
    failure: Option<Failure>,
    /// The first bytes that came, to tell what is not TLS.
    first: Vec<u8>,
    established: bool,
    peer_closed: bool,
    /// Bytes of plaintext that came, and that were encrypted.
    plain_read: u64,
    plain_written: u64,
    /// The longest pieces that are encrypted, in bytes; 0 for what the protocol has. Node docs: tlsSocket.setMaxSendFragment.
    fragment_max: usize,
}

/// The native half of a connection.
pub(crate) struct Connection(RefCell<Inner>);

/// Sessions that clients may resume, in the order they came: JavaScript holds their names.
const SESSIONS_KEPT: usize = 1024;

#[derive(Default)]
struct Sessions {
    next: u64,
    list: VecDeque<(u64, ClientSession)>,
}

thread_local! {
    static SESSIONS: RefCell<Sessions> = RefCell::default();
}

/// What a session's Buffer begins with.
const SESSION_MAGIC: &[u8; 8] = b"anodeTLS";
/// The magic and the number; the ticket follows.
const SESSION_NAME_BYTES: usize = 16;

fn keep_session(session: ClientSession, ticket: Option<&Vec<u8>>) -> Vec<u8> {
    SESSIONS.with_borrow_mut(|sessions| {
        sessions.next += 1;
        let id = sessions.next;
        if sessions.list.len() >= SESSIONS_KEPT {
            sessions.list.pop_front();
        }
        sessions.list.push_back((id, session));
        let mut name = SESSION_MAGIC.to_vec();
        name.extend_from_slice(&id.to_be_bytes());
        name.extend(ticket.into_iter().flatten());
        name
    })
}

/// Sessions of TLS 1.3 that a stock holds.
const STOCK_MAX: usize = 8;

/// A session of TLS 1.3 is good for one attempt, and resuming it brings others: they go into its stock, so that a program may
/// resume one session as often as it likes.
fn renew(offered: Option<&ClientSession>, received: &[ClientSession]) {
    if let (Some(ClientSession::Tls13(stock)), Some(ClientSession::Tls13(fresh))) = (offered, received.first()) {
        let mut stock = stock.borrow_mut();
        stock.append(&mut fresh.borrow_mut());
        let surplus = stock.len().saturating_sub(STOCK_MAX);
        stock.drain(..surplus);
    }
}

fn find_session(name: &[u8]) -> Option<ClientSession> {
    let rest = name.strip_prefix(SESSION_MAGIC)?;
    let id = u64::from_be_bytes(*rest.first_chunk()?);
    SESSIONS.with_borrow(|sessions| {
        sessions.list.iter().find(|(known, _)| *known == id).map(|(_, session)| session.clone())
    })
}

/// `createConnection(prototype)`
pub(crate) fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let inner = Inner {
        engine: Engine::None,
        tap: Rc::default(),
        hello: Vec::new(),
        plain: Vec::new(),
        goes_on: false,
        records: Records::default(),
        own_schemes: Vec::new(),
        peer_versions: Vec::new(),
        records_out: Vec::new(),
        failure: None,
        first: Vec::new(),
        established: false,
        peer_closed: false,
        fragment_max: 0,
        plain_read: 0,
        plain_written: 0,
    };
    sc.native_object(Some(args.get(0)), Rc::new(Connection(RefCell::new(inner))))
}

pub(crate) fn this<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> Result<Rc<Connection>, Thrown> {
    sc.need_native::<Connection>(args.this())
}

fn protocols<'s>(sc: &mut Scope<'s>, list: Local<'s>) -> Result<Vec<Vec<u8>>, Thrown> {
    let mut protocols = Vec::new();
    if list.is_undefined() {
        return Ok(protocols);
    }
    for item in sc.array_items(list)? {
        protocols.extend(sc.copy_bytes(item));
    }
    Ok(protocols)
}

impl Connection {
    /// Takes ciphertext: the status, and the plaintext of each record.
    pub(crate) fn feed(&self, bytes: &[u8]) -> (i32, Vec<Vec<u8>>) {
        let mut inner = self.0.borrow_mut();
        inner.feed(bytes);
        (inner.status(), std::mem::take(&mut inner.plain))
    }

    /// Encrypts; whether the connection still takes bytes.
    pub(crate) fn encrypt(&self, bytes: &[u8]) -> bool {
        let mut inner = self.0.borrow_mut();
        let tap = inner.tap.clone();
        inner.plain_written += bytes.len() as u64;
        let piece = if inner.fragment_max == 0 { bytes.len().max(1) } else { inner.fragment_max };
        let engine = &mut inner.engine;
        tap::with_current(&tap, || {
            bytes.chunks(piece).all(|bytes| match engine {
                Engine::None => false,
                Engine::Client(engine) => engine.writer().write_all(bytes).is_ok(),
                Engine::Server(engine) => engine.writer().write_all(bytes).is_ok(),
            })
        })
    }

    /// Gives the ciphertext that waits to `sink`, which takes all of it.
    pub(crate) fn write_tls(&self, sink: &mut impl std::io::Write) {
        let mut inner = self.0.borrow_mut();
        let tap = inner.tap.clone();
        if tap.borrow().tracer.is_some() {
            let mut wire = Vec::new();
            inner.write_wire(&tap, &mut wire);
            trace(&tap, Direction::Sent, &wire);
            // See the sinks: they do not fail.
            let _written = sink.write_all(&wire);
        } else {
            inner.write_wire(&tap, sink);
        }
    }
}

/// Tells the tracer what went over the wire, and prints what it makes of it.
fn trace(tap: &RefCell<Tap>, direction: Direction, wire: &[u8]) {
    let mut tap = tap.borrow_mut();
    let Some(tracer) = &mut tap.tracer else { return };
    tracer.wire(direction, wire);
    print_trace(tracer);
}

/// A trace is for who looks at the terminal: it is as good as lost where that is gone.
fn print_trace(tracer: &mut Tracer) {
    let _lost = std::io::stderr().lock().write_all(tracer.take().as_bytes());
}

impl Inner {
    /// Gives all ciphertext that waits to `sink`, which takes it.
    fn write_wire(&mut self, tap: &Rc<RefCell<Tap>>, sink: &mut impl std::io::Write) {
        if !self.records_out.is_empty() {
            // See the sinks: they do not fail.
            let _written = sink.write_all(&std::mem::take(&mut self.records_out));
        }
        let engine = &mut self.engine;
        tap::with_current(tap, || match engine {
            Engine::None => {}
            Engine::Client(engine) => {
                while engine.wants_write() && engine.write_tls(sink).is_ok_and(|count| count > 0) {}
            }
            Engine::Server(engine) => {
                while engine.wants_write() && engine.write_tls(sink).is_ok_and(|count| count > 0) {}
            }
        });
    }
}

impl Inner {
    fn fail(&mut self, error: &Error) {
        if self.failure.is_none() {
            let server = matches!(self.engine, Engine::Server(_));
            // In TLS 1.2 a missing certificate fails the handshake; it has no alert of its own. RFC 5246 §7.4.6.
            let old = match &self.engine {
                Engine::Client(engine) => engine.protocol_version() == Some(ProtocolVersion::TLSv1_2),
                _ => false,
            };
            let required = Error::AlertReceived(AlertDescription::CertificateRequired);
            let error = if old && *error == required {
                &Error::AlertReceived(AlertDescription::HandshakeFailure)
            } else {
                error
            };
            self.failure = Some(failure_of(error, server, &self.first));
        }
    }

    /// Feeds ciphertext and takes the plaintext that it holds.
    fn feed(&mut self, mut bytes: &[u8]) {
        if self.first.len() < 16 {
            let wanted = (16 - self.first.len()).min(bytes.len());
            self.first.extend_from_slice(&bytes[..wanted]);
        }
        let tap = self.tap.clone();
        trace(&tap, Direction::Received, bytes);
        loop {
            let (mut record, rest) = bytes.split_at(self.records.next(bytes));
            if let Engine::Client(_) = self.engine
                && !self.established
            {
                self.tap.borrow_mut().got_plain(record);
            }
            // Full records belong to one long write: what follows them joins them.
            let mut plain = match self.plain.last() {
                Some(_) if self.goes_on => self.plain.pop().unwrap_or_default(),
                _ => Vec::new(),
            };
            let before = plain.len();
            plain.reserve(record.len().min(RECORD_BYTES_MAX));
            let engine = &mut self.engine;
            let outcome = tap::with_current(&tap, || match engine {
                Engine::None => Ok((false, false)),
                Engine::Client(engine) => run(engine, &mut record, &mut plain),
                Engine::Server(engine) => run(engine, &mut record, &mut plain),
            });
            if let Some(tracer) = &mut tap.borrow_mut().tracer {
                print_trace(tracer);
            }
            let came = plain.len() - before;
            self.goes_on = came == RECORD_BYTES_MAX || (came == 0 && self.goes_on && before > 0);
            self.plain_read += came as u64;
            if !plain.is_empty() {
                self.plain.push(plain);
            }
            match outcome {
                Ok((established, closed)) => {
                    self.established |= established;
                    self.peer_closed |= closed;
                }
                Err(error) => {
                    self.fail(&error);
                    return;
                }
            }
            bytes = rest;
            if bytes.is_empty() {
                return;
            }
        }
    }

    /// A client that takes none of our signature schemes: with the alert that OpenSSL sends.
    fn refuses_schemes(&mut self, context: &crate::context::ContextData) -> bool {
        let peer = &self.tap.borrow().peer_schemes;
        let versions_fit = self.peer_versions.iter().any(|version| context.allows(*version));
        let schemes_fit = peer.is_empty() || peer.iter().any(|scheme| self.own_schemes.contains(scheme));
        // Versions come first, and the engine knows what to say of them.
        if context.keys.is_empty() || !versions_fit || schemes_fit {
            return false;
        }
        let reason = "no shared signature algorithms";
        let number = u32::from(errors::ssl_reason_number(reason).unwrap_or(0));
        self.failure = Some(Failure { reason: reason.to_owned(), number, detail: String::new() });
        self.records_out.extend_from_slice(&HANDSHAKE_FAILURE_ALERT);
        true
    }

    fn is_resumed(&self) -> bool {
        let kind = match &self.engine {
            Engine::None => None,
            Engine::Client(engine) => engine.handshake_kind(),
            Engine::Server(engine) => engine.handshake_kind(),
        };
        kind == Some(HandshakeKind::Resumed)
    }

    fn wants_write(&self) -> bool {
        if !self.records_out.is_empty() {
            return true;
        }
        match &self.engine {
            Engine::None => false,
            Engine::Client(engine) => engine.wants_write(),
            Engine::Server(engine) => engine.wants_write(),
        }
    }

    fn status(&self) -> i32 {
        let tap = self.tap.borrow();
        let has_events =
            !tap.keylog.is_empty() || !tap.received.is_empty() || !tap.kept.is_empty() || tap.ocsp.is_some();
        (i32::from(self.established) * ESTABLISHED)
            | (i32::from(self.peer_closed) * PEER_CLOSED)
            | (i32::from(self.wants_write()) * HAS_OUTPUT)
            | (i32::from(self.failure.is_some()) * FAILED)
            | (i32::from(has_events) * HAS_EVENTS)
    }
}

/// Where records end in what comes: each is a piece for the reader, as it may hand the connection on between two of them.
#[derive(Default)]
struct Records {
    head: Vec<u8>,
    body: usize,
}

impl Records {
    /// How many of `bytes` belong to the current record.
    fn next(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        if self.body == 0 {
            taken = (RECORD_HEAD_BYTES - self.head.len()).min(bytes.len());
            self.head.extend_from_slice(&bytes[..taken]);
            let [_, _, _, high, low] = *self.head.as_slice() else { return taken };
            self.body = usize::from(high) << 8 | usize::from(low);
            self.head.clear();
        }
        let part = self.body.min(bytes.len() - taken);
        self.body -= part;
        taken + part
    }
}

/// A record with the fatal alert 40. RFC 8446 §5.1, §6.
const HANDSHAKE_FAILURE_ALERT: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];

/// RFC 8446 §5.1.
const RECORD_HEAD_BYTES: usize = 5;
/// A full record's plaintext, in bytes. RFC 8446 §5.1.
const RECORD_BYTES_MAX: usize = 16_384;

type Side<D> = rustls::ConnectionCommon<D>;

/// Reads all of `bytes`; whether the handshake is complete, and whether the peer closed.
fn run<D: rustls::SideData>(
    engine: &mut Side<D>,
    bytes: &mut &[u8],
    plain: &mut Vec<u8>,
) -> Result<(bool, bool), Error> {
    let mut closed = false;
    loop {
        let before = bytes.len();
        if before > 0 {
            // Memory does not fail; a full buffer takes nothing, and is emptied below.
            let _taken = engine.read_tls(bytes);
        }
        let state = engine.process_new_packets()?;
        let ready = state.plaintext_bytes_to_read();
        let peer_has_closed = state.peer_has_closed();
        if ready > 0 {
            let mut reader = engine.reader();
            while let Ok(part) = reader.fill_buf()
                && !part.is_empty()
            {
                plain.extend_from_slice(part);
                let count = part.len();
                reader.consume(count);
            }
        }
        closed |= peer_has_closed;
        if bytes.is_empty() || (bytes.len() == before && ready == 0) {
            break;
        }
    }
    Ok((!engine.is_handshaking(), closed))
}

/// `startClient(context, serverName, protocols, session, keylog)`: a status as of `receive`, or OpenSSL's reason why not.
fn start_client<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let context = sc.need_native::<Context>(args.get(0))?;
    let name = if args.get(1).is_undefined() { None } else { Some(sc.to_string(args.get(1))?) };
    let alpn = protocols(sc, args.get(2))?;
    let name_of_session = sc.copy_bytes(args.get(3)).unwrap_or_default();
    let session = find_session(&name_of_session);
    let config = context.0.borrow_mut().client_config();
    let mut config = match config {
        Ok(config) => config,
        Err(reason) => return Ok(sc.string(reason)),
    };
    config.alpn_protocols = alpn;
    let server = name.and_then(|name| ServerName::try_from(name).ok());
    config.enable_sni = matches!(server, Some(ServerName::DnsName(_)));
    let server = server.unwrap_or_else(|| ServerName::IpAddress(std::net::Ipv4Addr::LOCALHOST.into()));
    let mut inner = connection.0.borrow_mut();
    {
        let mut tap = inner.tap.borrow_mut();
        tap.keylog_wanted = args.get(4).is_true();
        tap.offered_ticket =
            session.as_ref().and_then(|_| name_of_session.get(SESSION_NAME_BYTES..)).map(<[u8]>::to_vec);
        tap.offered = session;
    }
    let tap = inner.tap.clone();
    match tap::with_current(&tap, || ClientConnection::new(Arc::new(config), server)) {
        Ok(mut engine) => {
            engine.set_buffer_limit(None);
            inner.engine = Engine::Client(Box::new(engine));
        }
        Err(error) => inner.fail(&error),
    }
    let status = inner.status();
    Ok(sc.int(status))
}

/// `hello(bytes)`: what the client wants, as an object; `undefined` while its ClientHello is incomplete, `null` if it is none.
fn read_hello<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let bytes = sc.copy_bytes(args.get(0)).unwrap_or_default();
    let parsed = {
        let mut inner = connection.0.borrow_mut();
        inner.hello.extend_from_slice(&bytes);
        let parsed = hello::parse(&inner.hello);
        let hopeless = inner.hello.first().is_some_and(|kind| *kind != 22) || inner.hello.len() > HELLO_BYTES_MAX;
        if parsed.is_none() && !hopeless {
            return Ok(sc.undefined());
        }
        parsed
    };
    let Some(parsed) = parsed else { return Ok(sc.null()) };
    {
        let mut inner = connection.0.borrow_mut();
        inner.peer_versions.clone_from(&parsed.versions);
        let mut tap = inner.tap.borrow_mut();
        tap.peer_schemes.clone_from(&parsed.signature_schemes);
        tap.is_tls13 = parsed.versions.contains(&TLS13);
    }
    let object = sc.object();
    let session = sc.uint8_array(parsed.session_id)?;
    sc.set(object, "sessionId", session)?;
    let name = match parsed.server_name {
        Some(name) => sc.string(&name),
        None => sc.undefined(),
    };
    sc.set(object, "servername", name)?;
    let mut list = Vec::new();
    for protocol in parsed.alpn {
        list.push(sc.uint8_array(protocol)?);
    }
    let list = sc.array(&list);
    sc.set(object, "protocols", list)?;
    for (key, flag) in [
        ("ocspRequest", parsed.ocsp),
        ("tlsTicket", parsed.ticket.as_ref().is_some_and(|ticket| !ticket.is_empty()) || parsed.psk),
    ] {
        let flag = sc.boolean(flag);
        sc.set(object, key, flag)?;
    }
    for (key, numbers) in [
        ("cipherSuites", parsed.cipher_suites),
        ("signatureSchemes", parsed.signature_schemes),
        ("versions", parsed.versions),
    ] {
        let numbers: Vec<_> = numbers.into_iter().map(|number| sc.int(i32::from(number))).collect();
        let numbers = sc.array(&numbers);
        sc.set(object, key, numbers)?;
    }
    Ok(object)
}

/// `startServer(context, request, mandatory, protocols, sessionsKept, found, keylog, ocsp, keyContext)`: a status as of `receive`, or
/// OpenSSL's reason why not. `found` is `[id, state]` of a session that was kept, `ocsp` the response to send along, or `undefined`;
/// `keyContext` the context whose keys are shown instead, or `undefined`.
fn start_server<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let context = sc.need_native::<Context>(args.get(0))?;
    let alpn = protocols(sc, args.get(3))?;
    let config = context.0.borrow_mut().server_config(args.get(1).is_true(), args.get(2).is_true());
    let mut config = match config {
        Ok(config) => config,
        Err(reason) => return Ok(sc.string(reason)),
    };
    config.alpn_protocols = alpn;
    if !args.get(8).is_undefined() {
        config.cert_resolver = sc.need_native::<Context>(args.get(8))?.0.borrow().server_ring();
    }
    let found = if args.get(5).is_undefined() {
        None
    } else {
        let pair = sc.array_items(args.get(5))?;
        match pair.as_slice() {
            [id, state] => sc.copy_bytes(*id).zip(sc.copy_bytes(*state)),
            _ => None,
        }
    };
    let ocsp = sc.copy_bytes(args.get(7));
    let mut inner = connection.0.borrow_mut();
    inner.own_schemes = context.0.borrow().accepted_schemes().into_iter().map(u16::from).collect();
    {
        let mut tap = inner.tap.borrow_mut();
        tap.sessions_kept = args.get(4).is_true();
        tap.found = found;
        tap.keylog_wanted = args.get(6).is_true();
        tap.ocsp_answer = ocsp;
        tap.is_tls13 &= context.0.borrow().allows(TLS13);
    }
    let tap = inner.tap.clone();
    if inner.refuses_schemes(&context.0.borrow()) {
        return Ok(sc.int(inner.status()));
    }
    match tap::with_current(&tap, || ServerConnection::new(Arc::new(config))) {
        Ok(mut engine) => {
            engine.set_buffer_limit(None);
            inner.engine = Engine::Server(Box::new(engine));
            let waiting = std::mem::take(&mut inner.hello);
            inner.feed(&waiting);
        }
        Err(error) => inner.fail(&error),
    }
    let status = inner.status();
    Ok(sc.int(status))
}

/// `receive(bytes)`: the status as bits (1 established, 2 the peer closed, 4 output waits, 8 failed, 16 events), or
/// `[status, plaintext, ...]`, a piece for each record, if there is any.
fn receive<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let fed = sc.with_bytes(args.get(0), |bytes| connection.feed(bytes));
    let Some((status, plain)) = fed else { return Err(sc.throw_type_error("Illegal invocation")) };
    let status = sc.int(status);
    if plain.is_empty() {
        return Ok(status);
    }
    let mut out = vec![status];
    for piece in plain {
        out.push(sc.array_buffer(piece)?);
    }
    Ok(sc.array(&out))
}

/// `write(bytes)`: encrypts, for `takeOutput`. Returns whether the connection still takes bytes.
fn write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let taken = sc.with_bytes(args.get(0), |bytes| connection.encrypt(bytes));
    Ok(sc.boolean(taken.unwrap_or(false)))
}

/// `bytesRead()`: of plaintext.
fn bytes_read<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let bytes = this(sc, args)?.0.borrow().plain_read;
    Ok(sc.number(bytes as f64))
}

/// `bytesWritten()`: of plaintext.
fn bytes_written<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let bytes = this(sc, args)?.0.borrow().plain_written;
    Ok(sc.number(bytes as f64))
}

/// `setMaxFragment(bytes)`: no longer pieces are encrypted.
fn set_max_fragment<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    connection.0.borrow_mut().fragment_max = args.get(0).as_u32().unwrap_or(0) as usize;
    Ok(sc.undefined())
}

/// `enableTrace()`: tells of records on the standard error output from here on.
fn enable_trace<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    connection.0.borrow().tap.borrow_mut().tracer.get_or_insert_default();
    Ok(sc.undefined())
}

/// `takeOutput()`: the ciphertext that waits, as an ArrayBuffer; `undefined` if there is none.
fn take_output<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let mut output = Vec::new();
    // Writing to memory does not fail.
    connection.write_tls(&mut output);
    if output.is_empty() { Ok(sc.undefined()) } else { sc.array_buffer(output) }
}

/// `closeNotify()`: says that nothing more will be sent.
fn close_notify<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let mut inner = connection.0.borrow_mut();
    let tap = inner.tap.clone();
    let engine = &mut inner.engine;
    tap::with_current(&tap, || match engine {
        Engine::None => {}
        Engine::Client(engine) => engine.send_close_notify(),
        Engine::Server(engine) => engine.send_close_notify(),
    });
    Ok(sc.undefined())
}

/// `error()`: `[reason, number, detail]` of what failed, or `undefined`.
fn error<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let inner = connection.0.borrow();
    let Some(failure) = &inner.failure else { return Ok(sc.undefined()) };
    let parts = [sc.string(&failure.reason), sc.number(f64::from(failure.number)), sc.string(&failure.detail)];
    Ok(sc.array(&parts))
}

/// `events()`: `[[key log lines], [sessions of the client], [[id, state] of the server], OCSP response or undefined]`, each once.
fn events<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let (lines, sessions, kept, ocsp) = {
        let inner = connection.0.borrow();
        let mut tap = inner.tap.borrow_mut();
        let lines = std::mem::take(&mut tap.keylog);
        let mut received = std::mem::take(&mut tap.received);
        if inner.is_resumed() {
            // To JavaScript it is the same session.
            renew(tap.offered.as_ref(), &received);
            received.clear();
        }
        let ticket = tap.ticket.clone();
        let sessions: Vec<_> = received.into_iter().map(|session| keep_session(session, ticket.as_ref())).collect();
        (lines, sessions, std::mem::take(&mut tap.kept), tap.ocsp.take())
    };
    let mut columns = Vec::new();
    for bytes in [lines, sessions] {
        let mut list = Vec::new();
        for item in bytes {
            list.push(sc.array_buffer(item)?);
        }
        columns.push(sc.array(&list));
    }
    let mut list = Vec::new();
    for (id, state) in kept {
        let pair = [sc.array_buffer(id)?, sc.array_buffer(state)?];
        list.push(sc.array(&pair));
    }
    columns.push(sc.array(&list));
    columns.push(match ocsp {
        Some(response) => sc.array_buffer(response)?,
        None => sc.undefined(),
    });
    Ok(sc.array(&columns))
}

/// `facts()`: `[protocol, cipher, registered cipher, ALPN, server name, resumed, group type, group, bits]` of an established connection.
fn facts<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let inner = connection.0.borrow();
    let (version, suite, alpn, name, kind, group) = match &inner.engine {
        Engine::None => return Ok(sc.undefined()),
        Engine::Client(engine) => (
            engine.protocol_version(),
            engine.negotiated_cipher_suite(),
            engine.alpn_protocol().map(<[u8]>::to_vec),
            None,
            engine.handshake_kind(),
            engine.negotiated_key_exchange_group(),
        ),
        Engine::Server(engine) => (
            engine.protocol_version(),
            engine.negotiated_cipher_suite(),
            engine.alpn_protocol().map(<[u8]>::to_vec),
            engine.server_name().map(str::to_owned),
            engine.handshake_kind(),
            engine.negotiated_key_exchange_group(),
        ),
    };
    let protocol = match version {
        Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
        Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
        _ => "unknown",
    };
    let suite = suite.and_then(|suite| ciphers::by_id(u16::from(suite.suite())));
    let group = group.map(|group| provider::group_facts(group.name()));
    let text = |sc: &mut Scope<'s>, value: Option<&str>| value.map_or(sc.undefined(), |value| sc.string(value));
    let out = [
        sc.string(protocol),
        text(sc, suite.map(|suite| suite.name)),
        text(sc, suite.map(|suite| suite.standard)),
        alpn.map_or(sc.undefined(), |name| sc.string_latin1(&name)),
        text(sc, name.as_deref()),
        sc.boolean(kind == Some(HandshakeKind::Resumed)),
        text(sc, group.map(|group| group.0)),
        text(sc, group.map(|group| group.1)),
        sc.int(group.map_or(0, |group| group.2)),
    ];
    Ok(sc.array(&out))
}

fn peer_chain(inner: &Inner) -> Vec<Vec<u8>> {
    let list = match &inner.engine {
        Engine::None => None,
        Engine::Client(engine) => engine.peer_certificates(),
        Engine::Server(engine) => engine.peer_certificates(),
    };
    list.unwrap_or_default().iter().map(|der| der.to_vec()).collect()
}

/// `peerCertificates()`: what the peer sent, the leaf first.
fn peer_certificates<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let chain = peer_chain(&connection.0.borrow());
    buffers(sc, chain)
}

fn buffers<'s>(sc: &mut Scope<'s>, list: Vec<Vec<u8>>) -> JsResult<'s> {
    let mut out = Vec::new();
    for der in list {
        out.push(sc.array_buffer(der)?);
    }
    Ok(sc.array(&out))
}

/// `verifyPeer(context, asServer)`: `[verdict or undefined, [chain up to the root]]`; `undefined` if the peer showed no certificate.
fn verify_peer<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let context = sc.need_native::<Context>(args.get(0))?;
    let sent = peer_chain(&connection.0.borrow());
    if sent.is_empty() {
        return Ok(sc.undefined());
    }
    let peer: Vec<_> = sent.iter().map_while(|der| Certificate::parse(der)).map(Arc::new).collect();
    let (verdict, chain) = if peer.is_empty() {
        (Some("CERT_REJECTED"), sent)
    } else {
        let data = context.0.borrow();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
        let rules = Rules {
            store: &data.store,
            crls: &data.crls,
            purpose: if args.get(1).is_true() { Purpose::Client } else { Purpose::Server },
            partial_chain: data.partial_chain,
            now,
        };
        let (chain, verdict) = chain::verify(&peer, &rules);
        (verdict, chain.iter().map(|certificate| certificate.der.clone()).collect())
    };
    let verdict = verdict.map_or(sc.undefined(), |verdict| sc.string(verdict));
    let chain = buffers(sc, chain)?;
    Ok(sc.array(&[verdict, chain]))
}

/// `shownCertificate()`: the certificate that this side showed, or `undefined`.
fn shown_certificate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let shown = connection.0.borrow().tap.borrow().shown.as_ref().map(|der| der.to_vec());
    match shown {
        Some(der) => sc.array_buffer(der),
        None => Ok(sc.undefined()),
    }
}

/// `sharedSchemes(context)`: the numbers of signature schemes that both sides named, in the order that counts.
fn shared_schemes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let context = sc.need_native::<Context>(args.get(0))?;
    let inner = connection.0.borrow();
    let peer = inner.tap.borrow().peer_schemes.clone();
    let data = context.0.borrow();
    let own: Vec<u16> = data.accepted_schemes().into_iter().map(u16::from).collect();
    let peer_decides = !matches!(inner.engine, Engine::Server(_)) || data.client_order;
    let (first, second) = if peer_decides { (peer, own) } else { (own, peer) };
    let list: Vec<_> = first.into_iter().filter(|scheme| second.contains(scheme)).collect();
    let list: Vec<_> = list.into_iter().map(|scheme| sc.int(i32::from(scheme))).collect();
    Ok(sc.array(&list))
}

/// `finishedMessages()`: `[own, peer's, ticket]`, each `undefined` if there is none.
fn finished_messages<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let (own, peer, ticket) = {
        let inner = connection.0.borrow();
        let tap = inner.tap.borrow();
        let ticket = if inner.is_resumed() { &tap.offered_ticket } else { &tap.ticket };
        (tap.finished.clone(), tap.peer_finished.clone(), ticket.clone().unwrap_or_default())
    };
    let mut out = Vec::new();
    for bytes in [own, peer, ticket] {
        out.push(if bytes.is_empty() { sc.undefined() } else { sc.array_buffer(bytes)? });
    }
    Ok(sc.array(&out))
}

/// `exportKeyingMaterial(length, label, context or undefined)`: RFC 5705. `undefined` if the connection cannot.
fn export_keying_material<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let connection = this(sc, args)?;
    let length = args.get(0).as_u32().unwrap_or(0) as usize;
    let label = sc.to_string(args.get(1))?;
    let extra = sc.copy_bytes(args.get(2));
    let output = vec![0; length];
    let result = match &connection.0.borrow().engine {
        Engine::None => return Ok(sc.undefined()),
        Engine::Client(engine) => engine.export_keying_material(output, label.as_bytes(), extra.as_deref()),
        Engine::Server(engine) => engine.export_keying_material(output, label.as_bytes(), extra.as_deref()),
    };
    match result {
        Ok(output) => sc.array_buffer(output),
        Err(_) => Ok(sc.undefined()),
    }
}

/// OpenSSL numbers the reasons of received alerts from here.
const ALERT_BASE: u32 = 1000;

fn failure_of(error: &Error, server: bool, first: &[u8]) -> Failure {
    let (reason, number): (String, u32) = match error {
        Error::AlertReceived(alert) => {
            let code = u8::from(*alert);
            let reason = if *alert == AlertDescription::NoApplicationProtocol {
                "tlsv1 alert no application protocol"
            } else {
                errors::alert_reason(code)
            };
            (reason.to_owned(), ALERT_BASE + u32::from(code))
        }
        other => {
            let reason = reason_of(other, server, first);
            (reason.to_owned(), u32::from(errors::ssl_reason_number(reason).unwrap_or(259)))
        }
    };
    Failure { reason, number, detail: error.to_string() }
}

const METHODS_OF_HTTP: &[&[u8]] = &[b"GET ", b"POST ", b"HEAD ", b"PUT "];

fn reason_of(error: &Error, server: bool, first: &[u8]) -> &'static str {
    match error {
        Error::InvalidMessage(message) => {
            if server && METHODS_OF_HTTP.iter().any(|method| first.starts_with(method)) {
                return "http request";
            }
            if server && first.starts_with(b"CONNECT") {
                return "https proxy request";
            }
            let is_tls = matches!(first, [20..=23, 3, _, ..]);
            match message {
                InvalidMessage::MessageTooLarge if is_tls => "packet length too long",
                _ if !is_tls => "wrong version number",
                InvalidMessage::UnknownProtocolVersion => "wrong version number",
                _ => "length mismatch",
            }
        }
        Error::PeerIncompatible(what) => match what {
            PeerIncompatible::NoCipherSuitesInCommon => "no shared cipher",
            PeerIncompatible::NoKxGroupsInCommon | PeerIncompatible::NoEcPointFormatsInCommon => {
                "no suitable key share"
            }
            PeerIncompatible::NoSignatureSchemesInCommon
            | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon
            | PeerIncompatible::SignatureAlgorithmsExtensionRequired => "no shared signature algorithms",
            PeerIncompatible::Tls12NotOffered
            | PeerIncompatible::Tls12NotOfferedOrEnabled
            | PeerIncompatible::Tls13RequiredForQuic
            | PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            | PeerIncompatible::SupportedVersionsExtensionRequired => "unsupported protocol",
            _ => "no shared cipher",
        },
        Error::PeerMisbehaved(what) => match what {
            PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme => "wrong signature type",
            PeerMisbehaved::SelectedUnofferedCipherSuite => "wrong cipher returned",
            _ => "unexpected message",
        },
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => "unexpected message",
        Error::NoCertificatesPresented => "peer did not return a certificate",
        Error::NoApplicationProtocol => "no application protocol",
        Error::DecryptError => "decryption failed or bad record mac",
        Error::PeerSentOversizedRecord => "packet length too long",
        Error::InvalidCertificate(_) => "bad signature",
        Error::General(text) if text.contains("no server certificate chain") => "no suitable signature algorithm",
        _ => "internal error",
    }
}
