/**
 * CPU and heap profiles that code starts and stops: what v8.startCpuProfile, v8.startHeapProfile and a worker's methods of these names
 * share. The inspector's agent makes them.
 */
'use strict';

const { validateBoolean, validateInteger, validateNumber, validateObject, validateUint32 } = require('internal/validators');

/** Milliseconds: the engine's timer counts microseconds in 31 bits. */
const CPU_INTERVAL_MAX_MS = 2147483.647;
/** The interval that 0 stands for, in microseconds. Node docs: --cpu-prof-interval. */
const CPU_INTERVAL_DEFAULT_US = 1000;
const SAMPLES_MAX = 0xffffffff;
/** Node docs: v8.startHeapProfile, "sampleInterval" in bytes and "stackDepth". */
const HEAP_INTERVAL_DEFAULT = 512 * 1024;
const STACK_DEPTH_DEFAULT = 16;
const STACK_DEPTH_MAX = 2 ** 31 - 1;

/** Node docs: v8.startCpuProfile. Returns what startCpu() takes. */
function checkCpuOptions(options) {
  if (options === undefined) options = {};
  else validateObject(options, 'options');
  const { sampleInterval = 0, maxBufferSize = SAMPLES_MAX } = options;
  validateNumber(sampleInterval, 'options.sampleInterval', 0, CPU_INTERVAL_MAX_MS);
  validateNumber(maxBufferSize, 'options.maxBufferSize', 1, SAMPLES_MAX);
  return { sampleInterval, maxBufferSize };
}

/** Node docs: v8.startHeapProfile. Returns what startHeap() takes. */
function checkHeapOptions(options) {
  if (options === undefined) options = {};
  else validateObject(options, 'options');
  const {
    sampleInterval = HEAP_INTERVAL_DEFAULT, stackDepth = STACK_DEPTH_DEFAULT, forceGC = false,
    includeObjectsCollectedByMajorGC = false, includeObjectsCollectedByMinorGC = false,
  } = options;
  validateInteger(sampleInterval, 'options.sampleInterval', 1);
  validateInteger(stackDepth, 'options.stackDepth', 0, STACK_DEPTH_MAX);
  validateBoolean(forceGC, 'options.forceGC');
  validateBoolean(includeObjectsCollectedByMajorGC, 'options.includeObjectsCollectedByMajorGC');
  validateBoolean(includeObjectsCollectedByMinorGC, 'options.includeObjectsCollectedByMinorGC');
  return { sampleInterval, stackDepth, forceGC };
}

function agent() {
  const host = require('internal/inspector/host');
  return host.agent ?? host.getAgent();
}

/** Returns what ends the profile: a function to its JSON. */
function startCpu({ sampleInterval, maxBufferSize }) {
  const { profiler } = agent();
  const run = profiler.begin(sampleInterval > 0 ? Math.max(sampleInterval * 1000, 1) : CPU_INTERVAL_DEFAULT_US);
  return () => profiler.endText(run, maxBufferSize);
}

let heapIsRunning = false;

/** As startCpu. A thread has one heap profile at a time: `refusal` is what is said of another. */
function startHeap({ sampleInterval, stackDepth, forceGC }, refusal = 'Heap profile has been started') {
  if (heapIsRunning) throw Object.assign(new Error(refusal), { code: 'ERR_HEAP_PROFILE_HAVE_BEEN_STARTED' });
  const { heap } = agent();
  if (forceGC) binding('process').collectGarbage();
  heap.startSampling({ samplingInterval: sampleInterval }, stackDepth);
  heapIsRunning = true;
  return () => {
    heapIsRunning = false;
    return heap.stopText();
  };
}

/** Of another thread: profiles that run, by number. */
const running = new Map();
let last = 0;

/** A profile that another thread will stop by the number that this returns. */
function startFor({ kind, options }) {
  running.set(++last, kind === 'cpu' ? startCpu(options) : startHeap(options, 'heap profiler have been started'));
  return last;
}

function stopFor(number) {
  const stop = running.get(number);
  running.delete(number);
  return stop();
}

module.exports = { checkCpuOptions, checkHeapOptions, startCpu, startFor, startHeap, stopFor };
