'use strict';

/**
 * `node:domain`: groups of operations whose uncaught errors go to one 'error' handler. Deprecated, still used.
 *
 * The domain of the running code is the top of a stack. It is carried along by an async hook, which remembers the domain
 * each asynchronous operation was started in and enters it around the callback, by emitters, which enter theirs around
 * each event, and where the stack is empty by an AsyncLocalStorage, which reaches every callback. An uncaught exception goes to `process.domain._errorHandler`, which the process calls before
 * 'uncaughtException'. Node docs: domain.
 */

const EventEmitter = require('events');
const {
  codes: {
    ERR_DOMAIN_CALLBACK_NOT_AVAILABLE,
    ERR_DOMAIN_CANNOT_SET_UNCAUGHT_EXCEPTION_CAPTURE,
    ERR_UNHANDLED_ERROR,
  },
} = require('internal/errors');
const { WeakReference } = require('internal/util');
const { AsyncLocalStorage, createHook } = require('async_hooks');

const { apply } = Reflect;

if (process.hasUncaughtExceptionCaptureCallback()) throw new ERR_DOMAIN_CALLBACK_NOT_AVAILABLE();

/** The domains that were entered and not left, outermost first. */
let stack = [];
let processDomain = null;
/** The domain that the running callback was started in, held weakly as contexts live long. */
const carried = new AsyncLocalStorage();
const kWeak = Symbol('kWeak');

Object.defineProperty(process, 'domain', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: currentDomain,
  set(value) {
    processDomain = value;
  },
});

function currentDomain() {
  if (processDomain !== null && processDomain !== undefined) return processDomain;
  return (stack.length === 0 ? carried.getStore()?.get() : undefined) ?? processDomain;
}

function setActive(domain) {
  processDomain = domain;
  carried.enterWith(domain?.[kWeak]);
}

/** Makes the top of the stack the active domain. */
function activateTop() {
  setActive(stack[stack.length - 1]);
}

/** Leaves `domain` if it is on top, however often it was entered in a row. */
function popAll(domain) {
  while (stack.length > 0 && stack[stack.length - 1] === domain) stack.pop();
  activateTop();
}

function clearStack() {
  stack.length = 0;
  setActive(null);
}

function hide(object, key, value, configurable = true) {
  Object.defineProperty(object, key, {
    __proto__: null, configurable, enumerable: false, value, writable: true,
  });
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** async id → the domain the operation was started in. */
const domains = new Map();

const hook = createHook({
  init(asyncId, type, triggerAsyncId, resource) {
    const domain = currentDomain();
    if (domain === null || domain === undefined) return;
    domains.set(asyncId, domain[kWeak]);
    if (resource !== null && typeof resource === 'object' && Object.isExtensible(resource)) {
      hide(resource, 'domain', domain);
    }
  },
  before(asyncId) {
    const domain = domains.get(asyncId);
    // The reference is strong while the callback runs.
    if (domain !== undefined) {
      domain.incRef();
      domain.get()?.enter();
    }
  },
  after(asyncId) {
    const domain = domains.get(asyncId);
    if (domain !== undefined) {
      domain.get()?.exit();
      domain.decRef();
    }
  },
  destroy(asyncId) {
    domains.delete(asyncId);
  },
});

// ---------------------------------------------------------------------------------------------------------------------

class Domain extends EventEmitter {
  constructor() {
    super();
    this.members = [];
    this[kWeak] = new WeakReference(this);
    hook.enable();
  }

  /** Gives an uncaught error to the 'error' listeners; returns whether there were any, here or in outer domains. */
  _errorHandler(error) {
    if (isObject(error)) {
      hide(error, 'domain', this);
      error.domainThrown = true;
      Object.defineProperty(error, 'domainThrown', { __proto__: null, enumerable: false });
    }
    // The handler runs outside of this domain, but within those around it.
    popAll(this);
    let caught = false;
    if (stack.length === 0) {
      // Nobody is left to handle what this handler throws: let it crash from where it was thrown.
      if (this.listenerCount('error') > 0) caught = this.emit('error', error);
    } else {
      try {
        caught = this.emit('error', error);
      } catch (second) {
        // The handler threw, or there was none: the outer domain's turn.
        caught = stack[stack.length - 1]._errorHandler(second);
      }
    }
    clearStack();
    return caught;
  }

  enter() {
    setActive(this);
    stack.push(this);
  }

  /** Leaves this domain and those that were entered within it. */
  exit() {
    const index = stack.lastIndexOf(this);
    if (index === -1) return;
    stack.splice(index);
    activateTop();
  }

  /** Makes `member`, an emitter or timer, report its errors here. */
  add(member) {
    if (member.domain === this) return;
    if (member.domain) member.domain.remove(member);
    if (this.domain && member instanceof Domain) {
      // A domain must not contain itself, however far around.
      for (let outer = this.domain; outer; outer = outer.domain) {
        if (member === outer) return;
      }
    }
    hide(member, 'domain', this);
    this.members.push(member);
  }

  remove(member) {
    member.domain = null;
    const index = this.members.indexOf(member);
    if (index !== -1) this.members.splice(index, 1);
  }

  run(fn, ...args) {
    this.enter();
    const result = apply(fn, this, args);
    this.exit();
    return result;
  }

  /** Wraps a callback whose first argument is an error: those go to the domain, the rest to the callback. */
  intercept(callback) {
    const self = this;
    return function runIntercepted(error, ...args) {
      if (error && error instanceof Error) {
        error.domainBound = callback;
        error.domainThrown = false;
        hide(error, 'domain', self);
        self.emit('error', error);
        return undefined;
      }
      self.enter();
      const result = apply(callback, this, args);
      self.exit();
      return result;
    };
  }

  bind(callback) {
    const self = this;
    function runBound(...args) {
      self.enter();
      const result = apply(callback, this, args);
      self.exit();
      return result;
    }
    hide(runBound, 'domain', this);
    return runBound;
  }
}

// What programs patch, they find by enumeration.
for (const name of ['add', 'remove', 'run', 'bind', 'intercept', 'enter', 'exit']) {
  Object.defineProperty(Domain.prototype, name, { __proto__: null, enumerable: true });
}

// ---------------------------------------------------------------------------------------------------------------------
// Emitters belong to the domain they were made in

EventEmitter.usingDomains = true;

const initEmitter = EventEmitter.init;
EventEmitter.init = function(options) {
  hide(this, 'domain', null);
  const domain = currentDomain();
  if (domain && !(this instanceof Domain)) this.domain = domain;
  return apply(initEmitter, this, [options]);
};

/** An 'error' event without listeners is the domain's to handle, as if it were outside of itself. */
function emitOnDomain(emitter, domain, error, hasError) {
  const problem = hasError ? error : new ERR_UNHANDLED_ERROR(error);
  if (isObject(problem)) {
    hide(problem, 'domainEmitter', emitter);
    problem.domainEmitter = emitter;
    hide(problem, 'domain', domain);
    problem.domainThrown = false;
  }
  const stackBefore = stack.slice();
  const activeBefore = processDomain;
  // The handler runs in the domain around the one that handles.
  popAll(domain);
  domain.emit('error', problem);
  stack = module.exports._stack = stackBefore;
  setActive(activeBefore);
}

const emitPlainly = EventEmitter.prototype.emit;
EventEmitter.prototype.emit = function emit(...args) {
  const { domain } = this;
  if (domain === null || domain === undefined || this === process) return apply(emitPlainly, this, args);
  if (args[0] === 'error' && this.listenerCount('error') === 0) {
    emitOnDomain(this, domain, args[1], args.length > 1 && Boolean(args[1]));
    return false;
  }
  domain.enter();
  const result = apply(emitPlainly, this, args);
  domain.exit();
  return result;
};

// ---------------------------------------------------------------------------------------------------------------------

/** Where `domain` was first required: who looks for the reason of the next error will want to know. */
const requiredAt = new Error('require(`domain`) at this point').stack;

process.setUncaughtExceptionCaptureCallback = function(fn) {
  const error = new ERR_DOMAIN_CANNOT_SET_UNCAUGHT_EXCEPTION_CAPTURE();
  error.stack += `\n${'-'.repeat(40)}\n${requiredAt}`;
  throw error;
};

function createDomain() {
  return new Domain();
}

module.exports = { _stack: stack, Domain, createDomain, create: createDomain };
Object.defineProperty(module.exports, 'active', {
  __proto__: null, configurable: true, enumerable: true, get: currentDomain, set(value) { processDomain = value; },
});
