// Compiles an addon of this folder and loads it. Needs a C compiler, and Node-API's headers: from $NODE_API_HEADERS, else the npm
// package `node-api-headers`, kept in the system's temporary folder. Without them a test passes as skipped.
'use strict';
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

function headers() {
  if (process.env.NODE_API_HEADERS) return process.env.NODE_API_HEADERS;
  const root = path.join(os.tmpdir(), 'node-api-headers-cache');
  const include = path.join(root, 'node_modules/node-api-headers/include');
  if (!fs.existsSync(include)) {
    fs.mkdirSync(root, { recursive: true });
    spawnSync('npm', ['install', '--prefix', root, '--no-audit', '--no-fund', 'node-api-headers'], { stdio: 'ignore' });
  }
  return fs.existsSync(include) ? include : undefined;
}

/** The path of the compiled addon `name`. */
exports.build = function build(name, defines = []) {
  const compiler = ['cc', 'gcc', 'clang', 'clang-19'].find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
  const include = headers();
  if (compiler === undefined || include === undefined) {
    console.log('skipped: no C compiler, or no headers of Node-API');
    process.exit(0);
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'napi-test-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, `${name}.node`);
  const source = path.join(__dirname, `${name}.c`);
  execFileSync(compiler, ['-shared', '-fPIC', '-O1', '-pthread', '-w', ...defines.map((define) => `-D${define}`), `-I${include}`, source, '-o', file]);
  return file;
};

/** With NAPI_TEST_GC each call of the addon has a collection before and after it: see stress.js. */
exports.load = (name, defines) => {
  const addon = require(exports.build(name, defines));
  if (!process.env.NAPI_TEST_GC) return addon;
  require('node:v8').setFlagsFromString('--expose-gc');
  const gc = globalThis.gc ?? require('node:vm').runInNewContext('gc');
  for (const [key, fn] of Object.entries(addon)) {
    if (fn.prototype !== undefined && Object.keys(fn).length > 0) continue;
    addon[key] = function(...args) {
      gc();
      const result = Reflect.apply(fn, this, args);
      gc();
      return result;
    };
  }
  return addon;
};
