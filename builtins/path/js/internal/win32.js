/**
 * Windows paths, on any platform: both slashes separate, a path may start with a drive ('C:'),
 * a share ('\\server\share') or a device ('\\.\', '\\?\').
 *
 * Every function first asks `rootOf` where the root ends; what follows is a plain segment list.
 * Node docs: path, "Windows vs. POSIX".
 */
'use strict';

const { validateString } = require('internal/validators');
const { _format } = require('internal/path/format');

const COLON = 58;

/** Names a driver owns in every directory; a ':' right behind makes them a device. */
const RESERVED = /^(?:CON|PRN|AUX|NUL|COM[1-9\u00b9\u00b2\u00b3]|LPT[1-9\u00b9\u00b2\u00b3])$/i;

function isSeparator(code) {
  return code === 47 || code === 92;
}

function isDriveLetter(code) {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** The first separator at or after `from`, or the length of `path`. */
function segmentEnd(path, from) {
  while (from < path.length && !isSeparator(path.charCodeAt(from))) from++;
  return from;
}

function skipSeparators(path, from) {
  while (from < path.length && isSeparator(path.charCodeAt(from))) from++;
  return from;
}

/**
 * The root of `path`: `device` ('C:', '\\server\share', '\\?' or ''), `absolute`, `end` (where
 * the rest starts, past its separator) and `kind`: '' | 'drive' | 'share' | 'device'.
 */
function rootOf(path) {
  const length = path.length;
  const root = { device: '', absolute: false, end: 0, kind: '' };
  if (length === 0) return root;
  const first = path.charCodeAt(0);
  if (isSeparator(first)) {
    root.absolute = true;
    root.end = 1;
    if (length < 2 || !isSeparator(path.charCodeAt(1))) return root;
    const serverEnd = segmentEnd(path, 2);
    if (serverEnd === 2 || serverEnd === length) return root;
    const shareStart = skipSeparators(path, serverEnd);
    if (shareStart === length) return root;
    const server = path.slice(2, serverEnd);
    if (server === '.' || server === '?') {
      root.device = `\\\\${server}`;
      root.end = 4;
      root.kind = 'device';
      return root;
    }
    const shareEnd = segmentEnd(path, shareStart);
    root.device = `\\\\${server}\\${path.slice(shareStart, shareEnd)}`;
    root.end = shareEnd;
    root.kind = 'share';
    return root;
  }
  if (isDriveLetter(first) && length > 1 && path.charCodeAt(1) === COLON) {
    root.device = path.slice(0, 2);
    root.kind = 'drive';
    root.end = 2;
    if (length > 2 && isSeparator(path.charCodeAt(2))) {
      root.absolute = true;
      root.end = 3;
    }
  }
  return root;
}

/** As in posix.js: drops empty and '.' segments, lets '..' take its parent away. */
function collapse(path, keepAbove) {
  const segments = path.split(/[\\/]/);
  const out = [];
  let kept = 0;
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i];
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (out.length > kept) {
        out.pop();
        continue;
      }
      if (!keepAbove) continue;
      kept++;
    }
    out.push(segment);
  }
  return out.join('\\');
}

/** The cwd of a drive: Windows keeps one per drive in '=C:'. */
function cwdOf(device) {
  if (device === '') return process.cwd();
  const cwd = process.env[`=${device}`] || process.cwd();
  // A cwd on some other drive says nothing about this one.
  if (cwd === undefined ||
      (cwd.slice(0, 2).toLowerCase() !== device.toLowerCase() && cwd.charAt(2) === '\\')) {
    return `${device}\\`;
  }
  return cwd;
}

/** Joins from the right until there is both a device and an absolute path. */
function resolve(...paths) {
  let device = '';
  let tail = '';
  let absolute = false;
  for (let i = paths.length - 1; i >= -1; i--) {
    let path;
    if (i >= 0) {
      path = paths[i];
      validateString(path, `paths[${i}]`);
      if (path.length === 0) continue;
    } else {
      path = cwdOf(device);
    }
    const root = rootOf(path);
    if (root.device !== '') {
      if (device === '') device = root.device;
      else if (root.device.toLowerCase() !== device.toLowerCase()) continue;
    }
    if (absolute) {
      if (device !== '') break;
    } else {
      tail = `${path.slice(root.end)}\\${tail}`;
      absolute = root.absolute;
      if (absolute && device !== '') break;
    }
  }
  tail = collapse(tail, !absolute);
  if (absolute) return `${device}\\${tail}`;
  return `${device}${tail}` || '.';
}

function normalize(path) {
  validateString(path, 'path');
  const length = path.length;
  if (length === 0) return '.';
  if (length === 1) return path === '/' ? '\\' : path;
  const root = rootOf(path);
  if (root.kind === 'share' && root.end === length) return `${root.device}\\`;
  let reserved = false;
  if (root.kind === '') {
    const colon = path.indexOf(':');
    // Observed in Node: without a colon one last character does not count ('CON/', 'COM1.').
    reserved = RESERVED.test(path.slice(0, colon));
    if (reserved && colon !== -1) {
      root.device = path.slice(0, colon + 1);
      root.end = colon + 1;
    }
  } else if (root.kind === 'device') {
    const colon = path.indexOf(':');
    if (colon > root.end && RESERVED.test(path.slice(root.end, colon))) {
      root.device = `\\\\?\\${path.slice(root.end, colon + 1)}`;
      root.end = colon + 1;
    }
  }
  let tail = collapse(path.slice(root.end), !root.absolute);
  if (tail === '' && !root.absolute) tail = '.';
  if (tail !== '' && isSeparator(path.charCodeAt(length - 1))) tail += '\\';
  if (reserved) return `.\\${root.device}${tail}`;
  if (!root.absolute && root.device === '' && path.includes(':')) {
    // What remains must not turn into a drive or a stream name: 'a\..\C:b' is no way to C:.
    if (isDriveLetter(tail.charCodeAt(0)) && tail.charCodeAt(1) === COLON) return `.\\${tail}`;
    for (let at = path.indexOf(':'); at !== -1; at = path.indexOf(':', at + 1)) {
      if (at === length - 1 || isSeparator(path.charCodeAt(at + 1))) return `.\\${tail}`;
    }
  }
  return root.absolute ? `${root.device}\\${tail}` : root.device + tail;
}

function isAbsolute(path) {
  validateString(path, 'path');
  const length = path.length;
  if (length === 0) return false;
  const first = path.charCodeAt(0);
  return isSeparator(first) || (length > 2 && isDriveLetter(first) &&
    path.charCodeAt(1) === COLON && isSeparator(path.charCodeAt(2)));
}

/** All non-empty `paths` with '\' between them, normalized. */
function join(...paths) {
  let joined;
  let first;
  for (let i = 0; i < paths.length; i++) {
    const path = paths[i];
    validateString(path, 'path');
    if (path.length === 0) continue;
    if (joined === undefined) joined = first = path;
    else joined += `\\${path}`;
  }
  if (joined === undefined) return '.';
  // Joining must not make a share out of pieces: only a first piece that starts with exactly two
  // separators and a name meant one.
  const lead = skipSeparators(first, 0);
  const meantShare = lead === 2 && first.length > 2;
  if (!meantShare) {
    const separators = skipSeparators(joined, 0);
    if (separators >= 2) joined = `\\${joined.slice(separators)}`;
  }
  // A device name stays what it is: nothing may be taken away around it.
  if (joined.includes(':') && joined.split('\\').some(isDevice)) {
    return joined.replaceAll('/', '\\');
  }
  return normalize(joined);
}

function isDevice(segment) {
  const colon = segment.indexOf(':');
  return colon !== -1 && RESERVED.test(segment.slice(0, colon));
}

/** The way from `from` to `to`, both resolved first; letters compare without case. */
function relative(from, to) {
  validateString(from, 'from');
  validateString(to, 'to');
  if (from === to) return '';
  const fromFull = resolve(from);
  const toFull = resolve(to);
  if (fromFull === toFull) return '';
  const fromLower = fromFull.toLowerCase();
  const toLower = toFull.toLowerCase();
  if (fromLower === toLower) return '';

  const fromSegments = fromLower.split('\\').filter(Boolean);
  const toLowerSegments = toLower.split('\\').filter(Boolean);
  const toSegments = toFull.split('\\').filter(Boolean);
  const shorter = Math.min(fromSegments.length, toLowerSegments.length);
  let common = 0;
  while (common < shorter && fromSegments[common] === toLowerSegments[common]) common++;
  // Nothing in common: another drive, there is no way but the whole path.
  if (common === 0 && shorter > 0) return toFull;
  const up = '..\\'.repeat(fromSegments.length - common);
  const down = toSegments.slice(common).join('\\');
  return down === '' ? up.slice(0, -1) : up + down;
}

/** The '\\?\' form of an absolute path; anything else comes back as it is. */
function toNamespacedPath(path) {
  if (typeof path !== 'string' || path.length === 0) return path;
  const full = resolve(path);
  if (full.length <= 2) return path;
  if (full.startsWith('\\\\')) {
    const third = full[2];
    return third === '?' || third === '.' ? full : `\\\\?\\UNC\\${full.slice(2)}`;
  }
  if (isDriveLetter(full.charCodeAt(0)) && full[1] === ':' && full[2] === '\\') {
    return `\\\\?\\${full}`;
  }
  return full;
}

/** Where the root of `path` ends as written, its separator included: for dirname and parse. */
function writtenRootEnd(path) {
  const root = rootOf(path);
  if (root.kind !== 'share' && root.kind !== 'device') return root.end;
  // '\\?\name' has no meaning of its own here, it is one more share.
  const shareEnd = segmentEnd(path, skipSeparators(path, segmentEnd(path, 2)));
  return shareEnd < path.length ? shareEnd + 1 : shareEnd;
}

function dirname(path) {
  validateString(path, 'path');
  const length = path.length;
  if (length === 0) return '.';
  if (length === 1) return isSeparator(path.charCodeAt(0)) ? path : '.';
  const rootEnd = writtenRootEnd(path);
  let end = length;
  while (end > rootEnd && isSeparator(path.charCodeAt(end - 1))) end--;
  while (end > rootEnd && !isSeparator(path.charCodeAt(end - 1))) end--;
  if (end > rootEnd) end--;
  if (end > 0) return path.slice(0, end);
  return '.';
}

function basename(path, suffix) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validateString(path, 'path');
  const floor = isDriveLetter(path.charCodeAt(0)) && path.charCodeAt(1) === COLON ? 2 : 0;
  let end = path.length;
  while (end > floor && isSeparator(path.charCodeAt(end - 1))) end--;
  let start = end;
  while (start > floor && !isSeparator(path.charCodeAt(start - 1))) start--;
  if (end === floor) start = floor;
  const base = path.slice(start, end);
  if (suffix === undefined || suffix === '' || suffix.length > path.length) return base;
  if (path === suffix) return '';
  if (base.length > suffix.length) {
    return base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
  }
  // As in posix.js.
  return base.length < suffix.length && suffix.endsWith(base) ? path.slice(start) : base;
}

function extensionStart(base) {
  const dot = base.lastIndexOf('.');
  return dot <= 0 || base === '..' ? -1 : dot;
}

function extname(path) {
  validateString(path, 'path');
  const base = basename(path);
  const dot = extensionStart(base);
  return dot === -1 ? '' : base.slice(dot);
}

function parse(path) {
  validateString(path, 'path');
  const parts = { root: '', dir: '', base: '', ext: '', name: '' };
  const length = path.length;
  if (length === 0) return parts;
  const rootEnd = writtenRootEnd(path);
  parts.root = path.slice(0, rootEnd);
  let end = length;
  while (end > rootEnd && isSeparator(path.charCodeAt(end - 1))) end--;
  let start = end;
  while (start > rootEnd && !isSeparator(path.charCodeAt(start - 1))) start--;
  const base = path.slice(start, end);
  const dot = extensionStart(base);
  parts.base = base;
  parts.name = dot === -1 ? base : base.slice(0, dot);
  parts.ext = dot === -1 ? '' : base.slice(dot);
  parts.dir = start > rootEnd ? path.slice(0, start - 1) : parts.root;
  return parts;
}

/** Whether the glob `pattern` matches all of `path`. */
function matchesGlob(path, pattern) {
  return require('internal/path/glob').matchesGlob(path, pattern, true);
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
  format: _format.bind(null, '\\'),
  parse,
  matchesGlob,
  sep: '\\',
  delimiter: ';',
  win32: null,
  posix: null,
};
module.exports.win32 = module.exports;
module.exports._makeLong = toNamespacedPath;
