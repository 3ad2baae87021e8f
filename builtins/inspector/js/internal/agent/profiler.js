/** Domain Profiler: CPU profiles from samples of the stack, and coverage. */
'use strict';

const { attempt } = require('internal/inspector/agent/remote_object');

/** V8's sampling interval, in microseconds. */
const INTERVAL_DEFAULT = 1000;
/** So many intervals without a sample mean that no JavaScript ran. */
const GAP = 2.5;

/** The offset of the first character of each line. */
function lineStarts(text) {
  const out = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) out.push(at + 1);
  return out;
}

/** Finds the functions that places of a source are in. */
class Functions {
  #known = new Map();
  #scripts;

  constructor(scripts) {
    this.#scripts = scripts;
    this.sources = new Map(scripts.all().map((source) => [source.id, source]));
  }

  #index(source) {
    let found = this.#known.get(source.id);
    if (found === undefined) {
      const functions = this.#scripts.functionsOf(source)
        .map((script) => ({ script, start: script.sourceStart, end: script.sourceStart + script.sourceLength }))
        .sort((a, b) => b.start - a.start || a.end - b.end);
      found = { functions, lines: lineStarts(attempt(() => source.text, '') ?? ''), places: new Map() };
      this.#known.set(source.id, found);
    }
    return found;
  }

  /** CallFrame of the function at a 1-based place; undefined for code that is gone. */
  at(sourceId, line, column) {
    const source = this.sources.get(sourceId);
    if (source === undefined) return undefined;
    const { functions, lines, places } = this.#index(source);
    const offset = (lines[line - source.startLine] ?? 0) + column - 1;
    let found = places.get(offset);
    if (found === undefined) {
      const inner = functions.find(({ start, end }) => start <= offset && offset < end);
      found = this.#describe(source, inner?.script);
      places.set(offset, found);
    }
    return found;
  }

  #describe(source, script) {
    const isFunction = script !== undefined && script.isFunction;
    const name = isFunction ? script.displayName ?? '' : '';
    const start = isFunction ? this.#scripts.startOf(script) : { lineNumber: 0, columnNumber: 0 };
    return {
      functionName: /[/<]/.test(name) ? name.replace(/^.*[/<.]/, '') : name, scriptId: String(source.id),
      url: this.#scripts.sourceUrl(source), lineNumber: start.lineNumber, columnNumber: start.columnNumber,
    };
  }
}

const outside = (functionName) => ({ functionName, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 });

/** A tree of calls. */
class Tree {
  nodes = [];

  constructor() {
    this.root = this.#add(outside('(root)'));
  }

  #add(callFrame) {
    const node = { id: this.nodes.length + 1, callFrame, hitCount: 0, children: new Map(), ticks: new Map() };
    this.nodes.push(node);
    return node;
  }

  child(parent, callFrame) {
    const key = `${callFrame.scriptId}:${callFrame.lineNumber}:${callFrame.columnNumber}:${callFrame.functionName}`;
    let node = parent.children.get(key);
    if (node === undefined) parent.children.set(key, node = this.#add(callFrame));
    return node;
  }

  toNodes() {
    return this.nodes.map(({ id, callFrame, hitCount, children, ticks }) => {
      const out = { id, callFrame, hitCount };
      if (children.size > 0) out.children = [...children.values()].map((child) => child.id);
      if (ticks.size > 0) out.positionTicks = [...ticks].map(([line, count]) => ({ line, ticks: count }));
      return out;
    });
  }
}

class Profiler {
  #agent;
  #interval = INTERVAL_DEFAULT;
  /** Profiles that run: when each began, in microseconds. */
  #running = new Set();
  /** Profiles that console.profile() began, by id. */
  #ofConsole = new Map();
  /** What was sampled while other profiles ended: `{ begin, stacks, samples }`. */
  #sampled = [];
  /** When the sampler was started last. */
  #since = 0;

  constructor(agent) {
    this.#agent = agent;
    agent.endHooks.push((session) => {
      if (session.data.profiling) this.stop(session);
      if (session.data.coverage) this.stopCoverage(session);
    });
  }

  setInterval({ interval }) {
    if (this.#running.size > 0) throw this.#agent.error('Cannot change sampling interval when profiling.');
    this.#interval = interval;
  }

  start(session) {
    session.need('Profiler', 'Profiler is not enabled');
    if (session.data.profiling) return;
    session.data.profiling = this.begin();
  }

  stop(session) {
    if (!session.data.profiling) throw this.#agent.error('No recording profiles found');
    const profile = this.end(session.data.profiling);
    session.data.profiling = undefined;
    return { profile };
  }

  /** Starts a profile; what it returns ends it. */
  begin(interval = this.#interval) {
    const run = { begin: this.#agent.host.microseconds() };
    if (this.#running.size === 0) {
      this.#interval = interval;
      this.#since = run.begin;
      this.#agent.host.startSampling(interval);
    }
    this.#running.add(run);
    return run;
  }

  /** With the last `samplesMax` samples. */
  endText(run, samplesMax = Infinity) {
    const profile = this.end(run);
    const tooMany = profile.samples.length - samplesMax;
    if (tooMany > 0) {
      profile.samples = profile.samples.slice(tooMany);
      const skipped = profile.timeDeltas.slice(0, tooMany).reduce((sum, delta) => sum + delta, 0);
      profile.timeDeltas = profile.timeDeltas.slice(tooMany);
      profile.timeDeltas[0] += skipped;
    }
    return JSON.stringify(profile);
  }

  /** Ends a profile, and the sampler with the last one. */
  end(run) {
    const { 0: stacks, 1: samples } = this.#agent.host.stopSampling();
    this.#sampled.push({ begin: this.#since, stacks, samples });
    const sampled = this.#sampled;
    this.#running.delete(run);
    if (this.#running.size === 0) {
      this.#sampled = [];
    } else {
      this.#since = this.#agent.host.microseconds();
      this.#agent.host.startSampling(this.#interval);
    }
    return this.#profile(sampled, run.begin, this.#agent.host.microseconds());
  }

  #profile(sampled, startTime, endTime) {
    const tree = new Tree();
    const functions = new Functions(this.#agent.scripts);
    const program = tree.child(tree.root, outside('(program)'));
    const samples = [];
    const timeDeltas = [];
    let last = 0;
    const hit = (node, line, at) => {
      node.hitCount++;
      if (line > 0) node.ticks.set(line, (node.ticks.get(line) ?? 0) + 1);
      samples.push(node.id);
      timeDeltas.push(at - last);
      last = at;
    };
    for (const { begin, stacks, samples: flat } of sampled) {
      const leaves = Array.from(stacks, (stack) => this.#leaf(tree, functions, stack));
      for (let i = 0; i < flat.length; i += 2) {
        const at = begin + flat[i] - startTime;
        if (at < 0) continue;
        if (at - last > GAP * this.#interval && samples.length > 0) hit(program, 0, last + this.#interval);
        const { node, line } = leaves[flat[i + 1]];
        hit(node === tree.root ? program : node, line, at);
      }
    }
    return { nodes: tree.toNodes(), startTime, endTime, samples, timeDeltas };
  }

  #leaf(tree, functions, stack) {
    let node = tree.root;
    let line = 0;
    for (let i = stack.length - 3; i >= 0; i -= 3) {
      const callFrame = functions.at(stack[i], stack[i + 1], stack[i + 2]);
      if (callFrame === undefined || this.#agent.scripts.isHidden(callFrame.url)) continue;
      node = tree.child(node, callFrame);
      line = stack[i + 1];
    }
    return { node, line };
  }

  /** console.profile(title) and console.profileEnd(title). */
  consoleProfile(begins, title, id) {
    if (begins) {
      this.#ofConsole.set(id, this.begin());
      this.#agent.broadcast('Profiler', 'Profiler.consoleProfileStarted', { id, location: this.#location(), title });
      return;
    }
    const profile = this.end(this.#ofConsole.get(id));
    this.#ofConsole.delete(id);
    this.#agent.broadcast('Profiler', 'Profiler.consoleProfileFinished', { id, location: this.#location(), profile, title });
  }

  #location() {
    const [frame] = this.#agent.scripts.currentFrames(1);
    return frame === undefined ? { scriptId: '0', lineNumber: 0 } :
      { scriptId: frame.scriptId, lineNumber: frame.lineNumber, columnNumber: frame.columnNumber };
  }

  startCoverage({ callCount = false, detailed = false }, session) {
    session.need('Profiler', 'Profiler is not enabled');
    session.data.coverage = { callCount, detailed };
    this.#agent.host.startCoverage();
    return { timestamp: this.#agent.host.microseconds() / 1e6 };
  }

  stopCoverage(session) {
    session.data.coverage = undefined;
    if (![...this.#agent.sessions.values()].some((each) => each.data.coverage)) this.#agent.host.stopCoverage();
  }

  takeCoverage(session) {
    const { coverage } = session.data;
    if (coverage === undefined) throw this.#agent.error('Precise coverage has not been started.');
    return { result: JSON.parse(this.#agent.host.takeCoverage(coverage.callCount, coverage.detailed, true)), timestamp: this.#agent.host.microseconds() / 1e6 };
  }
}

function install(agent) {
  const profiler = agent.profiler = new Profiler(agent);
  agent.define({
    'Profiler.disable': [undefined, (_, session) => {
      if (session.data.profiling) profiler.stop(session);
      session.enabled.delete('Profiler');
    }],
    'Profiler.enable': [undefined, (_, session) => void session.enabled.add('Profiler')],
    'Profiler.getBestEffortCoverage': [undefined, () => ({ result: JSON.parse(agent.host.takeCoverage(false, false, false)) })],
    'Profiler.setSamplingInterval': [{ interval: 'number' }, (params) => profiler.setInterval(params)],
    'Profiler.start': [undefined, (_, session) => profiler.start(session)],
    'Profiler.startPreciseCoverage': [{ callCount: 'boolean?', detailed: 'boolean?', allowTriggeredUpdates: 'boolean?' },
      (params, session) => profiler.startCoverage(params, session)],
    'Profiler.stop': [undefined, (_, session) => profiler.stop(session)],
    'Profiler.stopPreciseCoverage': [undefined, (_, session) => profiler.stopCoverage(session)],
    'Profiler.takePreciseCoverage': [undefined, (_, session) => profiler.takeCoverage(session)],
  });
}

module.exports = { install };
