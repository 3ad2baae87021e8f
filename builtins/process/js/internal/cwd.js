/** The working folder, which every program asks for. Node docs: process.cwd, process.chdir. */
'use strict';

const native = binding('process');
const { load: AtomicsLoad, add: AtomicsAdd } = Atomics;

let cachedCwd = '';
/** How often the main thread changed the folder; shared with workers, once there are any. */
let changes;

function cwd() {
  if (cachedCwd !== '') return cachedCwd;
  try {
    cachedCwd = native.cwd();
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw require('internal/errors').uvException({
      errno: error.errno,
      syscall: 'uv_cwd',
      message: 'process.cwd failed with error no such file or directory, the current working directory was likely removed ' +
        'without changing the working directory',
    });
  }
  return cachedCwd;
}

function chdir(directory) {
  require('internal/validators').validateString(directory, 'directory');
  native.chdir(directory);
  cachedCwd = '';
  if (changes !== undefined) AtomicsAdd(changes, 0, 1);
}

/** The counter for a new worker. */
function shareChanges() {
  return changes ??= new Uint32Array(new SharedArrayBuffer(4));
}

/** A `cwd` for a worker, which asks again after the main thread changed the folder. */
function workerCwd(shared) {
  changes = shared;
  let seen = AtomicsLoad(shared, 0);
  const own = cwd;
  return function cwd() {
    const now = AtomicsLoad(shared, 0);
    if (now !== seen) {
      seen = now;
      cachedCwd = '';
    }
    return own();
  };
}

module.exports = { chdir, cwd, shareChanges, workerCwd };
