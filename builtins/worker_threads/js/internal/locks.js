/** LockManager: `navigator.locks` and `worker_threads.locks`. Web Locks API; Node docs: worker.locks. */
'use strict';

const asyncContext = require('internal/async_context');
const { subscribedChannel } = require('internal/diagnostics');
const { queryLocks, releaseLock, requestLock, setLockHook, takeLockNews } = binding('worker_threads');
const { codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS } } = require('internal/errors');
const { validateFunction } = require('internal/validators');
const { Buffer } = require('buffer');

const kMake = Symbol('kMake');
const kMode = Symbol('kMode');
const kName = Symbol('kName');

class Lock {
  constructor(token = undefined, name = undefined, mode = undefined) {
    if (token !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this[kName] = name;
    this[kMode] = mode;
  }

  get name() {
    return this[kName];
  }

  get mode() {
    return this[kMode];
  }
}

/** What begins a name in hexadecimal digits: no character. */
const ESCAPE = '\uffff';

/** A name as text that keeps apart what differs in lone surrogates. */
function encodeName(name) {
  if (name.isWellFormed() && !name.startsWith(ESCAPE)) return name;
  return ESCAPE + Buffer.from(name, 'utf16le').toString('hex');
}

function decodeName(name) {
  return name.startsWith(ESCAPE) ? Buffer.from(name.slice(1), 'hex').toString('utf16le') : name;
}

/** Requests that wait and locks that are held, by number: `{ granted(), stolen() }`. */
const known = new Map();
let hooked = false;

function hook(id, stolen) {
  const request = known.get(id);
  if (request === undefined) return;
  if (stolen) request.stolen();
  else request.granted();
}

/** Hears at once what is already decided. */
function settle() {
  const news = takeLockNews();
  for (let i = 0; i < news.length; i += 2) hook(news[i], news[i + 1]);
}

function domException(message, name) {
  const { DOMException } = globalThis;
  return new DOMException(message, name);
}

function abortError() {
  return domException('The operation was aborted', 'AbortError');
}

/** Web Locks API §3.2.1, the checks of `request`. */
function checkOptions(name, options, callback) {
  if (name.startsWith('-')) throw domException('Lock name may not start with hyphen', 'NotSupportedError');
  validateFunction(callback, 'callback');
  options ??= {};
  if (typeof options !== 'object' && typeof options !== 'function') throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  const { mode = 'exclusive', signal } = options;
  const ifAvailable = Boolean(options.ifAvailable);
  const steal = Boolean(options.steal);
  if (`${mode}` !== 'exclusive' && `${mode}` !== 'shared') {
    const error = new ERR_INVALID_ARG_VALUE('mode', mode);
    error.message = `mode '${mode}' is not a valid enum value of type LockMode.`;
    throw error;
  }
  if (signal !== undefined) {
    if (signal === null || typeof signal !== 'object' || typeof signal.aborted !== 'boolean') {
      const error = new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
      error.message = 'signal is not an object.';
      throw error;
    }
    signal.throwIfAborted();
  }
  if (ifAvailable && steal) throw domException('ifAvailable and steal are mutually exclusive', 'NotSupportedError');
  if (steal && mode !== 'exclusive') throw domException(`mode: "${mode}" and steal are mutually exclusive`, 'NotSupportedError');
  if (signal !== undefined && (steal || ifAvailable)) {
    throw domException('signal cannot be used with steal or ifAvailable', 'NotSupportedError');
  }
  return { ifAvailable, mode: `${mode}`, signal, steal };
}

function clientId() {
  const { threadId } = require('internal/worker_threads/self');
  return `node-${process.pid}-${threadId}`;
}

class LockManager {
  constructor(token = undefined) {
    if (token !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  /** Calls `callback` with the lock, which is held until what it returns settles. Resolves with that. */
  async request(name, options, callback = undefined) {
    if (this !== locks) throw new ERR_INVALID_THIS('LockManager');
    if (callback === undefined) {
      callback = options;
      options = undefined;
    }
    name = `${name}`;
    const checked = checkOptions(name, options, callback);
    if (!hooked) {
      hooked = true;
      setLockHook(hook);
    }
    const { ifAvailable, mode, signal, steal } = checked;
    subscribedChannel('locks.request.start')?.publish({ name, mode });
    const id = requestLock(encodeName(name), mode === 'exclusive', ifAvailable, steal, clientId());
    let error;
    try {
      if (id === undefined) {
        subscribedChannel('locks.request.miss')?.publish({ name, mode });
        return await callback(null);
      }
      return await hold(id, new Lock(kMake, name, mode), callback, signal);
    } catch (thrown) {
      error = thrown;
      throw thrown;
    } finally {
      subscribedChannel('locks.request.end')?.publish({ name, mode, ifAvailable, steal, error });
    }
  }

  /** What this thread holds and waits for. */
  async query() {
    if (this !== locks) throw new ERR_INVALID_THIS('LockManager');
    const [held, pending] = queryLocks().map((list) => {
      return list.map(([name, exclusive, client]) => ({ name: decodeName(name), mode: exclusive ? 'exclusive' : 'shared', clientId: client }));
    });
    return { held, pending };
  }
}
for (const [Class, keys] of [[Lock, ['name', 'mode']], [LockManager, ['request', 'query']]]) {
  for (const key of keys) Object.defineProperty(Class.prototype, key, { __proto__: null, enumerable: true });
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { __proto__: null, configurable: true, value: Class.name });
}

/** Waits for request `id`, and holds its lock while `callback` is busy. */
function hold(id, lock, callback, signal) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const context = asyncContext.get();
  const onAbort = () => {
    known.delete(id);
    releaseLock(id);
    reject(signal.reason);
    settle();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  known.set(id, {
    async granted() {
      if (signal !== undefined) {
        // Who aborts right after the request is in time.
        await undefined;
        if (signal.aborted) return;
        signal.removeEventListener('abort', onAbort);
      }
      subscribedChannel('locks.request.grant')?.publish({ name: lock.name, mode: lock.mode });
      try {
        resolve(await asyncContext.runIn(context, callback, undefined, [lock]));
      } catch (error) {
        reject(error);
      } finally {
        known.delete(id);
        releaseLock(id);
        settle();
      }
    },
    stolen() {
      reject(abortError());
    },
  });
  settle();
  return promise;
}

const locks = new LockManager(kMake);

module.exports = { Lock, LockManager, locks };
