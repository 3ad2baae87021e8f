// Nanoseconds per turn of each queue: the whole run divided by the number of callbacks.
const { performance } = require('perf_hooks');
const EventEmitter = require('events');

const N = 200000;
const report = (name, begin, count) => console.log(`${name}\t${((performance.now() - begin) * 1e6 / count).toFixed(1)}`);

function repeat(name, schedule) {
  return new Promise((done) => {
    let left = N;
    const begin = performance.now();
    const step = () => {
      if (--left === 0) {
        report(name, begin, N);
        done();
      } else {
        schedule(step);
      }
    };
    schedule(step);
  });
}

async function nothing() {}

(async () => {
  await repeat('setImmediate', setImmediate);
  await repeat('process.nextTick', process.nextTick);
  await repeat('queueMicrotask', queueMicrotask);
  await repeat('promise.then', (step) => Promise.resolve().then(step));
  let begin = performance.now();
  for (let i = 0; i < N; i++) await i;
  report('await value', begin, N);
  begin = performance.now();
  for (let i = 0; i < N; i++) await nothing();
  report('await async function', begin, N);
  begin = performance.now();
  await Promise.all(Array.from({ length: N }, async () => { await null; }));
  report('Promise.all of N', begin, N);
  const emitter = new EventEmitter();
  let sum = 0;
  emitter.on('x', (a, b) => { sum += a + b; });
  begin = performance.now();
  for (let i = 0; i < 5e6; i++) emitter.emit('x', i, 1);
  report('emitter.emit, 2 arguments', begin, 5e6);
  begin = performance.now();
  for (let i = 0; i < 2e5; i++) process.hrtime.bigint();
  report('call into the runtime', begin, 2e5);
})();
