/** `node:child_process`. The class ChildProcess, IPC and handle passing are in internal/child_process. */
'use strict';

const {
  AbortError,
  codes: {
    ERR_CHILD_PROCESS_IPC_REQUIRED, ERR_CHILD_PROCESS_STDIO_MAXBUFFER, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE,
    ERR_OUT_OF_RANGE,
  },
  errnoException, genericNodeError,
} = require('internal/errors');
const {
  isInt32, validateAbortSignal, validateBoolean, validateFunction, validateInt32, validateInteger, validateNumber, validateObject,
  validateOneOf, validateString,
} = require('internal/validators');
const { convertToValidSignal, customPromisify, getSystemErrorName, kEmptyObject } = require('internal/util');
const { Buffer } = require('buffer');
const { ChildProcess, getValidStdio, stdioStringToArray } = require('internal/child_process/child_process');

/** Default of `maxBuffer` in bytes. Node docs: child_process.exec. */
const MAX_BUFFER = 1024 * 1024;

let warnedOfShellArguments = false;

// ---------------------------------------------------------------------------------------------------------------------
// Arguments

function nullCheck(value, name, kinds = 'a string') {
  if (typeof value === 'string' && value.includes('\u0000')) {
    throw new ERR_INVALID_ARG_VALUE(name, value, `must be ${kinds} without null bytes`);
  }
}

/** A path as string; URLs and Buffers too. */
function validatedPath(value, name) {
  if (value instanceof URL || (value !== null && typeof value === 'object' && value.href && value.protocol)) {
    value = require('url').fileURLToPath(value);
  }
  if (Buffer.isBuffer(value) || value instanceof Uint8Array) value = Buffer.from(value).toString();
  if (typeof value !== 'string') throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], value);
  nullCheck(value, name, 'a string, Uint8Array, or URL');
  return value;
}

function validateTimeout(timeout) {
  if (timeout != null) validateInteger(timeout, 'timeout', 0);
}

function validateMaxBuffer(maxBuffer) {
  if (maxBuffer != null && (typeof maxBuffer !== 'number' || maxBuffer < 0)) {
    throw new ERR_OUT_OF_RANGE('options.maxBuffer', 'a positive number', maxBuffer);
  }
}

function checkMaxBuffer(maxBuffer) {
  if (maxBuffer == null) return;
  validateNumber(maxBuffer, 'options.maxBuffer', 0);
}

function sanitizeKillSignal(signal) {
  if (typeof signal === 'string' || typeof signal === 'number') return convertToValidSignal(signal);
  if (signal != null) throw new ERR_INVALID_ARG_TYPE('options.killSignal', ['string', 'number'], signal);
  return undefined;
}

function checkOptions(options) {
  let { cwd } = options;
  if (cwd != null) cwd = validatedPath(cwd, 'options.cwd');
  if (options.detached != null) validateBoolean(options.detached, 'options.detached');
  if (options.uid != null) validateInt32(options.uid, 'options.uid');
  if (options.gid != null) validateInt32(options.gid, 'options.gid');
  if (options.shell != null && typeof options.shell !== 'boolean' && typeof options.shell !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('options.shell', ['boolean', 'string'], options.shell);
  }
  if (options.argv0 != null) {
    validateString(options.argv0, 'options.argv0');
    nullCheck(options.argv0, 'options.argv0');
  }
  if (options.windowsHide != null) validateBoolean(options.windowsHide, 'options.windowsHide');
  if (options.windowsVerbatimArguments != null) {
    validateBoolean(options.windowsVerbatimArguments, 'options.windowsVerbatimArguments');
  }
  return cwd;
}

/** The environment of a child; under the permission model it gets the permissions of this process. */
function environmentFor(args, env) {
  // Node docs: NODE_V8_COVERAGE "will automatically propagate to subprocesses"; an empty one of its own prevents it.
  const { NODE_V8_COVERAGE } = process.env;
  if (NODE_V8_COVERAGE && env !== process.env && !Object.hasOwn(env, 'NODE_V8_COVERAGE')) env = { __proto__: env, NODE_V8_COVERAGE };
  if (process.permission === undefined) return env;
  const options = require('internal/process/permission').optionsForChild(args, env.NODE_OPTIONS);
  return options === undefined ? env : { __proto__: env, NODE_OPTIONS: options };
}

/** `NAME=value` of everything the environment shows, inherited names too. */
function environmentPairs(env) {
  const pairs = [];
  for (const key in env) {
    const value = env[key];
    if (value === undefined) continue;
    nullCheck(key, `options.env['${key}']`);
    nullCheck(value, `options.env['${key}']`);
    pairs.push(`${key}=${value}`);
  }
  return pairs;
}

function normalizeSpawnArguments(file, args, options) {
  validateString(file, 'file');
  nullCheck(file, 'file');
  if (file.length === 0) throw new ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty');
  if (Array.isArray(args)) {
    args = args.slice();
  } else if (args == null) {
    args = [];
  } else if (typeof args !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('args', 'object', args);
  } else {
    options = args;
    args = [];
  }
  for (let i = 0; i < args.length; i++) nullCheck(args[i], `args[${i}]`);
  if (options === undefined) options = kEmptyObject;
  else validateObject(options, 'options');
  options = { __proto__: null, ...options };
  const cwd = checkOptions(options);
  if (options.shell) {
    nullCheck(options.shell, 'options.shell');
    if (args.length > 0 && !warnedOfShellArguments) {
      warnedOfShellArguments = true;
      process.emitWarning(
        'Passing args to a child process with shell option true can lead to security vulnerabilities, as the arguments are not ' +
        'escaped, only concatenated.', 'DeprecationWarning', 'DEP0190');
    }
    const command = args.length > 0 ? `${file} ${args.join(' ')}` : file;
    file = typeof options.shell === 'string' ? options.shell : '/bin/sh';
    args = ['-c', command];
  }
  args.unshift(typeof options.argv0 === 'string' ? options.argv0 : file);
  return {
    __proto__: null,
    ...options,
    args,
    cwd,
    detached: Boolean(options.detached),
    envPairs: environmentPairs(environmentFor(args, options.env || process.env)),
    file,
    windowsHide: Boolean(options.windowsHide),
    windowsVerbatimArguments: Boolean(options.windowsVerbatimArguments),
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// In the background

function abortChild(child, killSignal, reason) {
  if (!child) return;
  try {
    if (child.kill(killSignal)) child.emit('error', new AbortError(undefined, { cause: reason }));
  } catch (error) {
    child.emit('error', error);
  }
}

/** Node docs: child_process.spawn(command[, args][, options]). */
function spawn(file, args, options) {
  options = normalizeSpawnArguments(file, args, options);
  validateTimeout(options.timeout);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  const killSignal = sanitizeKillSignal(options.killSignal);
  const child = new ChildProcess();
  child.spawn(options);

  if (options.timeout > 0) {
    let timer = setTimeout(() => {
      timer = null;
      try {
        child.kill(killSignal);
      } catch (error) {
        child.emit('error', error);
      }
    }, options.timeout);
    child.once('exit', () => {
      if (timer) clearTimeout(timer);
      timer = null;
    });
  }
  if (options.signal) {
    const { signal } = options;
    const onAbort = () => abortChild(child, killSignal, signal.reason);
    if (signal.aborted) {
      process.nextTick(onAbort);
    } else {
      const disposable = require('events').addAbortListener(signal, onAbort);
      child.once('exit', disposable[Symbol.dispose]);
    }
  }
  return child;
}

/** Node docs: child_process.fork(modulePath[, args][, options]). */
function fork(modulePath, args = [], options) {
  modulePath = validatedPath(modulePath, 'modulePath');
  if (args == null) {
    args = [];
  } else if (typeof args === 'object' && !Array.isArray(args)) {
    options = args;
    args = [];
  } else if (!Array.isArray(args)) {
    throw new ERR_INVALID_ARG_TYPE('args', 'Array', args);
  }
  if (options != null) validateObject(options, 'options');
  options = { __proto__: null, ...options, shell: false };
  options.execPath ||= process.execPath;
  nullCheck(options.execPath, 'options.execPath');
  const execArgv = options.execArgv || process.execArgv;
  for (let i = 0; i < execArgv.length; i++) nullCheck(execArgv[i], `options.execArgv[${i}]`);
  args = [...withoutEval(execArgv, options), modulePath, ...args];
  if (typeof options.stdio === 'string') {
    options.stdio = stdioStringToArray(options.stdio, 'ipc');
  } else if (!Array.isArray(options.stdio)) {
    options.stdio = stdioStringToArray(options.silent ? 'pipe' : 'inherit', 'ipc');
  } else if (!options.stdio.includes('ipc')) {
    throw new ERR_CHILD_PROCESS_IPC_REQUIRED('options.stdio');
  }
  return spawn(options.execPath, args, options);
}

/** A program given with -e is not the child's. */
function withoutEval(execArgv, options) {
  if (options.execArgv !== undefined || process._eval == null) return execArgv;
  const index = execArgv.lastIndexOf(process._eval);
  return index > 0 ? execArgv.toSpliced(index - 1, 2) : execArgv;
}

/** Called in a child that has an IPC channel, before its program. */
function _forkChild(fd, serialization) {
  require('internal/child_process/ipc').connectToParent(fd, serialization);
}

function normalizeExecArgs(command, options, callback) {
  validateString(command, 'command');
  nullCheck(command, 'command');
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  options = { __proto__: null, ...options };
  options.shell = typeof options.shell === 'string' ? options.shell : true;
  return { file: command, options, callback };
}

/** Node docs: child_process.exec(command[, options][, callback]). */
function exec(command, options, callback) {
  const normalized = normalizeExecArgs(command, options, callback);
  return execFile(normalized.file, normalized.options, normalized.callback);
}

function normalizeExecFileArgs(file, args, options, callback) {
  if (Array.isArray(args)) {
    args = args.slice();
  } else if (args != null && typeof args === 'object') {
    callback = options;
    options = args;
    args = null;
  } else if (typeof args === 'function') {
    callback = args;
    options = null;
    args = null;
  }
  args ??= [];
  if (typeof options === 'function') callback = options;
  else if (options != null) validateObject(options, 'options');
  options = options == null || typeof options === 'function' ? kEmptyObject : options;
  if (callback != null) validateFunction(callback, 'callback');
  if (options.argv0 != null) {
    validateString(options.argv0, 'options.argv0');
    nullCheck(options.argv0, 'options.argv0');
  }
  return { file, args, options, callback };
}

/** Collects one output of a child up to `maxBuffer`. */
class Collector {
  constructor(stream, encoding, maxBuffer, onOverflow) {
    this.chunks = [];
    this.encoding = encoding;
    if (encoding) stream.setEncoding(encoding);
    let length = 0;
    stream.on('data', (chunk) => {
      // The stream's encoding may have been changed by the user.
      const { encoding: now } = stream._readableState;
      if (maxBuffer === Infinity) {
        this.chunks.push(chunk);
        return;
      }
      const size = now ? Buffer.byteLength(chunk, now) : chunk.length;
      const room = maxBuffer - length;
      length += size;
      if (length > maxBuffer) {
        this.chunks.push(chunk.slice(0, room));
        onOverflow();
      } else {
        this.chunks.push(chunk);
      }
    });
    this.stream = stream;
  }

  result() {
    if (this.encoding || this.stream._readableState?.encoding) return this.chunks.join('');
    return Buffer.concat(this.chunks);
  }
}

/** Node docs: child_process.execFile(file[, args][, options][, callback]). */
function execFile(file, args, options, callback) {
  ({ file, args, options, callback } = normalizeExecFileArgs(file, args, options, callback));
  options = {
    __proto__: null, encoding: 'utf8', timeout: 0, maxBuffer: MAX_BUFFER, killSignal: 'SIGTERM', cwd: null, env: null, shell: false, ...options,
  };
  validateTimeout(options.timeout);
  checkMaxBuffer(options.maxBuffer);
  options.killSignal = sanitizeKillSignal(options.killSignal);
  const child = spawn(file, args, {
    __proto__: null,
    cwd: options.cwd,
    env: options.env,
    gid: options.gid,
    shell: options.shell,
    signal: options.signal,
    uid: options.uid,
    argv0: options.argv0,
    windowsHide: Boolean(options.windowsHide),
    windowsVerbatimArguments: Boolean(options.windowsVerbatimArguments),
  });
  const encoding = options.encoding && options.encoding !== 'buffer' && Buffer.isEncoding(options.encoding) ? options.encoding : null;
  let killed = false;
  let exited = false;
  let timer = null;
  let failure = null;
  let out;
  let err;

  function onExit(code, signal) {
    if (exited) return;
    exited = true;
    if (timer) clearTimeout(timer);
    timer = null;
    if (!callback) return;
    const empty = encoding ? '' : Buffer.alloc(0);
    const stdout = out?.result() ?? empty;
    const stderr = err?.result() ?? empty;
    if (!failure && code === 0 && signal === null) {
      callback(null, stdout, stderr);
      return;
    }
    const command = args?.length ? `${file} ${args.join(' ')}` : file;
    failure ??= genericNodeError(`Command failed: ${command}\n${stderr}`, {
      code: code < 0 ? getSystemErrorName(code) : code,
      killed: child.killed || killed,
      signal,
    });
    failure.cmd = command;
    callback(failure, stdout, stderr);
  }

  function onError(error) {
    failure = error;
    child.stdout?.destroy();
    child.stderr?.destroy();
    onExit();
  }

  function kill() {
    child.stdout?.destroy();
    child.stderr?.destroy();
    killed = true;
    try {
      child.kill(options.killSignal);
    } catch (error) {
      failure ??= error;
      onExit();
    }
  }

  if (options.timeout > 0) {
    timer = setTimeout(() => {
      timer = null;
      kill();
    }, options.timeout);
  }
  const overflow = (name) => () => {
    failure ??= new ERR_CHILD_PROCESS_STDIO_MAXBUFFER(name);
    kill();
  };
  const maxBuffer = options.maxBuffer ?? Infinity;
  if (child.stdout) out = new Collector(child.stdout, encoding, maxBuffer, overflow('stdout'));
  if (child.stderr) err = new Collector(child.stderr, encoding, maxBuffer, overflow('stderr'));
  child.addListener('close', onExit);
  child.addListener('error', onError);
  return child;
}

/** The promise of exec or execFile: `{ stdout, stderr }`, and the child as its property. */
function promisified(original) {
  function fn(...args) {
    const { promise, resolve, reject } = Promise.withResolvers();
    promise.child = original(...args, (error, stdout, stderr) => {
      if (error !== null) {
        error.stdout = stdout;
        error.stderr = stderr;
        reject(error);
      } else {
        resolve({ stdout, stderr });
      }
    });
    return promise;
  }
  return Object.defineProperty(fn, 'name', { __proto__: null, value: original.name, configurable: true });
}

for (const fn of [exec, execFile]) {
  Object.defineProperty(fn, customPromisify, { __proto__: null, enumerable: false, value: promisified(fn) });
}

// ---------------------------------------------------------------------------------------------------------------------
// Synchronously

/** Node docs: child_process.spawnSync(command[, args][, options]). */
function spawnSync(file, args, options) {
  options = { __proto__: null, maxBuffer: MAX_BUFFER, ...normalizeSpawnArguments(file, args, options) };
  validateTimeout(options.timeout);
  checkMaxBuffer(options.maxBuffer);
  options.killSignal = sanitizeKillSignal(options.killSignal) ?? convertToValidSignal('SIGTERM');
  options.stdio = getValidStdio(options.stdio || 'pipe', true).stdio;
  if (options.input !== undefined && options.input !== null) {
    options.stdio[0] = { ...options.stdio[0], type: 'pipe', readable: true, writable: false, input: options.input };
  }
  for (let i = 0; i < options.stdio.length; i++) {
    const { input } = options.stdio[i];
    if (input == null) continue;
    if (ArrayBuffer.isView(input)) continue;
    if (typeof input !== 'string') {
      throw new ERR_INVALID_ARG_TYPE(`options.stdio[${i}]`, ['Buffer', 'TypedArray', 'DataView', 'string'], input);
    }
    options.stdio[i].input = Buffer.from(input, options.encoding === 'buffer' ? undefined : options.encoding);
  }
  return toResult(binding('child_process').spawnSync(options), options);
}

function toResult(raw, options) {
  const result = {};
  if (raw.error !== 0) {
    const error = errnoException(raw.error, `spawnSync ${options.file}`);
    error.path = options.file;
    error.spawnargs = options.args.slice(1);
    result.error = error;
  }
  const { nameOf } = require('internal/child_process/child_process');
  result.status = raw.status;
  result.signal = raw.signal === 0 ? null : nameOf(raw.signal);
  result.output = raw.output;
  result.pid = raw.pid;
  if (result.output !== null) {
    const { encoding } = options;
    result.output = raw.output.map((bytes) => {
      if (bytes === null) return null;
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
    });
  }
  result.stdout = result.output?.[1];
  result.stderr = result.output?.[2];
  if (result.output === null) {
    result.stdout = undefined;
    result.stderr = undefined;
  }
  return result;
}

function checkSyncResult(result, args, command) {
  if (result.error) return Object.assign(result.error, result);
  if (result.status === 0) return undefined;
  let message = `Command failed: ${command || args.join(' ')}`;
  if (result.stderr && result.stderr.length > 0) message += `\n${result.stderr.toString()}`;
  return genericNodeError(message, result);
}

/** Node docs: child_process.execFileSync(file[, args][, options]). */
function execFileSync(file, args, options) {
  ({ file, args, options } = normalizeExecFileArgs(file, args, options));
  const inheritStderr = !options.stdio;
  const result = spawnSync(file, args, options);
  if (inheritStderr && result.stderr) process.stderr.write(result.stderr);
  const error = checkSyncResult(result, [options.argv0 || file, ...args]);
  if (error) throw error;
  return result.stdout;
}

/** Node docs: child_process.execSync(command[, options]). */
function execSync(command, options) {
  const normalized = normalizeExecArgs(command, options, null);
  const inheritStderr = !normalized.options.stdio;
  const result = spawnSync(normalized.file, normalized.options);
  if (inheritStderr && result.stderr) process.stderr.write(result.stderr);
  const error = checkSyncResult(result, undefined, command);
  if (error) throw error;
  return result.stdout;
}

module.exports = { _forkChild, ChildProcess, exec, execFile, execFileSync, execSync, fork, spawn, spawnSync };
