/**
 * `util.inspect()` and `util.format()`: the door.
 *
 * This file holds what the first `console.log('text')` of a program needs: options, format strings and
 * primitives. Objects are drawn by `internal/util/inspect_value`, loaded with the first object.
 *
 * Node docs: util.inspect, util.format, util.formatWithOptions, util.stripVTControlCharacters.
 */
'use strict';

const customInspect = Symbol.for('nodejs.util.inspect.custom');

const defaultOptions = Object.seal({
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
});

// Node prints arguments of format specifiers with these, whatever the defaults were set to.
const stringSpecifierOptions = { depth: 0, colors: false, compact: 3 };
const detailSpecifierOptions = { showHidden: true, showProxy: true, depth: 4 };

// Captured here, as programs may patch them before the first object is drawn.
const {
  getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf, hasOwn, keys: objectKeys,
} = Object;
const { ownKeys } = Reflect;
const {
  bigIntToString, symbolToString, stringSlice, stringCharCodeAt, stringIncludes, stringIndexOf,
  stringReplace, stringRepeat, stringSplit,
} = (() => {
  // One arrow function each, not one for all: the engine compiles a function with what it has seen it call, and is ten times
  // slower with bound functions.
  const { apply } = Reflect;
  const { slice, charCodeAt, includes, indexOf, replace, repeat, split } = String.prototype;
  const { toString: bigIntText } = BigInt.prototype;
  const { toString: symbolText } = Symbol.prototype;
  return {
    bigIntToString: (value, ...args) => apply(bigIntText, value, args),
    symbolToString: (symbol) => apply(symbolText, symbol, []),
    stringSlice: (text, ...args) => apply(slice, text, args),
    stringCharCodeAt: (text, ...args) => apply(charCodeAt, text, args),
    stringIncludes: (text, ...args) => apply(includes, text, args),
    stringIndexOf: (text, ...args) => apply(indexOf, text, args),
    stringReplace: (text, ...args) => apply(replace, text, args),
    stringRepeat: (text, ...args) => apply(repeat, text, args),
    stringSplit: (text, ...args) => apply(split, text, args),
  };
})();

let valueModule;
function lazyValue() {
  return valueModule ??= require('internal/util/inspect_value');
}

/**
 * The text of `value` for a human. `options` as in the docs; the old form
 * `inspect(value, showHidden, depth, colors)` is understood too.
 */
function inspect(value, options) {
  const context = newContext();
  if (arguments.length > 1) {
    if (arguments.length > 2) {
      if (arguments[2] !== undefined) context.depth = arguments[2];
      if (arguments.length > 3 && arguments[3] !== undefined) context.colors = arguments[3];
    }
    if (typeof options === 'boolean') context.showHidden = options;
    else if (options) applyOptions(context, options);
  }
  if (context.colors) context.stylize = stylizeWithColor;
  if (context.maxArrayLength === null) context.maxArrayLength = Infinity;
  if (context.maxStringLength === null) context.maxStringLength = Infinity;
  return formatValue(context, value, 0);
}

/** The state of one inspection; the fields of `defaultOptions` and what the drawing needs. */
function newContext() {
  return {
    budget: undefined,
    indentation: 0,
    seen: [],
    circular: undefined,
    currentDepth: 0,
    stylize: stylizeNoColor,
    showHidden: defaultOptions.showHidden,
    depth: defaultOptions.depth,
    colors: defaultOptions.colors,
    customInspect: defaultOptions.customInspect,
    showProxy: defaultOptions.showProxy,
    maxArrayLength: defaultOptions.maxArrayLength,
    maxStringLength: defaultOptions.maxStringLength,
    breakLength: defaultOptions.breakLength,
    compact: defaultOptions.compact,
    sorted: defaultOptions.sorted,
    getters: defaultOptions.getters,
    numericSeparator: defaultOptions.numericSeparator,
    userOptions: undefined,
  };
}

/** Copies known options into the context; unknown ones are kept for custom inspection functions. */
function applyOptions(context, options) {
  const names = objectKeys(options);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (hasOwn(defaultOptions, name) || name === 'stylize') context[name] = options[name];
    else if (context.userOptions === undefined) context.userOptions = options;
  }
}

/** Primitives here, everything else in `inspect_value`. */
function formatValue(context, value, level, insideTyped) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    return formatPrimitive(context.stylize, value, context);
  }
  return (valueModule ?? lazyValue()).formatObject(context, value, level, insideTyped);
}

/** One primitive, quoted and coloured. Long strings break after their newlines. */
function formatPrimitive(stylize, value, context) {
  switch (typeof value) {
    case 'string': return formatString(stylize, value, context);
    case 'number': return formatNumber(stylize, value, context.numericSeparator);
    case 'bigint': return formatBigInt(stylize, value, context.numericSeparator);
    case 'boolean': return stylize(value ? 'true' : 'false', 'boolean');
    case 'undefined': return stylize('undefined', 'undefined');
    case 'symbol': return stylize(symbolToString(value), 'symbol');
    default: return stylize('null', 'null');
  }
}

// A string this short stays in one piece however narrow the line is.
const unbreakableLength = 16;

function formatString(stylize, text, context) {
  let trailer = '';
  if (text.length > context.maxStringLength) {
    const remaining = text.length - context.maxStringLength;
    text = stringSlice(text, 0, context.maxStringLength);
    trailer = `... ${remaining} more character${remaining > 1 ? 's' : ''}`;
  }
  if (context.compact !== true && text.length > unbreakableLength &&
      text.length > context.breakLength - context.indentation - 4 && stringIncludes(text, '\n')) {
    const separator = ` +\n${stringRepeat(' ', context.indentation + 2)}`;
    let out = '';
    let start = 0;
    while (start < text.length) {
      const newline = stringIndexOf(text, '\n', start);
      const end = newline === -1 ? text.length : newline + 1;
      if (start !== 0) out += separator;
      out += stylize(quote(stringSlice(text, start, end)), 'string');
      start = end;
    }
    return out + trailer;
  }
  return stylize(quote(text), 'string') + trailer;
}

/** `1234567.1234567` as `1_234_567.123_456_7` when `separated`. */
function formatNumber(stylize, number, separated) {
  if (!separated) return stylize(Object.is(number, -0) ? '-0' : `${number}`, 'number');
  const text = Object.is(number, -0) ? '-0' : `${number}`;
  if (!Number.isFinite(number) || stringIncludes(text, 'e')) return stylize(text, 'number');
  const point = stringIndexOf(text, '.');
  if (point === -1) return stylize(groupInteger(text), 'number');
  return stylize(`${groupInteger(stringSlice(text, 0, point))}.${groupFraction(stringSlice(text, point + 1))}`, 'number');
}

function formatBigInt(stylize, bigint, separated) {
  const text = bigIntToString(bigint);
  return stylize(`${separated ? groupInteger(text) : text}n`, 'bigint');
}

function groupInteger(digits) {
  const first = digits[0] === '-' ? 1 : 0;
  let out = '';
  let end = digits.length;
  for (; end - 3 > first; end -= 3) out = `_${stringSlice(digits, end - 3, end)}${out}`;
  return stringSlice(digits, 0, end) + out;
}

function groupFraction(digits) {
  let out = stringSlice(digits, 0, 3);
  for (let start = 3; start < digits.length; start += 3) out += `_${stringSlice(digits, start, start + 3)}`;
  return out;
}

// A string of nothing but these printable characters needs no second look.
const needsLook = /[^ -&(-[\]-~]/;
// Controls (Cc) and, as the `u` flag pairs surrogates up, lone surrogates (Cs).
const escapable = /[\p{Cc}\p{Cs}\\']/gu;
const escapableNoQuote = /[\p{Cc}\p{Cs}\\]/gu;

function escapeCharacter(character) {
  const code = stringCharCodeAt(character, 0);
  switch (code) {
    case 8: return '\\b';
    case 9: return '\\t';
    case 10: return '\\n';
    case 12: return '\\f';
    case 13: return '\\r';
    case 39: return "\\'";
    case 92: return '\\\\';
  }
  if (code < 256) return `\\x${code < 16 ? '0' : ''}${code.toString(16).toUpperCase()}`;
  return `\\u${code.toString(16)}`;
}

/** The string in the quotes that need least escaping: single, else double, else backticks. */
function quote(text) {
  if (!needsLook.test(text)) return `'${text}'`;
  let mark = "'";
  if (stringIncludes(text, "'")) {
    if (!stringIncludes(text, '"')) mark = '"';
    else if (!stringIncludes(text, '`') && !stringIncludes(text, '${')) mark = '`';
  }
  return mark + stringReplace(text, mark === "'" ? escapable : escapableNoQuote, escapeCharacter) + mark;
}

/** `text` with control characters, quotes and backslashes escaped, without quotes around it. */
function escapeText(text) {
  return needsLook.test(text) ? stringReplace(text, escapable, escapeCharacter) : text;
}

function stylizeNoColor(text) {
  return text;
}

function stylizeWithColor(text, styleType) {
  const style = inspect.styles[styleType];
  if (style === undefined) return text;
  if (typeof style === 'function') return style(text);
  const color = inspect.colors[style];
  return color === undefined ? text : `\u001b[${color[0]}m${text}\u001b[${color[1]}m`;
}

/** `printf`-like text. Node docs: util.format. */
function format(...args) {
  return formatArguments(undefined, args);
}

/** As `format`, with options for the objects in it. */
function formatWithOptions(inspectOptions, ...args) {
  if (inspectOptions === null || typeof inspectOptions !== 'object') {
    require('internal/validators').validateObject(inspectOptions, 'inspectOptions', 2);
  }
  return formatArguments(inspectOptions, args);
}

/** `format` for callers that hold an array: no second copy of the arguments. */
function formatArguments(options, args) {
  const count = args.length;
  if (count === 0) return '';
  const first = args[0];
  let out = '';
  let next = 0;
  if (typeof first === 'string') {
    if (count === 1) return first;
    next = 1;
    // Plain methods here: this runs for every line that is printed.
    if (first.indexOf('%') === -1) {
      out = first;
    } else {
      out = expandTemplate(first, options, args);
      next = used;
    }
    if (next < count) out += ' ';
  }
  for (; next < count; next++) {
    const value = args[next];
    out += typeof value === 'string' ? value : inspect(value, options);
    if (next + 1 < count) out += ' ';
  }
  return out;
}

/** The first argument that the last template had no use for. */
let used = 0;

/** Replaces the specifiers of `template` while there are arguments; sets `used`. */
function expandTemplate(template, options, args) {
  let out = '';
  let copied = 0;
  let next = 1;
  for (let at = template.indexOf('%'); at !== -1 && at + 1 < template.length; at = template.indexOf('%', at)) {
    const specifier = template.charCodeAt(at + 1);
    if (specifier === 37) { // %%
      out += template.slice(copied, at + 1);
      at += 2;
      copied = at;
      continue;
    }
    if (next === args.length) {
      at += 1;
      // What follows may be `%%` still; a lone specifier stays as it is.
      continue;
    }
    // May run the program's code, and that may format something itself.
    const text = expandSpecifier(specifier, args[next], options);
    if (text === undefined) {
      at += 1;
      continue;
    }
    next++;
    out += template.slice(copied, at) + text;
    at += 2;
    copied = at;
  }
  used = next;
  return copied === 0 ? template : out + template.slice(copied);
}

function expandSpecifier(specifier, value, options) {
  switch (specifier) {
    case 115: return formatAsString(value, options); // s
    case 106: return `${toJson(value)}`; // j
    case 100: // d
      if (typeof value === 'bigint') return formatBigInt(stylizeNoColor, value, separates(options));
      if (typeof value === 'symbol') return 'NaN';
      return formatNumber(stylizeNoColor, Number(value), separates(options));
    case 105: { // i
      if (typeof value === 'bigint') return formatBigInt(stylizeNoColor, value, separates(options));
      if (typeof value === 'symbol') return 'NaN';
      return formatNumber(stylizeNoColor, parseInt(value), separates(options));
    }
    case 102: // f
      if (typeof value === 'symbol') return 'NaN';
      return formatNumber(stylizeNoColor, parseFloat(value), separates(options));
    case 111: return inspect(value, { ...options, ...detailSpecifierOptions }); // o
    case 79: return inspect(value, options); // O
    case 99: return ''; // c: CSS means nothing on a terminal
    default: return undefined;
  }
}

function separates(options) {
  return options?.numericSeparator ?? defaultOptions.numericSeparator;
}

/** `%s`: objects by their own `toString` when they have one, else inspected without depth. */
function formatAsString(value, options) {
  switch (typeof value) {
    case 'string': return value;
    case 'number': return formatNumber(stylizeNoColor, value, separates(options));
    case 'bigint': return formatBigInt(stylizeNoColor, value, separates(options));
    case 'object':
      if (value !== null && !lazyValue().hasUserToString(value)) {
        return inspect(value, { ...options, ...stringSpecifierOptions });
      }
      return String(value);
    default: return String(value);
  }
}

let circularMessage;

/** JSON, or `[Circular]` for what has no end. */
function toJson(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // The engine's message for a cycle is learnt once, from a cycle of our own.
    if (circularMessage === undefined) {
      const cycle = {};
      cycle.a = cycle;
      try {
        JSON.stringify(cycle);
      } catch (ours) {
        circularMessage = stringSplit(ours.message, '\n', 1)[0];
      }
    }
    if (error?.name === 'TypeError' && stringSplit(`${error.message}`, '\n', 1)[0] === circularMessage) return '[Circular]';
    throw error;
  }
}

// ECMA-48: operating system commands up to BEL or ST; control sequences; other escapes with their final character.
const controlSequences = new RegExp([
  '\\u001b\\][^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)',
  '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]',
  '\\u001b[ -/]*[0-Z^-~]',
].join('|'), 'g');

/** `text` without terminal control sequences. */
function stripVTControlCharacters(text) {
  if (typeof text !== 'string') require('internal/validators').validateString(text, 'str');
  if (!stringIncludes(text, '\u001b') && !stringIncludes(text, '\u009b')) return text;
  return stringReplace(text, controlSequences, '');
}

/** Columns that `text` takes on a terminal; control sequences count nothing unless kept. */
function getStringWidth(text, removeControlChars = true) {
  let plain = true;
  for (let i = 0; i < text.length; i++) {
    const code = stringCharCodeAt(text, i);
    if (code < 32 || code > 126) {
      plain = false;
      break;
    }
  }
  if (plain) return text.length;
  return require('internal/util/string_width').wideWidth(
    removeControlChars ? stripVTControlCharacters(text) : text);
}

// Colours by name: the SGR codes that start and end them.
const colors = Object.create(null);
{
  const plain = [
    ['reset', 0, 0], ['bold', 1, 22], ['dim', 2, 22], ['italic', 3, 23], ['underline', 4, 24], ['blink', 5, 25],
    ['inverse', 7, 27], ['hidden', 8, 28], ['strikethrough', 9, 29], ['doubleunderline', 21, 24],
    ['black', 30, 39], ['red', 31, 39], ['green', 32, 39], ['yellow', 33, 39], ['blue', 34, 39],
    ['magenta', 35, 39], ['cyan', 36, 39], ['white', 37, 39],
    ['bgBlack', 40, 49], ['bgRed', 41, 49], ['bgGreen', 42, 49], ['bgYellow', 43, 49], ['bgBlue', 44, 49],
    ['bgMagenta', 45, 49], ['bgCyan', 46, 49], ['bgWhite', 47, 49],
    ['framed', 51, 54], ['overlined', 53, 55],
    ['gray', 90, 39], ['redBright', 91, 39], ['greenBright', 92, 39], ['yellowBright', 93, 39],
    ['blueBright', 94, 39], ['magentaBright', 95, 39], ['cyanBright', 96, 39], ['whiteBright', 97, 39],
    ['bgGray', 100, 49], ['bgRedBright', 101, 49], ['bgGreenBright', 102, 49], ['bgYellowBright', 103, 49],
    ['bgBlueBright', 104, 49], ['bgMagentaBright', 105, 49], ['bgCyanBright', 106, 49], ['bgWhiteBright', 107, 49],
  ];
  for (const [name, start, end] of plain) colors[name] = [start, end];
  const alias = (name, target) => Object.defineProperty(colors, name, {
    __proto__: null,
    get() { return this[target]; },
    set(value) { this[target] = value; },
    configurable: true,
    enumerable: false,
  });
  alias('grey', 'gray');
  alias('blackBright', 'gray');
  alias('bgGrey', 'bgGray');
  alias('bgBlackBright', 'bgGray');
  alias('faint', 'dim');
  alias('crossedout', 'strikethrough');
  alias('strikeThrough', 'strikethrough');
  alias('crossedOut', 'strikethrough');
  alias('conceal', 'hidden');
  alias('swapColors', 'inverse');
  alias('swapcolors', 'inverse');
  alias('doubleUnderline', 'doubleunderline');
}

function highlightRegExp(text) {
  return require('internal/util/inspect_regexp').highlight(text, highlightRegExp.colors, inspect.colors);
}
highlightRegExp.colors = ['green', 'red', 'yellow', 'cyan', 'magenta'];

inspect.custom = customInspect;
Object.defineProperty(inspect, 'defaultOptions', {
  __proto__: null,
  get() {
    return defaultOptions;
  },
  set(options) {
    require('internal/validators').validateObject(options, 'options');
    Object.assign(defaultOptions, options);
  },
});
inspect.colors = colors;
inspect.styles = Object.assign(Object.create(null), {
  special: 'cyan',
  number: 'yellow',
  bigint: 'yellow',
  boolean: 'yellow',
  undefined: 'grey',
  null: 'bold',
  string: 'green',
  symbol: 'green',
  date: 'magenta',
  regexp: highlightRegExp,
  module: 'underline',
});

module.exports = {
  inspect,
  format,
  formatWithOptions,
  formatArguments,
  stripVTControlCharacters,
  getStringWidth,
  // For inspect_value and its neighbours.
  customInspect,
  intrinsics: {
    getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf, hasOwn, objectKeys, ownKeys,
  },
  escapeText,
  formatBigInt,
  formatNumber,
  formatPrimitive,
  formatValue,
  quote,
  stylizeNoColor,
  stylizeWithColor,
};
