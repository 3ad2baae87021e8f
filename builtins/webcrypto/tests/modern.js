'use strict';
// The newer algorithms: each generates, exports, imports and works; vectors of hashes and codes.
const assert = require('node:assert');
const { subtle } = globalThis.crypto;

process.removeAllListeners('warning');
const data = Buffer.from([0, 0, 0]);
const hex = (buffer) => Buffer.from(buffer).toString('hex');

async function digests() {
  for (const [algorithm, want] of [
    [{ name: 'cSHAKE128', outputLength: 256, customization: new Uint8Array(2) }, '75dfe7bbd39e8e246dd9a5fd976ad215aa04e680c4fbc2acf956df288b6f6c49'],
    [{ name: 'TurboSHAKE128', outputLength: 256 }, '0a711be30d2c2d2f72568b6a28a017627ae96922ae43487493845afb24002964'],
    [{ name: 'TurboSHAKE128', outputLength: 256, domainSeparation: 0x0b }, '9dad778bf3319db30ba2354445b14546db7c3392a7d4e1d2a4f1ab85a9f1f34f'],
    [{ name: 'KT128', outputLength: 256, customization: new Uint8Array(2) }, 'ad1c9e18365be9c426bc708ef0730441d0e248b0da3ac20abbd099b778a7aa1f'],
    [{ name: 'cSHAKE128', outputLength: 12 }, '34b0'],
  ]) assert.strictEqual(hex(await subtle.digest(algorithm, data)), want);
  await assert.rejects(subtle.digest({ name: 'cSHAKE128' }, data), { code: 'ERR_MISSING_OPTION' });
}

async function codes() {
  const key = await subtle.importKey('raw-secret', new Uint8Array(16), 'KMAC128', true, ['sign', 'verify']);
  const algorithm = { name: 'KMAC128', outputLength: 256 };
  const made = await subtle.sign(algorithm, key, data);
  assert.strictEqual(hex(made), 'fd89f43c668ae8a28d63866ad8e26160cd7995ac40812d75b7664b089a032967');
  assert.strictEqual(await subtle.verify(algorithm, key, made, data), true);
  assert.strictEqual(await subtle.verify(algorithm, key, made, new Uint8Array(4)), false);
  const secret = await subtle.importKey('raw-secret', new Uint8Array(16), 'Argon2id', false, ['deriveBits']);
  const derived = await subtle.deriveBits({ name: 'Argon2id', nonce: new Uint8Array(16), parallelism: 1, memory: 8, passes: 1 }, secret, 256);
  assert.strictEqual(hex(derived), '12ccd4bf54c25764061e5cd733266b99fa381343f08b49a26ce7437898e12ef5');
}

async function signatures() {
  for (const name of ['Ed448', 'ML-DSA-44', 'ML-DSA-87']) {
    const { publicKey, privateKey } = await subtle.generateKey(name, true, ['sign', 'verify']);
    const context = new Uint8Array(3);
    const made = await subtle.sign({ name, context }, privateKey, data);
    assert.strictEqual(await subtle.verify({ name, context }, publicKey, made, data), true);
    assert.strictEqual(await subtle.verify(name, publicKey, made, data), false);
    const formats = [['spki', publicKey, ['verify']], ['raw-public', publicKey, ['verify']], ['jwk', publicKey, ['verify']], ['pkcs8', privateKey, ['sign']], ['jwk', privateKey, ['sign']]];
    for (const [format, key, usages] of formats) {
      const again = await subtle.importKey(format, await subtle.exportKey(format, key), name, true, usages);
      assert.deepStrictEqual(await subtle.exportKey('jwk', again), await subtle.exportKey('jwk', key));
    }
    const half = await subtle.getPublicKey(privateKey, ['verify']);
    assert.deepStrictEqual(await subtle.exportKey('jwk', half), await subtle.exportKey('jwk', publicKey));
  }
}

async function encapsulation() {
  const usages = ['encapsulateBits', 'encapsulateKey', 'decapsulateBits', 'decapsulateKey'];
  const { publicKey, privateKey } = await subtle.generateKey('ML-KEM-768', true, usages);
  const { sharedKey, ciphertext } = await subtle.encapsulateBits('ML-KEM-768', publicKey);
  assert.strictEqual(hex(await subtle.decapsulateBits('ML-KEM-768', privateKey, ciphertext)), hex(sharedKey));
  const made = await subtle.encapsulateKey('ML-KEM-768', publicKey, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  const same = await subtle.decapsulateKey('ML-KEM-768', privateKey, made.ciphertext, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  assert.strictEqual(hex(await subtle.exportKey('raw', same)), hex(await subtle.exportKey('raw', made.sharedKey)));
  await assert.rejects(subtle.decapsulateBits('ML-KEM-768', privateKey, new Uint8Array(3)), { name: 'OperationError' });
  await assert.rejects(subtle.encapsulateBits('ML-KEM-512', publicKey), { name: 'InvalidAccessError' });
}

async function ciphers() {
  const key = await subtle.generateKey({ name: 'AES-OCB', length: 128 }, true, ['encrypt', 'decrypt']);
  const algorithm = { name: 'AES-OCB', iv: new Uint8Array(12), additionalData: new Uint8Array(5), tagLength: 96 };
  const sealed = await subtle.encrypt(algorithm, key, data);
  assert.strictEqual(sealed.byteLength, 15);
  assert.strictEqual(hex(await subtle.decrypt(algorithm, key, sealed)), hex(data));
  await assert.rejects(subtle.encrypt({ ...algorithm, iv: new Uint8Array(16) }, key, data), { name: 'OperationError' });
  const [own, other] = [await subtle.generateKey('X448', true, ['deriveBits']), await subtle.generateKey('X448', true, ['deriveBits'])];
  const shared = await subtle.deriveBits({ name: 'X448', public: other.publicKey }, own.privateKey, 448);
  assert.strictEqual(hex(await subtle.deriveBits({ name: 'X448', public: own.publicKey }, other.privateKey, 448)), hex(shared));
}

function supports() {
  const { supports } = SubtleCrypto;
  const check = (want, ...args) => assert.strictEqual(Reflect.apply(supports, SubtleCrypto, args), want, `${args[0]} ${JSON.stringify(args[1])}`);
  check(true, 'encrypt', { name: 'AES-OCB', iv: new Uint8Array(12) });
  check(false, 'encrypt', 'AES-OCB');
  check(false, 'get key length', { name: 'HMAC', hash: 'SHA-256' });
  check(true, 'deriveKey', { name: 'HKDF', hash: 'SHA-256', salt: data, info: data }, { name: 'AES-CBC', length: 128 });
  check(false, 'deriveBits', { name: 'HKDF', hash: 'SHA-256', salt: data, info: data }, 7);
  check(true, 'getPublicKey', 'Ed448');
  check(false, 'generateKey', { name: 'AES-GCM', length: 25 });
  check(false, 'nothing', 'Ed448');
}

async function sharedMemory() {
  const view = new Uint8Array(new SharedArrayBuffer(16));
  const start = "Failed to execute 'digest' on 'SubtleCrypto': 2nd argument is ";
  const code = 'ERR_INVALID_ARG_TYPE';
  await assert.rejects(subtle.digest('SHA-256', view), { code, message: `${start}a view on a SharedArrayBuffer, which is not allowed.` });
  await assert.rejects(subtle.digest('SHA-256', view.buffer), { code, message: `${start}not instance of ArrayBuffer, Buffer, TypedArray, or DataView.` });
}

async function main() {
  supports();
  await sharedMemory();
  for (const part of [digests, codes, signatures, encapsulation, ciphers]) await part();
}
main();
