/**
 * Coverage: how often each function and block of the user's code ran, in V8's format. Node docs: NODE_V8_COVERAGE,
 * v8.takeCoverage().
 *
 * The engine counts instructions (crates/engine/src/debugger.rs); `builtins/v8/pure` makes blocks of them. What is counted are
 * scripts that are compiled after `start()`.
 */
'use strict';

const { blockCoverage, startCoverage } = binding('v8');

/** Numbers per instruction: line, column, count, operation, index of where a jump leads. */
const POINT_STRIDE = 5;

/** The engine's counter; undefined while nothing is counted. */
let counter;
/** Where `write` puts its files, absolute; undefined if nobody asked for files. */
let directory;
let files = 0;

function isStarted() {
  return counter !== undefined;
}

function start() {
  counter ??= startCoverage();
}

/** The loader's wrapper around a CommonJS module: its first line is not the user's. */
function unwrap({ line, source }) {
  if (line !== 0) return { text: source, header: 0, shift: 1 - line };
  const header = source.indexOf('\n') + 1;
  const trailer = source.lastIndexOf('\n}');
  return { text: source.slice(header, trailer < header ? undefined : trailer), header, shift: 0 };
}

/** The engine's name of a function, `outer/inner` or `outer/<`, as V8 has it: without what is around it. */
function nameOf(displayName) {
  const name = displayName.slice(displayName.lastIndexOf('/') + 1);
  return name.endsWith('<') ? '' : name;
}

function describeScript(script) {
  const { text, header, shift } = unwrap(script);
  const functions = [];
  for (const { 0: name, 1: begin, 2: length, 3: points } of script.functions) {
    // The wrapper function stands for the whole module.
    const isTop = functions.length === 0;
    const from = isTop ? 0 : begin - header;
    const to = isTop ? text.length : from + length;
    if (!isTop && (from < 0 || to > text.length)) continue;
    if (shift !== 0) for (let i = 0; i < points.length; i += POINT_STRIDE) points[i] += shift;
    functions.push([isTop ? '' : nameOf(name), from, to, points]);
  }
  const found = blockCoverage(text, script.isModule, functions);
  return found.map(({ 0: functionName, 1: isBlockCoverage, length, ...row }) => {
    const ranges = [];
    for (let i = 2; row[i] !== undefined; i += 3) {
      ranges.push({ startOffset: row[i], endOffset: row[i + 1], count: row[i + 2] });
    }
    return { functionName, ranges, isBlockCoverage };
  });
}

/**
 * V8's `ScriptCoverage[]`; with `reset`, counting begins anew. `sourceMaps`, an object, takes the maps of the scripts by URL.
 */
function take(reset = true, sourceMaps = undefined) {
  const { pathToFileURL } = require('url');
  const result = [];
  for (const script of JSON.parse(counter(reset ? 'reset' : 'peek'))) {
    // What stands for a CommonJS module where it is imported has the same address (internal/module/esm).
    if (script.isModule && script.source.startsWith('/* synthetic module */')) continue;
    const url = script.url.startsWith('/') ? pathToFileURL(script.url).href : script.url;
    result.push({ scriptId: String(script.id), url, functions: describeScript(script) });
    if (sourceMaps !== undefined && url.startsWith('file:')) addSourceMap(sourceMaps, url, script);
  }
  return result;
}

function addSourceMap(sourceMaps, url, script) {
  const { fileURLToPath } = require('url');
  const found = require('internal/module/source_maps').read(fileURLToPath(url), unwrap(script).text);
  if (found === undefined) return;
  const { data } = found;
  if (data !== null && Array.isArray(data.sources)) {
    const root = data.sourceRoot ? `${data.sourceRoot.replace(/\/$/, '')}/` : '';
    const sources = data.sources.map((name) => (name === null ? null : URL.parse(root + name, found.url ?? url)?.href ?? name));
    found.data = { ...data, sources, sourceRoot: '' };
  }
  sourceMaps[url] = found;
}

/** Starts counting for files in `path`. Returns the absolute path. */
function startFiles(path) {
  directory = require('path').resolve(path);
  start();
  process.on('exit', write);
  const { reallyExit, kill } = process;
  process.reallyExit = function(code) {
    write();
    return Reflect.apply(reallyExit, process, [code]);
  };
  // A signal to oneself that nobody listens to ends the process without 'exit'.
  process.kill = function(pid, signal) {
    if (pid === process.pid && signal !== 0 && process.listenerCount(signal ?? 'SIGTERM') === 0) write();
    return Reflect.apply(kill, process, [pid, signal]);
  };
  return directory;
}

let written = false;

/** Writes a file with what has been counted since the last. */
function write() {
  if (counter === undefined || directory === undefined) return;
  // What ends the process may come twice.
  if (written && process._exiting) return;
  written = process._exiting === true;
  const fs = require('fs');
  const { threadId } = require('worker_threads');
  const timestamp = Date.now();
  const sourceMaps = {};
  const report = { result: take(true, sourceMaps), timestamp };
  // Node docs: NODE_V8_COVERAGE, "Source map cache".
  if (Object.keys(sourceMaps).length > 0) report['source-map-cache'] = sourceMaps;
  const name = `coverage-${process.pid}-${timestamp}-${threadId}${files === 0 ? '' : `-${files}`}.json`;
  files++;
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(require('path').join(directory, name), JSON.stringify(report));
  } catch (error) {
    process._rawDebug(`${process.argv0}: Failed to write coverage: ${error.message}`);
  }
}

/** Node docs: v8.stopCoverage(). */
function stop() {
  counter?.('stop');
  counter = undefined;
}

module.exports = { isStarted, start, startFiles, stop, take, write };
