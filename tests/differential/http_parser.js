/**
 * Feeds good, odd and hostile HTTP/1 messages to a server and to a client, and prints what came of each, one line per message: to be
 * compared with node's (see run.py). What two parsers read differently is how requests get smuggled past one of them.
 *
 * Every message goes in one piece, then byte by byte where it is short: the answer must not depend on where reads end.
 */
'use strict';

const http = require('http');
const net = require('net');

const request = (text) => ({ text });
const G = 'GET / HTTP/1.1\r\nHost: a\r\n';
const P = 'POST / HTTP/1.1\r\nHost: a\r\n';
const C = `${P}Transfer-Encoding: chunked\r\n\r\n`;

const requests = [
  // Plain
  `${G}\r\n`,
  'GET / HTTP/1.0\r\n\r\n',
  'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
  `${G}Connection: close\r\n\r\n`,
  `${P}Content-Length: 5\r\n\r\nhello`,
  `${P}Content-Length: 0\r\n\r\n`,
  `${C}5\r\nhello\r\n0\r\n\r\n`,
  `${C}5\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n`,
  `${G}\r\n${G}\r\n`,
  `${P}Content-Length: 1\r\n\r\nx${G}\r\n`,
  'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http://example.org/x?y#z HTTP/1.1\r\nHost: a\r\n\r\n',
  'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n',
  'M-SEARCH * HTTP/1.1\r\nHost: a\r\n\r\n',
  'QUERY / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nq',
  `\r\n${G}\r\n`,
  `\r\n\r\n\r\n${G}\r\n`,
  `\n${G}\r\n`,
  // Request lines
  'GET / HTTP/1.1\nHost: a\n\n',
  'GET / HTTP/1.1\r\nHost: a\n\n',
  'GET / HTTP/1.1\nHost: a\r\n\r\n',
  'GET / HTTP/1.1\r\rHost: a\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\n',
  'GET / HTTP/1.1\r\nHost: a\r\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\rX',
  'GET  / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /  HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.1 \r\nHost: a\r\n\r\n',
  ' GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /\tHTTP/1.1\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.1\r\n Host: a\r\n\r\n',
  'get / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GETX / HTTP/1.1\r\nHost: a\r\n\r\n',
  'G / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GE\0T / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /é HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET x HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /\r\nHost: a\r\n\r\n',
  'GET /\r\n\r\n',
  'GET / HTTP/0.9\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.2\r\nHost: a\r\n\r\n',
  'GET / HTTP/2.0\r\nHost: a\r\n\r\n',
  'GET / HTTP/1\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.1.1\r\nHost: a\r\n\r\n',
  'GET / HTTP/11\r\nHost: a\r\n\r\n',
  'GET / HTTP/01.1\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.a\r\nHost: a\r\n\r\n',
  'GET / http/1.1\r\nHost: a\r\n\r\n',
  'GET / HTTQ/1.1\r\nHost: a\r\n\r\n',
  'GET / RTSP/1.0\r\nHost: a\r\n\r\n',
  'GET / ICE/1.0\r\nHost: a\r\n\r\n',
  'SOURCE / ICE/1.0\r\nHost: a\r\n\r\n',
  'SOURCE / HTTP/1.1\r\nHost: a\r\n\r\n',
  'DESCRIBE / RTSP/1.0\r\nHost: a\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'PRI * HTTP/1.1\r\n\r\n',
  'CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n',
  'CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n',
  'OPTIONS x HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET * HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http:// HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http:/x HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http://u:p@h:1/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http://[::1]/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET //x HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET ?x HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /?a=b?c#d#e HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /<>"`{}|\\^ HTTP/1.1\r\nHost: a\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\0\0\0\0',
  'x',
  '\r\n',
  '',
  // Host
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/1.1\r\nHost:\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  // Header fields
  `${G}X: 1\r\nX: 2\r\n\r\n`,
  `${G}X:1\r\n\r\n`,
  `${G}X:\t 1 \t\r\n\r\n`,
  `${G}X:\r\n\r\n`,
  `${G}X: \r\n\r\n`,
  `${G}X:  a  b  \r\n\r\n`,
  `${G}X : 1\r\n\r\n`,
  `${G} X: 1\r\n\r\n`,
  `${G}X\t: 1\r\n\r\n`,
  `${G}X\r\n\r\n`,
  `${G}X 1\r\n\r\n`,
  `${G}: 1\r\n\r\n`,
  `${G}:\r\n\r\n`,
  `${G}X: 1\r\n 2\r\n\r\n`,
  `${G}X: 1\r\n\t2\r\n\r\n`,
  `${G}X:\r\n 1\r\n\r\n`,
  `${G}X: 1\r\n \r\n\r\n`,
  `${G}X: 1\n\r\n`,
  `${G}X: 1\n 2\r\n\r\n`,
  `${G}X: 1\rY: 2\r\n\r\n`,
  `${G}X: 1\r\r\n\r\n`,
  `${G}X: a\0b\r\n\r\n`,
  `${G}X: a\x01b\r\n\r\n`,
  `${G}X: a\x7fb\r\n\r\n`,
  `${G}X: a\x0bb\r\n\r\n`,
  `${G}X: é\x80\xff\r\n\r\n`,
  `${G}X\0: 1\r\n\r\n`,
  `${G}Xé: 1\r\n\r\n`,
  `${G}X(: 1\r\n\r\n`,
  `${G}X;: 1\r\n\r\n`,
  `${G}X@: 1\r\n\r\n`,
  `${G}X[: 1\r\n\r\n`,
  `${G}"X": 1\r\n\r\n`,
  `${G}!#$%&'*+-.^_\`|~09: 1\r\n\r\n`,
  `${G}${'A'.repeat(300)}: ${'b'.repeat(300)}\r\n\r\n`,
  `${G}X: ${'b'.repeat(20000)}\r\n\r\n`,
  `GET /${'b'.repeat(20000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `${G}${'X: 1\r\n'.repeat(3000)}\r\n`,
  `${G}__proto__: 1\r\nconstructor: 2\r\n\r\n`,
  `${G}Set-Cookie: a\r\nSet-Cookie: b\r\nCookie: c\r\nCookie: d\r\nUser-Agent: e\r\nUser-Agent: f\r\n\r\n`,
  // Content-Length
  `${P}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
  `${P}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
  `${P}Content-Length: 5, 5\r\n\r\nhello`,
  `${P}Content-Length: 5,6\r\n\r\nhello`,
  `${P}Content-Length: +5\r\n\r\nhello`,
  `${P}Content-Length: -5\r\n\r\nhello`,
  `${P}Content-Length: 0x5\r\n\r\nhello`,
  `${P}Content-Length: 5 \r\n\r\nhello`,
  `${P}Content-Length: 5\t\r\n\r\nhello`,
  `${P}Content-Length:  5\r\n\r\nhello`,
  `${P}Content-Length: 5 5\r\n\r\nhello`,
  `${P}Content-Length: 05\r\n\r\nhello`,
  `${P}Content-Length: 000000000000000000000000000005\r\n\r\nhello`,
  `${P}Content-Length: 5.0\r\n\r\nhello`,
  `${P}Content-Length: 5e0\r\n\r\nhello`,
  `${P}Content-Length: five\r\n\r\nhello`,
  `${P}Content-Length:\r\n\r\nhello`,
  `${P}Content-Length: \r\n\r\nhello`,
  `${P}Content-Length: 18446744073709551615\r\n\r\nhello`,
  `${P}Content-Length: 18446744073709551616\r\n\r\nhello`,
  `${P}Content-Length: 9223372036854775808\r\n\r\nhello`,
  `${P}Content-Length: 99999999999999999999999\r\n\r\nhello`,
  `${P}Content-Length: 5\r\n 6\r\n\r\nhello`,
  `${P}Content-Length\r\n: 5\r\n\r\nhello`,
  `${P}Content-Length : 5\r\n\r\nhello`,
  `${P}Content-Length\0: 5\r\n\r\nhello`,
  `${P}Content-Length: 5\0\r\n\r\nhello`,
  `${P}Content_Length: 5\r\n\r\nhello`,
  `${P}Content-Length: 3\r\n\r\nhello`,
  `${P}Content-Length: 9\r\n\r\nhello`,
  `${G}Content-Length: 5\r\n\r\nhello`,
  `HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello`,
  `DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello`,
  `${P}\r\nhello`,
  // Transfer-Encoding
  `${P}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello`,
  `${P}Transfer-Encoding: identity\r\n\r\nhello`,
  `${P}Transfer-Encoding: gzip\r\n\r\nhello`,
  `${P}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked,chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunkedx\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding:\tchunked\t\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: chunked\r\n ,x\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  `${P} Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding\0: chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer_Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding:\r\n\r\n0\r\n\r\n`,
  `${P}Transfer-Encoding: x\r\n\r\n0\r\n\r\n`,
  `${G}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST / HTTP/1.0\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  // Chunks
  `${C}0\r\n\r\n`,
  `${C}5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n`,
  `${C}A\r\n0123456789\r\n0\r\n\r\n`,
  `${C}a\r\n0123456789\r\n0\r\n\r\n`,
  `${C}0A\r\n0123456789\r\n0\r\n\r\n`,
  `${C}00000000000000000000A\r\n0123456789\r\n0\r\n\r\n`,
  `${C}0x5\r\nhello\r\n0\r\n\r\n`,
  `${C}+5\r\nhello\r\n0\r\n\r\n`,
  `${C}-5\r\nhello\r\n0\r\n\r\n`,
  `${C} 5\r\nhello\r\n0\r\n\r\n`,
  `${C}5 \r\nhello\r\n0\r\n\r\n`,
  `${C}5\t\r\nhello\r\n0\r\n\r\n`,
  `${C}5\nhello\r\n0\r\n\r\n`,
  `${C}5\r\nhello\n0\r\n\r\n`,
  `${C}5\r\nhello0\r\n\r\n`,
  `${C}5\r\nhellox\r\n0\r\n\r\n`,
  `${C}5\rXhello\r\n0\r\n\r\n`,
  `${C}5\r\nhello\rX0\r\n\r\n`,
  `${C}5\r\nhello\r\n0\n\n`,
  `${C}5\r\nhello\r\n0\r\n\n`,
  `${C}5\r\nhello\r\n0\r\nX`,
  `${C}5\r\nhello\r\n00\r\n\r\n`,
  `${C}\r\nhello\r\n0\r\n\r\n`,
  `${C}g\r\nhello\r\n0\r\n\r\n`,
  `${C}5g\r\nhello\r\n0\r\n\r\n`,
  `${C}fffffffffffffffff\r\nhello`,
  `${C}10000000000000000\r\nhello`,
  `${C}ffffffffffffffff\r\nhello`,
  `${C}8000000000000000\r\nhello`,
  `${C}5;\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a=b\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a="b"\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a="b;c\\"d"\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a="b\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a="b\nc"\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a=b;c=d\r\nhello\r\n0\r\n\r\n`,
  `${C}5; a=b\r\nhello\r\n0\r\n\r\n`,
  `${C}5 ;a=b\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a =b\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a= b\r\nhello\r\n0\r\n\r\n`,
  `${C}5;=b\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a=\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a\0b\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a\nb\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a\rb\r\nhello\r\n0\r\n\r\n`,
  `${C}5;\x80\r\nhello\r\n0\r\n\r\n`,
  `${C}5;@\r\nhello\r\n0\r\n\r\n`,
  `${C}5;a=@\r\nhello\r\n0\r\n\r\n`,
  `${C}5,a\r\nhello\r\n0\r\n\r\n`,
  `${C}5;${'a'.repeat(20000)}\r\nhello\r\n0\r\n\r\n`,
  `${C}0;a=b\r\n\r\n`,
  // Trailers
  `${C}0\r\nX: 1\r\nY: 2\r\n\r\n`,
  `${C}0\r\nContent-Length: 5\r\n\r\n`,
  `${C}0\r\nTransfer-Encoding: chunked\r\n\r\n`,
  `${C}0\r\nX : 1\r\n\r\n`,
  `${C}0\r\n X: 1\r\n\r\n`,
  `${C}0\r\nX: 1\r\n 2\r\n\r\n`,
  `${C}0\r\nX: a\0\r\n\r\n`,
  `${C}0\r\nX: 1\n\n`,
  `${C}0\r\nX: ${'b'.repeat(20000)}\r\n\r\n`,
  // Smuggling: a second request within the first
  `${P}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG`,
  `${P}Content-Length: 4\r\n\r\n12\r\nGPOST / HTTP/1.1\r\nX: 1\r\n\r\n0\r\n\r\n`,
  `${C}0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`,
  `${G}Content-Length: 0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`,
  `${G}Connection: close\r\n\r\nGET /after-close HTTP/1.1\r\nHost: a\r\n\r\n`,
  `${G}X: 1\r\n\r\nx`,
  `${G}\r\n\0`,
  // Connection and upgrade
  `${G}Connection: Upgrade\r\nUpgrade: x\r\n\r\nrest`,
  `${G}Upgrade: x\r\n\r\nrest`,
  `${G}Connection: Upgrade\r\n\r\n`,
  `${P}Connection: Upgrade\r\nUpgrade: x\r\nContent-Length: 4\r\n\r\nbody`,
  `${G}Connection: keep-alive, close\r\n\r\n${G}\r\n`,
  `${G}Connection: close, keep-alive\r\n\r\n${G}\r\n`,
  `${G}Connection: keep-alive,Upgrade\r\nUpgrade: x\r\n\r\n`,
  `${G}Connection:\r\n\r\n`,
  `${G}Connection: x\r\nConnection: close\r\n\r\n${G}\r\n`,
  `${G}Proxy-Connection: close\r\n\r\n${G}\r\n`,
  `${P}Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx`,
  `${P}Expect: x\r\nContent-Length: 1\r\n\r\nx`,
  // Cut off
  'GET',
  'GET / HTT',
  'GET / HTTP/1.1',
  'GET / HTTP/1.1\r\nHost',
  `${G}`,
  `${P}Content-Length: 5\r\n\r\nhel`,
  `${C}5\r\nhel`,
  `${C}5\r\nhello\r\n`,
  `${C}5\r\nhello\r\n0\r\n`,
  `${C}5`,
].map(request);

const S = 'HTTP/1.1 200 OK\r\n';
const responses = [
  `${S}\r\n`,
  `${S}Content-Length: 2\r\n\r\nhi`,
  `${S}Content-Length: 2\r\n\r\nhi more`,
  `${S}Content-Length: 5\r\n\r\nhi`,
  `${S}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
  `${S}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: 1\r\n\r\n`,
  `${S}Transfer-Encoding: chunked\r\n\r\n2\r\nhi`,
  `${S}Transfer-Encoding: gzip\r\n\r\nhi`,
  `${S}Transfer-Encoding: chunked, gzip\r\n\r\nhi`,
  `${S}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
  `${S}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
  `${S}Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi`,
  `${S}Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi`,
  `${S}Content-Length: x\r\n\r\nhi`,
  `${S}Connection: close\r\n\r\nhi`,
  `${S}\r\nhi`,
  'HTTP/1.0 200 OK\r\n\r\nhi',
  'HTTP/1.1 200\r\n\r\nhi',
  'HTTP/1.1 200 \r\n\r\nhi',
  'HTTP/1.1  200 OK\r\n\r\nhi',
  'HTTP/1.1 2000 OK\r\n\r\nhi',
  'HTTP/1.1 20 OK\r\n\r\nhi',
  'HTTP/1.1 000 OK\r\n\r\nhi',
  'HTTP/1.1 099 OK\r\n\r\nhi',
  'HTTP/1.1 999 OK\r\n\r\nhi',
  'HTTP/1.1 abc OK\r\n\r\nhi',
  'HTTP/1.1 200OK\r\n\r\nhi',
  'HTTP/1.1 200 O\0K\r\n\r\nhi',
  'HTTP/1.1 200 Oé\x80K\r\n\r\nhi',
  'HTTP/1.1 200 OK\rX\r\n\r\nhi',
  'HTTP/1.1 200 OK\n\nhi',
  'HTTP/2.0 200 OK\r\n\r\nhi',
  'HTTP/1.2 200 OK\r\n\r\nhi',
  'HTTP/0.9 200 OK\r\n\r\nhi',
  'http/1.1 200 OK\r\n\r\nhi',
  'HTTPS/1.1 200 OK\r\n\r\nhi',
  'ICY 200 OK\r\n\r\nhi',
  'GET / HTTP/1.1\r\n\r\n',
  `\r\n${S}\r\n`,
  ` ${S}\r\n`,
  'x',
  '',
  `${S}X : 1\r\n\r\n`,
  `${S}X: 1\r\n 2\r\n\r\n`,
  `${S}X: a\0b\r\n\r\n`,
  `${S}X: a\x01b\r\n\r\n`,
  `${S}X: é\r\n\r\n`,
  `${S}X\r\n\r\n`,
  `${S}X: 1\rY: 2\r\n\r\n`,
  `${S}X: 1\n\r\n`,
  `${S}X: ${'b'.repeat(20000)}\r\n\r\n`,
  'HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nhi',
  'HTTP/1.1 304 No\r\nContent-Length: 2\r\n\r\nhi',
  'HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
  `HTTP/1.1 100 Continue\r\n\r\n${S}Content-Length: 2\r\n\r\nhi`,
  `HTTP/1.1 103 Early\r\nLink: x\r\n\r\n${S}Content-Length: 2\r\n\r\nhi`,
  'HTTP/1.1 101 Switch\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nrest',
  'HTTP/1.1 101 Switch\r\n\r\nrest',
  `${S}Connection: Upgrade\r\nUpgrade: x\r\n\r\nrest`,
  `${S}Set-Cookie: a\r\nSet-Cookie: b\r\nX: 1\r\nX: 2\r\nContent-Length: 0\r\nAge: 1\r\nAge: 2\r\n\r\n`,
  `${S}Transfer-Encoding: chunked\r\n\r\n2;x\r\nhi\r\n0\r\n\r\n`,
  `${S}Transfer-Encoding: chunked\r\n\r\nz\r\nhi\r\n0\r\n\r\n`,
  `${S}Transfer-Encoding: chunked\r\n\r\n2\r\nhix\r\n0\r\n\r\n`,
].map(request);

/** Messages longer than this go in one piece only: a read per byte would take too long. */
const SPLIT_MAX = 400;

const show = (value) => JSON.stringify(value).replace(/[\x7f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const shorten = (text) => (text.length > 200 ? `${text.slice(0, 120)}...${text.length}` : text);
const describe = (error) => `${error.code} ${error.message}`;

/** Writes `text` in one piece, or byte by byte, each a read of its own. */
function send(socket, text, split, after) {
  const bytes = Buffer.from(text, 'latin1');
  if (!split) {
    socket.write(bytes);
    after();
    return;
  }
  let at = 0;
  (function next() {
    if (at === bytes.length || socket.destroyed || socket.writableEnded) {
      after();
      return;
    }
    socket.write(bytes.subarray(at, ++at), () => setImmediate(next));
  })();
}

/** What a server makes of a connection that sends `text` and then no more. */
function serve(text, options, split) {
  return new Promise((resolve) => {
    const events = [];
    const server = http.createServer(options, (req, res) => {
      const seen = [req.method, req.url, req.httpVersion, req.rawHeaders.length > 40 ? req.rawHeaders.length : req.rawHeaders];
      const chunks = [];
      req.on('data', (chunk) => chunks.push(chunk));
      req.on('error', (error) => events.push(`aborted ${describe(error)}`));
      req.on('end', () => {
        const body = Buffer.concat(chunks).toString('latin1');
        events.push(`request ${shorten(show([...seen, body, req.rawTrailers.map(shorten)]))}`);
        res.removeHeader('date');
        res.end();
      });
    });
    server.on('clientError', (error, socket) => {
      events.push(`clientError ${describe(error)}`);
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      else socket.destroy();
    });
    server.on('upgrade', (req, socket, head) => {
      events.push(`upgrade ${show([req.method, req.url, req.rawHeaders, split ? '' : head.toString('latin1')])}`);
      socket.on('error', () => {}).resume();
      socket.end('HTTP/1.1 101 X\r\n\r\n');
    });
    server.on('connect', (req, socket, head) => {
      events.push(`connect ${show([req.method, req.url, req.rawHeaders, split ? '' : head.toString('latin1')])}`);
      socket.on('error', () => {}).resume();
      socket.end('HTTP/1.1 200 X\r\n\r\n');
    });
    server.on('checkExpectation', (req, res) => {
      events.push(`expectation ${show(req.headers.expect)}`);
      res.writeHead(417).end();
    });
    server.listen(0, '127.0.0.1', () => {
      const client = net.connect(server.address().port, '127.0.0.1');
      const got = [];
      client.on('connect', () => send(client, text, split, () => client.end()));
      client.on('data', (chunk) => got.push(chunk));
      client.on('error', () => {});
      client.on('close', () => {
        server.closeAllConnections();
        const answers = Buffer.concat(got).toString('latin1').replace(/Date: [^\r]*\r\n/g, '').match(/HTTP\/1\.\d \d+[^\r]*/g) ?? [];
        server.close(() => resolve(`${events.join('; ')} => ${answers.join(' + ')}`));
      });
    });
  });
}

/** What a client makes of a server that answers `text` and ends. */
function ask(text, options, split) {
  return new Promise((resolve) => {
    const events = [];
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => send(socket, text, split, () => socket.end()));
    });
    server.listen(0, '127.0.0.1', () => {
      const req = http.get({ ...options, port: server.address().port, host: '127.0.0.1', agent: false });
      req.on('information', (info) => events.push(`information ${info.statusCode}`));
      req.on('continue', () => events.push('continue'));
      req.on('upgrade', (res, socket, head) => {
        events.push(`upgrade ${show([res.statusCode, res.rawHeaders, split ? '' : head.toString('latin1')])}`);
        socket.destroy();
      });
      req.on('response', (res) => {
        const chunks = [];
        res.on('data', (chunk) => chunks.push(chunk));
        res.on('error', (error) => events.push(`response error ${describe(error)}`));
        res.on('end', () => {
          events.push(`response ${shorten(show([res.statusCode, res.statusMessage, res.httpVersion, res.rawHeaders,
            Buffer.concat(chunks).toString('latin1'), res.rawTrailers]))}`);
        });
        res.on('close', () => events.push(`complete ${res.complete}`));
      });
      req.on('error', (error) => events.push(`error ${describe(error)}`));
      req.on('close', () => server.close(() => resolve(events.join('; '))));
    });
  });
}

async function main() {
  for (const lenient of [false, true]) {
    for (const [side, run, list] of [['request', serve, requests], ['response', ask, responses]]) {
      for (const { text } of list) {
        for (const split of [false, true]) {
          if (split && (lenient || text.length > SPLIT_MAX)) continue;
          const how = `${side}${lenient ? ' lenient' : ''}${split ? ' split' : ''}`;
          console.log(`${how} ${show(shorten(text))}  ->  ${await run(text, { insecureHTTPParser: lenient }, split)}`);
        }
      }
    }
  }
}

main();
