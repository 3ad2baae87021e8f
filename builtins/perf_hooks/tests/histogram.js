// A histogram counts with three significant digits.
'use strict';
const assert = require('node:assert');
const { createHistogram, monitorEventLoopDelay } = require('node:perf_hooks');

const histogram = createHistogram();
assert.ok(Number.isNaN(histogram.mean));
for (let value = 1000; value <= 100_000; value += 1000) histogram.record(value);
histogram.record(123456789n);
assert.strictEqual(histogram.count, 101);
assert.strictEqual(histogram.min, 1000);
assert.strictEqual(histogram.max, 123469823);
assert.strictEqual(histogram.mean, 1272152.6534653464);
assert.strictEqual(histogram.percentile(50), 51007);
assert.strictEqual(histogram.percentiles.get(75), 75968);
assert.strictEqual(histogram.percentilesBigInt.get(100), 123404288n);
histogram.reset();
assert.strictEqual(histogram.count, 0);
for (const bad of [0, 1.5, -1]) assert.throws(() => histogram.record(bad), { code: 'ERR_OUT_OF_RANGE' });
assert.throws(() => histogram.record('1'), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => createHistogram({ figures: 6 }), { code: 'ERR_OUT_OF_RANGE' });

const delay = monitorEventLoopDelay({ resolution: 1 });
assert.strictEqual(delay.enable(), true);
assert.strictEqual(delay.enable(), false);
setTimeout(() => {
  assert.ok(delay.count > 0 && delay.min > 0);
  assert.strictEqual(delay.disable(), true);
}, 50);
