// Code beyond Latin-1 in functions compiled in contexts.
'use strict';
const assert = require('assert');
const vm = require('vm');

const context = vm.createContext({});
assert.strictEqual(vm.compileFunction('return { 书: "深" + 字 }.书', ['字'])('入'), '深入');
assert.strictEqual(vm.compileFunction('return { 书: "深é" }.书', [], { parsingContext: context })(), '深é');
