// The body of a request that asks for an upgrade is the request's, wherever reads end; what follows it is the socket's.
'use strict';
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n';
const cases = {
  'in one piece': [`${HEAD}Content-Length: 4\r\n\r\nbodyREST`],
  'in pieces': [`${HEAD}Content-Length: 4\r\n\r\nbo`, 'dyRE', 'ST'],
  'after the head': [`${HEAD}Content-Length: 4\r\n\r\n`, 'body', 'REST'],
  chunked: [`${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nbo`, 'dy\r\n0\r\n\r', '\nREST'],
};

function run(parts) {
  return new Promise((resolve, reject) => {
    const got = { body: '', rest: '' };
    const server = http.createServer().on('upgrade', (req, socket, head) => {
      got.rest += head;
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
      req.on('data', (chunk) => { got.body += chunk; });
      req.on('end', () => { got.complete = req.complete; });
      socket.on('data', (chunk) => { got.rest += chunk; });
      socket.on('end', () => socket.end());
      socket.on('close', () => server.close(() => resolve(got)));
    }).listen(0, '127.0.0.1', async () => {
      const client = net.connect(server.address().port, '127.0.0.1').on('error', reject);
      client.setNoDelay().resume();
      for (const part of parts) {
        await new Promise((sent) => client.write(part, sent));
        await new Promise((later) => setTimeout(later, 20));
      }
      client.end();
    });
  });
}

async function main() {
  for (const name of Object.keys(cases)) {
    assert.deepStrictEqual(await run(cases[name]), { body: 'body', rest: 'REST', complete: true }, name);
  }
}

main();
