'use strict';
// Ways out of the permission model: each is refused with the permission and the resource that were missing.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'escapes-')));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const inside = path.join(folder, 'inside');
const outside = path.join(folder, 'outside');
fs.mkdirSync(inside);
fs.mkdirSync(outside);
const secret = path.join(outside, 'secret.txt');
fs.writeFileSync(secret, 'secret');
fs.writeFileSync(path.join(outside, 'secret.js'), 'module.exports = 1;');
fs.writeFileSync(path.join(inside, 'own.txt'), 'own');

/** Code that must fail, the permission that is missing, and what for. */
const denied = [
  ['fs.readFileSync(secret)', 'FileSystemRead', secret],
  ['fs.readFileSync(Buffer.from(secret))', 'FileSystemRead', secret],
  ['fs.readFileSync(new Uint8Array(Buffer.from(secret)))', 'FileSystemRead', secret],
  ['fs.readFileSync(url.pathToFileURL(secret))', 'FileSystemRead', secret],
  ['fs.readFileSync(`${inside}/../outside/secret.txt`)', 'FileSystemRead', `${inside}/../outside/secret.txt`],
  ['fs.readFileSync(`${inside}/../inside/../outside/secret.txt`)', 'FileSystemRead', `${inside}/../inside/../outside/secret.txt`],
  ['fs.readFileSync(path.relative(process.cwd(), secret))', 'FileSystemRead'],
  ['fs.readFileSync("/proc/self/environ")', 'FileSystemRead', '/proc/self/environ'],
  ['fs.readFileSync("/proc/self/root/etc/hostname")', 'FileSystemRead'],
  ['fs.openSync(secret, "r")', 'FileSystemRead', secret],
  ['fs.openSync(`${inside}/own.txt`, "r+")', 'FileSystemWrite', `${inside}/own.txt`],
  ['fs.openSync(`${inside}/own.txt`, fs.constants.O_RDONLY | fs.constants.O_TRUNC)', 'FileSystemWrite'],
  ['fs.openSync(`${inside}/new.txt`, "w")', 'FileSystemWrite', `${inside}/new.txt`],
  ['fs.existsSync(secret)', 'FileSystemRead', secret],
  ['fs.accessSync(secret)', 'FileSystemRead', secret],
  ['fs.statSync(secret)', 'FileSystemRead', secret],
  ['fs.lstatSync(secret)', 'FileSystemRead', secret],
  ['fs.statfsSync(secret)', 'FileSystemRead', secret],
  ['fs.realpathSync.native(secret)', 'FileSystemRead', secret],
  ['fs.readlinkSync(secret)', 'FileSystemRead', secret],
  ['fs.readdirSync(outside)', 'FileSystemRead', outside],
  ['fs.readdirSync(outside, { recursive: true })', 'FileSystemRead', outside],
  ['fs.opendirSync(outside)', 'FileSystemRead', outside],
  ['fs.watch(outside)', 'FileSystemRead', outside],
  ['fs.watchFile(secret, () => {})', 'FileSystemRead', secret],
  ['fs.copyFileSync(secret, `${inside}/copy`)', 'FileSystemRead', secret],
  ['fs.copyFileSync(`${inside}/own.txt`, `${outside}/copy`)', 'FileSystemWrite', `${outside}/copy`],
  ['fs.cpSync(secret, `${inside}/copy`)', 'FileSystemRead', secret],
  ['fs.linkSync(secret, `${inside}/link`)', 'FileSystemRead', secret],
  ['fs.renameSync(`${inside}/own.txt`, `${outside}/own.txt`)', 'FileSystemWrite'],
  ['fs.writeFileSync(secret, "")', 'FileSystemWrite', secret],
  ['fs.appendFileSync(secret, "")', 'FileSystemWrite', secret],
  ['fs.truncateSync(secret, 0)', 'FileSystemRead', secret],
  ['fs.unlinkSync(secret)', 'FileSystemWrite', secret],
  ['fs.rmSync(outside, { recursive: true, force: true })', 'FileSystemWrite', outside],
  ['fs.rmdirSync(outside)', 'FileSystemWrite', outside],
  ['fs.mkdirSync(`${outside}/a/b`, { recursive: true })', 'FileSystemWrite', `${outside}/a/b`],
  ['fs.mkdtempSync(`${outside}/t`)', 'FileSystemWrite', `${outside}/tXXXXXX`],
  ['fs.chmodSync(secret, 0o777)', 'FileSystemWrite', secret],
  ['fs.chownSync(secret, 0, 0)', 'FileSystemWrite', secret],
  ['fs.lchownSync(secret, 0, 0)', 'FileSystemWrite', secret],
  ['fs.utimesSync(secret, 0, 0)', 'FileSystemWrite', secret],
  ['fs.lutimesSync(secret, 0, 0)', 'FileSystemWrite', secret],
  ['fs.symlinkSync(secret, `${inside}/link`)', ''],
  ['fs.fchmodSync(1, 0o600)', ''],
  ['fs.fchownSync(1, 0, 0)', ''],
  ['fs.futimesSync(1, 0, 0)', ''],
  ['require(`${outside}/secret.js`)', 'FileSystemRead', path.join(outside, 'secret.js'), 'MODULE_NOT_FOUND'],
  ['process.loadEnvFile(secret)', 'FileSystemRead', secret],
  ['process.chdir(outside)', 'FileSystemRead', outside],
  ['process.binding("fs")', ''],
  ['process._linkedBinding("fs")', 'Addon', 'fs'],
  ['process.execve("/bin/true")', 'ChildProcess', '/bin/true'],
  ['require("node:child_process").spawnSync("true")', 'ChildProcess', 'true'],
  ['require("node:child_process").execSync("true")', 'ChildProcess'],
  ['require("node:child_process").fork("x.js")', 'ChildProcess', process.execPath],
  ['require("node:cluster").fork()', 'ChildProcess', process.execPath],
  ['new (require("node:worker_threads").Worker)("1", { eval: true })', 'WorkerThreads', ''],
  ['new (require("node:wasi").WASI)({ version: "preview1" })', 'WASI', ''],
  ['new (require("node:wasi").WASI)({ version: "preview1", preopens: { "/": outside } })', 'WASI', ''],
  ['require("node:v8").writeHeapSnapshot(`${outside}/heap`)', 'FileSystemWrite', `${outside}/heap`],
  ['require("node:net").createServer().listen(0)', 'Net'],
  ['new (require("node:sqlite").DatabaseSync)(":memory:", { allowExtension: true })', undefined, undefined, 'ERR_LOAD_SQLITE_EXTENSION'],
  ['process.dlopen({ exports: {} }, secret)', undefined, undefined, 'ERR_DLOPEN_DISABLED'],
];

/** The same by promise or callback. */
const deniedLater = [
  ['fs.promises.readFile(secret)', 'FileSystemRead', secret],
  ['fs.promises.open(secret)', 'FileSystemRead', secret],
  ['fs.promises.writeFile(secret, "")', 'FileSystemWrite', secret],
  ['fs.promises.cp(secret, `${inside}/copy`)', 'FileSystemRead', secret],
  ['fs.promises.rm(outside, { recursive: true, force: true })'],
  ['fs.openAsBlob(secret)', 'FileSystemRead', secret],
  ['new Promise((done, fail) => fs.readFile(secret, (error) => error ? fail(error) : done()))', 'FileSystemRead', secret],
  ['new Promise((done, fail) => fs.createReadStream(secret).on("error", fail).on("data", done))', 'FileSystemRead', secret],
  ['new Promise((done, fail) => fs.createWriteStream(secret).on("error", fail).on("open", done))', 'FileSystemWrite', secret],
  ['new Promise((done, fail) => require("node:net").connect(1, "127.0.0.1").on("error", fail).on("connect", done))'],
  ['new Promise((done, fail) => require("node:dgram").createSocket("udp4").bind(0).on("error", fail).on("listening", done))'],
  ['require("node:dns").promises.lookup("localhost")'],
  // Patched prototypes and options do not help.
  ['(() => { Array.prototype.includes = () => true; process.permission.has; return fs.promises.readFile(secret); })()',
    'FileSystemRead', secret],
];

const script = path.join(inside, 'main.js');
fs.writeFileSync(script, `
const fs = require('node:fs');
const path = require('node:path');
const url = require('node:url');
const { inside, outside, secret, denied, deniedLater } = JSON.parse(process.argv[2]);
const note = (error) => ({ code: error.code, permission: error.permission, resource: error.resource });
const results = [];
for (const code of denied) {
  let result;
  try {
    result = { value: String((0, eval)('(function(fs, path, url, require, inside, outside, secret) { return ' + code + '; })')(
      fs, path, url, require, inside, outside, secret)) };
  } catch (error) {
    result = note(error);
  }
  results.push(result);
}
(async () => {
  for (const code of deniedLater) {
    try {
      results.push({ value: String(await (0, eval)('(function(fs, require, inside, outside, secret) { return ' + code + '; })')(
        fs, require, inside, outside, secret)) });
    } catch (error) {
      results.push(note(error));
    }
  }
  results.push(process.permission.has('fs.read', secret), process.permission.has('fs.read', inside));
  fs.writeSync(1, JSON.stringify(results));
  process.exit();
})();
`);

const child = spawnSync(process.execPath, [
  '--no-warnings', '--permission', `--allow-fs-read=${inside}`, script,
  JSON.stringify({ inside, outside, secret, denied: denied.map(([code]) => code), deniedLater: deniedLater.map(([code]) => code) }),
], { encoding: 'utf8', cwd: inside });
assert.strictEqual(child.status, 0, child.stderr);
const results = JSON.parse(child.stdout);
for (const [code, permission, resource, errorCode] of [...denied, ...deniedLater]) {
  const result = results.shift();
  const isDenied = result.code === 'ERR_ACCESS_DENIED';
  if (errorCode !== undefined) assert.ok(result.code === errorCode || isDenied, `${code}: ${JSON.stringify(result)}`);
  else assert.ok(isDenied, `${code}: ${JSON.stringify(result)}`);
  if (isDenied && permission !== undefined) assert.strictEqual(result.permission, permission, code);
  if (isDenied && resource !== undefined) assert.strictEqual(result.resource, resource, code);
}
assert.deepStrictEqual(results, [false, true]);
assert.strictEqual(fs.readFileSync(secret, 'utf8'), 'secret');
assert.deepStrictEqual(fs.readdirSync(outside).sort(), ['secret.js', 'secret.txt']);
assert.deepStrictEqual(fs.readdirSync(inside).sort(), ['main.js', 'own.txt']);
