'use strict';
// A dispatcher gets the request instead of the network: one that is given, or undici's global one. `integrity` is checked.
const assert = require('node:assert');
const { createHash } = require('node:crypto');
const http = require('node:http');

const asked = [];
const dispatcher = {
  dispatch(options, handler) {
    asked.push([options.origin, options.path, options.method, options.headers['user-agent'], typeof options.headers.host]);
    (async () => {
      let body = '';
      if (options.body !== null) for await (const chunk of options.body) body += Buffer.from(chunk);
      const controller = { abort() {}, pause() {}, resume() {}, rawHeaders: [Buffer.from('X'), Buffer.from('y')] };
      handler.onRequestStart(controller, {});
      handler.onResponseStart(controller, 201, {}, 'Made');
      handler.onResponseData(controller, Buffer.from(`got ${body}`));
      handler.onResponseEnd(controller, {});
    })();
    return true;
  },
};
const failing = {
  dispatch(options, handler) {
    handler.onRequestStart({ abort() {} }, {});
    handler.onResponseError({}, new Error('no'));
  },
};

async function main() {
  const response = await fetch('http://a.test/b?c', { dispatcher, method: 'POST', body: 'hi' });
  assert.deepStrictEqual([response.status, response.statusText, response.headers.get('x'), await response.text()], [201, 'Made', 'y', 'got hi']);
  assert.deepStrictEqual(asked, [['http://a.test', '/b?c', 'POST', 'node', 'undefined']]);
  await assert.rejects(fetch('http://a.test/', { dispatcher: failing }), (error) => error.message === 'fetch failed' && error.cause.message === 'no');
  await assert.rejects(fetch('http://a.test/', { dispatcher: {} }), TypeError);
  globalThis[Symbol.for('undici.globalDispatcher.2')] = dispatcher;
  assert.strictEqual((await fetch('http://a.test/')).status, 201);
}

async function integrity() {
  const server = http.createServer((req, res) => res.end('x'));
  await new Promise((resolve) => server.listen(0, resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const digest = (algorithm, text) => `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`;
  const fetching = async (value) => (await fetch(url, { integrity: value })).text();
  assert.strictEqual(await fetching(digest('sha256', 'x')), 'x');
  assert.strictEqual(await fetching('md5-unknown'), 'x');
  assert.strictEqual(await fetching(`${digest('sha256', 'y')} ${digest('sha512', 'x')}`), 'x');
  await assert.rejects(fetching(digest('sha384', 'y')), { name: 'TypeError', message: 'fetch failed' });
  server.close();
  server.closeAllConnections();
}

integrity().then(main);
