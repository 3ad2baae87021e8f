/** `node:path/win32`: the Windows half of `node:path`. Node docs: path.win32. */
'use strict';

module.exports = require('path').win32;
