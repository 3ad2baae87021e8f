/**
 * `anode inspect`: a debugger on the command line. Node docs: Debugger.
 *
 * It starts the program with `--inspect-brk` (or connects to one that runs) and speaks the protocol to it; its prompt is a REPL whose context
 * has the commands: `n` and the like are getters.
 */
'use strict';

const process = require('internal/process/object');

const USAGE = `Usage: ${process.argv0} inspect [--port=<port>] [<node-option> ...]
                      [<script> [<script-args>] | <host>:<port> | -p <pid>]
`;

const HELP = `
run, restart, r       Run the application or reconnect
kill                  Kill a running application or disconnect

cont, c               Resume execution
next, n               Continue to next line in current file
step, s               Step into, potentially entering a function
out, o                Step out, leaving the current function
backtrace, bt         Print the current backtrace
list                  Print the source around the current line where execution
                      is currently paused
setContextLineNumber  Set which lines to check for context
setBreakpoint, sb     Set a breakpoint
clearBreakpoint, cb   Clear a breakpoint
breakpoints           List all known breakpoints
breakOnException      Pause execution whenever an exception is thrown
breakOnUncaught       Pause execution whenever an exception isn't caught
breakOnNone           Don't pause on exceptions (this is the default)

watch(expr)           Start watching the given expression
unwatch(expr)         Stop watching an expression
unwatch(index)        Stop watching an expression at specific index from watch list
watchers              Print all watched expressions and their current values

exec(expr), p(expr), exec expr, p expr
                      Evaluate the expression and print the value
repl                  Enter a debug repl that works like exec

scripts               List application scripts that are currently loaded
scripts(true)         List all scripts (including node-internals)

profile               Start CPU profiling session.
profileEnd            Stop current CPU profiling session.
profiles              Array of completed CPU profiling sessions.
profiles[n].save(filepath = 'node.cpuprofile')
                      Save CPU profiling session to disk as JSON.

takeHeapSnapshot(filepath = 'node.heapsnapshot')
                      Take a heap snapshot and save to disk as JSON.
`.trim();

/** Lines of source around where the program stands. */
const CONTEXT_LINES = 2;
const LIST_LINES = 5;
/** How long to wait for the program to say where it listens, in milliseconds, and how often to try to connect. */
const LISTEN_TIMEOUT = 10_000;
const ATTEMPTS_MAX = 5;
const ATTEMPT_DELAY = 500;

const { inspect } = require('util');

function debuggerError(message) {
  const { codes: { ERR_DEBUGGER_ERROR } } = require('internal/errors');
  return new ERR_DEBUGGER_ERROR(message);
}

/** The client of a protocol connection. */
class Client extends require('events') {
  #socket;
  #last = 0;
  #pending = new Map();

  connect(url) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.onopen = () => {
        this.#socket = socket;
        resolve();
      };
      socket.onerror = () => reject(new Error('connection refused'));
      socket.onclose = () => {
        if (this.#socket !== socket) return;
        this.#socket = undefined;
        for (const { reject: fail } of this.#pending.values()) fail(debuggerError('Use `run` to start the app again.'));
        this.#pending.clear();
        this.emit('close');
      };
      socket.onmessage = ({ data }) => this.#onMessage(JSON.parse(data));
    });
  }

  #onMessage({ id, method, params, result, error }) {
    if (id === undefined) {
      this.emit(method, params);
      return;
    }
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) {
      waiting?.resolve(result);
      return;
    }
    const failure = new Error(error.message);
    failure.code = error.code;
    const { stack } = failure;
    failure.stack = stack.replace(/^Error/, `Error [${error.code}]`);
    waiting?.reject(failure);
  }

  call(method, params) {
    if (this.#socket === undefined) return Promise.reject(debuggerError('Use `run` to start the app again.'));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  get isConnected() {
    return this.#socket !== undefined;
  }

  close() {
    this.#socket?.close();
  }
}


/** A property of a preview. */
function showProperty({ name, type, value, subtype }, withName = true) {
  let text;
  if (type === 'string') text = inspect(value);
  else if (type === 'object' && subtype === 'null') text = 'null';
  else text = value;
  return withName ? `${name}: ${text}` : text;
}

function showEntry({ key, value }) {
  const show = (preview) => preview.type === 'string' ? inspect(preview.description) : preview.description;
  return key === undefined ? show(value) : `${show(key)} => ${show(value)}`;
}

/** A value of the program, as the debugger prints it. */
function showRemote(remote) {
  const { type, subtype, description, className, value, preview } = remote;
  switch (type) {
    case 'string': return inspect(value);
    case 'number': case 'bigint': case 'symbol': return description;
    case 'boolean': return String(value);
    case 'undefined': return 'undefined';
    case 'function': {
      const name = /^(?:function\*? )?([^\s(]+)\(/.exec(description);
      return `[${className}${name === null ? '' : `: ${name[1]}`}]`;
    }
    default:
  }
  if (subtype === 'null') return 'null';
  if (subtype === 'error' || subtype === 'regexp' || subtype === 'date' || preview === undefined) return description;
  const isList = subtype === 'array' || subtype === 'typedarray';
  let parts = preview.properties.map((each) => showProperty(each, !isList || !/^\d+$/.test(each.name)));
  if (preview.entries !== undefined) parts = preview.entries.map(showEntry);
  if (preview.overflow) parts.push('...');
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const single = parts.length === 0 ? `${open}${close}` : `${open} ${parts.join(', ')} ${close}`;
  const body = preview.overflow || single.length > 72 ? `${open} ${parts.join(',\n  ')} ${close}` : single;
  const prefix = className === 'Object' || className === 'Array' || description === undefined ? '' : `${description} `;
  return `${prefix}${body}`;
}

class Shown {
  constructor(remote) {
    this.text = typeof remote === 'string' ? remote : showRemote(remote);
  }

  [inspect.custom]() {
    return this.text;
  }
}

/** A list that prints its rows. */
class Rows extends Array {
  [inspect.custom]() {
    return this.join('\n');
  }
}

class CommandLine {
  client = new Client();
  breakpoints = [];
  profiles = [];
  #options;
  #child;
  #address;
  #repl;
  #last;
  #scripts = new Map();
  #frame;
  #frames = [];
  #watched = [];
  #inRepl = false;
  #contextLines = CONTEXT_LINES;
  #exceptions = 'none';

  constructor(options) {
    this.#options = options;
    const { client } = this;
    client.on('Debugger.scriptParsed', ({ scriptId, url }) => this.#onScript(scriptId, url));
    client.on('Debugger.paused', (params) => this.#onPaused(params));
    client.on('Debugger.resumed', () => {
      this.#frame = undefined;
      this.#frames = [];
    });
    client.on('Profiler.consoleProfileFinished', ({ profile }) => {
      this.profiles.push(makeProfile(profile));
      this.print(`Captured new CPU profile.\nAccess it with profiles[${this.profiles.length - 1}]`);
    });
    client.on('close', () => this.#onClose());
  }

  print(text, prompt = true) {
    const { stdout } = process;
    if (stdout.isTTY) {
      stdout.clearLine(0);
      stdout.cursorTo(0);
    }
    stdout.write(`${text}\n`);
    if (prompt && this.#repl !== undefined) this.#repl.displayPrompt();
  }

  // The program

  async run() {
    if (this.#options.address === undefined) await this.#launch();
    else this.#address = this.#options.address;
    await this.#connect();
  }

  #launch() {
    const { script, args, port } = this.#options;
    const { spawn } = require('child_process');
    const child = this.#child = spawn(process.execPath, [`--inspect-brk=${port}`, ...args.before, script, ...args.after], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8');
    child.stderr.setEncoding('utf8');
    child.stdout.on('data', (text) => this.#onOutput(text));
    let said = '';
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const { codes: { ERR_DEBUGGER_STARTUP_ERROR } } = require('internal/errors');
        reject(new ERR_DEBUGGER_STARTUP_ERROR(`Timed out waiting for ${script} to listen`, { childStderr: said }));
      }, LISTEN_TIMEOUT);
      child.stderr.on('data', (text) => {
        this.#onOutput(text);
        said += text;
        const found = /Debugger listening on ws:\/\/(\[[^\]]+\]|[^:]+):(\d+)\/(\S+)/.exec(said);
        if (found === null) return;
        said = '';
        clearTimeout(timer);
        this.#address = { host: found[1], port: Number(found[2]), id: found[3] };
        resolve();
      });
      child.on('exit', () => {
        if (this.#child === child) this.#child = undefined;
        clearTimeout(timer);
      });
      child.on('error', reject);
    });
  }

  #onOutput(text) {
    this.print(`< ${text.replace(/\r?\n/g, '\n< ')}`);
  }

  async #connect() {
    const { host, port } = this.#address;
    process.stdout.write(`connecting to ${host}:${port} ...`);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.client.connect(`ws://${host}:${port}/${this.#address.id ?? await findTarget(host, port)}`);
        break;
      } catch (error) {
        if (attempt === ATTEMPTS_MAX) {
          process.stdout.write(' failed to connect, please retry\n');
          process.exit(1);
        }
        void error;
        await new Promise((resolve) => setTimeout(resolve, ATTEMPT_DELAY));
      }
    }
    process.stdout.write(' ok\n');
  }

  /** Tells a fresh connection what this debugger wants to know. */
  async prepare() {
    const { client } = this;
    this.#scripts.clear();
    await client.call('Runtime.enable');
    await client.call('Profiler.enable');
    await client.call('Profiler.setSamplingInterval', { interval: 100 });
    await client.call('Debugger.enable');
    await client.call('Debugger.setAsyncCallStackDepth', { maxDepth: 0 });
    await client.call('Debugger.setBlackboxPatterns', { patterns: [] });
    await client.call('Debugger.setPauseOnExceptions', { state: this.#exceptions });
    await this.#restoreBreakpoints();
  }

  /** Lets the program begin. */
  begin() {
    return this.client.call('Runtime.runIfWaitingForDebugger');
  }

  #onClose() {
    this.#frame = undefined;
    this.#frames = [];
  }

  kill() {
    const child = this.#child;
    this.#child = undefined;
    this.client.close();
    if (child === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill();
    });
  }

  async restart() {
    if (this.client.isConnected) await this.kill();
    await this.run();
    await this.prepare();
    await this.begin();
  }

  // Scripts and frames

  #onScript(scriptId, url) {
    const path = require('path');
    const isInternal = url.startsWith('node:');
    const file = url.startsWith('file://') ? require('url').fileURLToPath(url) : url;
    const relative = isInternal || !path.isAbsolute(file) ? file : path.relative(process.cwd(), file);
    const name = relative.startsWith('..') ? file : relative;
    this.#scripts.set(scriptId, { scriptId, url, name, isInternal });
  }

  async #source(scriptId) {
    const script = this.#scripts.get(scriptId);
    if (script.source === undefined) {
      ({ scriptSource: script.source } = await this.client.call('Debugger.getScriptSource', { scriptId }));
    }
    return script.source.split(/\r?\n/);
  }

  async #onPaused({ callFrames, reason }) {
    this.#frames = callFrames;
    this.#frame = callFrames[0];
    const { scriptId, lineNumber } = this.#frame.location;
    const kind = reason === 'other' ? 'break' : reason;
    const name = this.#scripts.get(scriptId)?.name ?? '[unknown]';
    let text = `${kind} in ${name}:${lineNumber + 1}`;
    try {
      const watched = await this.watchersText(true);
      if (watched !== '') text += `\n${watched}\n`;
      text += `\n${await this.snippet(this.#contextLines)}`;
    } catch {
      // It went on meanwhile.
      return;
    }
    this.print(text);
  }

  #needFrame() {
    if (this.#frame === undefined) throw debuggerError('Requires execution to be paused');
    return this.#frame;
  }

  /** Lines of source around the current one or another place, with marks for it and for breakpoints. */
  async snippet(delta, location = this.#needFrame().location) {
    const { scriptId, lineNumber } = location;
    const lines = await this.#source(scriptId);
    const first = Math.max(0, lineNumber - delta);
    const last = Math.min(lines.length - 1, lineNumber + delta);
    const width = Math.max(2, String(last + 1).length);
    const out = [];
    for (let i = first; i <= last; i++) {
      const isCurrent = lineNumber === i;
      const isMarked = this.breakpoints.some((each) => each.location?.scriptId === scriptId && each.location.lineNumber === i);
      const number = String(i + 1).padStart(width);
      out.push(`${isCurrent ? '>' : isMarked ? '*' : ' '}${number} ${lines[i]}`);
    }
    return out.join('\n');
  }

  backtrace() {
    this.#needFrame();
    return Rows.from(this.#frames, ({ functionName, location: { scriptId, lineNumber, columnNumber } }, index) =>
      `#${index} ${functionName || '(anonymous)'} ${this.#scripts.get(scriptId)?.name}:${lineNumber + 1}:${columnNumber}`);
  }

  listScripts(all) {
    const current = this.#frame?.location.scriptId;
    return Rows.from([...this.#scripts.values()].filter(({ url, isInternal }) => url !== '' && (all || !isInternal || !url.startsWith('node:internal/'))),
      ({ scriptId, name, url }) => {
        const mark = scriptId === current ? '*' : ' ';
        return `${mark} ${scriptId}: ${name}${url.startsWith('node:internal/') ? ' <native>' : ''}`;
      });
  }

  // Expressions

  async evaluate(expression, options = {}) {
    const params = { expression: asExpression(expression), objectGroup: 'node-inspect', includeCommandLineAPI: true, generatePreview: true };
    const answer = this.#frame === undefined ?
      await this.client.call('Runtime.evaluate', params) :
      await this.client.call('Debugger.evaluateOnCallFrame', { ...params, callFrameId: this.#frame.callFrameId });
    void options;
    return answer;
  }

  async exec(expression) {
    if (expression === '.scope') return this.#scopes();
    const { result } = await this.evaluate(`${expression}`);
    return new Shown(result);
  }

  async #scopes() {
    const { scopeChain } = this.#needFrame();
    const out = [];
    for (const { type, object } of scopeChain) {
      if (type === 'global') continue;
      const { result } = await this.client.call('Runtime.getProperties', { objectId: object.objectId, generatePreview: true });
      out.push(result.map(({ name }) => name));
    }
    return out;
  }

  async watchersText(withHeader) {
    if (this.#watched.length === 0) return '';
    const rows = [];
    for (const [index, expression] of this.#watched.entries()) {
      let shown;
      try {
        shown = showRemote((await this.evaluate(expression)).result);
      } catch (error) {
        shown = `<${error.message}>`;
      }
      const isLong = shown.includes('\n');
      rows.push(`${String(index).padStart(String(this.#watched.length - 1).length + 2)}: ${expression} =${isLong ? `\n    ${shown.replaceAll('\n', '\n    ')}` : ` ${shown}`}`);
    }
    return `${withHeader ? 'Watchers:\n' : ''}${rows.join('\n')}`;
  }

  // Breakpoints

  async #restoreBreakpoints() {
    const before = this.breakpoints.splice(0);
    for (const { script, line, condition } of before) {
      if (script !== undefined) await this.setBreakpoint(script, line, condition, true);
    }
    if (before.length > 0) this.print(`${this.breakpoints.length} breakpoints restored.`, false);
  }

  /** Scripts whose path ends as `name` says. */
  #matching(name) {
    const exact = this.#scripts.get(name);
    if (exact !== undefined) return [exact];
    return [...this.#scripts.values()].filter(({ url }) => url === name || url.endsWith(`/${name}`) || decodeURI(url).endsWith(`/${name}`));
  }

  async setBreakpoint(script, line, condition, silent) {
    const { validateString } = require('internal/validators');
    const { client } = this;
    // sb(), sb(line), sb('fn()'), sb('file.js', line).
    if (script === undefined) {
      const { location } = this.#needFrame();
      return this.#place(location, condition, silent);
    }
    if (line === undefined && typeof script === 'number') {
      const { location: { scriptId } } = this.#needFrame();
      return this.#place({ scriptId, lineNumber: script - 1 }, condition, silent);
    }
    validateString(script, 'script');
    if (script.endsWith('()')) {
      const expression = `debug(${script.slice(0, -2)})`;
      this.#needFrame();
      const { exceptionDetails, result } = await this.evaluate(expression);
      if (exceptionDetails !== undefined) throw new Error(showRemote(result));
      return undefined;
    }
    const [found] = this.#matching(script);
    if (found !== undefined) return this.#place({ scriptId: found.scriptId, lineNumber: line - 1 }, condition, silent);
    this.print(`Warning: script '${script}' was not loaded yet.`, false);
    const escaped = script.replace(/([/\\.?*()^${}|[\]])/g, '\\$1');
    const urlRegex = `^(.*[\\/\\\\])?${escaped}$`;
    const { breakpointId, locations } = await client.call('Debugger.setBreakpointByUrl', { urlRegex, lineNumber: line - 1, condition });
    this.breakpoints.push({ breakpointId, script, line, condition, location: locations[0] });
    return undefined;
  }

  async #place(location, condition, silent) {
    const { breakpointId, actualLocation } = await this.client.call('Debugger.setBreakpoint', { location, condition });
    const script = this.#scripts.get(actualLocation.scriptId);
    this.breakpoints.push({ breakpointId, script: script?.name, line: actualLocation.lineNumber + 1, condition, location: actualLocation });
    return silent ? undefined : new Shown(await this.snippet(LIST_LINES, actualLocation));
  }

  async clearBreakpoint(script, line) {
    const ids = new Set(typeof script === 'string' ? this.#matching(script).map(({ scriptId }) => scriptId) : []);
    const index = this.breakpoints.findIndex((each) => (each.location === undefined ? each.script === script : ids.has(each.location.scriptId)) &&
      each.line === line);
    if (index === -1) {
      this.print(`Could not find breakpoint at ${script}:${line}`, false);
      return;
    }
    const [{ breakpointId }] = this.breakpoints.splice(index, 1);
    await this.client.call('Debugger.removeBreakpoint', { breakpointId });
  }

  listBreakpoints() {
    if (this.breakpoints.length === 0) return this.print('No breakpoints yet', false);
    return Rows.from(this.breakpoints, ({ script, line, location }, index) =>
      `#${index} ${(location === undefined ? script : this.#scripts.get(location.scriptId)?.name) ?? script}:${line}`);
  }

  // The prompt

  async heapSnapshot(file = 'node.heapsnapshot') {
    const path = require('path').resolve(file);
    const out = require('fs').createWriteStream(path);
    const onChunk = ({ chunk }) => out.write(chunk);
    this.client.on('HeapProfiler.addHeapSnapshotChunk', onChunk);
    try {
      await this.client.call('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    } finally {
      this.client.off('HeapProfiler.addHeapSnapshotChunk', onChunk);
      await new Promise((resolve) => out.end(resolve));
    }
    this.print(`Wrote snapshot: ${path}`, false);
  }

  async breakOn(state) {
    this.#exceptions = state;
    await this.client.call('Debugger.setPauseOnExceptions', { state });
  }

  defineCommands(context) {
    const define = (names, read) => {
      for (const name of names) Object.defineProperty(context, name, { __proto__: null, configurable: true, enumerable: false, get: read });
    };
    const method = (names, fn) => define(names, () => fn);
    const { client } = this;
    define(['help'], () => this.print(HELP, false));
    define(['run', 'restart', 'r'], () => this.restart());
    define(['kill'], () => this.kill());
    define(['cont', 'c'], () => client.call('Debugger.resume').then(() => undefined));
    define(['next', 'n'], () => client.call('Debugger.stepOver').then(() => undefined));
    define(['step', 's'], () => client.call('Debugger.stepInto').then(() => undefined));
    define(['out', 'o'], () => client.call('Debugger.stepOut').then(() => undefined));
    define(['backtrace', 'bt'], () => this.backtrace());
    method(['list'], (delta = LIST_LINES) => this.snippet(delta).then((text) => new Shown(text)));
    method(['setContextLineNumber'], (lines) => {
      require('internal/validators').validateInteger(lines, 'delta', 0);
      this.#contextLines = lines;
    });
    method(['setBreakpoint', 'sb'], (script, line, condition) => this.setBreakpoint(script, line, condition));
    method(['clearBreakpoint', 'cb'], (script, line) => this.clearBreakpoint(script, line));
    define(['breakpoints'], () => this.listBreakpoints());
    define(['breakOnException'], () => this.breakOn('all'));
    define(['breakOnUncaught'], () => this.breakOn('uncaught'));
    define(['breakOnNone'], () => this.breakOn('none'));
    method(['watch'], (expression) => void this.#watched.push(`${expression}`));
    method(['unwatch'], (which) => {
      const index = typeof which === 'number' ? which : this.#watched.indexOf(`${which}`);
      if (index >= 0) this.#watched.splice(index, 1);
    });
    define(['watchers'], () => this.watchersText(false).then((text) => text === '' ? undefined : new Shown(text)));
    method(['exec', 'p'], (expression) => this.exec(expression));
    define(['repl'], () => this.#enterRepl());
    define(['profile'], () => client.call('Profiler.start').then(() => undefined));
    define(['profileEnd'], async () => {
      const { profile } = await client.call('Profiler.stop');
      return makeProfile(profile);
    });
    define(['profiles'], () => this.profiles);
    method(['takeHeapSnapshot'], (file) => this.heapSnapshot(file));
    define(['version'], () => this.exec('process.version'));
    const scripts = () => this.listScripts(false);
    define(['scripts'], () => Object.assign((all) => this.listScripts(all), { [inspect.custom]: () => scripts().join('\n') }));
    for (const domain of ['Runtime', 'Debugger', 'Profiler', 'HeapProfiler', 'Console', 'Schema', 'NodeTracing', 'NodeWorker']) {
      const proxy = new Proxy({}, { get: (_, name) => typeof name === 'string' ? (params) => client.call(`${domain}.${name}`, params) : undefined });
      define([domain], () => proxy);
    }
  }

  #enterRepl() {
    this.#needFrame();
    this.#inRepl = true;
    const repl = this.#repl;
    const listeners = repl.rawListeners('SIGINT');
    repl.removeAllListeners('SIGINT');
    const leave = () => {
      this.#inRepl = false;
      repl.removeListener('SIGINT', leave);
      for (const listener of listeners) repl.on('SIGINT', listener);
      repl.setPrompt('debug> ');
      repl.displayPrompt();
    };
    repl.once('SIGINT', leave);
    this.leaveRepl = leave;
    repl.setPrompt('> ');
    this.print('Press Ctrl+C to leave debug repl', false);
    repl.displayPrompt();
  }

  startRepl() {
    const repl = require('repl');
    const evaluateLine = (input, context, filename, done) => {
      const finish = (value) => Promise.resolve(value).then((result) => done(null, result), (error) => {
        // The REPL would leave out the frames of builtins, which are all there are.
        this.print(`Uncaught ${inspect(error)}`, false);
        done(null, undefined);
      });
      if (this.#inRepl) {
        finish(this.exec(input));
        return;
      }
      const line = input.trim();
      // An empty line says the last command again.
      const code = line === '' ? this.#last ?? '' : line;
      this.#last = code;
      const direct = /^(?:exec|p)\s+([^(].*|\(.*\).+)$/s.exec(code);
      if (direct !== null) {
        finish(this.exec(direct[1]));
        return;
      }
      let result;
      try {
        result = require('vm').runInContext(code, context, { filename });
      } catch (error) {
        done(error);
        return;
      }
      finish(result);
    };
    this.#repl = repl.start({
      prompt: 'debug> ', input: process.stdin, output: process.stdout, eval: evaluateLine, useGlobal: false, ignoreUndefined: true,
      writer: (value) => value instanceof Shown ? value.text : inspect(value),
    });
    this.#repl.on('reset', (context) => this.defineCommands(context));
    this.defineCommands(this.#repl.context);
    this.#repl.defineCommand('interrupt', {
      help: 'Leave the debug repl',
      action: () => {
        if (this.#inRepl) this.leaveRepl();
        else this.#repl.displayPrompt();
      },
    });
    this.#repl.on('exit', () => {
      this.kill().then(() => process.exit(0));
    });
  }
}

function makeProfile(profile) {
  return {
    ...profile,
    save(file = 'node.cpuprofile') {
      require('fs').writeFileSync(require('path').resolve(file), JSON.stringify(profile));
    },
    [inspect.custom](depth, { stylize }) {
      return `[Profile ${stylize(`${profile.endTime - profile.startTime}\u03BCs`, 'number')}]`;
    },
  };
}

/** An object literal is one, not a block. */
function asExpression(text) {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || trimmed.endsWith(';')) return text;
  try {
    new (require('vm').Script)(`(${trimmed})`);
    return `(${trimmed})`;
  } catch {
    return text;
  }
}

/** The id of the one target that listens there. */
function findTarget(host, port) {
  return new Promise((resolve, reject) => {
    require('http').get({ host: host.replace(/^\[(.*)\]$/, '$1'), port, path: '/json' }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => text += chunk);
      response.on('end', () => {
        try {
          resolve(JSON.parse(text)[0].id);
        } catch (error) {
          reject(error);
        }
      });
    }).on('error', reject);
  });
}

/** What the arguments ask for; undefined if they make no sense. */
function parseArguments(args) {
  let port = 9229;
  const rest = [...args];
  if (/^--port=\d+$/.test(rest[0] ?? '')) port = Number(rest.shift().slice('--port='.length));
  if (rest[0] === '-p' && rest[1] !== undefined) return { pid: Number(rest[1]), port };
  const attach = rest.length === 1 ? /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(rest[0]) : null;
  if (attach !== null) return { address: { host: attach[1], port: Number(attach[2]) }, port };
  const before = [];
  while (rest[0]?.startsWith('-')) {
    const inspectPort = /^--(?:inspect|debug)-port=(\d+)$/.exec(rest[0]);
    if (inspectPort !== null) port = Number(inspectPort[1]);
    before.push(rest.shift());
  }
  if (rest.length === 0) return undefined;
  return { script: rest[0], args: { before, after: rest.slice(1) }, port };
}

/** `anode inspect ...args`. */
function start(args) {
  const options = parseArguments(args);
  if (options === undefined) {
    process.stderr.write(USAGE);
    process.exit(9);
  }
  if (options.pid !== undefined) {
    process._debugProcess(options.pid);
    options.address = { host: '127.0.0.1', port: 9229 };
  }
  const commandLine = new CommandLine(options);
  process.on('SIGTERM', () => process.exit(0));
  process.once('exit', () => void commandLine.kill());
  main(commandLine);
}

async function main(commandLine) {
  try {
    await commandLine.run();
    await commandLine.prepare();
    commandLine.startRepl();
    await commandLine.begin();
  } catch (error) {
    process._rawDebug(`There was an internal error in the debugger: ${error?.stack ?? error}`);
    process.exit(1);
  }
}

module.exports = { start };
