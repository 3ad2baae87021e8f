// Workers of a primary that can be debugged get ports of their own: counted from the primary's, or as settings.inspectPort says.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const cluster = require('node:cluster');

const mode = process.argv[2];
if (cluster.isWorker) {
  process.send(process.debugPort, () => process.exit());
} else if (mode === undefined) {
  const run = (name) => JSON.parse(spawnSync(process.execPath, ['--inspect-port=24100', __filename, name], { encoding: 'utf8' }).stdout);
  assert.deepStrictEqual(run('counted'), [24101, 24102]);
  assert.deepStrictEqual(run('number'), [23456, 23456]);
  assert.deepStrictEqual(run('function'), [23401, 23402]);
  // Without such an option nobody counts.
  assert.deepStrictEqual(JSON.parse(spawnSync(process.execPath, [__filename, 'number'], { encoding: 'utf8' }).stdout), [9229, 9229]);
} else {
  let next = 23400;
  if (mode === 'number') cluster.setupPrimary({ inspectPort: 23456 });
  if (mode === 'function') cluster.setupPrimary({ inspectPort: () => ++next });
  const ports = [];
  const start = () => cluster.fork().on('message', (port) => ports.push(port)).on('exit', () => {
    if (ports.length < 2) start();
    else console.log(JSON.stringify(ports));
  });
  start();
}
