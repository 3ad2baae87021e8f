// Marks and measures are kept, found and cleared; bad ones are refused.
'use strict';
const assert = require('node:assert');
const { performance, PerformanceMark } = require('node:perf_hooks');

const a = performance.mark('a', { detail: { x: 1 } });
assert.ok(a instanceof PerformanceMark);
assert.deepStrictEqual(a.detail, { x: 1 });
performance.mark('b', { startTime: a.startTime + 5 });
assert.strictEqual(performance.measure('m', 'a', 'b').duration, a.startTime + 5 - a.startTime);
assert.strictEqual(performance.measure('m', { start: 1, duration: 2 }).startTime, 1);
assert.deepStrictEqual(performance.getEntriesByType('mark').map((entry) => entry.name), ['a', 'b']);
assert.strictEqual(performance.getEntriesByName('m').length, 2);
performance.clearMarks('a');
assert.throws(() => performance.measure('x', 'a'), { name: 'SyntaxError', code: 12 });
assert.throws(() => performance.mark('x', { startTime: -1 }), { code: 'ERR_PERFORMANCE_INVALID_TIMESTAMP' });
assert.throws(() => performance.measure('x', { start: 1, end: 2, duration: 3 }),
              { code: 'ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS' });
assert.throws(() => performance.now.call({}), { code: 'ERR_INVALID_THIS' });
assert.ok(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 1000);
