/** Native addons: `process.dlopen`. Node docs: process.dlopen, "C++ addons". */
'use strict';

const { codes: { ERR_DLOPEN_DISABLED } } = require('internal/errors');
const { getOptionValue } = require('internal/options');

/** Whether this process may load addons: the permission model needs leave for it. */
function isAllowed() {
  if (getOptionValue('--addons') === false) return false;
  return getOptionValue('--permission') !== true || getOptionValue('--allow-addons') === true;
}

/**
 * Loads the addon `filename` into `module.exports`; `flags` as for dlopen(3).
 * Throws ERR_DLOPEN_DISABLED with --no-addons, ERR_DLOPEN_FAILED if there is no such addon or it does not fit.
 */
function dlopen(module, filename, flags) {
  if (!isAllowed()) throw new ERR_DLOPEN_DISABLED();
  if (arguments.length < 2) {
    const error = new TypeError('process.dlopen needs at least 2 arguments');
    error.code = 'ERR_MISSING_ARGS';
    throw error;
  }
  const native = binding('napi');
  if (arguments.length < 3) native.dlopen(Object(module), `${filename}`);
  else native.dlopen(Object(module), `${filename}`, Number(flags) | 0);
}

module.exports = { dlopen };
