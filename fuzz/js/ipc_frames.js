// A child that writes anything to its channel: the parent gets messages or an error, and 'exit' at the end.
'use strict';

const assert = require('assert');
const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const v8 = require('v8');
const { below, bytes, fuzz, mutate, pick } = require('./random.js');

const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'ipc-')), 'frames');
const messages = [1, 'text', { a: [1, 2] }, null, { cmd: 'NODE_HANDLE', type: 'net.Socket', msg: {} }, { cmd: 'NODE_HANDLE_ACK' }, { cmd: 'NODE_x' }];

function frames(serialization) {
  const parts = Array.from({ length: 1 + below(4) }, () => {
    const message = pick(messages);
    if (serialization === 'json') return Buffer.from(`${JSON.stringify(message)}\n`);
    const body = v8.serialize(message);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    return Buffer.concat([head, body]);
  });
  return Buffer.concat(below(4) ? parts : [...parts, bytes(30)]);
}

let caught = 0;
process.on('uncaughtException', (error) => {
  caught++;
  assert.doesNotMatch(String(error.stack), /internal error|panic/);
});

fuzz(() => new Promise((done, fail) => {
  const serialization = pick(['json', 'advanced']);
  let script = frames(serialization);
  if (below(2)) script = mutate(script);
  fs.writeFileSync(file, script);
  const child = spawn('sh', ['-c', `cat "${file}" >&$NODE_CHANNEL_FD`], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization });
  const timer = setTimeout(() => fail(new Error(`no end after ${serialization} ${script.toString('hex')}`)), 5000);
  child.on('message', () => {});
  child.on('error', () => {});
  child.on('exit', () => {
    clearTimeout(timer);
    if (child.connected) child.disconnect();
    done(`exit, ${caught > 0}`);
  });
}));
