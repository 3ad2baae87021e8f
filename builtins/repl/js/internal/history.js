/** The history file of a REPL. Node docs: replServer.setupHistory, "Persistent history". */
'use strict';

const { validateFunction, validateString } = require('internal/validators');

/** Milliseconds between a command and its way to the file: pasted lines are written once. */
const FLUSH_DELAY_MS = 15;

const DISABLED = '\nPersistent history support disabled. Set the NODE_REPL_HISTORY environment\nvariable to a valid, ' +
  'user-writable path to enable.\n';
const NO_HOME = '\nError: Could not get the home directory.\nREPL session history will not be persisted.\n';
const NO_FILE = '\nError: Could not open history file.\nREPL session history will not be persisted.\n';

function tell(server, message) {
  server._writeToOutput(message);
  server._refreshLine();
}

/** The first time that somebody asks for history and there is none, they are told why. */
function explainOnce(server) {
  const { _historyPrev } = server;
  server._historyPrev = function() {
    delete server._historyPrev;
    if (server.history.length === 0) tell(server, DISABLED);
    return Reflect.apply(_historyPrev, server, []);
  };
}

class HistoryFile {
  #closed = false;
  #flushing = false;
  #handle;
  #pending = false;
  #server;
  #timer;

  constructor(server) {
    this.#server = server;
  }

  /** Reads the file, and makes it if there is none. */
  async open(path) {
    const fs = require('fs').promises;
    // Readable for its owner only: commands may hold secrets.
    const first = await fs.open(path, 'a+', 0o0600);
    let text;
    try {
      text = await first.readFile('utf8');
    } finally {
      await first.close();
    }
    this.#handle = await fs.open(path, 'r+');
    const server = this.#server;
    if (text) {
      server.history.splice(0, server.history.length, ...text.split(/\n+/, server.historySize));
    }
    await this.#write();
    server.on('line', () => this.#later());
    server.once('exit', () => this.closeHandle());
  }

  get isFlushing() {
    return this.#timer !== undefined || this.#flushing || this.#pending;
  }

  #later() {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, FLUSH_DELAY_MS);
  }

  async #flush() {
    if (this.#flushing) {
      this.#pending = true;
      return;
    }
    this.#flushing = true;
    try {
      await this.#write();
    } catch {
      // A full disk is no reason to end a session.
    }
    this.#flushing = false;
    if (this.#pending) {
      this.#pending = false;
      this.#flush();
      return;
    }
    if (this.#timer === undefined) this.#server.emit('flushHistory');
  }

  async #write() {
    const text = this.#server.history.join('\n');
    try {
      await this.#handle.truncate(0);
    } catch (error) {
      // Devices have no length.
      if (error.code !== 'EINVAL') throw error;
    }
    const { Buffer } = require('buffer');
    const bytes = Buffer.from(text);
    await this.#handle.write(bytes, 0, bytes.length, 0);
  }

  closeHandle() {
    if (this.#closed) return undefined;
    this.#closed = true;
    return this.#handle?.close().catch(() => {});
  }
}

/** `replServer.setupHistory()` */
function setup(server, config, callback) {
  if (typeof config === 'string' || config === undefined || config === null) config = { filePath: config ?? undefined };
  const { filePath, onHistoryFileLoaded = callback, size, removeHistoryDuplicates } = config;
  if (filePath !== undefined) validateString(filePath, 'historyConfig.filePath');
  validateFunction(onHistoryFileLoaded, 'historyConfig.onHistoryFileLoaded');
  if (size !== undefined) {
    require('internal/validators').validateNumber(size, 'historyConfig.size', 0);
    server.historySize = size;
  }
  if (removeHistoryDuplicates !== undefined) server.removeHistoryDuplicates = Boolean(removeHistoryDuplicates);
  const ready = (error) => {
    onHistoryFileLoaded(error, error === null ? server : undefined);
  };
  const file = new HistoryFile(server);
  Object.defineProperty(server, 'historyManager', { __proto__: null, configurable: true, enumerable: true, value: file, writable: true });
  let path = typeof filePath === 'string' ? filePath.trim() : undefined;
  if (path === '') {
    explainOnce(server);
    process.nextTick(ready, null);
    return;
  }
  if (path === undefined) {
    try {
      path = require('path').join(require('os').homedir(), '.node_repl_history');
    } catch {
      tell(server, NO_HOME);
      explainOnce(server);
      process.nextTick(ready, null);
      return;
    }
  }
  server.pause();
  file.open(path).then(() => {
    server.resume();
    ready(null);
  }, () => {
    file.closeHandle();
    server.resume();
    tell(server, NO_FILE);
    explainOnce(server);
    ready(null);
  });
}

module.exports = { setup };
