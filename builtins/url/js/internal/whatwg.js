/**
 * Class URL. The parser is in Rust; a URL object holds its href and where the parts are in it, and
 * slices a part when somebody asks.
 *
 * `searchParams` is made on first use. It reports its changes by marking the URL; the href is
 * brought up to date when it is looked at next, so a loop of `append` serializes once.
 * Standard: https://url.spec.whatwg.org; Node docs: url, class URL.
 */
'use strict';

const { kUncloneable, markTransferMode } = require('internal/transferable');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_URL, ERR_MISSING_ARGS },
} = require('internal/errors');
const { customInspectSymbol, getConstructorOf } = require('internal/util');
const { URLSearchParams, attach, reload } = require('internal/url/search_params');

const { canParse, parse, update } = binding('url');

/** The parser's offsets land here; read at once, so one is enough. */
const offsets = new Uint32Array(9);
const ABSENT = 0xFFFFFFFF;

// Numbers of the parts `update` knows.
const PROTOCOL = 0;
const USERNAME = 1;
const PASSWORD = 2;
const HOST = 3;
const HOSTNAME = 4;
const PORT = 5;
const PATHNAME = 6;
const SEARCH = 7;
const HASH = 8;

const SCHEME_NOT_SPECIAL = 1;
const SCHEME_FILE = 6;
const AT_SIGN = 64;

/** What the parser just said; `inspect` shows it with `showHidden`, so the names are Node's. */
class URLContext {
  constructor(href) {
    this.href = href;
    this.protocol_end = offsets[0];
    this.username_end = offsets[1];
    this.host_start = offsets[2];
    this.host_end = offsets[3];
    this.pathname_start = offsets[5];
    this.search_start = offsets[6];
    this.hash_start = offsets[7];
    this.port = offsets[4];
    this.scheme_type = offsets[8];
  }

  get hasPort() {
    return this.port !== ABSENT;
  }

  get hasSearch() {
    return this.search_start !== ABSENT;
  }

  get hasHash() {
    return this.hash_start !== ABSENT;
  }
}

/** Node makes this one natively: its text goes without the code. */
function fail(input, base) {
  const error = new TypeError('Invalid URL');
  error.code = 'ERR_INVALID_URL';
  error.input = input;
  if (base !== undefined) error.base = base;
  throw error;
}

// The words V8 has for a wrong receiver; programs and tests look for them.
function throwNoReceiver() {
  throw new TypeError('Receiver must be an instance of class URL');
}

function throwNoContext() {
  throw new TypeError(
    'Cannot read private member #context from an object whose class did not declare it');
}

const isObject = (value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Whether `value` is a URL object of this builtin. */
let isURLInstance;

class URL {
  #context;
  /** `{ params, stale }` once somebody has asked for `searchParams`; stale ones are ahead of the href. */
  #search = undefined;

  static {
    isURLInstance = (value) => isObject(value) && #context in value;
  }

  constructor(input, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    input = `${input}`;
    if (base !== undefined) base = `${base}`;
    const href = parse(input, base, offsets);
    if (href === undefined) fail(input, base);
    this.#context = new URLContext(href);
  }

  /** As the constructor, with null instead of an error. */
  static parse(input, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    input = `${input}`;
    if (base !== undefined) base = `${base}`;
    return canParse(input, base) ? new URL(input, base) : null;
  }

  static canParse(url, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    return canParse(`${url}`, base === undefined ? undefined : `${base}`);
  }

  /** A 'blob:' URL by which this thread finds `obj` again. */
  static createObjectURL(obj) {
    const { createObjectURL, isBlob } = blobs();
    if (!isBlob(obj)) throw new ERR_INVALID_ARG_TYPE('obj', 'Blob', obj);
    return createObjectURL(obj);
  }

  static revokeObjectURL(url) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    blobs().revokeObjectURL(`${url}`);
  }

  /** The context, with the changes of `searchParams` in it. */
  #fresh() {
    if (this.#search !== undefined && this.#search.stale) {
      this.#search.stale = false;
      this.#update(SEARCH, this.#search.params.toString());
    }
    return this.#context;
  }

  #update(part, value) {
    const href = update(this.#context.href, part, value, offsets);
    if (href !== undefined) this.#context = new URLContext(href);
  }

  toString() {
    if (!(#context in this)) throwNoReceiver();
    return this.#fresh().href;
  }

  get href() {
    if (!(#context in this)) throwNoReceiver();
    return this.#fresh().href;
  }

  set href(value) {
    if (!(#context in this)) throwNoContext();
    value = `${value}`;
    const href = parse(value, undefined, offsets);
    if (href === undefined) throw new ERR_INVALID_URL(value);
    this.#context = new URLContext(href);
    this.#reload();
  }

  get origin() {
    if (!(#context in this)) throwNoContext();
    const context = this.#context;
    const type = context.scheme_type;
    if (type !== SCHEME_NOT_SPECIAL) {
      return type === SCHEME_FILE ? 'null' : `${this.protocol}//${this.host}`;
    }
    if (!context.href.startsWith('blob:')) return 'null';
    // Only what a page could have made has the origin of that page.
    const inner = parse(this.pathname, undefined, new Uint32Array(9));
    if (inner === undefined || !/^https?:/.test(inner)) return 'null';
    return new URL(inner).origin;
  }

  get protocol() {
    if (!(#context in this)) throwNoContext();
    const context = this.#context;
    return context.href.slice(0, context.protocol_end);
  }

  set protocol(value) {
    if (!(#context in this)) throwNoContext();
    this.#fresh();
    this.#update(PROTOCOL, `${value}`);
  }

  get username() {
    if (!(#context in this)) throwNoContext();
    const context = this.#context;
    const start = context.protocol_end + 2;
    return start < context.username_end ? context.href.slice(start, context.username_end) : '';
  }

  set username(value) {
    if (!(#context in this)) throwNoContext();
    this.#fresh();
    this.#update(USERNAME, `${value}`);
  }

  get password() {
    if (!(#context in this)) throwNoContext();
    const context = this.#context;
    if (context.host_start <= context.username_end) return '';
    return context.href.slice(context.username_end + 1, context.host_start);
  }

  set password(value) {
    if (!(#context in this)) throwNoContext();
    this.#fresh();
    this.#update(PASSWORD, `${value}`);
  }

  get host() {
    if (!(#context in this)) throwNoContext();
    const context = this.#context;
    const hostname = this.hostname;
    return context.port === ABSENT ? hostname : `${hostname}:${context.port}`;
  }

  set host(value) {
    if (!(#context in this)) throwNoContext();
    this.#fresh();
    this.#update(HOST, `${value}`);
  }

  get hostname() {
    if (!(#context in this)) throwNoContext();
    const context = this.#context;
    let start = context.host_start;
    if (start === context.host_end) return '';
    if (context.href.charCodeAt(start) === AT_SIGN) start++;
    return context.href.slice(start, context.host_end);
  }

  set hostname(value) {
    if (!(#context in this)) throwNoContext();
    this.#fresh();
    this.#update(HOSTNAME, `${value}`);
  }

  get port() {
    if (!(#context in this)) throwNoContext();
    const { port } = this.#context;
    return port === ABSENT ? '' : `${port}`;
  }

  set port(value) {
    if (!(#context in this)) throwNoContext();
    this.#fresh();
    this.#update(PORT, `${value}`);
  }

  get pathname() {
    if (!(#context in this)) throwNoContext();
    const context = this.#context;
    let end = context.search_start;
    if (end === ABSENT) end = context.hash_start;
    return end === ABSENT ?
      context.href.slice(context.pathname_start) :
      context.href.slice(context.pathname_start, end);
  }

  set pathname(value) {
    if (!(#context in this)) throwNoContext();
    this.#fresh();
    this.#update(PATHNAME, `${value}`);
  }

  get search() {
    if (!(#context in this)) throwNoReceiver();
    this.#fresh();
    return this.#searchSlice();
  }

  /** A lone '?' counts as nothing. */
  #searchSlice() {
    const context = this.#context;
    if (context.search_start === ABSENT) return '';
    const end = context.hash_start === ABSENT ? context.href.length : context.hash_start;
    return end - context.search_start <= 1 ? '' : context.href.slice(context.search_start, end);
  }

  set search(value) {
    if (!(#context in this)) throwNoContext();
    this.#update(SEARCH, `${value}`);
    this.#reload();
  }

  /** The query was set: the params follow. */
  #reload() {
    if (this.#search === undefined) return;
    this.#search.stale = false;
    reload(this.#search.params, this.#searchSlice());
  }

  get searchParams() {
    if (!(#context in this)) throwNoContext();
    if (this.#search === undefined) {
      const search = { params: undefined, stale: false };
      search.params = attach(search, this.#searchSlice());
      this.#search = search;
    }
    return this.#search.params;
  }

  get hash() {
    if (!(#context in this)) throwNoContext();
    const context = this.#fresh();
    const start = context.hash_start;
    return start === ABSENT || context.href.length - start <= 1 ? '' : context.href.slice(start);
  }

  set hash(value) {
    if (!(#context in this)) throwNoContext();
    this.#fresh();
    this.#update(HASH, `${value}`);
  }

  toJSON() {
    if (!(#context in this)) throwNoReceiver();
    return this.#fresh().href;
  }

  [customInspectSymbol](depth, options) {
    if (this === null || Object.getPrototypeOf(this) === null) return this;
    if (typeof depth === 'number' && depth < 0) return this;
    const constructor = getConstructorOf(this) || URL;
    const parts = {
      href: this.href,
      origin: this.origin,
      protocol: this.protocol,
      username: this.username,
      password: this.password,
      host: this.host,
      hostname: this.hostname,
      port: this.port,
      pathname: this.pathname,
      search: this.search,
      searchParams: this.searchParams,
      hash: this.hash,
    };
    if (options.showHidden) parts[Symbol('context')] = this.#context;
    const inspect = arguments[2] ?? require('util').inspect;
    return `${constructor.name} ${inspect(parts, options)}`;
  }
}

function blobs() {
  return require('internal/buffer/blob');
}

for (const name of [
  'toString', 'href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port',
  'pathname', 'search', 'searchParams', 'hash', 'toJSON',
]) {
  Object.defineProperty(URL.prototype, name, { __proto__: null, enumerable: true });
}
for (const name of ['parse', 'canParse', 'createObjectURL', 'revokeObjectURL']) {
  Object.defineProperty(URL, name, { __proto__: null, enumerable: true });
}
Object.defineProperty(URL.prototype, Symbol.toStringTag, {
  __proto__: null, configurable: true, value: 'URL',
});

/**
 * Whether `value` is to be taken for a WHATWG URL: ours, or one of another implementation. Legacy
 * `Url` objects have `auth` and `path`, URLs never do.
 */
function isURL(value) {
  if (isURLInstance(value)) return true;
  return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);
}

markTransferMode(URL.prototype, kUncloneable);

module.exports = { URL, URLSearchParams, isURL, isURLInstance: (value) => isURLInstance(value) };
