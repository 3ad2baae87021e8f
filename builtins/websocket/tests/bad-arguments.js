'use strict';
const assert = require('node:assert');

assert.throws(() => new WebSocket('nonsense'), { name: 'SyntaxError' });
assert.throws(() => new WebSocket('ftp://localhost'), { name: 'SyntaxError' });
assert.throws(() => new WebSocket('ws://localhost', ['a', 'a']), { name: 'SyntaxError' });
assert.strictEqual(WebSocket.OPEN, 1);
const event = new CloseEvent('close', { code: 1000, reason: 'x', wasClean: true });
assert.deepStrictEqual([event.code, event.reason, event.wasClean], [1000, 'x', true]);
