/** The working folder, which every program asks for. Node docs: process.cwd, process.chdir. */
'use strict';

const native = binding('process');

let cachedCwd = '';

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
}

module.exports = { chdir, cwd };
