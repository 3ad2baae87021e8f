//! `SecureContext`: certificates, trust and settings, from which the configurations of connections are made.

use crate::compression::{self, Codec};
use crate::keys::{self, KeyError, KeyRing};
use crate::provider::{
    self, CLIENT_VERIFIER, DEFAULT_SCHEMES, TapClientSessions, TapKeyLog, TapServerSessions, Verifier,
};
use crate::tickets::Tickets;
use anode_runtime::{Args, JsResult, Local, NativeRow, Scope};
use anode_tls_pure::certificate::{Certificate, Crl};
use anode_tls_pure::chain::Store;
use anode_tls_pure::compression::Compression;
use anode_tls_pure::{ciphers, pem};
use rustls::client::{ClientConfig, Resumption, Tls12Resumption};
use rustls::compress::{CertCompressor, CertDecompressor};
use rustls::crypto::CryptoProvider;
use rustls::server::ServerConfig;
use rustls::sign::CertifiedKey;
use rustls::{DistinguishedName, SignatureScheme, SupportedProtocolVersion};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

pub(crate) const TLS12: u16 = 0x0303;
pub(crate) const TLS13: u16 = 0x0304;

pub(crate) const METHODS: &[NativeRow] = &[
    ("addCACert", add_ca),
    ("addCRL", add_crl),
    ("addKeyCert", add_key_cert),
    ("addRootCerts", add_roots),
    ("certificates", certificates),
    ("getTicketKeys", ticket_keys),
    ("issuerOf", issuer_of),
    ("setCiphers", set_ciphers),
    ("setCompression", set_compression),
    ("setFlags", set_flags),
    ("setGroups", set_groups),
    ("setSchemes", set_schemes),
    ("setTicketKeys", set_ticket_keys),
    ("setVersions", set_versions),
];

/// A context's settings.
pub(crate) struct ContextData {
    pub(crate) keys: Vec<Arc<CertifiedKey>>,
    pub(crate) store: Rc<Store>,
    pub(crate) crls: Vec<Crl>,
    pub(crate) partial_chain: bool,
    versions: (u16, u16),
    suites12: Vec<u16>,
    suites13: Vec<u16>,
    groups: Option<Vec<u16>>,
    schemes: Option<Vec<SignatureScheme>>,
    /// How certificates may be compressed, the best first.
    compression: Vec<&'static Codec>,
    pub(crate) client_order: bool,
    tickets: Arc<Tickets>,
    client: Option<ClientConfig>,
    servers: HashMap<(bool, bool), ServerConfig>,
}

/// The native half of a `SecureContext`.
pub(crate) struct Context(pub(crate) RefCell<ContextData>);

thread_local! {
    /// What is trusted by contexts without `ca`.
    static DEFAULT_STORE: RefCell<Option<Rc<Store>>> = const { RefCell::new(None) };
}

static BUNDLED: LazyLock<Vec<Arc<Certificate>>> = LazyLock::new(|| {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::parse(der)).map(Arc::new).collect()
});

/// `setDefaultStore(bundled, certificates)`: what contexts without `ca` trust from here on: the bundled roots or not, and these.
pub(crate) fn set_default_store<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let mut store = Store::default();
    if args.get(0).is_true() {
        for certificate in BUNDLED.iter() {
            store.add(certificate.clone());
        }
    }
    for item in sc.array_items(args.get(1))? {
        let parsed = sc.with_bytes(item, Certificate::parse).flatten();
        if let Some(certificate) = parsed {
            store.add(Arc::new(certificate));
        }
    }
    DEFAULT_STORE.set(Some(Rc::new(store)));
    Ok(sc.undefined())
}

fn default_store() -> Rc<Store> {
    DEFAULT_STORE.with_borrow(|store| store.clone()).unwrap_or_default()
}

/// `bundledRoots()`: the bundled root certificates as PEM.
pub(crate) fn bundled_roots<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let mut list = Vec::new();
    for der in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        list.push(sc.string(&pem::encode("CERTIFICATE", der)));
    }
    Ok(sc.array(&list))
}

impl ContextData {
    fn new() -> ContextData {
        ContextData {
            keys: Vec::new(),
            store: Rc::default(),
            crls: Vec::new(),
            partial_chain: false,
            versions: (TLS12, TLS13),
            suites12: Vec::new(),
            suites13: ciphers::TLS13.iter().map(|suite| suite.id).collect(),
            groups: None,
            schemes: None,
            compression: Vec::new(),
            client_order: false,
            tickets: Arc::new(Tickets::new()),
            client: None,
            servers: HashMap::new(),
        }
    }

    /// Something changed: configurations have to be made anew.
    fn changed(&mut self) {
        self.client = None;
        self.servers.clear();
    }

    fn provider(&self) -> Arc<CryptoProvider> {
        let suites: Vec<u16> = self.suites13.iter().chain(&self.suites12).copied().collect();
        Arc::new(provider::provider(&suites, self.groups.as_deref()))
    }

    /// Whether connections may be of this version.
    pub(crate) fn allows(&self, version: u16) -> bool {
        self.versions.0 <= version && version <= self.versions.1
    }

    /// Versions that have both: permission and a suite.
    fn protocol_versions(&self) -> Vec<&'static SupportedProtocolVersion> {
        let mut list = Vec::new();
        if self.allows(TLS13) && !self.suites13.is_empty() {
            list.push(&rustls::version::TLS13);
        }
        if self.allows(TLS12) && self.suites12.iter().any(|id| ciphers::is_provided(*id)) {
            list.push(&rustls::version::TLS12);
        }
        list
    }

    /// Signature schemes that this side accepts, in its order.
    pub(crate) fn accepted_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone().unwrap_or_else(|| DEFAULT_SCHEMES.to_vec())
    }

    fn compressors(&self) -> Vec<&'static dyn CertCompressor> {
        self.compression.iter().map(|codec| *codec as &dyn CertCompressor).collect()
    }

    fn decompressors(&self) -> Vec<&'static dyn CertDecompressor> {
        self.compression.iter().map(|codec| *codec as &dyn CertDecompressor).collect()
    }

    /// The ring of the client side.
    pub(crate) fn client_ring(&self) -> Arc<KeyRing> {
        keys::client_ring(&self.keys, self.schemes.as_ref())
    }

    /// The ring of the server side.
    pub(crate) fn server_ring(&self) -> Arc<KeyRing> {
        Arc::new(KeyRing { keys: self.keys.clone(), schemes: self.schemes.clone() })
    }

    /// The configuration of clients.
    ///
    /// # Errors
    /// OpenSSL's reason.
    pub(crate) fn client_config(&mut self) -> Result<ClientConfig, &'static str> {
        if let Some(config) = &self.client {
            return Ok(config.clone());
        }
        let versions = self.protocol_versions();
        let ring = self.client_ring();
        let verifier = match &self.schemes {
            None => CLIENT_VERIFIER.clone(),
            Some(schemes) => {
                Arc::new(Verifier { schemes: schemes.clone(), request: false, mandatory: false, hints: Vec::new() })
            }
        };
        let mut config = ClientConfig::builder_with_provider(self.provider())
            .with_protocol_versions(&versions)
            .map_err(|_| "no protocols available")?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_cert_resolver(ring);
        config.cert_compressors = self.compressors();
        config.cert_decompressors = self.decompressors();
        config.key_log = Arc::new(TapKeyLog);
        config.resumption =
            Resumption::store(Arc::new(TapClientSessions)).tls12_resumption(Tls12Resumption::SessionIdOrTickets);
        self.client = Some(config.clone());
        Ok(config)
    }

    /// The configuration of servers.
    ///
    /// # Errors
    /// OpenSSL's reason.
    pub(crate) fn server_config(&mut self, request: bool, mandatory: bool) -> Result<ServerConfig, &'static str> {
        if let Some(config) = self.servers.get(&(request, mandatory)) {
            return Ok(config.clone());
        }
        let versions = self.protocol_versions();
        let hints = if request {
            self.store.list.iter().map(|certificate| DistinguishedName::from(certificate.subject().to_vec())).collect()
        } else {
            Vec::new()
        };
        let verifier = Verifier { schemes: self.accepted_schemes(), request, mandatory, hints };
        let ring = self.server_ring();
        let mut config = ServerConfig::builder_with_provider(self.provider())
            .with_protocol_versions(&versions)
            .map_err(|_| "no protocols available")?
            .with_client_cert_verifier(Arc::new(verifier))
            .with_cert_resolver(ring);
        config.cert_compressors = self.compressors();
        config.cert_decompressors = self.decompressors();
        config.ignore_client_order = !self.client_order;
        config.key_log = Arc::new(TapKeyLog);
        config.session_storage = Arc::new(TapServerSessions);
        config.ticketer = self.tickets.clone();
        self.servers.insert((request, mandatory), config.clone());
        Ok(config)
    }
}

/// `createContext(prototype)`
pub(crate) fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.native_object(Some(args.get(0)), Rc::new(Context(RefCell::new(ContextData::new()))))
}

/// The bytes of a view, or of a text.
fn bytes_of<'s>(sc: &mut Scope<'s>, value: Local<'s>) -> Vec<u8> {
    match sc.copy_bytes(value) {
        Some(bytes) => bytes,
        None => sc.as_string(value).unwrap_or_default().into_bytes(),
    }
}

fn this<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> Result<Rc<Context>, anode_runtime::Thrown> {
    sc.need_native::<Context>(args.this())
}

/// The longest chain that is put together, in certificates.
const CHAIN_MAX: usize = 10;

/// A leaf that came alone is sent with its issuers, if they are known: as OpenSSL does.
fn complete_chain(chain: &mut Vec<Vec<u8>>, store: &Store) {
    let [leaf] = chain.as_slice() else { return };
    let mut current = Certificate::parse(leaf).map(Arc::new);
    while let Some(certificate) = current.filter(|certificate| !certificate.is_self_signed()) {
        if chain.len() > CHAIN_MAX {
            return;
        }
        current = store.find_issuer(&certificate);
        chain.extend(current.iter().map(|issuer| issuer.der.clone()));
    }
}

/// `addKeyCert(pkcs8, [certificates])`: 0, 1 for a mismatch, 2 for a key that cannot be used.
fn add_key_cert<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let key = sc.copy_bytes(args.get(0)).unwrap_or_default();
    let mut chain = Vec::new();
    for item in sc.array_items(args.get(1))? {
        chain.extend(sc.copy_bytes(item));
    }
    complete_chain(&mut chain, &context.0.borrow().store);
    let answer = match keys::certified_key(&key, &chain) {
        Ok(key) => {
            let mut data = context.0.borrow_mut();
            data.keys.retain(|known| known.cert.first() != key.cert.first());
            data.keys.push(key);
            data.changed();
            0
        }
        Err(KeyError::Mismatch) => 1,
        Err(KeyError::Unsupported) => 2,
    };
    Ok(sc.int(answer))
}

/// `addCACert(bytes)`: trusts the certificates of a text; how many there were, or -1 if one is malformed.
fn add_ca<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let text = bytes_of(sc, args.get(0));
    let list = match pem::certificates(&text) {
        Ok(list) | Err(list) => list,
    };
    let parsed: Vec<_> = list.iter().filter_map(|der| Certificate::parse(der)).collect();
    let count = parsed.len() as i32;
    let mut data = context.0.borrow_mut();
    let mut store = Store::default();
    for known in &data.store.list {
        store.add(known.clone());
    }
    for certificate in parsed {
        store.add(Arc::new(certificate));
    }
    data.store = Rc::new(store);
    data.changed();
    Ok(sc.int(count))
}

/// `addRootCerts()`: trusts what is trusted by default.
fn add_roots<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let mut data = context.0.borrow_mut();
    if data.store.list.is_empty() {
        data.store = default_store();
    } else {
        let mut store = Store::default();
        for known in data.store.list.iter().chain(&default_store().list) {
            store.add(known.clone());
        }
        data.store = Rc::new(store);
    }
    data.changed();
    Ok(sc.undefined())
}

/// `addCRL(bytes)`: whether there was one.
fn add_crl<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let text = bytes_of(sc, args.get(0));
    let found: Vec<Crl> = pem::blocks(&text)
        .into_iter()
        .filter(|block| block.label == "X509 CRL")
        .filter_map(|block| Crl::parse(&block.bytes?))
        .collect();
    let any = !found.is_empty();
    context.0.borrow_mut().crls.extend(found);
    Ok(sc.boolean(any))
}

/// `setCiphers(list or undefined, [suites of TLS 1.3] or undefined)`: whether the list means any suite. What is undefined stays.
fn set_ciphers<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    if !args.get(0).is_undefined() {
        let list = sc.to_string(args.get(0))?;
        let Some(selected) = ciphers::select(&list) else { return Ok(sc.boolean(false)) };
        context.0.borrow_mut().suites12 = selected;
    }
    if !args.get(1).is_undefined() {
        let mut selected = Vec::new();
        for item in sc.array_items(args.get(1))? {
            let name = sc.to_string(item)?;
            if let Some(suite) = ciphers::TLS13.iter().find(|suite| suite.name == name) {
                selected.push(suite.id);
            } else if !ciphers::TLS13_OTHER.contains(&name.as_str()) {
                return Ok(sc.boolean(false));
            }
        }
        context.0.borrow_mut().suites13 = selected;
    }
    context.0.borrow_mut().changed();
    Ok(sc.boolean(true))
}

/// `setCompression([names])`: how certificates may be compressed, the best first.
fn set_compression<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let mut list = Vec::new();
    for item in sc.array_items(args.get(0))? {
        let name = sc.to_string(item)?;
        list.extend(Compression::find(&name).map(compression::codec));
    }
    let mut data = context.0.borrow_mut();
    data.compression = list;
    data.changed();
    Ok(sc.undefined())
}

/// `setVersions(min, max)`, as numbers of the wire.
fn set_versions<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let number = |index: usize| args.get(index).as_u32().and_then(|number| u16::try_from(number).ok()).unwrap_or(0);
    let mut data = context.0.borrow_mut();
    data.versions = (number(0), number(1));
    data.changed();
    Ok(sc.undefined())
}

/// `setGroups([numbers])`
fn set_groups<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let numbers = numbers(sc, args)?;
    let mut data = context.0.borrow_mut();
    data.groups = Some(numbers);
    data.changed();
    Ok(sc.undefined())
}

/// `setSchemes([numbers])`
fn set_schemes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let numbers = numbers(sc, args)?;
    let mut data = context.0.borrow_mut();
    data.schemes = Some(numbers.into_iter().map(SignatureScheme::from).collect());
    data.changed();
    Ok(sc.undefined())
}

fn numbers<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> Result<Vec<u16>, anode_runtime::Thrown> {
    let items = sc.array_items(args.get(0))?;
    Ok(items.into_iter().filter_map(|item| u16::try_from(item.as_u32()?).ok()).collect())
}

/// `setFlags(clientOrder, tickets, lifetime, partialChain)`: whose order of suites counts; whether there are tickets and how
/// many seconds they last; whether any trusted certificate ends a chain.
fn set_flags<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let mut data = context.0.borrow_mut();
    data.client_order = args.get(0).is_true();
    data.tickets.set(args.get(1).is_true(), args.get(2).as_u32().unwrap_or(0));
    data.partial_chain = args.get(3).is_true();
    data.changed();
    Ok(sc.undefined())
}

fn ticket_keys<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let keys = this(sc, args)?.0.borrow().tickets.keys();
    sc.array_buffer(keys)
}

/// `setTicketKeys(bytes)`: 48 bytes.
fn set_ticket_keys<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let keys = sc.copy_bytes(args.get(0)).unwrap_or_default();
    context.0.borrow().tickets.set_keys(&keys);
    Ok(sc.undefined())
}

/// `certificates()`: the leaf certificates of the context.
fn certificates<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let leaves: Vec<Vec<u8>> =
        context.0.borrow().keys.iter().filter_map(|key| Some(key.cert.first()?.to_vec())).collect();
    let mut list = Vec::new();
    for leaf in leaves {
        list.push(sc.array_buffer(leaf)?);
    }
    Ok(sc.array(&list))
}

/// `issuerOf(certificate)`: the issuer's certificate, sent along or trusted; or undefined.
fn issuer_of<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let context = this(sc, args)?;
    let bytes = sc.copy_bytes(args.get(0)).unwrap_or_default();
    let found = Certificate::parse(&bytes).and_then(|certificate| {
        let data = context.0.borrow();
        let sent = data.keys.iter().filter(|key| key.cert.first().is_some_and(|leaf| **leaf == *bytes));
        sent.flat_map(|key| &key.cert[1..])
            .filter_map(|der| Certificate::parse(der))
            .find(|other| certificate.may_be_issued_by(other))
            .map(|issuer| issuer.der)
            .or_else(|| data.store.find_issuer(&certificate).map(|issuer| issuer.der.clone()))
    });
    match found {
        Some(der) => sc.array_buffer(der),
        None => Ok(sc.undefined()),
    }
}
