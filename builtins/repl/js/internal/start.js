/** `anode` without a script: a REPL on the terminal. Node docs: "The Node.js REPL", environment variables. */
'use strict';

const { getOptionValue } = require('internal/options');

function optionsOf(env) {
  const { kStandalone, REPL_MODE_SLOPPY, REPL_MODE_STRICT } = require('internal/repl/server');
  const options = {
    breakEvalOnSigint: true, ignoreUndefined: false, useGlobal: true, [kStandalone]: true,
  };
  if (Number.parseInt(env.NODE_NO_READLINE, 10)) options.terminal = false;
  const mode = env.NODE_REPL_MODE?.toLowerCase().trim();
  options.replMode = { __proto__: null, strict: REPL_MODE_STRICT, sloppy: REPL_MODE_SLOPPY }[mode] ?? REPL_MODE_SLOPPY;
  const size = Number(env.NODE_REPL_HISTORY_SIZE);
  options.historySize = size > 0 ? size : 1000;
  return options;
}

function start(code = undefined) {
  if (getOptionValue('--input-type')) {
    process._rawDebug('Cannot specify --input-type for REPL');
    process.exit(9);
  }
  const { env } = process;
  if (env.NODE_REPL_EXTERNAL_MODULE) {
    require('module').Module._load(env.NODE_REPL_EXTERNAL_MODULE, null, true);
    return;
  }
  process.stdout.write(`Welcome to Node.js ${process.version}.\nType ".help" for more information.\n`);
  const repl = require('repl');
  const server = new repl.REPLServer(optionsOf(env));
  repl.repl = server;
  server.setupHistory(env.NODE_REPL_HISTORY, (error) => {
    if (error) throw error;
  });
  server.on('exit', () => process.exit());
  if (code !== undefined) {
    const { current } = require('internal/repl/server');
    current.run(server, () => require('internal/module/run_main').evalCode(code, getOptionValue('--print') !== undefined));
    require('internal/repl/context').defineModule(server, server.context);
  }
}

module.exports = { start };
