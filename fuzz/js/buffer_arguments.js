// Buffer's functions and methods with any arguments: results or Node's errors, and bytes beside the buffer stay as they are.
'use strict';

const assert = require('assert');
const { below, bytes, fuzz, pick } = require('./random.js');

const names = Object.getOwnPropertyNames(Buffer.prototype).filter((name) =>
  typeof Object.getOwnPropertyDescriptor(Buffer.prototype, name).value === 'function' &&
  !['constructor', 'inspect', 'toLocaleString', 'asciiSlice', 'base64Slice', 'base64urlSlice', 'latin1Slice', 'hexSlice', 'ucs2Slice',
    'utf8Slice', 'asciiWriteStatic', 'latin1WriteStatic', 'utf8WriteStatic'].includes(name) && !/^(ascii|base64|base64url|latin1|hex|ucs2|utf8)Write/.test(name));
names.sort();
const statics = ['alloc', 'allocUnsafe', 'byteLength', 'compare', 'concat', 'copyBytesFrom', 'from', 'isBuffer', 'isEncoding', 'of'];

function anything(depth = 0) {
  switch (below(18)) {
    case 0: return undefined;
    case 1: return null;
    case 2: return pick([0, -0, 1, -1, 2, 3, 4, 7, 8, 9, 16, 255, 256, 65535, 65536]);
    case 3: return pick([NaN, Infinity, -Infinity, 1.5, -1.5, 2 ** 31, 2 ** 32, -(2 ** 31), 2 ** 53, 4294967295.5]);
    case 4: return pick(['utf8', 'hex', 'base64', 'base64url', 'latin1', 'ascii', 'utf16le', 'ucs2', 'UTF-8', 'binary', 'nonsense', '']);
    case 5: return bytes(12).toString(pick(['utf8', 'latin1', 'utf16le', 'hex', 'base64']));
    case 6: return bytes(12);
    case 7: return new Uint8Array(bytes(8));
    case 8: return pick([true, false, 1n, -1n, 2n ** 64n - 1n, -(2n ** 63n), 2n ** 70n]);
    case 9: return pick(['1', '-1', '0x10', ' 5 ', 'abc', '\ud800', '€']);
    case 10: return depth < 2 ? [anything(depth + 1), anything(depth + 1)] : [];
    case 11: return depth < 2 ? { length: below(5), 0: anything(depth + 1) } : {};
    case 12: return new Uint16Array([1, 256, 65535]);
    case 13: return new ArrayBuffer(below(9));
    case 14: return new DataView(new ArrayBuffer(8));
    default: return below(16);
  }
}

const show = (value) => {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  if (typeof value === 'bigint') return `${value}n`;
  if (value !== null && typeof value === 'object') return Object.prototype.toString.call(value);
  return Object.is(value, -0) ? '-0' : String(value);
};

fuzz(() => {
  const around = Buffer.alloc(32, 0xa5);
  const buffer = around.subarray(8, 8 + below(17));
  buffer.set(bytes(buffer.length));
  const count = below(5);
  const args = Array.from({ length: count }, () => anything());
  const own = below(4) > 0;
  const name = pick(own ? names : statics);
  let outcome;
  try {
    // Contents of fresh memory are anything.
    if (own) outcome = show(buffer[name](...args));
    else outcome = name === 'allocUnsafe' || (name === 'alloc' && args[0] > 1e6) ? 'skipped' : show(Buffer[name](...args));
  } catch (error) {
    assert.ok(error instanceof Error, String(error));
    assert.doesNotMatch(error.message, /internal error|panic/);
    outcome = `${error.name} ${error.code}: ${error.message}`;
  }
  for (let i = 0; i < 32; i++) {
    if (i < 8 || i >= 8 + buffer.length) assert.strictEqual(around[i], 0xa5, `${name} wrote beside the buffer`);
  }
  return `${own ? 'buf' : 'Buffer'}.${name}(${args.map(show).join(', ')}) ${outcome} ${buffer.toString('hex')}`;
});
