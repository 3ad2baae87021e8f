/** How streams end: with the last data, by cancelling, with an error; and sessions over streams of sessions. Node docs: http2. */
'use strict';
const assert = require('node:assert');
const { once } = require('node:events');
const http2 = require('node:http2');
const { PerformanceObserver } = require('node:perf_hooks');

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR } = http2.constants;
process.on('warning', (warning) => assert.fail(warning));

async function start(onStream) {
  const server = http2.createServer();
  server.on('stream', onStream);
  server.listen(0);
  await once(server, 'listening');
  return [server, http2.connect(`http://localhost:${server.address().port}`)];
}

async function stop([server, client]) {
  client.close();
  server.close();
  await once(server, 'close');
}

function ends(stream) {
  return new Promise((resolve) => {
    const told = [];
    stream.setEncoding('utf8');
    stream.on('data', (text) => told.push(text));
    stream.on('error', (error) => told.push(error.code));
    stream.on('close', () => resolve([told, stream.rstCode]));
  });
}

(async () => {
  {
    // More requests before the connection stands than listeners are usual.
    const pair = await start((stream) => stream.respond({}, { endStream: true }));
    await Promise.all(Array.from({ length: 30 }, () => once(pair[1].request(), 'response')));
    assert.strictEqual(pair[1].listenerCount('connect'), 0);
    await stop(pair);
  }
  {
    const pair = await start((stream, headers) => {
      stream.on('error', () => {});
      stream.respond();
      stream.write('abc');
      if (headers[':path'] === '/cancel') stream.close(NGHTTP2_CANCEL);
      if (headers[':path'] === '/error') stream.close(NGHTTP2_INTERNAL_ERROR);
      if (headers[':path'] === '/destroy') stream.destroy(new Error('no'));
      if (headers[':path'] === '/end') stream.end('def');
    });
    const go = (path) => ends(pair[1].request({ ':path': path }));
    assert.deepStrictEqual(await go('/cancel'), [['abc'], 0]); // The data was its end.
    assert.deepStrictEqual(await go('/error'), [['abc', 'ERR_HTTP2_STREAM_ERROR'], NGHTTP2_INTERNAL_ERROR]);
    assert.deepStrictEqual(await go('/destroy'), [['abc', 'ERR_HTTP2_STREAM_ERROR'], NGHTTP2_INTERNAL_ERROR]);
    const [told, code] = await go('/end');
    assert.deepStrictEqual([told.join(''), code], ['abcdef', 0]);
    await stop(pair);
  }
  {
    // The end goes with the last data: SETTINGS, its answer, HEADERS, DATA.
    const entries = [];
    const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
    observer.observe({ type: 'http2' });
    const pair = await start((stream) => {
      stream.respond();
      stream.write('OK');
      stream.end();
    });
    const request = pair[1].request();
    request.resume();
    await once(request, 'close');
    await stop(pair);
    const ofClient = () => entries.find(({ name, detail }) => name === 'Http2Session' && detail.type === 'client');
    while (ofClient() === undefined) await new Promise(setImmediate);
    assert.strictEqual(ofClient().detail.framesReceived, 4);
    observer.disconnect();
  }
  {
    // A tunnel in a stream, with a session of its own.
    const server = http2.createServer((request, response) => response.end(`inner ${request.url}`));
    server.on('connect', (request, response) => {
      response.writeHead(200);
      server.emit('connection', response.stream);
    });
    server.listen(0);
    await once(server, 'listening');
    const outer = http2.connect(`http://localhost:${server.address().port}`);
    const tunnel = outer.request({ ':method': 'CONNECT', ':authority': 'example.com:80' });
    await once(tunnel, 'response');
    const inner = http2.connect('http://example.com', { createConnection: () => tunnel });
    assert.deepStrictEqual(await ends(inner.request({ ':path': '/x' })), [['inner /x'], 0]);
    inner.close();
    await stop([server, outer]);
  }
})();
