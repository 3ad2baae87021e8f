/**
 * `util.debuglog`: messages on stderr for sections named in NODE_DEBUG (`NODE_DEBUG=http,net*`).
 */
'use strict';

const { formatWithOptions, inspect } = require('internal/util/inspect');

const loggers = new Map();
let enabledPatterns;

/** Whether NODE_DEBUG names `section`, which is upper case; `*` in it stands for anything. */
function isEnabled(section) {
  enabledPatterns ??= (process.env.NODE_DEBUG ?? '').split(',').filter(Boolean).map(toPattern);
  return enabledPatterns.some((pattern) => pattern.test(section));
}

function toPattern(name) {
  const literal = (text) => text.replace(/[^\w]/g, (character) => `\\u{${character.codePointAt(0).toString(16)}}`);
  return new RegExp(`^${name.split('*').map(literal).join('.*')}$`, 'iu');
}

/** The function that writes `SECTION pid: message`, or one that does nothing. */
function writer(section) {
  if (loggers.has(section)) return loggers.get(section);
  let debug = () => {};
  const enabled = isEnabled(section);
  if (enabled) {
    if (section === 'HTTP' || section === 'HTTP2') warnOfSecrets(section);
    debug = (...args) => {
      const colors = require('internal/util/colors').showsColors(process.stderr);
      const message = formatWithOptions({ colors }, ...args);
      const shownPid = inspect(process.pid, { colors });
      process.stderr.write(formatWithOptions({ colors }, '%s %s: %s\n', section, shownPid, message));
    };
  }
  defineEnabled(debug, () => enabled);
  loggers.set(section, debug);
  return debug;
}

function defineEnabled(logger, enabled) {
  Object.defineProperty(logger, 'enabled', {
    __proto__: null,
    get() {
      return enabled();
    },
    configurable: true,
    enumerable: true,
  });
}

function warnOfSecrets(section) {
  process.emitWarning(`Setting the NODE_DEBUG environment variable to '${section.toLowerCase()}' can expose sensitive ` +
    'data (such as passwords, tokens and authentication headers) in the resulting log.');
}

/**
 * A logger for `section`. The environment is looked at with the first message; `callback` then gets the function
 * that writes, to save the detour. `logger.enabled` tells whether anything is written. Node docs: util.debuglog.
 */
function debuglog(section, callback) {
  const name = `${section}`.toUpperCase();
  let write = (...args) => {
    write = writer(name);
    if (typeof callback === 'function') callback(write);
    write(...args);
  };
  const logger = (...args) => {
    // By number of arguments: the common cases need no spread.
    switch (args.length) {
      case 1: return write(args[0]);
      case 2: return write(args[0], args[1]);
      default: return write(...args);
    }
  };
  let enabled = () => {
    const result = isEnabled(name);
    enabled = () => result;
    return result;
  };
  defineEnabled(logger, () => enabled());
  return logger;
}

module.exports = { debuglog };
