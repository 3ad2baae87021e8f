'use strict';

/**
 * TypeScript: types are blanked out, positions stay, so no source map is needed. What stands for code of its own (enums,
 * parameter properties ...) is refused. Node docs: "Modules: TypeScript".
 */

const {
  codes: {
    ERR_INVALID_TYPESCRIPT_SYNTAX,
    ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING,
    ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX,
  },
} = require('internal/errors');
const { getOptionValue } = require('internal/options');
const { validateObject, validateOneOf, validateString } = require('internal/validators');

/** Whether files and `--eval` may be TypeScript. */
function stripsTypes() {
  return getOptionValue('--strip-types') !== false && getOptionValue('--experimental-strip-types') !== false;
}

/** Takes the file names of packages, which come compiled. */
function isUnderNodeModules(filename) {
  return filename.includes('/node_modules/');
}

/** @throws {Error} ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING. */
function refuseNodeModules(filename) {
  if (isUnderNodeModules(filename)) throw new ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING(filename);
}

/**
 * The lines around an error: one before and one after; an error in one line is underlined, of one over several lines the
 * first and the last are marked.
 */
function excerpt(source, line, column, endLine, endColumn) {
  const lines = source.split(/\r?\n/);
  const untab = (text) => text.replaceAll('\t', '    ');
  const shown = [];
  if (endLine > line) {
    for (let number = line - 1; number <= endLine + 1; number++) {
      const text = lines[number - 1];
      if (text === undefined || number < 1) continue;
      const marked = number === line || number === endLine;
      shown.push(`${marked ? '  > ' : '    '}${untab(text)}`);
    }
    return shown.join('\n').trimEnd();
  }
  const { getStringWidth } = require('internal/util/inspect');
  const text = lines[line - 1] ?? '';
  if (line > 1) shown.push(untab(lines[line - 2]));
  shown.push(untab(text));
  const points = [...text];
  const widthOf = (from, to) => getStringWidth(untab(points.slice(from, to).join('')));
  const length = widthOf(column, endColumn);
  if (length > 0) shown.push(' '.repeat(widthOf(0, column)) + '^'.repeat(length));
  if (lines[line] !== undefined) shown.push(untab(lines[line]));
  return shown.join('\n').trimEnd();
}

function errorOf(failure, source, name) {
  const { 0: message, 1: unsupported, 2: line, 3: column, 4: endLine, 5: endColumn } = failure;
  const error = unsupported ? new ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX(message) : new ERR_INVALID_TYPESCRIPT_SYNTAX(message);
  if (line === -1) return error;
  const { kDecorated } = require('internal/module/syntax_errors');
  const head = `${name}:${line}\n${excerpt(source, line, column, endLine, endColumn)}\n\n`;
  Object.defineProperty(error, 'stack', { __proto__: null, value: head + error.stack, configurable: true, writable: true });
  Object.defineProperty(error, kDecorated, { __proto__: null, value: '' });
  return error;
}

/**
 * `source` without its types; `name` is what errors call it.
 * @throws {SyntaxError} ERR_INVALID_TYPESCRIPT_SYNTAX, ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX.
 */
function strip(source, name) {
  const found = binding('typescript').strip(source);
  if (typeof found !== 'string') throw errorOf(found, source, name);
  return found;
}

/** As `strip`, for `--eval` that may be JavaScript: `{ code }`, or `{ message }` of why it is no TypeScript either. */
function tryStrip(source) {
  const found = binding('typescript').strip(source);
  return typeof found === 'string' ? { code: found } : { message: found[0] };
}

function withSourceUrl(code, url) {
  return `${code}\n\n//# sourceURL=${url}`;
}

const pathOf = (filename) => (filename.startsWith('file:') ? require('url').fileURLToPath(filename) : filename);

/** What stripping a file gave, by its URL and source: detecting the format and compiling both ask. */
let last = { source: undefined, url: undefined, code: undefined };

/**
 * The JavaScript of a file; in stacks its name is its URL. `filename` is a path or a URL.
 * @throws {Error} ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING, and as `strip`.
 */
function stripModule(source, filename) {
  refuseNodeModules(filename);
  const url = filename.startsWith('/') ? require('url').pathToFileURL(filename).href : filename;
  if (last.url === url && last.source === source) return last.code;
  const { cache } = require('internal/module/cjs').compileCache;
  const work = () => withSourceUrl(strip(source, url), url);
  const code = cache === undefined ? work() : cache.stripped(source, pathOf(filename), work);
  last = { source, url, code };
  return code;
}

/** The JavaScript of `--eval` code that is said to be TypeScript; while type stripping is off, the code as it is. */
function stripEval(code, name) {
  return stripsTypes() ? strip(code, name) : code;
}

/** Node docs: module.stripTypeScriptTypes. */
function stripTypeScriptTypes(code, options = {}) {
  require('internal/util').emitExperimentalWarning('stripTypeScriptTypes');
  validateString(code, 'code');
  validateObject(options, 'options');
  const { sourceMap, sourceUrl = '', mode = 'strip' } = options;
  validateOneOf(mode, 'options.mode', ['strip']);
  validateString(sourceUrl, 'options.sourceUrl');
  validateOneOf(sourceMap, 'options.sourceMap', [false, undefined]);
  const out = strip(code, sourceUrl);
  return sourceUrl === '' ? out : withSourceUrl(out, sourceUrl);
}

module.exports = { strip, stripEval, stripModule, stripsTypes, stripTypeScriptTypes, tryStrip };
