'use strict';
// Breakpoints, scopes, expressions in frames and steps, as a session in the same thread sees them.
const assert = require('node:assert');
const { Session } = require('node:inspector');
const { pathToFileURL } = require('node:url');

function sum(list) {
  let total = 0;
  for (const each of list) {
    total += each; // line 10, from 0
  }
  return total;
}

const session = new Session();
session.connect();
const post = (method, params) => {
  let answer;
  session.post(method, params, (error, result) => answer = error ?? result);
  return answer;
};

const url = pathToFileURL(__filename).href;
post('Debugger.enable');
const { breakpointId, locations } = post('Debugger.setBreakpointByUrl', { lineNumber: 9, url });
assert.strictEqual(locations.length, 1);
assert.strictEqual(locations[0].lineNumber, 9);

const seen = [];
session.on('Debugger.paused', ({ params: { callFrames: [frame], reason, hitBreakpoints } }) => {
  const { objectId } = frame.scopeChain.find(({ type }) => type === 'local').object;
  const { result } = post('Runtime.getProperties', { objectId });
  const total = post('Debugger.evaluateOnCallFrame', { callFrameId: frame.callFrameId, expression: 'total + 1' }).result.value;
  seen.push([frame.functionName, frame.location.lineNumber, reason, hitBreakpoints[0], result.map(({ name }) => name).sort().join(), total]);
});
assert.strictEqual(sum([5, 6]), 11);
assert.deepStrictEqual(seen, [
  ['sum', 9, 'other', breakpointId, 'list,total', 1],
  ['sum', 9, 'other', breakpointId, 'list,total', 6],
]);

// The same breakpoint again is refused, and a removed one is silent.
assert.match(post('Debugger.setBreakpointByUrl', { lineNumber: 9, url }).message, /already exists/);
post('Debugger.removeBreakpoint', { breakpointId });
assert.strictEqual(sum([1]), 1);
assert.strictEqual(seen.length, 2);

// A condition, a `debugger` statement, an exception.
post('Debugger.setBreakpointByUrl', { lineNumber: 11, url, condition: 'total === 3' });
sum([1]);
sum([1, 2]);
assert.deepStrictEqual(seen.splice(2).map((each) => each[1]), [11]);
session.removeAllListeners('Debugger.paused');
const reasons = [];
session.on('Debugger.paused', ({ params: { reason, data } }) => reasons.push([reason, data?.className]));
debugger; // eslint-disable-line no-debugger
post('Debugger.setPauseOnExceptions', { state: 'all' });
try {
  null.x; // eslint-disable-line no-unused-expressions
} catch {
  // The session has seen it.
}
assert.deepStrictEqual(reasons, [['other', undefined], ['exception', 'TypeError']]);
assert.match(post('Debugger.resume').message, /Can only perform operation while paused/);
assert.match(post('Debugger.setPauseOnExceptions', { state: 'often' }).message, /Unknown pause on exceptions mode: often/);
session.disconnect();
