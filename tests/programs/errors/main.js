// Errors as people know them: names, messages, codes, frames, call sites.
'use strict';
const show = (work) => {
  try {
    work();
  } catch (error) {
    console.log(`${error.name}: ${error.message.split('\n')[0]}${error.code ? ` (${error.code})` : ''}`);
  }
};
show(() => undefined.x);
show(() => { null.x = 1; });
show(() => { const [a] = undefined; return a; });
show(() => { const fixed = 1; fixed = 2; });
show(() => nowhere);
show(() => require('./nothing'));
show(() => require('node:fs').readFileSync('/no/such/file'));
show(() => Buffer.alloc('x'));
show(() => JSON.parse('{"a":}'));
show(() => { const f = () => f(); f(); });
const error = new Error('here');
console.log(error.stack.split('\n')[0], /^ {4}at Object\.<anonymous> \(.*main\.js:\d+:\d+\)$/.test(error.stack.split('\n')[1]));
const original = Error.prepareStackTrace;
Error.prepareStackTrace = (_error, sites) => sites.map((site) => site.getLineNumber());
console.log(typeof new Error('sites').stack[0]);
Error.prepareStackTrace = original;
