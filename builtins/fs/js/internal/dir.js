/**
 * `fs.Dir`: a directory that is read entry by entry, and `opendir`.
 *
 * The binding keeps the open directory under a number; entries come in batches of `bufferSize`.
 * Node docs: "Class: fs.Dir", fs.opendir.
 */
'use strict';

const fsBinding = binding('fs');
const {
  codes: { ERR_DIR_CLOSED, ERR_DIR_CONCURRENT_OPERATION, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const hooks = require('internal/async_ids');
const { validateBoolean, validateFunction, validateUint32 } = require('internal/validators');
const { decodeName, joinNames, nameEncoding, toNames, toOptions, toPath } = require('internal/fs/utils');
const { Dirent, UV_DIRENT_DIR } = require('internal/fs/stats');

/** How many entries are fetched at once. Node docs: fs.opendir, "bufferSize". */
const BUFFER_SIZE = 32;
const DEFAULTS = Object.freeze({ __proto__: null, encoding: 'utf8' });

/** Closes what was never closed; Node warns as well, because it is a bug in the program. */
const forgotten = new FinalizationRegistry((handle) => {
  if (handle.closed) return;
  handle.closed = true;
  fsBinding.closedir(handle.id, () => {});
  process.emitWarning('Closing directory handle on garbage collection');
});

/** The open directory behind a Dir; the finalizer must be able to hold it without holding the Dir. */
class Handle {
  constructor(id) {
    this.id = id;
    this.closed = false;
    this.resource = hooks.resource('DIRHANDLE');
  }
}

class Dir {
  #handle;
  #path;
  #options;
  #entries = [];
  #subdirectories = [];
  #queue = null;
  #open = true;

  constructor(handle, path, options) {
    if (handle === undefined || handle === null) throw new ERR_MISSING_ARGS('handle');
    this.#handle = handle;
    this.#path = path;
    const bufferSize = options?.bufferSize ?? BUFFER_SIZE;
    validateUint32(bufferSize, 'options.bufferSize', true);
    this.#options = {
      bufferSize,
      encoding: nameEncoding(options?.encoding === undefined ? undefined : { encoding: options.encoding }),
      recursive: !!options?.recursive,
    };
    if (handle instanceof Handle) forgotten.register(this, handle, this);
  }

  /** The path as it was given to `opendir`. */
  get path() {
    if (!(#path in this)) throw new ERR_INVALID_THIS('Dir');
    return this.#path;
  }

  /** Resolves to the next Dirent, or null at the end. */
  read(callback) {
    if (callback === undefined) {
      return new Promise((resolve, reject) => {
        this.#read(false, (error, entry) => {
          if (error !== null) reject(error);
          else resolve(entry);
        });
      });
    }
    validateFunction(callback, 'callback');
    return this.#read(true, callback);
  }

  #read(throwWhenClosed, callback) {
    if (!this.#open) {
      const error = new ERR_DIR_CLOSED();
      if (throwWhenClosed) throw error;
      callback(error);
      return;
    }
    if (this.#queue !== null) {
      this.#queue.push(() => this.#read(false, callback));
      return;
    }
    const next = this.#shift();
    if (next !== undefined) {
      process.nextTick(callback, null, next);
      return;
    }
    this.#queue = [];
    this.#fill((error, entry) => {
      const waiting = this.#queue;
      this.#queue = null;
      for (const run of waiting) run();
      callback(error, entry);
    });
  }

  /** Takes the next buffered entry. */
  #shift() {
    if (this.#entries.length === 0) return undefined;
    return this.#entries.pop();
  }

  /** Buffers a batch (reversed, so that taking one is a pop). */
  #accept(batch, parentPath) {
    const names = toNames(batch[0], this.#raw());
    const types = batch[1];
    for (let i = names.length - 1; i >= 0; i--) {
      this.#entries.push(new Dirent(decodeName(names[i], this.#options.encoding), types[i], parentPath));
    }
    if (this.#options.recursive) {
      for (let i = 0; i < names.length; i++) {
        if (types[i] === UV_DIRENT_DIR) this.#subdirectories.push(joinNames(parentPath, names[i]));
      }
    }
  }

  #raw() {
    return this.#options.encoding !== undefined;
  }

  /** Fetches the next batch in the pool; at the end of a directory goes on with the next subdirectory. */
  #fill(callback) {
    fsBinding.readDirEntries(this.#handle.id, this.#options.bufferSize, this.#raw(), (error, batch) => {
      if (error !== null) {
        callback(error);
        return;
      }
      this.#accept(batch, this.#current ?? this.#path);
      const entry = this.#shift();
      if (entry !== undefined) {
        callback(null, entry);
        return;
      }
      const subdirectory = this.#subdirectories.shift();
      if (subdirectory === undefined) {
        callback(null, null);
        return;
      }
      this.#descend(subdirectory, (descendError) => {
        if (descendError !== null) callback(descendError);
        else this.#fill(callback);
      });
    });
  }

  #current;

  #descend(subdirectory, callback) {
    fsBinding.opendir(subdirectory, (error, id) => {
      if (error !== null) {
        callback(error);
        return;
      }
      const old = this.#handle.id;
      this.#handle.id = id;
      this.#current = subdirectory;
      fsBinding.closedir(old, callback);
    });
  }

  /** The next Dirent, or null at the end. */
  readSync() {
    this.#checkIdle();
    for (;;) {
      const entry = this.#shift();
      if (entry !== undefined) return entry;
      const batch = fsBinding.readDirEntries(this.#handle.id, this.#options.bufferSize, this.#raw(), undefined);
      if (batch[0].length > 0) {
        this.#accept(batch, this.#current ?? this.#path);
        continue;
      }
      const subdirectory = this.#subdirectories.shift();
      if (subdirectory === undefined) return null;
      const id = fsBinding.opendir(subdirectory, undefined);
      fsBinding.closedir(this.#handle.id, undefined);
      this.#handle.id = id;
      this.#current = subdirectory;
    }
  }

  #checkIdle() {
    if (!this.#open) throw new ERR_DIR_CLOSED();
    if (this.#queue !== null) throw new ERR_DIR_CONCURRENT_OPERATION();
  }

  #markClosed() {
    this.#open = false;
    this.#handle.closed = true;
    if (this.#handle instanceof Handle) hooks.destroy(this.#handle.resource);
    forgotten.unregister(this);
  }

  /** Closes the directory. */
  close(callback) {
    if (callback === undefined) {
      return new Promise((resolve, reject) => {
        this.#close(false, (error) => {
          if (error !== null) reject(error);
          else resolve();
        });
      });
    }
    validateFunction(callback, 'callback');
    return this.#close(true, callback);
  }

  #close(throwWhenClosed, callback) {
    if (!this.#open) {
      const error = new ERR_DIR_CLOSED();
      if (throwWhenClosed) {
        process.nextTick(callback, error);
        return;
      }
      callback(error);
      return;
    }
    if (this.#queue !== null) {
      this.#queue.push(() => this.#close(false, callback));
      return;
    }
    this.#markClosed();
    fsBinding.closedir(this.#handle.id, callback);
  }

  /** Closes the directory; throws ERR_DIR_CONCURRENT_OPERATION while a read is under way. */
  closeSync() {
    this.#checkIdle();
    this.#markClosed();
    fsBinding.closedir(this.#handle.id, undefined);
  }

  /** The entries; the directory is closed at the end. */
  async *entries() {
    try {
      for (;;) {
        const entry = await this.read();
        if (entry === null) return;
        yield entry;
      }
    } finally {
      await this.close();
    }
  }

  /** Closes the directory unless that has happened. */
  [Symbol.dispose]() {
    if (this.#open) this.closeSync();
  }

  async [Symbol.asyncDispose]() {
    if (this.#open) await this.close();
  }
}
Object.defineProperty(Dir.prototype, Symbol.asyncIterator,
  { __proto__: null, configurable: true, enumerable: false, value: Dir.prototype.entries, writable: true });

/** Checks the options of `opendir`, so that nothing is opened in vain. */
function openOptions(options) {
  options = toOptions(options, DEFAULTS);
  if (options.bufferSize !== undefined) {
    validateUint32(options.bufferSize, 'options.bufferSize', true);
  }
  if (options.recursive !== undefined && options.recursive !== null) {
    validateBoolean(options.recursive, 'options.recursive');
  }
  return options;
}

/** Opens a directory and calls back with a Dir. */
function opendir(path, options, callback) {
  callback = typeof options === 'function' ? options : callback;
  validateFunction(callback, 'callback');
  path = toPath(path);
  options = openOptions(options);
  fsBinding.opendir(path, (error, id) => {
    if (error !== null) callback(error);
    else callback(null, new Dir(new Handle(id), path, options));
  });
}

/** Opens a directory and returns a Dir. */
function opendirSync(path, options) {
  path = toPath(path);
  options = openOptions(options);
  return new Dir(new Handle(fsBinding.opendir(path, undefined)), path, options);
}

module.exports = { Dir, opendir, opendirSync };
