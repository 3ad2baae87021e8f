'use strict';

/** TypeScript files: types are blanked out, positions stay. Node docs: "Modules: TypeScript". */

const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');

/** `source` without its types. */
function strip(source, filename) {
  throw new ERR_METHOD_NOT_IMPLEMENTED(`Type stripping (${filename})`);
}

module.exports = { strip };
