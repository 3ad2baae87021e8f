/** Listening handles that workers share: one connection at a time to each (round robin), or all from one descriptor. */
'use strict';

const { createServer, _createServerHandle } = require('net');
const { sendHelper } = require('internal/cluster/messages');

/** Connections that workers were sent and have not answered for: by the worker's number, by the RoundRobinHandle. */
const unanswered = new Map();

/** A worker whose channel is gone: what it did not answer for it never had, and somebody else takes it. */
function reclaim(worker) {
  const inFlight = unanswered.get(worker.id);
  if (inFlight === undefined) return;
  unanswered.delete(worker.id);
  for (const [owner, handle] of inFlight) {
    if (owner.all.size > 0) owner.distribute(0, handle);
    else handle.close();
  }
}

/** The primary accepts and hands each connection to the next worker that is free. */
class RoundRobinHandle {
  constructor(key, address, { port, fd, flags, backlog, readableAll, writableAll }) {
    this.key = key;
    this.all = new Map();
    this.free = new Map();
    this.handles = [];
    this.handle = null;
    this.server = createServer();
    if (fd >= 0) {
      this.server.listen({ fd, backlog });
    } else if (port >= 0) {
      this.server.listen({ port, host: address, ipv6Only: Boolean(flags & 1), backlog });
    } else {
      this.server.listen({ path: address, backlog, readableAll, writableAll });
    }
    this.server.once('listening', () => {
      this.handle = this.server._handle;
      this.handle.onconnection = (errno, handle) => this.distribute(errno, handle);
      this.server._handle = null;
      this.server = null;
    });
  }

  add(worker, send) {
    this.all.set(worker.id, worker);
    const done = () => {
      if (this.handle.getsockname) {
        const out = {};
        this.handle.getsockname(out);
        send(null, { sockname: out }, null);
      } else {
        send(null, null, null);
      }
      this.handoff(worker);
    };
    if (this.server === null) {
      done();
      return;
    }
    this.server.once('listening', done);
    this.server.once('error', (error) => send(error.errno, null));
  }

  /** True if nobody is left: the handle is closed. */
  remove(worker) {
    if (!this.all.delete(worker.id)) return false;
    this.free.delete(worker.id);
    if (this.all.size !== 0) return false;
    while (this.handles.length > 0) this.handles.shift().close();
    this.handle?.close();
    this.handle = null;
    return true;
  }

  distribute(errno, handle) {
    if (!handle) return;
    this.handles.push(handle);
    const next = this.free.values().next().value;
    if (next !== undefined) {
      this.free.delete(next.id);
      this.handoff(next);
    }
  }

  handoff(worker) {
    if (!this.all.has(worker.id) || !worker.isConnected()) return;
    const handle = this.handles.shift();
    if (handle === undefined) {
      this.free.set(worker.id, worker);
      return;
    }
    let inFlight = unanswered.get(worker.id);
    if (inFlight === undefined) unanswered.set(worker.id, inFlight = new Map());
    inFlight.set(this, handle);
    sendHelper(worker.process, { act: 'newconn', key: this.key }, handle, (reply) => {
      inFlight.delete(this);
      if (reply.accepted) handle.close();
      else this.distribute(0, handle);
      this.handoff(worker);
    });
  }
}

/** Each worker gets a copy of the descriptor; the kernel decides. */
class SharedHandle {
  constructor(key, address, { port, addressType, fd, flags }) {
    this.key = key;
    this.workers = new Map();
    this.handle = null;
    this.errno = 0;
    const made = addressType === 'udp4' || addressType === 'udp6' ?
      require('dgram')._createSocketHandle(address, port, addressType, fd, flags) :
      _createServerHandle(address, port, addressType, fd, flags);
    if (typeof made === 'number') this.errno = made;
    else this.handle = made;
  }

  add(worker, send) {
    this.workers.set(worker.id, worker);
    send(this.errno, null, this.handle);
  }

  remove(worker) {
    if (!this.workers.delete(worker.id)) return false;
    if (this.workers.size !== 0) return false;
    this.handle?.close();
    this.handle = null;
    return true;
  }
}

module.exports = { RoundRobinHandle, SharedHandle, reclaim };
