/** Source lines for messages: from what was evaluated (`[eval]`), else from the file. */
'use strict';

const evaluated = new Map();

/** Where the text of a script starts, if not at its first line and column: both 0-based. */
const offsets = new Map();

/** Remembers source text that is in no file. */
function rememberSource(name, text, line = 0, column = 0) {
  evaluated.set(name, text);
  if (line !== 0 || column !== 0) offsets.set(name, { line, column });
  else offsets.delete(name);
}

/** How far the columns of a line are shifted. */
function columnOffset(name, line) {
  const offset = offsets.get(name);
  return offset !== undefined && line === offset.line + 1 ? offset.column : 0;
}

/** Line `line` (1-based) of a script, or undefined. */
function sourceLine(name, line) {
  let text = evaluated.get(name);
  if (text === undefined) {
    let path = name;
    if (path.startsWith('file:')) {
      try {
        path = require('url').fileURLToPath(path);
      } catch {
        return undefined;
      }
    }
    if (!path.startsWith('/')) return undefined;
    try {
      text = require('fs').readFileSync(path, 'utf8');
      // What ran is the text without its types.
      if (/\.[cm]?ts$/.test(path) && name !== path) text = require('internal/module/typescript').tryStrip(text).code ?? text;
    } catch {
      return undefined;
    }
  }
  line -= offsets.get(name)?.line ?? 0;
  return line < 1 ? undefined : text.split(/\r?\n/, line)[line - 1];
}

/** Line `line` of a builtin's script, or undefined. */
function builtinLine(name, line) {
  const { has, source } = require('internal/loader');
  const id = name.slice('node:'.length);
  return has(id) ? source(id).split('\n', line)[line - 1] : undefined;
}

module.exports = { builtinLine, columnOffset, rememberSource, sourceLine };
