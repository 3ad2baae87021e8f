//! Loading: `dlopen`, and how an addon registers itself.
//!
//! An addon exports `napi_register_module_v1`, or (older ones) calls `napi_module_register` from a constructor that the dynamic
//! linker runs. Either way it gets an environment of its own for each time it is loaded on a thread.

use crate::env::{Env, VERSION, VERSION_DEFAULT, VERSION_EXPERIMENTAL};
use crate::symbols;
use crate::thread::Thread;
use anode_engine::{Args, ErrorClass, JsResult, Local, Root, Scope, Thrown, raw};
use anode_runtime::permission::{self, Permission};
use anode_runtime::require_builtin;
use mozjs::jsapi as sm;
use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::{Mutex, PoisonError};

/// `napi_addon_register_func`
type Register = unsafe extern "C" fn(*const Env, *mut sm::Value) -> *mut sm::Value;
/// `node_api_addon_get_api_version_func`
type GetVersion = unsafe extern "C" fn() -> i32;

/// `napi_module`
#[repr(C)]
pub struct NapiModule {
    version: c_int,
    flags: u32,
    filename: *const c_char,
    register: Option<Register>,
    name: *const c_char,
    private: *mut c_void,
    reserved: [*mut c_void; 4],
}

thread_local! {
    /// What registered itself since the last load began on this thread.
    static REGISTERED: Cell<*const NapiModule> = const { Cell::new(ptr::null()) };
}

/// Modules that registered themselves, by the handle of their file: constructors run only once. Addresses of functions.
static KNOWN: Mutex<Option<HashMap<usize, usize>>> = Mutex::new(None);

/// `napi_module_register`: called by constructors of older addons.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_module_register(module: *const NapiModule) {
    REGISTERED.with(|registered| registered.set(module));
}

fn last_dl_error() -> String {
    // SAFETY: the text is valid until this thread's next call.
    unsafe {
        let text = libc::dlerror();
        if text.is_null() { "unknown error".to_owned() } else { CStr::from_ptr(text).to_string_lossy().into_owned() }
    }
}

fn failed(sc: &mut Scope<'_>, message: &str) -> Thrown {
    match crate::errors::make(sc, ErrorClass::Error, Some("ERR_DLOPEN_FAILED"), message) {
        Ok(error) => sc.throw(error),
        Err(thrown) => thrown,
    }
}

/// `dlopen(module, filename, flags)`: loads an addon into `module.exports`.
///
/// # Errors
/// `ERR_DLOPEN_FAILED`; whatever the addon throws.
pub(crate) fn dlopen<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let module = args.get(0);
    let filename = sc.to_string(args.get(1))?;
    let flags = args.get(2).as_i32().unwrap_or(libc::RTLD_LAZY);
    permission::require(sc, Permission::Addon, filename.as_bytes())?;
    let Ok(path) = CString::new(filename.clone()) else {
        return Err(failed(sc, "The path of an addon must not contain null bytes"));
    };
    // The dynamic linker ends the process when it misses a function at its first call: look before.
    if let Some(symbol) = symbols::missing(&filename) {
        return Err(failed(sc, &symbols::explain(&filename, &symbol)));
    }
    REGISTERED.with(|registered| registered.set(ptr::null()));
    // SAFETY: the path is NUL-terminated. Constructors of the library run here: that is what loading an addon means.
    let handle = unsafe { libc::dlopen(path.as_ptr(), flags) };
    if handle.is_null() {
        let message = last_dl_error();
        return Err(failed(sc, &message));
    }
    let Some(register) = registration(handle) else {
        // SAFETY: the handle of above, used no more.
        unsafe { libc::dlclose(handle) };
        return Err(failed(sc, &format!("Module did not self-register: '{filename}'.")));
    };
    let version = match symbol(handle, c"node_api_module_get_api_version_v1") {
        // SAFETY: the symbol has this type by Node-API's convention.
        Some(address) => unsafe { std::mem::transmute::<*mut c_void, GetVersion>(address)() },
        None => VERSION_DEFAULT,
    };
    if version > VERSION && version != VERSION_EXPERIMENTAL {
        let message = format!(
            "{filename} requires Node-API version {version}, but this version of Node.js only supports version {VERSION} \
             add-ons."
        );
        return Err(failed(sc, &message));
    }
    initialize(sc, module, register, version.max(VERSION_DEFAULT))?;
    Ok(sc.undefined())
}

fn symbol(handle: *mut c_void, name: &CStr) -> Option<*mut c_void> {
    // SAFETY: a handle of `dlopen`.
    let address = unsafe { libc::dlsym(handle, name.as_ptr()) };
    (!address.is_null()).then_some(address)
}

/// The function that initialises the addon of this file.
fn registration(handle: *mut c_void) -> Option<Register> {
    let registered = REGISTERED.with(|registered| registered.replace(ptr::null()));
    // SAFETY: null, or a static record of the library that was just loaded.
    let constructor = unsafe { registered.as_ref() }.and_then(|module| module.register);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(register) = constructor {
        known.insert(handle as usize, register as usize);
    }
    if let Some(address) = symbol(handle, c"napi_register_module_v1") {
        // SAFETY: the symbol has this type by Node-API's convention.
        return Some(unsafe { std::mem::transmute::<*mut c_void, Register>(address) });
    }
    let address = *known.get(&(handle as usize))?;
    // SAFETY: what was stored above; libraries with an addon are never closed.
    Some(unsafe { std::mem::transmute::<usize, Register>(address) })
}

/// The addon's file as a URL, from `module.filename`; empty if there is none.
fn file_url(sc: &mut Scope<'_>, module: Local<'_>) -> Result<CString, Thrown> {
    let filename = sc.get(module, "filename")?;
    if !filename.is_string() {
        return Ok(CString::default());
    }
    let url = require_builtin(sc, "url")?;
    let convert = sc.get(url, "pathToFileURL")?;
    let converted = sc.call(convert, url, &[filename])?;
    let href = sc.get(converted, "href")?;
    let text = sc.to_string(href)?;
    Ok(CString::new(text).unwrap_or_default())
}

fn initialize(sc: &mut Scope<'_>, module: Local<'_>, register: Register, version: i32) -> Result<(), Thrown> {
    let exports = sc.get(module, "exports")?;
    if exports.is_nullish() {
        return Err(sc.throw_type_error("Cannot convert undefined or null to object"));
    }
    let url = file_url(sc, module)?;
    let thread = Thread::current(sc);
    // Addons keep its address in static variables and on other threads: it is never freed.
    let env: &'static Env = Box::leak(Box::new(Env::new(sc, thread.clone(), version, url)));
    thread.envs.borrow_mut().push(env);
    env.initializing.set(true);
    let mut returned = None;
    env.run_addon(|| {
        let slot = env.push(raw::value(exports));
        // SAFETY: the addon's own function, with its environment on its thread.
        let value = unsafe { register(env, slot.0) };
        // The handles of this callback end with it: a root outlives them.
        // SAFETY: null, or a handle that is still open.
        returned = unsafe { value.as_ref() }.map(|value| Root::new(sc, raw::local(sc, *value)));
    });
    env.initializing.set(false);
    env.throw_pending(sc)?;
    if let Some(root) = returned {
        let value = root.get(sc);
        if !value.is_undefined() && !value.is_same(exports) {
            sc.set(module, "exports", value)?;
        }
    }
    Ok(())
}
