// Modes of listening paths are exactly what was asked for, and a path that fits into no address is no argument.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'p-'));
const wanted = [[{ readableAll: true }, 0o444], [{ writableAll: true }, 0o222], [{ readableAll: true, writableAll: true }, 0o666]];

function next(index) {
  if (index === wanted.length) {
    tooLong();
    return;
  }
  const file = path.join(folder, `${index}`);
  const server = net.createServer().listen({ path: file, ...wanted[index][0] }, () => {
    assert.strictEqual(fs.statSync(file).mode & 0o777, wanted[index][1]);
    server.close(() => next(index + 1));
  });
}

function tooLong() {
  const file = `/tmp/${'x'.repeat(200)}`;
  net.createServer().on('error', (error) => {
    assert.deepStrictEqual([error.code, error.syscall], ['EINVAL', 'listen']);
    net.connect(file).on('error', (failure) => {
      assert.deepStrictEqual([failure.code, failure.syscall], ['EINVAL', 'connect']);
      fs.rmSync(folder, { recursive: true });
    });
  }).listen(file);
}

next(0);
