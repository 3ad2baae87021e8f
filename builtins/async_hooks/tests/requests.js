'use strict';
// Work in the pool is a resource of its kind: init, before, after and destroy once each, and its callback runs within it.
const assert = require('node:assert');
const { createHook, executionAsyncId, executionAsyncResource } = require('node:async_hooks');
const crypto = require('node:crypto');
const dns = require('node:dns');
const fs = require('node:fs');
const zlib = require('node:zlib');

const seen = new Map();
const wanted = new Set(['FSREQCALLBACK', 'FSREQPROMISE', 'RANDOMBYTESREQUEST', 'PBKDF2REQUEST', 'SCRYPTREQUEST', 'KEYPAIRGENREQUEST',
  'GETADDRINFOREQWRAP', 'ZLIB']);
const count = (name) => (id) => {
  if (seen.has(id)) seen.get(id)[name]++;
};
const hook = createHook({
  init(id, type, trigger, resource) {
    if (wanted.has(type)) seen.set(id, { type, trigger, resource, before: 0, after: 0, destroy: 0 });
  },
  before: count('before'),
  after: count('after'),
  destroy: count('destroy'),
}).enable();

const outer = executionAsyncId();
let left = 0;
function within(type, start) {
  left++;
  start(() => {
    const info = seen.get(executionAsyncId());
    assert.strictEqual(info?.type, type);
    assert.strictEqual(info.trigger, outer);
    assert.strictEqual(executionAsyncResource(), info.resource);
    if (--left === 0) setImmediate(() => setImmediate(finish));
  });
}

within('FSREQCALLBACK', (done) => fs.stat(__filename, done));
within('FSREQCALLBACK', (done) => fs.readFile(__filename, done));
within('RANDOMBYTESREQUEST', (done) => crypto.randomBytes(8, done));
within('PBKDF2REQUEST', (done) => crypto.pbkdf2('a', 'b', 1, 8, 'sha256', done));
within('SCRYPTREQUEST', (done) => crypto.scrypt('a', 'b', 8, { N: 2 }, done));
within('KEYPAIRGENREQUEST', (done) => crypto.generateKeyPair('ec', { namedCurve: 'P-256' }, done));
within('GETADDRINFOREQWRAP', (done) => dns.lookup('localhost', done));
left++;
fs.promises.access(__filename).then(() => {
  if (--left === 0) setImmediate(() => setImmediate(finish));
});
zlib.gzip('x', () => {});

function finish() {
  hook.disable();
  const types = new Set();
  for (const info of seen.values()) {
    types.add(info.type);
    // A stream of zlib may have several results, and ends when it likes.
    if (info.type === 'ZLIB') continue;
    assert.deepStrictEqual([info.type, info.before, info.after, info.destroy], [info.type, 1, 1, 1]);
  }
  assert.deepStrictEqual([...types].sort(), [...wanted].sort());
}
