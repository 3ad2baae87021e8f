/**
 * The IPC channel between a parent and a child: messages, in order, and handles that travel with them.
 *
 * On the wire: a line of JSON per message, or with `serialization: 'advanced'` a length (4 bytes, big-endian) and that many bytes
 * of a structured clone. A message with a handle is `{ cmd: 'NODE_HANDLE', type, msg }` with the descriptor beside its first byte.
 * The receiver answers NODE_HANDLE_ACK (or NACK, if no descriptor came); until then the sender keeps the handle open and holds back
 * what follows. Messages whose `cmd` begins with `NODE_` are internal. That is what node processes speak, too.
 */
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INVALID_ARG_TYPE, ERR_INVALID_HANDLE_TYPE, ERR_IPC_CHANNEL_CLOSED, ERR_IPC_DISCONNECTED, ERR_MISSING_ARGS,
  },
  errnoException,
} = require('internal/errors');
const { validateObject } = require('internal/validators');
const { Pipe, IPC, owner } = require('internal/net/handles');

/** More than this many bytes waiting: `send` returns false. */
const QUEUE_HIGH = 65536 * 2;
/** How often a handle is sent again after a NACK. */
const RETRANSMISSIONS_MAX = 3;
const INTERNAL_PREFIX = 'NODE_';

/** The `channel` property: whether the channel keeps the process alive. */
class Control extends EventEmitter {
  #channel;
  #refs = 0;
  #explicit;

  constructor(channel) {
    super();
    this.#channel = channel;
  }

  /** Counted references: one per listener and per message under way. */
  refCounted() {
    if (++this.#refs === 1 && this.#explicit === undefined) this.#channel?.ref();
  }

  unrefCounted() {
    if (--this.#refs === 0 && this.#explicit === undefined) {
      this.#channel?.unref();
      this.emit('unref');
    }
  }

  ref() {
    this.#explicit = true;
    this.#channel?.ref();
  }

  unref() {
    this.#explicit = false;
    this.#channel?.unref();
  }

  get fd() {
    return this.#channel?.fd;
  }

  hasRef() {
    return this.#channel?.hasRef() ?? false;
  }
}

function isInternal(message) {
  return message !== null && typeof message === 'object' && typeof message.cmd === 'string' &&
    message.cmd.length > INTERNAL_PREFIX.length && message.cmd.startsWith(INTERNAL_PREFIX);
}

// ---------------------------------------------------------------------------------------------------------------------
// Handles by kind: how they leave and arrive

function noop() {}

/** A handle object of a received descriptor. */
function handleOf(fd) {
  const kind = binding('net').fdKind(fd);
  if (kind === 'UDP') {
    const { UDP } = require('internal/dgram/handle');
    const handle = new UDP();
    return handle.open(fd) === 0 ? handle : undefined;
  }
  const { TCP } = require('internal/net/handles');
  const handle = kind === 'TCP' ? new TCP() : new Pipe();
  return handle.open(fd) === 0 ? handle : undefined;
}

const conversions = {
  'net.Native': {
    send: (target, message, handle) => handle,
    got: (target, message, handle, emit) => emit(handle),
  },
  'dgram.Native': {
    send: (target, message, handle) => handle,
    got: (target, message, handle, emit) => emit(handle),
  },
  'net.Server': {
    send: (target, message, server) => server._handle,
    got(target, message, handle, emit) {
      const { Server } = require('net');
      const server = new Server();
      server.listen(handle, () => emit(server));
    },
  },
  'net.Socket': {
    send(target, message, socket, options) {
      const handle = socket._handle;
      if (!handle) return undefined;
      const { server } = socket;
      if (server) {
        // Its server counts it until the other process says that it is closed.
        message.key = server._connectionKey;
        const { sendLists } = target;
        const first = !sendLists.has(message.key);
        const list = socketList('send', target, message.key);
        if (first) server._setupWorker(list);
        if (!options.keepOpen) {
          server._connections--;
          socket._server = null;
        }
      }
      if (!options.keepOpen) {
        handle.reading = false;
        handle.onread = noop;
        handle.readStop();
        socket._handle = null;
        socket.setTimeout(0);
      }
      return handle;
    },
    sent(handle, options) {
      if (!options.keepOpen) handle.close();
    },
    got(target, message, handle, emit) {
      const { Socket } = require('net');
      const socket = new Socket({ handle, readable: true, writable: true });
      if (message.key) socketList('got', target, message.key).add({ socket });
      emit(socket);
    },
  },
  'dgram.Socket': {
    send: (target, message, socket) => {
      message.dgramType = socket.type;
      return require('internal/dgram/state').handleOfSocket(socket);
    },
    got(target, message, handle, emit) {
      const { Socket } = require('dgram');
      const socket = new Socket(message.dgramType);
      socket.bind(handle, () => emit(socket));
    },
  },
};

function socketList(kind, target, key) {
  const lists = kind === 'send' ? target.sendLists : target.gotLists;
  let list = lists.get(key);
  if (list === undefined) {
    const { SocketListReceive, SocketListSend } = require('internal/child_process/socket_list');
    list = kind === 'send' ? new SocketListSend(target, key) : new SocketListReceive(target, key);
    lists.set(key, list);
  }
  return list;
}

function typeOf(handle) {
  const net = require('net');
  if (handle instanceof net.Socket) return 'net.Socket';
  if (handle instanceof net.Server) return 'net.Server';
  if (typeof handle === 'object' && handle !== null) {
    if (typeof handle.fileno === 'function' && typeof handle.readStart === 'function') return 'net.Native';
    const cache = require('internal/loader').cache;
    if (cache.has('internal/dgram/handle') && handle instanceof require('internal/dgram/handle').UDP) return 'dgram.Native';
    if (cache.has('dgram') && handle instanceof require('dgram').Socket) return 'dgram.Socket';
  }
  throw new ERR_INVALID_HANDLE_TYPE();
}

// ---------------------------------------------------------------------------------------------------------------------
// The channel

/** Makes `target` (a ChildProcess, or `process`) speak over the pipe `channel`. Returns the control. */
function setupChannel(target, channel, serialization) {
  const control = new Control(channel);
  const codec = serialization === 'advanced' ? require('internal/child_process/serialization').advanced() : jsonCodec();
  const pending = [];

  target.channel = control;
  Object.defineProperty(target, '_channel', {
    __proto__: null, configurable: true, enumerable: true,
    get() { return target.channel; },
    set(value) { target.channel = value; },
  });
  target.connected = true;
  target._handleQueue = null;
  target._pendingMessage = null;
  for (const name of ['sendLists', 'gotLists']) {
    Object.defineProperty(target, name, { __proto__: null, configurable: true, enumerable: false, value: new Map() });
  }

  let open = true;
  let finished = false;

  function emitMessage(name, message, handle) {
    if (name === 'message' && target.listenerCount('message') === 0) {
      pending.push([message, handle]);
      return;
    }
    target.emit(name, message, handle);
  }

  target.on('newListener', (name) => {
    if (name !== 'message' || pending.length === 0) return;
    const waiting = pending.splice(0);
    process.nextTick(() => {
      for (const [message, handle] of waiting) emitMessage('message', message, handle);
    });
  });

  function deliver(message, handle, internal) {
    process.nextTick(emitMessage, internal ? 'internalMessage' : 'message', message, handle);
  }

  function onHandle(message) {
    const fd = channel.takeFd();
    const handle = fd === -1 ? undefined : handleOf(fd);
    if (handle === undefined) {
      target._send({ cmd: 'NODE_HANDLE_NACK' }, null, true);
      return;
    }
    target._send({ cmd: 'NODE_HANDLE_ACK' }, null, true);
    const conversion = conversions[message.type];
    if (conversion === undefined) {
      handle.close();
      return;
    }
    conversion.got(target, message, handle, (object) => deliver(message.msg, object, isInternal(message.msg)));
  }

  function releaseQueue() {
    const queue = target._handleQueue;
    target._handleQueue = null;
    if (queue !== null) {
      for (const args of queue) target._send(...args);
    }
    // A disconnect that waited for the handles.
    if (!target.connected && open && target._handleQueue === null) close();
  }

  function onAnswer(acknowledged) {
    const sent = target._pendingMessage;
    if (!acknowledged && sent !== null) {
      if (sent.retransmissions++ < RETRANSMISSIONS_MAX) {
        sent.retransmit();
        return;
      }
      process.emitWarning('Handle did not reach the receiving process correctly', 'SentHandleNotReceivedWarning');
    }
    closePendingMessage();
    releaseQueue();
  }

  function closePendingMessage() {
    const sent = target._pendingMessage;
    target._pendingMessage = null;
    sent?.done();
  }

  function onMessage(message) {
    if (!isInternal(message)) {
      deliver(message, undefined, false);
      return;
    }
    switch (message.cmd) {
      case 'NODE_HANDLE': onHandle(message); break;
      case 'NODE_HANDLE_ACK': onAnswer(true); break;
      case 'NODE_HANDLE_NACK': onAnswer(false); break;
      default: deliver(message, undefined, true);
    }
  }

  channel[owner] = target;
  channel.onread = function(nread, arrayBuffer) {
    if (nread > 0) {
      codec.push(new Uint8Array(arrayBuffer), onMessage);
    } else if (nread < 0) {
      target.connected = false;
      if (open) close();
    }
  };
  channel.reading = true;
  channel.readStart();

  /** Stops: 'disconnect' comes in the next tick. */
  function close() {
    open = false;
    closePendingMessage();
    channel.readStop();
    process.nextTick(() => {
      if (finished) return;
      finished = true;
      channel.onread = noop;
      channel.close(() => {
        if (target !== process) require('internal/child_process/child_process').maybeClose(target);
      });
      target.channel = null;
      target.emit('disconnect');
    });
  }

  target.disconnect = function() {
    if (!this.connected) {
      this.emit('error', new ERR_IPC_DISCONNECTED());
      return;
    }
    this._disconnect();
  };

  target._disconnect = function() {
    this.connected = false;
    // What waits behind a handle still goes out: its answer closes.
    if (target._handleQueue !== null && target._handleQueue.length > 0) return;
    if (open) close();
  };

  target.send = function(message, handle, options, callback) {
    if (typeof handle === 'function') {
      callback = handle;
      handle = undefined;
      options = undefined;
    } else if (typeof options === 'function') {
      callback = options;
      options = undefined;
    } else if (options !== undefined) {
      validateObject(options, 'options');
    }
    options = { swallowErrors: false, ...options };
    if (this.connected) return this._send(message, handle, options, callback);
    const error = new ERR_IPC_CHANNEL_CLOSED();
    if (typeof callback === 'function') process.nextTick(callback, error);
    else process.nextTick(() => this.emit('error', error));
    return false;
  };

  target._send = function(message, handle, options, callback) {
    if (message === undefined) throw new ERR_MISSING_ARGS('message');
    const type = typeof message;
    if (type !== 'string' && type !== 'object' && type !== 'number' && type !== 'boolean') {
      throw new ERR_INVALID_ARG_TYPE('message', ['string', 'object', 'number', 'boolean'], message);
    }
    if (typeof options === 'boolean') options = { swallowErrors: options };
    let wrapped = message;
    let native;
    let conversion;
    const answer = isInternal(message) && (message.cmd === 'NODE_HANDLE_ACK' || message.cmd === 'NODE_HANDLE_NACK');
    if (handle) {
      wrapped = { cmd: 'NODE_HANDLE', type: typeOf(handle), msg: message };
      conversion = conversions[wrapped.type];
      if (this._handleQueue !== null) {
        this._handleQueue.push([message, handle, options, callback]);
        return this._handleQueue.length === 1;
      }
      native = conversion.send(target, wrapped, handle, options);
      // A socket that was closed meanwhile: the message goes alone.
      if (!native) wrapped = message;
    } else if (this._handleQueue !== null && !answer) {
      this._handleQueue.push([message, null, options, callback]);
      return this._handleQueue.length === 1;
    }
    const bytes = codec.encode(wrapped);
    const transmit = () => (native ? channel.writeWithFd(bytes, native.fd) :
      typeof bytes === 'string' ? channel.writeUtf8String(bytes) : channel.writeBuffer(bytes));
    const result = transmit();
    if (result < 0) {
      if (native) conversion.sent?.(native, options);
      if (!options.swallowErrors) {
        const error = errnoException(result, 'write');
        if (typeof callback === 'function') process.nextTick(callback, error);
        else process.nextTick(() => this.emit('error', error));
      }
      return false;
    }
    if (native) {
      this._handleQueue = [];
      this._pendingMessage = { retransmissions: 0, retransmit: transmit, done: () => conversion.sent?.(native, options) };
    }
    if (result === 1) {
      control.refCounted();
      channel.afterWrite((status) => {
        control.unrefCounted();
        if (typeof callback === 'function') callback(status < 0 ? errnoException(status, 'write') : null);
      });
    } else if (typeof callback === 'function') {
      process.nextTick(callback, null);
    }
    return channel.writeQueueSize < QUEUE_HIGH;
  };

  return control;
}

/** Lines of JSON. */
function jsonCodec() {
  let decoder;
  let rest = '';
  return {
    encode: (message) => `${JSON.stringify(message)}\n`,
    push(bytes, onMessage) {
      decoder ??= new (require('string_decoder').StringDecoder)('utf8');
      const text = decoder.write(require('buffer').Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      let end = text.indexOf('\n');
      if (end === -1) {
        rest += text;
        return;
      }
      // Only what is new is searched: of a long message many reads come before its end.
      let line = rest + text.slice(0, end);
      rest = text.slice(text.lastIndexOf('\n') + 1);
      while (end !== -1) {
        if (line !== '') onMessage(JSON.parse(line));
        const start = end + 1;
        end = text.indexOf('\n', start);
        if (end !== -1) line = text.slice(start, end);
      }
    },
  };
}

/** In the child: `process.send` and its like over descriptor `fd`. */
function connectToParent(fd, serialization) {
  const channel = new Pipe(IPC);
  const errno = channel.open(fd);
  if (errno < 0) throw errnoException(errno, 'open');
  channel.setIpc(true);
  channel.unref();
  const control = setupChannel(process, channel, serialization);
  process.on('newListener', (name) => {
    if (name === 'message' || name === 'disconnect') control.refCounted();
  });
  process.on('removeListener', (name) => {
    if (name === 'message' || name === 'disconnect') control.unrefCounted();
  });
}

module.exports = { connectToParent, isInternal, setupChannel };
