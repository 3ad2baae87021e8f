'use strict';
// What builtins publish: sockets, servers that listen or cannot, children, workers, and what fetch does.
const assert = require('node:assert');
const { subscribe, tracingChannel } = require('node:diagnostics_channel');

const log = [];
for (const name of ['udp.socket', 'child_process', 'worker_threads', 'net.client.socket', 'net.server.socket', 'undici:request:create',
  'undici:client:sendHeaders', 'undici:request:bodySent', 'undici:request:headers', 'undici:request:trailers', 'undici:request:error']) {
  subscribe(name, (message) => {
    const [key] = Object.keys(message);
    log.push(`${name} ${message[key].constructor.name}`);
    if (name === 'undici:request:create') message.request.addHeader('x-trace', '7');
  });
}
for (const name of ['net.server.listen', 'child_process.spawn']) {
  const handlers = {};
  for (const event of ['start', 'end', 'asyncStart', 'asyncEnd', 'error']) handlers[event] = (message) => log.push(`${name} ${event} ${Object.keys(message)}`);
  tracingChannel(name).subscribe(handlers);
}
const take = () => log.splice(0);

require('node:dgram').createSocket('udp4').close();
assert.deepStrictEqual(take(), ['udp.socket Socket']);

const { spawn } = require('node:child_process');
spawn(process.execPath, ['-e', '0']);
spawn('/nonexistent/program').on('error', () => {});
assert.deepStrictEqual(take(), [
  'child_process ChildProcess', 'child_process.spawn start process,options', 'child_process.spawn end process',
  'child_process ChildProcess', 'child_process.spawn start process,options', 'child_process.spawn error process,error',
]);

new (require('node:worker_threads').Worker)('', { eval: true });
assert.deepStrictEqual(take(), ['worker_threads Worker']);

const http = require('node:http');
const bad = http.createServer().on('error', () => {});
bad.listen('/nonexistent/socket');
assert.deepStrictEqual(take(), ['net.server.listen asyncStart server,options', 'net.server.listen error server,error']);

const server = http.createServer((req, res) => res.end(req.headers['x-trace'])).listen(0, async () => {
  assert.deepStrictEqual(take(), ['net.server.listen asyncStart server,options', 'net.server.listen asyncEnd server']);
  const url = `http://127.0.0.1:${server.address().port}/`;
  assert.strictEqual(await (await fetch(url, { method: 'POST', body: 'x' })).text(), '7');
  const sorted = take().sort();
  assert.deepStrictEqual(sorted, ['net.client.socket Socket', 'net.server.socket Socket', 'undici:client:sendHeaders Request',
    'undici:request:bodySent Request', 'undici:request:create Request', 'undici:request:headers Request', 'undici:request:trailers Request']);
  server.close();
  server.closeAllConnections();
});
