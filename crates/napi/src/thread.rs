//! What all addons of one thread share: the tables of wrapped and tagged objects, the bell for finalizers, and the end.

use crate::env::Env;
use crate::lifecycle::Hooks;
use crate::reference;
use anode_engine::raw::RawContext;
use anode_engine::{Local, Root, Scope, Thrown, raw};
use anode_runtime::event_loop::{Event, Waker};
use anode_runtime::{Handler, env as runtime_env};
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// A finalizer of memory that the engine released, perhaps on a thread of its own.
pub(crate) struct Released {
    pub(crate) env: *const Env,
    pub(crate) finalize: crate::types::Finalize,
    pub(crate) data: *mut c_void,
    pub(crate) hint: *mut c_void,
}
// SAFETY: plain addresses; they are used on the environment's thread only.
unsafe impl Send for Released {}

/// Memory that the engine released and whose finalizers have not run yet.
pub(crate) struct ReleasedQueue {
    entries: Mutex<Vec<Released>>,
    bell: Waker,
}

impl ReleasedQueue {
    pub(crate) fn push(&self, entry: Released) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        self.bell.wake();
    }

    fn take(&self) -> Vec<Released> {
        std::mem::take(&mut *self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The addons of one thread.
pub struct Thread {
    pub(crate) envs: RefCell<Vec<&'static Env>>,
    pub(crate) hooks: Hooks,
    pub(crate) released: Arc<ReleasedQueue>,
    /// Objects that were wrapped but not made by an addon's class: a WeakMap to the reference.
    pub(crate) wraps: RefCell<Option<Root>>,
    /// Objects with a type tag: a WeakMap to the tag as a string.
    pub(crate) tags: RefCell<Option<Root>>,
    /// What addons said they hold, in bytes.
    pub(crate) external_bytes: Cell<i64>,
    /// Tells the classes of all addons apart; counts up from 1.
    classes: Cell<i32>,
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Thread>>> = const { RefCell::new(None) };
}

/// Something for the finalizers: objects died, or memory was released.
struct Bell;

impl Handler for Bell {
    fn on_event(&self, sc: &mut Scope<'_>, _event: Event) -> Result<(), Thrown> {
        run_finalizers(sc);
        Ok(())
    }
}

/// Runs what is due. An exception of one is reported, and the others run.
fn run_finalizers(sc: &mut Scope<'_>) {
    while let Some(token) = sc.next_dead() {
        sc.nested(|sc| {
            if let Err(thrown) = reference::object_died(sc, token) {
                // A termination leaves nothing to report.
                let _ended = anode_runtime::turn::report(sc, thrown);
            }
        });
    }
    let Some(thread) = CURRENT.with(|current| current.borrow().clone()) else { return };
    for entry in thread.released.take() {
        sc.nested(|sc| {
            if let Err(thrown) = run_released(sc, &entry) {
                let _ended = anode_runtime::turn::report(sc, thrown);
            }
        });
    }
}

fn run_released(sc: &mut Scope<'_>, entry: &Released) -> Result<(), Thrown> {
    // SAFETY: environments are leaked.
    let env = unsafe { &*entry.env };
    // SAFETY: the addon's own function with its own data, once, on its thread.
    env.call_addon(sc, || unsafe { (entry.finalize)(env, entry.data, entry.hint) })
}

impl Thread {
    /// The addons of this thread; the first call prepares the thread.
    pub(crate) fn current(sc: &mut Scope<'_>) -> Rc<Thread> {
        if let Some(thread) = CURRENT.with(|current| current.borrow().clone()) {
            return thread;
        }
        let (key, waker) = {
            let mut events = runtime_env(sc).events.borrow_mut();
            let (key, waker) = events.waker_open();
            events.set_ref(key, false);
            (key, waker)
        };
        runtime_env(sc).set_handler(key, Rc::new(Bell));
        let bell = waker.clone();
        sc.set_death_waker(Box::new(move || bell.wake()));
        let thread = Rc::new(Thread {
            envs: RefCell::default(),
            hooks: Hooks::default(),
            released: Arc::new(ReleasedQueue { entries: Mutex::default(), bell: waker }),
            wraps: RefCell::default(),
            tags: RefCell::default(),
            external_bytes: Cell::new(0),
            classes: Cell::new(0),
        });
        CURRENT.with(|current| *current.borrow_mut() = Some(thread.clone()));
        let at_end = thread.clone();
        runtime_env(sc).at_exit(Box::new(move |sc| at_end.end(sc)));
        thread
    }

    /// The number of a new class.
    pub(crate) fn next_class(&self) -> i32 {
        // 0 means none; nobody defines two billion classes.
        let class = self.classes.get().checked_add(1).unwrap_or(1);
        self.classes.set(class);
        class
    }

    /// The end of the thread: hooks, newest first, then the environments, newest first.
    fn end(&self, sc: &mut Scope<'_>) {
        self.hooks.run(sc);
        let envs: Vec<_> = self.envs.borrow().clone();
        for env in envs.into_iter().rev() {
            env.close(sc);
        }
        for entry in self.released.take() {
            // An exception has nobody left to report to.
            let _thrown = run_released(sc, &entry);
        }
        self.wraps.take();
        self.tags.take();
        CURRENT.with(|current| current.borrow_mut().take());
    }

    /// What a WeakMap of this thread says of `key`; `undefined` if nothing.
    pub(crate) fn weak_entry(map: &RefCell<Option<Root>>, sc: &mut Scope<'_>, key: Local<'_>) -> sm::Value {
        let Some(map) = map.borrow().as_ref().map(|root| root.get(sc)) else { return jsval::UndefinedValue() };
        let cx = RawContext::of(sc).cx();
        mozjs::rooted!(in(cx) let map = raw::object(map));
        let (found, out) = raw::out(sc);
        // SAFETY: a WeakMap and a value, both rooted; the result goes to a traced slot.
        if unsafe { sm::GetWeakMapEntry(cx, map.handle().into(), raw::handle(key), out) } {
            raw::value(found)
        } else {
            jsval::UndefinedValue()
        }
    }

    /// Sets an entry of a WeakMap of this thread.
    ///
    /// # Errors
    /// If memory runs out.
    pub(crate) fn set_weak_entry(
        map: &RefCell<Option<Root>>,
        sc: &mut Scope<'_>,
        key: Local<'_>,
        value: Local<'_>,
    ) -> Result<(), Thrown> {
        let cx = RawContext::of(sc).cx();
        let known = map.borrow().as_ref().map(|root| root.get(sc));
        let object = match known {
            Some(map) => raw::object(map),
            None => {
                // SAFETY: allocation on the owning thread; rooted at once.
                let object = unsafe { sm::NewWeakMapObject(cx) };
                raw::check(!object.is_null())?;
                let local = raw::local(sc, jsval::ObjectValue(object));
                *map.borrow_mut() = Some(Root::new(sc, local));
                raw::object(local)
            }
        };
        mozjs::rooted!(in(cx) let object = object);
        // SAFETY: everything is rooted.
        raw::check(unsafe { sm::SetWeakMapEntry(cx, object.handle().into(), raw::handle(key), raw::handle(value)) })
    }
}
