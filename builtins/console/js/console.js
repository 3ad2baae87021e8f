/** `node:console`: the global console, whose property `Console` makes others. Node docs: console. */
'use strict';

module.exports = require('internal/console/global');
