// readFile, writeFile and appendFile in three forms, with encodings, flags and modes.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-whole-'));
const file = path.join(dir, 'file');
(async () => {
  fs.writeFileSync(file, 'gr\u00fc\u00df \u{1f44b}', { mode: 0o640 });
  assert.strictEqual(fs.statSync(file).mode & 0o777, 0o640);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'gr\u00fc\u00df \u{1f44b}');
  assert.strictEqual(fs.readFileSync(file, 'hex'), Buffer.from('gr\u00fc\u00df \u{1f44b}').toString('hex'));
  fs.appendFileSync(file, Buffer.from('!'));
  assert.ok(fs.readFileSync(file).toString().endsWith('!'));
  assert.throws(() => fs.writeFileSync(file, '', { flag: 'wx' }), { code: 'EEXIST' });

  // Larger than one turn in the pool, and not a multiple of it.
  const large = Buffer.alloc(1_300_001, 'abc');
  await fs.promises.writeFile(file, large);
  assert.ok(large.equals(await fs.promises.readFile(file)));
  await new Promise((resolve) => fs.readFile(file, 'latin1', (error, text) => {
    assert.ifError(error);
    assert.strictEqual(text, large.toString('latin1'));
    resolve();
  }));
  await fs.promises.writeFile(file, (function* () { yield 'a'; yield Buffer.from('b'); })());
  await fs.promises.appendFile(file, 'c', { flush: true });
  assert.strictEqual(await fs.promises.readFile(file, { encoding: 'utf8' }), 'abc');

  // A file of /proc announces size 0.
  assert.ok(fs.readFileSync('/proc/self/stat').length > 10);
  assert.ok((await fs.promises.readFile('/proc/self/stat', 'utf8')).startsWith(`${process.pid} `));
})().finally(() => fs.rmSync(dir, { recursive: true }));
