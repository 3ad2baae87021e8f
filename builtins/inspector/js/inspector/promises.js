/** `node:inspector/promises`: `post()` returns a promise. Node docs: Inspector, "Promises API". */
'use strict';

const inspector = require('inspector');

class Session extends inspector.Session {
  post(method, params) {
    const { promise, resolve, reject } = Promise.withResolvers();
    super.post(method, params, (error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
    return promise;
  }
}

module.exports = Object.defineProperty(
  Object.defineProperties({}, Object.getOwnPropertyDescriptors(inspector)),
  'Session', { __proto__: null, configurable: true, enumerable: true, value: Session, writable: true },
);
