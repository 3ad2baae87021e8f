/** What vm.createContext() made: sandbox (or vanilla global) -> { global, sandbox, self, name, origin, microtaskMode }. */
'use strict';

const contexts = new WeakMap();
/** WeakRefs of their keys, for vm.measureMemory(). */
const references = new Set();

/** Notes a context. */
function add(key, context) {
  contexts.set(key, context);
  references.add(new WeakRef(key));
}

/** How many contexts there are beside the main one. */
function count() {
  for (const reference of references) {
    if (reference.deref() === undefined) references.delete(reference);
  }
  return references.size;
}

module.exports = { add, contexts, count };
