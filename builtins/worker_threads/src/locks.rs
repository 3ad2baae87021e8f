//! Locks by name that all threads of the process share. Web Locks API; Node docs: worker.locks.
//!
//! One table for the process; each thread that uses it has an [`Agent`], whose mailbox tells it of requests that were granted and
//! of locks that were stolen. No lock of ours is held while JavaScript runs.

use anode_runtime::event_loop::{Event, Key, Waker};
use anode_runtime::{Args, Handler, JsResult, Local, Root, Scope, Thrown, env, turn};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// A lock that is held or asked for.
struct Entry {
    agent: Arc<Mailbox>,
    client: String,
    exclusive: bool,
    id: u64,
}

#[derive(Default)]
struct Named {
    held: Vec<Entry>,
    pending: VecDeque<Entry>,
}

#[derive(Default)]
struct Table {
    last_id: u64,
    names: BTreeMap<String, Named>,
}

static TABLE: LazyLock<Mutex<Table>> = LazyLock::new(Mutex::default);

/// What an agent is told.
#[derive(Clone, Copy)]
enum News {
    Granted(u64),
    Stolen(u64),
}

/// Where a thread is told of its requests.
struct Mailbox {
    news: Mutex<VecDeque<News>>,
    waker: Waker,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Mailbox {
    fn tell(&self, news: News) {
        locked(&self.news).push_back(news);
        self.waker.wake();
    }
}

impl Named {
    fn admits(&self, exclusive: bool) -> bool {
        self.held.is_empty() || (!exclusive && self.held.iter().all(|entry| !entry.exclusive))
    }

    /// Grants what can be granted, in the order of the requests.
    fn advance(&mut self) {
        while let Some(first) = self.pending.front() {
            if !self.admits(first.exclusive) {
                return;
            }
            let Some(entry) = self.pending.pop_front() else { return };
            entry.agent.tell(News::Granted(entry.id));
            self.held.push(entry);
        }
    }
}

impl Table {
    /// Takes out what `gone` says of one name, and of all.
    fn remove(&mut self, gone: impl Fn(&Entry) -> bool) -> bool {
        let mut found = false;
        self.names.retain(|_, named| {
            let before = named.held.len() + named.pending.len();
            named.held.retain(|entry| !gone(entry));
            named.pending.retain(|entry| !gone(entry));
            if named.held.len() + named.pending.len() != before {
                found = true;
                named.advance();
            }
            !named.held.is_empty() || !named.pending.is_empty()
        });
        found
    }
}

/// A thread's part in the locks.
struct Agent {
    hook: Root,
    mailbox: Arc<Mailbox>,
}

thread_local! {
    static MAILBOX: RefCell<Option<Arc<Mailbox>>> = const { RefCell::new(None) };
}

impl Drop for Agent {
    fn drop(&mut self) {
        // The thread ends: what it holds is free, what it asked for is forgotten.
        locked(&TABLE).remove(|entry| Arc::ptr_eq(&entry.agent, &self.mailbox));
        MAILBOX.with(|mailbox| mailbox.replace(None));
    }
}

impl Handler for Agent {
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        let Event::Wakeup(_) = event else { return Ok(()) };
        loop {
            let next = locked(&self.mailbox.news).pop_front();
            let (id, stolen) = match next {
                None => return Ok(()),
                Some(News::Granted(id)) => (id, false),
                Some(News::Stolen(id)) => (id, true),
            };
            sc.nested(|sc| {
                let hook = self.hook.get(sc);
                let undefined = sc.undefined();
                let id = sc.number(id as f64);
                let stolen = sc.boolean(stolen);
                sc.call(hook, undefined, &[id, stolen]).map(|_| ())
            })?;
            turn::drain(sc);
        }
    }
}

/// `setLockHook(hook)`: makes this thread one that asks for locks; `hook(id, stolen)` when a request is granted, or a lock stolen.
pub(crate) fn set_hook<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (key, waker): (Key, Waker) = env(sc).events.borrow_mut().waker_open();
    env(sc).events.borrow_mut().set_ref(key, false);
    let mailbox = Arc::new(Mailbox { news: Mutex::default(), waker });
    MAILBOX.with(|slot| slot.replace(Some(mailbox.clone())));
    let hook = Root::new(sc, args.get(0));
    env(sc).set_handler(key, Rc::new(Agent { hook, mailbox }));
    Ok(sc.undefined())
}

/// `takeLockNews()`: what the hook would be told next, as a flat array of numbers and whether it was stolen. A lock that is free is
/// granted at once, and must not wait for a loop that may have nothing else to do.
pub(crate) fn take_news<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let news = MAILBOX.with(|slot| {
        let slot = slot.borrow();
        slot.as_ref().map(|mailbox| locked(&mailbox.news).drain(..).collect::<Vec<_>>()).unwrap_or_default()
    });
    let mut flat = Vec::with_capacity(news.len() * 2);
    for item in news {
        let (id, stolen) = match item {
            News::Granted(id) => (id, false),
            News::Stolen(id) => (id, true),
        };
        flat.push(sc.number(id as f64));
        flat.push(sc.boolean(stolen));
    }
    Ok(sc.array(&flat))
}

/// `requestLock(name, exclusive, ifAvailable, steal, client)`: the number of the request, whose grant the hook is told;
/// `undefined` if it was only wanted if available.
pub(crate) fn request<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = sc.to_string(args.get(0))?;
    let exclusive = args.get(1).is_true();
    let (if_available, steal) = (args.get(2).is_true(), args.get(3).is_true());
    let client = sc.to_string(args.get(4))?;
    let Some(agent) = MAILBOX.with(|slot| slot.borrow().clone()) else {
        return Err(sc.throw_error("this thread has no lock hook"));
    };
    let id = {
        let mut table = locked(&TABLE);
        table.last_id += 1;
        let id = table.last_id;
        let named = table.names.entry(name.clone()).or_default();
        if if_available && !(named.pending.is_empty() && named.admits(exclusive)) {
            if named.held.is_empty() && named.pending.is_empty() {
                table.names.remove(&name);
            }
            None
        } else {
            if steal {
                for entry in named.held.drain(..) {
                    entry.agent.tell(News::Stolen(entry.id));
                }
                named.pending.push_front(Entry { agent, client, exclusive, id });
            } else {
                named.pending.push_back(Entry { agent, client, exclusive, id });
            }
            named.advance();
            Some(id)
        }
    };
    Ok(id.map_or(sc.undefined(), |id| sc.number(id as f64)))
}

/// `releaseLock(id)`: gives a lock back, or takes a request back; whether there was one.
pub(crate) fn release<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let id = args.get(0).as_f64().unwrap_or(0.0) as u64;
    let found = locked(&TABLE).remove(|entry| entry.id == id);
    Ok(sc.boolean(found))
}

/// `queryLocks()`: `[held, pending]` of this thread, lists of `[name, exclusive, client]`. (Node leaves those of others out.)
pub(crate) fn query<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    type Row = (u64, String, bool, String);
    let own = MAILBOX.with(|slot| slot.borrow().clone());
    let is_own = |entry: &&Entry| own.as_ref().is_some_and(|own| Arc::ptr_eq(own, &entry.agent));
    fn rows<'a>(name: &str, entries: impl Iterator<Item = &'a Entry>, out: &mut Vec<Row>) {
        out.extend(entries.map(|entry| (entry.id, name.to_owned(), entry.exclusive, entry.client.clone())));
    }
    let (mut held, mut pending): (Vec<Row>, Vec<Row>) = Default::default();
    for (name, named) in &locked(&TABLE).names {
        rows(name, named.held.iter().filter(is_own), &mut held);
        rows(name, named.pending.iter().filter(is_own), &mut pending);
    }
    let mut lists: Vec<Local<'s>> = Vec::new();
    for mut list in [held, pending] {
        list.sort();
        let mut items = Vec::with_capacity(list.len());
        for (_, name, exclusive, client) in list {
            let row = [sc.string(&name), sc.boolean(exclusive), sc.string(&client)];
            items.push(sc.array(&row));
        }
        lists.push(sc.array(&items));
    }
    Ok(sc.array(&lists))
}
