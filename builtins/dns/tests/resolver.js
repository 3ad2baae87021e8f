/** A resolver asks the server it was given, and reads compressed names. */
'use strict';
const assert = require('node:assert');
const dgram = require('node:dgram');
const { Resolver } = require('node:dns').promises;

const server = dgram.createSocket('udp4', (query, { address, port }) => {
  const end = query.indexOf(0, 12) + 5;
  const head = Buffer.from(query.subarray(0, end));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 6);
  head.writeUInt32BE(0, 8);
  // The name is a pointer to the question's; its exchange "mail." and that pointer again.
  const data = Buffer.from([0, 10, 4, ...Buffer.from('mail'), 0xc0, 12]);
  const record = Buffer.from([0xc0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, data.length]);
  server.send([head, record, data], port, address);
});
server.bind(0, '127.0.0.1', async () => {
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  assert.deepStrictEqual(await resolver.resolveMx('example.test'), [{ exchange: 'mail.example.test', priority: 10, type: 'MX' }]);
  await assert.rejects(resolver.resolve4('example.test'), { code: 'ENODATA', syscall: 'queryA', hostname: 'example.test' });
  server.close();
});
