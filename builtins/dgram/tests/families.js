// A socket of one family knows no addresses of the other: EINVAL, as libuv has it.
'use strict';
const assert = require('node:assert');
const dgram = require('node:dgram');

const refused = dgram.createSocket('udp4');
refused.on('error', (error) => {
  assert.deepStrictEqual([error.code, error.syscall, error.address], ['EINVAL', 'bind', '::1']);
  refused.close();
  const socket = dgram.createSocket('udp4');
  socket.send('x', 12345, '::1', (failure) => {
    assert.deepStrictEqual([failure.code, failure.syscall], ['EINVAL', 'send']);
    socket.close();
  });
});
refused.bind(0, '::1');
