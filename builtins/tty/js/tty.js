/**
 * `node:tty`: terminals as sockets, with size, mode and cursor.
 *
 * Writes are synchronous, as Node's are on Linux, so that nothing gets lost when a program ends.
 * Node docs: tty.
 */
'use strict';

const { codes: { ERR_INVALID_FD, ERR_TTY_INIT_FAILED }, ErrnoException } = require('internal/errors');
const net = require('net');
const { getColorDepth, hasColors } = require('internal/tty/colors');

const { fileType } = binding('process');

const FD_MAX = 2 ** 31 - 1;

/** Whether `fd` is a terminal; false for whatever is no descriptor. */
function isatty(fd) {
  return Number.isInteger(fd) && fd >= 0 && fd <= FD_MAX && fileType(fd) === 'TTY';
}

function openHandle(fd) {
  if (fd >> 0 !== fd || fd < 0) throw new ERR_INVALID_FD(fd);
  const { openTerminal } = require('internal/net/terminal');
  const info = {};
  const handle = openTerminal(fd, info);
  if (info.code !== undefined) throw new ERR_TTY_INIT_FAILED(info);
  return handle;
}

function ReadStream(fd, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(fd, options);
  net.Socket.call(this, {
    readableHighWaterMark: 0,
    handle: openHandle(fd),
    manualStart: true,
    ...options,
  });
  this.isRaw = false;
  this.isTTY = true;
}

Object.setPrototypeOf(ReadStream.prototype, net.Socket.prototype);
Object.setPrototypeOf(ReadStream, net.Socket);

/** Every key at once and no echo; or back to lines. */
ReadStream.prototype.setRawMode = function setRawMode(flag) {
  flag = !!flag;
  const errno = this._handle?.setRawMode(flag);
  if (errno) {
    this.emit('error', new ErrnoException(errno, 'setRawMode'));
    return this;
  }
  this.isRaw = flag;
  return this;
};

function WriteStream(fd) {
  if (!(this instanceof WriteStream)) return new WriteStream(fd);
  net.Socket.call(this, {
    readableHighWaterMark: 0,
    handle: openHandle(fd),
    manualStart: true,
  });
  this._handle.setBlocking(true);
  const size = [0, 0];
  if (this._handle.getWindowSize(size) === 0) {
    this.columns = size[0];
    this.rows = size[1];
  }
}

Object.setPrototypeOf(WriteStream.prototype, net.Socket.prototype);
Object.setPrototypeOf(WriteStream, net.Socket);

WriteStream.prototype.isTTY = true;
WriteStream.prototype.getColorDepth = getColorDepth;
WriteStream.prototype.hasColors = hasColors;

/** Asks for the size again, and tells of a new one. */
WriteStream.prototype._refreshSize = function _refreshSize() {
  const { columns, rows } = this;
  const size = [0, 0];
  const errno = this._handle.getWindowSize(size);
  if (errno) {
    this.emit('error', new ErrnoException(errno, 'getWindowSize'));
    return;
  }
  if (columns !== size[0] || rows !== size[1]) {
    this.columns = size[0];
    this.rows = size[1];
    this.emit('resize');
  }
};

WriteStream.prototype.cursorTo = function cursorTo(x, y, callback) {
  return require('readline').cursorTo(this, x, y, callback);
};

WriteStream.prototype.moveCursor = function moveCursor(dx, dy, callback) {
  return require('readline').moveCursor(this, dx, dy, callback);
};

WriteStream.prototype.clearLine = function clearLine(dir, callback) {
  return require('readline').clearLine(this, dir, callback);
};

WriteStream.prototype.clearScreenDown = function clearScreenDown(callback) {
  return require('readline').clearScreenDown(this, callback);
};

WriteStream.prototype.getWindowSize = function getWindowSize() {
  return [this.columns, this.rows];
};

module.exports = { isatty, ReadStream, WriteStream };
