'use strict';

// JSON files: one object for all, and errors that name the file.
const assert = require('node:assert');

assert.strictEqual(require('./fixtures/data').answer, 42);
assert.strictEqual(require('./fixtures/data.json'), require('./fixtures/data'));
assert.throws(() => require('./fixtures/broken.json'), {
  name: 'SyntaxError',
  message: `${require.resolve('./fixtures/broken.json')}: Unexpected end of JSON input`,
});
