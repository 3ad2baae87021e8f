/** `dns.lookup` and `dns.lookupService`: what the system's resolver says. */
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS }, dnsException,
} = require('internal/errors');
const {
  validateBoolean, validateFunction, validateNumber, validateOneOf, validatePort, validateString,
} = require('internal/validators');
const { customPromisifyArgs } = require('internal/util');
const { isIP } = require('internal/net/ip');
const { getOptionValue } = require('internal/options');
const hooks = require('internal/async_ids');
const measure = require('internal/net/measure');
const { getAsyncContext, setAsyncContext } = binding('task_queue');

const native = binding('dns');
const { ADDRCONFIG, ALL, V4MAPPED } = native;
const ORDERS = ['verbatim', 'ipv4first', 'ipv6first'];

/** RFC 1035 §2.3.4. */
const NAME_CHARACTERS_MAX = 255;
const UV_EINVAL = -22;

let defaultOrder;

function getDefaultResultOrder() {
  if (defaultOrder === undefined) {
    const given = getOptionValue('--dns-result-order');
    defaultOrder = ORDERS.includes(given) ? given : 'verbatim';
  }
  return defaultOrder;
}

function setDefaultResultOrder(value) {
  validateOneOf(value, 'dnsOrder', ORDERS);
  defaultOrder = value;
}

function validateHints(hints) {
  if ((hints & ~(ADDRCONFIG | ALL | V4MAPPED)) !== 0) throw new ERR_INVALID_ARG_VALUE('hints', hints);
}

/** Wishes of a lookup: checked, with all defaults. Without `names` the family is a number only. */
function lookupOptions(hostname, options, names = true) {
  const wishes = { family: 0, hints: 0, all: false, order: getDefaultResultOrder() };
  if (hostname) validateString(hostname, 'hostname');
  if (typeof options === 'number') {
    validateOneOf(options, 'family', [0, 4, 6]);
    wishes.family = options;
  } else if (options !== undefined && typeof options !== 'object' && typeof options !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('options', ['integer', 'object'], options);
  } else if (options !== null && options !== undefined) {
    if (options.hints != null) {
      validateNumber(options.hints, 'options.hints');
      wishes.hints = options.hints >>> 0;
      validateHints(wishes.hints);
    }
    if (options.family != null) {
      if (names && options.family === 'IPv4') wishes.family = 4;
      else if (names && options.family === 'IPv6') wishes.family = 6;
      else {
        validateOneOf(options.family, 'options.family', [0, 4, 6]);
        wishes.family = options.family;
      }
    }
    if (options.all != null) {
      validateBoolean(options.all, 'options.all');
      wishes.all = options.all;
    }
    if (options.verbatim != null) {
      validateBoolean(options.verbatim, 'options.verbatim');
      wishes.order = options.verbatim ? 'verbatim' : 'ipv4first';
    }
    if (options.order != null) {
      validateOneOf(options.order, 'options.order', ORDERS);
      wishes.order = options.order;
    }
  }
  if (!hostname) {
    throw new ERR_INVALID_ARG_VALUE('hostname', hostname, 'must be a non-empty string');
  }
  return wishes;
}

function sorted(addresses, order) {
  if (order === 'verbatim') return addresses;
  const four = addresses.filter((address) => isIP(address) === 4);
  const six = addresses.filter((address) => isIP(address) !== 4);
  return order === 'ipv4first' ? four.concat(six) : six.concat(four);
}

/** Asks the resolver; `done(error, addresses)` in the async context of the caller. */
function ask(hostname, wishes, type, done) {
  const context = getAsyncContext();
  const req = { asyncId: 0, triggerAsyncId: 0 };
  if (hooks.active) hooks.init(req, type);
  const begun = measure.start('dns', 'lookup', {
    hostname, family: wishes.family, hints: wishes.hints, verbatim: wishes.order === 'verbatim', order: wishes.order,
  });
  const ended = (errno, addresses) => {
    if (context !== undefined) setAsyncContext(context);
    if (hooks.active) hooks.before(req);
    if (errno === 0) measure.stop(begun, { addresses });
    if (errno) done(dnsException(errno, 'getaddrinfo', hostname));
    else done(null, sorted(addresses, wishes.order));
    if (hooks.active) {
      hooks.after(req);
      hooks.destroy(req);
    }
  };
  const ascii = toASCII(hostname);
  // What is no name is not asked for. libuv docs: uv_getaddrinfo.
  const valid = ascii !== '' && ascii.length <= NAME_CHARACTERS_MAX;
  const refused = valid ? native.getaddrinfo(ascii, wishes.family, wishes.hints, ended) : UV_EINVAL;
  if (refused) process.nextTick(ended, refused);
}

/** Names outside of ASCII travel in their IDNA form. */
function toASCII(hostname) {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(hostname)) return hostname;
  return require('url').domainToASCII(hostname);
}

function found(addresses, all) {
  const list = addresses.map((address) => ({ address, family: isIP(address) }));
  return all ? list : list[0];
}

/** What `lookup` returns. */
class GetAddrInfoReqWrap {}

/** Node docs: dns.lookup(hostname[, options], callback). */
function lookup(hostname, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  } else {
    if (hostname) validateString(hostname, 'hostname');
    validateFunction(callback, 'callback');
  }
  const wishes = lookupOptions(hostname, options);
  validateFunction(callback, 'callback');
  const family = isIP(hostname);
  if (family) {
    if (wishes.all) process.nextTick(callback, null, [{ address: hostname, family }]);
    else process.nextTick(callback, null, hostname, family);
    return {};
  }
  const req = new GetAddrInfoReqWrap();
  req.callback = callback;
  req.family = wishes.family;
  req.hostname = hostname;
  req.oncomplete = callback;
  ask(hostname, wishes, 'GETADDRINFOREQWRAP', (error, addresses) => {
    if (error) callback(error);
    else if (wishes.all) callback(null, found(addresses, true));
    else callback(null, addresses[0], wishes.family || isIP(addresses[0]));
  });
  return req;
}
Object.defineProperty(lookup, customPromisifyArgs, { __proto__: null, value: ['address', 'family'], enumerable: false });

/** Node docs: dnsPromises.lookup(hostname[, options]). */
function lookupPromise(hostname, options) {
  if (!hostname) {
    return Promise.reject(new ERR_INVALID_ARG_VALUE('hostname', hostname, 'must be a non-empty string'));
  }
  const wishes = lookupOptions(hostname, options, false);
  const family = isIP(hostname);
  if (family) {
    const one = { address: hostname, family };
    return Promise.resolve(wishes.all ? [one] : one);
  }
  return new Promise((resolve, reject) => {
    ask(hostname, wishes, 'GETADDRINFOREQWRAP', (error, addresses) => {
      if (error) reject(error);
      else resolve(found(addresses, wishes.all));
    });
  });
}

/** The runtime's number of what the permission model refused. */
const ACCESS_DENIED = -8000;

function checkService(address, port) {
  validateString(address, 'address');
  if (isIP(address) === 0) throw new ERR_INVALID_ARG_VALUE('address', address);
  validatePort(port);
}

function askService(address, port, done) {
  const context = getAsyncContext();
  const req = { asyncId: 0, triggerAsyncId: 0 };
  if (hooks.active) hooks.init(req, 'GETNAMEINFOREQWRAP');
  const begun = measure.start('dns', 'lookupService', { host: address, port: +port });
  const ended = (error, host, service) => {
    if (context !== undefined) setAsyncContext(context);
    if (hooks.active) hooks.before(req);
    if (!error) measure.stop(begun, { hostname: host, service });
    if (error) done(dnsException(error, 'getnameinfo', address));
    else done(null, host, service);
    if (hooks.active) {
      hooks.after(req);
      hooks.destroy(req);
    }
  };
  const errno = native.getnameinfo(address, +port, ended);
  if (errno !== ACCESS_DENIED) return errno;
  process.nextTick(ended, errno);
  return 0;
}

/** Node docs: dns.lookupService(address, port, callback). */
function lookupService(address, port, callback) {
  if (arguments.length !== 3) throw new ERR_MISSING_ARGS('address', 'port', 'callback');
  checkService(address, port);
  validateFunction(callback, 'callback');
  const errno = askService(address, port, (error, host, service) => (error ? callback(error) : callback(null, host, service)));
  if (errno) throw dnsException(errno, 'getnameinfo', address);
  return {};
}
Object.defineProperty(lookupService, customPromisifyArgs, { __proto__: null, value: ['hostname', 'service'], enumerable: false });

function lookupServicePromise(address, port) {
  if (arguments.length !== 2) throw new ERR_MISSING_ARGS('address', 'port');
  checkService(address, port);
  return new Promise((resolve, reject) => {
    const errno = askService(address, port, (error, hostname, service) => {
      if (error) reject(error);
      else resolve({ hostname, service });
    });
    if (errno) reject(dnsException(errno, 'getnameinfo', address));
  });
}

module.exports = {
  ADDRCONFIG, ALL, V4MAPPED, getDefaultResultOrder, lookup, lookupPromise, lookupService, lookupServicePromise,
  setDefaultResultOrder,
};
