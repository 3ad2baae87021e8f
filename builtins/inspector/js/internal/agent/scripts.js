/**
 * Scripts and places in them. A script of the protocol is a source of the engine; its id is the source's.
 *
 * The loader compiles CommonJS modules as functions, with a header line before the user's first: such a source begins at line 0, and
 * clients see the text without its wrapper.
 */
'use strict';

const { attempt, isObject } = require('internal/inspector/agent/remote_object');

/** Code of ours that no client shall see. */
const HIDDEN = /^node:internal\/(?:bootstrap$|inspector\/|console\/)/;
/** The loader of builtins: what runs for it is no step of the user's. */
const LOADER = 'node:internal/bootstrap';

class Scripts {
  #agent;
  #texts = new Map();
  #urls = new Map();
  #lines = new Map();
  /** Frames of a stack trace, at most. V8's default. */
  framesMax = 200;

  constructor(agent) {
    this.#agent = agent;
  }

  isHidden(url) {
    return url !== null && HIDDEN.test(url);
  }

  /** Whether a frame belongs to the loading of a builtin. */
  isLoading(frame) {
    for (let at = frame; at !== null; at = at.older) if (at.script?.url === LOADER) return true;
    return false;
  }

  /** The text that the user wrote. */
  text(source) {
    const known = this.#texts.get(source.id);
    if (known !== undefined) return known;
    let text = attempt(() => source.text, '') ?? '';
    if (typeof text !== 'string') text = '';
    if (this.isWrapped(source)) {
      const header = text.indexOf('\n') + 1;
      const trailer = text.lastIndexOf('\n}');
      text = text.slice(header, trailer < header ? undefined : trailer);
    }
    return text;
  }

  isWrapped(source) {
    return source.startLine === 0;
  }

  /** Characters of the text before what the user wrote. */
  headerLength(source) {
    return this.isWrapped(source) ? source.text.indexOf('\n') + 1 : 0;
  }

  /** A file's name as clients see it. */
  urlOf(name) {
    if (name === null || name === undefined) return '';
    let url = this.#urls.get(name);
    if (url === undefined) {
      url = name.startsWith('/') ? this.#agent.host.fileUrl(name) : name;
      this.#urls.set(name, url);
    }
    return url;
  }

  sourceUrl(source) {
    return this.urlOf(source.displayURL ?? source.url);
  }

  /** All sources, oldest first. */
  all() {
    return this.#agent.debug.findSources().filter((source) => !this.isHidden(source.url) && source.introductionType !== 'wasm')
      .sort((a, b) => a.id - b.id);
  }

  byId(scriptId) {
    return this.#agent.debug.findSources().find((source) => String(source.id) === scriptId);
  }

  /** Sources that clients know. */
  told = new Set();

  /** Clients are about to meet a source. */
  tell(source) {
    if (this.told.has(source.id)) return;
    this.told.add(source.id);
    this.#agent.broadcast('Debugger', 'Debugger.scriptParsed', this.parsed(source));
  }

  /** The offset in the engine's text of a 0-based place in the user's. */
  offsetOf(source, line, column) {
    let lines = this.#lines.get(source.id);
    if (lines === undefined) {
      const text = attempt(() => source.text, '') ?? '';
      lines = [0];
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
      this.#lines.set(source.id, lines);
    }
    return (lines[line + 1 - source.startLine] ?? Infinity) + column;
  }

  /** All functions of a source, and its top level. */
  functionsOf(source) {
    return this.#agent.debug.findScripts({ source });
  }

  /** `{ scriptId, lineNumber, columnNumber }`, 0-based, of an offset in a script of the engine. */
  location(script, offset) {
    const { lineNumber, columnNumber } = script.getOffsetLocation(offset);
    return { scriptId: String(script.source.id), lineNumber: Math.max(lineNumber - 1, 0), columnNumber: Math.max(columnNumber - 1, 0) };
  }

  startOf(script) {
    return {
      scriptId: String(script.source.id), lineNumber: Math.max(script.startLine - 1, 0), columnNumber: Math.max(script.startColumn - 1, 0),
    };
  }

  functionName(frame) {
    if (frame.type !== 'call') return '';
    const name = attempt(() => frame.callee?.name);
    return typeof name === 'string' ? name : '';
  }

  /** CallFrame of a frame that runs; `withName` has the script's name in place of its URL. */
  callFrame(frame, withName = false) {
    const { script } = frame;
    this.tell(script.source);
    const { scriptId, lineNumber, columnNumber } = this.location(script, frame.offset);
    return { functionName: this.functionName(frame), scriptId, url: withName ? script.url ?? '' : this.sourceUrl(script.source), lineNumber, columnNumber };
  }

  /** The frames that run now, as CallFrames, without those of ours on top. */
  currentFrames(max = this.framesMax, withName = false) {
    const out = [];
    for (let frame = this.#agent.debug.getNewestFrame(); frame !== null && out.length < max; frame = frame.older) {
      const { script } = frame;
      if (script === undefined || script === null || this.isHidden(script.url)) continue;
      if (frame.type !== 'wasmcall') out.push(this.callFrame(frame, withName));
    }
    return out;
  }

  /** CallFrames of a SavedFrame of the engine; [] for none. */
  framesOfSaved(saved) {
    const out = [];
    let frame = isObject(saved) ? attempt(() => saved.unsafeDereference()) : saved;
    while (frame && out.length < this.framesMax) {
      const { source, sourceId, line, column, functionDisplayName } = frame;
      if (!this.isHidden(source) && source !== 'self-hosted') {
        // The engine's saved names carry how a function was called before its name.
        const name = (functionDisplayName ?? '').split('\u0001').pop();
        out.push({
          functionName: /[/<\s]/.test(name) ? '' : name, scriptId: String(sourceId), url: this.urlOf(source),
          lineNumber: Math.max(line - 1, 0), columnNumber: Math.max(column - 1, 0),
        });
      }
      frame = frame.parent;
    }
    return out;
  }

  /** What `Debugger.scriptParsed` says. */
  parsed(source, script) {
    const text = this.text(source);
    let endLine = 0;
    let last = -1;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      endLine++;
      last = at;
    }
    const first = this.isWrapped(source) ? 0 : Math.max(source.startLine - 1, 0);
    const global = script?.global;
    const contextId = global === undefined ? 1 : this.#agent.contexts.idOf(global);
    return {
      scriptId: String(source.id), url: this.sourceUrl(source), startLine: first, startColumn: 0, endLine: first + endLine,
      endColumn: text.length - last - 1, executionContextId: contextId, hash: '', buildId: '',
      executionContextAuxData: { isDefault: contextId === 1 }, isLiveEdit: false, sourceMapURL: source.sourceMapURL ?? '',
      hasSourceURL: source.displayURL !== null && source.displayURL !== undefined, isModule: script?.isModule === true, length: text.length,
      scriptLanguage: 'JavaScript', embedderName: this.sourceUrl(source),
    };
  }
}

function install(agent) {
  agent.scripts = new Scripts(agent);
}

module.exports = { install };
