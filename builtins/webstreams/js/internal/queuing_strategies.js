/** ByteLengthQueuingStrategy and CountQueuingStrategy. Streams Standard §7. */
'use strict';

const {
  codes: { ERR_MISSING_OPTION },
} = require('internal/errors');
const {
  checkObject, customInspectSymbol, finishInterface, inspectAs, invalidThis,
} = require('internal/webstreams/util');

// One function for all strategies of a realm, as the standard says; not constructors.
const { byteLengthSize, countSize } = {
  byteLengthSize(chunk) {
    return chunk.byteLength;
  },
  countSize() {
    return 1;
  },
};
Object.defineProperty(byteLengthSize, 'name', { __proto__: null, value: 'size', configurable: true });
Object.defineProperty(countSize, 'name', { __proto__: null, value: 'size', configurable: true });

function requiredMark(init) {
  checkObject(init, 'init');
  if (init.highWaterMark === undefined) throw new ERR_MISSING_OPTION('init.highWaterMark');
  return Number(init.highWaterMark);
}

/** Node docs: Class: ByteLengthQueuingStrategy. */
class ByteLengthQueuingStrategy {
  #highWaterMark;

  constructor(init) {
    this.#highWaterMark = requiredMark(init);
  }

  get highWaterMark() {
    if (!(#highWaterMark in this)) throw invalidThis('ByteLengthQueuingStrategy');
    return this.#highWaterMark;
  }

  get size() {
    if (!(#highWaterMark in this)) throw invalidThis('ByteLengthQueuingStrategy');
    return byteLengthSize;
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, depth, options, 'ByteLengthQueuingStrategy',
      { highWaterMark: this.highWaterMark });
  }
}
finishInterface(ByteLengthQueuingStrategy, 'ByteLengthQueuingStrategy', ['highWaterMark', 'size']);

/** Node docs: Class: CountQueuingStrategy. */
class CountQueuingStrategy {
  #highWaterMark;

  constructor(init) {
    this.#highWaterMark = requiredMark(init);
  }

  get highWaterMark() {
    if (!(#highWaterMark in this)) throw invalidThis('CountQueuingStrategy');
    return this.#highWaterMark;
  }

  get size() {
    if (!(#highWaterMark in this)) throw invalidThis('CountQueuingStrategy');
    return countSize;
  }

  [customInspectSymbol](depth, options) {
    return inspectAs(this, depth, options, 'CountQueuingStrategy',
      { highWaterMark: this.highWaterMark });
  }
}
finishInterface(CountQueuingStrategy, 'CountQueuingStrategy', ['highWaterMark', 'size']);

module.exports = { ByteLengthQueuingStrategy, CountQueuingStrategy };
