'use strict';

/**
 * Node's errors with codes, made from the table in internal/error_table, and the shapes of system errors.
 *
 * `new codes.ERR_X(...)` makes an Error (TypeError, RangeError ...) with the own property `code`; `toString()` and the
 * head of `stack` say `TypeError [ERR_X]: message`. Arguments fill the message in its order; a row's fourth element adds
 * further properties. What `codes` gives out is a small function: the table is loaded and the class made when the first
 * error of a code is.
 *
 * **Invariant:** `stack` is not touched here. The engine computes it on first read and takes its head from
 * `Symbol.for('anode.stackHeader')`, which the classes' prototypes answer; it leaves out frames of this file.
 * Node docs: Errors.
 */

const kStackHeader = Symbol.for('anode.stackHeader');

function hidden(object, key, value) {
  Object.defineProperty(object, key, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

/** An ordinary property, past setters that a program put on a prototype. */
function enumerable(object, key, value) {
  Object.defineProperty(object, key, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
}

/** A value within a message, as util.format's %s shows it. */
function word(value) {
  switch (typeof value) {
    case 'string': return value;
    case 'object':
    case 'function': return value === null ? 'null' : require('util').format('%s', value);
    case 'bigint': return `${value}n`;
    case 'number': return Object.is(value, -0) ? '-0' : `${value}`;
    default: return String(value);
  }
}

function fill(template, args) {
  let at = 0;
  return template.replace(/%s/g, () => word(args[at++]));
}

function makeMessage(message, args) {
  if (typeof message === 'function') return `${message(...args)}`;
  return args.length === 0 || !message.includes('%s') ? message : fill(message, args);
}

/** What V8 and Node name an error in its stack's first line. */
function header(error, code) {
  const { message } = error;
  return `${error.name} [${code}]${message === '' ? '' : `: ${message}`}`;
}

function dressPrototype(Class, Base, code) {
  const { prototype } = Class;
  hidden(prototype, 'constructor', Base);
  hidden(prototype, 'toString', function toString() {
    return `${this.name} [${code}]: ${this.message}`;
  });
  Object.defineProperty(prototype, kStackHeader, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() {
      return header(this, code);
    },
  });
}

function errorClass(code, Base, message, addProperties) {
  class NodeError extends Base {
    constructor(...args) {
      super(makeMessage(message, args));
      this.code = code;
      if (addProperties !== undefined) addProperties(this, ...args);
    }
  }
  dressPrototype(NodeError, Base, code);
  return NodeError;
}

function accessInfo(error, info, key, toText) {
  Object.defineProperty(error, key, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const value = info[key];
      return toText && value != null ? value.toString() : value;
    },
    set(value) {
      info[key] = toText && value && typeof value !== 'string' ? value.toString() : value;
    },
  });
}

/**
 * The class of a code whose errors carry `info`: what a system call reported, as `{ errno, code, message, syscall,
 * path, dest }`. Its parts show on the error too and stay in step with `info`. Node docs: errors, class SystemError.
 */
function systemErrorClass(code, prefix) {
  class NodeError extends Error {
    constructor(info) {
      let message = `${prefix}: ${info.syscall} returned ${info.code} (${info.message})`;
      if (info.path !== undefined) message += ` ${info.path}`;
      if (info.dest !== undefined) message += ` => ${info.dest}`;
      super(message);
      this.code = code;
      hidden(this, 'name', 'SystemError');
      Object.defineProperty(this, 'info', { __proto__: null, configurable: true, enumerable: true, value: info });
      accessInfo(this, info, 'errno', false);
      accessInfo(this, info, 'syscall', false);
      if (info.path !== undefined) accessInfo(this, info, 'path', true);
      if (info.dest !== undefined) accessInfo(this, info, 'dest', true);
    }
  }
  dressPrototype(NodeError, Error, code);
  return NodeError;
}

/** Rows that builtins added for codes of their own. */
const added = { __proto__: null };
let table;

function tableRow(code) {
  if (table === undefined) {
    ({ table } = require('internal/error_table'));
    Object.assign(table, added);
  }
  return table[code];
}

function makeClass(code) {
  const row = tableRow(code);
  if (row === undefined) throw new Error(`There is no error code ${code}`);
  const [Base, message, furtherBases, addProperties] = row;
  if (Base === require('internal/error_table').SystemError) return systemErrorClass(code, message);
  const Class = errorClass(code, Base, message, addProperties);
  if (furtherBases !== undefined) {
    for (const Further of furtherBases) Class[Further.name] = errorClass(code, Further, message, addProperties);
  }
  return Class;
}

/** Codes with more than one class, by the names of the further ones. */
const variants = {
  __proto__: null,
  ERR_HTTP2_INVALID_SETTING_VALUE: ['RangeError'],
  ERR_INVALID_ARG_VALUE: ['RangeError'],
  ERR_INVALID_RETURN_VALUE: ['RangeError'],
  ERR_INVALID_STATE: ['TypeError', 'RangeError'],
  ERR_OPERATION_FAILED: ['TypeError'],
};

/** What stands for the class of a code until, and after, the first error of it. */
function lazyClass(code) {
  let Class;
  function NodeError(...args) {
    return new (Class ??= makeClass(code))(...args);
  }
  if (variants[code] !== undefined) {
    for (const name of variants[code]) {
      Object.defineProperty(NodeError, name, {
        __proto__: null, configurable: true, enumerable: true, get: () => (Class ??= makeClass(code))[name],
      });
    }
  }
  return NodeError;
}

/** All codes, each a class. Destructure what a file needs. */
const codes = new Proxy({ __proto__: null }, {
  __proto__: null,
  get(made, code) {
    return made[code] ??= lazyClass(code);
  },
  has: (made, code) => tableRow(code) !== undefined,
  ownKeys() {
    tableRow('');
    return Object.keys(table);
  },
  getOwnPropertyDescriptor(made, code) {
    return tableRow(code) === undefined ? undefined :
      { configurable: true, enumerable: true, value: codes[code], writable: true };
  },
});

/** Adds a code to the table: for builtins whose codes are their own. */
function E(code, message, Base, ...furtherBases) {
  added[code] = [Base, message, furtherBases];
  if (table !== undefined) table[code] = added[code];
  if (furtherBases.length > 0) variants[code] = furtherBases.map((Further) => Further.name);
}

const ABORTED = 'The operation was aborted';

/** What an aborted operation rejects with; `cause` is the signal's reason. Node docs: errors, class AbortError. */
class AbortError extends Error {
  constructor(message = ABORTED, options = undefined) {
    if (options !== undefined && typeof options !== 'object') {
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    super(message, options);
    this.code = 'ABORT_ERR';
    this.name = 'AbortError';
  }
}

/** The runtime's number of what the permission model refused: libuv has none. */
const ACCESS_DENIED = -8000;
const NET_DENIED = 'Access to this API has been restricted. Use --allow-net to manage permissions.';

/** `['ENOENT', 'no such file or directory']` for libuv's negative number. */
function uvEntry(errno) {
  return require('internal/uv').getErrorMap().get(errno) ?? ['UNKNOWN', 'unknown error'];
}

/** The name of libuv's negative number: `ENOENT` for -2. */
function errname(errno) {
  if (errno === ACCESS_DENIED) return 'ERR_ACCESS_DENIED';
  return require('internal/uv').errname(errno);
}

/**
 * The error of a failed system call: `ENOENT: no such file or directory, open '/nope'`.
 * `errno` is libuv's negative number; `path` and `dest` may be strings or Buffers.
 */
function uvException({ errno, syscall, path, dest, message, ...more }) {
  const [code, text] = uvEntry(errno);
  let full = `${code}: ${message || text}, ${syscall}`;
  if (path !== undefined) full += ` '${path}'`;
  if (dest !== undefined) full += ` -> '${dest}'`;
  const error = new Error(full);
  Object.assign(error, more);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  if (path !== undefined) error.path = path.toString();
  if (dest !== undefined) error.dest = dest.toString();
  return error;
}

/** `write EPIPE`: the error of an operation without a path. `errno` is libuv's negative number. */
function errnoException(errno, syscall, original) {
  const code = errname(errno);
  if (errno === ACCESS_DENIED) original ||= NET_DENIED;
  const error = new Error(original ? `${syscall} ${code} ${original}` : `${syscall} ${code}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  return error;
}

/** `connect ECONNREFUSED 127.0.0.1:80 - Local (address)`. */
function exceptionWithHostPort(errno, syscall, address, port, additional) {
  const code = errname(errno);
  let details = '';
  if (port && port > 0) details = ` ${address}:${port}`;
  else if (address) details = ` ${address}`;
  if (errno === ACCESS_DENIED) details = ` ${NET_DENIED}`;
  if (additional) details += ` - Local (${additional})`;
  const error = new Error(`${syscall} ${code}${details}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  error.address = address;
  if (port) error.port = port;
  return error;
}

/** `listen EADDRINUSE: address already in use 127.0.0.1:80`. */
function uvExceptionWithHostPort(errno, syscall, address, port) {
  const [code, text] = uvEntry(errno);
  let details = '';
  if (port && port > 0) details = ` ${address}:${port}`;
  else if (address) details = ` ${address}`;
  const error = new Error(`${syscall} ${code}: ${text}${details}`);
  error.code = code;
  error.errno = errno;
  error.syscall = syscall;
  error.address = address;
  if (port) error.port = port;
  return error;
}

/** libuv's numbers of getaddrinfo errors that Node reports as ENOTFOUND: EAI_NODATA and EAI_NONAME. */
const EAI_NODATA = -3007;
const EAI_NONAME = -3008;

/** `getaddrinfo ENOTFOUND host`: `code` is a c-ares name or libuv's negative number. */
function dnsException(code, syscall, hostname) {
  let errno;
  if (typeof code === 'number') {
    if (code !== ACCESS_DENIED) errno = code;
    code = code === EAI_NODATA || code === EAI_NONAME ? 'ENOTFOUND' : errname(code);
  }
  const error = new Error(`${syscall} ${code}${hostname ? ` ${hostname}` : ''}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  if (hostname) error.hostname = hostname;
  return error;
}

/** The peer went away: an Error with the code ECONNRESET. */
class ConnResetException extends Error {
  constructor(message) {
    super(message);
    this.code = 'ECONNRESET';
  }

  get ['constructor']() {
    return Error;
  }
}

/** An Error with further properties, without a code of the table. */
function genericNodeError(message, properties) {
  return Object.assign(new Error(message), properties);
}

/** An AggregateError whose `code` is that of its first error. */
class NodeAggregateError extends AggregateError {
  constructor(errors, message) {
    super(Array.from(errors), message);
    this.code = errors[0]?.code;
  }

  get ['constructor']() {
    return AggregateError;
  }

  get [kStackHeader]() {
    const { message } = this;
    return `${this.name}${this.code ? ` [${this.code}]` : ''}${message === '' ? '' : `: ${message}`}`;
  }
}

/** Two failures of one operation as one: neither is lost. */
function aggregateTwoErrors(inner, outer) {
  if (inner && outer && inner !== outer) {
    if (Array.isArray(outer.errors)) {
      outer.errors.push(inner);
      return outer;
    }
    const error = new AggregateError([outer, inner], outer.message);
    error.code = outer.code;
    return error;
  }
  return inner || outer;
}

/** Something with what an error has, from any realm. */
function isErrorLike(value) {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'stack');
}

/** Whether the program ran out of stack: each engine has its own class and message for that. */
function isStackOverflowError(error) {
  return (error?.name === 'InternalError' && error.message === 'too much recursion') ||
    (error?.name === 'RangeError' && error.message === 'Maximum call stack size exceeded');
}

/**
 * Marks a function that checks arguments: its frame does not belong in the user's stack. The engine drops the top
 * frames of internal/errors and internal/validators, so nothing happens on the way in.
 */
function hideStackFrames(fn) {
  fn.withoutStackTrace = fn;
  return fn;
}

module.exports = {
  AbortError,
  ConnResetException,
  DNSException: dnsException,
  E,
  ErrnoException: errnoException,
  ExceptionWithHostPort: exceptionWithHostPort,
  NodeAggregateError,
  UVException: uvException,
  UVExceptionWithHostPort: uvExceptionWithHostPort,
  aggregateTwoErrors,
  codes,
  determineSpecificType: (value) => require('internal/error_messages').determineSpecificType(value),
  dnsException,
  errname,
  errnoException,
  exceptionWithHostPort,
  formatList: (words, conjunction) => require('internal/error_messages').formatList(words, conjunction),
  genericNodeError,
  hideStackFrames,
  isErrorLike,
  isStackOverflowError,
  kStackHeader,
  uvException,
  uvExceptionWithHostPort,
};
