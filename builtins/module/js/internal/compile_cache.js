'use strict';

/**
 * The compile cache: bytecode of CommonJS files and ES modules, and what type stripping gave, on disk, so that a program starts
 * without doing that work again.
 *
 * One file per source file and kind in `<directory>/<version and user>/`. Files are written at exit or by flushCompileCache(),
 * after the code ran. Nothing here may stop a program: a cache that cannot be read or written is no cache.
 * Node docs: "Modules: node:module API", module compile cache.
 */

const native = binding('module');
const { validateBoolean, validateString } = require('internal/validators');
const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { constants: { compileCacheStatus } } = require('internal/module/constants');
const fs = require('fs');
const path = require('path');

/** What is kept of a file. */
const kCommonJS = 'CommonJS';
const kModule = 'ESM';
const kStripped = 'StrippedTypeScript';

/** The directory of this version and user; undefined while the cache is off. */
let cacheDirectory;
/** Base of relative names when the cache is portable. */
let portableBase;
/** Kind and name -> { file, kind, name, state, bytes } for what was asked for with the cache on. */
const entries = new Map();
let installed = false;

const isDebugging = /(?:^|,)\s*COMPILE_CACHE\s*(?:,|$)/i.test(process.env.NODE_DEBUG_NATIVE ?? '');

function debug(text) {
  if (isDebugging) process._rawDebug(`[compile cache] ${text}`);
}

/** A short name for a source file's name: FNV-1a, 64 bits. */
function nameOf(kind, filename) {
  let subject = filename;
  if (portableBase !== undefined) {
    subject = path.relative(portableBase, filename.startsWith('file:') ? require('url').fileURLToPath(filename) : filename);
  }
  subject = `${kind}:${subject}`;
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < subject.length; index++) {
    hash = ((hash ^ BigInt(subject.charCodeAt(index))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}

/** The entry of a source file, and the bytes that are on disk for it. */
function open(kind, name) {
  const file = path.join(cacheDirectory, nameOf(kind, name));
  const entry = { bytes: undefined, file, kind, name, state: 'failed' };
  entries.set(`${kind}:${name}`, entry);
  let bytes;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    debug(`reading cache from ${file} for ${kind} ${name}... ${error.code === 'ENOENT' ? 'no such file or directory' : error.code}`);
  }
  return { bytes, entry };
}

/** Notes what the engine made of an entry's bytes. */
function settle({ bytes, entry }, state) {
  const { file, kind, name } = entry;
  entry.state = state;
  if (state === 'accepted') {
    debug(`reading cache from ${file} for ${kind} ${name}... success, size=${bytes.length}`);
    debug(`V8 code cache for ${kind} ${name} was accepted, keeping the in-memory entry`);
    return;
  }
  if (bytes !== undefined) debug(`reading cache from ${file} for ${kind} ${name}...${state}`);
  debug(`V8 code cache for ${kind} ${name} was ${bytes === undefined ? 'not initialized' : 'rejected'}, initializing the in-memory entry`);
}

/** As the engine's compile function, with the cache before and behind. */
function compile(source, filename) {
  if (!path.isAbsolute(filename)) return native.compileFunctionForCJS(source, filename);
  const opened = open(kCommonJS, filename);
  const { 0: compiled, 1: state } = native.compileCached(source, filename, opened.bytes);
  settle(opened, state);
  return compiled;
}

/** A module record, as the engine compiles it. */
function compileModule(source, url, host) {
  if (!url.startsWith('file:')) return native.compileModule(source, url, host);
  const opened = open(kModule, url);
  const { 0: record, 1: state } = native.compileModuleCached(source, url, host, opened.bytes);
  settle(opened, state);
  return record;
}

/** What tells one text from another. */
function hashOf(text) {
  return require('crypto').createHash('sha256').update(text).digest('hex');
}

/** `strip(source)` of a TypeScript file, or what it gave before. */
function stripped(source, filename, strip) {
  if (!path.isAbsolute(filename)) return strip();
  const { bytes, entry } = open(kStripped, filename);
  const hash = hashOf(source);
  if (bytes !== undefined) {
    const text = bytes.toString();
    const end = text.indexOf('\n', hash.length + 1);
    const code = text.slice(end + 1);
    if (end !== -1 && text.startsWith(`${hash} `) && text.slice(hash.length + 1, end) === hashOf(code)) {
      debug(`reading cache from ${entry.file} for ${kStripped} ${filename}... success, size=${bytes.length}`);
      debug(`retrieving transpile cache for ${kStripped} ${filename}...success`);
      entry.state = 'accepted';
      return code;
    }
    debug(`reading cache from ${entry.file} for ${kStripped} ${filename}...code hash mismatch:`);
  }
  debug(`no transpile cache for ${kStripped} ${filename}`);
  const code = strip();
  debug(`saving transpilation cache for ${kStripped} ${filename}`);
  entry.state = 'new';
  entry.bytes = Buffer.from(`${hash} ${hashOf(code)}\n${code}`);
  return code;
}

function write(entry) {
  const { file, kind, name } = entry;
  const bytes = entry.bytes ?? native.encodeCompiled(name);
  if (bytes === undefined) return;
  // Through a temporary file: another process may be reading or writing the same entry.
  const temporary = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(temporary, bytes);
    fs.renameSync(temporary, file);
    debug(`writing cache for ${kind} ${name} to ${file}...success`);
    entry.state = 'written';
    entry.bytes = undefined;
  } catch (error) {
    debug(`writing cache for ${kind} ${name} to ${file}...${error.code}`);
  }
}

/** Writes what was compiled and is not on disk yet. */
function flush() {
  if (cacheDirectory === undefined) return;
  for (const entry of entries.values()) {
    const { kind, name, state } = entry;
    if (state === 'accepted') debug(`skip persisting ${kind} ${name} because cache was the same`);
    else if (state === 'failed') debug(`skip persisting ${kind} ${name} because the cache was not initialized`);
    else if (state !== 'written') write(entry);
  }
}

/** Why the directory may not be used; undefined if it may. */
function refusal(directory) {
  const { permission } = process;
  if (permission === undefined) return undefined;
  const kind = permission.has('fs.write', directory) ? permission.has('fs.read', directory) ? undefined : 'read' : 'write';
  return kind && `Skipping compile cache because ${kind} permission for ${directory} is not granted`;
}

/** Turns the cache on. Returns what module.enableCompileCache() answers. */
function start(directory, portable, setCompileFunction) {
  if (process.env.NODE_DISABLE_COMPILE_CACHE !== undefined) {
    debug('Disabled by NODE_DISABLE_COMPILE_CACHE.');
    return { status: compileCacheStatus.DISABLED, message: 'Disabled by NODE_DISABLE_COMPILE_CACHE' };
  }
  if (cacheDirectory !== undefined) return { status: compileCacheStatus.ALREADY_ENABLED, directory: cacheDirectory };
  const base = path.resolve(directory);
  const target = path.join(base, `${process.version}-${process.arch}-anode-${process.getuid?.() ?? 0}`);
  const message = refusal(target);
  if (message !== undefined) {
    debug(message);
    return { status: compileCacheStatus.FAILED, message };
  }
  try {
    fs.mkdirSync(target, { recursive: true });
  } catch (error) {
    return { status: compileCacheStatus.FAILED, message: `Cannot create cache directory: ${error.code}` };
  }
  cacheDirectory = target;
  portableBase = portable ? base : undefined;
  setCompileFunction(compile, module.exports);
  if (!installed) {
    installed = true;
    process.on('exit', flush);
  }
  return { status: compileCacheStatus.ENABLED, directory: target };
}

/** Node docs: module.enableCompileCache. */
function enable(options = undefined) {
  let directory = options;
  let portable = process.env.NODE_COMPILE_CACHE_PORTABLE === '1';
  if (typeof options === 'object' && options !== null) {
    ({ directory } = options);
    if (directory !== undefined) validateString(directory, 'options.directory');
    if (options.portable !== undefined) {
      validateBoolean(options.portable, 'options.portable');
      ({ portable } = options);
    }
  } else if (options !== undefined && typeof options !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('cacheDir', 'string', options);
  }
  directory ??= process.env.NODE_COMPILE_CACHE || path.join(require('os').tmpdir(), 'node-compile-cache');
  return { __proto__: null, ...start(directory, portable, require('internal/module/cjs').setCompileFunction) };
}

/** NODE_COMPILE_CACHE at start-up. */
function enableFromEnvironment(setCompileFunction) {
  start(process.env.NODE_COMPILE_CACHE, process.env.NODE_COMPILE_CACHE_PORTABLE === '1', setCompileFunction);
}

/** Node docs: module.flushCompileCache. */
function flushNow() {
  flush();
  if (cacheDirectory !== undefined) debug('module.flushCompileCache() finished.');
}

module.exports = { compileModule, directory: () => cacheDirectory, enable, enableFromEnvironment, flush: flushNow, stripped };
