/** Domains Runtime, Console and Schema: evaluation, objects, what the program prints and throws. */
'use strict';

const { Remotes, attempt, collectionEntries, isObject, promiseResult } = require('internal/inspector/agent/remote_object');

/** Messages of the console that are kept for clients that come later. V8 keeps as many. */
const MESSAGES_MAX = 1000;

const { evaluate: evaluatePurely } = require('internal/inspector/agent/pure');

let Later;
let ProtocolError;

/** Method of the console to the type of the message. DevTools protocol: Runtime.consoleAPICalled. */
const TYPES = {
  __proto__: null, warn: 'warning', group: 'startGroup', groupCollapsed: 'startGroupCollapsed', groupEnd: 'endGroup', timeLog: 'log',
  countReset: undefined, time: undefined, timeStamp: undefined,
};

class Runtime {
  #agent;
  #messages = [];
  #exceptions = 0;
  #scripts = new Map();
  #bindings = new Map();

  constructor(agent) {
    this.#agent = agent;
  }

  options(params, session) {
    return {
      objectGroup: params.objectGroup ?? '', contextId: params.contextId ?? params.executionContextId ?? 1,
      generatePreview: params.generatePreview === true, returnByValue: params.returnByValue === true, session,
    };
  }

  contextGlobal(id = 1) {
    const global = this.#agent.contexts.list.has(id) ? this.#agent.contexts.global(id) : undefined;
    if (global === undefined) throw new ProtocolError('Cannot find context with specified id');
    return global;
  }

  contextOf(params) {
    if (params.uniqueContextId === undefined) return params.contextId ?? params.executionContextId ?? 1;
    for (const { 0: id, 1: context } of this.#agent.contexts.list) if (context.uniqueId === params.uniqueContextId) return id;
    throw new ProtocolError('uniqueContextId not found');
  }

  /** ExceptionDetails of something that was thrown. */
  exceptionDetails(session, value, stack, options) {
    const { remotes, scripts } = this.#agent;
    const exception = remotes.wrap(session, value, options);
    const details = { exceptionId: ++this.#exceptions, text: 'Uncaught', lineNumber: 0, columnNumber: 0 };
    const callFrames = scripts.framesOfSaved(stack);
    const where = isObject(value) ? this.#agent.host.errorPlace(value.unsafeDereference()) : undefined;
    if (callFrames.length > 0) {
      details.lineNumber = callFrames[0].lineNumber;
      details.columnNumber = callFrames[0].columnNumber;
      details.scriptId = callFrames[0].scriptId;
      if (callFrames[0].url !== '') details.url = callFrames[0].url;
      details.stackTrace = { callFrames };
    } else if (where !== undefined) {
      details.lineNumber = Math.max(where[1] - 1, 0);
      details.columnNumber = Math.max(where[2] - 1, 0);
      if (where[0] !== '') details.url = scripts.urlOf(where[0]);
    }
    details.exception = exception;
    return details;
  }

  /** What a completion value of the Debugger means to a client. */
  completion(session, completion, options) {
    if (completion === null) throw new ProtocolError('Execution was terminated');
    const { remotes } = this.#agent;
    if (!('throw' in completion)) return { result: remotes.wrap(session, completion.return, options) };
    return {
      result: remotes.wrap(session, completion.throw, { ...options, returnByValue: false, generatePreview: false }),
      exceptionDetails: this.exceptionDetails(session, completion.throw, completion.stack,
        { ...options, returnByValue: false, generatePreview: false }),
    };
  }

  /** As `completion`, once the promise that it may be has settled. */
  settle(session, completion, options, awaitPromise) {
    if (!awaitPromise || completion === null || !('return' in completion) || !isObject(completion.return)) {
      return this.completion(session, completion, options);
    }
    const value = completion.return;
    return new Later((reply) => {
      const done = (outcome) => attemptReply(reply, () => this.completion(session, outcome, options));
      this.#agent.host.whenSettled(
        value.unsafeDereference(),
        (result) => done({ return: value.makeDebuggeeValue(result) }),
        (reason) => done({ throw: value.makeDebuggeeValue(reason) }),
      );
    });
  }

  /** Bindings of the command line API, which expressions of a console may use. */
  commandLine(global, includes) {
    const bindings = {};
    if (!includes) return bindings;
    const api = global.makeDebuggeeValue(this.#agent.host.commandLineApi());
    for (const name of api.getOwnPropertyNames()) {
      if (attempt(() => global.getOwnPropertyDescriptor(name)) === undefined) bindings[name] = api.getOwnPropertyDescriptor(name).value;
    }
    Object.assign(bindings, this.#agent.debuggerDomain.commandLine(global));
    return bindings;
  }

  evaluate(params, session) {
    const id = this.contextOf(params);
    const global = this.contextGlobal(id);
    const options = this.options({ ...params, contextId: id }, session);
    const { expression } = params;
    if (params.throwOnSideEffect && id === 1) {
      return this.pure(session, (watched) => watched.executeInGlobal(expression, { url: '', lineNumber: 1 }), options);
    }
    const run = () => this.#agent.runProgram(() => this.run(global, id, expression, params));
    const completion = params.timeout === undefined ? run() : this.limited(params.timeout, run);
    return this.settle(session, completion, options, params.awaitPromise === true);
  }

  /** What `run(global, adopt)` gives if it has no side effects. */
  pure(session, run, options) {
    const completion = evaluatePurely(this.#agent, run);
    if (completion !== null) return this.completion(session, completion, options);
    const exception = {
      type: 'object', subtype: 'error', className: 'EvalError', description: 'EvalError: Possible side-effect in debug-evaluate',
    };
    const exceptionDetails = { exceptionId: ++this.#exceptions, text: 'Uncaught', lineNumber: 0, columnNumber: 0, exception };
    return { result: exception, exceptionDetails };
  }

  /** What `run` returns; null, as for other terminations, if it does not end in time. */
  limited(timeout, run) {
    return attempt(() => this.#agent.natives.limited(timeout, run), null);
  }

  run(global, id, expression, { includeCommandLineAPI, replMode }) {
    const text = replMode ? this.#agent.host.replText(expression) : expression;
    if (id !== 1) return this.runInContext(global, text);
    const bindings = this.commandLine(global, includeCommandLineAPI);
    return global.executeInGlobalWithBindings(text, bindings, { url: '', lineNumber: 1 });
  }

  /** In a context of node:vm, whose object is not its global object. */
  runInContext(global, text) {
    const outcome = this.#agent.host.runInContext(global.unsafeDereference(), text);
    if (outcome === undefined) return global.executeInGlobal(text);
    const value = global.makeDebuggeeValue(outcome.value);
    return outcome.threw ? { throw: value } : { return: value };
  }

  /** An argument of a call: `{ value }`, `{ unserializableValue }` or `{ objectId }`. */
  argument(global, { value, unserializableValue, objectId }, session) {
    if (objectId !== undefined) return this.object(objectId, session).value;
    if (unserializableValue !== undefined) {
      switch (unserializableValue) {
        case 'NaN': return NaN;
        case 'Infinity': return Infinity;
        case '-Infinity': return -Infinity;
        case '-0': return -0;
        default:
          if (/^-?\d+n$/.test(unserializableValue)) return BigInt(unserializableValue.slice(0, -1));
          throw new ProtocolError('Invalid unserializableValue');
      }
    }
    if (value === null || typeof value !== 'object') return value;
    return global.executeInGlobal(`(${JSON.stringify(value)})`).return;
  }

  object(objectId, session) {
    if (!/^-?\d+\.\d+\.\d+$/.test(objectId)) throw new ProtocolError('Invalid remote object id');
    const held = this.#agent.remotes.find(session, objectId);
    if (held === undefined) {
      throw new ProtocolError(objectId.startsWith(`${this.#agent.contexts.unique}.`) ? 'Could not find object with given id' :
        'Cannot find context with specified id');
    }
    return held;
  }

  callFunctionOn(params, session) {
    const held = params.objectId === undefined ? undefined : this.object(params.objectId, session);
    if (held === undefined && params.executionContextId === undefined && params.uniqueContextId === undefined) {
      throw new ProtocolError('Either objectId or executionContextId or uniqueContextId must be specified');
    }
    const contextId = held?.contextId ?? this.contextOf(params);
    const global = this.contextGlobal(contextId);
    const args = (params.arguments ?? []).map((each) => this.argument(global, each, session));
    const options = this.options({ ...params, contextId, objectGroup: params.objectGroup ?? held?.objectGroup }, session);
    if (params.throwOnSideEffect) throw new ProtocolError('throwOnSideEffect is not supported for calls');
    const made = global.executeInGlobal(`(${params.functionDeclaration}\n)`);
    if (made === null || 'throw' in made) return this.completion(session, made, options);
    if (!isObject(made.return) || !made.return.callable) throw new ProtocolError('Given expression does not evaluate to a function');
    const completion = this.#agent.runProgram(() => made.return.call(held === undefined ? global : held.value, ...args));
    return this.settle(session, completion, options, params.awaitPromise === true);
  }

  awaitPromise(params, session) {
    const { value, contextId } = this.object(params.promiseObjectId, session);
    if (!isObject(value) || !value.isPromise) throw new ProtocolError('Could not find promise with given id');
    return this.settle(session, { return: value }, this.options({ ...params, contextId }, session), true);
  }

  compileScript({ expression, sourceURL, persistScript, executionContextId }, session) {
    session.need('Runtime', 'Runtime agent is not enabled');
    const global = this.contextGlobal(executionContextId);
    const error = this.#agent.host.compileError(expression, sourceURL);
    if (error !== undefined) {
      return { exceptionDetails: this.exceptionDetails(session, global.makeDebuggeeValue(error), undefined, {}) };
    }
    if (!persistScript) return {};
    const scriptId = `compiled-${this.#scripts.size + 1}`;
    this.#scripts.set(scriptId, { expression, sourceURL });
    return { scriptId };
  }

  runScript(params, session) {
    session.need('Runtime', 'Runtime agent is not enabled');
    const script = this.#scripts.get(params.scriptId);
    if (script === undefined) throw new ProtocolError('No script with given id');
    const contextId = params.executionContextId ?? 1;
    const completion = this.contextGlobal(contextId).executeInGlobal(script.expression, { url: script.sourceURL });
    return this.settle(session, completion, this.options({ ...params, contextId }, session), params.awaitPromise === true);
  }

  getProperties(params, session) {
    const held = this.object(params.objectId, session);
    const options = { ...held, generatePreview: params.generatePreview === true };
    delete options.value;
    if (held.scope !== undefined) return { result: this.#agent.debuggerDomain.scopeProperties(held.scope, session, options) };
    if (!isObject(held.value)) return { result: [] };
    return this.propertiesOf(held.value, params, session, options);
  }

  propertiesOf(object, params, session, options) {
    const result = [];
    const seen = new Set();
    const accessorsOnly = params.accessorPropertiesOnly === true;
    for (let at = object; at !== null && at !== undefined; at = attempt(() => at.proto, null)) {
      const isOwn = at === object;
      for (const key of attempt(() => [...at.getOwnPropertyNames(), ...at.getOwnPropertySymbols()], [])) {
        if (seen.has(key) || (params.nonIndexedPropertiesOnly && typeof key === 'string' && /^\d+$/.test(key))) continue;
        seen.add(key);
        const found = attempt(() => at.getOwnPropertyDescriptor(key));
        if (found !== undefined && !(accessorsOnly && 'value' in found)) result.push(this.property(key, found, isOwn, session, options));
      }
      if (params.ownProperties === true || at.isProxy) break;
    }
    if (accessorsOnly) return { result };
    const out = { result, internalProperties: this.internals(object, session, options) };
    const names = attempt(() => object.getOwnPrivateProperties?.() ?? [], []);
    if (names.length > 0) {
      out.privateProperties = names.map((symbol) => {
        const found = attempt(() => object.getOwnPropertyDescriptor(symbol)) ?? { value: attempt(() => object.getProperty(symbol)?.return) };
        const name = String(symbol).replace(/^Symbol\((.*)\)$/, '$1');
        return { name, value: this.#agent.remotes.wrap(session, found.value, options) };
      });
    }
    return out;
  }

  property(key, found, isOwn, session, options) {
    const wrap = (value) => this.#agent.remotes.wrap(session, value, options);
    const out = { name: typeof key === 'symbol' ? String(key) : key };
    if ('value' in found) {
      out.value = wrap(found.value);
      out.writable = found.writable;
    } else {
      out.get = wrap(found.get);
      out.set = wrap(found.set);
    }
    out.configurable = found.configurable;
    out.enumerable = found.enumerable;
    out.isOwn = isOwn;
    if (typeof key === 'symbol') out.symbol = wrap(key);
    return out;
  }

  /** What the language hides: `[[Prototype]]` and the like. */
  internals(object, session, options) {
    const { remotes, scripts } = this.#agent;
    const out = [];
    const add = (name, value) => out.push({ name, value: remotes.wrap(session, value, options) });
    if (object.isProxy) {
      add('[[Handler]]', object.proxyHandler);
      add('[[Target]]', object.proxyTarget);
      out.push({ name: '[[IsRevoked]]', value: { type: 'boolean', value: object.proxyTarget === null } });
      return out;
    }
    const { script } = object;
    if (script !== undefined) {
      const location = scripts.startOf(script);
      out.push({ name: '[[FunctionLocation]]', value: { type: 'object', subtype: 'internal#location', value: location, description: 'Object' } });
    }
    if (object.isBoundFunction) {
      add('[[TargetFunction]]', object.boundTargetFunction);
      add('[[BoundThis]]', object.boundThis);
    }
    const proto = attempt(() => object.proto, null);
    if (proto !== null) add('[[Prototype]]', proto);
    if (object.isPromise) {
      add('[[PromiseState]]', object.promiseState);
      add('[[PromiseResult]]', promiseResult(object));
    }
    if (object.class === 'Map' || object.class === 'Set') {
      out.push({ name: '[[Entries]]', value: this.entries(object, session, options) });
    }
    return out;
  }

  /** `[[Entries]]`: an array of the program's realm, made for the client. */
  entries(object, session, options) {
    const isMap = object.class === 'Map';
    const list = this.#agent.host.entryList(collectionEntries(object).map((pair) =>
      pair.map((value) => isObject(value) ? value.unsafeDereference() : value)), isMap);
    const found = this.#agent.remotes.wrap(session, object.makeDebuggeeValue(list), { ...options, generatePreview: false });
    return { ...found, subtype: 'array' };
  }

  /** The console was called, with values of the program. */
  console(method, args, context) {
    const type = method in TYPES ? TYPES[method] : method;
    if (type === undefined) return;
    const global = this.contextGlobal(1);
    const message = {
      type, args: Array.from(args, (value) => global.makeDebuggeeValue(value)), timestamp: Date.now(),
      callFrames: this.#agent.scripts.currentFrames(), context,
    };
    this.#keep(message);
    for (const session of [...this.#agent.sessions.values()]) if (session.enabled.has('Runtime')) this.reportMessage(session, message);
  }

  #keep(message) {
    this.#messages.push(message);
    if (this.#messages.length > MESSAGES_MAX) this.#messages.shift();
  }

  reportMessage(session, message) {
    if (message.error !== undefined) {
      const details = this.exceptionDetails(session, message.error.value, undefined, { objectGroup: 'console' });
      if (message.callFrames?.length > 0 && details.stackTrace === undefined) details.stackTrace = { callFrames: message.callFrames };
      details.executionContextId = 1;
      if (message.text !== undefined) details.text = message.text;
      session.notify('Runtime.exceptionThrown', { timestamp: message.timestamp, exceptionDetails: details });
      return;
    }
    const generatePreview = true;
    session.notify('Runtime.consoleAPICalled', {
      type: message.type,
      args: message.args.map((value) => this.#agent.remotes.wrap(session, value, { objectGroup: 'console', generatePreview })),
      executionContextId: 1,
      timestamp: message.timestamp,
      stackTrace: { callFrames: message.callFrames },
      ...message.context === undefined ? {} : { context: message.context },
    });
  }

  /** Nobody caught `error`. */
  exception(error, inPromise) {
    const message = {
      error: { value: this.contextGlobal(1).makeDebuggeeValue(error) }, timestamp: Date.now(),
      text: inPromise ? 'Uncaught (in promise)' : undefined,
    };
    this.#keep(message);
    for (const session of [...this.#agent.sessions.values()]) if (session.enabled.has('Runtime')) this.reportMessage(session, message);
  }

  enable(session) {
    if (session.enabled.has('Runtime')) return;
    session.enabled.add('Runtime');
    this.#agent.host.listen('console');
    for (const context of this.#agent.contexts.list.values()) session.notify('Runtime.executionContextCreated', { context });
    for (const message of [...this.#messages]) this.reportMessage(session, message);
  }

  discard() {
    this.#messages = [];
  }

  addBinding({ name }, session) {
    const sessions = this.#bindings.get(name) ?? new Set();
    sessions.add(session);
    if (!this.#bindings.has(name)) {
      this.#agent.host.defineBinding(name, (payload) => {
        for (const each of this.#bindings.get(name) ?? []) {
          each.notify('Runtime.bindingCalled', { name, payload, executionContextId: 1 });
        }
      });
    }
    this.#bindings.set(name, sessions);
  }

  removeBinding({ name }, session) {
    this.#bindings.get(name)?.delete(session);
  }
}

/** Sends what `make` returns, or what it throws. */
function attemptReply(reply, make) {
  let result;
  try {
    result = make();
  } catch (error) {
    reply(undefined, error);
    return;
  }
  reply(result);
}

function install(agent, names) {
  ({ Later, ProtocolError } = names);
  agent.error = (message) => new ProtocolError(message);
  agent.remotes = new Remotes(agent);
  const runtime = agent.runtime = new Runtime(agent);
  const nothing = () => ({});
  agent.define({
    'Console.clearMessages': [undefined, nothing],
    'Console.disable': [undefined, (_, session) => void session.enabled.delete('Console')],
    'Console.enable': [undefined, (_, session) => void session.enabled.add('Console')],
    'Runtime.addBinding': [{ name: 'string' }, (params, session) => runtime.addBinding(params, session)],
    'Runtime.awaitPromise': [{ promiseObjectId: 'string', returnByValue: 'boolean?', generatePreview: 'boolean?' },
      (params, session) => runtime.awaitPromise(params, session)],
    'Runtime.callFunctionOn': [{
      functionDeclaration: 'string', objectId: 'string?', arguments: 'array?', silent: 'boolean?', returnByValue: 'boolean?',
      generatePreview: 'boolean?', userGesture: 'boolean?', awaitPromise: 'boolean?', executionContextId: 'number?', objectGroup: 'string?',
      throwOnSideEffect: 'boolean?', uniqueContextId: 'string?',
    }, (params, session) => runtime.callFunctionOn(params, session)],
    'Runtime.compileScript': [{ expression: 'string', sourceURL: 'string', persistScript: 'boolean', executionContextId: 'number?' },
      (params, session) => runtime.compileScript(params, session)],
    'Runtime.disable': [undefined, (_, session) => void session.enabled.delete('Runtime')],
    'Runtime.discardConsoleEntries': [undefined, () => runtime.discard()],
    'Runtime.enable': [undefined, (_, session) => runtime.enable(session)],
    'Runtime.evaluate': [{
      expression: 'string', objectGroup: 'string?', includeCommandLineAPI: 'boolean?', silent: 'boolean?', contextId: 'number?',
      returnByValue: 'boolean?', generatePreview: 'boolean?', userGesture: 'boolean?', awaitPromise: 'boolean?',
      throwOnSideEffect: 'boolean?', timeout: 'number?', disableBreaks: 'boolean?', replMode: 'boolean?', uniqueContextId: 'string?',
    }, (params, session) => runtime.evaluate(params, session)],
    'Runtime.getHeapUsage': [undefined, () => ({ ...agent.host.heapUsage() })],
    'Runtime.getIsolateId': [undefined, () => ({ id: agent.contexts.unique.replace('-', '') })],
    'Runtime.getProperties': [{
      objectId: 'string', ownProperties: 'boolean?', accessorPropertiesOnly: 'boolean?', generatePreview: 'boolean?',
      nonIndexedPropertiesOnly: 'boolean?',
    }, (params, session) => runtime.getProperties(params, session)],
    'Runtime.globalLexicalScopeNames': [{ executionContextId: 'number?' }, ({ executionContextId }) => {
      const lexical = runtime.contextGlobal(executionContextId).asEnvironment();
      return { names: lexical.names() };
    }],
    'Runtime.queryObjects': [{ prototypeObjectId: 'string', objectGroup: 'string?' }, ({ prototypeObjectId, objectGroup }, session) => {
      const { value } = runtime.object(prototypeObjectId, session);
      if (!isObject(value)) throw new ProtocolError('Prototype should be instance of Object');
      const found = value.makeDebuggeeValue(agent.host.instancesOf(value.unsafeDereference()));
      return { objects: agent.remotes.wrap(session, found, { objectGroup }) };
    }],
    'Runtime.releaseObject': [{ objectId: 'string' }, ({ objectId }, session) => agent.remotes.release(session, objectId)],
    'Runtime.releaseObjectGroup': [{ objectGroup: 'string' }, ({ objectGroup }, session) => agent.remotes.releaseGroup(session, objectGroup)],
    'Runtime.removeBinding': [{ name: 'string' }, (params, session) => runtime.removeBinding(params, session)],
    'Runtime.runIfWaitingForDebugger': [undefined, (_, session) => agent.host.stopWaiting(session.id)],
    'Runtime.runScript': [{
      scriptId: 'string', executionContextId: 'number?', objectGroup: 'string?', silent: 'boolean?', includeCommandLineAPI: 'boolean?',
      returnByValue: 'boolean?', generatePreview: 'boolean?', awaitPromise: 'boolean?',
    }, (params, session) => runtime.runScript(params, session)],
    'Runtime.setAsyncCallStackDepth': [{ maxDepth: 'number' }, ({ maxDepth }, session) =>
      agent.debuggerDomain.setAsyncDepth(maxDepth, session)],
    'Runtime.setMaxCallStackSizeToCapture': [{ size: 'number' }, ({ size }) => {
      if (size < 0) throw new ProtocolError('maxCallStackSizeToCapture should be non-negative');
      agent.scripts.framesMax = size;
    }],
    'Runtime.terminateExecution': [undefined, () => agent.debuggerDomain.terminate()],
    'Schema.getDomains': [undefined, () => ({
      domains: ['Runtime', 'Debugger', 'Profiler', 'HeapProfiler', 'Schema'].map((name) => ({ name, version: '1.3' })),
    })],
  });
}

module.exports = { install };
