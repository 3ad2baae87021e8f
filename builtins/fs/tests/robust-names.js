'use strict';
// Names that are no UTF-8, and text that is no UTF-16.
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'names-'));
const odd = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0x61, 0xff, 0xfe, 0xed, 0xa0, 0x80])]);
const name = odd.subarray(dir.length + 1);
fs.writeFileSync(odd, 'content');
assert.strictEqual(fs.readFileSync(odd, 'latin1'), 'content');
assert.deepStrictEqual(fs.readdirSync(dir, 'buffer'), [name]);
assert.deepStrictEqual(fs.readdirSync(dir), [name.toString()]);
assert.deepStrictEqual(fs.readdirSync(dir, 'latin1'), [name.toString('latin1')]);
const [entry] = fs.readdirSync(dir, { withFileTypes: true, encoding: 'buffer' });
assert.deepStrictEqual([entry.name, entry.isFile()], [name, true]);
assert.strictEqual(fs.statSync(odd).size, 7);
assert.deepStrictEqual(fs.realpathSync.native(odd, 'buffer').subarray(-name.length), name);
assert.throws(() => fs.readFileSync(path.join(dir, name.toString())), { code: 'ENOENT' });
const link = path.join(dir, 'link');
fs.symlinkSync(odd, link);
assert.deepStrictEqual(fs.readlinkSync(link, 'buffer'), odd);
fs.unlinkSync(link);
fs.unlinkSync(odd);

// Half of a surrogate pair is written as U+FFFD, wherever it stands.
const file = path.join(dir, 'text');
for (const text of ['\ud800', 'a\udc00b', '\ud83d\ude00\ud83d', '\udc00\ud800', 'é\ud800']) {
  fs.writeFileSync(file, text);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), text.toWellFormed());
  assert.deepStrictEqual(fs.readFileSync(file), Buffer.from(text.toWellFormed()));
  fs.writeFileSync(file, text, 'utf16le');
  assert.strictEqual(fs.readFileSync(file, 'utf16le'), text);
  fs.writeFileSync(`${file}${text}`, '');
  assert.ok(fs.existsSync(`${file}${text.toWellFormed()}`));
}
for (const bytes of [[0xff], [0xc0, 0x80], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0x61, 0x80, 0x62]]) {
  fs.writeFileSync(file, Buffer.from(bytes));
  const text = new TextDecoder().decode(Buffer.from(bytes));
  assert.strictEqual(fs.readFileSync(file, 'utf8'), text);
  assert.strictEqual(Buffer.from(bytes).toString(), text);
  const own = `${file}-${bytes.join()}`;
  fs.copyFileSync(file, own);
  let streamed = '';
  fs.createReadStream(own, { encoding: 'utf8', highWaterMark: 1 }).on('data', (part) => { streamed += part; })
    .on('end', () => assert.strictEqual(streamed, text));
}
for (const bad of [`${dir}/a\0b`, Buffer.from(`${dir}/a\0b`)]) {
  assert.throws(() => fs.readFileSync(bad), { code: 'ERR_INVALID_ARG_VALUE' });
}
process.on('exit', () => fs.rmSync(dir, { recursive: true }));
