//! Whether code may be made from strings (`eval`, `new Function`) and from bytes (WebAssembly): the engine asks before it does.

use crate::scope::{Local, Scope};
use mozjs::jsapi as sm;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_void;

/// What is allowed.
#[derive(Clone, Copy)]
struct Allowed {
    strings: bool,
    wasm: bool,
}

thread_local! {
    /// What realms are allowed to do that are restricted, by their addresses: realms do not move, and one that takes the
    /// place of another is forgotten first.
    static RESTRICTED: RefCell<HashMap<usize, Allowed>> = RefCell::default();
}

/// `JSSecurityCallbacks` (js/Principals.h).
#[repr(C)]
struct SecurityCallbacks {
    allows: unsafe extern "C" fn(
        *mut sm::JSContext,
        u32,
        *const c_void,
        u32,
        *const c_void,
        *const c_void,
        *const c_void,
        *const c_void,
        *mut bool,
    ) -> bool,
    code_for_eval: *const c_void,
    subsumes: *const c_void,
}

// SAFETY: immutable, and its null pointers point nowhere.
unsafe impl Sync for SecurityCallbacks {}

static CALLBACKS: SecurityCallbacks =
    SecurityCallbacks { allows, code_for_eval: std::ptr::null(), subsumes: std::ptr::null() };

/// `JS::RuntimeCode::WASM`
const WASM: u32 = 1;

unsafe extern "C" {
    #[link_name = "_Z23JS_SetSecurityCallbacksP9JSContextPK19JSSecurityCallbacks"]
    fn set_security_callbacks(cx: *mut sm::JSContext, callbacks: *const SecurityCallbacks);
}

unsafe extern "C" fn allows(
    cx: *mut sm::JSContext,
    kind: u32,
    _code: *const c_void,
    _compilation: u32,
    _parameters: *const c_void,
    _body: *const c_void,
    _parameter_arguments: *const c_void,
    _body_argument: *const c_void,
    allowed: *mut bool,
) -> bool {
    // SAFETY: the engine's running context and its out parameter.
    unsafe {
        let realm = sm::GetCurrentRealmOrNull(cx) as usize;
        let known = RESTRICTED.with_borrow(|realms| realms.get(&realm).copied());
        *allowed = known.is_none_or(|known| if kind == WASM { known.wasm } else { known.strings });
    }
    true
}

impl Scope<'_> {
    /// Says what the realm of the global object `global` may do; everything, unless this was called.
    pub fn restrict_code_generation(&mut self, global: Local<'_>, strings: bool, wasm: bool) {
        let realm = self.in_realm(global, |sc| {
            // SAFETY: a realm has just been entered.
            unsafe { sm::GetCurrentRealmOrNull(sc.cx()) as usize }
        });
        // SAFETY: the callbacks live for ever.
        unsafe { set_security_callbacks(self.cx(), &CALLBACKS) };
        RESTRICTED.with_borrow_mut(|realms| realms.insert(realm, Allowed { strings, wasm }));
    }

    /// Forgets what was said of a realm that had this place before.
    pub(crate) fn lift_restrictions(&mut self, global: Local<'_>) {
        if RESTRICTED.with_borrow(HashMap::is_empty) {
            return;
        }
        let realm = self.in_realm(global, |sc| {
            // SAFETY: as above.
            unsafe { sm::GetCurrentRealmOrNull(sc.cx()) as usize }
        });
        RESTRICTED.with_borrow_mut(|realms| realms.remove(&realm));
    }
}
