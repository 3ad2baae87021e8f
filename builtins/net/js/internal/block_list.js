/** `net.BlockList` and `net.SocketAddress`. */
'use strict';

const {
  codes: { ERR_INVALID_ADDRESS, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateInt32, validateObject, validatePort, validateString, validateUint32 } = require('internal/validators');
const { customInspectSymbol } = require('internal/util');

const { kClone, kCloneable, kDeserializers, markTransferMode } = require('internal/transferable');

const { parseIp } = binding('net');

/** `::ffff:0:0/96`: IPv4 addresses in IPv6 form. RFC 4291 2.5.5.2. */
const MAPPED = 0xffff00000000n;

function familyOf(value, name) {
  validateString(value, name);
  const family = value.toLowerCase();
  if (family !== 'ipv4' && family !== 'ipv6') throw new ERR_INVALID_ARG_VALUE(name, value);
  return family;
}

function toNumber(bytes) {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return number;
}

/** Node docs: class net.SocketAddress. */
class SocketAddress {
  #address;
  #family;
  #flowlabel;
  #port;
  #number;

  static isSocketAddress(value) {
    return value !== null && typeof value === 'object' && #number in value;
  }

  /** `address:port` or `[address]:port` as text. Returns undefined for anything else. */
  static parse(input) {
    validateString(input, 'input');
    const match = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:[\]]+))(?::(?<port>\d{1,5}))?$/.exec(input);
    if (match === null) return undefined;
    const { six, four, port } = match.groups;
    try {
      const address = four === undefined ? six : canonicalFour(four);
      return new SocketAddress({ address, port: port === undefined ? 0 : Number(port), family: four === undefined ? 'ipv6' : 'ipv4' });
    } catch {
      // Not an address, or not a port.
      return undefined;
    }
  }

  constructor(options = {}) {
    validateObject(options, 'options');
    const { family: givenFamily = 'ipv4', port = 0, flowlabel = 0 } = options;
    const family = familyOf(givenFamily, 'options.family');
    const { address = family === 'ipv4' ? '127.0.0.1' : '::' } = options;
    validateString(address, 'options.address');
    validatePort(port, 'options.port');
    validateUint32(flowlabel, 'options.flowlabel', false);
    const parsed = parseIp(address);
    if (parsed === undefined || parsed[1].length !== (family === 'ipv4' ? 4 : 16)) throw new ERR_INVALID_ADDRESS();
    this.#address = parsed[0];
    this.#family = family;
    this.#flowlabel = flowlabel;
    this.#port = port | 0;
    this.#number = toNumber(parsed[1]);
  }

  get address() {
    return this.#address;
  }

  get port() {
    return this.#port;
  }

  get family() {
    return this.#family;
  }

  get flowlabel() {
    return this.#family === 'ipv6' ? this.#flowlabel : 0;
  }

  toJSON() {
    return { address: this.address, port: this.port, family: this.family, flowlabel: this.flowlabel };
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return `[${this.constructor.name}]`;
    const { inspect } = require('internal/util/inspect');
    return `SocketAddress ${inspect(this.toJSON(), { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }

  [kClone]() {
    return { data: this.toJSON(), deserializeInfo: 'internal/net/block_list:SocketAddress' };
  }

  /** The address as a number. */
  static numberOf(socketAddress) {
    return socketAddress.#number;
  }
}
const { numberOf } = SocketAddress;
delete SocketAddress.numberOf;

/** IPv4 in the shapes that URLs know: `1.2`, `0x7f.1`. */
function canonicalFour(text) {
  return parseIp(text) === undefined ? new URL(`http://${text}`).hostname : text;
}

function label(family) {
  return family === 'ipv4' ? 'IPv4' : 'IPv6';
}

const PRIVATE_RANGES = Object.freeze(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']);

/** Node docs: class net.BlockList. Rules hold the first and the last number of what they block. */
class BlockList {
  #rules = [];

  static PRIVATE_RANGES = PRIVATE_RANGES;

  static isBlockList(value) {
    return value !== null && typeof value === 'object' && #rules in value;
  }

  #add(rule) {
    this.#remove(rule.text);
    this.#rules.unshift(rule);
  }

  #remove(text) {
    const index = this.#rules.findIndex((rule) => rule.text === text);
    if (index === -1) return false;
    this.#rules.splice(index, 1);
    return true;
  }

  #addressRule(address, family) {
    address = toSocketAddress(address, family, 'address');
    const number = numberOf(address);
    return {
      family: address.family, first: number, last: number, text: `Address: ${label(address.family)} ${address.address}`,
    };
  }

  #rangeRule(start, end, family) {
    start = toSocketAddress(start, family, 'start');
    end = toSocketAddress(end, family, 'end');
    const first = numberOf(start);
    const last = numberOf(end);
    if (start.family !== end.family || first > last) throw new ERR_INVALID_ARG_VALUE('start', start, 'must come before end');
    return { family: start.family, first, last, text: `Range: ${label(start.family)} ${start.address}-${end.address}` };
  }

  #subnetRule(network, prefix, family) {
    network = toSocketAddress(network, family, 'network');
    const bits = network.family === 'ipv4' ? 32 : 128;
    validateInt32(prefix, 'prefix', 0, bits);
    const host = (1n << BigInt(bits - prefix)) - 1n;
    const first = numberOf(network) & ~host;
    return {
      family: network.family, first, last: first | host, text: `Subnet: ${label(network.family)} ${network.address}/${prefix}`,
    };
  }

  #cidrRule(cidr) {
    validateString(cidr, 'cidr');
    const match = /^([^/]+)\/(\d{1,3})$/.exec(cidr);
    const kind = match === null ? undefined : parseIp(match[1]);
    if (kind === undefined) throw new ERR_INVALID_ARG_VALUE('cidr', cidr, 'must be a valid CIDR');
    return this.#subnetRule(match[1], Number(match[2]), kind[1].length === 4 ? 'ipv4' : 'ipv6');
  }

  addAddress(address, family = 'ipv4') {
    this.#add(this.#addressRule(address, family));
  }

  addAddresses(addresses, family = 'ipv4') {
    if (!Array.isArray(addresses)) throw new ERR_INVALID_ARG_TYPE('addresses', 'Array', addresses);
    for (const rule of addresses.map((address) => this.#addressRule(address, family))) this.#add(rule);
  }

  addRange(start, end, family = 'ipv4') {
    this.#add(this.#rangeRule(start, end, family));
  }

  addSubnet(network, prefix, family = 'ipv4') {
    this.#add(this.#subnetRule(network, prefix, family));
  }

  addCIDR(cidr) {
    this.#add(this.#cidrRule(cidr));
  }

  addCIDRs(cidrs) {
    if (!Array.isArray(cidrs)) throw new ERR_INVALID_ARG_TYPE('cidrs', 'Array', cidrs);
    for (const rule of cidrs.map((cidr) => this.#cidrRule(cidr))) this.#add(rule);
  }

  removeAddress(address, family = 'ipv4') {
    return this.#remove(this.#addressRule(address, family).text);
  }

  removeRange(start, end, family = 'ipv4') {
    return this.#remove(this.#rangeRule(start, end, family).text);
  }

  removeSubnet(network, prefix, family = 'ipv4') {
    return this.#remove(this.#subnetRule(network, prefix, family).text);
  }

  removeCIDR(cidr) {
    return this.#remove(this.#cidrRule(cidr).text);
  }

  clear() {
    this.#rules = [];
  }

  get size() {
    return this.#rules.length;
  }

  /** Whether a rule covers the address; IPv4 and its IPv6 form count as one. */
  check(address, family = 'ipv4') {
    if (!SocketAddress.isSocketAddress(address)) {
      validateString(address, 'address');
      family = familyOf(family, 'family');
      const parsed = parseIp(address);
      if (parsed === undefined || parsed[1].length !== (family === 'ipv4' ? 4 : 16)) return false;
      return this.#covers(family, toNumber(parsed[1]));
    }
    return this.#covers(address.family, numberOf(address));
  }

  #covers(family, number) {
    const mapped = family === 'ipv6' && number >> 32n === MAPPED >> 32n;
    for (const rule of this.#rules) {
      let value = number;
      if (rule.family !== family) {
        if (family === 'ipv4') value |= MAPPED;
        else if (mapped) value &= 0xffffffffn;
        else continue;
      }
      if (value >= rule.first && value <= rule.last) return true;
    }
    return false;
  }

  get rules() {
    return this.#rules.map((rule) => rule.text);
  }

  toJSON() {
    return this.rules;
  }

  /** Adds the rules of a list that `rules` made, or of its JSON. What is no rule is ignored. */
  fromJSON(data) {
    const type = ['string', 'string[]'];
    if (typeof data === 'string') {
      const list = JSON.parse(data);
      if (!Array.isArray(list)) throw new ERR_INVALID_ARG_TYPE('data', type, data);
      data = list;
    }
    if (!Array.isArray(data) || data.some((item) => typeof item !== 'string')) throw new ERR_INVALID_ARG_TYPE('data', type, data);
    for (const text of data) {
      const match = /^(Address|Range|Subnet): (IPv[46]) (\S+)$/.exec(text);
      if (match === null) continue;
      const [, kind, family, rest] = match;
      if (kind === 'Address') {
        this.addAddress(rest, family.toLowerCase());
      } else if (kind === 'Range') {
        const [start, end] = rest.split('-');
        this.addRange(start, end, family.toLowerCase());
      } else {
        const [network, prefix] = rest.split('/');
        this.addSubnet(network, Number(prefix), family.toLowerCase());
      }
    }
  }

  [kClone]() {
    return { data: this.#rules, deserializeInfo: 'internal/net/block_list:BlockList' };
  }

  static withRules(rules) {
    const list = new BlockList();
    list.#rules = rules;
    return list;
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return `[${this.constructor.name}]`;
    const { inspect } = require('internal/util/inspect');
    return `BlockList ${inspect({ rules: this.rules }, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}

function toSocketAddress(value, family, name) {
  if (SocketAddress.isSocketAddress(value)) return value;
  validateString(value, name);
  return new SocketAddress({ address: value, family: familyOf(family, 'family') });
}

const { withRules } = BlockList;
delete BlockList.withRules;
markTransferMode(BlockList.prototype, kCloneable);
markTransferMode(SocketAddress.prototype, kCloneable);

module.exports = {
  BlockList,
  SocketAddress,
  [kDeserializers]: { BlockList: withRules, SocketAddress: (data) => new SocketAddress(data) },
};
