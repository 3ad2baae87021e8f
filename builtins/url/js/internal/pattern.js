/**
 * Class URLPattern: whether a URL has a certain shape, and what it says where the pattern is open.
 * Standard: https://urlpattern.spec.whatwg.org; Node docs: url, class URLPattern.
 */
'use strict';

const { kUncloneable, markTransferMode } = require('internal/transferable');
const { URL } = require('internal/url/whatwg');
const { COMPONENTS, compilePattern, processInit } = require('internal/url/pattern_init');

/** Members of a result, in Node's order. */
const RESULT_ORDER = ['hash', 'hostname', 'inputs', 'password', 'pathname', 'port', 'protocol', 'search', 'username'];

/** Node makes these natively: their text goes without the code. */
function typeError(code, message) {
  const error = new TypeError(message);
  error.code = code;
  return error;
}

/** Reads the members of a URLPatternInit once, as strings. */
function toInit(value) {
  const init = {};
  for (const name of [...COMPONENTS, 'baseURL']) {
    const member = value[name];
    if (typeof member === 'string') init[name] = member.toWellFormed();
  }
  return init;
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

/** What to match against: the components, and the inputs as given; null if it is no URL. */
function toComponents(input, baseURL) {
  const inputs = [input];
  if (typeof input !== 'string') {
    try {
      return { inputs, values: processInit(toInit(input), false) };
    } catch {
      return null;
    }
  }
  if (baseURL !== undefined) inputs.push(baseURL);
  const url = URL.parse(input, baseURL);
  if (url === null) return null;
  const values = {
    protocol: url.protocol.slice(0, -1),
    username: url.username,
    password: url.password,
    hostname: url.hostname,
    port: url.port,
    pathname: url.pathname,
    search: url.search.slice(1),
    hash: url.hash.slice(1),
  };
  return { inputs, values };
}

/** Checks the receiver. */
let componentsOf;

class URLPattern {
  #components;

  constructor() {
    let [input, second, third] = arguments;
    if (input === undefined || input === null) input = {};
    if (typeof input !== 'string' && !isObject(input)) {
      throw typeError('ERR_INVALID_ARG_TYPE', 'Input must be an object or a string');
    }
    let baseURL;
    let options;
    if (typeof second === 'string') {
      baseURL = second.toWellFormed();
      options = third;
    } else if (isObject(second)) {
      options = second;
    } else if (second !== undefined && second !== null) {
      throw typeError('ERR_INVALID_ARG_TYPE', 'second argument must be a string or object');
    }
    if (options !== undefined && options !== null && !isObject(options)) {
      throw typeError('ERR_INVALID_ARG_TYPE', 'options must be an object');
    }
    const ignoreCase = Boolean(options?.ignoreCase);
    try {
      this.#components = compilePattern(
        typeof input === 'string' ? input.toWellFormed() : toInit(input), baseURL, ignoreCase);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw typeError('ERR_INVALID_URL_PATTERN', 'Failed to construct URLPattern');
    }
  }

  static {
    componentsOf = (value) => {
      if (!isObject(value) || !(#components in value)) throw new TypeError('Illegal invocation');
      return value.#components;
    };
  }

  get hasRegExpGroups() {
    const components = componentsOf(this);
    return COMPONENTS.some((name) => components[name].hasRegExpGroups);
  }

  exec() {
    const components = componentsOf(this);
    const match = run(components, arguments[0], arguments[1], 'exec');
    return match;
  }

  test() {
    return run(componentsOf(this), arguments[0], arguments[1], 'test') !== null;
  }
}

/** The match of `input`, or null. */
function run(components, input, baseURL, verb) {
  if (input === undefined || input === null) input = {};
  if (typeof input !== 'string' && !isObject(input)) {
    throw typeError('ERR_INVALID_ARG_TYPE', 'URLPattern input needs to be a string or an object');
  }
  baseURL ??= undefined;
  if (baseURL !== undefined && typeof baseURL !== 'string') {
    throw typeError('ERR_INVALID_ARG_TYPE', 'baseURL must be a string');
  }
  if (typeof input !== 'string' && baseURL !== undefined) {
    throw typeError('ERR_OPERATION_FAILED', `Failed to ${verb} URLPattern`);
  }
  const found = toComponents(input, baseURL);
  if (found === null) return null;
  const result = { __proto__: null };
  for (const name of RESULT_ORDER) {
    if (name === 'inputs') {
      result.inputs = found.inputs;
      continue;
    }
    const { regexp, names } = components[name];
    const text = found.values[name];
    const match = regexp.exec(text);
    if (match === null) return null;
    const groups = {};
    names.forEach((group, index) => { groups[group] = match[index + 1]; });
    result[name] = { groups, input: text };
  }
  return result;
}

for (const name of COMPONENTS) {
  const { get } = Object.getOwnPropertyDescriptor(
    { get [name]() { return componentsOf(this)[name].pattern; } }, name);
  Object.defineProperty(URLPattern.prototype, name, {
    __proto__: null, configurable: false, enumerable: true, get,
  });
}
Object.defineProperty(URLPattern.prototype, 'hasRegExpGroups', { __proto__: null, configurable: false, enumerable: true });
for (const name of ['exec', 'test']) {
  Object.defineProperty(URLPattern.prototype, name, { __proto__: null, enumerable: true });
}
Object.defineProperty(URLPattern.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, value: 'URLPattern',
});

/** Node's constructor refuses a plain call in its own words. */
const handler = {
  __proto__: null,
  apply() {
    throw typeError('ERR_CONSTRUCT_CALL_REQUIRED', 'Cannot call constructor without `new`');
  },
};

markTransferMode(URLPattern.prototype, kUncloneable);

module.exports = { URLPattern: new Proxy(URLPattern, handler) };
URLPattern.prototype.constructor = module.exports.URLPattern;
