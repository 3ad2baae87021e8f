/**
 * The format of `.env` files: `NAME=value` lines, `export` allowed, comments from `#` on, values in quotes of three
 * kinds which may span lines. Node docs: "dotenv".
 */
'use strict';

/** An object without prototype of the variables in `content`; the last of a name wins. */
function parse(content) {
  const variables = { __proto__: null };
  let text = content.replaceAll('\r\n', '\n').trim();
  while (text.length > 0) {
    // Blank lines and comments.
    if (text[0] === '\n' || text[0] === '#') {
      text = afterLine(text);
      continue;
    }
    const equals = text.indexOf('=');
    const newline = text.indexOf('\n');
    if (equals === -1 || (newline !== -1 && newline < equals)) {
      if (newline === -1) break;
      text = text.slice(newline + 1).trimStart();
      continue;
    }
    let key = text.slice(0, equals).trim();
    if (key === '') {
      // A line that begins with `=` names nothing.
      text = afterLine(text);
      continue;
    }
    if (key.startsWith('export ')) key = key.slice(7).trimStart();
    text = text.slice(equals + 1);
    if (text === '' || text[0] === '\n') {
      variables[key] = '';
      text = text.slice(1).trimStart();
      continue;
    }
    const [value, rest] = parseValue(text.trimStart());
    variables[key] = value;
    text = rest.trimStart();
  }
  return variables;
}

function afterLine(text) {
  const newline = text.indexOf('\n');
  return newline === -1 ? '' : text.slice(newline + 1).trimStart();
}

/** The value at the start of `text`, and what follows it. */
function parseValue(text) {
  const mark = text[0];
  if (mark === '"' || mark === "'" || mark === '`') {
    const end = text.indexOf(mark, 1);
    if (end !== -1) {
      const value = text.slice(1, end);
      // Only double quotes know escapes, and only this one.
      return [mark === '"' ? value.replaceAll('\\n', '\n') : value, afterLine(text.slice(end + 1))];
    }
    // A quote that never closes is a character of a plain value.
    const newline = text.indexOf('\n');
    if (newline !== -1) return [text.slice(0, newline), text.slice(newline + 1)];
  }
  const newline = text.indexOf('\n');
  let value = newline === -1 ? text : text.slice(0, newline);
  const comment = value.indexOf('#');
  if (comment !== -1) value = value.slice(0, comment);
  return [value.trim(), newline === -1 ? '' : text.slice(newline + 1)];
}

module.exports = { parse };
