/**
 * How objects of our own classes travel in messages and structuredClone.
 *
 * A class marks its prototype: `markTransferMode(Class.prototype, kCloneable)`. An instance is then asked for what travels by
 * `[kClone]()` or `[kTransfer]()`: `{ data, deserializeInfo, transferList, fd }`, where `data` is what the algorithm can clone
 * (`transferList` only for a transfer), `deserializeInfo` is `internal/some/builtin:Name`, and `fd` a descriptor to close if nobody
 * takes the message out. On the other side that builtin's `module.exports[kDeserializers].Name(data)` makes the object.
 */
'use strict';

const { setTransferMark } = binding('worker_threads');

const kClone = Symbol('messaging_clone_symbol');
const kDeserializers = Symbol('messaging_deserializers_symbol');
const kTransfer = Symbol('messaging_transfer_symbol');

const kTransferMode = Symbol('transfer_mode');
setTransferMark(kTransferMode, false);

/** Modes, which may be added up; 0 refuses. */
const kUncloneable = 0;
const kTransferable = 1;
const kCloneable = 2;

function markTransferMode(prototype, mode) {
  Object.defineProperty(prototype, kTransferMode, { __proto__: null, configurable: true, enumerable: false, value: mode, writable: true });
}

let anyObject = false;

/** As markTransferMode, for a single object. Returns false if nothing can be defined on it. */
function markObject(object, mode) {
  if (!anyObject) {
    anyObject = true;
    setTransferMark(kTransferMode, true);
  }
  return Reflect.defineProperty(object, kTransferMode, {
    __proto__: null, configurable: true, enumerable: false, value: mode, writable: true,
  });
}

/** The mode of a marked object. */
function transferModeOf(object) {
  return object[kTransferMode];
}

module.exports = {
  kClone, kCloneable, kDeserializers, kTransfer, kTransferable, kUncloneable, markObject, markTransferMode,
  transferModeOf,
};
