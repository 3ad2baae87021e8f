/**
 * The legacy URL API: class Url, its parser, formatter and resolver.
 *
 * It predates the URL standard and differs from it on purpose: hosts of unknown schemes, optional
 * slashes, relative URLs as they are. What it does on odd input is what programs rely on.
 * Node docs: url, "Legacy URL API".
 */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_URL },
} = require('internal/errors');
const { validateObject, validateString } = require('internal/validators');
const { isURLInstance } = require('internal/url/whatwg');
const querystring = require('querystring');

const native = binding('url');

/** Node docs: url.parse, `host` "is limited to 255 characters". */
const HOSTNAME_MAX = 255;

const withColon = (names) => new Set(names.flatMap((name) => [name, `${name}:`]));
/** Never have a host; their text is not escaped either. */
const HOSTLESS = withColon(['javascript']);
/** Always have '//'. */
const SLASHED = withColon(['http', 'https', 'ftp', 'gopher', 'file', 'ws', 'wss']);

const SCHEME = /^[a-z0-9.+-]+:/i;
const PORT = /:[0-9]*$/;
const AUTHORITY_WITH_USER = /^\/\/[^@/]+@[^@/]+/;
const PLAIN_PATH = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/;
const FORBIDDEN_IN_HOST = /[\0\t\n\r #%/:<>?@[\\\]^|]/;
const FORBIDDEN_IN_IPV6 = /[\0\t\n\r #%/<>?@\\^|]/;
/** What does not count at either end: controls and the spaces Node takes for such. */
const EDGES = /^[\0- \xA0\uFEFF]+|[\0- \xA0\uFEFF]+$/g;
/** RFC 2396 calls them unwise; they never stay as they are. */
const UNWISE = /[\t\n\r "'<>\\^`{|}]/g;

function escapeChar(char) {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function Url() {
  this.protocol = null;
  this.slashes = null;
  this.auth = null;
  this.host = null;
  this.port = null;
  this.hostname = null;
  this.hash = null;
  this.search = null;
  this.query = null;
  this.pathname = null;
  this.path = null;
  this.href = null;
}

let warned = false;

/** Warns of `url.parse` once, unless a dependency calls it, which its user cannot help. */
function warnOfParse() {
  if (warned || process.noDeprecation) return;
  if (require('internal/util').isInsideNodeModules()) return;
  warned = true;
  process.emitWarning(
    '`url.parse()` behavior is not standardized and prone to errors that have security ' +
    'implications. Use the WHATWG URL API instead. CVEs are not issued for `url.parse()` ' +
    'vulnerabilities.', 'DeprecationWarning', 'DEP0169');
}

function urlParse(url, parseQueryString, slashesDenoteHost, quiet = false) {
  if (!quiet) warnOfParse();
  if (url instanceof Url) return url;
  const parsed = new Url();
  parsed.parse(url, parseQueryString, slashesDenoteHost);
  return parsed;
}

/** Trims, and turns backslashes before a '?' or '#' into slashes, as browsers do. */
function tidy(text) {
  text = text.replace(EDGES, '');
  const backslash = text.indexOf('\\');
  if (backslash === -1) return text;
  let end = text.search(/[?#]/);
  if (end === -1) end = text.length;
  return text.slice(0, end).replaceAll('\\', '/') + text.slice(end);
}

/** Reads `url` into this object. */
Url.prototype.parse = function parse(url, parseQueryString, slashesDenoteHost) {
  validateString(url, 'url');
  let rest = tidy(url);

  if (!slashesDenoteHost && !rest.includes('#') && !rest.split('?', 1)[0].includes('@')) {
    const plain = PLAIN_PATH.exec(rest);
    if (plain !== null) {
      this.path = rest;
      this.href = rest;
      this.pathname = plain[1];
      setSearch(this, plain[2] ?? null, parseQueryString);
      return this;
    }
  }

  const scheme = SCHEME.exec(rest)?.[0];
  const protocol = scheme?.toLowerCase();
  if (scheme !== undefined) {
    this.protocol = protocol;
    rest = rest.slice(scheme.length);
  }

  let slashes = false;
  if (slashesDenoteHost || scheme !== undefined || AUTHORITY_WITH_USER.test(rest)) {
    slashes = rest.startsWith('//');
    if (slashes && !HOSTLESS.has(protocol)) {
      rest = rest.slice(2);
      this.slashes = true;
    }
  }
  if (!HOSTLESS.has(protocol) && (slashes || (scheme !== undefined && !SLASHED.has(scheme)))) {
    rest = readAuthority(this, rest, url);
  }
  if (!HOSTLESS.has(protocol)) rest = rest.replace(UNWISE, escapeChar);

  const hash = rest.indexOf('#');
  if (hash !== -1) {
    this.hash = rest.slice(hash);
    rest = rest.slice(0, hash);
  }
  const question = rest.indexOf('?');
  setSearch(this, question === -1 ? null : rest.slice(question), parseQueryString);
  const pathname = question === -1 ? rest : rest.slice(0, question);
  if (pathname !== '') this.pathname = pathname;
  if (SLASHED.has(protocol) && this.hostname && !this.pathname) this.pathname = '/';
  setPath(this);
  this.href = this.format();
  return this;
};

function setSearch(target, search, parseQueryString) {
  if (search !== null) {
    target.search = search;
    const query = search.slice(1);
    target.query = parseQueryString ? querystring.parse(query) : query;
  } else if (parseQueryString) {
    target.search = null;
    target.query = { __proto__: null };
  }
}

function setPath(target) {
  if (target.pathname || target.search) {
    target.path = (target.pathname || '') + (target.search || '');
  }
}

/** Reads user, host and port off the front of `rest`; returns what follows. */
function readAuthority(target, rest, url) {
  let end = -1;
  let at = -1;
  scan: for (let i = 0; i < rest.length; i++) {
    switch (rest[i]) {
      case '\t':
      case '\n':
      case '\r':
        // The URL standard drops them, too.
        rest = rest.slice(0, i) + rest.slice(i + 1);
        i--;
        break;
      case ' ': case '"': case '%': case '\'': case ';': case '<': case '>': case '\\': case '^':
      case '`': case '{': case '|': case '}':
        if (end === -1) end = i;
        break;
      case '#': case '/': case '?':
        if (end === -1) end = i;
        break scan;
      case '@':
        // All of it so far was the user.
        at = i;
        end = -1;
        break;
    }
  }
  if (at !== -1) target.auth = decodeURIComponent(rest.slice(0, at));
  target.host = end === -1 ? rest.slice(at + 1) : rest.slice(at + 1, end);
  rest = end === -1 ? '' : rest.slice(end);
  target.parseHost();
  rest = checkHostname(target, rest, url);
  target.host = (target.hostname || '') + (target.port ? `:${target.port}` : '');
  if (target.hostname[0] === '[' && target.hostname.at(-1) === ']') {
    target.hostname = target.hostname.slice(1, -1);
    if (rest[0] !== '/') rest = `/${rest}`;
  }
  return rest;
}

/** Lower case and ASCII. Throws for what cannot be a host. */
function checkHostname(target, rest, url) {
  const hostname = target.hostname ||= '';
  const isIPv6 = hostname[0] === '[' && hostname.at(-1) === ']';
  if (!isIPv6 && hostname.includes(':')) {
    throw new ERR_INVALID_ARG_VALUE('url', 'Invalid port in url', url);
  }
  if (hostname.length > HOSTNAME_MAX) {
    target.hostname = '';
    return rest;
  }
  target.hostname = hostname.toLowerCase();
  if (hostname === '') return rest;
  if (isIPv6) {
    if (FORBIDDEN_IN_IPV6.test(target.hostname)) throw new ERR_INVALID_URL(url);
    return rest;
  }
  if (/[^\0-\x7F]/.test(target.hostname)) target.hostname = native.domainToASCII(target.hostname);
  if (target.hostname === '' || FORBIDDEN_IN_HOST.test(target.hostname)) throw new ERR_INVALID_URL(url);
  return rest;
}

/** Splits `host` into `hostname` and `port`. */
Url.prototype.parseHost = function parseHost() {
  let host = this.host;
  const port = PORT.exec(host)?.[0];
  if (port !== undefined) {
    if (port !== ':') this.port = port.slice(1);
    host = host.slice(0, host.length - port.length);
  }
  if (host) this.hostname = host;
};

function formatAuth(auth) {
  return `${querystring.escape(auth).replaceAll('%3A', ':')}@`;
}

/** The URL as text; takes any object with properties of a Url. */
Url.prototype.format = function format() {
  const auth = this.auth ? formatAuth(this.auth) : '';
  let protocol = this.protocol || '';
  let pathname = this.pathname || '';
  let hash = this.hash || '';
  let host = '';
  if (this.host) {
    host = auth + this.host;
  } else if (this.hostname) {
    const bare = this.hostname.includes(':') && this.hostname[0] !== '[';
    host = auth + (bare ? `[${this.hostname}]` : this.hostname);
    if (this.port) host += `:${this.port}`;
  }
  const query = this.query !== null && typeof this.query === 'object' ?
    querystring.stringify(this.query) : '';
  let search = this.search || (query && `?${query}`) || '';

  if (protocol && !protocol.endsWith(':')) protocol += ':';
  pathname = pathname.replace(/[?#]/g, escapeChar);
  if (this.slashes || SLASHED.has(protocol)) {
    if (this.slashes || host) {
      if (pathname && pathname[0] !== '/') pathname = `/${pathname}`;
      host = `//${host}`;
    } else if (protocol.startsWith('file')) {
      host = '//';
    }
  }
  search = search.replaceAll('#', '%23');
  if (hash && hash[0] !== '#') hash = `#${hash}`;
  if (search && search[0] !== '?') search = `?${search}`;
  return protocol + host + pathname + search + hash;
};

Url.prototype.resolve = function resolve(relative) {
  return this.resolveObject(urlParse(relative, false, true, true)).format();
};

/** What `relative` means from here, as a new Url. */
Url.prototype.resolveObject = function resolveObject(relative) {
  if (typeof relative === 'string') relative = urlParse(relative, false, true, true);
  const result = Object.assign(new Url(), this);
  result.hash = relative.hash;

  if (relative.href === '') return finished(result);
  if (relative.slashes && !relative.protocol) {
    const { protocol } = result;
    Object.assign(result, relative, { protocol });
    if (SLASHED.has(protocol) && result.hostname && !result.pathname) {
      result.path = result.pathname = '/';
    }
    return finished(result);
  }
  if (relative.protocol && relative.protocol !== result.protocol) {
    return finished(otherScheme(result, relative));
  }
  return finished(sameScheme(result, relative));
};

function finished(result) {
  result.href = result.format();
  return result;
}

function otherScheme(result, relative) {
  if (!SLASHED.has(relative.protocol)) return Object.assign(result, relative);
  result.protocol = relative.protocol;
  let host = relative.host;
  let hostname = relative.hostname;
  result.pathname = relative.pathname;
  if (!host && !/^file:?$/.test(relative.protocol)) {
    // 'http:a/b' on its way from another scheme: the first segment is the host.
    const segments = (relative.pathname || '').split('/');
    while (segments.length > 0 && !(host = segments.shift()));
    host ||= '';
    hostname ||= '';
    if (segments[0] !== '') segments.unshift('');
    if (segments.length < 2) segments.unshift('');
    result.pathname = segments.join('/');
  }
  result.search = relative.search;
  result.query = relative.query;
  result.host = host || '';
  result.auth = relative.auth;
  result.hostname = hostname || host;
  result.port = relative.port;
  setPath(result);
  result.slashes = result.slashes || relative.slashes;
  return result;
}

const splitPath = (pathname) => pathname ? pathname.split('/') : [];

function sameScheme(result, relative) {
  const fromIsAbsolute = result.pathname?.[0] === '/';
  const toIsAbsolute = Boolean(relative.host || relative.pathname?.[0] === '/');
  let endAbsolute = Boolean(toIsAbsolute || fromIsAbsolute || (result.host && relative.pathname));
  const dropDots = endAbsolute;
  let from = splitPath(result.pathname);
  let to = splitPath(relative.pathname);
  let toHost = relative.host;
  let toHostname = relative.hostname;
  let toPort = relative.port;

  // Schemes without '//' have their host as the first segment.
  const hostInPath = Boolean(result.protocol && !SLASHED.has(result.protocol));
  if (hostInPath) {
    result.hostname = '';
    result.port = null;
    from = withHost(from, result.host);
    result.host = '';
    if (relative.protocol) {
      toHostname = null;
      toPort = null;
      result.auth = null;
      to = withHost(to, toHost);
      toHost = null;
    }
    endAbsolute = endAbsolute && (to[0] === '' || from[0] === '');
  }

  if (toIsAbsolute) {
    if (toHost || toHost === '') {
      if (result.host !== toHost) result.auth = null;
      result.host = toHost;
      result.port = toPort;
    }
    if (toHostname || toHostname === '') {
      if (result.hostname !== toHostname) result.auth = null;
      result.hostname = toHostname;
    }
    result.search = relative.search;
    result.query = relative.query;
    from = to;
  } else if (to.length > 0) {
    from.pop();
    from = from.concat(to);
    result.search = relative.search;
    result.query = relative.query;
  } else if (relative.search !== null && relative.search !== undefined) {
    if (hostInPath) takeHost(result, from.shift());
    result.search = relative.search;
    result.query = relative.query;
    if (result.pathname !== null || result.search !== null) setPath(result);
    return result;
  }

  if (from.length === 0) {
    result.pathname = null;
    result.path = result.search ? `/${result.search}` : null;
    return result;
  }
  const segments = withoutDots(from, Boolean(result.host || toHost), endAbsolute, dropDots);
  const absolute = segments[0]?.[0] === '/' || segments[0] === '';
  if (hostInPath) takeHost(result, absolute || segments.length === 0 ? '' : segments.shift());
  endAbsolute ||= Boolean(result.host && segments.length > 0);
  if (endAbsolute && !absolute) segments.unshift('');

  if (segments.length === 0) {
    result.pathname = null;
    result.path = null;
  } else {
    result.pathname = segments.join('/');
  }
  if (result.pathname !== null || result.search !== null) {
    result.path = (result.pathname || '') + (result.search || '');
  }
  result.auth = relative.auth || result.auth;
  result.slashes = result.slashes || relative.slashes;
  return result;
}

function withHost(segments, host) {
  if (!host) return segments;
  if (segments[0] === '') return [host, ...segments.slice(1)];
  return [host, ...segments];
}

/** Makes the first segment the host again, with its user. */
function takeHost(result, host) {
  if (host && host.indexOf('@') > 0) [result.auth, host] = host.split('@');
  result.host = host;
  result.hostname = host;
}

/** Resolves '.' and '..' from the end, as many of them as there is something to take away. */
function withoutDots(segments, hasHost, endAbsolute, dropDots) {
  const last = segments.at(-1);
  const trailing = ((hasHost || segments.length > 1) && (last === '.' || last === '..')) || last === '';
  const kept = [];
  let up = 0;
  for (let i = segments.length - 1; i >= 0; i--) {
    if (segments[i] === '.') continue;
    if (segments[i] === '..') up++;
    else if (up > 0) up--;
    else kept.unshift(segments[i]);
  }
  if (!endAbsolute && !dropDots) for (; up > 0; up--) kept.unshift('..');
  if (endAbsolute && kept[0] !== '' && kept[0]?.[0] !== '/') kept.unshift('');
  if (trailing && !kept.join('/').endsWith('/')) kept.push('');
  return kept;
}

/** `url.format`: a string is parsed first; a WHATWG URL takes options. */
function urlFormat(urlObject, options) {
  if (typeof urlObject === 'string') {
    urlObject = urlParse(urlObject, false, false, true);
  } else if (typeof urlObject !== 'object' || urlObject === null) {
    throw new ERR_INVALID_ARG_TYPE('urlObject', ['Object', 'string'], urlObject);
  } else if (isURLInstance(urlObject)) {
    return formatURL(urlObject, options);
  }
  return Url.prototype.format.call(urlObject);
}

function formatURL(url, options) {
  const wanted = { fragment: true, unicode: false, search: true, auth: true };
  if (options) {
    validateObject(options, 'options');
    for (const key of Object.keys(wanted)) {
      if (options[key] !== null && options[key] !== undefined) wanted[key] = Boolean(options[key]);
    }
  }
  const { protocol, username, password, port, pathname } = url;
  let { hostname } = url;
  let out = protocol;
  if (url.href.startsWith('//', protocol.length)) {
    out += '//';
    if (wanted.auth && (username || password)) {
      out += password ? `${username}:${password}@` : `${username}@`;
    }
    if (wanted.unicode && hostname !== '') hostname = native.domainToUnicode(hostname);
    out += hostname;
    if (port !== '') out += `:${port}`;
  } else if (pathname.startsWith('//')) {
    out += '/.';
  }
  out += pathname;
  if (wanted.search) out += url.search;
  if (wanted.fragment) out += url.hash;
  return out;
}

module.exports = { Url, urlFormat, urlParse };
