/** Sessions are resumed as often as a program likes, by both versions, and not with other keys. Node docs: tls, "Session resumption". */
'use strict';
const assert = require('node:assert');
const { once } = require('node:events');
const tls = require('node:tls');
const { ca, ec } = require('./keys.json');

async function visit(server, session) {
  const socket = tls.connect({ port: server.address().port, ca, servername: 'localhost', session });
  const sessions = [];
  socket.on('session', (bytes) => sessions.push(bytes));
  socket.resume();
  await once(socket, 'secureConnect');
  const reused = socket.isSessionReused();
  const ticket = socket.getTLSTicket();
  await once(socket, 'close');
  return { reused, sessions, ticket };
}

(async () => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    const server = tls.createServer({ ...ec, maxVersion }, (socket) => socket.end('x'));
    server.listen(0);
    await once(server, 'listening');
    const first = await visit(server);
    assert.strictEqual(first.reused, false);
    assert.ok(first.sessions.length > 0);
    const [session] = first.sessions;
    const tickets = new Set();
    for (let i = 0; i < 4; i++) {
      const again = await visit(server, session);
      assert.strictEqual(again.reused, true, `${maxVersion}, ${i}`);
      tickets.add(again.ticket.toString('hex'));
    }
    assert.strictEqual(tickets.size, 1);
    const keys = server.getTicketKeys();
    server.setTicketKeys(Buffer.alloc(48, 1));
    assert.strictEqual((await visit(server, session)).reused, false);
    server.setTicketKeys(keys);
    assert.strictEqual((await visit(server, session)).reused, true);
    server.close();
  }
})();
