'use strict';
// `httpValidation`: what values of headers may have, sent and received.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

for (const create of [http.createServer, (options) => http.request({ port: 1, ...options })]) {
  assert.throws(() => create({ httpValidation: 'x' }), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => create({ httpValidation: 'relaxed', insecureHTTPParser: true }), { code: 'ERR_INVALID_ARG_VALUE' });
}

function exchange(httpValidation, bytes, done) {
  const server = http.createServer({ httpValidation }, (req, res) => {
    let set = true;
    try {
      res.setHeader('x', 'a\x01b');
    } catch (error) {
      assert.strictEqual(error.code, 'ERR_INVALID_CHAR');
      set = false;
    }
    assert.throws(() => res.setHeader('y', 'a\nb'), { code: 'ERR_INVALID_CHAR' });
    assert.throws(() => res.appendHeader('y', '\u0100'), { code: 'ERR_INVALID_CHAR' });
    res.removeHeader('x');
    res.end(`${req.headers.x} ${set}`);
  });
  server.on('clientError', (error, socket) => {
    socket.end();
    done(error.code);
    server.close();
  });
  server.listen(0, () => {
    const socket = net.connect(server.address().port);
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ${bytes}\r\n\r\n`, 'latin1');
    let text = '';
    socket.setEncoding('latin1').on('data', (part) => { text += part; });
    socket.on('end', () => {
      if (text === '') return;
      done(text.split('\r\n\r\n')[1].split('\r\n').find((line) => line.includes(' ')) ?? text);
      server.close();
    });
  });
}

const cases = [
  [undefined, 'a\x01b', 'HPE_INVALID_HEADER_TOKEN'],
  ['strict', 'a\x01b', 'HPE_INVALID_HEADER_TOKEN'],
  ['relaxed', 'a\x01b', 'a\x01b true'],
  ['insecure', 'a\x01b', 'a\x01b true'],
  ['strict', 'ab', 'ab false'],
  ['relaxed', 'a\0b', 'HPE_INVALID_HEADER_TOKEN'],
  ['relaxed', 'a\rb', 'HPE_LF_EXPECTED'],
];
let done = 0;
for (const [validation, bytes, expected] of cases) {
  exchange(validation, bytes, (actual) => {
    assert.strictEqual(actual, expected, `${validation} ${JSON.stringify(bytes)}`);
    done++;
  });
}
process.on('exit', () => assert.strictEqual(done, cases.length));
