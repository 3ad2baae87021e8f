/** DNS messages: queries out, answers in. RFC 1035 4; records of RFC 2782, 3403, 6698, 8659. */
'use strict';

const { Buffer } = require('buffer');

/** Numbers of record types. IANA: DNS parameters. */
const TYPES = {
  __proto__: null, A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, NAPTR: 35, TLSA: 52, ANY: 255, CAA: 257,
};
const CLASS_IN = 1;
const HEADER_BYTES = 12;
/** Flags of the header. */
const RESPONSE = 0x8000;
const TRUNCATED = 0x0200;
const RECURSION_DESIRED = 0x0100;
/** The longest label and name, in bytes. RFC 1035 2.3.4. */
const LABEL_MAX = 63;
const NAME_MAX = 255;

class WireError extends Error {}

/** Labels of a name in the form of master files: `\.` is a dot within a label, `\065` a byte. */
function labelsOf(name) {
  const labels = [];
  let label = [];
  for (let i = 0; i < name.length; i++) {
    const char = name[i];
    if (char === '.') {
      if (label.length === 0) return null;
      labels.push(label);
      label = [];
    } else if (char === '\\') {
      const digits = /^\d{3}/.exec(name.slice(i + 1));
      if (digits !== null) {
        label.push(Number(digits[0]) & 255);
        i += 3;
      } else {
        label.push(...Buffer.from(name[++i] ?? ''));
      }
    } else {
      label.push(...Buffer.from(char));
    }
  }
  if (label.length > 0) labels.push(label);
  let total = 1;
  for (const bytes of labels) {
    if (bytes.length > LABEL_MAX) return null;
    total += bytes.length + 1;
  }
  return total > NAME_MAX ? null : labels;
}

/** The bytes of a query; `null` for a name that cannot be asked for. */
function encodeQuery(id, name, type) {
  const labels = labelsOf(name);
  if (labels === null) return null;
  const size = labels.reduce((sum, label) => sum + label.length + 1, 1);
  const out = Buffer.alloc(HEADER_BYTES + size + 4);
  out.writeUInt16BE(id, 0);
  out.writeUInt16BE(RECURSION_DESIRED, 2);
  out.writeUInt16BE(1, 4);
  let at = HEADER_BYTES;
  for (const label of labels) {
    out[at++] = label.length;
    out.set(label, at);
    at += label.length;
  }
  at++;
  out.writeUInt16BE(type, at);
  out.writeUInt16BE(CLASS_IN, at + 2);
  return out;
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  need(count) {
    if (this.at + count > this.bytes.length) throw new WireError('message ends early');
  }

  u8() {
    this.need(1);
    return this.bytes[this.at++];
  }

  u16() {
    this.need(2);
    this.at += 2;
    return this.bytes.readUInt16BE(this.at - 2);
  }

  u32() {
    this.need(4);
    this.at += 4;
    return this.bytes.readUInt32BE(this.at - 4);
  }

  take(count) {
    this.need(count);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** A length and that many characters. */
  text() {
    return this.take(this.u8()).toString('latin1');
  }

  /** A name. Pointers only lead backwards, so that they end. */
  name() {
    const labels = [];
    let end = -1;
    let limit = this.at;
    for (;;) {
      const length = this.u8();
      if (length === 0) break;
      if ((length & 0xc0) === 0xc0) {
        const target = ((length & 0x3f) << 8) | this.u8();
        if (end === -1) end = this.at;
        if (target >= limit) throw new WireError('pointer leads forward');
        limit = target;
        this.at = target;
      } else if (length > LABEL_MAX) {
        throw new WireError('unknown kind of label');
      } else {
        labels.push(escapeLabel(this.take(length)));
      }
    }
    if (end !== -1) this.at = end;
    return labels.join('.');
  }
}

function escapeLabel(bytes) {
  let text = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (char === '.' || char === '\\' || char === '"') text += `\\${char}`;
    else if (byte < 33 || byte > 126) text += `\\${String(byte).padStart(3, '0')}`;
    else text += char;
  }
  return text;
}

function ipv6Text(bytes) {
  const groups = [];
  for (let i = 0; i < 16; i += 2) groups.push(bytes.readUInt16BE(i).toString(16));
  return binding('net').parseIp(groups.join(':'))[0];
}

/** What a record says, as Node shows it; `undefined` for types nobody asks for. */
function dataOf(reader, type, length) {
  const end = reader.at + length;
  switch (type) {
    case TYPES.A:
      return { address: [...reader.take(4)].join('.') };
    case TYPES.AAAA:
      return { address: ipv6Text(reader.take(16)) };
    case TYPES.NS:
    case TYPES.CNAME:
    case TYPES.PTR:
      return { value: reader.name() };
    case TYPES.MX: {
      const priority = reader.u16();
      return { exchange: reader.name(), priority };
    }
    case TYPES.TXT: {
      const entries = [];
      while (reader.at < end) entries.push(reader.take(reader.u8()).toString('utf8'));
      return { entries };
    }
    case TYPES.SRV: {
      const priority = reader.u16();
      const weight = reader.u16();
      const port = reader.u16();
      return { name: reader.name(), port, priority, weight };
    }
    case TYPES.NAPTR: {
      const order = reader.u16();
      const preference = reader.u16();
      const flags = reader.text();
      const service = reader.text();
      const regexp = reader.text();
      return { flags, service, regexp, replacement: reader.name(), order, preference };
    }
    case TYPES.SOA: {
      const nsname = reader.name();
      const hostmaster = reader.name();
      const [serial, refresh, retry, expire, minttl] = [reader.u32(), reader.u32(), reader.u32(), reader.u32(), reader.u32()];
      return { nsname, hostmaster, serial, refresh, retry, expire, minttl };
    }
    case TYPES.CAA: {
      const critical = reader.u8();
      const tag = reader.text();
      return { critical, [tag]: reader.take(end - reader.at).toString('latin1') };
    }
    case TYPES.TLSA: {
      const [certUsage, selector, match] = [reader.u8(), reader.u8(), reader.u8()];
      const bytes = reader.take(end - reader.at);
      return { certUsage, selector, match, data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) };
    }
    default:
      return undefined;
  }
}

/**
 * Reads a message: `{ id, rcode, truncated, answers }` with answers `{ type, ttl, data }`.
 * Throws for one that breaks the rules.
 */
function decode(bytes) {
  const reader = new Reader(bytes);
  const id = reader.u16();
  const flags = reader.u16();
  if ((flags & RESPONSE) === 0) throw new WireError('not a response');
  const questions = reader.u16();
  const count = reader.u16();
  reader.at = HEADER_BYTES;
  const asked = [];
  for (let i = 0; i < questions; i++) {
    const name = reader.name();
    asked.push({ name, type: reader.u16() });
    reader.u16();
  }
  const answers = [];
  const truncated = (flags & TRUNCATED) !== 0;
  for (let i = 0; i < count && !truncated; i++) {
    reader.name();
    const type = reader.u16();
    const class_ = reader.u16();
    const ttl = reader.u32();
    const length = reader.u16();
    const end = reader.at + length;
    if (end > bytes.length) throw new WireError('message ends early');
    if (class_ === CLASS_IN) {
      const data = dataOf(reader, type, length);
      if (data !== undefined) answers.push({ type, ttl, data });
    }
    reader.at = end;
  }
  return { id, rcode: flags & 15, truncated, asked, answers };
}

module.exports = { TYPES, decode, encodeQuery };
