/**
 * `node:http2`: constants and settings. Sessions are missing (see README): what would make one throws
 * ERR_METHOD_NOT_IMPLEMENTED, so that packages which only offer HTTP/2 can be loaded.
 */
'use strict';

const {
  codes: {
    ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH, ERR_HTTP2_INVALID_SETTING_VALUE, ERR_INVALID_ARG_TYPE, ERR_METHOD_NOT_IMPLEMENTED,
  },
} = require('internal/errors');

/** Identifier, name and highest value of each setting. RFC 9113 §6.5.2, RFC 8441 §3. */
const SETTINGS = [
  [1, 'headerTableSize', 2 ** 32 - 1],
  [2, 'enablePush', 1],
  [3, 'maxConcurrentStreams', 2 ** 32 - 1],
  [4, 'initialWindowSize', 2 ** 32 - 1],
  [5, 'maxFrameSize', 2 ** 24 - 1],
  [6, 'maxHeaderListSize', 2 ** 32 - 1],
  [8, 'enableConnectProtocol', 1],
];
const isFlag = (name) => name === 'enablePush' || name === 'enableConnectProtocol';

/** Node docs: http2.getDefaultSettings. */
function getDefaultSettings() {
  return {
    __proto__: null,
    headerTableSize: 4096,
    enablePush: true,
    initialWindowSize: 65535,
    maxFrameSize: 16384,
    maxConcurrentStreams: 4294967295,
    maxHeaderSize: 65535,
    maxHeaderListSize: 65535,
    enableConnectProtocol: false,
  };
}

function checkSetting(name, value, max) {
  if (isFlag(name)) {
    if (typeof value !== 'boolean') throw new ERR_HTTP2_INVALID_SETTING_VALUE(name, value);
    return;
  }
  const min = name === 'maxFrameSize' ? 16384 : 0;
  if (typeof value !== 'number' || value < min || value > max) {
    throw new ERR_HTTP2_INVALID_SETTING_VALUE.RangeError(name, value, min, max);
  }
}

/** Node docs: http2.getPackedSettings. */
function getPackedSettings(settings = {}) {
  if (settings === null || typeof settings !== 'object') throw new ERR_INVALID_ARG_TYPE('settings', 'Object', settings);
  const { Buffer } = require('buffer');
  const given = SETTINGS.filter(([, name, max]) => {
    if (settings[name] === undefined) return false;
    checkSetting(name, settings[name], max);
    return true;
  });
  const bytes = Buffer.alloc(given.length * 6);
  given.forEach(([id, name], index) => {
    bytes.writeUInt16BE(id, index * 6);
    bytes.writeUInt32BE(Number(settings[name]), index * 6 + 2);
  });
  return bytes;
}

/** Node docs: http2.getUnpackedSettings. */
function getUnpackedSettings(buf, options = {}) {
  if (!ArrayBuffer.isView(buf)) throw new ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray'], buf);
  if (buf.byteLength % 6 !== 0) throw new ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH();
  const view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength);
  const settings = {};
  for (let at = 0; at < view.byteLength; at += 6) {
    const known = SETTINGS.find(([id]) => id === view.getUint16(at));
    if (known === undefined) continue;
    const [, name, max] = known;
    const value = view.getUint32(at + 2);
    settings[name] = isFlag(name) ? value !== 0 : value;
    if (options?.validate) checkSetting(name, settings[name], max);
  }
  return settings;
}

function missing(name) {
  return { [name]() { throw new ERR_METHOD_NOT_IMPLEMENTED(`http2.${name}()`); } }[name];
}

/** Its instances come from sessions only; packages ask with instanceof. */
class Http2ServerRequest extends require('stream').Readable {
  constructor() {
    super();
    throw new ERR_METHOD_NOT_IMPLEMENTED('http2.Http2ServerRequest()');
  }
}

class Http2ServerResponse extends require('internal/stream/legacy').Stream {
  constructor() {
    super();
    throw new ERR_METHOD_NOT_IMPLEMENTED('http2.Http2ServerResponse()');
  }
}

module.exports = {
  connect: missing('connect'),
  constants: require('internal/http2/constants'),
  createServer: missing('createServer'),
  createSecureServer: missing('createSecureServer'),
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  performServerHandshake: missing('performServerHandshake'),
  sensitiveHeaders: Symbol('sensitiveHeaders'),
  Http2ServerRequest,
  Http2ServerResponse,
};
