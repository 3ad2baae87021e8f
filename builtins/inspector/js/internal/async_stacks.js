/** Who asked for what is called later: stacks for Debugger.setAsyncCallStackDepth. */
'use strict';

const { createHook } = require('async_hooks');

let hook;

/** Turns the watching on or off; `domain` keeps the stacks. */
function toggle(on, domain) {
  if (!on) {
    hook?.disable();
    hook = undefined;
    return;
  }
  hook ??= createHook({
    init(id, type) {
      domain.asyncScheduled(id, type === 'PROMISE' ? 'Promise.then' : type);
    },
    before: (id) => domain.asyncStarted(id),
    after: () => domain.asyncFinished(),
    destroy: (id) => domain.asyncGone(id),
  });
  hook.enable();
}

module.exports = { toggle };
