// Names that are no UTF-8 survive as Buffers; file: URLs are paths.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fs-bytes-')));
try {
  const odd = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0x66, 0xff, 0xfe])]);
  fs.writeFileSync(odd, 'odd');
  assert.strictEqual(fs.readFileSync(odd, 'utf8'), 'odd');
  assert.ok(fs.existsSync(odd));
  assert.deepStrictEqual(fs.readdirSync(dir, 'buffer'), [Buffer.from([0x66, 0xff, 0xfe])]);
  fs.symlinkSync(odd, `${dir}/link`);
  assert.ok(odd.equals(fs.readlinkSync(`${dir}/link`, 'buffer')));
  assert.ok(fs.realpathSync.native(`${dir}/link`, { encoding: 'buffer' }).equals(odd));
  const url = pathToFileURL(`${dir}/a b#c`);
  fs.writeFileSync(url, 'url');
  assert.strictEqual(fs.readFileSync(`${dir}/a b#c`, 'utf8'), 'url');
  assert.throws(() => fs.readFileSync(new URL('http://x/y')), { code: 'ERR_INVALID_URL_SCHEME' });
} finally {
  fs.rmSync(dir, { recursive: true });
}
