// The functions of crypto are plain functions: openpgp and others call them with `new`.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');

const key = Buffer.alloc(16);
const cipher = new crypto.createCipheriv('aes-128-cbc', key, key);
assert.ok(cipher instanceof crypto.Cipheriv);
const packed = Buffer.concat([cipher.update('secret'), cipher.final()]);
const decipher = new crypto.createDecipheriv('aes-128-cbc', key, key);
assert.strictEqual(decipher.update(packed, undefined, 'utf8') + decipher.final('utf8'), 'secret');
assert.ok(new crypto.createECDH('prime256v1') instanceof crypto.ECDH);
assert.ok(new crypto.createSign('sha256') instanceof crypto.Sign);
assert.ok(new crypto.createHash('sha256') instanceof crypto.Hash);
assert.strictEqual(new crypto.createSecretKey(key).type, 'secret');
assert.strictEqual(crypto.createCipheriv.name, 'createCipheriv');

// The old names of randomBytes are hidden, and say nothing.
process.on('warning', assert.ifError);
for (const name of ['prng', 'pseudoRandomBytes', 'rng']) {
  assert.ok(!Object.keys(crypto).includes(name));
  assert.strictEqual(crypto[name], crypto.randomBytes);
  assert.strictEqual(crypto[name](3).length, 3);
  crypto[name] = key;
  assert.strictEqual(crypto[name], key);
}
