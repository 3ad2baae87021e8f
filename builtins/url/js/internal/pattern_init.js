/**
 * What a URLPattern is made of: components from a string or an object, made canonical.
 * Standard: https://urlpattern.spec.whatwg.org, sections 1.6, 3 and 4.
 */
'use strict';

const { URL } = require('internal/url/whatwg');
const { compileComponent, escapePattern, tokenize } = require('internal/url/pattern_parser');

const native = binding('url');
const offsets = new Uint32Array(9);

const COMPONENTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];
const DEFAULT_OPTIONS = { delimiter: '', prefix: '', ignoreCase: false };
const SPECIAL_PORTS = new Map([
  ['ftp', '21'], ['file', ''], ['http', '80'], ['https', '443'], ['ws', '80'], ['wss', '443'],
]);

// Parts of binding.update.
const PART_HOSTNAME = 4;
const PART_PORT = 5;

function dummyWith(part, value, scheme = 'https') {
  if (native.update(`${scheme}://dummy.invalid/`, part, value, offsets) === undefined) {
    throw new TypeError('Invalid pattern: bad component');
  }
}

const canonicalize = {
  __proto__: null,

  protocol(value) {
    if (value === '') return '';
    const url = URL.parse(`${value}://dummy.invalid/`);
    if (url === null) throw new TypeError('Invalid pattern: bad protocol');
    return url.protocol.slice(0, -1);
  },

  username(value) {
    const url = new URL('https://dummy.invalid/');
    url.username = value;
    return url.username;
  },

  password(value) {
    const url = new URL('https://dummy.invalid/');
    url.password = value;
    return url.password;
  },

  hostname(value) {
    if (value === '') return '';
    dummyWith(PART_HOSTNAME, value);
    const url = new URL('https://dummy.invalid/');
    url.hostname = value;
    return url.hostname;
  },

  opaqueHostname(value) {
    if (value === '') return '';
    dummyWith(PART_HOSTNAME, value, 'x');
    const url = new URL('x://dummy.invalid/');
    url.hostname = value;
    return url.hostname;
  },

  ipv6Hostname(value) {
    if (/[^0-9A-Fa-f[\]:]/.test(value)) throw new TypeError('Invalid pattern: bad IPv6 address');
    return value.toLowerCase();
  },

  port(value, protocol) {
    if (value === '') return '';
    // A scheme that is a pattern has no port of its own.
    const scheme = protocol && SPECIAL_PORTS.has(protocol) && protocol !== 'file' ? protocol : 'x';
    dummyWith(PART_PORT, value, scheme);
    const url = new URL(`${scheme}://dummy.invalid/`);
    url.port = value;
    return url.port;
  },

  pathname(value) {
    if (value === '') return '';
    // Without its slash the text is a piece of a path: the parser must not add one.
    const whole = value[0] === '/' ? value : `/-${value}`;
    const url = new URL('https://dummy.invalid/');
    url.pathname = whole;
    return value[0] === '/' ? url.pathname : url.pathname.slice(2);
  },

  opaquePathname(value) {
    if (value === '') return '';
    return new URL(`x:${value}`).pathname;
  },

  search(value) {
    if (value === '') return '';
    const url = new URL('https://dummy.invalid/');
    // The setter takes one '?' away.
    url.search = `?${value}`;
    return url.search.slice(1);
  },

  hash(value) {
    if (value === '') return '';
    const url = new URL('https://dummy.invalid/');
    url.hash = `#${value}`;
    return url.hash.slice(1);
  },
};

const isSpecialOrEmpty = (protocol) => protocol === '' || protocol === undefined || SPECIAL_PORTS.has(protocol);

/** How each component of an init is read for matching; for a pattern it stays text. */
function processComponent(name, value, protocol, isPattern) {
  if (name === 'protocol' && value.endsWith(':')) value = value.slice(0, -1);
  if (name === 'search' && value[0] === '?') value = value.slice(1);
  if (name === 'hash' && value[0] === '#') value = value.slice(1);
  if (isPattern) return value;
  if (name === 'port') return canonicalize.port(value, protocol);
  if (name === 'pathname' && !isSpecialOrEmpty(protocol)) return canonicalize.opaquePathname(value);
  return canonicalize[name](value);
}

function isAbsolutePathname(value, isPattern) {
  if (value[0] === '/') return true;
  return isPattern && (value.startsWith('\\/') || value.startsWith('{/'));
}

/** Standard: "process a URLPatternInit". */
function processInit(init, isPattern) {
  const result = {};
  if (!isPattern) for (const name of COMPONENTS) result[name] = '';
  let base = null;
  if (init.baseURL !== undefined) {
    base = URL.parse(init.baseURL);
    if (base === null) throw new TypeError('Invalid pattern: bad base URL');
    inherit(result, init, base, isPattern);
  }
  for (const name of COMPONENTS) {
    let value = init[name];
    if (value === undefined) continue;
    if (name === 'pathname' && base !== null && !isAbsolutePathname(value, isPattern)) {
      const path = isPattern ? escapePattern(base.pathname) : base.pathname;
      const slash = base.pathname.startsWith('/') ? path.lastIndexOf('/') : -1;
      if (slash >= 0) value = path.slice(0, slash + 1) + value;
    }
    result[name] = processComponent(name, value, result.protocol, isPattern);
  }
  return result;
}

/** Takes from the base what `init` leaves open, up to the first component it does not. */
function inherit(result, init, base, isPattern) {
  const text = (value) => isPattern ? escapePattern(value) : value;
  const none = (...names) => names.every((name) => init[name] === undefined);
  if (none('protocol')) result.protocol = text(base.protocol.slice(0, -1));
  if (!isPattern && none('protocol', 'hostname', 'port', 'username')) {
    result.username = base.username;
    if (none('password')) result.password = base.password;
  }
  if (!none('protocol', 'hostname')) return;
  result.hostname = text(base.hostname);
  if (!none('port')) return;
  result.port = base.port;
  if (!none('pathname')) return;
  result.pathname = text(base.pathname);
  if (!none('search')) return;
  result.search = text(base.search.slice(1));
  if (none('hash')) result.hash = text(base.hash.slice(1));
}

function matchesSpecialScheme(protocol) {
  for (const scheme of SPECIAL_PORTS.keys()) if (protocol.regexp.test(scheme)) return true;
  return false;
}

/** Standard: "constructor string parser"; methods are named after its algorithms. */
class ConstructorStringParser {
  constructor(input) {
    const { chars, tokens } = tokenize(input, true);
    this.chars = chars;
    this.tokens = tokens;
    this.result = {};
    this.start = 0;
    this.index = 0;
    this.increment = 1;
    this.groupDepth = 0;
    this.bracketDepth = 0;
    this.special = false;
    this.state = 'init';
  }

  parse() {
    for (; this.index < this.tokens.length; this.index += this.increment) {
      this.increment = 1;
      const { type } = this.tokens[this.index];
      if (type === 'end') {
        if (this.state === 'init') {
          this.rewind();
          if (this.is('#')) this.change('hash', 1);
          else if (this.isSearchPrefix()) this.change('search', 1);
          else this.change('pathname', 0);
          continue;
        }
        if (this.state === 'authority') {
          this.rewind('hostname');
          continue;
        }
        this.change('done', 0);
        break;
      }
      if (type === 'open') {
        this.groupDepth++;
        continue;
      }
      if (this.groupDepth > 0) {
        if (type !== 'close') continue;
        this.groupDepth--;
      }
      this.step();
    }
    if (this.result.hostname !== undefined) this.result.port ??= '';
    return this.result;
  }

  step() {
    switch (this.state) {
      case 'init':
        if (this.is(':')) this.rewind('protocol');
        break;
      case 'protocol':
        if (this.is(':')) this.endProtocol();
        break;
      case 'authority':
        if (this.is('@')) this.rewind('username');
        else if (this.is('/') || this.isSearchPrefix() || this.is('#')) this.rewind('hostname');
        break;
      case 'username':
        if (this.is(':')) this.change('password', 1);
        else if (this.is('@')) this.change('hostname', 1);
        break;
      case 'password':
        if (this.is('@')) this.change('hostname', 1);
        break;
      case 'hostname':
        if (this.is('[')) this.bracketDepth++;
        else if (this.is(']')) this.bracketDepth--;
        else if (this.is(':') && this.bracketDepth === 0) this.change('port', 1);
        else this.endAuthority();
        break;
      case 'port':
        this.endAuthority();
        break;
      case 'pathname':
        if (this.isSearchPrefix()) this.change('search', 1);
        else if (this.is('#')) this.change('hash', 1);
        break;
      case 'search':
        if (this.is('#')) this.change('hash', 1);
        break;
    }
  }

  endProtocol() {
    const protocol = compileComponent(this.component(), canonicalize.protocol, DEFAULT_OPTIONS);
    this.special = matchesSpecialScheme(protocol);
    if (this.is('/', this.index + 1) && this.is('/', this.index + 2)) this.change('authority', 3);
    else this.change(this.special ? 'authority' : 'pathname', 1);
  }

  endAuthority() {
    if (this.is('/')) this.change('pathname', 0);
    else if (this.isSearchPrefix()) this.change('search', 1);
    else if (this.is('#')) this.change('hash', 1);
  }

  tokenAt(index) {
    return this.tokens[Math.min(index, this.tokens.length - 1)];
  }

  /** Whether the token is that character, and not part of the pattern's syntax. */
  is(char, index = this.index) {
    const { type, value } = this.tokenAt(index);
    return value === char && (type === 'char' || type === 'escaped-char' || type === 'invalid-char');
  }

  /** A '?' starts the search unless it is the modifier of a group. */
  isSearchPrefix() {
    if (this.is('?')) return true;
    if (this.tokens[this.index].value !== '?') return false;
    if (this.index === 0) return true;
    return !['name', 'regexp', 'close', 'asterisk'].includes(this.tokenAt(this.index - 1).type);
  }

  component() {
    return this.chars.slice(this.tokenAt(this.start).index, this.tokens[this.index].index).join('');
  }

  rewind(state = this.state) {
    this.index = this.start;
    this.increment = 0;
    this.state = state;
  }

  change(state, skip) {
    const { result } = this;
    const from = this.state;
    if (from !== 'init' && from !== 'authority') result[from] = this.component();
    if (from !== 'init' && state !== 'done') {
      // What was skipped is empty, it does not match anything.
      const order = ['protocol', 'authority', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];
      const at = order.indexOf(from);
      const to = order.indexOf(state);
      if (at <= 3 && to >= 5) result.hostname ??= '';
      if (at <= 5 && to >= 7) result.pathname ??= this.special ? '/' : '';
      if (at <= 6 && to === 8) result.search ??= '';
    }
    this.state = state;
    this.index += skip;
    this.start = this.index;
    this.increment = 0;
  }
}

/** Compiles the eight components of a pattern. */
function compilePattern(input, baseURL, ignoreCase) {
  let init = input;
  if (typeof input === 'string') {
    init = new ConstructorStringParser(input).parse();
    if (baseURL === undefined && init.protocol === undefined) {
      throw new TypeError('Invalid pattern: a relative pattern needs a base URL');
    }
    if (baseURL !== undefined) init.baseURL = baseURL;
  } else if (baseURL !== undefined) {
    throw new TypeError('Invalid pattern: the base URL belongs into the object');
  }
  const processed = processInit(init, true);
  for (const name of COMPONENTS) processed[name] ??= '*';
  const port = SPECIAL_PORTS.get(processed.protocol);
  if (port !== undefined && processed.port === port) processed.port = '';

  const out = {};
  out.protocol = compileComponent(processed.protocol, canonicalize.protocol, DEFAULT_OPTIONS);
  const special = matchesSpecialScheme(out.protocol);
  const insensitive = { ...DEFAULT_OPTIONS, ignoreCase };
  for (const name of ['username', 'password']) {
    out[name] = compileComponent(processed[name], canonicalize[name], DEFAULT_OPTIONS);
  }
  const hostnameEncoder = /^[\\{]?\[/.test(processed.hostname) ? canonicalize.ipv6Hostname :
    special ? canonicalize.hostname : canonicalize.opaqueHostname;
  out.hostname = compileComponent(
    processed.hostname, hostnameEncoder, { ...DEFAULT_OPTIONS, delimiter: '.' });
  out.port = compileComponent(processed.port, (value) => canonicalize.port(value), DEFAULT_OPTIONS);
  out.pathname = special ?
    compileComponent(processed.pathname, canonicalize.pathname, { delimiter: '/', prefix: '/', ignoreCase }) :
    compileComponent(processed.pathname, canonicalize.opaquePathname, insensitive);
  for (const name of ['search', 'hash']) {
    out[name] = compileComponent(processed[name], canonicalize[name], insensitive);
  }
  return out;
}

module.exports = { COMPONENTS, compilePattern, processInit };
