// The causes of failed fetches: programs retry by their code.
'use strict';
const assert = require('node:assert');
const net = require('node:net');

const HEAD = 'HTTP/1.1 200 OK\r\n';
/** What the server does with a request, the message of the rejection and the cause: class, code, message. */
const cases = [
  [(socket) => socket.end(), 'fetch failed', 'SocketError', 'UND_ERR_SOCKET', 'other side closed'],
  [(socket) => socket.end('HTTP/1.1 200 O'), 'fetch failed', 'SocketError', 'UND_ERR_SOCKET', 'other side closed'],
  [(socket) => socket.resetAndDestroy(), 'fetch failed', 'Error', 'ECONNRESET', 'read ECONNRESET'],
  [(socket) => socket.end('garbage\r\n\r\n'), 'fetch failed', 'HTTPParserError', undefined,
    'Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)'],
  [(socket) => socket.write(`${HEAD}x: ${'a'.repeat(40_000)}\r\n\r\n`), 'fetch failed', 'HeadersOverflowError',
    'UND_ERR_HEADERS_OVERFLOW', 'Headers Overflow Error'],
  [(socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'), 'fetch failed',
    'SocketError', 'UND_ERR_SOCKET', 'bad upgrade'],
  [(socket) => socket.end(`${HEAD}content-length: 10\r\n\r\nabc`), 'terminated', 'SocketError', 'UND_ERR_SOCKET', 'other side closed'],
  [(socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`), 'terminated', 'SocketError', 'UND_ERR_SOCKET',
    'other side closed'],
  [(socket) => socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n`), 'terminated', 'HTTPParserError',
    undefined, 'Response does not match the HTTP/1.1 protocol (Invalid character in chunk size)'],
  [(socket) => socket.end(`${HEAD}content-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc`), 'terminated', 'Error', 'Z_DATA_ERROR',
    'incorrect header check'],
];

(async () => {
  for (const [answer, message, name, code, text] of cases) {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => answer(socket));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address();
    const error = await fetch(`http://127.0.0.1:${port}`).then((response) => response.text()).then(assert.fail, (error) => error);
    assert.ok(error instanceof TypeError, error);
    const { cause } = error;
    assert.deepStrictEqual([error.message, cause.constructor.name, cause.name], [message, name, name]);
    assert.strictEqual(cause.message, text);
    // Node 26 has lost the codes of its parser.
    if (code !== undefined) assert.strictEqual(cause.code, code);
    if (name === 'SocketError') {
      assert.deepStrictEqual(Object.keys(cause.socket), [
        'localAddress', 'localPort', 'remoteAddress', 'remotePort', 'remoteFamily', 'timeout', 'bytesWritten', 'bytesRead',
      ]);
      assert.ok(cause.socket.bytesWritten > 0);
    }
    server.close();
  }
})();
