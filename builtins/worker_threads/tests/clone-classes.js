'use strict';
// Objects of Node's own classes stay what they are in structuredClone and in messages; others are refused.
const assert = require('node:assert');
const crypto = require('node:crypto');
const net = require('node:net');
const { createHistogram } = require('node:perf_hooks');
const { MessageChannel, markAsUncloneable, receiveMessageOnPort } = require('node:worker_threads');

function both(value, check) {
  check(structuredClone(value));
  check(structuredClone({ deep: [value] }).deep[0]);
  const { port1, port2 } = new MessageChannel();
  port1.postMessage([value, value]);
  const [one, two] = receiveMessageOnPort(port2).message;
  assert.strictEqual(one, two);
  check(one);
  port1.close();
}

(async () => {
  both(new DOMException('no', 'AbortError'), (copy) => {
    assert.ok(copy instanceof DOMException);
    assert.strictEqual(copy.name, 'AbortError');
    assert.strictEqual(copy.message, 'no');
    assert.strictEqual(copy.code, 20);
  });
  const secret = crypto.createSecretKey(Buffer.from('0123456789abcdef'));
  both(secret, (copy) => {
    assert.ok(copy instanceof crypto.KeyObject);
    assert.ok(copy.equals(secret));
  });
  const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
  both(publicKey, (copy) => assert.ok(copy.equals(publicKey) && copy.type === 'public'));
  both(privateKey, (copy) => assert.ok(copy.equals(privateKey) && copy.asymmetricKeyType === 'ed25519'));
  const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify']);
  both(key, (copy) => {
    assert.ok(copy instanceof CryptoKey);
    assert.deepStrictEqual(copy.usages, ['sign', 'verify']);
    assert.strictEqual(copy.algorithm.name, 'HMAC');
  });
  const list = new net.BlockList();
  list.addSubnet('10.0.0.0', 8);
  both(list, (copy) => assert.ok(copy.check('10.1.2.3') && !copy.check('11.1.2.3')));
  both(new net.SocketAddress({ address: '::1', family: 'ipv6', port: 9 }), (copy) => {
    assert.strictEqual(copy.address, '::1');
    assert.strictEqual(copy.port, 9);
  });
  const histogram = createHistogram();
  histogram.record(5);
  both(histogram, (copy) => {
    assert.strictEqual(copy.count, 1);
    assert.strictEqual(copy.max, 5);
    assert.strictEqual(typeof copy.record, 'function');
  });
  const copies = [];
  both(new Blob(['abc'], { type: 'text/plain' }), (copy) => copies.push(copy));
  for (const copy of copies) {
    assert.strictEqual(copy.type, 'text/plain');
    assert.strictEqual(await copy.text(), 'abc');
  }
  both(new File(['x'], 'name.txt'), (copy) => assert.ok(copy instanceof File && copy.name === 'name.txt'));

  const marked = { a: 1 };
  markAsUncloneable(marked);
  for (const value of [new URL('http://a/'), new URLSearchParams(), new Headers(), marked]) {
    for (const whole of [value, [value]]) {
      assert.throws(() => structuredClone(whole), { name: 'DataCloneError', message: 'Cannot clone object of unsupported type.' });
    }
  }
  for (const value of [new ReadableStream(), new MessageChannel().port1]) {
    assert.throws(() => structuredClone({ value }), {
      name: 'DataCloneError', message: 'Object that needs transfer was found in message but not listed in transferList',
    });
  }
  // Symbols of ours on foreign objects mean nothing, and plain instances are plain.
  class Plain {
    field = 1;
  }
  assert.deepStrictEqual(structuredClone(new Plain()), { field: 1 });
  assert.throws(() => structuredClone(new Blob([]), { transfer: [new Blob([])] }), { name: 'DataCloneError' });
})();
