//! `napi_env`: what one addon sees of one thread, and how every exported function begins and ends.
//!
//! An exported function runs in [`call`] (or [`call_js`], if it may run JavaScript): null is refused, a panic becomes
//! `napi_generic_failure`, and the status is kept for `napi_get_last_error_info`. A JavaScript exception never stays pending in
//! the engine while C runs: it moves to [`Env::exception`] and comes back when the callback returns.
//!
//! **Invariant:** environments are leaked, so pointers to them never dangle; after [`Env::close`] they refuse to run JavaScript.

use crate::reference::Reference;
use crate::thread::Thread;
use crate::types::{EnvRef, ExtendedErrorInfo, Finalize, Out, Status, Value};
use anode_engine::raw::{self, Mark, RawContext};
use anode_engine::{Engine, Local, Root, Scope, Thrown};
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::ffi::{CString, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;

/// The newest version of Node-API that is here. Node docs: Node-API version matrix.
pub(crate) const VERSION: i32 = 10;
/// `NAPI_VERSION_EXPERIMENTAL`.
pub(crate) const VERSION_EXPERIMENTAL: i32 = i32::MAX;
/// What modules that do not say are taken for.
pub(crate) const VERSION_DEFAULT: i32 = 8;

/// An open handle scope.
struct Opened {
    mark: Mark,
    /// The slot outside of an escapable scope that takes what escapes.
    outside: *mut sm::Value,
    escaped: bool,
}

/// Why an operation ended early.
pub(crate) enum Fail {
    Status(Status),
    Thrown(Thrown),
    /// A conversion threw: the exception is kept, and the status says what was expected.
    ThrownAs(Thrown, Status),
}

impl From<Status> for Fail {
    fn from(status: Status) -> Fail {
        Fail::Status(status)
    }
}

impl From<Thrown> for Fail {
    fn from(thrown: Thrown) -> Fail {
        Fail::Thrown(thrown)
    }
}

/// What an addon wants called with its instance data at the end.
#[derive(Clone, Copy)]
pub(crate) struct InstanceData {
    pub(crate) data: *mut c_void,
    pub(crate) finalize: Option<Finalize>,
    pub(crate) hint: *mut c_void,
}

/// One addon on one thread.
pub struct Env {
    pub(crate) raw: RawContext,
    pub(crate) thread: Rc<Thread>,
    /// The Node-API version that the addon was built for.
    pub(crate) version: i32,
    /// The addon's file as a URL.
    pub(crate) file_url: CString,
    exception: RefCell<Option<Root>>,
    last_error: UnsafeCell<ExtendedErrorInfo>,
    scopes: RefCell<Vec<Opened>>,
    /// Handle scopes below belong to callbacks that are still running further out.
    floor: Cell<usize>,
    pub(crate) callback_scopes: Cell<usize>,
    pub(crate) instance_data: Cell<Option<InstanceData>>,
    /// The newest reference; they are linked, so that the end finds them newest first.
    pub(crate) references: Cell<*const Reference>,
    /// While the addon's initialiser runs.
    pub(crate) initializing: Cell<bool>,
    closed: Cell<bool>,
}

/// Slots for values that never change, outside of the arena.
struct Immediate(sm::Value);
// SAFETY: immediates, never written.
unsafe impl Sync for Immediate {}
static UNDEFINED: Immediate = Immediate(sm::Value { asBits_: 0xFFF9_8000_0000_0000 });
static NULL: Immediate = Immediate(sm::Value { asBits_: 0xFFFA_0000_0000_0000 });
static TRUE: Immediate = Immediate(sm::Value { asBits_: 0xFFF9_0000_0000_0001 });
static FALSE: Immediate = Immediate(sm::Value { asBits_: 0xFFF9_0000_0000_0000 });

pub(crate) fn undefined() -> Value {
    Value(ptr::from_ref(&UNDEFINED.0).cast_mut())
}

pub(crate) fn null() -> Value {
    Value(ptr::from_ref(&NULL.0).cast_mut())
}

pub(crate) fn boolean(value: bool) -> Value {
    Value(ptr::from_ref(if value { &TRUE.0 } else { &FALSE.0 }).cast_mut())
}

/// Runs the body of an exported function that cannot run JavaScript.
#[inline]
pub(crate) fn call(env: EnvRef, work: impl FnOnce(&Env) -> Result<(), Status>) -> Status {
    let Some(env) = env.get() else { return Status::InvalidArg };
    let status = match catch_unwind(AssertUnwindSafe(|| work(env))) {
        Ok(Ok(())) => Status::Ok,
        Ok(Err(status)) => status,
        Err(_panic) => Status::GenericFailure,
    };
    env.set_last_error(status);
    status
}

/// Runs the body of an exported function that may run JavaScript: not while an exception is pending, nor at the end.
#[inline]
pub(crate) fn call_js(env: EnvRef, work: impl FnOnce(&Env) -> Result<(), Status>) -> Status {
    call(env, |env| {
        if env.exception_is_pending() {
            return Err(Status::PendingException);
        }
        if env.closed.get() {
            return Err(if env.version >= 10 { Status::CannotRunJs } else { Status::PendingException });
        }
        work(env)
    })
}

impl Env {
    pub(crate) fn new(sc: &Scope<'_>, thread: Rc<Thread>, version: i32, file_url: CString) -> Env {
        Env {
            raw: RawContext::of(sc),
            thread,
            version,
            file_url,
            exception: RefCell::new(None),
            last_error: UnsafeCell::new(ExtendedErrorInfo {
                error_message: ptr::null(),
                engine_reserved: ptr::null_mut(),
                engine_error_code: 0,
                error_code: Status::Ok,
            }),
            scopes: RefCell::default(),
            floor: Cell::new(0),
            callback_scopes: Cell::new(0),
            instance_data: Cell::new(None),
            references: Cell::new(ptr::null()),
            initializing: Cell::new(false),
            closed: Cell::new(false),
        }
    }

    #[inline]
    pub(crate) fn set_last_error(&self, status: Status) {
        // SAFETY: single-threaded; C reads the record only between calls.
        unsafe { (*self.last_error.get()).error_code = status };
    }

    pub(crate) fn last_error(&self) -> *const ExtendedErrorInfo {
        let info = self.last_error.get();
        // SAFETY: as above.
        unsafe { (*info).error_message = (*info).error_code.message() };
        info
    }

    /// Runs `work` with a scope; what it throws becomes this environment's pending exception.
    pub(crate) fn scope<R>(&self, work: impl for<'s> FnOnce(&mut Scope<'s>) -> Result<R, Fail>) -> Result<R, Status> {
        let run = |sc: &mut Scope<'_>| match work(sc) {
            Ok(value) => Ok(value),
            Err(Fail::Status(status)) => Err(status),
            Err(Fail::Thrown(thrown)) => {
                self.keep_exception(sc, thrown);
                Err(Status::PendingException)
            }
            Err(Fail::ThrownAs(thrown, status)) => {
                self.keep_exception(sc, thrown);
                Err(status)
            }
        };
        // SAFETY: exported functions are called on the environment's thread, by an addon that JavaScript or the loop called.
        unsafe { self.raw.scope(run) }
    }

    /// As [`Env::scope`], for work that makes a value.
    #[inline]
    pub(crate) fn value(
        &self,
        work: impl for<'s> FnOnce(&mut Scope<'s>) -> Result<Local<'s>, Fail>,
    ) -> Result<Value, Status> {
        let value = self.scope(|sc| work(sc).map(raw::value))?;
        // Nothing can collect between the end of the scope and this.
        Ok(self.push(value))
    }

    /// A handle in the innermost open scope.
    #[inline]
    pub(crate) fn push(&self, value: sm::Value) -> Value {
        Value(self.raw.push(value))
    }

    // ---- exceptions

    pub(crate) fn exception_is_pending(&self) -> bool {
        // SAFETY: single-threaded, no borrow is held across calls.
        unsafe { (*self.exception.as_ptr()).is_some() }
    }

    pub(crate) fn keep_exception(&self, sc: &mut Scope<'_>, thrown: Thrown) {
        // A termination leaves nothing to keep: it goes on when control returns to the engine.
        if let Some(error) = sc.catch(thrown) {
            self.set_exception(sc, error);
        }
    }

    pub(crate) fn set_exception(&self, sc: &Scope<'_>, error: Local<'_>) {
        *self.exception.borrow_mut() = Some(Root::new(sc, error));
    }

    pub(crate) fn take_exception<'s>(&self, sc: &mut Scope<'s>) -> Option<Local<'s>> {
        let root = self.exception.borrow_mut().take()?;
        Some(root.get(sc))
    }

    // ---- calls into C

    /// Calls into the addon: handles made meanwhile, and scopes left open, are released after.
    #[inline]
    pub(crate) fn run_addon<R>(&self, work: impl FnOnce() -> R) -> R {
        let mark = self.raw.mark();
        let count = self.scopes.borrow().len();
        let floor = self.floor.replace(count);
        let result = work();
        self.floor.set(floor);
        self.scopes.borrow_mut().truncate(count);
        // SAFETY: the addon's callback is over, and with it the life of the handles that it made.
        unsafe { self.raw.release(mark) };
        result
    }

    /// Calls into the addon from a turn of the loop: what it throws is thrown on.
    ///
    /// # Errors
    /// The addon's pending exception, or a termination.
    pub(crate) fn call_addon(&self, sc: &mut Scope<'_>, work: impl FnOnce()) -> Result<(), Thrown> {
        self.run_addon(work);
        self.throw_pending(sc)
    }

    /// Makes the kept exception pending in the engine.
    ///
    /// # Errors
    /// If there is one, or execution is being terminated.
    pub(crate) fn throw_pending(&self, sc: &mut Scope<'_>) -> Result<(), Thrown> {
        if let Some(error) = self.take_exception(sc) {
            return Err(sc.throw(error));
        }
        if sc.is_terminating() { Err(sc.terminated()) } else { Ok(()) }
    }

    // ---- handle scopes

    pub(crate) fn open_scope(&self, escapable: bool) -> usize {
        let outside = if escapable { self.raw.push(jsval::UndefinedValue()) } else { ptr::null_mut() };
        let mut scopes = self.scopes.borrow_mut();
        scopes.push(Opened { mark: self.raw.mark(), outside, escaped: false });
        scopes.len()
    }

    /// Closes scope number `number` and those opened in it.
    pub(crate) fn close_scope(&self, number: usize) -> Result<(), Status> {
        let mut scopes = self.scopes.borrow_mut();
        if number <= self.floor.get() || number > scopes.len() {
            return Err(Status::HandleScopeMismatch);
        }
        let mark = scopes[number - 1].mark;
        scopes.truncate(number - 1);
        // SAFETY: the addon says that it is done with the handles of this scope; scopes of callbacks further out are behind
        // the floor, so marks go back in order.
        unsafe { self.raw.release(mark) };
        Ok(())
    }

    pub(crate) fn escape(&self, number: usize, value: sm::Value) -> Result<Value, Status> {
        let mut scopes = self.scopes.borrow_mut();
        let floor = self.floor.get();
        let Some(scope) = number.checked_sub(1).filter(|index| *index >= floor).and_then(|i| scopes.get_mut(i)) else {
            return Err(Status::InvalidArg);
        };
        if scope.outside.is_null() {
            return Err(Status::InvalidArg);
        }
        if std::mem::replace(&mut scope.escaped, true) {
            return Err(Status::EscapeCalledTwice);
        }
        // SAFETY: a slot of the arena below the mark of this open scope, so it is live.
        unsafe { scope.outside.write(value) };
        Ok(Value(scope.outside))
    }

    // ---- the end

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// The end of this thread: no JavaScript any more. Finalizers run newest first, those of instance data last.
    pub(crate) fn close(&self, sc: &mut Scope<'_>) {
        self.closed.set(true);
        crate::reference::finalize_all(self);
        if let Some(data) = self.instance_data.take()
            && let Some(finalize) = data.finalize
        {
            // SAFETY: the addon's own function with its own data, once, on its thread.
            self.run_addon(|| unsafe { finalize(self, data.data, data.hint) });
        }
        // Nobody can catch it any more.
        let _dropped = self.take_exception(sc);
    }
}

/// `napi_get_last_error_info`: does not change what it tells.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_last_error_info(env: EnvRef, result: Out<'_, *const ExtendedErrorInfo>) -> Status {
    let Some(env) = env.get() else { return Status::InvalidArg };
    match result.set(env.last_error()) {
        Ok(()) => Status::Ok,
        Err(status) => status,
    }
}

/// Ends the process as Node does for misuse that cannot be reported otherwise.
pub(crate) fn fatal(location: &str, message: &str) -> ! {
    use std::io::Write as _;
    // Standard error may be closed; there is nowhere else to say so.
    let _written = writeln!(std::io::stderr(), "FATAL ERROR: {location} {message}");
    Engine::abort_process()
}
