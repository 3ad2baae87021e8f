/**
 * `--trace-sync-io`: a warning with a stack for each piece of synchronous work once the first turn of the loop has begun.
 *
 * The functions of the native tables are replaced by ones that look whether they get a callback: then the work is not done here.
 * Node docs: command line, --trace-sync-io.
 */
'use strict';

/** Work of these tables is synchronous without a callback, or always. */
const tables = {
  fs: (name) => !['closedir', 'exists', 'noteFd', 'sleep', 'trackFds'].includes(name) && !name.startsWith('watch'),
  child_process: (name) => name === 'spawnSync',
  crypto: (name) => ['argon2', 'checkPrime', 'generatePrime', 'hkdf', 'keyGenerate', 'pbkdf2', 'randomBytes', 'randomFill', 'scrypt'].includes(name),
  zlib: (name) => name === 'run' || name === 'step',
};

/** A line of a stack with the name of the function alone: these have no receivers. */
function frame(line) {
  const [, name, place] = /^ {4}at (?:async |new )?(?:(.*) \()?(.*?)\)?$/.exec(line) ?? [line];
  const own = name?.replace(/ \[as .*$/, '').split('.').at(-1);
  return own === undefined || own === '<anonymous>' ? `    at ${place}` : `    at ${own} (${place})`;
}

function warn(within) {
  const holder = {};
  Error.captureStackTrace(holder, within);
  const frames = holder.stack.split('\n').slice(1).map(frame);
  process._rawDebug(`(node:${process.pid}) WARNING: Detected use of sync API\n${frames.join('\n')}\n`);
}

function traced(native) {
  return function work(...args) {
    if (typeof args[args.length - 1] !== 'function') warn(work);
    return native.apply(this, args);
  };
}

/** From here on. */
function enable() {
  for (const [table, isWork] of Object.entries(tables)) {
    const functions = binding(table);
    for (const name of Object.keys(functions)) {
      if (isWork(name)) functions[name] = traced(functions[name]);
    }
  }
}

module.exports = { enable };
