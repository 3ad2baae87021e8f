/**
 * What the states of both sides of a stream share: flag bits, default high water marks, and the
 * accessors that show a bit as the boolean property which packages read (`_readableState.ended`).
 *
 * A state keeps its booleans in one small integer, `bits`: testing several of them is one `&`, and
 * the object stays small and of one shape. The bits below 1 << 12 mean the same on both sides, so
 * code about destruction and errors works on either.
 */
'use strict';

const { Buffer } = require('buffer');
const { codes: { ERR_INVALID_ARG_VALUE, ERR_UNKNOWN_ENCODING } } = require('internal/errors');
const { validateInteger } = require('internal/validators');

/** Bits that readable and writable states have in common. */
const OBJECT_MODE = 1 << 0;
const CONSTRUCTED = 1 << 1;
const SYNC = 1 << 2;
const EMIT_CLOSE = 1 << 3;
const AUTO_DESTROY = 1 << 4;
const DESTROYED = 1 << 5;
const CLOSED = 1 << 6;
const CLOSE_EMITTED = 1 << 7;
const ERRORED = 1 << 8;
const ERROR_EMITTED = 1 << 9;

const SHARED_FLAGS = {
  objectMode: OBJECT_MODE,
  constructed: CONSTRUCTED,
  sync: SYNC,
  emitClose: EMIT_CLOSE,
  autoDestroy: AUTO_DESTROY,
  destroyed: DESTROYED,
  closed: CLOSED,
  closeEmitted: CLOSE_EMITTED,
  errorEmitted: ERROR_EMITTED,
};

/** Node docs: stream.getDefaultHighWaterMark. Bytes, and objects. */
let defaultBytes = 64 * 1024;
let defaultObjects = 16;

/** Node docs: stream.getDefaultHighWaterMark. */
function getDefaultHighWaterMark(objectMode) {
  return objectMode ? defaultObjects : defaultBytes;
}

/** Node docs: stream.setDefaultHighWaterMark. */
function setDefaultHighWaterMark(objectMode, value) {
  validateInteger(value, 'value', 0);
  if (objectMode) defaultObjects = value;
  else defaultBytes = value;
}

/**
 * The high water mark that `options` ask for. `sideKey` is `readableHighWaterMark` or
 * `writableHighWaterMark`, and counts only for a Duplex.
 */
function highWaterMarkOf(options, isDuplex, sideKey, objectMode) {
  if (options) {
    let wanted = options.highWaterMark;
    if (wanted === undefined || wanted === null) wanted = isDuplex ? options[sideKey] : null;
    if (wanted !== undefined && wanted !== null) {
      if (!Number.isInteger(wanted) || wanted < 0) {
        throw new ERR_INVALID_ARG_VALUE(
          isDuplex ? `options.${sideKey}` : 'options.highWaterMark', wanted);
      }
      return wanted;
    }
  }
  return objectMode ? defaultObjects : defaultBytes;
}

/** `options.defaultEncoding`, checked. */
function defaultEncodingOf(options) {
  const encoding = options?.defaultEncoding;
  if (encoding === undefined || encoding === null || encoding === '') return 'utf8';
  if (!Buffer.isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding);
  return encoding;
}

/** The shared bits a new state starts with. `sideObjectMode`: of this side of a Duplex. */
function initialBits(options, sideObjectMode) {
  let bits = CONSTRUCTED | SYNC | EMIT_CLOSE | AUTO_DESTROY;
  if (options) {
    if (options.objectMode || sideObjectMode) bits |= OBJECT_MODE;
    if (options.emitClose === false) bits &= ~EMIT_CLOSE;
    if (options.autoDestroy === false) bits &= ~AUTO_DESTROY;
  }
  return bits;
}

function defineFlag(proto, name, bit) {
  Object.defineProperty(proto, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() { return (this.bits & bit) !== 0; },
    set(value) {
      if (value) this.bits |= bit;
      else this.bits &= ~bit;
    },
  });
}

/** Gives a state's prototype its boolean properties: the shared ones and those of `flags`. */
function defineFlags(proto, flags) {
  for (const name of Object.keys(SHARED_FLAGS)) defineFlag(proto, name, SHARED_FLAGS[name]);
  for (const name of Object.keys(flags)) defineFlag(proto, name, flags[name]);
  Object.defineProperty(proto, 'errored', {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() { return (this.bits & ERRORED) !== 0 ? this.failure : null; },
    set(value) {
      if (value) {
        this.bits |= ERRORED;
        this.failure = value;
      } else {
        this.bits &= ~ERRORED;
        this.failure = null;
      }
    },
  });
}

/** Runs `make` on the first read of `object[name]`; writable and enumerable like plain data. */
function defineLazy(object, name, make) {
  const put = (value) => Object.defineProperty(object, name, {
    __proto__: null, configurable: true, enumerable: true, writable: true, value,
  });
  Object.defineProperty(object, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const value = make();
      put(value);
      return value;
    },
    set: put,
  });
}

module.exports = {
  OBJECT_MODE, CONSTRUCTED, SYNC, EMIT_CLOSE, AUTO_DESTROY, DESTROYED, CLOSED, CLOSE_EMITTED,
  ERRORED, ERROR_EMITTED,
  getDefaultHighWaterMark,
  setDefaultHighWaterMark,
  defaultEncodingOf,
  highWaterMarkOf,
  initialBits,
  defineFlags,
  defineLazy,
};
