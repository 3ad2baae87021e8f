'use strict';
// TextDecoder and TextEncoder: labels, BOM, streams, fatal errors.
const assert = require('node:assert');
const { TextDecoder, TextEncoder } = require('node:util');

assert.strictEqual(new TextDecoder('latin1').encoding, 'windows-1252');
assert.strictEqual(new TextDecoder(' UTF-16 ').encoding, 'utf-16le');
assert.throws(() => new TextDecoder('klingon'), { code: 'ERR_ENCODING_NOT_SUPPORTED', name: 'RangeError' });
const bytes = new TextEncoder().encode('\ufeffhé\u{1f600}');
assert.strictEqual(new TextDecoder().decode(bytes), 'hé\u{1f600}');
assert.strictEqual(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), '\ufeffhé\u{1f600}');
const stream = new TextDecoder();
let text = '';
for (const byte of bytes) text += stream.decode(Uint8Array.of(byte), { stream: true });
assert.strictEqual(text + stream.decode(), 'hé\u{1f600}');
assert.strictEqual(new TextDecoder().decode(Uint8Array.of(0x61, 0xff)), 'a\ufffd');
assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff)),
              { code: 'ERR_ENCODING_INVALID_ENCODED_DATA', name: 'TypeError' });
assert.strictEqual(new TextDecoder('shift_jis').decode(Uint8Array.of(0x93, 0xfa)), '日');
assert.strictEqual(new TextDecoder('utf-16be').decode(Uint8Array.of(0, 0x41)), 'A');
assert.deepStrictEqual(new TextEncoder().encode('\ud800'), Uint8Array.of(0xef, 0xbf, 0xbd));
const target = new Uint8Array(3);
assert.deepStrictEqual(new TextEncoder().encodeInto('aé€', target), { read: 2, written: 3 });
assert.throws(() => new TextDecoder().decode('text'), { code: 'ERR_INVALID_ARG_TYPE' });
