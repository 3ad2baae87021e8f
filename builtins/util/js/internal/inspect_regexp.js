/**
 * Colours for regular expressions: each kind of token has a colour that moves on with the nesting of groups, so that
 * a bracket and its partner match. Node docs: util.inspect.styles.
 */
'use strict';

const defaultPalette = ['green', 'red', 'yellow', 'cyan', 'magenta'];

// Places in the palette at nesting 0.
const REFERENCE = 0; // \k< >
const BRACKET = 1; // ( ) [ ] { }
const LITERAL = 2; // characters and escapes; names of groups
const DOT = 3; // . and numbers in braces
const OPERATOR = 4; // | ^ $ * + ? ,

/** `text`, a regular expression with slashes and flags, with the colours named by `palette`. */
function highlight(text, palette, colors) {
  if (!Array.isArray(palette) || palette.length === 0) palette = defaultPalette;
  let out = '';
  let depth = 0;
  let at = 1;

  const write = (token, place) => {
    const index = (depth + place) % palette.length;
    const color = colors[palette[index < 0 ? 0 : index]] ?? colors[defaultPalette[0]];
    out += `\u001b[${color[0]}m${token}\u001b[${color[1]}m`;
  };
  /** `\p{Letter}` and its kind: opening, content and closing. False if it never closes. */
  const writeBraced = (opening, close) => {
    const end = text.indexOf(close, at + opening.length);
    if (end === -1 || end > last) return false;
    return end;
  };

  const last = text.length;
  write('/', 0);

  const escape = (inClass) => {
    const next = text[at + 1];
    const third = text[at + 2];
    let opening;
    let close = '}';
    if ((next === 'p' || next === 'P' || next === 'u') && third === '{') {
      opening = `\\${next}{`;
    } else if (next === 'k' && third === '<' && !inClass) {
      opening = '\\k<';
      close = '>';
    }
    if (opening !== undefined) {
      const end = writeBraced(opening, close);
      if (end !== false) {
        const place = close === '>' ? REFERENCE : BRACKET;
        write(opening, place);
        write(text.slice(at + opening.length, end), place + 1);
        write(close, place);
        at = end + 1;
        return;
      }
    }
    let length = 2;
    const rest = text.slice(at + 1, last);
    const match = opening !== undefined ? [opening.slice(1)] :
      /^(?:x.{0,2}|\d+)/s.exec(rest);
    if (match !== null) length = match[0].length + 1;
    write(text.slice(at, at + length), inClass ? BRACKET : LITERAL);
    at += length;
  };

  const characterClass = () => {
    write('[', BRACKET);
    at++;
    depth++;
    const start = at;
    while (at < last) {
      const character = text[at];
      if (character === ']') break;
      if (character === '\\') {
        escape(true);
        continue;
      }
      // A hyphen between two characters is a range.
      const isRange = character === '-' && at > start && text[at + 1] !== ']';
      write(character, isRange ? LITERAL : BRACKET);
      at++;
    }
    depth--;
    if (at < last) {
      write(']', BRACKET);
      at++;
    }
  };

  while (at < last && text[at] !== '/') {
    const character = text[at];
    switch (character) {
      case '\\': escape(false); break;
      case '[': characterClass(); break;
      case '(': {
        write('(', BRACKET);
        at++;
        if (text[at] === '?') {
          const lead = /^\?(?:<[=!]|[:=!]|<)/.exec(text.slice(at, last));
          if (lead === null) {
            // Modifiers such as `?i:`.
            write('?', LITERAL);
            at++;
          } else {
            write(lead[0], BRACKET);
            at += lead[0].length;
            if (lead[0] === '?<') {
              const end = text.indexOf('>', at);
              write(text.slice(at, end), LITERAL);
              write('>', BRACKET);
              at = end + 1;
            }
          }
        }
        depth++;
        break;
      }
      case ')':
        depth--;
        write(')', BRACKET);
        at++;
        break;
      case '{': {
        const quantifier = /^\{(\d+)(?:(,)(\d*))?\}/.exec(text.slice(at, last));
        if (quantifier === null) {
          write('{', LITERAL);
          at++;
          break;
        }
        write('{', BRACKET);
        write(quantifier[1], DOT);
        if (quantifier[2] !== undefined) write(',', LITERAL);
        if (quantifier[3]) write(quantifier[3], DOT);
        write('}', BRACKET);
        at += quantifier[0].length;
        break;
      }
      case '.': write('.', DOT); at++; break;
      case '|': case '^': case '$': case '*': case '+': case '?': case ',':
        write(character, OPERATOR);
        at++;
        break;
      default:
        write(character, LITERAL);
        at++;
    }
  }
  depth = 0;
  write('/', 0);
  if (at + 1 < last) write(text.slice(at + 1), BRACKET);
  return out;
}

module.exports = { highlight };
