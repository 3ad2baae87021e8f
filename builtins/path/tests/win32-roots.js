// Drives, shares and devices are roots of their own in path.win32.
'use strict';
const assert = require('node:assert');
const { win32 } = require('node:path');

assert.strictEqual(win32.normalize('C:/a/../b'), 'C:\\b');
assert.strictEqual(win32.normalize('//server/share'), '\\\\server\\share\\');
assert.strictEqual(win32.normalize('a\\..\\C:b'), '.\\C:b');
assert.strictEqual(win32.join('//a', 'b'), '\\\\a\\b\\');
assert.strictEqual(win32.join('/', '/a'), '\\a');
assert.strictEqual(win32.resolve('c:/ignore', 'd:\\a/b\\c/d', '\\e.exe'), 'd:\\e.exe');
assert.strictEqual(win32.relative('c:\\a', 'd:\\b'), 'd:\\b');
assert.strictEqual(win32.relative('C:\\A\\b', 'c:\\a\\c'), '..\\c');
assert.strictEqual(win32.toNamespacedPath('C:/foo'), '\\\\?\\C:\\foo');
assert.strictEqual(win32.dirname('\\\\unc\\share\\'), '\\\\unc\\share\\');
assert.deepStrictEqual(win32.parse('C:\\a\\b.c'),
                       { root: 'C:\\', dir: 'C:\\a', base: 'b.c', ext: '.c', name: 'b' });
