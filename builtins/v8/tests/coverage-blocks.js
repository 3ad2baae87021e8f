// NODE_V8_COVERAGE: what counts as a block, to the character. Literals, empty blocks and what follows a statement have no code of
// their own to be counted by.
'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coverage-blocks-'));

/** The text and count of each block of the first function of `source`. */
function blocksOf(source) {
  const program = path.join(folder, 'program.js');
  fs.writeFileSync(program, source);
  const out = fs.mkdtempSync(path.join(folder, 'out-'));
  assert.strictEqual(spawnSync(process.execPath, [program], { env: { ...process.env, NODE_V8_COVERAGE: out } }).status, 0);
  const { result } = JSON.parse(fs.readFileSync(path.join(out, fs.readdirSync(out)[0]), 'utf8'));
  const { functions } = result.find(({ url }) => url.endsWith('/program.js'));
  const { ranges } = functions.find(({ functionName }) => functionName === 'f');
  return ranges.slice(1).map(({ startOffset, endOffset, count }) => [source.slice(startOffset, endOffset), count]);
}

const cases = [
  ['function f(x) { return x ? "a" : "b"; } f(1);', [[': "b"', 0]]],
  ['function f(x) { return x || 1; } f(1);', [['|| 1', 0]]],
  ['function f(x) { return x?.y; } f();', [['?.y', 0]]],
  ['function f(x) { if (x) return 1; return 2; } f(1);', [[' return 2; ', 0]]],
  ['function f(x) { return 1; g(); } f();', [[' g(); ', 0]]],
  ['function f(x) { for (let i = 0; i < 3; i++) { if (i) continue; g(); } } function g() {} f();',
    [['{ if (i) continue; g(); }', 3], ['continue;', 2], [' g(); }', 1]]],
  ['function f(x) { try { g(); } catch { g(); } finally { g(); } } function g() {} f();', [['catch { g(); }', 0]]],
  ['function f(x) { g(); h(); } function g() { throw 1; } function h() {} try { f(); } catch {}', []],
  ['async function f(x) { await new Promise(() => {}); g(); } f();', [[' g(); ', 0]]],
  ['function* f(x) { yield 1; g(); } f().next();', [[' g(); ', 0]]],
];
for (const [source, want] of cases) assert.deepStrictEqual(blocksOf(source), want, source);
fs.rmSync(folder, { recursive: true });
