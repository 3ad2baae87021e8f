/**
 * Methods of the DevTools protocol that a session in the same thread can answer without stopping the program. Each takes the parameters and
 * the session, and returns the result.
 */
'use strict';

/** Numbers the exceptions of evaluations. */
let exceptions = 0;

/** How a value is shown. DevTools protocol: Runtime.RemoteObject; without an object id, as nothing can be asked of it later. */
function remoteObject(value, byValue) {
  const type = typeof value;
  switch (type) {
    case 'undefined': return { type };
    case 'number': return Number.isFinite(value) && !Object.is(value, -0) ? { type, value, description: String(value) } :
      { type, unserializableValue: Object.is(value, -0) ? '-0' : String(value), description: Object.is(value, -0) ? '-0' : String(value) };
    case 'bigint': return { type, unserializableValue: `${value}n`, description: `${value}n` };
    case 'string': case 'boolean': return { type, value };
    case 'symbol': return { type, description: String(value) };
    default:
  }
  if (value === null) return { type: 'object', subtype: 'null', value };
  if (byValue) return { type, value: JSON.parse(JSON.stringify(value) ?? 'null') };
  const className = value.constructor?.name ?? 'Object';
  if (type === 'function') return { type, className: 'Function', description: String(value) };
  const subtype = Array.isArray(value) ? 'array' : value instanceof Error ? 'error' : undefined;
  const description = subtype === 'array' ? `${className}(${value.length})` : subtype === 'error' ? String(value.stack) : className;
  return subtype === undefined ? { type, className, description } : { type, subtype, className, description };
}

/** DevTools protocol: Runtime.evaluate. */
function evaluate({ expression, returnByValue = false }) {
  const vm = require('vm');
  try {
    return { result: remoteObject(vm.runInThisContext(String(expression), { displayErrors: false }), returnByValue) };
  } catch (error) {
    const exception = remoteObject(error, false);
    exceptions++;
    return { result: exception, exceptionDetails: { exceptionId: exceptions, text: 'Uncaught', lineNumber: 0, columnNumber: 0, exception } };
  }
}

/** Characters of a piece of a snapshot. */
const CHUNK = 100 * 1024;

/** DevTools protocol: HeapProfiler.takeHeapSnapshot. */
function takeHeapSnapshot(_params, session) {
  const fs = require('fs');
  const path = require('path');
  const folder = fs.mkdtempSync(path.join(require('os').tmpdir(), 'snapshot-'));
  try {
    const file = require('v8').writeHeapSnapshot(path.join(folder, 'heap.heapsnapshot'));
    const text = fs.readFileSync(file, 'utf8');
    for (let at = 0; at < text.length; at += CHUNK) {
      const message = { method: 'HeapProfiler.addHeapSnapshotChunk', params: { chunk: text.slice(at, at + CHUNK) } };
      session.emit(message.method, message);
      session.emit('inspectorNotification', message);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return {};
}

const nothing = () => ({});

const methods = {
  '__proto__': null,
  'HeapProfiler.collectGarbage': () => {
    binding('process').collectGarbage();
    return {};
  },
  'HeapProfiler.disable': nothing,
  'HeapProfiler.enable': nothing,
  'HeapProfiler.takeHeapSnapshot': takeHeapSnapshot,
  'Runtime.disable': nothing,
  'Runtime.enable': nothing,
  'Runtime.evaluate': evaluate,
};

module.exports = { methods };
