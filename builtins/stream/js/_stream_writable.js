/** `_stream_writable`: the old name of `stream.Writable`. Deprecated: use `stream`. */
'use strict';

process.emitWarning(
  'The _stream_writable module is deprecated.', 'DeprecationWarning', 'DEP0193');

module.exports = require('stream').Writable;
