/**
 * Paths inside of a directory that a program may use: nothing leads out of it, neither `..` nor a symbolic link.
 *
 * Components are looked at one by one, as a link may stand anywhere. Between the look and the use somebody else may change the
 * tree: as Node's documentation says, WASI is no security boundary against the rest of the system.
 */
'use strict';

const fs = require('fs');
const { errors } = require('internal/wasi/abi');

/** Symbolic links that a path may lead through. */
const LINKS_MAX = 32;

/** A refusal with a number of WASI. */
class Refusal extends Error {
  constructor(errno) {
    super(`WASI error ${errno}`);
    this.errno = errno;
  }
}

/** The target of a symbolic link, or undefined if `host` is none (or is not there). */
function linkTarget(host) {
  try {
    return fs.readlinkSync(host);
  } catch (error) {
    if (error.code === 'EINVAL' || error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** `path` relative to the directory `entry`; absolute paths must lie in what the program knows it by. */
function relative(entry, path) {
  if (!path.startsWith('/')) return path;
  const root = entry.guest.endsWith('/') ? entry.guest : `${entry.guest}/`;
  if (path === entry.guest) return '.';
  if (!path.startsWith(root)) throw new Refusal(errors.ENOTCAPABLE);
  return path.slice(root.length);
}

/** The host's path for `path` in the directory `entry`. With `follow`, a link at the end is followed too. */
function resolve(entry, path, follow) {
  if (path.length === 0) throw new Refusal(errors.EINVAL);
  const done = [];
  const todo = relative(entry, path).split('/').reverse();
  const trailing = path.endsWith('/');
  let links = 0;
  while (todo.length > 0) {
    const part = todo.pop();
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (done.length === 0) throw new Refusal(errors.ENOTCAPABLE);
      done.pop();
      continue;
    }
    const isLast = todo.every((rest) => rest === '');
    if (!isLast || follow || trailing) {
      const target = linkTarget([entry.host, ...done, part].join('/'));
      if (target !== undefined) {
        if (++links > LINKS_MAX) throw new Refusal(errors.ELOOP);
        const inside = relative(entry, target);
        if (target.startsWith('/')) done.length = 0;
        todo.push(...inside.split('/').reverse());
        continue;
      }
    }
    done.push(part);
  }
  const host = [entry.host, ...done].join('/');
  return trailing && done.length > 0 ? `${host}/` : host;
}

module.exports = { Refusal, resolve };
