/** Domains Storage and DOMStorage: what the program registered, or its `localStorage` and `sessionStorage`. */
'use strict';

const registered = new Map();

function register(isLocal, map) {
  registered.set(isLocal, Object.keys(map).map((key) => [key, `${map[key]}`]));
}

/** `[[key, value] ...]` as JSON. Throws where there is no storage. */
function items(isLocal) {
  const known = registered.get(isLocal);
  if (known !== undefined) return JSON.stringify(known);
  const storage = isLocal ? globalThis.localStorage : globalThis.sessionStorage;
  if (storage === undefined) return undefined;
  return JSON.stringify(Object.keys(storage).map((key) => [key, storage.getItem(key)]));
}

/** The URL of the file of `localStorage`; undefined without one. */
function key() {
  const file = require('internal/options').getOptionValue('--localstorage-file');
  if (!file) return undefined;
  return require('url').pathToFileURL(require('path').resolve(file)).href;
}

module.exports = { items, key, register };
