// Requests and responses of the compatibility API; wrong headers are refused.
'use strict';
const assert = require('assert');
const http2 = require('http2');

const server = http2.createServer((req, res) => {
  assert.strictEqual(req.httpVersion, '2.0');
  assert.throws(() => res.setHeader(':status', 1), { code: 'ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED' });
  assert.throws(() => { res.statusCode = 99; }, { code: 'ERR_HTTP2_STATUS_INVALID' });
  res.setHeader('Content-Type', 'text/plain');
  res.statusCode = 201;
  let body = '';
  req.setEncoding('utf8').on('data', (chunk) => { body += chunk; });
  req.on('end', () => res.end(`${req.method} ${req.url} ${body}`));
});
server.listen(0, () => {
  const client = http2.connect(`http://localhost:${server.address().port}`);
  const req = client.request({ ':method': 'PUT', ':path': '/a' });
  req.setEncoding('utf8');
  let status;
  let text = '';
  req.on('response', (headers) => { status = headers[':status']; });
  req.on('data', (chunk) => { text += chunk; });
  req.on('close', () => {
    assert.strictEqual(status, 201);
    assert.strictEqual(text, 'PUT /a body');
    client.close();
    server.close();
  });
  req.end('body');
});
