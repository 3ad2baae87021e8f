'use strict';
// --trace-sync-io: synchronous work of the first run is silent, what comes later is told with its stack.
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');

if (process.argv[2] === 'early') {
  fs.statSync(__filename);
} else if (process.argv[2] === 'late') {
  setImmediate(() => {
    fs.statSync(__filename);
    fs.stat(__filename, () => {});
    fs.existsSync(__filename);
    require('zlib').gzipSync('x');
  });
} else {
  const warnings = (flags, kind) => {
    const { stderr } = spawnSync(process.execPath, [...flags, __filename, kind], { encoding: 'utf8' });
    return stderr.match(/WARNING: Detected use of sync API\n {4}at .*/g)?.map((text) => text.split('at ')[1].split(' ')[0]) ?? [];
  };
  assert.deepStrictEqual(warnings([], 'late'), []);
  assert.deepStrictEqual(warnings(['--trace-sync-io'], 'early'), []);
  const late = warnings(['--trace-sync-io'], 'late');
  assert.strictEqual(late[0], 'statSync');
  assert.strictEqual(late.length, 2);
}
