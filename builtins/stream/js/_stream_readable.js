/** `_stream_readable`: the old name of `stream.Readable`. Deprecated: use `stream`. */
'use strict';

process.emitWarning(
  'The _stream_readable module is deprecated.', 'DeprecationWarning', 'DEP0193');

module.exports = require('stream').Readable;
