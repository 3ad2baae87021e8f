/** Contexts of `node:vm`, as execution contexts of the inspector. */
'use strict';

const { contexts } = require('internal/vm/contexts');

/** From a context's global object to the object that the program knows, weakly. */
const sandboxes = new WeakMap();
let registry;

/** From now on new contexts are told to `agent`, and when they are gone. */
function watch(agent) {
  registry = new FinalizationRegistry((id) => agent.contexts.remove(id));
  const set = contexts.set;
  contexts.set = function(object, context) {
    const { global, sandbox, self, name, origin = '' } = context;
    sandboxes.set(self ?? global, new WeakRef(sandbox ?? global));
    const id = agent.contexts.add({ name, origin: `${origin}` });
    registry.register(object, id);
    return Reflect.apply(set, this, [object, context]);
  };
}

/** What vm.runInContext takes for a global object; undefined for another global. */
function sandboxOf(global) {
  return sandboxes.get(global)?.deref();
}

module.exports = { sandboxOf, watch };
