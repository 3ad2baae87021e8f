'use strict';
// Key encapsulation with every kind of key that has it: both sides get the same key.
const assert = require('node:assert');
const crypto = require('node:crypto');
const { promisify } = require('node:util');

const kinds = [
  ['rsa', { modulusLength: 2048 }, 256, 256], ['ec', { namedCurve: 'P-256' }, 32, 65], ['ec', { namedCurve: 'P-521' }, 64, 133],
  ['x25519', {}, 32, 32], ['x448', {}, 64, 56], ['ml-kem-512', {}, 32, 768], ['ml-kem-1024', {}, 32, 1568],
];

async function main() {
  for (const [kind, options, keySize, sealedSize] of kinds) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync(kind, options);
    const { sharedKey, ciphertext } = crypto.encapsulate(publicKey);
    assert.deepStrictEqual([sharedKey.length, ciphertext.length], [keySize, sealedSize], kind);
    assert.deepStrictEqual(crypto.decapsulate(privateKey, ciphertext), sharedKey);
    const later = await promisify(crypto.encapsulate)(publicKey);
    assert.deepStrictEqual(await promisify(crypto.decapsulate)(privateKey, later.ciphertext), later.sharedKey);
    assert.throws(() => crypto.decapsulate(privateKey, Buffer.alloc(3)), { code: 'ERR_CRYPTO_OPERATION_FAILED' });
    assert.throws(() => crypto.decapsulate(publicKey, ciphertext), { code: 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE' });
  }
  for (const [kind, options] of [['ed25519', {}], ['ec', { namedCurve: 'secp256k1' }], ['rsa-pss', { modulusLength: 1024 }]]) {
    const { publicKey } = crypto.generateKeyPairSync(kind, options);
    assert.throws(() => crypto.encapsulate(publicKey), { code: 'ERR_CRYPTO_OPERATION_FAILED' });
  }
}
main().then(() => console.log('ok'));
