/** What v8.getHeapSnapshot and worker.getHeapSnapshot share. */
'use strict';

const { validateBoolean, validateObject } = require('internal/validators');
const { Buffer } = require('buffer');
const { Readable } = require('stream');

/** `exposeInternals` and `exposeNumericValues`: the engine's snapshots have the internals in them, and no numbers. */
function checkSnapshotOptions(options) {
  if (options === undefined) return;
  validateObject(options, 'options');
  const { exposeInternals = false, exposeNumericValues = false } = options;
  validateBoolean(exposeInternals, 'options.exposeInternals');
  validateBoolean(exposeNumericValues, 'options.exposeNumericValues');
}

class HeapSnapshotStream extends Readable {
  #bytes;

  constructor(bytes) {
    super();
    this.#bytes = bytes;
  }

  _read(size) {
    if (this.#bytes.length === 0) {
      this.push(null);
      return;
    }
    const chunk = this.#bytes.subarray(0, size);
    this.#bytes = this.#bytes.subarray(size);
    this.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }
}

/** A stream of a snapshot, given as bytes. */
function snapshotStream(bytes) {
  return new HeapSnapshotStream(bytes);
}

module.exports = { checkSnapshotOptions, snapshotStream };
