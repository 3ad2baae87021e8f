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

/** Gives a worker options of its own: those of its environment and its list, the process's defaults for others. */
function setThreadOptions(environment, list) {
  for (const { 0: name, 1: value } of native.threadOptions(environment, list)) values[name] = value;
}

/** One option of this thread, by its full name. */
function setThreadOption(name, value) {
  values[name] = value;
}

module.exports = { getOptionValue, setThreadOption, setThreadOptions };
