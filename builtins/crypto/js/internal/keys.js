/** Keys. */
'use strict';
const { toBytes } = require('internal/crypto/util');
function secretBytes(key, name, encoding) { return toBytes(key, name, encoding); }
module.exports = { secretBytes, isKeyObject: () => false, isCryptoKey: () => false };
