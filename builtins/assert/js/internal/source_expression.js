'use strict';

/**
 * The source text of a call, for the message of `assert.ok(value)`: "The expression evaluated to a falsy value".
 *
 * The stack says where the call is; its line is read from the file and scanned for the call's two ends. The result is
 * what of the call stands on that line.
 */

/** Sources that were read, by file name; undefined for what cannot be read. */
const sources = new Map();

function sourceLine(file, line) {
  if (!sources.has(file)) {
    let lines;
    try {
      const path = file.startsWith('file:') ? require('url').fileURLToPath(file) : file;
      lines = require('fs').readFileSync(path, 'utf8').split(/\r?\n/);
    } catch {
      // Code that was evaluated from a string, or a file that is gone: there is no text to show.
    }
    sources.set(file, lines);
  }
  return sources.get(file)?.[line - 1];
}

const CLOSING = { '(': ')', '[': ']', '{': '}' };
const OPENING = { ')': '(', ']': '[', '}': '{' };

/** The index after the string, template or regular expression that starts at `at`. */
function skipQuoted(text, at, quote) {
  let inClass = false;
  for (let index = at + 1; index < text.length; index++) {
    const char = text[index];
    if (char === '\\') index++;
    else if (quote === '/' && char === '[') inClass = true;
    else if (quote === '/' && char === ']') inClass = false;
    else if (quote === '`' && char === '$' && text[index + 1] === '{') index = matching(text, index + 1) - 1;
    else if (char === quote && !inClass) return index + 1;
  }
  return text.length;
}

function startsRegExp(text, at) {
  const before = text.slice(0, at).trimEnd();
  return before === '' || /[(,=:[!&|?{};+\-*%~^<>]$/.test(before) || /\b(?:return|typeof|case|in|of)$/.test(before);
}

/** The index after the bracket that closes the one at `at`; the end of the text if it is not there. */
function matching(text, at) {
  const stack = [CLOSING[text[at]]];
  let index = at + 1;
  while (index < text.length) {
    const char = text[index];
    if (char === '"' || char === "'" || char === '`') {
      index = skipQuoted(text, index, char);
    } else if (char === '/' && text[index + 1] === '/') {
      return text.length;
    } else if (char === '/' && text[index + 1] === '*') {
      const end = text.indexOf('*/', index + 2);
      index = end === -1 ? text.length : end + 2;
    } else if (char === '/' && startsRegExp(text, index)) {
      index = skipQuoted(text, index, '/');
    } else {
      if (CLOSING[char] !== undefined) stack.push(CLOSING[char]);
      else if (char === stack[stack.length - 1]) stack.pop();
      index++;
      if (stack.length === 0) return index;
    }
  }
  return text.length;
}

/** Where the expression that ends before `at` begins: `a.b['c']` from its `a`. */
function calleeStart(text, at) {
  let index = at;
  while (index > 0) {
    const char = text[index - 1];
    if (/[\p{ID_Continue}$.]/u.test(char) || (char === '?' && text[index] === '.')) {
      index--;
    } else if (OPENING[char] !== undefined && char !== '}') {
      let depth = 0;
      let open = index - 1;
      for (; open >= 0; open--) {
        if (text[open] === char) depth++;
        else if (text[open] === OPENING[char] && --depth === 0) break;
      }
      if (open < 0) break;
      index = open;
    } else {
      break;
    }
  }
  return index;
}

/** Characters that would garble a terminal. */
const CONTROL = /[\u0000-\u0009\u000b\u000c\u000e-\u001f]/g;
const ESCAPES = { '\b': '\\b', '\t': '\\t', '\v': '\\u000b', '\f': '\\f' };

/** The call whose frame says `line:column`, both from 1; undefined without a source. */
function callExpression(file, line, column) {
  const text = sourceLine(file, line);
  if (text === undefined) return undefined;
  let start = Math.min(column - 1, text.length);
  // Engines differ in which part of the call they name: its start, its last name or its bracket.
  let open = text.indexOf('(', start);
  if (open === -1) open = text.length;
  start = calleeStart(text, Math.max(start, Math.min(open, start)));
  const call = text.slice(start, open === text.length ? open : matching(text, open)).trim();
  return call.replace(CONTROL, (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const FRAME = /^ {4}at (?:.*\()?((?:file:\/\/)?\/.*):(\d+):(\d+)\)?$/m;

/** The call that the first frame of a stack is at. */
function callOfStack(stack) {
  const found = FRAME.exec(stack);
  return found === null ? undefined : callExpression(found[1], +found[2], +found[3]);
}

module.exports = { callExpression, callOfStack };
