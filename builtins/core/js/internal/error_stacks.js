/**
 * V8's stack trace API on the engine's saved frames: `Error.prepareStackTrace`, call sites, and the text of `stack`.
 *
 * V8 docs: "Stack trace API". The engine calls `prepare` at the first read of an error's `stack` and keeps what it returns.
 */
'use strict';

const { installErrorStacks, callSites } = binding('task_queue');
const HEADER = Symbol.for('anode.stackHeader');
const errorToString = primordials.uncurryThis(Error.prototype.toString);

/** Numbers per frame in a flat list: function, file, line, column, type of the receiver, method, kind. */
const STRIDE = 7;
/** Kinds of frames, as crates/engine/src/error.rs numbers them; from kPromiseAll on the line is an index. */
const kNew = 1;
const kAsync = 2;
const kPromiseAll = 3;
const combinators = { __proto__: null, 3: 'all', 4: 'allSettled', 5: 'any' };

/** Frames of these builtins are plumbing of ours: a user's stack starts at the function that was called. */
const HIDDEN = new Set(['node:internal/errors', 'node:internal/validators']);

/** What V8 prefixes with the type of the receiver. */
const kIdentifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** Builtins of the engine that are written in JavaScript. */
const SELF_HOSTED = 'self-hosted';

class CallSite {
  #name;
  #file;
  #line;
  #column;
  #type;
  #method;
  #kind;
  #origin;

  constructor(name, file, line, column, type, method, kind, origin) {
    this.#name = name;
    this.#file = file;
    this.#line = line;
    this.#column = column;
    this.#type = type;
    this.#method = method;
    this.#kind = kind;
    this.#origin = origin;
  }

  getColumnNumber() { return this.#file === SELF_HOSTED || this.#kind >= kPromiseAll ? null : this.#column; }
  getEnclosingColumnNumber() { return this.getColumnNumber(); }
  getEnclosingLineNumber() { return this.getLineNumber(); }
  getEvalOrigin() { return this.#origin; }
  getFileName() { return this.#file === SELF_HOSTED || this.#origin !== undefined || this.#kind >= kPromiseAll ? undefined : this.#file; }
  getFunction() { return undefined; }
  getFunctionName() { return this.#kind >= kPromiseAll ? combinators[this.#kind] : this.#name === '' ? null : this.#name; }
  getLineNumber() { return this.#file === SELF_HOSTED || this.#kind >= kPromiseAll ? null : this.#line; }
  getMethodName() { return this.#kind >= kPromiseAll || this.#method === '' ? null : this.#method; }
  getPosition() { return 0; }
  getPromiseIndex() { return this.#kind >= kPromiseAll ? this.#line : null; }
  getScriptNameOrSourceURL() { return this.getFileName(); }
  getScriptHash() { return ''; }
  getThis() { return undefined; }
  getTypeName() { return this.#kind >= kPromiseAll ? 'Function' : this.#type === '' ? null : this.#type; }
  isAsync() { return this.#kind >= kAsync; }
  isConstructor() { return this.#kind === kNew; }
  isEval() { return this.#origin !== undefined; }
  isNative() { return false; }
  isPromiseAll() { return this.#kind === kPromiseAll; }
  isToplevel() { return this.#type === '' && this.#kind < kPromiseAll; }
  toString() { return describe(this.#name, this.#file, this.#line, this.#column, this.#type, this.#method, this.#kind, this.#origin); }
}

/** WebAssembly has byte offsets for lines, and the numbers of functions, marked by the sign, for columns. */
const isWasm = (column) => column < 0;

/** V8's name for a WebAssembly module that has no URL: a hash, ours of the place where it was compiled. */
function wasmName(file) {
  if (!file.includes(' > ')) return file;
  let hash = 0x811c9dc5;
  for (let i = 0; i < file.length; i++) hash = Math.imul(hash ^ file.charCodeAt(i), 0x01000193) >>> 0;
  return `wasm://wasm/${hash.toString(16).padStart(8, '0')}`;
}

/** A frame in V8's words, without "at". */
function describe(name, file, line, column, type, method, kind, origin) {
  if (kind >= kPromiseAll) return `async Promise.${combinators[kind]} (index ${line})`;
  if (isWasm(column)) {
    const place = `${wasmName(file)}:wasm-function[${column & 0x7fffffff}]:0x${line.toString(16)}`;
    return name === '' || name.startsWith('wasm-function[') ? place : `${name} (${place})`;
  }
  const place = file === SELF_HOSTED ? '<anonymous>' :
    origin !== undefined ? `${origin}, <anonymous>:${line}:${column}` : `${file}:${line}:${column}`;
  let shown;
  if (kind === kNew) {
    shown = `new ${name === '' ? '<anonymous>' : name}`;
  } else if (type !== '') {
    if (name === '') {
      shown = `${type}.${method === '' ? '<anonymous>' : method}`;
    } else {
      shown = name !== type && kIdentifier.test(name) ? `${type}.${name}` : name;
      if (method !== '' && name !== method && !name.endsWith(`.${method}`)) shown += ` [as ${method}]`;
    }
  } else {
    shown = name;
  }
  if (kind === kAsync) shown = shown === '' ? 'async ' : `async ${shown}`;
  if (shown === '') return place;
  return kind === kAsync && name === '' && type === '' ? `${shown}${place}` : `${shown} (${place})`;
}

/** The engine's display names (`outer/inner`, `outer/<`, `Foo.prototype.bar`, `Foo[".bar"]`) in V8's form. */
function cleanName(name) {
  if (name === '') return name;
  const slash = name.lastIndexOf('/');
  if (slash !== -1) name = name.slice(slash + 1);
  if (name.endsWith('<')) return '';
  const quoted = /\["(.*)"\]$/.exec(name);
  if (quoted !== null) return `Object.${quoted[1]}`;
  return name.replace('.prototype.', '.');
}

/** V8 names the receiver of these, our functions have none. */
const RECEIVERS = {
  __proto__: null,
  'processTicksAndRejections': 'process.processTicksAndRejections',
  'processImmediate': 'process.processImmediate',
  'processTimers': 'process.processTimers',
};

/** Calls functions for others. */
const ASYNC_RESOURCE = 'node:internal/async_hooks/resource';

/** Who calls callbacks of the user's: V8 names an anonymous one by the type of its receiver. */
const CALLERS = new Map([
  ['node:internal/test/hooks callForSuite', 'SuiteContext.<anonymous>'],
  ['node:internal/test/hooks callForTest', 'TestContext.<anonymous>'],
  ['node:internal/test/tree build', 'SuiteContext.<anonymous>'],
  ['node:internal/test/tree callWithCallback', 'TestContext.<anonymous>'],
  ['node:internal/test/tree run', 'TestContext.<anonymous>'],
  ['node:internal/timers/immediates fire', 'Immediate.<anonymous>'],
  ['node:internal/timers/timers fire', 'Timeout._onTimeout'],
]);

/** Whether the callback of an immediate runs: after it, `immediate._onImmediate` is gone, and V8 looks at the first read. */
const running = { __proto__: null, immediate: false };

/** Methods of `Module`, whose constructor is an accessor: the engine does not see the type of their receivers. */
const MODULE_METHODS = new Set(['_compile', 'load', 'require']);

/** V8's name for an anonymous function by who called it, or waits for it: the frame at `i` or the first behind it that is shown. */
function calledBy(frames, i) {
  const isBetween = () => (frames[i + 1] === SELF_HOSTED ? isPlumbing(frames, i) : frames[i + 1] === ASYNC_RESOURCE);
  while (i < frames.length && isBetween()) i += STRIDE;
  if (i >= frames.length || !frames[i + 1].startsWith('node:internal/')) return '';
  return CALLERS.get(`${frames[i + 1]} ${cleanName(frames[i])}`) ?? '';
}

/** Names of all frames of a flat list, cleaned. */
function cleanFrames(frames) {
  for (let i = 0; i < frames.length; i += STRIDE) {
    const name = cleanName(frames[i]);
    frames[i] = frames[i + 1].startsWith('node:') ? RECEIVERS[name] ?? name : name;
    if (frames[i + 1] === 'node:internal/module/cjs' && frames[i + 4] === 'Object' && MODULE_METHODS.has(name)) frames[i + 4] = 'Module';
    if (frames[i + 5] === '_onImmediate' && frames[i + 4] === 'Immediate' && !running.immediate) frames[i + 5] = '';
    if (name === '' && frames[i + 4] === '') frames[i] = calledBy(frames, i + STRIDE);
  }
}

/**
 * Where evaluated code comes from. `file line 6 > eval` is how the engine names it; V8 says `eval at f (file:6:1)`. The caller
 * is known if it is still on the stack.
 */
function evalOrigin(frames, i) {
  const file = frames[i + 1];
  const at = file.lastIndexOf(' > ');
  if (at === -1) return undefined;
  const match = /^(.*) line (\d+)$/s.exec(file.slice(0, at));
  if (match === null) return undefined;
  const { 1: origin, 2: line } = match;
  for (let next = i + STRIDE; next < frames.length; next += STRIDE) {
    if (frames[next + 1] === file || frames[next + 1] === SELF_HOSTED) continue;
    if (frames[next + 1] === origin && frames[next + 2] === Number(line)) {
      const inner = evalOrigin(frames, next);
      const place = inner === undefined ? `${origin}:${line}:${frames[next + 3]}` : `${inner}, <anonymous>:${line}:${frames[next + 3]}`;
      return `eval at ${frames[next] === '' ? '<anonymous>' : frames[next]} (${place})`;
    }
    break;
  }
  return `eval at <anonymous> (${origin.includes(' > ') ? '<anonymous>' : origin}:${line}:1)`;
}

function header(error) {
  const own = error[HEADER];
  if (typeof own === 'string') return own;
  try {
    return errorToString(error);
  } catch {
    return '<error>';
  }
}

/** What resumes async functions, and calls through Reflect: V8 has no frames for these. */
const PLUMBING = new Set([
  'AsyncFunctionNext', 'AsyncFunctionThrow', 'AsyncGeneratorNext', 'AsyncGeneratorReturn', 'AsyncGeneratorThrow', 'Reflect.apply',
]);

function isPlumbing(frames, i) {
  return PLUMBING.has(frames[i]) || (frames[i] === 'apply' && frames[i + 4] === 'Reflect');
}

/** Helpers of functions that are one frame in Node. */
const HELPERS = new Set(['node:events callListener', 'node:internal/timers/immediates fire', 'node:internal/timers/timers fire']);

/** Calls `use` for each frame that is shown, at most `limit`. */
function eachFrame(frames, limit, use) {
  let leading = true;
  let count = 0;
  /** A function that goes on after an `await` was not called by whatever runs below it. */
  let isResumed = false;
  for (let i = 0; i < frames.length && count < limit; i += STRIDE) {
    const file = frames[i + 1];
    // The engine's own plumbing has no file.
    if (file === SELF_HOSTED && isPlumbing(frames, i)) {
      isResumed ||= frames[i].startsWith('Async');
      continue;
    }
    if (HELPERS.has(`${file} ${frames[i]}`)) continue;
    if (isResumed && frames[i + 6] < kAsync && file.startsWith('node:internal/timers/')) continue;
    if ((file === '' && frames[i + 6] < kPromiseAll) || (leading && HIDDEN.has(file))) continue;
    leading = false;
    count++;
    const origin = file.includes(' > ') && !isWasm(frames[i + 3]) ? evalOrigin(frames, i) : undefined;
    const name = frames[i] === '' && origin !== undefined && frames[i + 6] !== kNew ? 'eval' : frames[i];
    use(name, file, frames[i + 2], frames[i + 3], frames[i + 4], frames[i + 5], frames[i + 6], origin);
  }
}

function text(error, frames) {
  let result = header(error);
  const { stackTraceLimit } = Error;
  if (typeof stackTraceLimit !== 'number') return result;
  eachFrame(frames, stackTraceLimit, (name, file, line, column, type, method, kind, origin) => {
    result += `\n    at ${describe(name, file, line, column, type, method, kind, origin)}`;
  });
  return result;
}

function sites(frames, limit = Infinity) {
  const list = [];
  eachFrame(frames, limit, (name, file, line, column, type, method, kind, origin) => {
    list.push(new CallSite(name, file, line, column, type, method, kind, origin));
  });
  return list;
}

/** error -> fn(frames) that leaves out frames; asked at the first read of its `stack`. */
let filters;

/** `filter` gets and returns a flat list of STRIDE fields a frame. Without effect once the stack was read. */
function setFrameFilter(error, filter) {
  filters ??= new WeakMap();
  filters.set(error, filter);
}

/** Frames that wait come in addition to those that were captured, so the limit counts here as well. */
function limit() {
  const { stackTraceLimit } = Error;
  return typeof stackTraceLimit === 'number' ? stackTraceLimit : 0;
}

/** Called by the engine for `error.stack`; `frames` is flat: name, file, line, column. */
function prepare(error, frames) {
  cleanFrames(frames);
  if (filters !== undefined) frames = filters.get(error)?.(frames) ?? frames;
  const { prepareStackTrace } = Error;
  if (typeof prepareStackTrace === 'function' && prepareStackTrace !== defaultPrepare) {
    return prepareStackTrace.call(Error, error, sites(frames, limit()));
  }
  if (override !== undefined) return override(error, sites(frames, limit()), text(error, frames));
  return text(error, frames);
}

/** Node 26 has a function here by default. */
function defaultPrepare(error, trace) {
  let result = header(error);
  for (const site of trace) result += `\n    at ${site}`;
  return result;
}

let override;

/** Source map support installs its own formatter here. */
function setPrepareOverride(fn) {
  override = fn;
}

/** The running stack as call sites, for util.getCallSites. */
function currentSites(limit) {
  const frames = callSites(limit);
  cleanFrames(frames);
  return sites(frames);
}

function install() {
  installErrorStacks(prepare);
  Object.defineProperty(defaultPrepare, 'name', { __proto__: null, configurable: true, value: 'ErrorPrepareStackTrace' });
  Object.defineProperty(Error, 'prepareStackTrace', {
    __proto__: null, configurable: true, enumerable: false, value: defaultPrepare, writable: true,
  });
}

module.exports = { CallSite, STRIDE, currentSites, install, running, setFrameFilter, setPrepareOverride };
