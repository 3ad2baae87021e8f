/**
 * POSIX paths: pure string work over '/', no file is touched (only `resolve` asks for the cwd).
 *
 * Nearly every path a program handles is normal already, so each function first asks the native
 * `indexOf` whether there is anything to do, and splits into segments only then.
 * Node docs: path.
 */
'use strict';

const { validateString } = require('internal/validators');
const { _format } = require('internal/path/format');

const SLASH = 47;
const DOT = 46;

/** Whether `path` (not empty) may hold an empty, '.' or '..' segment; hidden files say yes too. */
function mayNeedWork(path) {
  return path.charCodeAt(0) === DOT || path.indexOf('/.') !== -1 || path.indexOf('//') !== -1;
}

/**
 * Drops empty and '.' segments and lets '..' take its parent away. Without a parent '..' stays
 * if `keepAbove`, else it vanishes. No slash at either end of the result.
 */
function collapse(path, keepAbove) {
  // Where the segments that stay begin; each ends before the next '/'.
  const starts = [];
  let kept = 0; // leading '..' segments nothing can take away
  const { length } = path;
  for (let start = 0; start < length;) {
    let end = path.indexOf('/', start);
    if (end === -1) end = length;
    const size = end - start;
    const dots = size > 0 && size < 3 && path.charCodeAt(start) === DOT && path.charCodeAt(end - 1) === DOT;
    if (dots && size === 2) {
      if (starts.length > kept) {
        starts.pop();
      } else if (keepAbove) {
        kept++;
        starts.push(start);
      }
    } else if (size > 0 && !dots) {
      starts.push(start);
    }
    start = end + 1;
  }
  // Neighbours are copied together.
  let out = '';
  for (let i = 0; i < starts.length;) {
    const from = starts[i];
    let end = from;
    do {
      end = path.indexOf('/', starts[i]);
      if (end === -1) end = length;
      i++;
    } while (i < starts.length && starts[i] === end + 1);
    const run = path.slice(from, end);
    out = out === '' ? run : `${out}/${run}`;
  }
  return out;
}

/** Joins `paths` from the right until the result is absolute, with the cwd as last resort. */
function resolve(...paths) {
  let resolved = '';
  let absolute = false;
  for (let i = paths.length - 1; i >= 0 && !absolute; i--) {
    const path = paths[i];
    validateString(path, `paths[${i}]`);
    if (path.length === 0) continue;
    resolved = resolved === '' ? path : `${path}/${resolved}`;
    absolute = path.charCodeAt(0) === SLASH;
  }
  if (!absolute) {
    const cwd = process.cwd();
    resolved = resolved === '' ? cwd : `${cwd}/${resolved}`;
    absolute = cwd.charCodeAt(0) === SLASH;
  }
  const last = resolved.length - 1;
  if (absolute && (last === 0 || resolved.charCodeAt(last) !== SLASH) && !mayNeedWork(resolved)) {
    return resolved;
  }
  const body = collapse(resolved, !absolute);
  if (absolute) return `/${body}`;
  return body || '.';
}

/** `path` without empty, '.' and (where they have a parent) '..' segments; '' becomes '.'. */
function normalize(path) {
  validateString(path, 'path');
  if (path.length === 0) return '.';
  if (!mayNeedWork(path)) return path;
  const absolute = path.charCodeAt(0) === SLASH;
  let body = collapse(path, !absolute);
  if (path.charCodeAt(path.length - 1) === SLASH) {
    if (body !== '') body += '/';
    else if (!absolute) return './';
  }
  if (absolute) return `/${body}`;
  return body || '.';
}

function isAbsolute(path) {
  validateString(path, 'path');
  return path.length > 0 && path.charCodeAt(0) === SLASH;
}

/** All non-empty `paths` with '/' between them, normalized; nothing at all is '.'. */
function join(...paths) {
  let joined = '';
  for (let i = 0; i < paths.length; i++) {
    const path = paths[i];
    validateString(path, 'path');
    if (path.length > 0) joined = joined === '' ? path : `${joined}/${path}`;
  }
  return joined === '' ? '.' : normalize(joined);
}

/** The way from `from` to `to`, both resolved first; '' if they are the same. */
function relative(from, to) {
  validateString(from, 'from');
  validateString(to, 'to');
  if (from === to) return '';
  from = resolve(from);
  to = resolve(to);
  if (from === to) return '';

  // Without the root both are plain segment lists.
  const fromSegments = from === '/' ? [] : from.slice(1).split('/');
  const toSegments = to === '/' ? [] : to.slice(1).split('/');
  const shorter = Math.min(fromSegments.length, toSegments.length);
  let common = 0;
  while (common < shorter && fromSegments[common] === toSegments[common]) common++;
  const up = '../'.repeat(fromSegments.length - common);
  const down = toSegments.slice(common).join('/');
  return down === '' ? up.slice(0, -1) : up + down;
}

/** Only Windows has namespaced paths: hands back what it gets. */
function toNamespacedPath(path) {
  return path;
}

/** Where `path` ends when trailing slashes do not count; at least `min`. */
function endWithoutSlashes(path, min) {
  let end = path.length;
  while (end > min && path.charCodeAt(end - 1) === SLASH) end--;
  return end;
}

function dirname(path) {
  validateString(path, 'path');
  if (path.length === 0) return '.';
  const end = endWithoutSlashes(path, 1);
  const slash = end > 1 ? path.lastIndexOf('/', end - 1) : -1;
  if (slash === -1) return path.charCodeAt(0) === SLASH ? '/' : '.';
  if (slash === 0) return '/';
  // Two slashes at the very start are a root of their own in POSIX.
  if (slash === 1 && path.charCodeAt(0) === SLASH) return '//';
  return path.slice(0, slash);
}

function basename(path, suffix) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validateString(path, 'path');
  const end = endWithoutSlashes(path, 0);
  const start = end === 0 ? 0 : path.lastIndexOf('/', end - 1) + 1;
  const base = path.slice(start, end);
  if (suffix === undefined || suffix === '' || suffix.length > path.length) return base;
  if (base.length > suffix.length) {
    return base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
  }
  if (path === suffix) return '';
  // Observed in Node: a suffix that runs out of name keeps the slashes behind it.
  return base.length < suffix.length && suffix.endsWith(base) ? path.slice(start) : base;
}

/** Where the extension of `base` starts, or -1: hidden files and '..' have none. */
function extensionStart(base) {
  const dot = base.lastIndexOf('.');
  return dot <= 0 || base === '..' ? -1 : dot;
}

function extname(path) {
  validateString(path, 'path');
  const end = endWithoutSlashes(path, 0);
  if (end === 0) return '';
  const base = path.slice(path.lastIndexOf('/', end - 1) + 1, end);
  const dot = extensionStart(base);
  return dot === -1 ? '' : base.slice(dot);
}

/** Takes `path` apart; what `format` puts together again. */
function parse(path) {
  validateString(path, 'path');
  const parts = { root: '', dir: '', base: '', ext: '', name: '' };
  if (path.length === 0) return parts;
  const absolute = path.charCodeAt(0) === SLASH;
  if (absolute) parts.root = '/';
  const end = endWithoutSlashes(path, absolute ? 1 : 0);
  const slash = path.lastIndexOf('/', end - 1);
  const base = path.slice(slash + 1, end);
  // Observed in Node: right below the root '..' does have the extension '.'.
  const dot = slash === 0 && base === '..' ? 1 : extensionStart(base);
  parts.base = base;
  if (dot === -1) {
    parts.name = base;
  } else {
    parts.name = base.slice(0, dot);
    parts.ext = base.slice(dot);
  }
  if (slash > 0) parts.dir = path.slice(0, slash);
  else if (absolute) parts.dir = '/';
  return parts;
}

/** Whether the glob `pattern` matches all of `path`. */
function matchesGlob(path, pattern) {
  return require('internal/path/glob').matchesGlob(path, pattern, false);
}

module.exports = {
  resolve,
  normalize,
  isAbsolute,
  join,
  relative,
  toNamespacedPath,
  dirname,
  basename,
  extname,
  format: _format.bind(null, '/'),
  parse,
  matchesGlob,
  sep: '/',
  delimiter: ':',
  win32: null,
  posix: null,
};
