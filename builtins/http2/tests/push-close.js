// A pushed stream ends on the server, too, when its body is sent; a session that is over refuses requests by an event.
'use strict';
const assert = require('node:assert');
const http2 = require('node:http2');

const seen = [];
const server = http2.createServer().on('stream', (stream) => {
  stream.pushStream({ ':path': '/pushed' }, (error, pushed) => {
    assert.ifError(error);
    for (const name of ['end', 'finish', 'close']) pushed.on(name, () => seen.push(name));
    pushed.respond();
    pushed.end('pushed');
  });
  stream.respond();
  stream.end('main');
});
server.listen(0, '127.0.0.1', () => {
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
  client.on('stream', (pushed) => pushed.resume());
  const req = client.request();
  req.resume();
  req.on('close', () => setImmediate(() => {
    assert.deepStrictEqual(seen, ['end', 'finish', 'close']);
    client.close(() => {
      client.request().on('error', (error) => {
        assert.strictEqual(error.code, 'ERR_HTTP2_INVALID_SESSION');
        server.close();
      });
    });
  }));
});
