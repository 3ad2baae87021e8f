/** Bytes in both directions: long ones with a slow reader, over streams, over TLS, after a plain beginning. */
'use strict';
const assert = require('node:assert');
const { createHash, randomBytes } = require('node:crypto');
const { once } = require('node:events');
const net = require('node:net');
const { duplexPair } = require('node:stream');
const tls = require('node:tls');
const { ca, ec } = require('./keys.json');

const body = randomBytes(5_000_000);
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const wanted = hash(body);

/** Reads to the end, with a rest now and then. */
async function readSlowly(stream) {
  const chunks = [];
  let pauses = 0;
  stream.on('data', (chunk) => {
    chunks.push(chunk);
    if (chunks.length % 50 === 0 && pauses++ < 5) {
      stream.pause();
      setTimeout(() => stream.resume(), 5);
    }
  });
  await once(stream, 'end');
  return hash(Buffer.concat(chunks));
}

/** Sends the body both ways at once. */
async function exchange(server, client) {
  const results = Promise.all([readSlowly(server), readSlowly(client)]);
  // Pieces of all sizes, texts among them.
  client.write(body.subarray(0, 10));
  client.cork();
  client.write(body.subarray(10, 20_000));
  client.write(body.subarray(20_000, 60_000));
  client.uncork();
  client.end(body.subarray(60_000));
  server.write(body.subarray(0, 100_000).toString('latin1'), 'latin1');
  server.end(body.subarray(100_000));
  assert.deepStrictEqual(await results, [wanted, wanted]);
  assert.deepStrictEqual([client.bytesRead, client.bytesWritten, server.bytesRead, server.bytesWritten], Array(4).fill(body.length));
}

const options = { ca, servername: 'localhost', allowHalfOpen: true };
const serverOptions = { ...ec, isServer: true, allowHalfOpen: true };

(async () => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    const server = tls.createServer({ ...ec, maxVersion, allowHalfOpen: true }).listen(0);
    await once(server, 'listening');
    const client = tls.connect({ ...options, port: server.address().port });
    const [socket] = await once(server, 'secureConnection');
    await exchange(socket, client);
    server.close();
  }
  {
    // Over any stream.
    const [a, b] = duplexPair();
    const server = new tls.TLSSocket(a, serverOptions);
    const client = tls.connect({ ...options, socket: b });
    await once(client, 'secureConnect');
    await exchange(server, client);
  }
  {
    // After a plain greeting, and TLS over that TLS.
    const plain = net.createServer({ allowHalfOpen: true }).listen(0);
    await once(plain, 'listening');
    const raw = net.connect({ port: plain.address().port, allowHalfOpen: true });
    const [accepted] = await once(plain, 'connection');
    accepted.write('220 ready');
    assert.strictEqual(String((await once(raw, 'data'))[0]), '220 ready');
    const outerServer = new tls.TLSSocket(accepted, serverOptions);
    const outerClient = tls.connect({ ...options, socket: raw });
    await once(outerClient, 'secureConnect');
    const client = tls.connect({ ...options, socket: outerClient });
    const server = new tls.TLSSocket(outerServer, serverOptions);
    await once(client, 'secureConnect');
    await exchange(server, client);
    plain.close();
  }
})();
