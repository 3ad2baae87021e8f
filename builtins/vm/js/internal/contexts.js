/** What vm.createContext() made: sandbox (or vanilla global) -> { global, sandbox, self, name, origin, microtaskMode, referrer }. */
'use strict';

const contexts = new WeakMap();
/** WeakRefs of their keys, for vm.measureMemory(). */
const references = new Set();

/** The same by the realm's global object. */
const realms = new WeakMap();

/** Notes a context. */
function add(key, context) {
  contexts.set(key, context);
  realms.set(context.global, context);
  references.add(new WeakRef(key));
}

/** How many contexts there are beside the main one. */
function count() {
  for (const reference of references) {
    if (reference.deref() === undefined) references.delete(reference);
  }
  return references.size;
}

module.exports = { add, contexts, count, realms };
