/**
 * V8's stack trace API on the engine's saved frames: `Error.prepareStackTrace`, call sites, and the text of `stack`.
 *
 * V8 docs: "Stack trace API". The engine calls `prepare` at the first read of an error's `stack` and keeps what it returns.
 */
'use strict';

const { installErrorStacks, callSites } = binding('task_queue');
const HEADER = Symbol.for('anode.stackHeader');
const errorToString = primordials.uncurryThis(Error.prototype.toString);

/** Frames of these builtins are plumbing of ours: a user's stack starts at the function that was called. */
const HIDDEN = new Set(['node:internal/errors', 'node:internal/validators']);

/** Node's name for the top level of a CommonJS module. */
const TOP_LEVEL = 'Object.<anonymous>';

class CallSite {
  #name;
  #file;
  #line;
  #column;

  constructor(name, file, line, column) {
    this.#name = name;
    this.#file = file;
    this.#line = line;
    this.#column = column;
  }

  getColumnNumber() { return this.#column; }
  getEnclosingColumnNumber() { return this.#column; }
  getEnclosingLineNumber() { return this.#line; }
  getEvalOrigin() { return this.isEval() ? `eval at ${this.#name || '<anonymous>'} (${this.#file})` : undefined; }
  getFileName() { return this.#file; }
  getFunction() { return undefined; }
  getFunctionName() { return this.#name === '' || this.#name === TOP_LEVEL ? null : this.#name.replace(/^(?:async |new )/, ''); }
  getLineNumber() { return this.#line; }
  getMethodName() { return null; }
  getPosition() { return 0; }
  getPromiseIndex() { return null; }
  getScriptNameOrSourceURL() { return this.#file; }
  getScriptHash() { return ''; }
  getThis() { return undefined; }
  getTypeName() { return this.#name === TOP_LEVEL ? 'Object' : null; }
  isAsync() { return this.#name.startsWith('async '); }
  isConstructor() { return this.#name.startsWith('new '); }
  isEval() { return this.#file.includes(' > eval') || this.#file.includes(' > Function'); }
  isNative() { return false; }
  isPromiseAll() { return false; }
  isToplevel() { return this.#name === '' || this.#name === TOP_LEVEL; }
  toString() { return describe(this.#name, this.#file, this.#line, this.#column); }
}

function describe(name, file, line, column) {
  const at = file.indexOf(' > ');
  // `file line 6 > eval:1:1` is how the engine names evaluated code; V8 says `eval at f (file:6:1), <anonymous>:1:1`.
  let place;
  if (at !== -1) {
    const origin = /^(.*) line (\d+)$/.exec(file.slice(0, at));
    place = origin ?
      `eval at ${name || '<anonymous>'} (${origin[1]}:${origin[2]}:1), <anonymous>:${line}:${column}` :
      `${file}:${line}:${column}`;
  } else {
    place = `${file}:${line}:${column}`;
  }
  return name === '' ? place : `${name} (${place})`;
}

/** The engine's display names (`outer/inner`, `outer/<`, `Foo.prototype.bar`, `Foo[".bar"]`) in V8's form. */
function cleanName(name) {
  if (name === '' || name === TOP_LEVEL) return name;
  const slash = name.lastIndexOf('/');
  if (slash !== -1) name = name.slice(slash + 1);
  if (name.endsWith('<')) return '';
  const quoted = /\["(.*)"\]$/.exec(name);
  if (quoted !== null) return `Object.${quoted[1]}`;
  return name.replace('.prototype.', '.');
}

/** V8 names the receiver of these, the engine does not know it. */
const RECEIVERS = {
  __proto__: null,
  'processTicksAndRejections': 'process.processTicksAndRejections',
  'processImmediate': 'process.processImmediate',
  'processTimers': 'process.processTimers',
};

/** Who calls callbacks of the user's: V8 names an anonymous one by the type of its receiver. */
const CALLERS = new Map([
  ['node:internal/test/hooks callForSuite', 'SuiteContext.<anonymous>'],
  ['node:internal/test/hooks callForTest', 'TestContext.<anonymous>'],
  ['node:internal/test/tree build', 'SuiteContext.<anonymous>'],
  ['node:internal/test/tree callFunction', 'TestContext.<anonymous>'],
  ['node:internal/timers/immediates fire', 'Immediate.<anonymous>'],
  ['node:internal/timers/timers fire', 'Timeout._onTimeout'],
]);

/** Names of all frames of a flat list, cleaned; the function around a CommonJS module is V8's `Object.<anonymous>`. */
function cleanFrames(frames) {
  for (let i = 0; i < frames.length; i += 4) {
    if (frames[i] === '' && frames[i + 4] === 'Module.prototype._compile' && frames[i + 5] === 'node:internal/module/cjs') {
      frames[i] = TOP_LEVEL;
    } else {
      const name = cleanName(frames[i]);
      frames[i] = frames[i + 1].startsWith('node:') ? RECEIVERS[name] ?? name : name;
      if (name === '' && i + 4 < frames.length && frames[i + 5].startsWith('node:internal/')) {
        frames[i] = CALLERS.get(`${frames[i + 5]} ${cleanName(frames[i + 4])}`) ?? '';
      }
    }
  }
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

function text(error, frames) {
  let result = header(error);
  const { stackTraceLimit } = Error;
  if (typeof stackTraceLimit !== 'number') return result;
  let count = 0;
  let leading = true;
  for (let i = 0; i < frames.length && count < stackTraceLimit; i += 4) {
    // The engine's own self-hosted code has no file.
    if (frames[i + 1] === '' || (leading && HIDDEN.has(frames[i + 1]))) continue;
    leading = false;
    count++;
    const name = frames[i];
    const file = frames[i + 1];
    result += '\n    at ';
    if (name === '' && !file.includes(' > ')) {
      result += `${file}:${frames[i + 2]}:${frames[i + 3]}`;
    } else {
      result += describe(name, file, frames[i + 2], frames[i + 3]);
    }
  }
  return result;
}

function sites(frames) {
  const list = [];
  let leading = true;
  for (let i = 0; i < frames.length; i += 4) {
    // The engine's own self-hosted code has no file.
    if (frames[i + 1] === '' || (leading && HIDDEN.has(frames[i + 1]))) continue;
    leading = false;
    list.push(new CallSite(frames[i], frames[i + 1], frames[i + 2], frames[i + 3]));
  }
  return list;
}

/** error -> fn(frames) that leaves out frames; asked at the first read of its `stack`. */
let filters;

/** `filter` gets and returns a flat list: name, file, line, column. Without effect once the stack was read. */
function setFrameFilter(error, filter) {
  filters ??= new WeakMap();
  filters.set(error, filter);
}

/** Called by the engine for `error.stack`; `frames` is flat: name, file, line, column. */
function prepare(error, frames) {
  cleanFrames(frames);
  if (filters !== undefined) frames = filters.get(error)?.(frames) ?? frames;
  const { prepareStackTrace } = Error;
  if (typeof prepareStackTrace === 'function' && prepareStackTrace !== defaultPrepare) {
    return prepareStackTrace.call(Error, error, sites(frames));
  }
  if (override !== undefined) return override(error, sites(frames), text(error, frames));
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

module.exports = { CallSite, currentSites, install, setFrameFilter, setPrepareOverride };
