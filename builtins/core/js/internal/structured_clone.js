/** structuredClone, and what message ports share with it. HTML: "Safe passing of structured data"; Node docs: structuredClone. */
'use strict';

const { clone, isPort, setCloneHooks } = binding('worker_threads');
const { kClone, kCloneable, kDeserializers, kTransfer, kTransferable, kUncloneable, markObject, transferModeOf } =
  require('internal/transferable');

const untransferable = new WeakSet();
/** Frozen objects that were marked: nothing can be defined on them. */
const uncloneable = new WeakSet();
/** Whether there are any: the common case must not look. */
let anyUncloneable = false;

/** What the engine wants to know of an object of a marked class (`pack` in builtins/worker_threads/src/port.rs). */
const COPY = 0;
const ASK = 2;

const NEEDS_TRANSFER = 'Object that needs transfer was found in message but not listed in transferList';
const UNTRANSFERABLE = 'Cannot transfer object of unsupported type.';
const UNSUPPORTED = 'Cannot clone object of unsupported type.';

function pack(object, what) {
  const mode = transferModeOf(object);
  if (what === ASK) return (mode & kTransferable) !== 0;
  if (what === COPY) {
    if ((mode & kCloneable) === 0) throw refusal((mode & kTransferable) !== 0 ? NEEDS_TRANSFER : UNSUPPORTED);
    const { data, deserializeInfo } = object[kClone]();
    return [deserializeInfo, data, undefined, -1];
  }
  const { data, deserializeInfo, fd = -1, transferList } = object[kTransfer]();
  return [deserializeInfo, data, transferList, fd];
}

function unpack(info, data) {
  const { has, requireBuiltin } = require('internal/loader');
  const colon = info.lastIndexOf(':');
  const id = info.slice(0, colon);
  // Nothing but our own builtins makes objects of messages.
  if (!id.startsWith('internal/') || !has(id)) throw new Error(`Missing internal module '${id}'`);
  const make = requireBuiltin(id)[kDeserializers]?.[info.slice(colon + 1)];
  if (make === undefined) throw new Error(`Unknown deserialize spec ${info}`);
  return make(data);
}

setCloneHooks(pack, unpack);

/** The engine's wording of what cannot be cloned, in V8's: `#<Foo> could not be cloned.` */
function describe(value) {
  if (typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return Function.prototype.toString.call(value);
  if (value !== null && typeof value === 'object') return describeObject(value);
  return String(value);
}

/** A property that is no accessor, of the object or its prototypes. */
function dataProperty(object, key) {
  for (let holder = object; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property !== undefined) return property.value;
  }
  return undefined;
}

function describeObject(object) {
  if (dataProperty(object, 'toString') === Object.prototype.toString) {
    const constructor = dataProperty(object, 'constructor');
    if (typeof constructor === 'function' && constructor.name !== '') return `#<${constructor.name}>`;
  }
  return Object.prototype.toString.call(object);
}

/** Depth first: the first part of a value for which `test` holds. */
function find(value, test, seen = new Set()) {
  if (test(value)) return value;
  if (value === null || typeof value !== 'object' || seen.has(value)) return undefined;
  seen.add(value);
  const parts = value instanceof Map ? [...value.keys(), ...value.values()] :
    value instanceof Set ? [...value] : Object.keys(value).map((key) => value[key]);
  for (const part of parts) {
    const found = find(part, test, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isUnsupported(value) {
  return typeof value === 'function' || typeof value === 'symbol' || value instanceof WeakMap || value instanceof WeakSet ||
    value instanceof WeakRef || value instanceof Promise;
}

function isDetached(value) {
  return (value instanceof ArrayBuffer && value.detached) || (ArrayBuffer.isView(value) && value.buffer.detached === true);
}

function refusal(text) {
  const { DOMException } = globalThis;
  return new DOMException(text, 'DataCloneError');
}

function dataCloneError(value) {
  return refusal(`${describe(find(value, isUnsupported) ?? value)} could not be cloned.`);
}

/** What the engine threw: its number of a refusal becomes a DataCloneError, all else stays. */
function translate(error, value, transfer, port) {
  if (typeof error !== 'number') {
    // A pinned buffer (the pool of small Buffers) is refused by the engine itself.
    if (!(error instanceof TypeError) || !error.message.endsWith('could not be cloned.')) return error;
    return refusal(transfer === undefined ? error.message : UNTRANSFERABLE);
  }
  if (transfer !== undefined) {
    if (port !== undefined && transfer.includes(port)) return refusal('Transfer list contains source port');
    const repeated = transfer.find((item, index) => transfer.indexOf(item) !== index);
    if (repeated !== undefined) {
      return refusal(`Transfer list contains duplicate ${isPort(repeated) ? 'MessagePort' : 'ArrayBuffer'}`);
    }
    const closed = transfer.find((item) => isPort(item));
    if (closed !== undefined && transfer.every((item) => isPort(item) || item instanceof ArrayBuffer) && error === 1) {
      return refusal('MessagePort in transfer list is already detached');
    }
    if (transfer.some((item) => item instanceof SharedArrayBuffer)) return refusal('Found invalid value in transferList.');
    if (transfer.some(isDetached)) return refusal(UNTRANSFERABLE);
    if (error === 1) return refusal('Found invalid value in transferList.');
  }
  if (find(value, isPort) !== undefined && find(value, isUnsupported) === undefined) {
    return refusal(NEEDS_TRANSFER);
  }
  if (find(value, isDetached) !== undefined) return refusal('An ArrayBuffer is detached and could not be cloned.');
  return dataCloneError(value);
}

/** The transfer list of `options`, an iterable or `{ transfer }`: an array, or undefined. */
function prepareTransfer(options, value) {
  if (anyUncloneable && find(value, (part) => uncloneable.has(part)) !== undefined) {
    throw refusal(UNSUPPORTED);
  }
  if (options === undefined || options === null) return undefined;
  const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
  let list = options;
  if (typeof options !== 'object') throw invalidIterable('Optional transferList argument must be an iterable');
  if (typeof options[Symbol.iterator] !== 'function') {
    list = options.transfer;
    if (list === undefined || list === null) return undefined;
    if (typeof list !== 'object' || typeof list[Symbol.iterator] !== 'function') {
      throw invalidIterable('Optional options.transfer argument must be an iterable');
    }
  }
  function invalidIterable(message) {
    const error = new ERR_INVALID_ARG_TYPE('transferList', 'Array', list);
    error.message = message;
    return error;
  }
  const transfer = [...list];
  for (const item of transfer) {
    if (item === null || typeof item !== 'object') throw refusal('Found invalid value in transferList.');
    if (untransferable.has(item)) throw refusal(UNTRANSFERABLE);
  }
  return transfer.length === 0 ? undefined : transfer;
}

/** Node docs: structuredClone(value[, options]). */
function structuredClone(value, options) {
  const { codes: { ERR_INVALID_ARG_TYPE, ERR_MISSING_ARGS } } = require('internal/errors');
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('The value argument must be specified');
  const isObject = (given) => given !== null && (typeof given === 'object' || typeof given === 'function');
  const invalid = (problem) => {
    const error = new ERR_INVALID_ARG_TYPE('options', 'Object', options);
    error.message = `Failed to execute 'structuredClone': ${problem}`;
    return error;
  };
  if (options !== undefined && options !== null && !isObject(options)) {
    throw invalid('Options cannot be converted to a dictionary');
  }
  let transfer = options?.transfer;
  if (transfer !== undefined) {
    if (!isObject(transfer) || typeof transfer[Symbol.iterator] !== 'function') {
      throw invalid('transfer in Options cannot be converted to sequence.');
    }
    const items = [...transfer];
    const wrong = items.findIndex((item) => !isObject(item));
    if (wrong !== -1) throw invalid(`transfer in Options[${wrong}] is not an object.`);
    transfer = prepareTransfer(items);
  }
  if (transfer === undefined && (value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol'))) {
    return value;
  }
  if (anyUncloneable) prepareTransfer(undefined, value);
  const blobs = require('internal/loader').cache.get('internal/buffer/blob')?.exports;
  if (transfer === undefined && blobs?.isBlob(value)) return blobs.clone(value);
  try {
    return clone(value, transfer);
  } catch (error) {
    throw translate(error, value, transfer, undefined);
  }
}

/** Node docs: worker.markAsUntransferable(object). */
function markAsUntransferable(object) {
  if (object !== null && (typeof object === 'object' || typeof object === 'function')) untransferable.add(object);
}

/** Node docs: worker.isMarkedAsUntransferable(object). */
function isMarkedAsUntransferable(object) {
  return object !== null && typeof object === 'object' && untransferable.has(object);
}

/** Node docs: worker.markAsUncloneable(object). */
function markAsUncloneable(object) {
  if (object === null || (typeof object !== 'object' && typeof object !== 'function')) return;
  if (object instanceof ArrayBuffer || ArrayBuffer.isView(object)) return;
  if (markObject(object, kUncloneable)) return;
  anyUncloneable = true;
  uncloneable.add(object);
}

module.exports = {
  dataCloneError, isMarkedAsUntransferable, markAsUncloneable, markAsUntransferable, prepareTransfer, structuredClone, translate,
};
