//! ES modules: compile, link, evaluate, and the engine's two hooks.
//!
//! Policy (what a specifier means, which module a request gets, in what order graphs load) is the embedder's JavaScript.
//! It compiles modules, reads their requests, tells each module with [`Scope::module_set_linked`] which modules its
//! requests lead to, and then links the root: the engine's load hook answers from those lists at once. `import()` and
//! `import.meta` go to the two functions given to [`Scope::set_module_hooks`].
//!
//! A module's script private is the array `[hostDefined, linkedModules]`; that of a script or function is its host-defined
//! value itself, which therefore must not be an array.

use crate::context;
use crate::error::Thrown;
use crate::root::Root;
use crate::scope::{JsResult, Local, Scope};
use crate::script::{Script, source_text};
use crate::sys::MozVec;
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// The embedder's functions.
#[derive(Default)]
pub(crate) struct ModuleHooks {
    /// `(specifier, type, hostDefined, sourcePhase) -> promise of a namespace, or of a module's source`
    import: RefCell<Option<Root>>,
    /// `(meta, hostDefined, module)`
    meta: RefCell<Option<Root>>,
}

impl ModuleHooks {
    /// Lets go of all roots.
    pub(crate) fn clear(&self) {
        self.import.replace(None);
        self.meta.replace(None);
    }
}

/// One `import ... from` of a module.
pub struct ModuleRequest {
    /// As written.
    pub specifier: String,
    /// The import attribute `type`.
    pub kind: &'static str,
    /// `import source x from`: the request is for the module's source and not for its evaluation.
    pub source_phase: bool,
    /// A key other than `type` among the attributes.
    pub unsupported_key: Option<String>,
    /// 1-based.
    pub line: u32,
    /// 1-based, in UTF-16 units.
    pub column: u32,
}

/// Where a module stands. ECMA-262 16.2.1.5, [[Status]].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleStatus {
    /// Compiled.
    Unlinked,
    /// Being linked.
    Linking,
    /// Linked, not evaluated.
    Linked,
    /// Running.
    Evaluating,
    /// Waits for an `await` of its own or of a dependency.
    EvaluatingAsync,
    /// Done.
    Evaluated,
    /// Done, with an exception.
    Errored,
}

/// `js::RequestedModule`: a pointer and a position.
#[repr(C)]
struct RequestedModule {
    request: *mut sm::JSObject,
    line: u32,
    column: u32,
}

/// `mozilla::Span`: { size, pointer }, returned in two registers.
#[repr(C)]
struct RequestSpan {
    count: usize,
    start: *const RequestedModule,
}

// Engine functions without a binding, by their mangled names (js/src/builtin/ModuleObject.h).
unsafe extern "C" {
    #[link_name = "_ZN2js12ModuleObject10isInstanceEN2JS6HandleINS1_5ValueEEE"]
    fn module_is_instance(value: sm::Handle<sm::Value>) -> bool;
    #[link_name = "_ZNK2js12ModuleObject16requestedModulesEv"]
    fn module_requested(module: *const sm::JSObject) -> RequestSpan;
    #[link_name = "_ZNK2js12ModuleObject6statusEv"]
    fn module_status_raw(module: *const sm::JSObject) -> i8;
    #[link_name = "_ZNK2js12ModuleObject16hasTopLevelAwaitEv"]
    fn module_has_await(module: *const sm::JSObject) -> bool;
    #[link_name = "_ZNK2js12ModuleObject18hadEvaluationErrorEv"]
    fn module_had_error(module: *const sm::JSObject) -> bool;
    #[link_name = "_ZNK2js12ModuleObject15evaluationErrorEv"]
    fn module_error_raw(module: *const sm::JSObject) -> sm::Value;
    #[link_name = "_ZNK2js12ModuleObject12moduleSourceEv"]
    fn module_source_raw(module: *const sm::JSObject) -> *mut sm::JSObject;
    // js/public/Modules.h; it only reads the bytes.
    #[link_name = "_ZN2JS25CompileWasmModuleAsSourceEP9JSContextRKNS_22ReadOnlyCompileOptionsERN7mozilla6VectorIhLm0EN2js17MallocAllocPolicyEEE"]
    fn compile_wasm_module_as_source(
        cx: *mut sm::JSContext,
        options: *const sm::ReadOnlyCompileOptions,
        bytes: *mut MozVec,
    ) -> *mut sm::JSObject;
}

fn kind_name(kind: sm::ModuleType) -> &'static str {
    match kind {
        sm::ModuleType::JavaScript => "",
        sm::ModuleType::JSON => "json",
        sm::ModuleType::CSS => "css",
        sm::ModuleType::Bytes => "bytes",
        sm::ModuleType::Text => "text",
        sm::ModuleType::Unknown => "unknown",
    }
}

/// Reserved slot of a request object that holds the first attribute key other than `type` (ModuleRequestObject).
const UNSUPPORTED_KEY_SLOT: usize = 1;

impl<'s> Scope<'s> {
    /// Sets the functions behind `import()` and `import.meta`: `import(specifier, type, hostDefined, sourcePhase)`
    /// returns a promise of the namespace or the source, `meta(meta, hostDefined, module)` adds properties.
    pub fn set_module_hooks(&mut self, import: Local<'_>, meta: Local<'_>) {
        let hooks = &self.data().module_hooks;
        hooks.import.replace(Some(Root::new(self, import)));
        hooks.meta.replace(Some(Root::new(self, meta)));
        // SAFETY: the hooks are functions of this file and live for ever.
        unsafe {
            let runtime = sm::JS_GetRuntime(self.cx());
            sm::SetModuleLoadHook(runtime, Some(load_hook));
            sm::SetModuleMetadataHook(runtime, Some(meta_hook));
        }
    }

    /// Compiles an ES module; the result is opaque. `host` (no array) is what the hooks get as the referrer.
    ///
    /// # Errors
    /// SyntaxError.
    pub fn compile_module(&mut self, source: &str, url: &str, host: Local<'_>) -> JsResult<'s> {
        if source.len() > u32::MAX as usize / 4 {
            return Err(self.throw_range_error("Source text is too long"));
        }
        let options = self.compile_options(url, 1);
        let mut text = source_text(source);
        // SAFETY: options and text live during the call.
        let module = unsafe { sm::CompileModule1(self.cx(), options.ptr, &mut text) };
        self.with_private(module, host)
    }

    fn with_private(&mut self, module: *mut sm::JSObject, host: Local<'_>) -> JsResult<'s> {
        let module = self.object_local(module)?;
        let undefined = self.undefined();
        let private = self.array(&[host, undefined]);
        // SAFETY: a live module object; the value is traced by its script from now on.
        unsafe { sm::SetModulePrivate(module.object_ptr(), &private.raw()) };
        Ok(module)
    }

    /// Compiles an ES module to a script that [`Scope::instantiate_module`] makes a module of, and that
    /// [`Scope::encode_script`] can encode.
    ///
    /// # Errors
    /// SyntaxError.
    pub fn compile_module_script(&mut self, source: &str, url: &str) -> Result<Script, Thrown> {
        if source.len() > u32::MAX as usize / 4 {
            return Err(self.throw_range_error("Source text is too long"));
        }
        let options = self.compile_options(url, 1);
        let mut text = source_text(source);
        // SAFETY: options and text live during the call; the returned reference is owned by the script.
        let stencil = unsafe { sm::CompileModuleScriptToStencil(self.cx(), options.ptr, &mut text) }.mRawPtr;
        if stencil.is_null() {
            return Err(Thrown::pending());
        }
        Ok(Script::from_parts(stencil, options))
    }

    /// A module record of a script of [`Scope::compile_module_script`], once per script. `host` as in
    /// [`Scope::compile_module`].
    pub fn instantiate_module(&mut self, script: &Script, host: Local<'_>) -> JsResult<'s> {
        let options = script.instantiate_options();
        // SAFETY: the stencil is alive.
        let module = unsafe { sm::InstantiateModuleStencil(self.cx(), &options, script.stencil(), ptr::null_mut()) };
        self.with_private(module, host)
    }

    /// Compiles WebAssembly to a module record that can only be asked for its source, a `WebAssembly.Module`: what `import
    /// source` gets. The builtin sets of ES modules (`js-string`, string constants) are on.
    ///
    /// # Errors
    /// CompileError; LinkError for names that are reserved.
    pub fn compile_wasm_source(&mut self, bytes: &mut [u8], url: &str) -> JsResult<'s> {
        let options = self.compile_options(url, 1);
        let mut borrowed = MozVec { ptr: bytes.as_mut_ptr(), len: bytes.len(), capacity: bytes.len() };
        // SAFETY: options and bytes live during the call, which reads the bytes and frees nothing of ours.
        let module = unsafe { compile_wasm_module_as_source(self.cx(), options.ptr, &mut borrowed) };
        self.object_local(module)
    }

    /// The source of a module of [`Scope::compile_wasm_source`]; `undefined` for other modules.
    pub fn module_source(&mut self, module: Local<'_>) -> JsResult<'s> {
        self.need_module(module)?;
        // SAFETY: a live module; reads a slot.
        match ptr::NonNull::new(unsafe { module_source_raw(module.object_ptr()) }) {
            Some(source) => Ok(self.local(jsval::ObjectValue(source.as_ptr()))),
            None => Ok(self.undefined()),
        }
    }

    /// The constructor `%AbstractModuleSource%` of the current realm, which no global name leads to.
    pub fn abstract_module_source(&mut self) -> JsResult<'s> {
        mozjs::rooted!(in(self.cx()) let mut constructor = ptr::null_mut::<sm::JSObject>());
        // SAFETY: a rooted out parameter.
        Thrown::check(unsafe {
            sm::JS_GetClassObject(self.cx(), sm::JSProtoKey::JSProto_AbstractModuleSource, hm!(constructor))
        })?;
        self.object_local(constructor.get())
    }

    fn need_module(&mut self, module: Local<'_>) -> Result<(), Thrown> {
        // SAFETY: looks at the class of a rooted value.
        if module.is_object() && unsafe { module_is_instance(module.handle()) } {
            return Ok(());
        }
        Err(self.throw_type_error("not a module record"))
    }

    /// The requests of a module, in source order, equal ones once.
    pub fn module_requests(&mut self, module: Local<'_>) -> Result<Vec<ModuleRequest>, Thrown> {
        self.need_module(module)?;
        // SAFETY: a live module.
        let count = unsafe { module_requested(module.object_ptr()) }.count;
        let mut out = Vec::with_capacity(count);
        for index in 0..count {
            // SAFETY: the list of a module never changes; it is read anew as the module may have moved, and the
            // request is rooted before the calls that may collect.
            let (request, line, column) = unsafe {
                let row = &*module_requested(module.object_ptr()).start.add(index);
                (row.request, row.line, row.column)
            };
            mozjs::rooted!(in(self.cx()) let request = request);
            // SAFETY: rooted; the slot index is one of the request class.
            let (specifier, kind, source_phase, key) = unsafe {
                let specifier = sm::GetModuleRequestSpecifier(self.cx(), h!(request));
                let kind = sm::GetModuleRequestType(self.cx(), h!(request));
                let source_phase = sm::ModuleRequestIsSourcePhase(self.cx(), h!(request));
                let mut key = jsval::UndefinedValue();
                glue::JS_GetReservedSlot(request.get(), UNSUPPORTED_KEY_SLOT as u32, &mut key);
                (specifier, kind, source_phase, key)
            };
            // SAFETY: specifiers are atoms that the request keeps alive.
            let specifier = unsafe { specifier.as_ref() }.map(|text| self.local(jsval::StringValue(text)));
            let key = self.local(key);
            out.push(ModuleRequest {
                specifier: specifier.and_then(|text| self.as_string(text)).unwrap_or_default(),
                kind: kind_name(kind),
                source_phase,
                unsupported_key: self.as_string(key),
                line,
                column,
            });
        }
        Ok(out)
    }

    /// Runs `work` in the realm that the module was compiled in: the engine insists on it for linking and running.
    fn in_module_realm<R>(&mut self, module: Local<'_>, work: impl FnOnce(&mut Scope<'s>) -> R) -> R {
        // SAFETY: a live module object; objects of one compartment are never wrapped.
        let global = unsafe { sm::GetNonCCWObjectGlobal(module.object_ptr()) };
        let global = self.local(jsval::ObjectValue(global));
        self.in_realm(global, work)
    }

    fn module_private(&mut self, module: Local<'_>) -> Local<'s> {
        let (private, out) = self.out();
        // SAFETY: a live module; writes to a traced slot.
        unsafe { glue::JS_GetModulePrivate(module.object_ptr(), out) };
        private
    }

    /// Says which modules the requests of `module` lead to: an array of module records in the order of
    /// [`Scope::module_requests`].
    pub fn module_set_linked(&mut self, module: Local<'_>, linked: Local<'_>) -> Result<(), Thrown> {
        self.need_module(module)?;
        let private = self.module_private(module);
        self.set_index(private, 1, linked)
    }

    /// Links a module and everything it imports.
    ///
    /// # Errors
    /// SyntaxError for a missing or ambiguous export; an Error for a module without its list of linked modules.
    pub fn module_link(&mut self, module: Local<'_>) -> Result<(), Thrown> {
        self.need_module(module)?;
        self.in_module_realm(module, |sc| {
            root_object!(sc, record = module);
            let host = sc.undefined();
            // SAFETY: rooted. The load hook answers at once, so the callbacks run inside of this call.
            unsafe {
                let loaded =
                    sm::LoadRequestedModules(sc.cx(), h!(record), host.handle(), Some(loaded), Some(load_failed));
                Thrown::check(loaded)?;
                if sm::JS_IsExceptionPending(sc.cx()) {
                    return Err(Thrown::pending());
                }
                Thrown::check(sm::ModuleLink(sc.cx(), h!(record)))
            }
        })
    }

    /// Starts the evaluation of a linked module; the promise settles when it and its dependencies are done.
    pub fn module_evaluate(&mut self, module: Local<'_>) -> JsResult<'s> {
        self.need_module(module)?;
        self.in_module_realm(module, |sc| {
            root_object!(sc, record = module);
            let (result, out) = sc.out();
            // SAFETY: rooted.
            Thrown::check(unsafe { sm::ModuleEvaluate(sc.cx(), h!(record), out) })?;
            Ok(result)
        })
    }

    /// The namespace object of a linked module.
    pub fn module_namespace(&mut self, module: Local<'_>) -> JsResult<'s> {
        self.need_module(module)?;
        self.in_module_realm(module, |sc| {
            root_object!(sc, record = module);
            // SAFETY: rooted.
            let namespace = unsafe { sm::GetModuleNamespace(sc.cx(), h!(record)) };
            sc.object_local(namespace)
        })
    }

    /// Where a module stands.
    pub fn module_status(&mut self, module: Local<'_>) -> Result<ModuleStatus, Thrown> {
        self.need_module(module)?;
        // SAFETY: a live module; both only read slots.
        let (status, errored) =
            unsafe { (module_status_raw(module.object_ptr()), module_had_error(module.object_ptr())) };
        Ok(match status {
            _ if errored => ModuleStatus::Errored,
            2 => ModuleStatus::Linking,
            3 => ModuleStatus::Linked,
            4 => ModuleStatus::Evaluating,
            5 => ModuleStatus::EvaluatingAsync,
            6 | 7 => ModuleStatus::Evaluated,
            _ => ModuleStatus::Unlinked,
        })
    }

    /// What the evaluation threw; `undefined` if it did not.
    pub fn module_error(&mut self, module: Local<'_>) -> JsResult<'s> {
        if self.module_status(module)? != ModuleStatus::Errored {
            return Ok(self.undefined());
        }
        // SAFETY: the module has an error.
        Ok(self.local(unsafe { module_error_raw(module.object_ptr()) }))
    }

    /// Whether the module itself has a top-level `await`.
    pub fn module_has_top_level_await(&mut self, module: Local<'_>) -> Result<bool, Thrown> {
        self.need_module(module)?;
        // SAFETY: a live module.
        Ok(unsafe { module_has_await(module.object_ptr()) })
    }

    /// Throws a value that was thrown before: where it was thrown first stays what a report shows.
    pub fn throw_again(&mut self, value: Local<'_>) -> Thrown {
        // SAFETY: rooted.
        unsafe { sm::JS_SetPendingException(self.cx(), value.handle(), sm::ExceptionStackBehavior::DoNotCapture) };
        Thrown::pending()
    }

    /// Keeps a rejected promise from being reported as unhandled.
    pub fn mark_promise_handled(&mut self, promise: Local<'_>) -> Result<(), Thrown> {
        root_object!(self, promise = promise);
        // SAFETY: rooted.
        Thrown::check(unsafe { sm::SetAnyPromiseIsHandled(self.cx(), h!(promise)) })
    }
}

unsafe extern "C" fn loaded(_cx: *mut sm::JSContext, _host: sm::Handle<sm::Value>) -> bool {
    true
}

unsafe extern "C" fn load_failed(
    cx: *mut sm::JSContext,
    _host: sm::Handle<sm::Value>,
    error: sm::Handle<sm::Value>,
) -> bool {
    // SAFETY: the engine passes a rooted value; the exception is what `module_link` reports.
    unsafe { sm::JS_SetPendingException(cx, error, sm::ExceptionStackBehavior::Capture) };
    true
}

/// Runs a hook in a scope of its own; a panic becomes an exception, as in native functions.
fn in_scope(cx: *mut sm::JSContext, work: impl for<'s> FnOnce(&mut Scope<'s>) -> Result<(), Thrown>) -> bool {
    let data = context::data_of(cx);
    // SAFETY: `cx` is running on this thread; the scope ends with this call.
    let mut scope = unsafe { Scope::new(cx, data) };
    match catch_unwind(AssertUnwindSafe(|| work(&mut scope))) {
        Ok(result) => result.is_ok(),
        Err(_panic) => {
            let _thrown = scope.throw_error("internal error in a module hook");
            false
        }
    }
}

unsafe extern "C" fn load_hook(
    cx: *mut sm::JSContext,
    referrer: sm::Handle<*mut sm::JSScript>,
    request: sm::Handle<*mut sm::JSObject>,
    _host: sm::Handle<sm::Value>,
    payload: sm::Handle<sm::Value>,
    _line: u32,
    _column: sm::ColumnNumberOneOrigin,
) -> bool {
    in_scope(cx, |sc| {
        mozjs::rooted!(in(sc.cx()) let target = payload.get().to_object());
        // SAFETY: rooted; only looks at the class.
        if unsafe { sm::IsPromiseObject(h!(target)) } {
            import_dynamically(sc, referrer, request, payload)
        } else {
            answer_static(sc, referrer, request, payload)
        }
    })
}

/// The private value of the script that asks; `undefined` for code without one.
fn private_of<'s>(sc: &mut Scope<'s>, referrer: sm::Handle<*mut sm::JSScript>) -> Local<'s> {
    let (private, out) = sc.out();
    if !referrer.get().is_null() {
        // SAFETY: a live script; writes to a traced slot.
        unsafe { glue::JS_GetScriptPrivate(referrer.get(), out) };
    }
    private
}

/// The value that the embedder gave when it compiled the code.
fn host_defined<'s>(sc: &mut Scope<'s>, private: Local<'s>) -> JsResult<'s> {
    if private.is_object() {
        let mut is_array = false;
        // SAFETY: a rooted value.
        unsafe { sm::IsArrayObject(sc.cx(), private.handle(), &mut is_array) };
        if is_array {
            return sc.get_index(private, 0);
        }
    }
    Ok(private)
}

fn import_dynamically(
    sc: &mut Scope<'_>,
    referrer: sm::Handle<*mut sm::JSScript>,
    request: sm::Handle<*mut sm::JSObject>,
    payload: sm::Handle<sm::Value>,
) -> Result<(), Thrown> {
    let private = private_of(sc, referrer);
    // Code that no script asks for (`eval` as a promise's handler) is known by its realm.
    let host = if private.is_nullish() {
        // SAFETY: running code has a realm.
        sc.local(jsval::ObjectValue(unsafe { sm::CurrentGlobalOrNull(sc.cx()) }))
    } else {
        host_defined(sc, private)?
    };
    // SAFETY: `request` is rooted by the engine; its specifier is an atom.
    let (specifier, kind, source_phase) = unsafe {
        let text = sm::GetModuleRequestSpecifier(sc.cx(), request);
        let kind = sm::GetModuleRequestType(sc.cx(), request);
        let source_phase = sm::ModuleRequestIsSourcePhase(sc.cx(), request);
        (text.as_ref().map_or(jsval::UndefinedValue(), jsval::StringValue), kind, source_phase)
    };
    let specifier = sc.local(specifier);
    let kind = sc.string(kind_name(kind));
    let hook = sc.data().module_hooks.import.borrow().as_ref().map(Root::value);
    let Some(hook) = hook else { return Err(sc.throw_type_error("import() is not available here")) };
    let hook = sc.local(hook);
    let undefined = sc.undefined();
    let source_phase = sc.boolean(source_phase);
    let promise = sc.call(hook, undefined, &[specifier, kind, host, source_phase])?;
    let target = sc.local(payload.get());
    sc.resolve_promise(target, promise)
}

fn answer_static(
    sc: &mut Scope<'_>,
    referrer: sm::Handle<*mut sm::JSScript>,
    request: sm::Handle<*mut sm::JSObject>,
    payload: sm::Handle<sm::Value>,
) -> Result<(), Thrown> {
    let private = private_of(sc, referrer);
    let linked = if private.is_object() { sc.get_index(private, 1)? } else { sc.undefined() };
    // SAFETY: static requests come from modules only; the list is searched before anything can collect.
    let index = unsafe {
        let module = sm::GetModuleObject(referrer);
        let span = module_requested(module);
        (0..span.count).find(|index| (*span.start.add(*index)).request == request.get())
    };
    let target = match index {
        Some(index) if linked.is_object() => sc.get_index(linked, index as u32)?,
        _ => sc.undefined(),
    };
    if sc.need_module(target).is_err() {
        sc.clear_exception();
        return Err(sc.throw_error("request for a module that has not been linked"));
    }
    root_object!(sc, target = target);
    // SAFETY: everything is rooted.
    Thrown::check(unsafe { sm::FinishLoadingImportedModule(sc.cx(), referrer, request, payload, h!(target), false) })
}

unsafe extern "C" fn meta_hook(
    cx: *mut sm::JSContext,
    module: sm::Handle<*mut sm::JSObject>,
    meta: sm::Handle<*mut sm::JSObject>,
) -> bool {
    in_scope(cx, |sc| {
        let hook = sc.data().module_hooks.meta.borrow().as_ref().map(Root::value);
        let Some(hook) = hook else { return Ok(()) };
        let hook = sc.local(hook);
        let module = sc.local(jsval::ObjectValue(module.get()));
        let meta = sc.local(jsval::ObjectValue(meta.get()));
        let private = sc.module_private(module);
        let host = host_defined(sc, private)?;
        let undefined = sc.undefined();
        sc.call(hook, undefined, &[meta, host, module])?;
        Ok(())
    })
}
