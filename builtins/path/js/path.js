/**
 * `node:path`: the functions of the platform anode runs on, which is POSIX.
 *
 * `path.win32` is compiled when somebody first looks at it: hardly any program does, and `path`
 * is loaded by every start.
 * Node docs: path.
 */
'use strict';

const posix = require('internal/path/posix');

Object.defineProperty(posix, 'win32', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    const win32 = require('internal/path/win32');
    win32.posix = posix;
    setWin32(win32);
    return win32;
  },
  set: setWin32,
});
posix.posix = posix;
posix._makeLong = posix.toNamespacedPath;

/** Turns `path.win32` into the plain data property Node has. */
function setWin32(value) {
  Object.defineProperty(posix, 'win32', {
    __proto__: null, configurable: true, enumerable: true, writable: true, value,
  });
}

module.exports = posix;
