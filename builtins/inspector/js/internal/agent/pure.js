/**
 * Evaluation that ends at the first side effect: what a client asks for at every key stroke. DevTools protocol: throwOnSideEffect.
 *
 * A Debugger of its own watches the evaluation: it ends code that is about to have an effect, and calls of natives, which might.
 */
'use strict';

const { isObject } = require('internal/inspector/agent/remote_object');

/** Natives that read, and nothing else: by `Constructor.prototype.name`, in the program's realm. */
const READERS = [
  'Array.isArray', 'Array.prototype.at', 'Array.prototype.includes', 'Array.prototype.indexOf', 'Array.prototype.join', 'Array.prototype.slice',
  'Map.prototype.get', 'Map.prototype.has', 'Number.prototype.toString', 'Number.prototype.toFixed', 'Object.keys', 'Object.values',
  'Object.entries', 'Object.getPrototypeOf', 'Set.prototype.has', 'String.prototype.at', 'String.prototype.charAt', 'String.prototype.includes',
  'String.prototype.indexOf', 'String.prototype.slice', 'String.prototype.split', 'String.prototype.startsWith', 'String.prototype.endsWith',
  'String.prototype.toLowerCase', 'String.prototype.toUpperCase', 'String.prototype.trim', 'Math.abs', 'Math.floor', 'Math.max', 'Math.min',
];

class Watch {
  #debug = new Debugger();
  #effects = new WeakMap();
  #readers = [];

  constructor(main) {
    const global = this.#debug.addDebuggee(main);
    this.#debug.exclusiveDebuggerOnEval = true;
    this.global = global;
    for (const path of READERS) {
      let at = global;
      for (const name of path.split('.')) at = isObject(at) ? at.getOwnPropertyDescriptor(name)?.value : undefined;
      if (isObject(at)) this.#readers.push(at);
    }
  }

  #hasEffect(script, offset) {
    let offsets = this.#effects.get(script);
    if (offsets === undefined) this.#effects.set(script, offsets = new Set(script.getEffectfulOffsets()));
    return offsets.has(offset);
  }

  /** The completion value of `run(global, adopt)`; null if it would have had an effect. */
  evaluate(run) {
    const watch = this;
    this.#debug.onEnterFrame = (frame) => {
      if (watch.#hasEffect(frame.script, frame.offset)) return null;
      frame.onStep = function() {
        return watch.#hasEffect(this.script, this.offset) ? null : undefined;
      };
      return undefined;
    };
    this.#debug.onNativeCall = (callee) => this.#readers.includes(callee) ? undefined : null;
    try {
      return run(this.global, (frame) => this.#debug.adoptFrame(frame));
    } finally {
      this.#debug.onEnterFrame = undefined;
      this.#debug.onNativeCall = undefined;
    }
  }
}

let watch;

/** As Watch.evaluate, with values for the Debugger of `agent`. */
function evaluate(agent, run) {
  watch ??= new Watch(agent.main);
  const completion = watch.evaluate(run);
  if (completion === null) return null;
  const adopt = (value) => isObject(value) ? agent.debug.adoptDebuggeeValue(value) : value;
  return 'throw' in completion ? { throw: adopt(completion.throw), stack: completion.stack } : { return: adopt(completion.return) };
}

module.exports = { evaluate };
