/** `perf_hooks.constants`: kinds and flags of 'gc' entries. Node docs: performanceNodeEntry.kind. */
'use strict';

module.exports = {
  NODE_PERFORMANCE_GC_MAJOR: 4,
  NODE_PERFORMANCE_GC_MINOR: 1,
  NODE_PERFORMANCE_GC_MINOR_MARK_SWEEP: 2,
  NODE_PERFORMANCE_GC_INCREMENTAL: 8,
  NODE_PERFORMANCE_GC_WEAKCB: 16,
  NODE_PERFORMANCE_GC_FLAGS_NO: 0,
  NODE_PERFORMANCE_GC_FLAGS_CONSTRUCT_RETAINED: 2,
  NODE_PERFORMANCE_GC_FLAGS_FORCED: 4,
  NODE_PERFORMANCE_GC_FLAGS_SYNCHRONOUS_PHANTOM_PROCESSING: 8,
  NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE: 16,
  NODE_PERFORMANCE_GC_FLAGS_ALL_EXTERNAL_MEMORY: 32,
  NODE_PERFORMANCE_GC_FLAGS_SCHEDULE_IDLE: 64,
};

require('internal/util').fixProperties(module.exports);

// Names that Node has, and hides.
['GC', 'HTTP', 'HTTP2', 'NET', 'DNS', 'QUIC'].forEach((name, value) => {
  Object.defineProperty(module.exports, `NODE_PERFORMANCE_ENTRY_TYPE_${name}`, { __proto__: null, value });
});
['TIME_ORIGIN_TIMESTAMP', 'TIME_ORIGIN', 'ENVIRONMENT', 'NODE_START', 'V8_START', 'LOOP_START', 'LOOP_EXIT',
  'BOOTSTRAP_COMPLETE'].forEach((name, value) => {
  Object.defineProperty(module.exports, `NODE_PERFORMANCE_MILESTONE_${name}`, { __proto__: null, value });
});
