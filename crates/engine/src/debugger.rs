//! The engine's Debugger: JavaScript of ours in a compartment of its own, which sees this realm from outside.

use crate::error::Thrown;
use crate::function::{Args, Native};
use crate::scope::{JsResult, Local, Scope};
use mozjs::jsapi as sm;

/// Counts how often every instruction of the user's scripts runs, from now on. Scripts are kept, or their counts would go with them.
const COVERAGE: &str = "(function (target, codeOf) {
  const debug = new Debugger();
  debug.uncaughtExceptionHook = () => undefined;
  debug.collectCoverageInfo = true;
  // V8 gives code that strings were made of no address.
  const isEvaluated = ({ introductionType }) => introductionType === 'eval' || introductionType === 'Function';
  const before = new Map();
  const tops = [];
  debug.onNewScript = (script) => { if (!script.url.startsWith('node:') && script.url !== '') tops.push(script); };
  debug.addDebuggee(target);
  // JumpIfFalse, JumpIfTrue, And, Or, Coalesce, Case (js/src/vm/Opcodes.h); behind the operation stands the distance.
  const jumps = new Set([156, 157, 158, 159, 160, 161]);
  function functionOf(script, fresh) {
    const offsets = script.getOffsetsCoverage() ?? [];
    const last = before.get(script);
    const counts = offsets.map((point) => point.count);
    const code = offsets.length === 0 ? undefined : codeOf(script);
    const view = code && new DataView(code.buffer, code.byteOffset, code.byteLength);
    const indices = new Map(offsets.map((point, i) => [point.offset, i]));
    const points = [];
    offsets.forEach((point, i) => {
      const { offset } = point;
      const op = code[offset];
      const target = jumps.has(op) ? indices.get(offset + view.getInt32(offset + 1, true)) ?? -1 : -1;
      points.push(point.lineNumber, point.columnNumber, point.count - (last?.[i] ?? 0), op, target);
    });
    if (fresh) before.set(script, counts);
    return [script.displayName ?? '', script.sourceStart, script.sourceLength, points];
  }
  function collect(script, fresh, functions) {
    functions.push(functionOf(script, fresh));
    for (const child of script.getChildScripts()) collect(child, fresh, functions);
  }
  return (action) => {
    if (action === 'stop') {
      debug.removeAllDebuggees();
      tops.length = 0;
      return '';
    }
    return JSON.stringify(tops.map((top) => {
      const functions = [];
      collect(top, action === 'reset', functions);
      return { url: isEvaluated(top.source) ? '' : top.url, line: top.startLine, source: top.source.text, id: top.source.id, functions,
        isModule: top.isModule === true, isFunction: top.isFunction === true };
    }));
  };
})";

/// All live objects with `prototype` in their chains.
const INSTANCES: &str = "(function (target) {
  const debug = new Debugger();
  return (prototype) => {
    const found = [];
    const wanted = debug.addDebuggee(target).makeDebuggeeValue(prototype);
    for (const object of debug.findObjects()) {
      if (object.isProxy) continue;
      for (let proto = object.proto; proto !== null && proto !== undefined; proto = proto.proto) {
        if (proto === wanted) {
          found.push(object.unsafeDereference());
          break;
        }
        if (proto.isProxy) break;
      }
    }
    debug.removeAllDebuggees();
    return found;
  };
})";

/// Evaluates a script unless that would change anything: instructions with effects and functions of the engine that nobody
/// declared pure end it, and so do too many steps.
const EAGER: &str = "(function (main) {
  const debug = new Debugger();
  debug.uncaughtExceptionHook = () => null;
  const effects = new Map();
  function effectsOf(script) {
    let offsets = effects.get(script);
    if (offsets === undefined) effects.set(script, offsets = new Set(script.getEffectfulOffsets()));
    return offsets;
  }
  return (mark, source, names, values, pure, stepsMax) => {
    let steps = 0;
    const natives = new Set();
    for (let i = 0; i < pure.length; i++) natives.add(pure[i]);
    // A global object that is not its own globalThis cannot be handed over.
    const global = debug.findAllGlobals().find((each) => each.getOwnPropertyDescriptor(mark) !== undefined);
    if (global === undefined) return undefined;
    debug.addDebuggee(global);
    // Functions of the program may be called, too.
    debug.addDebuggee(main);
    const bindings = { __proto__: null };
    for (let i = 0; i < names.length; i++) bindings[names[i]] = global.makeDebuggeeValue(values[i]);
    debug.exclusiveDebuggerOnEval = true;
    debug.onEnterFrame = (frame) => {
      if (frame.type === 'wasmcall') return null;
      const bad = effectsOf(frame.script);
      if (bad.has(frame.offset)) return null;
      frame.onStep = () => (bad.has(frame.offset) || ++steps > stepsMax ? null : undefined);
      return ++steps > stepsMax ? null : undefined;
    };
    // What looks up names of a sandbox is a native of ours; natives of these names change nothing.
    const lookups = new Set(['get', 'getOwnPropertyDescriptor', 'has']);
    debug.onNativeCall = (callee) => (lookups.has(callee.name) || natives.has(callee.unsafeDereference()) ? undefined : null);
    let completion;
    try {
      completion = global.executeInGlobalWithBindings(source, bindings, { url: 'REPL' });
    } finally {
      debug.onEnterFrame = undefined;
      debug.onNativeCall = undefined;
      effects.clear();
      debug.removeAllDebuggees();
    }
    if (completion === null) return undefined;
    const raw = (value) => (value !== null && typeof value === 'object' ? value.unsafeDereference() : value);
    return 'throw' in completion ? { error: raw(completion.throw), thrown: true } : { value: raw(completion.return) };
  };
})";

/// The slot of a `Debugger.Script` that points to its script (js/src/debugger/Script.h).
const SCRIPT_SLOT: u32 = 0;

static CODE_OF: Native = code_of;

/// `codeOf(script)`: a copy of the bytecode of a `Debugger.Script` of JavaScript.
fn code_of<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let script = args.get(0).raw();
    let mut bytes = Vec::new();
    // SAFETY: the class tells what the slot holds; the caller has asked the script for its instructions, so it has some. Nothing
    // collects while they are copied.
    unsafe {
        if script.is_object() && is_debugger_script(script.to_object()) {
            let mut slot = mozjs::jsval::UndefinedValue();
            mozjs::glue::JS_GetReservedSlot(script.to_object(), SCRIPT_SLOT, &mut slot);
            bytes.extend_from_slice(crate::script_code::code_of(slot.to_private().cast_mut().cast()));
        }
    }
    sc.uint8_array(bytes)
}

unsafe fn is_debugger_script(object: *mut sm::JSObject) -> bool {
    // SAFETY: by the caller, a live object; names of classes are static C strings.
    unsafe { std::ffi::CStr::from_ptr((*mozjs::rust::get_object_class(object)).name) == c"Script" }
}

impl<'s> Scope<'s> {
    /// Evaluates `factory`, a function expression, where there is a `Debugger`, calls it with this realm's global object and
    /// returns what it returns, as this realm sees it.
    ///
    /// # Errors
    /// What the code throws.
    pub(crate) fn in_debugger(&mut self, factory: &str, file: &str) -> JsResult<'s> {
        self.with_debugger(|sc, main| {
            let factory = sc.evaluate(factory, file, 1)?;
            let this = sc.undefined();
            sc.call(factory, this, &[main])
        })
    }

    /// Makes a realm in a compartment of its own where there is a `Debugger`, runs `work` in it with this realm's global object, as
    /// that realm sees it, and returns what it returns, as this realm sees it.
    ///
    /// # Errors
    /// What `work` throws.
    pub fn with_debugger(&mut self, work: impl FnOnce(&mut Scope<'s>, Local<'s>) -> JsResult<'s>) -> JsResult<'s> {
        let cx = self.cx();
        let main = self.global();
        // SAFETY: the new global is rooted at once; values are wrapped for the compartment in which they are used, and the
        // realm is left on every path.
        unsafe {
            // Code of hooks may call the program's functions.
            (*sm::ContextOptionsRef(cx)).set_throwOnDebuggeeWouldRun_(false);
            mozjs::rooted!(in(cx) let outside = crate::global::create(cx));
            if outside.is_null() {
                return Err(Thrown::pending());
            }
            let old = sm::EnterRealm(cx, outside.get());
            let made = sm::JS_DefineDebuggerObject(cx, h!(outside));
            let result = match if made { self.wrap(main) } else { Err(Thrown::pending()) } {
                Ok(main) => work(self, main),
                Err(thrown) => Err(thrown),
            };
            sm::LeaveRealm(cx, old);
            self.wrap(result?)
        }
    }

    /// The value as the current compartment sees it.
    ///
    /// # Errors
    /// What the engine throws when it is out of memory.
    pub fn wrap(&mut self, value: Local<'_>) -> JsResult<'s> {
        let cx = self.cx();
        mozjs::rooted!(in(cx) let mut value = value.raw());
        // SAFETY: wraps for the current compartment, in place.
        Thrown::check(unsafe { sm::JS_WrapValue(cx, hm!(value)) })?;
        Ok(self.local(value.get()))
    }

    /// Starts counting how often the user's code runs, for scripts that are compiled from now on. The function that is returned
    /// takes `'peek'` or `'reset'` and returns JSON: per script its url, source, line of the first character, and the functions
    /// with their instructions; `'stop'` ends it.
    ///
    /// # Errors
    /// What the engine throws when it is out of memory.
    pub fn start_coverage(&mut self) -> JsResult<'s> {
        self.with_debugger(|sc, main| {
            let factory = sc.evaluate(COVERAGE, "node:internal/coverage_counter", 1)?;
            let code_of = sc.function("codeOf", &CODE_OF)?;
            let this = sc.undefined();
            sc.call(factory, this, &[main, code_of])
        })
    }

    /// A function that returns a list of all live objects that have its argument in their prototype chains.
    ///
    /// # Errors
    /// What the engine throws when it is out of memory.
    pub fn instance_finder(&mut self) -> JsResult<'s> {
        self.in_debugger(INSTANCES, "node:internal/instance_finder")
    }

    /// `evaluate(mark, source, names, values, pure, stepsMax)`: runs a script with additional names, as long as it has no side
    /// effects, for the global object that has a property of the name `mark`; `pure` are functions of the engine that have none. `{ value }`, `{ error, thrown }`, or undefined if it was ended.
    ///
    /// # Errors
    /// What the engine throws when it is out of memory.
    pub fn eager_evaluator(&mut self) -> JsResult<'s> {
        self.in_debugger(EAGER, "node:internal/eager_evaluator")
    }
}
