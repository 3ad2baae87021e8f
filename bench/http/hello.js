'use strict';
// A response of twelve bytes: what a request costs at the least.
require('http').createServer((req, res) => {
  res.writeHead(200, { 'Content-Type': 'text/plain' });
  res.end('Hello World\n');
}).listen(Number(process.argv[2]), '127.0.0.1');
