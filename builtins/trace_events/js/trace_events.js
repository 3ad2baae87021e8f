/** `node:trace_events`: nothing is traced. Node docs: Trace events. */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED, ERR_TRACE_EVENTS_CATEGORY_REQUIRED },
} = require('internal/errors');
const { validateObject, validateStringArray } = require('internal/validators');

/** Node docs: trace_events.createTracing. */
function createTracing(options) {
  validateObject(options, 'options');
  if (!Array.isArray(options.categories)) throw new ERR_INVALID_ARG_TYPE('options.categories', 'string[]', options.categories);
  validateStringArray(options.categories, 'options.categories');
  if (options.categories.length === 0) throw new ERR_TRACE_EVENTS_CATEGORY_REQUIRED();
  throw new ERR_METHOD_NOT_IMPLEMENTED('trace_events.createTracing()');
}

/** Node docs: trace_events.getEnabledCategories: undefined without any. */
function getEnabledCategories() {
  return undefined;
}

module.exports = { createTracing, getEnabledCategories };
