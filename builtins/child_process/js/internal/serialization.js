/** IPC messages as structured clones: `serialization: 'advanced'`. Node docs: child_process, "Advanced serialization". */
'use strict';

const { Buffer } = require('buffer');

/** Bytes of the length before each message. */
const HEADER = 4;

/** What a host object is: bytes, or something that is sent as a plain object. */
const VIEW = 0;
const NOT_A_VIEW = 1;

function advanced() {
  const { DefaultDeserializer, DefaultSerializer } = require('v8');

  class Serializer extends DefaultSerializer {
    _writeHostObject(object) {
      if (ArrayBuffer.isView(object)) {
        this.writeUint32(VIEW);
        return super._writeHostObject(object);
      }
      this.writeUint32(NOT_A_VIEW);
      this.writeValue({ ...object });
      return undefined;
    }
  }

  class Deserializer extends DefaultDeserializer {
    _readHostObject() {
      return this.readUint32() === VIEW ? super._readHostObject() : this.readValue();
    }
  }

  let rest = Buffer.alloc(0);
  return {
    encode(message) {
      const serializer = new Serializer();
      serializer.writeHeader();
      serializer.writeValue(message);
      const body = serializer.releaseBuffer();
      const frame = Buffer.allocUnsafe(HEADER + body.length);
      frame.writeUInt32BE(body.length, 0);
      frame.set(body, HEADER);
      return frame;
    },
    push(bytes, onMessage) {
      rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
      while (rest.length >= HEADER) {
        const end = HEADER + rest.readUInt32BE(0);
        if (rest.length < end) return;
        const deserializer = new Deserializer(rest.subarray(HEADER, end));
        rest = rest.subarray(end);
        deserializer.readHeader();
        onMessage(deserializer.readValue());
      }
    },
  };
}

module.exports = { advanced };
