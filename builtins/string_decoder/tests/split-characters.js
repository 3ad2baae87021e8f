'use strict';
// Text decoded in pieces is the text decoded at once, wherever the bytes are split.
const assert = require('node:assert');
const { StringDecoder } = require('node:string_decoder');

const texts = ['plain', 'a\u00e9\u20ac\u{1f600}z', '\u{1f600}\u{1f601}', ''];
for (const encoding of ['utf8', 'utf16le', 'latin1', 'base64', 'base64url', 'hex']) {
  for (const text of texts) {
    const bytes = Buffer.from(text, 'utf16le');
    const whole = bytes.toString(encoding === 'utf8' ? 'latin1' : encoding);
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const decoder = new StringDecoder(encoding === 'utf8' ? 'latin1' : encoding);
        const result = decoder.write(bytes.subarray(0, first)) + decoder.write(bytes.subarray(first, second)) +
          decoder.end(bytes.subarray(second));
        assert.strictEqual(result, whole);
      }
    }
  }
}
for (const text of texts) {
  const bytes = Buffer.from(text);
  for (let split = 0; split <= bytes.length; split++) {
    const decoder = new StringDecoder();
    assert.strictEqual(decoder.write(bytes.subarray(0, split)) + decoder.end(bytes.subarray(split)), text);
  }
}
