/**
 * The agent: answers the DevTools protocol for its thread.
 *
 * It runs in a realm of its own, where there is a `Debugger`, in a compartment of its own: it sees the program from outside, and the program
 * can neither see nor break it. `start()` gets the program's global object, `host`, functions of internal/inspector/host in the program's
 * realm, and natives. `require` finds the files of this folder.
 *
 * A session is known by its number. What it sends is text; what it gets goes to `host.send(number, text)`.
 */
'use strict';

const modules = new Map();

function load(id) {
  const known = modules.get(id);
  if (known !== undefined) return known.exports;
  const loaded = { exports: {} };
  modules.set(id, loaded);
  binding.compile(id)(loaded.exports, load, loaded, binding);
  return loaded.exports;
}

const CODES = {
  __proto__: null, parse: -32700, request: -32600, method: -32601, params: -32602, internal: -32603, server: -32000,
};

/** An error that the protocol knows. */
class ProtocolError extends Error {
  constructor(message, kind = 'server', data = undefined) {
    super(message);
    this.code = CODES[kind];
    this.data = data;
  }
}

/** The answer comes later, with the function that `start` gets: `resolve(result)` or `resolve(undefined, error)`. */
class Later {
  constructor(start) {
    this.start = start;
  }
}

/** One client of the protocol. */
class Session {
  /** What it has enabled: names of domains. */
  enabled = new Set();
  /** State of domains, by name. */
  data = { __proto__: null };

  constructor(agent, id, isSocket) {
    this.agent = agent;
    this.id = id;
    /** Whether the program may stand still for it: it is not a client in the program's own thread. */
    this.canWait = isSocket !== 'thread';
    this.isSocket = isSocket === 'socket';
  }

  send(message) {
    if (this.sessionId !== undefined) message.sessionId = this.sessionId;
    this.agent.host.send(this.id, JSON.stringify(message));
  }

  notify(method, params) {
    this.send({ method, params });
  }

  /** Throws unless `domain` is enabled. */
  need(domain, what = `${domain} agent is not enabled`) {
    if (!this.enabled.has(domain)) throw new ProtocolError(what);
  }
}

/** Types of parameters, as domains declare them: `{ name: 'string', other: 'number?' }`. */
function checkParams(declared, params) {
  if (declared === undefined) return;
  for (const name of Object.keys(declared)) {
    let type = declared[name];
    const optional = type.endsWith('?');
    if (optional) type = type.slice(0, -1);
    const value = params[name];
    if (value === undefined) {
      if (!optional) throw new ProtocolError('Invalid parameters', 'params', `Failed to deserialize params.${name} - BINDINGS: mandatory field missing`);
      continue;
    }
    const fits = type === 'array' ? Array.isArray(value) : type === 'any' ? true :
      type === 'object' ? typeof value === 'object' && value !== null && !Array.isArray(value) : typeof value === type;
    if (!fits) throw new ProtocolError('Invalid parameters', 'params', `Failed to deserialize params.${name} - BINDINGS: ${type} value expected`);
  }
}

class Agent {
  sessions = new Map();
  methods = { __proto__: null };
  /** What runs when a session ends, and when nobody is left. */
  endHooks = [];
  depth = 0;
  /** How many evaluations of the program's code run: requests may come in the middle of them. */
  inProgram = 0;

  constructor(main, host, natives) {
    this.main = main;
    this.host = host;
    this.natives = natives;
    this.debug = new Debugger();
    this.debug.uncaughtExceptionHook = (error) => {
      host.warn(`inspector: ${error?.stack ?? error}`);
      return undefined;
    };
    const domains = ['contexts', 'runtime', 'scripts', 'debugger', 'profiler', 'heap_profiler', 'node'];
    for (const name of domains) load(`internal/inspector/agent/${name}`).install(this, { Later, ProtocolError });
  }

  /** Adds methods of the protocol: `{ 'Domain.method': [parameters, function(params, session)] }`. */
  define(methods) {
    Object.assign(this.methods, methods);
  }

  /** Runs code of the program for a client. */
  runProgram(work) {
    this.inProgram++;
    try {
      return work();
    } finally {
      this.inProgram--;
    }
  }

  /** To all sessions that have enabled `domain`. */
  broadcast(domain, method, params) {
    for (const session of [...this.sessions.values()]) {
      if (session.enabled.has(domain)) session.notify(method, params);
    }
  }

  someEnabled(domain) {
    for (const session of this.sessions.values()) if (session.enabled.has(domain)) return true;
    return false;
  }

  /** `kind`: 'thread' for a client in this thread, 'remote' for one in another, 'socket'. */
  connect(id, kind) {
    this.sessions.set(id, new Session(this, id, kind));
  }

  disconnect(id) {
    const session = this.sessions.get(id);
    if (session === undefined) return;
    this.sessions.delete(id);
    for (const hook of this.endHooks) hook(session);
  }

  dispatch(id, text) {
    const session = this.sessions.get(id);
    if (session === undefined) return;
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      session.send({ error: { code: CODES.parse, message: 'JSON: invalid syntax' } });
      return;
    }
    if (message === null || typeof message !== 'object' || !Number.isInteger(message.id)) {
      session.send({ error: { code: CODES.request, message: "Message must have integer 'id' property" } });
      return;
    }
    if (typeof message.method !== 'string') {
      session.send({ id: message.id, error: { code: CODES.request, message: "Message must have string 'method' property" } });
      return;
    }
    if (typeof message.sessionId === 'string' && this.forward?.(session, message)) return;
    this.answer(session, message);
  }

  answer(session, { id, method, params = {} }) {
    const reply = (result, error) => {
      if (this.sessions.get(session.id) !== session) return;
      if (error === undefined) session.send({ id, result: result ?? {} });
      else session.send({ id, error: { code: error.code ?? CODES.internal, message: String(error.message), data: error.data } });
    };
    this.depth++;
    try {
      const found = this.methods[method];
      if (found === undefined) throw new ProtocolError(`'${method}' wasn't found`, 'method');
      const { 0: declared, 1: work } = found;
      checkParams(declared, params);
      const result = work.call(this, params, session);
      if (result instanceof Later) result.start(reply);
      else reply(result);
    } catch (error) {
      if (!(error instanceof ProtocolError)) this.host.debug(`${method}: ${error?.message}\n${error?.stack}`);
      reply(undefined, error);
    } finally {
      this.depth--;
    }
  }

  /** What `/json/protocol` says: the names of what there is. */
  protocol() {
    const domains = new Map();
    for (const name of Object.keys(this.methods).sort()) {
      const [domain, command] = name.split('.');
      if (!domains.has(domain)) domains.set(domain, []);
      const parameters = Object.entries(this.methods[name][0] ?? {}).map(([key, type]) => ({
        name: key, type: type.replace('?', ''), ...type.endsWith('?') ? { optional: true } : {},
      }));
      domains.get(domain).push(parameters.length > 0 ? { name: command, parameters } : { name: command });
    }
    return JSON.stringify({
      version: { major: '1', minor: '3' },
      domains: [...domains].map(([domain, commands]) => ({ domain, commands })),
    });
  }
}

function start(main, host, natives) {
  return new Agent(main, host, natives);
}

module.exports = { start };
