'use strict';
// Text of buffers around the lengths where strings are made in place instead of copied; every encoding against a slow way.
const assert = require('node:assert');

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function slowBase64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let k = 0; k < 4; k++) text += i + k > bytes.length ? '=' : alphabet[(word >> (18 - 6 * k)) & 63];
  }
  return text;
}
const slowHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const slowLatin1 = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

for (const length of [0, 1, 2, 3, 95, 96, 97, 127, 128, 129, 191, 192, 193, 255, 256, 257, 258, 1000, 4096, 70001]) {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 151 + (i >> 8)) & 255;
  const base64 = slowBase64(bytes);
  assert.strictEqual(bytes.toString('base64'), base64);
  assert.strictEqual(bytes.toString('base64url'), base64.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'));
  assert.strictEqual(bytes.toString('hex'), slowHex(bytes));
  assert.strictEqual(bytes.toString('latin1'), slowLatin1(bytes));
  assert.strictEqual(bytes.toString('hex', 1, length - 1), slowHex(bytes.subarray(1, Math.max(1, length - 1))));
  const ascii = bytes.map((byte) => byte & 127);
  assert.strictEqual(ascii.toString(), slowLatin1(ascii));
  assert.strictEqual(ascii.toString('ascii'), slowLatin1(ascii));
  const shared = Buffer.from(new SharedArrayBuffer(length));
  shared.set(bytes);
  assert.strictEqual(shared.toString('base64'), base64);
  assert.strictEqual(shared.toString('latin1'), slowLatin1(bytes));
}

// What is made in place is freed: a gigabyte of it in turn does not stay.
const piece = Buffer.alloc(1 << 20, 7);
let total = 0;
for (let i = 0; i < 512; i++) total += piece.toString('hex').length;
assert.strictEqual(total, 1 << 30);
assert.ok(process.memoryUsage.rss() < 700e6, String(process.memoryUsage.rss()));
console.log('ok');
