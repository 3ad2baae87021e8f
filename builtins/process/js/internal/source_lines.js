/** Source lines for messages: from what was evaluated (`[eval]`), else from the file. */
'use strict';

const evaluated = new Map();

/** Remembers source text that is in no file. */
function rememberSource(name, text) {
  evaluated.set(name, text);
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
  return text.split(/\r?\n/, line)[line - 1];
}

/** Line `line` of a builtin's script, or undefined. */
function builtinLine(name, line) {
  const { has, source } = require('internal/loader');
  const id = name.slice('node:'.length);
  return has(id) ? source(id).split('\n', line)[line - 1] : undefined;
}

module.exports = { builtinLine, rememberSource, sourceLine };
