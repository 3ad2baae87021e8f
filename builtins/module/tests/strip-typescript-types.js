'use strict';

// module.stripTypeScriptTypes()

const assert = require('node:assert');
const { stripTypeScriptTypes } = require('node:module');

assert.strictEqual(stripTypeScriptTypes('const é: string = "日本" as any;'), 'const é         = "日本"       ;');
assert.strictEqual(stripTypeScriptTypes('let a: b;', { sourceUrl: 'x.ts' }), 'let a   ;\n\n//# sourceURL=x.ts');
assert.throws(() => stripTypeScriptTypes('enum A { B }'), { code: 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' });
assert.throws(() => stripTypeScriptTypes('let a: = 1'), { code: 'ERR_INVALID_TYPESCRIPT_SYNTAX' });
assert.throws(() => stripTypeScriptTypes(1), { code: 'ERR_INVALID_ARG_TYPE' });
assert.throws(() => stripTypeScriptTypes('', { mode: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });
assert.throws(() => stripTypeScriptTypes('', { sourceMap: true }), { code: 'ERR_INVALID_ARG_VALUE' });
