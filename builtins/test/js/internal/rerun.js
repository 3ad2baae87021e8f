/**
 * `--test-rerun-failures`: a state file tells which tests have passed in earlier attempts; those are not run again.
 *
 * The file is a JSON array, an object per attempt: place of a test -> `{ passed_on_attempt, name, children }`. Tests of one place
 * (made by a loop, or by a function) are told apart by a number. Node docs: "Rerunning failed tests".
 */
'use strict';

const path = require('path');
const fs = require('fs');

/** Numbers the tests of each place. */
class Places {
  #counts = new Map();

  /** The key of the next test of a place. */
  next({ file, line, column }) {
    const place = `${file === undefined ? '' : path.relative(process.cwd(), file)}:${line}:${column}`;
    const count = this.#counts.get(place) ?? 0;
    this.#counts.set(place, count + 1);
    return count === 0 ? place : `${place}:(${count})`;
  }
}

function read(file) {
  let text;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  if (text.trim() === '') return [];
  const attempts = JSON.parse(text);
  if (!Array.isArray(attempts)) {
    const { codes: { ERR_INVALID_STATE } } = require('internal/errors');
    throw new ERR_INVALID_STATE(`Invalid rerun state file '${file}'`);
  }
  return attempts;
}

/** What a tree of tests asks. */
class Rerun {
  #places = new Places();
  #last;

  constructor(file) {
    const attempts = read(file);
    this.attempt = attempts.length;
    this.#last = attempts.at(-1) ?? {};
  }

  /** What is known of the node: `{ passed_on_attempt, children }` if it has passed before. */
  known(node) {
    if (node.location === undefined) return undefined;
    const key = this.#places.next(node.location);
    return Object.hasOwn(this.#last, key) ? this.#last[key] : undefined;
  }
}

/** Writes the attempt that the events of `stream` tell. */
function record(stream, file) {
  const attempts = read(file);
  const places = new Places();
  const state = {};
  /** Results that wait for their parent's: by level. */
  const waiting = [];
  const note = (data, passed) => {
    const { nesting, name, line, column, file: testFile } = data;
    if (line === undefined) return;
    const key = places.next({ file: testFile, line, column });
    const children = waiting[nesting + 1] ?? [];
    waiting[nesting + 1] = [];
    (waiting[nesting] ??= []).push({ name, line, column, file: testFile, children });
    if (passed) state[key] = { passed_on_attempt: data.details.passed_on_attempt ?? attempts.length, name, children };
  };
  stream.on('test:pass', (data) => note(data, true));
  stream.on('test:fail', (data) => note(data, false));
  stream.once('end', () => {
    fs.writeFileSync(file, JSON.stringify([...attempts, state], null, 2));
  });
  // Also where nobody reads the stream to its end.
  return () => fs.writeFileSync(file, JSON.stringify([...attempts, state], null, 2));
}

module.exports = { Rerun, record };
