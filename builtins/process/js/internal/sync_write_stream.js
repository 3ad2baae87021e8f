/** A Writable whose writes are done when `write` returns: stdout and stderr on files and pipes. */
'use strict';

const { Writable } = require('stream');

function SyncWriteStream(fd, write) {
  Writable.call(this, { autoDestroy: true, decodeStrings: false });
  this.fd = fd;
  this.writable = true;
  this.readable = false;
  this.autoClose = true;
  this._writeSync = write;
}

Object.setPrototypeOf(SyncWriteStream.prototype, Writable.prototype);
Object.setPrototypeOf(SyncWriteStream, Writable);

SyncWriteStream.prototype._write = function _write(chunk, encoding, callback) {
  const utf8 = encoding === 'utf8' || encoding === 'utf-8' || encoding === 'buffer';
  const data = typeof chunk === 'string' && !utf8 ? require('buffer').Buffer.from(chunk, encoding) : chunk;
  const errno = this._writeSync(this.fd, data);
  if (errno < 0) {
    const { errnoException, uvException } = require('internal/errors');
    // As the stream of a socket says it, or as fs does.
    callback(this._type === 'pipe' ? errnoException(errno, 'write') : uvException({ errno, syscall: 'write' }));
    return;
  }
  callback();
};

module.exports = SyncWriteStream;
