/** `_stream_passthrough`: the old name of `stream.PassThrough`. Deprecated: use `stream`. */
'use strict';

process.emitWarning(
  'The _stream_passthrough module is deprecated.', 'DeprecationWarning', 'DEP0193');

module.exports = require('stream').PassThrough;
