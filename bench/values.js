// Nanoseconds per operation on buffers, text and values.
const path = require('path');
const util = require('util');
const zlib = require('zlib');

const time = (name, count, work) => {
  for (let i = 0; i < count / 10; i++) work();
  const begin = process.hrtime.bigint();
  for (let i = 0; i < count; i++) work();
  console.log(`${name}\t${(Number(process.hrtime.bigint() - begin) / count).toFixed(1)}`);
};

const kilobytes = Buffer.alloc(4096, 'some text, ');
const base64 = kilobytes.toString('base64');
const parts = Array.from({ length: 10 }, (_, i) => Buffer.alloc(100, i));
const numbers = Buffer.alloc(1024, 7);
const text = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(3000));
const packed = zlib.gzipSync(text);
const record = { a: 1, b: [1, 2, 3], c: { d: 'text' } };
const nested = { name: 'x', list: [1, 'two', { three: [4, 5] }], map: new Map([['k', { v: 1 }]]), date: new Date(0), when: null };
const large = Array.from({ length: 8000 }, (_, i) => ({ id: i, name: `name ${i}`, tags: ['a', 'b'], score: i / 3, nested: { ok: true } }));

time('Buffer.alloc 1 KiB', 200000, () => Buffer.alloc(1024));
time('Buffer.allocUnsafe 100', 500000, () => Buffer.allocUnsafe(100));
time('Buffer.from + toString', 200000, () => Buffer.from('hello world, this is text').toString());
time('base64 of 4 KiB, both ways', 20000, () => Buffer.from(kilobytes.toString('base64'), 'base64'));
time('base64 decode 4 KiB', 20000, () => Buffer.from(base64, 'base64'));
time('hex of 4 KiB', 20000, () => kilobytes.toString('hex'));
time('Buffer.concat of 10', 100000, () => Buffer.concat(parts));
time('readInt32LE x 256', 20000, () => {
  let sum = 0;
  for (let i = 0; i < 1024; i += 4) sum += numbers.readInt32LE(i);
  return sum;
});
time('gzip 135 KB', 50, () => zlib.gzipSync(text));
time('gunzip 135 KB', 200, () => zlib.gunzipSync(packed));
time('path.join', 500000, () => path.join('/a/b', '../c', 'd.js'));
time('new URL', 50000, () => new URL('https://example.com:8080/a/b?c=d#e').href);
time('JSON round trip', 50000, () => JSON.parse(JSON.stringify(record)));
time('util.inspect', 5000, () => util.inspect(nested));
time('util.format', 100000, () => util.format('%s is %d and %j', 'a', 42, { b: 1 }));
time('structuredClone 1 MB', 10, () => structuredClone(large));
