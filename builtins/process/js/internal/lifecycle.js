/** How a thread ends: the main thread ends the process. */
'use strict';

const { exit } = binding('task_queue');
const hooks = require('internal/async_ids');
const { getOptionValue } = require('internal/options');

/** Ends this thread with `code`; does not return. Workers replace it. */
let end = exit;

function endThread(code) {
  if (getOptionValue('--trace-exit')) traceExit(code);
  finish();
  end(code);
}

/** Node docs: --trace-exit. */
function traceExit(code) {
  const where = {};
  Error.captureStackTrace(where, process.reallyExit);
  const thread = report === undefined ? '' : `, thread:${require('internal/worker_threads/self').threadId}`;
  const frames = `${where.stack}`.replace(/^[^\n]*\n?/, '');
  binding('process').write(2, `(node:${process.pid}${thread}) WARNING: Exited the environment with code ${code}\n${frames}\n\n`);
}

/** What a debugger or a tracer wants to know: `{ onEnd(), onException(error) }`. */
let inspection;

function setInspection(watcher) {
  inspection = watcher;
}

/** What is to be done last; undefined if nothing. */
const lastSteps = [];

/** Runs `work` when this thread is about to end, after 'exit'. */
function atEnd(work) {
  lastSteps.push(work);
}

/** JavaScript is over. */
function finish() {
  for (let work = lastSteps.pop(); work !== undefined; work = lastSteps.pop()) work();
  inspection?.onEnd();
}

/** Nobody caught `error`. */
function noteException(error) {
  inspection?.onException(error);
}

function setEnd(fn) {
  end = fn;
}

let report;

/** What a worker does with an exception that nobody caught, instead of printing it. */
function setReport(fn) {
  report = fn;
}

/** The function of setReport, if any. */
function getReport() {
  return report;
}

/** 'beforeExit' while the loop is empty. Returns the exit code so far. */
function emitBeforeExit(process) {
  hooks.flushDestroy();
  process.emit('beforeExit', process.exitCode || 0);
}

/** 'exit', once. Returns the final code. */
function emitExit(process, fallback) {
  if (!process._exiting) {
    process._exiting = true;
    if (process.exitCode === undefined && fallback !== 0) process.exitCode = fallback;
    process.emit('exit', process.exitCode || 0);
  }
  return Number(process.exitCode || 0);
}

module.exports = {
  atEnd, emitBeforeExit, emitExit, endThread, finish, getReport, noteException, setEnd, setInspection, setReport,
};
