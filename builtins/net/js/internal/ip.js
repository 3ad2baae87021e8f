/** Is it an address? Node docs: net.isIP. */
'use strict';

const { ipKind } = binding('net');

function isIP(input) {
  return ipKind(typeof input === 'string' ? input : `${input}`);
}

function isIPv4(input) {
  return isIP(input) === 4;
}

function isIPv6(input) {
  return isIP(input) === 6;
}

module.exports = { isIP, isIPv4, isIPv6 };
