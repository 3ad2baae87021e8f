// NODE_V8_COVERAGE: a file in the folder says how often functions and blocks ran.
'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coverage-'));
const program = path.join(folder, 'program.js');
fs.writeFileSync(program, 'function used(x) { if (x) return 1; return 2; }\nfunction unused() {}\nused(1); used(1);\n');
const { status } = spawnSync(process.execPath, [program], { env: { ...process.env, NODE_V8_COVERAGE: path.join(folder, 'out') } });
assert.strictEqual(status, 0);
const [name] = fs.readdirSync(path.join(folder, 'out'));
assert.match(name, /^coverage-\d+-\d+-0\.json$/);
const { result } = JSON.parse(fs.readFileSync(path.join(folder, 'out', name)));
const script = result.find(({ url }) => url.endsWith('/program.js'));
const counts = Object.fromEntries(script.functions.map(({ functionName, ranges }) => [functionName, ranges[0].count]));
assert.deepStrictEqual(counts, { '': 1, 'used': 2, 'unused': 0 });
fs.rmSync(folder, { recursive: true });
