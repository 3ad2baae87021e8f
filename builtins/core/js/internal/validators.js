'use strict';

/**
 * Checks of arguments at the public functions' doors. Each throws Node's own error or returns normally.
 *
 * `name` is what the message calls the argument: `path`, `options.signal`. Node docs: ERR_INVALID_ARG_TYPE,
 * ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE.
 */

const { codes, hideStackFrames } = require('internal/errors');

const INT32_MIN = -2147483648;
const INT32_MAX = 2147483647;
const UINT32_MAX = 4294967295;
const PORT_MAX = 65535;

function wrongType(name, expected, value) {
  return new codes.ERR_INVALID_ARG_TYPE(name, expected, value);
}

function outOfRange(name, range, value) {
  return new codes.ERR_OUT_OF_RANGE(name, range, value);
}

function isInt32(value) {
  return value === (value | 0);
}

function isUint32(value) {
  return value === (value >>> 0);
}

const validateString = hideStackFrames((value, name) => {
  if (typeof value !== 'string') throw wrongType(name, 'string', value);
});

const validateStringWithoutNullBytes = hideStackFrames((value, name) => {
  validateString(value, name);
  if (value.includes('\u0000')) {
    throw new codes.ERR_INVALID_ARG_VALUE(name, value, 'must be a string without null bytes');
  }
});

const validateBoolean = hideStackFrames((value, name) => {
  if (typeof value !== 'boolean') throw wrongType(name, 'boolean', value);
});

const validateFunction = hideStackFrames((value, name) => {
  if (typeof value !== 'function') throw wrongType(name, 'function', value);
});

/** A function that is not async: its result is used at once. */
const validatePlainFunction = hideStackFrames((value, name) => {
  if (typeof value !== 'function' || Object.prototype.toString.call(value) === '[object AsyncFunction]') {
    throw wrongType(name, 'function', value);
  }
});

const validateUndefined = hideStackFrames((value, name) => {
  if (value !== undefined) throw wrongType(name, 'undefined', value);
});

const validateInteger = hideStackFrames((value, name, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) => {
  if (typeof value !== 'number') throw wrongType(name, 'number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value);
});

const validateInt32 = hideStackFrames((value, name, min = INT32_MIN, max = INT32_MAX) => {
  validateInteger(value, name, min, max);
});

/** `positive` refuses zero. */
const validateUint32 = hideStackFrames((value, name, positive = false) => {
  validateInteger(value, name, positive ? 1 : 0, UINT32_MAX);
});

const validateNumber = hideStackFrames((value, name, min = undefined, max = undefined) => {
  if (typeof value !== 'number') throw wrongType(name, 'number', value);
  const bounded = min != null || max != null;
  if ((min != null && value < min) || (max != null && value > max) || (bounded && Number.isNaN(value))) {
    const low = min != null ? `>= ${min}` : '';
    const high = max != null ? `<= ${max}` : '';
    throw outOfRange(name, low && high ? `${low} && ${high}` : low + high, value);
  }
});

/** Whether there is a finite number; false for undefined and NaN. Throws for Infinity and for other types. */
const validateFiniteNumber = hideStackFrames((value, name) => {
  if (value === undefined || Number.isFinite(value)) return value !== undefined;
  if (Number.isNaN(value)) return false;
  validateNumber(value, name);
  throw outOfRange(name, 'a finite number', value);
});

/** The number, or `fallback` when there is none. */
const checkRangesOrGetDefault = hideStackFrames((value, name, lower, upper, fallback) => {
  if (!validateFiniteNumber(value, name)) return fallback;
  if (value < lower || value > upper) throw outOfRange(name, `>= ${lower} and <= ${upper}`, value);
  return value;
});

const validateOneOf = hideStackFrames((value, name, allowed) => {
  if (allowed.includes(value)) return;
  const words = allowed.map((item) => (typeof item === 'string' ? `'${item}'` : String(item)));
  throw new codes.ERR_INVALID_ARG_VALUE(name, value, `must be one of: ${words.join(', ')}`);
});

const validateUnion = hideStackFrames((value, name, union) => {
  if (!union.includes(value)) throw wrongType(name, `('${union.join('|')}')`, value);
});

const kValidateObjectNone = 0;
const kValidateObjectAllowNullable = 1;
const kValidateObjectAllowArray = 2;
const kValidateObjectAllowFunction = 4;
const kValidateObjectAllowObjects = kValidateObjectAllowArray | kValidateObjectAllowFunction;
const kValidateObjectAllowObjectsAndNull = kValidateObjectAllowObjects | kValidateObjectAllowNullable;

/** `flags`: which of null, arrays and functions pass too. */
const validateObject = hideStackFrames((value, name, flags = kValidateObjectNone) => {
  if (value === null ? (flags & kValidateObjectAllowNullable) === 0 :
    Array.isArray(value) ? (flags & kValidateObjectAllowArray) === 0 :
      typeof value === 'function' ? (flags & kValidateObjectAllowFunction) === 0 : typeof value !== 'object') {
    throw wrongType(name, 'Object', value);
  }
});

/** A dictionary in WebIDL's sense: an object, null or undefined. */
const validateDictionary = hideStackFrames((value, name) => {
  if (value != null && typeof value !== 'object' && typeof value !== 'function') {
    throw wrongType(name, 'a dictionary', value);
  }
});

const validateArray = hideStackFrames((value, name, minLength = 0) => {
  if (!Array.isArray(value)) throw wrongType(name, 'Array', value);
  if (value.length < minLength) {
    throw new codes.ERR_INVALID_ARG_VALUE(name, value, `must have a length of at least ${minLength}`);
  }
});

function arrayOf(validateItem) {
  return hideStackFrames((value, name) => {
    validateArray(value, name);
    for (let index = 0; index < value.length; index++) validateItem(value[index], `${name}[${index}]`);
  });
}

const validateStringArray = arrayOf(validateString);
const validateBooleanArray = arrayOf(validateBoolean);

const validateAbortSignal = hideStackFrames((signal, name) => {
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
    throw wrongType(name, 'AbortSignal', signal);
  }
});

const validateAbortSignalArray = arrayOf((signal, name) => {
  if (signal === undefined) throw wrongType(name, 'AbortSignal', signal);
  validateAbortSignal(signal, name);
});

const validateBuffer = hideStackFrames((value, name = 'buffer') => {
  if (!ArrayBuffer.isView(value)) throw wrongType(name, ['Buffer', 'TypedArray', 'DataView'], value);
});

/** Odd hex does not encode whole bytes. */
const validateEncoding = hideStackFrames((data, encoding) => {
  if (data.length % 2 !== 0 && typeof encoding === 'string' && encoding.toLowerCase() === 'hex') {
    throw new codes.ERR_INVALID_ARG_VALUE('encoding', encoding, `is invalid for data of length ${data.length}`);
  }
});

/** A TCP or UDP port, number or numeric string; returns the number. */
const validatePort = hideStackFrames((port, name = 'Port', allowZero = true) => {
  if ((typeof port !== 'number' && typeof port !== 'string') ||
      (typeof port === 'string' && port.trim().length === 0) ||
      +port !== (+port >>> 0) || port > PORT_MAX || (+port === 0 && !allowZero)) {
    throw new codes.ERR_SOCKET_BAD_PORT(name, port, allowZero);
  }
  return port | 0;
});

const validateSignalName = hideStackFrames((signal, name = 'signal') => {
  validateString(signal, name);
  const { signals } = require('os').constants;
  if (signals[signal] !== undefined) return;
  const upper = signal.toUpperCase();
  throw new codes.ERR_UNKNOWN_SIGNAL(
    signals[upper] === undefined ? signal : `${signal} (signals must use all capital letters)`);
});

const OCTAL = /^[0-7]+$/;

/** A file mode as a number; a string counts as octal, undefined as `fallback`. */
const parseFileMode = hideStackFrames((value, name, fallback) => {
  value ??= fallback;
  if (typeof value === 'string') {
    if (!OCTAL.test(value)) {
      throw new codes.ERR_INVALID_ARG_VALUE(name, value, 'must be a 32-bit unsigned integer or an octal string');
    }
    value = Number.parseInt(value, 8);
  }
  validateUint32(value, name);
  return value;
});

/** `</styles.css>; rel=preload; as=style`, one or several. RFC 8288. */
const LINK = /^(?:<[^>]*>)(?:\s*;\s*[^;"\s]+(?:=(")?[^;"\s]*\1)?)*$/;

function validateLink(value, whole) {
  if (typeof value === 'string' && LINK.test(value)) return value;
  throw new codes.ERR_INVALID_ARG_VALUE(
    'hints', whole, 'must be an array or string of format "</styles.css>; rel=preload; as=style"');
}

/** The value of a Link header from a string or an array of strings. */
function validateLinkHeaderValue(hints) {
  if (typeof hints === 'string') return validateLink(hints, hints);
  if (!Array.isArray(hints)) validateLink(undefined, hints);
  return hints.map((link) => validateLink(link, hints)).join(', ');
}

const validateThisInternalField = hideStackFrames((object, field, className) => {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, field)) {
    throw new codes.ERR_INVALID_THIS(className);
  }
});

/** What fs.watch ignores: a glob, a RegExp, a function, or an array of those. */
const validateIgnoreOption = hideStackFrames((value, name) => {
  if (value == null) return;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      if (Array.isArray(value[index]) || value[index] == null) {
        throw wrongType(`${name}[${index}]`, ['string', 'RegExp', 'Function'], value[index]);
      }
      validateIgnoreOption(value[index], `${name}[${index}]`);
    }
    return;
  }
  if (typeof value === 'string') {
    if (value.length === 0) throw new codes.ERR_INVALID_ARG_VALUE(name, value, 'must be a non-empty string');
    return;
  }
  if (typeof value !== 'function' && Object.prototype.toString.call(value) !== '[object RegExp]') {
    throw wrongType(name, ['string', 'RegExp', 'Function'], value);
  }
});

module.exports = {
  checkRangesOrGetDefault,
  isInt32,
  isUint32,
  kValidateObjectAllowArray,
  kValidateObjectAllowFunction,
  kValidateObjectAllowNullable,
  kValidateObjectAllowObjects,
  kValidateObjectAllowObjectsAndNull,
  kValidateObjectNone,
  parseFileMode,
  validateAbortSignal,
  validateAbortSignalArray,
  validateArray,
  validateBoolean,
  validateBooleanArray,
  validateBuffer,
  validateDictionary,
  validateEncoding,
  validateFiniteNumber,
  validateFunction,
  validateIgnoreOption,
  validateInt32,
  validateInteger,
  validateLinkHeaderValue,
  validateNumber,
  validateObject,
  validateOneOf,
  validatePlainFunction,
  validatePort,
  validateSignalName,
  validateString,
  validateStringArray,
  validateStringWithoutNullBytes,
  validateThisInternalField,
  validateUint32,
  validateUndefined,
  validateUnion,
};
