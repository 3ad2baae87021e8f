// Options are checked, imports wait for the start, and functions report errors as numbers.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { WASI } = require('node:wasi');

for (const [options, code] of [[undefined, 'ERR_INVALID_ARG_TYPE'], [{}, 'ERR_INVALID_ARG_TYPE'], [{ version: 'x' }, 'ERR_INVALID_ARG_VALUE'], [{ version: 'preview1', args: 5 }, 'ERR_INVALID_ARG_TYPE'],
  [{ version: 'preview1', env: 5 }, 'ERR_INVALID_ARG_TYPE'], [{ version: 'preview1', preopens: 5 }, 'ERR_INVALID_ARG_TYPE'], [{ version: 'preview1', returnOnExit: 5 }, 'ERR_INVALID_ARG_TYPE'],
  [{ version: 'preview1', stdin: -1 }, 'ERR_OUT_OF_RANGE'], [{ version: 'preview1', stdout: 'x' }, 'ERR_INVALID_ARG_TYPE']]) {
  assert.throws(() => new WASI(options), { code }, JSON.stringify(options));
}
assert.deepStrictEqual(Object.keys(new WASI({ version: 'unstable' }).getImportObject()), ['wasi_unstable']);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wasi-test-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
fs.mkdirSync(path.join(folder, 'in'));
fs.writeFileSync(path.join(folder, 'secret'), 'secret');
fs.symlinkSync('../secret', path.join(folder, 'in/out'));
fs.writeFileSync(path.join(folder, 'in/file'), 'hello');

const wasi = new WASI({ version: 'preview1', args: ['a', 'bc'], env: { X: '1' }, preopens: { '/data': path.join(folder, 'in') } });
const { wasiImport: w } = wasi;
assert.throws(() => w.sched_yield(), { code: 'ERR_WASI_NOT_STARTED' });
const memory = new WebAssembly.Memory({ initial: 1 });
assert.throws(() => wasi.initialize(), { code: 'ERR_INVALID_ARG_TYPE' });
// The empty module, with exports that say otherwise.
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
Object.defineProperty(instance, 'exports', { value: { memory, _initialize() {} } });
wasi.initialize(instance);
assert.throws(() => wasi.initialize(instance), { code: 'ERR_WASI_ALREADY_STARTED' });

const view = new DataView(memory.buffer);
const text = (at, length) => Buffer.from(memory.buffer, at, length).toString();
const put = (at, string) => { Buffer.from(memory.buffer).write(string, at); return [at, Buffer.byteLength(string)]; };
assert.strictEqual(w.args_sizes_get(0, 4), 0);
assert.deepStrictEqual([view.getUint32(0, true), view.getUint32(4, true)], [2, 5]);
assert.strictEqual(w.args_get(0, 100), 0);
assert.strictEqual(text(100, 5), 'a\0bc\0');
assert.strictEqual(w.environ_get(0, 100), 0);
assert.strictEqual(text(100, 4), 'X=1\0');
assert.strictEqual(w.fd_prestat_dir_name(3, 200, 5), 0);
assert.strictEqual(text(200, 5), '/data');
assert.strictEqual(w.clock_time_get(0, 0n, 0), 0);
assert.ok(Math.abs(Number(view.getBigUint64(0, true) / 1000000n) - Date.now()) < 5000);
assert.strictEqual(w.random_get(0, 16), 0);

const READ = 2n | 4n | 32n;
assert.strictEqual(w.path_open(3, 1, ...put(300, 'file'), 0, READ, 0n, 0, 0), 0);
const fd = view.getUint32(0, true);
view.setUint32(400, 500, true);
view.setUint32(404, 3, true);
assert.strictEqual(w.fd_read(fd, 400, 1, 0), 0);
assert.strictEqual(text(500, view.getUint32(0, true)), 'hel');
assert.strictEqual(w.fd_tell(fd, 0), 0);
assert.strictEqual(view.getBigUint64(0, true), 3n);
assert.strictEqual(w.fd_seek(fd, -2n, 2, 0), 0);
assert.strictEqual(w.fd_read(fd, 400, 1, 0), 0);
assert.strictEqual(text(500, view.getUint32(0, true)), 'lo');
assert.strictEqual(w.fd_write(fd, 400, 1, 0), 76, 'no right to write');
assert.strictEqual(w.fd_close(fd), 0);
assert.strictEqual(w.fd_close(fd), 8);
for (const [name, errno] of [['../secret', 76], ['out', 76], ['none', 44], ['/etc/passwd', 76], ['file/x', 54]]) {
  assert.strictEqual(w.path_open(3, 1, ...put(300, name), 0, READ, 0n, 0, 0), errno, name);
}
assert.strictEqual(w.path_create_directory(3, ...put(300, 'new')), 0);
assert.strictEqual(w.path_create_directory(3, ...put(300, 'new')), 20);
assert.ok(fs.statSync(path.join(folder, 'in/new')).isDirectory());
assert.strictEqual(w.path_remove_directory(3, ...put(300, 'new')), 0);
assert.strictEqual(w.path_unlink_file(3, ...put(300, 'file')), 0);
assert.ok(!fs.existsSync(path.join(folder, 'in/file')));
assert.strictEqual(w.args_get(1 << 20, 0), 61, 'outside of the memory');
