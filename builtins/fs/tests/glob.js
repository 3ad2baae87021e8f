// glob in three forms: stars, globstar, braces, hidden names, exclusions, types.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'fs-glob-'));
(async () => {
  fs.mkdirSync(path.join(cwd, 'a/b'), { recursive: true });
  for (const file of ['x.js', 'a/y.js', 'a/b/z.ts', 'a/.hidden.js']) fs.writeFileSync(path.join(cwd, file), '');
  fs.symlinkSync('..', path.join(cwd, 'a/up'));
  const check = async (pattern, expected, options) => {
    assert.deepStrictEqual(fs.globSync(pattern, { cwd, ...options }).sort(), expected, `${pattern}`);
    const found = [];
    for await (const match of fs.promises.glob(pattern, { cwd, ...options })) found.push(match);
    assert.deepStrictEqual(found.sort(), expected, `${pattern} (async)`);
  };
  await check('*.js', ['x.js']);
  await check('**/*.js', ['a/y.js', 'x.js']);
  await check('**/*.{js,ts}', ['a/b/z.ts', 'a/y.js', 'x.js']);
  await check('a/**', ['a', 'a/b', 'a/b/z.ts', 'a/up', 'a/y.js']);
  await check('a/.*', ['a/.hidden.js']);
  await check('a/*/', ['a/b']);
  await check(['x.js', 'nope'], ['x.js']);
  await check('**/*.js', ['x.js'], { exclude: ['a'] });
  await check('**/*.js', ['x.js'], { exclude: (name) => name === 'a' });
  const [entry] = fs.globSync('a/b', { cwd, withFileTypes: true });
  assert.ok(entry.isDirectory());
  assert.strictEqual(entry.name, 'b');
  assert.throws(() => fs.globSync(5), { code: 'ERR_INVALID_ARG_TYPE' });
})().finally(() => fs.rmSync(cwd, { recursive: true }));
