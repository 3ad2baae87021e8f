/** Profiles of a whole program: `--cpu-prof` and `--heap-prof`. Node docs: --cpu-prof, --heap-prof. */
'use strict';

const process = require('internal/process/object');
const { getOptionValue } = require('internal/options');

/** Node docs: --cpu-prof-interval, "Default is 1000 microseconds"; --heap-prof-interval, "Default: 512 * 1024" bytes. */
const CPU_INTERVAL_DEFAULT = 1000;
const HEAP_INTERVAL_DEFAULT = 512 * 1024;

/** What to write at the end: `[prefix, extension, function that returns the text]`. */
let running = [];
let files = 0;

const twoDigits = (number) => String(number).padStart(2, '0');

/** `CPU.20260101.120000.1234.0.001.cpuprofile`. Node docs: --cpu-prof-name. */
function defaultName(prefix, extension) {
  const now = new Date();
  const date = `${now.getFullYear()}${twoDigits(now.getMonth() + 1)}${twoDigits(now.getDate())}`;
  const time = `${twoDigits(now.getHours())}${twoDigits(now.getMinutes())}${twoDigits(now.getSeconds())}`;
  files++;
  const { threadId } = require('worker_threads');
  return `${prefix}.${date}.${time}.${process.pid}.${threadId}.${String(files).padStart(3, '0')}.${extension}`;
}

function intervalOf(option, otherwise) {
  const number = Number(getOptionValue(option));
  return number > 0 ? number : otherwise;
}

function start() {
  const { agent, getAgent } = require('internal/inspector/host');
  const { heap, profiler } = agent ?? getAgent();
  if (getOptionValue('--cpu-prof')) {
    const run = profiler.begin(intervalOf('--cpu-prof-interval', CPU_INTERVAL_DEFAULT));
    running.push(['CPU', 'cpuprofile', '--cpu-prof', () => profiler.endText(run)]);
  }
  if (getOptionValue('--heap-prof')) {
    heap.startSampling({ samplingInterval: intervalOf('--heap-prof-interval', HEAP_INTERVAL_DEFAULT) });
    running.push(['Heap', 'heapprofile', '--heap-prof', () => heap.stopText()]);
  }
}

/** The thread ends: writes what was measured. */
function finish() {
  const fs = require('fs');
  const path = require('path');
  for (const [prefix, extension, option, text] of running) {
    const directory = getOptionValue(`${option}-dir`) ?? process.cwd();
    const file = path.resolve(directory, getOptionValue(`${option}-name`)?.replaceAll('${pid}', process.pid) ?? defaultName(prefix, extension));
    try {
      fs.mkdirSync(directory, { recursive: true });
      fs.writeFileSync(file, text());
    } catch (error) {
      process._rawDebug(`${process.argv0}: Failed to write ${file}: ${error.message}`);
    }
  }
  running = [];
}

/** `--prof`: V8's log of its own code. */
function refuse() {
  process._rawDebug(`${process.argv0}: --prof and --prof-process are about V8's log, which this engine does not write: use --cpu-prof`);
  binding('task_queue').exit(9);
}

module.exports = { finish, refuse, start };
