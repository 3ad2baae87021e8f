'use strict';

// TypeScript files run without their types, with the positions of the source.

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'typescript-'));
const write = (name, text) => {
  const file = path.join(directory, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
};

const common = write('a.cts', 'interface A { x: number }\nfunction f(a: A): string { return new Error(`${a.x}`).stack as string; }\nexports.f = f;\n');
const stack = require(common).f({ x: 1 });
assert.match(stack, /a\.cts:2:35/);

const enums = write('b.ts', 'enum A { B }\n');
assert.throws(() => require(enums), (error) => error instanceof SyntaxError && error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' &&
  error.stack.startsWith(`${pathToFileURL(enums)}:1\nenum A { B }\n^^^^^^^^^^^^\n\nSyntaxError`));

const invalid = write('c.ts', 'let a: = 1;\n');
assert.throws(() => require(invalid), { code: 'ERR_INVALID_TYPESCRIPT_SYNTAX', name: 'SyntaxError' });

const packaged = write('node_modules/p/index.ts', 'exports.a = 1;\n');
assert.throws(() => require(packaged), { code: 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING' });

// Neither the name nor a package.json says what this is: its text does.
const detected = write('d.ts', "import type { A } from './nowhere';\nexport const a: number = 1;\n");
const module_ = write('e.mts', "import { f } from './a.cts';\nimport { a } from './d.ts';\nexport const b: string = `${a}${typeof f}`;\n");
assert.strictEqual(require(detected).a, 1);
import(pathToFileURL(module_)).then(({ b }) => {
  assert.strictEqual(b, '1function');
  fs.rmSync(directory, { recursive: true });
});
