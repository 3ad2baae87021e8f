/** The primary: forks workers, owns their listening handles, hands out connections. Node docs: cluster. */
'use strict';

const EventEmitter = require('events');
const path = require('path');
const { fork } = require('child_process');
const { validateOneOf, validatePort } = require('internal/validators');
const Worker = require('internal/cluster/worker');
const { RoundRobinHandle, SharedHandle, reclaim } = require('internal/cluster/handles');
const { forget, internal, sendHelper } = require('internal/cluster/messages');

/** Who distributes connections: the kernel, or the primary in turn. */
const SCHED_NONE = 1;
const SCHED_RR = 2;

const cluster = new EventEmitter();
/** Tells cluster.disconnect() that the last worker went. */
const intercom = new EventEmitter();
const handles = new Map();
let initialized = false;
let ids = 0;
/** Workers count their ports for the inspector from the primary's on; behind the last one come the first that anybody may use. */
let debugPortOffset = 0;
const PORT_MAX = 65_535;
const PORT_UNPRIVILEGED = 1024;

function policyOfEnvironment() {
  const policy = { none: SCHED_NONE, rr: SCHED_RR }[process.env.NODE_CLUSTER_SCHED_POLICY];
  return policy ?? (process.platform === 'win32' ? SCHED_NONE : SCHED_RR);
}

cluster.isWorker = false;
cluster.isMaster = true;
cluster.isPrimary = true;
cluster.Worker = Worker;
cluster.workers = {};
cluster.settings = {};
cluster.SCHED_NONE = SCHED_NONE;
cluster.SCHED_RR = SCHED_RR;
cluster.schedulingPolicy = policyOfEnvironment();

/** Node docs: cluster.setupPrimary([settings]). */
cluster.setupPrimary = function(options) {
  const settings = {
    args: process.argv.slice(2),
    exec: process.argv[1],
    execArgv: process.execArgv,
    silent: false,
    ...cluster.settings,
    ...options,
  };
  cluster.settings = settings;
  if (!initialized) {
    initialized = true;
    validateOneOf(cluster.schedulingPolicy, 'cluster.schedulingPolicy', [SCHED_NONE, SCHED_RR]);
  }
  process.nextTick(() => cluster.emit('setup', settings));
};
cluster.setupMaster = cluster.setupPrimary;

/** Options by which this process, and so its workers, can be debugged. */
const DEBUGGED = /^--inspect(?:-brk|-port|-wait)?(?:=|$)|^--debug-port(?:=|$)/;

/** The next worker's own port for the inspector, as an option; none while nobody debugs. Node docs: cluster.settings, `inspectPort`. */
function inspectOptions({ execArgv, inspectPort: given }) {
  const nodeOptions = (process.env.NODE_OPTIONS ?? '').split(/\s+/);
  if (![...execArgv, ...nodeOptions].some((option) => DEBUGGED.test(option))) return [];
  let port = typeof given === 'function' ? given() : given;
  if (port === undefined) {
    port = process.debugPort + ++debugPortOffset;
    if (port > PORT_MAX) port += PORT_UNPRIVILEGED - PORT_MAX - 1;
  } else {
    validatePort(port);
  }
  return [`--inspect-port=${port}`];
}

function createWorkerProcess(id, env) {
  const { settings } = cluster;
  return fork(settings.exec, settings.args, {
    cwd: settings.cwd,
    env: { ...process.env, ...env, NODE_UNIQUE_ID: `${id}` },
    serialization: settings.serialization,
    silent: settings.silent,
    windowsHide: settings.windowsHide,
    execArgv: [...settings.execArgv, ...inspectOptions(settings)],
    stdio: settings.stdio,
    gid: settings.gid,
    uid: settings.uid,
  });
}

function removeWorker(worker) {
  delete cluster.workers[worker.id];
  if (Object.keys(cluster.workers).length === 0) intercom.emit('disconnect');
}

/** Its channel is gone: it will not answer. */
function forgetWorker(worker) {
  removeHandlesForWorker(worker);
  forget(worker.process);
  reclaim(worker);
}

function removeHandlesForWorker(worker) {
  for (const [key, handle] of handles) {
    if (handle.remove(worker)) handles.delete(key);
  }
}

/** Node docs: cluster.fork([env]). */
cluster.fork = function(env) {
  cluster.setupPrimary();
  const id = ++ids;
  const workerProcess = createWorkerProcess(id, env);
  const worker = new Worker({ id, process: workerProcess });

  worker.on('message', function(message, handle) {
    cluster.emit('message', this, message, handle);
  });

  workerProcess.once('exit', (exitCode, signalCode) => {
    // While it is connected its handles may still be wanted: 'disconnect' will clean up.
    if (!worker.isConnected()) {
      forgetWorker(worker);
      removeWorker(worker);
    }
    worker.exitedAfterDisconnect = Boolean(worker.exitedAfterDisconnect);
    worker.state = 'dead';
    worker.emit('exit', exitCode, signalCode);
    cluster.emit('exit', worker, exitCode, signalCode);
  });

  workerProcess.once('disconnect', () => {
    forgetWorker(worker);
    if (worker.isDead()) removeWorker(worker);
    worker.exitedAfterDisconnect = Boolean(worker.exitedAfterDisconnect);
    worker.state = 'disconnected';
    worker.emit('disconnect');
    cluster.emit('disconnect', worker);
  });

  workerProcess.on('internalMessage', internal(worker, onmessage));
  process.nextTick(() => cluster.emit('fork', worker));
  cluster.workers[worker.id] = worker;
  return worker;
};

/** Node docs: cluster.disconnect([callback]). */
cluster.disconnect = function(callback) {
  const workers = Object.values(cluster.workers);
  if (workers.length === 0) {
    process.nextTick(() => intercom.emit('disconnect'));
  } else {
    for (const worker of workers) {
      if (worker.isConnected()) worker.disconnect();
    }
  }
  if (typeof callback === 'function') intercom.once('disconnect', callback);
};

/** What workers ask for. `this` is the worker. */
function onmessage(message) {
  switch (message.act) {
    case 'online':
      this.state = 'online';
      this.emit('online');
      cluster.emit('online', this);
      break;
    case 'queryServer':
      queryServer(this, message);
      break;
    case 'listening':
      listening(this, message);
      break;
    case 'exitedAfterDisconnect':
      this.exitedAfterDisconnect = true;
      send(this, { ack: message.seq });
      break;
    case 'close':
      if (handles.get(message.key)?.remove(this)) handles.delete(message.key);
      break;
    default:
  }
}

function queryServer(worker, message) {
  // A worker that is on its way out gets nothing any more.
  if (worker.exitedAfterDisconnect) return;
  const key = `${message.address}:${message.port}:${message.addressType}:${message.fd}:${message.index}`;
  const cached = handles.get(key);
  let handle = cached;
  if (handle === undefined) {
    let { address } = message;
    // Long paths of unix sockets: the shorter of absolute and relative.
    if (message.port < 0 && typeof address === 'string' && process.platform !== 'win32') {
      const relative = path.relative(process.cwd(), address);
      if (relative.length < address.length) address = relative;
    }
    const isUdp = message.addressType === 'udp4' || message.addressType === 'udp6';
    const Class = cluster.schedulingPolicy !== SCHED_RR || isUdp ? SharedHandle : RoundRobinHandle;
    handle = new Class(key, address, message);
    handles.set(key, handle);
  }
  handle.data ||= message.data;
  handle.add(worker, (errno, reply, nativeHandle) => {
    const data = handles.get(key)?.data ?? handle.data;
    if (errno) handles.delete(key);
    send(worker, { errno, key, ack: message.seq, data, ...reply }, nativeHandle);
  });
}

function listening(worker, message) {
  const info = { addressType: message.addressType, address: message.address, port: message.port, fd: message.fd };
  worker.state = 'listening';
  worker.emit('listening', info);
  cluster.emit('listening', worker, info);
}

function send(worker, message, handle, callback) {
  return sendHelper(worker.process, message, handle, callback);
}

/** Node docs: worker.disconnect(). */
Worker.prototype.disconnect = function disconnect() {
  this.exitedAfterDisconnect = true;
  send(this, { act: 'disconnect' });
  removeHandlesForWorker(this);
  removeWorker(this);
  return this;
};

/** Node docs: worker.kill([signal]). */
Worker.prototype.destroy = function destroy(signal) {
  this.process.kill(signal || 'SIGTERM');
};

module.exports = cluster;
