// Answers of a name server that says anything: every query ends, with records or an error.
'use strict';

const assert = require('assert');
const dgram = require('dgram');
const { Resolver } = require('dns').promises;
const { below, bytes, fuzz, mutate, pick } = require('./random.js');

const types = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, NAPTR: 35, CAA: 257 };
const name = Buffer.from([0xc0, 12]);
const data = {
  A: Buffer.from([1, 2, 3, 4]), AAAA: Buffer.alloc(16, 1), TXT: Buffer.from([3, 97, 98, 99]), CNAME: name, NS: name, PTR: name,
  MX: Buffer.concat([Buffer.from([0, 5]), name]), SRV: Buffer.concat([Buffer.alloc(6, 1), name]),
  SOA: Buffer.concat([name, name, Buffer.alloc(20, 1)]), CAA: Buffer.from('\0\x05issuex'),
  NAPTR: Buffer.concat([Buffer.from([0, 1, 0, 2, 1, 115, 1, 120, 1, 121]), name]),
};

const server = dgram.createSocket('udp4');
server.on('message', (query, peer) => {
  const kind = pick(Object.keys(types));
  const answer = Buffer.alloc(12);
  name.copy(answer, 0);
  answer.writeUInt16BE(kind === 'A' && below(2) ? types.A : query.readUInt16BE(query.length - 4), 2);
  answer.writeUInt16BE(1, 4);
  const content = below(3) ? data[kind] : bytes(20);
  answer.writeUInt16BE(content.length, 10);
  const head = Buffer.from(query);
  head[2] |= 0x80;
  head[3] = below(5) ? 0x80 : below(256);
  head.writeUInt16BE(pick([0, 1, 1, 1, 2, 65535]), 6);
  head.writeUInt16BE(0, 10);
  let packet = Buffer.concat([head, answer, content]);
  // The number stays, or the answer would be somebody else's.
  if (below(2)) packet = Buffer.concat([packet.subarray(0, 2), mutate(packet.subarray(2))]);
  server.send(packet, peer.port, peer.address);
});

server.bind(0, '127.0.0.1', () => {
  const resolver = new Resolver({ timeout: 30, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  fuzz(async () => {
    try {
      return typeof await resolver.resolve('example.com', pick(Object.keys(types)));
    } catch (error) {
      assert.match(error.code, /^(E[A-Z]+|ERR_INVALID_ARG_VALUE)$/, String(error.stack));
      return 'refused';
    }
  });
});
