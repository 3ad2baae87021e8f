'use strict';
// Hooks that are enabled within an event see the next one; `destroy` comes before the next immediates.
const assert = require('node:assert');
const { createHook } = require('node:async_hooks');

const log = [];
const late = createHook({ init: (id, type) => log.push(`late ${type}`), before: () => log.push('late before') });
const hook = createHook({
  init(id, type) {
    if (type !== 'Immediate') return;
    log.push('init');
    late.enable();
  },
  before: () => log.push('before'),
  after: () => log.push('after'),
  destroy: () => log.push('destroy'),
}).enable();

setImmediate(() => {
  log.push('first');
  setImmediate(() => {
    log.push('second');
    hook.disable();
    late.disable();
    assert.deepStrictEqual(log, ['init', 'before', 'late before', 'first', 'init', 'late Immediate', 'after', 'destroy', 'before',
      'late before', 'second']);
  });
});
