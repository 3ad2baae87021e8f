/** node:sqlite: databases, statements, sessions. Node docs: "SQLite". */
'use strict';

const { codes: { ERR_ILLEGAL_CONSTRUCTOR } } = require('internal/errors');
const native = binding('sqlite');
const constants = require('internal/sqlite/constants');

const kToken = Symbol('token');

/** An error of `code` and class with exactly this text. */
function failure(Class, code, message) {
  const error = new Class(message);
  error.code = code;
  return error;
}

const invalidType = (message) => failure(TypeError, 'ERR_INVALID_ARG_TYPE', message);
const invalidState = (message) => failure(Error, 'ERR_INVALID_STATE', message);

function mustBe(value, name, type) {
  const article = type === 'integer' || type === 'object' ? 'an' : 'a';
  const fits = type === 'integer' ? Number.isInteger(value) :
    type === 'object' ? typeof value === 'object' && value !== null : typeof value === type;
  if (!fits) throw invalidType(`The "${name}" argument must be ${article} ${type}.`);
}

function option(options, name, type, fallback) {
  const value = options[name];
  if (value === undefined) return fallback;
  mustBe(value, `options.${name}`, type);
  return value;
}

/** Path of a database: text or bytes without NUL, or a file URL, which SQLite takes as a URI. */
function pathOf(value) {
  if (typeof value === 'string' && !value.includes('\0')) return value;
  if (value instanceof Uint8Array && !value.includes(0)) return value;
  if (value !== null && typeof value === 'object' && typeof value.href === 'string' && typeof value.protocol === 'string') {
    if (value.protocol !== 'file:') throw failure(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file:');
    if (!value.href.includes('%00')) return value.href;
  }
  throw invalidType('The "path" argument must be a string, Uint8Array, or URL without null bytes.');
}

/** Names of limits and their numbers. SQLite docs: Run-Time Limit Categories. */
const LIMITS = {
  length: 0, sqlLength: 1, column: 2, exprDepth: 3, compoundSelect: 4, vdbeOp: 5, functionArg: 6, attach: 7,
  likePatternLength: 8, variableNumber: 9, triggerDepth: 10,
};
const kLimitMax = 0x7fffffff;

function limitValue(value) {
  if (value === Infinity) return kLimitMax;
  if (!Number.isInteger(value)) throw invalidType('Limit value must be a non-negative integer or Infinity.');
  if (value < 0) throw failure(RangeError, 'ERR_OUT_OF_RANGE', 'Limit value must be non-negative.');
  return Math.min(value, kLimitMax);
}

/** State of databases, statements and sessions that their classes share. */
const states = new WeakMap();

function stateOf(object) {
  const state = states.get(object);
  if (state === undefined) throw new TypeError('Illegal invocation');
  return state;
}

function opened(database) {
  const state = stateOf(database);
  if (state.handle === undefined) throw invalidState('database is not open');
  return state;
}

function openHandle(state) {
  const { settings } = state;
  state.handle = native.open(
    state.path, settings.readOnly, settings.foreignKeys, settings.doubleQuoted, settings.allowExtension, settings.timeout,
    settings.defensive,
  );
  for (const name of Object.keys(settings.limits)) native.limit(state.handle, LIMITS[name], settings.limits[name]);
}

function settingsOf(options) {
  const settings = {
    open: option(options, 'open', 'boolean', true),
    readOnly: option(options, 'readOnly', 'boolean', false),
    foreignKeys: option(options, 'enableForeignKeyConstraints', 'boolean', true),
    doubleQuoted: option(options, 'enableDoubleQuotedStringLiterals', 'boolean', false),
    allowExtension: option(options, 'allowExtension', 'boolean', false),
    timeout: option(options, 'timeout', 'integer', 0),
    readBigInts: option(options, 'readBigInts', 'boolean', false),
    returnArrays: option(options, 'returnArrays', 'boolean', false),
    bareNames: option(options, 'allowBareNamedParameters', 'boolean', true),
    unknownNames: option(options, 'allowUnknownNamedParameters', 'boolean', false),
    defensive: option(options, 'defensive', 'boolean', true),
    limits: {},
  };
  if (options.limits !== undefined) {
    mustBe(options.limits, 'options.limits', 'object');
    for (const name of Object.keys(LIMITS)) {
      const value = options.limits[name];
      if (value === undefined) continue;
      if (!Number.isInteger(value)) throw invalidType(`The "options.limits.${name}" argument must be an integer.`);
      if (value < 0) throw failure(RangeError, 'ERR_OUT_OF_RANGE', `The "options.limits.${name}" argument must be non-negative.`);
      settings.limits[name] = Math.min(value, kLimitMax);
    }
  }
  return settings;
}

function limitsOf(database) {
  const limits = { __proto__: null };
  for (const { 0: name, 1: id } of Object.entries(LIMITS)) {
    Object.defineProperty(limits, name, {
      __proto__: null, enumerable: true, configurable: false,
      get() { return native.limit(opened(database).handle, id, -1); },
      set(value) { native.limit(opened(database).handle, id, limitValue(value)); },
    });
  }
  Object.setPrototypeOf(limits, Object.prototype);
  return limits;
}

class Database {
  constructor(path, options = undefined) {
    path = pathOf(path);
    if (options !== undefined) mustBe(options, 'options', 'object');
    const settings = settingsOf(options ?? {});
    const state = {
      path, settings, handle: undefined, limits: undefined, extensions: settings.allowExtension,
      hooks: { functions: [], authorizer: null, onConflict: null, filter: null },
    };
    states.set(this, state);
    const accessor = (get) => ({ __proto__: null, get, set: undefined, enumerable: true, configurable: false });
    Object.defineProperties(this, {
      isOpen: accessor(() => state.handle !== undefined),
      isTransaction: accessor(() => native.inTransaction(opened(this).handle)),
      limits: accessor(() => state.limits ??= limitsOf(this)),
    });
    Object.defineProperty(this, Symbol.for('sqlite-type'), { __proto__: null, value: 'node:sqlite', enumerable: true });
    if (settings.open) openHandle(state);
  }

  open() {
    const state = stateOf(this);
    if (state.handle !== undefined) throw invalidState('database is already open');
    openHandle(state);
  }

  close() {
    const state = opened(this);
    if (native.isRunning(state.handle)) throw invalidState('database cannot be closed while in a callback');
    native.close(state.handle);
    state.handle = undefined;
  }

  prepare(sql, options = undefined) {
    const state = opened(this);
    mustBe(sql, 'sql', 'string');
    if (options !== undefined) mustBe(options, 'options', 'object');
    return prepare(this, state, sql, options ?? {});
  }

  exec(sql) {
    const state = opened(this);
    mustBe(sql, 'sql', 'string');
    native.exec(state.handle, state.hooks, sql);
  }

  function(name, options, fn = undefined) {
    const state = opened(this);
    mustBe(name, 'name', 'string');
    if (arguments.length < 3) {
      fn = options;
      options = {};
    } else {
      mustBe(options, 'options', 'object');
    }
    const useBigIntArguments = option(options, 'useBigIntArguments', 'boolean', false);
    const varargs = option(options, 'varargs', 'boolean', false);
    const deterministic = option(options, 'deterministic', 'boolean', false);
    const directOnly = option(options, 'directOnly', 'boolean', false);
    mustBe(fn, 'function', 'function');
    const count = varargs ? -1 : lengthOf(fn);
    const id = state.hooks.functions.push({ call: fn, useBigIntArguments }) - 1;
    native.defineFunction(state.handle, name, id, count, deterministic, directOnly);
  }

  aggregate(name, options) {
    const state = opened(this);
    const { start, step, inverse, result } = options;
    if (start === undefined) throw invalidType('The "options.start" argument must be a function or a primitive value.');
    mustBe(step, 'options.step', 'function');
    const useBigIntArguments = option(options, 'useBigIntArguments', 'boolean', false);
    const varargs = option(options, 'varargs', 'boolean', false);
    const directOnly = option(options, 'directOnly', 'boolean', false);
    if (inverse !== undefined) mustBe(inverse, 'options.inverse', 'function');
    mustBe(name, 'name', 'string');
    let count = -1;
    // The first argument is what was gathered.
    if (!varargs) count = Math.max(lengthOf(step) - 1, inverse === undefined ? 0 : lengthOf(inverse) - 1, 0);
    const id = state.hooks.functions.push({ start, step, inverse, result, useBigIntArguments }) - 1;
    native.defineAggregate(state.handle, name, id, count, directOnly, inverse !== undefined);
  }

  setAuthorizer(callback) {
    const state = opened(this);
    if (callback !== null && typeof callback !== 'function') {
      throw invalidType('The "callback" argument must be a function or null.');
    }
    state.hooks.authorizer = callback;
    native.setAuthorizer(state.handle, callback !== null);
  }

  location(dbName = 'main') {
    const state = opened(this);
    mustBe(dbName, 'dbName', 'string');
    return native.location(state.handle, dbName);
  }

  createTagStore(maxSize = 1000) {
    opened(this);
    if (!Number.isInteger(maxSize)) throw invalidType('The "maxSize" argument must be a positive integer.');
    if (maxSize <= 0) throw failure(RangeError, 'ERR_OUT_OF_RANGE', 'The "maxSize" argument must be a positive integer.');
    return new SQLTagStore(kToken, this, maxSize);
  }

  createSession(options = undefined) {
    const state = opened(this);
    if (options !== undefined) mustBe(options, 'options', 'object');
    const table = option(options ?? {}, 'table', 'string', undefined);
    const name = option(options ?? {}, 'db', 'string', 'main');
    return new Session(kToken, this, native.createSession(state.handle, name, table));
  }

  applyChangeset(changeset, options = undefined) {
    const state = opened(this);
    if (!(changeset instanceof Uint8Array)) throw invalidType('The "changeset" argument must be a Uint8Array.');
    if (options !== undefined) mustBe(options, 'options', 'object');
    const onConflict = option(options ?? {}, 'onConflict', 'function', undefined);
    const filter = option(options ?? {}, 'filter', 'function', undefined);
    const hooks = { ...state.hooks, onConflict, filter };
    return native.applyChangeset(state.handle, hooks, changeset, onConflict !== undefined, filter !== undefined);
  }

  enableLoadExtension(allow) {
    const state = opened(this);
    mustBe(allow, 'allow', 'boolean');
    if (allow && !state.settings.allowExtension) {
      throw invalidState('Cannot enable extension loading because it was disabled at database creation.');
    }
    state.extensions = allow;
    native.enableLoadExtension(state.handle, allow);
  }

  loadExtension(path, entryPoint = undefined) {
    const state = opened(this);
    if (!state.settings.allowExtension || !state.extensions) throw invalidState('extension loading is not allowed');
    mustBe(path, 'path', 'string');
    if (entryPoint !== undefined) mustBe(entryPoint, 'entryPoint', 'string');
    native.loadExtension(state.handle, state.hooks, path, entryPoint);
  }

  enableDefensive(active) {
    const state = opened(this);
    mustBe(active, 'active', 'boolean');
    native.enableDefensive(state.handle, active);
  }

  serialize(dbName = 'main') {
    const state = opened(this);
    mustBe(dbName, 'dbName', 'string');
    return native.serialize(state.handle, dbName);
  }

  deserialize(buffer, options = undefined) {
    const state = opened(this);
    if (!(buffer instanceof Uint8Array)) throw invalidType('The "buffer" argument must be a Uint8Array.');
    if (options !== undefined) mustBe(options, 'options', 'object');
    const name = option(options ?? {}, 'dbName', 'string', 'main');
    if (native.isRunning(state.handle)) throw invalidState('database cannot be replaced while in a callback');
    native.deserialize(state.handle, name, buffer);
  }

  [Symbol.dispose]() {
    const state = stateOf(this);
    if (state.handle !== undefined) this.close();
  }
}

function lengthOf(fn) {
  const length = fn.length;
  if (!Number.isInteger(length)) throw invalidType('The "function.length" argument must be an integer.');
  return length;
}

/** `new` is needed, with Node's words for it. */
const DatabaseSync = new Proxy(Database, {
  __proto__: null,
  apply() { throw failure(TypeError, 'ERR_CONSTRUCT_CALL_REQUIRED', 'Cannot call constructor without `new`'); },
});
Object.defineProperty(Database, 'name', { __proto__: null, value: 'DatabaseSync', configurable: true });
Object.defineProperty(Database, 'length', { __proto__: null, value: 0, configurable: true });
Object.defineProperty(Database.prototype, 'constructor', { __proto__: null, value: DatabaseSync, writable: true, configurable: true });

// ---------------------------------------------------------------- statements

function prepare(database, state, sql, options) {
  const { settings } = state;
  const shared = {
    database, handle: undefined, generation: 0, names: undefined, bare: undefined,
    readBigInts: option(options, 'readBigInts', 'boolean', settings.readBigInts),
    returnArrays: option(options, 'returnArrays', 'boolean', settings.returnArrays),
    bareNames: option(options, 'allowBareNamedParameters', 'boolean', settings.bareNames),
    unknownNames: option(options, 'allowUnknownNamedParameters', 'boolean', settings.unknownNames),
  };
  const handle = native.prepare(state.handle, state.hooks, sql);
  if (handle === undefined) throw failure(TypeError, 'ERR_INVALID_ARG_VALUE', 'The SQL query contains no statements.');
  shared.handle = handle;
  return new Statement(kToken, shared);
}

/** Counters of a statement. SQLite docs: Status Parameters for prepared statements. */
const COUNTERS = {
  fullscanStep: 1, sort: 2, autoindex: 3, vmStep: 4, reprepare: 5, run: 6, filterMiss: 7, filterHit: 8, memused: 99,
};

/** The state of a statement that can run. */
function ready(statement) {
  const state = stateOf(statement);
  if (state.handle === undefined || stateOf(state.database).handle === undefined) throw invalidState('statement has been finalized');
  return state;
}

const hooksOf = (state) => states.get(state.database).hooks;

/** Binds `args`: an object first for the named parameters, the rest by position to those without a name. */
function bindAll(state, args) {
  native.reset(state.handle);
  state.generation++;
  let next = 0;
  const first = args[0];
  if (first !== null && (typeof first === 'object' || typeof first === 'function') && !ArrayBuffer.isView(first) && !isBuffer(first)) {
    next = 1;
    bindNamed(state, first);
  }
  if (next === args.length) return;
  state.names ??= native.parameters(state.handle);
  const { names } = state;
  let index = 1;
  for (; next < args.length; next++, index++) {
    // Those with a name were bound by it; `?NNN` is a position.
    while (index <= names.length && names[index - 1] !== null && names[index - 1][0] !== '?') index++;
    bindOne(state, index, args[next]);
  }
}

function isBuffer(value) {
  return value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
}

function bindNamed(state, values) {
  state.names ??= native.parameters(state.handle);
  for (const name of Object.keys(values)) {
    let index = state.names.indexOf(name) + 1;
    if (index === 0 && state.bareNames) {
      state.bare ??= bareNames(state.names);
      index = (state.names.indexOf(state.bare.get(name) ?? name) + 1);
    }
    if (index === 0) {
      if (state.unknownNames) continue;
      throw invalidState(`Unknown named parameter '${name}'`);
    }
    bindOne(state, index, values[name]);
  }
}

/** Bare name -> name with its prefix. */
function bareNames(names) {
  const bare = new Map();
  for (const name of names) {
    if (name === null) continue;
    const short = name.slice(1);
    const known = bare.get(short);
    if (known !== undefined && known !== name) {
      throw invalidState(`Cannot create bare named parameter '${short}' because of conflicting names '${known}' and '${name}'.`);
    }
    bare.set(short, name);
  }
  return bare;
}

function bindOne(state, index, value) {
  if (!native.bind(state.handle, index, value)) {
    throw invalidType(`Provided value cannot be bound to SQLite parameter ${index}.`);
  }
}

/** A statement must not stay in the middle of its rows: that would hold a lock. */
function finish(state) {
  if (stateOf(state.database).handle !== undefined && state.handle !== undefined) native.reset(state.handle, true);
}

class Statement {
  constructor(token, state) {
    if (token !== kToken) throw new ERR_ILLEGAL_CONSTRUCTOR();
    states.set(this, state);
    const accessor = (get) => ({ __proto__: null, get, set: undefined, enumerable: true, configurable: false });
    Object.defineProperties(this, {
      sourceSQL: accessor(() => native.sourceSQL(ready(this).handle)),
      expandedSQL: accessor(() => native.expandedSQL(ready(this).handle)),
    });
  }

  iterate(...args) {
    const state = ready(this);
    bindAll(state, args);
    return new StatementSyncIterator(kToken, this, state);
  }

  all(...args) {
    const state = ready(this);
    bindAll(state, args);
    try {
      return native.all(state.handle, hooksOf(state), state.readBigInts, state.returnArrays);
    } finally {
      finish(state);
    }
  }

  get(...args) {
    const state = ready(this);
    bindAll(state, args);
    try {
      return native.step(state.handle, hooksOf(state), state.readBigInts, state.returnArrays);
    } finally {
      finish(state);
    }
  }

  run(...args) {
    const state = ready(this);
    bindAll(state, args);
    try {
      const { 0: changes, 1: lastInsertRowid } = native.run(state.handle, hooksOf(state), state.readBigInts);
      return { changes, lastInsertRowid };
    } finally {
      finish(state);
    }
  }

  columns() {
    const flat = native.columns(ready(this).handle);
    const columns = [];
    for (let i = 0; i < flat.length; i += 5) {
      columns.push({ __proto__: null, column: flat[i + 1], database: flat[i + 2], name: flat[i], table: flat[i + 4], type: flat[i + 3] });
    }
    return columns;
  }

  setAllowBareNamedParameters(enabled) {
    const state = ready(this);
    mustBe(enabled, 'allowBareNamedParameters', 'boolean');
    state.bareNames = enabled;
  }

  setAllowUnknownNamedParameters(enabled) {
    const state = ready(this);
    mustBe(enabled, 'enabled', 'boolean');
    state.unknownNames = enabled;
  }

  setReadBigInts(enabled) {
    const state = ready(this);
    mustBe(enabled, 'readBigInts', 'boolean');
    state.readBigInts = enabled;
  }

  setReturnArrays(enabled) {
    const state = ready(this);
    mustBe(enabled, 'returnArrays', 'boolean');
    state.returnArrays = enabled;
  }

  stat(counter = undefined) {
    const state = ready(this);
    mustBe(counter, 'counter', 'string');
    if (!Object.hasOwn(COUNTERS, counter)) {
      throw failure(TypeError, 'ERR_INVALID_ARG_VALUE', 'The "counter" argument is not a valid statistic name.');
    }
    return native.counter(state.handle, COUNTERS[counter], false);
  }

  resetStats() {
    const state = ready(this);
    for (const id of Object.values(COUNTERS)) native.counter(state.handle, id, true);
  }

  close() {
    const state = ready(this);
    if (!native.finalize(state.handle)) throw invalidState('statement is currently being executed');
    state.handle = undefined;
  }

  [Symbol.dispose]() {
    if (stateOf(this).handle !== undefined && stateOf(stateOf(this).database).handle !== undefined) this.close();
  }
}
Object.defineProperty(Statement, 'name', { __proto__: null, value: 'StatementSync', configurable: true });
Object.defineProperty(Statement, 'length', { __proto__: null, value: 0, configurable: true });

class StatementSyncIterator extends Iterator {
  #statement;
  #generation;
  #done = false;

  constructor(token, statement, state) {
    if (token !== kToken) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super();
    this.#statement = statement;
    this.#generation = state.generation;
  }

  next() {
    const state = ready(this.#statement);
    if (this.#done) return { __proto__: null, done: true, value: null };
    if (state.generation !== this.#generation) throw invalidState('iterator was invalidated');
    const row = native.step(state.handle, hooksOf(state), state.readBigInts, state.returnArrays);
    if (row === undefined) {
      this.#done = true;
      finish(state);
      return { __proto__: null, done: true, value: null };
    }
    return { __proto__: null, done: false, value: row };
  }

  return() {
    const state = ready(this.#statement);
    if (!this.#done && state.generation === this.#generation) finish(state);
    this.#done = true;
    return { __proto__: null, done: true, value: null };
  }
}

// ---------------------------------------------------------------- sessions, tag stores

class Session {
  #database;
  #handle;
  #closed = false;

  constructor(token, database, handle) {
    if (token !== kToken) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#database = database;
    this.#handle = handle;
  }

  #check() {
    opened(this.#database);
    if (this.#closed) throw invalidState('session is not open');
  }

  changeset() {
    this.#check();
    return native.sessionChanges(this.#handle, false);
  }

  patchset() {
    this.#check();
    return native.sessionChanges(this.#handle, true);
  }

  close() {
    this.#check();
    this.#closed = true;
    native.sessionClose(this.#handle);
  }

  [Symbol.dispose]() {
    if (!this.#closed && stateOf(this.#database).handle !== undefined) this.close();
  }
}
Object.defineProperty(Session, 'length', { __proto__: null, value: 0, configurable: true });

/** Statements by the text of their templates, the least recently used one goes first. Node docs: Class SQLTagStore. */
class SQLTagStore {
  #statements = new Map();

  constructor(token, database, capacity) {
    if (token !== kToken) throw new ERR_ILLEGAL_CONSTRUCTOR();
    const accessor = (get) => ({ __proto__: null, get, set: undefined, enumerable: true, configurable: false });
    Object.defineProperties(this, {
      capacity: accessor(() => capacity),
      db: accessor(() => database),
      size: accessor(() => this.#statements.size),
    });
  }

  #statement(strings) {
    if (!Array.isArray(strings) || !strings.every((part) => typeof part === 'string')) {
      throw invalidType('First argument must be an array of strings (template literal).');
    }
    opened(this.db);
    const sql = strings.join('?');
    let statement = this.#statements.get(sql);
    this.#statements.delete(sql);
    if (statement === undefined || stateOf(statement).handle === undefined) statement = this.db.prepare(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > this.capacity) this.#statements.delete(this.#statements.keys().next().value);
    return statement;
  }

  get(strings, ...values) { return this.#run('get', strings, values); }

  all(strings, ...values) { return this.#run('all', strings, values); }

  iterate(strings, ...values) {
    const statement = this.#statement(strings);
    return positional(statement, values, (state) => new StatementSyncIterator(kToken, statement, state));
  }

  run(strings, ...values) { return this.#run('run', strings, values); }

  #run(method, strings, values) {
    const statement = this.#statement(strings);
    return positional(statement, values, (state) => {
      try {
        const hooks = hooksOf(state);
        if (method === 'all') return native.all(state.handle, hooks, state.readBigInts, state.returnArrays);
        if (method === 'get') return native.step(state.handle, hooks, state.readBigInts, state.returnArrays);
        const { 0: changes, 1: lastInsertRowid } = native.run(state.handle, hooks, state.readBigInts);
        return { changes, lastInsertRowid };
      } finally {
        finish(state);
      }
    });
  }

  clear() {
    this.#statements.clear();
  }
}

/** The values of a template are positions, whatever they are. */
function positional(statement, values, use) {
  const state = ready(statement);
  native.reset(state.handle);
  state.generation++;
  values.forEach((value, index) => bindOne(state, index + 1, value));
  return use(state);
}

// ---------------------------------------------------------------- backup

/** Pages that a step of a backup copies. Node docs: sqlite.backup. */
const kBackupRate = 100;

/** Copies a database into a file; resolves to the number of pages. Node docs: sqlite.backup. */
function backup(sourceDb, path, ...rest) {
  mustBe(sourceDb, 'sourceDb', 'object');
  const state = opened(sourceDb);
  path = pathOf(path);
  const options = rest[0] ?? {};
  if (rest[0] !== undefined) mustBe(rest[0], 'options', 'object');
  const rate = option(options, 'rate', 'integer', kBackupRate);
  const source = option(options, 'source', 'string', 'main');
  const target = option(options, 'target', 'string', 'main');
  const progress = option(options, 'progress', 'function', undefined);
  return copy(state, path, { rate, source, target, progress });
}

async function copy(state, path, { rate, source, target, progress }) {
  const { setImmediate } = require('timers/promises');
  const handle = native.backupBegin(state.handle, path, source, target);
  try {
    for (;;) {
      await setImmediate();
      const pages = native.backupStep(handle, rate);
      if (pages !== false) return pages;
      const { 0: remainingPages, 1: totalPages } = native.backupProgress(handle);
      if (progress !== undefined) progress({ totalPages, remainingPages });
    }
  } finally {
    native.backupStep(handle);
  }
}

// As in Node, whose methods come from C++.
for (const { prototype } of [Database, Session, Statement]) {
  for (const key of Reflect.ownKeys(prototype)) {
    if (key !== 'constructor') Object.defineProperty(prototype, key, { __proto__: null, enumerable: true });
  }
}

module.exports = { DatabaseSync, StatementSync: Statement, Session, constants, backup };
