/**
 * The class behind every Buffer. `Buffer` itself is a plain function, because `Buffer(5)` and
 * `new Buffer(5)` both have to work; its prototype is this one.
 */
'use strict';

class FastBuffer extends Uint8Array {
  // Spelled out: a derived default constructor would walk the (patchable) array iterator.
  constructor(bufferOrLength, byteOffset, length) {
    super(bufferOrLength, byteOffset, length);
  }
}

module.exports = { FastBuffer };
