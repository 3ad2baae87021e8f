/** `FormData`, and its two forms on the wire. XMLHttpRequest Standard §5; RFC 7578. */
'use strict';

const { kUncloneable, markTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const { isBlob } = require('internal/buffer/blob');
const { brandCheck, describe, requireArguments, toUSVString } = require('internal/fetch/webidl');

const kEntries = Symbol('entries');

/** An entry's value: a string, or a File. */
function toValue(args, what) {
  const [, value, filename] = args;
  if (args.length >= 3 && !isBlob(value)) {
    throw new TypeError(`Failed to execute '${what}' on 'FormData': parameter 2 is not of type 'Blob'`);
  }
  if (!isBlob(value)) return toUSVString(value);
  const { File } = require('internal/buffer/file');
  const name = args.length >= 3 && filename !== undefined ? toUSVString(filename) : undefined;
  if (value instanceof File && name === undefined) return value;
  const options = { type: value.type };
  if (value instanceof File) options.lastModified = value.lastModified;
  return new File([value], name ?? 'blob', options);
}

class FormData {
  constructor(form = undefined) {
    if (form !== undefined) throw new TypeError("FormData constructor: Argument 1 could not be converted to: undefined.");
    this[kEntries] = [];
  }

  append(name, value, filename = undefined) {
    brandCheck(this, FormData);
    requireArguments(arguments, 2, 'FormData.append');
    this[kEntries].push({ name: toUSVString(name), value: toValue(arguments, 'append') });
  }

  delete(name) {
    brandCheck(this, FormData);
    requireArguments(arguments, 1, 'FormData.delete');
    name = toUSVString(name);
    this[kEntries] = this[kEntries].filter((entry) => entry.name !== name);
  }

  get(name) {
    brandCheck(this, FormData);
    requireArguments(arguments, 1, 'FormData.get');
    name = toUSVString(name);
    return this[kEntries].find((entry) => entry.name === name)?.value ?? null;
  }

  getAll(name) {
    brandCheck(this, FormData);
    requireArguments(arguments, 1, 'FormData.getAll');
    name = toUSVString(name);
    return this[kEntries].filter((entry) => entry.name === name).map((entry) => entry.value);
  }

  has(name) {
    brandCheck(this, FormData);
    requireArguments(arguments, 1, 'FormData.has');
    name = toUSVString(name);
    return this[kEntries].some((entry) => entry.name === name);
  }

  set(name, value, filename = undefined) {
    brandCheck(this, FormData);
    requireArguments(arguments, 2, 'FormData.set');
    name = toUSVString(name);
    const entry = { name, value: toValue(arguments, 'set') };
    const index = this[kEntries].findIndex((known) => known.name === name);
    if (index === -1) {
      this[kEntries].push(entry);
    } else {
      this[kEntries] = this[kEntries].filter((known, i) => i <= index || known.name !== name);
      this[kEntries][index] = entry;
    }
  }

  forEach(callback, thisArg = undefined) {
    brandCheck(this, FormData);
    requireArguments(arguments, 1, 'FormData.forEach');
    if (typeof callback !== 'function') {
      throw new TypeError("Failed to execute 'forEach' on 'FormData': parameter 1 is not of type 'Function'.");
    }
    for (const [name, value] of this) callback.call(thisArg, value, name, this);
  }

  keys() {
    brandCheck(this, FormData);
    return new FormDataIterator(this, 'key');
  }

  values() {
    brandCheck(this, FormData);
    return new FormDataIterator(this, 'value');
  }

  entries() {
    brandCheck(this, FormData);
    return new FormDataIterator(this, 'both');
  }

  [customInspectSymbol](depth, options, inspect) {
    const state = {};
    for (const { name, value } of this[kEntries]) {
      if (name in state) state[name] = [state[name], value].flat();
      else state[name] = value;
    }
    return `FormData ${(inspect ?? require('util').inspect)(state, options)}`;
  }
}
Object.defineProperty(FormData.prototype, Symbol.iterator, {
  __proto__: null, configurable: true, enumerable: false, value: FormData.prototype.entries, writable: true,
});
describe(FormData, ['append', 'delete', 'get', 'getAll', 'has', 'set', 'forEach', 'keys', 'values', 'entries']);

const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

class FormDataIterator {
  #form;
  #kind;
  #index = 0;

  constructor(form, kind) {
    this.#form = form;
    this.#kind = kind;
  }

  next() {
    const list = this.#form[kEntries];
    if (this.#index >= list.length) return { value: undefined, done: true };
    const { name, value } = list[this.#index++];
    return { value: this.#kind === 'key' ? name : this.#kind === 'value' ? value : [name, value], done: false };
  }
}
Object.setPrototypeOf(FormDataIterator.prototype, IteratorPrototype);
describe(FormDataIterator, ['next'], 'FormData Iterator');

// ---------------------------------------------------------------------------------------------------------------------
// multipart/form-data

const escapeName = (text) => text.replace(/\r\n?|\n/g, '\r\n').replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22');

/** The parts of a body: byte arrays and Blobs; its boundary and, in bytes, its length. */
function encodeMultipart(form) {
  const { Buffer } = require('buffer');
  const boundary = `----formdata-anode-0${String(Math.floor(Math.random() * 1e11)).padStart(11, '0')}`;
  const parts = [];
  let length = 0;
  const add = (part) => {
    parts.push(part);
    length += part.size ?? part.length;
  };
  for (const { name, value } of form[kEntries]) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"`;
    if (typeof value === 'string') {
      add(Buffer.from(`${head}\r\n\r\n${value.replace(/\r\n?|\n/g, '\r\n')}\r\n`));
      continue;
    }
    const type = value.type || 'application/octet-stream';
    add(Buffer.from(`${head}; filename="${escapeName(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`));
    add(value);
    add(Buffer.from('\r\n'));
  }
  add(Buffer.from(`--${boundary}--\r\n`));
  return { boundary, parts, length };
}

function fail() {
  return new TypeError('Failed to parse body as FormData.');
}

/** Reads a whole multipart body. RFC 7578. */
function parseMultipart(bytes, boundary) {
  const { Buffer } = require('buffer');
  const { File } = require('internal/buffer/file');
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const form = new FormData();
  const delimiter = Buffer.from(`--${boundary}`);
  let at = body.indexOf(delimiter);
  if (at === -1) throw fail();
  for (;;) {
    at += delimiter.length;
    if (body[at] === 0x2D && body[at + 1] === 0x2D) return form;
    if (body[at] !== 0x0D || body[at + 1] !== 0x0A) throw fail();
    at += 2;
    const headEnd = body.indexOf('\r\n\r\n', at - 2);
    if (headEnd === -1) throw fail();
    const { name, filename, type } = parsePartHead(body.toString('utf8', at, headEnd));
    const start = headEnd + 4;
    const end = body.indexOf(`\r\n--${boundary}`, start - 2 < 0 ? 0 : start - 2, 'latin1');
    if (end === -1 || name === undefined) throw fail();
    const content = body.subarray(start, Math.max(start, end));
    if (filename === undefined) form.append(name, content.toString('utf8').replace(/^\ufeff/, ''));
    else form.append(name, new File([content], filename, { type: type ?? 'text/plain' }));
    at = end + 2;
  }
}

function parsePartHead(text) {
  let name;
  let filename;
  let type;
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const field = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (field === 'content-type') type = value;
    if (field !== 'content-disposition') continue;
    if (!/^form-data/i.test(value)) throw fail();
    name = unescapeName(/;\s*name="([^"]*)"/i.exec(value)?.[1]);
    filename = unescapeName(/;\s*filename="([^"]*)"/i.exec(value)?.[1]);
  }
  return { name, filename, type };
}

function unescapeName(text) {
  return text?.replace(/%0A/gi, '\n').replace(/%0D/gi, '\r').replace(/%22/g, '"');
}

/** Reads `application/x-www-form-urlencoded`. */
function parseUrlencoded(text) {
  const form = new FormData();
  const { URLSearchParams } = require('url');
  for (const [name, value] of new URLSearchParams(text)) form.append(name, value);
  return form;
}

markTransferMode(FormData.prototype, kUncloneable);

module.exports = { FormData, encodeMultipart, parseMultipart, parseUrlencoded };
