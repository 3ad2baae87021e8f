//! The server: documents about the thread that it belongs to, and WebSockets to its agent. Node docs: Debugger, "Advanced usage".
//!
//! Each connection has a thread of its own, so that documents come while JavaScript is busy or paused.

use crate::socket::Socket;
use crate::threads::{self, Inspected, locked};
use anode_inspector_pure::frame::{self, Message, Reader};
use anode_inspector_pure::http;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a client may take to send its request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Connections at a time.
const CONNECTIONS_MAX: usize = 1024;

/// What the server says about its thread.
pub(crate) struct Target {
    /// Whether `/json` tells.
    pub(crate) has_documents: bool,
    pub(crate) id: String,
    pub(crate) protocol: String,
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) version: String,
}

struct Shared {
    connections: Mutex<Vec<TcpStream>>,
    stopped: AtomicBool,
    target: Target,
    thread: Arc<Inspected>,
}

/// A server that listens.
pub(crate) struct Server {
    address: SocketAddr,
    acceptor: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
}

impl Server {
    /// Listens on `host` and `port` (0 for any).
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn start(host: &str, port: u16, target: Target, thread: Arc<Inspected>) -> std::io::Result<Server> {
        let listener = TcpListener::bind((host, port).to_socket_addrs()?.collect::<Vec<_>>().as_slice())?;
        let address = listener.local_addr()?;
        let shared =
            Arc::new(Shared { connections: Mutex::default(), stopped: AtomicBool::new(false), target, thread });
        let server = shared.clone();
        let acceptor = std::thread::Builder::new()
            .name("inspector".to_owned())
            .spawn(move || server.accept(&listener, address))?;
        Ok(Server { address, acceptor: Some(acceptor), shared })
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for Server {
    /// Nobody can connect any more when this returns; connections are closed.
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() {
                IpAddr::V4(Ipv4Addr::LOCALHOST)
            } else {
                IpAddr::V6(Ipv6Addr::LOCALHOST)
            });
        }
        // Wakes the acceptor.
        let woken = TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok();
        if let Some(acceptor) = self.acceptor.take()
            && woken
        {
            let _ended = acceptor.join();
        }
        for stream in locked(&self.shared.connections).drain(..) {
            let _closed = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Shared {
    fn accept(self: &Arc<Shared>, listener: &TcpListener, address: SocketAddr) {
        for stream in listener.incoming() {
            if self.stopped.load(Ordering::SeqCst) {
                return;
            }
            let Ok(stream) = stream else {
                // Out of descriptors, or a client that went away: others may still come.
                std::thread::sleep(Duration::from_millis(10));
                continue;
            };
            let Ok(twin) = stream.try_clone() else { continue };
            {
                let mut connections = locked(&self.connections);
                if connections.len() >= CONNECTIONS_MAX {
                    continue;
                }
                connections.push(twin);
            }
            let shared = self.clone();
            let work = move || {
                let peer = stream.peer_addr();
                shared.serve(&stream, address);
                locked(&shared.connections).retain(|other| other.peer_addr().ok() != peer.as_ref().ok().copied());
                let _closed = stream.shutdown(Shutdown::Both);
            };
            // Without a thread the connection closes.
            let _spawned = std::thread::Builder::new().name("inspector in".to_owned()).spawn(work);
        }
    }

    /// From the first byte to the last.
    fn serve(&self, mut stream: &TcpStream, address: SocketAddr) {
        if stream.set_read_timeout(Some(HEAD_TIMEOUT)).is_err() || stream.set_nodelay(true).is_err() {
            return;
        }
        let mut bytes = Vec::new();
        let mut buffer = [0; 16 << 10];
        loop {
            let (request, length) = match http::request(&bytes) {
                Ok(Some(found)) => found,
                Ok(None) => match stream.read(&mut buffer) {
                    Ok(count @ 1..) => {
                        bytes.extend_from_slice(&buffer[..count]);
                        continue;
                    }
                    _ => return,
                },
                Err(_) => return,
            };
            bytes.drain(..length);
            let Some(key) = self.upgrades(&request) else {
                let answer = self.answer(&request, address);
                // A client that is gone needs no answer.
                let _sent = stream.write_all(&answer);
                return;
            };
            if stream.write_all(&http::accept_upgrade(key)).is_err() || stream.set_read_timeout(None).is_err() {
                return;
            }
            return self.converse(stream, &bytes);
        }
    }

    /// The key of a handshake for our agent.
    fn upgrades<'r>(&self, request: &'r http::Request) -> Option<&'r str> {
        let key = request.key.as_deref()?;
        let ours = request.path.strip_prefix('/') == Some(self.target.id.as_str());
        (ours && http::is_safe_host(request.host.as_deref())).then_some(key)
    }

    fn answer(&self, request: &http::Request, address: SocketAddr) -> Vec<u8> {
        if !http::is_safe_host(request.host.as_deref()) || request.key.is_some() {
            return http::bad_request();
        }
        if !request.path.starts_with("/json") || !matches!(request.method.as_str(), "GET" | "PUT" | "HEAD") {
            return http::bad_request();
        }
        if !self.target.has_documents {
            return http::not_found();
        }
        match request.path.trim_end_matches('/') {
            "/json" | "/json/list" => http::ok_json(&self.list(request.host.as_deref(), address)),
            "/json/version" => http::ok_json(&format!(
                "{{\n  \"Browser\": {},\n  \"Protocol-Version\": \"1.1\"\n}}\n\n",
                quoted(&self.target.version)
            )),
            "/json/protocol" => http::ok_json(&self.target.protocol),
            path if path == format!("/json/activate/{}", self.target.id) => http::ok_json("Target activated"),
            _ => http::bad_request(),
        }
    }

    /// `/json/list`: the one target.
    fn list(&self, host: Option<&str>, address: SocketAddr) -> String {
        let host = host.map_or_else(|| address.to_string(), str::to_owned);
        let Target { id, title, url, .. } = &self.target;
        let location = format!("{host}/{id}");
        let rows = [
            ("description", "node.js instance".to_owned()),
            (
                "devtoolsFrontendUrl",
                format!("devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws={location}"),
            ),
            (
                "devtoolsFrontendUrlCompat",
                format!("devtools://devtools/bundled/inspector.html?experiments=true&v8only=true&ws={location}"),
            ),
            ("faviconUrl", "https://nodejs.org/static/images/favicons/favicon.ico".to_owned()),
            ("id", id.clone()),
            ("title", title.clone()),
            ("type", "node".to_owned()),
            ("url", url.clone()),
            ("webSocketDebuggerUrl", format!("ws://{location}")),
        ];
        let rows: Vec<_> = rows.iter().map(|(name, value)| format!("  \"{name}\": {}", quoted(value))).collect();
        format!("[ {{\n{}\n}} ]\n\n", rows.join(",\n"))
    }

    /// Messages until the client goes, or the agent.
    fn converse(&self, mut stream: &TcpStream, first: &[u8]) {
        let Ok(socket) = Socket::start(stream) else { return };
        let session = threads::connect_socket(socket.clone(), &self.thread);
        let mut reader = Reader::default();
        reader.feed(first);
        let mut buffer = vec![0; 64 << 10];
        'connection: loop {
            loop {
                match reader.next_message() {
                    Ok(Some(Message::Text(text))) => threads::post(session, text),
                    Ok(Some(Message::Ping(payload))) => socket.send(&frame::pong_frame(&payload)),
                    Ok(None) => break,
                    Ok(Some(Message::Close)) | Err(_) => break 'connection,
                }
            }
            match stream.read(&mut buffer) {
                Ok(count @ 1..) => reader.feed(&buffer[..count]),
                _ => break,
            }
        }
        threads::disconnect(session);
        socket.finish();
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
