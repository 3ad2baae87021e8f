/**
 * `node:url`: the WHATWG classes, file URLs, and the legacy API (compiled on first use).
 * Node docs: url.
 */
'use strict';

const { codes: { ERR_MISSING_ARGS } } = require('internal/errors');
const { defineLazyProperties } = require('internal/util');
const { URL, URLSearchParams } = require('internal/url/whatwg');
const {
  fileURLToPath, fileURLToPathBuffer, pathToFileURL, urlToHttpOptions,
} = require('internal/url/file_url');

const native = binding('url');

const legacy = () => require('internal/url/legacy');

/** Deprecated (DEP0169), but not going away. Node docs: url.parse. */
function urlParse(url, parseQueryString, slashesDenoteHost) {
  return legacy().urlParse(url, parseQueryString, slashesDenoteHost);
}

function urlResolve(source, relative) {
  return legacy().urlParse(source, false, true, true).resolve(relative);
}

function urlResolveObject(source, relative) {
  if (!source) return relative;
  return legacy().urlParse(source, false, true, true).resolveObject(relative);
}

function urlFormat(urlObject, options) {
  return legacy().urlFormat(urlObject, options);
}

/** The ASCII form of a domain; '' if it is none. */
function domainToASCII(domain) {
  if (arguments.length < 1) throw new ERR_MISSING_ARGS('domain');
  return native.domainToASCII(`${domain}`);
}

/** The Unicode form of a domain; '' if it is none. */
function domainToUnicode(domain) {
  if (arguments.length < 1) throw new ERR_MISSING_ARGS('domain');
  return native.domainToUnicode(`${domain}`);
}

module.exports = {};
defineLazyProperties(module.exports, 'internal/url/legacy', ['Url']);
Object.assign(module.exports, {
  parse: urlParse,
  resolve: urlResolve,
  resolveObject: urlResolveObject,
  format: urlFormat,
  URL,
});
defineLazyProperties(module.exports, 'internal/url/pattern', ['URLPattern']);
Object.assign(module.exports, {
  URLSearchParams,
  domainToASCII,
  domainToUnicode,
  pathToFileURL,
  fileURLToPath,
  fileURLToPathBuffer,
  urlToHttpOptions,
});
