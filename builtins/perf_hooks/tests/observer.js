// Observers get what comes after, and with `buffered` what was before.
'use strict';
const assert = require('node:assert');
const { performance, PerformanceObserver } = require('node:perf_hooks');

performance.mark('early');
const seen = [];
const observer = new PerformanceObserver((list, self) => {
  assert.strictEqual(self, observer);
  seen.push(...list.getEntries().map((entry) => entry.name));
});
observer.observe({ type: 'mark', buffered: true });
observer.observe({ type: 'function' });
performance.mark('late');
performance.timerify(function add(a, b) { return a + b; })(1, 2);
assert.deepStrictEqual(seen, []);
process.on('exit', () => assert.deepStrictEqual(seen.sort(), ['add', 'early', 'late']));
assert.throws(() => observer.observe({ entryTypes: ['mark'] }), { name: 'InvalidModificationError' });
setImmediate(() => setImmediate(() => observer.disconnect()));
