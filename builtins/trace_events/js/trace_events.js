/** `node:trace_events`. Node docs: Trace events. */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_TRACE_EVENTS_CATEGORY_REQUIRED, ERR_TRACE_EVENTS_UNAVAILABLE },
} = require('internal/errors');
const { customInspectSymbol } = require('internal/util');
const { validateObject, validateStringArray } = require('internal/validators');

if (!require('worker_threads').isMainThread) throw new ERR_TRACE_EVENTS_UNAVAILABLE();

/** More enabled objects at a time are probably forgotten ones. Node docs: trace_events.createTracing. */
const ENABLED_MAX = 10;

const enabled = new Set();
let warned = false;

/** Node docs: Tracing object. */
class Tracing {
  #categories;
  #enabled = false;

  constructor(categories) {
    this.#categories = categories;
  }

  enable() {
    if (this.#enabled) return;
    this.#enabled = true;
    enabled.add(this);
    if (enabled.size > ENABLED_MAX && !warned) {
      warned = true;
      process.emitWarning('Possible trace_events memory leak detected. There are more than 10 enabled Tracing objects.');
    }
    require('internal/trace_events/agent').want(this.#categories, 1);
  }

  disable() {
    if (!this.#enabled) return;
    this.#enabled = false;
    enabled.delete(this);
    require('internal/trace_events/agent').want(this.#categories, -1);
  }

  get enabled() {
    return this.#enabled;
  }

  get categories() {
    return this.#categories.join(',');
  }

  [customInspectSymbol](depth, options) {
    if (typeof depth === 'number' && depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const shown = { enabled: this.enabled, categories: this.categories };
    return `Tracing ${inspect(shown, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}

/** Node docs: trace_events.createTracing. */
function createTracing(options) {
  validateObject(options, 'options');
  if (!Array.isArray(options.categories)) throw new ERR_INVALID_ARG_TYPE('options.categories', 'string[]', options.categories);
  validateStringArray(options.categories, 'options.categories');
  if (options.categories.length === 0) throw new ERR_TRACE_EVENTS_CATEGORY_REQUIRED();
  return new Tracing([...new Set(options.categories)]);
}

/** Node docs: trace_events.getEnabledCategories: undefined without any. */
function getEnabledCategories() {
  return require('internal/loader').cache.get('internal/trace_events/agent')?.exports.current()?.join(',');
}

module.exports = { createTracing, getEnabledCategories };
