/** A worker: asks the primary for listening handles. Node docs: cluster. */
'use strict';

const EventEmitter = require('events');
const Worker = require('internal/cluster/worker');
const { owner } = require('internal/net/handles');
const { TIMEOUT_MAX } = require('internal/timers/timers');
const { internal, sendHelper } = require('internal/cluster/messages');

const cluster = new EventEmitter();
/** Handles of servers, by the primary's key. */
const handles = new Map();
/** How many servers ever asked for an address, and which numbers are in use. */
const indexes = new Map();

cluster.isWorker = true;
cluster.isMaster = false;
cluster.isPrimary = false;
cluster.worker = null;
cluster.Worker = Worker;

/** Called once, before the program. */
cluster._setupWorker = function() {
  const worker = new Worker({ id: +process.env.NODE_UNIQUE_ID | 0, process, state: 'online' });
  cluster.worker = worker;
  process.once('disconnect', () => {
    worker.emit('disconnect');
    // Without its primary a worker that was not asked to leave has nothing to live for.
    if (!worker.exitedAfterDisconnect) process.exit(0);
  });
  process.on('internalMessage', internal(worker, onmessage));
  send({ act: 'online' });

  function onmessage(message, handle) {
    if (message.act === 'newconn') onconnection(message, handle);
    else if (message.act === 'disconnect') disconnect.call(worker, true);
  }
};

/** Asks the primary for a handle: `callback(errno, handle)`. */
cluster._getServer = function(server, options, callback) {
  let { address } = options;
  // The primary may run in another folder.
  if (options.port < 0 && typeof address === 'string' && process.platform !== 'win32') {
    address = require('path').resolve(address);
  }
  const indexKey = `${address}:${options.port}:${options.addressType}:${options.fd}`;
  let used = indexes.get(indexKey);
  if (used === undefined) {
    used = { next: 0, set: new Set() };
    indexes.set(indexKey, used);
  }
  const index = used.next++;
  used.set.add(index);
  const forget = () => {
    used.set.delete(index);
    if (used.set.size === 0) indexes.delete(indexKey);
  };
  const message = { act: 'queryServer', index, data: null, ...options, address };
  if (server._getServerData) message.data = server._getServerData();
  send(message, (reply, handle) => {
    if (typeof server._setServerData === 'function') server._setServerData(reply.data);
    if (handle) shared(reply, handle, forget, callback);
    else roundRobin(reply, forget, callback);
  });
  server.once('listening', () => {
    // It may have been closed meanwhile.
    if (!indexes.has(indexKey)) return;
    cluster.worker.state = 'listening';
    const bound = server.address();
    message.act = 'listening';
    message.port = bound?.port || options.port;
    send(message);
  });
};

/** A copy of the primary's descriptor. */
function shared({ key, errno }, handle, forget, callback) {
  if (errno) forget();
  const { close } = handle;
  handle.close = function(...args) {
    send({ act: 'close', key });
    handles.delete(key);
    forget();
    handle.close = close;
    return close.apply(handle, args);
  };
  handles.set(key, handle);
  callback(errno, handle);
}

/** The primary listens; what stands in for the handle here only counts as one. */
function roundRobin({ errno, key, sockname }, forget, callback) {
  if (errno) {
    forget();
    callback(errno, null);
    return;
  }
  // Keeps the process alive, as a listening handle does.
  let alive = setInterval(() => {}, TIMEOUT_MAX);
  let open = true;
  const handle = {
    listen: () => 0,
    close(done) {
      if (!open) return;
      open = false;
      send({ act: 'close', key });
      handles.delete(key);
      forget();
      clearInterval(alive);
      if (typeof done === 'function') process.nextTick(done);
    },
    ref() {
      if (open) alive.ref();
    },
    unref() {
      alive.unref();
    },
    hasRef: () => open && alive.hasRef(),
  };
  if (sockname) {
    handle.getsockname = (out) => {
      Object.assign(out, sockname);
      return 0;
    };
  }
  handles.set(key, handle);
  callback(0, handle);
}

function onconnection(message, handle) {
  const listening = handles.get(message.key);
  const server = listening?.[owner];
  let accepted = listening !== undefined;
  if (accepted && server && server.maxConnections != null && server._connections >= server.maxConnections) {
    accepted = server.dropMaxConnection === true;
  }
  send({ ack: message.seq, accepted });
  if (accepted) listening.onconnection(0, handle);
  else handle?.close();
}

function send(message, callback) {
  return sendHelper(process, message, null, callback);
}

function disconnect(primaryInitiated) {
  this.exitedAfterDisconnect = true;
  let waiting = 1;
  const done = () => {
    if (--waiting !== 0) return;
    if (primaryInitiated) process.disconnect();
    else send({ act: 'exitedAfterDisconnect' }, () => process.disconnect());
  };
  for (const handle of handles.values()) {
    waiting++;
    if (handle[owner]) handle[owner].close(done);
    else handle.close(done);
  }
  handles.clear();
  done();
}

/** Node docs: worker.disconnect(). */
Worker.prototype.disconnect = function() {
  if (this.state !== 'disconnecting' && this.state !== 'destroying') {
    this.state = 'disconnecting';
    disconnect.call(this, false);
  }
  return this;
};

Worker.prototype.destroy = function destroy() {
  if (this.state === 'destroying') return;
  this.exitedAfterDisconnect = true;
  if (!this.isConnected()) {
    process.exit(0);
  } else {
    this.state = 'destroying';
    send({ act: 'exitedAfterDisconnect' }, () => process.disconnect());
    process.once('disconnect', () => process.exit(0));
  }
};

module.exports = cluster;
