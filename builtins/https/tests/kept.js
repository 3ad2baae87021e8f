/** Requests over kept connections, bodies, pipelining, and a connection that becomes another protocol's. */
'use strict';
const assert = require('node:assert');
const { once } = require('node:events');
const https = require('node:https');
const tls = require('node:tls');
const { ca, ec } = require('../../tls/tests/keys.json');

const server = https.createServer(ec, (request, response) => {
  let length = 0;
  request.on('data', (chunk) => { length += chunk.length; });
  request.on('end', () => {
    if (request.url === '/big') response.end(Buffer.alloc(3_000_000, 66));
    else response.end(`${request.method} ${request.url} ${length}`);
  });
});
server.on('upgrade', (request, socket, head) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  socket.write(head);
  socket.pipe(socket);
});

async function get(agent, path, body) {
  const request = https.request({
    agent, path, port: server.address().port, ca, servername: 'localhost', method: body === undefined ? 'GET' : 'POST',
  });
  request.end(body);
  const [response] = await once(request, 'response');
  const chunks = await response.toArray();
  return [Buffer.concat(chunks), request.reusedSocket];
}

(async () => {
  server.listen(0);
  await once(server, 'listening');
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const [first, fresh] = await get(agent, '/a');
  assert.deepStrictEqual([String(first), fresh], ['GET /a 0', false]);
  const [posted, reused] = await get(agent, '/b', Buffer.alloc(2_000_000));
  assert.deepStrictEqual([String(posted), reused], ['POST /b 2000000', true]);
  assert.strictEqual((await get(agent, '/big'))[0].length, 3_000_000);
  agent.destroy();

  const socket = tls.connect({ port: server.address().port, ca, servername: 'localhost' });
  await once(socket, 'secureConnect');
  socket.setEncoding('latin1');
  let text = '';
  const until = async (end) => {
    while (!text.endsWith(end)) text += (await once(socket, 'data'))[0];
  };
  // Two requests at once, then one that takes the connection, with bytes behind it.
  socket.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
  await until('GET /2 0');
  socket.write('GET /3 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nbehind ');
  await until('behind ');
  socket.end('and more');
  await until('and more');
  assert.match(text, /GET \/1 0[^]*GET \/2 0[^]*101 Switching Protocols[^]*behind and more$/);
  server.close();
  server.closeAllConnections();
})();
