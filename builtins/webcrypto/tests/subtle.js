// Keys are generated, used, exported, imported and used again.
'use strict';
const assert = require('node:assert');
const { subtle } = globalThis.crypto;

const data = new TextEncoder().encode('message');

async function signatures(algorithm, operation) {
  const { privateKey, publicKey } = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const again = await subtle.importKey('jwk', await subtle.exportKey('jwk', privateKey), algorithm, false, ['sign']);
  const other = await subtle.importKey('spki', await subtle.exportKey('spki', publicKey), algorithm, true, ['verify']);
  const signature = await subtle.sign(operation, again, data);
  assert.ok(await subtle.verify(operation, other, signature, data));
  assert.ok(!await subtle.verify(operation, other, signature, new Uint8Array(3)));
  await assert.rejects(subtle.exportKey('jwk', again), { name: 'InvalidAccessError' });
}

async function encryption(name, parameters) {
  const key = await subtle.generateKey({ name, length: 256 }, true, ['encrypt', 'decrypt']);
  const sealed = await subtle.encrypt({ name, ...parameters }, key, data);
  assert.deepStrictEqual(new Uint8Array(await subtle.decrypt({ name, ...parameters }, key, sealed)), data);
}

async function main() {
  await signatures({ name: 'ECDSA', namedCurve: 'P-256' }, { name: 'ECDSA', hash: 'SHA-256' });
  await signatures({ name: 'Ed25519' }, 'Ed25519');
  const rsa = { modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  await signatures({ name: 'RSA-PSS', ...rsa }, { name: 'RSA-PSS', saltLength: 32 });
  await encryption('AES-GCM', { iv: new Uint8Array(12) });
  await encryption('AES-CBC', { iv: new Uint8Array(16) });
  await encryption('AES-CTR', { counter: new Uint8Array(16).fill(255), length: 64 });
  const base = await subtle.importKey('raw', data, 'HKDF', false, ['deriveBits']);
  const bits = await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: data, info: data }, base, 128);
  assert.strictEqual(bits.byteLength, 16);
  await assert.rejects(subtle.generateKey('nope', true, []), { name: 'NotSupportedError' });
  await assert.rejects(subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, []), { name: 'SyntaxError' });
}

let done = false;
main().then(() => { done = true; });
process.on('exit', () => assert.ok(done));
