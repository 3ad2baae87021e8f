'use strict';

/**
 * Source maps: the class `SourceMap` and the maps of loaded files, kept while `--enable-source-maps` or
 * `module.setSourceMapsSupport()` asks for it. Node docs: "Modules: node:module API", source map v3 support.
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

const kByOption = require('internal/options').getOptionValue('--enable-source-maps') === true;
let support = { __proto__: null, enabled: kByOption, nodeModules: kByOption, generatedCode: kByOption };
/** File name or URL -> SourceMap. */
const maps = new Map();

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
}

/** Node docs: module.findSourceMap. */
function findSourceMap(path) {
  return maps.get(path);
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

/** Keeps the map of a loaded file. */
function remember(filename, content) {
  const found = read(filename, content);
  if (found === undefined) return;
  const { data, lineLengths } = found;
  try {
    if (data !== null) {
      maps.set(filename, new SourceMap(data, { lineLengths }));
      return;
    }
  } catch {
    // A map of another shape is none.
  }
  maps.delete(filename);
}

module.exports = { SourceMap, findSourceMap, getSourceMapsSupport, read, remember, setSourceMapsSupport };
