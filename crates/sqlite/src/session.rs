//! Sessions and changesets.

use crate::{Busy, Database, Failure, Host, Inner, c_string};
use libsqlite3_sys as ffi;
use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;

pub(crate) struct Raw {
    handle: Cell<*mut ffi::sqlite3_session>,
}

impl Raw {
    pub(crate) fn delete(&self) {
        let handle = self.handle.replace(ptr::null_mut());
        if !handle.is_null() {
            // SAFETY: made by us, and its connection is still open.
            unsafe { ffi::sqlite3session_delete(handle) };
        }
    }
}

/// A record of changes.
pub struct Session {
    raw: Rc<Raw>,
    database: Rc<Inner>,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.close();
    }
}

/// Whether conflicts and tables are the [`Host`]'s to decide.
#[derive(Clone, Copy, Debug)]
pub struct Conflicts {
    /// Ask about conflicts; otherwise they end the operation.
    pub conflict: bool,
    /// Ask about tables; otherwise all are taken.
    pub filter: bool,
}

impl Database {
    /// Begins to record changes of a table (all tables for `None`) of an attached database.
    ///
    /// # Errors
    /// SQLite's.
    pub fn session(&self, database: &[u8], table: Option<&[u8]>) -> Result<Session, Failure> {
        let name = c_string(database);
        let table = table.map(c_string);
        let mut handle = ptr::null_mut();
        // SAFETY: an open connection and NUL-terminated names.
        let code = unsafe { ffi::sqlite3session_create(self.inner.handle.get(), name.as_ptr(), &mut handle) };
        self.inner.check(code)?;
        let raw = Rc::new(Raw { handle: Cell::new(handle) });
        self.inner.sessions.borrow_mut().push(Rc::clone(&raw));
        let session = Session { raw, database: Rc::clone(&self.inner) };
        let table = table.as_ref().map_or(ptr::null(), |table| table.as_ptr());
        // SAFETY: as above; null means all tables.
        self.inner.check(unsafe { ffi::sqlite3session_attach(handle, table) })?;
        Ok(session)
    }

    /// Applies a changeset; false if it was aborted because of a conflict.
    ///
    /// # Errors
    /// SQLite's.
    pub fn apply_changeset(&self, host: &mut dyn Host, changeset: &[u8], ask: Conflicts) -> Result<bool, Failure> {
        let mut copy = changeset.to_vec();
        let length = c_int::try_from(copy.len()).unwrap_or(c_int::MAX);
        let code = self.inner.with_host(host, || {
            let context = Context { inner: Rc::as_ptr(&self.inner), ask };
            // SAFETY: an open connection, bytes of this length, and a context that lives during the call.
            unsafe {
                ffi::sqlite3changeset_apply(
                    self.inner.handle.get(),
                    length,
                    copy.as_mut_ptr().cast(),
                    if ask.filter { Some(filter) } else { None },
                    Some(conflict),
                    ptr::from_ref(&context).cast_mut().cast(),
                )
            }
        });
        match code {
            ffi::SQLITE_OK => Ok(true),
            ffi::SQLITE_ABORT => Ok(false),
            code => {
                let found = self.inner.failure();
                let kind = crate::kind_of(code);
                Err(if found.code & 0xff == code & 0xff {
                    found
                } else {
                    Failure { code, message: kind.clone(), kind }
                })
            }
        }
    }
}

struct Context {
    inner: *const Inner,
    ask: Conflicts,
}

unsafe fn host_of<'a>(context: *mut c_void) -> Option<&'a mut (dyn Host + 'static)> {
    // SAFETY: the context of the running `apply_changeset`, whose host is lent for its duration.
    unsafe { (*(*context.cast::<Context>()).inner).host.get().map(|host| &mut *host) }
}

unsafe extern "C" fn conflict(context: *mut c_void, kind: c_int, _iterator: *mut ffi::sqlite3_changeset_iter) -> c_int {
    let abort = ffi::SQLITE_CHANGESET_ABORT as c_int;
    // SAFETY: as in `host_of`.
    if !unsafe { (*context.cast::<Context>()).ask.conflict } {
        return abort;
    }
    catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: within the callback.
        unsafe { host_of(context) }.map_or(abort, |host| host.conflict(kind))
    }))
    .unwrap_or(abort)
}

unsafe extern "C" fn filter(context: *mut c_void, table: *const c_char) -> c_int {
    catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: a NUL-terminated name for the time of the call.
        let table = unsafe { CStr::from_ptr(table) }.to_string_lossy().into_owned();
        // SAFETY: within the callback.
        c_int::from(unsafe { host_of(context) }.is_some_and(|host| host.filter(table)))
    }))
    .unwrap_or(0)
}

impl Session {
    /// Whether it was closed, by itself or with its database.
    pub fn is_closed(&self) -> bool {
        self.raw.handle.get().is_null()
    }

    /// Stops recording.
    pub fn close(&self) {
        self.database.sessions.borrow_mut().retain(|other| !Rc::ptr_eq(other, &self.raw));
        self.raw.delete();
    }

    /// The changes so far; with `patch` in the shorter form.
    ///
    /// # Errors
    /// SQLite's.
    pub fn changes(&self, patch: bool) -> Result<Vec<u8>, Failure> {
        let (mut length, mut start) = (0, ptr::null_mut());
        // SAFETY: a live session; the result is ours to free.
        unsafe {
            let code = if patch {
                ffi::sqlite3session_patchset(self.raw.handle.get(), &mut length, &mut start)
            } else {
                ffi::sqlite3session_changeset(self.raw.handle.get(), &mut length, &mut start)
            };
            self.database.check(code)?;
            let bytes = crate::statement::bytes(start.cast::<u8>().cast_const(), length);
            ffi::sqlite3_free(start);
            Ok(bytes)
        }
    }

    /// Refused within an operation, as its database may be looking at it.
    ///
    /// # Errors
    /// Within an operation.
    pub fn check_idle(&self) -> Result<(), Busy> {
        if self.database.host.get().is_some() { Err(Busy) } else { Ok(()) }
    }
}
