/**
 * `net.BoundSocket`: an address that is taken before anybody listens on it or connects from it.
 * Node docs: class net.BoundSocket.
 */
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_SOCKET_HANDLE_ADOPTED }, errnoException, exceptionWithHostPort,
} = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { validateBoolean, validateObject, validatePort, validateString } = require('internal/validators');
const { isIP } = require('internal/net/ip');
const { Pipe, SOCKET, TCP, UV_TCP_IPV6ONLY, UV_TCP_REUSEPORT } = require('internal/net/handles');

class BoundSocket {
  #handle = null;
  #address = {};
  #path;

  constructor(options = kEmptyObject) {
    validateObject(options, 'options');
    const { path } = options;
    if (path !== undefined) {
      validateString(path, 'options.path');
      if (['host', 'port', 'ipv6Only', 'reusePort'].some((name) => options[name] !== undefined)) {
        throw new ERR_INVALID_ARG_VALUE('options', options, 'path is mutually exclusive with host, port, ipv6Only, and reusePort');
      }
      this.#bindPath(path);
    } else {
      this.#bindPort(options);
    }
  }

  #bindPath(path) {
    const handle = new Pipe(SOCKET);
    const errno = handle.bindPath(path);
    if (errno) {
      handle.close();
      throw errnoException(errno, 'bind');
    }
    this.#handle = handle;
    this.#path = path;
  }

  #bindPort({ host = '0.0.0.0', port = 0, ipv6Only, reusePort }) {
    validateString(host, 'options.host');
    validatePort(port, 'options.port');
    if (ipv6Only !== undefined) validateBoolean(ipv6Only, 'options.ipv6Only');
    if (reusePort !== undefined) validateBoolean(reusePort, 'options.reusePort');
    if (isIP(host) === 0) {
      throw new ERR_INVALID_ARG_VALUE(
        'options.host', host, 'must be a numeric IP address; net.BoundSocket does not perform DNS resolution');
    }
    const handle = new TCP(SOCKET);
    const flags = (ipv6Only ? UV_TCP_IPV6ONLY : 0) | (reusePort ? UV_TCP_REUSEPORT : 0);
    // An address in use shows when it is asked for at the latest.
    const errno = handle.bind(host, port | 0, flags) || handle.getsockname(this.#address);
    if (errno) {
      handle.close();
      throw exceptionWithHostPort(errno, 'bind', host, port);
    }
    this.#handle = handle;
  }

  #open() {
    if (this.#handle === null) throw new ERR_SOCKET_HANDLE_ADOPTED();
    return this.#handle;
  }

  address() {
    this.#open();
    return this.#path ?? { ...this.#address };
  }

  fd() {
    return this.#open().fd;
  }

  get isPipe() {
    return this.#path !== undefined;
  }

  close() {
    this.#open().close();
    this.#handle = null;
  }

  /** For Server and Socket: its handle, theirs from now on, and its path. */
  static adopt(bound) {
    const handle = bound.#open();
    bound.#handle = null;
    return { handle, path: bound.#path };
  }
}
const { adopt } = BoundSocket;
delete BoundSocket.adopt;

module.exports = { BoundSocket, adopt };
