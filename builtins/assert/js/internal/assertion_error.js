'use strict';

/**
 * AssertionError and its messages: what was compared, as a diff of the lines that `util.inspect` shows.
 * Node docs: assert, class assert.AssertionError.
 */

const { isErrorLike, kStackHeader } = require('internal/errors');
const { isError } = require('internal/util');
const { validateObject, validateOneOf } = require('internal/validators');
const { DELETE, EQUAL, myersDiff } = require('internal/assert/myers_diff');

const readableOperator = {
  __proto__: null,
  deepEqual: 'Expected values to be loosely deep-equal:',
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notDeepEqualUnequal: 'Expected values not to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notIdentical: 'Values have same structure but are not reference-equal:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  partialDeepStrictEqual: 'Expected values to be partially and strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
};

/** The operators whose message is a diff. */
const diffOperators = new Set(['deepStrictEqual', 'strictEqual', 'partialDeepStrictEqual']);

/** Two values that together are no longer than this, in UTF-16 units, stand on one line. */
const SHORT_LENGTH_MAX = 12;
/** A message shows up to this many lines of one value. */
const LINES_MAX = 50;
/** Of equal lines in a row this many are shown after a difference, and one before the next. */
const EQUAL_LINES_MAX = 5;
/** Columns of a terminal that does not say: within them a caret points at the first difference. */
const COLUMNS = 80;
/** The longest value that a message without a diff shows, in UTF-16 units. */
const VALUE_LENGTH_MAX = 512;

function inspectValue(value) {
  return require('util').inspect(value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    maxStringLength: null,
    showHidden: false,
    showProxy: false,
    sorted: true,
    // Errors in getters are no one's business here.
    getters: true,
  });
}

/** The same error without its stack, which never is the point of a comparison. */
function copyError(source) {
  const target = Object.assign(Object.create(Object.getPrototypeOf(source)), source);
  Object.defineProperty(target, 'message', {
    __proto__: null, configurable: true, enumerable: false, value: source.message, writable: true,
  });
  Object.defineProperty(target, 'stack', {
    __proto__: null, configurable: true, enumerable: false, value: '', writable: true,
  });
  if (Object.hasOwn(source, 'cause')) {
    let { cause } = source;
    if (isError(cause)) cause = copyError(cause);
    Object.defineProperty(target, 'cause', {
      __proto__: null, configurable: true, enumerable: false, value: cause, writable: true,
    });
  }
  return target;
}

function isReference(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

let colors;

function findColors() {
  const plain = { green: '', red: '', white: '', off: '' };
  const { FORCE_COLOR } = process.env;
  let use = false;
  if (FORCE_COLOR !== undefined) {
    use = require('tty').WriteStream.prototype.getColorDepth() > 2;
  } else {
    const { stderr } = process;
    use = stderr?.isTTY === true && (typeof stderr.getColorDepth !== 'function' || stderr.getColorDepth() > 2);
  }
  return use ? { green: '\u001b[32m', red: '\u001b[31m', white: '\u001b[39m', off: '\u001b[39m' } : plain;
}

function isSimple(actual, shownActual, expected, shownExpected, linesActual, linesExpected) {
  if (linesActual.length > 1 || linesExpected.length > 1) return false;
  if (isReference(actual) && isReference(expected)) return false;
  // 0 and -0 need the diff to be told apart.
  if (actual === 0 && expected === 0) return false;
  const quotes = (value) => (typeof value === 'string' ? 2 : 0);
  return shownActual.length - quotes(actual) + shownExpected.length - quotes(expected) <= SHORT_LENGTH_MAX;
}

function caret(actual, shownActual, expected, shownExpected) {
  if (isReference(actual) || isReference(expected)) return '';
  const columns = process.stderr?.isTTY ? process.stderr.columns : COLUMNS;
  if (shownActual.length + shownExpected.length - quoted(actual) - quoted(expected) >= columns) return '';
  let index = 0;
  while (shownActual[index] === shownExpected[index]) {
    if (index >= shownActual.length) return '';
    index++;
  }
  return index > 2 ? `\n  ${' '.repeat(index)}^` : '';
}

function quoted(value) {
  return typeof value === 'string' ? 2 : 0;
}

/** The lines of a diff; long runs of equal lines are left out, or all are shown when `full`. */
function printDiff(diff, full) {
  let message = '';
  let skipped = false;
  let index = 0;
  while (index < diff.length) {
    const [kind, line] = diff[index];
    if (kind !== EQUAL) {
      message += kind === DELETE ? `\n${colors.red}-${colors.white} ${line}` :
        `\n${colors.green}+${colors.white} ${line}`;
      index++;
      continue;
    }
    let end = index;
    while (end < diff.length && diff[end][0] === EQUAL) end++;
    const count = end - index;
    const shown = full ? count : Math.min(count, EQUAL_LINES_MAX);
    for (let at = index; at < index + shown; at++) message += `\n${colors.white}  ${diff[at][1]}`;
    if (shown < count && end < diff.length) {
      // A mark in place of a single line would save nothing.
      if (count > EQUAL_LINES_MAX + 2) {
        message += `\n${colors.white}...`;
        skipped = true;
      } else if (count === EQUAL_LINES_MAX + 2) {
        message += `\n${colors.white}  ${diff[end - 2][1]}`;
      }
      message += `\n${colors.white}  ${diff[end - 1][1]}`;
    }
    index = end;
  }
  return { message, skipped };
}

function diffMessage(actual, expected, operator, customMessage, diffType) {
  colors = findColors();
  const shownActual = inspectValue(actual);
  const shownExpected = inspectValue(expected);
  const linesActual = shownActual.split('\n');
  const linesExpected = shownExpected.split('\n');
  let header = customMessage ?? readableOperator[operator];

  if (operator === 'strictEqual' && isReference(actual) && isReference(expected)) {
    header = customMessage ?? readableOperator.strictEqualObject;
  }
  if (isSimple(actual, shownActual, expected, shownExpected, linesActual, linesExpected)) {
    return `${header}\n\n${shownActual} !== ${shownExpected}\n`;
  }
  if (shownActual === shownExpected && (linesActual.length > 1 || (isReference(actual) && typeof actual === 'object'))) {
    if (linesActual.length > LINES_MAX && diffType === 'simple') {
      linesActual[LINES_MAX] = `${colors.white}...`;
      linesActual.length = LINES_MAX + 1;
    }
    return `${customMessage ?? readableOperator.notIdentical}\n\n${linesActual.join('\n')}\n`;
  }

  const legend = `${colors.green}+ actual${colors.white} ${colors.red}- expected${colors.white}`;
  if (linesActual.length === 1 && linesExpected.length === 1) {
    return `${header}\n${legend}\n\n${colors.green}+${colors.white} ${shownActual}\n` +
      `${colors.red}-${colors.white} ${shownExpected}${caret(actual, shownActual, expected, shownExpected)}\n`;
  }
  const ignoreComma = actual != null && typeof actual === 'object';
  const { message, skipped } = printDiff(myersDiff(linesActual, linesExpected, ignoreComma), false);
  return `${header}\n${legend}${skipped ? '\n... Skipped lines' : ''}\n${message}\n`;
}

function clip(text, max) {
  return text.length > max ? `${text.slice(0, max - 3)}...` : text;
}

function inequalityMessage(actual, operator, diffType) {
  let base = readableOperator[operator];
  const lines = inspectValue(actual).split('\n');
  if (operator === 'notStrictEqual' && isReference(actual)) base = readableOperator.notStrictEqualObject;
  if (lines.length > LINES_MAX && diffType === 'simple') {
    lines[LINES_MAX - 4] = '...';
    lines.length = LINES_MAX - 3;
  }
  if (lines.length === 1) return `${base}${lines[0].length > 5 ? '\n\n' : ' '}${lines[0]}`;
  return `${base}\n\n${lines.join('\n')}\n`;
}

function otherMessage(actual, expected, operator, diffType) {
  let shown = inspectValue(actual);
  let other = inspectValue(expected);
  if (operator === 'notDeepEqual' && shown === other) {
    const text = `${readableOperator.notDeepEqual}\n\n${shown}`;
    return diffType === 'simple' ? clip(text, 2 * VALUE_LENGTH_MAX) : text;
  }
  if (diffType === 'simple') {
    shown = clip(shown, VALUE_LENGTH_MAX);
    other = clip(other, VALUE_LENGTH_MAX);
  }
  if (operator === 'deepEqual') return `${readableOperator.deepEqual}\n\n${shown}\n\nshould loosely deep-equal\n\n${other}`;
  if (operator === 'notDeepEqual') {
    return `${readableOperator.notDeepEqualUnequal}\n\n${shown}\n\nshould not loosely deep-equal\n\n${other}`;
  }
  return `${shown} ${operator} ${other}`;
}

function makeMessage(options, diffType) {
  const { message, operator } = options;
  let { actual, expected } = options;
  if (message != null && !diffOperators.has(operator)) return String(message);
  if (isErrorLike(actual) && isErrorLike(expected) && isError(actual) && isError(expected)) {
    actual = copyError(actual);
    expected = copyError(expected);
  }
  if (diffOperators.has(operator)) return diffMessage(actual, expected, operator, message || undefined, diffType);
  if (operator === 'notDeepStrictEqual' || operator === 'notStrictEqual') {
    return inequalityMessage(actual, operator, diffType);
  }
  return otherMessage(actual, expected, operator, diffType);
}

/** What the inspected error shows of `actual` and `expected`: ten lines, or of a longer line its end. */
function ellipsis(value) {
  if (typeof value !== 'string') return value;
  const lines = value.split('\n', 11);
  if (lines.length > 10) {
    lines.length = 10;
    return `${lines.join('\n')}\n...`;
  }
  return value.length > VALUE_LENGTH_MAX ? `${value.slice(VALUE_LENGTH_MAX)}...` : value;
}

class AssertionError extends Error {
  /** `{ message, actual, expected, operator, stackStartFn, diff }`. Without a message one is made of the values. */
  constructor(options) {
    validateObject(options, 'options');
    const { message, operator, stackStartFn, details, stackStartFunction, diff = 'simple' } = options;
    validateOneOf(diff, 'options.diff', ['simple', 'full']);
    // Shows errors with their stacks, so it comes before the limit is touched.
    const text = makeMessage(options, diff);
    const limit = Error.stackTraceLimit;
    // The stack is taken below, from the right frame on.
    if (canSetLimit()) Error.stackTraceLimit = 0;
    super(text);
    if (canSetLimit()) Error.stackTraceLimit = limit;

    this.generatedMessage = !message;
    Object.defineProperty(this, 'name', {
      __proto__: null, configurable: true, enumerable: false, value: 'AssertionError', writable: true,
    });
    this.code = 'ERR_ASSERTION';
    if (details) {
      this.actual = undefined;
      this.expected = undefined;
      this.operator = undefined;
      for (let index = 0; index < details.length; index++) {
        this[`message ${index}`] = details[index].message;
        this[`actual ${index}`] = details[index].actual;
        this[`expected ${index}`] = details[index].expected;
        this[`operator ${index}`] = details[index].operator;
        this[`stack trace ${index}`] = details[index].stack;
      }
    } else {
      this.actual = options.actual;
      this.expected = options.expected;
      this.operator = operator;
    }
    Error.captureStackTrace(this, stackStartFn || stackStartFunction);
    this.diff = diff;
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  get [kStackHeader]() {
    return `${this.name} [${this.code}]${this.message === '' ? '' : `: ${this.message}`}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options) {
    // Long strings are already part of the message.
    const { actual, expected } = this;
    this.actual = ellipsis(actual);
    this.expected = ellipsis(expected);
    // What was compared was shown, too: one level is enough.
    const shown = require('util').inspect(this, { ...options, customInspect: false, depth: 0 });
    this.actual = actual;
    this.expected = expected;
    return shown;
  }
}

function canSetLimit() {
  const descriptor = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  if (descriptor === undefined) return Object.isExtensible(Error);
  return Object.hasOwn(descriptor, 'writable') ? descriptor.writable : descriptor.set !== undefined;
}

module.exports = AssertionError;
