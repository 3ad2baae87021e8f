'use strict';
// Servers and clients of this process, over its own sockets, for a number of requests: what train_engine.sh runs of HTTP.
const http = require('node:http');
const net = require('node:net');

const REQUESTS = 30000;
const PARALLEL = 50;
const body = JSON.stringify({ name: 'anode', items: Array.from({ length: 20 }, (_, id) => ({ id, label: `item ${id}`, tags: ['a', 'b'] })) });

const server = http.createServer((req, res) => {
  if (req.method === 'GET') {
    res.writeHead(200, { 'Content-Type': 'text/plain' });
    res.end('Hello World\n');
    return;
  }
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk));
  req.on('end', () => {
    const value = JSON.parse(Buffer.concat(chunks).toString());
    value.items.reverse();
    res.setHeader('Content-Type', 'application/json');
    res.end(JSON.stringify(value));
  });
});

// A client that costs little, so that the server is what counts: a raw socket that asks again for each answer.
function raw(port) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    let left = REQUESTS / PARALLEL;
    const ask = () => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: training\r\nAccept: */*\r\n\r\n');
    socket.on('connect', ask).on('error', reject).on('data', () => {
      if (--left > 0) ask();
      else socket.end();
    }).on('close', resolve);
  });
}

async function post(port, agent) {
  for (let i = 0; i < REQUESTS / PARALLEL / 5; i++) {
    await new Promise((resolve, reject) => {
      const req = http.request({ port, host: '127.0.0.1', method: 'POST', agent, headers: { 'Content-Type': 'application/json' } }, (res) => {
        res.setEncoding('utf8');
        let text = '';
        res.on('data', (chunk) => { text += chunk; }).on('end', () => resolve(JSON.parse(text)));
      });
      req.on('error', reject);
      req.end(body);
    });
  }
}

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const agent = new http.Agent({ keepAlive: true });
  const each = (work) => Promise.all(Array.from({ length: PARALLEL }, work));
  await each(() => raw(port));
  await each(() => post(port, agent));
  for (let i = 0; i < 2000; i++) await (await fetch(`http://127.0.0.1:${port}/`)).text();
  agent.destroy();
  server.close();
});
