/**
 * Flags given to v8.setFlagsFromString(). They steer another engine: they are remembered, as they are part of the version tag
 * of cached data, and `--expose_gc` makes new vm contexts have `gc`.
 */
'use strict';

const names = new Set();

function set(text) {
  for (const flag of text.split(/\s+/)) {
    if (!flag.startsWith('-')) continue;
    const name = flag.replace(/^--?/, '').replaceAll('_', '-');
    const negated = /^no-?(.+)$/.exec(name);
    if (negated !== null && names.has(negated[1])) names.delete(negated[1]);
    else names.add(name);
  }
}

function all() {
  return [...names].sort();
}

function has(name) {
  return names.has(name);
}

module.exports = { all, has, set };
