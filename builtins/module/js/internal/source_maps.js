'use strict';

/**
 * Source maps: the class `SourceMap` and the maps of loaded files, kept while `--enable-source-maps` or
 * `module.setSourceMapsSupport()` asks for it; stacks in the words of the sources. Node docs: "Modules: node:module API", source map v3 support.
 */

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateBoolean, validateObject } = require('internal/validators');

const kDigits = new Map([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((char, value) => [char, value]));
/** Base 64 VLQ: five bits of value and one that says that more follow. Source Map Revision 3. */
const VLQ_BITS = 5;
const VLQ_MORE = 1 << VLQ_BITS;

/** Decodes `mappings` into rows of [line, column, source, originalLine, originalColumn, name], sorted as generated. */
function decodeMappings(map, rows, lineOffset, columnOffset) {
  const { mappings, names = [], sources = [] } = map;
  const root = map.sourceRoot ? `${map.sourceRoot.replace(/\/$/, '')}/` : '';
  const urls = sources.map((source) => (source === null ? source : root + source));
  let line = lineOffset;
  let column = columnOffset;
  let source = 0;
  let originalLine = 0;
  let originalColumn = 0;
  let name = 0;
  let at = 0;
  const next = () => {
    let value = 0;
    let shift = 0;
    let digit;
    do {
      digit = kDigits.get(mappings[at++]) ?? 0;
      value += (digit & (VLQ_MORE - 1)) << shift;
      shift += VLQ_BITS;
    } while (digit & VLQ_MORE);
    // Minus zero stands for the lowest number.
    if (value === 1) return -0x80000000;
    return value & 1 ? -(value >>> 1) : value >>> 1;
  };
  while (at < mappings.length) {
    const char = mappings[at];
    if (char === ';') {
      line++;
      column = 0;
      at++;
      continue;
    }
    if (char === ',') {
      at++;
      continue;
    }
    column += next();
    const ends = () => at >= mappings.length || mappings[at] === ',' || mappings[at] === ';';
    if (ends()) {
      rows.push([line, column, undefined, undefined, undefined, undefined]);
      continue;
    }
    source += next();
    originalLine += next();
    originalColumn += next();
    let mappedName;
    if (!ends()) {
      name += next();
      mappedName = names[name];
    }
    rows.push([line, column, urls[source], originalLine, originalColumn, mappedName]);
  }
}

/** Node docs: Class module.SourceMap. */
class SourceMap {
  #payload;
  #rows = [];
  #lineLengths;

  constructor(payload, { lineLengths } = {}) {
    validateObject(payload, 'payload');
    this.#payload = clonePayload(payload);
    this.#lineLengths = lineLengths === undefined ? undefined : lineLengths.slice();
    const { sections } = payload;
    if (Array.isArray(sections)) {
      for (const { map, offset } of sections) decodeMappings(map, this.#rows, offset.line, offset.column);
    } else if (typeof payload.mappings === 'string') {
      decodeMappings(payload, this.#rows, 0, 0);
    }
    this.#rows.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  }

  get payload() {
    return clonePayload(this.#payload);
  }

  get lineLengths() {
    return this.#lineLengths?.slice();
  }

  /** The mapping of a generated position; both numbers count from 0. Empty object if there is none. */
  findEntry(lineOffset, columnOffset) {
    const rows = this.#rows;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle];
      if (row[0] < lineOffset || (row[0] === lineOffset && row[1] <= columnOffset)) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return {};
    const [generatedLine, generatedColumn, originalSource, originalLine, originalColumn, name] = rows[low - 1];
    return { generatedLine, generatedColumn, originalSource, originalLine, originalColumn, name };
  }

  /** The original position of a call site; all numbers count from 1. */
  findOrigin(lineNumber, columnNumber) {
    const entry = this.findEntry(lineNumber - 1, columnNumber - 1);
    if (entry.originalSource === undefined || entry.originalLine === undefined || entry.originalColumn === undefined ||
        entry.generatedLine === undefined || entry.generatedColumn === undefined) {
      return {};
    }
    return {
      name: entry.name,
      fileName: entry.originalSource,
      lineNumber: lineNumber + entry.originalLine - entry.generatedLine,
      columnNumber: columnNumber + entry.originalColumn - entry.generatedColumn,
    };
  }
}

function clonePayload(payload) {
  if (payload === null || typeof payload !== 'object') throw new ERR_INVALID_ARG_TYPE('payload', 'Object', payload);
  const copy = { ...payload };
  for (const key of Object.keys(copy)) if (Array.isArray(copy[key])) copy[key] = copy[key].slice();
  return copy;
}

let support = { __proto__: null, enabled: false, nodeModules: false, generatedCode: false };
/** URL of a loaded file -> { data, map }. */
const entries = new Map();

/** Node docs: module.getSourceMapsSupport. */
function getSourceMapsSupport() {
  return Object.freeze({ ...support, __proto__: null });
}

/** Node docs: module.setSourceMapsSupport. */
function setSourceMapsSupport(enabled, options = {}) {
  validateBoolean(enabled, 'enabled');
  validateObject(options, 'options');
  const { nodeModules = false, generatedCode = false } = options;
  validateBoolean(nodeModules, 'options.nodeModules');
  validateBoolean(generatedCode, 'options.generatedCode');
  support = { __proto__: null, enabled, nodeModules, generatedCode };
  cjs().sourceMapState.remember = enabled ? remember : undefined;
  require('internal/error_stacks').setPrepareOverride(enabled ? prepare : undefined);
}

const cjs = () => require('internal/module/cjs');
const urlOf = (name) => (name.startsWith('/') ? require('url').pathToFileURL(name).href : name);

/** Node docs: module.findSourceMap. */
function findSourceMap(path) {
  return entries.get(urlOf(`${path}`))?.map;
}

const kComment = /\/[*/][#@]\s*sourceMappingURL=([^\s'"]+)\s*(?:\*\/)?\s*$/gm;

/**
 * The map that a text names in its last `sourceMappingURL` comment: { data, lineLengths, url }; undefined without such a comment.
 * `data` is null if the map cannot be read; `url` is null for a map within the text.
 */
function read(filename, content) {
  let url;
  for (const match of content.matchAll(kComment)) url = match[1];
  if (url === undefined) return undefined;
  const found = { data: null, lineLengths: content.split('\n').map((line) => line.length), url };
  try {
    const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/.exec(url);
    let text;
    if (inline) {
      found.url = null;
      text = inline[1] ? Buffer.from(inline[2], 'base64').toString() : decodeURIComponent(inline[2]);
    } else {
      const path = require('path');
      const file = path.resolve(path.dirname(filename), decodeURIComponent(url));
      found.url = require('url').pathToFileURL(file).href;
      text = require('fs').readFileSync(file, 'utf8');
    }
    found.data = JSON.parse(text);
  } catch {
    // `data` says it.
  }
  return found;
}

/** Keeps the map that a loaded file names, with the names of its sources made absolute. */
function remember(filename, content) {
  const fileUrl = urlOf(filename);
  if (!fileUrl.startsWith('file:') || (!support.nodeModules && fileUrl.includes('/node_modules/'))) return;
  const found = read(require('url').fileURLToPath(fileUrl), content);
  if (found === undefined) return;
  const { data, lineLengths, url } = found;
  entries.delete(fileUrl);
  try {
    if (data === null) return;
    if (Array.isArray(data.sources)) {
      const root = data.sourceRoot ? `${data.sourceRoot.replace(/\/$/, '')}/` : '';
      data.sources = data.sources.map((source) => (source === null ? source : new URL(root + source, url ?? fileUrl).href));
      delete data.sourceRoot;
    }
    entries.set(fileUrl, { data, map: new SourceMap(data, { lineLengths }) });
  } catch {
    // A map of another shape is none.
  }
}

/** A source's name as stacks show it: files by their path. */
function shownName(url) {
  if (!url.startsWith('file:')) return url;
  try {
    return require('url').fileURLToPath(url);
  } catch {
    return url;
  }
}

/** Where the code at a position of a loaded file comes from; undefined if nobody knows. All numbers count from 1. */
function origin(file, line, column) {
  if (typeof file !== 'string' || typeof line !== 'number') return undefined;
  const map = entries.get(urlOf(file))?.map;
  if (map === undefined) return undefined;
  const { originalSource, originalLine, originalColumn, name } = map.findEntry(line - 1, column - 1);
  if (originalSource === undefined || originalSource === null) return undefined;
  return { column: originalColumn + 1, data: entries.get(urlOf(file)).data, line: originalLine + 1, name, source: originalSource };
}

const originOfSite = (site) => site && origin(site.getFileName(), site.getLineNumber(), site.getColumnNumber());

/** A call site in the words of its source. The name of a function is what its caller called, if the map knows it. */
function describeSite(site, caller) {
  const found = originOfSite(site);
  if (found === undefined) return `${site}`;
  const name = originOfSite(caller)?.name ?? site.getFunctionName() ?? '<anonymous>';
  const type = site.isToplevel() || site.isConstructor() ? null : site.getTypeName();
  const prefix = site.isAsync() ? 'async ' : site.isConstructor() ? 'new ' : '';
  return `${prefix}${type === null ? '' : `${type}.`}${name} (${shownName(found.source)}:${found.line}:${found.column})`;
}

/** Formats a stack; `plain` is the text without maps. */
function prepare(error, sites, plain) {
  if (sites.length === 0) return plain;
  const head = plain.slice(0, plain.length - sites.map((site) => `\n    at ${site}`).join('').length);
  return head + sites.map((site, index) => `\n    at ${describeSite(site, sites[index + 1])}`).join('');
}

/**
 * For a position in a loaded file: its place in the source with the source's line of text, `{ file, line, column, text }`.
 * Undefined without a map, or without the source's text.
 */
function sourceLineOf(file, line, column) {
  if (!support.enabled) return undefined;
  const found = origin(file, line, column);
  if (found === undefined) return undefined;
  let text;
  const index = found.data.sources?.indexOf(found.source) ?? -1;
  const inline = found.data.sourcesContent?.[index];
  if (typeof inline === 'string') {
    text = inline;
  } else {
    try {
      text = require('fs').readFileSync(shownName(found.source), 'utf8');
    } catch {
      return undefined;
    }
  }
  const row = text.split(/\r?\n/, found.line)[found.line - 1];
  return row === undefined ? undefined : { column: found.column, file: shownName(found.source), line: found.line, text: row };
}

module.exports = { SourceMap, findSourceMap, getSourceMapsSupport, read, setSourceMapsSupport, sourceLineOf };
