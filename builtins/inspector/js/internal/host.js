/**
 * The inspector's part in the program's realm: makes the agent (internal/inspector/agent), brings it what clients say, and does for it what
 * only the program's realm can do.
 *
 * Loaded with the first session, the server, or a message from another thread; until then nothing of the inspector runs.
 */
'use strict';

const native = binding('inspector');
const { uncurryThis } = primordials;
const lifecycle = require('internal/process/lifecycle');
const process = require('internal/process/object');

const promiseThen = uncurryThis(Promise.prototype.then);

let agent;
/** Receivers of sessions whose client is in this thread, by session. */
const receivers = new Map();
/** Receivers of sessions that this thread has with others. */
const remotes = new Map();
/** Sessions of others: sockets, threads. */
const clients = new Set();
const sockets = new Set();
let lastLocal = 0;
/** How many requests are being answered: another one has to wait, unless the agent runs the program's code meanwhile. */
let handling = 0;
/** Whether this thread stands still and takes requests itself: an interrupt that took one would leave it standing for ever. */
let holding = 0;
let waiting = false;

/** The main thread's number is 0. */
function threadId() {
  return require('internal/worker_threads/self').threadId;
}

/** This thread can be inspected from now on. */
function begin() {
  const id = threadId();
  const { title, url } = names(id);
  native.begin(id, title, url);
}


function names(id = threadId()) {
  const { pathToFileURL } = require('url');
  const main = process.argv[1];
  const isFile = main !== undefined && main !== '-' && require('path').isAbsolute(main);
  const url = isFile ? pathToFileURL(main).href : 'file://';
  return { title: id === 0 ? isFile ? main : `${process.argv0}[${process.pid}]` : `Worker ${id}`, url };
}

function getAgent() {
  if (agent !== undefined) return agent;
  begin();
  native.setHandler(attend);
  agent = native.makeAgent('internal/inspector/agent/main', host);
  require('internal/inspector/vm_contexts').watch(agent);
  lifecycle.setInspection({
    onEnd,
    onException(error) {
      agent.runtime.exception(error, false);
    },
  });
  return agent;
}

/** Something has arrived for this thread. */
function attend(interrupts) {
  getAgent();
  if ((handling === 0 && holding === 0) || (interrupts && agent.inProgram > 0)) takeRequests();
  // Clients in this thread must not be called in the middle of its code.
  if (interrupts) queueMicrotask(takeReplies);
  else takeReplies();
}

function takeRequests() {
  for (let request = native.take(); request !== undefined; request = native.take()) handle(request);
}

/** From now on this thread takes requests with serve(). */
function hold() {
  holding++;
}

/** It goes on; what came meanwhile is answered. */
function release() {
  holding--;
  catchUp();
}

function takeReplies() {
  for (let reply = native.takeReply(); reply !== undefined; reply = native.takeReply()) {
    const receiver = remotes.get(reply[0]);
    if (reply.length === 1) remotes.delete(reply[0]);
    receiver?.(reply[1]);
  }
}

/** The next request, for which this thread stands still. */
function serve() {
  handle(native.wait());
}

function handle(request) {
  handling++;
  try {
    const { 0: kind, 1: id } = request;
    switch (kind) {
      case 'connect':
        if (request[2]) {
          sockets.add(id);
          process._rawDebug('Debugger attached.');
        }
        clients.add(id);
        agent.connect(id, request[2] ? 'socket' : 'remote');
        break;
      case 'disconnect':
        agent.disconnect(id);
        clients.delete(id);
        sockets.delete(id);
        break;
      case 'message': agent.dispatch(id, request[2]); break;
      case 'began': agent.workers.began(id, request[2], request[3], request[4]); break;
      case 'ended': break;
    }
  } finally {
    handling--;
  }
}

/** Requests that came while another was being answered. */
function catchUp() {
  if (handling === 0 && holding === 0) takeRequests();
}

/** A session whose client is in this thread; `receive(text)` gets what the agent says. */
function connectLocal(receive) {
  const id = -(++lastLocal);
  receivers.set(id, receive);
  getAgent().connect(id, 'thread');
  return {
    post(text) {
      handling++;
      try {
        agent.dispatch(id, text);
      } finally {
        handling--;
      }
      catchUp();
    },
    disconnect() {
      receivers.delete(id);
      agent.disconnect(id);
    },
  };
}

/** A session with another thread; undefined if there is no such thread. `receive(undefined)` tells its end. */
function connectRemote(target, receive) {
  getAgent();
  const id = native.connect(target);
  if (id === undefined) return undefined;
  remotes.set(id, receive);
  return {
    id,
    post: (text) => native.post(id, text),
    disconnect() {
      remotes.delete(id);
      native.disconnect(id);
    },
  };
}

/** Stands still until a client says Runtime.runIfWaitingForDebugger. */
function waitForClient() {
  // Before anybody can ask.
  waiting = true;
  hold();
  getAgent();
  while (waiting) serve();
  release();
}

/** As waitForClient(), in a worker; one that runs a file begins with a pause where the process's programs do. */
function waitForTarget(isFile) {
  waitForClient();
  if (isFile && host.targetsWait()) breakOnStart();
}

/** Ends the sessions of all sockets. */
function closeSockets() {
  for (const id of sockets) {
    native.close(id);
    agent.disconnect(id);
    clients.delete(id);
  }
  sockets.clear();
}

/** The thread is about to end: clients may look around once more. Node docs: Debugger. */
function onEnd() {
  if (agent === undefined) return;
  lifecycle.setInspection(undefined);
  require('internal/inspector/profiles').finish();
  hold();
  waitForDisconnect();
  native.closeServer();
  native.flush();
}

function waitForDisconnect() {
  const late = [...clients].filter((id) => agent.sessions.get(id)?.data.notifiesAtEnd);
  if (late.length === 0 && sockets.size === 0) return;
  for (const id of late) agent.sessions.get(id).notify('NodeRuntime.waitingForDisconnect', {});
  if (late.length === 0) destroyContext();
  if (sockets.size > 0) process._rawDebug('Waiting for the debugger to disconnect...');
  let told = late.length === 0;
  while (sockets.size > 0 || late.some((id) => clients.has(id))) {
    serve();
    if (!told && !late.some((id) => clients.has(id))) {
      told = true;
      destroyContext();
    }
  }
}

function destroyContext() {
  for (const id of clients) {
    const session = agent.sessions.get(id);
    if (session?.enabled.has('Runtime')) session.notify('Runtime.executionContextDestroyed', { executionContextId: 1 });
  }
}

/** Runs `work`, and pauses at the first statement of the user's that it comes to. */
function breakOnStart() {
  getAgent().debuggerDomain.breakOnStart();
}

/** The program turned out to be a text that nobody breaks into: an ES module of `--eval`. */
function cancelBreak() {
  agent?.debuggerDomain.cancelStep();
}

const isWorkerTarget = () => require('internal/options').getOptionValue('--experimental-worker-inspection') === true;

/** What the agent calls; see the files that use them. */
const host = {
  breakOnStart,
  collectGarbage: () => binding('process').collectGarbage(),
  commandLineApi() {
    const { createRequire } = require('module');
    return { require: createRequire(`${process.cwd()}/`) };
  },
  compileError(text, filename) {
    try {
      new (require('vm').Script)(text, { filename: filename || undefined });
      return undefined;
    } catch (error) {
      return error;
    }
  },
  connectThread(target, receive) {
    return connectRemote(target, receive)?.id;
  },
  debug(text) {
    require('util').debuglog('inspector')('%s', text);
  },
  defineBinding(name, call) {
    Object.defineProperty(globalThis, name, {
      __proto__: null, configurable: true, enumerable: false, writable: true, value: (payload) => {
        if (typeof payload !== 'string') throw new TypeError('Invalid arguments: should be exactly one string.');
        call(payload);
      },
    });
  },
  disconnectThread(id) {
    remotes.delete(id);
    native.disconnect(id);
  },
  entryList(pairs, isMap) {
    return Array.from(pairs, ({ 0: key, 1: value }) => isMap ? { key, value } : { value });
  },
  errorPlace: (error) => binding('task_queue').errorLocation(error),
  errorText(error) {
    const { stack } = error;
    if (typeof stack !== 'string' || stack === '') return String(error);
    // The agent's own frames are nobody's business.
    return stack.includes('node:internal/inspector/') ?
      stack.split('\n').filter((line) => !/^ {4}at .*\bnode:internal\/inspector\//.test(line)).join('\n') : stack;
  },
  exportFunction: (fn) => (...args) => fn(...args),
  fileUrl: (file) => require('url').pathToFileURL(file).href,
  fromBase64(json, isText) {
    const { Buffer } = require('buffer');
    const bytes = Buffer.concat(JSON.parse(json).map((each) => Buffer.from(each, 'base64')));
    return bytes.toString(isText ? 'utf8' : 'base64');
  },
  hasResources: () => require('internal/options').getOptionValue('--experimental-inspector-network-resource') === true,
  hasTargets: isWorkerTarget,
  heapSnapshot(write) {
    const { Buffer } = require('buffer');
    const bytes = binding('v8').heapSnapshot();
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    const CHUNK = 100 * 1024;
    for (let at = 0; at < text.length; at += CHUNK) write(text.slice(at, at + CHUNK));
  },
  hold,
  heapUsage() {
    const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
    return { usedSize: heapUsed, totalSize: heapTotal, embedderHeapUsedSize: external, backingStorageSize: arrayBuffers };
  },
  instancesOf(prototype) {
    return binding('v8').instanceFinder()(prototype);
  },
  isWaiting: () => waiting,
  listen(what) {
    if (what === 'console') require('internal/inspector/console').watch((method, args) => agent.runtime.console(method, args));
  },
  mainContext() {
    const id = threadId();
    return { name: id === 0 ? `${process.argv0}[${process.pid}]` : `Worker[${id}]`, isDefault: true };
  },
  microseconds: () => Math.round(performance.timeOrigin * 1000 + performance.now() * 1000),
  postThread: (id, text) => native.post(id, text),
  release,
  replText: (text) => require('internal/inspector/repl_text').transform(text),
  resource: (url) => require('internal/inspector/network_resources').get(url),
  runInContext(global, text) {
    const sandbox = require('internal/inspector/vm_contexts').sandboxOf(global);
    if (sandbox === undefined) return undefined;
    try {
      return { value: require('vm').runInContext(text, sandbox, { displayErrors: false }), threw: false };
    } catch (value) {
      return { value, threw: true };
    }
  },
  send(id, text) {
    if (id < 0) receivers.get(id)?.(text);
    else native.send(id, text);
  },
  serve,
  startCoverage() {
    require('internal/v8/coverage').start();
  },
  startSampling: native.startSampling,
  startTracing: (categories, write) => require('internal/trace_events/agent').startSession(categories, write),
  stopCoverage() {
    if (!process.env.NODE_V8_COVERAGE) require('internal/v8/coverage').stop();
  },
  stopSampling: native.stopSampling,
  stopTracing: (handle) => require('internal/trace_events/agent').stopSession(handle),
  stopWaiting() {
    waiting = false;
  },
  storageItems: (isLocal) => require('internal/inspector/storage').items(isLocal),
  storageKey: () => require('internal/inspector/storage').key(),
  takeCoverage(callCount, detailed, reset) {
    const coverage = require('internal/v8/coverage');
    const was = coverage.isStarted();
    if (!was) coverage.start();
    const result = coverage.take(reset);
    if (!was) coverage.stop();
    for (const { functions } of result) {
      for (const each of functions) {
        if (!detailed) {
          each.ranges.length = 1;
          each.isBlockCoverage = false;
        }
        if (!callCount) for (const range of each.ranges) range.count = Math.min(range.count, 1);
      }
    }
    return JSON.stringify(result);
  },
  targetsWait: () => isWorkerTarget() && require('internal/options').getOptionValue('--inspect-brk') !== undefined,
  threads: () => native.threads(),
  traceAsync: (on) => require('internal/inspector/async_stacks').toggle(on, agent.debuggerDomain),
  traceCategories: () => require('internal/trace_events/categories').all(),
  unwatchThreads: () => native.unwatch(),
  warn: (text) => process._rawDebug(text),
  watchThreads: (waits) => native.watch(waits),
  whenSettled(promise, onResult, onError) {
    promiseThen(promise, (value) => void onResult(value), (reason) => void onError(reason));
  },
};

module.exports = {
  attend, begin, breakOnStart, cancelBreak, closeSockets, connectLocal, connectRemote, getAgent, names, waitForClient, waitForTarget,
  get agent() { return agent; },
};
