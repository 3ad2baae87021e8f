/**
 * `--watch`: runs the program in a child process, again whenever a file changes that it loaded. Node docs: Command-line API,
 * `--watch`, `--watch-path`.
 *
 * The child tells over its channel which files it loads (`reportDependencies`). Folders are watched instead of files, since
 * editors replace files.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { getOptionValue } = require('internal/options');

/** How long changes are gathered before the program runs again, in milliseconds. */
const DELAY_MS = 200;

/** In the child: tells of each file that is loaded. */
function reportDependencies() {
  const { watchState } = require('internal/module/cjs');
  const told = new Set();
  watchState.report = (name) => {
    if (told.has(name) || !process.connected) return;
    told.add(name);
    process.send(name.startsWith('file:') ? { 'watch:import': [name] } : { 'watch:require': [name] });
  };
}

/** The options of the child: all but those of watching. */
function childArgs() {
  const args = [];
  for (let i = 0; i < process.execArgv.length; i++) {
    const arg = process.execArgv[i];
    if (/^--(?:watch-path|watch-kill-signal)$/.test(arg)) i++;
    else if (!/^--watch(?:$|-)/.test(arg)) args.push(arg);
  }
  return args;
}

class Watching {
  #child;
  #command;
  #files = new Set();
  #folders = new Map();
  #label;
  #timer;
  #changed;

  constructor(rest) {
    this.#command = [...childArgs(), ...rest];
    this.#label = rest.join(' ');
    for (const folder of getOptionValue('--watch-path')) this.#watchFolder(path.resolve(folder), true);
    for (const option of ['--env-file', '--env-file-if-exists']) {
      for (const file of getOptionValue(option)) this.#addFile(path.resolve(file));
    }
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => this.#end(signal));
  }

  start() {
    const child = require('child_process').spawn(process.execPath, this.#command, {
      env: { ...process.env, WATCH_REPORT_DEPENDENCIES: '1' },
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    if (getOptionValue('--watch-path').length === 0) child.on('message', (message) => this.#onMessage(message));
    child.on('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      const how = code === 0 || (code === null && signal === null) ? 'Completed' : 'Failed';
      process.stdout.write(`${how} running '${this.#label}'. Waiting for file changes before restarting...\n`);
    });
  }

  #onMessage(message) {
    if (message === null || typeof message !== 'object') return;
    const { fileURLToPath } = require('url');
    for (const file of message['watch:require'] ?? []) this.#addFile(file);
    for (const url of message['watch:import'] ?? []) this.#addFile(fileURLToPath(url));
  }

  #addFile(file) {
    this.#files.add(file);
    this.#watchFolder(path.dirname(file), false);
  }

  #watchFolder(folder, whole) {
    if (this.#folders.has(folder)) return;
    const onChange = (type, name) => {
      const file = name === null ? folder : path.join(folder, name);
      if (whole || this.#files.has(file)) this.#onChange(file);
    };
    try {
      this.#folders.set(folder, fs.watch(folder, { recursive: whole }, onChange));
    } catch (error) {
      if (whole) throw error;
      // The folder of a file that is gone: what takes its place is found when the program loads it.
    }
  }

  #onChange(file) {
    this.#changed = file;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#restart(), DELAY_MS);
  }

  #restart() {
    if (process.stdout.isTTY && !getOptionValue('--watch-preserve-output')) process.stdout.write('\x1Bc');
    process.stdout.write(`Change detected in '${this.#changed}'\nRestarting '${this.#label}'\n`);
    const { exited } = this.#stop();
    exited.then(() => this.start());
  }

  /** Ends the child, if it runs; `exited` is fulfilled when it is gone. */
  #stop(signal = getOptionValue('--watch-kill-signal') ?? 'SIGTERM') {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return { exited: Promise.resolve() };
    const { promise, resolve } = Promise.withResolvers();
    child.once('exit', resolve);
    child.kill(signal);
    return { exited: promise };
  }

  #end(signal) {
    clearTimeout(this.#timer);
    this.#stop(signal).exited.then(() => process.exit(require('os').constants.signals[signal] + 128));
  }
}

function run(rest) {
  if (rest.length === 0) {
    fs.writeSync(2, `${process.argv0}: --watch requires specifying a file\n`);
    process.exit(9);
  }
  new Watching(rest).start();
}

module.exports = { reportDependencies, run };
