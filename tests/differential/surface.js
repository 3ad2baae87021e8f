'use strict';
// What every builtin exports, and what its classes and objects have: one line each, names sorted, hidden ones in brackets.
const { builtinModules } = require('module');

function names(value) {
  const list = [];
  for (const key of Reflect.ownKeys(value)) {
    // Names with an underscore are Node's own affair; those of every function say nothing.
    if (typeof key === 'symbol' || /^_|^\d+$/.test(key)) continue;
    if (typeof value === 'function' && ['length', 'name', 'prototype', 'arguments', 'caller'].includes(key)) continue;
    list.push(Object.getOwnPropertyDescriptor(value, key).enumerable ? key : `[${key}]`);
  }
  return list.sort().join(' ');
}

function show(title, value) {
  console.log(`--- ${title}  ->  ${names(value)}`);
  for (const key of Object.keys(value).sort()) {
    let member;
    try {
      member = value[key];
    } catch {
      continue;
    }
    if (typeof member !== 'function' || !/^[A-Z]/.test(key)) continue;
    console.log(`${key}: ${names(member)} | ${member.prototype ? names(member.prototype) : ''}`);
  }
}

process.on('warning', () => {});
const skipped = /^_|^node:|^sys$|^punycode$|^process$/;
for (const name of [...builtinModules.filter((each) => !skipped.test(each)), 'node:sqlite', 'node:test', 'node:test/reporters']) {
  show(name, require(name));
}
console.log(`--- globals  ->  ${Object.getOwnPropertyNames(globalThis).filter((key) => key !== 'InternalError').sort().join(' ')}`);
