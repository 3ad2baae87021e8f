/**
 * `fs.glob` in its three forms: walks directories with all patterns at once.
 *
 * A *position* is a compiled pattern and the index of its next segment. Each directory is visited with the
 * positions that reached it; its entries advance them. A position past the last segment is a match. `**` stays where it
 * is for directories but does not look through symbolic links, unless `followSymlinks` says so and the
 * link does not lead to a place above itself: a walk ends.
 * The walk is a generator that yields what it needs, so that the synchronous and the asynchronous form share it.
 * Node docs: fs.glob, fs.globSync, fsPromises.glob.
 */
'use strict';

const fsBinding = binding('fs');
const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateBoolean, validateObject, validateString, validateStringArray } = require('internal/validators');
const { basename, dirname, isAbsolute, join, normalize, resolve } = require('path');
const { GLOBSTAR, compileGlob, matchSegments } = require('internal/path/glob');
const { request, toPath } = require('internal/fs/utils');
const { Dirent, UV_DIRENT_DIR, UV_DIRENT_LINK } = require('internal/fs/stats');

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFLNK = 0o120000;

const isHidden = (name) => name.charCodeAt(0) === 46;

/** Checks the arguments of all forms; returns a walk to be driven. */
function makeWalk(patterns, options) {
  if (options === undefined) options = {};
  validateObject(options, 'options');
  const { cwd = '.', exclude, followSymlinks, withFileTypes } = options;
  const root = toCwd(cwd);
  if (Array.isArray(patterns)) {
    validateStringArray(patterns, 'patterns');
  } else {
    validateString(patterns, 'patterns');
    patterns = [patterns];
  }
  if (followSymlinks !== undefined) validateBoolean(followSymlinks, 'options.followSymlinks');
  const state = {
    excluded: toExcluded(exclude, root),
    excludeCall: typeof exclude === 'function' ? exclude : undefined,
    found: new Set(),
    follow: followSymlinks === true,
    root,
    visited: new Set(),
    withFileTypes: !!withFileTypes,
  };
  return walk(patterns.flatMap(compileGlob), state);
}

/** The directory that relative patterns start from. */
function toCwd(cwd) {
  if (typeof cwd === 'string') return cwd;
  if (cwd !== null && typeof cwd === 'object' && typeof cwd.href === 'string') return toPath(cwd);
  throw new ERR_INVALID_ARG_TYPE('paths[0]', 'string', cwd);
}

/** A function that says whether an absolute path matches one of the excluded patterns. */
function toExcluded(exclude, root) {
  if (exclude === undefined || exclude === null || typeof exclude === 'function') return undefined;
  if (!Array.isArray(exclude)) throw new ERR_INVALID_ARG_TYPE('options.exclude', ['function', 'string[]'], exclude);
  validateStringArray(exclude, 'options.exclude');
  const compiled = exclude.flatMap((pattern) => compileGlob(resolve(root, pattern)));
  return (path) => {
    const segments = path.split('/');
    return compiled.some((pattern) => matchSegments(segments, 0, pattern, 0));
  };
}

/** Whether the exclusions cover the entry `name` found in `directory`. */
function isExcluded(state, directory, name, type) {
  const { excludeCall, excluded } = state;
  if (excluded !== undefined) return excluded(resolve(state.root, directory, name));
  if (excludeCall === undefined) return false;
  return !!excludeCall(state.withFileTypes ? new Dirent(name, type, resolve(state.root, directory)) : name);
}

/** Whether the exclusions cover a directory that is about to be entered. */
function isPruned(state, path) {
  const { excludeCall, excluded } = state;
  if (path === '' || path === '/') return false;
  if (excluded !== undefined) return excluded(resolve(state.root, path));
  if (excludeCall === undefined) return false;
  return !!excludeCall(state.withFileTypes ?
    new Dirent(basename(path), UV_DIRENT_DIR, join(state.root, dirname(path))) : path);
}

/** Yields requests for the driver and ['match', value] for each match. */
function* walk(compiled, state) {
  const relative = [];
  const absolute = [];
  for (const pattern of compiled) {
    if (pattern.length === 1 && (pattern[0] === '' || pattern[0] === '.' || pattern[0] === '..')) continue;
    // A leading empty segment is what '/' leaves before it.
    if (pattern[0] === '' && pattern.length > 1) absolute.push({ index: 1, pattern });
    else if (pattern[0] === '.' && pattern.length > 1) relative.push({ index: 1, pattern });
    else relative.push({ index: 0, pattern });
  }
  const queue = [];
  if (relative.length > 0) queue.push({ path: '', positions: relative });
  if (absolute.length > 0) queue.push({ path: '/', positions: absolute });
  while (queue.length > 0) {
    const { path, positions, type = UV_DIRENT_DIR } = queue.pop();
    yield* visit(path, positions, type, state, queue);
  }
}

/** A match, once. */
function* emit(path, type, state) {
  const name = path === '' ? '.' : path;
  if (state.found.has(name)) return;
  state.found.add(name);
  if (!state.withFileTypes) {
    yield ['match', name];
    return;
  }
  const parent = isAbsolute(name) ? dirname(name) : join(state.root, dirname(name));
  yield ['match', new Dirent(basename(name) || name, type, parent)];
}

const absoluteOf = (state, path) => (isAbsolute(path) ? path : join(state.root, path));

const up = (path) => {
  const parent = normalize(join(path === '' ? '.' : path, '..'));
  return parent === '.' ? '' : parent;
};

/** Works off one directory: matches of itself, then its entries. */
function* visit(path, positions, type, state, queue) {
  const open = [];
  const pending = [...positions];
  while (pending.length > 0) {
    const position = pending.pop();
    const { index, pattern } = position;
    const key = `${patternId(pattern)} ${index} ${path}`;
    if (state.visited.has(key)) continue;
    state.visited.add(key);
    const segment = pattern[index];
    const last = index === pattern.length - 1;
    if (segment === '' || segment === '.') {
      if (last) {
        if (type === UV_DIRENT_DIR) yield* emit(path, type, state);
      } else {
        pending.push({ index: index + 1, pattern });
      }
    } else if (segment === '..') {
      if (last || (index === pattern.length - 2 && pattern[index + 1] === '')) {
        yield* emit(up(path), UV_DIRENT_DIR, state);
      } else {
        queue.push({ path: up(path), positions: [{ index: index + 1, pattern }] });
      }
    } else {
      // `**` may stand for nothing: the rest is tried right here.
      if (segment === GLOBSTAR) {
        if (last) yield* emit(path, type, state);
        else pending.push({ index: index + 1, pattern });
      }
      open.push(position);
    }
  }
  if (open.length === 0 || isPruned(state, path)) return;
  if (open.every((position) => typeof position.pattern[position.index] === 'string')) {
    yield* lookUp(path, open, state, queue);
    return;
  }
  const listing = yield ['readdir', absoluteOf(state, path)];
  if (listing === null) return;
  const [names, types] = listing;
  for (let i = 0; i < names.length; i++) {
    if (isExcluded(state, path, names[i], types[i])) continue;
    yield* advance(path, names[i], types[i], open, false, state, queue);
  }
}

let nextPatternId = 0;
const patternIds = new WeakMap();
function patternId(pattern) {
  let id = patternIds.get(pattern);
  if (id === undefined) patternIds.set(pattern, id = ++nextPatternId);
  return id;
}

/** Names without magic need no listing. */
function* lookUp(path, open, state, queue) {
  const names = new Set(open.map((position) => position.pattern[position.index]));
  for (const name of names) {
    const type = yield ['lstat', absoluteOf(state, join(path, name))];
    if (type === null) continue;
    if (state.excluded?.(resolve(state.root, path, name))) continue;
    yield* advance(path, name, type, open, true, state, queue);
  }
}

/**
 * Takes one entry of a directory: which positions does it advance, is it a match, is it to be entered? An entry that was
 * `asked` for by name counts as a directory if it is a link.
 */
function* advance(directory, name, type, open, asked, state, queue) {
  const path = directory === '' ? name : join(directory, name);
  const isLink = type === UV_DIRENT_LINK;
  const inner = [];
  let matched = false;
  for (const { index, pattern } of open) {
    const segment = pattern[index];
    const last = index === pattern.length - 1;
    if (segment === GLOBSTAR) {
      if (isHidden(name)) continue;
      if (last) matched = true;
      if (type === UV_DIRENT_DIR || (isLink && state.follow && (yield* isFresh(path, state)))) {
        inner.push({ index, pattern });
      }
      continue;
    }
    if (typeof segment === 'string' ? segment !== name : !segment.test(name)) continue;
    if (last || (asked && pattern[index + 1] === GLOBSTAR && index === pattern.length - 2)) matched = true;
    if (!last && (type === UV_DIRENT_DIR || isLink)) inner.push({ index: index + 1, pattern });
  }
  if (matched) yield* emit(path, type, state);
  if (inner.length > 0) queue.push({ path, positions: inner, type: asked && isLink ? UV_DIRENT_DIR : type });
}

/** Whether a link leads to a place that is not above itself, so that following it ends. */
function* isFresh(path, state) {
  const target = yield ['realpath', absoluteOf(state, path)];
  if (target === null) return false;
  const parent = yield ['realpath', absoluteOf(state, dirname(path))];
  return parent !== null && parent !== target && !parent.startsWith(`${target}/`);
}

/** The kind of an entry (UV_DIRENT_*) by its mode: only directories and links matter here. */
function typeOf(slots) {
  const kind = slots[1] & S_IFMT;
  if (kind === S_IFDIR) return UV_DIRENT_DIR;
  return kind === S_IFLNK ? UV_DIRENT_LINK : 1;
}

// What cannot be read has no matches: a pattern is a question, not an order.

function answerSync([what, path]) {
  try {
    if (what === 'readdir') return fsBinding.readdir(path, false, true, undefined);
    if (what === 'realpath') return fsBinding.realpath(path, false, false, undefined);
    const slots = new Float64Array(18);
    return fsBinding.lstat(path, false, slots, true, undefined) ? typeOf(slots) : null;
  } catch {
    return null;
  }
}

async function answerAsync([what, path]) {
  try {
    if (what === 'readdir') return await request(fsBinding.readdir, path, false, true);
    if (what === 'realpath') return await request(fsBinding.realpath, path, false, false);
    return typeOf(new Float64Array(await request(fsBinding.lstat, path, false, undefined, false)));
  } catch {
    return null;
  }
}

/** All matches, at once. */
function globSync(patterns, options) {
  const work = makeWalk(patterns, options);
  const matches = [];
  let step = work.next();
  while (!step.done) {
    if (step.value[0] === 'match') {
      matches.push(step.value[1]);
      step = work.next();
    } else {
      step = work.next(answerSync(step.value));
    }
  }
  return matches;
}

/** The matches as they are found. */
async function* drive(work) {
  let step = work.next();
  while (!step.done) {
    if (step.value[0] === 'match') {
      yield step.value[1];
      step = work.next();
    } else {
      step = work.next(await answerAsync(step.value));
    }
  }
}

/** An async iterator of matches. */
function globAsync(patterns, options) {
  return drive(makeWalk(patterns, options));
}

/** A promise of all matches; throws at once if the arguments are wrong. */
function collect(patterns, options) {
  const matches = globAsync(patterns, options);
  return (async () => {
    const all = [];
    for await (const match of matches) all.push(match);
    return all;
  })();
}

module.exports = { collect, globAsync, globSync };
