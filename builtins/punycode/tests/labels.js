// Labels and domains go there and back; malformed labels throw RangeError.
'use strict';
process.removeAllListeners('warning');
const assert = require('node:assert');
const punycode = require('node:punycode');

const table = [['mañana', 'maana-pta'], ['日本語', 'wgv71a119e'], ['abc', 'abc-'], ['😀', 'e28h'], ['', '']];
for (const [text, encoded] of table) {
  assert.strictEqual(punycode.encode(text), encoded);
  assert.strictEqual(punycode.decode(encoded), text);
}
for (const bad of ['é', 'a-é', 'abc-!', 'aaaa-99999999999', '-']) {
  assert.throws(() => punycode.decode(bad), RangeError);
}
assert.strictEqual(punycode.toASCII('a@mañana\u3002com'), 'a@xn--maana-pta.com');
assert.strictEqual(punycode.toUnicode('xn--maana-pta.com'), 'mañana.com');
assert.deepStrictEqual(punycode.ucs2.decode('a😀\ud83d'), [97, 0x1F600, 0xD83D]);
