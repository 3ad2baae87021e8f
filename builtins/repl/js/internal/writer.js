/** How results are shown, unless a program brings its own writer. Node docs: repl.writer. */
'use strict';

const { inspect } = require('internal/util/inspect');

/** Node docs: options.writer. Its `options` are those of util.inspect. */
function writer(value) {
  return inspect(value, writer.options);
}

writer.options = { ...inspect.defaultOptions, showProxy: true };

Object.defineProperty(inspect, 'replDefaults', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => writer.options,
  set(options) {
    require('internal/validators').validateObject(options, 'options');
    return Object.assign(writer.options, options);
  },
});

/** A writer of its own, with colours. */
function coloredWriter() {
  const colored = (value) => inspect(value, colored.options);
  colored.options = { ...writer.options, colors: true };
  return colored;
}

module.exports = { coloredWriter, writer };
