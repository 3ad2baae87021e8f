// Duplex.from, compose and duplexPair.
'use strict';
const assert = require('node:assert');
const { Duplex, PassThrough, Readable, Transform, compose, duplexPair } = require('node:stream');
const { text } = require('node:stream/consumers');

async function main() {
  const upper = new Transform({
    transform(chunk, encoding, callback) {
      callback(null, String(chunk).toUpperCase());
    },
  });
  const composed = compose(upper, async function* (source) {
    for await (const chunk of source) yield `<${chunk}>`;
  });
  composed.end('abc');
  assert.strictEqual(await text(composed), '<ABC>');

  assert.strictEqual(await text(Duplex.from(async function* () {
    yield 'gen';
  }())), 'gen');
  assert.strictEqual(await text(Duplex.from(Promise.resolve('promised'))), 'promised');
  const pair = Duplex.from({ readable: Readable.from(['in']), writable: new PassThrough() });
  assert.strictEqual(await text(pair), 'in');
  pair.destroy();

  const [one, other] = duplexPair();
  one.end('hello');
  assert.strictEqual(await text(other), 'hello');
  other.end();
  one.resume();
  assert.throws(() => Duplex.from(1), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => compose(), { code: 'ERR_MISSING_ARGS' });
}
main();
