// ES modules: live bindings, cycles, CommonJS named exports, JSON, import.meta, top-level await.
import { count, increment } from './counter.mjs';
import cjs, { named } from './lib.cjs';
import data from './data.json' with { type: 'json' };
console.log(count);
increment();
console.log(count);
console.log(named, cjs.other, data.value);
console.log(import.meta.filename.endsWith('main.mjs'), typeof import.meta.resolve, typeof require);
const { default: late } = await import('./lib.cjs');
console.log(late === cjs);
try {
  await import('./lib.cjs?missing-export').then(() => import('./bad.mjs'));
} catch (error) {
  console.log(error.name);
}
