/** Imports of the runner's own: test files, reporters, setup modules. */
'use strict';

/** The namespace of a module. */
function importFrom(specifier, parentURL) {
  return require('internal/module/esm').importModule(specifier, parentURL);
}

module.exports = { importFrom };
