// A body goes both ways, larger than the windows, and a session ends when its streams have.
'use strict';
const assert = require('assert');
const http2 = require('http2');

const SIZE = 1 << 20;
const server = http2.createServer();
server.on('stream', (stream, headers) => {
  assert.strictEqual(headers[':path'], '/echo');
  stream.respond({ ':status': 200, 'x-kind': 'echo' });
  stream.pipe(stream);
});
server.listen(0, () => {
  const client = http2.connect(`http://localhost:${server.address().port}`);
  const req = client.request({ ':method': 'POST', ':path': '/echo' });
  let got = 0;
  let order = '';
  req.on('response', (headers) => {
    order += 'response ';
    assert.strictEqual(headers[':status'], 200);
    assert.strictEqual(headers['x-kind'], 'echo');
  });
  req.once('data', () => { order += 'data '; });
  req.on('data', (chunk) => {
    got += chunk.length;
  });
  req.on('end', () => {
    assert.strictEqual(got, SIZE);
    assert.strictEqual(order, 'response data ');
    client.close(() => server.close());
  });
  req.end(Buffer.alloc(SIZE, 'x'));
});
process.on('exit', () => assert.ok(server.listening === false));
