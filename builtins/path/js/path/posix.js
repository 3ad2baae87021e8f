/** `node:path/posix`: the POSIX half of `node:path`. Node docs: path.posix. */
'use strict';

module.exports = require('path').posix;
