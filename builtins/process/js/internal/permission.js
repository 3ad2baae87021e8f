/**
 * `process.permission`, the warnings of its options, and what children inherit. Node docs: Permissions.
 *
 * The checks are not here: every binding makes its own, where no script can reach.
 */
'use strict';

const native = binding('permission');
const { getOptionValue } = require('internal/options');
const { codes: { ERR_MISSING_OPTION } } = require('internal/errors');
const { validateString } = require('internal/validators');

/** Options that only mean something with --permission; the code of the warning for those that let programs get out. */
const OPTIONS = [
  ['--allow-fs-read'], ['--allow-fs-write'], ['--allow-addons', 'PERM0001'], ['--allow-child-process', 'PERM0002'],
  ['--allow-ffi', 'PERM0003'], ['--allow-inspector', 'PERM0004'], ['--allow-wasi', 'PERM0005'], ['--allow-worker', 'PERM0006'],
  ['--allow-net'],
];

function isSet(option) {
  const value = getOptionValue(option);
  return Array.isArray(value) ? value.length > 0 : value === true;
}

const permission = Object.freeze({
  /** Node docs: process.permission.has(scope[, reference]). */
  has(scope, reference) {
    validateString(scope, 'scope');
    if (reference != null) {
      if (ArrayBuffer.isView(reference)) return false;
      validateString(reference, 'reference');
    }
    return native.has(scope, reference ?? undefined);
  },

  /** Node docs: process.permission.drop(scope[, reference]). */
  drop(scope, reference) {
    validateString(scope, 'scope');
    if (reference != null) validateString(reference, 'reference');
    native.drop(scope, reference ?? undefined);
  },
});

/** Channels by scope: looked up once, as a program may patch what the lookup needs. */
const channels = { __proto__: null };

/** `{ permission, resource, drop }` on `node:permission-model:fs` and its like. */
function tell(scope, name, resource) {
  const told = channels[scope] ??= require('diagnostics_channel').channel(`node:permission-model:${scope}`);
  if (told.hasSubscribers) told.publish({ permission: name, resource, drop: undefined });
}

function warn(process) {
  for (const { 0: option, 1: code } of OPTIONS) {
    if (code === undefined || !isSet(option)) continue;
    process.emitWarning(`The flag ${option} must be used with extreme caution. It could invalidate the permission model.`,
      'SecurityWarning', code);
  }
  for (const option of ['--allow-fs-read', '--allow-fs-write']) {
    if (!getOptionValue(option).some((path) => path.includes(','))) continue;
    process.emitWarning(`The ${option} CLI flag has changed. Passing a comma-separated list of paths is no longer valid. ` +
      'Documentation can be found at https://nodejs.org/api/permissions.html#file-system-permissions');
  }
  if (isSet('--allow-net')) process.emitWarning('The flag --allow-net is under experimental phase.', 'ExperimentalWarning');
}

/** At the start of a thread. Throws ERR_MISSING_OPTION for an option without --permission. */
function install(process, isMainThread) {
  if (!getOptionValue('--permission') && !getOptionValue('--permission-audit')) {
    for (const { 0: option } of OPTIONS) {
      if (isSet(option)) throw new ERR_MISSING_OPTION('--permission');
    }
    return;
  }
  Object.defineProperty(process, 'permission', {
    __proto__: null, configurable: false, enumerable: true, value: permission, writable: false,
  });
  native.setListener(tell);
  if (isMainThread) warn(process);
}

/**
 * `NODE_OPTIONS` for a child, which gets the permissions of this process unless it was given others: its new value, or undefined
 * to leave it alone.
 */
function optionsForChild(args, current) {
  const own = /^--permission(?:-audit)?$/;
  if (!native.isEnforced() && !getOptionValue('--permission-audit')) return undefined;
  if (args?.some((arg) => own.test(arg))) return undefined;
  if (current !== undefined && current.split(' ').some((word) => own.test(word))) return undefined;
  const words = current ? [current] : [];
  words.push(getOptionValue('--permission') ? '--permission' : '--permission-audit');
  for (const { 0: option } of OPTIONS) {
    const value = getOptionValue(option);
    if (Array.isArray(value)) words.push(...value.map((path) => quote(`${option}=${path}`)));
    else if (value === true) words.push(option);
  }
  return words.join(' ');
}

/** As NODE_OPTIONS wants words with spaces. */
function quote(word) {
  return /[\s"\\]/.test(word) ? `"${word.replace(/["\\]/g, '\\$&')}"` : word;
}

module.exports = { install, optionsForChild };
