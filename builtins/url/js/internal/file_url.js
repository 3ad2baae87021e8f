/**
 * File URLs to paths and back, and URLs to options of `http.request`.
 * Node docs: url.fileURLToPath, url.pathToFileURL, url.urlToHttpOptions.
 */
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_FILE_URL_HOST,
    ERR_INVALID_FILE_URL_PATH, ERR_INVALID_URL_SCHEME,
  },
} = require('internal/errors');
const { validateObject, validateString } = require('internal/validators');
const { URL, isURL } = require('internal/url/whatwg');
const path = require('path');

/** Characters a path may hold that a URL would take for something else, or other tools would. */
const PATH_ESCAPES = /[%\\\n\r\t?#~[\]^|]/g;

function toFileURL(value) {
  if (typeof value === 'string') value = new URL(value);
  else if (!isURL(value)) throw new ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], value);
  if (value.protocol !== 'file:') throw new ERR_INVALID_URL_SCHEME('file');
  return value;
}

/** The path of a file URL; `options.windows` asks for one of Windows. */
function fileURLToPath(value, options = undefined) {
  const url = toFileURL(value);
  return options?.windows ? windowsPath(url, decodeURIComponent) : posixPath(url);
}

function posixPath(url) {
  if (url.hostname !== '') throw new ERR_INVALID_FILE_URL_HOST(process.platform);
  const { pathname } = url;
  if (!pathname.includes('%')) return pathname;
  if (/%2f/i.test(pathname)) {
    throw new ERR_INVALID_FILE_URL_PATH('must not include encoded / characters', url);
  }
  return decodeURIComponent(pathname);
}

function windowsPath(url, decode) {
  let { pathname } = url;
  if (/%2f|%5c/i.test(pathname)) {
    throw new ERR_INVALID_FILE_URL_PATH('must not include encoded \\ or / characters', url);
  }
  pathname = decode(pathname.replaceAll('/', '\\'));
  const { hostname } = url;
  if (hostname !== '') return `\\\\${require('url').domainToUnicode(hostname)}${pathname}`;
  if (!/^.[A-Za-z]:/.test(pathname)) {
    throw new ERR_INVALID_FILE_URL_PATH('must be absolute', url);
  }
  return pathname.slice(1);
}

/** As fileURLToPath, but as bytes: escapes need not be UTF-8. */
function fileURLToPathBuffer(value, options = undefined) {
  const url = toFileURL(value);
  const { unescapeBuffer } = require('querystring');
  if (options?.windows) {
    // Byte by byte: Latin-1 holds any.
    const text = windowsPath(url, (pathname) => unescapeBuffer(pathname).latin1Slice());
    return Buffer.from(text, 'latin1');
  }
  if (url.hostname !== '') throw new ERR_INVALID_FILE_URL_HOST(process.platform);
  return unescapeBuffer(url.pathname);
}

function escapePath(text) {
  return text.replace(PATH_ESCAPES, (char) =>
    `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** The file URL of a path, which is resolved first; a trailing slash stays. */
function pathToFileURL(filepath, options = undefined) {
  validateString(filepath, 'path');
  const windows = options?.windows === true;
  if (windows && filepath.startsWith('\\\\')) {
    const unc = uncToFileURL(filepath);
    if (unc !== undefined) return unc;
    filepath = filepath.slice(4);
  }
  let resolved = (windows ? path.win32 : path).resolve(filepath);
  const last = filepath[filepath.length - 1];
  if ((last === '/' || (windows && last === '\\')) && resolved[resolved.length - 1] !== last) {
    resolved += windows ? '\\' : '/';
  }
  // A slash before a drive letter is not part of the path.
  if (windows) resolved = `/${resolved.replaceAll('\\', '/')}`;
  return new URL(`file://${escapePath(resolved)}`);
}

/** The URL of '\\server\share…'; undefined for '\\?\C:\…', which is a plain path with a prefix. */
function uncToFileURL(filepath) {
  const isExtended = filepath.startsWith('\\\\?\\UNC\\');
  if (!isExtended && filepath.startsWith('\\\\?\\')) return undefined;
  const start = isExtended ? 8 : 2;
  const end = filepath.indexOf('\\', start);
  if (end === -1) throw new ERR_INVALID_ARG_VALUE('path', filepath, 'Missing UNC resource path');
  if (end === 2) throw new ERR_INVALID_ARG_VALUE('path', filepath, 'Empty UNC servername');
  const url = new URL('file://');
  url.hostname = filepath.slice(start, end);
  url.pathname = escapePath(filepath.slice(end).replaceAll('\\', '/'));
  return url;
}

/** An options object for `http.request` with what `url` says. */
function urlToHttpOptions(url) {
  validateObject(url, 'url', require('internal/validators').kValidateObjectAllowObjects);
  const { hostname, pathname, port, username, password, search } = url;
  const options = {
    __proto__: null,
    ...url, // in case somebody has put more on it
    protocol: url.protocol,
    hostname: hostname?.[0] === '[' ? hostname.slice(1, -1) : hostname,
    hash: url.hash,
    search,
    pathname,
    path: `${pathname || ''}${search || ''}`,
    href: url.href,
  };
  if (port !== '') options.port = Number(port);
  if (username || password) {
    options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  }
  return options;
}

module.exports = { fileURLToPath, fileURLToPathBuffer, pathToFileURL, urlToHttpOptions };
