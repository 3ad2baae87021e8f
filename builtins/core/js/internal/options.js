/** Command line options as `crates/anode/src/cli.rs` parsed them. */
'use strict';

const native = binding('options');

/** What was asked for once; most programs never ask for most options. */
const values = { __proto__: null };

/** The value of an option by its full name: boolean, string, number or array. */
function getOptionValue(name) {
  if (name in values) return values[name];
  return values[name] = native.value(name);
}

module.exports = { getOptionValue };
