/** The system's resolver knows addresses, localhost, and what does not exist. */
'use strict';
const assert = require('node:assert');
const dns = require('node:dns');

dns.lookup('127.0.0.1', (error, address, family) => assert.deepStrictEqual([error, address, family], [null, '127.0.0.1', 4]));
dns.lookup('localhost', { all: true, family: 4 }, (error, list) => {
  assert.ifError(error);
  assert.deepStrictEqual(list, [{ address: '127.0.0.1', family: 4 }]);
});
assert.throws(() => dns.lookup('x', { family: 7 }, () => {}), { code: 'ERR_INVALID_ARG_VALUE' });
