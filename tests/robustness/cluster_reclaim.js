// A worker that is stopped, and then killed, while a connection is on its way to it: another one serves that connection.
// (Under Node that connection waits for good.)
'use strict';
const assert = require('node:assert');
const cluster = require('node:cluster');
const net = require('node:net');

if (!cluster.isPrimary) {
  net.createServer((socket) => socket.end(`worker ${cluster.worker.id}`)).listen(0, '127.0.0.1');
} else {
  const workers = [cluster.fork(), cluster.fork()];
  let listening = 0;
  cluster.on('listening', async (worker, { port }) => {
    if (++listening < 2) return;
    workers[0].process.kill('SIGSTOP');
    // One of these two goes to the worker that does not move any more.
    const answers = [ask(port), ask(port)];
    await Promise.race(answers);
    workers[0].process.kill('SIGKILL');
    assert.deepStrictEqual(await Promise.all(answers), ['worker 2', 'worker 2']);
    workers[1].kill();
  });
}

function ask(port) {
  return new Promise((resolve, reject) => {
    const client = net.connect(port, '127.0.0.1').setEncoding('utf8').on('error', reject);
    let text = '';
    client.on('data', (data) => { text += data; }).on('close', () => resolve(text));
  });
}
