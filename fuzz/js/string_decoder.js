// However bytes are cut, what the decoder makes of the pieces is what Buffer makes of the whole.
'use strict';

const assert = require('assert');
const { StringDecoder } = require('string_decoder');
const { below, bytes, fuzz, pick } = require('./random.js');

const encodings = ['utf8', 'utf16le', 'base64', 'base64url', 'hex', 'latin1', 'ascii'];

fuzz(() => {
  const encoding = pick(encodings);
  const input = bytes(40);
  const decoder = new StringDecoder(encoding);
  let text = '';
  for (let at = 0; at < input.length;) {
    const end = at + 1 + below(5);
    text += decoder.write(input.subarray(at, end));
    assert.ok(decoder.lastNeed >= 0 && decoder.lastTotal >= 0);
    at = end;
  }
  text += decoder.end();
  let want = input.toString(encoding);
  // Half a unit at the end is lost in the whole, and becomes what it is in pieces.
  if (encoding === 'utf16le') want = text.startsWith(want) && text.length <= want.length + 1 ? text : want;
  assert.strictEqual(text, want, `${encoding} of ${input.toString('hex')}`);
  return text;
});
