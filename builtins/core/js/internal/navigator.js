/** The global `navigator`. Node docs: Class Navigator. */
'use strict';

const { codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS } } = require('internal/errors');

const kInternal = Symbol('internal');

class Navigator {
  #language;

  constructor(key = undefined) {
    if (key !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  /** Locks that all threads share. Web Locks API. */
  get locks() {
    if (!(#language in this)) throw new ERR_INVALID_THIS('Navigator');
    return require('internal/worker_threads/locks').locks;
  }

  /** Logical processors. */
  get hardwareConcurrency() {
    return require('os').availableParallelism();
  }

  get language() {
    return this.#language ??= Intl.DateTimeFormat().resolvedOptions().locale || 'en-US';
  }

  get languages() {
    return Object.freeze([this.language]);
  }

  get userAgent() {
    return `Node.js/${process.versions.node.split('.', 1)[0]}`;
  }

  get platform() {
    const { arch, platform } = process;
    if (platform === 'darwin') return 'MacIntel';
    if (platform === 'win32') return 'Win32';
    const system = `${platform[0].toUpperCase()}${platform.slice(1)}`;
    return `${system} ${arch === 'x64' ? 'x86_64' : arch === 'ia32' ? 'i686' : arch}`;
  }
}

for (const name of ['hardwareConcurrency', 'language', 'languages', 'locks', 'platform', 'userAgent']) {
  Object.defineProperty(Navigator.prototype, name, { __proto__: null, enumerable: true });
}

module.exports = { Navigator, navigator: new Navigator(kInternal) };
