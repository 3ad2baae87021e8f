'use strict';

/**
 * Messages of error codes that need more than a template, and the words for a value of the wrong type.
 *
 * `util.inspect` is loaded on first use: most messages do not show a value, and `util` itself needs `internal/errors`.
 * Node docs: Errors, "Node.js error codes".
 */

let inspect;
function show(value, options) {
  inspect ??= require('util').inspect;
  return inspect(value, options);
}

/** Joins words as English does: `a`, `a or b`, `a, b, or c`. */
function formatList(words, conjunction = 'and') {
  switch (words.length) {
    case 0: return '';
    case 1: return `${words[0]}`;
    case 2: return `${words[0]} ${conjunction} ${words[1]}`;
    default: {
      const last = words.length - 1;
      return `${words.slice(0, last).join(', ')}, ${conjunction} ${words[last]}`;
    }
  }
}

/** The longest string that `Received type string (...)` shows whole, in UTF-16 units; a longer one shows its first 25. */
const STRING_SHOWN_MAX = 28;

/** What a value is, as `ERR_INVALID_ARG_TYPE` says it after "Received". */
function determineSpecificType(value) {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'undefined': return 'undefined';
    case 'bigint': return `type bigint (${value}n)`;
    case 'number': return `type number (${Object.is(value, -0) ? '-0' : value})`;
    case 'boolean': return `type boolean (${value})`;
    case 'symbol': return `type symbol (${String(value)})`;
    case 'function': return `function ${value.name}`;
    case 'string': {
      const text = value.length > STRING_SHOWN_MAX ? `${value.slice(0, 25)}...` : value;
      return `type string (${text.includes("'") ? JSON.stringify(text) : `'${text}'`})`;
    }
    default: {
      const name = value.constructor?.name;
      return name ? `an instance of ${name}` : `${show(value, { depth: -1 })}`;
    }
  }
}

/** "The "x" argument" or "The "options.x" property"; a name that ends in " argument" speaks for itself. */
function subject(name) {
  if (name.endsWith(' argument')) return `The ${name}`;
  return `The "${name}" ${name.includes('.') ? 'property' : 'argument'}`;
}

const PRIMITIVES = new Set(['string', 'function', 'number', 'object', 'Function', 'Object', 'boolean', 'bigint', 'symbol']);
const CLASS_NAME = /^[A-Z][a-zA-Z0-9]*$/;

/** "of type string or an instance of Buffer": what ERR_INVALID_ARG_TYPE says was expected. */
function expectation(expected) {
  const words = Array.isArray(expected) ? expected : [expected];
  const types = [];
  const instances = [];
  const other = [];
  for (const word of words) {
    if (PRIMITIVES.has(word)) types.push(word.toLowerCase());
    else if (CLASS_NAME.test(word)) instances.push(word);
    else other.push(word);
  }
  if (instances.length > 0) {
    const at = types.indexOf('object');
    if (at !== -1) {
      types.splice(at, 1);
      instances.push('Object');
    }
  }
  const parts = [];
  if (types.length > 0) {
    parts.push(`${types.length > 1 ? 'one of type' : 'of type'} ${formatList(types, 'or')}`);
  }
  if (instances.length > 0) parts.push(`an instance of ${formatList(instances, 'or')}`);
  if (other.length > 1) parts.push(`one of ${formatList(other, 'or')}`);
  else if (other.length === 1) parts.push(`${other[0].toLowerCase() === other[0] ? '' : 'an '}${other[0]}`);
  return parts.join(' or ');
}

function invalidArgType(name, expected, actual) {
  return `${subject(name)} must be ${expectation(expected)}. Received ${determineSpecificType(actual)}`;
}

/** The longest inspected value an ERR_INVALID_ARG_VALUE shows whole, in UTF-16 units. */
const VALUE_SHOWN_MAX = 128;

function invalidArgValue(name, value, reason = 'is invalid') {
  let shown = show(value);
  if (shown.length > VALUE_SHOWN_MAX) shown = `${shown.slice(0, VALUE_SHOWN_MAX)}...`;
  const type = `${name}`.includes('.') ? 'property' : 'argument';
  return `The ${type} '${name}' ${reason}. Received ${shown}`;
}

/** `-1234567` as `-1_234_567`. */
function withSeparators(digits) {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, '_');
}

function outOfRange(name, range, received, replaceDefault = false) {
  let shown;
  if (Number.isInteger(received) && Math.abs(received) > 2 ** 32) {
    shown = withSeparators(String(received));
  } else if (typeof received === 'bigint') {
    shown = String(received);
    if (received > 2n ** 32n || received < -(2n ** 32n)) shown = withSeparators(shown);
    shown += 'n';
  } else {
    shown = show(received);
  }
  const start = replaceDefault ? name : `The value of "${name}" is out of range.`;
  return `${start} It must be ${range}. Received ${shown}`;
}

function missingArgs(...args) {
  const quote = (name) => (Array.isArray(name) ? name.map((word) => `"${word}"`).join(' or ') : `"${name}"`);
  return `The ${formatList(args.map(quote))} ${args.length > 1 ? 'arguments' : 'argument'} must be specified`;
}

function invalidReturnValue(expected, where, value) {
  return `Expected ${expected} to be returned from the "${where}" function but got ${determineSpecificType(value)}.`;
}

function invalidReturnProperty(expected, hook, property, value) {
  return `Expected a valid ${expected} to be returned for the "${property}" from the "${hook}" hook but got ` +
    `${determineSpecificType(value)}.`;
}

function invalidReturnPropertyValue(expected, hook, property, value) {
  return `Expected ${expected} to be returned for the "${property}" from the "${hook}" hook but got ` +
    `${determineSpecificType(value)}.`;
}

function invalidPackageConfig(path, base, reason) {
  return `Invalid package config ${path}${base ? ` while importing ${base}` : ''}${reason ? `. ${reason}` : ''}`;
}

function invalidPackageTarget(folder, key, target, isImport = false, base = undefined) {
  const hint = typeof target === 'string' && !isImport && target.length > 0 && !target.startsWith('./') ?
    '; targets must start with "./"' : '';
  const from = `${base ? ` imported from ${base}` : ''}${hint}`;
  if (key === '.') {
    return `Invalid "exports" main target ${JSON.stringify(target)} defined in the package config ` +
      `${folder}package.json${from}`;
  }
  return `Invalid "${isImport ? 'imports' : 'exports'}" target ${JSON.stringify(target)} defined for '${key}' in the ` +
    `package config ${folder}package.json${from}`;
}

function packagePathNotExported(folder, subpath, base = undefined) {
  const from = base ? ` imported from ${base}` : '';
  if (subpath === '.') return `No "exports" main defined in ${folder}package.json${from}`;
  return `Package subpath '${subpath}' is not defined by "exports" in ${folder}package.json${from}`;
}

function unknownOption(option, allowPositionals) {
  const hint = `. To specify a positional argument starting with a '-', place it at the end of the command after ` +
    `'--', as in '-- "${option}"`;
  return `Unknown option '${option}'${allowPositionals ? hint : ''}`;
}

function requireEsm(file, hasEsmSyntax, parent = null, packageJson = null) {
  let text = `require() of ES Module ${file}${parent ? ` from ${parent}` : ''} not supported.`;
  if (!packageJson) {
    if (!parent) return text;
    return `${text}\nInstead change the require of ${file} in ${parent} to a dynamic import() which is available in ` +
      'all CommonJS modules.';
  }
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (hasEsmSyntax) {
    return `${text}\nInstead change the require of ${name} in ${parent} to a dynamic import() which is available in ` +
      'all CommonJS modules.';
  }
  text += `\n${name} is treated as an ES module file as it is a .js file whose nearest parent package.json contains ` +
    '"type": "module" which declares all .js files in that package scope as ES modules.\nInstead either rename ' +
    `${name} to end in .cjs, change the requiring code to use dynamic import() which is available in all CommonJS ` +
    `modules, or change "type": "module" to "type": "commonjs" in ${packageJson} to treat all .js files as CommonJS ` +
    '(using .mjs for all ES modules instead).\n';
  return text;
}

function requireAsyncModule(file, requireStack) {
  let text = 'require() cannot be used on an ESM graph with top-level await. Use import() instead. To see where the ' +
    'top-level await comes from, use --experimental-print-required-tla.';
  if (file) text += `\nRequired module: ${file}`;
  if (requireStack?.length > 0) text += `\nRequire stack:\n- ${requireStack.join('\n- ')}`;
  return text;
}

function requireEsmRace(file, parent, inHookThread) {
  const thread = inHookThread ? 'loader hook worker thread' : 'non-loader-hook thread';
  return `Cannot require() ES Module ${file} because it is not yet fully loaded.\nThis may be caused by a race ` +
    'condition if the module is simultaneously dynamically import()-ed via Promise.all().\nTry await-ing the ' +
    `import() sequentially in a loop instead.\n (From ${parent ? `${parent} in ` : ' '}${thread})`;
}

function testFailure(error) {
  const message = error?.message ?? error;
  return typeof message === 'string' ? message : show(message);
}

function workerPath(path) {
  const scheme = typeof path === 'string' ? /^(?:file:\/\/|data:)/.exec(path)?.[0] : undefined;
  const hint = scheme === undefined ? '' : ` Wrap ${scheme} URLs with \`new URL\`.`;
  return 'The worker script or module filename must be an absolute path or a relative path starting with \'./\' or ' +
    `'../'.${hint} Received "${path}"`;
}

module.exports = {
  determineSpecificType,
  formatList,
  invalidArgType,
  invalidArgValue,
  invalidPackageConfig,
  invalidPackageTarget,
  invalidReturnProperty,
  invalidReturnPropertyValue,
  invalidReturnValue,
  missingArgs,
  outOfRange,
  packagePathNotExported,
  requireAsyncModule,
  requireEsm,
  requireEsmRace,
  testFailure,
  unknownOption,
  workerPath,
};
