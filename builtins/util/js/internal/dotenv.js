/**
 * The format of `.env` files: `NAME=value` lines, `export` allowed, comments from `#` on, values in quotes of three
 * kinds which may span lines. Node docs: "dotenv".
 */
'use strict';

// A comment; or a name and what is in quotes or on the rest of the line; or any other line.
const entry = /\s*(?:#.*|(?<name>[^=\n]*)=(?:[^\S\n]*(?<mark>["'`])(?<quoted>[^]*?)\k<mark>.*|(?<plain>.*))|.+)/y;

/** An object without prototype of the variables in `content`, by name; the last of a name wins. */
function parse(content) {
  const found = new Map();
  const text = content.replaceAll('\r\n', '\n');
  entry.lastIndex = 0;
  for (let match = entry.exec(text); match !== null; match = entry.exec(text)) {
    const { name, mark, quoted, plain } = match.groups;
    if (name === undefined) continue;
    let key = name.trim();
    if (plain === '') {
      // As Node does: with nothing behind the sign, the name stays as it stands.
      found.set(key, '');
      continue;
    }
    if (key === '') {
      // A sign without a name is skipped; what follows it may be an entry.
      entry.lastIndex = match.index + match[0].indexOf('=') + 1;
      continue;
    }
    key = key.replace(/^export /, '').trim();
    if (mark !== undefined) {
      // Only double quotes know escapes, and only this one.
      found.set(key, mark === '"' ? quoted.replaceAll('\\n', '\n') : quoted);
    } else {
      const value = plain.trim();
      // A quote that never closes makes the line a value as it is.
      found.set(key, /^["'`]/.test(value) ? value : value.split('#', 1)[0].trim());
    }
  }
  const variables = { __proto__: null };
  for (const key of [...found.keys()].sort()) variables[key] = found.get(key);
  return variables;
}

module.exports = { parse };
