'use strict';

/**
 * The door to the Rust resolver: options, results and their Node errors.
 *
 * The binding answers with a path, `undefined` (not found), or `false` when it has an error, which `takeError()` describes
 * as `[kind, ...details]`. Warnings met on the way arrive through `setNoticeHandler`.
 */

const native = binding('module');
const { codes } = require('internal/errors');
const { builtinModules, plainIds } = require('internal/module/builtins');
const { getOptionValue } = require('internal/options');

let requireConditions;
let importConditions;
let preserveSymlinks;
let preserveSymlinksMain;

/** Reads the options that steer resolution, once, and hands the lists of names to Rust. */
function initialize() {
  const user = getOptionValue('--conditions') ?? [];
  const refused = getOptionValue('--addons') === false ||
    (getOptionValue('--permission') === true && getOptionValue('--allow-addons') !== true);
  const addons = refused ? [] : ['node-addons'];
  const esmRequire = getOptionValue('--require-module') === false || getOptionValue('--experimental-require-module') === false ? [] : ['module-sync'];
  requireConditions = Object.freeze(['node', 'require', ...esmRequire, ...addons, ...user]);
  importConditions = Object.freeze(['node', 'import', ...esmRequire, ...addons, ...user]);
  preserveSymlinks = Boolean(getOptionValue('--preserve-symlinks'));
  preserveSymlinksMain = Boolean(getOptionValue('--preserve-symlinks-main'));
  native.configure(requireConditions, importConditions, plainIds);
  native.setNoticeHandler(notice);
}

initialize();

const kNoBase = undefined;
const fileUrl = (path) => require('url').pathToFileURL(path).href;
/** The Node tables write "in the folder", with a slash: `/a/package.json` -> `/a/`. */
const folderOf = (packageJson) => packageJson.slice(0, -'package.json'.length);

/**
 * The Node error for what the resolver refused. `style` is 'require' or 'import': the two word some of them differently.
 */
function toError([kind, ...detail], style) {
  switch (kind) {
    case 'DirectoryImport': {
      const [path, base] = detail;
      return new codes.ERR_UNSUPPORTED_DIR_IMPORT(path, base, fileUrl(path));
    }
    case 'ImportNotDefined': {
      const [specifier, packageJson, base] = detail;
      return new codes.ERR_PACKAGE_IMPORT_NOT_DEFINED(specifier, packageJson && folderOf(packageJson), base);
    }
    case 'InvalidPackageConfig': {
      const [packageJson, base, reason] = detail;
      // What the JSON parser says differs from parser to parser; Node leaves it out.
      const shown = reason.startsWith('"exports"') ? reason : undefined;
      const error = new codes.ERR_INVALID_PACKAGE_CONFIG(packageJson, base, shown);
      if (shown === undefined) error.message += '.';
      return error;
    }
    case 'InvalidPackageTarget': {
      const [packageJson, key, target, imports, base] = detail;
      return new codes.ERR_INVALID_PACKAGE_TARGET(folderOf(packageJson), key, target, imports, base);
    }
    case 'InvalidSpecifier': {
      const [specifier, reason, base] = detail;
      const shown = style === 'require' && reason.startsWith('must not') ? `file://${specifier}` : specifier;
      return new codes.ERR_INVALID_MODULE_SPECIFIER(shown, reason, base);
    }
    case 'MainNotFound': {
      const [mainPath, packageJson, request] = detail;
      const error = new Error(`Cannot find module '${mainPath}'. Please verify that the package.json has a valid "main" entry`);
      error.code = 'MODULE_NOT_FOUND';
      error.path = packageJson;
      error.requestPath = request;
      return error;
    }
    case 'ModuleNotFound': {
      const [path, base] = detail;
      return new codes.ERR_MODULE_NOT_FOUND(path, base, fileUrl(path));
    }
    case 'PackageNotFound': {
      const [name, base] = detail;
      return new codes.ERR_MODULE_NOT_FOUND(name, base);
    }
    case 'PathNotExported': {
      const [folder, subpath, base] = detail;
      return new codes.ERR_PACKAGE_PATH_NOT_EXPORTED(`${folder}/`, subpath, base);
    }
    default:
      return new codes.ERR_INTERNAL_ASSERTION(`unknown resolution failure ${kind}`);
  }
}

/** `MODULE_NOT_FOUND` for a file that `exports` or `imports` named and that is not there. */
function notFoundForRequire(request, packageJson) {
  const error = new Error(`Cannot find module '${request}'`);
  error.code = 'MODULE_NOT_FOUND';
  if (packageJson) error.path = packageJson;
  return error;
}

const warnedNotices = new Set();

/** Turns a notice of the resolver into the deprecation warning that Node gives, once for each package and key. */
function notice(kind, ...detail) {
  if (process.noDeprecation) return;
  // A trailing slash is worth one warning per package and specifier, whoever asks.
  const key = kind === 'TrailingSlash' ? `${kind} ${detail[0]} ${detail[1]}` : `${kind} ${detail.join(' ')}`;
  if (warnedNotices.has(key)) return;
  warnedNotices.add(key);
  switch (kind) {
    case 'InvalidMain': {
      const [packageJson, main] = detail;
      process.emitWarning(`Invalid 'main' field in '${packageJson}' of '${main}'. ` +
        'Please either fix that or report it to the module author', 'DeprecationWarning', 'DEP0128');
      break;
    }
    case 'DoubleSlash': {
      const [target, request, match, packageJson, imports, base] = detail;
      const slash = /\/\//.test(target) ? 'double slash' : 'leading or trailing slash matching';
      process.emitWarning(`Use of deprecated ${slash} resolving "${target}" for module request "${request}" ` +
        `${request === match ? '' : `matched to "${match}" `}in the "${imports ? 'imports' : 'exports'}" field module ` +
        `resolution of the package at ${packageJson}${base ? ` imported from ${base}` : ''}.`, 'DeprecationWarning', 'DEP0166');
      break;
    }
    case 'TrailingSlash': {
      if (!getOptionValue('--pending-deprecation')) return;
      const [match, packageJson, base] = detail;
      process.emitWarning(`Use of deprecated trailing slash pattern mapping "${match}" in the "exports" field module ` +
        `resolution of the package at ${packageJson}${base ? ` imported from ${base}` : ''}. Mapping specifiers ending in ` +
        '"/" is no longer supported.', 'DeprecationWarning', 'DEP0155');
      break;
    }
    case 'LegacyMain': {
      const [packageJson, main, found, base] = detail;
      const folder = folderOf(packageJson);
      // Only ES modules will have to say their whole name.
      if (!found.endsWith('.mjs') && !(found.endsWith('.js') && packageType(found) === 'module')) break;
      const from = base ? `, imported from ${base}` : '';
      if (!main) {
        process.emitWarning(`No "main" or "exports" field defined in the package.json for ${folder} resolving the main ` +
          `entry point "${found.slice(folder.length)}"${from}.\nDefault "index" lookups for the main are deprecated for ES ` +
          'modules.', 'DeprecationWarning', 'DEP0151');
      } else {
        process.emitWarning(`Package ${folder} has a "main" field set to "${main}", excluding the full filename and ` +
          `extension to the resolved file at "${found.slice(folder.length)}"${from}.\n Automatic extension resolution of ` +
          'the "main" field is deprecated for ES modules.', 'DeprecationWarning', 'DEP0151');
      }
      break;
    }
  }
}

/** The package.json that a path belongs to: `{ path, name, type, main, exports, imports }`, or undefined. */
function packageScope(path) {
  const found = native.packageScope(path);
  if (found === false) throw toError(native.takeError(), 'import');
  return found;
}

/** The `type` that holds for a path: 'module', 'commonjs' or 'none'. */
function packageType(path) {
  const type = native.packageType(path);
  if (type === false) throw toError(native.takeError(), 'import');
  return type;
}

module.exports = {
  builtinModules,
  get importConditions() { return importConditions; },
  get preserveSymlinks() { return preserveSymlinks; },
  get preserveSymlinksMain() { return preserveSymlinksMain; },
  get requireConditions() { return requireConditions; },
  kNoBase,
  notFoundForRequire,
  packageScope,
  packageType,
  toError,
};
