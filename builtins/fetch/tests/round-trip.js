'use strict';
// What fetch sends arrives, and redirects are followed.
const assert = require('node:assert');
const http = require('node:http');

const server = http.createServer((req, res) => {
  if (req.url === '/from') {
    res.writeHead(302, { location: '/to' });
    res.end();
    return;
  }
  let body = '';
  req.on('data', (chunk) => { body += chunk; });
  req.on('end', () => res.end(JSON.stringify({ method: req.method, url: req.url, body })));
});
server.listen(0, async () => {
  const base = `http://localhost:${server.address().port}`;
  const posted = await fetch(`${base}/x`, { method: 'POST', body: 'hello' });
  assert.deepStrictEqual(await posted.json(), { method: 'POST', url: '/x', body: 'hello' });
  const redirected = await fetch(`${base}/from`);
  assert.strictEqual(redirected.redirected, true);
  assert.strictEqual((await redirected.json()).url, '/to');
  await assert.rejects(fetch('http://localhost:1/'), { name: 'TypeError', message: 'fetch failed' });
  server.close();
  server.closeAllConnections();
});
