'use strict';
// A request that waits for the socket of another, or uses it again, goes on in its own context.
const assert = require('node:assert');
const { AsyncLocalStorage, createHook, executionAsyncId, executionAsyncResource } = require('node:async_hooks');
const http = require('node:http');

const storage = new AsyncLocalStorage();
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const server = http.createServer((req, res) => res.end(req.url));
const seen = [];

function get(name, done) {
  storage.run(name, () => {
    const req = http.get({ agent, port: server.address().port, path: `/${name}` }, (res) => {
      seen.push(storage.getStore());
      res.on('data', () => seen.push(storage.getStore()));
      res.on('end', () => {
        seen.push(storage.getStore());
        done?.();
      });
    });
    req.on('close', () => seen.push(storage.getStore()));
  });
}

function hooked(done) {
  const resources = new Map();
  const hook = createHook({ init: (id, type, trigger, resource) => resources.set(id, { type, resource }) }).enable();
  get('d', () => {
    assert.strictEqual(executionAsyncResource(), resources.get(executionAsyncId())?.resource);
    const types = [...resources.values()].map(({ type }) => type);
    assert.ok(types.includes('HTTPCLIENTREQUEST'));
    // The kept socket is a resource of its own each time.
    assert.ok(types.includes('TCPWRAP'));
    hook.disable();
    done();
  });
}

server.listen(0, () => {
  get('a');
  get('b', () => setImmediate(get, 'c', () => setImmediate(hooked, () => {
    server.close();
    agent.destroy();
    setImmediate(() => assert.deepStrictEqual(seen.join('').replace(/(.)\1*/g, '$1'), 'abcd'));
  })));
});
