/** `_stream_duplex`: the old name of `stream.Duplex`. Deprecated: use `stream`. */
'use strict';

process.emitWarning(
  'The _stream_duplex module is deprecated.', 'DeprecationWarning', 'DEP0193');

module.exports = require('stream').Duplex;
