/**
 * `Console`: methods that format their arguments and write them to one of two streams.
 *
 * Methods are bound to their instance, so that `list.forEach(console.log)` works. A plain string takes the shortest way:
 * no options, no formatting. Node docs: console.
 */
'use strict';

const {
  codes: { ERR_CONSOLE_WRITABLE_STREAM, ERR_INCOMPATIBLE_OPTION_PAIR },
} = require('internal/errors');
const { formatArguments, inspect } = require('internal/util/inspect');
const { validateInteger, validateObject, validateOneOf } = require('internal/validators');

const colorMode = Symbol('kColorMode');
const counts = Symbol('counts');
const formatForStderr = Symbol('kFormatForStderr');
const formatForStdout = Symbol('kFormatForStdout');
const getInspectOptions = Symbol('kGetInspectOptions');
const groupIndentationString = Symbol('kGroupIndentationString');
const groupIndentWidth = Symbol('kGroupIndentWidth');
const isConsole = Symbol('kIsConsole');
const bindProperties = Symbol('kBindProperties');
const bindStreams = Symbol('kBindStreams');
const writeToConsole = Symbol('kWriteToConsole');

// Spaces per group, and the most there may be (Node docs: options.groupIndentation).
const groupIndentationDefault = 2;
const groupIndentationMax = 1000;

const noColor = {};
const withColor = { colors: true };
const inspectOptionsOf = new WeakMap();

/**
 * A console that writes to `stdout` and `stderr`; takes them as arguments or in `options`. Without `ignoreErrors`
 * errors of the streams are thrown. Throws ERR_CONSOLE_WRITABLE_STREAM for what has no `write`.
 */
function Console(options /* or stdout, stderr, ignoreErrors = true */) {
  // Callable without `new`, from subclasses too.
  if (!new.target) return Reflect.construct(Console, arguments);
  if (!options || typeof options.write === 'function') {
    options = { stdout: options, stderr: arguments[1], ignoreErrors: arguments[2] };
  }
  const {
    stdout, stderr = stdout, ignoreErrors = true, colorMode: mode = 'auto', inspectOptions,
    groupIndentation = groupIndentationDefault,
  } = options;
  if (!stdout || typeof stdout.write !== 'function') throw new ERR_CONSOLE_WRITABLE_STREAM('stdout');
  if (!stderr || typeof stderr.write !== 'function') throw new ERR_CONSOLE_WRITABLE_STREAM('stderr');
  validateOneOf(mode, 'colorMode', ['auto', true, false]);
  validateInteger(groupIndentation, 'groupIndentation', 0, groupIndentationMax);
  if (inspectOptions !== undefined) {
    validateObject(inspectOptions, 'options.inspectOptions');
    const list = inspectOptions instanceof Map ? inspectOptions.values() : [inspectOptions];
    for (const each of list) {
      if (each?.colors !== undefined && options.colorMode !== undefined) {
        throw new ERR_INCOMPATIBLE_OPTION_PAIR('options.inspectOptions.color', 'colorMode');
      }
    }
    inspectOptionsOf.set(this, inspectOptions);
  }
  // Methods of subclasses count too, hence by name and through `this`.
  for (const key of methodNames) {
    const method = this[key];
    define(this, key, rename(method.bind(this), key, method.length), true);
  }
  this[bindStreams](stdout, stderr);
  this[bindProperties](ignoreErrors, mode, groupIndentation);
}

function define(object, key, value, enumerable = false) {
  Object.defineProperty(object, key, { __proto__: null, configurable: true, enumerable, value, writable: true });
}

function rename(fn, name, length) {
  Object.defineProperty(fn, 'name', { __proto__: null, configurable: true, value: name });
  if (length !== undefined) Object.defineProperty(fn, 'length', { __proto__: null, configurable: true, value: length });
  return fn;
}

function ignore() {}

/** After a failed write: the stream will emit `error`, which must not end the program. */
function writeErrorHandler(streamOf) {
  return (error) => {
    const stream = streamOf();
    if (error !== null && error !== undefined && !stream._writableState?.errorEmitted &&
        stream.listenerCount('error') === 0) {
      stream.once('error', ignore);
    }
  };
}

const methods = {
  log(...args) {
    if (args.length === 1 && typeof args[0] === 'string' && channels === undefined) {
      this[writeToConsole](false, args[0]);
      return;
    }
    announce('log', args);
    this[writeToConsole](false, this[formatForStdout](args));
  },

  info(...args) {
    announce('info', args);
    this[writeToConsole](false, this[formatForStdout](args));
  },

  debug(...args) {
    announce('debug', args);
    this[writeToConsole](false, this[formatForStdout](args));
  },

  warn(...args) {
    announce('warn', args);
    this[writeToConsole](true, this[formatForStderr](args));
  },

  error(...args) {
    announce('error', args);
    this[writeToConsole](true, this[formatForStderr](args));
  },

  /** Draws one object; custom inspection does not count. */
  dir(object, options) {
    this[writeToConsole](false, inspect(object, {
      customInspect: false, ...this[getInspectOptions](this._stdout), ...options,
    }));
  },

  time(label = 'default') {
    require('internal/console/time').start(this._times, `${label}`);
  },

  timeEnd(label = 'default') {
    const found = require('internal/console/time').lap(this._times, 'timeEnd', `${label}`, true);
    if (found !== undefined) this.log('%s: %s', `${label}`, found);
  },

  timeLog(label = 'default', ...data) {
    const found = require('internal/console/time').lap(this._times, 'timeLog', `${label}`, false);
    if (found !== undefined) this.log('%s: %s', `${label}`, found, ...data);
  },

  /** Where we are, on stderr. */
  trace(...args) {
    const error = { name: 'Trace', message: this[formatForStderr](args) };
    // Callers see frames from their own on.
    Error.captureStackTrace(error, methods.trace);
    this.error(error.stack);
  },

  assert(expression, ...args) {
    if (expression) return;
    if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
    else args.unshift('Assertion failed');
    this.warn(...args);
  },

  /** Empties the terminal; does nothing to files and pipes. */
  clear() {
    if (!this._stdout.isTTY || process.env.TERM === 'dumb') return;
    const { cursorTo, clearScreenDown } = require('readline');
    cursorTo(this._stdout, 0, 0);
    clearScreenDown(this._stdout);
  },

  count(label = 'default') {
    label = `${label}`;
    const count = (this[counts].get(label) ?? 0) + 1;
    this[counts].set(label, count);
    this.log(`${label}: ${count}`);
  },

  countReset(label = 'default') {
    label = `${label}`;
    if (!this[counts].delete(label)) process.emitWarning(`Count for '${label}' does not exist`);
  },

  group(...data) {
    if (data.length > 0) this.log(...data);
    this[groupIndentationString] += ' '.repeat(this[groupIndentWidth]);
  },

  groupEnd() {
    const indentation = this[groupIndentationString];
    this[groupIndentationString] = indentation.slice(0, indentation.length - this[groupIndentWidth]);
  },

  /** A table of lists, maps and objects; `properties` chooses the columns. */
  table(tabularData, properties) {
    const text = require('internal/console/table').draw(tabularData, properties, () => this[getInspectOptions](this._stdout));
    if (text === undefined) this.log(tabularData);
    else this.log(text);
  },

  dirxml(...args) {
    announce('log', args);
    this[writeToConsole](false, this[formatForStdout](args));
  },

  groupCollapsed(...data) {
    this.group(...data);
  },
};
const internals = {
  [bindStreams](stdout, stderr) {
    define(this, '_stdout', stdout);
    define(this, '_stderr', stderr);
  },

  [bindProperties](ignoreErrors, mode, groupIndentation = groupIndentationDefault) {
    define(this, '_stdoutErrorHandler', writeErrorHandler(() => this._stdout));
    define(this, '_stderrErrorHandler', writeErrorHandler(() => this._stderr));
    define(this, '_ignoreErrors', Boolean(ignoreErrors));
    define(this, '_times', new Map());
    define(this, counts, new Map());
    define(this, colorMode, mode);
    define(this, isConsole, true);
    define(this, groupIndentWidth, groupIndentation);
    define(this, groupIndentationString, '');
    Object.defineProperty(this, Symbol.toStringTag, {
      __proto__: null, configurable: true, enumerable: false, value: 'console', writable: false,
    });
  },

  [writeToConsole](useStderr, text) {
    const indentation = this[groupIndentationString];
    if (indentation.length !== 0) {
      if (text.includes('\n')) text = text.replaceAll('\n', `\n${indentation}`);
      text = indentation + text;
    }
    text += '\n';
    const stream = useStderr ? this._stderr : this._stdout;
    if (this._ignoreErrors === false) return stream.write(text);
    // A failing write may throw, call back or emit: nothing of that is the program's concern.
    let listening = false;
    try {
      if (typeof stream.listenerCount === 'function' && stream.listenerCount('error') === 0) {
        stream.once('error', ignore);
        listening = true;
      }
      stream.write(text, useStderr ? this._stderrErrorHandler : this._stdoutErrorHandler);
    } catch (error) {
      // But a program without stack left must learn of it.
      if (require('internal/errors').isStackOverflowError(error)) throw error;
    } finally {
      if (listening) stream.removeListener('error', ignore);
    }
  },

  [getInspectOptions](stream) {
    let color = this[colorMode];
    if (color === 'auto') color = require('internal/util/colors').showsColors(stream);
    const options = inspectOptionsOf.get(this);
    if (options === undefined) return color ? withColor : noColor;
    const chosen = options instanceof Map ? options.get(stream) ?? {} : options;
    if (chosen.colors === undefined) chosen.colors = color;
    return chosen;
  },

  [formatForStdout](args) {
    if (args.length === 1 && typeof args[0] === 'string') return args[0];
    return formatArguments(this[getInspectOptions](this._stdout), args);
  },

  [formatForStderr](args) {
    if (args.length === 1 && typeof args[0] === 'string') return args[0];
    return formatArguments(this[getInspectOptions](this._stderr), args);
  },
};

const methodNames = Object.keys(methods);
for (const key of methodNames) define(Console.prototype, key, methods[key], true);
for (const key of Object.getOwnPropertySymbols(internals)) define(Console.prototype, key, internals[key]);

Object.defineProperty(Console, Symbol.hasInstance, {
  __proto__: null,
  configurable: true,
  value(instance) {
    return Boolean(instance) && instance[isConsole] === true;
  },
});

// ---------------------------------------------------------------------------------------------------------------------
// Diagnostics channels: `console.log` and its kind tell their subscribers of the arguments, before they are formatted.

let channels;
const { cache } = require('internal/loader');

/** Publishes on the channel `console.<method>`, if anybody in the program has loaded channels at all. */
function announce(method, args) {
  if (channels === undefined) {
    if (!cache.has('diagnostics_channel')) return;
    const { channel } = require('diagnostics_channel');
    channels = { __proto__: null };
    for (const name of ['debug', 'error', 'info', 'log', 'warn']) channels[name] = channel(`console.${name}`);
  }
  if (channels[method].hasSubscribers) channels[method].publish(args);
}

module.exports = { Console, announce, bindProperties, bindStreams, define, internals, methodNames, methods, rename };
