'use strict';

/**
 * V8's words for the engine's SyntaxErrors: tools and people match them. The engine says what it expected, V8 says what it
 * met, so the source text at the position of the error is needed.
 */

const keywords = new Set(['await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do',
  'else', 'enum', 'export', 'extends', 'false', 'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'new',
  'null', 'return', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield']);

const punctuators = /^(?:>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--|\+=|-=|\*=|%=|&=|\|=|\^=|<<|>>|\*\*|[{}()[\];,<>+\-*/%&|^!~?:=.@#])/;

/** What V8 says when it meets the token at a position it cannot use. */
function unexpected(source, line, column) {
  let at = 0;
  for (let number = 1; number < line; number++) {
    const next = source.indexOf('\n', at);
    if (next === -1) return 'Unexpected end of input';
    at = next + 1;
  }
  // Two prefix operators, one right after the other: V8 reads the second and finds that it is no place to store into.
  if (/^(?:\+\+|--)/.test(source.slice(at + column - 1)) && /(?:\+\+|--)$/.test(source.slice(at, at + column - 1))) {
    return 'Invalid left-hand side expression in prefix operation';
  }
  const rest = source.slice(at + column - 1).replace(/^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)+/, '');
  if (rest === '') return 'Unexpected end of input';
  const word = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(rest);
  if (word !== null) {
    return keywords.has(word[0]) ? `Unexpected token '${word[0]}'` : `Unexpected identifier '${word[0]}'`;
  }
  if (/^["']/.test(rest)) return 'Unexpected string';
  if (/^\.?\d/.test(rest)) return 'Unexpected number';
  if (rest[0] === '`') return 'Unexpected template string';
  const punctuator = punctuators.exec(rest);
  return punctuator === null ? 'Invalid or unexpected token' : `Unexpected token '${punctuator[0]}'`;
}

const kInvalidToken = 'Invalid or unexpected token';

/** Pattern of the engine's text -> V8's, or a function of the match; `null` asks for the token at the position. */
const rows = [
  [/^import declarations may only appear/, 'Cannot use import statement outside a module'],
  [/^export declarations may only appear/, "Unexpected token 'export'"],
  [/^import\.meta may only appear/, "Cannot use 'import.meta' outside a module"],
  [/^await is only valid in async functions/, 'await is only valid in async functions and the top level bodies of modules'],
  [/^unexpected token: '(.*)'$/, (match) => `Unexpected token '${match[1]}'`],
  [/^unexpected token: keyword '(.*)'$/, (match) => `Unexpected token '${match[1]}'`],
  [/^(?:unexpected token|expected expression|expected property name|unexpected garbage)/, null],
  [/^unexpected end of/, 'Unexpected end of input'],
  [/^missing = in const declaration/, 'Missing initializer in const declaration'],
  [/^missing = in destructuring declaration/, 'Missing initializer in destructuring declaration'],
  [/^missing \) after argument list/, 'missing ) after argument list'],
  [/^missing catch or finally after try/, 'Missing catch or finally after try'],
  [/^missing /, null],
  [/^redeclaration of (?:.* )?(\S+)$/, (match) => `Identifier '${match[1]}' has already been declared`],
  [/^invalid assignment left-hand side/, 'Invalid left-hand side in assignment'],
  [/^invalid increment operand|^invalid decrement operand|^invalid increment\/decrement operand/,
    'Invalid left-hand side expression in postfix operation'],
  [/^invalid destructuring target/, 'Invalid destructuring assignment target'],
  [/template literal|^'' literal not terminated|^`` literal|^unterminated string literal/, (match) => (
    match.input.includes('`') || match.input.includes('template') ? 'Unterminated template literal' : kInvalidToken)],
  [/literal not terminated|string literal contains|^illegal character|^unterminated comment|^missing exponent|^identifier starts/,
    kInvalidToken],
  [/^unterminated regular expression literal/, 'Invalid regular expression: missing /'],
  [/^return not in function/, 'Illegal return statement'],
  [/^unlabeled break must be/, 'Illegal break statement'],
  [/^continue must be inside loop/, 'Illegal continue statement: no surrounding iteration statement'],
  [/^label not found/, null],
  [/^function statement requires a name/, 'Function statements require a function name'],
  [/^rest parameter may not have a default/, 'Rest parameter may not have a default initializer'],
  [/^parameter after rest parameter/, 'Rest parameter must be last formal parameter'],
  [/^getter functions must have no/, 'Getter must not have any formal parameters.'],
  [/^setter functions must have one/, 'Setter must have exactly one formal parameter.'],
  [/^super\(\) is only valid in/, "'super' keyword unexpected here"],
  [/^use of super/, "'super' keyword unexpected here"],
  [/^new\.target expression is not allowed/, 'new.target expression is not allowed here'],
  [/^duplicate formal argument|^duplicate argument names not allowed/, 'Duplicate parameter name not allowed in this context'],
  [/^applying the 'delete' operator to an unqualified name/, 'Delete of an unqualified identifier in strict mode.'],
  [/^(?:strict mode code may not contain 'with'|'with' statement)/, 'Strict mode code may not include a with statement'],
  [/octal (?:literals|escape sequences)/, 'Octal escape sequences are not allowed in strict mode.'],
];

/** Rewords a SyntaxError of compiling `source`. Errors that are none of the engine's stay as they are. */
function reword(error, source) {
  const { message } = error;
  const place = require('internal/error_place').placeOf(error);
  if (typeof message !== 'string' || place === undefined) return;
  for (const [pattern, text] of rows) {
    const match = pattern.exec(message);
    if (match === null) continue;
    if (text === null) error.message = unexpected(source, place.line, place.column);
    else error.message = typeof text === 'string' ? text : text(match);
    return;
  }
}

/** Reasons of the engine's JSON parser -> V8's, which adds ` in JSON at position ...`. */
const jsonReasons = [
  [/^bad control character in string/, 'Bad control character in string literal'],
  [/^bad escaped character/, 'Bad escaped character'],
  [/^bad Unicode escape/, 'Bad Unicode escape'],
  [/^(?:expected ':' after property name|end of data after property name when)/, "Expected ':' after property name"],
  [/^(?:expected ',' or '\]' after array element|end of data when ',' or '\]')/, "Expected ',' or ']' after array element"],
  [/^(?:expected ',' or '\}' after property|end of data after property value)/, "Expected ',' or '}' after property value"],
  [/^expected double-quoted property name/, 'Expected double-quoted property name'],
  [/^(?:expected property name or '\}'|end of data while reading object)/, "Expected property name or '}'"],
  [/^missing digits after decimal point/, 'Unterminated fractional number'],
  [/^missing digits after exponent/, 'Exponent part is missing a number'],
  [/^no number after minus sign/, 'No number after minus sign'],
  [/^unterminated string/, 'Unterminated string'],
];

/** Characters that V8 shows on either side of an unexpected token. */
const JSON_CONTEXT = 10;

/** The index of a 1-based line and column, as the engine counts them. */
function indexOf(text, line, column) {
  let at = 0;
  for (let number = 1; number < line; number++) {
    const next = /\r\n|\n|\r/g;
    next.lastIndex = at;
    const match = next.exec(text);
    if (match === null) break;
    at = match.index + match[0].length;
  }
  return at + column - 1;
}

/** How far the text at `at` agrees with one of the literals of JSON: V8 points at the first wrong character. */
function misspelt(text, at) {
  const literal = ['true', 'false', 'null'].find((word) => word[0] === text[at]) ?? '';
  let length = 0;
  while (length < literal.length && text[at + length] === literal[length]) length++;
  return length;
}

/** Rewords what JSON.parse(`text`) threw. */
function rewordJson(error, text) {
  const match = /^JSON\.parse: ([\s\S]*) at line (\d+) column (\d+) of the JSON data$/.exec(error.message);
  if (match === null) return;
  const [, reason, line, column] = match;
  let at = indexOf(text, Number(line), Number(column));
  if (reason === 'unexpected keyword') at += misspelt(text, at);
  const place = `in JSON at position ${at} (line ${line} column ${column})`;
  const row = jsonReasons.find(([pattern]) => pattern.test(reason));
  if (/^unexpected end of data/.test(reason) || (at >= text.length && row === undefined)) {
    error.message = 'Unexpected end of JSON input';
  } else if (/^unexpected non-whitespace/.test(reason)) {
    error.message = `Unexpected non-whitespace character after JSON at position ${at} (line ${line} column ${column})`;
  } else if (row !== undefined) {
    error.message = `${row[1]} ${place}`;
  } else {
    const start = text.length > 2 * JSON_CONTEXT && at > JSON_CONTEXT ? at - JSON_CONTEXT : 0;
    const end = text.length > 2 * JSON_CONTEXT && at + JSON_CONTEXT < text.length ? at + JSON_CONTEXT : text.length;
    error.message = `Unexpected token '${String.fromCodePoint(text.codePointAt(at))}', ${start > 0 ? '...' : ''}"` +
      `${text.slice(start, end)}"${end < text.length ? '...' : ''} is not valid JSON`;
  }
}

module.exports = { reword, rewordJson };
