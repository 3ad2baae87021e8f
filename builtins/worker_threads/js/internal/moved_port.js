/**
 * Ports in contexts of `node:vm`: plain objects there, with an `onmessage` property instead of listeners, whose messages are
 * made of that context's objects. Node docs: worker.moveMessagePortToContext.
 */
'use strict';

const native = binding('worker_threads');
const {
  codes: { ERR_CLOSED_MESSAGE_PORT, ERR_INVALID_ARG_TYPE },
} = require('internal/errors');

/** Runs in the context: nothing of ours may be seen there, so all it gets is `call`. */
const IN_CONTEXT = `(function(call, DOMException) {
  'use strict';
  function ask(port, method, args) {
    const result = call(port, method, args);
    if (result.error !== undefined) throw new Error(result.error);
    if (result.refusal !== undefined) throw new DOMException(result.refusal, 'DataCloneError');
    return result.value;
  }
  class MessagePort {
    constructor() { throw new TypeError('Illegal constructor'); }
    postMessage(...args) { return ask(this, 'postMessage', args); }
    start() { return ask(this, 'start', []); }
    close() { return ask(this, 'close', []); }
    drain() { return ask(this, 'drain', []); }
    ref() { return ask(this, 'ref', []); }
    unref() { return ask(this, 'unref', []); }
    hasRef() { return ask(this, 'hasRef', []); }
  }
  return {
    prototype: MessagePort.prototype,
    deliver(port, type, data, list) {
      const handler = port['on' + type];
      if (typeof handler !== 'function') return;
      const ports = [];
      for (let index = 0; index < list.length; index++) ports.push(list[index]);
      handler.call(port, { type, data, ports, target: port });
    },
  };
})`;

/** What a method of a port does, for the context: nothing of ours may be thrown there. */
function call(port, method, args) {
  const { MessagePort } = require('internal/worker_threads/message_port');
  try {
    return { value: Reflect.apply(MessagePort.prototype[method], port, args) };
  } catch (error) {
    const { isDOMException } = require('internal/dom_exception');
    if (isDOMException(error)) return { refusal: error.message };
    return { error: String(error?.message) };
  }
}

/** By the prototype of a context's ports: what delivers to them. */
const deliverers = new WeakMap();
/** By the global object of a context: the prototype of its ports. */
const prototypes = new WeakMap();

function run(source, file, global) {
  const { compile, runInContext } = binding('vm');
  return runInContext(compile(source, file, 1, 0), global, undefined, undefined, undefined, false);
}

/** The context's own DOMException. */
function domExceptionOf(global) {
  const { requireBuiltin, loadBinding, source } = require('internal/loader');
  const parameters = 'exports, require, module, binding, primordials';
  const wrapper = run(`(function(${parameters}) {${source('internal/dom_exception')}\n})`, 'node:internal/dom_exception', global);
  const made = { exports: {} };
  wrapper(made.exports, requireBuiltin, made, loadBinding, undefined);
  return made.exports.DOMException;
}

function prototypeFor(global) {
  let prototype = prototypes.get(global);
  if (prototype === undefined) {
    const made = run(IN_CONTEXT, 'node:internal/worker_threads/moved_port', global)(call, domExceptionOf(global));
    prototype = made.prototype;
    prototypes.set(global, prototype);
    deliverers.set(prototype, made.deliver);
  }
  return prototype;
}

/** What gets the messages of a port in a context. */
function deliverTo(port, prototype) {
  const deliver = deliverers.get(prototype);
  return (value, failed, ports) => deliver(port, failed ? 'messageerror' : 'message', value, ports);
}

/** Node docs: worker.moveMessagePortToContext(port, contextifiedSandbox). */
function moveMessagePortToContext(port, contextifiedSandbox) {
  if (!native.isPort(port)) {
    const error = new ERR_INVALID_ARG_TYPE('port', 'MessagePort', port);
    error.message = 'The "port" argument must be a MessagePort instance';
    throw error;
  }
  if (!native.isOpenPort(port)) throw new ERR_CLOSED_MESSAGE_PORT();
  const { contexts } = require('internal/vm/contexts');
  const context = contexts.get(contextifiedSandbox);
  if (context === undefined) {
    const error = new ERR_INVALID_ARG_TYPE('contextifiedSandbox', 'vm.Context', contextifiedSandbox);
    error.message = 'Invalid context argument';
    throw error;
  }
  return native.movePort(port, context.global, prototypeFor(context.global));
}

module.exports = { deliverTo, moveMessagePortToContext };
