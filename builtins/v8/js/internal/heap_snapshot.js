/** What v8.getHeapSnapshot and worker.getHeapSnapshot share. */
'use strict';

const { validateBoolean, validateObject } = require('internal/validators');

/** `exposeInternals` and `exposeNumericValues`: the engine's snapshots have the internals in them, and no numbers. */
function checkSnapshotOptions(options) {
  if (options === undefined) return;
  validateObject(options, 'options');
  const { exposeInternals = false, exposeNumericValues = false } = options;
  validateBoolean(exposeInternals, 'options.exposeInternals');
  validateBoolean(exposeNumericValues, 'options.exposeNumericValues');
}

/** A stream of a snapshot, given as bytes. */
function snapshotStream(bytes) {
  const { Buffer } = require('buffer');
  const { Readable } = require('stream');
  return new (class HeapSnapshotStream extends Readable {
    _read(size) {
      if (bytes.length === 0) {
        this.push(null);
        return;
      }
      const chunk = bytes.subarray(0, size);
      bytes = bytes.subarray(size);
      this.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
  })();
}

module.exports = { checkSnapshotOptions, snapshotStream };
