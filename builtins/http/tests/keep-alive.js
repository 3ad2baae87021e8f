'use strict';
// An agent with keepAlive uses one connection for requests one after the other.
const assert = require('node:assert');
const http = require('node:http');

const agent = new http.Agent({ keepAlive: true });
let connections = 0;
const server = http.createServer((req, res) => res.end(req.url));
server.on('connection', () => connections++);
server.listen(0, async () => {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve, reject) => {
      const req = http.get({ port: server.address().port, path: `/${i}`, agent }, (res) => {
        res.resume();
        res.on('end', () => setImmediate(resolve));
      });
      req.on('error', reject);
      req.on('close', () => assert.strictEqual(req.reusedSocket, i > 0));
    });
  }
  assert.strictEqual(connections, 1);
  agent.destroy();
  server.close();
});
