// What is written in one turn goes out as one chunk; a later turn's is a chunk of its own. Node docs: response.write, cork.
'use strict';
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const programs = {
  ticks(res) { res.write('a'); process.nextTick(() => { res.write('b'); res.end('c'); }); },
  immediate(res) { res.write('a'); res.write('A'); setImmediate(() => { res.write('b'); res.write('B'); res.end('c'); }); },
  mixed(res) { res.write('é', 'latin1'); res.write(Buffer.from('é')); res.write('é'); res.write('6162', 'hex'); res.end('z'); },
  empty(res) { res.write(''); res.write('a'); res.end(); },
  trailers(res) { res.setHeader('Trailer', 't'); res.write('a'); res.addTrailers({ t: '1' }); res.write('b'); res.end(); },
  cork(res) { res.cork(); res.write('a'); res.write('b'); setImmediate(() => { res.write('c'); res.uncork(); res.write('d'); res.end('e'); }); },
  // More than the buffer takes, in characters of several bytes: 'drain' comes all the same.
  drain(res) {
    let rounds = 0;
    const more = () => {
      if (rounds++ === 3) {
        res.end();
        return;
      }
      while (res.write('é'.repeat(5000)));
      res.once('drain', more);
    };
    more();
  },
};
const wanted = {
  ticks: '1\r\na\r\n2\r\nbc\r\n0\r\n\r\n',
  immediate: '2\r\naA\r\n3\r\nbBc\r\n0\r\n\r\n',
  mixed: '8\r\n\xe9\xc3\xa9\xc3\xa9abz\r\n0\r\n\r\n',
  empty: '1\r\na\r\n0\r\n\r\n',
  trailers: '2\r\nab\r\n0\r\nt: 1\r\n\r\n',
  cork: '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
};

function ask(port, name) {
  return new Promise((resolve, reject) => {
    const client = net.connect(port, '127.0.0.1');
    let text = '';
    client.setEncoding('latin1').on('data', (data) => { text += data; });
    client.on('error', reject).on('close', () => resolve(text.slice(text.indexOf('\r\n\r\n') + 4)));
    client.write(`GET /${name} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  });
}

const server = http.createServer((req, res) => programs[req.url.slice(1)](res)).listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  for (const name of Object.keys(wanted)) assert.strictEqual(await ask(port, name), wanted[name], name);
  assert.ok((await ask(port, 'drain')).endsWith('0\r\n\r\n'));
  server.close();
});
