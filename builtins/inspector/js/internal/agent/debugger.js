/**
 * Domain Debugger: breakpoints, stepping, the frames of a program that is paused.
 *
 * A pause is a hook of the engine that does not return: it tells the sessions, then takes their requests one after the other until one of
 * them lets the program go on. With clients in the program's own thread only, who cannot ask while it stands still, it tells and goes on.
 */
'use strict';

const { attempt, isAbsent, isObject } = require('internal/inspector/agent/remote_object');

let ProtocolError;

/** Scopes whose variables V8 shows as one. */
const BODY_SCOPES = new Set(['function', 'function body var', 'function lexical']);
/** Scopes that only hold a function's own name. */
const NAME_SCOPES = new Set(['named lambda', 'strict named lambda']);

class DebuggerDomain {
  #agent;
  #breakpoints = new Map();
  #instrumentations = new Map();
  #pauseOnExceptions = 'none';
  #active = true;
  #asyncDepth = 0;
  #blackbox = [];
  #skipAll = false;
  /** What a pause knows: `{ frames, resume }`. */
  #paused;
  /** The step that is being taken: the frames whose hooks are set. */
  #step;
  #lastThrown;
  #asyncTasks = new Map();
  #asyncStack = [];

  constructor(agent) {
    this.#agent = agent;
    agent.endHooks.push((session) => this.#onEnd(session));
  }

  get isPaused() {
    return this.#paused !== undefined;
  }

  #onEnd(session) {
    for (const { 0: id, 1: point } of this.#breakpoints) if (point.session === session) this.#remove(id, point);
    for (const id of this.#instrumentations.keys()) if (id.startsWith(`instrumentation:${session.id}:`)) this.#instrumentations.delete(id);
    if (session.enabled.has('Debugger')) {
      session.enabled.delete('Debugger');
      this.#onDisable();
    }
    // Nobody is left who could say so.
    if (this.#paused !== undefined && !this.#someoneWaits()) this.#paused.resume ??= 'resume';
  }

  #onDisable() {
    if (this.#agent.someEnabled('Debugger')) return;
    const { debug } = this.#agent;
    debug.onNewScript = undefined;
    debug.onDebuggerStatement = undefined;
    this.#pauseOnExceptions = 'none';
    this.#setExceptionHook();
    this.#endStep();
    if (this.#paused !== undefined) this.#paused.resume ??= 'resume';
  }

  #someoneWaits() {
    for (const session of this.#agent.sessions.values()) if (session.canWait && session.enabled.has('Debugger')) return true;
    return false;
  }

  enable(session) {
    const debuggerId = `${this.#agent.contexts.unique}.1`;
    if (session.enabled.has('Debugger')) return { debuggerId };
    session.enabled.add('Debugger');
    const { debug, scripts } = this.#agent;
    debug.onNewScript = (script) => this.#onNewScript(script);
    debug.onDebuggerStatement = (frame) => {
      if (this.#mayPause(frame)) return this.pause(frame, 'other');
      return undefined;
    };
    for (const source of scripts.all()) {
      scripts.told.add(source.id);
      session.notify('Debugger.scriptParsed', scripts.parsed(source));
    }
    return { debuggerId };
  }

  #onNewScript(script) {
    const { scripts } = this.#agent;
    const { source } = script;
    if (scripts.isHidden(source.url) || script.format === 'wasm') return;
    // Builtins are loaded one by one as the program needs them: clients hear of one when they meet it.
    if (!source.url?.startsWith('node:')) {
      scripts.told.add(source.id);
      this.#agent.broadcast('Debugger', 'Debugger.scriptParsed', scripts.parsed(source, script));
    }
    for (const { 0: id, 1: point } of this.#breakpoints) {
      if (!this.#matches(point, source)) continue;
      const location = this.#place(id, point, source);
      if (location !== undefined) point.session.notify('Debugger.breakpointResolved', { breakpointId: id, location });
    }
    this.#instrument(source);
  }

  /** Before a script runs for the first time. DevTools protocol: Debugger.setInstrumentationBreakpoint. */
  #instrument(source) {
    const { scripts, debug } = this.#agent;
    const isMapped = Boolean(source.sourceMapURL);
    const wanted = [...this.#instrumentations.values()].some((each) => each === 'beforeScriptExecution' || isMapped);
    const frame = debug.getNewestFrame();
    if (!wanted || source.url?.startsWith('node:') || frame === null || !this.#mayPause(frame)) return;
    const data = { url: scripts.sourceUrl(source), scriptId: String(source.id), sourceMapURL: source.sourceMapURL ?? '' };
    this.pause(frame, 'instrumentation', { plain: data });
  }

  setInstrumentation({ instrumentation }, session) {
    session.need('Debugger');
    if (!['beforeScriptExecution', 'beforeScriptWithSourceMapExecution'].includes(instrumentation)) throw new ProtocolError('Invalid instrumentation');
    const breakpointId = `instrumentation:${session.id}:${instrumentation}`;
    if (this.#instrumentations.has(breakpointId)) throw new ProtocolError('Instrumentation breakpoint is already enabled.');
    this.#instrumentations.set(breakpointId, instrumentation);
    return { breakpointId };
  }

  /** Whether a hook may stop here: not while something is paused, nor in code that nobody shall see. */
  #mayPause(frame) {
    return this.#paused === undefined && !this.#skipAll && this.#active && this.#agent.someEnabled('Debugger') &&
      frame.script !== null && frame.script !== undefined && !this.#agent.scripts.isHidden(frame.script.url) && this.#agent.depth === 0 ||
      this.#paused === undefined && !this.#skipAll && this.#agent.depth > 0 && this.#mayPauseInside(frame);
  }

  /** In what a client evaluates it may stop as well, if another client or the same one can let it go on. */
  #mayPauseInside(frame) {
    return this.#active && this.#someoneWaits() && frame.script !== null && frame.script !== undefined &&
      !this.#agent.scripts.isHidden(frame.script.url);
  }

  #isBlackboxed(url) {
    return this.#blackbox.some((pattern) => pattern.test(url ?? ''));
  }

  // Breakpoints

  #matches({ url, urlRegex, scriptId, scriptHash }, source) {
    if (scriptId !== undefined) return String(source.id) === scriptId;
    if (scriptHash !== undefined) return false;
    const name = this.#agent.scripts.sourceUrl(source);
    return urlRegex !== undefined ? urlRegex.test(name) : name === url;
  }

  /** Where the engine can stop in a source: `{ script, offset, line, column }`, 0-based. */
  #places(source, query) {
    const out = [];
    for (const script of this.#agent.scripts.functionsOf(source)) {
      for (const { lineNumber, columnNumber, offset } of attempt(() => script.getPossibleBreakpoints(query), [])) {
        if (lineNumber > 0) out.push({ script, offset, line: lineNumber - 1, column: columnNumber - 1 });
      }
    }
    return out;
  }

  /**
   * The place for a breakpoint at a line and column: the first one from there on, but no later than the end of the function that it is in;
   * then the last one before.
   */
  #nearest(source, lineNumber, columnNumber) {
    const isBefore = (a, b) => a.line < b.line || (a.line === b.line && a.column < b.column);
    const wanted = { line: lineNumber, column: columnNumber };
    let next;
    for (const place of this.#places(source, { minLine: lineNumber + 1 })) {
      if (!isBefore(place, wanted) && (next === undefined || isBefore(place, next))) next = place;
    }
    const { scripts } = this.#agent;
    const at = scripts.offsetOf(source, lineNumber, columnNumber);
    let inner;
    for (const script of scripts.functionsOf(source)) {
      if (!script.isFunction || script.sourceStart > at || script.sourceStart + script.sourceLength <= at) continue;
      if (inner === undefined || script.sourceStart > inner.sourceStart) inner = script;
    }
    if (inner === undefined) return next;
    const end = inner.sourceStart + inner.sourceLength;
    const nextAt = next === undefined ? Infinity : scripts.offsetOf(source, next.line, next.column);
    if (nextAt < end - 1) return next;
    let last;
    for (const place of this.#places(source, { maxLine: lineNumber + 2 })) {
      if (place.script === inner && !isBefore(wanted, place) && (place.line !== next?.line || place.column !== next.column) && (last === undefined || isBefore(last, place))) last = place;
    }
    if (nextAt === end - 1) {
      // The end of the function is never reached if it returns before.
      const text = last === undefined ? '' : source.text.slice(scripts.offsetOf(source, last.line, last.column));
      return /^(?:return|throw)\b/.test(text) ? last : next;
    }
    return last ?? next;
  }

  /** Sets a breakpoint in a source. Its location, or undefined if there is no code behind it. */
  #place(id, point, source) {
    const found = this.#nearest(source, point.lineNumber, point.columnNumber);
    if (found === undefined) return undefined;
    const handler = { hit: (frame) => this.#onHit(id, point, frame) };
    // A function may have several clones.
    for (const script of this.#agent.scripts.functionsOf(source)) {
      if (script.sourceStart !== found.script.sourceStart || script.sourceLength !== found.script.sourceLength) continue;
      for (const each of attempt(() => script.getPossibleBreakpoints({ line: found.line + 1 }), [])) {
        if (each.columnNumber - 1 !== found.column) continue;
        script.setBreakpoint(each.offset, handler);
        point.placed.push({ script, handler });
      }
    }
    return { scriptId: String(source.id), lineNumber: found.line, columnNumber: found.column };
  }

  #onHit(id, point, frame) {
    if (!this.#mayPause(frame)) return undefined;
    if (point.condition) {
      const verdict = this.#quietly(() => frame.eval(point.condition));
      if (verdict === null || !('return' in verdict) || !verdict.return) return undefined;
    }
    if (point.once) this.#remove(id, point);
    return this.pause(frame, point.reason ?? 'other', undefined, point.reason === undefined ? [id] : []);
  }

  /** Runs `work` without pauses. */
  #quietly(work) {
    const before = this.#skipAll;
    this.#skipAll = true;
    try {
      return work();
    } finally {
      this.#skipAll = before;
    }
  }

  #remove(id, point) {
    this.#breakpoints.delete(id);
    for (const { script, handler } of point.placed) attempt(() => script.clearBreakpoint(handler));
  }

  setBreakpointByUrl({ lineNumber, url, urlRegex, scriptHash, columnNumber = 0, condition = '' }, session) {
    session.need('Debugger');
    const given = [url, urlRegex, scriptHash].filter((each) => each !== undefined);
    if (given.length !== 1) throw new ProtocolError('Either url or urlRegex or scriptHash must be specified.');
    if (columnNumber < 0) throw new ProtocolError('Invalid column number');
    const kind = url !== undefined ? 1 : urlRegex !== undefined ? 2 : 3;
    const breakpointId = `${kind}:${lineNumber}:${columnNumber}:${given[0]}`;
    this.#checkNew(breakpointId, session);
    let regex;
    if (urlRegex !== undefined) {
      regex = attempt(() => new RegExp(urlRegex));
      if (regex === undefined) throw new ProtocolError('Invalid regular expression');
    }
    const point = { session, url, urlRegex: regex, scriptHash, lineNumber, columnNumber, condition, placed: [] };
    this.#breakpoints.set(breakpointId, point);
    const locations = [];
    for (const source of this.#agent.scripts.all()) {
      if (!this.#matches(point, source)) continue;
      const location = this.#place(breakpointId, point, source);
      if (location !== undefined) locations.push(location);
    }
    return { breakpointId, locations };
  }

  #checkNew(id, session) {
    if (this.#breakpoints.get(id)?.session === session) throw new ProtocolError('Breakpoint at specified location already exists.');
  }

  #need(scriptId) {
    const source = this.#agent.scripts.byId(scriptId);
    if (source === undefined) throw new ProtocolError('Script not found');
    return source;
  }

  setBreakpoint({ location, condition = '' }, session) {
    session.need('Debugger');
    const { scriptId, lineNumber, columnNumber = 0 } = location;
    const breakpointId = `4:${lineNumber}:${columnNumber}:${scriptId}`;
    this.#checkNew(breakpointId, session);
    const source = this.#agent.scripts.byId(scriptId);
    const point = { session, scriptId, lineNumber, columnNumber, condition, placed: [] };
    const actualLocation = source === undefined ? undefined : this.#place(breakpointId, point, source);
    if (actualLocation === undefined) throw new ProtocolError('Could not resolve breakpoint');
    this.#breakpoints.set(breakpointId, point);
    return { breakpointId, actualLocation };
  }

  setBreakpointOnFunctionCall({ objectId, condition = '' }, session) {
    session.need('Debugger');
    const { value } = this.#agent.runtime.object(objectId, session);
    if (!isObject(value) || !value.callable) throw new ProtocolError('Could not find function with given id');
    const breakpointId = `5:${this.#breakpoints.size + 1}`;
    this.#breakOnCall(breakpointId, value, { session, condition, placed: [] });
    return { breakpointId };
  }

  #breakOnCall(id, callee, point) {
    const { script } = callee;
    const [first] = script === undefined ? [] : script.getPossibleBreakpoints();
    if (first === undefined) throw new ProtocolError('Could not find function with given id');
    const handler = { hit: (frame) => this.#onHit(id, point, frame) };
    script.setBreakpoint(first.offset, handler);
    point.placed.push({ script, handler });
    this.#breakpoints.set(id, point);
  }

  removeBreakpoint({ breakpointId }, session) {
    session.need('Debugger');
    if (this.#instrumentations.delete(breakpointId)) return;
    const point = this.#breakpoints.get(breakpointId);
    if (point !== undefined) this.#remove(breakpointId, point);
  }

  getPossibleBreakpoints({ start, end, restrictToFunction }) {
    const source = this.#need(start.scriptId);
    if (start.lineNumber < 0 || (start.columnNumber ?? 0) < 0) throw new ProtocolError('start.lineNumber and start.columnNumber should be >= 0');
    if (end !== undefined && end.scriptId !== start.scriptId) throw new ProtocolError('Locations should contain the same scriptId');
    void restrictToFunction;
    const locations = [];
    const before = (line, column) => line < start.lineNumber || (line === start.lineNumber && column < (start.columnNumber ?? 0));
    const after = (line, column) => end !== undefined &&
      (line > end.lineNumber || (line === end.lineNumber && column >= (end.columnNumber ?? Infinity)));
    for (const script of this.#agent.scripts.functionsOf(source)) {
      for (const found of attempt(() => script.getPossibleBreakpoints(), [])) {
        const lineNumber = found.lineNumber - 1;
        const columnNumber = found.columnNumber - 1;
        if (lineNumber < 0 || before(lineNumber, columnNumber) || after(lineNumber, columnNumber)) continue;
        locations.push({ scriptId: start.scriptId, lineNumber, columnNumber });
      }
    }
    locations.sort((a, b) => a.lineNumber - b.lineNumber || a.columnNumber - b.columnNumber);
    return { locations: locations.filter((each, i) => i === 0 || each.lineNumber !== locations[i - 1].lineNumber ||
      each.columnNumber !== locations[i - 1].columnNumber) };
  }

  // Pauses

  /**
   * Stops in `frame`. Returns what the engine shall do then: nothing, or end the program's code.
   */
  pause(frame, reason, data, hitBreakpoints = []) {
    const { scripts } = this.#agent;
    this.#endStep();
    const frames = [];
    for (let at = frame; at !== null; at = at.older) {
      if (at.script && !scripts.isHidden(at.script.url) && at.type !== 'wasmcall') frames.push(at);
    }
    const paused = this.#paused = { frames, resume: undefined };
    for (const { script } of frames) scripts.tell(script.source);
    const asyncStackTrace = this.#asyncTrace(frames);
    for (const session of [...this.#agent.sessions.values()]) {
      if (!session.enabled.has('Debugger')) continue;
      session.notify('Debugger.paused', {
        callFrames: frames.map((each, index) => this.#callFrame(session, each, index)),
        reason,
        ...data === undefined ? {} : {
          data: data.plain ?? this.#agent.remotes.wrap(session, data.value, { objectGroup: 'backtrace', generatePreview: true }),
        },
        ...asyncStackTrace === undefined ? {} : { asyncStackTrace },
        hitBreakpoints,
      });
    }
    const depth = this.#agent.depth;
    this.#agent.depth = 0;
    // The program stands still until a client says otherwise.
    const { host } = this.#agent;
    host.hold();
    while (paused.resume === undefined && this.#someoneWaits()) host.serve();
    this.#agent.depth = depth;
    this.#paused = undefined;
    for (const session of this.#agent.sessions.values()) {
      this.#agent.remotes.releaseGroup(session, 'backtrace');
      if (session.enabled.has('Debugger')) session.notify('Debugger.resumed', {});
    }
    if (!paused.killed) this.#startStep(paused.resume ?? 'resume', frame);
    host.release();
    return paused.killed ? null : undefined;
  }

  resume(how) {
    if (this.#paused === undefined) throw new ProtocolError('Can only perform operation while paused.');
    this.#paused.resume = how;
  }

  /** `Debugger.pause`: at the next statement that runs. */
  pauseSoon(reason = 'other') {
    if (this.#paused !== undefined) return;
    this.#endStep();
    const step = this.#step = { frames: new Set(), reason };
    this.#watchCalls(step, reason);
    for (let frame = this.#agent.debug.getNewestFrame(); frame !== null; frame = frame.older) {
      if (!frame.script || this.#agent.scripts.isHidden(frame.script.url)) continue;
      this.#watch(frame, step, { into: true, from: undefined });
      break;
    }
  }

  /** Where the program begins: its first statement that is not ours. */
  breakOnStart() {
    const { debug } = this.#agent;
    this.#endStep();
    const step = this.#step = { frames: new Set(), reason: 'Break on start' };
    debug.onEnterFrame = (frame) => {
      const { url, source } = frame.script;
      if (url === null || url.startsWith('node:')) return undefined;
      // The loader's wrapper is no code of the user: its function is.
      if (this.#agent.scripts.isWrapped(source) && frame.type !== 'call') return undefined;
      debug.onEnterFrame = undefined;
      this.#watch(frame, step, { into: true, from: undefined, first: true });
      return undefined;
    };
  }

  #endStep() {
    const step = this.#step;
    if (step === undefined) return;
    this.#step = undefined;
    this.#agent.debug.onEnterFrame = undefined;
    for (const frame of step.frames) {
      attempt(() => {
        frame.onStep = undefined;
        frame.onPop = undefined;
      });
    }
  }

  cancelStep() {
    this.#endStep();
  }

  #startStep(kind, frame) {
    if (kind === 'resume') return;
    const step = this.#step = { frames: new Set(), reason: 'step', kind };
    const from = kind === 'out' ? undefined : this.#position(frame);
    if (kind === 'into') this.#watchCalls(step, 'step');
    this.#watch(frame, step, { into: kind === 'into', from, onlyPop: kind === 'out' });
  }

  /** Whether a statement is 'use strict' or the like. */
  #isDirective(source, lineNumber, columnNumber) {
    const at = this.#agent.scripts.offsetOf(source, lineNumber - 1, columnNumber - 1);
    return /^(['"])use [a-z]+\1\s*(?:;|\n|$)/.test(source.text.slice(at, at + 80));
  }

  #position(frame) {
    const { lineNumber, columnNumber } = frame.script.getOffsetLocation(frame.offset);
    return { lineNumber, columnNumber };
  }

  /** Stops at the beginning of the next function that is called. */
  #watchCalls(step) {
    this.#agent.debug.onEnterFrame = (frame) => {
      if (this.#step !== step || !this.#mayPause(frame)) return undefined;
      const { url, source } = frame.script;
      if (this.#isBlackboxed(this.#agent.scripts.urlOf(url))) return undefined;
      if (url?.startsWith('node:') && this.#agent.scripts.isLoading(frame)) return undefined;
      if (this.#agent.scripts.isWrapped(source) && frame.type !== 'call') return undefined;
      this.#watch(frame, step, { into: true, from: undefined });
      return undefined;
    };
  }

  /** Stops at the next statement of `frame` that is not where it is now; when it returns, in its caller. */
  #watch(frame, step, { into, from, onlyPop }) {
    step.frames.add(frame);
    const domain = this;
    if (!onlyPop) {
      frame.onStep = function() {
        if (domain.#step !== step || !domain.#mayPause(this)) return undefined;
        const { isStepStart, lineNumber, columnNumber } = this.script.getOffsetMetadata(this.offset);
        if (!isStepStart || lineNumber <= 0) return undefined;
        if (step.reason.startsWith('Break') && domain.#isDirective(this.script.source, lineNumber, columnNumber)) return undefined;
        if (from !== undefined && from.lineNumber === lineNumber && from.columnNumber === columnNumber) return undefined;
        return domain.pause(this, step.reason);
      };
    }
    frame.onPop = function(completion) {
      if (domain.#step !== step) return undefined;
      // It will go on: the step waits for that.
      if (completion !== null && (completion.await || completion.yield)) {
        from = undefined;
        return undefined;
      }
      step.frames.delete(this);
      for (let caller = this.older; caller !== null; caller = caller.older) {
        if (!caller.script || domain.#agent.scripts.isHidden(caller.script.url) ||
          domain.#isBlackboxed(domain.#agent.scripts.urlOf(caller.script.url))) continue;
        domain.#watch(caller, step, { into, from: domain.#position(caller) });
        return undefined;
      }
      // The stack is empty: stop where the program goes on.
      if (!step.reason.startsWith('Break')) domain.#watchCalls(step, step.reason);
      return undefined;
    };
  }

  // Exceptions

  setPauseOnExceptions({ state }, session) {
    session.need('Debugger');
    if (!['none', 'all', 'uncaught', 'caught'].includes(state)) throw new ProtocolError(`Unknown pause on exceptions mode: ${state}`);
    this.#pauseOnExceptions = state;
    this.#setExceptionHook();
  }

  #setExceptionHook() {
    this.#agent.debug.onExceptionUnwind = this.#pauseOnExceptions === 'none' ? undefined : (frame, value) => this.#onThrow(frame, value);
  }

  #onThrow(frame, value) {
    // It comes through every frame that the exception leaves.
    if (this.#lastThrown !== undefined && this.#lastThrown.value === value && this.#lastThrown.frames.has(frame)) return undefined;
    const frames = new Set();
    let caught = false;
    for (let at = frame; at !== null; at = at.older) {
      frames.add(at);
      if (at.script && attempt(() => at.script.isInCatchScope(at.offset), false) && !this.#agent.scripts.isHidden(at.script.url)) {
        caught ||= !at.script.url?.startsWith('node:') || at === frame;
      }
    }
    this.#lastThrown = { value, frames };
    if (!this.#mayPause(frame)) return undefined;
    if (this.#pauseOnExceptions === 'uncaught' && caught) return undefined;
    if (this.#pauseOnExceptions === 'caught' && !caught) return undefined;
    return this.pause(frame, 'exception', { value });
  }

  // Frames

  #callFrame(session, frame, index) {
    const { scripts, remotes } = this.#agent;
    const { script } = frame;
    const location = scripts.location(script, frame.offset);
    const options = { objectGroup: 'backtrace' };
    return {
      callFrameId: `${this.#agent.contexts.unique}.1.${index}`,
      functionName: scripts.functionName(frame),
      functionLocation: scripts.startOf(script),
      location,
      // Clients take it from the script.
      url: '',
      scopeChain: this.#scopes(frame).map(({ type, name, envs, object, callee }) => {
        const described = object !== undefined ? remotes.wrap(session, object, options) : {
          type: 'object', className: 'Object', description: 'Object', objectId: remotes.hold(session, { scope: { envs, frame } }, options),
        };
        return { type, object: described, ...name ? { name } : {}, ...callee ? { startLocation: callee.start, endLocation: callee.end } : {} };
      }),
      this: remotes.wrap(session, attempt(() => frame.this), options),
      canBeRestarted: false,
    };
  }

  /** The scopes of a frame as V8 has them: `{ type, name, envs }` or `{ type, object }`. */
  #scopes(frame) {
    const out = [];
    let inFunction = frame.type === 'call';
    let env = attempt(() => frame.environment, null);
    while (env !== null && env !== undefined) {
      if (env.type === 'object' || env.type === 'with') {
        const isGlobal = env.type === 'object' && env.parent === null;
        out.push({ type: isGlobal ? 'global' : 'with', object: env.object });
        env = env.parent;
        continue;
      }
      const kind = env.scopeKind;
      if (NAME_SCOPES.has(kind)) {
        env = env.parent;
        continue;
      }
      const envs = [env];
      let { calleeScript } = env;
      // The scopes of one function: what the body declares with let and const, variables, parameters.
      while (BODY_SCOPES.has(kind) && !calleeScript && env.parent !== null && BODY_SCOPES.has(env.parent.scopeKind)) {
        env = env.parent;
        envs.push(env);
        ({ calleeScript } = env);
      }
      const isFunction = Boolean(calleeScript);
      let type = 'block';
      if (kind === 'module') type = 'module';
      else if (kind === 'global') type = 'script';
      else if (isFunction) type = inFunction ? 'local' : 'closure';
      if (isFunction) inFunction = false;
      const name = isFunction ? calleeScript?.displayName : undefined;
      const scope = { type, envs, name: typeof name === 'string' && !/[/<]/.test(name) ? name : undefined };
      if (type === 'local' || type === 'closure' || type === 'module' || this.#variables(envs).length > 0) out.push(scope);
      env = env.parent;
    }
    return out;
  }

  #variables(envs) {
    const out = [];
    const seen = new Set();
    for (const env of envs) {
      for (const name of attempt(() => env.names(), [])) {
        if (seen.has(name) || name.startsWith('.')) continue;
        seen.add(name);
        const value = attempt(() => env.getVariable(name));
        // `arguments` that the function does not mention does not exist.
        if (name === 'arguments' && (isAbsent(value) || value === undefined || !this.#mentionsArguments(env))) continue;
        if (isAbsent(value) && value.optimizedOut) continue;
        out.push({ name, value });
      }
    }
    return out;
  }

  /** Whether the function of a scope uses `arguments`: the engine would make them for who asks. */
  #mentionsArguments(env) {
    const script = env.calleeScript;
    if (!script) return true;
    const text = attempt(() => script.source.text, '');
    return text.slice(script.sourceStart, script.sourceStart + script.sourceLength).includes('arguments');
  }

  scopeProperties({ envs }, session, options) {
    return this.#variables(envs).map(({ name, value }) => ({
      name, value: this.#agent.remotes.wrap(session, value, options), writable: true, configurable: true, enumerable: true, isOwn: true,
    }));
  }

  #frame(callFrameId) {
    if (this.#paused === undefined) throw new ProtocolError('Can only perform operation while paused.');
    const frame = this.#paused.frames[Number(/\.(\d+)$/.exec(callFrameId)?.[1])];
    if (frame === undefined || !callFrameId.startsWith(`${this.#agent.contexts.unique}.`)) throw new ProtocolError('Invalid call frame id');
    return frame;
  }

  evaluateOnCallFrame(params, session) {
    const frame = this.#frame(params.callFrameId);
    const { runtime } = this.#agent;
    const { global } = frame.script;
    const bindings = runtime.commandLine(global, params.includeCommandLineAPI === true);
    for (const name of Object.keys(bindings)) {
      if (attempt(() => frame.environment.find(name), null)) delete bindings[name];
    }
    if (params.throwOnSideEffect) {
      return this.#quietly(() => runtime.pure(session, (_, adopt) => adopt(frame).eval(params.expression), runtime.options(params, session)));
    }
    const run = () => this.#agent.runProgram(() => this.#quietly(() => frame.evalWithBindings(params.expression, bindings)));
    const completion = params.timeout === undefined ? run() : runtime.limited(params.timeout, run);
    return runtime.completion(session, completion, runtime.options(params, session));
  }

  setVariableValue({ scopeNumber, variableName, newValue, callFrameId }, session) {
    const frame = this.#frame(callFrameId);
    const scope = this.#scopes(frame)[scopeNumber];
    if (scope === undefined) throw new ProtocolError('Could not find scope with given number');
    const value = this.#agent.runtime.argument(frame.script.global, newValue, session);
    const env = scope.envs?.find((each) => each.names().includes(variableName));
    if (env === undefined) throw new ProtocolError('Could not find variable with given name');
    try {
      env.setVariable(variableName, value);
    } catch (error) {
      throw new ProtocolError(error.message);
    }
  }

  /** Names of the console's command line: `debug(fn)`, `undebug(fn)`. */
  commandLine(global) {
    const wrap = (fn) => global.makeDebuggeeValue(this.#agent.host.exportFunction(fn));
    return {
      debug: wrap((fn) => {
        const callee = global.makeDebuggeeValue(fn);
        const [session] = this.#agent.sessions.values();
        if (!isObject(callee) || !callee.callable) return;
        this.#breakOnCall(`debug:${callee.script?.source.id}:${callee.script?.sourceStart}`, callee,
          { session, condition: '', placed: [], reason: 'debugCommand' });
      }),
      undebug: wrap((fn) => {
        const callee = global.makeDebuggeeValue(fn);
        if (!isObject(callee)) return;
        const id = `debug:${callee.script?.source.id}:${callee.script?.sourceStart}`;
        const point = this.#breakpoints.get(id);
        if (point !== undefined) this.#remove(id, point);
      }),
    };
  }

  // Asynchronous stacks

  setAsyncDepth(maxDepth, session) {
    if (maxDepth < 0) throw new ProtocolError('maxDepth should be non-negative');
    session.data.asyncDepth = maxDepth;
    const depth = Math.max(0, ...[...this.#agent.sessions.values()].map((each) => each.data.asyncDepth ?? 0));
    if ((depth > 0) !== (this.#asyncDepth > 0)) {
      const { debug, main } = this.#agent;
      if (depth > 0) debug.enableAsyncStack(main);
      else debug.disableAsyncStack(main);
      this.#agent.host.traceAsync(depth > 0);
    }
    this.#asyncDepth = depth;
    if (depth === 0) this.#asyncTasks.clear();
  }

  /** Something will be called later: keeps the stack of who wants it. */
  asyncScheduled(id, description) {
    const all = this.#agent.scripts.currentFrames(32);
    const first = all.findIndex(({ url }) => !url.startsWith('node:internal/async'));
    const callFrames = first === -1 ? [] : all.slice(first);
    if (callFrames.length > 0) this.#asyncTasks.set(id, { description, callFrames });
  }

  asyncStarted(id) {
    this.#asyncStack.push(this.#asyncTasks.get(id));
  }

  asyncFinished() {
    this.#asyncStack.pop();
  }

  asyncGone(id) {
    this.#asyncTasks.delete(id);
  }

  /** StackTrace of who made the code run that is paused. */
  #asyncTrace(frames) {
    if (this.#asyncDepth === 0) return undefined;
    const oldest = frames.findLast((each) => each.olderSavedFrame);
    const saved = oldest?.olderSavedFrame;
    if (saved) {
      const callFrames = this.#agent.scripts.framesOfSaved(saved);
      const cause = saved.asyncCause ?? 'promise callback';
      if (callFrames.length > 0) return { description: cause === 'async' ? 'await' : cause, callFrames };
    }
    return this.#asyncStack.findLast((each) => each !== undefined);
  }

  terminate() {
    if (this.#paused !== undefined) {
      this.#paused.killed = true;
      this.#paused.resume = 'resume';
    } else {
      this.#agent.debug.onEnterFrame = () => null;
    }
  }

  searchInContent({ scriptId, query, caseSensitive, isRegex }, session) {
    session.need('Debugger');
    const source = this.#agent.scripts.byId(scriptId);
    if (source === undefined) throw new ProtocolError(`No script for id: ${scriptId}`);
    const text = isRegex ? query : query.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
    const pattern = new RegExp(text, caseSensitive ? '' : 'i');
    const result = [];
    this.#agent.scripts.text(source).split('\n').forEach((lineContent, lineNumber) => {
      if (pattern.test(lineContent)) result.push({ lineNumber, lineContent });
    });
    return { result };
  }

  setSkipAll(skip) {
    this.#skipAll = skip;
  }

  setActive(active) {
    this.#active = active;
  }

  setBlackboxPatterns({ patterns }) {
    const compiled = patterns.map((pattern) => attempt(() => new RegExp(pattern)));
    if (compiled.includes(undefined)) throw new ProtocolError('Pattern parser error: Invalid regular expression');
    this.#blackbox = compiled;
  }

  disable(session) {
    if (!session.enabled.delete('Debugger')) return;
    for (const { 0: id, 1: point } of this.#breakpoints) if (point.session === session) this.#remove(id, point);
    this.#onDisable();
  }

  continueTo({ location }, session) {
    if (this.#paused === undefined) throw new ProtocolError('Can only perform operation while paused.');
    const id = `continue:${location.lineNumber}:${location.columnNumber ?? 0}`;
    const point = { session, ...location, columnNumber: location.columnNumber ?? 0, condition: '', placed: [], once: true, reason: 'other' };
    this.#breakpoints.set(id, point);
    if (this.#place(id, point, this.#need(location.scriptId)) === undefined) {
      this.#breakpoints.delete(id);
      throw new ProtocolError('Could not resolve breakpoint');
    }
    this.#paused.resume = 'resume';
  }
}

function install(agent, names) {
  ({ ProtocolError } = names);
  const domain = agent.debuggerDomain = new DebuggerDomain(agent);
  const nothing = () => ({});
  const step = (how) => [undefined, () => domain.resume(how)];
  agent.define({
    'Debugger.continueToLocation': [{ location: 'object', targetCallFrames: 'string?' }, (params, session) => domain.continueTo(params, session)],
    'Debugger.disable': [undefined, (_, session) => domain.disable(session)],
    'Debugger.enable': [{ maxScriptsCacheSize: 'number?' }, (_, session) => domain.enable(session)],
    'Debugger.evaluateOnCallFrame': [{
      callFrameId: 'string', expression: 'string', objectGroup: 'string?', includeCommandLineAPI: 'boolean?', silent: 'boolean?',
      returnByValue: 'boolean?', generatePreview: 'boolean?', throwOnSideEffect: 'boolean?', timeout: 'number?',
    }, (params, session) => domain.evaluateOnCallFrame(params, session)],
    'Debugger.getPossibleBreakpoints': [{ start: 'object', end: 'object?', restrictToFunction: 'boolean?' }, (params) =>
      domain.getPossibleBreakpoints(params)],
    'Debugger.getScriptSource': [{ scriptId: 'string' }, ({ scriptId }, session) => {
      session.need('Debugger');
      const source = agent.scripts.byId(scriptId);
      if (source === undefined) throw new ProtocolError(`No script for id: ${scriptId}`);
      return { scriptSource: agent.scripts.text(source) };
    }],
    'Debugger.pause': [undefined, (_, session) => {
      session.need('Debugger');
      domain.pauseSoon();
    }],
    'Debugger.removeBreakpoint': [{ breakpointId: 'string' }, (params, session) => domain.removeBreakpoint(params, session)],
    'Debugger.resume': [{ terminateOnResume: 'boolean?' }, ({ terminateOnResume }) => {
      domain.resume('resume');
      if (terminateOnResume) domain.terminate();
    }],
    'Debugger.searchInContent': [{ scriptId: 'string', query: 'string', caseSensitive: 'boolean?', isRegex: 'boolean?' },
      (params, session) => domain.searchInContent(params, session)],
    'Debugger.setAsyncCallStackDepth': [{ maxDepth: 'number' }, ({ maxDepth }, session) => {
      session.need('Debugger');
      domain.setAsyncDepth(maxDepth, session);
    }],
    'Debugger.setBlackboxPatterns': [{ patterns: 'array', skipAnonymous: 'boolean?' }, (params) => domain.setBlackboxPatterns(params)],
    'Debugger.setBreakpoint': [{ location: 'object', condition: 'string?' }, (params, session) => domain.setBreakpoint(params, session)],
    'Debugger.setBreakpointByUrl': [{
      lineNumber: 'number', url: 'string?', urlRegex: 'string?', scriptHash: 'string?', columnNumber: 'number?', condition: 'string?',
    }, (params, session) => domain.setBreakpointByUrl(params, session)],
    'Debugger.setBreakpointOnFunctionCall': [{ objectId: 'string', condition: 'string?' },
      (params, session) => domain.setBreakpointOnFunctionCall(params, session)],
    'Debugger.setBreakpointsActive': [{ active: 'boolean' }, ({ active }) => domain.setActive(active)],
    'Debugger.setInstrumentationBreakpoint': [{ instrumentation: 'string' }, (params, session) => domain.setInstrumentation(params, session)],
    'Debugger.setPauseOnExceptions': [{ state: 'string' }, (params, session) => domain.setPauseOnExceptions(params, session)],
    'Debugger.setSkipAllPauses': [{ skip: 'boolean' }, ({ skip }) => domain.setSkipAll(skip)],
    'Debugger.setVariableValue': [{ scopeNumber: 'number', variableName: 'string', newValue: 'object', callFrameId: 'string' },
      (params, session) => domain.setVariableValue(params, session)],
    'Debugger.stepInto': step('into'),
    'Debugger.stepOut': step('out'),
    'Debugger.stepOver': step('over'),
  });
}

module.exports = { install };
