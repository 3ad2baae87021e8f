/**
 * `node:v8`: figures of the heap and V8's serialization. Node docs: v8.
 *
 * The engine is another one: figures are its own, in V8's shape, and what only V8 has throws ERR_METHOD_NOT_IMPLEMENTED.
 */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED, ERR_NOT_BUILDING_SNAPSHOT },
} = require('internal/errors');
const {
  validateFunction, validateObject, validateOneOf, validateString, validateUint32,
} = require('internal/validators');
const { kEmptyObject } = require('internal/util');
const {
  DefaultDeserializer, DefaultSerializer, Deserializer, Serializer, deserialize, serialize,
} = require('internal/v8/serdes');
const flags = require('internal/v8/flags');

const { memoryUsage } = binding('process');

/** rss, heapTotal, heapUsed, external, arrayBuffers, in bytes. */
function memory() {
  const out = new Float64Array(5);
  memoryUsage(out);
  return { total: out[1], used: out[2], external: out[3], arrayBuffers: out[4] };
}

/** What the heap may grow to, in bytes, where no option says it. */
const HEAP_LIMIT_DEFAULT = 4 * 1024 ** 3;

function heapLimit() {
  const { getOptionValue } = require('internal/options');
  const megabytes = Number(getOptionValue('--max-old-space-size'));
  return megabytes > 0 ? megabytes * 1024 ** 2 : HEAP_LIMIT_DEFAULT;
}

/** Node docs: v8.getHeapStatistics(). The engine counts no handles and no executable bytes: they are 0. */
function getHeapStatistics() {
  const { total, used, external } = memory();
  const limit = heapLimit();
  return {
    total_heap_size: total,
    total_heap_size_executable: 0,
    total_physical_size: total,
    total_available_size: Math.max(limit - used, 0),
    used_heap_size: used,
    heap_size_limit: limit,
    malloced_memory: external,
    peak_malloced_memory: external,
    does_zap_garbage: 0,
    number_of_native_contexts: 1,
    number_of_detached_contexts: 0,
    total_global_handles_size: 0,
    used_global_handles_size: 0,
    external_memory: external,
    total_allocated_bytes: used + external,
  };
}

const spaces = [
  'read_only_space', 'new_space', 'old_space', 'code_space', 'shared_space', 'trusted_space', 'shared_trusted_space',
  'new_large_object_space', 'large_object_space', 'code_large_object_space', 'shared_large_object_space',
  'shared_trusted_large_object_space', 'trusted_large_object_space',
];

/** Node docs: v8.getHeapSpaceStatistics(). The engine has one heap: it is reported as the old space. */
function getHeapSpaceStatistics() {
  const { total, used } = memory();
  return spaces.map((space_name) => {
    const isHeap = space_name === 'old_space';
    return {
      space_name,
      space_size: isHeap ? total : 0,
      space_used_size: isHeap ? used : 0,
      space_available_size: isHeap ? Math.max(total - used, 0) : 0,
      physical_space_size: isHeap ? total : 0,
    };
  });
}

/** Node docs: v8.getHeapCodeStatistics(). The engine does not tell code from data. */
function getHeapCodeStatistics() {
  return {
    code_and_metadata_size: 0, bytecode_and_metadata_size: 0, external_script_source_size: 0, cpu_profiler_metadata_size: 0,
  };
}

/** Node docs: v8.setFlagsFromString(flags). */
function setFlagsFromString(text) {
  validateString(text, 'flags');
  flags.set(text);
}

/** Node docs: v8.cachedDataVersionTag(): differs between builds and sets of flags. */
function cachedDataVersionTag() {
  let hash = 0x811c9dc5;
  for (const char of `${process.version} ${process.arch} ${flags.all().join(' ')}`) {
    hash = Math.imul(hash ^ char.codePointAt(0), 0x01000193) >>> 0;
  }
  return hash;
}

/** Node docs: v8.isStringOneByteRepresentation(content). */
function isStringOneByteRepresentation(content) {
  validateString(content, 'content');
  for (let i = 0; i < content.length; i++) if (content.charCodeAt(i) > 0xff) return false;
  return true;
}

/** Node docs: v8.takeCoverage(). Without NODE_V8_COVERAGE there is nothing to do. */
function takeCoverage() {
  if (process.env.NODE_V8_COVERAGE) throw new ERR_METHOD_NOT_IMPLEMENTED('v8.takeCoverage()');
}

function stopCoverage() {
  if (process.env.NODE_V8_COVERAGE) throw new ERR_METHOD_NOT_IMPLEMENTED('v8.stopCoverage()');
}

function getHeapSnapshot(options) {
  if (options !== undefined) validateObject(options, 'options');
  throw new ERR_METHOD_NOT_IMPLEMENTED('v8.getHeapSnapshot()');
}

function writeHeapSnapshot(filename, options) {
  void filename;
  if (options !== undefined) validateObject(options, 'options');
  throw new ERR_METHOD_NOT_IMPLEMENTED('v8.writeHeapSnapshot()');
}

let snapshotLimitSet = false;

/** Node docs: v8.setHeapSnapshotNearHeapLimit(limit). The engine writes no snapshots. */
function setHeapSnapshotNearHeapLimit(limit) {
  validateUint32(limit, 'limit', true);
  if (snapshotLimitSet) return;
  snapshotLimitSet = true;
  throw new ERR_METHOD_NOT_IMPLEMENTED('v8.setHeapSnapshotNearHeapLimit()');
}

/** Node docs: v8.queryObjects(ctor[, options]). */
function queryObjects(ctor, options = kEmptyObject) {
  validateFunction(ctor, 'constructor');
  if (options !== kEmptyObject) validateObject(options, 'options');
  if (options.format !== undefined) validateOneOf(options.format, 'options.format', ['count', 'summary']);
  throw new ERR_METHOD_NOT_IMPLEMENTED('v8.queryObjects()');
}

function missing(name) {
  return { [name]() { throw new ERR_METHOD_NOT_IMPLEMENTED(`v8.${name}()`); } }[name];
}

/** Node docs: Class v8.GCProfiler. */
class GCProfiler {
  constructor() {
    throw new ERR_METHOD_NOT_IMPLEMENTED('v8.GCProfiler');
  }
}

function notBuilding() {
  throw new ERR_NOT_BUILDING_SNAPSHOT();
}

const startupSnapshot = {
  addDeserializeCallback(callback) {
    notBuilding(callback);
  },
  addSerializeCallback(callback) {
    notBuilding(callback);
  },
  setDeserializeMainFunction(callback) {
    notBuilding(callback);
  },
  isBuildingSnapshot() {
    return false;
  },
};

function promiseHook(name, argument) {
  return (hook) => {
    if (typeof hook !== 'function') throw new ERR_INVALID_ARG_TYPE(argument, 'function', hook);
    throw new ERR_METHOD_NOT_IMPLEMENTED(`v8.promiseHooks.${name}()`);
  };
}

const promiseHooks = {
  createHook(hooks = kEmptyObject) {
    for (const name of ['init', 'before', 'after', 'settled']) {
      if (hooks[name] !== undefined) validateFunction(hooks[name], `${name}Hook`);
    }
    throw new ERR_METHOD_NOT_IMPLEMENTED('v8.promiseHooks.createHook()');
  },
  onInit: promiseHook('onInit', 'initHook'),
  onBefore: promiseHook('onBefore', 'beforeHook'),
  onAfter: promiseHook('onAfter', 'afterHook'),
  onSettled: promiseHook('onSettled', 'settledHook'),
};

module.exports = {
  cachedDataVersionTag,
  getHeapSnapshot,
  getHeapStatistics,
  getHeapSpaceStatistics,
  getHeapCodeStatistics,
  getCppHeapStatistics: missing('getCppHeapStatistics'),
  setFlagsFromString,
  Serializer,
  Deserializer,
  DefaultSerializer,
  DefaultDeserializer,
  deserialize,
  takeCoverage,
  stopCoverage,
  serialize,
  writeHeapSnapshot,
  promiseHooks,
  queryObjects,
  startupSnapshot,
  setHeapSnapshotNearHeapLimit,
  setHeapProfileNearHeapLimit: missing('setHeapProfileNearHeapLimit'),
  GCProfiler,
  isStringOneByteRepresentation,
  startCpuProfile: missing('startCpuProfile'),
  startHeapProfile: missing('startHeapProfile'),
};
