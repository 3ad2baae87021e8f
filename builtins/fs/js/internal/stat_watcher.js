/**
 * `fs.watchFile`: looks at a file from time to time and tells when its stats changed. One watcher per path, however
 * many listeners it has. Node docs: fs.watchFile, fs.unwatchFile, "Class: fs.StatWatcher".
 */
'use strict';

const fsBinding = binding('fs');
const hooks = require('internal/async_ids');
const { validateFunction, validateUint32 } = require('internal/validators');
const { Buffer } = require('buffer');
const EventEmitter = require('events');
const { resolve } = require('path');
const { setTimeout, clearTimeout } = require('timers');
const { toPath } = require('internal/fs/utils');
const { STAT_SLOTS, statsFromSlots } = require('internal/fs/stats');

/** How often a file is looked at unless told otherwise, in milliseconds. Node docs: fs.watchFile, "interval". */
const INTERVAL_MS = 5007;

/** Slots whose change counts: not the time of access, which reading changes, nor counters of the file system. */
const COMPARED = [0, 1, 3, 4, 7, 8, 12, 13, 14, 15, 16, 17];

const watchers = new Map();

/** What `fs.watchFile` returns. */
class StatWatcher extends EventEmitter {
  #bigint;
  #interval;
  #last;
  #path;
  #references = 0;
  #referencesMax = 0;
  #refed = true;
  #resource;
  #stopped = false;
  #timer;

  constructor(bigint) {
    super();
    this.#bigint = !!bigint;
  }

  /** Begins; done by `fs.watchFile`. */
  start(path, persistent, interval) {
    if (this.#path !== undefined) return;
    validateUint32(interval, 'interval');
    this.#path = toPath(path);
    this.#interval = interval;
    this.#refed = persistent;
    this.#resource = hooks.resource('STATWATCHER');
    this.#poll();
  }

  /** How it looks at the file is nobody's business: hooks see the watcher alone. */
  #poll() {
    hooks.unseen(() => this.#look());
  }

  #look() {
    fsBinding.stat(this.#path, this.#bigint, undefined, false, (error, buffer) => {
      if (this.#stopped) return;
      const bytes = this.#bigint ? BigInt64Array : Float64Array;
      const now = error === null ? new bytes(buffer) : new bytes(STAT_SLOTS);
      const before = this.#last;
      this.#last = now;
      if (before === undefined) {
        // A file that is not there is worth one call, so that the program knows.
        if (error !== null) this.#tell(now, now);
      } else if (COMPARED.some((slot) => before[slot] !== now[slot])) {
        this.#tell(now, before);
      }
      if (this.#stopped) return;
      hooks.unseen(() => {
        this.#timer = setTimeout(() => this.#poll(), this.#interval);
      });
      if (!this.#refed) this.#timer.unref();
    });
  }

  #tell(now, before) {
    hooks.callIn(this.#resource, () => {
      this.emit('change', statsFromSlots(now, this.#bigint), statsFromSlots(before, this.#bigint));
    });
  }

  /** Ends; 'stop' follows in the next tick. */
  stop() {
    if (this.#stopped || this.#path === undefined) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    hooks.destroy(this.#resource);
    process.nextTick(() => this.emit('stop'));
  }

  /** Counts a listener: the program runs on while any user of the watcher wants it to. */
  addUser() {
    this.#referencesMax++;
    this.#references++;
  }

  removeUser() {
    this.#referencesMax--;
    this.unref();
  }

  ref() {
    if (this.#references >= this.#referencesMax) return this;
    this.#references++;
    if (this.#references === 1) {
      this.#refed = true;
      this.#timer?.ref();
    }
    return this;
  }

  unref() {
    if (this.#references === 0) return this;
    this.#references--;
    if (this.#references === 0) {
      this.#refed = false;
      this.#timer?.unref();
    }
    return this;
  }
}

const keyOf = (path) => resolve(typeof path === 'string' ? path : Buffer.from(path).toString());

/** Calls `listener(current, previous)` when the stats of `filename` change. */
function watchFile(filename, options, listener) {
  const path = toPath(filename);
  if (options === null || typeof options !== 'object') {
    listener = options;
    options = undefined;
  }
  validateFunction(listener, 'listener');
  const { bigint = false, interval = INTERVAL_MS, persistent = true } = options ?? {};
  // The looks at the file come later, and nobody would hear of their refusal.
  if (process.permission !== undefined) binding('permission').requirePath('fs.read', path);
  const key = keyOf(path);
  let watcher = watchers.get(key);
  if (watcher === undefined) {
    watcher = new StatWatcher(bigint);
    watcher.start(key, persistent, interval);
    watchers.set(key, watcher);
  }
  watcher.addUser();
  watcher.addListener('change', listener);
  return watcher;
}

/** Takes back one listener, or all. */
function unwatchFile(filename, listener) {
  const key = keyOf(toPath(filename));
  const watcher = watchers.get(key);
  if (watcher === undefined) return;
  if (typeof listener === 'function') {
    const before = watcher.listenerCount('change');
    watcher.removeListener('change', listener);
    if (watcher.listenerCount('change') < before) watcher.removeUser();
  } else {
    watcher.removeAllListeners('change');
  }
  if (watcher.listenerCount('change') === 0) {
    watcher.stop();
    watchers.delete(key);
  }
}

module.exports = { StatWatcher, unwatchFile, watchFile };
