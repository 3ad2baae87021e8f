//! Threads that can be inspected, the sessions between them and their clients, and the mailboxes through which both speak.
//!
//! A session has a target, the thread whose agent answers, and a client: a socket, or another thread. Requests go to the target's inbox;
//! what the agent says goes to the socket, or to the client thread's second inbox. Whoever fills an inbox wakes its owner: in its loop, in
//! the middle of JavaScript (by an interrupt), and in `wait`, where it stands while it is paused.
//!
//! Locks are held for single statements and never two at a time, but for [`Inspected::live`], which keeps an engine from ending while it is
//! being interrupted.

use crate::socket::Socket;
use anode_engine::Interrupter;
use anode_runtime::event_loop::Waker;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Number of a session, unique in the process.
pub(crate) type SessionId = u32;

/// What arrives at a thread that is inspected.
pub(crate) enum Request {
    Connect {
        session: SessionId,
        is_socket: bool,
    },
    Disconnect(SessionId),
    Message(SessionId, String),
    /// Another thread began, which this one watches; whether that one waits for a session.
    ThreadBegan {
        id: u32,
        title: String,
        url: String,
        waits: bool,
    },
    ThreadEnded(u32),
}

/// What arrives at a thread that is a client.
pub(crate) enum Reply {
    Closed(SessionId),
    Message(SessionId, String),
}

/// How to reach a thread that runs.
pub(crate) struct Live {
    pub(crate) attention: Arc<AtomicBool>,
    pub(crate) interrupter: Interrupter,
    pub(crate) waker: Waker,
}

#[derive(Default)]
struct Inbox {
    replies: VecDeque<Reply>,
    requests: VecDeque<Request>,
}

/// A thread that can be inspected.
pub(crate) struct Inspected {
    bell: Condvar,
    pub(crate) id: u32,
    inbox: Mutex<Inbox>,
    live: Mutex<Option<Live>>,
    name: Mutex<(String, String)>,
}

/// Who speaks to an agent.
#[derive(Clone)]
enum Client {
    Socket(Arc<Socket>),
    Thread(Arc<Inspected>),
}

#[derive(Clone)]
struct Session {
    client: Client,
    target: Arc<Inspected>,
}

/// Who wants to know of new threads: which thread, and whether those shall wait for a session.
struct Watcher {
    thread: Arc<Inspected>,
    waits: bool,
}

static SESSIONS: LazyLock<Mutex<HashMap<SessionId, Session>>> = LazyLock::new(Mutex::default);
static LAST_SESSION: AtomicU32 = AtomicU32::new(0);
static THREADS: Mutex<BTreeMap<u32, Arc<Inspected>>> = Mutex::new(BTreeMap::new());
static WATCHERS: Mutex<Vec<Watcher>> = Mutex::new(Vec::new());

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inspected {
    /// Adds a thread to those that can be inspected, and tells who watches. Also whether somebody wants it to wait for a session.
    pub(crate) fn begin(id: u32, title: &str, url: &str, live: Live) -> (Arc<Inspected>, bool) {
        let thread = Arc::new(Inspected {
            bell: Condvar::new(),
            id,
            inbox: Mutex::default(),
            live: Mutex::new(Some(live)),
            name: Mutex::new((title.to_owned(), url.to_owned())),
        });
        locked(&THREADS).insert(id, thread.clone());
        let mut waits = false;
        let watchers: Vec<_> = locked(&WATCHERS).iter().map(|one| (one.thread.clone(), one.waits)).collect();
        for (watcher, wants) in watchers.into_iter().filter(|(watcher, _)| watcher.id != id) {
            waits |= wants;
            watcher.push(Request::ThreadBegan { id, title: title.to_owned(), url: url.to_owned(), waits: wants });
        }
        (thread, waits)
    }

    /// The thread's engine is about to end: its sessions end, and nobody reaches it any more.
    pub(crate) fn end(&self) {
        *locked(&self.live) = None;
        locked(&THREADS).remove(&self.id);
        locked(&WATCHERS).retain(|watcher| watcher.thread.id != self.id);
        let sessions: Vec<_> = locked(&SESSIONS).iter().map(|(id, session)| (*id, session.clone())).collect();
        for (id, session) in sessions {
            if session.target.id == self.id {
                close(id);
            } else if matches!(&session.client, Client::Thread(client) if client.id == self.id) {
                disconnect(id);
            }
        }
        let watchers: Vec<_> = locked(&WATCHERS).iter().map(|one| one.thread.clone()).collect();
        for watcher in watchers {
            watcher.push(Request::ThreadEnded(self.id));
        }
    }

    pub(crate) fn find(id: u32) -> Option<Arc<Inspected>> {
        locked(&THREADS).get(&id).cloned()
    }

    /// All threads but this one: id, title, URL.
    pub(crate) fn others(&self) -> Vec<(u32, String, String)> {
        let threads: Vec<_> = locked(&THREADS).values().filter(|thread| thread.id != self.id).cloned().collect();
        threads
            .into_iter()
            .map(|thread| {
                let (title, url) = locked(&thread.name).clone();
                (thread.id, title, url)
            })
            .collect()
    }

    pub(crate) fn rename(&self, title: &str, url: &str) {
        *locked(&self.name) = (title.to_owned(), url.to_owned());
    }

    /// From now on this thread hears of new ones.
    pub(crate) fn watch(self: &Arc<Inspected>, waits: bool) {
        let mut watchers = locked(&WATCHERS);
        watchers.retain(|watcher| watcher.thread.id != self.id);
        watchers.push(Watcher { thread: self.clone(), waits });
    }

    pub(crate) fn unwatch(&self) {
        locked(&WATCHERS).retain(|watcher| watcher.thread.id != self.id);
    }

    pub(crate) fn push(&self, request: Request) {
        locked(&self.inbox).requests.push_back(request);
        self.attract();
    }

    fn push_reply(&self, reply: Reply) {
        locked(&self.inbox).replies.push_back(reply);
        self.attract();
    }

    fn attract(&self) {
        self.bell.notify_all();
        if let Some(live) = &*locked(&self.live) {
            live.attention.store(true, Ordering::SeqCst);
            live.interrupter.attract();
            live.waker.wake();
        }
    }

    pub(crate) fn take(&self) -> Option<Request> {
        locked(&self.inbox).requests.pop_front()
    }

    pub(crate) fn take_reply(&self) -> Option<Reply> {
        locked(&self.inbox).replies.pop_front()
    }

    /// The next request; `None` after `timeout` without one.
    pub(crate) fn wait(&self, timeout: Duration) -> Option<Request> {
        let inbox = locked(&self.inbox);
        let wait = self.bell.wait_timeout_while(inbox, timeout, |inbox| inbox.requests.is_empty());
        wait.unwrap_or_else(PoisonError::into_inner).0.requests.pop_front()
    }
}

fn open(client: Client, target: &Arc<Inspected>) -> SessionId {
    let id = LAST_SESSION.fetch_add(1, Ordering::Relaxed) + 1;
    let is_socket = matches!(client, Client::Socket(_));
    locked(&SESSIONS).insert(id, Session { client, target: target.clone() });
    target.push(Request::Connect { session: id, is_socket });
    id
}

/// A session of a socket.
pub(crate) fn connect_socket(socket: Arc<Socket>, target: &Arc<Inspected>) -> SessionId {
    open(Client::Socket(socket), target)
}

/// A session of another thread.
pub(crate) fn connect_thread(client: &Arc<Inspected>, target: &Arc<Inspected>) -> SessionId {
    open(Client::Thread(client.clone()), target)
}

/// From the client to the agent.
pub(crate) fn post(id: SessionId, text: String) {
    let target = locked(&SESSIONS).get(&id).map(|session| session.target.clone());
    if let Some(target) = target {
        target.push(Request::Message(id, text));
    }
}

/// The client goes.
pub(crate) fn disconnect(id: SessionId) {
    let session = locked(&SESSIONS).remove(&id);
    if let Some(session) = session {
        session.target.push(Request::Disconnect(id));
    }
}

/// From the agent to the client.
pub(crate) fn send(id: SessionId, text: String) {
    let client = locked(&SESSIONS).get(&id).map(|session| session.client.clone());
    match client {
        Some(Client::Socket(socket)) => socket.send_text(&text),
        Some(Client::Thread(thread)) => thread.push_reply(Reply::Message(id, text)),
        None => {}
    }
}

/// The agent ends the session.
pub(crate) fn close(id: SessionId) {
    let session = locked(&SESSIONS).remove(&id);
    match session.map(|session| session.client) {
        Some(Client::Socket(socket)) => socket.finish(),
        Some(Client::Thread(thread)) => thread.push_reply(Reply::Closed(id)),
        None => {}
    }
}
