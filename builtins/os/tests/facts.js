// Every fact is there, of its type, and stands for itself as a primitive.
'use strict';
const assert = require('node:assert');
const os = require('node:os');

for (const name of ['arch', 'endianness', 'homedir', 'hostname', 'machine', 'platform', 'release', 'tmpdir', 'type', 'version']) {
  assert.strictEqual(typeof os[name](), 'string', name);
  assert.strictEqual(`${os[name]}`, os[name](), name);
}
assert.ok(os.totalmem() >= os.freemem() && os.freemem() > 0);
assert.ok(os.uptime() > 0);
assert.strictEqual(os.loadavg().length, 3);
assert.ok(os.cpus().length >= os.availableParallelism());
assert.deepStrictEqual(Object.keys(os.cpus()[0].times), ['user', 'nice', 'sys', 'idle', 'irq']);
for (const list of Object.values(os.networkInterfaces())) {
  for (const { address, family, cidr } of list) {
    assert.ok(cidr.startsWith(`${address}/`));
    assert.strictEqual(require('node:net').isIP(address), family === 'IPv4' ? 4 : 6);
  }
}
const info = os.userInfo();
assert.strictEqual(info.uid, process.getuid());
assert.strictEqual(os.userInfo({ encoding: 'buffer' }).username.toString(), info.username);
assert.strictEqual(os.constants.signals.SIGINT, 2);
assert.throws(() => { os.constants.signals.SIGINT = 3; }, TypeError);
