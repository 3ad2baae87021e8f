/** Execution contexts: the program's realm, which is 1, and those of `node:vm`. */
'use strict';

/** A number with enough digits that two processes do not share it. */
function randomId() {
  return `${Math.floor((Math.random() - 0.5) * 2 ** 53)}${Math.floor(Math.random() * 1e3)}`;
}

class Contexts {
  #agent;
  /** From the object that stands for a global object to its context. */
  #ids = new WeakMap();
  list = new Map();
  last = 0;
  unique = randomId();

  constructor(agent) {
    this.#agent = agent;
    this.#add(agent.debug.makeGlobalObjectReference(agent.main), agent.host.mainContext());
    // Those of before have no names that we know.
    for (const global of this.#strangers()) this.#add(global, { name: `VM Context ${this.last}` });
  }

  /** Global objects that are no contexts yet, and not ours: those have a Debugger. */
  #strangers() {
    const { debug } = this.#agent;
    return debug.findAllGlobals().filter((global) => !debug.hasDebuggee(global) && global.getOwnPropertyDescriptor('Debugger') === undefined);
  }

  /** The context that was made just now; `{ name, origin }`. Returns its number. */
  add(description) {
    const [global] = this.#strangers();
    return this.#add(global, description);
  }

  #add(global, { name, origin = '', isDefault = false }) {
    const id = ++this.last;
    this.#agent.debug.addDebuggee(global);
    // The object that the program sees in its place.
    this.#ids.set(global.unsafeDereference(), id);
    const description = { id, origin, name, uniqueId: `${this.unique}.${id}`, auxData: { isDefault } };
    this.list.set(id, description);
    this.#agent.broadcast('Runtime', 'Runtime.executionContextCreated', { context: description });
    return id;
  }

  remove(id) {
    if (!this.list.delete(id)) return;
    this.#agent.broadcast('Runtime', 'Runtime.executionContextDestroyed', {
      executionContextId: id, executionContextUniqueId: `${this.unique}.${id}`,
    });
  }

  /** The number of the context that a Debugger.Object is the global object of; 1 if it is none. */
  idOf(global) {
    return this.#ids.get(global?.unsafeDereference()) ?? 1;
  }

  /** The global object of a context as a Debugger.Object; undefined if there is none any more. */
  global(id) {
    if (id === 1) return this.#agent.debug.makeGlobalObjectReference(this.#agent.main);
    return this.#agent.debug.getDebuggees().find((global) => this.idOf(global) === id);
  }
}

function install(agent) {
  agent.contexts = new Contexts(agent);
}

module.exports = { install };
