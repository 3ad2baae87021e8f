/** IPC messages as structured clones: `serialization: 'advanced'`. Node docs: child_process, "Advanced serialization". */
'use strict';

const { Buffer } = require('buffer');

/** Bytes of the length before each message. */
const HEADER = 4;

function advanced() {
  const { DefaultDeserializer, DefaultSerializer } = require('v8');
  let rest = Buffer.alloc(0);
  return {
    encode(message) {
      const serializer = new DefaultSerializer();
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
        const deserializer = new DefaultDeserializer(rest.subarray(HEADER, end));
        rest = rest.subarray(end);
        deserializer.readHeader();
        onMessage(deserializer.readValue());
      }
    },
  };
}

module.exports = { advanced };
