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

  // What was read and is not a whole message yet, and how many bytes are, as far as its length is known.
  let chunks = [];
  let size = 0;
  let needed = HEADER;
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
      chunks.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      size += bytes.byteLength;
      while (size >= needed) {
        const data = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size);
        const end = HEADER + data.readUInt32BE(0);
        if (size < end) {
          chunks = [data];
          needed = end;
          return;
        }
        size -= end;
        chunks = size === 0 ? [] : [data.subarray(end)];
        needed = HEADER;
        const deserializer = new Deserializer(data.subarray(HEADER, end));
        deserializer.readHeader();
        onMessage(deserializer.readValue());
      }
    },
  };
}

module.exports = { advanced };
