/**
 * `fs.Utf8Stream`: a writer for logs. Text is gathered and written in large pieces, synchronously or not, and can be
 * flushed at any moment, even on the way out of a crashing program.
 *
 * State: `#chunks` holds what waits (pieces of at most `maxWrite` bytes), `#current` what is being
 * written. A write that fails keeps its data, so that nothing is lost when the next one succeeds.
 * Node docs: "Class: fs.Utf8Stream".
 */
'use strict';

const fsBinding = binding('fs');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_OPERATION_FAILED },
} = require('internal/errors');
const {
  validateBoolean,
  validateFunction,
  validateObject,
  validateOneOf,
  validateUint32,
} = require('internal/validators');
const { Buffer } = require('buffer');
const EventEmitter = require('events');
const { dirname } = require('path');

/** The longest write, in bytes. Node docs: Utf8Stream, "maxWrite". */
const WRITE_BYTES_MAX = 16 * 1024;
/** How long to wait before a busy file is tried again, in milliseconds. */
const BUSY_MS = 100;

const EMPTY = Buffer.alloc(0);

const isBusy = (error) => error.code === 'EAGAIN' || error.code === 'EBUSY';

/**
 * The rest of `data` after `count` bytes were written; a character that was cut in two is written again,
 * as half of it would be lost for good.
 */
function restOf(data, count) {
  if (typeof data !== 'string') return data.subarray(count);
  let bytes = 0;
  let at = 0;
  while (at < data.length) {
    const point = data.codePointAt(at);
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (bytes + size > count) break;
    bytes += size;
    at += point < 0x10000 ? 1 : 2;
  }
  return data.slice(at);
}

class Utf8Stream extends EventEmitter {
  #append;
  #chunks = [];
  #contentMode;
  #current;
  #destroyed = false;
  #ending = false;
  #fd = -1;
  #file;
  #flushing = false;
  #fs;
  #fsync;
  #length = 0;
  #maxLength;
  #maxWrite;
  #minLength;
  #mkdir;
  #mode;
  #opening = false;
  #periodicFlush;
  #reopening = false;
  #retryEAGAIN;
  #sync;
  #timer;
  #writing = false;
  #asyncDrainScheduled = false;

  constructor(options = {}) {
    super();
    if (typeof options === 'number') options = { fd: options };
    else if (typeof options === 'string') options = { dest: options };
    validateObject(options, 'options');
    const {
      append = true,
      contentMode = 'utf8',
      dest,
      fd,
      fs,
      fsync = false,
      maxLength = 0,
      maxWrite = WRITE_BYTES_MAX,
      minLength = 0,
      mkdir = false,
      mode,
      periodicFlush = 0,
      retryEAGAIN = () => true,
      sync = false,
    } = options;
    validateBoolean(append, 'options.append');
    validateOneOf(contentMode, 'options.contentMode', ['utf8', 'buffer']);
    validateBoolean(fsync, 'options.fsync');
    validateUint32(maxLength, 'options.maxLength');
    validateUint32(maxWrite, 'options.maxWrite');
    validateUint32(minLength, 'options.minLength');
    validateBoolean(mkdir, 'options.mkdir');
    validateUint32(periodicFlush, 'options.periodicFlush');
    validateFunction(retryEAGAIN, 'options.retryEAGAIN');
    validateBoolean(sync, 'options.sync');
    if (minLength >= maxWrite) {
      throw new ERR_INVALID_ARG_VALUE('options.minLength', minLength, `should be smaller than maxWrite (${maxWrite})`);
    }
    if (fs !== undefined && fs !== null) {
      validateObject(fs, 'options.fs');
      for (const name of ['write', 'writeSync', 'fsync', 'fsyncSync', 'close', 'open', 'openSync', 'mkdir', 'mkdirSync']) {
        if (fs[name] !== undefined) validateFunction(fs[name], `options.fs.${name}`);
      }
    }
    this.#append = append;
    this.#contentMode = contentMode;
    this.#fs = { ...require('fs'), ...fs };
    this.#fsync = fsync;
    this.#maxLength = maxLength;
    this.#maxWrite = maxWrite;
    this.#minLength = minLength;
    this.#mkdir = mkdir;
    this.#mode = mode;
    this.#periodicFlush = periodicFlush;
    this.#retryEAGAIN = retryEAGAIN;
    this.#sync = sync;
    if (typeof fd === 'number') {
      this.#fd = fd;
      process.nextTick(() => this.emit('ready'));
    } else if (typeof dest === 'string') {
      this.#openFile(dest);
    } else if (typeof fd !== 'undefined' || dest === undefined) {
      throw new ERR_INVALID_ARG_TYPE('options.fd', ['number', 'string'], fd);
    } else {
      throw new ERR_INVALID_ARG_TYPE('options.dest', 'string', dest);
    }
    if (periodicFlush > 0) {
      this.#timer = require('timers').setInterval(() => this.flush(), periodicFlush);
      this.#timer.unref();
    }
  }

  get mode() { return this.#mode; }
  get file() { return this.#file; }
  get fd() { return this.#fd; }
  get minLength() { return this.#minLength; }
  get maxLength() { return this.#maxLength; }
  get writing() { return this.#writing; }
  get sync() { return this.#sync; }
  get fsync() { return this.#fsync; }
  get append() { return this.#append; }
  get periodicFlush() { return this.#periodicFlush; }
  get contentMode() { return this.#contentMode; }
  get mkdir() { return this.#mkdir; }

  #openFile(file) {
    this.#opening = true;
    this.#writing = true;
    this.#file = file;
    const flags = this.#append ? 'a' : 'w';
    const opened = (error, fd) => {
      if (error) {
        this.#reopening = false;
        this.#opening = false;
        this.#writing = false;
        if (this.#sync) {
          process.nextTick(() => { if (this.listenerCount('error') > 0) this.emit('error', error); });
        } else {
          this.emit('error', error);
        }
        return;
      }
      const old = this.#reopening ? this.#fd : -1;
      this.#fd = fd;
      this.#reopening = false;
      this.#opening = false;
      this.#writing = false;
      if (old !== -1) this.#fs.close(old, (closeError) => { if (closeError) this.emit('error', closeError); });
      if (this.#sync) process.nextTick(() => this.emit('ready'));
      else this.emit('ready');
      if (this.#destroyed || this.#writing) return;
      if (this.#length > this.#minLength || this.#flushing || this.#ending) this.#next();
      else if (old !== -1) process.nextTick(() => this.emit('drain'));
    };
    if (this.#sync) {
      let fd;
      try {
        if (this.#mkdir) this.#fs.mkdirSync(dirname(file), { recursive: true });
        fd = this.#fs.openSync(file, flags, this.#mode);
      } catch (error) {
        opened(error);
        throw error;
      }
      opened(null, fd);
    } else if (this.#mkdir) {
      this.#fs.mkdir(dirname(file), { recursive: true }, (error) => {
        if (error) opened(error);
        else this.#fs.open(file, flags, this.#mode, opened);
      });
    } else {
      this.#fs.open(file, flags, this.#mode, opened);
    }
  }

  /** Adds `data`; returns false when the caller should wait for 'drain'. */
  write(data) {
    if (this.#destroyed) throw new ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#contentMode === 'buffer') {
      if (!Buffer.isBuffer(data)) throw new ERR_INVALID_ARG_TYPE('data', 'Buffer', data);
    } else {
      data = `${data}`;
    }
    const length = this.#length + data.length;
    if (this.#maxLength > 0 && length > this.#maxLength) {
      this.emit('drop', data);
      return this.#length < this.#maxWrite;
    }
    this.#gather(data);
    this.#length = length;
    if (!this.#writing && this.#length >= this.#minLength) this.#next();
    return this.#length < this.#maxWrite;
  }

  #gather(data) {
    const last = this.#chunks.length - 1;
    if (last >= 0 && this.#chunks[last].length + data.length <= this.#maxWrite) {
      this.#chunks[last] = typeof data === 'string' ?
        this.#chunks[last] + data : Buffer.concat([this.#chunks[last], data]);
    } else {
      this.#chunks.push(data);
    }
  }

  /** Takes the next piece and writes it. */
  #next() {
    this.#writing = true;
    this.#current ||= this.#chunks.shift() ?? (this.#contentMode === 'buffer' ? EMPTY : '');
    const done = (error, count) => this.#written(error, count);
    if (this.#sync) {
      let count;
      try {
        count = this.#writeNow(this.#current);
      } catch (error) {
        done(error);
        return;
      }
      done(null, count);
    } else if (typeof this.#current === 'string') {
      this.#fs.write(this.#fd, this.#current, 'utf8', done);
    } else {
      this.#fs.write(this.#fd, this.#current, done);
    }
  }

  #writeNow(data) {
    return typeof data === 'string' ?
      this.#fs.writeSync(this.#fd, data, 'utf8') : this.#fs.writeSync(this.#fd, data);
  }

  #failed(error) {
    if (isBusy(error) && this.#retryEAGAIN(error, this.#current.length, this.#length - this.#current.length)) {
      if (this.#sync) {
        fsBinding.sleep(BUSY_MS);
        this.#written(null, 0);
      } else {
        require('timers').setTimeout(() => this.#next(), BUSY_MS);
      }
      return;
    }
    this.#writing = false;
    this.emit('error', error);
  }

  #written(error, count) {
    if (error) {
      this.#failed(error);
      return;
    }
    this.emit('write', count);
    // A writer that does not say how much it wrote wrote everything.
    const rest = count === undefined ? this.#current.slice(0, 0) : restOf(this.#current, count);
    this.#length -= this.#current.length - rest.length;
    this.#current = rest;
    if (this.#current.length > 0) {
      if (!this.#sync) {
        this.#next();
        return;
      }
      try {
        do {
          const more = this.#writeNow(this.#current);
          const left = more === undefined ? this.#current.slice(0, 0) : restOf(this.#current, more);
          this.#length -= this.#current.length - left.length;
          this.#current = left;
        } while (this.#current.length > 0);
      } catch (writeError) {
        this.#failed(writeError);
        return;
      }
    }
    this.#current = undefined;
    if (this.#fsync) this.#fs.fsyncSync(this.#fd);
    if (this.#reopening) {
      this.#writing = false;
      this.#reopening = false;
      this.reopen();
    } else if (this.#length > this.#minLength || (this.#length > 0 && (this.#ending || this.#flushing))) {
      this.#next();
    } else if (this.#ending) {
      this.#writing = false;
      if (this.#length > 0) this.#next();
      else this.#close(true);
    } else {
      this.#writing = false;
      if (this.#flushing && this.#length === 0) this.#flushing = false;
      if (this.#sync) {
        if (!this.#asyncDrainScheduled) {
          this.#asyncDrainScheduled = true;
          process.nextTick(() => {
            this.#asyncDrainScheduled = false;
            this.emit('drain');
          });
        }
      } else {
        this.emit('drain');
      }
    }
  }

  /** Writes what waits; calls back when it is on disk. */
  flush(callback) {
    if (callback !== undefined) validateFunction(callback, 'cb');
    if (this.#destroyed) {
      const error = new ERR_INVALID_STATE('Utf8Stream is destroyed');
      if (callback === undefined) throw error;
      callback(error);
      return;
    }
    if (this.#minLength <= 0) {
      callback?.();
      return;
    }
    if (callback !== undefined) this.#whenFlushed(callback);
    if (this.#writing) return;
    this.#flushing = true;
    this.#next();
  }

  #whenFlushed(callback) {
    const onDrain = () => {
      this.removeListener('error', onError);
      if (this.#fsync || this.#destroyed) {
        callback(null);
        return;
      }
      try {
        this.#fs.fsync(this.#fd, callback);
      } catch (error) {
        callback(error);
      }
    };
    const onError = (error) => {
      this.removeListener('drain', onDrain);
      callback(error);
    };
    this.once('drain', onDrain);
    this.once('error', onError);
  }

  /** Writes what waits before it returns. */
  flushSync() {
    if (this.#destroyed) throw new ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#fd < 0) throw new ERR_INVALID_STATE('Invalid file descriptor');
    if (!this.#writing && this.#current?.length > 0) {
      this.#chunks.unshift(this.#current);
      this.#current = undefined;
    }
    while (this.#chunks.length > 0) {
      const chunk = this.#chunks[0];
      let rest;
      try {
        const count = this.#writeNow(chunk);
        rest = count === undefined ? chunk.slice(0, 0) : restOf(chunk, count);
      } catch (error) {
        if (!isBusy(error) || !this.#retryEAGAIN(error, chunk.length, this.#length - chunk.length)) throw error;
        fsBinding.sleep(BUSY_MS);
        continue;
      }
      this.#length -= chunk.length - rest.length;
      if (rest.length > 0) this.#chunks[0] = rest;
      else this.#chunks.shift();
    }
    if (this.#fsync) this.#fs.fsyncSync(this.#fd);
  }

  /** Closes the file and opens `file`, or the same path again: for the rotation of logs. */
  reopen(file) {
    if (this.#destroyed) throw new ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#opening) {
      this.once('ready', () => this.reopen(file));
      return;
    }
    if (this.#ending) return;
    if (this.#file === undefined) {
      throw new ERR_OPERATION_FAILED('Unable to reopen a file descriptor, you must pass a file to SonicBoom');
    }
    if (file) this.#file = file;
    this.#reopening = true;
    if (!this.#writing) this.#openFile(this.#file);
  }

  /** Writes what waits, then 'finish' and 'close'. */
  end() {
    if (this.#destroyed) throw new ERR_INVALID_STATE('Utf8Stream is destroyed');
    if (this.#opening) {
      this.once('ready', () => this.end());
      return;
    }
    if (this.#ending) return;
    this.#ending = true;
    if (this.#writing) return;
    if (this.#length > 0 && this.#fd >= 0) this.#next();
    else this.#close(true);
  }

  /** Closes at once; what waits is lost. */
  destroy() {
    if (!this.#destroyed) this.#close(false);
  }

  #close(finished) {
    if (this.#fd === -1) {
      this.once('ready', () => this.#close(finished));
      return;
    }
    if (this.#timer !== undefined) require('timers').clearInterval(this.#timer);
    this.#destroyed = true;
    this.#chunks = [];
    const fd = this.#fd;
    const closed = (error) => {
      if (error) {
        this.emit('error', error);
        return;
      }
      if (finished) this.emit('finish');
      this.emit('close');
    };
    // Standard output and error belong to the process.
    if (fd === 1 || fd === 2) process.nextTick(closed);
    else if (this.#fsync) this.#fs.close(fd, closed);
    else this.#fs.fsync(fd, () => this.#fs.close(fd, closed));
  }

  [Symbol.dispose]() {
    this.destroy();
  }
}

module.exports = { Utf8Stream };
