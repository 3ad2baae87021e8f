'use strict';
// Primes: sizes, safe ones, progressions, and what OpenSSL refuses.
const assert = require('node:assert');
const crypto = require('node:crypto');

for (const size of [2, 3, 8, 31, 32, 64, 257]) {
  const prime = crypto.generatePrimeSync(size, { bigint: true });
  assert.strictEqual(prime.toString(2).length, size);
  assert.strictEqual(crypto.checkPrimeSync(prime), true);
}
for (const size of [3, 8, 32, 96]) {
  const prime = crypto.generatePrimeSync(size, { bigint: true, safe: true });
  assert.strictEqual(prime.toString(2).length, size);
  assert.strictEqual(crypto.checkPrimeSync(prime >> 1n), true);
}
assert.strictEqual(crypto.generatePrimeSync(3, { bigint: true }), 7n);
assert.strictEqual(crypto.generatePrimeSync(32, { add: 12n, rem: 11n, bigint: true }) % 12n, 11n);
assert.throws(() => crypto.generatePrimeSync(1), { code: 'ERR_OSSL_BN_BITS_TOO_SMALL' });
assert.throws(() => crypto.generatePrimeSync(2, { safe: true }), { code: 'ERR_OSSL_BN_BITS_TOO_SMALL' });
assert.throws(() => crypto.generatePrimeSync(3, { add: Buffer.from([255]) }), { message: 'invalid options.add' });
assert.throws(() => crypto.generatePrimeSync(32, { add: 10n, rem: 11n }), { message: 'invalid options.rem' });
assert.throws(() => crypto.checkPrimeSync(Buffer.alloc(67108864, 1)), { code: 'ERR_OSSL_BN_BIGNUM_TOO_LONG' });
for (const [number, want] of [[0n, false], [1n, false], [2n, true], [561n, false], [2n ** 89n - 1n, true], [2n ** 89n + 1n, false]]) {
  assert.strictEqual(crypto.checkPrimeSync(number), want, `${number}`);
}
crypto.generatePrime(80, (error, prime) => {
  assert.ifError(error);
  assert.strictEqual(crypto.checkPrimeSync(prime), true);
  console.log('ok');
});
