/**
 * `fs.watch` and `fsPromises.watch`: changes of files and directories as the kernel tells them.
 *
 * The kernel watches one directory, not a tree: for `recursive` there is a watch per directory, kept up to date
 * as directories come and go. Links are not followed. Node docs: fs.watch, fsPromises.watch.
 */
'use strict';

const fsBinding = binding('fs');
const {
  AbortError,
  codes: { ERR_FS_WATCH_QUEUE_OVERFLOW, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const {
  validateAbortSignal,
  validateBoolean,
  validateFunction,
  validateNumber,
  validateObject,
  validateOneOf,
} = require('internal/validators');
const { Buffer } = require('buffer');
const EventEmitter = require('events');
const asyncContext = require('internal/async_context');
const hooks = require('internal/async_ids');
const { basename, join, matchesGlob, resolve } = require('path');
const { assertEncoding, decodeName, nameEncoding, toOptions, toPath } = require('internal/fs/utils');
const { UV_DIRENT_DIR } = require('internal/fs/stats');

/** How many changes wait for a slow consumer. Node docs: fsPromises.watch, "maxQueue". */
const QUEUE_MAX = 2048;
const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;

/** A function that says whether a name is ignored, or null. Throws ERR_INVALID_ARG_TYPE / ERR_INVALID_ARG_VALUE. */
function toIgnored(ignore, name = 'options.ignore') {
  if (ignore === undefined || ignore === null) return null;
  if (Array.isArray(ignore)) {
    const all = ignore.map((one, i) => toIgnored(one, `${name}[${i}]`)).filter((one) => one !== null);
    return (filename) => all.some((one) => one(filename));
  }
  if (typeof ignore === 'function') return ignore;
  if (ignore instanceof RegExp) {
    // A global pattern would remember where it stopped.
    return (filename) => {
      ignore.lastIndex = 0;
      return ignore.test(filename);
    };
  }
  if (typeof ignore !== 'string') {
    throw new ERR_INVALID_ARG_TYPE(name, ['string', 'RegExp', 'Function'], ignore);
  }
  if (ignore === '') throw new ERR_INVALID_ARG_VALUE(name, ignore, 'must be a non-empty string');
  const anywhere = !ignore.includes('/');
  return (filename) => matchesGlob(anywhere ? basename(filename) : filename, ignore);
}

/** Opens a watch; its error is what `fs.watch` throws. */
function openWatch(filename, raw, persistent, onChange) {
  try {
    return fsBinding.watchOpen(filename, raw, persistent, onChange);
  } catch (error) {
    if (error.code !== 'ERR_ACCESS_DENIED') error.filename = filename;
    if (error.code === 'ENOSPC') {
      error.message = `ENOSPC: System limit for number of file watchers reached, watch '${filename}'`;
    }
    throw error;
  }
}

/** One watch of the kernel. */
class SingleHandle {
  constructor(filename, encoding, persistent, onChange) {
    const raw = encoding !== undefined;
    const context = asyncContext.get();
    this.id = openWatch(filename, raw, persistent, (rename, name) => {
      asyncContext.set(context);
      hooks.callIn(this.resource, onChange, rename ? 'rename' : 'change', decodeName(name, encoding));
    });
    this.resource = hooks.resource('FSEVENTWRAP');
  }

  close() {
    fsBinding.watchClose(this.id);
    hooks.destroy(this.resource);
  }

  ref() { fsBinding.watchRef(this.id, true); }
  unref() { fsBinding.watchRef(this.id, false); }
}

function kindOf(path) {
  const slots = new Float64Array(18);
  try {
    return fsBinding.lstat(path, false, slots, true, undefined) ? slots[1] & S_IFMT : undefined;
  } catch {
    // Not allowed to look: then not there for us either.
    return undefined;
  }
}

/** A watch per directory of a tree. */
class TreeHandle {
  #context = asyncContext.get();
  #encoding;
  #ignored;
  #onChange;
  #refed;
  #root;
  /** Numbers of watches by the directory's path relative to the root. */
  #watches = new Map();

  constructor(filename, encoding, persistent, ignored, onChange) {
    this.#root = resolve(typeof filename === 'string' ? filename : Buffer.from(filename).toString());
    this.#encoding = encoding;
    this.#ignored = ignored;
    this.#onChange = onChange;
    this.#refed = persistent;
    this.#open('', openWatch);
    if (kindOf(this.#root) === S_IFDIR) this.#addBelow('', false);
  }

  #open(directory, open) {
    const id = open(join(this.#root, directory), false, this.#refed, (rename, name) => {
      asyncContext.set(this.#context);
      this.#onEvent(directory, rename, name);
    });
    this.#watches.set(directory, id);
  }

  /** Watches the directories below; with `report`, what is found counts as having appeared. */
  #addBelow(directory, report) {
    let listing;
    try {
      listing = fsBinding.readdir(join(this.#root, directory), false, true, undefined);
    } catch {
      // Gone again, or not ours to read.
      return;
    }
    const [names, types] = listing;
    for (let i = 0; i < names.length; i++) {
      const path = directory === '' ? names[i] : `${directory}/${names[i]}`;
      if (this.#ignored?.(path)) continue;
      if (report) this.#report('rename', path);
      if (types[i] === UV_DIRENT_DIR) this.#add(path, report);
      if (this.#watches.size === 0) return;
    }
  }

  #add(directory, report) {
    if (this.#watches.has(directory)) return;
    try {
      this.#open(directory, fsBinding.watchOpen);
    } catch {
      // Gone again, or not ours to read; the limit on watches shows up for the root.
      return;
    }
    this.#addBelow(directory, report);
  }

  #remove(directory) {
    for (const [path, id] of this.#watches) {
      if (path === directory || path.startsWith(`${directory}/`)) {
        fsBinding.watchClose(id);
        this.#watches.delete(path);
      }
    }
  }

  #onEvent(directory, rename, name) {
    const path = directory === '' ? name : `${directory}/${name}`;
    const kind = rename || name === basename(directory) ? kindOf(join(this.#root, path)) : S_IFMT;
    // A directory's own change has the directory's name; its parent tells of it too.
    if (directory !== '' && name === basename(directory) && kind === undefined) return;
    if (this.#ignored?.(path)) return;
    this.#report(rename ? 'rename' : 'change', path);
    if (!rename || this.#watches.size === 0) return;
    if (kind === S_IFDIR) this.#add(path, true);
    else if (this.#watches.has(path)) this.#remove(path);
  }

  #report(eventType, path) {
    const name = this.#encoding === undefined ? path : decodeName(Buffer.from(path), this.#encoding);
    this.#onChange(eventType, name);
  }

  close() {
    for (const id of this.#watches.values()) fsBinding.watchClose(id);
    this.#watches.clear();
  }

  ref() {
    this.#refed = true;
    for (const id of this.#watches.values()) fsBinding.watchRef(id, true);
  }

  unref() {
    this.#refed = false;
    for (const id of this.#watches.values()) fsBinding.watchRef(id, false);
  }
}

/** Starts watching; `onChange(eventType, filename)`. */
function startWatching(filename, { encoding, persistent, recursive }, ignored, onChange) {
  const form = encoding === undefined || encoding === null ? undefined : nameEncoding({ encoding });
  if (recursive) return new TreeHandle(filename, form, persistent, ignored, onChange);
  return new SingleHandle(filename, form, persistent, (eventType, name) => {
    if (ignored !== null && name !== null && ignored(typeof name === 'string' ? name : String(name))) return;
    onChange(eventType, name);
  });
}

/** What `fs.watch` returns. Node docs: "Class: fs.FSWatcher". */
class FSWatcher extends EventEmitter {
  constructor() {
    super();
    this._handle = null;
    this._ignoreMatcher = null;
  }

  /** Kept for programs that call it: watching has started when `fs.watch` returns. */
  start() {}

  close() {
    if (this._handle === null) return;
    this._handle.close();
    this._handle = null;
    process.nextTick(() => this.emit('close'));
  }

  ref() {
    this._handle?.ref();
    return this;
  }

  unref() {
    this._handle?.unref();
    return this;
  }
}

/** Watches a file or directory; returns an FSWatcher. */
function watch(filename, options, listener) {
  if (typeof options === 'function') listener = options;
  options = toOptions(options, { __proto__: null });
  const persistent = options.persistent === undefined ? true : !!options.persistent;
  const recursive = !!options.recursive;
  const { encoding, signal } = options;
  filename = toPath(filename);
  const watcher = new FSWatcher();
  watcher._ignoreMatcher = toIgnored(options.ignore);
  if (listener !== undefined && listener !== null) validateFunction(listener, 'listener');
  watcher._handle = startWatching(filename, { encoding, persistent, recursive }, watcher._ignoreMatcher,
    (eventType, name) => {
      if (watcher._handle !== null) watcher.emit('change', eventType, name);
    });
  if (listener) watcher.addListener('change', listener);
  if (signal) {
    if (signal.aborted) {
      process.nextTick(() => watcher.close());
    } else {
      const onAbort = () => watcher.close();
      signal.addEventListener('abort', onAbort, { once: true });
      watcher.once('close', () => signal.removeEventListener('abort', onAbort));
    }
  }
  return watcher;
}

/** Watches a file or directory; yields `{ eventType, filename }`. */
async function* watchAsync(filename, options) {
  const path = toPath(filename);
  validateObject(options, 'options');
  const {
    encoding = 'utf8',
    ignore,
    maxQueue = QUEUE_MAX,
    overflow = 'ignore',
    persistent = true,
    recursive = false,
    signal,
  } = options;
  validateBoolean(persistent, 'options.persistent');
  validateBoolean(recursive, 'options.recursive');
  validateNumber(maxQueue, 'options.maxQueue');
  validateOneOf(overflow, 'options.overflow', ['ignore', 'throw']);
  if (encoding !== 'buffer') assertEncoding(encoding);
  const ignored = toIgnored(ignore);
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });

  const queue = [];
  let failure;
  let wake = () => {};
  const handle = startWatching(path, { encoding, persistent, recursive }, ignored, (eventType, name) => {
    if (queue.length < maxQueue) {
      queue.push({ __proto__: null, eventType, filename: name });
    } else if (overflow === 'throw') {
      failure ??= new ERR_FS_WATCH_QUEUE_OVERFLOW(maxQueue);
    } else {
      process.emitWarning('fs.watch maxQueue exceeded');
    }
    wake();
  });
  const onAbort = () => {
    failure ??= new AbortError(undefined, { cause: signal.reason });
    wake();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      if (failure !== undefined) throw failure;
      if (queue.length > 0) yield queue.shift();
      else await new Promise((done) => { wake = done; });
    }
  } finally {
    handle.close();
    signal?.removeEventListener('abort', onAbort);
  }
}

module.exports = { FSWatcher, watch, watchAsync };
