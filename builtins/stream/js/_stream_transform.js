/** `_stream_transform`: the old name of `stream.Transform`. Deprecated: use `stream`. */
'use strict';

process.emitWarning(
  'The _stream_transform module is deprecated.', 'DeprecationWarning', 'DEP0193');

module.exports = require('stream').Transform;
