/**
 * Watch mode: runs test files again when they, or what they loaded, change. Node docs: "Watch mode".
 *
 * Folders are watched, not files: editors replace files, and new ones count, too. What a file's process had loaded it tells
 * at its end (`watch:dependencies`, internal/test/wire).
 */
'use strict';

const fs = require('fs');
const path = require('path');

/** Milliseconds in which changes are taken together: one save makes several events. */
const DEBOUNCE_MS = 200;

class Watcher {
  /** folder -> fs.FSWatcher */
  #folders = new Map();
  /** file -> Set of the test files that depend on it */
  #owners = new Map();
  #changed = new Set();
  #onChange;
  #timer;

  /** `onChange(files)` gets the paths that changed. */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  watchFolder(folder, recursive = false) {
    if (this.#folders.has(folder)) return;
    let watcher;
    try {
      watcher = fs.watch(folder, { recursive }, (_event, name) => {
        if (name !== null) this.#note(path.join(folder, `${name}`));
      });
    } catch {
      // A folder that is gone is seen by its parent's watcher.
      return;
    }
    watcher.on('error', () => {
      watcher.close();
      this.#folders.delete(folder);
    });
    this.#folders.set(folder, watcher);
  }

  /** `file` is a reason to run `owner` again. */
  depend(file, owner) {
    let owners = this.#owners.get(file);
    if (owners === undefined) this.#owners.set(file, owners = new Set());
    owners.add(owner);
    this.watchFolder(path.dirname(file));
  }

  ownersOf(file) {
    return this.#owners.get(file) ?? new Set();
  }

  #note(file) {
    this.#changed.add(file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const files = [...this.#changed];
      this.#changed.clear();
      this.#onChange(files);
    }, DEBOUNCE_MS);
  }

  close() {
    clearTimeout(this.#timer);
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }
}

/** Files that this process has loaded. */
function loadedFiles() {
  const files = new Set(Object.keys(require('internal/module/cjs').Module._cache).filter((name) => path.isAbsolute(name)));
  const { fileURLToPath } = require('url');
  const esm = require('internal/loader').cache.get('internal/module/esm')?.exports;
  for (const url of esm?.loadedUrls?.() ?? []) if (url.startsWith('file:')) files.add(fileURLToPath(url.split(/[?#]/)[0]));
  return [...files];
}

/**
 * `--watch --test --test-isolation=none`: all tests run in one process, which is started anew after changes; this one only
 * watches.
 */
function watchProcess(args) {
  const { spawn } = require('child_process');
  let child;
  let again = false;
  const watcher = new Watcher((files) => {
    const isTestLike = (file) => /\.[cm]?[jt]s$/.test(file);
    if (!files.some((file) => watcher.ownersOf(file).size > 0 || (isTestLike(file) && isUnder(file, process.cwd())))) return;
    again = true;
    if (child === undefined) start();
    else child.kill('SIGTERM');
  });
  const start = () => {
    again = false;
    child = spawn(process.execPath, args, {
      __proto__: null, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: { ...process.env, WATCH_REPORT_DEPENDENCIES: '1' },
    });
    child.on('message', (message) => {
      if (Array.isArray(message?.['watch:dependencies'])) {
        for (const file of message['watch:dependencies']) watcher.depend(file, 'all');
      }
    });
    child.on('exit', () => {
      child = undefined;
      if (again) start();
    });
  };
  watcher.watchFolder(process.cwd(), true);
  start();
  return () => {
    watcher.close();
    child?.kill('SIGTERM');
  };
}

function isUnder(file, folder) {
  return file.startsWith(folder.endsWith('/') ? folder : `${folder}/`) && !file.includes('/node_modules/');
}

module.exports = { Watcher, isUnder, loadedFiles, watchProcess };
