'use strict';
// Every encoding, both directions, with the leniency that Node documents.
const assert = require('node:assert');

const from = (text, encoding, hex) => assert.strictEqual(Buffer.from(text, encoding).toString('hex'), hex, `${text} ${encoding}`);
from('h\u00e9\u20ac\u{1f600}', 'utf8', '68c3a9e282acf09f9880');
from('\ud800x\udc00', 'utf8', 'efbfbd78efbfbd');
from('h\u00e9\u20ac', 'latin1', '68e9ac');
from('h\u00e9\u20ac', 'ascii', '68e9ac');
from('h\u20ac', 'utf16le', '6800ac20');
from('h\u20ac', 'UCS-2', '6800ac20');
from('abcdzz01', 'hex', 'abcd');
from('abc', 'hex', 'ab');
from('YW Jj\n-_+/*', 'base64', '616263fbffbf'.slice(0, 6) + 'fbffbf'.slice(0, 6));
from('YQ==YQ==', 'base64', '61');
from('YWJj', 'base64url', '616263');
const bytes = Buffer.from('fbff41', 'hex');
assert.strictEqual(bytes.toString('base64'), '+/9B');
assert.strictEqual(bytes.toString('base64url'), '-_9B');
assert.strictEqual(bytes.toString('latin1'), '\u00fb\u00ffA');
assert.strictEqual(bytes.toString('ascii'), '{\x7fA');
assert.strictEqual(bytes.toString('utf8'), '\ufffd\ufffdA');
assert.strictEqual(bytes.toString('ucs2'), '\ufffb');
assert.strictEqual(bytes.toString('hex', 1, 2), 'ff');
assert.throws(() => bytes.toString('nope'), { code: 'ERR_UNKNOWN_ENCODING', name: 'TypeError' });
const long = '\u00e9a\u20ac\u{1f600}'.repeat(10000);
assert.strictEqual(Buffer.from(long).toString(), long);
assert.strictEqual(Buffer.byteLength(long), Buffer.from(long).length);
assert.strictEqual(Buffer.from('\u00e9'.repeat(50000)).toString(), '\u00e9'.repeat(50000));
