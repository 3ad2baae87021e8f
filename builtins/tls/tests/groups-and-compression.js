/** Groups of the key exchange, certificates that are compressed, and traces. Node docs: tls. */
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { once } = require('node:events');
const tls = require('node:tls');
const { ca, rsa } = require('./keys.json');

async function connect(serverOptions, clientOptions) {
  const server = tls.createServer({ key: rsa.key, cert: rsa.cert, ...serverOptions });
  server.listen(0);
  await once(server, 'listening');
  const socket = tls.connect({ port: server.address().port, ca, servername: 'rsa.test', ...clientOptions });
  const [[other]] = await Promise.all([once(server, 'secureConnection'), once(socket, 'secureConnect')]);
  const found = { group: socket.getEphemeralKeyInfo(), bytes: socket.bytesRead };
  other.end('end');
  socket.resume();
  await once(socket, 'close');
  server.close();
  return found;
}

async function main() {
  // Without a choice, the hybrid with ML-KEM, as in OpenSSL 3.5.
  assert.deepStrictEqual((await connect({}, {})).group, { type: 'TLSGroup', name: 'X25519MLKEM768', size: undefined });
  for (const [ecdhCurve, name, size] of [['X25519', 'X25519', 253], ['P-256', 'prime256v1', 256], ['P-384', 'secp384r1', 384],
    ['P-521', 'secp521r1', 521], ['X448', 'X448', 448]]) {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
      const { group } = await connect({ ecdhCurve }, { maxVersion });
      assert.deepStrictEqual(group, { type: 'ECDH', name, size }, `${ecdhCurve} ${maxVersion}`);
    }
  }

  const names = tls.getCertificateCompressionAlgorithms();
  assert.deepStrictEqual(names, ['zlib', 'brotli', 'zstd']);
  for (const name of names) await connect({ certificateCompression: [name] }, { certificateCompression: names });
  // No algorithm in common: certificates come as they are.
  await connect({ certificateCompression: ['zlib'] }, { certificateCompression: ['zstd'] });
  const context = (certificateCompression) => () => tls.createSecureContext({ certificateCompression });
  assert.throws(context('zlib'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(context(['zlib', 'lzma']), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: "The property 'options.certificateCompression[1]' must be 'zlib', 'brotli', or 'zstd'. Received 'lzma'",
  });
  assert.throws(context(['zlib', 'zlib']), { code: 'ERR_CRYPTO_OPERATION_FAILED' });

  for (const [args, flag] of [[['--trace-tls'], ''], [[], 'true']]) {
    const child = spawnSync(process.execPath, [...args, __filename, 'traced', flag], { encoding: 'utf8' });
    assert.strictEqual(child.status, 0, child.stderr);
    for (const expected of ['Sent TLS Record', 'Received TLS Record', 'ClientHello, Length=', 'Inner Content Type = ',
      'Content Type = ApplicationData (23)', 'TLS_AES_256_GCM_SHA384']) {
      assert.ok(child.stderr.includes(expected), `${expected} in ${child.stderr}`);
    }
    assert.strictEqual(/Warning: Enabling --trace-tls can expose sensitive data/.test(child.stderr), flag === '');
  }
}

if (process.argv[2] === 'traced') connect({}, process.argv[3] === 'true' ? { enableTrace: true } : {});
else main();
