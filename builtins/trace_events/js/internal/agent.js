/**
 * Collects trace events and writes them. Node docs: Trace events.
 *
 * Loaded when a category is enabled, by an option, by `createTracing()` or by a session of the inspector. Sources of events
 * (internal/trace_events/sources) watch the program from outside, each once its category is enabled for the first time; so nothing is on
 * anybody's way while nothing is traced. Events of all threads go to one store of the process, which the main thread writes to a file.
 */
'use strict';

const native = binding('trace_events');
const process = require('internal/process/object');
const lifecycle = require('internal/process/lifecycle');
const { getOptionValue } = require('internal/options');

/** Node docs: --trace-events-enabled was this set. */
const CATEGORIES_DEFAULT = 'v8,node,node.async_hooks';
const PATTERN_DEFAULT = 'node_trace.${rotation}.log';
/** Bytes that wait before they are written. */
const WRITE_BYTES = 4 << 20;

/** How many want a category for the file. */
const fileWants = new Map();
/** Sessions of the inspector: `{ wanted, write, events }`. */
const sessions = new Set();
let tid;
let isMain = true;
let file;
let title;

const splitCategories = (text) => text.split(',').map((each) => each.trim()).filter((each) => each !== '');

/** Microseconds on the clock that all events share. */
function now() {
  return Math.round(Number(process.hrtime.bigint() / 1000n));
}

function matches(wanted, categories) {
  return categories.some((category) => wanted.has(category));
}

/** Whether an event of these categories would be kept. */
function isEnabled(categories) {
  if (matches(fileWants, categories)) return true;
  for (const { wanted } of sessions) if (matches(wanted, categories)) return true;
  return false;
}

/**
 * One event. `phase` is of the trace event format: `B` and `E` on a stack, `b`, `n` and `e` with an id, `X` with a duration, `C` counters, `I`
 * points in time, `M` metadata.
 */
function emit(categories, name, phase, { id, args = {}, at = now(), duration = 0 } = {}) {
  const isMetadata = phase === 'M';
  const toFile = isMetadata ? file !== undefined || !isMain : matches(fileWants, categories);
  const event = {
    pid: process.pid, tid: tid ??= native.threadId(), ts: at, tts: Math.round(process.cpuUsage().user), ph: phase, cat: categories.join(','), name,
    dur: duration, tdur: 0,
  };
  if (id !== undefined) event.id = `0x${id.toString(16)}`;
  event.args = args;
  for (const session of sessions) if (isMetadata || matches(session.wanted, categories)) session.events.push(event);
  if (toFile && native.emit(JSON.stringify(event)) > WRITE_BYTES && isMain) flush();
}

/** The name of the file. Node docs: --trace-event-file-pattern. */
function fileName() {
  const pattern = getOptionValue('--trace-event-file-pattern') ?? PATTERN_DEFAULT;
  return require('path').resolve(pattern.replaceAll('${rotation}', '1').replaceAll('${pid}', process.pid));
}

/** Opens the file. One that cannot be written to is named on standard error. */
function openFile() {
  if (file !== undefined || !isMain) return;
  file = { path: fileName(), started: false };
  lifecycle.atEnd(finish);
  emitMetadata();
}

function flush() {
  const text = native.take();
  if (file === undefined || (text === '' && file.started)) return;
  write(file.started ? text === '' ? '' : `,${text}` : `{"traceEvents":[${text}`);
  file.started = true;
}

function write(text) {
  if (file.failed) return;
  const fs = require('fs');
  try {
    if (file.started) fs.appendFileSync(file.path, text);
    else fs.writeFileSync(file.path, text);
  } catch (error) {
    file.failed = true;
    process._rawDebug(`Could not open trace file ${file.path}: ${error.message}`);
  }
}

function finish() {
  if (process.title !== title) emit(['__metadata'], 'process_name', 'M', { args: { name: process.title } });
  require('internal/trace_events/sources').finish();
  flush();
  write(']}');
}

/** What the events are about. */
function emitMetadata() {
  const meta = (name, args) => emit(['__metadata'], name, 'M', { args });
  ({ title } = process);
  meta('process_name', { name: title });
  meta('version', { node: process.versions.node });
  meta('thread_name', { name: 'JavaScriptMainThread' });
  const { arch, platform, release, versions } = process;
  meta('node', { process: { versions: { ...versions }, arch, platform, release: { ...release } } });
  // The pool's threads have names, too.
  for (let i = 0; i < Number(process.env.UV_THREADPOOL_SIZE || 4); i++) meta('thread_name', { name: 'PlatformWorkerThread' });
}

/** Adds (or removes) what somebody wants in the file. */
function want(categories, change) {
  for (const category of categories) {
    const count = (fileWants.get(category) ?? 0) + change;
    if (count > 0) fileWants.set(category, count);
    else fileWants.delete(category);
  }
  if (change > 0) {
    openFile();
    watch();
  }
}

function watch() {
  require('internal/trace_events/sources').watch();
}

/** The options of the process. */
function start() {
  const text = getOptionValue('--trace-event-categories') ?? CATEGORIES_DEFAULT;
  openFile();
  want(splitCategories(text), 1);
}

/** In a worker, whose parent traces `categories`. */
function startInWorker(categories, id, name) {
  isMain = false;
  emit(['__metadata'], 'thread_name', 'M', { args: { name: `[worker ${id}]${name === '' ? '' : ` ${name}`}` } });
  want(categories, 1);
}

/** What a new worker shall trace; undefined for nothing. */
function current() {
  return fileWants.size > 0 ? [...fileWants.keys()] : undefined;
}

/** A session of the inspector wants events; `write(json)` gets them when it stops. */
function startSession(text, write) {
  const session = { wanted: new Set(splitCategories(text)), write, events: [] };
  sessions.add(session);
  watch();
  return session;
}

function stopSession(session) {
  sessions.delete(session);
  if (session.events.length > 0) session.write(JSON.stringify(session.events));
}

module.exports = { current, emit, isEnabled, now, splitCategories, start, startInWorker, startSession, stopSession, want };
