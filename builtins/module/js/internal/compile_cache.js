'use strict';

/**
 * The compile cache: bytecode of CommonJS files on disk, so that a program starts without compiling them again.
 *
 * One file per source file in `<directory>/<version and user>/`. Files are written at exit or by flushCompileCache(), after
 * the code ran. Nothing here may stop a program: a cache that cannot be read or written is no cache.
 * Node docs: "Modules: node:module API", module compile cache.
 */

const native = binding('module');
const { validateBoolean, validateString } = require('internal/validators');
const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { constants: { compileCacheStatus } } = require('internal/module/constants');
const fs = require('fs');
const path = require('path');

/** The directory of this version and user; undefined while the cache is off. */
let cacheDirectory;
/** Base of relative names when the cache is portable. */
let portableBase;
/** File name -> { file, state } for what was compiled with the cache on. */
const entries = new Map();
let installed = false;

const debugging = () => /(?:^|,)\s*COMPILE_CACHE\s*(?:,|$)/i.test(process.env.NODE_DEBUG_NATIVE ?? '');

function debug(text) {
  if (debugging()) process._rawDebug(`[compile cache] ${text}`);
}

/** A short name for a file name: FNV-1a, 64 bits. */
function nameOf(filename) {
  const subject = portableBase === undefined ? filename : path.relative(portableBase, filename);
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < subject.length; index++) {
    hash = ((hash ^ BigInt(subject.charCodeAt(index))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}

function readEntry(file, filename) {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    debug(`reading cache from ${file} for CommonJS ${filename}... ${error.code}`);
    return undefined;
  }
}

/** As the engine's compile function, with the cache before and behind. */
function compile(source, filename) {
  if (!path.isAbsolute(filename)) return native.compileFunctionForCJS(source, filename);
  const file = path.join(cacheDirectory, nameOf(filename));
  const entry = { file, state: 'failed' };
  entries.set(filename, entry);
  const bytes = readEntry(file, filename);
  const { 0: compiled, 1: state } = native.compileCached(source, filename, bytes);
  entry.state = state;
  if (state === 'accepted') {
    debug(`reading cache from ${file} for CommonJS ${filename}... success, size=${bytes.length}`);
    debug(`cache for CommonJS ${filename} was accepted, keeping the in-memory entry`);
  } else {
    if (bytes !== undefined) debug(`reading cache from ${file} for CommonJS ${filename}...${state}`);
    debug(`cache for CommonJS ${filename} was ${bytes === undefined ? 'not initialized' : 'rejected'}, initializing the in-memory entry`);
  }
  return compiled;
}

/** Writes what was compiled and is not on disk yet. */
function flush() {
  if (cacheDirectory === undefined) return;
  for (const [filename, entry] of entries) {
    const { file, state } = entry;
    if (state === 'accepted') {
      debug(`skip CommonJS ${filename} because cache was the same`);
      continue;
    }
    if (state === 'failed') {
      debug(`skip CommonJS ${filename} because the cache was not initialized`);
      continue;
    }
    if (state === 'written') continue;
    const bytes = native.encodeCompiled(filename);
    if (bytes === undefined) continue;
    // Through a temporary file: another process may be reading or writing the same entry.
    const temporary = `${file}.${process.pid}`;
    try {
      fs.writeFileSync(temporary, bytes);
      fs.renameSync(temporary, file);
      debug(`writing cache for CommonJS ${filename} to ${file}...success`);
      entry.state = 'written';
    } catch (error) {
      debug(`writing cache for CommonJS ${filename} to ${file}...${error.code}`);
    }
  }
}

/** Turns the cache on. Returns what module.enableCompileCache() answers. */
function start(directory, portable, setCompileFunction) {
  if (process.env.NODE_DISABLE_COMPILE_CACHE !== undefined) {
    debug('Disabled by NODE_DISABLE_COMPILE_CACHE');
    return { status: compileCacheStatus.DISABLED, message: 'Disabled by NODE_DISABLE_COMPILE_CACHE' };
  }
  if (cacheDirectory !== undefined) return { status: compileCacheStatus.ALREADY_ENABLED, directory: cacheDirectory };
  const base = path.resolve(directory);
  const target = path.join(base, `${process.version}-${process.arch}-anode-${process.getuid?.() ?? 0}`);
  try {
    fs.mkdirSync(target, { recursive: true });
  } catch (error) {
    return { status: compileCacheStatus.FAILED, message: `Cannot create cache directory: ${error.code}` };
  }
  cacheDirectory = target;
  portableBase = portable ? base : undefined;
  setCompileFunction(compile);
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

module.exports = { directory: () => cacheDirectory, enable, enableFromEnvironment, flush };
