'use strict';

/** What vm.createContext() made: sandbox (or vanilla global) -> { global, sandbox, name, origin, microtaskMode }. */

module.exports = { contexts: new WeakMap() };
