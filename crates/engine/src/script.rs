//! Compiling and running code.

use crate::error::Thrown;
use crate::scope::{JsResult, Local, Scope};
use mozjs::jsapi as sm;
use mozjs::jsval;
use mozjs::rust::CompileOptionsWrapper;
use std::ffi::CString;
use std::marker::PhantomData;
use std::ptr;

/// A compiled global script that can be run many times, in any realm.
pub struct Script {
    stencil: *mut sm::Stencil,
    options: CompileOptionsWrapper,
}

impl Drop for Script {
    fn drop(&mut self) {
        // SAFETY: we own one reference.
        unsafe { sm::StencilRelease(self.stencil) };
    }
}

impl Script {
    pub(crate) fn from_parts(stencil: *mut sm::Stencil, options: CompileOptionsWrapper) -> Script {
        Script { stencil, options }
    }

    pub(crate) fn stencil(&self) -> *mut sm::Stencil {
        self.stencil
    }

    pub(crate) fn instantiate_options(&self) -> sm::InstantiateOptions {
        // SAFETY: the options live as long as the script.
        let base = unsafe { &(*self.options.ptr)._base };
        sm::InstantiateOptions {
            skipFilenameValidation: base.skipFilenameValidation_,
            hideScriptFromDebugger: base.hideScriptFromDebugger_,
            deferDebugMetadata: base.deferDebugMetadata_,
            eagerDelazificationStrategy_: base.eagerDelazificationStrategy_,
            eagerBaselineStrategy_: base.eagerBaselineStrategy_,
        }
    }
}

/// Calls or loop turns before a function gets inline caches. The engine's default.
const CALLS_BEFORE_CACHES: u32 = 10;
/// The same in [`Scope::stay_cold`].
const CALLS_BEFORE_CACHES_COLD: u32 = 1000;
/// How many parameter names [`Scope::compile_function`] takes at most.
const PARAMETERS_MAX: usize = 64;

pub(crate) fn source_text(source: &str) -> sm::SourceText<sm::mozilla::Utf8Unit> {
    sm::SourceText {
        units_: source.as_ptr().cast(),
        length_: source.len() as u32,
        ownsUnits_: false,
        _phantom_0: PhantomData,
    }
}

/// A parameter as the engine takes it: it reads bytes as Latin-1, so that all beyond ASCII is written as escapes, which identifiers and
/// strings may contain.
pub(crate) fn parameter_text(text: &str) -> CString {
    if text.is_ascii() {
        return CString::new(text).unwrap_or_default();
    }
    let mut escaped = String::new();
    for character in text.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            escaped.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
        }
    }
    CString::new(escaped).unwrap_or_default()
}

/// Compiles the body of a function.
///
/// # Safety
/// All that is passed must be alive, `cx` in the realm where the function belongs, and `parameters` pointers to C strings.
pub(crate) unsafe fn compile_body(
    cx: *mut sm::JSContext,
    chain: *mut sm::EnvironmentChain,
    options: *const sm::ReadOnlyCompileOptions,
    name: &std::ffi::CStr,
    parameters: &[*const std::ffi::c_char],
    source: &str,
) -> *mut sm::JSFunction {
    let count = parameters.len() as u32;
    if source.is_ascii() {
        let mut text = source_text(source);
        // SAFETY: the caller's promise.
        return unsafe {
            sm::CompileFunction1(cx, chain, options, name.as_ptr(), count, parameters.as_ptr(), &mut text)
        };
    }
    // The overload for UTF-8 reads it as Latin-1.
    let units: Vec<u16> = source.encode_utf16().collect();
    let mut text = sm::SourceText {
        units_: units.as_ptr(),
        length_: units.len() as u32,
        ownsUnits_: false,
        _phantom_0: PhantomData,
    };
    // SAFETY: the caller's promise; the units outlive the call.
    unsafe { sm::CompileFunction(cx, chain, options, name.as_ptr(), count, parameters.as_ptr(), &mut text) }
}

impl<'s> Scope<'s> {
    /// # Safety of use
    /// The returned options live on the C++ heap and borrow nothing but the file name they own.
    pub(crate) fn compile_options(&mut self, file: &str, line: u32) -> CompileOptionsWrapper {
        let file = CString::new(file.replace('\0', "%00")).unwrap_or_default();
        CompileOptionsWrapper::new(&self.cx_wrapper(), file, line)
    }

    fn check_source(&mut self, source: &str) -> Result<(), Thrown> {
        if source.len() > u32::MAX as usize / 4 {
            return Err(self.throw_range_error("Source text is too long"));
        }
        Ok(())
    }

    /// Runs a script in the current realm and returns its completion value. `line` is the 1-based number of its first
    /// line, `column` the 0-based column of its first character.
    pub fn evaluate(&mut self, source: &str, file: &str, line: u32) -> JsResult<'s> {
        self.check_source(source)?;
        let options = self.compile_options(file, line);
        let mut text = source_text(source);
        let (value, out) = self.out();
        // SAFETY: options and text live during the call; the result goes to a traced slot.
        Thrown::check(unsafe { sm::Evaluate2(self.cx(), options.ptr, &mut text, out) })?;
        Ok(value)
    }

    /// Compiles `source` as the body of a function with `parameters`; positions in it start at line 1. `referrer`, if
    /// given, is what the module hooks get as the referrer of `import()` in it.
    ///
    /// # Errors
    /// SyntaxError.
    pub fn compile_function(
        &mut self,
        source: &str,
        file: &str,
        name: &str,
        parameters: &[&str],
        referrer: Option<Local<'_>>,
    ) -> JsResult<'s> {
        self.check_source(source)?;
        if parameters.len() > PARAMETERS_MAX {
            return Err(self.throw_range_error("Too many parameters"));
        }
        // The engine puts a header line of its own before the body: line 0 makes the body start at line 1.
        let options = self.compile_options(file, 0);
        let name = CString::new(name).unwrap_or_default();
        let owned: Vec<CString> = parameters.iter().map(|text| parameter_text(text)).collect();
        let pointers: Vec<_> = owned.iter().map(|text| text.as_ptr()).collect();
        let cx = self.cx();
        // SAFETY: everything passed lives during the call; the function is rooted before the script private is set.
        unsafe {
            let chain = sm::glue::NewEnvironmentChain(cx, sm::SupportUnscopables::No);
            let function = compile_body(cx, chain, options.ptr, &name, &pointers, source);
            sm::glue::DeleteEnvironmentChain(chain);
            if function.is_null() {
                return Err(Thrown::pending());
            }
            mozjs::rooted!(in(cx) let function = function);
            let local = self.local(jsval::ObjectValue(sm::JS_GetFunctionObject(function.get())));
            if let Some(referrer) = referrer {
                let script = sm::JS_GetFunctionScript(cx, h!(function));
                if !script.is_null() {
                    sm::SetScriptPrivate(script, &referrer.raw());
                }
            }
            Ok(local)
        }
    }

    /// While `on`, functions stay in the plain interpreter for longer: inline caches for code that runs a few times, at
    /// start, cost more than they save. Holds for all threads.
    pub fn stay_cold(&mut self, on: bool) {
        let calls = if on { CALLS_BEFORE_CACHES_COLD } else { CALLS_BEFORE_CACHES };
        // SAFETY: sets one number that the engine reads when a function is called.
        unsafe {
            sm::JS_SetGlobalJitCompilerOption(
                self.cx(),
                sm::JSJitCompilerOption::JSJITCOMPILER_BASELINE_INTERPRETER_WARMUP_TRIGGER,
                calls,
            );
        }
    }

    /// Compiles a global script without running it. `whole` is for [`Scope::encode_script`]: all functions are compiled at
    /// once, and the source is not kept; [`Options::source`](crate::Options::source) gives it to who asks.
    pub fn compile_script(&mut self, source: &str, file: &str, line: u32, whole: bool) -> Result<Script, Thrown> {
        self.check_source(source)?;
        let options = self.compile_options(file, line);
        if whole {
            // SAFETY: the options are ours until the compile call.
            unsafe {
                (*options.ptr)._base.eagerDelazificationStrategy_ = sm::DelazificationOption::ParseEverythingEagerly;
                (*options.ptr)._base.sourceIsLazy = true;
            }
        }
        let mut text = source_text(source);
        // SAFETY: everything lives during the call; the returned reference is owned by `Script`.
        let stencil = unsafe { sm::CompileGlobalScriptToStencil(self.cx(), options.ptr, &mut text) }.mRawPtr;
        if stencil.is_null() {
            return Err(Thrown::pending());
        }
        Ok(Script { stencil, options })
    }

    /// Runs a compiled script in the current realm. `referrer` as in [`Scope::compile_function`].
    pub fn run_script(&mut self, script: &Script, referrer: Option<Local<'_>>) -> JsResult<'s> {
        let cx = self.cx();
        let (value, out) = self.out();
        // SAFETY: the stencil is alive; the script is rooted before it runs.
        unsafe {
            let options = script.instantiate_options();
            let raw = sm::InstantiateGlobalStencil(cx, &options, script.stencil, ptr::null_mut());
            if raw.is_null() {
                return Err(Thrown::pending());
            }
            mozjs::rooted!(in(cx) let raw = raw);
            if let Some(referrer) = referrer {
                sm::SetScriptPrivate(raw.get(), &referrer.raw());
            }
            Thrown::check(sm::JS_ExecuteScript(cx, h!(raw), out))?;
        }
        Ok(value)
    }

    /// The bytecode of a script, for [`Scope::decode_script`]. `None` if the engine cannot encode it (asm.js).
    pub fn encode_script(&mut self, script: &Script) -> Option<Vec<u8>> {
        let mut out = crate::sys::MozVec { ptr: ptr::without_provenance_mut(1), len: 0, capacity: 0 };
        // SAFETY: `out` is an empty engine vector (a dangling aligned pointer, no length, no capacity); what the engine
        // allocates with malloc is copied and freed here.
        unsafe {
            let result = crate::sys::encode_stencil(self.cx(), script.stencil.cast(), &mut out);
            if result != 0 {
                self.clear_exception();
                return None;
            }
            let bytes = std::slice::from_raw_parts(out.ptr, out.len).to_vec();
            if out.capacity > 0 {
                libc::free(out.ptr.cast());
            }
            Some(bytes)
        }
    }

    /// A script from bytes of [`Scope::encode_script`]. The bytes are borrowed for ever, and they must come from the
    /// same source text: the engine does not compare. `None` for bytes of another build, or junk.
    pub fn decode_script(&mut self, bytes: &'static [u8], file: &str, line: u32) -> Option<Script> {
        let options = self.compile_options(file, line);
        // SAFETY: the bytes live for ever.
        unsafe { self.decode(bytes, true, options) }
    }

    /// As [`Scope::decode_script`], but the engine copies what it keeps of the bytes.
    pub fn decode_script_copied(&mut self, bytes: &[u8], file: &str, line: u32) -> Option<Script> {
        let options = self.compile_options(file, line);
        // The engine reads numbers in place and wants them aligned.
        let mut aligned = vec![0u128; bytes.len().div_ceil(size_of::<u128>())];
        // SAFETY: the words cover the bytes, which are copied; the copy lives during the call.
        unsafe {
            ptr::copy_nonoverlapping(bytes.as_ptr(), aligned.as_mut_ptr().cast::<u8>(), bytes.len());
            let copy = std::slice::from_raw_parts(aligned.as_ptr().cast::<u8>(), bytes.len());
            self.decode(copy, false, options)
        }
    }

    /// # Safety
    /// With `borrow`, the bytes must live for ever.
    unsafe fn decode(&mut self, bytes: &[u8], borrow: bool, options: CompileOptionsWrapper) -> Option<Script> {
        let mut stencil = ptr::null_mut();
        // SAFETY: the range covers `bytes`, which live as long as `borrowBuffer` demands, by the caller.
        unsafe {
            let decode = sm::ReadOnlyDecodeOptions {
                borrowBuffer: borrow,
                usePinnedBytecode: false,
                introducerFilename_: std::mem::zeroed(),
                introductionType: ptr::null(),
                introductionLineno: 0,
                introductionOffset: 0,
            };
            let end = bytes.as_ptr().add(bytes.len());
            let range: sm::TranscodeRange = std::mem::transmute([bytes.as_ptr(), end]);
            let result = sm::DecodeStencil(self.cx(), &decode, &range, &mut stencil);
            if result != sm::TranscodeResult::Ok || stencil.is_null() {
                self.clear_exception();
                return None;
            }
        }
        Some(Script { stencil, options })
    }
}
