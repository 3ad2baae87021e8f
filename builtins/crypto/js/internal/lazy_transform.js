/**
 * A Transform whose stream side is set up on first use: most hashes and ciphers are never used as streams.
 */
'use strict';

const { Transform } = require('stream');

function LazyTransform(options) {
  this._options = options;
}
Object.setPrototypeOf(LazyTransform.prototype, Transform.prototype);
Object.setPrototypeOf(LazyTransform, Transform);

for (const key of ['_readableState', '_writableState']) {
  Object.defineProperty(LazyTransform.prototype, key, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      // The prototype itself is no stream.
      if (!Object.hasOwn(this, '_options')) return undefined;
      for (const name of ['_readableState', '_writableState']) {
        Object.defineProperty(this, name, { __proto__: null, configurable: true, enumerable: true, value: undefined, writable: true });
      }
      const options = { ...this._options };
      if (!options.defaultEncoding) options.defaultEncoding = 'utf8';
      Reflect.apply(Transform, this, [options]);
      return this[key];
    },
    set(value) {
      Object.defineProperty(this, key, { __proto__: null, configurable: true, enumerable: true, value, writable: true });
    },
  });
}

module.exports = { LazyTransform };
