//! Prepared statements.

use crate::{Busy, Database, Failure, Host, Inner, Value, text_of};
use libsqlite3_sys as ffi;
use std::cell::Cell;
use std::ffi::{c_char, c_int};
use std::ptr;
use std::rc::Rc;

/// The statement itself; null once finalized.
pub(crate) struct Raw {
    handle: Cell<*mut ffi::sqlite3_stmt>,
    running: Cell<bool>,
}

impl Raw {
    pub(crate) fn finalize(&self) {
        let handle = self.handle.replace(ptr::null_mut());
        if !handle.is_null() {
            // SAFETY: prepared by us, not finalized before, and not running (see `Database::close` and `Drop`).
            unsafe { ffi::sqlite3_finalize(handle) };
        }
    }
}

/// A prepared statement.
pub struct Statement {
    raw: Rc<Raw>,
    database: Rc<Inner>,
}

/// What a step brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The end.
    Done,
    /// A row.
    Row,
}

impl Drop for Statement {
    fn drop(&mut self) {
        if !self.raw.running.get() {
            self.database.statements.borrow_mut().retain(|other| !Rc::ptr_eq(other, &self.raw));
            self.raw.finalize();
        }
    }
}

impl Database {
    /// Prepares the first statement of `sql`.
    ///
    /// # Errors
    /// SQLite's.
    pub fn prepare(&self, host: &mut dyn Host, sql: &[u8]) -> Result<Statement, Failure> {
        let mut handle = ptr::null_mut();
        let length = c_int::try_from(sql.len()).unwrap_or(c_int::MAX);
        let inner = &self.inner;
        let code = inner.with_host(host, || {
            // SAFETY: an open connection and a text of this length.
            unsafe {
                ffi::sqlite3_prepare_v2(
                    inner.handle.get(),
                    sql.as_ptr().cast::<c_char>(),
                    length,
                    &mut handle,
                    ptr::null_mut(),
                )
            }
        });
        inner.check(code)?;
        let raw = Rc::new(Raw { handle: Cell::new(handle), running: Cell::new(false) });
        inner.statements.borrow_mut().push(Rc::clone(&raw));
        Ok(Statement { raw, database: Rc::clone(inner) })
    }
}

impl Statement {
    fn handle(&self) -> *mut ffi::sqlite3_stmt {
        self.raw.handle.get()
    }

    /// Whether its database is open.
    pub fn is_finalized(&self) -> bool {
        self.handle().is_null()
    }

    /// Whether it is being run by somebody below.
    pub fn is_running(&self) -> bool {
        self.raw.running.get()
    }

    /// Makes it ready to run again; bindings stay.
    ///
    /// # Errors
    /// While it runs.
    pub fn reset(&self) -> Result<(), Busy> {
        if self.raw.running.get() {
            return Err(Busy);
        }
        // SAFETY: a live statement or null, which does nothing. The result repeats that of the last step.
        unsafe { ffi::sqlite3_reset(self.handle()) };
        Ok(())
    }

    /// Sets all parameters to NULL.
    pub fn clear_bindings(&self) {
        // SAFETY: a live statement that does not run.
        unsafe { ffi::sqlite3_clear_bindings(self.handle()) };
    }

    /// Runs to the next row.
    ///
    /// # Errors
    /// SQLite's.
    pub fn step(&self, host: &mut dyn Host) -> Result<Step, Failure> {
        if self.raw.running.replace(true) {
            return Err(Failure {
                code: ffi::SQLITE_MISUSE,
                message: "statement is running".into(),
                ..Failure::default()
            });
        }
        // SAFETY: a live statement or null, which is refused.
        let code = self.database.with_host(host, || unsafe { ffi::sqlite3_step(self.handle()) });
        self.raw.running.set(false);
        match code {
            ffi::SQLITE_ROW => Ok(Step::Row),
            ffi::SQLITE_DONE => Ok(Step::Done),
            _ => Err(self.database.failure()),
        }
    }

    /// Binds parameter `index`, from 1.
    ///
    /// # Errors
    /// SQLite's: no such parameter, too long a value.
    pub fn bind(&self, index: i32, value: &Value) -> Result<(), Failure> {
        let handle = self.handle();
        // SAFETY: a live statement; SQLite copies text and bytes (SQLITE_TRANSIENT).
        let code = unsafe {
            match value {
                Value::Null => ffi::sqlite3_bind_null(handle, index),
                Value::Integer(value) => ffi::sqlite3_bind_int64(handle, index, *value),
                Value::Real(value) => ffi::sqlite3_bind_double(handle, index, *value),
                Value::Text(text) => ffi::sqlite3_bind_text64(
                    handle,
                    index,
                    text.as_ptr().cast::<c_char>(),
                    text.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                    ffi::SQLITE_UTF8 as u8,
                ),
                Value::Blob(bytes) if bytes.is_empty() => ffi::sqlite3_bind_zeroblob(handle, index, 0),
                Value::Blob(bytes) => ffi::sqlite3_bind_blob64(
                    handle,
                    index,
                    bytes.as_ptr().cast(),
                    bytes.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                ),
            }
        };
        self.database.check(code)
    }

    /// Names of the parameters, from 1 on; `None` for those without.
    pub fn parameters(&self) -> Vec<Option<String>> {
        // SAFETY: a live statement; names are copied at once.
        unsafe {
            let count = ffi::sqlite3_bind_parameter_count(self.handle());
            (1..=count)
                .map(|index| {
                    let name = ffi::sqlite3_bind_parameter_name(self.handle(), index);
                    (!name.is_null()).then(|| text_of(name))
                })
                .collect()
        }
    }

    /// How many columns a row has.
    pub fn column_count(&self) -> i32 {
        // SAFETY: a live statement or null, which has none.
        unsafe { ffi::sqlite3_column_count(self.handle()) }
    }

    /// The name of a column.
    pub fn column_name(&self, index: i32) -> String {
        // SAFETY: a live statement; out of range gives null.
        text_of(unsafe { ffi::sqlite3_column_name(self.handle(), index) })
    }

    /// Origin of a column: its own name, database, declared type, table.
    pub fn column_origin(&self, index: i32) -> [Option<String>; 4] {
        let text = |text: *const c_char| (!text.is_null()).then(|| text_of(text));
        let handle = self.handle();
        // SAFETY: a live statement; out of range gives null; texts are copied at once.
        unsafe {
            [
                text(ffi::sqlite3_column_origin_name(handle, index)),
                text(ffi::sqlite3_column_database_name(handle, index)),
                text(ffi::sqlite3_column_decltype(handle, index)),
                text(ffi::sqlite3_column_table_name(handle, index)),
            ]
        }
    }

    /// A column of the current row.
    pub fn column(&self, index: i32) -> Value {
        let handle = self.handle();
        // SAFETY: a live statement; the value is valid until the next step, and copied at once.
        unsafe {
            match ffi::sqlite3_column_type(handle, index) {
                ffi::SQLITE_INTEGER => Value::Integer(ffi::sqlite3_column_int64(handle, index)),
                ffi::SQLITE_FLOAT => Value::Real(ffi::sqlite3_column_double(handle, index)),
                ffi::SQLITE_TEXT => {
                    let start = ffi::sqlite3_column_text(handle, index);
                    Value::Text(bytes(start, ffi::sqlite3_column_bytes(handle, index)))
                }
                ffi::SQLITE_BLOB => {
                    let start = ffi::sqlite3_column_blob(handle, index).cast::<u8>();
                    Value::Blob(bytes(start, ffi::sqlite3_column_bytes(handle, index)))
                }
                _ => Value::Null,
            }
        }
    }

    /// A counter of what it did, set to 0 if asked.
    pub fn counter(&self, id: i32, reset: bool) -> i32 {
        // SAFETY: a live statement or null; unknown numbers give 0.
        unsafe { ffi::sqlite3_stmt_status(self.handle(), id, c_int::from(reset)) }
    }

    /// Its text as it was prepared.
    pub fn sql(&self) -> String {
        // SAFETY: a live statement or null, which gives null.
        text_of(unsafe { ffi::sqlite3_sql(self.handle()) })
    }

    /// Its text with the bound values in it; `None` if memory runs out.
    pub fn expanded_sql(&self) -> Option<String> {
        // SAFETY: a live statement; the text is ours to free.
        unsafe {
            let text = ffi::sqlite3_expanded_sql(self.handle());
            if text.is_null() {
                return None;
            }
            let copy = text_of(text);
            ffi::sqlite3_free(text.cast());
            Some(copy)
        }
    }
}

/// # Safety
/// `start` is null or has `length` bytes.
pub(crate) unsafe fn bytes(start: *const u8, length: c_int) -> Vec<u8> {
    match usize::try_from(length) {
        // SAFETY: by the caller.
        Ok(length) if length > 0 && !start.is_null() => unsafe { std::slice::from_raw_parts(start, length) }.to_vec(),
        _ => Vec::new(),
    }
}
