/** Domain HeapProfiler: snapshots, and samples of allocations. */
'use strict';

/** V8's average distance of samples, in bytes. */
const INTERVAL_DEFAULT = 32768;
/** What an object is taken to be large, in bytes, to turn a distance in bytes into a probability. */
const OBJECT_BYTES = 64;
/** Samples that are kept. */
const LOG_MAX = 1_000_000;

class HeapProfiler {
  #agent;
  #probability = 0;
  #stackDepth = Infinity;

  constructor(agent) {
    this.#agent = agent;
  }

  snapshot(session, reportProgress) {
    if (reportProgress) session.notify('HeapProfiler.reportHeapSnapshotProgress', { done: 0, total: 1, finished: false });
    this.#agent.host.heapSnapshot((chunk) => session.notify('HeapProfiler.addHeapSnapshotChunk', { chunk }));
    if (reportProgress) session.notify('HeapProfiler.reportHeapSnapshotProgress', { done: 1, total: 1, finished: true });
  }

  startTracking(session) {
    session.data.tracking = true;
  }

  stopTracking(session, reportProgress) {
    if (!session.data.tracking) return;
    session.data.tracking = false;
    this.snapshot(session, reportProgress);
  }

  startSampling({ samplingInterval = INTERVAL_DEFAULT }, stackDepth = Infinity) {
    if (!(samplingInterval > 0)) throw this.#agent.error('Invalid sampling interval');
    const { memory } = this.#agent.debug;
    this.#probability = Math.min(1, OBJECT_BYTES / samplingInterval);
    this.#stackDepth = stackDepth;
    memory.allocationSamplingProbability = this.#probability;
    memory.maxAllocationsLogLength = LOG_MAX;
    memory.trackingAllocationSites = true;
  }

  profile() {
    if (this.#probability === 0) throw this.#agent.error('V8 sampling heap profiler was not started.');
    const outside = { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
    let last = 0;
    const make = (callFrame) => ({ callFrame, selfSize: 0, id: ++last, children: [], known: new Map() });
    const head = make(outside);
    const samples = [];
    for (const { frame, size } of this.#agent.debug.memory.drainAllocationsLog()) {
      let node = head;
      for (const callFrame of this.#agent.scripts.framesOfSaved(frame).slice(0, this.#stackDepth).reverse()) {
        const key = `${callFrame.scriptId}:${callFrame.functionName}:${callFrame.lineNumber}`;
        let child = node.known.get(key);
        if (child === undefined) {
          node.known.set(key, child = make(callFrame));
          node.children.push(child);
        }
        node = child;
      }
      const bytes = Math.round(size / this.#probability);
      node.selfSize += bytes;
      samples.push({ size: bytes, nodeId: node.id, ordinal: samples.length + 1 });
    }
    const clean = ({ callFrame, selfSize, id, children }) => ({ callFrame, selfSize, id, children: children.map(clean) });
    return { profile: { head: clean(head), samples } };
  }

  stopText() {
    return JSON.stringify(this.stopSampling().profile);
  }

  stopSampling() {
    const result = this.profile();
    this.#agent.debug.memory.trackingAllocationSites = false;
    this.#probability = 0;
    return result;
  }
}

function install(agent) {
  const heap = agent.heap = new HeapProfiler(agent);
  const snapshotParams = { reportProgress: 'boolean?', treatGlobalObjectsAsRoots: 'boolean?', captureNumericValue: 'boolean?', exposeInternals: 'boolean?' };
  agent.define({
    'HeapProfiler.collectGarbage': [undefined, () => agent.host.collectGarbage()],
    'HeapProfiler.disable': [undefined, (_, session) => void session.enabled.delete('HeapProfiler')],
    'HeapProfiler.enable': [undefined, (_, session) => void session.enabled.add('HeapProfiler')],
    'HeapProfiler.getSamplingProfile': [undefined, () => heap.profile()],
    'HeapProfiler.startSampling': [{ samplingInterval: 'number?', includeObjectsCollectedByMajorGC: 'boolean?', includeObjectsCollectedByMinorGC: 'boolean?' },
      (params) => heap.startSampling(params)],
    'HeapProfiler.startTrackingHeapObjects': [{ trackAllocations: 'boolean?' }, (_, session) => heap.startTracking(session)],
    'HeapProfiler.stopSampling': [undefined, () => heap.stopSampling()],
    'HeapProfiler.stopTrackingHeapObjects': [snapshotParams, ({ reportProgress }, session) => heap.stopTracking(session, reportProgress)],
    'HeapProfiler.takeHeapSnapshot': [snapshotParams, ({ reportProgress }, session) => heap.snapshot(session, reportProgress)],
  });
}

module.exports = { install };
