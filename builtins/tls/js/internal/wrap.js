/**
 * A handle that encrypts: what a `net.Socket` does with the handle of a connection, on top of another handle or of a stream.
 *
 * ```text
 *   socket ──writeBuffer──► TLSWrap ──takeOutput──► lower handle ──► kernel, or a stream
 *   socket ◄───onread───── TLSWrap ◄───receive───── lower handle
 * ```
 * Until the socket says `release()`, after the handshake and the checks of its certificate, what is written waits, and nothing is
 * handed up. Over a handle of the kernel, ciphertext does not become JavaScript's once the handshake is through: see src/filter.rs.
 */
'use strict';

const hooks = require('internal/async_ids');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { UV_EOF, owner, run } = require('internal/net/handles');
const { runNextTicks } = require('internal/process/task_queues');

const native = binding('tls');

const ESTABLISHED = 1;
const PEER_CLOSED = 2;
const HAS_OUTPUT = 4;
const FAILED = 8;
const HAS_EVENTS = 16;

/** Results of writing: done, and queued. */
const DONE = 0;
const QUEUED = 1;
const UV_EPROTO = -71;
const UV_EPIPE = -32;

class TLSWrap {
  isStreamBase = true;
  reading = false;
  onread = undefined;
  /** Called before the first write, if the handshake waits for that. */
  onfirstwrite = undefined;
  inLoop = false;
  asyncId = 0;
  triggerAsyncId = 0;
  /** What the handle reports: see TLSSocket. */
  events = null;
  #lower;
  /** The lower handle, once the connection reads and writes it by itself. */
  #native;
  #connection = native.createConnection(native.connectionPrototype);
  #isServer;
  /** Server: the ClientHello is still awaited, or its answer is. */
  #greeting;
  #held = [];
  #established = false;
  #released = false;
  #failed = false;
  #ended = false;
  #closed = false;
  /** Plaintext that nobody reads yet; null for the end. */
  #plain = [];
  #waiting = [];
  #waitingBytes = 0;
  #waitingDone = [];
  #shutdown;

  /** `announced`: what hooks know it by already. */
  constructor(lower, isServer, announced = undefined) {
    this.#lower = lower;
    this.#isServer = isServer;
    this.#greeting = isServer;
    lower.onread = (nread, arrayBuffer) => {
      if (hooks.active) hooks.callIn(this, () => this.#onLowerRead(nread, arrayBuffer));
      else this.#onLowerRead(nread, arrayBuffer);
    };
    this[owner] = null;
    if (announced !== undefined) {
      this.asyncId = announced.asyncId;
      this.triggerAsyncId = announced.triggerAsyncId;
    } else if (hooks.active) {
      hooks.init(this, 'TLSWRAP');
    }
  }

  get connection() { return this.#connection; }
  /** The socket around a stream below. */
  get _parentWrap() { return this.#lower.wrapper; }
  get lower() { return this.#lower; }
  /** The kernel's handle whose reads are plaintext, if there is one: consumers in Rust may have it. */
  get native() { return this.#native; }
  set maxFragment(bytes) { this.#connection.setMaxFragment(bytes); }

  // -------------------------------------------------------------------------------------------------------------------
  // The handshake

  /** Reads what the peer sends: from here on the handshake goes on by itself. */
  begin() {
    if (this.#closed) return;
    this.#lower.reading = true;
    this.#lower.readStart();
  }

  /** As a client. The reason why not, if it cannot be. */
  startClient(context, servername, protocols, session, keylog) {
    const status = this.#connection.startClient(context, servername, protocols, session, keylog);
    if (typeof status === 'string') return status;
    this.begin();
    this.#after(status, undefined);
    return undefined;
  }

  /** As a server, once the ClientHello is known. */
  startServer(context, request, mandatory, protocols, sessionsKept, found, keylog, ocsp, keyContext) {
    if (this.#closed) return undefined;
    this.#greeting = false;
    const status = this.#connection.startServer(context, request, mandatory, protocols, sessionsKept, found, keylog, ocsp, keyContext);
    if (typeof status === 'string') return status;
    this.#take(this.#connection.receive(new FastBuffer()));
    const held = this.#held;
    this.#held = [];
    for (const bytes of held) this.receive(bytes);
    return undefined;
  }

  /** The socket has checked the peer: bytes may flow. */
  release() {
    if (this.#released || this.#closed) return;
    this.#released = true;
    const waiting = this.#waiting;
    const callbacks = this.#waitingDone;
    this.#waiting = [];
    this.#waitingDone = [];
    this.#waitingBytes = 0;
    if (waiting.length > 0) {
      for (const bytes of waiting) this.#connection.write(bytes);
      const finish = (status) => {
        for (const callback of callbacks) callback(status);
      };
      const result = this.#flush(finish);
      if (result !== QUEUED) process.nextTick(finish, result);
    }
    if (this.#shutdown !== undefined) {
      const callback = this.#shutdown;
      this.#shutdown = undefined;
      const errno = this.shutdown(callback);
      if (errno) callback(errno);
    }
    if (this.reading) this.#deliver();
    else if (!this.#ended) this.#stopLower();
  }

  // -------------------------------------------------------------------------------------------------------------------
  // From below

  #onLowerRead(nread, arrayBuffer) {
    if (this.#closed) return;
    if (nread > 0) {
      // Bytes that the loop brought: nothing of JavaScript is below.
      this.inLoop = this.#lower.closeHandle !== undefined;
      try {
        this.receive(new FastBuffer(arrayBuffer));
      } finally {
        this.inLoop = false;
      }
      return;
    }
    if (nread === 0) return;
    if (nread === UV_EOF) this.#end();
    else this.#report(nread);
  }

  /** What the connection read from the kernel by itself. */
  takeNative(result) {
    if (this.#failed || this.#closed) return;
    this.inLoop = true;
    try {
      this.#take(result);
    } finally {
      this.inLoop = false;
    }
  }

  /** Takes ciphertext. */
  receive(bytes) {
    if (this.#failed || this.#closed) return;
    if (this.#greeting) {
      this.#greet(bytes);
      return;
    }
    this.#take(this.#connection.receive(bytes));
  }

  #greet(bytes) {
    if (this.#greeting === 'asked') {
      this.#held.push(bytes);
      return;
    }
    const hello = this.#connection.hello(bytes);
    if (hello === undefined) return;
    this.#greeting = 'asked';
    this.events.onhello(hello);
  }

  #take(result) {
    if (typeof result === 'number') this.#after(result, undefined);
    else this.#after(result[0], result);
  }

  /** `result` has plaintext from its second element on. */
  #after(status, result) {
    if ((status & HAS_EVENTS) !== 0) this.events.onevents(this.#connection.events());
    if ((status & ESTABLISHED) !== 0 && !this.#established) {
      this.#established = true;
      if (this.#lower.closeHandle !== undefined) {
        this.#native = this.#lower;
        this.#connection.attach(this.#lower, this, onNativeRead);
      }
      // A client that does not like what it sees goes without its last words: for the server there was no connection.
      this.events.onestablished();
    }
    if (this.#closed) return;
    if ((status & HAS_OUTPUT) !== 0) this.#flush(undefined);
    if (result !== undefined) {
      for (let i = 1; i < result.length; i++) this.#plain.push(result[i]);
      if (this.reading && this.#released) this.#deliver();
    }
    if (this.#closed) return;
    if ((status & FAILED) !== 0 && !this.#failed) {
      this.#failed = true;
      this.events.onfailure(this.#connection.error());
      return;
    }
    if ((status & PEER_CLOSED) !== 0) this.#end();
  }

  #end() {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#established) {
      this.events.onend();
      if (this.#closed) return;
      this.#released = true;
    }
    this.#plain.push(null);
    if (this.#released) this.#deliver();
  }

  #report(errno) {
    if (typeof this.onread === 'function') this.onread(errno);
  }

  /** Hands plaintext up while it is wanted. The end goes up in any case, as with a socket. */
  #deliver() {
    while (this.#plain.length > 0 && !this.#closed) {
      if (this.#plain[0] === null) {
        this.#plain.shift();
        this.#report(UV_EOF);
        return;
      }
      if (!this.reading) return;
      const bytes = this.#plain.shift();
      this.onread(bytes.byteLength, bytes);
      // What a piece brought about comes before the next one, as if that had arrived later.
      if (this.inLoop && this.#plain.length > 0) runNextTicks();
    }
  }

  #stopLower() {
    if (!this.#lower.reading) return;
    this.#lower.reading = false;
    this.#lower.readStop();
  }

  // -------------------------------------------------------------------------------------------------------------------
  // What sockets do with handles

  readStart() {
    this.reading = true;
    if (this.#released && this.#plain.length > 0) {
      // Not within the caller's read().
      process.nextTick(() => {
        if (this.reading) this.#deliver();
      });
    }
    if (this.#closed || this.#lower.reading || this.#ended) return 0;
    if (!this.#released) return 0;
    this.#lower.reading = true;
    return this.#lower.readStart() ?? 0;
  }

  readStop() {
    this.reading = false;
    // The handshake reads on.
    if (this.#released) this.#stopLower();
    return 0;
  }

  /** Sends the ciphertext that waits; `callback(status)` follows if that was queued. */
  #flush(callback) {
    if (this.#closed) return UV_EPIPE;
    let result;
    if (this.#native !== undefined) {
      result = this.#connection.flushTo(this.#native);
    } else {
      const output = this.#connection.takeOutput();
      if (output === undefined) return DONE;
      result = this.#lower.writeBuffer(new FastBuffer(output));
    }
    if (result === QUEUED) this.#lower.afterWrite(callback ?? noop);
    return result;
  }

  /** Whether writes go straight to the kernel. */
  #isDirect() {
    if (this.#native === undefined || !this.#released) return false;
    if (this.onfirstwrite !== undefined) this.#startByWrite();
    return !this.#closed;
  }

  #startByWrite() {
    const start = this.onfirstwrite;
    this.onfirstwrite = undefined;
    start();
  }

  /** The result of a write that went straight. */
  #direct(result) {
    return result === UV_EPIPE && this.#failed ? UV_EPROTO : result;
  }

  #write(pieces) {
    if (this.onfirstwrite !== undefined) this.#startByWrite();
    if (!this.#released) {
      for (const bytes of pieces) {
        this.#waiting.push(bytes);
        this.#waitingBytes += bytes.byteLength;
      }
      return QUEUED;
    }
    for (const bytes of pieces) {
      if (bytes.byteLength > 0 && !this.#connection.write(bytes)) return this.#failed ? UV_EPROTO : UV_EPIPE;
    }
    return this.#flushForWrite();
  }

  #queuedCallbacks = [];

  /** A write of the socket: its callback comes with `afterWrite`. */
  #flushForWrite() {
    const pending = { callback: undefined };
    const result = this.#flush((status) => {
      this.#queuedCallbacks.shift();
      pending.callback?.(status);
    });
    if (result === QUEUED) this.#queuedCallbacks.push(pending);
    return result;
  }

  afterWrite(callback) {
    if (!this.#released) {
      this.#waitingDone.push(callback);
      return;
    }
    if (this.#native !== undefined) {
      this.#native.afterWrite(callback);
      return;
    }
    const pending = this.#queuedCallbacks.at(-1);
    if (pending !== undefined) pending.callback = callback;
  }

  writeBuffer(bytes) {
    if (this.#isDirect()) return this.#direct(this.#connection.writeTo(this.#native, bytes));
    return this.#write([bytes]);
  }

  writeUtf8String(text) {
    if (this.#isDirect()) return this.#direct(this.#connection.writeTextTo(this.#native, text, false));
    return this.#write([toBuffer(text, 'utf8')]);
  }

  writeLatin1String(text) {
    if (this.#isDirect()) return this.#direct(this.#connection.writeTextTo(this.#native, text, true));
    return this.#write([toBuffer(text, 'latin1')]);
  }

  writeUcs2String(text) {
    return this.writeBuffer(toBuffer(text, 'utf16le'));
  }

  writevChunks(list) {
    if (this.#isDirect()) return this.#direct(this.#connection.writevTo(this.#native, list));
    return this.#write(list.map((piece) => typeof piece === 'string' ? toBuffer(piece, 'utf8') : piece));
  }

  get writeQueueSize() {
    return this.#waitingBytes + (this.#lower.writeQueueSize ?? 0);
  }

  get bytesRead() { return this.#connection.bytesRead(); }
  get bytesWritten() { return this.#connection.bytesWritten() + this.#waitingBytes; }
  get fd() { return this.#lower.fd; }

  /** Says that nothing more will come, and closes the sending side below. */
  shutdown(callback) {
    if (this.#closed) return UV_EPIPE;
    if (!this.#released && !this.#ended) {
      this.#shutdown = callback;
      return 0;
    }
    if (!this.#failed) {
      this.#connection.closeNotify();
      this.#flush(undefined);
    }
    return this.#lower.shutdown(callback);
  }

  close(callback) {
    if (this.#closed) return;
    this.#closed = true;
    hooks.destroy(this);
    this.#stopWaiting();
    const { parent } = this;
    if (parent && !parent.destroyed) {
      // The socket below goes too.
      parent.once('close', () => callback?.call(this));
      parent.destroy();
    } else if (parent) {
      // It went first, with its handle.
      setImmediate(() => callback?.call(this));
    } else {
      this.#lower.close(callback);
    }
  }

  #stopWaiting() {
    this.#waiting = [];
    const callbacks = this.#waitingDone;
    this.#waitingDone = [];
    if (callbacks.length > 0) process.nextTick(() => callbacks.forEach((callback) => callback(-125)));
  }

  reset(callback) {
    if (typeof this.#lower.reset !== 'function') {
      this.close(callback);
      return 0;
    }
    this.#closed = true;
    return this.#lower.reset(callback);
  }

  ref() { this.#lower.ref?.(); }
  unref() { this.#lower.unref?.(); }
  hasRef() { return this.#lower.hasRef?.() ?? true; }
  getAsyncId() { return this.asyncId || (this.#lower.getAsyncId?.() ?? -1); }
  getProviderType() { return 'TLSWRAP'; }

  /** As for any handle: another user from here on. */
  asyncReset(resource) {
    this.#lower.resetContext?.();
    if (!hooks.active) return;
    hooks.destroy(this);
    hooks.assign(this);
    hooks.emitInit(this.asyncId, 'TLSWRAP', this.triggerAsyncId, resource);
  }

  getpeername(out) { return this.#lower.getpeername?.(out) ?? -88; }
  getsockname(out) { return this.#lower.getsockname?.(out) ?? -88; }
  setNoDelay(enable) { return this.#lower.setNoDelay?.(enable) ?? 0; }
  setKeepAlive(...args) { return this.#lower.setKeepAlive?.(...args) ?? 0; }
  verifyError() { return this.events.verifyError(); }
}

/** Called by the connection for what it read from the kernel; `this` is the TLS handle. */
function onNativeRead(result) {
  run(this.lower, takeNative, this, result);
}

function takeNative(wrap, result) {
  if (hooks.active) hooks.callIn(wrap, () => wrap.takeNative(result));
  else wrap.takeNative(result);
}

function noop() {}

function toBuffer(text, encoding) {
  return require('buffer').Buffer.from(text, encoding);
}

/** A stream in the place of a handle. */
class StreamHandle {
  isStreamBase = true;
  /** The socket that it was made for. */
  wrapper = undefined;
  reading = false;
  onread = undefined;
  bytesRead = 0;
  bytesWritten = 0;
  writeQueueSize = 0;
  #stream;
  #callbacks = [];
  #closed = false;

  constructor(stream) {
    this.#stream = stream;
    stream.on('data', (chunk) => {
      if (typeof chunk === 'string') {
        const { codes: { ERR_STREAM_WRAP } } = require('internal/errors');
        stream.destroy(new ERR_STREAM_WRAP());
        return;
      }
      this.bytesRead += chunk.byteLength;
      const bytes = chunk.buffer.slice(chunk.byteOffset, chunk.byteOffset + chunk.byteLength);
      this.onread?.(bytes.byteLength, bytes);
    });
    stream.pause();
    stream.on('end', () => this.onread?.(UV_EOF));
  }

  readStart() {
    this.#stream.resume();
    return 0;
  }

  readStop() {
    this.#stream.pause();
    return 0;
  }

  writeBuffer(bytes) {
    if (this.#closed || this.#stream.destroyed) return UV_EPIPE;
    const pending = { callback: undefined };
    this.#callbacks.push(pending);
    this.writeQueueSize += bytes.byteLength;
    this.#stream.write(bytes, (error) => {
      this.writeQueueSize -= bytes.byteLength;
      this.bytesWritten += bytes.byteLength;
      this.#callbacks.shift();
      pending.callback?.(error ? UV_EPIPE : 0);
    });
    return QUEUED;
  }

  writeUtf8String(text) { return this.writeBuffer(toBuffer(text, 'utf8')); }
  writeLatin1String(text) { return this.writeBuffer(toBuffer(text, 'latin1')); }
  writeUcs2String(text) { return this.writeBuffer(toBuffer(text, 'utf16le')); }

  writevChunks(list) {
    const { Buffer } = require('buffer');
    return this.writeBuffer(Buffer.concat(list.map((piece) => typeof piece === 'string' ? toBuffer(piece, 'utf8') : piece)));
  }

  afterWrite(callback) {
    const pending = this.#callbacks.at(-1);
    if (pending === undefined) process.nextTick(callback, 0);
    else pending.callback = callback;
  }

  shutdown(callback) {
    if (this.#stream.writableEnded || this.#stream.destroyed) process.nextTick(callback, 0);
    else this.#stream.end(() => callback(0));
    return 0;
  }

  close(callback) {
    if (this.#closed) return;
    this.#closed = true;
    this.#stream.destroy();
    setImmediate(() => callback?.());
  }

  ref() { this.#stream.ref?.(); }
  unref() { this.#stream.unref?.(); }
  getpeername(out) { return this.#stream._handle?.getpeername?.(out) ?? -88; }
  getsockname(out) { return this.#stream._handle?.getsockname?.(out) ?? -88; }
}

/** A stream as a `net.Socket`: packages get at it through `tlsSocket._handle._parentWrap`. */
class JSStreamSocket extends require('net').Socket {
  constructor(stream) {
    const handle = new StreamHandle(stream);
    super({ handle, manualStart: true });
    handle.wrapper = this;
    this.stream = stream;
  }
}

module.exports = { JSStreamSocket, StreamHandle, TLSWrap };
