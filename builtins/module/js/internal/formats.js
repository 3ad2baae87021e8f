'use strict';

/**
 * What a URL holds (`module`, `commonjs`, `json`, `builtin`, `wasm` ...) and how it is read when no hook says otherwise.
 * Node docs: "Modules: ECMAScript modules", load; "Modules: Packages", determining module system.
 */

const native = binding('module');
const {
  codes: {
    ERR_IMPORT_ATTRIBUTE_MISSING,
    ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE,
    ERR_IMPORT_ATTRIBUTE_UNSUPPORTED,
    ERR_INVALID_RETURN_PROPERTY_VALUE,
    ERR_INVALID_URL,
    ERR_UNKNOWN_FILE_EXTENSION,
    ERR_UNKNOWN_MODULE_FORMAT,
    ERR_UNSUPPORTED_ESM_URL_SCHEME,
  },
} = require('internal/errors');
const resolver = require('internal/module/resolve');
const { getOptionValue } = require('internal/options');
const fs = require('fs');
const { fileURLToPath, URL } = require('url');

const extensionFormats = {
  '__proto__': null,
  '.cjs': 'commonjs',
  '.cts': 'commonjs-typescript',
  '.json': 'json',
  '.mjs': 'module',
  '.mts': 'module-typescript',
  '.node': 'addon',
  '.wasm': 'wasm',
};

const mimeFormats = {
  '__proto__': null,
  'application/json': 'json',
  'application/wasm': 'wasm',
  'text/javascript': 'module',
};

/** The import attribute `type` that each format asks for; `undefined` for formats unknown to attributes. */
const attributeTypes = {
  '__proto__': null,
  'addon': '',
  'builtin': '',
  'commonjs': '',
  'commonjs-typescript': '',
  'json': 'json',
  'module': '',
  'module-typescript': '',
  'wasm': '',
};

function extensionOfPath(path) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot);
}

/** The format of a TypeScript file: `typescript` leaves it to its text; undefined while type stripping is off. */
function typescriptFormat(filename) {
  if (!require('internal/module/typescript').stripsTypes()) return undefined;
  if (filename.endsWith('.cts')) return 'commonjs-typescript';
  if (filename.endsWith('.mts')) return 'module-typescript';
  const type = resolver.packageType(filename);
  return type === 'none' ? 'typescript' : `${type}-typescript`;
}

/** The magic number of a WebAssembly binary. */
function isWasm(path) {
  let fd;
  try {
    fd = fs.openSync(path, 'r');
    const head = Buffer.alloc(4);
    return fs.readSync(fd, head, 0, 4, 0) === 4 && head.readUInt32LE(0) === 0x6d736100;
  } catch {
    // Whoever reads the file reports what is wrong with it.
    return false;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/**
 * The format of a file by its name and package; undefined when its text has to decide (`.js` or no extension, and a
 * package.json without `type`). `quiet` gives undefined for unknown extensions too, instead of throwing.
 */
function fileFormat(path, quiet) {
  const extension = extensionOfPath(path);
  if (extension === '.js') {
    const type = resolver.packageType(path);
    return type === 'none' ? undefined : type;
  }
  if (extension === '') {
    const type = resolver.packageType(path);
    if (type === 'module') return isWasm(path) ? 'wasm' : 'module';
    if (type === 'none' && isWasm(path)) return 'wasm';
    return type === 'none' ? undefined : 'commonjs';
  }
  if (extension === '.ts' || extension === '.mts' || extension === '.cts') {
    const format = typescriptFormat(path);
    if (format !== undefined) return format;
  }
  const format = extensionFormats[extension];
  if (format !== undefined && !format.endsWith('-typescript')) {
    if (format !== 'addon' || getOptionValue('--experimental-addon-modules')) return format;
  }
  if (quiet) return undefined;
  throw new ERR_UNKNOWN_FILE_EXTENSION(extension, path);
}

function dataFormat(url) {
  const match = /^([^/]+\/[^;,]+)(?:[^,]*?)(?:;base64)?,/.exec(url.pathname);
  const mime = match ? match[1] : null;
  return { format: mime === null ? null : mimeFormats[mime] ?? null, mime };
}

/** The format that `url` has by itself. Throws for what is unknown, unless `quiet`. */
function defaultFormat(url, quiet) {
  switch (url.protocol) {
    case 'file:':
      return fileFormat(fileURLToPath(url), quiet);
    case 'node:':
      return 'builtin';
    case 'data:': {
      const { format, mime } = dataFormat(url);
      if (format === null && !quiet) throw new ERR_UNKNOWN_MODULE_FORMAT(`${mime}`, url.href);
      return format ?? undefined;
    }
    default:
      return undefined;
  }
}

/** What resolution says of the format: null where the text of a file decides, or nobody knows what may come. */
function formatHint(url) {
  const format = defaultFormat(url, true);
  if (format === 'typescript') return null;
  if (format !== undefined) return format;
  if (url.protocol === 'file:') {
    const extension = extensionOfPath(url.pathname);
    return extension === '' || extension === '.js' || extension === '.ts' ? null : undefined;
  }
  return url.protocol === 'data:' ? undefined : null;
}

/** Only these can be loaded without a hook. */
function throwIfUnsupportedScheme(url) {
  if (url.protocol === 'file:' || url.protocol === 'data:' || url.protocol === 'node:') return;
  const schemes = url.protocol === 'http:' || url.protocol === 'https:' ? ['file', 'data'] : ['file', 'data', 'node'];
  throw new ERR_UNSUPPORTED_ESM_URL_SCHEME(url, schemes);
}

/** Checks import attributes against the format; throws ERR_IMPORT_ATTRIBUTE_*. */
function validateAttributes(url, format, attributes) {
  for (const key of Object.keys(attributes)) {
    if (key !== 'type') throw new ERR_IMPORT_ATTRIBUTE_UNSUPPORTED(key, attributes[key], url);
  }
  const wanted = attributeTypes[format];
  const { type } = attributes;
  if (wanted === undefined || wanted === (type ?? '')) return;
  if (wanted === '') {
    if (type !== 'json' && type !== 'css') throw new ERR_IMPORT_ATTRIBUTE_UNSUPPORTED('type', type, url);
    throw new ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE(url, type);
  }
  if (type === undefined) throw new ERR_IMPORT_ATTRIBUTE_MISSING(url, 'type', wanted);
  throw new ERR_IMPORT_ATTRIBUTE_UNSUPPORTED('type', type, url);
}

function dataSource(url) {
  // What follows a question mark is data as well.
  const match = /^[^/,]+\/[^,;]+(?:[^,]*?)(;base64)?,([\s\S]*)$/.exec(url.pathname + url.search);
  if (!match) throw new ERR_INVALID_URL(url.href);
  const body = decodeURIComponent(match[2]);
  return Buffer.from(body, match[1] ? 'base64' : 'utf8');
}

/** The bytes behind a `file:` or `data:` URL; as text when `asText`, which spares a copy. */
function readSource(url, asText) {
  if (url.protocol === 'file:') return fs.readFileSync(fileURLToPath(url), asText ? 'utf8' : undefined);
  if (url.protocol === 'data:') {
    const bytes = dataSource(url);
    return asText ? bytes.toString() : bytes;
  }
  throwIfUnsupportedScheme(url);
  return undefined;
}

/** Whether a text is an ES module although nothing says so: it does not parse as CommonJS but as a module. */
function detectsModule(source, filename) {
  if (getOptionValue('--experimental-detect-module') === false) return false;
  try {
    native.compileFunctionForCJS(withoutHashbang(source), filename);
    return false;
  } catch {
    return native.parsesAsModule(source);
  }
}

/** `#!` lines are no JavaScript inside of a function. Keeps all positions. */
function withoutHashbang(source) {
  return source.startsWith('#!') ? `//${source.slice(2)}` : source;
}

/** Text of a source that a hook may have given as bytes. */
function sourceText(source, url, hook = 'load') {
  if (typeof source === 'string') return source;
  if (source === null || source === undefined) {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string, an ArrayBuffer, or a TypedArray', hook, 'source', source);
  }
  const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
  if (isArrayBufferView(source)) return Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString();
  if (isAnyArrayBuffer(source)) return Buffer.from(source).toString();
  throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string, an ArrayBuffer, or a TypedArray', hook, 'source', source);
}

module.exports = {
  URL,
  defaultFormat,
  detectsModule,
  extensionOfPath,
  fileFormat,
  formatHint,
  readSource,
  sourceText,
  throwIfUnsupportedScheme,
  typescriptFormat,
  validateAttributes,
  withoutHashbang,
};
