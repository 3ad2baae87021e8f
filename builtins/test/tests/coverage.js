'use strict';
// Coverage counts lines, branches and functions of what the tests ran, in this process and in one per file.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coverage-test-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

fs.writeFileSync(path.join(folder, 'code.js'), `'use strict';
function used(x) {
  if (x === 1) {
    return 'one';
  }
  return 'more';
}

function unused() {
  return 0;
}

/* node:coverage ignore next 3 */
function ignored() {
  return 0;
}

module.exports = { used };
`);
fs.writeFileSync(path.join(folder, 'a.test.js'), `
const { test } = require('node:test');
const { used } = require('./code.js');
test('a', () => used(1));
`);
fs.writeFileSync(path.join(folder, 'b.test.js'), `
const { test } = require('node:test');
const { used } = require('./code.js');
test('b', () => used(2));
`);

function run(args, env) {
  const { NODE_V8_COVERAGE, NODE_TEST_CONTEXT, ...rest } = process.env;
  return spawnSync(process.execPath, ['--experimental-test-coverage', '--test-reporter=tap', ...args], {
    cwd: folder, encoding: 'utf8', env: { ...rest, ...env },
  });
}

const one = run(['a.test.js']);
assert.strictEqual(one.stderr, '');
assert.strictEqual(one.status, 0);
assert.ok(one.stdout.includes([
  '# start of coverage report',
  '# ----------------------------------------------------------',
  '# file      | line % | branch % | funcs % | uncovered lines',
  '# ----------------------------------------------------------',
  '# code.js   |  77.78 |    66.67 |   66.67 | 6 9-11',
].join('\n')), one.stdout);

// Two processes add up.
const both = run(['--test']);
assert.ok(both.stdout.includes('# code.js   |  83.33 |   100.00 |   66.67 | 9-11'), both.stdout);
assert.strictEqual(both.status, 0);

const strict = run(['--test', '--test-coverage-lines=90', '--test-coverage-functions=50']);
assert.strictEqual(strict.status, 1);
assert.match(strict.stdout, /^# Error: 83\.33% line coverage does not meet threshold of 90%\.$/m);
assert.doesNotMatch(strict.stdout, /function coverage does not/);

// Test files count where they are asked for, and a file can be left out.
const chosen = run(['--test', '--test-coverage-include=*.test.js', '--test-coverage-exclude=b*', '--test-reporter=lcov',
  '--test-reporter-destination=stdout', '--test-reporter-destination=lcov.info']);
assert.match(chosen.stdout, /^# a\.test\.js \| 100\.00 \|/m);
assert.doesNotMatch(chosen.stdout, /code\.js|b\.test\.js/);
const lcov = fs.readFileSync(path.join(folder, 'lcov.info'), 'utf8');
assert.match(lcov, /^TN:\nSF:a\.test\.js\nFN:4,anonymous_0\nFNDA:1,anonymous_0\nFNF:1\nFNH:1\nBRDA:1,0,0,1\nBRDA:4,1,0,1\n/);

const bad = run(['--test-coverage-lines=101', 'a.test.js']);
assert.match(bad.stderr, /ERR_OUT_OF_RANGE[^]*The value of "--test-coverage-lines" is out of range\. It must be >= 0 && <= 100\. Received 101/);

// The folder that the user names keeps the reports.
run(['a.test.js'], { NODE_V8_COVERAGE: path.join(folder, 'raw') });
assert.ok(fs.readdirSync(path.join(folder, 'raw')).some((name) => /^coverage-\d+-\d{13}-0\.json$/.test(name)));
