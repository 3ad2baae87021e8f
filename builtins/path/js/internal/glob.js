/**
 * Glob patterns: what `path.matchesGlob` (and whoever walks directories) matches with.
 *
 * A pattern is expanded by its braces into alternatives; each is a list of segments: a string
 * (matches itself), `GLOBSTAR` ('**', any number of segments that are not hidden) or a RegExp for
 * one segment. Magic never matches a leading '.', nor '.' and '..'. In patterns '\' separates, it
 * never escapes; put a character between brackets to take it literally.
 * Supported: * ? ** [a-z] [!a] [[:alpha:]] {a,b} {1..9} ?(x) *(x) +(x) @(x) !(x).
 * Node docs: path.matchesGlob, fs.glob.
 */
'use strict';

const { validateString } = require('internal/validators');

const GLOBSTAR = Symbol('**');

/** Alternatives one pattern may expand to, so that nested braces cannot eat all memory. */
const ALTERNATIVES_MAX = 100_000;

/** Compiled patterns kept; programs match many paths against few patterns. */
const CACHE_MAX = 32;

const POSIX_CLASSES = {
  '__proto__': null,
  'alnum': '\\p{L}\\p{Nl}\\p{Nd}',
  'alpha': '\\p{L}\\p{Nl}',
  'ascii': '\\x00-\\x7f',
  'blank': '\\p{Zs}\\t',
  'cntrl': '\\p{Cc}',
  'digit': '\\p{Nd}',
  'lower': '\\p{Ll}',
  'print': '\\P{C}',
  'punct': '\\p{P}',
  'space': '\\p{Z}\\t\\r\\n\\v\\f',
  'upper': '\\p{Lu}',
  'word': '\\p{L}\\p{Nl}\\p{Nd}\\p{Pc}',
  'xdigit': 'A-Fa-f0-9',
};

const escapeRegExp = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** The index of the '}' that closes the '{' at `open`, or -1. */
function closingBrace(pattern, open) {
  let depth = 0;
  for (let i = open; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return i;
  }
  return -1;
}

/** The parts of a brace body at its top-level commas. */
function splitCommas(body) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < body.length; i++) {
    const char = body[i];
    if (char === '{') depth++;
    else if (char === '}') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(body.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(body.slice(start));
  return parts;
}

/** The members of a range body ('1..9', '01..10', 'a..e..2'), or undefined if it is none. */
function rangeOf(body) {
  const match = /^(?:(-?\d+)\.\.(-?\d+)|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d+))?$/.exec(body);
  if (match === null) return undefined;
  const numeric = match[1] !== undefined;
  const first = numeric ? Number(match[1]) : match[3].charCodeAt(0);
  const last = numeric ? Number(match[2]) : match[4].charCodeAt(0);
  const step = Math.max(1, Math.abs(Number(match[5] ?? 1)));
  const padded = numeric && (/^-?0\d/.test(match[1]) || /^-?0\d/.test(match[2]));
  const width = padded ? Math.max(match[1].length, match[2].length) : 0;
  const out = [];
  const sign = last >= first ? 1 : -1;
  for (let value = first; sign > 0 ? value <= last : value >= last; value += sign * step) {
    if (out.length >= ALTERNATIVES_MAX) break;
    if (!numeric) out.push(String.fromCharCode(value));
    else if (value < 0) out.push(`-${String(-value).padStart(width - 1, '0')}`);
    else out.push(String(value).padStart(width, '0'));
  }
  return out;
}

/** All alternatives of `pattern`; braces without comma or range stay as they are. */
function expandBraces(pattern) {
  for (let open = pattern.indexOf('{'); open !== -1; open = pattern.indexOf('{', open + 1)) {
    const close = closingBrace(pattern, open);
    if (close === -1) continue;
    const body = pattern.slice(open + 1, close);
    let members = splitCommas(body);
    if (members.length === 1) members = rangeOf(body);
    if (members === undefined) continue;
    const before = pattern.slice(0, open);
    const rests = expandBraces(pattern.slice(close + 1));
    const out = [];
    for (const member of members) {
      for (const middle of expandBraces(member)) {
        for (const rest of rests) {
          if (out.length >= ALTERNATIVES_MAX) return out;
          out.push(before + middle + rest);
        }
      }
    }
    return out;
  }
  return [pattern];
}

/** Reads the class at `start` ('['); undefined if it does not close. */
function parseClass(glob, start) {
  let i = start + 1;
  const negated = glob[i] === '!' || glob[i] === '^';
  if (negated) i++;
  let body = '';
  let unicode = false;
  let first = true;
  for (; i < glob.length; first = false) {
    if (glob[i] === ']' && !first) {
      return { source: `[${negated ? '^' : ''}${body}]`, end: i + 1, unicode };
    }
    const named = glob[i] === '[' && /^\[:([a-z]+):\]/.exec(glob.slice(i));
    if (named && POSIX_CLASSES[named[1]] !== undefined) {
      body += POSIX_CLASSES[named[1]];
      unicode = true;
      i += named[0].length;
      continue;
    }
    const from = glob[i];
    if (glob[i + 1] === '-' && glob[i + 2] !== undefined && glob[i + 2] !== ']') {
      const to = glob[i + 2];
      if (from <= to) body += `${escapeRegExp(from)}-${escapeRegExp(to)}`;
      i += 3;
      continue;
    }
    body += escapeRegExp(from);
    i++;
  }
  return undefined;
}

/** The alternatives of the extended glob whose '(' is at `open`; undefined if it does not close. */
function parseGroup(glob, open) {
  const parts = [];
  let depth = 0;
  let start = open + 1;
  for (let i = open; i < glob.length; i++) {
    const char = glob[i];
    if (char === '(') {
      depth++;
    } else if (char === ')') {
      if (--depth === 0) {
        parts.push(glob.slice(start, i));
        return { parts, end: i + 1 };
      }
    } else if (char === '|' && depth === 1) {
      parts.push(glob.slice(start, i));
      start = i + 1;
    }
  }
  return undefined;
}

/**
 * Translates one segment. `state.magic` tells whether there was anything but literals,
 * `state.unicode` whether the 'u' flag is needed.
 */
function translate(glob, state) {
  let source = '';
  for (let i = 0; i < glob.length;) {
    const char = glob[i];
    if (glob[i + 1] === '(' && '?*+@!'.includes(char)) {
      const group = parseGroup(glob, i + 1);
      if (group !== undefined) {
        state.magic = true;
        const inner = `(?:${group.parts.map((part) => translate(part, state)).join('|')})`;
        i = group.end;
        if (char === '!') {
          // What must not match is the alternative together with everything behind it.
          const rest = translate(glob.slice(i), state);
          return `${source}(?!${inner}${rest}$)[^]*?${rest}`;
        }
        source += char === '@' ? inner : inner + char;
        continue;
      }
    }
    if (char === '*') {
      while (glob[i] === '*') i++;
      state.magic = true;
      source += '[^]*?';
      continue;
    }
    if (char === '?') {
      state.magic = true;
      source += '[^]';
      i++;
      continue;
    }
    if (char === '[') {
      const parsed = parseClass(glob, i);
      if (parsed !== undefined) {
        state.magic = true;
        state.unicode ||= parsed.unicode;
        source += parsed.source;
        i = parsed.end;
        continue;
      }
    }
    source += escapeRegExp(char);
    i++;
  }
  return source;
}

/** Whether a name with a leading '.' may match: the pattern itself has to say so. */
function startsWithDot(glob) {
  if (glob[0] === '.' || glob.startsWith('[.]')) return true;
  if (glob[1] === '(' && '?*+@'.includes(glob[0])) {
    const group = parseGroup(glob, 1);
    return group !== undefined && group.parts.some(startsWithDot);
  }
  return false;
}

/** One segment of a pattern: a string, GLOBSTAR or a RegExp. */
function compileSegment(glob) {
  if (glob === '**') return GLOBSTAR;
  const state = { magic: false, unicode: false };
  const source = translate(glob, state);
  if (!state.magic) return glob;
  const hidden = startsWithDot(glob) ? '(?!\\.{1,2}$)' : '(?!\\.)';
  const some = /^\*+$/.test(glob) ? '(?=[^])' : '';
  return new RegExp(`^${hidden}${some}${source}$`, state.unicode ? 'u' : '');
}

/** Drops inner empty and '.' segments and pairs 'name/..'; keeps a leading and a trailing slash. */
function tidySegments(segments) {
  const out = [];
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i];
    const last = i === segments.length - 1;
    if (i > 0 && !last && (segment === '.' || segment === '')) continue;
    const before = out.at(-1);
    if (segment === '..' && out.length > 0 &&
        before !== '' && before !== '.' && before !== '..' && before !== '**') {
      out.pop();
      continue;
    }
    out.push(segment);
  }
  return out.length === 0 ? [''] : out;
}

/** The alternatives of `pattern`, each a list of compiled segments. */
function compileGlob(pattern) {
  const alternatives = new Set(expandBraces(pattern.replaceAll('\\', '/')));
  // Braces may leave nothing behind; only the empty pattern itself is empty.
  if (pattern !== '') alternatives.delete('');
  return Array.from(alternatives, (one) => tidySegments(one.split('/')).map(compileSegment));
}

function isHidden(segment) {
  return segment.charCodeAt(0) === 46;
}

/** Whether `segments` from `at` on match `pattern` from `from` on. */
function matchSegments(segments, at, pattern, from) {
  while (at < segments.length && from < pattern.length) {
    const expected = pattern[from];
    if (expected === GLOBSTAR) {
      if (from === pattern.length - 1) {
        for (; at < segments.length; at++) if (isHidden(segments[at])) return false;
        return true;
      }
      for (; at < segments.length; at++) {
        if (matchSegments(segments, at, pattern, from + 1)) return true;
        if (isHidden(segments[at])) return false;
      }
      return false;
    }
    const segment = segments[at];
    if (typeof expected === 'string' ? segment !== expected : !expected.test(segment)) return false;
    at++;
    from++;
  }
  if (from < pattern.length) return false;
  return at === segments.length || (at === segments.length - 1 && segments[at] === '');
}

const cache = new Map();

function compileCached(pattern) {
  let compiled = cache.get(pattern);
  if (compiled === undefined) {
    if (cache.size >= CACHE_MAX) cache.delete(cache.keys().next().value);
    cache.set(pattern, compiled = compileGlob(pattern));
  }
  return compiled;
}

/** `path.matchesGlob`; with `windows` the path may be separated by '\' too. */
function matchesGlob(path, pattern, windows) {
  validateString(path, 'path');
  validateString(pattern, 'pattern');
  const segments = tidySegments((windows ? path.replaceAll('\\', '/') : path).split('/'));
  return compileCached(pattern).some((one) => matchSegments(segments, 0, one, 0));
}

module.exports = { GLOBSTAR, compileGlob, matchSegments, matchesGlob };
