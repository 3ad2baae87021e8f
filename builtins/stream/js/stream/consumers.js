/** `stream/consumers`: the whole of a stream as one value. Node docs: Utility Consumers. */
'use strict';

const { Buffer } = require('buffer');

/** Node docs: streamConsumers.blob. */
async function blob(stream) {
  const parts = [];
  for await (const chunk of stream) parts.push(chunk);
  return new Blob(parts);
}

/** Node docs: streamConsumers.arrayBuffer. */
async function arrayBuffer(stream) {
  const whole = await blob(stream);
  return whole.arrayBuffer();
}

/** Node docs: streamConsumers.bytes. */
async function bytes(stream) {
  return new Uint8Array(await arrayBuffer(stream));
}

/** Node docs: streamConsumers.buffer. */
async function buffer(stream) {
  return Buffer.from(await arrayBuffer(stream));
}

/** Node docs: streamConsumers.text. Bytes are UTF-8; characters may span chunks. */
async function text(stream) {
  const decoder = new TextDecoder();
  let whole = '';
  for await (const chunk of stream) {
    whole += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  }
  return whole + decoder.decode(undefined, { stream: false });
}

/** Node docs: streamConsumers.json. */
async function json(stream) {
  return JSON.parse(await text(stream));
}

module.exports = { arrayBuffer, blob, buffer, bytes, text, json };
