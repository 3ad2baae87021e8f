'use strict';
const { native, jobPromise } = require('internal/crypto/util');
class SubtleCrypto { async digest(algorithm, data) { const name = typeof algorithm === 'string' ? algorithm : algorithm.name; return jobPromise((cb) => native.hashOneShot(name, data, false, undefined, cb)); } }
module.exports = { SubtleCrypto, subtle: new SubtleCrypto() };
