'use strict';
// localStorage: in the file of --localstorage-file, for the next process; undefined without one.
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'localstorage-'));
const run = (args, code) => spawnSync(process.execPath, [...args, '-e', code], { encoding: 'utf8' });
try {
  const file = `--localstorage-file=${path.join(folder, 'file.db')}`;
  let child = run([file], `
    localStorage.setItem('k\\ud800', 'v\\udfff');
    localStorage.gone = 1;
    localStorage.stays = 'ü';
    delete localStorage.gone;
    try { localStorage.big = 'x'.repeat(6 * 1024 * 1024); } catch (error) { console.log(error.name); }
  `);
  assert.strictEqual(child.stdout, 'QuotaExceededError\n', child.stderr);
  child = run([file], 'console.log(localStorage.length, localStorage, localStorage === localStorage)');
  assert.strictEqual(child.stdout, "2 Storage { 'k\\ud800': 'v\\udfff', stays: 'ü' } true\n", child.stderr);

  const broken = path.join(folder, 'broken.db');
  fs.writeFileSync(broken, 'this is no database at all, and long enough to be looked at');
  child = run([`--localstorage-file=${broken}`], 'try { localStorage.a } catch (error) { console.log(error.code, error.message) }');
  assert.strictEqual(child.stdout, 'ERR_INVALID_STATE file is not a database\n', child.stderr);

  child = run([], 'console.log(localStorage, typeof sessionStorage)');
  assert.strictEqual(child.stdout, 'undefined object\n');
  assert.match(child.stderr, /ExperimentalWarning: localStorage is not available because --localstorage-file was not provided\./);
  for (const option of ['--no-webstorage', '--no-experimental-webstorage']) {
    child = run([option], 'console.log(typeof localStorage, typeof sessionStorage, typeof Storage)');
    assert.strictEqual(child.stdout, 'undefined undefined undefined\n', child.stderr);
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}
