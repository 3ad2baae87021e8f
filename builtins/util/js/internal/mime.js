/**
 * `util.MIMEType` and `util.MIMEParams`: MIME types as the WHATWG MIME Sniffing Standard parses and writes them.
 */
'use strict';

const { codes: { ERR_INVALID_MIME_SYNTAX } } = require('internal/errors');

const notToken = /[^!#$%&'*+\-.^_`|~A-Za-z0-9]/;
const notQuotedString = /[^\t\u0020-~\u0080-\u00ff]/;
const leadingSpace = /^[\r\n\t ]+/;
const trailingSpace = /[\r\n\t ]+$/;

function asciiLowerCase(text) {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

/** A name that must be an HTTP token; `production` names it in the error. */
function checkToken(text, production, shown = text) {
  const bad = text.search(notToken);
  if (text === '' || bad !== -1) throw new ERR_INVALID_MIME_SYNTAX(production, shown, bad);
  return text;
}

/** `type/subtype` at the start of `text`: lower-cased parts and the position of the parameters. */
function parseEssence(text) {
  const start = leadingSpace.exec(text)?.[0].length ?? 0;
  const slash = text.indexOf('/', start);
  const type = text.slice(start, slash === -1 ? undefined : slash);
  const badType = type.search(notToken);
  if (type === '' || slash === -1 || badType !== -1) throw new ERR_INVALID_MIME_SYNTAX('type', text, badType);
  const semicolon = text.indexOf(';', slash);
  const end = semicolon === -1 ? text.length : semicolon;
  const subtype = text.slice(slash + 1, end).replace(trailingSpace, '');
  const badSubtype = subtype.search(notToken);
  if (subtype === '' || badSubtype !== -1) throw new ERR_INVALID_MIME_SYNTAX('subtype', text, badSubtype);
  return { type: asciiLowerCase(type), subtype: asciiLowerCase(subtype), end };
}

/** Fills `map` with the parameters of `text` from `at` on; what is malformed is left out, as the standard says. */
function parseParameters(map, text, at) {
  const length = text.replace(trailingSpace, '').length;
  while (at < length) {
    // Past the semicolon and white space.
    at++;
    while (at < length && ' \t\r\n'.includes(text[at])) at++;
    let end = at;
    while (end < length && text[end] !== ';' && text[end] !== '=') end++;
    const name = asciiLowerCase(text.slice(at, end));
    at = end;
    if (at >= length) return;
    if (text[at] === ';') continue;
    at++;
    let value;
    if (text[at] === '"') {
      [value, at] = parseQuoted(text, at + 1, length);
      // Whatever stands between the closing quote and the next semicolon is ignored.
      while (at < length && text[at] !== ';') at++;
    } else {
      end = at;
      while (end < length && text[end] !== ';') end++;
      value = text.slice(at, end).replace(trailingSpace, '');
      at = end;
      if (value === '') continue;
    }
    if (name !== '' && !notToken.test(name) && !notQuotedString.test(value) && !map.has(name)) map.set(name, value);
  }
}

/** The string up to the closing quote, and the position after it. */
function parseQuoted(text, at, length) {
  let value = '';
  while (at < length) {
    const character = text[at++];
    if (character === '"') break;
    if (character === '\\') {
      value += at < length ? text[at++] : '\\';
    } else {
      value += character;
    }
  }
  return [value, at];
}

function encodeValue(value) {
  if (value !== '' && !notToken.test(value)) return value;
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

let fillParameters;

/** The parameters of a MIME type, in order. Node docs: util.MIMEParams. */
class MIMEParams {
  #data = new Map();

  static {
    fillParameters = (params, text, at) => parseParameters(params.#data, text, at);
  }

  delete(name) {
    this.#data.delete(`${name}`);
  }

  get(name) {
    const value = this.#data.get(`${name}`);
    return value === undefined ? null : value;
  }

  has(name) {
    return this.#data.has(`${name}`);
  }

  set(name, value) {
    const data = this.#data;
    name = `${name}`;
    value = `${value}`;
    checkToken(name, 'parameter name');
    const bad = value.search(notQuotedString);
    if (bad !== -1) throw new ERR_INVALID_MIME_SYNTAX('parameter value', value, bad);
    data.set(name, value);
  }

  * entries() {
    yield* this.#data.entries();
  }

  * keys() {
    yield* this.#data.keys();
  }

  * values() {
    yield* this.#data.values();
  }

  toString() {
    const parts = [];
    for (const [name, value] of this.#data) parts.push(`${name}=${encodeValue(value)}`);
    return parts.join(';');
  }
}
Object.defineProperty(MIMEParams.prototype, Symbol.iterator, {
  __proto__: null, configurable: true, enumerable: false, value: MIMEParams.prototype.entries, writable: true,
});
Object.defineProperty(MIMEParams.prototype, 'toJSON', {
  __proto__: null, configurable: true, enumerable: false, value: MIMEParams.prototype.toString, writable: true,
});

/** A MIME type. Node docs: util.MIMEType. */
class MIMEType {
  #type;
  #subtype;
  #parameters;

  constructor(string) {
    string = `${string}`;
    const { type, subtype, end } = parseEssence(string);
    this.#type = type;
    this.#subtype = subtype;
    this.#parameters = new MIMEParams();
    fillParameters(this.#parameters, string, end);
  }

  /** A MIMEType, or null for what is none. */
  static parse(input) {
    const text = `${input}`;
    try {
      return new MIMEType(text);
    } catch (error) {
      if (error.code !== 'ERR_INVALID_MIME_SYNTAX') throw error;
      return null;
    }
  }

  get type() {
    return this.#type;
  }

  set type(value) {
    value = `${value}`;
    checkToken(value, 'type');
    this.#type = asciiLowerCase(value);
  }

  get subtype() {
    return this.#subtype;
  }

  set subtype(value) {
    value = `${value}`;
    checkToken(value, 'subtype');
    this.#subtype = asciiLowerCase(value);
  }

  get essence() {
    return `${this.#type}/${this.#subtype}`;
  }

  get params() {
    return this.#parameters;
  }

  toString() {
    const parameters = this.#parameters.toString();
    const essence = `${this.#type}/${this.#subtype}`;
    return parameters === '' ? essence : `${essence};${parameters}`;
  }
}
Object.defineProperty(MIMEType.prototype, 'toJSON', {
  __proto__: null, configurable: true, enumerable: false, value: MIMEType.prototype.toString, writable: true,
});

module.exports = { MIMEParams, MIMEType };
