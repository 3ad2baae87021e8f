'use strict';

/**
 * DOMException: the error of the Web's APIs, known by its name instead of its class.
 * WebIDL, "DOMException"; Node docs: globals, class DOMException.
 */

const { codes: { ERR_INVALID_THIS } } = require('internal/errors');
const { kClone, kCloneable, kDeserializers, markTransferMode } = require('internal/transferable');

/** name of the error, name of the constant, legacy code; names without a constant have the code 0. */
const legacy = [
  ['IndexSizeError', 'INDEX_SIZE_ERR', 1],
  [undefined, 'DOMSTRING_SIZE_ERR', 2],
  ['HierarchyRequestError', 'HIERARCHY_REQUEST_ERR', 3],
  ['WrongDocumentError', 'WRONG_DOCUMENT_ERR', 4],
  ['InvalidCharacterError', 'INVALID_CHARACTER_ERR', 5],
  [undefined, 'NO_DATA_ALLOWED_ERR', 6],
  ['NoModificationAllowedError', 'NO_MODIFICATION_ALLOWED_ERR', 7],
  ['NotFoundError', 'NOT_FOUND_ERR', 8],
  ['NotSupportedError', 'NOT_SUPPORTED_ERR', 9],
  ['InUseAttributeError', 'INUSE_ATTRIBUTE_ERR', 10],
  ['InvalidStateError', 'INVALID_STATE_ERR', 11],
  ['SyntaxError', 'SYNTAX_ERR', 12],
  ['InvalidModificationError', 'INVALID_MODIFICATION_ERR', 13],
  ['NamespaceError', 'NAMESPACE_ERR', 14],
  ['InvalidAccessError', 'INVALID_ACCESS_ERR', 15],
  [undefined, 'VALIDATION_ERR', 16],
  ['TypeMismatchError', 'TYPE_MISMATCH_ERR', 17],
  ['SecurityError', 'SECURITY_ERR', 18],
  ['NetworkError', 'NETWORK_ERR', 19],
  ['AbortError', 'ABORT_ERR', 20],
  ['URLMismatchError', 'URL_MISMATCH_ERR', 21],
  ['QuotaExceededError', 'QUOTA_EXCEEDED_ERR', 22],
  ['TimeoutError', 'TIMEOUT_ERR', 23],
  ['InvalidNodeTypeError', 'INVALID_NODE_TYPE_ERR', 24],
  ['DataCloneError', 'DATA_CLONE_ERR', 25],
];

const codesByName = new Map(legacy.filter(([name]) => name !== undefined).map(([name, , code]) => [name, code]));

function invalidThis() {
  const error = new ERR_INVALID_THIS('DOMException');
  error.message = 'Value of "this" must be of DOMException';
  return error;
}

class DOMException extends Error {
  #name = 'Error';
  #message;

  /** `options` is the name, or `{ name, cause }`. */
  constructor(message = '', options = 'Error') {
    super();
    // The engine's own `message` would hide the accessor of the prototype.
    delete this.message;
    this.#message = `${message}`;
    if (options !== null && typeof options === 'object') {
      if ('name' in options && options.name !== undefined) this.#name = `${options.name}`;
      if ('cause' in options) {
        Object.defineProperty(this, 'cause', {
          __proto__: null, configurable: true, enumerable: false, value: options.cause, writable: true,
        });
      }
    } else {
      this.#name = `${options}`;
    }
  }

  get name() {
    if (!isDOMException(this)) throw invalidThis();
    return this.#name;
  }

  get message() {
    if (!isDOMException(this)) throw invalidThis();
    return this.#message;
  }

  get code() {
    if (!isDOMException(this)) throw invalidThis();
    return codesByName.get(this.#name) ?? 0;
  }

  static #isDOMException(value) {
    return typeof value === 'object' && value !== null && #name in value;
  }

  static {
    isDOMException = DOMException.#isDOMException;
  }
}

/** Whether a value was made by this class. */
var isDOMException;

for (const key of ['name', 'message', 'code']) {
  Object.defineProperty(DOMException.prototype, key, { __proto__: null, enumerable: true });
}
Object.defineProperty(DOMException.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, enumerable: false, value: 'DOMException', writable: false,
});
for (const [, constant, value] of legacy) {
  const descriptor = { __proto__: null, configurable: false, enumerable: true, value, writable: false };
  Object.defineProperty(DOMException, constant, descriptor);
  Object.defineProperty(DOMException.prototype, constant, descriptor);
}

function hidden(object, key, value) {
  Object.defineProperty(object, key, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

hidden(DOMException.prototype, kClone, function() {
  return {
    data: { message: this.message, name: this.name, stack: this.stack },
    deserializeInfo: 'internal/dom_exception:DOMException',
  };
});
markTransferMode(DOMException.prototype, kCloneable);

/** A number of an option, or null where it is not given. */
function amount(options, name) {
  if (!(name in options) || options[name] === undefined) return null;
  const value = Number(options[name]);
  if (!Number.isFinite(value)) throw new TypeError(`Cannot convert options.${name} to a double: the value is ${value}`);
  if (value < 0) throw new RangeError(`options.${name} must not be negative`);
  return value;
}

/** More was asked for than is allowed. WebIDL, "QuotaExceededError". */
class QuotaExceededError extends DOMException {
  #quota;
  #requested;

  constructor(message = '', options = {}) {
    super(message, 'QuotaExceededError');
    const given = options ?? {};
    this.#quota = amount(given, 'quota');
    this.#requested = amount(given, 'requested');
    if (this.#quota !== null && this.#requested !== null && this.#requested < this.#quota) {
      throw new RangeError('options.requested must not be less than options.quota');
    }
  }

  get quota() { return this.#quota; }
  get requested() { return this.#requested; }
}
for (const key of ['quota', 'requested']) {
  Object.defineProperty(QuotaExceededError.prototype, key, { __proto__: null, enumerable: true });
}
Object.defineProperty(QuotaExceededError.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, enumerable: false, value: 'QuotaExceededError', writable: false,
});

hidden(QuotaExceededError.prototype, kClone, function() {
  const { message, stack, quota, requested } = this;
  return { data: { message, stack, quota, requested }, deserializeInfo: 'internal/dom_exception:QuotaExceededError' };
});

module.exports = {
  DOMException,
  QuotaExceededError,
  isDOMException,
  [kDeserializers]: {
    DOMException({ message, name, stack }) {
      const exception = new DOMException(message, name);
      hidden(exception, 'stack', stack);
      return exception;
    },
    QuotaExceededError({ message, stack, quota, requested }) {
      const exception = new QuotaExceededError(message, { quota: quota ?? undefined, requested: requested ?? undefined });
      hidden(exception, 'stack', stack);
      return exception;
    },
  },
};
