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

function familyOf(value) {
  const family = typeof value === 'string' ? value.toLowerCase() : undefined;
  if (family !== 'ipv4' && family !== 'ipv6') throw new ERR_INVALID_ARG_VALUE('options.family', value);
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

  /**
   * `address:port` or `[address]:port` as text; undefined for anything else. What a URL of `http:` takes for host and port counts, so that
   * port 80, its default, comes out as 0, as in node.
   */
  static parse(input) {
    validateString(input, 'input');
    const url = URL.parse(`http://${input}`);
    if (url === null) return undefined;
    const { hostname } = url;
    const six = hostname.startsWith('[');
    try {
      return new SocketAddress({ address: six ? hostname.slice(1, -1) : hostname, port: Number(url.port), family: six ? 'ipv6' : 'ipv4' });
    } catch {
      // A name, not an address.
      return undefined;
    }
  }

  constructor(options = {}) {
    validateObject(options, 'options');
    const { family: givenFamily = 'ipv4', port = 0, flowlabel = 0 } = options;
    const family = familyOf(givenFamily);
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

function label(family) {
  return family === 'ipv4' ? 'IPv4' : 'IPv6';
}

const PRIVATE_RANGES = Object.freeze([
  '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '::1/128', '169.254.0.0/16', 'fe80::/10', 'fc00::/7',
]);

/** An address in the one numbering of both families: IPv4 in its IPv6 form. */
function mapped(family, number) {
  return family === 'ipv4' ? number | MAPPED : number;
}

/**
 * Node docs: class net.BlockList. Rules hold the first and the last number of what they block, IPv4 and its IPv6 form as one. Single
 * addresses are found by their number; subnets and ranges are searched, and may be there more than once.
 */
class BlockList {
  #addresses = new Map();
  #subnets = [];
  #ranges = [];

  static PRIVATE_RANGES = PRIVATE_RANGES;

  static isBlockList(value) {
    return value !== null && typeof value === 'object' && #ranges in value;
  }

  #addressRule(address, family, name = 'address') {
    address = toSocketAddress(address, family, name);
    return { first: mapped(address.family, numberOf(address)), text: `Address: ${label(address.family)} ${address.address}` };
  }

  #rangeRule(start, end, family) {
    start = toSocketAddress(start, family, 'start');
    end = toSocketAddress(end, family, 'end');
    const first = mapped(start.family, numberOf(start));
    const last = mapped(end.family, numberOf(end));
    if (start.family !== end.family || first > last) throw new ERR_INVALID_ARG_VALUE('start', start, 'must come before end');
    return { first, last, text: `Range: ${label(start.family)} ${start.address}-${end.address}` };
  }

  #subnetRule(network, prefix, family) {
    network = toSocketAddress(network, family, 'network');
    const bits = network.family === 'ipv4' ? 32 : 128;
    validateInt32(prefix, 'prefix', 0, bits);
    const host = (1n << BigInt(bits - prefix)) - 1n;
    const first = mapped(network.family, numberOf(network) & ~host);
    return { first, last: first | host, text: `Subnet: ${label(network.family)} ${network.address}/${prefix}` };
  }

  #cidrRule(cidr) {
    validateString(cidr, 'cidr');
    const slash = cidr.lastIndexOf('/');
    if (slash === -1) throw new ERR_INVALID_ARG_VALUE('cidr', cidr, 'must contain a prefix length (e.g. "10.0.0.0/8")');
    const network = cidr.slice(0, slash);
    const prefix = cidr.slice(slash + 1);
    if (!/^\d+$/.test(prefix)) throw new ERR_INVALID_ARG_VALUE('cidr', cidr, 'prefix length must be a valid integer');
    return this.#subnetRule(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4');
  }

  addAddress(address, family = 'ipv4') {
    this.#addAddressRule(this.#addressRule(address, family));
  }

  #addAddressRule({ first, text }) {
    this.#addresses.delete(first);
    this.#addresses.set(first, text);
  }

  addAddresses(addresses, family = 'ipv4') {
    if (!Array.isArray(addresses)) throw new ERR_INVALID_ARG_TYPE('addresses', 'Array', addresses);
    const rules = addresses.map((address, index) => this.#addressRule(address, family, `addresses[${index}]`));
    for (const rule of rules) this.#addAddressRule(rule);
  }

  addRange(start, end, family = 'ipv4') {
    this.#ranges.unshift(this.#rangeRule(start, end, family));
  }

  addSubnet(network, prefix, family = 'ipv4') {
    this.#subnets.unshift(this.#subnetRule(network, prefix, family));
  }

  addCIDR(cidr) {
    this.#subnets.unshift(this.#cidrRule(cidr));
  }

  /** All of them, or none if one is not right. */
  addCIDRs(cidrs) {
    if (!Array.isArray(cidrs)) throw new ERR_INVALID_ARG_TYPE('cidrs', 'Array', cidrs);
    cidrs.forEach((cidr, index) => validateString(cidr, `cidrs[${index}]`));
    for (const rule of cidrs.map((cidr) => this.#cidrRule(cidr))) this.#subnets.unshift(rule);
  }

  removeAddress(address, family = 'ipv4') {
    this.#addresses.delete(this.#addressRule(address, family).first);
  }

  removeRange(start, end, family = 'ipv4') {
    removeRule(this.#ranges, this.#rangeRule(start, end, family));
  }

  removeSubnet(network, prefix, family = 'ipv4') {
    removeRule(this.#subnets, this.#subnetRule(network, prefix, family));
  }

  removeCIDR(cidr) {
    removeRule(this.#subnets, this.#cidrRule(cidr));
  }

  /** Whether a rule covers the address; IPv4 and its IPv6 form count as one. */
  check(address, family = 'ipv4') {
    if (SocketAddress.isSocketAddress(address)) return this.#covers(mapped(address.family, numberOf(address)));
    validateString(address, 'address');
    validateString(family, 'family');
    family = family.toLowerCase();
    const parsed = parseIp(address);
    if (parsed === undefined || parsed[1].length !== (family === 'ipv4' ? 4 : 16)) return false;
    return this.#covers(mapped(family, toNumber(parsed[1])));
  }

  #covers(number) {
    const within = (rule) => number >= rule.first && number <= rule.last;
    return this.#addresses.has(number) || this.#subnets.some(within) || this.#ranges.some(within);
  }

  clear() {
    this.#addresses.clear();
    this.#subnets = [];
    this.#ranges = [];
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

  get rules() {
    const texts = (rules) => rules.map((rule) => rule.text);
    return [...[...this.#addresses.values()].reverse(), ...texts(this.#subnets), ...texts(this.#ranges)];
  }

  get size() {
    return this.#addresses.size + this.#subnets.length + this.#ranges.length;
  }

  [kClone]() {
    const data = { addresses: this.#addresses, subnets: this.#subnets, ranges: this.#ranges };
    return { data, deserializeInfo: 'internal/net/block_list:BlockList' };
  }

  static withRules({ addresses, subnets, ranges }) {
    const list = new BlockList();
    list.#addresses = addresses;
    list.#subnets = subnets;
    list.#ranges = ranges;
    return list;
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return `[${this.constructor.name}]`;
    const { inspect } = require('internal/util/inspect');
    return `BlockList ${inspect({ rules: this.rules }, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
  }
}

function removeRule(rules, { text }) {
  const index = rules.findIndex((rule) => rule.text === text);
  if (index !== -1) rules.splice(index, 1);
}

function toSocketAddress(value, family, name) {
  if (SocketAddress.isSocketAddress(value)) return value;
  validateString(value, name);
  validateString(family, 'family');
  return new SocketAddress({ address: value, family });
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
