/**
 * process.stdin, stdout and stderr. Node docs: process, "A note on process I/O": files, terminals and pipes are written
 * synchronously on Linux.
 */
'use strict';

const { fileType, write } = binding('process');

let stdin;
let stdout;
let stderr;

function createOutput(fd) {
  const kind = fileType(fd);
  let stream;
  if (kind === 'TTY') {
    const { WriteStream } = require('tty');
    stream = new WriteStream(fd);
    stream._type = 'tty';
    process.on('SIGWINCH', () => stream._refreshSize());
  } else {
    const SyncWriteStream = require('internal/process/sync_write_stream');
    stream = new SyncWriteStream(fd, write);
    stream._type = kind === 'FILE' ? 'fs' : 'pipe';
    if (kind !== 'FILE') stream._isStdio = true;
  }
  stream._isStdio = true;
  // The descriptors of the process stay open whatever a program does with the stream, and the stream stays writable: each
  // write to a closed pipe fails anew.
  stream.destroySoon = stream.destroy;
  stream._destroy = (error, callback) => {
    callback(error);
    stream._undestroy();
  };
  return stream;
}

function createInput() {
  const fd = 0;
  const kind = fileType(fd);
  let stream;
  if (kind === 'TTY') {
    const { ReadStream } = require('tty');
    stream = new ReadStream(fd);
    stream.on('pause', stopReading);
  } else if (kind === 'INVALID') {
    const { Readable } = require('stream');
    stream = new Readable({ read() {} });
    stream.push(null);
  } else if (kind === 'FILE') {
    const { ReadStream } = require('fs');
    stream = new ReadStream(null, { fd, autoClose: false });
  } else {
    stream = require('internal/process/pipe_input').createPipeInput(fd);
    stream.on('pause', stopReading);
  }
  stream.fd = fd;
  return stream;
}

/** A paused stdin must not keep the process alive, nor take input that another program is to read. */
function stopReading() {
  const handle = this._handle;
  if (!handle?.reading) return;
  handle.reading = false;
  this._readableState.reading = false;
  handle.readStop();
}

function getStdout() {
  return stdout ??= createOutput(1);
}

function getStderr() {
  return stderr ??= createOutput(2);
}

function getStdin() {
  return stdin ??= createInput();
}

module.exports = { getStderr, getStdin, getStdout };
