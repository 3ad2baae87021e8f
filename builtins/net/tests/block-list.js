/** Block lists cover addresses, ranges and subnets of both families. */
'use strict';
const assert = require('node:assert');
const { BlockList } = require('node:net');

const list = new BlockList();
list.addAddress('1.2.3.4');
list.addRange('10.0.0.1', '10.0.0.9');
list.addSubnet('8592:757c:efae:4e45::', 64, 'ipv6');
for (const [address, family, blocked] of [
  ['1.2.3.4', 'ipv4', true], ['1.2.3.5', 'ipv4', false], ['10.0.0.5', 'ipv4', true], ['10.0.0.10', 'ipv4', false],
  ['::ffff:10.0.0.5', 'ipv6', true], ['8592:757c:efae:4e45::9', 'ipv6', true], ['8592:757c:efae:4e46::9', 'ipv6', false],
]) {
  assert.strictEqual(list.check(address, family), blocked, address);
}
assert.throws(() => list.addRange('1.1.1.2', '1.1.1.1'), { code: 'ERR_INVALID_ARG_VALUE' });
