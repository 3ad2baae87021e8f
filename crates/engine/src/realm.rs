//! Further global objects, for `node:vm`: realms in the same compartment, so objects pass between them without wrappers.

use crate::error::Thrown;
use crate::gc;
use crate::global;
use crate::scope::{JsResult, Local, Scope};
use crate::script::{Script, source_text};
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::cell::Cell;
use std::ptr;

thread_local! {
    /// While a script runs on an object: where that object and what `this` shall be instead are rooted.
    static THIS: Cell<Option<(*const sm::Value, *const sm::Value)>> = const { Cell::new(None) };
}

/// While alive, code that is run with `object` in its scope has `this` as its `this`.
struct ThisOverride {
    outer: Option<(*const sm::Value, *const sm::Value)>,
}

impl ThisOverride {
    fn new(object: Local<'_>, this: Local<'_>) -> ThisOverride {
        ThisOverride { outer: THIS.replace(Some((object.handle().ptr, this.handle().ptr))) }
    }
}

impl Drop for ThisOverride {
    fn drop(&mut self) {
        THIS.set(self.outer);
    }
}

#[cfg(all(target_os = "linux", not(test)))]
unsafe extern "C" {
    #[link_name = "__real__ZN2js36NonSyntacticLexicalEnvironmentObject6createEP9JSContextN2JS6HandleIP8JSObjectEES7_"]
    fn real_create_lexical(
        cx: *mut sm::JSContext,
        enclosing: sm::HandleObject,
        this: sm::HandleObject,
    ) -> *mut sm::JSObject;
}

/// `js::NonSyntacticLexicalEnvironmentObject::create(cx, enclosing, this)`: the scope that remembers what `this` is. The engine
/// makes one for each object that scripts are run on, with the object itself as `this`.
///
/// # Safety
/// Called by the engine with its own arguments.
#[cfg(all(target_os = "linux", not(test)))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js36NonSyntacticLexicalEnvironmentObject6createEP9JSContextN2JS6HandleIP8JSObjectEES7_(
    cx: *mut sm::JSContext,
    enclosing: sm::HandleObject,
    this: sm::HandleObject,
) -> *mut sm::JSObject {
    // SAFETY: both pointers are to rooted values that outlive the override.
    let other = THIS.get().and_then(|(object, other)| unsafe {
        let ours = (*object).is_object() && (*object).to_object() == *this.ptr;
        (ours && (*other).is_object()).then(|| (*other).to_object())
    });
    mozjs::rooted!(in(cx) let instead = other.unwrap_or(ptr::null_mut()));
    // SAFETY: the engine's own function; what replaces an argument is rooted.
    unsafe { real_create_lexical(cx, enclosing, if other.is_some() { h!(instead) } else { this }) }
}

impl<'s> Scope<'s> {
    /// A fresh global object with its own builtins.
    pub fn create_realm(&mut self) -> JsResult<'s> {
        // SAFETY: a live context with an entered realm; the new global is rooted at once.
        let global = unsafe { global::create_beside(self.cx()) };
        let global = self.object_local(global)?;
        self.lift_restrictions(global);
        Ok(global)
    }

    /// Makes `this` what the global object `global` is for code: its `globalThis`, and the `this` of its scripts. Before any
    /// code has run there.
    pub fn set_global_this(&mut self, global: Local<'_>, this: Local<'_>) {
        root_object!(self, global = global);
        root_object!(self, this = this);
        // SAFETY: a global object and an object of one compartment, rooted. The engine only hands the object out.
        unsafe { sm::SetWindowProxy(self.cx(), h!(global), h!(this)) }
    }

    /// Runs `work` in the realm of `global`: what it compiles and creates belongs to that realm.
    pub fn in_realm<R>(&mut self, global: Local<'_>, work: impl FnOnce(&mut Scope<'s>) -> R) -> R {
        // SAFETY: `global` is a global object (callers get it from `create_realm`), kept alive by the local; the realm is
        // left again before the local can die.
        let old = unsafe { sm::EnterRealm(self.cx(), global.object_ptr()) };
        let result = work(self);
        // SAFETY: pairs with the call above.
        unsafe { sm::LeaveRealm(self.cx(), old) };
        result
    }

    /// Compiles a script whose top-level `var`s and functions become properties of the object it is run on.
    pub fn compile_script_for_object(
        &mut self,
        source: &str,
        file: &str,
        line: u32,
        column: u32,
    ) -> Result<Script, Thrown> {
        let options = self.compile_options(file, line);
        // SAFETY: the options are ours until the compile call.
        unsafe {
            (*options.ptr)._base.nonSyntacticScope = true;
            (*options.ptr).column._base = column + 1;
        }
        self.compile_with(source, options)
    }

    /// As [`Scope::compile_script`], with the 0-based column of the first character.
    pub fn compile_script_at(&mut self, source: &str, file: &str, line: u32, column: u32) -> Result<Script, Thrown> {
        let options = self.compile_options(file, line);
        // SAFETY: as above.
        unsafe { (*options.ptr).column._base = column + 1 };
        self.compile_with(source, options)
    }

    fn compile_with(&mut self, source: &str, options: mozjs::rust::CompileOptionsWrapper) -> Result<Script, Thrown> {
        let mut text = source_text(source);
        // SAFETY: everything lives during the call; the returned reference is owned by `Script`.
        let stencil = unsafe { sm::CompileGlobalScriptToStencil(self.cx(), options.ptr, &mut text) }.mRawPtr;
        if stencil.is_null() {
            return Err(Thrown::pending());
        }
        Ok(Script::from_parts(stencil, options))
    }

    /// Runs a script of [`Scope::compile_script_for_object`] in the current realm, with `object` before the global object in its
    /// scope; its `this` is `this`, which must be the same for all scripts that are run on the object.
    pub fn run_script_on(
        &mut self,
        script: &Script,
        object: Local<'_>,
        this: Local<'_>,
        referrer: Local<'_>,
    ) -> JsResult<'s> {
        let cx = self.cx();
        let _override = ThisOverride::new(object, this);
        let (value, out) = self.out();
        // SAFETY: the chain roots its objects; the script is rooted before it runs.
        unsafe {
            let raw =
                sm::InstantiateGlobalStencil(cx, &script.instantiate_options(), script.stencil(), ptr::null_mut());
            if raw.is_null() {
                return Err(Thrown::pending());
            }
            mozjs::rooted!(in(cx) let raw = raw);
            sm::SetScriptPrivate(raw.get(), &referrer.raw());
            let chain = sm::glue::NewEnvironmentChain(cx, sm::SupportUnscopables::No);
            let appended = sm::glue::AppendToEnvironmentChain(chain, object.object_ptr());
            let ok = appended && sm::JS_ExecuteScript2(cx, chain, h!(raw), out);
            sm::glue::DeleteEnvironmentChain(chain);
            Thrown::check(ok)?;
        }
        Ok(value)
    }

    /// Compiles a function body with `objects` in its scope (innermost last) in the current realm; `this` as in
    /// [`Scope::run_script_on`] for the first of them.
    pub fn compile_function_in(
        &mut self,
        source: &str,
        file: &str,
        position: (u32, u32),
        parameters: &[String],
        (objects, this): (&[Local<'_>], Option<Local<'_>>),
        referrer: Local<'_>,
    ) -> JsResult<'s> {
        let _override = this.and_then(|this| objects.first().map(|object| ThisOverride::new(*object, this)));
        let (line, column) = position;
        // The engine puts a header line of its own before the body.
        let options = self.compile_options(file, line.saturating_sub(1));
        let owned: Vec<_> = parameters.iter().map(|text| crate::script::parameter_text(text)).collect();
        let pointers: Vec<_> = owned.iter().map(|text| text.as_ptr()).collect();
        let cx = self.cx();
        let _ = column;
        // SAFETY: everything passed lives during the call; the function is rooted before the script private is set.
        unsafe {
            if !objects.is_empty() {
                (*options.ptr)._base.nonSyntacticScope = true;
            }
            let chain = sm::glue::NewEnvironmentChain(cx, sm::SupportUnscopables::No);
            let appended =
                objects.iter().rev().all(|object| sm::glue::AppendToEnvironmentChain(chain, object.object_ptr()));
            let function = if appended {
                crate::script::compile_body(cx, chain, options.ptr, c"", &pointers, source)
            } else {
                ptr::null_mut()
            };
            sm::glue::DeleteEnvironmentChain(chain);
            if function.is_null() {
                return Err(Thrown::pending());
            }
            mozjs::rooted!(in(cx) let function = function);
            let local = self.local(jsval::ObjectValue(sm::JS_GetFunctionObject(function.get())));
            let script = sm::JS_GetFunctionScript(cx, h!(function));
            if !script.is_null() {
                sm::SetScriptPrivate(script, &referrer.raw());
            }
            Ok(local)
        }
    }

    /// Runs `work`; after `timeout_ms` milliseconds it is terminated. The flag says whether that happened.
    pub fn with_timeout<R>(&mut self, timeout_ms: u64, work: impl FnOnce(&mut Scope<'s>) -> R) -> (R, bool) {
        let watchdog = gc::Watchdog::start(self.cx(), timeout_ms);
        let result = work(self);
        let fired = watchdog.stop();
        (result, fired)
    }

    /// Runs `work`; SIGINT terminates it. The flag says whether that happened.
    pub fn with_sigint<R>(&mut self, work: impl FnOnce(&mut Scope<'s>) -> R) -> (R, bool) {
        let watch = gc::SigintWatch::start(self.cx());
        let result = work(self);
        let fired = watch.is_some_and(gc::SigintWatch::stop);
        (result, fired)
    }
}
