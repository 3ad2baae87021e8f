'use strict';

// Failures of import() say who asked for what.
const assert = require('node:assert');
const { pathToFileURL } = require('node:url');

(async () => {
  await assert.rejects(import('./nope.mjs'), {
    code: 'ERR_MODULE_NOT_FOUND',
    message: `Cannot find module '${__dirname}/nope.mjs' imported from ${__filename}`,
    url: pathToFileURL(`${__dirname}/nope.mjs`).href,
  });
  await assert.rejects(import('no-such-package'), {
    code: 'ERR_MODULE_NOT_FOUND',
    message: `Cannot find package 'no-such-package' imported from ${__filename}`,
  });
  await assert.rejects(import('./fixtures'), { code: 'ERR_UNSUPPORTED_DIR_IMPORT' });
  await assert.rejects(import('./fixtures/data.json'), { code: 'ERR_IMPORT_ATTRIBUTE_MISSING' });
  await assert.rejects(import('./fixtures/esm/counter.mjs', { with: { type: 'json' } }), {
    code: 'ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE',
  });
  await assert.rejects(import('node:nope'), { code: 'ERR_UNKNOWN_BUILTIN_MODULE' });
  await assert.rejects(import('http://example.org/'), { code: 'ERR_UNSUPPORTED_ESM_URL_SCHEME' });
  await assert.rejects(import('data:text/plain,x'), { code: 'ERR_UNKNOWN_MODULE_FORMAT' });
  await assert.rejects(import('data:text/javascript,import { nope } from "node:fs"'), {
    name: 'SyntaxError',
    message: "The requested module 'node:fs' does not provide an export named 'nope'",
  });
})();
