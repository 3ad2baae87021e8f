/**
 * The main thread's program: decides by the command line what runs. Node docs: Command-line API.
 */
'use strict';

const process = require('internal/process/object');
const { getOptionValue } = require('internal/options');
const lifecycle = require('internal/process/lifecycle');

function prepareProcess() {
  const { argv0, execArgv, rest, stdin } = binding('options').commandLine();
  process.argv0 = argv0;
  process.execArgv = execArgv;
  process.argv = stdin ? [process.execPath, '-', ...rest] : [process.execPath, ...rest];
  const limit = getOptionValue('--stack-trace-limit');
  if (limit !== undefined) Error.stackTraceLimit = Number(limit);
  for (const [name, option] of [['noDeprecation', '--deprecation'], ['throwDeprecation', '--throw-deprecation'],
    ['traceDeprecation', '--trace-deprecation']]) {
    const value = getOptionValue(option);
    if (name === 'noDeprecation' ? value === false : value === true) process[name] = true;
  }
  if (getOptionValue('--trace-sigint')) binding('util').traceSigint(true);
  if (getOptionValue('--trace-warnings')) process.traceProcessWarnings = true;
  if (getOptionValue('--warnings') && process.env.NODE_NO_WARNINGS !== '1') {
    process.on('warning', onWarning);
  }
  if (getOptionValue('--expose-gc')) require('internal/process/expose_gc').exposeGc(globalThis);
  if (['--experimental-eventsource', '--localstorage-file'].some(getOptionValue) ||
    !['--experimental-websocket', '--experimental-webstorage', '--webstorage'].every(getOptionValue)) {
    require('internal/optional_globals').arrange();
  }
  if (getOptionValue('--disable-proto') !== undefined || getOptionValue('--disallow-code-generation-from-strings')) {
    require('internal/process/restrictions').apply();
  }
  const title = getOptionValue('--title');
  if (title !== undefined) process.title = title;
  if (getOptionValue('--report-on-signal') && process.report.reportOnSignal) require('internal/process/report').listen();
  if (wantsPermissions()) require('internal/process/permission').install(process, true);
  loadEnvFiles();
  const { env } = process;
  if (env.NODE_CHANNEL_FD !== undefined) openChannel(env);
  if (env.NODE_UNIQUE_ID !== undefined) startWorker(env);
  return { rest, stdin };
}

/** This process was forked: messages to and from the parent. Node docs: process.send. */
function openChannel(env) {
  const fd = Number.parseInt(env.NODE_CHANNEL_FD, 10);
  const serialization = env.NODE_CHANNEL_SERIALIZATION_MODE || 'json';
  delete env.NODE_CHANNEL_FD;
  delete env.NODE_CHANNEL_SERIALIZATION_MODE;
  // Not through `child_process`, which brings all that net and streams are made of.
  require('internal/child_process/ipc').connectToParent(fd, serialization);
}

/** This process is a worker of a cluster. */
function startWorker(env) {
  const cluster = require('cluster');
  cluster._setupWorker();
  delete env.NODE_UNIQUE_ID;
}

/** Whether any option of the permission model is set. */
function wantsPermissions() {
  return getOptionValue('--permission') || getOptionValue('--permission-audit') || binding('options').hasPermissionOptions();
}

function onWarning(warning) {
  require('internal/process/warning').onWarning(warning);
}

/** --env-file: what is set already stays. */
function loadEnvFiles() {
  const required = getOptionValue('--env-file');
  const optional = getOptionValue('--env-file-if-exists');
  for (const { files, optional: skip } of [{ files: required }, { files: optional, optional: true }]) {
    for (const file of files) {
      const fs = require('fs');
      if (!fs.existsSync(file)) {
        if (skip) continue;
        process._rawDebug(`${process.argv0}: ${file}: not found`);
        binding('task_queue').exit(9);
      }
      const parsed = require('util').parseEnv(fs.readFileSync(file, 'utf8'));
      for (const name of Object.keys(parsed)) {
        if (!Object.hasOwn(process.env, name)) process.env[name] = parsed[name];
      }
    }
  }
}

function run() {
  const { rest, stdin } = prepareProcess();
  const coverage = process.env.NODE_V8_COVERAGE;
  // Children write into the same folder, wherever they work.
  if (coverage) process.env.NODE_V8_COVERAGE = require('internal/v8/coverage').startFiles(coverage);
  if (getOptionValue('--experimental-test-coverage') === true) require('internal/test/coverage').startEarly();
  if (getOptionValue('--enable-source-maps')) process.setSourceMapsEnabled(true);
  const script = getOptionValue('--run');
  if (script !== undefined) {
    require('internal/process/run_script').run(script, rest);
    return;
  }
  const watches = getOptionValue('--watch') || getOptionValue('--watch-path').length > 0;
  if (watches && !getOptionValue('--test')) {
    require('internal/process/watch').run(rest);
    return;
  }
  if (process.env.WATCH_REPORT_DEPENDENCIES !== undefined && process.connected) {
    require('internal/process/watch').reportDependencies();
  }
  if (rest[0] === 'inspect' && !stdin) {
    require('internal/inspector/cli').start(rest.slice(1));
    return;
  }
  startInspection();
  const runner = require('internal/module/run_main');
  let requires = getOptionValue('--require');
  let imports = getOptionValue('--import');
  const code = getOptionValue('--print') ?? getOptionValue('--eval');
  const print = getOptionValue('--print') !== undefined;
  if (getOptionValue('--test') === true && code === undefined && !getOptionValue('--interactive')) {
    // Test files get them: in their own processes, or here after the global setup. Only --require is this process's, too.
    imports = [];
    if (getOptionValue('--test-isolation') === 'none') requires = [];
  }
  const start = () => {
    if (getOptionValue('--frozen-intrinsics')) require('internal/process/restrictions').freezeIntrinsics();
    if (getOptionValue('--interactive')) {
      require('internal/repl/start').start(code);
    } else if (code !== undefined) {
      runner.evalCode(code, print);
    } else if (getOptionValue('--test')) {
      require('internal/test/run_main').run(rest);
    } else if (getOptionValue('--check')) {
      if (rest.length > 0) runner.checkSyntax(rest[0]);
      else readStdin((text) => runner.checkSource(text, '[stdin]'));
    } else if (rest.length > 0 && !stdin) {
      runner.executeUserEntryPoint(rest[0]);
    } else if (stdin || !require('tty').isatty(0)) {
      readStdin((text) => runner.evalCode(text, false, '[stdin]'));
    } else {
      require('internal/repl/start').start();
    }
  };
  if (requires.length > 0 || imports.length > 0) runner.preload(requires, imports, start);
  else start();
  if (getOptionValue('--trace-sync-io')) require('internal/process/trace_sync_io').enable();
  // The main program had id 1; what comes from the loop has none of its own.
  require('internal/async_ids').executionAsyncId = 0;
}

/** The options that look into the program. */
function startInspection() {
  // The processes of the files are inspected then, not the one that runs or watches them.
  const runsApart = getOptionValue('--watch') === true ||
    (getOptionValue('--test') === true && getOptionValue('--test-isolation') !== 'none');
  for (const name of ['--inspect', '--inspect-brk', '--inspect-wait']) {
    if (!runsApart && getOptionValue(name) !== undefined) {
      require('internal/inspector/server').start();
      break;
    }
  }
  if (getOptionValue('--cpu-prof') || getOptionValue('--heap-prof')) require('internal/inspector/profiles').start();
  if (getOptionValue('--trace-event-categories') !== undefined || getOptionValue('--trace-events-enabled')) {
    require('internal/trace_events/agent').start();
  }
  if (getOptionValue('--prof') || getOptionValue('--prof-process')) require('internal/inspector/profiles').refuse();
}

function readStdin(done) {
  let text = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => text += chunk);
  process.stdin.on('end', () => done(text));
}

/** The loop is empty. */
function beforeExit() {
  lifecycle.emitBeforeExit(process);
}

/** Nothing more will happen. Returns the exit code. */
function exit() {
  const unsettled = require('internal/loader').cache.get('internal/module/run_main')?.exports.hasUnsettledMain?.();
  if (unsettled && process.exitCode === undefined) {
    const code = lifecycle.emitExit(process, 13);
    if (code === 13) require('internal/module/run_main').warnUnsettled();
    lifecycle.finish();
    return code;
  }
  const code = lifecycle.emitExit(process, 0);
  lifecycle.finish();
  return code;
}

module.exports = { beforeExit, exit, run };
