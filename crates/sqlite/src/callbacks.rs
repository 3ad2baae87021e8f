//! What SQLite calls: user functions, aggregates, the authorizer.

use crate::statement::bytes;
use crate::{Database, Failure, Inner, Value};
use libsqlite3_sys as ffi;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a callback has no answer.
#[derive(Clone, Debug)]
pub enum CallError {
    /// SQLite reports this text.
    Message(String),
    /// The host keeps an exception of its own; SQLite only has to stop.
    Thrown,
}

/// What an aggregate is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// The last value; the instance ends.
    Final,
    /// Take a row out of the window.
    Inverse,
    /// Take a row.
    Step,
    /// The value so far.
    Value,
}

/// Who answers the callbacks of an operation.
pub trait Host {
    /// Instance `instance` of aggregate `function`; 0 stands for one that has seen no row.
    ///
    /// # Errors
    /// As it says.
    fn aggregate(
        &mut self,
        function: usize,
        part: Aggregate,
        instance: u64,
        args: &[Value],
    ) -> Result<Value, CallError>;
    /// Whether an action is allowed: SQLITE_OK, SQLITE_DENY, SQLITE_IGNORE.
    fn authorize(&mut self, action: i32, details: [Option<String>; 4]) -> i32;
    /// Function number `function`.
    ///
    /// # Errors
    /// As it says.
    fn call(&mut self, function: usize, args: &[Value]) -> Result<Value, CallError>;
    /// What to do about a conflict of a changeset.
    fn conflict(&mut self, kind: i32) -> i32;
    /// Whether a changeset applies to a table.
    fn filter(&mut self, table: String) -> bool;
}

/// What SQLite hands back with each call.
struct Function {
    database: *const Inner,
    id: usize,
}

unsafe extern "C" fn drop_function(function: *mut c_void) {
    // SAFETY: the box that was leaked for SQLite, which calls this once.
    drop(unsafe { Box::from_raw(function.cast::<Function>()) });
}

/// # Safety
/// From within a callback of SQLite on this function's connection.
unsafe fn host<'a>(database: *const Inner) -> Option<&'a mut (dyn Host + 'static)> {
    // SAFETY: the connection is open while it calls back, so its `Inner` lives; the host was lent for the running operation, and
    // whoever lent it waits inside of SQLite.
    unsafe { (*database).host.get().map(|host| &mut *host) }
}

unsafe fn arguments(count: c_int, values: *mut *mut ffi::sqlite3_value) -> Vec<Value> {
    // SAFETY: SQLite passes `count` protected values; each is copied at once.
    (0..usize::try_from(count).unwrap_or(0)).map(|index| unsafe { value(*values.add(index)) }).collect()
}

unsafe fn value(value: *mut ffi::sqlite3_value) -> Value {
    // SAFETY: a protected value of the running call.
    unsafe {
        match ffi::sqlite3_value_type(value) {
            ffi::SQLITE_INTEGER => Value::Integer(ffi::sqlite3_value_int64(value)),
            ffi::SQLITE_FLOAT => Value::Real(ffi::sqlite3_value_double(value)),
            ffi::SQLITE_TEXT => {
                let start = ffi::sqlite3_value_text(value);
                Value::Text(bytes(start, ffi::sqlite3_value_bytes(value)))
            }
            ffi::SQLITE_BLOB => {
                let start = ffi::sqlite3_value_blob(value).cast::<u8>();
                Value::Blob(bytes(start, ffi::sqlite3_value_bytes(value)))
            }
            _ => Value::Null,
        }
    }
}

unsafe fn answer(context: *mut ffi::sqlite3_context, result: Result<Value, CallError>) {
    // SAFETY: the context of the running call; SQLite copies text and bytes.
    unsafe {
        match result {
            Ok(Value::Null) => ffi::sqlite3_result_null(context),
            Ok(Value::Integer(value)) => ffi::sqlite3_result_int64(context, value),
            Ok(Value::Real(value)) => ffi::sqlite3_result_double(context, value),
            Ok(Value::Text(text)) => ffi::sqlite3_result_text64(
                context,
                text.as_ptr().cast::<c_char>(),
                text.len() as u64,
                ffi::SQLITE_TRANSIENT(),
                ffi::SQLITE_UTF8 as u8,
            ),
            Ok(Value::Blob(bytes)) if bytes.is_empty() => ffi::sqlite3_result_zeroblob(context, 0),
            Ok(Value::Blob(bytes)) => {
                ffi::sqlite3_result_blob64(context, bytes.as_ptr().cast(), bytes.len() as u64, ffi::SQLITE_TRANSIENT())
            }
            Err(CallError::Message(text)) => ffi::sqlite3_result_error(
                context,
                text.as_ptr().cast::<c_char>(),
                c_int::try_from(text.len()).unwrap_or(c_int::MAX),
            ),
            Err(CallError::Thrown) => ffi::sqlite3_result_error(context, c"".as_ptr(), 0),
        }
    }
}

/// A panic must not cross SQLite.
fn guarded<R>(work: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn no_host<T>() -> Result<T, CallError> {
    Err(CallError::Message("nobody is there to run the function".to_owned()))
}

unsafe extern "C" fn call_scalar(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    let result = guarded(|| {
        // SAFETY: the data that was registered with the function.
        let function = unsafe { &*ffi::sqlite3_user_data(context).cast::<Function>() };
        // SAFETY: as SQLite passed them.
        let args = unsafe { arguments(count, values) };
        // SAFETY: within a callback.
        unsafe { host(function.database) }.map_or_else(no_host, |host| host.call(function.id, &args))
    });
    // SAFETY: the context of this call.
    unsafe { answer(context, result.unwrap_or_else(no_host)) };
}

/// The number of the next instance of an aggregate.
static INSTANCES: AtomicU64 = AtomicU64::new(1);

/// The number of the instance behind a context: kept where SQLite offers room for it. 0 if it never took a row.
unsafe fn instance(context: *mut ffi::sqlite3_context, make: bool) -> u64 {
    let size = if make { c_int::try_from(size_of::<u64>()).unwrap_or(8) } else { 0 };
    // SAFETY: the context of this call; the room is zeroed at first and stays for the instance's life, aligned for 8 bytes.
    unsafe {
        let room = ffi::sqlite3_aggregate_context(context, size).cast::<u64>();
        if room.is_null() {
            return 0;
        }
        if *room == 0 {
            *room = INSTANCES.fetch_add(1, Ordering::Relaxed);
        }
        *room
    }
}

unsafe fn call_aggregate(
    context: *mut ffi::sqlite3_context,
    part: Aggregate,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    let takes_row = matches!(part, Aggregate::Step | Aggregate::Inverse);
    let result = guarded(|| {
        // SAFETY: as in `call_scalar`.
        let function = unsafe { &*ffi::sqlite3_user_data(context).cast::<Function>() };
        // SAFETY: as SQLite passed them.
        let args = unsafe { arguments(count, values) };
        // SAFETY: the context of this call.
        let instance = unsafe { instance(context, takes_row) };
        // SAFETY: within a callback.
        unsafe { host(function.database) }
            .map_or_else(no_host, |host| host.aggregate(function.id, part, instance, &args))
    });
    let result = result.unwrap_or_else(no_host);
    if !takes_row || result.is_err() {
        // SAFETY: the context of this call.
        unsafe { answer(context, result) };
    }
}

unsafe extern "C" fn step(context: *mut ffi::sqlite3_context, count: c_int, values: *mut *mut ffi::sqlite3_value) {
    // SAFETY: as SQLite passed them.
    unsafe { call_aggregate(context, Aggregate::Step, count, values) }
}

unsafe extern "C" fn inverse(context: *mut ffi::sqlite3_context, count: c_int, values: *mut *mut ffi::sqlite3_value) {
    // SAFETY: as SQLite passed them.
    unsafe { call_aggregate(context, Aggregate::Inverse, count, values) }
}

unsafe extern "C" fn current(context: *mut ffi::sqlite3_context) {
    // SAFETY: as SQLite passed it.
    unsafe { call_aggregate(context, Aggregate::Value, 0, ptr::null_mut()) }
}

unsafe extern "C" fn last(context: *mut ffi::sqlite3_context) {
    // SAFETY: as SQLite passed it.
    unsafe { call_aggregate(context, Aggregate::Final, 0, ptr::null_mut()) }
}

unsafe extern "C" fn authorize(
    database: *mut c_void,
    action: c_int,
    first: *const c_char,
    second: *const c_char,
    third: *const c_char,
    fourth: *const c_char,
) -> c_int {
    let text = |text: *const c_char| {
        // SAFETY: null, or a NUL-terminated text for the time of the call.
        (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
    };
    guarded(|| {
        // SAFETY: within a callback; the connection was registered with it.
        let host = unsafe { host(database.cast::<Inner>().cast_const()) };
        host.map_or(ffi::SQLITE_DENY, |host| {
            host.authorize(action, [text(first), text(second), text(third), text(fourth)])
        })
    })
    .unwrap_or(ffi::SQLITE_DENY)
}

impl Database {
    /// Defines function number `id` under `name`: for the [`Host`] to answer. `arguments` of -1 takes any number.
    ///
    /// # Errors
    /// SQLite's.
    pub fn define_function(
        &self,
        name: &[u8],
        id: usize,
        arguments: i32,
        deterministic: bool,
        direct_only: bool,
    ) -> Result<(), Failure> {
        let name = crate::c_string(name);
        let mut flags = ffi::SQLITE_UTF8;
        if deterministic {
            flags |= ffi::SQLITE_DETERMINISTIC;
        }
        if direct_only {
            flags |= ffi::SQLITE_DIRECTONLY;
        }
        let function = Box::new(Function { database: std::rc::Rc::as_ptr(&self.inner), id });
        // SAFETY: an open connection; SQLite owns the box and frees it, also on failure.
        let code = unsafe {
            ffi::sqlite3_create_function_v2(
                self.inner.handle.get(),
                name.as_ptr(),
                arguments,
                flags,
                Box::into_raw(function).cast(),
                Some(call_scalar),
                None,
                None,
                Some(drop_function),
            )
        };
        self.inner.check(code)
    }

    /// As [`Database::define_function`], an aggregate; with `window` one that can take rows back.
    ///
    /// # Errors
    /// SQLite's.
    pub fn define_aggregate(
        &self,
        name: &[u8],
        id: usize,
        arguments: i32,
        direct_only: bool,
        window: bool,
    ) -> Result<(), Failure> {
        let name = crate::c_string(name);
        let flags = ffi::SQLITE_UTF8 | if direct_only { ffi::SQLITE_DIRECTONLY } else { 0 };
        let function = Box::new(Function { database: std::rc::Rc::as_ptr(&self.inner), id });
        // SAFETY: as in `define_function`.
        let code = unsafe {
            ffi::sqlite3_create_window_function(
                self.inner.handle.get(),
                name.as_ptr(),
                arguments,
                flags,
                Box::into_raw(function).cast(),
                Some(step),
                Some(last),
                if window { Some(current) } else { None },
                if window { Some(inverse) } else { None },
                Some(drop_function),
            )
        };
        self.inner.check(code)
    }

    /// Asks the [`Host`] before every action from now on, or no longer.
    ///
    /// # Errors
    /// SQLite's.
    pub fn set_authorizer(&self, on: bool) -> Result<(), Failure> {
        let database = std::rc::Rc::as_ptr(&self.inner).cast_mut().cast::<c_void>();
        // SAFETY: an open connection, which does not outlive its `Inner`.
        let code = unsafe {
            ffi::sqlite3_set_authorizer(self.inner.handle.get(), if on { Some(authorize) } else { None }, database)
        };
        self.inner.check(code)
    }
}
