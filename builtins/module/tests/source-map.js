'use strict';

// SourceMap decodes mappings: findEntry() counts from 0, findOrigin() from 1.
const assert = require('node:assert');
const { SourceMap } = require('node:module');

const map = new SourceMap({ version: 3, sources: ['a.ts'], names: ['f'], mappings: 'AAAA;AACA,IAAIA' });
assert.deepStrictEqual({ ...map.findEntry(1, 5) }, {
  generatedLine: 1, generatedColumn: 4, originalSource: 'a.ts', originalLine: 1, originalColumn: 4, name: 'f',
});
assert.deepStrictEqual({ ...map.findOrigin(2, 6) }, { name: 'f', fileName: 'a.ts', lineNumber: 2, columnNumber: 6 });
assert.throws(() => new SourceMap('x'), { code: 'ERR_INVALID_ARG_TYPE' });
