/** What a handshake decides: keys by suite, signature schemes, OCSP responses, keys of one connection. Node docs: tls. */
'use strict';
const assert = require('node:assert');
const { once } = require('node:events');
const tls = require('node:tls');
const { ca, client, ec, rsa } = require('./keys.json');

/** One connection: `[server's socket, client's socket]`, or the client's error. */
async function connect(serverOptions, clientOptions, prepare = () => {}) {
  const server = tls.createServer(serverOptions);
  server.on('tlsClientError', () => {});
  prepare(server);
  server.listen(0);
  await once(server, 'listening');
  const socket = tls.connect({ port: server.address().port, ca, servername: 'localhost', ...clientOptions });
  const accepted = once(server, 'secureConnection');
  try {
    await once(socket, 'secureConnect');
  } catch (error) {
    server.close();
    return error;
  }
  const [other] = await accepted;
  other.on('error', () => {});
  server.close();
  return [other, socket];
}

function end([other, socket]) {
  other.destroy();
  socket.destroy();
}

(async () => {
  // The suite says which of two keys is shown, in whatever order they were given.
  for (const key of [[ec.key, rsa.key], [rsa.key, ec.key]]) {
    for (const [suite, name] of [['ECDHE-ECDSA-AES128-GCM-SHA256', 'localhost'], ['ECDHE-RSA-AES128-GCM-SHA256', 'rsa.test']]) {
      const pair = await connect({ key, cert: [rsa.cert, ec.cert] }, { ciphers: suite, maxVersion: 'TLSv1.2' });
      assert.strictEqual(pair[1].getPeerCertificate().subject.CN, name);
      assert.strictEqual(pair[1].getCipher().name, suite);
      end(pair);
    }
  }
  {
    // A list without suites of TLS 1.3 leaves them as they are.
    const pair = await connect({ ...ec, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }, {});
    assert.strictEqual(pair[1].getProtocol(), 'TLSv1.3');
    end(pair);
  }
  {
    const pair = await connect({ ...rsa, sigalgs: 'RSA-PSS+SHA512:RSA-PSS+SHA256' }, { sigalgs: 'RSA-PSS+SHA256:RSA-PSS+SHA512' });
    assert.deepStrictEqual(pair[0].getSharedSigalgs(), ['RSA-PSS+SHA512', 'RSA-PSS+SHA256']);
    assert.deepStrictEqual(pair[1].getSharedSigalgs(), []);
    end(pair);
    const error = await connect({ ...rsa, sigalgs: 'RSA-PSS+SHA512' }, { sigalgs: 'RSA-PSS+SHA256' });
    assert.strictEqual(error.code, 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE');
  }
  {
    let asked;
    let response;
    const pair = await connect(ec, { requestOCSP: true }, (server) => {
      server.on('OCSPRequest', (certificate, issuer, callback) => {
        asked = Buffer.isBuffer(certificate);
        setImmediate(callback, null, Buffer.from('a response'));
      });
      server.on('listening', () => {});
    });
    pair[1].on('OCSPResponse', (bytes) => { response = bytes; });
    assert.strictEqual(asked, true);
    assert.strictEqual(response, undefined); // It came before the handshake was through.
    end(pair);
  }
  {
    const pair = await connect({
      ...ec,
      ALPNCallback({ protocols }) {
        this.setKeyCert(rsa);
        return protocols[0];
      },
    }, { ALPNProtocols: ['acme-tls/1'], checkServerIdentity: () => {} });
    assert.strictEqual(pair[1].getPeerCertificate().subject.CN, 'rsa.test');
    assert.strictEqual(pair[1].alpnProtocol, 'acme-tls/1');
    end(pair);
  }
  {
    const pair = await connect({ ...ec, ca, requestCert: true }, client);
    assert.strictEqual(pair[0].authorized, true);
    assert.strictEqual(pair[0].getPeerCertificate().subject.CN, 'client.test');
    end(pair);
  }
  for (const SNICallback of [(name, done) => done(null, {}), (name, done) => done(new Error('Invalid SNI context')),
    () => { throw new Error('Invalid SNI context'); }]) {
    let told;
    const error = await connect({ ...ec, SNICallback }, {}, (server) => {
      server.on('tlsClientError', (problem, socket) => { told = [problem.message, socket.servername]; });
    });
    assert.strictEqual(error.code, 'ECONNRESET');
    assert.deepStrictEqual(told, ['Invalid SNI context', 'localhost']);
  }
})();
