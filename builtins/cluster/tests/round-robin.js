/** Workers share a port; the primary gives each its connections in turn. */
'use strict';
const assert = require('node:assert');
const cluster = require('node:cluster');
const net = require('node:net');

if (cluster.isPrimary) {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const counts = {};
  let listening = 0;
  for (let i = 0; i < 2; i++) cluster.fork();
  cluster.on('listening', async (worker, { port }) => {
    if (++listening < 2) return;
    for (let i = 0; i < 6; i++) {
      const id = await new Promise((resolve) => net.connect(port, '127.0.0.1').setEncoding('utf8').on('data', resolve));
      counts[id] = (counts[id] ?? 0) + 1;
    }
    assert.deepStrictEqual(counts, { 1: 3, 2: 3 });
    cluster.disconnect();
  });
  cluster.on('exit', (worker, code) => assert.strictEqual(code, 0));
} else {
  net.createServer((socket) => socket.end(`${cluster.worker.id}`)).listen(0, '127.0.0.1');
}
