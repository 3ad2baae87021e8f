/** Options that net, http and tls read alike: arguments of connect and listen, address family selection. */
'use strict';

const { validateBoolean, validateInt32 } = require('internal/validators');
const { getOptionValue } = require('internal/options');

const kNormalized = Symbol('normalizedArgs');

/** The shortest time an address family is tried, in milliseconds. Node docs: autoSelectFamilyAttemptTimeout. */
const ATTEMPT_TIMEOUT_MIN = 10;

let autoSelectFamily;
let attemptTimeout;

function getDefaultAutoSelectFamily() {
  autoSelectFamily ??= getOptionValue('--network-family-autoselection') !== false;
  return autoSelectFamily;
}

function setDefaultAutoSelectFamily(value) {
  validateBoolean(value, 'value');
  autoSelectFamily = value;
}

function getDefaultAutoSelectFamilyAttemptTimeout() {
  if (attemptTimeout === undefined) {
    const given = Number(getOptionValue('--network-family-autoselection-attempt-timeout'));
    attemptTimeout = Number.isInteger(given) && given > 0 ? Math.max(given, ATTEMPT_TIMEOUT_MIN) : 500;
  }
  return attemptTimeout;
}

function setDefaultAutoSelectFamilyAttemptTimeout(value) {
  validateInt32(value, 'value', 1);
  attemptTimeout = Math.max(value, ATTEMPT_TIMEOUT_MIN);
}

/** A string that is no number is a path. */
function isPipeName(text) {
  return typeof text === 'string' && toPort(text) === false;
}

function toPort(value) {
  const port = Number(value);
  return port >= 0 ? port : false;
}

/**
 * `[options, callback]` of the three ways to call: (options[, cb]), (port[, host][...][, cb]), (path[, ...][, cb]).
 */
function normalizeArgs(args) {
  let result;
  if (args.length === 0) {
    result = [{}, null];
    result[kNormalized] = true;
    return result;
  }
  const first = args[0];
  let options = {};
  if (typeof first === 'object' && first !== null) {
    options = first;
  } else if (isPipeName(first)) {
    options.path = first;
  } else {
    options.port = first;
    if (args.length > 1 && typeof args[1] === 'string') options.host = args[1];
  }
  const last = args[args.length - 1];
  result = [options, typeof last === 'function' ? last : null];
  result[kNormalized] = true;
  return result;
}

module.exports = {
  ATTEMPT_TIMEOUT_MIN,
  getDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  isPipeName,
  kNormalized,
  normalizeArgs,
  setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout,
  toPort,
};
