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
const { emitExperimentalWarning, kEmptyObject } = require('internal/util');
const {
  DefaultDeserializer, DefaultSerializer, Deserializer, Serializer, deserialize, serialize,
} = require('internal/v8/serdes');
const flags = require('internal/v8/flags');
const { checkSnapshotOptions, snapshotStream } = require('internal/v8/heap_snapshot');

const { memoryUsage } = binding('process');
const { heapSnapshot, instanceFinder } = binding('v8');

/** rss, heapTotal, heapUsed, external, arrayBuffers, in bytes. */
function memory() {
  const out = new Float64Array(5);
  memoryUsage(out);
  return { total: out[1], used: out[2], external: out[3], arrayBuffers: out[4] };
}

/** What the heap may grow to, in bytes, where no option says it. */
const HEAP_LIMIT_DEFAULT = 4 * 1024 ** 3;
/** The most that the space of new values takes, where no option says it. */
const YOUNG_DEFAULT = 16 * 1024 ** 2;

function heapLimit() {
  const own = require('internal/loader').cache.get('internal/worker_threads/self')?.exports.limits.maxOldGenerationSizeMb ?? 0;
  if (own > 0) return own * 1024 ** 2;
  const [heap, young] = binding('options').heapLimit();
  return (heap ?? HEAP_LIMIT_DEFAULT) + (young ?? YOUNG_DEFAULT);
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
      // Chunks of the engine hold cells of all kinds: what counts here are those that are in use.
      space_size: isHeap ? used : 0,
      space_used_size: isHeap ? used : 0,
      space_available_size: isHeap ? Math.max(total - used, 0) : 0,
      physical_space_size: isHeap ? used : 0,
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
  if (isMeasuring()) require('internal/v8/coverage').write();
}

/** Node docs: v8.stopCoverage(). */
function stopCoverage() {
  if (isMeasuring()) require('internal/v8/coverage').stop();
}

function isMeasuring() {
  return process.env.NODE_V8_COVERAGE && require('internal/v8/coverage').isStarted();
}

/** Node docs: v8.getHeapSnapshot([options]). */
function getHeapSnapshot(options) {
  checkSnapshotOptions(options);
  return snapshotStream(heapSnapshot());
}

let snapshots = 0;

/** `Heap.20261129.031500.1234.0.001.heapsnapshot` */
function snapshotName() {
  const date = new Date();
  const two = (number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
  const { threadId } = require('worker_threads');
  return `Heap.${day}.${time}.${process.pid}.${threadId}.${String(++snapshots).padStart(3, '0')}.heapsnapshot`;
}

/** Node docs: v8.writeHeapSnapshot([filename[, options]]). */
function writeHeapSnapshot(filename, options) {
  if (filename !== undefined) filename = require('internal/fs/utils').toPath(filename);
  checkSnapshotOptions(options);
  filename = filename === undefined ? snapshotName() : `${filename}`;
  require('fs').writeFileSync(filename, heapSnapshot());
  return filename;
}


/** Node docs: v8.setHeapSnapshotNearHeapLimit(limit). The engine writes no snapshots. */
function setHeapSnapshotNearHeapLimit(limit) {
  validateUint32(limit, 'limit', true);
  throw new ERR_METHOD_NOT_IMPLEMENTED('v8.setHeapSnapshotNearHeapLimit()');
}

/** Node docs: v8.queryObjects(ctor[, options]). */
function queryObjects(ctor, options = kEmptyObject) {
  validateFunction(ctor, 'constructor');
  if (options !== kEmptyObject) validateObject(options, 'options');
  const { format = 'count' } = options;
  validateOneOf(format, 'options.format', ['count', 'summary']);
  emitExperimentalWarning('v8.queryObjects()');
  const { prototype } = ctor;
  const found = prototype === null || typeof prototype !== 'object' ? [] : Array.from(instanceFinder()(prototype));
  if (format === 'count') return found.length;
  const { inspect } = require('util');
  return found.map((object) => inspect(object, { depth: 0 }));
}

/** Node docs: v8.setHeapProfileNearHeapLimit(limit). The engine tells nobody that its heap is nearly full. */
function setHeapProfileNearHeapLimit(limit) {
  validateUint32(limit, 'limit', true);
  throw new ERR_METHOD_NOT_IMPLEMENTED('v8.setHeapProfileNearHeapLimit()');
}

/** A class of handles that end a profile, one class per kind as in Node. */
function profileHandle(name) {
  return { [name]: class {
    #end;

    constructor() {
      this.#end = arguments[0];
    }

    /** The profile as JSON; nothing if it was stopped before. */
    stop() {
      const end = this.#end;
      this.#end = undefined;
      return end?.();
    }

    [Symbol.dispose]() {
      this.stop();
    }
  } }[name];
}

/** Node docs: Class SyncCPUProfileHandle. */
const SyncCPUProfileHandle = profileHandle('SyncCPUProfileHandle');
/** Node docs: Class SyncHeapProfileHandle. */
const SyncHeapProfileHandle = profileHandle('SyncHeapProfileHandle');

/** Node docs: v8.startCpuProfile([options]). */
function startCpuProfile(options) {
  const { checkCpuOptions, startCpu } = require('internal/v8/profiles');
  return new SyncCPUProfileHandle(startCpu(checkCpuOptions(options)));
}

/** Node docs: v8.startHeapProfile([options]). */
function startHeapProfile(options) {
  const { checkHeapOptions, startHeap } = require('internal/v8/profiles');
  return new SyncHeapProfileHandle(startHeap(checkHeapOptions(options)));
}

/** Figures of one moment in the shape of the profiler's. */
function profiledHeap({ used, total, malloced }) {
  const limit = heapLimit();
  const spaces = getHeapSpaceStatistics();
  return {
    heapStatistics: {
      totalHeapSize: total,
      totalHeapSizeExecutable: 0,
      totalPhysicalSize: total,
      totalAvailableSize: Math.max(limit - used, 0),
      totalGlobalHandlesSize: 0,
      usedGlobalHandlesSize: 0,
      usedHeapSize: used,
      heapSizeLimit: limit,
      mallocedMemory: malloced,
      externalMemory: 0,
      peakMallocedMemory: malloced,
    },
    heapSpaceStatistics: spaces.map(({ space_name }) => {
      const isHeap = space_name === 'old_space';
      return {
        spaceName: space_name,
        spaceSize: isHeap ? total : 0,
        spaceUsedSize: isHeap ? used : 0,
        spaceAvailableSize: isHeap ? Math.max(total - used, 0) : 0,
        physicalSpaceSize: isHeap ? total : 0,
      };
    }),
  };
}

/** Node docs: Class v8.GCProfiler. */
class GCProfiler {
  #listener;
  #startTime;
  #events = [];

  start() {
    if (this.#listener !== undefined) return;
    this.#startTime = Date.now();
    this.#events = [];
    this.#listener = (event) => this.#events.push(event);
    require('internal/perf_hooks/gc').listen(this.#listener);
  }

  stop() {
    if (this.#listener === undefined) return undefined;
    const gc = require('internal/perf_hooks/gc');
    gc.deliver();
    gc.forget(this.#listener);
    this.#listener = undefined;
    return {
      version: 1,
      startTime: this.#startTime,
      endTime: Date.now(),
      statistics: this.#events.map(({ major, duration, before, after }) => ({
        gcType: major ? 'MarkSweepCompact' : 'Scavenge',
        beforeGC: profiledHeap(before),
        cost: duration * 1000,
        afterGC: profiledHeap(after),
      })),
    };
  }

  [Symbol.dispose]() {
    this.stop();
  }
}

/** Node docs: v8.getCppHeapStatistics([detailLevel]). The engine has no heap of C++ objects: there is nothing in it. */
function getCppHeapStatistics(type = 'detailed') {
  validateOneOf(type, 'type', ['brief', 'detailed']);
  return {
    __proto__: null, committed_size_bytes: 0, resident_size_bytes: 0, used_size_bytes: 0, space_statistics: [], type_names: [],
    detail_level: type,
  };
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

/** A hook runs in the middle of other code: it cannot wait. */
function validatePlainFunction(value, name) {
  validateFunction(value, name);
  const { isAsyncFunction } = require('util').types;
  if (isAsyncFunction(value)) throw new ERR_INVALID_ARG_TYPE(name, 'function', value);
}

function promiseHook(name) {
  return { [`on${name[0].toUpperCase()}${name.slice(1)}`](hook) {
    validatePlainFunction(hook, `${name}Hook`);
    return require('internal/async_hooks/promises').listen({ [name]: hook });
  } }[`on${name[0].toUpperCase()}${name.slice(1)}`];
}

/** Node docs: "Promise hooks". */
const promiseHooks = {
  createHook(hooks = kEmptyObject) {
    const { init, before, after, settled } = hooks;
    const listener = { init, before, after, settled };
    for (const name of Object.keys(listener)) {
      if (listener[name] === undefined) delete listener[name];
      else validatePlainFunction(listener[name], `${name}Hook`);
    }
    return require('internal/async_hooks/promises').listen(listener);
  },
  onInit: promiseHook('init'),
  onBefore: promiseHook('before'),
  onAfter: promiseHook('after'),
  onSettled: promiseHook('settled'),
};

module.exports = {
  cachedDataVersionTag,
  getHeapSnapshot,
  getHeapStatistics,
  getHeapSpaceStatistics,
  getHeapCodeStatistics,
  getCppHeapStatistics,
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
  setHeapProfileNearHeapLimit,
  GCProfiler,
  isStringOneByteRepresentation,
  startCpuProfile,
  startHeapProfile,
};
