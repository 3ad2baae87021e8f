/** `dns.Resolver` and `dnsPromises.Resolver`. Node docs: class dns.Resolver. */
'use strict';

const {
  codes: { ERR_DNS_SET_SERVERS_FAILED, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_IP_ADDRESS },
  dnsException,
} = require('internal/errors');
const {
  validateArray, validateBoolean, validateFunction, validateInt32, validatePort, validateString, validateUint32,
} = require('internal/validators');
const hooks = require('internal/async_ids');
const measure = require('internal/net/measure');
const { getAsyncContext, setAsyncContext } = binding('task_queue');
const { Channel, PORT } = require('internal/dns/channel');
const { isIP } = require('internal/net/ip');
const { TYPES } = require('internal/dns/wire');

const { parseIp } = binding('net');
const UV_EINVAL = -22;

/** Methods by record type: name of the method, and of the system call in errors. */
const RECORDS = {
  A: ['resolve4', 'queryA'],
  AAAA: ['resolve6', 'queryAaaa'],
  ANY: ['resolveAny', 'queryAny'],
  CAA: ['resolveCaa', 'queryCaa'],
  CNAME: ['resolveCname', 'queryCname'],
  MX: ['resolveMx', 'queryMx'],
  NAPTR: ['resolveNaptr', 'queryNaptr'],
  NS: ['resolveNs', 'queryNs'],
  PTR: ['resolvePtr', 'queryPtr'],
  SOA: ['resolveSoa', 'querySoa'],
  SRV: ['resolveSrv', 'querySrv'],
  TLSA: ['resolveTlsa', 'queryTlsa'],
  TXT: ['resolveTxt', 'queryTxt'],
};

const typeNames = new Map(Object.entries(TYPES).map(([name, number]) => [number, name]));

/** The order in which records of any type come. */
const ANY_ORDER = ['CNAME', 'A', 'AAAA', 'MX', 'NS', 'TXT', 'SRV', 'PTR', 'NAPTR', 'SOA', 'TLSA', 'CAA'];

/** Types for which an answer that holds only others is an empty list, as in node. */
const WITH_EMPTY_LISTS = new Set(['CAA', 'MX', 'NAPTR', 'SRV', 'TLSA']);

/** The result of one record type, as Node gives it; undefined for an answer without such records. */
function resultOf(type, answers, withTtl) {
  if (answers.length > 0 && WITH_EMPTY_LISTS.has(type) && !answers.some((answer) => answer.type === TYPES[type])) return [];
  if (type === 'ANY') {
    const list = answers.map((answer) => anyRecord(answer));
    const rank = ({ type: name }) => ANY_ORDER.indexOf(name);
    return list.length === 0 ? undefined : list.sort((first, second) => rank(first) - rank(second));
  }
  const own = answers.filter((answer) => answer.type === TYPES[type]);
  if (own.length === 0) return undefined;
  switch (type) {
    case 'A':
    case 'AAAA':
      return own.map(({ data, ttl }) => (withTtl ? { address: data.address, ttl } : data.address));
    case 'CNAME':
      // Of a chain, the first name only.
      return [own[0].data.value];
    case 'NS':
    case 'PTR':
      return own.map(({ data }) => data.value);
    case 'TXT':
      return own.map(({ data }) => data.entries);
    case 'SOA':
      return { ...own[0].data, type: undefined };
    case 'CAA':
      return own.map(({ data: { critical, ...more } }) => ({ critical, type, ...more }));
    case 'NAPTR':
      return own.map(({ data }) => ({ ...data, type: undefined }));
    case 'MX':
    case 'SRV':
      return own.map(({ data }) => ({ ...data, type }));
    default:
      return own.map(({ data }) => data);
  }
}

function anyRecord({ type, ttl, data }) {
  const name = typeNames.get(type);
  switch (name) {
    case 'A':
    case 'AAAA':
      return { address: data.address, ttl, type: name };
    case 'CAA': {
      const { critical, ...more } = data;
      return { critical, type: name, ...more };
    }
    default:
      return { ...data, type: name };
  }
}

function toASCII(name) {
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(name) ? name : require('url').domainToASCII(name);
}

/** Asks; `done(error, result)` in the caller's async context. */
function ask(channel, name, type, syscall, withTtl, done) {
  const context = getAsyncContext();
  const req = { asyncId: 0, triggerAsyncId: 0 };
  if (hooks.active) hooks.init(req, 'QUERYWRAP');
  const begun = measure.start('dns', syscall, { host: name, ttl: withTtl });
  channel.query(toASCII(name), type, (code, answers) => {
    if (context !== undefined) setAsyncContext(context);
    if (hooks.active) hooks.before(req);
    const result = code === null ? resultOf(type, answers, withTtl) : undefined;
    if (result !== undefined) measure.stop(begun, { result });
    if (code !== null) done(dnsException(code, syscall, name));
    else if (result === undefined) done(dnsException('ENODATA', syscall, name));
    else done(null, result);
    if (hooks.active) {
      hooks.after(req);
      hooks.destroy(req);
    }
  });
}

/** `4.3.2.1.in-addr.arpa` and the like. RFC 1035 3.5, RFC 3596 2.5. */
function reverseName(ip) {
  const bytes = [...parseIp(ip)[1]];
  if (bytes.length === 4) return `${bytes.reverse().join('.')}.in-addr.arpa`;
  const nibbles = bytes.flatMap((byte) => [(byte >> 4).toString(16), (byte & 15).toString(16)]);
  return `${nibbles.reverse().join('.')}.ip6.arpa`;
}

/** Names of an address in hosts(5). */
function hostsNames(ip) {
  let text = '';
  try {
    text = require('fs').readFileSync('/etc/hosts', 'utf8');
  } catch {
    // A machine without the file has no names in it.
  }
  const wanted = parseIp(ip)[0];
  const names = [];
  for (const line of text.split('\n')) {
    const [address, ...rest] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address !== '' && parseIp(address)?.[0] === wanted) names.push(...rest);
  }
  return [...new Set(names)];
}

function reverse(channel, ip, done) {
  const names = hostsNames(ip);
  if (names.length > 0) {
    process.nextTick(done, null, names);
    return;
  }
  channel.query(reverseName(ip), 'PTR', (code, answers) => {
    const result = code === null ? resultOf('PTR', answers) : undefined;
    if (result === undefined) done(dnsException(code ?? 'ENOTFOUND', 'getHostByAddr', ip));
    else done(null, result);
  });
}

function checkReverse(ip) {
  validateString(ip, 'name');
  if (isIP(ip) === 0 || parseIp(ip) === undefined) throw dnsException(UV_EINVAL, 'getHostByAddr', ip);
}

/** The shortest form of an address, without a zone. */
function canonical(address) {
  const text = address.replace(/%.*/, '');
  return parseIp(text)?.[0] ?? text;
}

/** `127.0.0.1`, `127.0.0.1:53`, `::1`, `[::1]`, `[::1]:53`. */
function parseServer(text, index) {
  validateString(text, `servers[${index}]`);
  if (isIP(text)) return { address: canonical(text), port: PORT };
  const match = /^\[([^[\]]*)\](?::(\d+))?/.exec(text) ?? /^([^:]+):(\d+)$/.exec(text);
  if (match === null || !isIP(match[1])) throw new ERR_INVALID_IP_ADDRESS(text);
  const port = match[2] === undefined ? PORT : validatePort(Number(match[2]));
  return { address: canonical(match[1]), port: port === 0 ? PORT : port };
}

/** What the methods return. */
class QueryReqWrap {}

class ResolverBase {
  #channel;

  constructor(options = undefined) {
    const wishes = {};
    if (options != null) {
      const { timeout = -1, tries = 4, maxTimeout = 0 } = options;
      validateInt32(timeout, 'options.timeout', -1);
      validateInt32(tries, 'options.tries', 1);
      validateUint32(maxTimeout, 'options.maxTimeout');
      Object.assign(wishes, { timeout, tries, maxTimeout });
    }
    this.#channel = new Channel(wishes);
  }

  static channelOf(resolver) {
    return resolver.#channel;
  }

  cancel() {
    this.#channel.cancel();
  }

  getServers() {
    return this.#channel.servers.map(({ address, port }) => {
      if (port === PORT) return address;
      return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
    });
  }

  setServers(servers) {
    validateArray(servers, 'servers');
    const list = [];
    // Holes are skipped, also those that a getter makes.
    servers.forEach((server, index) => {
      const added = parseServer(server, index);
      if (!list.some(({ address, port }) => address === added.address && port === added.port)) list.push(added);
    });
    if (this.#channel.pending.size > 0) throw new ERR_DNS_SET_SERVERS_FAILED('There are pending queries.', require('internal/util/inspect').inspect(servers));
    this.#channel.list = list;
  }

  setLocalAddress(ipv4, ipv6) {
    validateString(ipv4, 'ipv4');
    if (ipv6 !== undefined) validateString(ipv6, 'ipv6');
    const invalid = (message) => Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
    const kind = isIP(ipv4);
    const second = ipv6 === undefined ? 0 : isIP(ipv6);
    if (kind === 0 || (ipv6 !== undefined && second === 0)) throw invalid('Invalid IP address.');
    if (kind === second) throw invalid(`Cannot specify two IPv${kind} addresses.`);
    this.#channel.local4 = kind === 4 ? ipv4 : second === 4 ? ipv6 : '0.0.0.0';
    this.#channel.local6 = kind === 6 ? ipv4 : second === 6 ? ipv6 : '::';
  }
}
const { channelOf } = ResolverBase;
delete ResolverBase.channelOf;

class Resolver extends ResolverBase {
  resolve(hostname, rrtype, callback) {
    const method = methodOf(rrtype, (value) => typeof value === 'function');
    return this[method](hostname, typeof rrtype === 'function' ? rrtype : callback);
  }

  reverse(ip, options) {
    const callback = arguments.length > 2 ? arguments[2] : options;
    validateString(ip, 'name');
    validateFunction(callback, 'callback');
    checkReverse(ip);
    reverse(channelOf(this), ip, callback);
    return {};
  }
}

class PromisesResolver extends ResolverBase {
  resolve(hostname, rrtype) {
    return this[methodOf(rrtype, (value) => value === undefined)](hostname);
  }

  reverse(ip) {
    checkReverse(ip);
    return new Promise((resolve, reject) => {
      reverse(channelOf(this), ip, (error, names) => (error ? reject(error) : resolve(names)));
    });
  }
}
for (const { prototype } of [Resolver, PromisesResolver]) {
  Object.defineProperty(prototype, 'resolve', { __proto__: null, enumerable: true });
  Object.defineProperty(prototype, 'reverse', { __proto__: null, enumerable: true });
}
Object.defineProperty(PromisesResolver, 'name', { __proto__: null, value: 'Resolver', configurable: true });

/** The method for a record type, or for none where `isDefault` takes it for that. */
function methodOf(rrtype, isDefault) {
  if (typeof rrtype === 'string') {
    const row = Object.hasOwn(RECORDS, rrtype) ? RECORDS[rrtype] : undefined;
    if (row === undefined) throw new ERR_INVALID_ARG_VALUE('rrtype', rrtype);
    return row[0];
  }
  if (isDefault(rrtype)) return 'resolve4';
  throw new ERR_INVALID_ARG_TYPE('rrtype', 'string', rrtype);
}

function define(Class, name, fn) {
  Object.defineProperty(fn, 'name', { __proto__: null, value: name, configurable: true });
  Object.defineProperty(Class.prototype, name, { __proto__: null, configurable: true, enumerable: true, value: fn, writable: true });
}

for (const [type, [method, syscall]] of Object.entries(RECORDS)) {
  define(Resolver, method, function(name, options) {
    const callback = arguments.length > 2 ? arguments[2] : options;
    validateString(name, 'name');
    validateFunction(callback, 'callback');
    if (options?.ttl !== undefined) validateBoolean(options.ttl, 'options.ttl');
    ask(channelOf(this), name, type, syscall, Boolean(options?.ttl), callback);
    const req = new QueryReqWrap();
    return Object.assign(req, { bindingName: syscall, callback, hostname: name, oncomplete: callback, ttl: Boolean(options?.ttl) });
  });
  define(PromisesResolver, method, function(name, options) {
    validateString(name, 'name');
    if (options?.ttl !== undefined) validateBoolean(options.ttl, 'options.ttl');
    return new Promise((resolve, reject) => {
      ask(channelOf(this), name, type, syscall, Boolean(options?.ttl),
          (error, result) => (error ? reject(error) : resolve(result)));
    });
  });
}

let callbackResolver;
let promisesResolver;

function defaultResolver() {
  return callbackResolver ??= new Resolver();
}

function defaultPromisesResolver() {
  if (promisesResolver === undefined) {
    promisesResolver = new PromisesResolver();
    channelOf(promisesResolver).list = channelOf(defaultResolver()).list;
  }
  return promisesResolver;
}

/** Node docs: dns.setServers(servers): both default resolvers. */
function setDefaultServers(servers) {
  defaultResolver().setServers(servers);
  if (promisesResolver !== undefined) channelOf(promisesResolver).list = channelOf(defaultResolver()).list;
}

module.exports = { PromisesResolver, Resolver, defaultPromisesResolver, defaultResolver, setDefaultServers };
