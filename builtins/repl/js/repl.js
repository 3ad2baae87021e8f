/** `node:repl`. Node docs: REPL. */
'use strict';

const { deprecate } = require('internal/util');
const { REPLServer, REPL_MODE_SLOPPY, REPL_MODE_STRICT } = require('internal/repl/server');
const { Recoverable, isValidSyntax } = require('internal/repl/syntax');
const { writer } = require('internal/repl/writer');

/** Node docs: repl.start([options]). */
function start(prompt, source, eval_, useGlobal, ignoreUndefined, replMode) {
  return new REPLServer(prompt, source, eval_, useGlobal, ignoreUndefined, replMode);
}

module.exports = {
  start,
  writer,
  REPLServer,
  REPL_MODE_SLOPPY,
  REPL_MODE_STRICT,
  Recoverable,
  isValidSyntax,
};

let builtinModules;

/** `get` and `set` of a list of names that Node advises against. */
function list(warning) {
  return {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get: deprecate(() => builtinModules ??= require('internal/repl/complete').builtinModules, ...warning),
    set: deprecate((value) => { builtinModules = value; }, ...warning),
  };
}

const pending = require('internal/options').getOptionValue('--pending-deprecation') === true;
const plain = {
  __proto__: null,
  configurable: true,
  enumerable: false,
  get: () => builtinModules ??= require('internal/repl/complete').builtinModules,
  set: (value) => { builtinModules = value; },
};
Object.defineProperties(module.exports, {
  __proto__: null,
  builtinModules: pending ?
    list(['repl.builtinModules is deprecated. Check module.builtinModules instead', 'DEP0191']) : plain,
  _builtinLibs: pending ?
    list(['repl._builtinLibs is deprecated. Check module.builtinModules instead', 'DEP0142']) : plain,
});
