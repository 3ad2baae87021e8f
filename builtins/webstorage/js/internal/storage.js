/**
 * `Storage`, `sessionStorage`, `localStorage`. HTML standard, "Web storage"; Node docs: Globals, `--localstorage-file`.
 *
 * A Storage is a proxy: its named properties are the items of a backend. Those of a session are a map of this thread; local ones are
 * rows of the SQLite file that the command line names, with the tables that Node has there, so that both can use one file.
 *
 * **Invariant:** what the prototype chain has is never hidden by an item of the same name (no [LegacyOverrideBuiltIns]).
 */
'use strict';

const { codes: { ERR_MISSING_ARGS } } = require('internal/errors');
const { customInspectSymbol } = require('internal/util');

/** Bytes of all keys and values together, in UTF-16. Node docs: 10 MB. */
const QUOTA_BYTES = 10 * 1024 * 1024;

function quotaExceeded() {
  const { QuotaExceededError } = require('internal/dom_exception');
  return new QuotaExceededError('Setting the value exceeded the quota');
}

/** The order of items: that of their bytes in UTF-16, little-endian. */
function byBytes(a, b) {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const one = a.charCodeAt(index);
    const other = b.charCodeAt(index);
    if (one !== other) return (one & 255) - (other & 255) || (one >> 8) - (other >> 8);
  }
  return a.length - b.length;
}

class SessionItems {
  #items = new Map();
  #keys = undefined;
  #bytes = 0;

  clear() {
    this.#items.clear();
    this.#keys = undefined;
    this.#bytes = 0;
  }

  count() { return this.#items.size; }
  get(key) { return this.#items.get(key) ?? null; }
  has(key) { return this.#items.has(key); }
  keys() { return this.#keys ??= [...this.#items.keys()].sort(byBytes); }

  remove(key) {
    const value = this.#items.get(key);
    if (value === undefined) return;
    this.#items.delete(key);
    this.#keys = undefined;
    this.#bytes -= 2 * (key.length + value.length);
  }

  set(key, value) {
    const before = this.#items.get(key);
    const bytes = this.#bytes + 2 * (before === undefined ? key.length + value.length : value.length - before.length);
    if (bytes > QUOTA_BYTES) throw quotaExceeded();
    if (before === undefined) this.#keys = undefined;
    this.#items.set(key, value);
    this.#bytes = bytes;
  }
}

/** Tables and triggers of Node's files, version 1: the triggers keep count of bytes and refuse what is too much. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS nodejs_webstorage(key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(key)) STRICT;
CREATE TABLE IF NOT EXISTS nodejs_webstorage_state(
  max_size INTEGER NOT NULL DEFAULT ${QUOTA_BYTES}, total_size INTEGER NOT NULL, schema_version INTEGER NOT NULL DEFAULT 0,
  single_row_ INTEGER NOT NULL DEFAULT 1 CHECK(single_row_ = 1), PRIMARY KEY(single_row_)) STRICT;
INSERT OR IGNORE INTO nodejs_webstorage_state(total_size, schema_version) VALUES (0, 1);
CREATE TRIGGER IF NOT EXISTS nodejs_quota_insert AFTER INSERT ON nodejs_webstorage FOR EACH ROW BEGIN
  UPDATE nodejs_webstorage_state SET total_size = total_size + OCTET_LENGTH(NEW.key) + OCTET_LENGTH(NEW.value);
  SELECT RAISE(ABORT, 'QuotaExceeded') WHERE EXISTS (SELECT 1 FROM nodejs_webstorage_state WHERE total_size > max_size);
END;
CREATE TRIGGER IF NOT EXISTS nodejs_quota_update AFTER UPDATE ON nodejs_webstorage FOR EACH ROW BEGIN
  UPDATE nodejs_webstorage_state
    SET total_size = total_size + OCTET_LENGTH(NEW.key) + OCTET_LENGTH(NEW.value) - OCTET_LENGTH(OLD.key) - OCTET_LENGTH(OLD.value);
  SELECT RAISE(ABORT, 'QuotaExceeded') WHERE EXISTS (SELECT 1 FROM nodejs_webstorage_state WHERE total_size > max_size);
END;
CREATE TRIGGER IF NOT EXISTS nodejs_quota_delete AFTER DELETE ON nodejs_webstorage FOR EACH ROW BEGIN
  UPDATE nodejs_webstorage_state SET total_size = total_size - OCTET_LENGTH(OLD.key) - OCTET_LENGTH(OLD.value);
END;`;

const SCHEMA_VERSION = 1;

function invalidState(message) {
  const error = new Error(message);
  error.code = 'ERR_INVALID_STATE';
  return error;
}

/** Milliseconds to wait for another process that writes. */
const BUSY_TIMEOUT = 5000;

/** Rows of a file, which is opened when it is first asked. */
class FileItems {
  #file;
  #statements = undefined;

  constructor(file) {
    this.#file = file;
  }

  #open() {
    if (this.#statements !== undefined) return this.#statements;
    const { DatabaseSync } = require('sqlite');
    let database;
    try {
      database = new DatabaseSync(this.#file, { timeout: BUSY_TIMEOUT });
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
      const { version } = database.prepare('SELECT schema_version AS version FROM nodejs_webstorage_state').get();
      if (version > SCHEMA_VERSION) throw invalidState(`localStorage was created with an unsupported schema version: ${version}`);
    } catch (error) {
      database?.close();
      if (error.code === 'ERR_ACCESS_DENIED') throw error;
      throw invalidState(error.message);
    }
    return this.#statements = {
      clear: database.prepare('DELETE FROM nodejs_webstorage'),
      count: database.prepare('SELECT COUNT(*) AS count FROM nodejs_webstorage'),
      get: database.prepare('SELECT value FROM nodejs_webstorage WHERE key = ?'),
      keys: database.prepare('SELECT key FROM nodejs_webstorage ORDER BY key'),
      remove: database.prepare('DELETE FROM nodejs_webstorage WHERE key = ?'),
      set: database.prepare(
        'INSERT INTO nodejs_webstorage(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value WHERE value != excluded.value'),
    };
  }

  clear() { this.#open().clear.run(); }
  count() { return this.#open().count.get().count; }
  has(key) { return this.#open().get.get(encode(key)) !== undefined; }
  keys() { return this.#open().keys.all().map((row) => decode(row.key)); }
  remove(key) { this.#open().remove.run(encode(key)); }

  get(key) {
    const row = this.#open().get.get(encode(key));
    return row === undefined ? null : decode(row.value);
  }

  set(key, value) {
    const { set } = this.#open();
    try {
      set.run(encode(key), encode(value));
    } catch (error) {
      if (error.message === 'QuotaExceeded') throw quotaExceeded();
      throw error;
    }
  }
}

function encode(text) {
  return require('buffer').Buffer.from(text, 'utf16le');
}

function decode(bytes) {
  return require('buffer').Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf16le');
}

// ---------------------------------------------------------------------------------------------------------------------
// Storage

/** The items behind each storage. */
const backends = new WeakMap();

function itemsOf(storage) {
  const items = backends.get(storage);
  if (items === undefined) throw new TypeError('Illegal invocation');
  return items;
}

function need(count, given, method) {
  if (given >= count) return;
  const error = new ERR_MISSING_ARGS('x');
  const message = `Failed to execute '${method}' on 'Storage': ${count} argument${count === 1 ? '' : 's'} required`;
  Object.defineProperty(error, 'message', { __proto__: null, value: message, writable: true, enumerable: false, configurable: true });
  throw error;
}

function Storage() {
  const error = new Error('Illegal constructor');
  error.code = 'ERR_ILLEGAL_CONSTRUCTOR';
  throw error;
}

const methods = {
  get length() { return itemsOf(this).count(); },

  clear() { itemsOf(this).clear(); },

  getItem() {
    const items = itemsOf(this);
    need(1, arguments.length, 'getItem');
    return items.get(`${arguments[0]}`);
  },

  key() {
    const items = itemsOf(this);
    need(1, arguments.length, 'key');
    return items.keys()[arguments[0] >>> 0] ?? null;
  },

  removeItem() {
    const items = itemsOf(this);
    need(1, arguments.length, 'removeItem');
    items.remove(`${arguments[0]}`);
  },

  setItem() {
    const items = itemsOf(this);
    need(2, arguments.length, 'setItem');
    items.set(`${arguments[0]}`, `${arguments[1]}`);
  },
};
const descriptors = Object.getOwnPropertyDescriptors(methods);
descriptors.length.configurable = false;
Object.defineProperties(Storage.prototype, descriptors);

/** Traps of a storage: names are items, symbols the object's own. */
class Traps {
  #items;

  constructor(items) {
    this.#items = items;
  }

  /** Whether a name is the prototype chain's. */
  #isBuiltin(target, key) {
    const prototype = Object.getPrototypeOf(target);
    return prototype !== null && Reflect.has(prototype, key);
  }

  /** Whether a name shows an item. */
  #shows(target, key) {
    return typeof key === 'string' && !this.#isBuiltin(target, key) && this.#items.has(key);
  }

  get(target, key, receiver) {
    if (typeof key !== 'string' || this.#isBuiltin(target, key)) return Reflect.get(target, key, receiver);
    return this.#items.get(key) ?? undefined;
  }

  set(target, key, value) {
    if (typeof key !== 'string') return Reflect.set(target, key, value);
    this.#items.set(key, `${value}`);
    return true;
  }

  has(target, key) {
    return this.#shows(target, key) || Reflect.has(target, key);
  }

  deleteProperty(target, key) {
    if (typeof key !== 'string') return Reflect.deleteProperty(target, key);
    this.#items.remove(key);
    return true;
  }

  defineProperty(target, key, descriptor) {
    if (typeof key !== 'string') return Reflect.defineProperty(target, key, descriptor);
    if (Object.hasOwn(descriptor, 'value')) this.#items.set(key, `${descriptor.value}`);
    return true;
  }

  ownKeys(target) {
    return [...this.#items.keys(), ...Reflect.ownKeys(target).filter((key) => key !== customInspectSymbol)];
  }

  getOwnPropertyDescriptor(target, key) {
    if (typeof key !== 'string') return Reflect.getOwnPropertyDescriptor(target, key);
    if (!this.#shows(target, key)) return undefined;
    return { value: this.#items.get(key), writable: true, enumerable: true, configurable: true };
  }

  preventExtensions() {
    throw new TypeError('Cannot prevent extensions');
  }
}

/** What is printed is an object of the same class with the items as its properties. */
function inspectStorage(depth, options, inspect) {
  const shown = Object.create(Object.getPrototypeOf(this));
  for (const key of Object.keys(this)) {
    Object.defineProperty(shown, key, { __proto__: null, value: this[key], enumerable: true, configurable: true, writable: true });
  }
  return inspect(shown, { ...options, depth });
}

function createStorage(items) {
  const target = Object.create(Storage.prototype, { [customInspectSymbol]: { __proto__: null, value: inspectStorage, configurable: true } });
  const storage = new Proxy(target, new Traps(items));
  backends.set(storage, items);
  return storage;
}

let local;
let isWarned = false;

/** `localStorage`; undefined, with a warning, where the command line names no file. */
function localStorage() {
  if (local !== undefined) return local;
  const file = require('internal/options').getOptionValue('--localstorage-file');
  if (file) return local = createStorage(new FileItems(file));
  if (!isWarned) {
    isWarned = true;
    process.emitWarning('localStorage is not available because --localstorage-file was not provided.', 'ExperimentalWarning');
  }
  return undefined;
}

let session;

/** `sessionStorage` of this thread. */
function sessionStorage() {
  return session ??= createStorage(new SessionItems());
}

module.exports = { Storage, localStorage, sessionStorage };
