'use strict';
// util.MIMEType and util.MIMEParams.
const assert = require('node:assert');
const { MIMEType } = require('node:util');

const mime = new MIMEType('TEXT/Html; Charset="a b"; charset=other');
assert.strictEqual(String(mime), 'text/html;charset="a b"');
assert.strictEqual(mime.essence, 'text/html');
mime.params.set('x', '');
mime.subtype = 'Plain';
assert.strictEqual(JSON.stringify(mime), '"text/plain;charset=\\"a b\\";x=\\"\\""');
assert.deepStrictEqual([...mime.params.keys()], ['charset', 'x']);
for (const bad of ['text', '/x', 'a b/c', 'a/', '']) {
  assert.throws(() => new MIMEType(bad), { code: 'ERR_INVALID_MIME_SYNTAX' });
}
assert.throws(() => mime.params.set('é', '1'), { code: 'ERR_INVALID_MIME_SYNTAX' });
