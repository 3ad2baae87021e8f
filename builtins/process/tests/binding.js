// process.binding answers what Node still lets user land reach, the same object each time, and throws for the rest.
'use strict';
const assert = require('node:assert');
process.removeAllListeners('warning');
for (const name of ['buffer', 'cares_wrap', 'config', 'constants', 'contextify', 'fs', 'fs_event_wrap', 'icu', 'js_stream', 'natives', 'os', 'pipe_wrap', 'process_wrap',
  'spawn_sync', 'stream_wrap', 'tcp_wrap', 'tls_wrap', 'tty_wrap', 'udp_wrap', 'util', 'uv', 'zlib']) {
  assert.strictEqual(typeof process.binding(name), 'object', name);
}
assert.strictEqual(process.binding('uv').UV_EOF, -4095);
assert.strictEqual(typeof process.binding('natives').fs, 'string');
assert.strictEqual(typeof process.binding('tcp_wrap').TCP, 'function');
assert.strictEqual(process.binding('constants').os.signals.SIGINT, 2);
assert.strictEqual(process.binding('util').isDate(new Date()), true);
for (const name of ['crypto', 'http_parser', 'timer_wrap', 'v8', 'nothing', undefined]) {
  assert.throws(() => process.binding(name), { name: 'Error', message: `No such module: ${name}` });
}
assert.throws(() => process._linkedBinding('nothing'), { code: 'ERR_INVALID_MODULE', message: 'No such binding was linked: nothing' });
