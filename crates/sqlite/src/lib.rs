//! A safe face for SQLite's C interface, as much of it as `node:sqlite` needs.
//!
//! SQLite calls back: user functions, the authorizer, conflict handlers. Whoever starts an operation lends a [`Host`] for its
//! duration; callbacks find it through the connection. While an operation runs, its statement cannot be run, reset or
//! closed by a callback: that is refused with [`Busy`].
//!
//! **Invariants:** pointers of SQLite never leave this crate; statements, sessions and the connection are used on one thread (`Rc`
//! keeps them there); a connection outlives its statements, which it finalizes when it is closed.

#![deny(missing_docs)]

mod callbacks;
mod guard;
#[cfg(sessions)]
mod session;
mod statement;

use libsqlite3_sys as ffi;
use std::cell::{Cell, RefCell};
use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr;
use std::rc::Rc;

pub use callbacks::{Aggregate, CallError, Host};
pub use guard::{Refused, guard_files, take_refused};
#[cfg(sessions)]
pub use session::{Conflicts, Session};
pub use statement::{Statement, Step};

/// A value of SQLite.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Bytes.
    Blob(Vec<u8>),
    /// A 64-bit integer.
    Integer(i64),
    /// NULL
    Null,
    /// A double.
    Real(f64),
    /// Text, UTF-8 by convention only.
    Text(Vec<u8>),
}

/// What went wrong, in SQLite's words.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// The extended result code.
    pub code: i32,
    /// What it means in general.
    pub kind: String,
    /// What it means here.
    pub message: String,
}

/// A callback wanted to touch what is being used below it.
#[derive(Clone, Copy, Debug)]
pub struct Busy;

pub(crate) fn text_of(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: SQLite's texts are NUL-terminated, and valid at least until its next call.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

fn kind_of(code: i32) -> String {
    // SAFETY: returns a static text for any number.
    text_of(unsafe { ffi::sqlite3_errstr(code) })
}

/// State of a connection, shared with its statements.
pub(crate) struct Inner {
    pub(crate) handle: Cell<*mut ffi::sqlite3>,
    /// Who answers callbacks; valid while an operation runs.
    pub(crate) host: Cell<Option<*mut (dyn Host + 'static)>>,
    pub(crate) statements: RefCell<Vec<Rc<statement::Raw>>>,
    #[cfg(sessions)]
    pub(crate) sessions: RefCell<Vec<Rc<session::Raw>>>,
    backups: Cell<usize>,
}

/// A connection.
pub struct Database {
    pub(crate) inner: Rc<Inner>,
}

/// How to open a database.
#[derive(Clone, Copy, Debug)]
pub struct OpenOptions {
    /// Wait so long for a lock, in milliseconds.
    pub busy_timeout_ms: i32,
    /// Refuse what can corrupt the file.
    pub defensive: bool,
    /// Take text in double quotes for a literal.
    pub double_quoted_literals: bool,
    /// Let extensions be loaded by C.
    pub extensions: bool,
    /// Enforce foreign keys.
    pub foreign_keys: bool,
    /// No writing.
    pub read_only: bool,
}

/// Switches of a connection.
#[derive(Clone, Copy, Debug)]
pub enum Switch {
    /// SQLITE_DBCONFIG_DEFENSIVE
    Defensive,
    /// SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION: for the C interface only.
    LoadExtension,
}

impl Inner {
    pub(crate) fn failure(&self) -> Failure {
        let handle = self.handle.get();
        // SAFETY: an open connection, or null, for which SQLite answers out of memory.
        let (code, message) = unsafe { (ffi::sqlite3_extended_errcode(handle), text_of(ffi::sqlite3_errmsg(handle))) };
        Failure { code, kind: kind_of(code), message }
    }

    pub(crate) fn check(&self, code: c_int) -> Result<(), Failure> {
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(self.failure()) }
    }

    /// Runs an operation; callbacks go to `host`.
    pub(crate) fn with_host<R>(&self, host: &mut dyn Host, work: impl FnOnce() -> R) -> R {
        // SAFETY: only the lifetime changes. The pointer is taken back below, before `host` ends, and callbacks run within.
        let host: *mut (dyn Host + 'static) = unsafe { std::mem::transmute(ptr::from_mut(host)) };
        let before = self.host.replace(Some(host));
        let result = work();
        self.host.set(before);
        result
    }

    fn is_running(&self) -> bool {
        self.host.get().is_some() || self.backups.get() > 0
    }

    fn close(&self) {
        #[cfg(sessions)]
        for session in self.sessions.borrow_mut().drain(..) {
            session.delete();
        }
        for statement in self.statements.borrow_mut().drain(..) {
            statement.finalize();
        }
        let handle = self.handle.replace(ptr::null_mut());
        if !handle.is_null() {
            // SAFETY: open until now, and nothing of it is left.
            unsafe { ffi::sqlite3_close(handle) };
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

fn c_string(text: &[u8]) -> CString {
    // What follows a NUL is no part of a name for SQLite.
    let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}

impl Database {
    /// Opens a database; URIs are understood.
    ///
    /// # Errors
    /// SQLite's.
    pub fn open(path: &[u8], options: OpenOptions) -> Result<Database, Failure> {
        let access = if options.read_only {
            ffi::SQLITE_OPEN_READONLY
        } else {
            ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE
        };
        let path = c_string(path);
        let mut handle = ptr::null_mut();
        // SAFETY: a NUL-terminated path; the handle is written even on failure, and closed by `Inner` then.
        let code =
            unsafe { ffi::sqlite3_open_v2(path.as_ptr(), &mut handle, access | ffi::SQLITE_OPEN_URI, ptr::null()) };
        let database = Database {
            inner: Rc::new(Inner {
                handle: Cell::new(handle),
                host: Cell::new(None),
                statements: RefCell::default(),
                #[cfg(sessions)]
                sessions: RefCell::default(),
                backups: Cell::new(0),
            }),
        };
        let inner = &database.inner;
        inner.check(code)?;
        // SAFETY: an open connection.
        unsafe { ffi::sqlite3_extended_result_codes(handle, 1) };
        inner.config(ffi::SQLITE_DBCONFIG_DQS_DML, options.double_quoted_literals)?;
        inner.config(ffi::SQLITE_DBCONFIG_DQS_DDL, options.double_quoted_literals)?;
        inner.config(ffi::SQLITE_DBCONFIG_ENABLE_FKEY, options.foreign_keys)?;
        inner.config(ffi::SQLITE_DBCONFIG_DEFENSIVE, options.defensive)?;
        inner.config(ffi::SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, options.extensions)?;
        // SAFETY: as above.
        inner.check(unsafe { ffi::sqlite3_busy_timeout(handle, options.busy_timeout_ms) })?;
        Ok(database)
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        !self.inner.handle.get().is_null()
    }

    /// Closes it, with all statements and sessions.
    ///
    /// # Errors
    /// Within an operation on it.
    pub fn close(&self) -> Result<(), Busy> {
        if self.inner.is_running() {
            return Err(Busy);
        }
        self.inner.close();
        Ok(())
    }

    /// Runs all statements of `sql`.
    ///
    /// # Errors
    /// SQLite's.
    pub fn execute(&self, host: &mut dyn Host, sql: &[u8]) -> Result<(), Failure> {
        let sql = c_string(sql);
        self.inner.with_host(host, || {
            // SAFETY: an open connection (or null, which is refused) and a NUL-terminated text.
            let code = unsafe {
                ffi::sqlite3_exec(self.inner.handle.get(), sql.as_ptr(), None, ptr::null_mut(), ptr::null_mut())
            };
            self.inner.check(code)
        })
    }

    /// Rows changed by the last statement.
    pub fn changes(&self) -> i64 {
        // SAFETY: an open connection, or null, which gives 0.
        unsafe { ffi::sqlite3_changes64(self.inner.handle.get()) }
    }

    /// The rowid of the last insert.
    pub fn last_insert_rowid(&self) -> i64 {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_last_insert_rowid(self.inner.handle.get()) }
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        // SAFETY: an open connection; null is asked first.
        self.is_open() && unsafe { ffi::sqlite3_get_autocommit(self.inner.handle.get()) } == 0
    }

    /// The file of an attached database; empty for one in memory, `None` if there is none of this name.
    pub fn location(&self, name: &[u8]) -> Option<String> {
        let name = c_string(name);
        // SAFETY: an open connection and a NUL-terminated name; the text is copied at once.
        let text = unsafe { ffi::sqlite3_db_filename(self.inner.handle.get(), name.as_ptr()) };
        (!text.is_null()).then(|| text_of(text))
    }

    /// Sets a limit if `value` is not negative; returns the one before.
    pub fn limit(&self, id: i32, value: i32) -> i32 {
        // SAFETY: an open connection; unknown numbers give -1.
        unsafe { ffi::sqlite3_limit(self.inner.handle.get(), id, value) }
    }

    /// Turns something on or off.
    ///
    /// # Errors
    /// SQLite's.
    pub fn switch(&self, switch: Switch, on: bool) -> Result<(), Failure> {
        match switch {
            Switch::Defensive => self.inner.config(ffi::SQLITE_DBCONFIG_DEFENSIVE, on),
            Switch::LoadExtension => self.inner.config(ffi::SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, on),
        }
    }

    /// Loads an extension from a shared library.
    ///
    /// # Errors
    /// SQLite's, or the dynamic linker's.
    pub fn load_extension(&self, host: &mut dyn Host, path: &[u8], entry: Option<&[u8]>) -> Result<(), Failure> {
        let path = c_string(path);
        let entry = entry.map(c_string);
        self.inner.with_host(host, || {
            let mut message = ptr::null_mut();
            let entry = entry.as_ref().map_or(ptr::null(), |entry| entry.as_ptr());
            // SAFETY: an open connection and NUL-terminated texts; the message is freed below.
            let code =
                unsafe { ffi::sqlite3_load_extension(self.inner.handle.get(), path.as_ptr(), entry, &mut message) };
            let text = text_of(message);
            // SAFETY: null, or a text that SQLite allocated for us.
            unsafe { ffi::sqlite3_free(message.cast()) };
            if code == ffi::SQLITE_OK {
                return Ok(());
            }
            Err(Failure { code, kind: kind_of(code), message: text })
        })
    }

    /// Another name for this connection, for backups.
    pub fn share(&self) -> Database {
        Database { inner: Rc::clone(&self.inner) }
    }
}

impl Inner {
    fn config(&self, option: c_int, on: bool) -> Result<(), Failure> {
        // SAFETY: these options take an int and a pointer to an int, which may be null.
        self.check(unsafe {
            ffi::sqlite3_db_config(self.handle.get(), option, c_int::from(on), ptr::null_mut::<c_int>())
        })
    }
}

/// A copy in progress from one database to another.
pub struct Backup {
    handle: Cell<*mut ffi::sqlite3_backup>,
    source: Database,
    target: Database,
}

impl Backup {
    /// Begins to copy database `source_name` of `source` to `target_name` of `target`.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin(
        source: &Database,
        source_name: &[u8],
        target: Database,
        target_name: &[u8],
    ) -> Result<Backup, Failure> {
        let (from, to) = (c_string(source_name), c_string(target_name));
        // SAFETY: two open connections and NUL-terminated names.
        let handle = unsafe {
            ffi::sqlite3_backup_init(target.inner.handle.get(), to.as_ptr(), source.inner.handle.get(), from.as_ptr())
        };
        if handle.is_null() {
            return Err(target.inner.failure());
        }
        let source = source.share();
        source.inner.backups.set(source.inner.backups.get() + 1);
        Ok(Backup { handle: Cell::new(handle), source, target })
    }

    /// Copies up to `pages` pages (all if negative); whether that was the end.
    ///
    /// # Errors
    /// SQLite's; a lock held by others is none.
    pub fn step(&self, pages: i32) -> Result<bool, Failure> {
        // SAFETY: not finished: both connections are kept open by us.
        let code = unsafe { ffi::sqlite3_backup_step(self.handle.get(), pages) };
        match code {
            ffi::SQLITE_DONE => Ok(true),
            ffi::SQLITE_OK | ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Ok(false),
            code => {
                let message = kind_of(code);
                let found = self.target.inner.failure();
                Err(if found.code == code { found } else { Failure { code, kind: kind_of(code), message } })
            }
        }
    }

    /// Pages left, and pages in all.
    pub fn progress(&self) -> (i32, i32) {
        // SAFETY: not finished.
        unsafe { (ffi::sqlite3_backup_remaining(self.handle.get()), ffi::sqlite3_backup_pagecount(self.handle.get())) }
    }
}

impl Drop for Backup {
    fn drop(&mut self) {
        // SAFETY: not finished before.
        unsafe { ffi::sqlite3_backup_finish(self.handle.get()) };
        self.source.inner.backups.set(self.source.inner.backups.get() - 1);
        // A backup's target belongs to it alone.
        self.target.inner.close();
    }
}

impl Database {
    /// The bytes of an attached database.
    ///
    /// # Errors
    /// If there is none of this name, or memory runs out.
    pub fn serialize(&self, name: &[u8]) -> Result<Vec<u8>, Failure> {
        let name = c_string(name);
        let mut size = 0;
        // SAFETY: an open connection and a NUL-terminated name; the result is ours to free.
        unsafe {
            let start = ffi::sqlite3_serialize(self.inner.handle.get(), name.as_ptr(), &mut size, 0);
            if start.is_null() {
                if size == 0 && self.location(name.to_bytes()).is_some() {
                    return Ok(Vec::new());
                }
                return Err(self.inner.failure());
            }
            let bytes = std::slice::from_raw_parts(start, usize::try_from(size).unwrap_or(0)).to_vec();
            ffi::sqlite3_free(start.cast());
            Ok(bytes)
        }
    }

    /// Replaces an attached database by one in memory with these bytes. Statements end.
    ///
    /// # Errors
    /// SQLite's.
    pub fn deserialize(&self, name: &[u8], bytes: &[u8]) -> Result<(), Failure> {
        for statement in self.inner.statements.borrow_mut().drain(..) {
            statement.finalize();
        }
        let name = c_string(name);
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        // SAFETY: memory of SQLite's allocator that it takes over, also on failure (FREEONCLOSE).
        let code = unsafe {
            let copy = ffi::sqlite3_malloc64(bytes.len() as u64).cast::<u8>();
            if copy.is_null() && !bytes.is_empty() {
                return Err(Failure {
                    code: ffi::SQLITE_NOMEM,
                    kind: kind_of(ffi::SQLITE_NOMEM),
                    message: "out of memory".into(),
                });
            }
            ptr::copy_nonoverlapping(bytes.as_ptr(), copy, bytes.len());
            let flags = ffi::SQLITE_DESERIALIZE_FREEONCLOSE | ffi::SQLITE_DESERIALIZE_RESIZEABLE;
            ffi::sqlite3_deserialize(self.inner.handle.get(), name.as_ptr(), copy, length, length, flags as _)
        };
        self.inner.check(code)
    }

    /// Whether a callback is running on it.
    pub fn is_running(&self) -> bool {
        self.inner.host.get().is_some()
    }
}
