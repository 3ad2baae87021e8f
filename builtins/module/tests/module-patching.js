'use strict';

// Packages replace the loader's parts: each replacement is used by require().
const assert = require('node:assert');
const Module = require('node:module');
const path = require('node:path');

const calls = [];
const { _load, _resolveFilename } = Module;
Module._load = function(request, parent, isMain) {
  calls.push(request);
  return Reflect.apply(_load, this, [request, parent, isMain]);
};
Module._resolveFilename = function(request, ...rest) {
  if (request === 'virtual') request = path.join(__dirname, 'fixtures', 'data.json');
  return Reflect.apply(_resolveFilename, this, [request, ...rest]);
};
assert.strictEqual(require('virtual').answer, 42);
assert.deepStrictEqual(calls, ['virtual']);
Module._load = _load;
Module._resolveFilename = _resolveFilename;

require.extensions['.up'] = (module, filename) => {
  module._compile(`module.exports = ${JSON.stringify(path.basename(filename).toUpperCase())};`, filename);
};
const file = path.join(require('node:os').tmpdir(), `anode-module-${process.pid}.up`);
require('node:fs').writeFileSync(file, '');
try {
  assert.strictEqual(require(file), path.basename(file).toUpperCase());
} finally {
  require('node:fs').unlinkSync(file);
}
assert.strictEqual(Module.wrap('x'), '(function (exports, require, module, __filename, __dirname) { x\n});');
