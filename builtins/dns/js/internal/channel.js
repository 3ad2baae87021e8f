/**
 * Asks DNS servers: over UDP, over TCP where an answer was cut off; the next server after a silence or a failure, all of them
 * several times, waiting longer each round. One socket per attempt, with a port and id of the day, makes forging answers harder.
 */
'use strict';

const { Buffer } = require('buffer');
const { UDP } = require('internal/dgram/handle');
const { SOCKET, TCP, TCPConnectWrap } = require('internal/net/handles');
const { isRefused } = binding('dns');
const hooks = require('internal/async_ids');
const { isIP } = require('internal/net/ip');
const { TYPES, decode, encodeQuery } = require('internal/dns/wire');

const PORT = 53;
/** Milliseconds to wait for the first answer, and how many rounds. c-ares: ARES_OPT_TIMEOUTMS, ARES_OPT_TRIES. */
const TIMEOUT = 2000;
const TRIES = 4;
/** The longest wait for one answer, in milliseconds, unless the user says another. */
const TIMEOUT_MAX = 8000;
const UV_ECONNREFUSED = -111;
const UV_EOF = -4095;

const RCODES = ['NOERROR', 'EFORMERR', 'ESERVFAIL', 'ENOTFOUND', 'ENOTIMP', 'EREFUSED'];

/** `nameserver` lines of resolv.conf(5). */
function systemServers() {
  let text = '';
  try {
    text = require('fs').readFileSync('/etc/resolv.conf', 'utf8');
  } catch {
    // Without the file the resolver asks this machine, as resolv.conf(5) says.
  }
  const servers = [];
  for (const line of text.split('\n')) {
    const match = /^nameserver\s+(\S+)/.exec(line);
    if (match !== null && isIP(match[1])) servers.push({ address: match[1], port: PORT });
  }
  return servers.length > 0 ? servers : [{ address: '127.0.0.1', port: PORT }];
}

class Channel {
  constructor({ timeout = -1, tries = TRIES, maxTimeout = 0 } = {}) {
    this.timeout = timeout > 0 ? timeout : TIMEOUT;
    this.tries = tries;
    this.maxTimeout = maxTimeout;
    this.list = undefined;
    this.local4 = undefined;
    this.local6 = undefined;
    this.pending = new Set();
    this.resource = hooks.resource('DNSCHANNEL');
  }

  get servers() {
    return this.list ??= systemServers();
  }

  /** `callback(code, answers)`: the name of an error, or null and the records of an answer. */
  query(name, type, callback) {
    const query = new Query(this, name, type, callback);
    this.pending.add(query);
    // Names of Tor stay off the wire. RFC 7686 2.
    if (isRefused(name)) process.nextTick(() => query.end('ERR_ACCESS_DENIED'));
    else if (/\.onion\.?$/i.test(name)) process.nextTick(() => query.end('ENOTFOUND'));
    else if (this.servers.length === 0) process.nextTick(() => query.end('ECONNREFUSED'));
    else query.start();
    return query;
  }

  cancel() {
    for (const query of [...this.pending]) query.end('ECANCELLED');
  }
}

class Query {
  constructor(channel, name, type, callback) {
    this.channel = channel;
    this.name = name;
    this.type = type;
    this.callback = callback;
    this.attempt = 0;
    this.handle = undefined;
    this.timer = undefined;
    this.lastFailure = 'ETIMEOUT';
    this.id = 0;
  }

  start() {
    const { servers, tries } = this.channel;
    if (this.attempt >= servers.length * tries) {
      this.end(this.lastFailure);
      return;
    }
    this.id = Math.floor(Math.random() * 65536);
    const bytes = encodeQuery(this.id, this.name, TYPES[this.type]);
    if (bytes === null) {
      process.nextTick(() => this.end('EBADNAME'));
      return;
    }
    const round = Math.floor(this.attempt / servers.length);
    const server = servers[this.attempt % servers.length];
    this.attempt++;
    let wait = this.channel.timeout * 2 ** round;
    const { maxTimeout } = this.channel;
    wait = Math.min(wait, maxTimeout > 0 ? maxTimeout : Math.max(TIMEOUT_MAX, this.channel.timeout));
    // Hooks see the query alone, not what it takes.
    hooks.unseen(() => {
      this.timer = setTimeout(() => this.retry('ETIMEOUT'), wait);
      this.overUdp(server, bytes);
    });
  }

  release() {
    clearTimeout(this.timer);
    this.handle?.close();
    this.handle = undefined;
  }

  retry(failure) {
    this.lastFailure = failure;
    this.release();
    this.start();
  }

  end(code, answers) {
    if (!this.channel.pending.delete(this)) return;
    this.release();
    this.callback(code, answers);
  }

  fail(errno) {
    const failure = errno === UV_ECONNREFUSED ? 'ECONNREFUSED' : 'ETIMEOUT';
    const handle = this.handle;
    // Later, as answers are: the caller may not expect a result before `query` returns.
    process.nextTick(() => {
      if (this.channel.pending.has(this) && this.handle === handle) this.retry(failure);
    });
  }

  localAddress(server) {
    return isIP(server.address) === 6 ? this.channel.local6 : this.channel.local4;
  }

  overUdp(server, bytes) {
    const handle = this.handle = new UDP();
    const any = isIP(server.address) === 6 ? '::' : '0.0.0.0';
    const errno = handle.bind(this.localAddress(server) ?? any, 0, 0) || handle.connect(server.address, server.port);
    if (errno) {
      this.fail(errno);
      return;
    }
    handle.onmessage = (nread, arrayBuffer) => {
      if (this.handle !== handle) return;
      if (nread < 0) this.fail(nread);
      else this.answer(Buffer.from(arrayBuffer, 0, nread), server, bytes);
    };
    handle.recvStart();
    const result = handle.send(bytes);
    if (result < 0) this.fail(result);
    else if (result === 0) handle.afterSend(() => {});
  }

  overTcp(server, bytes) {
    this.handle?.close();
    const handle = this.handle = new TCP(SOCKET);
    const local = this.localAddress(server);
    if (local !== undefined) handle.bind(local, 0, 0);
    let got = Buffer.alloc(0);
    handle.onread = (nread, arrayBuffer) => {
      if (this.handle !== handle) return;
      if (nread < 0) {
        this.fail(nread === UV_EOF ? 0 : nread);
        return;
      }
      got = Buffer.concat([got, Buffer.from(arrayBuffer)]);
      if (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) {
        this.answer(got.subarray(2, 2 + got.readUInt16BE(0)), server, bytes, true);
      }
    };
    const req = new TCPConnectWrap();
    req.oncomplete = (status) => {
      if (this.handle !== handle) return;
      if (status < 0) {
        this.fail(status);
        return;
      }
      handle.readStart();
      const frame = Buffer.allocUnsafe(bytes.length + 2);
      frame.writeUInt16BE(bytes.length, 0);
      frame.set(bytes, 2);
      if (handle.writeBuffer(frame) === 1) handle.afterWrite(() => {});
    };
    const errno = handle.connect(req, server.address, server.port);
    if (errno) this.fail(errno);
  }

  answer(bytes, server, query, stream = false) {
    let message;
    try {
      message = decode(bytes);
    } catch {
      this.end('EBADRESP');
      return;
    }
    // Somebody else's answer: wait for ours.
    if (message.id !== this.id) return;
    if (message.truncated && !stream) {
      hooks.unseen(() => this.overTcp(server, query));
      return;
    }
    // What a server answers counts, also that it failed: only silence goes to the next one, as in node.
    const code = RCODES[message.rcode] ?? 'ENODATA';
    if (code === 'NOERROR') this.end(null, message.answers);
    else this.end(code);
  }
}

module.exports = { Channel, PORT };
