/** Settings: objects, pairs, packed bytes. RFC 9113 §6.5; Node docs: "Settings object". */
'use strict';

const {
  codes: {
    ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH, ERR_HTTP2_INVALID_SETTING_VALUE, ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS,
    ERR_INVALID_ARG_TYPE,
  },
} = require('internal/errors');
const { validateObject } = require('internal/validators');

const U32 = 2 ** 32 - 1;

/** Identifier, name, lowest and highest value. RFC 9113 §6.5.2, RFC 8441 §3. */
const NUMBERS = [
  [1, 'headerTableSize', 0, U32],
  [3, 'maxConcurrentStreams', 0, U32],
  [4, 'initialWindowSize', 0, 2 ** 31 - 1],
  [5, 'maxFrameSize', 16384, 2 ** 24 - 1],
  [6, 'maxHeaderListSize', 0, U32],
  [6, 'maxHeaderSize', 0, U32],
];
const FLAGS = [[2, 'enablePush'], [8, 'enableConnectProtocol']];
/** Custom settings of one frame. Node docs: customSettings. */
const CUSTOM_MAX = 10;

/** Node docs: http2.getDefaultSettings. */
function getDefaultSettings() {
  return {
    __proto__: null,
    headerTableSize: 4096,
    enablePush: true,
    initialWindowSize: 65535,
    maxFrameSize: 16384,
    maxConcurrentStreams: U32,
    maxHeaderSize: 65535,
    maxHeaderListSize: 65535,
    enableConnectProtocol: false,
  };
}

function checkNumber(name, value, min, max) {
  if (value === undefined) return;
  if (typeof value !== 'number' || value < min || value > max) {
    throw new ERR_HTTP2_INVALID_SETTING_VALUE.RangeError(name, value, min, max);
  }
}

/** Throws for values that are not allowed. */
function validateSettings(settings) {
  if (settings === undefined) return;
  validateObject(settings, 'settings');
  if (settings.customSettings) {
    const entries = Object.entries(settings.customSettings);
    if (entries.length > CUSTOM_MAX) throw new ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS();
    for (const [key, value] of entries) {
      checkNumber('customSettings:id', Number(key), 0, 0xffff);
      checkNumber('customSettings:value', Number(value), 0, U32);
    }
  }
  for (const [, name, min, max] of NUMBERS) checkNumber(name, settings[name], min, max);
  for (const [, name] of FLAGS) {
    const value = settings[name];
    if (value !== undefined && typeof value !== 'boolean') throw new ERR_HTTP2_INVALID_SETTING_VALUE(name, value);
  }
}

/** Identifiers and values in a row, in the order of identifiers; custom ones behind. */
function settingsToPairs(settings) {
  const values = new Map();
  for (const [id, name] of NUMBERS) if (settings[name] !== undefined) values.set(id, settings[name]);
  for (const [id, name] of FLAGS) if (settings[name] !== undefined) values.set(id, Number(settings[name]));
  const custom = settings.customSettings ? Object.entries(settings.customSettings) : [];
  const pairs = [];
  for (const id of [1, 2, 3, 4, 5, 6, 8]) if (values.has(id)) pairs.push(id, values.get(id));
  for (const [id, value] of custom) {
    if (!(Number(id) <= 6 || Number(id) === 8)) pairs.push(Number(id), Number(value));
  }
  return pairs;
}

/** What a session of the binding says of its settings. */
function settingsFromArray(list) {
  const settings = {
    __proto__: Object.prototype,
    headerTableSize: list[0],
    enablePush: list[1] !== 0,
    initialWindowSize: list[3],
    maxFrameSize: list[4],
    maxConcurrentStreams: list[2],
    maxHeaderListSize: list[5],
    maxHeaderSize: list[5],
    enableConnectProtocol: list[6] !== 0,
  };
  if (list.length > 7) {
    settings.customSettings = {};
    for (let i = 7; i < list.length; i += 2) settings.customSettings[list[i]] = list[i + 1];
  }
  return settings;
}

/** Node docs: http2.getPackedSettings. */
function getPackedSettings(settings = {}) {
  validateSettings(settings);
  const { Buffer } = require('buffer');
  const pairs = settingsToPairs(settings);
  const bytes = Buffer.alloc(pairs.length * 3);
  for (let i = 0; i < pairs.length; i += 2) {
    bytes.writeUInt16BE(pairs[i], i * 3);
    bytes.writeUInt32BE(pairs[i + 1], i * 3 + 2);
  }
  return bytes;
}

/** Node docs: http2.getUnpackedSettings. */
function getUnpackedSettings(buf, options = {}) {
  if (!ArrayBuffer.isView(buf) || buf.length === undefined) {
    throw new ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray'], buf);
  }
  if (buf.length % 6 !== 0) throw new ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH();
  const settings = {};
  for (let at = 0; at < buf.length; at += 6) {
    const id = (buf[at] << 8) | buf[at + 1];
    const value = ((buf[at + 2] << 24) | (buf[at + 3] << 16) | (buf[at + 4] << 8) | buf[at + 5]) >>> 0;
    switch (id) {
      case 1: settings.headerTableSize = value; break;
      case 2: settings.enablePush = value !== 0; break;
      case 3: settings.maxConcurrentStreams = value; break;
      case 4: settings.initialWindowSize = value; break;
      case 5: settings.maxFrameSize = value; break;
      case 6: settings.maxHeaderListSize = settings.maxHeaderSize = value; break;
      case 8: settings.enableConnectProtocol = value !== 0; break;
      default:
        settings.customSettings ??= {};
        settings.customSettings[id] = value;
    }
  }
  if (options != null && options.validate) validateSettings(settings);
  return settings;
}

module.exports = {
  CUSTOM_MAX, getDefaultSettings, getPackedSettings, getUnpackedSettings, settingsFromArray, settingsToPairs, validateSettings,
};
