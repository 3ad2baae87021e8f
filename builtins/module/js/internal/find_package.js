'use strict';

/** `module.findPackageJSON()`. Node docs: "Modules: node:module API". */

const native = binding('module');
const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS } } = require('internal/errors');
const resolver = require('internal/module/resolve');
const { validateString } = require('internal/validators');
const path = require('path');
const { fileURLToPath, pathToFileURL, URL } = require('url');

const isUrl = (value) => value instanceof URL || (typeof value === 'string' && URL.canParse(value) && !path.isAbsolute(value));

function pathOf(value) {
  return isUrl(value) ? fileURLToPath(value) : path.resolve(value);
}

/**
 * The package.json of a package: for a bare specifier that of the package's folder as seen from `base`; for a relative or
 * absolute one the nearest above the file.
 */
function findPackageJSON(specifier, base, argumentCount) {
  if (argumentCount === 0) throw new ERR_MISSING_ARGS('specifier');
  if (!(specifier instanceof URL)) {
    try {
      validateString(specifier, 'specifier');
    } catch {
      throw new ERR_INVALID_ARG_TYPE('specifier', ['string', 'URL'], specifier);
    }
  }
  const text = `${specifier}`;
  let parent;
  if (argumentCount > 1) {
    if (typeof base !== 'string' && !(base instanceof URL)) throw new ERR_INVALID_ARG_TYPE('base', ['string', 'URL'], base);
    parent = base === 'data:' ? undefined : pathOf(base);
  }
  const relative = text.startsWith('./') || text.startsWith('../') || text === '.' || text === '..';
  if (relative || path.isAbsolute(text) || isUrl(specifier)) {
    let target;
    if (relative) {
      if (parent === undefined) throw new ERR_INVALID_ARG_VALUE('base', base, 'is required for relative specifiers');
      target = fileURLToPath(new URL(text, pathToFileURL(parent)));
      if (text === '.' || text === '..' || text.endsWith('/')) target = path.join(target, 'noop');
    } else {
      target = pathOf(specifier);
    }
    if (native.stat(target) === 1) target = path.join(target, 'noop');
    return resolver.packageScope(target)?.path;
  }
  const match = /^((?:@[^/\\%]+\/)?[^./\\%][^/\\%]*)/.exec(text);
  if (match === null || parent === undefined) return undefined;
  const self = resolver.packageScope(parent);
  if (self?.name === match[1] && self.exports !== undefined) return self.path;
  const folder = native.stat(parent) === 1 ? parent : path.dirname(parent);
  for (const place of require('internal/module/cjs').Module._nodeModulePaths(folder)) {
    const candidate = path.join(place, match[1], 'package.json');
    if (native.stat(candidate) === 0) return candidate;
  }
  const error = new (require('internal/errors').codes.ERR_MODULE_NOT_FOUND)(match[1], parent);
  throw error;
}

module.exports = { findPackageJSON };
