'use strict';

// A SyntaxError of a module names file and line above its stack.
const assert = require('node:assert');

let error;
try {
  require('./fixtures/syntax.cjs');
} catch (caught) {
  error = caught;
}
assert.ok(error instanceof SyntaxError);
assert.ok(error.stack.startsWith(`${require.resolve('./fixtures/syntax.cjs')}:1\nlet = ;\n`), error.stack);
