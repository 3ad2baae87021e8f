//! Which files SQLite may open: a layer over its file system that asks before it opens a database.
//!
//! Statements can name files, too (`ATTACH`, `VACUUM INTO`), and all of them come through here. Journals and their like follow
//! from the database and are not asked for.

use libsqlite3_sys as ffi;
use std::cell::RefCell;
use std::ffi::{CStr, c_int};
use std::ptr;
use std::sync::OnceLock;

/// Whether `path` may be opened; `writes` unless for reading only.
pub type Allows = fn(path: &[u8], writes: bool) -> bool;

/// Error code of an open that was refused.
const REFUSED: c_int = ffi::SQLITE_CANTOPEN;

struct Guard {
    allows: Allows,
    open: OpenFile,
}

type OpenFile = unsafe extern "C" fn(
    *mut ffi::sqlite3_vfs,
    ffi::sqlite3_filename,
    *mut ffi::sqlite3_file,
    c_int,
    *mut c_int,
) -> c_int;

static GUARD: OnceLock<Option<Guard>> = OnceLock::new();

thread_local! {
    static LAST_REFUSED: RefCell<Option<Refused>> = const { RefCell::new(None) };
}

/// An open that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The absolute path.
    pub path: Vec<u8>,
    /// Whether writing was wanted, too.
    pub writes: bool,
}

/// From now on and for the whole process, SQLite opens only what `allows` says. Only the first call counts.
///
/// Returns whether the guard is in place.
pub fn guard_files(allows: Allows) -> bool {
    GUARD.get_or_init(|| install(allows)).is_some()
}

/// The open that was refused last on this thread, once.
#[must_use]
pub fn take_refused() -> Option<Refused> {
    LAST_REFUSED.with(RefCell::take)
}

fn install(allows: Allows) -> Option<Guard> {
    // SAFETY: initializes SQLite if need be, and returns its default file system, which is never freed.
    let system = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
    if system.is_null() {
        return None;
    }
    // SAFETY: not null, so it points to a registered file system; only plain fields and function pointers are copied.
    let mut layer = unsafe { *system };
    let open = layer.xOpen?;
    layer.xOpen = Some(open_guarded);
    layer.zName = c"guarded".as_ptr();
    layer.pNext = ptr::null_mut();
    // It stays registered until the process ends.
    let layer = Box::leak(Box::new(layer));
    // SAFETY: a complete file system that lives forever, under a name of its own.
    let code = unsafe { ffi::sqlite3_vfs_register(layer, 1) };
    (code == ffi::SQLITE_OK).then_some(Guard { allows, open })
}

unsafe extern "C" fn open_guarded(
    system: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    let Some(Some(guard)) = GUARD.get() else { return REFUSED };
    if !name.is_null() && flags & ffi::SQLITE_OPEN_MAIN_DB != 0 {
        // SAFETY: SQLite's names are NUL-terminated and valid for the call.
        let path = unsafe { CStr::from_ptr(name) }.to_bytes();
        let writes = flags & ffi::SQLITE_OPEN_READONLY == 0;
        if !(guard.allows)(path, writes) {
            LAST_REFUSED.with(|last| *last.borrow_mut() = Some(Refused { path: path.to_vec(), writes }));
            if !file.is_null() {
                // SAFETY: SQLite hands out room for a file, and closes one only if it has methods.
                unsafe { (*file).pMethods = ptr::null() };
            }
            return REFUSED;
        }
    }
    // SAFETY: the arguments as SQLite gave them; the layer's own data are those of the system below it.
    unsafe { (guard.open)(system, name, file, flags, flags_out) }
}
