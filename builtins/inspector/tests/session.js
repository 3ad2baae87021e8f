// A session in the same thread: evaluation, a heap snapshot, methods that do not exist, states.
'use strict';
const assert = require('assert');
const inspector = require('inspector');

const session = new inspector.Session();
assert.throws(() => session.post('Runtime.enable'), { code: 'ERR_INSPECTOR_NOT_CONNECTED' });
session.connect();
assert.throws(() => session.connect(), { code: 'ERR_INSPECTOR_ALREADY_CONNECTED' });
assert.throws(() => session.post(1), { code: 'ERR_INVALID_ARG_TYPE' });

let answers = 0;
session.post('Runtime.evaluate', { expression: '6 * 7' }, (error, { result }) => {
  assert.ifError(error);
  assert.deepStrictEqual([result.type, result.value], ['number', 42]);
  answers++;
});
session.post('Runtime.evaluate', { expression: 'throw new TypeError("x")' }, (error, { exceptionDetails }) => {
  assert.ifError(error);
  assert.match(exceptionDetails.exception.description, /^TypeError: x/);
  answers++;
});
session.post('No.method', (error) => {
  assert.strictEqual(error.code, 'ERR_INSPECTOR_COMMAND');
  assert.match(error.message, /-32601/);
  answers++;
});
let text = '';
session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => { text += params.chunk; });
session.post('HeapProfiler.takeHeapSnapshot', (error) => {
  assert.ifError(error);
  assert.ok(JSON.parse(text).nodes.length > 0);
  answers++;
  session.disconnect();
});
process.on('exit', () => assert.strictEqual(answers, 4));
assert.strictEqual(inspector.url(), undefined);
