/** Which reporters a process has, and where they write. Node docs: "Test reporters". */
'use strict';

const { getOptionValue } = require('internal/options');

const known = new Set(['dot', 'junit', 'lcov', 'spec', 'tap']);
let flushed = Promise.resolve();
let onlyStreams = true;

function destinationOf(name) {
  switch (name) {
    case 'stdout': return process.stdout;
    case 'stderr': return process.stderr;
    default: return require('fs').createWriteStream(require('path').resolve(name));
  }
}

/** The reporter of a name: one of ours, or a module of the user's. */
async function loadReporter(name) {
  let found;
  if (known.has(name)) {
    found = require('test/reporters')[name];
  } else {
    const { pathToFileURL } = require('url');
    const { importFrom } = require('internal/test/load');
    const base = pathToFileURL(`${process.cwd()}/`).href;
    found = await importFrom(name, base);
    found = found.default;
  }
  const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
  if (found == null) throw new ERR_INVALID_ARG_VALUE('Reporter', name, 'must export a default export');
  if (typeof found === 'function' && found.prototype !== undefined && isStreamClass(found)) return new found();
  if (typeof found === 'function' && (name === 'spec' || name === 'lcov')) return new found();
  if (typeof found !== 'function' && typeof found.pipe !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('Reporter', ['function', 'stream.Transform'], found);
  }
  return found;
}

function isStreamClass(fn) {
  return Object.getOwnPropertyDescriptor(fn.prototype, 'constructor') !== undefined && fn.prototype.pipe !== undefined;
}

/** Connects a tree's events with the reporters that the command line names. */
function attach(stream) {
  if (process.env.NODE_TEST_CONTEXT === 'child-v8') {
    require('internal/test/wire').send(stream);
    return;
  }
  const names = getOptionValue('--test-reporter') ?? [];
  const destinations = getOptionValue('--test-reporter-destination') ?? [];
  if (names.length === 0 && destinations.length === 0) {
    names.push(process.env.NODE_TEST_CONTEXT ? 'tap' : 'spec');
  }
  if (names.length === 1 && destinations.length === 0) destinations.push('stdout');
  if (names.length !== destinations.length) {
    const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
    throw new ERR_INVALID_ARG_VALUE('--test-reporter', names,
                                    'must match the number of specified \'--test-reporter-destination\'');
  }
  const { compose } = require('stream');
  const { errorMonitor } = require('events');
  const all = names.map(async (name, index) => {
    const output = destinationOf(destinations[index]);
    const reporter = await loadReporter(name);
    if (typeof reporter === 'function') onlyStreams = false;
    const text = compose(stream, reporter);
    text.on(errorMonitor, failProcess);
    const done = new Promise((resolve) => text.on('end', resolve));
    text.pipe(output, { end: output !== process.stdout && output !== process.stderr });
    await done;
  });
  flushed = Promise.all(all);
  flushed.catch((error) => {
    process.nextTick(() => {
      failProcess();
      throw error;
    });
  });
}

/** What a reporter throws is no test's failure: it ends the process, with the exit code of an error that cannot be handled. */
function failProcess() {
  process.prependListener('uncaughtException', (error) => {
    throw error;
  });
}

function whenFlushed(fn) {
  flushed.then(fn, fn);
}

/** Whether no reporter is a generator. */
function areStreams() {
  return onlyStreams;
}

module.exports = { areStreams, attach, loadReporter, whenFlushed };
