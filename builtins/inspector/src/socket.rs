//! One WebSocket: a thread writes, so that an agent never waits for a client that does not read.

use crate::threads::locked;
use anode_inspector_pure::frame;
use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What may wait for a client that does not read, in bytes; beyond it the connection ends. A snapshot of a large heap fits.
const QUEUE_BYTES_MAX: usize = 1 << 30;

/// How long the end of the process waits for what was sent.
const FLUSH: Duration = Duration::from_millis(500);

#[derive(Default)]
struct Outbox {
    bytes: Vec<u8>,
    finished: bool,
    writing: bool,
}

/// The sending half.
pub(crate) struct Socket {
    bell: Condvar,
    outbox: Mutex<Outbox>,
    stream: TcpStream,
}

static SOCKETS: Mutex<Vec<Arc<Socket>>> = Mutex::new(Vec::new());

impl Socket {
    /// Starts the writer.
    ///
    /// # Errors
    /// The system gives no thread or no descriptor.
    pub(crate) fn start(stream: &TcpStream) -> std::io::Result<Arc<Socket>> {
        let socket = Arc::new(Socket { bell: Condvar::new(), outbox: Mutex::default(), stream: stream.try_clone()? });
        let writer = socket.clone();
        std::thread::Builder::new().name("inspector out".to_owned()).spawn(move || writer.write())?;
        locked(&SOCKETS).push(socket.clone());
        Ok(socket)
    }

    fn write(&self) {
        loop {
            let (bytes, finished) = {
                let outbox = locked(&self.outbox);
                let wait = self.bell.wait_while(outbox, |outbox| outbox.bytes.is_empty() && !outbox.finished);
                let mut outbox = wait.unwrap_or_else(PoisonError::into_inner);
                outbox.writing = true;
                (std::mem::take(&mut outbox.bytes), outbox.finished)
            };
            let failed = (&self.stream).write_all(&bytes).is_err();
            locked(&self.outbox).writing = false;
            self.bell.notify_all();
            if failed || (finished && bytes.is_empty()) {
                break;
            }
        }
        locked(&self.outbox).finished = true;
        // The other side may have closed it.
        let _closed = self.stream.shutdown(Shutdown::Both);
        locked(&SOCKETS).retain(|other| !std::ptr::eq(&**other, self));
        self.bell.notify_all();
    }

    pub(crate) fn send(&self, bytes: &[u8]) {
        let mut outbox = locked(&self.outbox);
        if outbox.finished {
            return;
        }
        if outbox.bytes.len() + bytes.len() > QUEUE_BYTES_MAX {
            outbox.finished = true;
            outbox.bytes.clear();
        } else {
            outbox.bytes.extend_from_slice(bytes);
        }
        drop(outbox);
        self.bell.notify_all();
    }

    pub(crate) fn send_text(&self, text: &str) {
        self.send(&frame::text_frame(text));
    }

    /// Says goodbye after all that waits, then closes.
    pub(crate) fn finish(&self) {
        self.send(&frame::close_frame());
        locked(&self.outbox).finished = true;
        self.bell.notify_all();
    }
}

/// Waits until everything is on its way, for [`FLUSH`] at most.
pub(crate) fn flush() {
    let end = Instant::now() + FLUSH;
    let sockets = locked(&SOCKETS).clone();
    for socket in sockets {
        let outbox = locked(&socket.outbox);
        let left = end.saturating_duration_since(Instant::now());
        let pending = |outbox: &mut Outbox| outbox.writing || !outbox.bytes.is_empty();
        drop(socket.bell.wait_timeout_while(outbox, left, pending));
    }
}
