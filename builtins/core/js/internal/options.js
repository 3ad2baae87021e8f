/** Command line options as `crates/anode/src/cli.rs` parsed them. */
'use strict';

let values;

/** The value of an option by its full name: boolean, string, number or array. */
function getOptionValue(name) {
  values ??= binding('options').values();
  return values[name];
}

module.exports = { getOptionValue };
