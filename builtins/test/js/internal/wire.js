/**
 * Events of a test file's process on their way to the runner: frames among whatever else the process writes to stdout.
 *
 * A frame is MAGIC, the length of its payload (4 bytes, big-endian) and the payload: `v8.serialize()` of an event. Errors
 * travel as plain objects, so that their code, cause and own properties arrive.
 */
'use strict';

const { Buffer } = require('buffer');
const { deserialize, serialize } = require('internal/v8/serdes');

/** No UTF-8 text contains it. */
const MAGIC = Buffer.from([0xff, 0x0f, 0xfe, 0x74, 0x65, 0x73, 0x74, 0xff]);
const HEADER_BYTES = MAGIC.length + 4;
const kError = 'node:test error';
const kInspected = 'node:test inspected';
const customInspect = Symbol.for('nodejs.util.inspect.custom');

function isError(value) {
  return Error.isError(value) || value instanceof Error;
}

/** An error as data; what cannot be cloned, or has an inspection of its own, is shown as text. */
function pack(value, depth = 0) {
  const isOwn = value !== null && typeof value === 'object' && (!isError(value) || Object.hasOwn(value, customInspect));
  if (isOwn && typeof value[customInspect] === 'function') {
    try {
      return { [kInspected]: require('util').inspect(value) };
    } catch {
      // Its own inspection throws: it travels without.
    }
  }
  // These cannot be cloned at all: what is left of them is how they are shown.
  if (typeof value === 'symbol' || typeof value === 'function') return { [kInspected]: require('util').inspect(value) };
  if (!isError(value)) return cloneable(value);
  const own = {};
  for (const key of Object.keys(value)) if (key !== 'cause') own[key] = isError(value[key]) ? undefined : cloneable(value[key]);
  const errors = Array.isArray(value.errors) && depth < 8 ? value.errors.map((each) => pack(each, depth + 1)) : undefined;
  let stack;
  try {
    stack = value.stack;
  } catch {
    // A getter of the user's that throws: there is no stack to tell.
  }
  return {
    [kError]: true, name: value.name, message: value.message, stack, own, errors,
    hasCause: Object.hasOwn(value, 'cause'), cause: depth < 8 ? pack(value.cause, depth + 1) : undefined,
  };
}

function cloneable(value) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')) return value;
  try {
    serialize(value);
    return value;
  } catch {
    return require('util').inspect(value, { customInspect: false });
  }
}

function unpack(value) {
  if (value === null || typeof value !== 'object') return value;
  if (typeof value[kInspected] === 'string') return { [customInspect]: () => value[kInspected] };
  if (value[kError] !== true) return value;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  let error;
  if (value.own.code === 'ERR_TEST_FAILURE') {
    const { codes: { ERR_TEST_FAILURE } } = require('internal/errors');
    error = new ERR_TEST_FAILURE(value.message, value.own.failureType);
  } else {
    error = new Error(value.message);
    if (error.name !== value.name) hide(error, 'name', value.name);
  }
  Error.stackTraceLimit = limit;
  hide(error, 'message', value.message);
  Object.assign(error, value.own);
  if (value.hasCause) {
    if (error.code === 'ERR_TEST_FAILURE') error.cause = unpack(value.cause);
    else hide(error, 'cause', unpack(value.cause));
  }
  if (value.errors !== undefined) hide(error, 'errors', value.errors.map(unpack));
  hide(error, 'stack', value.stack);
  return error;
}

function hide(object, key, value) {
  Object.defineProperty(object, key, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

function frame(event) {
  const { type, data } = event;
  const details = data.details === undefined ? undefined :
    { ...data.details, ...(data.details.error === undefined ? undefined : { error: pack(data.details.error) }) };
  const payload = serialize({ type, data: details === undefined ? { ...data } : { ...data, details } });
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(payload.length, MAGIC.length);
  return Buffer.concat([header, payload]);
}

/** Sends the events of this process's tests to the runner. */
function send(stream) {
  const { stdout } = process;
  // The user's own replacement of write must not see them.
  const write = stdout.write.bind(stdout);
  stream.on('data', (event) => write(frame(event)));
}

/** Takes a process's stdout apart: `onEvent` for frames, `onText` for the rest. */
class Receiver {
  #rest = Buffer.alloc(0);
  #onEvent;
  #onText;

  constructor(onEvent, onText) {
    this.#onEvent = onEvent;
    this.#onText = onText;
  }

  push(chunk) {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const start = bytes.indexOf(MAGIC);
      if (start === -1) {
        // The end of the chunk may be the beginning of a frame.
        const keep = partialMagic(bytes);
        this.#text(bytes.subarray(0, bytes.length - keep));
        this.#rest = bytes.subarray(bytes.length - keep);
        return;
      }
      this.#text(bytes.subarray(0, start));
      bytes = bytes.subarray(start);
      if (bytes.length < HEADER_BYTES) break;
      const size = bytes.readUInt32BE(MAGIC.length);
      if (bytes.length < HEADER_BYTES + size) break;
      const event = deserialize(bytes.subarray(HEADER_BYTES, HEADER_BYTES + size));
      event.data = { __proto__: null, ...event.data };
      if (event.data.details?.error !== undefined) event.data.details.error = unpack(event.data.details.error);
      this.#onEvent(event);
      bytes = bytes.subarray(HEADER_BYTES + size);
    }
    this.#rest = bytes;
  }

  end() {
    this.#text(this.#rest);
    this.#rest = Buffer.alloc(0);
  }

  #text(bytes) {
    if (bytes.length > 0) this.#onText(bytes);
  }
}

function partialMagic(bytes) {
  for (let size = Math.min(MAGIC.length - 1, bytes.length); size > 0; size--) {
    if (bytes.subarray(bytes.length - size).equals(MAGIC.subarray(0, size))) return size;
  }
  return 0;
}

module.exports = { Receiver, send };
