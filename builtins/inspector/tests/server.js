'use strict';
// The server: documents, a WebSocket to the agent of a program that is busy, refusals.
const assert = require('node:assert');
const http = require('node:http');
const { spawn } = require('node:child_process');

const child = spawn(process.execPath, ['--inspect-brk=0', '-e', 'globalThis.x = 6; while (globalThis.x !== 7);'], { stdio: ['ignore', 'ignore', 'pipe'] });
child.stderr.setEncoding('utf8');
let said = '';
const listening = new Promise((resolve) => child.stderr.on('data', (text) => {
  said += text;
  const found = /Debugger listening on (ws:\/\/127\.0\.0\.1:(\d+)\/([-0-9a-f]{36}))\n/.exec(said);
  if (found !== null) resolve(found);
}));

const get = (port, path, headers) => new Promise((resolve, reject) => {
  http.get({ port, host: '127.0.0.1', path, headers }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk) => text += chunk);
    response.on('end', () => resolve([response.statusCode, text]));
  }).on('error', reject);
});

(async () => {
  const [, url, port, id] = await listening;
  const [status, list] = await get(port, '/json/list');
  assert.strictEqual(status, 200);
  const [target] = JSON.parse(list);
  assert.strictEqual(target.id, id);
  assert.strictEqual(target.type, 'node');
  assert.strictEqual(target.webSocketDebuggerUrl, url);
  assert.strictEqual(JSON.parse((await get(port, '/json/version'))[1])['Protocol-Version'], '1.1');
  assert.ok(JSON.parse((await get(port, '/json/protocol'))[1]).domains.some(({ domain }) => domain === 'Debugger'));
  assert.strictEqual((await get(port, '/nothing'))[0], 400);
  // A page whose name points here must not get the id. (DNS rebinding)
  assert.strictEqual((await get(port, '/json/list', { Host: 'example.com' }))[0], 400);

  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.onopen = resolve);
  let last = 0;
  const waiting = new Map();
  const events = [];
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.id === undefined) events.push(message);
    else waiting.get(message.id)(message);
  };
  const call = (method, params) => new Promise((resolve) => {
    waiting.set(++last, resolve);
    socket.send(JSON.stringify({ id: last, method, params }));
  });
  const event = async (method) => {
    while (!events.some((each) => each.method === method)) await new Promise((resolve) => setTimeout(resolve, 10));
    return events.splice(events.findIndex((each) => each.method === method), 1)[0].params;
  };
  await call('Runtime.enable');
  await call('Debugger.enable');
  await call('Runtime.runIfWaitingForDebugger');
  const { reason, callFrames: [frame] } = await event('Debugger.paused');
  assert.strictEqual(reason, 'Break on start');
  assert.strictEqual(frame.location.lineNumber, 0);
  await call('Debugger.resume');
  await event('Debugger.resumed');
  // The program loops now: it can be asked, paused and changed all the same.
  assert.strictEqual((await call('Runtime.evaluate', { expression: 'x' })).result.result.value, 6);
  await call('Debugger.pause');
  await event('Debugger.paused');
  await call('Runtime.evaluate', { expression: 'x = 7' });
  await call('Debugger.resume');
  // It ends, and waits for us.
  await event('Runtime.executionContextDestroyed');
  socket.close();
  const code = await new Promise((resolve) => child.on('exit', resolve));
  assert.strictEqual(code, 0);
  assert.match(said, /Debugger attached\.\n(?:.*\n)*Waiting for the debugger to disconnect\.\.\.\n/);
})();
