// QuotaExceededError (WebIDL) and ErrorEvent (HTML), and the named export Console.
import assert from 'node:assert';
import { Console } from 'node:console';

assert.strictEqual(Console, console.Console);
assert.throws(() => crypto.getRandomValues(new Uint8Array(65537)), (error) => error instanceof QuotaExceededError && error.code === 22);
const error = new QuotaExceededError('full', { quota: 2, requested: 3 });
assert.deepStrictEqual([error.name, error.quota, error.requested, `${error}`], ['QuotaExceededError', 2, 3, 'QuotaExceededError: full']);
assert(error instanceof DOMException);
assert.throws(() => new QuotaExceededError('', { quota: 3, requested: 2 }), RangeError);
assert.throws(() => new QuotaExceededError('', { quota: -1 }), RangeError);
const event = new ErrorEvent('error', { message: 1, filename: 'a.js', lineno: '3', error });
assert.deepStrictEqual([event.message, event.filename, event.lineno, event.colno, event.error], ['1', 'a.js', 3, 0, error]);
assert.throws(() => new ErrorEvent(), TypeError);
